#!/usr/bin/env python3
"""openmetrics.py < TEXT: reads OpenMetrics 1.0 strictly, prints its samples; exit 1 with the line that breaks it.

https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md: metadata before samples and
once each, families not mixed, counters end in _total and are not negative, units are suffixes, no sample
twice, # EOF and nothing behind it."""
import re
import sys

NAME = r'[a-zA-Z_:][a-zA-Z0-9_:]*'
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(r'^(%s)(?:\{(%s(?:,%s)*)?\})? (-?(?:[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|[+-]?Inf|NaN))(?: [0-9.]+)?$' % (NAME, LABEL, LABEL))
META = re.compile(r'^# (TYPE|UNIT|HELP) (%s) (.*)$' % NAME)
SUFFIX = {'counter': ('_total', '_created'), 'gauge': ('',), 'unknown': ('',), 'info': ('_info',)}


def fail(number, line, why):
    print('line %d: %s: %s' % (number, why, line))
    sys.exit(1)


def meta(number, line, known, family):
    m = META.match(line)
    if not m:
        fail(number, line, 'no metadata')
    kind, name, value = m.groups()
    if name != family['name']:
        if name in known:
            fail(number, line, 'a family comes back')
        known.add(name)
        family.clear()
        family.update(name=name, samples=0, type='unknown')
    if family['samples'] or kind.lower() in family.get('seen', ()):
        fail(number, line, 'metadata late or twice')
    family['seen'] = family.get('seen', ()) + (kind.lower(),)
    if kind == 'TYPE' and value not in SUFFIX:
        fail(number, line, 'type')
    if kind == 'UNIT' and not name.endswith('_' + value):
        fail(number, line, 'unit is no suffix')
    if kind == 'TYPE':
        family['type'] = value


def sample(number, line, seen, family):
    m = SAMPLE.match(line)
    if not m:
        fail(number, line, 'no sample')
    name, labels, value = m.groups()
    if name not in [family['name'] + s for s in SUFFIX[family['type']]]:
        fail(number, line, 'not of the family %s' % family['name'])
    if family['type'] == 'counter' and (value == 'NaN' or float(value) < 0):
        fail(number, line, 'counter')
    if (name, labels) in seen:
        fail(number, line, 'twice')
    seen.add((name, labels))
    family['samples'] += 1
    print(line)


def main():
    text = sys.stdin.buffer.read().decode('utf-8')
    if not text.endswith('# EOF\n') or '\r' in text:
        fail(0, '', 'end')
    known, seen, family = set(), set(), {'name': '', 'samples': 0}
    lines = text[:-1].split('\n')
    for number, line in enumerate(lines[:-1], 1):
        if line.startswith('#'):
            meta(number, line, known, family)
        else:
            sample(number, line, seen, family)


main()
