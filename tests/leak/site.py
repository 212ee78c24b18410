#!/usr/bin/env python3
"""People of several agencies at the daemon of a town of canaries (leak.py): one writes, the others read all they can.

usage: site.py DIR URL PASSWORD CASES

The account "writer" (EDU, whose papers are not looked at here: who writes knows) writes notes of a case's household, as a caseworker types them, into messages, names of files, titles,
polls and tasks for the others; what is held back is sent again masked, never confirmed. The accounts of the recipients
(their id in small letters) then read messages, calendars, tasks, alerts, boards, figures, words, facets and similar cases;
"officer" reads runs, jobs, the audit log. Each gets GET /v1/events all the time. What comes goes to DIR/out/RECIPIENT-site
and -events, or DIR/seen for what nobody may find a canary in. A search for a canary answers with a number: who may not see
the canary must get none, else it is written down as if it had been read.
"""
import collections
import http.client
import json
import pathlib
import random
import socket
import sys
import threading
import time
import traceback
import urllib.parse

import leak

READERS = ['WEL', 'HLT', 'SWC', 'POL']
WORDS = ['体調', '訪問', '連絡', '通院', '住所', '電話 OR 携帯', '自宅']
PDF = 'JVBERi0xLjQK'


class Person:
    """Somebody who is signed in; all that is answered is kept."""

    def __init__(self, url, login, password, out, events):
        self.where, self.out = urllib.parse.urlparse(url), out
        self.conn = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=240)
        self.head = {'Content-Type': 'application/json'}
        status, body = self.ask('POST', '/v1/session', {'login': login, 'password': password}, keep=False)
        if status >= 300:
            sys.exit(f'{login}: {status} {body}')
        self.head['X-CSRF-Token'] = json.loads(self.ask('GET', '/v1/session', keep=False)[1])['csrf']
        self.listen(events)

    def ask(self, method, path, body=None, keep=True):
        for wait in range(20):  # a busy machine; who was idle for long is hung up on
            try:
                self.conn.request(method, path, json.dumps(body, ensure_ascii=False).encode() if body is not None else None, self.head)
                reply = self.conn.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                self.conn.close()
                continue
            text = reply.read().decode('utf-8', 'surrogateescape')
            if reply.status not in (429, 503):
                break
            time.sleep(0.1 * wait)
        if cookie := reply.getheader('Set-Cookie'):
            self.head['Cookie'] = cookie.split(';')[0]
        if reply.status >= 500:
            sys.exit(f'{method} {path}: {reply.status} {text}')
        if keep:
            self.out.write(f'\n{method} {path.split("?")[0]} {reply.status}\n{text}\n{reply.headers}')
        return reply.status, text

    def get(self, path, keep=True, **query):
        q = '?' + urllib.parse.urlencode(query) if query else ''
        status, text = self.ask('GET', path + q, keep=keep)
        return json.loads(text) if status == 200 and text[:1] in '{[' else {}

    def items(self, path, **query):
        while path:
            body = self.get(path, limit=100, **query)
            yield from body.get('items', [])
            query['after'] = body.get('next')
            if not query['after']:
                return

    def listen(self, file):
        """All events from now on, into the file; returns when the stream has begun."""
        self.events = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=240)
        self.events.request('GET', '/v1/events', headers=self.head)
        self.stream = self.events.sock
        reply = self.events.getresponse()
        self.heard = threading.Event()
        out = open(file, 'wb')
        out.write(reply.readline())

        def run():
            with out:
                while line := reply.readline():
                    out.write(line)
                    if line.startswith(b'event: '):
                        self.heard.set()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()

    def go(self):
        self.stream.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.out.close()


def write(writer, cases, numbers, seed):
    """Messages, files, polls, titles, tasks about the first cases."""
    m, n = leak.Maker(seed), collections.Counter()
    m.r.seed(f'{seed} talk')
    for i, h in cases:
        case = f'2026-{i + 1:07d}'
        who = [numbers[r] for r in READERS]
        while True:  # who may not see the case cannot be asked in
            status, body = writer.ask('POST', '/v1/chat/threads', {'kind': 'group', 'case_no': case, 'title': '今後の方針',
                                                                   'members': who})
            if status < 300 or len(who) == 1:
                break
            who = who[:-1]
        n['threads'] += status < 300
        if status >= 300:
            sys.exit(f'a thread: {status} {body}')
        at = '/v1/chat/threads/%d' % json.loads(body)['thread']
        for k in range(3):
            send(writer, at + '/messages', {'client_id': f'message-{i}-{k}', 'text': m.note(h)}, n)
        p = m.r.choice(h['people'])
        send(writer, at + '/messages', {'client_id': f'file-{i:06d}', 'text': '資料です', 'files': [
            {'name': p['family'] + p['given'] + '.pdf', 'type': 'application/pdf', 'content': PDF}]}, n)
        send(writer, at, {'title': m.note(h)[:40]}, n, 'titles', 'PATCH')
        body = send(writer, at + '/polls', {
            'client_id': f'poll-{i:06d}', 'title': m.note(h)[:40], 'meeting': 'multilayer_meeting', 'place': m.note(h)[:40],
            'deadline': '2099-04-20T17:00:00+09:00',
            'candidates': [{'starts': '2099-04-24T10:00:00+09:00', 'ends': '2099-04-24T11:00:00+09:00'}]}, n, 'polls')
        if body:
            poll = f'{at}/polls/{body["poll"]}'
            send(writer, poll + '/answers', {'answers': [{'candidate': 1, 'answer': 'yes'}], 'comment': m.note(h)}, n, 'comments', 'PUT')
            writer.ask('POST', poll + '/decide', {'candidate': 1})
        for r in READERS:
            for more in ({}, {'case_no': case}):
                task = {'content': m.note(h), 'account': numbers[r], 'due': '2026-04-10', **more}
                n['tasks'] += writer.ask('POST', '/v1/alerts/tasks', task)[0] < 300
    return n


def send(writer, path, body, n, what='sent', method='POST'):
    """As it was typed; what is held back, masked. What was made, or nothing."""
    status, text = writer.ask(method, path, body)
    if status == 409:
        n['held'] += 1
        status, text = writer.ask(method, path, {**body, 'as': 'masked'})
    n[what] += status < 300
    return json.loads(text) if status < 300 and text else {}


def chat(p):
    for t in p.items('/v1/chat/threads'):
        at = '/v1/chat/threads/%d' % t['thread']
        p.get(at)
        for msg in p.items(at + '/messages', order='oldest'):
            p.get(f'{at}/messages/{msg["seq"]}/history')
            for f in msg.get('files') or []:
                p.ask('GET', f'{at}/files/{f["file"]}')
        for poll in p.items(at + '/polls'):
            p.get(f'{at}/polls/{poll["poll"]}')
            p.ask('GET', f'{at}/polls/{poll["poll"]}/calendar')
    p.get('/v1/chat/unread')
    for q in WORDS[:3]:
        p.get('/v1/chat/search', q=q.split()[0])


def look(p, cases):
    """All the rest that people of an agency can read."""
    for t in p.items('/v1/alerts/tasks'):
        p.get(f'/v1/alerts/tasks/{t["id"]}')
        p.get(f'/v1/alerts/tasks/{t["id"]}/history')
    for path in ('alerts/inbox', 'alerts/inbox/count', 'alerts/deliveries', 'progress/board', 'me/views', 'agencies', 'resources',
                 'schemes', 'runs', 'jobs', 'audit'):
        p.get('/v1/' + path)
    p.get('/v1/alerts/inbox', all='true')
    p.get('/v1/stats/counts', year='2026')
    p.ask('GET', '/v1/stats/counts.csv?year=2026')
    for i, h in cases:
        case = f'2026-{i + 1:07d}'
        for path in (f'cases/{case}', f'cases/{case}/sharing?as=WEL&on=2026-07-01', f'progress/cases/{case}',
                     f'search/similar/{case}', f'cases/{case}/records/attachment', f'cases/{case}/records/task',
                     f'cases/{case}/records/consent', f'cases/{case}/records/household_member', f'cases/{case}/records/plan'):
            p.ask('GET', '/v1/' + path)
    for q in WORDS:
        p.get('/v1/search', q=q, facets='true')


def hunt(p, recipient, households, r):
    """Searches for canaries: whoever may not see one gets no number for it."""
    hits = collections.Counter()
    sample = [(i, c) for i, h in enumerate(households) for c in leak.canaries(h) if c[0] in ('name', 'reading', 'phone', 'building')]
    r.shuffle(sample)
    sample.sort(key=lambda x: not leak.may_see(households[x[0]], recipient, x[1][1], x[1][4]))  # a few that give a hit
    for i, (kind, owner, needle, _, reveals) in sample[:5] + sample[-15:]:
        body = p.get('/v1/search', keep=False, q=needle, facets='true')
        there = bool(body.get('items') or body.get('total') or body.get('facets'))
        if there and not leak.may_see(households[i], recipient, owner, reveals):
            p.out.write(f'\nfound by search: {needle}\n')
        hits[there] += 1
        body = p.get('/v1/chat/search', keep=False, q=needle)
        if body.get('items') and not leak.may_see(households[i], recipient, owner, reveals):
            p.out.write(f'\nfound in messages: {needle}\n')
    return hits


def main(argv):
    if len(argv) != 5:
        sys.exit(__doc__)
    folder, url, password, n = pathlib.Path(argv[1]), argv[2], argv[3], int(argv[4])
    truth = json.loads((folder / 'truth.json').read_text())
    r = random.Random(len(truth))
    whole = [(i, h) for i, h in enumerate(truth) if not h['rejected']]
    # protected households, withdrawn consents and people of whom one agency knows all are among them
    known = [x for x in whole if x[1]['consent']['同意_教育'] == '有']  # to the writer, by number
    cases = sorted(known, key=lambda x: (not x[1]['withdrawn'], not x[1]['protected'], len(x[1]['people']) < 2))[:n // 2]
    rest = [x for x in known if x not in cases]
    cases += r.sample(rest, min(len(rest), n - len(cases)))
    with open('/dev/null', 'w', encoding='utf-8') as nothing:
        writer = Person(url, 'writer', password, nothing, '/dev/null')
        people = {x: Person(url, x.lower(), password, open(folder / 'out' / f'{x.lower()}-site', 'w', encoding='utf-8',
                            errors='surrogateescape'), folder / 'out' / f'{x.lower()}-events') for x in READERS}
        officer = Person(url, 'officer', password, open(folder / 'seen/officer', 'w', encoding='utf-8'), folder / 'seen/officer-events')
        numbers = {x: 2 + k for k, x in enumerate(READERS)}
        done = write(writer, cases, numbers, len(truth))
        hits = collections.Counter()
        for x, p in people.items():
            chat(p)
            look(p, cases)
            hits += hunt(p, x, truth, r)
        for run in officer.items('/v1/runs'):
            officer.get(f'/v1/runs/{run["run"]}')
            for how in ('text', 'csv', 'html', 'json'):
                officer.ask('GET', f'/v1/runs/{run["run"]}/report?as={how}')
        for path in ('/v1/jobs', '/v1/audit?limit=200', '/metrics', '/ready', '/health', '/v1/cases', '/v1/search?q=' +
                     urllib.parse.quote('訪問'), '/v1/stats/counts?year=2026', '/v1/alerts/deliveries', '/v1/schema?as=json'):
            officer.ask('GET', path)
        if not people['WEL'].heard.wait(60):
            sys.exit('no event came')
        for p in [writer, officer, *people.values()]:
            p.go()
    print(', '.join(f'{v} {k}' for k, v in done.items()) + f'; {hits[True]} of {hits.total()} searches for canaries with a hit')


try:
    main(sys.argv)
except Exception as e:  # in one line, as the test shows the first ones
    sys.exit(f'{type(e).__name__}: {e} at lines ' + ' '.join(
        str(x.lineno) for x in traceback.extract_tb(e.__traceback__)))
