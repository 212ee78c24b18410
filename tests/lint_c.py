"""For tests/lint.sh: C files as their code only, and texts that nobody can translate.

usage: lint_c.py code FILE...    FILE:LINE:code, comments gone, strings and characters empty
       lint_c.py texts FILE...   FILE:LINE of helps and summaries in tables that are not in HUB_N()
"""
import re
import sys

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(match):
    text = match.group(0)
    lines = "\n" * text.count("\n")
    return text[0] + text[0] if text[0] in "\"'" else lines or " "


def code(name, text):
    for i, line in enumerate(TOKEN.sub(blank, text).split("\n")):
        print(f"{name}:{i + 1}:{line}")


def texts(name, text):
    bare = re.compile(r'\.(?:help|summary)\s*=\s*"')
    places = [m.start() for m in bare.finditer(text)]
    # option tables of commands: the last member of a row is its help
    for table in re.finditer(r"struct hub_arg \w+\[\] = \{(.*?)\n\s*\};", text, re.S):
        for row in re.finditer(r'\{"[^{}]*,\s*"[^"]*"\s*\}', table.group(1)):
            places.append(table.start(1) + row.start())
    for at in sorted(places):
        print(f"{name}:{text.count(chr(10), 0, at) + 1}: not in HUB_N()")


for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as f:
        {"code": code, "texts": texts}[sys.argv[1]](path, f.read())
