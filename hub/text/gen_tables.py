#!/usr/bin/env python3
"""Writes enc_table_cp932.c and enc_table_jis0212.c into the folder of this script.

Not part of the build: the tables are committed, this says where they come from. Sources are the
codecs of CPython (cp932, euc_jp) and, for IBM's characters in JIS X 0212, glibc's EUC-JP-MS."""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = '/* Made by gen_tables.py; do not edit. %s */\n#include "text/enc_table.h"\n\n// clang-format off\n'


def write(name, what, tables):
    with open(os.path.join(HERE, name), "w") as f:
        f.write(HEAD % what)
        for i, (decl, values, form, per) in enumerate(tables):
            f.write("const %s = {\n" % decl)
            for at in range(0, len(values), per):
                f.write("".join(form % v for v in values[at:at + per]) + "\n")
            f.write("};\n" if i == len(tables) - 1 else "};\n\n")


def one(data, codec):
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return 0
    return ord(text) if len(text) == 1 else 0


leads = list(range(0x81, 0xA0)) + list(range(0xE0, 0xFD))
table, codes = [], {}
for lead in leads:
    for trail in range(0x40, 0x100):
        cp = one(bytes([lead, trail]), "cp932")
        table.append(cp)
        if cp and not 0xE000 <= cp <= 0xF8FF:
            codes.setdefault(cp, []).append(lead << 8 | trail)


def windows(code):
    """JIS X 0208, NEC row 13, IBM, and last NEC's selection of IBM's characters."""
    lead = code >> 8
    return (3 if lead in (0xED, 0xEE) else 2 if lead >= 0xFA else 1 if lead == 0x87 else 0, code)


has, first, flat = [0] * 1024, [0] * 1024, []
for block in range(1024):
    first[block] = len(flat)
    for bit in range(64):
        if block * 64 + bit in codes:
            has[block] |= 1 << bit
            flat.append(min(codes[block * 64 + bit], key=windows))
write("enc_table_cp932.c", "CP932, source: CPython's cp932.", [
    ("uint16_t hub_cp932_table[CP932_LEADS * CP932_TRAILS]", table, "0x%04x,", 16),
    ("uint64_t hub_cp932_has[1024]", has, "0x%x,", 6),
    ("uint16_t hub_cp932_first[1024]", first, "%d,", 20),
    ("uint16_t hub_cp932_codes[]", flat, "0x%04x,", 16),
])

jis = []
for row in range(94):
    for cell in range(94):
        code = bytes([0x8F, 0xA1 + row, 0xA1 + cell])
        cp = one(code, "euc_jp")
        if row in (82, 83) and not cp:
            r = subprocess.run(["iconv", "-f", "EUC-JP-MS", "-t", "UTF-8"], input=code, capture_output=True)
            cp = ord(r.stdout.decode()) if r.returncode == 0 and len(r.stdout.decode()) == 1 else 0
        jis.append(cp if cp < 0x10000 else 0)
write("enc_table_jis0212.c", "JIS X 0212, source: CPython's euc_jp; rows 82 and 83: eucJP-ms.", [
    ("uint16_t hub_jis0212_table[JIS_ROWS * JIS_ROWS]", jis, "0x%x,", 16),
])
