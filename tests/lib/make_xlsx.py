"""Small workbooks and documents for tests, with nothing but Python: what is odd about a file stands in the
test that needs it.

    book(path, sheets=[("Sheet1", ROWS or XML)], formats=["yyyy/m/d"], ...)

ROWS: lists of cells; a cell is None, a text, a number, (number, style) or ("raw", XML of the cell).
Style 0 is General, 1.. are the formats. XML: the text of the whole <worksheet> behind its start tag.
"""
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = ("http://purl.oclc.org/ooxml/spreadsheetml/main",
          "http://purl.oclc.org/ooxml/officeDocument/relationships")
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def esc(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def letters(n):
    out = ""
    n += 1
    while n:
        n, r = divmod(n - 1, 26)
        out = chr(65 + r) + out
    return out


def cell_xml(address, value):
    style = ""
    if isinstance(value, tuple):
        if value[0] == "raw":
            return value[1].replace("@", address)
        style, value = f' s="{value[1]}"', value[0]
    if value is None:
        return f'<c r="{address}"{style}/>'
    if isinstance(value, bool):
        return f'<c r="{address}"{style} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{address}"{style}><v>{value}</v></c>'
    return f'<c r="{address}"{style} t="inlineStr"><is><t xml:space="preserve">{esc(value)}</t></is></c>'


def sheet_xml(rows, after=""):
    out = ["<sheetData>"]
    for r, row in enumerate(rows, 1):
        attrs = ""
        if isinstance(row, dict):
            attrs, row = row["attrs"], row["cells"]
        cells = "".join(cell_xml(f"{letters(c)}{r}", v) for c, v in enumerate(row) if v is not None)
        if cells:
            out.append(f'<row r="{r}"{attrs}>{cells}</row>')
    out.append("</sheetData>" + after)
    return "".join(out)


def rels(pairs, rel=REL):
    body = "".join(f'<Relationship Id="{i}" Type="{rel}{kind}" Target="{target}"/>' for i, kind, target in pairs)
    return f'<Relationships xmlns="{PACKAGE}">{body}</Relationships>'


def parts(sheets, formats=(), strings=None, date1904=False, states=None, strict=False):
    main, rel = STRICT if strict else (MAIN, REL)
    states = states or {}
    out = {"[Content_Types].xml":
           '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
           '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
           '<Default Extension="xml" ContentType="application/xml"/>'
           '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
           '</Types>',
           "_rels/.rels": rels([("rId1", "/officeDocument", "xl/workbook.xml")], rel)}
    names = "".join(
        f'<sheet name="{esc(name)}" sheetId="{i}" r:id="rId{i}"'
        + (f' state="{states[name]}"' if name in states else "") + "/>"
        for i, (name, _) in enumerate(sheets, 1))
    out["xl/workbook.xml"] = (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="{main}" xmlns:r="{rel}">'
                              f'<workbookPr{" date1904=" + chr(34) + "1" + chr(34) if date1904 else ""}/>'
                              f"<sheets>{names}</sheets></workbook>")
    pairs = [(f"rId{i}", "/worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)]
    pairs.append(("rIdS", "/styles", "styles.xml"))
    if strings is not None:
        pairs.append(("rIdT", "/sharedStrings", "sharedStrings.xml"))
        out["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">' + "".join(f"<si>{s}</si>" for s in strings) + "</sst>"
    out["xl/_rels/workbook.xml.rels"] = rels(pairs, rel)
    codes = "".join(f'<numFmt numFmtId="{164 + i}" formatCode="{esc(f)}"/>' for i, f in enumerate(formats))
    xfs = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{164 + i}"/>' for i in range(len(formats)))
    out["xl/styles.xml"] = f'<styleSheet xmlns="{main}"><numFmts>{codes}</numFmts><cellXfs>{xfs}</cellXfs></styleSheet>'
    for i, (_, rows) in enumerate(sheets, 1):
        body = rows if isinstance(rows, str) else sheet_xml(rows)
        out[f"xl/worksheets/sheet{i}.xml"] = f'<worksheet xmlns="{main}">{body}</worksheet>'
    return out


def pack(path, files):
    """The same bytes each time: a file in the repository can be made again."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2024, 10, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, text)


def book(path, sheets, **options):
    pack(path, parts(sheets, **options))


# --- documents

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def run(text):
    """A run of text; line feeds and tabs as Word writes them."""
    out = esc(text).replace("\n", "</w:t><w:br/><w:t xml:space=\"preserve\">")
    out = out.replace("\t", "</w:t><w:tab/><w:t xml:space=\"preserve\">")
    return f'<w:r><w:t xml:space="preserve">{out}</w:t></w:r>'


def line(text):
    return text if text.startswith("<w:") else f"<w:p>{run(text) if text else ''}</w:p>"


def cell(value):
    """A text, or (text, properties): "<w:gridSpan w:val=...>"."""
    text, props = value if isinstance(value, tuple) else (value, "")
    body = "".join(line(t) for t in text.split("\n")) if not text.startswith("<w:") else text
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{body}</w:tc>"


def table(rows):
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(cell(c) for c in row)}</w:tr>" for row in rows) + "</w:tbl>"


def document(path, body, word=WORD, extra=None):
    """body: texts (paragraphs), lists of rows (tables), or XML."""
    text = "".join(table(b) if isinstance(b, list) else line(b) for b in body)
    pack(path, {
        "[Content_Types].xml":
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
        "</Types>",
        "_rels/.rels": rels([("rId1", "/officeDocument", "word/document.xml")]),
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{word}"><w:body>{text}</w:body></w:document>',
        **(extra or {})})
