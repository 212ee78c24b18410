#!/usr/bin/env python3
"""scale.py DIR: whether any statement grows faster than the store.

Makes two towns, one four times the other: the same kinds of records, people of a registry, restrictions, withdrawals. Every
command runs on both. What each statement cost, in steps of SQLite's machine (TSUNAGI_STEPS), says what a clock does not: four
times the rows may take about four times the steps, on any machine. One line for each command: "ok NAME", or "bad NAME", and the
statements."""
import collections
import csv
import os
import subprocess
import sys

SMALL, LARGE = 250, 1000
MOST = 5.5     # times the steps for four times the rows: a sort costs more than its rows
NOTABLE = 8000  # steps; what is cheaper is nobody's worry at this size

HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FAMILY = ['髙橋', '渡邉', '山﨑', '小川', '森', '齋藤', '濵田', '佐伯', '水野', '村瀬']
KANA = ['タカハシ', 'ワタナベ', 'ヤマザキ', 'オガワ', 'モリ', 'サイトウ', 'ハマダ', 'サエキ', 'ミズノ', 'ムラセ']
GIVEN = [('花子', 'ハナコ'), ('太郎', 'タロウ'), ('節子', 'セツコ'), ('誠', 'マコト'), ('一郎', 'イチロウ'), ('恵', 'メグミ'), ('茂', 'シゲル')]


def person(i):
    f, g = i % len(FAMILY), i // len(FAMILY) % len(GIVEN)
    born = '%d-%02d-%02d' % (1930 + i % 70, 1 + i // 70 % 12, 1 + i // 840 % 28)
    return FAMILY[f] + '　' + GIVEN[g][0], KANA[f] + '　' + GIVEN[g][1], born


def sample(path, encoding):
    with open(os.path.join(HERE, path), encoding=encoding, newline='') as f:
        return next(csv.reader(f)), next(csv.reader(f))


def write(path, encoding, head, rows):
    with open(path, 'w', encoding=encoding, newline='') as f:
        csv.writer(f, lineterminator='\r\n').writerows([head] + rows)


def cases(n, change):
    """change(i) -> columns that differ, or None: the record is not there"""
    head, first = sample('mappings/legacy-care-record/sample.csv', 'cp932')
    rows = []
    for i in range(n):
        name, kana, born = person(i)
        cells = dict(zip(head, first))
        cells.update({'相談番号': '2026-%07d' % i, '氏名': name, '氏名カナ': kana, '生年月日': born, '町名番地': '茅ヶ崎%d-%d' % (i % 50 + 1, i % 7 + 1),
                      '世帯番号': '%08d' % i, '電話番号': '0467-82-%04d' % (i % 10000), '携帯番号': '', '相談内容': '本人来所。家賃の相談。',
                      '同意_福祉': '○', '同意_教育': '×', '同意_保健': '○', '同意_警察': '無'})
        changed = change(i)
        if changed is not None:
            cells.update(changed)
            rows.append([cells[c] for c in head])
    return head, rows


def residents(n, change):
    head, first = sample('mappings/registry-municipal/sample.csv', 'utf-8-sig')
    rows = []
    for i in range(n):
        name, kana, born = person(i)
        cells = dict(zip(head, first))
        for c in ('氏_日本人', '名_日本人', '氏_日本人_フリガナ', '名_日本人_フリガナ', '住民票コード', '基礎年金番号', '個人番号'):
            if c in cells:
                cells[c] = ''
        cells.update({'宛名番号': '%015d' % (10 ** 14 + i), '世帯番号': '%015d' % (2 * 10 ** 14 + i // 3), '最新フラグ': '1', '氏名': name,
                      '氏名_フリガナ': kana, '生年月日': born, '世帯主氏名': name, '住所_番地号表記': '%d番%d号' % (i % 50 + 1, i % 7 + 1)})
        cells.update(change(i))
        rows.append([cells[c] for c in head])
    return head, rows


def restrictions(n, change):
    head, first = sample('mappings/registry-municipal/protection.sample.csv', 'utf-8-sig')
    rows = []
    for i in range(0, n, 10):
        cells = dict(zip(head, first))
        cells.update({'宛名番号': '%015d' % (10 ** 14 + i), '支援措置終了年月日': '2027-11-30', '加害者氏名': '', '加害者住所': ''})
        cells.update(change(i))
        rows.append([cells[c] for c in head])
    return head, rows


def make_town(folder, n):
    os.makedirs(folder)
    tenth = [{} for _ in range(10)]
    moved = list(tenth)
    moved[1], moved[2] = {'住所_番地号表記': '88番1号'}, {'住民状態': '3'}
    changed = list(tenth)
    changed[3], changed[4] = {'同意_福祉': '×'}, {'備考': '変更', '町名番地': '新町1-2'}
    broken = list(changed)
    broken[5] = {'生年月日': '2024-13-01', '備考': '誤り'}
    later = list(changed)
    later[6], later[7] = {'同意_福祉': '×'}, {'備考': '再び'}
    fewer = list(later)
    fewer[8] = None
    for name, change in (('cases', tenth), ('changed', changed), ('broken', broken), ('later', later), ('fewer', fewer)):
        write(f'{folder}/{name}.csv', 'cp932', *cases(n, lambda i, c=change: c[i % 10]))
    write(f'{folder}/registry.csv', 'utf-8', *residents(n, lambda i: {}))
    write(f'{folder}/registry-next.csv', 'utf-8', *residents(n, lambda i: {'世帯番号': '%015d' % (3 * 10 ** 14 + i // 40)} if i % 10 == 4 else moved[i % 10]))
    write(f'{folder}/protection.csv', 'utf-8', *restrictions(n, lambda i: {}))
    write(f'{folder}/protection-next.csv', 'utf-8', *restrictions(n, lambda i: {'削除フラグ': '1' if i % 20 else '0'}))
    with open(f'{HERE}/config/profiles/trusted-agency.cfg', encoding='utf-8') as f:
        text = f.read()
    with open(f'{folder}/wel.cfg', 'w', encoding='utf-8') as f:
        f.write(text.replace('\nunattended', '\ndeletions = "list";\nunattended'))


def load(name, mapping='legacy-care-record', *more):
    return ['import', name + '.csv', '--mapping', mapping, '--quiet', '--report', 'report.txt', '--rejects', 'rejects.csv', *more]


def out(to, *more):
    return ['export', '--profile', 'wel.cfg', '--as', 'jsonl', '--to', to, '--quiet', *more]


REGISTRY, RESTRICTED = 'registry-municipal', 'registry-municipal/protection'
FIRST = '2026-0000000'
COMMANDS = [  # name, arguments, who
    ('import', load('cases')),
    ('registry', load('registry', REGISTRY)),
    ('restrictions', load('protection', RESTRICTED)),
    ('propose', ['release', 'propose', 'wel.cfg']),
    ('approve', ['release', 'approve', 'wel.cfg'], 'bob'),
    ('export', out('out')),
    ('export one case', out('one', '--case', FIRST)),
    ('export in a layout', ['export', '--profile', 'wel.cfg', '--as', 'csv', '--to', 'layout.csv', '--mapping', 'legacy-care-record', '--quiet']),
    ('import of changes', load('changed')),
    ('export with deletions', out('out')),
    ('next registry', load('registry-next', REGISTRY)),
    ('next restrictions', load('protection-next', RESTRICTED)),
    ('import with rejects', load('broken')),
    ('reload', ['reload', 'rejects.csv', '--quiet', '--report', 'report.txt']),
    ('withdrawals', load('later')),
    ('withdrawal', ['consent', 'withdraw', FIRST, '--as', '*', '--reason', 'letter']),
    ('full delivery', load('fewer', 'legacy-care-record', '--full', '--vanish-limit', '20')),
    ('dry run', load('changed', 'legacy-care-record', '--dry-run')),
    ('status', ['status']),
    ('resident', ['resident', '--all']),
    ('recalls', ['release', 'recalls']),
    ('recalls show', ['release', 'recalls', 'show', '1']),
    ('consent show', ['consent', 'show', FIRST]),
    ('consent as known', ['consent', 'simulate', FIRST, '--as', 'WEL', '--on', '2026-07-01', '--known', '2026-07-04']),
    ('links', ['link', 'list', '--all']),
    ('explain', ['explain', 'case', FIRST]),
    ('review list', ['review', 'list', '--all', '--limit', '100000']),
    ('review export', ['review', 'export', '--reveal', 'review']),
    ('statistics', ['query', 'stats', '--year', '2026']),
    ('staff', ['staff']),
    ('runs', ['runs']),
    ('release items', ['release', 'items', '1']),
    ('audit', ['audit', 'verify']),
    ('undo of the delivery', ['undo', 'LAST']),
    ('doctor', ['doctor']),
]


def run(folder, argv, who='ann'):
    """steps by statement"""
    steps = f'{folder}/steps'
    if argv[-1] == 'LAST':
        last = "SELECT max(id) FROM run WHERE kind = 'import'"
        argv = argv[:-1] + [subprocess.run(['sqlite3', f'{folder}/s.db', last], capture_output=True, text=True, check=True).stdout.strip()]
    p = subprocess.run(['tsunagi'] + argv, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                       env=dict(os.environ, TSUNAGI_STORE=f'sqlite:{folder}/s.db', TSUNAGI_STEPS=steps, TSUNAGI_ACTOR=who))
    if p.returncode not in (0, 5):
        print('bad %s: exit %d: %s' % (' '.join(argv), p.returncode, p.stderr.decode()[:300]))
    cost = collections.Counter()
    if os.path.exists(steps):
        with open(steps, encoding='utf-8') as f:
            for line in f:
                n, _, sql = line.rstrip('\n').partition('\t')
                cost[sql] += int(n)
        os.remove(steps)
    return cost


def main():
    town = [f'{sys.argv[1]}/{n}' for n in (SMALL, LARGE)]
    make_town(town[0], SMALL)
    make_town(town[1], LARGE)
    for name, argv, *who in COMMANDS:
        small, large = (run(t, argv, *who) for t in town)
        bad = [(sql, small[sql], n) for sql, n in large.items() if n > NOTABLE and n > MOST * max(small[sql], NOTABLE / 2)]
        print('bad' if bad or not large else 'ok', name, sum(small.values()), sum(large.values()))
        for sql, before, after in bad:
            print('    %d, then %d steps: %s' % (before, after, sql))


main()
