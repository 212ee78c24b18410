#!/usr/bin/env python3
"""measure.py TRAINER DATA [quarters]: leaves out one corpus after the other, learns from the rest, tags what was
left out; with `quarters` a quarter of every corpus after the other.

Per corpus and setting: safe = share of names all of whose characters (spaces and ・ aside) are masked by spans of
any type; over = masked characters outside of every labelled entity, per 1000 characters outside. Organisations are
labelled but, as in `tsunagi mask`, not masked by default: the second pair of figures masks them, too. DATA holds
ner-dev/ and names/, as for `make model`. Takes a few minutes for each corpus."""
import hashlib
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


def left_out(data, _):
    """(corpus, options for learning without it, what to tag)"""
    for corpus in CORPORA:
        yield corpus, ['--data', data, '--without', corpus], [f'{data}/ner-dev/{corpus}-dev.jsonl']


def quarters(data, work):
    """The same for a quarter of every corpus; a quarter is told by a hash of the sentence."""
    for k in range(4):
        learn, tag = f'{work}/learn{k}', f'{work}/tag{k}'
        os.makedirs(f'{learn}/ner-dev')
        os.mkdir(tag)
        for name in os.listdir(data):
            if name != 'ner-dev':
                os.symlink(os.path.abspath(f'{data}/{name}'), f'{learn}/{name}')
        for corpus in CORPORA + ['welfare']:
            with open(f'{data}/ner-dev/{corpus}-dev.jsonl', encoding='utf8') as lines, \
                    open(f'{learn}/ner-dev/{corpus}-dev.jsonl', 'w', encoding='utf8') as rest, \
                    open(f'{tag}/{corpus}-dev.jsonl', 'w', encoding='utf8') as out:
                for line in lines:
                    text = 'x' + json.loads(line)['text']
                    mine = int(hashlib.sha1(text.encode()).hexdigest()[:6], 16) % 4 == k
                    (out if mine else rest).write(line)
        yield f'quarter {k + 1}', ['--data', learn], [f'{tag}/{corpus}-dev.jsonl' for corpus in CORPORA]


def main():
    trainer, data = sys.argv[1:3]
    cut = quarters if sys.argv[3:] == ['quarters'] else left_out
    templates = os.path.join(os.path.dirname(__file__), '..', 'templates')
    found = {}  # corpus, setting: gold sentences, what was found in them
    with tempfile.TemporaryDirectory() as work:
        model = os.path.join(work, 'model')
        for what, options, paths in cut(data, work):
            print('learns without', what, file=sys.stderr, flush=True)
            subprocess.run([trainer, 'learn', *options, '--templates', templates, '--out', model], check=True,
                           stderr=subprocess.DEVNULL)
            for path in paths:
                corpus = os.path.basename(path).removesuffix('-dev.jsonl')
                for name, least in SETTINGS:
                    out = subprocess.run([trainer, 'predict', '--model', model, '--least', least, path], check=True,
                                         capture_output=True, text=True, encoding='utf8').stdout
                    gold, pred = found.setdefault((corpus, name), ([], {}))
                    with open(path, encoding='utf8') as lines:
                        gold += map(json.loads, lines)
                    pred.update((d['id'], d['entities']) for d in map(json.loads, out.splitlines()))
    print('corpus\tsetting\tPERSON\tLOCATION\tFACILITY\tover\tPERSON (ORG, too)\tover (ORG, too)')
    for (corpus, name), (gold, pred) in found.items():
        private = {'PERSON', 'LOCATION', 'FACILITY'}
        rate, over = score(gold, pred, private)
        with_org, over_org = score(gold, pred, private | {'ORGANIZATION'})
        figures = [f'{rate[t]:.3f}' if t in rate else '-' for t in ('PERSON', 'LOCATION', 'FACILITY')]
        print('\t'.join([corpus, name, *figures, f'{over:.1f}', f'{with_org["PERSON"]:.3f}', f'{over_org:.1f}']))


main()
