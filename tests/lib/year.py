#!/usr/bin/env python3
"""year.py CONFIG TEST_SOURCE: when the jobs of tests/flow/year.cfg should start, read plainly from docs/serve.md with
calendar arithmetic of its own: the weekday by Zeller, holidays by the law (Act on National Holidays), month lengths."""
import heapq
import re
import sys

MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
DAYS = {d: i for i, d in enumerate("sun mon tue wed thu fri sat".split())}


def length(y, m):
    return 29 if m == 2 and (y % 4 == 0 and y % 100 != 0 or y % 400 == 0) else MONTH[m - 1]


def weekday(y, m, d):  # 0 is Sunday
    if m < 3:
        y, m = y - 1, m + 12
    return ((d + 13 * (m + 1) // 5 + y % 100 + y % 100 // 4 + y // 100 // 4 + 5 * (y // 100)) % 7 + 6) % 7


def nth_monday(y, m, n):
    return (8 - weekday(y, m, 1)) % 7 + 1 + 7 * (n - 1)


def holidays(y):
    k = y - 1980
    have = {(1, 1), (1, nth_monday(y, 1, 2)), (2, 11), (2, 23), (3, int(20.8431 + 0.242194 * k) - k // 4), (4, 29), (5, 3), (5, 4),
            (5, 5), (7, nth_monday(y, 7, 3)), (8, 11), (9, nth_monday(y, 9, 3)), (9, int(23.2488 + 0.242194 * k) - k // 4),
            (10, nth_monday(y, 10, 2)), (11, 3), (11, 23)}
    more = set()
    for m, d in sorted(have):
        if weekday(y, m, d) == 0:  # on a Sunday: the next day that is none
            n = d + 1
            while (m, n) in have:
                n += 1
            more.add((m, n))
        if (m, d + 2) in have and (m, d + 1) not in have:  # between two of them
            more.add((m, d + 1))
    return have | more


HOLIDAYS = {y: holidays(y) for y in range(2027, 2030)}


def is_open(y, m, d):
    return weekday(y, m, d) not in (0, 6) and (m, d) not in HOLIDAYS[y] and (m, d) not in ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))


days = [(y, m, d) for y in (2027, 2028, 2029) for m in range(1, 13) for d in range(1, length(y, m) + 1)]
first, end = days.index((2027, 11, 1)), days.index((2029, 1, 10))
place = {day: i for i, day in enumerate(days)}


def minute(text):
    y, m, d, hh, mm = (int(x) for x in re.split("[-T:]", text))
    return place[y, m, d] * 1440 + hh * 60 + mm


def field(text, low, names=None):
    out = set()
    for part in text.split(","):
        span = part.split("-")
        ends = [names[x] if names and x in names else int(x) for x in span] if part != "*" else [low, 60]
        out |= set(range(ends[0], ends[-1] + 1))
    return out


def due_minutes(schedule):
    mi, hh, dd, mm, dow, *rule = schedule.split()
    rule = " ".join(rule)
    at = sorted(h * 60 + m for h in field(hh, 0) if h < 24 for m in field(mi, 0) if m < 60)
    fits = {i for i, (y, m, d) in enumerate(days) if d in field(dd, 1) and m in field(mm, 1) and (dow == "*" or weekday(y, m, d) in field(dow, 0, DAYS))}
    opened = [i for i, day in enumerate(days) if is_open(*day)]
    month = {}
    for i in opened:
        month.setdefault(days[i][:2], []).append(i)
    if rule == "business day":
        fits &= set(opened)
    elif rule == "last business day":
        fits = {l[-1] for l in month.values()}
    elif rule.startswith("business day "):
        n = int(rule.split()[-1])
        fits = {l[n - 1] for l in month.values()}
    elif rule == "next business day":
        fits = {min(o for o in opened if o >= i) for i in fits if i <= opened[-1]}
    elif rule == "previous business day":
        fits = {max(o for o in opened if o <= i) for i in fits if i >= opened[0]}
    return sorted(i * 1440 + a for i in fits for a in at)


def blacked(word):
    """All minutes of a blackout, as a set."""
    out, only, window = set(), None, (0, 1440)
    for piece in word.split():
        if ":" in piece:
            a, b = (int(x.split(":")[0]) * 60 + int(x.split(":")[1]) for x in piece.split("-"))
            window = (a, b if b > a else b + 1440)
        elif "/" in piece:
            (m1, d1), (m2, d2) = (tuple(int(x) for x in p.split("-")) for p in piece.split("/"))
            only = lambda y, m, d: (m, d) >= (m1, d1) or (m, d) <= (m2, d2)  # over the turn of the year
        else:
            of = {DAYS[x] for x in piece.split(",")}
            only = lambda y, m, d: weekday(y, m, d) in of
    for i in range(first - 2, end + 1):
        if only is None or only(*days[i]):
            out |= set(range(i * 1440 + window[0], i * 1440 + window[1]))
    return out


text = open(sys.argv[1], encoding="utf-8").read()
off = [(minute(a), minute(b)) for a, b in re.findall(r'\{"(\d{4}-[-0-9T:]+)", "(\d{4}-[-0-9T:]+)"\}', open(sys.argv[2], encoding="utf-8").read())]
assert off
site = set().union(*(blacked(w) for w in re.findall('"([^"]+)"', re.search(r"serve: .*?blackout = \[([^]]*)\]", text)[1])))
down = set().union(*(range(a, b) for a, b in off))
starts = []
for name, body in re.findall(r"^  (\w+): +(\{.*\});$", text, re.M):
    due = set(due_minutes(re.search('schedule = "([^"]+)"', body)[1]))
    own = re.search(r'blackout = \["([^"]+)"\]', body)
    quiet = site | (blacked(own[1]) if own else set())
    catch_up, takes = "catch_up = false" not in body, int(name.split("_")[-1])
    newest, wanted, busy = None, False, -1
    # nothing changes between these: due, the end of a blackout, going down, coming up, and the end of a run
    when = sorted(due | {t + 1 for t in quiet if t + 1 not in quiet} | {a for a, b in off} | {b for a, b in off})
    while when:
        t = heapq.heappop(when)
        if not first * 1440 <= t < end * 1440:
            continue
        if t in due and t > first * 1440:
            newest = t
        if t in down:
            busy = -1  # runs end with the machine
            continue
        if newest is not None and not (t in quiet and catch_up):  # what is due in a blackout waits for its end, or is left out
            wanted |= t not in quiet and (catch_up or t - newest <= 2)
            newest = None
        if wanted and t >= busy and t not in quiet:
            starts.append((t, name))
            wanted, busy = False, t + takes
            heapq.heappush(when, busy)
order = re.findall(r"^  (\w+):", text, re.M)
for t, name in sorted(starts, key=lambda s: (s[0], order.index(s[1]))):
    print("%04d-%02d-%02dT%02d:%02d %s" % (*days[t // 1440], t % 1440 // 60, t % 60, name))
