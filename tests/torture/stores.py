"""Where a case of torture.py keeps its data: a file in its folder, or a database of a server of the test's own. One object a run;
every folder has a store of its own, a copied folder a copy of it."""
import itertools
import os
import re
import sqlite3
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# what differs between two runs that did the same: process ids and what is sealed over them, counts of transactions and of what they may
# have changed
SKIP_COLUMNS, SKIP_COUNTERS = ('pid', 'seal'), "('sync', 'facts')"


class Sqlite:
    files = 's.db'  # of the store and its keys, by how their names begin

    def start(self, work):
        pass

    def stop(self):
        pass

    def make(self, d):
        pass

    copy = drop = lambda self, *d: None

    def url(self, d):
        return 'sqlite:s.db'

    def file(self, data):
        """Of a file what must be the same after a failure and a second try."""
        return data

    def rows(self, d, skip):
        path = os.path.join(d, 's.db')
        if not os.path.exists(path):
            return []
        rows, db = [], sqlite3.connect(path)
        try:
            for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
                if t in skip:
                    continue
                cols = [c[1] for c in db.execute('PRAGMA table_info("%s")' % t) if c[1] not in SKIP_COLUMNS]
                where = " WHERE name NOT IN %s" % SKIP_COUNTERS if t == 'counter' else ''
                for row in db.execute('SELECT %s FROM "%s"%s' % (', '.join('"%s"' % c for c in cols), t, where)):
                    rows.append(t + repr(row))
        finally:
            db.close()
        return sorted(rows)


class Postgresql:
    files = '.database'  # its name, and the keys of recipients beside it
    # numbers that the server gives out are not given back by a transaction that fails; the ledger covers that of the run
    given = re.compile(r'"(id|run_id|system_id|feed_id|solved_by|undoes|undone_by)": \d+|"hash": "[^"]*"')
    keep_id = re.compile('record|cc_')

    def start(self, work):
        self.dir, self.number = os.path.join(work, 'pg'), itertools.count()
        os.chmod(work, 0o755)
        self.server('start')

    def stop(self):
        self.server('stop', 'immediate')

    def server(self, *args):
        r = subprocess.run([os.path.join(HERE, '..', 'lib', 'pg_server.sh'), args[0], self.dir] + list(args[1:]))
        if r.returncode:
            sys.exit(r.returncode)

    def info(self, name):
        return 'host=%s user=tsunagi dbname=%s' % (self.dir, name)

    def sql(self, name, *statements):
        argv = ['psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', self.info(name)]
        for s in statements:
            argv += ['-c', s]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split('\n')[:-1]

    def name(self, d):
        with open(os.path.join(d, '.database')) as f:
            return f.read()

    def make(self, d, template='template0'):
        name = 'torture_%d' % next(self.number)
        self.sql('tsunagi', 'CREATE DATABASE %s TEMPLATE %s' % (name, template))
        with open(os.path.join(d, '.database'), 'w') as f:
            f.write(name)

    def copy(self, source, d):
        self.make(d, self.name(source))

    def drop(self, d):
        try:
            self.sql('tsunagi', 'DROP DATABASE %s WITH (FORCE)' % self.name(d))
        except subprocess.CalledProcessError:
            pass  # the server's own cleaner is in it; it goes with the server

    def file(self, data):
        return re.sub(rb'(?m)^[^,]*,', b'', data)  # without the ids of a reject file

    def url(self, d):
        return 'postgresql:' + self.info(self.name(d))

    def rows(self, d, skip):
        name = self.name(d)
        tables = self.sql(name, "SELECT tablename FROM pg_tables WHERE schemaname = 'tsunagi' ORDER BY 1")
        one = "SELECT '%s' || (to_jsonb(t) - ARRAY['" + "', '".join(SKIP_COLUMNS) + "'])::text FROM tsunagi.%s t%s"
        all_of = [one % (t, t, " WHERE name NOT IN %s" % SKIP_COUNTERS if t == 'counter' else '') for t in tables if t not in skip]
        return sorted(map(self.mask, self.sql(name, *all_of))) if all_of else []

    def mask(self, row):
        table = row.partition('{')[0]
        keep = {'id', 'hash'} if self.keep_id.match(table) else {'hash'} if table != 'chunk' else set()
        return self.given.sub(lambda m: m[0] if m[0].split('"')[1] in keep else '#', row)


STORES = {'sqlite': Sqlite, 'postgresql': Postgresql}
