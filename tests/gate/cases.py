#!/usr/bin/env python3
"""Random questions for the gate, and a slow reading of the rules to answer them.

usage: cases.py ask SEED N               questions, one JSON line each, as `tsunagi decide` reads them
       cases.py check SEED N COMMAND...  N questions to COMMAND on its stdin, its answers against this reading;
                                         exit 1 and the first question that is answered in another way

Written from the text of the rules (docs/decisions/010-gate-open-points.md names each of them), not from the
C source: filters over lists, one after the other, with dates as text. Nothing is shared with the program but
the form of the lines. The universes are small, so that periods touch, consents collide and ties are common.
Questions are made in sheets, each from a seed of its own: every core works on one, and how many there are
changes nothing. A question is made and answered in place, so that 10^6 take about two minutes of a core.
"""
import collections
import datetime
import json
import multiprocessing
import random
import subprocess
import sys

DAYS = ['2026-03-31', '2026-04-01', '2026-04-02', '2026-09-30', '2027-03-31', '2027-04-01']
STATUTORY = ['支援会議', 'shien_kaigi', 'support_meeting']
OTHER_MEETINGS = ['重層的支援会議', 'juso_shien_kaigi', '要保護児童対策地域協議会', 'ケース会議']
# what the catalogue says of a field, for questions that do not say it themselves
REVEALS = {'address': True, 'postal_code': True, 'phone': True, 'birth_date': False, 'sex': False,
           'no_such_field': True}


line_of = json.JSONEncoder(ensure_ascii=False).encode
SHEET = 10000  # questions of one seed
LETTER = 250   # asked before answers are read: fewer bytes than a pipe holds


class Dice:
    """What random.Random has, of which only random() is quick."""

    def __init__(self, seed):
        self.roll = random.Random(seed).random

    def one(self, of):
        return of[int(self.roll() * len(of))]

    def count(self, low, high):
        return low + int(self.roll() * (high - low + 1))

    def some(self, of, n):
        left = list(of)
        return [left.pop(int(self.roll() * len(left))) for _ in range(n)]


def ask(seed, n):
    for sheet in range(0, n, SHEET):
        r = Dice(f'{seed} {sheet}')
        for i in range(sheet, min(n, sheet + SHEET)):
            yield question(r, i)


def period(r, p_open=0.3):
    a, b = sorted((r.one(DAYS), r.one(DAYS)))
    out = {}
    if r.roll() > p_open:
        out['from'] = r.one([a, a, a, b])
    if r.roll() > p_open:
        out['to'] = r.one([b, b, b, a])
    for key in ('from', 'to'):
        if key not in out and r.roll() < 0.5:
            out[key] = None
    return out


AGENCIES = ['A', 'B', 'C']
BARRED = [None] * 6 + [[], [], ['C'], ['A']]
STATES = [False] * 8 + [True, 'suspected', 'unknown']
FIELDS = list(REVEALS)


def question(r, i):
    consents = []
    for _ in range(r.one([0, 1, 2, 3, 5])):
        c = {'person': r.one(['p1', 'p1', 'p2']), 'recipient': r.one(['A', 'B', '*']),
             'category': r.one(['contact', 'sensitive', '*']), 'purpose': r.one(['support', 'meeting', '*']),
             'status': r.one(['given', 'given', 'refused', 'withdrawn', 'not_asked'])}
        c.update(period(r))
        if r.roll() < 0.2:
            c['by'] = 'guardian'
        consents.append(c)
    meeting = None
    if r.roll() < 0.5:
        meeting = {'id': 'm1', 'kind': r.one(STATUTORY + OTHER_MEETINGS), 'members': r.some(AGENCIES, r.count(0, 3))}
        meeting.update(period(r, 0.1))
    day = r.one(DAYS)
    if r.roll() < 0.2:  # the instant of the same or of the day before, in another zone
        day += r.one(['T00:00:00+09:00', 'T14:59:59Z', 'T15:00:00Z'])
    q = {'id': f'q{i}', 'recipients': r.some(AGENCIES, r.count(1, 3)), 'barred': r.one(BARRED),
         'persons': [{'id': p, 'relation': '本人' if p == 'p1' else '世帯員', 'protected': r.one(STATES)}
                     for p in ['p1', 'p2', 'p3'][:r.count(1, 3)]],
         'consents': consents, 'meeting': meeting,
         'request': {'recipient': r.one(['A', 'A', 'B', 'C']), 'purpose': r.one(['support', 'meeting']), 'on': day,
                     'person': r.one(['p1', 'p1', 'p2']), 'field_class': r.one(['contact', 'sensitive']),
                     'field': r.one(FIELDS)}}
    if r.roll() < 0.15:
        q['emergencies'] = [{'recipient': r.one(AGENCIES), 'person': r.one(['p1', 'p2', '*'])}
                            for _ in range(r.count(0, 2))]
    if q['barred'] is None:
        del q['barred']
    if r.roll() < 0.6:
        q['request']['reveals_address'] = r.roll() < 0.3
    return q


def japan_day(on):
    if 'T' not in on:
        return on
    t = datetime.datetime.fromisoformat(on.replace('Z', '+00:00'))
    return t.astimezone(datetime.timezone(datetime.timedelta(hours=9))).date().isoformat()


def within(day, start, end):
    return (not start or start <= day) and (not end or day <= end)


def answer(q):
    req, day = q['request'], japan_day(q['request']['on'])
    who, person = req['recipient'], req['person']

    # 1
    if who not in q['recipients'] or who in q.get('barred', []):
        return 'withhold', False
    # nobody outside the household given can be judged
    if person not in [p['id'] for p in q['persons']]:
        return 'withhold', False
    # 2
    reveals = req['reveals_address'] if 'reveals_address' in req else REVEALS[req['field']]
    if reveals and [p for p in q['persons'] if p['protected'] is not False]:
        return 'withhold', False
    # 3: a meeting has both of its dates
    m = q['meeting']
    if m and m['kind'] in STATUTORY and who in m['members'] and req['purpose'] == 'meeting' and \
            m.get('from') and m.get('to') and m['from'] <= day <= m['to'] and day >= '2021-04-01':
        return 'allow', False
    # an emergency that two people opened, for exactly this agency and person
    if {'recipient': who, 'person': person} in q.get('emergencies', []):
        return 'allow', False
    # 4
    matching = [c for c in q['consents']
                if c['person'] == person
                and c['recipient'] in ('*', who)
                and c['category'] in ('*', req['field_class'])
                and c['purpose'] in ('*', req['purpose'])
                and within(day, c.get('from'), None if c['status'] == 'withdrawn' else c.get('to'))]
    if matching:
        named = [sum(c[k] != '*' for k in ('recipient', 'category', 'purpose')) for c in matching]
        decisive = [c for c, n in zip(matching, named) if n == max(named)]
        return ('allow' if all(c['status'] == 'given' for c in decisive) else 'mask'), False
    # 5
    return 'mask', True


def letters(seed, sheet, upto):
    """The questions of one sheet, some at a time."""
    r = Dice(f'{seed} {sheet}')
    for first in range(sheet, upto, LETTER):
        yield [question(r, i) for i in range(first, min(upto, first + LETTER))]


def check(job):
    """One sheet: how often which answer, or the first that differs."""
    seed, sheet, upto, command = job
    n = collections.Counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as gate:
        for letter in letters(seed, sheet, upto):
            gate.stdin.write(''.join(line_of(q) + '\n' for q in letter).encode())
            gate.stdin.flush()
            for q in letter:
                line = gate.stdout.readline()
                theirs, ours = json.loads(line or '{}'), answer(q)
                if (theirs.get('id'), theirs.get('decision'), theirs.get('confirm')) != (q['id'], *ours):
                    gate.kill()
                    return f'{line_of(q)}\n{ours} against {line.decode()}'
                n[ours[0]] += 1
        gate.stdin.close()
        if gate.stdout.read() or gate.wait():
            return f'{command}: says more than it was asked, or fails'
    return n


def main(argv):
    if argv[1:2] == ['ask'] and len(argv) == 4:
        for q in ask(int(argv[2]), int(argv[3])):
            print(line_of(q))
    elif argv[1:2] == ['check'] and len(argv) > 4:
        seed, upto, n = int(argv[2]), int(argv[3]), collections.Counter()
        jobs = [(seed, sheet, min(upto, sheet + SHEET), argv[4:]) for sheet in range(0, upto, SHEET)]
        with multiprocessing.Pool() as cores:
            for done in cores.imap_unordered(check, jobs):
                if isinstance(done, str):
                    sys.exit(done)
                n += done
        print(f"{sum(n.values())} equal: allow {n['allow']}, mask {n['mask']}, withhold {n['withhold']}")
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv)
