#!/usr/bin/env python3
"""truth.py STORE TRUTH.jsonl: compares what `tsunagi import --mapping legacy-care-record` brought into a
SQLite store with the truth that the generator wrote beside its file.

All 33 fields of every clean row after NFKC (the store keeps names as written), codes through the table
below; each defective row must be in the reject store under a code that fits its defect, unless it is
valid by accident, which Python's own cp932 and csv judge from the stored bytes. Prints places, never
values. Exit 1 when a clean row is lost, a value is wrong, a defective row came in without being valid,
or a row is nowhere."""
import csv
import io
import json
import sqlite3
import sys
from collections import Counter
from unicodedata import normalize

CODES = {
    'sex': {'1': 'male', '2': 'female'},
    'method': {'office_visit': 'visit', 'home_visit': 'outreach'},  # the others have the same name
    'consent': {'given': '1', 'refused': '0'},
}
# codes that a reject of this defect may have; broken bytes may turn any value into another one
FITS = {
    'bad_date': {'bad-date'},
    'bad_code': {'not-in-table', 'unknown-code'},
    'bad_columns': {'wrong-columns'},
    'bad_quote': {'text-after-quote', 'unclosed-quote', 'quote-in-field', 'wrong-columns'},
}
DATE_COLUMNS = {'受付日', '生年月日', '次回予定日'}
# Every field of the truth: where it is and what it has to be turned into. Owned rows of a record have
# ids from record id * 256 on.
FIELDS = {
    'case_no': 'c.case_no', 'received_on': 'i.received_on', 'received_at': 'i.received_at',
    'name': 'p.name', 'kana': 'p.name_kana', 'birth_on': 'p.birth_date', 'sex': 'p.sex',
    'age': 'i.age', 'postal': 'p.postal_code', 'prefecture': 'p.addr_pref', 'city': 'p.addr_city',
    'street': 'p.addr_street', 'phone': 'p.phone', 'mobile': 'p.phone_mobile',
    'household_no': 'h.household_no', 'relation': 'm.relation',
    'household_size': 'h.household_size', 'agency': 'a.key', 'staff': 'i.received_by',
    'method': 'i.method', 'consent_welfare': 'k1.consent_status',
    'consent_education': 'k2.consent_status', 'consent_health': 'k3.consent_status',
    'consent_police': 'k4.consent_status', 'consent_on': 'i.consent_date', 'needs': 'i.needs',
    'urgency': 'c.urgency', 'note': 'i.consult_detail', 'goal': 'l.goal_short',
    'plan_on': 'l.plan_created_on', 'next_on': 't.due_on', 'updated_at': 'c.updated_at',
    'remarks': 'c.remarks',
}
# the same fact in a second place
ALSO = {
    'received_on': 'c.opened_on', 'staff': 'c.staff_name', 'household_no': 'p.household_no',
    'consent_on': 'k1.valid_from', 'agency': 'a2.key',
}
OWN = 'BETWEEN r.id * 256 AND r.id * 256 + 255'
QUERY = f'''
SELECT r.key, r.raw, h.id, {', '.join(FIELDS.values())}, {', '.join(ALSO.values())}
FROM record r JOIN feed f ON f.id = r.feed_id
LEFT JOIN cc_case c ON c.system_id = f.system_id AND c.key = r.key
LEFT JOIN cc_person p ON p.id = c.person_id LEFT JOIN cc_household h ON h.id = p.household_id
LEFT JOIN cc_intake i ON i.id {OWN} LEFT JOIN cc_household_member m ON m.id {OWN}
LEFT JOIN cc_plan l ON l.id {OWN} LEFT JOIN cc_task t ON t.id {OWN}
LEFT JOIN cc_agency a ON a.id = i.received_agency_id LEFT JOIN cc_agency a2 ON a2.id = c.agency_id
LEFT JOIN cc_consent k1 ON k1.id {OWN} AND +k1.recipient = 'WEL'
LEFT JOIN cc_consent k2 ON k2.id {OWN} AND +k2.recipient = 'EDU'
LEFT JOIN cc_consent k3 ON k3.id {OWN} AND +k3.recipient = 'HLT'
LEFT JOIN cc_consent k4 ON k4.id {OWN} AND +k4.recipient = 'POL'
WHERE r.state = 0 ORDER BY r.id'''


def normal(name, value):
    """A stored value in the form of the truth."""
    if value is None:
        return ''
    if name == 'needs':
        return ';'.join(json.loads(value))
    value = str(value)
    if name.startswith('consent_') and name != 'consent_on':
        return CODES['consent'].get(value, value)
    return CODES.get(name, {}).get(value, value)


def same(name, got, want):
    got = normal(name, got)
    return got == want or normalize('NFKC', got) == normalize('NFKC', want)


def valid_by_accident(raw):
    try:
        rows = list(csv.reader(io.StringIO(bytes(raw).decode('cp932'), newline=''), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return False
    return len(rows) == 1 and len(rows[0]) == 33


class Check:
    def __init__(self, path):
        self.db = sqlite3.connect(f'file:{path}?mode=ro', uri=True)
        self.rejects = {}
        for line, code, col in self.db.execute('SELECT line, code, col FROM reject WHERE status = 0'):
            self.rejects.setdefault(line, []).append((code, col or ''))
        self.seen, self.wrong, self.sample = Counter(), Counter(), {}
        self.accidents, self.faults, self.households = [], [], {}

    def fault(self, t, what):
        self.faults.append(f"row {t['row']}, line {t['line']}: {what}")

    def value(self, t, name, got, want):
        if not same(name, got, want):
            self.wrong[name] += 1
            self.sample.setdefault(name, f"row {t['row']}, line {t['line']}")

    def accepted(self, t, row):
        if t['defect']:
            if t['defect'] == 'bad_bytes' and valid_by_accident(row[1]):
                self.accidents.append(f"row {t['row']}, line {t['line']}: {t['defect']}, but legal CP932")
                self.households.pop(row[2], None)  # decided by this row unless a later one follows
            else:
                self.fault(t, f"{t['defect']} came in")
            return
        self.seen['clean, accepted'] += 1
        values = dict(zip(FIELDS, row[3:]))
        size = values.pop('household_size')
        for name, got in values.items():
            self.value(t, name, got, t[name])
        for name, got in zip(ALSO, row[3 + len(FIELDS):]):
            self.value(t, name, got, t[name])
        # a household is one row for all who have its number: the last one in the file decides
        self.households[row[2]] = (size, t['household_size'], t['row'], t['line'])

    def rejected(self, t):
        found = self.rejects.pop(t['line'], None)
        if not found:
            self.fault(t, 'is nowhere')
            return
        code, col = found[0]
        self.seen[f"{t['defect'] or 'clean'}, rejected: {code}"] += 1
        if not t['defect']:
            self.fault(t, f'clean, but rejected: {code} {col}')
        elif t['defect'] == 'bad_bytes':
            return
        elif code not in FITS[t['defect']] or (code == 'bad-date' and col not in DATE_COLUMNS):
            self.fault(t, f"{t['defect']} rejected as {code} {col}")

    def run(self, truth):
        """Both are in the order of the file: one walk over the two."""
        rows = self.db.execute(QUERY)
        row = next(rows, None)
        for line in truth:
            t = json.loads(line)
            self.seen['rows'] += 1
            if row and row[0] == t['case_no']:
                self.accepted(t, row)
                row = next(rows, None)
            else:
                self.rejected(t)
        if row:
            self.faults.append(f'{1 + sum(1 for _ in rows)} records of the store are not in the file')
        for size, want, number, line in self.households.values():
            self.value({'row': number, 'line': line}, 'household_size', size, want)
        for line in self.rejects:
            self.faults.append(f'line {line}: a reject where no row begins')

    def report(self):
        for what in sorted(self.seen):
            print(f'{self.seen[what]:>10,}  {what}')
        print(f'{len(self.accidents):>10,}  defective, but valid by accident')
        for a in self.accidents[:200]:
            print(f'            {a}')
        for name, n in self.wrong.most_common():
            print(f'WRONG {name}: {n:,} values, first in {self.sample[name]}')
        for f in self.faults[:50]:
            print(f'FAULT {f}')
        if len(self.faults) > 50:
            print(f'FAULT and {len(self.faults) - 50:,} more')
        fields = len(FIELDS)
        if not self.wrong and not self.faults:
            print(f'all {fields} fields of {self.seen["clean, accepted"]:,} clean rows equal the truth')


def main():
    store, truth = sys.argv[1:3]
    check = Check(store)
    with open(truth, encoding='utf-8') as f:
        check.run(f)
    check.report()
    return 1 if check.wrong or check.faults or not check.seen['clean, accepted'] else 0


if __name__ == '__main__':
    sys.exit(main())
