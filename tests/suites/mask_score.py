#!/usr/bin/env python3
"""mask_score.py GOLD.jsonl PRED.jsonl FLOORS.tsv

Scores spans per type and compares them with floors; TAP lines, exit 1 when a figure is below its floor.
  safe       share of gold entities all of whose characters (spaces, line ends and ・ aside) are masked by
             spans of any type
  precision  share of the masked characters of a type that belong to some gold entity
  over       masked characters of a type outside of every gold entity, per 1000 characters outside
ORG spans are no mask. CITY may be masked or not: its characters count on no side.
FLOORS: type, least safe, least precision, most over; '-' = not looked at; ALL = all types together."""
import json
import sys

GAPS = set(' \u3000\n\t・･')


def read(path):
    with open(path, encoding='utf8') as f:
        rows = [json.loads(line) for line in f]
    return {r['id']: r for r in rows}


def chars(entities, types=None):
    return {k for e in entities if types is None or e['type'] in types for k in range(e['start'], e['end'])}


def score(gold, pred):
    """type -> [entities, safe ones, masked characters, right ones]; characters outside; entities that leak"""
    sums, outside, leaks = {}, 0, []
    for name, g in gold.items():
        text = g['text']
        spans = [e for e in pred[name]['entities'] if e['type'] != 'ORG']
        entities = [e for e in g['entities'] if e['type'] != 'ORG']
        named = chars(g['entities'])
        free = chars(g['entities'], {'CITY'}) - chars(e for e in g['entities'] if e['type'] != 'CITY')
        masked = chars(spans)
        outside += len(text) - len(named)
        for e in entities:
            if e['type'] == 'CITY':
                continue
            row = sums.setdefault(e['type'], [0, 0, 0, 0])
            row[0] += 1
            if all(k in masked or text[k] in GAPS for k in range(e['start'], e['end'])):
                row[1] += 1
            else:
                leaks.append(f"{name}: {e['type']} {text[e['start']:e['end']]!r}")
        for e in spans:
            row = sums.setdefault(e['type'], [0, 0, 0, 0])
            own = set(range(e['start'], e['end'])) - free
            row[2] += len(own)
            row[3] += len(own & named)
    sums['ALL'] = [sum(c) for c in zip(*sums.values())]
    return sums, outside, leaks


def main():
    gold, pred = read(sys.argv[1]), read(sys.argv[2])
    sums, outside, leaks = score(gold, pred)
    bad = n = 0
    with open(sys.argv[3], encoding='utf8') as f:
        floors = [line.split() for line in f if line.strip() and not line.startswith('#')]
    for kind, *floor in floors:
        total, safe, masked, right = sums.get(kind, [0, 0, 0, 0])
        got = (safe / max(total, 1), right / max(masked, 1), 1000 * (masked - right) / max(outside, 1))
        for what, value, least, sign in zip(('safe', 'precision', 'over'), got, floor, (1, 1, -1)):
            if least == '-':
                continue
            n += 1
            fine = total > 0 and sign * value >= sign * float(least) - 1e-9
            bad += not fine
            print(f"{'ok' if fine else 'not ok'} {n} - {kind} ({total}): {what} {value:.3f}, "
                  f"{'least' if sign > 0 else 'most'} {least}")
    for leak in leaks if bad else []:
        print('#', leak)
    sys.exit(1 if bad else 0)


main()
