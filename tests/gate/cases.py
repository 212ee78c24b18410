#!/usr/bin/env python3
"""Random questions for the gate, and a slow reading of the rules to answer them.

usage: cases.py ask SEED N             questions, one JSON line each, as `tsunagi decide` reads them
       cases.py answer                 questions on stdin, answers by this reading on stdout
       cases.py compare A B            two files of answers: exit 1 and the first difference

Written from the text of the rules (docs/decisions/010-gate-open-points.md names each of them), not from the
C source: filters over lists, one after the other, with dates as text. Nothing is shared with the program but
the form of the lines. The universes are small, so that periods touch, consents collide and ties are common.
"""
import datetime
import json
import random
import sys

DAYS = ['2026-03-31', '2026-04-01', '2026-04-02', '2026-09-30', '2027-03-31', '2027-04-01']
STATUTORY = ['支援会議', 'shien_kaigi', 'support_meeting']
OTHER_MEETINGS = ['重層的支援会議', 'juso_shien_kaigi', '要保護児童対策地域協議会', 'ケース会議']
# what the catalogue says of a field, for questions that do not say it themselves
REVEALS = {'address': True, 'postal_code': True, 'phone': True, 'birth_date': False, 'sex': False,
           'no_such_field': True}


def ask(seed, n):
    r = random.Random(seed)
    for i in range(n):
        yield question(r, i)


def period(r, p_open=0.3):
    a, b = sorted(r.choices(DAYS, k=2))
    out = {}
    if r.random() > p_open:
        out['from'] = r.choice([a, a, a, b])
    if r.random() > p_open:
        out['to'] = r.choice([b, b, b, a])
    for key in ('from', 'to'):
        if key not in out and r.random() < 0.5:
            out[key] = None
    return out


def question(r, i):
    agencies = ['A', 'B', 'C']
    people = ['p1', 'p2', 'p3'][:r.randint(1, 3)]
    consents = []
    for _ in range(r.choice([0, 1, 2, 3, 5])):
        c = {'person': r.choice(['p1', 'p1', 'p2']), 'recipient': r.choice(['A', 'B', '*']),
             'category': r.choice(['contact', 'sensitive', '*']), 'purpose': r.choice(['support', 'meeting', '*']),
             'status': r.choice(['given', 'given', 'refused', 'withdrawn', 'not_asked'])}
        c.update(period(r))
        if r.random() < 0.2:
            c['by'] = 'guardian'
        consents.append(c)
    meeting = None
    if r.random() < 0.5:
        meeting = {'id': 'm1', 'kind': r.choice(STATUTORY + OTHER_MEETINGS),
                   'members': r.sample(agencies, r.randint(0, 3))}
        meeting.update(period(r, 0.1))
    day = r.choice(DAYS)
    if r.random() < 0.2:  # the instant of the same or of the day before, in another zone
        day = r.choice([day + 'T00:00:00+09:00', day + 'T14:59:59Z', day + 'T15:00:00Z'])
    q = {'id': f'q{i}', 'recipients': r.sample(agencies, r.randint(1, 3)), 'barred': r.choices(
            [None, [], ['C'], ['A']], [6, 2, 1, 1])[0],
         'persons': [{'id': p, 'relation': '本人' if p == 'p1' else '世帯員',
                      'protected': r.choices([False, True, 'suspected', 'unknown'], [8, 1, 1, 1])[0]} for p in people],
         'consents': consents, 'meeting': meeting,
         'request': {'recipient': r.choice(agencies + ['A']), 'purpose': r.choice(['support', 'meeting']), 'on': day,
                     'person': r.choice(['p1', 'p1', 'p2']), 'field_class': r.choice(['contact', 'sensitive']),
                     'field': r.choice(list(REVEALS))}}
    if r.random() < 0.15:
        q['emergencies'] = [{'recipient': r.choice(agencies), 'person': r.choice(['p1', 'p2', '*'])}
                            for _ in range(r.randint(0, 2))]
    if q['barred'] is None:
        del q['barred']
    if r.random() < 0.6:
        q['request']['reveals_address'] = r.random() < 0.3
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


def main(argv):
    if argv[1:2] == ['ask'] and len(argv) == 4:
        for q in ask(int(argv[2]), int(argv[3])):
            print(json.dumps(q, ensure_ascii=False))
    elif argv[1:2] == ['answer'] and len(argv) == 2:
        for line in sys.stdin:
            q = json.loads(line)
            decision, confirm = answer(q)
            print(json.dumps({'id': q['id'], 'decision': decision, 'confirm': confirm}))
    elif argv[1:2] == ['compare'] and len(argv) == 4:
        n = dict.fromkeys(('allow', 'mask', 'withhold'), 0)
        with open(argv[2], encoding='utf-8') as a, open(argv[3], encoding='utf-8') as b:
            ours, theirs = a.readlines(), b.readlines()
        if len(ours) != len(theirs):
            sys.exit(f'{len(ours)} answers against {len(theirs)}')
        for x, y in zip(map(json.loads, ours), map(json.loads, theirs)):
            if any(x[k] != y[k] for k in ('id', 'decision', 'confirm')):
                sys.exit(f'{x} against {y}')
            n[x['decision']] += 1
        print(f"{len(ours)} equal: allow {n['allow']}, mask {n['mask']}, withhold {n['withhold']}")
    else:
        sys.exit(__doc__)


main(sys.argv)
