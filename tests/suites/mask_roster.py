#!/usr/bin/env python3
"""mask_roster.py [--spans SPANS.jsonl] GOLD.jsonl...

Masks labelled sentences with six of every ten of their people on a roster, chosen by the hash of the name, and says
what stays readable. Written forms are one person only when they are equal: the roster knows 山田花子, and not that 花子
is the same one.
  roster  people on the roster all of whose characters are masked
  all     all people, the four of ten nobody told about, too
  over    masked characters outside of every labelled entity, per 1000 characters outside
  right   share of the masked characters that belong to an entity
SPANS: of a tagger that was learned without these sentences (tagger-train predict), added to what the detectors in
TSUNAGI_PLUGINS find, which should then be the others only."""
import hashlib
import json
import subprocess
import sys

GAPS = set(' \u3000\n\t・･')


def name_of(text, entity):
    return text[entity['start']:entity['end']].replace('\n', '')


def is_told(name):
    return hashlib.sha1(name.encode('utf8')).digest()[0] % 10 < 6


def read(path):
    with open(path, encoding='utf8') as f:
        return [json.loads(line) for line in f]


def mask(gold):
    asked = []
    for g in gold:
        names = {name_of(g['text'], e) for e in g['entities'] if e['type'] == 'PERSON'}
        told = sorted(n for n in names if is_told(n))
        asked.append(json.dumps({'id': g['id'], 'text': g['text'],
                                 'roster': [{'person_id': f'p{k}', 'relation': '', 'name': n} for k, n in enumerate(told)]}))
    out = subprocess.run(['tsunagi', 'mask'], input='\n'.join(asked) + '\n', stdout=subprocess.PIPE, check=True,
                         encoding='utf8').stdout
    return {d['id']: d['entities'] for d in map(json.loads, out.splitlines())}


def measure(gold, found):
    safe, told_safe, over, masked, outside = [], [], 0, 0, 0
    for g in gold:
        text = g['text']
        dark = {k for e in found[g['id']] if not e['type'].startswith('ORG') for k in range(e['start'], e['end'])}
        named = {k for e in g['entities'] for k in range(e['start'], e['end'])}
        for e in g['entities']:
            if e['type'] == 'PERSON':
                safe.append(all(k in dark or text[k] in GAPS for k in range(e['start'], e['end'])))
                if is_told(name_of(text, e)):
                    told_safe.append(safe[-1])
        over += len(dark - named)
        masked += len(dark)
        outside += len(text) - len(named)
    return (f'roster {sum(told_safe)} of {len(told_safe)}\tall {sum(safe)} of {len(safe)}\t'
            f'over {1000 * over / max(1, outside):.1f}\tright {1 - over / max(1, masked):.3f}')


def main():
    args = sys.argv[1:]
    more = {}
    if args[:1] == ['--spans']:
        more = {d['id']: d['entities'] for d in read(args[1])}
        args = args[2:]
    for path in args:
        gold = read(path)
        found = mask(gold)
        for name, spans in more.items():
            found[name] = found[name] + spans
        print(f'{path}\t{measure(gold, found)}', flush=True)


main()
