"""A kintone for tests: GET /k/v1/records.json of one app, with the documented limits (500 records a
call, offset up to 10 000, 100 fields in a query, API token, 429), failing on demand.

    fake_kintone.py FOLDER RECORDS [--tls CERT KEY]

FOLDER/port gets the port when it listens; FOLDER/log a line per call. FOLDER/fail, read at each call,
says what goes wrong: one word per call, used up from the left: 429, 503, slow (no answer), cut, html, ok.
FOLDER/die N: the process ends after N calls. Records 1..N are made up; each third has a table of two rows,
each fifth of them none.

App 9 can be written to: POST, PUT with revisions, DELETE, 100 records a call, all or nothing; its records
are in FOLDER/app.json. "番号" and "mark" are text, "番号" may not repeat, "日付" must be a date. `cut` loses the
answer of a call that was carried out; `edit` lets somebody change a record just before the call."""
import http.server
import json
import os
import re
import ssl
import sys
import threading
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


class App:
    """Records of app 9: a list of {field: text} with $id and $revision."""
    lock = threading.Lock()

    def __init__(self):
        try:
            self.next, self.records = json.load(open(path('app.json')))
        except FileNotFoundError:
            self.next, self.records = 1, {}

    def save(self):
        with open(path('app.new'), 'w') as f:
            json.dump([self.next, self.records], f, ensure_ascii=False)
        os.rename(path('app.new'), path('app.json'))

    def get(self, query):
        text = urllib.parse.parse_qs(query).get('query', [''])[0]
        m = re.fullmatch(r'番号 in \((.*)\) limit (\d+)', text)
        if not m or int(m[2]) > 500:
            raise Refused(400, 'CB_VA01')
        keys = json.loads('[%s]' % m[1])
        return {'records': [{k: field('SINGLE_LINE_TEXT', v) for k, v in r.items()}
                            for r in self.records.values() if r['番号'] in keys], 'totalCount': None}

    def change(self, i, n, values, taken):
        bad = {}
        for k, v in values.items():
            if k not in ('番号', 'mark', '日付', '内容'):
                raise Refused(400, 'CB_VA01')
            if k == '日付' and not re.fullmatch(r'(\d{4}-\d\d-\d\d)?', v['value']):
                bad['records[%d].日付.value' % i] = {'messages': ['no date']}
            if k == '番号' and v['value'] in taken:
                bad['records[%d].番号.value' % i] = {'messages': ['not unique']}
        return bad

    def write(self, method, query, body):
        if method == 'DELETE':
            q = urllib.parse.parse_qs(query)
            ids = [v[0] for k, v in q.items() if k.startswith('ids')]
            if len(ids) > 100 or any(i not in self.records for i in ids):
                raise Refused(404, 'GAIA_RE01')
            for i in ids:
                del self.records[i]
            self.save()
            return {}
        records = body['records']
        if len(records) > 100 or not records or str(body['app']) != '9':
            raise Refused(400, 'CB_VA01')
        errors, done = {}, []
        for i, r in enumerate(records):
            old = self.records.get(str(r.get('id'))) if method == 'PUT' else None
            if method == 'PUT' and old is None:
                raise Refused(404, 'GAIA_RE01')
            if old and 'revision' in r and int(r['revision']) not in (-1, int(old['$revision'])):
                raise Refused(409, 'GAIA_CO02')
            values = r['record'] if method == 'PUT' else r
            taken = [x['番号'] for x in self.records.values() if x is not old] + [d[1].get('番号') for d in done]
            errors.update(self.change(i, len(records), values, taken))
            done.append((old, {k: v['value'] for k, v in values.items()}))
        if errors:
            raise Refused(400, 'CB_VA01', errors)
        for old, values in done:
            if old is None:
                old = self.records[str(self.next)] = {'$id': str(self.next), '$revision': '0', '日付': '', '内容': '', 'mark': ''}
                self.next += 1
            old.update(values)
            old['$revision'] = str(int(old['$revision']) + 1)
        self.save()
        return {'ids': [d[0]['$id'] if d[0] else '' for d in done]}


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
        if self.path == '/k/v1/app/form/fields.json?app=9':
            found = {k: {'code': k, 'type': 'SINGLE_LINE_TEXT', 'unique': str(k == '番号').lower()}
                     for k in ('番号', 'mark', '日付', '内容')}
            return self.send(200, json.dumps({'properties': found, 'revision': '2'}).encode())
        Handler.calls += 1
        size = int(self.headers.get('Content-Length') or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        url = urllib.parse.urlparse(self.path)
        with open(path('log'), 'a') as f:
            f.write('%s%s %s\n' % ('' if self.command == 'GET' else self.command + ' ', url.path,
                                  urllib.parse.unquote_plus(url.query) if not body else len(body['records'])))
        if os.path.exists(path('die')) and Handler.calls > int(open(path('die')).read()):
            os._exit(0)
        fault = next_fault()
        if fault == 'slow':
            self.connection.settimeout(240)
            self.connection.recv(1)  # until the caller has had enough and hangs up
            self.close_connection = True
            return None
        if fault in ('429', '503'):
            return self.send(int(fault), b'{"code":"GAIA_TM12","id":"x","message":"busy"}')
        if fault == 'html':
            return self.send(200, b'<html>please log in</html>', 'text/html')
        app = self.command != 'GET' or 'app=9&' in url.query
        if fault == 'edit':
            a = App()
            first = sorted(a.records.values(), key=lambda r: int(r['$id']))[0]
            first.update({'内容': 'changed by hand', '$revision': str(int(first['$revision']) + 1)})
            a.save()
        if fault == 'cut' and not app:
            return self.send(200, b'{"records":[', length=4096)
        if self.headers.get('X-Cybozu-API-Token') != TOKEN:
            return self.send(401, b'{"code":"CB_WA01","id":"x","message":"wrong token"}')
        try:
            if url.path != '/k/v1/records.json':
                raise Refused(404, 'CB_NO01')
            with App.lock:
                got = answer(url.query) if not app else App().get(url.query) if self.command == 'GET' else \
                    App().write(self.command, url.query, body)
            if fault == 'cut':
                return self.send(200, b'{"ids":[', length=4096)
            self.send(200, json.dumps(got, ensure_ascii=False).encode())
        except Refused as e:
            more = {'errors': e.args[2]} if len(e.args) > 2 else {}
            self.send(e.args[0], json.dumps(dict(code=e.args[1], id='x', message='', **more)).encode())

    do_POST = do_PUT = do_DELETE = do_GET


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
if sys.argv[3:4] == ['--tls']:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
with open(path('port.new'), 'w') as f:
    f.write(str(server.server_address[1]))
os.rename(path('port.new'), path('port'))
server.serve_forever()
