#!/usr/bin/env python3
"""measure.py TRAINER DATA: leaves out one corpus after the other, learns from the rest, tags what was left out.

Per corpus and setting: safe = share of names all of whose characters (spaces and ・ aside) are masked by spans of
any type; over = masked characters outside of every labelled entity, per 1000 characters outside. Organisations are
labelled but, as in `tsunagi mask`, not masked by default: the second pair of figures masks them, too. DATA holds
ner-dev/ and names/, as for `make model`. Takes a few minutes for each corpus."""
import json
import os
import subprocess
import sys
import tempfile

CORPORA = ['stockmark', 'wikipedia-annotated', 'ud-gsd', 'wikinews-hironsan']
SETTINGS = [('strict', '0.05'), ('standard', '0.10'), ('readable', '0.30')]
IGNORED = {'OPTIONAL', 'CITY'}


def score(gold, pred, masked):
    safe, total, over, outside = {}, {}, 0, 0
    for g in gold:
        text = g['text']
        mask = {k for e in pred[g['id']] if e['type'] in masked for k in range(e['start'], e['end'])}
        inside = set()
        for e in g['entities']:
            span = range(e['start'], e['end'])
            inside.update(span)
            if e['type'] in IGNORED:
                continue
            need = [k for k in span if text[k] not in ' \u3000・･\t'] or list(span)
            total[e['type']] = total.get(e['type'], 0) + 1
            safe[e['type']] = safe.get(e['type'], 0) + all(k in mask for k in need)
        over += len(mask - inside)
        outside += len(text) - len(inside)
    rate = {t: safe[t] / total[t] for t in total}
    return rate, 1000 * over / max(1, outside)


def main():
    trainer, data = sys.argv[1:3]
    templates = os.path.join(os.path.dirname(__file__), '..', 'templates')
    print('corpus left out\tsetting\tPERSON\tLOCATION\tFACILITY\tover\tPERSON (ORG, too)\tover (ORG, too)')
    with tempfile.TemporaryDirectory() as work:
        model = os.path.join(work, 'model')
        for corpus in CORPORA:
            path = f'{data}/ner-dev/{corpus}-dev.jsonl'
            subprocess.run([trainer, 'learn', '--data', data, '--templates', templates, '--without', corpus,
                            '--out', model], check=True, stderr=subprocess.DEVNULL)
            gold = [json.loads(line) for line in open(path, encoding='utf8')]
            for name, least in SETTINGS:
                out = subprocess.run([trainer, 'predict', '--model', model, '--least', least, path], check=True,
                                     capture_output=True, text=True, encoding='utf8').stdout
                pred = {d['id']: d['entities'] for d in map(json.loads, out.splitlines())}
                private = {'PERSON', 'LOCATION', 'FACILITY'}
                rate, over = score(gold, pred, private)
                with_org, over_org = score(gold, pred, private | {'ORGANIZATION'})
                figures = [f'{rate[t]:.3f}' if t in rate else '-' for t in ('PERSON', 'LOCATION', 'FACILITY')]
                print('\t'.join([corpus, name, *figures, f'{over:.1f}', f'{with_org["PERSON"]:.3f}',
                                 f'{over_org:.1f}']), flush=True)


main()
