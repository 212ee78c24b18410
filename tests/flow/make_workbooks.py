"""Workbooks for test_xlsx.sh. usage: make_workbooks.py FOLDER"""
import os
import struct
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from make_xlsx import MAIN, book, pack, parts, sheet_xml  # noqa: E402

FOLDER = sys.argv[1]
LIST = [["番号", "氏名"], ["1", "甲"], ["2", "乙"]]


def at(name):
    return os.path.join(FOLDER, name)


def replaced(name, part, text, **options):
    files = parts([("S", LIST)], **options)
    files[part] = text
    pack(at(name), files)


# --- what sheets hold
formats = ["[$-411]ge.m.d", '[$-411]ggge"年"m"月"d"日"', "m/d", "yyyy/mm", "h:mm", "[h]:mm", "yyyy/m/d h:mm:ss",
           "000000", r"000\-0000", "#,##0", "0.00%", "@", '0"人"', '[<=43585][$-411]ge.m.d;[$-ja-JP-x-gannen]ge.m.d',
           "0.00", '"〒"000\\-0000']
book(at("formats.xlsx"), [("S", [[
    (45566, 1), (45566, 2), (45566, 3), (45566, 4), (0.3125, 5), (1.1, 6), (45566.5, 7), (1234, 8), (7600001, 9),
    (1234567, 10), (0.125, 11), (12, 12), (5, 13), (45566, 14), (2.675, 15), (7600001, 16), 123456789012, 0.1, 1e-7,
    (60, 1), (0, 1), 12345678.123456]])], formats=formats)
book(at("1904.xlsx"), [("S", [[(44104, 1)]])], formats=["yyyy/m/d"], date1904=True)
book(at("kinds.xlsx"), [("S", [[
    ("raw", '<c r="@" t="s"><v>0</v></c>'), ("raw", '<c r="@" t="s"><v>1</v></c>'), True, False,
    ("raw", '<c r="@" t="e"><v>#N/A</v></c>'), ("raw", '<c r="@"><f>A1+1</f><v>7</v></c>'),
    ("raw", '<c r="@" t="str"><f>"x"</f><v>x</v></c>'), ("raw", '<c r="@"><f>B9+1</f></c>'),
    ("raw", '<c r="@" t="s"><v>99</v></c>'), ("raw", '<c r="@" t="d"><v>2024-10-01T09:30:00.000</v></c>'),
    ("raw", '<c r="@" t="inlineStr"><is><r><t>太</t></r><r><rPr><b/></rPr><t>字</t></r><rPh sb="0" eb="1"><t>フト</t></rPh></is></c>'),
    "a_x000D_b_x005F_x"]])],
     strings=['<t>氏名</t><rPh sb="0" eb="2"><t>シメイ</t></rPh><phoneticPr fontId="1"/>',
              '<r><t>山田</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 太郎</t></r>'])
book(at("strict.xlsx"), [("S", LIST)], strict=True)
replaced("prefixed.xlsx", "xl/worksheets/sheet1.xml",
         f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>'
         "<x:c><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>")
replaced("utf16.xlsx", "xl/worksheets/sheet1.xml",
         ('<?xml version="1.0" encoding="UTF-16"?>' + f'<worksheet xmlns="{MAIN}">{sheet_xml(LIST)}</worksheet>').encode("utf-16"))
# --- lists
book(at("months.xlsx"), [
    ("R6.10", [["支援経過記録", None, None], ["利用者:", "甲野 太郎"], [], ["年月日", "方法", "内容"],
               [(45566, 1), "電話", "一回目"], [(45567, 1), "訪問", "二回目"]]),
    ("R6.11", [["支援経過記録", None, None], ["利用者:", "甲野 太郎"], [], ["年月日", "方法", "内容"],
               [(45597, 1), "来所", "三回目"]]),
    ("原本", [["支援経過記録", None, None], ["利用者:"], [], ["年月日", "方法", "内容"]])],
     formats=["[$-411]ge.m.d"], states={"原本": "hidden"})
book(at("other.xlsx"), [("A", LIST), ("B", [["番号", "住所"], ["3", "丙"]])])
book(at("merged.xlsx"), [("S", sheet_xml(
    [["氏名", "住所", None], [None, "市", "町"], ["甲", "東", "一"], [None, "東", "二"], ["乙", "西", "三"]],
    '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="A3:A4"/></mergeCells>'))])
book(at("beside.xlsx"), [("S", [["番号", "氏名"], ["1", "甲"], ["2", "乙", None, "メモ"]])])
book(at("hidden.xlsx"), [("S", sheet_xml([["番号", "日"], {"attrs": ' hidden="1"', "cells": ["1", "x"]},
                                           ["2", (45294, 1)], ["3", "1-2-3"], ["4", "5"]])), ("T", LIST)],
     formats=['m"月"d"日"'], states={"T": "veryHidden"})
book(at("forms.xlsx"), [
    (name, [["相談受付票"], [], ["氏 名", None, who], ["番号", None] + list(number), ["相談内容"], *[[t] for t in text]])
    for name, who, number, text in [("1", "甲野 太郎", "0012", ["一行目", "二行目"]), ("2", "乙山 花子", "0345", ["相談"]),
                                    ("空", None, "", [])]])
book(at("long.xlsx"), [("S", [["番号", "氏名"], [123456789012345, "甲"], [1234567890123456, "乙"], [("raw", '<c r="@"><v>1.2345678901234E+17</v></c>'), "丙"]])])
replaced("one_address.xlsx", "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c>'
         '<c r="B1"><v>2</v></c><c r="B1"><v>3</v></c></row></sheetData></worksheet>')
# --- a list of items, as a workbook and as CSV
items = [["項目", "様式"], ["氏名", "受付"], ["独自の項目", "受付"]]
book(at("items.xlsx"), [("一覧", [["公式の項目一覧"], []] + items)])
open(at("items.csv"), "w", encoding="utf-8").write("".join(",".join(i) + "\n" for i in items))
# --- hostile
head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
open(at("old.xls"), "wb").write(head)
open(at("locked.xlsx"), "wb").write(head + "EncryptedPackage".encode("utf-16le") + b"\0" * 100)
open(at("empty.xlsx"), "wb").close()
open(at("text.xlsx"), "w").write("a,b\n1,2\n")
book(at("whole.xlsx"), [("S", LIST * 500)])
whole = open(at("whole.xlsx"), "rb").read()
open(at("cut.xlsx"), "wb").write(whole[:len(whole) // 2])
broken = bytearray(whole)
place = broken.find(b"xl/worksheets/sheet1.xml") + 60
broken[place:place + 8] = b"\xff" * 8
open(at("broken.xlsx"), "wb").write(broken)
pack(at("outside.xlsx"), {**parts([("S", LIST)]), "../../etc/x": "x"})
pack(at("twice.xlsx"), parts([("S", LIST)]))
with zipfile.ZipFile(at("twice.xlsx"), "a") as z:  # one program reads the first, another the last
    z.writestr("XL\\worksheets/Sheet1.xml", f'<worksheet xmlns="{MAIN}">{sheet_xml([["番号", "氏名"], ["9", "別人"]])}</worksheet>')
RELS = "xl/_rels/workbook.xml.rels"
replaced("target.xlsx", RELS, parts([("S", LIST)])[RELS].replace("worksheets/sheet1.xml", "../../../etc/passwd"))
replaced("bomb.xlsx", "xl/worksheets/sheet1.xml",
         f'<worksheet xmlns="{MAIN}"><sheetData>' + " " * (200 << 20) + "</sheetData></worksheet>")
laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10))
replaced("entities.xlsx", "xl/sharedStrings.xml", f'<!DOCTYPE sst [{laughs}]><sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>',
         strings=["<t>x</t>"])
replaced("external.xlsx", "xl/worksheets/sheet1.xml",
         '<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
         f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>')
replaced("deep.xlsx", "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}">' + "<a>" * 100000)
for name, cell in [("row.xlsx", '<row r="4294967297"><c><v>1</v></c></row>'), ("column.xlsx", '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>')]:
    replaced(name, "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{cell}</sheetData></worksheet>')
files = parts([("S", LIST)])
del files["xl/worksheets/sheet1.xml"]
pack(at("missing.xlsx"), files)
pack(at("other.zip"), {"a.txt": "x"})
pack(at("word.xlsx"), {"word/document.xml": "<x/>"})
pack(at("binary.xlsx"), {"xl/workbook.bin": "x"})
wide = "".join(f'<row r="{r}"><c r="XFD{r}"><v>1</v></c></row>' for r in range(1, 30001))
replaced("wide.xlsx", "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{wide}</sheetData></worksheet>')
# a directory that lies about the size of a part
lie = bytearray(open(at("bomb.xlsx"), "rb").read())
for sign, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
    spot = -1
    while (spot := lie.find(sign, spot + 1)) >= 0:
        if struct.unpack_from("<I", lie, spot + offset)[0] > 100 << 20:
            struct.pack_into("<I", lie, spot + offset, 1000)
open(at("lying.xlsx"), "wb").write(lie)
assert zipfile.is_zipfile(at("outside.xlsx"))
