#!/usr/bin/env python3
"""daemon_year.py CONFIG CLOCK: fourteen months of the real daemon, in the folder of its site, whose clock (tests/lib/clock.c)
goes from one moment to the next at which something could happen, and stands still until the daemon has done it. Prints
what was started when, from the daemon's log; then, as comments, what went wrong."""
import atexit
import datetime
import json
import mmap
import os
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import time

JST = datetime.timezone(datetime.timedelta(hours=9))
FIRST, END = (datetime.datetime(*d, tzinfo=JST) for d in ((2027, 11, 1), (2029, 1, 10)))
HOURS = ((0, 0), (5, 30), (6, 0), (12, 0), (18, 0), (23, 50))  # of all schedules; 06:00 ends a blackout as well


def moment(text):
    return datetime.datetime.fromisoformat(text + ':00+09:00')


class Clock:
    def __init__(self, path):
        with open(path, 'r+b') as f:
            self.face = mmap.mmap(f.fileno(), 24)

    def set(self, at):
        self.face[:8] = struct.pack('=q', int(at.timestamp()))

    def tick(self):
        """a second more, for what is done every other second"""
        self.face[:8] = struct.pack('=q', struct.unpack('=q', self.face[:8])[0] + 1)
        time.sleep(0.005)

    def asked(self):
        return struct.unpack('=q', self.face[16:])[0]


PATIENCE = 240  # s; only what will never come meets it


def until(what, holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f'# {what}: not within {PATIENCE} s')
        time.sleep(0.0005)


class Daemon:
    def __init__(self, clock):
        self.clock, self.process, self.read, self.lines = clock, None, 0, []
        self.log = open('log', 'ab+')

    def events(self, name):
        self.log.seek(self.read)
        more = self.log.read()
        whole = more[:more.rfind(b'\n') + 1]
        self.read += len(whole)
        self.lines += [json.loads(l) for l in whole.splitlines() if l.startswith(b'{')]
        return [l for l in self.lines if l['event'] == name]

    def start(self):
        n = len(self.events('started'))
        self.process = subprocess.Popen(['tsunagi', 'serve', 'jobs.cfg'], stderr=self.log, stdout=subprocess.DEVNULL)
        self.clock.face[8:16] = struct.pack('=q', self.process.pid)
        until('start', lambda: len(self.events('started')) > n)

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait(PATIENCE)
        self.process = None

    def turn(self):
        """a whole turn of its loop with the clock as it is; runs that it begins are waited for"""
        for _ in range(3):
            n = self.clock.asked()
            self.process.send_signal(signal.SIGUSR1)
            until('a turn', lambda: self.clock.asked() > n)
        until('the end of runs', lambda: len(self.events('run-start')) == len(self.events('run-end')))


def day_of(at):
    return (at.date() - datetime.date(1970, 1, 1)).days


def evaluated(db, at):
    """the alerts of that day are there"""
    try:
        return db.execute('SELECT day, seq - seen FROM alerts_state').fetchone() == (day_of(at), 0)
    except sqlite3.OperationalError:
        return False


config = open(sys.argv[1], encoding='utf-8').read()
down = [(moment(a), moment(b)) for a, b in re.findall(r'\{"(\d{4}-[-0-9T:]+)", "(\d{4}-[-0-9T:]+)"\}', config)]
days = [FIRST + datetime.timedelta(days=i) for i in range((END - FIRST).days)]
when = {d.replace(hour=h, minute=m) for d in days for h, m in HOURS if h == 0 or d.day in range(1, 12) or d.day > 22 or d.weekday() == 0}
when |= {d for d in days} | {t for pair in down for t in pair}
clock = Clock(sys.argv[2])
daemon = Daemon(clock)
atexit.register(lambda: daemon.process and daemon.process.kill())
db = sqlite3.connect('file:s.db?mode=ro', uri=True, timeout=PATIENCE)
kills = 0
for at in sorted(when):
    clock.set(at)
    if daemon.process and any(a <= at < b for a, b in down):
        kills += 1
        daemon.end(signal.SIGKILL if kills % 2 else signal.SIGTERM)
    if any(a <= at < b for a, b in down):
        continue
    if not daemon.process:
        daemon.start()
    daemon.turn()
    if at.hour == 0:
        until('the alerts of a day', lambda: evaluated(db, at) or clock.tick())
daemon.end(signal.SIGTERM)
for run in daemon.events('run-start'):
    print(run['time'][:16], run['job'])
for run in daemon.events('run-end'):
    if run['outcome'] != 'well':
        print('#', run['time'], run['job'], run['outcome'], run.get('code'))
