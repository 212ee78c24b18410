#!/usr/bin/env python3
"""gen_places.py KEN_ALL.CSV[.gz] > places_table.c

Municipalities and their towns as a C table. Facts: Japan Post's list of postal codes (KEN_ALL),
whose publisher claims no copyright. A '*' behind a town: it is divided into 丁目."""
import csv
import gzip
import io
import re
import sys

DIGITS = '〇一二三四五六七八九'


def kanji(n):
    out = ''
    for unit, name in ((100, '百'), (10, '十'), (1, '')):
        d, n = divmod(n, unit)
        if d:
            out += ('' if d == 1 and name else DIGITS[d]) + name
    return out


def records(path):
    f = gzip.open(path) if path.endswith('.gz') else open(path, 'rb')
    long = None
    for r in csv.reader(io.TextIOWrapper(f, 'cp932', newline='')):
        if long:
            long[8] += r[8]
            if '）' in r[8]:
                yield long
                long = None
        elif '（' in r[8] and '）' not in r[8]:
            long = r
        else:
            yield r


def towns(text):
    if text == '以下に掲載がない場合' or text.endswith(('の次に番地がくる場合', '一円')) and text != '一円':
        return
    for t in re.sub('（.*', '', text).split('、'):
        t = re.sub('第?[０-９]+地割.*', '', t)
        t = re.sub('[０-９]+', lambda m: kanji(int(m[0])) if len(m[0]) < 3 else m[0], t)
        if t:
            yield t


def split(city):
    m = re.fullmatch('(.+?市)(.+区)', city)
    if m:
        return '', m[1], m[2]
    m = re.fullmatch('(.+?郡|三宅島|八丈島)(.+[町村])', city)
    return (m[1], m[2], '') if m else ('', city, '')


def main():
    places = {}
    for r in records(sys.argv[1]):
        key = (r[0], r[6]) + split(r[7])
        for t in towns(r[8]):
            old = places.setdefault(key, {})
            old[t] = old.get(t, '') or ('*' if r[11] == '1' else '')
        places.setdefault(key, {})
    print('/* Made by gen_places.py from the postal code list of Japan Post. */')
    print('#include "text/places.h"\n')
    print('/* one literal per municipality */\n#pragma GCC diagnostic ignored "-Woverlength-strings"\n')
    print('/* clang-format off */\nconst struct hub_place hub_places[] = {')
    for (code, pref, county, city, ward), names in places.items():
        print(f'{{{int(code)},"{pref}","{county}","{city}","{ward}",')
        line = ''
        for t in sorted(names):
            line += t + names[t] + '\\n'
            if len(line) > 60:
                print(f'"{line}"')
                line = ''
        print((f'"{line}"' if line or not names else '') + '},')
    print('};\nconst struct hub_pref hub_prefs[HUB_PREFS + 1] = {')
    prefs = [key[1] for key in places]
    for name in dict.fromkeys(prefs):
        print(f'{{"{name}",{prefs.index(name)}}},')
    print(f'{{"",{len(prefs)}}}}};\n/* clang-format on */')


main()
