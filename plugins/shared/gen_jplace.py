#!/usr/bin/env python3
"""gen_jplace.py hub/text/places_table.c > jplace_list.inc

Names of prefectures, counties, municipalities and wards as lists of words (jwords.h), from the hub's table of
places (Japan Post's list of postal codes, whose publisher claims no copyright)."""
import re
import sys


def table(name, items):
    print(f'\t[{name}] =')
    line = ''
    for s in sorted(items):
        if len(line) + len(s) > 44:
            print(f'\t\t"{line}"')
            line = ''
        line += s + ' '
    print(f'\t\t"{line.rstrip()}",')


def main():
    pref, county, city, ward = set(), set(), set(), set()
    for m in re.finditer(r'^\{\d+,"(.*?)","(.*?)","(.*?)","(.*?)",', open(sys.argv[1], encoding='utf8').read(), re.M):
        for s, part in zip((pref, county, city, ward), m.groups()):
            if part:
                s.add(part)
    print('/* Made by gen_jplace.py, which names the source. Included by jwords_list.h. */')
    print('/* clang-format off */')
    table('W_PREF', pref)
    table('W_COUNTY', county)
    table('W_CITY', city)
    table('W_WARD', ward)
    print('/* clang-format on */')


main()
