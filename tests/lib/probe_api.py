"""Who may what by HTTP, and what attackers get. One JSON file says where and who:

{"url": "http://127.0.0.1:1234", "actors": [{"name": "...", "kind": "none|expired|token|role", "may": [...],
 "view_only": bool, "view": bool, "headers": {...}}]}

probe_api.py matrix FILE   every route of the description x every actor; what is expected comes from x-permission and
                           the actor's patterns. Prints what is wrong, then the number of answers looked at.
probe_api.py attacks FILE  hostile requests as the first actor of kind role; prints what is wrong, then the number.
"""
import http.client
import json
import re
import socket
import sys
import time
import urllib.parse

OPEN = {'GET /metrics', 'GET /ready', 'GET /health', 'POST /v1/session', 'GET /v1/openapi.json'}
SIGNED = ('/v1/session', '/v1/events', '/v1/me/')
LAST = ('/v1/session/lock', '/v1/session/unlock', '/v1/session')


class Site:
    def __init__(self, conf):
        self.conf, self.bad, self.n = conf, [], 0
        where = urllib.parse.urlparse(conf['url'])
        self.host, self.port = where.hostname, where.port
        self.conn = None

    def wrong(self, text):
        self.bad.append(text)

    def ask(self, method, path, headers=None, body=None):
        """status, headers, body; an event stream is not read"""
        for again in (0, 1):
            try:
                if self.conn is None:
                    self.conn = http.client.HTTPConnection(self.host, self.port, timeout=20)
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

    def raw(self, data, wait=3.0):
        """what comes back for these bytes: (status or 0 when it only closes, everything)"""
        self.n += 1
        with socket.create_connection((self.host, self.port), timeout=wait) as s:
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

    def routes(self):
        doc = json.loads(self.ask('GET', '/v1/openapi.json')[2])
        for path, ways in doc['paths'].items():
            for method, about in ways.items():
                if isinstance(about, dict) and 'responses' in about:
                    yield method.upper(), path, about


def fits(pattern, permission):
    if pattern == '*':
        return True
    if pattern.endswith('.*'):
        return permission.startswith(pattern[:-1])
    if pattern.startswith('*.'):
        return permission.endswith(pattern[1:])
    return pattern == permission


def may(actor, permission):
    if actor['kind'] in ('none', 'expired'):
        return False
    if permission in ('', '-', '='):
        return True
    if actor.get('view_only') and not permission.endswith('.read'):
        return False
    return any(fits(p, permission) for p in actor['may'])


def filled(path, value):
    return re.sub(r'\{[^}]*\}', urllib.parse.quote(value, safe=''), path)


def matrix(site):
    routes = list(site.routes())
    routes.sort(key=lambda r: (LAST.index(r[1]) if r[1] in LAST and r[0] != 'GET' else -1))
    for method, path, about in routes:
        permission = about.get('x-permission')
        if permission is None and f'{method} {path}' not in OPEN:
            site.wrong(f'{method} {path} is open to everybody')
        if permission in ('', '-', '=') and not path.startswith(SIGNED):
            site.wrong(f'{method} {path} is open to whoever is signed in')
    for actor in site.conf['actors']:
        for method, path, about in routes:
            permission = about.get('x-permission')
            headers = dict(actor['headers'])
            body = None
            if method != 'GET':
                headers['Content-Type'] = 'application/json'
                body = b'{}'
            status, _, text = site.ask(method, filled(path, 'zz-none'), headers, body)
            code = ''
            if text.startswith(b'{'):
                code = json.loads(text).get('code', '')
            row = f'{method} {path} ({permission}) as {actor["name"]}: {status} {code}'
            if status >= 500 and path != '/ready':
                site.wrong(row)
            elif permission is None:
                if status in (401, 403) and path != '/v1/session':
                    site.wrong(row)
            elif actor['kind'] in ('none', 'expired'):
                if status != 401:
                    site.wrong(row)
            elif actor['kind'] == 'token' and path.startswith(SIGNED) and '/me/' not in path:
                continue  # a program has no session
            elif not may(actor, permission):
                if (status, code) != (403, 'not-allowed'):
                    site.wrong(row)
            elif code in ('not-allowed', 'login-needed', 'csrf-token') and path not in LAST:
                site.wrong(row)
            elif path == '/v1/cases' and (status == 200) != actor['view']:
                site.wrong(row + ' (of its agency)')


HOSTILE = ["' OR 1=1 --", "1; DROP TABLE cc_case", '"><script>alert(1)</script>', '../../../../etc/passwd',
           '..\\..\\x', '%s%n%x', '\x00', 'a\r\nX-Injected: 1', '\u202e\u2066', 'x' * 5000, '-1', '9' * 40, '{{7*7}}',
           '$(id)', '%', '佐藤花子']


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
    for method, path, about in site.routes():
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


def slow(site, me):
    held = []
    for _ in range(30):
        s = socket.create_connection((site.host, site.port))
        s.sendall(b'POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{')
        held.append(s)
    began = time.monotonic()
    check(site, 'beside slow ones', *site.ask('GET', '/v1/me/views', me), (200, 200))
    if time.monotonic() - began > 5:
        site.wrong('slow bodies hold up others')
    for s in held:
        s.close()


def attacks(site):
    me = next(a for a in site.conf['actors'] if a['kind'] == 'role')['headers']
    inject(site, me)
    bodies(site, me)
    smuggle(site)
    browser(site, me)
    slow(site, me)
    check(site, 'alive', *site.ask('GET', '/health'), (200, 200))


site = Site(json.load(open(sys.argv[2], encoding='utf-8')))
{'matrix': matrix, 'attacks': attacks}[sys.argv[1]](site)
for line in site.bad:
    print(line)
print(site.n)
