#!/usr/bin/env python3
"""What a recipient holds of a person in a category, read slowly from the files it got and the schema alone.

recall_slow.py SCHEMA.json PERSON_KEY CATEGORY FILE...: "entity key" of every row about that person that shows
something of the category, in order. A text counts when it is there and more than a mask."""
import json
import sys

schema, person, category, files = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
fields = {e: {f: p.get("x-class") for f, p in d["properties"].items()}
          for e, d in json.load(open(schema, encoding="utf-8"))["$defs"].items() if "properties" in d}


def about(row, cases):
    if row["entity"] == "person":
        return row["key"]
    return row.get("person") or cases.get(row["key"] if row["entity"] == "case" else row.get("case"))


def shows(row, field, value):
    how = row.get("_shown", {}).get(field)
    if fields[row["entity"]].get(field) != category or value in (None, "", "●●"):
        return False
    return how in (None, "generalised") or category == "narrative"


found = set()
for name in files:
    rows = [json.loads(line) for line in open(name, encoding="utf-8")]
    cases = {r["key"]: r.get("person") for r in rows if r["entity"] == "case"}
    for r in rows:
        if r["entity"] in fields and about(r, cases) == person and any(shows(r, f, v) for f, v in r.items()):
            found.add((r["entity"], r["key"]))
print("\n".join(f"{e} {k}" for e, k in sorted(found)))
