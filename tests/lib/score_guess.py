#!/usr/bin/env python3
"""score_guess.py [FILE.columns.tsv | TSV=FILE ...]: what `tsunagi guess` makes of samples, against what a person says of them.

A columns.tsv says what each column of the sample beside it means, in the order of the file:
	#encoding	cp932		(text files)
	#header	2			line of the header's last row, 0: there is none
	COLUMN	FIELD...		one of these is right; -: nothing of the schema is
TSV=FILE scores another file by the names of its columns, as far as the TSV knows them.
Prints one line a sample (right, columns, name) and one for each miss, then the sum. Exit 1 under 90 %."""
import csv
import glob
import io
import os
import subprocess
import sys


def truth(path):
    head, cols = {}, []
    for line in open(path, encoding='utf-8'):
        key, _, value = line.rstrip('\n').partition('\t')
        if key.startswith('#') and key[1:] in ('encoding', 'header', 'sample'):
            head[key[1:]] = value
        elif key or value:
            cols.append((key, value.split()))
    return head, cols


def sample_of(path, head):
    if 'sample' in head:
        return os.path.join(os.path.dirname(path), head['sample'])
    base = path[:-len('columns.tsv')] + 'sample.'
    found = [f for f in glob.glob(glob.escape(base) + '*') if not f.endswith('.tsv')]
    return found[0] if found else None


def guess(sample):
    p = subprocess.run(['tsunagi', 'guess', sample, '--format', 'csv'], capture_output=True, env=dict(os.environ, TSUNAGI_LANG='en'))
    err = p.stderr.decode()
    rows = list(csv.DictReader(io.StringIO(p.stdout.decode('utf-8-sig'), newline=''))) if p.returncode == 0 else []
    enc = err.partition('encoding ')[2].partition(',')[0] if 'encoding ' in err else ''
    line = err.partition('header in line ')[2].partition('\n')[0]
    return rows, enc, line or '0', err


def score(path):
    path, _, other = path.partition('=')
    head, want = truth(path)
    rows, enc, line, err = guess(other or sample_of(path, head))
    if other:
        known = dict(want)
        rows = [r for r in rows if r['column'] in known]
        head, want = {}, [(r['column'], known[r['column']]) for r in rows]
    right, misses = 0, []
    for i, (column, fields) in enumerate(want):
        got = rows[i]['field'] if i < len(rows) else '(no such column)'
        if (got in fields) or (not got and '-' in fields):
            right += 1
        else:
            misses.append('  %s: %s, not %s' % (column, got or 'nothing', ' '.join(fields) or '-'))
    form = []
    if 'encoding' in head and enc and enc != head['encoding']:
        form.append('encoding %s, not %s' % (enc, head['encoding']))
    if 'header' in head and line != head['header']:
        form.append('header in line %s, not %s' % (line, head['header']))
    if not rows:
        form.append(err.strip().split('\n')[0])
    return right, len(want), form, misses


def main():
    paths = sys.argv[1:] or sorted(glob.glob('mappings/*/*columns.tsv'))
    all_right = all_cols = forms = 0
    for path in paths:
        right, cols, form, misses = score(path)
        print('%3d of %3d  %s%s' % (right, cols, path, ''.join('  ! ' + f for f in form)))
        for m in misses:
            print(m)
        all_right, all_cols, forms = all_right + right, all_cols + cols, forms + bool(form)
    share = 100.0 * all_right / all_cols if all_cols else 0
    print('share %.1f %%: %d of %d columns in %d samples; form wrong in %d' % (share, all_right, all_cols, len(paths), forms))
    return 0 if share >= 90 and forms * 20 <= len(paths) else 1


if __name__ == '__main__':
    sys.exit(main())
