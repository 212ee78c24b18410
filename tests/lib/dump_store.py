#!/usr/bin/env python3
"""dump_store.py STORE.db: what a store holds, as sorted JSON lines without ids and times.

One line per entity row: entity, own key or that of its source record, fields that hold something; a
reference is "entity/key" of the row it points to. One line per rejected record: place, code, column."""
import json
import sqlite3
import sys

SKIP = ('id', 'record_id', 'system_id', 'scan', 'match')


def main():
    db = sqlite3.connect('file:%s?mode=ro' % sys.argv[1], uri=True)
    db.row_factory = sqlite3.Row
    tables = [t for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'cc\\_%' ESCAPE '\\'")]
    record = {r['id']: r['key'] for r in db.execute('SELECT id, key FROM record')}
    names, rows = {}, []
    for t in tables:
        for r in db.execute('SELECT * FROM ' + t):
            own = r['key'] if 'key' in r.keys() and r['key'] is not None else '@' + record.get(r['record_id'], '?')
            names[t, r['id']] = '%s/%s' % (t[3:], own)
            rows.append((t, r))
    targets = targets_of(db, tables)
    lines = []
    for t, r in rows:
        out = {'entity': t[3:]}
        if r['record_id'] in record and not ('key' in r.keys() and r['key'] is not None):
            out['record'] = record[r['record_id']]
        for c in r.keys():
            if c in SKIP or c.endswith('_spans') or r[c] is None:
                continue
            out[c[:-3] if (t, c) in targets else c] = named(names, targets.get((t, c)), r[c])
        lines.append(json.dumps(out, ensure_ascii=False))
    for r in db.execute('SELECT row, line, code, col, key FROM reject'):
        lines.append(json.dumps({'reject': r['row'], 'line': r['line'], 'code': r['code'], 'column': r['col'], 'key': r['key']}, ensure_ascii=False))
    sys.stdout.write(''.join(x + '\n' for x in sorted(lines)))


OTHER = {'head_id': 'person', 'form_ref_id': 'attachment', 'genogram_ref_id': 'attachment', 'ecomap_ref_id': 'attachment'}


def targets_of(db, tables):
    """(table, column) -> the table a reference points to: received_agency_id -> cc_agency"""
    out = {}
    for t in tables:
        for c in [x['name'] for x in db.execute('PRAGMA table_info(%s)' % t)]:
            if not c.endswith('_id') or c in SKIP:
                continue
            fits = [x for x in tables if ('_' + c[:-3]).endswith('_' + x[3:]) or x[3:] == OTHER.get(c)]
            out[t, c] = max(fits, key=len)
    return out


def named(names, table, value):
    return names.get((table, value), 'nowhere') if table else value


if __name__ == '__main__':
    main()
