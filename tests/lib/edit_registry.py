#!/usr/bin/env python3
"""edit_registry.py IN.csv [宛名番号:列=値,列=値]... > OUT.csv: a dump of the registry in which the latest row of
some people says something else. NEW:宛名番号:列=値 copies the row of a 宛名番号 as a new person NEW."""
import csv
import sys

rows = list(csv.reader(open(sys.argv[1], encoding='utf-8-sig', newline='')))
head, body = rows[0], rows[1:]


def latest(number):
    at = head.index('最新フラグ')
    return next(r for r in body if r[head.index('宛名番号')].endswith(number) and r[at] == '1')


for change in sys.argv[2:]:
    parts = change.split(':')
    row = latest(parts[-2])
    if len(parts) == 3:
        row = list(row)
        row[head.index('宛名番号')] = parts[0].rjust(15, '0')
        body.append(row)
    for pair in parts[-1].split(','):
        column, _, value = pair.partition('=')
        row[head.index(column)] = value
out = open(sys.stdout.fileno(), 'w', encoding='utf-8-sig', newline='')
csv.writer(out, lineterminator='\n').writerows([head] + body)
