"""Who may what by HTTP, and what attackers get. One JSON file says where and who:

{"url": "http://127.0.0.1:1234", "actors": [{"name": "...", "kind": KIND, "may": [...], "role": "...", "view": bool,
 "headers": {...}}], "expect": "routes.tsv", "objects": {"thread": 1, ...}, "secrets": [...]}

probe_api.py matrix FILE   every route of the description x every actor; who may is said by the table "expect", and a route
                           without a row in it is a fault. Then the routes of things that belong to somebody, with
                           real ones of "objects", as those who are outside. Prints what is wrong, then the number of
                           answers looked at.
probe_api.py attacks FILE  hostile requests as the first actor of kind role; prints what is wrong, then the number.
probe_api.py shapes FILE   what is not formed as the description says, at every route, as somebody who may ask it:
                           a problem document with a 4xx, in both languages. Prints what is wrong, then the number.

KIND: none and expired nobody (any more), network: from elsewhere, locked: the session waits for its password, setup: a
temporary password, token, role, and outside: a role, of another agency.
"""
import http.client
import json
import re
import socket
import ssl
import sys
import urllib.parse

from openapi import Document

PATIENCE = 240  # s; only what will never come meets it
LAST = ('/v1/session/lock', '/v1/session/unlock', '/v1/session')


class Site:
    def __init__(self, conf):
        self.conf, self.bad, self.n = conf, [], 0
        where = urllib.parse.urlparse(conf['url'])
        self.host, self.port = where.hostname, where.port
        self.tls = None
        if where.scheme == 'https':
            self.tls = ssl.create_default_context(cafile=conf['ca'])
            self.tls.load_cert_chain(conf['cert'], conf['key'])
        self.conn = None

    def wrong(self, text):
        self.bad.append(text)

    def ask(self, method, path, headers=None, body=None):
        """status, headers, body; an event stream is not read"""
        for again in (0, 1):
            try:
                if self.conn is None:
                    self.conn = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE) if self.tls is None else \
                        http.client.HTTPSConnection(self.host, self.port, timeout=PATIENCE, context=self.tls)
                self.conn.request(method, path, body=body, headers=headers or {})
                r = self.conn.getresponse()
                break
            except (http.client.HTTPException, ConnectionError):
                self.conn = None
                if again:
                    raise
        self.n += 1
        if r.headers.get('Content-Type', '').startswith('text/event-stream'):
            self.conn.close()
            self.conn = None
            return r.status, r.headers, b''
        text = r.read()
        if r.headers.get('Connection') == 'close':
            self.conn = None
        return r.status, r.headers, text

    def raw(self, data):
        """what comes back for these bytes: (status or 0 when it only closes, everything)"""
        self.n += 1
        with socket.create_connection((self.host, self.port), timeout=PATIENCE) as s:
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            got = b''
            try:
                while chunk := s.recv(65536):
                    got += chunk
            except OSError:
                pass
        m = re.match(rb'HTTP/1\.1 (\d+)', got)
        return int(m.group(1)) if m else 0, got

    def document(self):
        return Document(json.loads(self.ask('GET', '/v1/openapi.json')[2]))


def may(actor, who):
    """does the row of the table let this actor in?"""
    if who in ('signed', 'setup', 'locked'):
        return True
    if actor['kind'] == 'token':
        return None  # by its permissions, below
    return actor['role'] in who.split()


def fits(pattern, permission):
    if pattern.endswith('.*'):
        return permission.startswith(pattern[:-1])
    if pattern.startswith('*.'):
        return permission.endswith(pattern[1:])
    return pattern in ('*', permission)


def filled(path, value):
    """value: for every piece, or a dict of what is known by name"""
    known = value if isinstance(value, dict) else {}
    return re.sub(r'\{([^}]*)\}', lambda m: urllib.parse.quote(str(known.get(m[1], value if not known else 'zz-none')), safe=''),
                  path)


def refusal_of(actor, who):
    """(status, code) that somebody gets whatever they ask; None: that depends"""
    if actor['kind'] in ('none', 'expired'):
        return 401, 'login-needed'
    if actor['kind'] == 'network':
        return 403, 'other-network'
    if actor['kind'] == 'locked' and who != 'locked':
        return 423, 'session-locked'
    if actor['kind'] == 'setup' and who not in ('locked', 'setup'):
        return 403, 'password-change'
    return None


def code_of(text):
    return json.loads(text).get('code', '') if text.startswith(b'{') else ''


def table(site, doc):
    """rows of the table by "METHOD path"; what is in one of table and document only is a fault"""
    rows = {}
    for line in open(site.conf['expect'], encoding='utf-8'):
        if line.strip() and not line.startswith('#'):
            method, path, who, belongs = line.rstrip('\n').split('\t')
            rows[f'{method} {path}'] = (who, belongs)
    there = {f'{m} {p}' for m, p, _ in doc.operations()}
    for name in sorted(there - rows.keys()):
        site.wrong(f'{name}: nothing says who may')
    for name in sorted(rows.keys() - there):
        site.wrong(f'{name}: is not served')
    return rows


def look(site, doc, rows, actor, method, path, about):
    """one route as one actor, with things that are not there"""
    who, _ = rows[f'{method} {path}']
    permission = about.get('x-permission')
    headers, body = dict(actor['headers']), None
    if method != 'GET':
        headers['Content-Type'] = 'application/json'
        body = b'{}'
    status, _, text = site.ask(method, filled(path, 'zz-none'), headers, body)
    code = code_of(text)
    row = f'{method} {path} ({who}) as {actor["name"]}: {status} {code}'
    if (permission is None) != (who == 'open'):
        site.wrong(f'{row}: the permission {permission} is another one')
    if status >= 500 and path != '/ready':
        site.wrong(row)
    elif who == 'open':
        if status in (401, 403) and path != '/v1/session':
            site.wrong(row)
    elif refusal := refusal_of(actor, who):
        if (status, code) != refusal:
            site.wrong(row)
    elif actor['kind'] == 'token' and path.startswith('/v1/session'):
        return  # a program has no session
    else:
        let = may(actor, who)
        if let is None:
            let = any(fits(p, permission) for p in actor['may'])
        if not let:
            if (status, code) != (403, 'not-allowed'):
                site.wrong(row)
        elif code in ('not-allowed', 'login-needed', 'csrf-token') and path not in LAST:
            site.wrong(row)
        elif path == '/v1/cases' and (status == 200) != actor['view']:
            site.wrong(row + ' (of its agency)')
        if status == 200 and (schema := doc.reply_schema(about)):
            if fault := doc.misfit(schema, json.loads(text)):
                site.wrong(f'{row}: {fault}')


def own(site, doc, rows):
    """Things that belong to somebody: their owner reads them, who is outside neither reads nor changes them."""
    insider = next(a for a in site.conf['actors'] if a.get('owner'))
    mine = [(m, p, a) for m, p, a in doc.operations() if rows[f'{m} {p}'][1] == 'own']

    def read():
        got = {}
        for method, path, about in mine:
            if method != 'GET':
                continue
            status, _, text = site.ask('GET', filled(path, site.conf['objects']), insider['headers'])
            got[path] = text
            if status != 200:
                site.wrong(f'{path} as its owner: {status} {code_of(text)}')
            elif (schema := doc.reply_schema(about)) and (fault := doc.misfit(schema, json.loads(text))):
                site.wrong(f'{path}: {fault}')
        return got

    before = read()
    for actor in site.conf['actors']:
        if actor['kind'] != 'outside':
            continue
        for method, path, about in mine:
            headers, schema = dict(actor['headers'], **{'Content-Type': 'application/json'}), doc.body_schema(about)
            body = json.dumps(doc.example(schema)).encode() if schema else None
            status, _, text = site.ask(method, filled(path, site.conf['objects']), headers, body)
            if status not in (403, 404):
                site.wrong(f'{method} {path} as {actor["name"]}: {status} {code_of(text)}')
    if read() != before:
        site.wrong('somebody outside has changed something')


def views(site, doc):
    """What is read through a view holds nothing that the view does not show."""
    insider = next(a for a in site.conf['actors'] if a.get('owner'))
    _, _, text = site.ask('GET', f'/v1/cases/{site.conf["objects"]["case"]}/records/person', insider['headers'])
    if not any(s in text.decode() for s in site.conf['secrets']):
        site.wrong('nobody is shown what others may not see: the secrets are none')
    for actor in site.conf['actors']:
        for method, path, _ in doc.operations():
            if method != 'GET' or actor['kind'] != 'outside' or path == '/v1/events':
                continue
            status, _, text = site.ask('GET', filled(path, site.conf['objects']), actor['headers'])
            for secret in site.conf['secrets']:
                if secret.encode() in text or json.dumps(secret)[1:-1].encode() in text:
                    site.wrong(f'{path} as {actor["name"]}: tells what it may not ({status})')


def matrix(site):
    doc = site.document()
    rows = table(site, doc)
    if site.bad:
        return
    routes = sorted(doc.operations(), key=lambda r: LAST.index(r[1]) if r[1] in LAST and r[0] != 'GET' else -1)
    if site.conf.get('objects'):
        own(site, doc, rows)
        views(site, doc)
    for actor in site.conf['actors']:
        for method, path, about in routes:
            look(site, doc, rows, actor, method, path, about)


HOSTILE = ["' OR 1=1 --", "1; DROP TABLE cc_case", '"><script>alert(1)</script>', '../../../../etc/passwd',
           '..\\..\\x', '%s%n%x', '\x00', 'a\r\nX-Injected: 1', '\u202e\u2066', 'x' * 5000, '-1', '9' * 40, '{{7*7}}',
           '$(id)', '%', '佐藤花子']


HOSTILE_TEXTS = [HOSTILE[i] for i in (0, 1, 2, 3, 6, 7, 8, 9)]


def check(site, name, status, headers, text, want=None):
    low, high = want or (200, 499)
    if not low <= status <= high:
        site.wrong(f'{name}: {status} {text[:120]!r}')
    if headers.get('X-Injected'):
        site.wrong(f'{name}: a header was injected')
    if b'<script>' in text and (headers.get('Content-Type', '').split(';')[0] not in
                                ('application/json', 'application/problem+json') or
                                headers.get('X-Content-Type-Options') != 'nosniff'):
        site.wrong(f'{name}: echoes a script')
    if status >= 400 and text and headers.get('Content-Type', '').split(';')[0] != 'application/problem+json':
        site.wrong(f'{name}: {status} without a problem document')


def inject(site, me):
    for method, path, about in site.document().operations():
        if method != 'GET' or path == '/v1/events':
            continue
        for bad in HOSTILE:
            if '{' in path:
                check(site, f'{path} <- {bad[:20]!r}', *site.ask('GET', filled(path, bad), me))
            for p in about.get('parameters', []):
                if p['in'] == 'query':
                    q = urllib.parse.urlencode({p['name']: bad})
                    check(site, f'{path}?{p["name"]}={bad[:20]!r}',
                          *site.ask('GET', f'{filled(path, "zz")}?{q}', me))
        check(site, path + ' bad UTF-8', *site.ask('GET', filled(path, 'zz').replace('zz', '%ff%fe') + '?after=%c0%af', me))


def bodies(site, me):
    json_type = dict(me, **{'Content-Type': 'application/json'})
    for name, body in (('deep', b'[' * 100000), ('deep object', b'{"a":' * 50000), ('broken', b'{"login":'),
                       ('NUL', b'{"login":"a\\u0000b","password":"x"}'), ('bad UTF-8', b'{"login":"\xff"}'),
                       ('huge', b' ' * (20 << 20)), ('number', b'1e999999'), ('twice', b'{"login":"a","login":"b"}')):
        try:
            check(site, 'body ' + name, *site.ask('POST', '/v1/session', json_type, body), (400, 499))
        except OSError:
            site.conn = None  # closed while we were still sending: fine
    status, headers, text = site.ask('POST', '/v1/session', dict(me, **{'Content-Type': 'text/xml'}), b'<!DOCTYPE x>')
    check(site, 'XML', status, headers, text, (400, 499))


def texts(schema, at=()):
    """places of a body where a text of anybody's choice goes"""
    for name, s in schema.get('properties', {}).items():
        kind = s['type'][0] if isinstance(s.get('type'), list) else s.get('type')
        if kind == 'string' and 'enum' not in s:
            yield at + (name,)
        elif kind == 'array' and s['items'].get('type') == 'string':
            yield at + (name, 0)
        elif kind == 'array' and s['items'].get('type') == 'object':
            yield from texts(s['items'], at + (name, 0))
        elif kind == 'object':
            yield from texts(s, at + (name,))


def with_text(value, place, text):
    copy = json.loads(json.dumps(value))
    at = copy
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = text
    return copy


def changing(doc):
    """operations that change something and leave our session alone"""
    return [(m, p, a) for m, p, a in doc.operations() if m != 'GET' and not p.startswith('/v1/session')]


def written(site, doc, me):
    """each text of each body, one after the other"""
    headers = dict(me, **{'Content-Type': 'application/json'})
    for method, path, about in changing(doc):
        schema = doc.body_schema(about)
        if not schema:
            continue
        whole = doc.example(schema, every=True)
        for place in texts(schema):
            for bad in HOSTILE_TEXTS:
                body = json.dumps(with_text(whole, place, bad)).encode()
                check(site, f'{method} {path} {place} <- {bad[:20]!r}',
                      *site.ask(method, filled(path, site.conf.get('objects') or 'zz'), headers, body))


def forged(site, doc, me):
    """a page of somebody else's: with the cookie, without the token"""
    alien = {k: v for k, v in me.items() if k != 'X-CSRF-Token'}
    for method, path, about in doc.operations():
        if method == 'GET' or 'x-permission' not in about:
            continue
        for name, more in (('no token', {}), ('other origin', {'X-CSRF-Token': me['X-CSRF-Token'], 'Origin': 'https://evil.example'}),
                           ('other site', {'X-CSRF-Token': me['X-CSRF-Token'], 'Sec-Fetch-Site': 'cross-site'})):
            status, headers, text = site.ask(method, filled(path, 'zz'), dict(alien, **{'Content-Type': 'text/plain'}, **more), b'{}')
            if (status, code_of(text)) not in ((403, 'csrf-token'), (403, 'other-site')):
                site.wrong(f'CSRF, {name}: {method} {path}: {status} {code_of(text)}')


def oversized(site, doc, me):
    """a body is measured by its header already; nobody waits for it"""
    for method, path, about in changing(doc):
        head = ''.join(f'{k}: {v}\r\n' for k, v in me.items())
        status, got = site.raw(f'{method} {filled(path, "zz")} HTTP/1.1\r\nHost: {site.host}\r\n{head}Content-Type: application/json\r\n'
                               f'Connection: close\r\nContent-Length: {1 << 40}\r\n\r\n'.encode())
        if status not in (403, 413):
            site.wrong(f'{method} {path} with a terabyte: {status}')


def files(site, me):
    """names of attachments that lead elsewhere come back as names, or not at all"""
    thread = (site.conf.get('objects') or {}).get('thread')
    if thread is None:
        return
    headers, stored = dict(me, **{'Content-Type': 'application/json'}), 0
    for i, name in enumerate(('../../../../etc/cron.d/x', '..\\..\\x', '/etc/passwd', 'a\u202etxt.exe', 'a"; filename="b.html', 'x' * 150, 'con', '.', '..')):
        body = json.dumps({'text': 'f', 'client_id': f'file-{i:04}', 'confirm': {'ground': 'LAW', 'reason': 'for a test'},
                           'files': [{'name': name, 'type': 'text/html', 'content': 'PGI+'}]}).encode()
        status, got, text = site.ask('POST', f'/v1/chat/threads/{thread}/messages', headers, body)
        check(site, f'file {name[:20]!r}', status, got, text)
        kept = json.loads(text).get('files', []) if status < 300 else []
        stored += len(kept)
        for f in kept:
            status, got, _ = site.ask('GET', f'/v1/chat/threads/{thread}/files/{f["file"]}', me)
            shown = got.get('Content-Disposition', '')
            if status != 200 or not re.fullmatch(r"attachment; filename\*=UTF-8''[A-Za-z0-9._%-]*", shown):
                site.wrong(f'file {name[:20]!r}: {status} {shown}')
            if got.get('X-Content-Type-Options') != 'nosniff' or "default-src 'none'" not in got.get('Content-Security-Policy', ''):
                site.wrong(f'file {name[:20]!r}: a browser would run it')
    if not stored:
        site.wrong(f'no file of any name was stored: {status} {text[:200]}')


def smuggle(site):
    host = f'Host: {site.host}\r\n'.encode()
    head = b'POST /v1/session HTTP/1.1\r\n' + host
    second = b'GET /metrics HTTP/1.1\r\n' + host + b'\r\n'
    for name, data in (
            ('CL and TE', head + b'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' + second),
            ('two CL', head + b'Content-Length: 2\r\nContent-Length: 44\r\n\r\n{}' + second),
            ('signed CL', head + b'Content-Length: +2\r\n\r\n{}'),
            ('negative CL', head + b'Content-Length: -1\r\n\r\n{}'),
            ('odd TE', head + b'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'),
            ('bad chunk', head + b'Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n'),
            ('space before colon', head + b'Content-Length : 2\r\n\r\n{}'),
            ('folded header', b'GET /v1/cases HTTP/1.1\r\n' + host + b'X-A: b\r\n c\r\n\r\n'),
            ('NUL in header', b'GET /v1/cases HTTP/1.1\r\n' + host + b'X-A: b\x00c\r\n\r\n'),
            ('long header', b'GET /v1/cases HTTP/1.1\r\n' + host + b'X-A: ' + b'a' * 200000 + b'\r\n\r\n'),
            ('long path', b'GET /' + b'a' * 200000 + b' HTTP/1.1\r\n' + host + b'\r\n'),
            ('two hosts', b'GET /metrics HTTP/1.1\r\n' + host + b'Host: evil.example\r\n\r\n'),
            ('no host', b'GET /v1/cases HTTP/1.1\r\n\r\n'),
            ('traversal', b'GET /v1/../../etc/passwd HTTP/1.1\r\n' + host + b'\r\n'),
            ('TRACE', b'TRACE / HTTP/1.1\r\n' + host + b'X-Secret: 1\r\n\r\n'),
            ('garbage', b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03')):
        status, got = site.raw(data)
        if status >= 500 and status not in (501, 505) or 200 <= status < 400:
            site.wrong(f'{name}: {got[:150]!r}')
        if got.count(b'HTTP/1.1 2') or b'tsunagi_' in got or b'root:' in got or b'X-Secret' in got:
            site.wrong(f'{name}: a second request was served')


def browser(site, me):
    cookie = {'Cookie': me.get('Cookie', '')}
    post = dict(cookie, **{'Content-Type': 'application/json'})
    check(site, 'CSRF: no token', *site.ask('POST', '/v1/session/lock', post, b'{}'), (403, 403))
    check(site, 'CSRF: wrong token', *site.ask('POST', '/v1/session/lock', dict(post, **{'X-CSRF-Token': '0' * 64}), b'{}'),
          (403, 403))
    check(site, 'override', *site.ask('GET', '/v1/session', dict(me, **{'X-HTTP-Method-Override': 'DELETE'})), (200, 200))
    check(site, 'still there', *site.ask('GET', '/v1/session', me), (200, 200))
    status, headers, text = site.ask('GET', '/v1/cases/x', dict(me, Host='evil.example'))
    if 'evil.example' in str(headers) or b'evil.example' in text:
        site.wrong('the host header comes back')
    login = json.dumps({'login': site.conf['login'], 'password': site.conf['password']}).encode()
    fixed = 'f' * 64
    names = re.findall(r'([A-Za-z0-9_.-]+)=', me.get('Cookie', ''))
    status, headers, _ = site.ask('POST', '/v1/session', {'Content-Type': 'application/json',
                                                          'Cookie': '; '.join(f'{n}={fixed}' for n in names)}, login)
    given = ' '.join(headers.get_all('Set-Cookie') or [])
    if status >= 300 or fixed in given or not given:
        site.wrong(f'session fixation: {status} {given[:60]}')
    if not re.search('httponly', given, re.I) or not re.search('samesite=(strict|lax)', given, re.I):
        site.wrong('the cookie can be read or sent by others')


def is_open(s):
    try:
        return s.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) != b''
    except BlockingIOError:
        return True
    except OSError:
        return False


def slow(site, me):
    """Who is slow holds up nobody: others are answered while the slow ones still hold on."""
    held = []
    for _ in range(30):
        s = socket.create_connection((site.host, site.port))
        s.sendall(b'POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{')
        held.append(s)
    check(site, 'beside slow ones', *site.ask('GET', '/v1/me/views', me), (200, 200))
    if not any(is_open(s) for s in held):
        site.wrong('slow bodies hold up others')
    for s in held:
        s.close()


def attacks(site):
    me = next(a for a in site.conf['actors'] if a['kind'] == 'role')['headers']
    doc = site.document()
    files(site, me)  # the others may close the thread
    inject(site, me)
    bodies(site, me)
    written(site, doc, me)
    forged(site, doc, me)
    oversized(site, doc, me)
    smuggle(site)
    browser(site, me)
    slow(site, me)
    check(site, 'alive', *site.ask('GET', '/health'), (200, 200))


WRONG = {'integer': [1.5, -10**30, 10**30, 'x', True, [], {}], 'boolean': ['true', 1, [], {}],
         'string': [1, True, [], {}, 'a\x00b'], 'array': [1, 'x', {}, [[]]], 'object': [1, 'x', []]}
DAYS = ['2026-02-30', '2026-13-01', '0000-00-00', '2026-2-3', '20260203', '２０２６-02-03', '9' * 30, '2026-02-03T', '']
PLACES = ['zzz', '-1', '0x10', '9' * 40, '1;2', '%2b1', ' 1', '1,5', 'AAAA', '\u0661']


def refused(site, name, status, headers, text, low=400):
    check(site, name, status, headers, text, (low, 499))
    if status >= 400 and not {'type', 'status', 'code', 'title'} <= json.loads(text or b'{}').keys():
        site.wrong(f'{name}: {text[:120]!r} is no problem document')


def bodies_of(doc, schema):
    """(what is wrong, bytes): none of them is what the schema says"""
    good = doc.example(schema, every=True)
    text = json.dumps(good)
    first = next(iter(good))
    yield 'nothing', b''
    yield 'cut off', text[:-1].encode()
    yield 'more behind it', text.encode() + b'{}'
    yield 'a list', f'[{text}]'.encode()
    yield 'twice the same', (text[:-1] + f', {json.dumps(first)}: {json.dumps(good[first])}}}').encode()
    yield 'an unknown one', json.dumps(dict(good, zz_unknown=1)).encode()
    yield 'deep', f'{{{json.dumps(first)}: {"[" * 5000}{"]" * 5000}}}'.encode()
    yield 'no UTF-8', f'{{{json.dumps(first)}: "'.encode() + b'\xc0\xaf\xff"}'
    yield 'a lone surrogate', f'{{{json.dumps(first)}: "\\ud800"}}'.encode()
    yield 'a mark in front', b'\xef\xbb\xbf' + b'\xff' + text.encode()
    yield 'NaN', f'{{{json.dumps(first)}: NaN}}'.encode()
    for name, s in doc.schema(schema)['properties'].items():
        s = doc.schema(s)
        kinds = s.get('type')
        kind = kinds[0] if isinstance(kinds, list) else kinds
        for bad in WRONG.get(kind, []) + (DAYS if s.get('format') in ('date', 'date-time') else []) + \
                (['zz no such word'] if 'enum' in s and kind == 'string' else []) + \
                ([s['maximum'] + 1] if 'maximum' in s else []) + ([s['minimum'] - 1] if 'minimum' in s else []):
            yield f'{name} = {bad!r}'[:60], json.dumps(dict(good, **{name: bad})).encode()


def queries_of(doc, path, about):
    """(query, is it surely wrong?)"""
    for p in about.get('parameters', []):
        if p['in'] != 'query':
            continue
        name, s = p['name'], doc.schema(p['schema'])
        kinds = s.get('type')
        kind = kinds[0] if isinstance(kinds, list) else kinds
        if kind == 'array':
            continue
        for bad in (['x', '1.5', '1e3', '9' * 40, ''] + ([str(s['maximum'] + 1)] if 'maximum' in s else []) +
                    ([str(s['minimum'] - 1)] if 'minimum' in s else []) if kind == 'integer' else
                    ['maybe', '1'] if kind == 'boolean' else DAYS if s.get('format') == 'date' else
                    ['zz no such word'] if 'enum' in s else []):
            yield urllib.parse.urlencode({name: bad}), True
        for bad in PLACES if name == 'after' else []:
            yield urllib.parse.urlencode({name: bad}), '/v1/accounts' not in path # a login is any word
        good = doc.example(s)
        good = str(good).lower() if kind == 'boolean' else good
        yield urllib.parse.urlencode([(name, good), (name, good)]), True
        yield f'{name}=%00', True
        yield f'{name}=%ff%fe', True
        yield f'{name}=%zz', True
    yield 'zz_unknown=1', True


def misshapen(site, doc, method, path, about, me):
    """one route; path: of something that is there, if there is anything"""
    schema = doc.body_schema(about)
    if method == 'GET':
        for query, surely in queries_of(doc, path, about):
            status, headers, text = site.ask('GET', f'{path}?{query}', me)
            refused(site, f'{path}?{query[:60]}', status, headers, text, 400 if surely else 200)
    for name, body in bodies_of(doc, schema) if schema else []:
        refused(site, f'{method} {path}, {name}', *site.ask(method, path, dict(me, **{'Content-Type': 'application/json'}), body))
    for kind in ('text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', '', '\xe9') if schema else ():
        refused(site, f'{method} {path} as {kind!r}', *site.ask(method, path, dict(me, **{'Content-Type': kind}), b'{}'))


def other_methods(site, doc, me):
    there = {}
    for method, path, _ in doc.operations():
        there.setdefault(path, set()).add(method)
    for path, offered in there.items():
        where = filled(path, 'zz')
        for method in ('OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'get', 'X' * 300) + tuple({'POST', 'PUT', 'PATCH', 'DELETE', 'GET'} - offered):
            status, headers, text = site.ask(method, where, me)
            refused(site, f'{method[:9]} {path}', status, headers, text)
            if status == 405 and set(headers.get('Allow', '').split(', ')) != offered:
                site.wrong(f'{method[:9]} {path}: Allow is {headers.get("Allow")}')
        if 'GET' in offered and path != '/v1/events':
            status, _, text = site.ask('HEAD', where, me)
            if status >= 500 and path != '/ready' or text:
                site.wrong(f'HEAD {path}: {status} {text[:60]!r}')


def shapes(site):
    doc, rows = site.document(), None
    rows = table(site, doc)
    roles = [a for a in site.conf['actors'] if a['kind'] == 'role']
    for method, path, about in doc.operations():
        who = rows[f'{method} {path}'][0]
        if path == '/v1/events' or path == '/v1/session' and method == 'DELETE':
            continue
        me = next((a for a in roles if may(a, who)), roles[0])['headers']
        where = filled(path, site.conf['objects'])
        misshapen(site, doc, method, where, about, me)
    other_methods(site, doc, roles[0]['headers'])
    for language, mark in (('ja', re.compile('[\u3040-\u30ff]')), ('en', re.compile('^[ -~]*$'))):
        status, _, text = site.ask('GET', '/v1/cases?limit=x', dict(roles[0]['headers'], **{'Accept-Language': language}))
        if not mark.search(json.loads(text)['title']):
            site.wrong(f'{language}: {text.decode()}')


site = Site(json.load(open(sys.argv[2], encoding='utf-8')))
{'matrix': matrix, 'attacks': attacks, 'shapes': shapes}[sys.argv[1]](site)
for line in site.bad:
    print(line)
print(site.n)
