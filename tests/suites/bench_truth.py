#!/usr/bin/env python3
"""bench_truth.py TRUTH.jsonl ROWS.jsonl: compares what the mapping legacy-care-record made of a file of
the bench generator with the generator's truth, record by record.

ROWS has a line per record and per entity row in the order of the source, as `test_mappings dump` prints
them: {"row":2,"record":"open","key":"..."}, {"row":2,"entity":"person","name":"...",...}. Everything
that is not "rejected" counts as accepted. Values are compared after NFKC: the truth is written in it, the
store keeps names as written. Prints the counts per class of defect and every difference; exit 1 when a
defective record was accepted that is not valid by accident, a clean one lost, or a value differs."""
import collections
import json
import sys
import unicodedata

# codes of the common case format -> words of the truth
SEX = {'1': 'male', '2': 'female'}
METHOD = {'office_visit': 'visit', 'phone': 'phone', 'home_visit': 'outreach', 'email': 'email',
          'online': 'online', 'letter': 'letter'}
CONSENT = {'given': '1', 'refused': '0'}
RECIPIENT = {'WEL': 'consent_welfare', 'EDU': 'consent_education', 'HLT': 'consent_health',
             'POL': 'consent_police'}
# truth -> (entity, field)
FIELDS = {
    'case_no': ('case', 'case_no'), 'received_on': ('intake', 'received_on'),
    'received_at': ('intake', 'received_at'), 'name': ('person', 'name'), 'kana': ('person', 'name_kana'),
    'birth_on': ('person', 'birth_date'), 'sex': ('person', 'sex'), 'age': ('intake', 'age'),
    'postal': ('person', 'postal_code'), 'prefecture': ('person', 'addr_pref'),
    'city': ('person', 'addr_city'), 'street': ('person', 'addr_street'), 'phone': ('person', 'phone'),
    'mobile': ('person', 'phone_mobile'), 'household_no': ('person', 'household_no'),
    'relation': ('household_member', 'relation'), 'household_size': ('household', 'household_size'),
    'agency': ('intake', 'received_agency'), 'staff': ('case', 'staff_name'),
    'method': ('intake', 'method'), 'consent_on': ('intake', 'consent_date'), 'needs': ('intake', 'needs'),
    'urgency': ('case', 'urgency'), 'note': ('intake', 'consult_detail'), 'goal': ('plan', 'goal_short'),
    'plan_on': ('plan', 'plan_created_on'), 'next_on': ('task', 'due_on'),
    'updated_at': ('case', 'updated_at'), 'remarks': ('case', 'remarks'),
}


def nfkc(text):
    return unicodedata.normalize('NFKC', text)


def value_of(record, name):
    entity, field = FIELDS[name]
    v = record['rows'].get(entity, {}).get(field)
    if v is None:
        return ''
    if name == 'needs':
        return ';'.join(json.loads(v) if isinstance(v, str) else v)
    if name == 'sex':
        return SEX.get(v, v)
    if name == 'method':
        return METHOD.get(v, v)
    return nfkc(str(v))


def read_records(path):
    """row number -> {'fate', 'code', 'column', 'rows': {entity: fields}, 'consent': {name: word}}"""
    records = {}
    with open(path, encoding='utf-8') as f:
        for line in f:
            r = json.loads(line)
            if 'record' in r:
                records[r['row']] = {'fate': r['record'], 'code': r.get('code'),
                                     'column': r.get('column'), 'reason': r.get('reason'),
                                     'line': r['line'], 'rows': {}, 'consent': {}}
            elif r['entity'] == 'consent':
                word = CONSENT.get(r['consent_status'], r['consent_status'])
                records[r['row']]['consent'][RECIPIENT[r['recipient']]] = word
            else:
                records[r['row']]['rows'][r['entity']] = r
    return records


def differences(record, truth):
    for name in FIELDS:
        got = value_of(record, name)
        if got != truth[name]:
            yield name, got, truth[name]
    for name in RECIPIENT.values():
        if record['consent'].get(name, '') != truth[name]:
            yield name, record['consent'].get(name, ''), truth[name]


def main():
    truth_path, rows_path = sys.argv[1:3]
    records = read_records(rows_path)
    by_case = {r['rows']['case']['case_no']: r for r in records.values() if 'case' in r['rows']}
    classes, wrong, lost, passed = collections.Counter(), collections.Counter(), [], []
    sample, codes = {}, collections.Counter()
    with open(truth_path, encoding='utf-8') as f:
        for line in f:
            t = json.loads(line)
            record = by_case.get(t['case_no'])
            kind = t['defect'] or 'clean'
            classes[kind, 'accepted' if record else 'rejected'] += 1
            if kind == 'clean' and not record:
                lost.append(t['row'])
            if kind != 'clean' and record:
                passed.append((kind, t['row']))
            if kind != 'clean' or not record:
                continue
            for name, got, want in differences(record, t):
                wrong[name] += 1
                sample.setdefault(name, (t['row'], got[:60], want[:60]))
    for r in records.values():
        if r['fate'] == 'rejected':
            codes[r['code'], r['column'] or '-', r['reason'] if r['code'] == 'bad-date' else ''] += 1
    for k in sorted(classes):
        print('records', *k, classes[k])
    for k in sorted(codes, key=str):
        print('rejected', *k, codes[k])
    # an inserted byte that makes another valid CP932 character, or a quote in an empty place, is no defect
    by_accident = [p for p in passed if p[0] == 'bad_bytes']
    print('valid by accident (bytes that are CP932 after all):', len(by_accident),
          [row for _, row in by_accident][:20])
    print('defects accepted:', [p for p in passed if p not in by_accident][:20])
    print('clean records lost:', len(lost), lost[:20])
    for name, n in wrong.most_common():
        print('WRONG', name, n, sample[name])
    return bool(wrong or lost or len(passed) > len(by_accident))


if __name__ == '__main__':
    sys.exit(main())
