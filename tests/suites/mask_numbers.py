#!/usr/bin/env python3
"""mask_numbers.py LINES.txt

Masks lines in which ⟦ ⟧ marks what is personal, and says of each part (##) how many marks are wholly masked by spans that
are no names, and how many lines without a mark are touched. What is left is listed."""
import json
import subprocess
import sys

OPEN, CLOSE, GAPS = '⟦', '⟧', ' \u3000\n'
NO_NUMBER = {'ORG', 'PERSON', 'FACILITY'}


def read(path):
    """(part, text, marked characters by mark)"""
    part = ''
    with open(path, encoding='utf8') as lines:
        for line in lines:
            line = line.rstrip('\n').replace('\\n', '\n')
            if line.startswith('## '):
                part = line[3:]
            elif line and not line.startswith('# '):
                text, marks = '', []
                for c in line:
                    if c == OPEN:
                        marks.append([])
                        start = len(text)
                    elif c == CLOSE:
                        marks[-1] = range(start, len(text))
                    else:
                        text += c
                yield part, text, marks


def main():
    rows = list(read(sys.argv[1]))
    asked = '\n'.join(json.dumps({'id': str(k), 'text': text}) for k, (_, text, _) in enumerate(rows))
    out = subprocess.run(['tsunagi', 'mask'], input=asked + '\n', stdout=subprocess.PIPE, check=True, encoding='utf8').stdout
    found = {d['id']: d['entities'] for d in map(json.loads, out.splitlines())}
    sums = {}
    for k, (part, text, marks) in enumerate(rows):
        dark = {i for e in found[str(k)] if e['type'] not in NO_NUMBER for i in range(e['start'], e['end'])}
        row = sums.setdefault(part, [0, 0, 0, 0])
        left = [text[m.start:m.stop] for m in marks if any(i not in dark and text[i] not in GAPS for i in m)]
        row[0] += len(marks) - len(left)
        row[1] += len(marks)
        row[2] += not marks and bool(dark)
        row[3] += not marks
        for one in left:
            print(f'# left: {one!r} of {text!r}')
    for part, row in sums.items():
        print('{}\tfound {} of {}\ttouched {} of {}'.format(part, *row))


main()
