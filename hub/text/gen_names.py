#!/usr/bin/env python3
"""gen_names.py ITAIJI_FOLDER > name_variants.h

Writes the table that folds variant kanji (異体字) to one character for search keys. Facts come from
public standards, compiled by cjkvi-variants: 常用漢字表, 人名用漢字, 表外漢字字体表, 戸籍統一文字
(正字/異体字), JIS X 0212/0213, and the Unicode compatibility decompositions.

Two characters that people tell apart in names must not meet: a pair whose two sides both hold a
JIS level 1 kanji is taken from the first three standards, or from the register of families when
it relates these two directly and is not in APART. So 斎 and 斉, 崎 and 埼, 坂 and 阪 stay two."""
import collections
import re
import sys
import unicodedata

APART = {'坂阪', '切功', '堺界', '乙隠', '玄糸', '奴侮', '師帥', '往匡', '普替', '裳常', '留備',
         '莫草', '舛升', '弔吊', '瀕頻', '肉宍', '殻売', '鋪舗', '栖棲', '著着', '稿藁'}


def pairs(folder, name):
    for line in open(f'{folder}/cjkvi_{name}-variants.txt', encoding='utf8'):
        p = line.rstrip('\n').split(',')
        if line[0] != '#' and len(p) == 3 and len(p[0]) == 1 and len(p[2]) == 1:
            yield p[0], p[2]


def old_style(folder):
    for line in open(f'{folder}/cjkvi_jp-old-style.txt', encoding='utf8'):
        if line[0] == '#':
            continue
        cells = [re.sub('[\U000e0100-\U000e01ef]', '', c).strip() for c in line.split('\t')[:3]]
        cells = [c for c in cells if len(c) == 1]
        for c in cells[1:]:
            if c != cells[0]:
                yield cells[0], c


def level1(c):
    try:
        b = c.encode('shift_jis')
    except UnicodeEncodeError:
        return False
    return len(b) == 2 and 0x889f <= b[0] * 256 + b[1] <= 0x9872


class Groups:
    def __init__(self):
        self.of = {}

    def get(self, c):
        return self.of.setdefault(c, {c})

    def join(self, a, b):
        x, y = self.get(a), self.get(b)
        if x is not y:
            x |= y
            for c in y:
                self.of[c] = x

    def clash(self, a, b):
        x, y = self.get(a), self.get(b)
        return x is not y and any(map(level1, x)) and any(map(level1, y))


def main():
    folder, g, proper = sys.argv[1], Groups(), {}
    for c in map(chr, list(range(0xf900, 0xfb00)) + list(range(0x2f800, 0x2fa20))):
        d = unicodedata.normalize('NFKC', c)
        if d != c and len(d) == 1:
            g.join(d, c)
    for name in ('joyo', 'jinmei', 'hyogai'):
        for a, b in pairs(folder, name):
            if a + b not in APART and b + a not in APART:
                g.join(a, b)
            proper[a] = 1
    for a, b in old_style(folder):
        if not g.clash(a, b):
            g.join(a, b)
    for a, b in pairs(folder, 'koseki'):
        direct = level1(a) and level1(b) and a + b not in APART and b + a not in APART
        if direct or not g.clash(a, b):
            g.join(a, b)
    for name in ('jisx0212', 'jisx0213'):
        for a, b in pairs(folder, name):
            if not g.clash(a, b):
                g.join(a, b)
    for pair in ('祇祗', '秋穐', '秋龝', '梅楳'):
        g.join(*pair)

    fold = {}
    for group in {id(x): x for x in g.of.values()}.values():
        best = min(group, key=lambda c: (c not in proper, not level1(c), ord(c) > 0xffff,
                                         c.encode('cp932', 'replace') == b'?', ord(c)))
        for c in group:
            if c != best:
                fold[ord(c)] = ord(best)
    out = ['/* Variant kanji and the character that stands for them in search keys, sorted. Made by',
           ' * gen_names.py, which names the standards and the rules. */',
           '#ifndef HUB_TEXT_NAME_VARIANTS_H', '#define HUB_TEXT_NAME_VARIANTS_H', '', '#include <stdint.h>', '',
           '/* clang-format off */']
    small = sorted((a, b) for a, b in fold.items() if a < 0x10000 and b < 0x10000)
    large = sorted((a, b) for a, b in fold.items() if a >= 0x10000 or b >= 0x10000)
    for title, rows, typ in (('name_variants', small, 'uint16_t'), ('name_variants_wide', large, 'uint32_t')):
        out.append(f'static const {typ} {title}[][2] = {{')
        cells = [f'{{0x{a:x},0x{b:x}}},' for a, b in rows]
        per = 9 if typ == 'uint16_t' else 7
        out += ['\t' + ''.join(cells[i:i + per]) for i in range(0, len(cells), per)]
        out.append('};')
    out += ['/* clang-format on */', '', '#endif']
    print('\n'.join(out))
    print(len(small), len(large), file=sys.stderr)


main()
