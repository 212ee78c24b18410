"""A large workbook for tests/bench/workbook.sh. usage: workbook.py FILE ROWS

Ten columns: a number, a date, a decimal, shared texts, texts of their own."""
import os
import random
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from make_xlsx import MAIN, parts  # noqa: E402

WORDS = ["電話", "訪問", "来所", "山田 太郎", "佐藤 花子", "長女より相談。体調は良い。"]


def main(path, rows):
    random.seed(1)
    files = parts([("S", [])], formats=["[$-411]ge.m.d"], strings=[f"<t>{w}</t>" for w in WORDS])
    # what openpyxl insists on
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    files["[Content_Types].xml"] = files["[Content_Types].xml"].replace("</Types>", "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}{name}+xml"/>'
        for part, name in (("sharedStrings", "sharedStrings"), ("styles", "styles"), ("worksheets/sheet1", "worksheet")))
        + "</Types>")
    files["xl/styles.xml"] = files["xl/styles.xml"].replace(
        "<cellXfs>", "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders><cellXfs>")
    del files["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in files.items():
            z.writestr(name, text)
        with z.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as f:
            f.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for r in range(1, rows + 1):
                row = [f'<c r="A{r}"><v>{100000 + r}</v></c><c r="B{r}" s="1"><v>{40000 + r % 6000}</v></c>'
                       f'<c r="C{r}"><v>{random.random() * 1000:.4f}</v></c>']
                row += [f'<c r="{c}{r}" t="s"><v>{random.randrange(len(WORDS))}</v></c>' for c in "DEFGH"]
                row += [f'<c r="{c}{r}" t="inlineStr"><is><t>記録 {random.randrange(10**6)}</t></is></c>' for c in "IJ"]
                f.write(f'<row r="{r}">{"".join(row)}</row>'.encode())
            f.write(b"</sheetData></worksheet>")


main(sys.argv[1], int(sys.argv[2]))
