#!/usr/bin/env python3
"""Is what Graphviz drew the picture that sink-svg drew? usage: same_picture.py OURS.svg GRAPHVIZS.svg [WORDS]
People and circles (form, size, doubled), strokes (ways, dashes, widths), areas and words are read from both and
laid upon each other (Graphviz counts y from below, and moves all of it to the right where the fonts of the machine make
a line wider than the drawing): they may be apart by a point; words, which the two set by rules of their own, by half a line. What is only in one of them is printed, exit 1; and so it is when WORDS are in neither."""
import math
import re
import sys
import xml.etree.ElementTree as ET

SVG = '{http://www.w3.org/2000/svg}'
NUMBER = re.compile(r'-?[0-9.]+')


def numbers(s):
    return [float(n) for n in NUMBER.findall(s)]


def ways(d):
    """The strokes of a path, each as its corners; of curves only where they end."""
    out, last = [], (0.0, 0.0)
    for letter, rest in re.findall(r'([MLHVCQZ])([^MLHVCQZ]*)', d):
        n = numbers(rest)
        if letter == 'M':
            out.append([(n[0], n[1])])
        elif letter in 'LCQ':
            step = {'L': 2, 'C': 6, 'Q': 4}[letter]
            out[-1] += [(n[i + step - 2], n[i + step - 1]) for i in range(0, len(n), step)]
        elif letter == 'H':
            out[-1].append((n[0], last[1]))
        elif letter == 'Z':
            out[-1].append(out[-1][0])
        last = out[-1][-1]
    return out


class Picture:
    def __init__(self, path, like=None):
        self.root = ET.parse(path).getroot()
        self.height = like.height if like else float(self.root.get('height'))
        self.read(0.0)
        if like:
            self.read(like.left() - self.left())

    def read(self, x):
        self.shapes, self.strokes, self.areas, self.words = [], [], [], []
        self.filled = []  # with how many strokes were drawn before: those it may hide
        self.walk(self.root, x, 0.0, {})

    def walk(self, e, x, y, style):
        for where in re.findall(r'translate\(([^)]*)\)', e.get('transform', '')):
            dx, dy = numbers(where)
            x, y = (x, self.height) if e.get('class') == 'graph' else (x + dx, y + dy)
        style = {**style, **e.attrib}
        self.add(e, e.tag.replace(SVG, ''), x, y, style)
        for child in e:
            self.walk(child, x, y, style)

    def add(self, e, tag, x, y, style):
        get = lambda name: float(e.get(name, 0))
        move = lambda points: [(px + x, py + y) for px, py in points]
        if tag == 'text':
            self.words.append((''.join(e.itertext()), get('x') + x, get('y') + y, e.get('text-anchor')))
        elif tag == 'rect' and e.get('width') != '100%':
            a, b, w, h = get('x'), get('y'), get('width'), get('height')
            self.closed(move([(a, b), (a + w, b), (a + w, b + h), (a, b + h)]), style)
        elif tag in ('circle', 'ellipse'):
            r = get('r') or get('rx')
            self.shape('circle', get('cx') + x, get('cy') + y, r, style)
        elif tag == 'polygon' and style.get('stroke') != 'transparent':
            n = numbers(e.get('points'))
            self.closed(move(list(zip(n[::2], n[1::2]))[:-1]), style)
        elif tag == 'path':
            for way in map(move, ways(e.get('d'))):
                if len(way) > 2 and way[0] == way[-1]:
                    self.closed(way[:-1], style)
                else:
                    # the way of a line is the same from both ends, and without what is on a straight part
                    way = [p for i, p in enumerate(way) if i == 0 or p != way[i - 1]]
                    self.strokes.append((min(way, way[::-1]), bool(style.get('stroke-dasharray')),
                                         float(style.get('stroke-width', 1))))

    def left(self):
        return min((shape[1] for shape in self.shapes), default=0.0)

    def closed(self, points, style):
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        if style['fill'] == '#f6f6ee':
            # drawn twice, with its border and without
            if 'stroke-dasharray' in style:
                self.areas.append((*box, len(points) > 4 or len(set(xs)) == 2))
        else:
            level = len(points) == 4 and len({round(v, 1) for v in xs}) == 2
            self.shape('square' if level else 'diamond', *middle, (box[2] - box[0]) / 2, style)

    def shape(self, kind, x, y, r, style):
        self.shapes.append((kind, x, y, r))
        if style['fill'] not in ('none', 'transparent'):
            self.filled.append((x, y, r, len(self.strokes)))

    def shown(self, number):
        """The middles of the straight pieces of a stroke that nothing hides."""
        way = self.strokes[number][0]
        middles = [((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) for p, q in zip(way, way[1:])]
        return [m for m in middles
                if not any(number < n and math.hypot(m[0] - x, m[1] - y) < r - 2 for x, y, r, n in self.filled)]


def near(a, b, far=1.2):
    return abs(a - b) <= far


def same_shape(a, b):
    # the corners of a doubled diamond stand out further in Graphviz
    return a[0] == b[0] and near(a[1], b[1]) and near(a[2], b[2]) and near(a[3], b[3], 2.5 if a[0] == 'diamond' else 1.2)


def same_stroke(a, b):
    return (len(a[0]) == len(b[0]) and a[1:] == b[1:] and
            all(near(p[0], q[0]) and near(p[1], q[1]) for p, q in zip(a[0], b[0])))


def same_area(a, b):
    return a[4] == b[4] and all(near(p, q) for p, q in zip(a[:4], b[:4]))


def same_words(a, b):
    """Ours are set around x; Graphviz says where some begin: left of the middle, not further than they are long."""
    if plain(a[0]) != plain(b[0]) or not near(a[2], b[2], 8):
        return False
    return near(a[1], b[1]) if b[3] == 'middle' else -1 <= a[1] - b[1] <= 8 * len(a[0]) + 4


def lay(kind, ours, theirs, same):
    rest, bad = list(theirs), 0
    for one in ours:
        other = next((o for o in rest if same(one, o)), None)
        if other is None:
            bad += 1
            print(f'only ours: {kind} {one}')
        else:
            rest.remove(other)
    for one in rest:
        print(f'only theirs: {kind} {one}')
    return bad + len(rest)


def plain(s):
    return ' '.join(s.split())


def main(ours, theirs, wanted=None):
    a = Picture(ours)
    b = Picture(theirs, a)
    bad = (lay('shape', a.shapes, b.shapes, same_shape) + lay('stroke', a.strokes, b.strokes, same_stroke) +
           lay('area', a.areas, b.areas, same_area) + lay('words', a.words, b.words, same_words))
    seen = [m for i in range(len(b.strokes)) for m in b.shown(i)]
    for i, stroke in enumerate(a.strokes):
        for m in a.shown(i):
            if not any(near(m[0], o[0]) and near(m[1], o[1]) for o in seen):
                bad += 1
                print(f'hidden in theirs: stroke {stroke}')
    if wanted is not None and plain(wanted) not in [plain(words[0]) for words in a.words]:
        bad += 1
        print(f'not there: {wanted}')
    print(f'{len(a.shapes)} shapes, {len(a.strokes)} strokes, {len(a.areas)} areas, {len(a.words)} words; {bad} differ')
    return 1 if bad or not a.shapes or not a.words else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
