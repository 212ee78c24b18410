#!/usr/bin/env python3
"""mask_notes.py [--roster] NOTES.txt

Writes marked notes as lines for `tsunagi mask` and mask_score.py: text, roster, labelled entities. --roster: only people
of the roster are labelled."""
import json
import re
import sys

KINDS = {'R': 'PERSON', 'P': 'PERSON', 'A': 'ADDRESS', 'T': 'PHONE', 'M': 'EMAIL', 'B': 'BIRTHDATE', 'I': 'IDNUMBER',
         'F': 'FACILITY', 'C': 'CITY', 'O': 'ORG'}
FIELDS = ('name', 'name_kana', 'relation', 'address', 'phone', 'birth_date')


def note(line, kinds):
    """(text, entities) of one line"""
    text, entities, at = '', [], 0
    for mark in re.finditer('⟦(.):(.*?)⟧', line, re.S):
        text += line[at:mark.start()]
        if mark[1] in kinds:
            entities.append({'start': len(text), 'end': len(text) + len(mark[2]), 'type': KINDS[mark[1]]})
        text += mark[2]
        at = mark.end()
    return text + line[at:], entities


def main():
    kinds = KINDS if sys.argv[1] != '--roster' else 'R'
    roster, people, n = [], True, 0
    with open(sys.argv[-1], encoding='utf8') as lines:
        for line in lines:
            line = line.rstrip('\n').replace('\\n', '\n')
            if line.startswith('@'):
                roster = roster if people else []
                people = True
                told = {f: v for f, v in zip(FIELDS, line[1:].split('|')) if v}
                roster += [{'person_id': f'p{len(roster)}'} | told] if told else []
            elif line and not line.startswith('#'):
                people = False
                n += 1
                text, entities = note(line, kinds)
                row = {'id': f'n{n:03}', 'text': text, 'roster': roster, 'entities': entities}
                print(json.dumps(row, ensure_ascii=False))


main()
