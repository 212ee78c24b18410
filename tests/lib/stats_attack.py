#!/usr/bin/env python3
"""Tries to find out small counts from published tables, as a reader of them could.

  stats_attack.py make SEED PER_MONTH >intakes.csv     a small municipality's intakes of one 年度
  stats_attack.py attack GUARDED.csv EXACT.csv         exit 1 when a hidden small count can be told
  stats_attack.py naive EXACT.csv >guarded.csv         only the small counts hidden: must fall
  stats_attack.py late SEED <intakes.csv >later.csv    the same with some records that came or changed later
  stats_attack.py twice GUARDED.csv EXACT.csv GUARDED2.csv EXACT2.csv
                                                       exit 1 when two outputs together tell a small count, of
                                                       then or now, or a small difference of them

Knows only what is public: a breakdown with one answer adds up to its total, one with several covers it; a
year is the sum of its months; measures that count the same are equal; hidden counts are at least 1 where
zeros are shown. The solver is its own (nothing of the hub's is used).
"""
import csv
import random
import sys

LIMIT = 5
SEVERAL = {"topics"}                 # breakdowns whose categories overlap
PEOPLE = {"people"}                  # measures whose year is not the sum of the months
SAME = {"again": "intakes"}          # measures that count the same rows
PARTS = {("both", "all"): ("intakes", "variant", ("consent", "no_consent"))}


# --- a municipality -----------------------------------------------------------------------------------

def make(seed, per_month):
    rnd = random.Random(seed)
    head = next(csv.reader(open("mappings/mhlw-intake/sample.csv", encoding="utf-8-sig")))
    out = csv.writer(sys.stdout)
    out.writerow(head)
    topics = [h for h in head if h.startswith("ご相談の内容_")]
    n = 0
    for month in range(12):
        for _ in range(rnd.randint(0, 2 * per_month)):
            n += 1
            y, m = 2024 + (month > 8), (month + 3) % 12 + 1
            row = dict.fromkeys(head, "")
            row["ID"] = "S%04d" % rnd.randint(1, 9999) if rnd.random() < 0.8 else "S0001"
            row["様式区分"] = rnd.choices(["本人同意あり", "本人同意なし", ""], [70, 25, 5])[0]
            row["受付日"] = "%04d-%02d-%02d" % (y, m, rnd.randint(1, 28))
            row["性別"] = rnd.choices(["男性", "女性", ""], [45, 50, 5])[0]
            row["年齢"] = str(rnd.choice([8, 17, 25, 33, 47, 52, 66, 71, 80, 85, 88, 90]))
            for t in rnd.sample(topics, rnd.randint(1, 2)):
                row[t] = "○"
            row["具体的な相談内容・希望"] = str(n)
            out.writerow([row[h] for h in head])


# --- linear bounds ------------------------------------------------------------------------------------

class Simplex:
    """A x (= or <=) b, x >= 0, in sparse rows {column: value}, the right side in column -1. Bland's rule."""

    def __init__(self, n, rows):
        self.n = n
        self.free = n + sum(1 for r in rows if r[1])
        self.t, self.basis, self.seen = [], [], [[float("inf"), float("-inf")] for _ in range(n)]
        slack, artificial = n, self.free
        for terms, at_most, rhs in rows:
            x = {-1: float(rhs)}
            for v, c in terms:
                x[v] = x.get(v, 0.0) + c
            mine = None
            if at_most:
                x[slack] = 1.0
                mine, slack = slack, slack + 1
            if rhs < 0:
                x = {c: -v for c, v in x.items()}
                mine = None
            if mine is None:
                x[artificial] = 1.0
                mine, artificial = artificial, artificial + 1
            self.t.append(x)
            self.basis.append(mine)
        self.z = {}
        for x, b in zip(self.t, self.basis):
            if b >= self.free:
                self.take(self.z, x, 1.0)
        self.run(None)
        if -self.z.get(-1, 0.0) > 1e-6:
            raise ValueError("no solution: the tables contradict what is said of them")
        for i, b in enumerate(self.basis):
            col = next((c for c in self.t[i] if 0 <= c < self.free), None)
            if b >= self.free and col is not None:
                self.pivot(i, col)
        self.look()

    @staticmethod
    def take(x, row, f):
        for c, v in row.items():
            w = x.get(c, 0.0) - f * v
            if abs(w) < 1e-10:
                x.pop(c, None)
            else:
                x[c] = w

    def pivot(self, row, col):
        f = self.t[row][col]
        p = self.t[row] = {c: v / f for c, v in self.t[row].items()}
        for x in self.t + [self.z]:
            if x is not p and col in x:
                self.take(x, p, x[col])
        self.basis[row] = col

    def look(self):
        value = dict(zip(self.basis, (x.get(-1, 0.0) for x in self.t)))
        for v, s in enumerate(self.seen):
            s[0] = min(s[0], value.get(v, 0.0))
            s[1] = max(s[1], value.get(v, 0.0))

    def settled(self, v):
        return v is not None and self.seen[v][1] - self.seen[v][0] >= LIMIT - 2 - 1e-9

    def run(self, v):
        while not self.settled(v):
            col = min((c for c, w in self.z.items() if w < -1e-9 and 0 <= c < self.free), default=None)
            if col is None:
                return True
            rows = [(x.get(-1, 0.0) / x[col], b, i) for i, (x, b) in enumerate(zip(self.t, self.basis))
                    if x.get(col, 0.0) > 1e-9]
            if not rows:
                return False
            self.pivot(min(rows)[2], col)
            if v is not None:
                self.look()
        return True

    def bounds(self, v):
        """Values that are possible; no wider than is needed to say that it is not told."""
        for sign in (-1.0, 1.0):
            self.z = {v: sign}
            for x, b in zip(self.t, self.basis):
                if b == v:
                    self.take(self.z, x, sign)
            if not self.run(v):
                self.seen[v][1] = float("inf")
        return self.seen[v]


# --- the reader of the tables --------------------------------------------------------------------------

def read(path):
    cells, blocks, periods = {}, {}, []
    for r in csv.DictReader(open(path, encoding="utf-8-sig")):
        key = (r["measure"], r["breakdown"], r["code"])
        cells[key, r["period"]] = (r["state"], int(r["count"] or 0))
        blocks.setdefault(key[:2], []).append(key)
        if r["period"] not in periods:
            periods.append(r["period"])
    blocks = {b: list(dict.fromkeys(k)) for b, k in blocks.items()}
    return cells, blocks, periods


class Attack:
    def __init__(self, path):
        self.cells, self.blocks, self.periods = read(path)
        self.var, self.low, self.rows = {}, [], []
        for (key, p), (state, _) in self.cells.items():
            if state == "hidden":
                self.var[key, p] = len(self.low)
                block = [self.cells[k, p] for k in self.blocks[key[:2]]]
                self.low.append(0.0 if all(s == "hidden" for s, _ in block) and key[1] else 1.0)
        self.relate()

    def add(self, terms, at_most):
        lhs, rhs = {}, 0.0
        for key, p, c in terms:
            if (key, p) in self.var:
                v = self.var[key, p]
                lhs[v] = lhs.get(v, 0.0) + c
                rhs -= c * self.low[v]
            else:
                rhs -= c * self.cells[key, p][1]
        lhs = [(v, c) for v, c in lhs.items() if c]
        if lhs:
            self.rows.append((lhs, at_most, rhs))
        elif not at_most and rhs:
            raise ValueError("shown figures do not add up")

    def relate(self):
        months = [p for p in self.periods if "-" in p]
        year = [p for p in self.periods if "-" not in p][0]
        for (measure, by), keys in self.blocks.items():
            for p in self.periods:
                total = (measure, "", "")
                if measure in SAME:
                    for k in keys:
                        self.add([(k, p, 1), ((SAME[measure],) + k[1:], p, -1)], False)
                if not by:
                    continue
                self.add([(total, p, 1)] + [(k, p, -1) for k in keys], by in SEVERAL)
                for k in keys if by in SEVERAL else []:
                    self.add([(k, p, 1), (total, p, -1)], True)
            for k in keys:
                if measure in PEOPLE:
                    self.add([(k, year, 1)] + [(k, m, -1) for m in months], True)
                    for m in months:
                        self.add([(k, m, 1), (k, year, -1)], True)
                else:
                    self.add([(k, year, 1)] + [(k, m, -1) for m in months], False)
        for (measure, _), (whole, by, codes) in PARTS.items():
            for p in self.periods:
                self.add([((measure, "", ""), p, 1)] + [((whole, by, c), p, -1) for c in codes], False)

    def components(self):
        root = list(range(len(self.low)))

        def find(v):
            while root[v] != v:
                root[v] = root[root[v]]
                v = root[v]
            return v
        for lhs, _, _ in self.rows:
            for v, _ in lhs:
                root[find(v)] = find(lhs[0][0])
        parts = {}
        for v in range(len(self.low)):
            parts.setdefault(find(v), []).append(v)
        for r, members in parts.items():
            yield members, [x for x in self.rows if find(x[0][0][0]) == r]

    def bounds(self):
        """(key, period) -> (least, most) of every hidden cell."""
        name = {v: k for k, v in self.var.items()}
        out = {}
        for members, rows in self.components():
            number = {v: i for i, v in enumerate(members)}
            s = Simplex(len(members), [([(number[v], c) for v, c in l], m, r) for l, m, r in rows])
            for v in members:
                lo, hi = s.bounds(number[v])
                out[name[v]] = (lo + self.low[v], hi + self.low[v])
        return out


def attack(guarded, exact):
    a = Attack(guarded)
    truth, _, _ = read(exact)
    told, small = [], 0
    for (key, p), (lo, hi) in a.bounds().items():
        n = truth[key, p][1]
        if hi - lo < LIMIT - 2 - 1e-6 and not lo - 1e-6 <= n <= hi + 1e-6:
            raise ValueError("the attacker is wrong about %s %s" % (key, p))
        if not 0 < n < LIMIT:
            continue
        small += 1
        if hi - lo < LIMIT - 2 - 1e-6:       # fewer possible values than 1 .. LIMIT - 1
            told.append("%s %s: %g..%g" % ("/".join(key), p, lo, hi))
    hidden = len(a.var)
    shown = sum(1 for s, n in a.cells.values() if s == "exact" and n)
    print("# %d hidden, %d of them small, %d shown, %d told" % (hidden, small, shown, len(told)))
    for t in told[:3]:
        print("#  ", t)
    return 1 if told else 0


def late(seed):
    rnd = random.Random(seed)
    head, *rows = list(csv.reader(sys.stdin))
    sex, day = head.index("性別"), head.index("受付日")
    for _ in range(max(3, len(rows) // 8)):
        how, row = rnd.random(), rnd.choice(rows)
        if how < 0.6:
            rows.append([{"ID": "L%04d" % len(rows)}.get(h, c) for h, c in zip(head, row)])
        elif how < 0.8:
            row[sex] = "女性" if row[sex] == "男性" else "男性"
        else:
            row[day] = row[day][:8] + "%02d" % rnd.randint(1, 28)
    csv.writer(sys.stdout).writerows([head] + rows)


def twice(guarded, exact, guarded2, exact2):
    """Both outputs as one system. Which cells have not changed the attacker is taken to know."""
    one, two = Attack(guarded), Attack(guarded2)
    truth, truth2 = read(exact)[0], read(exact2)[0]
    first = len(one.low)
    for at, v in two.var.items():   # hidden before, or near to what was shown: may be 0
        if at in one.cells:
            two.low[v] = min(two.low[v], 0.0)
    two.rows = []
    two.relate()
    both = Attack.__new__(Attack)
    both.low = one.low + two.low
    both.rows = one.rows + [([(v + first, c) for v, c in l], m, r) for l, m, r in two.rows]
    both.var = {("then",) + k: v for k, v in one.var.items()}
    both.var.update({("now",) + k: v + first for k, v in two.var.items()})
    both.cells = {("then",) + k: v for k, v in one.cells.items()}
    both.cells.update({("now",) + k: v for k, v in two.cells.items()})
    ask, told = {}, []
    for at in two.cells:
        n2 = truth2[at][1]
        if 0 < n2 < LIMIT and two.cells[at][0] == "hidden":
            ask[("now",) + at] = n2
        if at not in one.cells or "open" in (one.cells[at][0], two.cells[at][0]):
            continue
        n1 = truth[at][1]
        if 0 < n1 < LIMIT and one.cells[at][0] == "hidden":
            ask[("then",) + at] = n1
        pair = [(("now",) + at, 1), (("then",) + at, -1)]
        if n1 == n2:
            join(both, pair, 0.0)
        elif abs(n1 - n2) < LIMIT:
            name = ("difference",) + at
            both.var[name] = len(both.low)
            both.low.append(-1000.0)
            join(both, pair + [(name, -1)], 0.0)
            ask[name] = n2 - n1
    bounds = both.bounds()
    for name, n in ask.items():
        lo, hi = bounds[name]
        if hi - lo < LIMIT - 2 - 1e-6:
            if not lo - 1e-6 <= n <= hi + 1e-6:
                raise ValueError("the attacker is wrong about %s" % (name,))
            told.append("%s: %g..%g" % ("/".join(map(str, name)), lo, hi))
    print("# %d asked, %d of them differences, %d told" % (len(ask), sum(k[0] == "difference" for k in ask), len(told)))
    for t in told[:5]:
        print("#  ", t)
    return 1 if told else 0


def join(a, terms, rhs):
    lhs = []
    for at, c in terms:
        if at in a.var:
            lhs.append((a.var[at], c))
            rhs -= c * a.low[a.var[at]]
        else:
            rhs -= c * a.cells[at][1]
    if lhs:
        a.rows.append((lhs, False, rhs))


def naive(exact):
    rows = list(csv.DictReader(open(exact, encoding="utf-8-sig")))
    out = csv.DictWriter(sys.stdout, rows[0].keys())
    out.writeheader()
    for r in rows:
        if 0 < int(r["count"]) < LIMIT:
            r["count"], r["state"] = "", "hidden"
        out.writerow(r)
    return 0


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "make":
        make(int(rest[0]), int(rest[1]))
    else:
        sys.exit({"attack": attack, "naive": naive, "late": late, "twice": twice}[what](*rest))
