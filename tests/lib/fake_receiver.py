"""A mail server and a receiver of webhooks for tests, failing on demand.

    fake_receiver.py FOLDER SECRET [CERT KEY]

FOLDER/smtp and FOLDER/hook get their ports when they listen. Mails end up in FOLDER/mails/N, calls of the webhook in
FOLDER/hooks, a JSON line each: what the signature was worth, and the body. FOLDER/smtp.fail and FOLDER/hook.fail, read at
each mail or call, say what goes wrong, one word each, used up from the left.
  mail: refuse (hangs up), 451 (later), 550 (never), cut (takes the mail and hangs up before it says so), ok
  call: 500, 410, cut (takes the call, no answer), ok
With CERT and KEY the mail server offers STARTTLS and takes mail only after it."""
import hashlib
import hmac
import http.server
import json
import os
import socketserver
import ssl
import sys
import threading
import time

folder, secret = sys.argv[1], sys.argv[2]
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if len(sys.argv) > 4 else None
if tls:
    tls.load_cert_chain(sys.argv[3], sys.argv[4])
lock = threading.Lock()
seen = set()


def path(name):
    return os.path.join(folder, name)


def next_word(name):
    with lock:
        try:
            with open(path(name)) as f:
                words = f.read().split()
        except FileNotFoundError:
            return 'ok'
        if not words:
            return 'ok'
        with open(path(name), 'w') as f:
            f.write(' '.join(words[1:]))
        return words[0]


class Smtp(socketserver.BaseRequestHandler):
    def say(self, line):
        self.out.write(line.encode() + b'\r\n')
        self.out.flush()

    def files(self, sock):
        self.request = sock
        self.inp, self.out = sock.makefile('rb'), sock.makefile('wb')

    def keep(self, mail):
        with lock:
            n = len(os.listdir(path('mails'))) + 1
            with open(path('mails/.new'), 'wb') as f:
                f.write(mail)
            os.rename(path('mails/.new'), path('mails/%03d' % n))

    def data(self, fail):
        self.say('354 go on')
        mail = b''
        while True:
            line = self.inp.readline()
            if line in (b'.\r\n', b''):
                break
            mail += line[1:] if line.startswith(b'.') else line
        self.keep(mail)
        if fail != 'cut':
            self.say('250 taken')

    def handle(self):
        self.files(self.request)
        fail, safe = next_word('smtp.fail'), tls is None
        if fail == 'refuse':
            return
        self.say('220 test ESMTP')
        while True:
            line = self.inp.readline().decode('ascii', 'replace').strip()
            word = line.split(' ')[0].upper()
            if word == 'EHLO':
                self.say('250-test')
                self.say('250 STARTTLS' if not safe else '250 8BITMIME')
            elif word == 'STARTTLS' and not safe:
                self.say('220 go')
                self.files(tls.wrap_socket(self.request, server_side=True))
                safe = True
            elif word == 'MAIL':
                self.say('250 ok' if safe else '530 must issue STARTTLS first')
            elif word == 'RCPT':
                self.say('%s no' % fail if fail in ('451', '550') else '250 ok')
            elif word == 'DATA':
                self.data(fail)
                if fail == 'cut':
                    return
            elif word in ('QUIT', ''):
                return
            else:
                self.say('250 ok')


class Hook(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def judge(self, body):
        part = dict(p.split('=', 1) for p in self.headers['Tsunagi-Signature'].split(','))
        want = hmac.new(secret.encode(), part['t'].encode() + b'.' + body, hashlib.sha256)
        if not hmac.compare_digest(want.hexdigest(), part['v1']):
            return 'forged'
        if abs(time.time() - int(part['t'])) > 300:
            return 'old'
        if self.headers['Tsunagi-Delivery'] in seen:
            return 'again'
        seen.add(self.headers['Tsunagi-Delivery'])
        return 'good'

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        fail = next_word('hook.fail')
        if fail in ('500', '410'):
            self.send_error(int(fail))
            return
        with lock, open(path('hooks'), 'a') as f:
            f.write(json.dumps({'worth': self.judge(body), 'body': json.loads(body)}) + '\n')
        if fail == 'cut':
            self.connection.close()
            return
        self.send_response(204)
        self.end_headers()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # whoever hangs up is part of the tests


def listen(name, handler):
    server = Server(('127.0.0.1', 0), handler)
    with open(path('.' + name), 'w') as f:
        f.write(str(server.server_address[1]))
    os.rename(path('.' + name), path(name))
    return server


os.makedirs(path('mails'), exist_ok=True)
mail, hook = listen('smtp', Smtp), listen('hook', Hook)
threading.Thread(target=mail.serve_forever, daemon=True).start()
hook.serve_forever()
