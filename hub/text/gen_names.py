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
        if line[0] != '#' and len(p) == 3 and len(p[0]) == len(p[2]) == 1 and min(p[0], p[2]) >= '\u3400':
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
    out = ['/* Variant kanji and the character that stands for them in search keys. Made by gen_names.py,',
           ' * which names the standards and the rules. name_pages: by the upper byte of the code, 0 = itself,',
           ' * 0xffff = see the other table;',
           ' * name_variants_wide: sorted, for what does not fit in 16 bits. */',
           '#ifndef HUB_TEXT_NAME_VARIANTS_H', '#define HUB_TEXT_NAME_VARIANTS_H', '', '#include <stdint.h>', '',
           '/* clang-format off */']
    small = {a: b for a, b in fold.items() if a < 0x10000 and b < 0x10000}
    small.update((a, 0xffff) for a, b in fold.items() if a < 0x10000 <= b)
    large = sorted((a, b) for a, b in fold.items() if a >= 0x10000 or b >= 0x10000)
    used = sorted({a >> 8 for a in small})
    out.append(f'static const uint16_t name_pages[{len(used) + 1}][256] = {{\n\t{{0}},')
    for page in used:
        cells = [f'[{a & 255}]={b:#x},' for a, b in sorted(small.items()) if a >> 8 == page]
        out.append(f'\t{{ /* U+{page:02X}xx */')
        out += ['\t\t' + ''.join(cells[i:i + 8]) for i in range(0, len(cells), 8)]
        out.append('\t},')
    out.append('};\nstatic const uint8_t name_page_of[256] = {')
    cells = [f'[{page:#x}]={i + 1},' for i, page in enumerate(used)]
    out += ['\t' + ''.join(cells[i:i + 9]) for i in range(0, len(cells), 9)]
    out.append('};\nstatic const uint32_t name_variants_wide[][2] = {')
    cells = [f'{{{a:#x},{b:#x}}},' for a, b in large]
    out += ['\t' + ''.join(cells[i:i + 6]) for i in range(0, len(cells), 6)]
    out += ['};', '/* clang-format on */', '', '#endif']
    print('\n'.join(out))
    print(len(small), len(large), file=sys.stderr)


main()
