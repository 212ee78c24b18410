#!/usr/bin/env python3
"""ratios.py RESULT.tsv: the targets of make bench, each job against another one of the same round, median."""
import statistics
import sys

wall, cpu, peak, rows = {}, {}, {}, {}
for line in open(sys.argv[1], encoding='utf-8'):
    name, t, c, m, n = line.rstrip('\n').split('\t')
    for to, v in ((wall, t), (cpu, c), (peak, m), (rows, n)):
        to.setdefault(name, []).append(float(v))

HUB = 'tsunagi import'


def ratio(of, a, b):
    return statistics.median(x / y for x, y in zip(of[a], of[b]))


def say(what, a, b, target):
    if a in wall and b in wall:
        print(f'  {what:<46}{ratio(wall, a, b):>8.2f}{ratio(cpu, a, b):>8.2f}   {target}')


print(f'\n{"ratio, median of the rounds":<48}{"wall":>8}{"CPU":>8}   target')
say('speed, import / iconv | sqlite3 .import', 'iconv | sqlite3 .import (flat)', HUB, '>= 1.00')
say('speed, unchanged / first import', HUB, 'tsunagi, same under another name', '>= 5')
say('speed, dry run / import', HUB, 'tsunagi --dry-run', '>= 2')
say('time, two workers or more / one', HUB, 'tsunagi --workers 1', '<= 0.75')
say('time, 2 % dirt / clean', 'tsunagi, 2 % dirt', HUB, '<= 1.15')
say('speed, into PostgreSQL / iconv | psql \\copy', 'iconv | psql \\copy (flat)', 'tsunagi into PostgreSQL', '>= 0.5')
say('time, inspect / C loop, decode and normalise', 'tsunagi inspect', 'C loop, decode and normalise', '<= 1.3')
for peer, target in (('DuckDB', '>= 1.5'), ('Node, csv-parse and iconv-lite', '>= 2'), ('pandas, to_sql', '>= 4'),
                     ('pgloader', '>= 6'), ('iconv | Miller', ''), ('C loop, decode and normalise', '')):
    say(f'speed, import / {peer}', peer, HUB, target)
small = 'tsunagi, a tenth of the rows'
per_row = [(cpu[HUB][i] / rows[HUB][i]) / (cpu[small][i] / rows[small][i]) for i in range(len(cpu[HUB]))]
print(f'  {"CPU a row, all rows / a tenth of them":<46}{"":>8}{statistics.median(per_row):>8.2f}   <= 1.15')
print(f'  {"peak memory, MiB (a tenth of the rows)":<46}{max(peak[HUB]):>8.1f}{max(peak[small]):>8.1f}   < 64')
