#!/usr/bin/env python3
"""Every call that can fail fails once, over the whole program's main commands.

usage: [TEST_STORE=sqlite|postgresql] torture.py [POINTS|ways|all|sample:N] [SEED] [CASE[/KIND[:N[:HOW]]]]

Each case is a command in a folder prepared for it. Without faults it gives the reference: exit code,
output, store, files. Then, for each kind of call (tests/torture/fault.c), the Nth one fails, for N = 1, 2,
...; POINTS of them, spread evenly with a random start, when there are more ("all": every one; "ways": of memory
the first call that came by other callers than all before it, in any case; of the other kinds every call, in one of its hows). After each:
  - the exit code is one of the documented ones, with an error message; nothing dies, nothing hangs
  - if it says done, everything is as in the reference
  - the same command again comes to its end, with the store and the files of the reference, nothing else
  - doctor finds the store whole
Prints TAP, the seed, and for every failure the argument that replays it."""
import concurrent.futures
import difflib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from stores import STORES

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
BUILD = os.environ.get('BUILD', 'build')
BIN = os.path.join(ROOT, BUILD, 'bin', 'tsunagi')
LIB = os.path.join(ROOT, BUILD, 'torture', 'fault.so')
PEOPLE = os.path.join(ROOT, 'tests', 'flow', 'people', 'mapping.cfg')
BOOK = os.path.join(ROOT, 'mappings', 'center-excel', 'forms.sample.xlsx')
NOW = '2026-06-15T10:00:00+09:00'
DOCUMENTED = range(0, 12)
TIMEOUT = 60
# without the tagger: a dictionary that cannot be mapped is a warning, and a run with other detectors
PLUGINS = ['source-csv', 'source-xlsx', 'sink-csv', 'detect-pattern', 'detect-roster']
HEAD = '番号,氏名,生年月日,電話,メモ'

# kind of call -> what happens to it
HOWS = {
    'alloc': ['ENOMEM'], 'lib': ['ENOMEM'], 'config': ['ENOMEM'], 'open': ['EMFILE', 'EACCES'], 'read': ['EIO', 'intr', 'short'],
    'write': ['ENOSPC', 'EIO', 'full', 'short', 'intr', 'kill'], 'sync': ['EIO', 'kill'], 'rename': ['EIO', 'kill'],
    'truncate': ['EIO', 'kill'], 'unlink': ['EIO', 'kill'], 'stat': ['EIO'], 'map': ['ENOMEM'], 'lock': ['ENOLCK'],
}
MEMORY = {'alloc', 'lib', 'config'}
# libconfig 1.5 does not look whether malloc gave it something, and no caller can take over from there; it dies while a configuration
# is read, before anything is written. hub/conf asks first for more memory than a parse takes, so that only a fault made here
# can hit it. OpenSSL 3.0 dies when memory fails in the middle of its first use, which is the hash of the schema. regcomp of
# glibc 2.36 frees twice what a node of a pattern was to get, while a mapping is read; of nsswitch.conf, read before libpq
# connects, it follows the pointer that malloc did not give it.
MAY_DIE = {'config'}
MAY_DIE_IN = re.compile(r"libconfig|libcrypto|^libc\.so\.6 \S+ (regcomp|__nss_database_get)$", re.M)
# Its scanner says so and ends the program (flex); glibc 2.36 stops at an assertion when it reads nsswitch.conf.
DIES_SAYING = re.compile(r"out of dynamic memory in libconfig_yy|nss_database\.c:\d+: .*Assertion")


def people(changes=(), rows=12):
    """A file of people: one row of it broken, one with a gaiji, some with another text."""
    lines = [HEAD]
    for i in range(1, rows + 1):
        born = 'S99.9.99' if i == 5 else 'S45.%d.1' % (i % 12 + 1)
        lines.append('%03d,山田%d,%s,03-1234-56%02d,%s' % (i, i, born, i, 'あ' if i in changes else '電話＠' if i == 8 else '電話あり'))
    return ('\r\n'.join(lines) + '\r\n').encode('cp932').replace('＠'.encode('cp932'), b'\xf0\x40')


class Case:
    """argv in a folder that prepare() fills. skip_tables: what a second time adds to; again: exit codes of a second time."""

    def __init__(self, name, prepare, argv, skip_tables=(), again=()):
        self.name, self.prepare, self.argv, self.skip_tables, self.again = name, prepare, argv, skip_tables, again


def put(d, name, data):
    with open(os.path.join(d, name), 'wb') as f:
        f.write(data)


def tsunagi(d, argv, want=(0,), actor='carl', **env):
    r = run(d, argv, dict(env, TSUNAGI_ACTOR=actor))
    if r.returncode not in want:
        sys.exit('preparing: %s: exit %d\n%s' % (' '.join(argv), r.returncode, r.stderr.decode()))


IMPORT = ['import', 'in.csv', '--mapping', PEOPLE, '--workers', '1', '--quiet', '--set', 'batch_rows=4']


def fresh(d):
    put(d, 'in.csv', people())


def loaded(d):
    fresh(d)
    tsunagi(d, IMPORT, (5,))


def changed(d):
    loaded(d)
    put(d, 'in.csv', people(changes=(2, 7, 9), rows=14))


def loaded_twice(d):
    changed(d)
    tsunagi(d, IMPORT + ['--full'], (5,))


def corrected(d):
    loaded(d)
    with open(os.path.join(d, 'in.csv.rejects.csv'), 'rb') as f:
        put(d, 'fixed.csv', f.read().replace(b'S99.9.99', b'S49.9.9'))


def approved(d):
    loaded(d)
    tsunagi(d, ['release', 'propose', 'trusted-agency'], actor='ann')
    tsunagi(d, ['release', 'approve', 'trusted-agency'], actor='bob')
    tsunagi(d, ['export', '--profile', 'trusted-agency', '--as', 'csv', '--to', 'before', '--quiet'])


RELEASES = ('release', 'release_item', 'audit', 'meta')
CASES = [
    Case('import', fresh, IMPORT),
    Case('import-full', changed, IMPORT + ['--full']),
    Case('dry-run', changed, IMPORT + ['--full', '--dry-run']),
    Case('reload', corrected, ['reload', 'fixed.csv', '--quiet']),
    Case('undo', loaded_twice, ['undo', '2'], ('audit', 'meta')),
    Case('export', approved, ['export', '--profile', 'trusted-agency', '--as', 'csv', '--to', 'out', '--quiet'], RELEASES),
    Case('report', loaded, ['report', '1', '--out', 'r.html', '--rejects', 'r.csv']),
    Case('doctor', loaded_twice, ['doctor']),
    Case('explain', loaded_twice, ['explain', 'person', '002']),
    Case('runs', loaded_twice, ['runs']),
    Case('guess', fresh, ['guess', 'in.csv', '--out', 'guessed.cfg'], again=(2,)),
    Case('guess-book', fresh, ['guess', BOOK, '--out', 'guessed.cfg'], again=(2,)),
    Case('import-book', fresh, ['import', BOOK, '--mapping', 'center-excel/forms', '--quiet']),
    Case('preview', fresh, ['preview', 'in.csv', '--mapping', PEOPLE]),
]


def run(d, argv, env):
    full = {'PATH': os.environ['PATH'], 'TSUNAGI_LANG': 'en', 'TSUNAGI_STORE': STORE.url(d), 'TSUNAGI_KEYS': STORE.files + '.keys', 'TSUNAGI_ACTOR': 'carl', 'TSUNAGI_NOW': NOW,
            'TSUNAGI_PLUGINS': os.path.join(WORK, 'plugins')}
    full.update(env)
    return subprocess.run([BIN] + argv, cwd=d, env=full, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT)


def files_of(d):
    out = {}
    for base, _, names in os.walk(d):
        for n in names:
            p = os.path.join(base, n)
            rel = os.path.relpath(p, d)
            if not rel.startswith((STORE.files, '.log')):
                with open(p, 'rb') as f:
                    out[rel] = f.read()
    return out


def text_of(path):
    if not os.path.exists(path):
        return ''
    with open(path) as f:
        return f.read()


class Bad(Exception):
    pass


def same_rows(got, want, when):
    if got != want:
        raise Bad('%s: another store\nhas:   %s\nmisses: %s' % (when, [x for x in got if x not in want][:2], [x for x in want if x not in got][:2]))


def expect(true, what):
    if not true:
        raise Bad(what)


def points(n, budget, rng):
    """All of 1..n, or `budget` of them, evenly spread from a random start."""
    if n <= budget:
        return list(range(1, n + 1))
    step = n / budget
    start = rng.random() * step
    return sorted({min(n, int(start + i * step) + 1) for i in range(budget)})


def copy(template, d):
    shutil.copytree(template, d)
    STORE.copy(template, d)


def check(case, template, ref, fault):
    """One fault. Returns 'known' or 'ok', raises Bad."""
    kind, _, how = fault.split(':')
    with tempfile.TemporaryDirectory(dir=WORK) as tmp:
        d = os.path.join(tmp, 'd')
        copy(template, d)
        log = os.path.join(d, '.log')
        r = run(d, case.argv, {'LD_PRELOAD': LIB, 'TSUNAGI_FAULT': fault, 'TSUNAGI_FAULT_LOG': log})
        said = r.stderr.decode(errors='replace')
        known = bool(DIES_SAYING.search(said)) or r.returncode < 0 and (kind in MAY_DIE or bool(MAY_DIE_IN.search(text_of(log + '.by'))))
        killed = how == 'kill' and r.returncode == -signal.SIGKILL
        if not known and not killed:
            expect(r.returncode in DOCUMENTED, 'exit %d\n%s' % (r.returncode, said))
            if r.returncode != ref['exit']:
                expect(r.returncode != 0, 'says done, but the exit code without a fault is %d' % ref['exit'])
                expect('error[' in said or 'DAMAGED' in r.stdout.decode(), 'exit %d without a message' % r.returncode)
            else:
                diff = difflib.unified_diff(ref['stdout'].decode().splitlines(), r.stdout.decode().splitlines(), n=0, lineterm='')
                expect(r.stdout == ref['stdout'], 'same exit code, another output:\n%s\n%s' % ('\n'.join(diff), said))
                same_rows(STORE.rows(d, case.skip_tables), ref['store'], 'says done')
        r = run(d, case.argv, {})
        expect(r.returncode in (0, ref['exit']) + case.again, 'the same command again: exit %d\n%s' % (r.returncode, r.stderr.decode()))
        same_rows(STORE.rows(d, case.skip_tables), ref['store'], 'after the same command again')
        left = {k: v for k, v in files_of(d).items() if not (killed or known) or not re.search(r'\.tmp\w{6}$|\.part(/|$)', k)}
        for name in sorted(set(left) | set(ref['files'])):
            expect(name in ref['files'], 'a file is left behind: ' + name)
            expect(name in left, 'a file is missing: %s\nfirst: %s\nagain: %s' % (name, said, r.stderr.decode()))
            expect(STORE.file(left[name]) == STORE.file(ref['files'][name]), 'another file: %s\nfirst: %s\nagain: %s' % (name, said, r.stderr.decode()))
        if case.skip_tables or ref['store']:
            r = run(d, ['doctor'], {})
            expect(r.returncode == 0, 'doctor: exit %d\n%s' % (r.returncode, r.stdout.decode()))
        STORE.drop(d)
        return 'known' if known else 'ok'


def reference(case, template):
    """Exit code, output, store, files, numbers of calls and the ways they came without a fault."""
    with tempfile.TemporaryDirectory(dir=WORK) as tmp:
        d = os.path.join(tmp, 'd')
        copy(template, d)
        log = os.path.join(d, '.log')
        r = run(d, case.argv, {'LD_PRELOAD': LIB, 'TSUNAGI_FAULT_LOG': log, 'TSUNAGI_FAULT_WAYS': log + '.ways'})
        if r.returncode not in (0, 5):
            sys.exit('%s: exit %d without a fault\n%s' % (case.name, r.returncode, r.stderr.decode()))
        with open(log) as f:
            calls = {k: int(n) for k, n in (line.split() for line in f)}
        with open(log + '.ways') as f:
            ways = [line.split() for line in f]
        return {'exit': r.returncode, 'stdout': r.stdout, 'store': STORE.rows(d, case.skip_tables), 'files': files_of(d), 'calls': calls, 'ways': ways}


def new_ways(ref, kind, seen):
    """The calls of a kind that came another way than all before them, in this case and those before it."""
    out = [int(n) for k, n, way in ref['ways'] if k == kind and way not in seen]
    seen.update(way for k, n, way in ref['ways'] if k == kind)
    return sorted(out)


def plan(ref, budget, rng, seen):
    """kind -> faults"""
    if budget == 'ways':
        return {kind: ['%s:%d:%s' % (kind, n, rng.choice(hows)) for n in
                       (new_ways(ref, kind, seen) if kind in MEMORY else range(1, ref['calls'][kind] + 1))] for kind, hows in HOWS.items()}
    if isinstance(budget, int):
        return {kind: ['%s:%d:%s' % (kind, n, how) for how in hows for n in points(ref['calls'][kind], budget, rng)] for kind, hows in HOWS.items()}
    out = {}
    for _ in range(int(budget.partition(':')[2])):
        kind = rng.choice([k for k in HOWS if ref['calls'][k] and k not in MAY_DIE])
        out.setdefault(kind, set()).add('%s:%d:%s' % (kind, rng.randint(1, ref['calls'][kind]), rng.choice(HOWS[kind])))
    return {k: sorted(v) for k, v in out.items()}


def one_case(pool, case, budget, rng, seen, only):
    template = os.path.join(WORK, case.name)
    os.mkdir(template)
    STORE.make(template)
    case.prepare(template)
    ref = reference(case, template)
    total = 0
    for kind, faults in plan(ref, budget, rng, seen).items():
        if only:
            faults = [f for f in faults if f == only or f.startswith(only + ':')] or ([only] if only.startswith(kind + ':') and only.count(':') == 2 else [])
        if not faults:
            continue
        done = {pool.submit(check, case, template, ref, f): f for f in faults}
        known, bad = 0, []
        for job in concurrent.futures.as_completed(done):
            try:
                known += job.result() == 'known'
            except (Bad, subprocess.TimeoutExpired) as e:
                bad.append((done[job], str(e)))
        total += len(faults)
        tap(not bad, '%s: %s fails, %d faults at %d calls%s' %
            (case.name, kind, len(faults), ref['calls'][kind], ', %d died in a library' % known if known else ''))
        for f, why in sorted(bad)[:int(os.environ.get('TORTURE_SHOW', '5'))]:
            print('# replay: tests/torture/torture.py all %s %s/%s' % (SEED, case.name, f))
            for line in why.splitlines()[:12]:
                print('#   ' + line)
        if len(bad) > 5:
            print('# and %d more' % (len(bad) - 5))
        sys.stdout.flush()
    return total


TAP = [0, 0]


def tap(good, name):
    TAP[0] += 1
    TAP[1] += not good
    print('%sok %d - %s' % ('' if good else 'not ', TAP[0], name))


def main():
    global WORK, SEED, STORE
    budget = sys.argv[1] if len(sys.argv) > 1 else '100'
    budget = 10 ** 9 if budget == 'all' else budget if budget == 'ways' or budget.startswith('sample:') else int(budget)
    SEED = sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] else str(random.randrange(10 ** 6))
    which, _, only = (sys.argv[3] if len(sys.argv) > 3 else '').partition('/')
    print('# seed %s' % SEED)
    total, seen = 0, set()
    with tempfile.TemporaryDirectory(dir='/dev/shm' if os.access('/dev/shm', os.W_OK) else None) as WORK, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        os.mkdir(os.path.join(WORK, 'plugins'))
        for p in PLUGINS:
            shutil.copy(os.path.join(ROOT, BUILD, 'plugins', p + '.so'), os.path.join(WORK, 'plugins'))
        STORE = STORES[os.environ.get('TEST_STORE', 'sqlite')]()
        STORE.start(WORK)
        try:
            for case in CASES:
                if not which or case.name == which:
                    total += one_case(pool, case, budget, random.Random(SEED + case.name), seen, only)
        finally:
            STORE.stop()
    print('# %d faults' % total)
    print('1..%d' % TAP[0])
    sys.exit(TAP[1] > 0)


if __name__ == '__main__':
    main()
