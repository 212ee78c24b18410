"""A kintone for tests: GET /k/v1/records.json of one app, with the documented limits (500 records a
call, offset up to 10 000, 100 fields in a query, API token, 429), failing on demand.

    fake_kintone.py FOLDER RECORDS [--tls CERT KEY]

FOLDER/port gets the port when it listens; FOLDER/log a line per call. FOLDER/fail, read at each call,
says what goes wrong: one word per call, used up from the left: 429, 503, slow, cut, html, ok.
FOLDER/die N: the process ends after N calls. Records 1..N are made up; each third has a table of two rows,
each fifth of them none."""
import http.server
import json
import os
import re
import ssl
import sys
import time
import urllib.parse

TOKEN = 'test-token'
folder, count = sys.argv[1], int(sys.argv[2])


def path(name):
    return os.path.join(folder, name)


def field(kind, value):
    return {'type': kind, 'value': value}


def rows_of(i):
    n = 0 if i % 5 == 0 else 2 if i % 3 == 0 else 1
    return [{'id': str(i * 10 + k),
             'value': {'支援日時': field('DATETIME', '2024-10-%02dT23:30:00Z' % (i % 28 + 1)),
                       '方法': field('DROP_DOWN', '電話'),
                       '内容': field('MULTI_LINE_TEXT', '記録 %d の %d 行目' % (i, k + 1))}}
            for k in range(n)]


def record(i):
    return {'$id': field('__ID__', str(i)), '$revision': field('__REVISION__', '1'),
            '利用者番号': field('SINGLE_LINE_TEXT', '%06d' % i), '氏名': field('SINGLE_LINE_TEXT', '見本　%d' % i),
            'フリガナ': field('SINGLE_LINE_TEXT', ''), '生年月日': field('DATE', None),
            '支援ニーズ': field('CHECK_BOX', ['家計'] if i % 2 else []), '担当': field('USER_SELECT', []),
            '更新日時': field('UPDATED_TIME', '2024-10-01T04:30:00Z'), '経過': field('SUBTABLE', rows_of(i)),
            '添付': field('FILE', [])}


class Refused(Exception):
    pass


def answer(query):
    q = urllib.parse.parse_qs(query)
    if q.get('app') != ['7']:
        raise Refused(404, 'GAIA_AP01')
    text = q.get('query', [''])[0]
    limit = int((re.search(r'limit (\d+)', text) or [0, '100'])[1])
    offset = int((re.search(r'offset (\d+)', text) or [0, '0'])[1])
    if limit > 500 or offset > 10000:
        raise Refused(400, 'CB_VA01')
    fields = [v[0] for k, v in sorted(q.items()) if k.startswith('fields')]
    if len(fields) > 100:
        raise Refused(400, 'CB_VA01')
    after = int((re.search(r'\$id > (\d+)', text) or [0, '0'])[1])
    page = [record(i) for i in range(after + 1, min(count, after + offset + limit) + 1)][offset:]
    if fields:
        page = [{k: v for k, v in r.items() if k in fields} for r in page]
    return {'records': page, 'totalCount': None}


def next_fault():
    try:
        words = open(path('fail')).read().split()
    except FileNotFoundError:
        return 'ok'
    with open(path('fail'), 'w') as f:
        f.write(' '.join(words[1:]))
    return words[0] if words else 'ok'


class Handler(http.server.BaseHTTPRequestHandler):
    calls = 0

    def log_message(self, *args):
        pass

    def send(self, status, body, kind='application/json', length=None, headers=()):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        for k, v in headers:
            self.send_header(k, v)
        self.send_header('Content-Length', str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        Handler.calls += 1
        url = urllib.parse.urlparse(self.path)
        with open(path('log'), 'a') as f:
            f.write('%s %s\n' % (url.path, urllib.parse.unquote_plus(url.query)))
        if os.path.exists(path('die')) and Handler.calls > int(open(path('die')).read()):
            os._exit(0)
        fault = next_fault()
        if fault == 'slow':
            time.sleep(1)
        if fault in ('429', '503'):
            return self.send(int(fault), b'{"code":"GAIA_TM12","id":"x","message":"busy"}')
        if fault == 'html':
            return self.send(200, b'<html>please log in</html>', 'text/html')
        if fault == 'cut':
            return self.send(200, b'{"records":[', length=4096)
        if self.headers.get('X-Cybozu-API-Token') != TOKEN:
            return self.send(401, b'{"code":"CB_WA01","id":"x","message":"wrong token"}')
        try:
            if url.path != '/k/v1/records.json':
                raise Refused(404, 'CB_NO01')
            self.send(200, json.dumps(answer(url.query), ensure_ascii=False).encode())
        except Refused as e:
            self.send(e.args[0], json.dumps({'code': e.args[1], 'id': 'x', 'message': ''}).encode())


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
if sys.argv[3:4] == ['--tls']:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(path('port.new'), 'w') as f:
    f.write(str(server.server_address[1]))
os.rename(path('port.new'), path('port'))
server.serve_forever()
