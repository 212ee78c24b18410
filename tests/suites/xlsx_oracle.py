"""Cells of workbooks as `tsunagi inspect` reads them, beside readings that others made.

usage: xlsx_oracle.py FOLDER DEVIATIONS.tsv     prints TAP-like lines: STATUS <tab> NAME <tab> DETAIL

FOLDER is the suite: X.expected.csv beside X.xlsx (what the publisher made of the same workbook), and
oracle-sheetjs/ (an independent reading: type, stored value, shown text of each cell). A cell may differ
from the shown text in one way only: a date comes out as a date (its value, checked here), however the
sheet shows it. Every other difference stands in DEVIATIONS.tsv: file, sheet, cells, reason.
"""
import csv
import datetime
import json
import os
import re
import subprocess
import sys


def letters(n):
    out = ""
    n += 1
    while n:
        n, r = divmod(n - 1, 26)
        out = chr(65 + r) + out
    return out


def read(path, sheet):
    """{"A1": text} of the cells that are there, and what went wrong."""
    run = subprocess.run(["tsunagi", "inspect", path, "--set", f"sheets={sheet}"],
                         capture_output=True, text=True)
    cells = {}
    for line in run.stdout.splitlines():
        row = json.loads(line)
        for i, text in enumerate(row.get("cells", [])):
            if text != "":
                cells[f"{letters(i)}{row['line']}"] = text
    return cells, run.returncode, run.stderr


def as_date(serial, date1904):
    """All texts a date, time or duration of that serial may come out as."""
    if serial is None or serial < 0:
        return set()
    seconds = int(serial * 86400 + 0.5)
    h, m, s = seconds // 3600, seconds // 60 % 60, seconds % 60
    out = {f"{h:02}:{m:02}", f"{h:02}:{m:02}:{s:02}", f"{h % 24:02}:{m:02}", f"{h % 24:02}:{m:02}:{s:02}"}
    day = int(serial) + (1462 if date1904 else 0)
    epoch = datetime.date(1899, 12, 31 if day < 60 else 30)
    if day == 60 or day == 0:
        dates = {"1900-02-29" if day else "1900-01-00"}
    else:
        d = epoch + datetime.timedelta(days=day)
        dates = {d.isoformat(), d.isoformat()[:7], d.isoformat()[:4]}
    times = set(out)
    return out | dates | {f"{d} {t}" for d in dates for t in times}


def listed(deviations, name, sheet, cell):
    return any(n == name and s in (sheet, "*") and re.fullmatch(c, cell) for n, s, c in deviations)


def compare(root, name, book, oracle, deviations):
    wrong, dates, others = [], 0, 0
    for number, sheet in enumerate(book["sheets"], 1):
        cells = oracle[sheet["name"]]
        got, rc, err = read(os.path.join(root, name), number)
        if rc == 4 and "empty-sheet" in err and not cells:
            continue
        if rc:
            wrong.append(f"sheet {number}: exit {rc}: {err.strip()}")
            continue
        whole = len(cells) == sheet["cells"]  # the oracle's files end at 4000 cells
        for cell in sorted(set(cells) | set(got) if whole else cells):
            kind, value, shown = cells.get(cell, ["", None, ""])
            mine = got.get(cell, "")
            # XML makes one line feed of CR LF; the oracle reads the bytes
            if mine == (shown or "").replace("\r\n", "\n"):
                continue
            if kind == "n" and mine in as_date(value, book["date1904"]):
                dates += 1
            elif listed(deviations, name, sheet["name"], cell):
                others += 1
            else:
                wrong.append(f"{sheet['name']}!{cell}: {mine!r}, the oracle has {value!r} shown {shown!r}")
    return wrong, dates, others


def published(root, name):
    want = list(csv.reader(open(os.path.join(root, name[:-5] + ".expected.csv"), encoding="utf-8-sig")))
    got, rc, err = read(os.path.join(root, name), "first")
    wrong = [] if rc == 0 else [err.strip()]
    have = {f"{letters(c)}{r + 1}": t for r, row in enumerate(want) for c, t in enumerate(row) if t != ""}
    for cell in sorted(set(have) | set(got)):
        if have.get(cell, "") != got.get(cell, ""):
            wrong.append(f"{cell}: {got.get(cell, '')!r}, published {have.get(cell, '')!r}")
    return wrong, len(have)


def main(root, path):
    deviations = [line.rstrip("\n").split("\t")[:3] for line in open(path, encoding="utf-8")
                  if line.strip() and not line.startswith("#")]
    books = json.load(open(os.path.join(root, "oracle-sheetjs", "workbooks.json"), encoding="utf-8"))
    for name, book in sorted(books.items()):
        if os.path.exists(os.path.join(root, name[:-5] + ".expected.csv")):
            wrong, n = published(root, name)
            print(f"{int(bool(wrong))}\t{name}: {n} cells as published\t{'; '.join(wrong[:6])}")
        reading = os.path.join(root, "oracle-sheetjs", name.replace("/", "__") + ".json")
        oracle = json.load(open(reading, encoding="utf-8"))
        wrong, dates, others = compare(root, name, book, oracle, deviations)
        n = sum(len(cells) for cells in oracle.values())
        print(f"{int(bool(wrong))}\t{name}: {n} cells, {dates} dates shown otherwise, {others} listed"
              f"\t{'; '.join(wrong[:6])}")


main(sys.argv[1], sys.argv[2])
