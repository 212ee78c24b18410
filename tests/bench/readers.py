#!/usr/bin/env python3
"""readers.py TSUNAGI [MB]: what each reader takes for a large generated file, beside a peer that reads every
cell of it: MB/s and peak memory, by user CPU time of the process (the machine may be busy).
readers.py TSUNAGI SMALL,LARGE: peak memory in KiB for two sizes, a line a reader, without peers.

`tsunagi inspect` decodes, splits and prints each record as JSON; a peer reads and counts. A transcript is one
record, bounded by an option: its file is smaller; for two sizes its words are the same and what is beside them grows."""
import json
import os
import subprocess
import sys
import tempfile
import zipfile

TSUNAGI = sys.argv[1]
SIZES = [int(n) for n in (sys.argv[2] if len(sys.argv) > 2 else '40').split(',')]
ROW = ['%06d', '髙橋　花子', 'ﾀｶﾊｼ ﾊﾅｺ', '1980-03-04', '神奈川県茅ヶ崎市茅ヶ崎１－２－３', '家賃が払えないとのこと。次回は保健センターに同行する。']
NAMES = ['no', 'name', 'kana', 'birth', 'address', 'note']


def cells(i):
    return [ROW[0] % i] + ROW[1:]


def fill(path, head, line, tail='', encoding='utf-8', size=0):
    with open(path, 'wb') as f:
        f.write(head.encode(encoding))
        i = 0
        while f.tell() < size:
            f.write(''.join(line(i + k) for k in range(500)).encode(encoding))
            i += 500
        f.write(tail.encode(encoding))


def fixed(i):
    return ''.join((c.encode('cp932') + b' ' * 60)[:60].decode('cp932') for c in cells(i)) + '\n'


def document(path, member, head, line, tail, size):
    part = path + '.part'
    fill(part, head, line, tail, size=size)
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        if member.startswith('xl'):
            z.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
            z.writestr('_rels/.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
            z.writestr('xl/workbook.xml', '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>')
            z.writestr('xl/_rels/workbook.xml.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        else:
            z.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
            z.writestr('_rels/.rels', '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
        z.write(part, member)
    size = os.path.getsize(part)
    os.unlink(part)
    return size


X = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
ITER = 'import sys,zipfile,xml.etree.ElementTree as E\nn=0\nfor _,e in E.iterparse(%s):\n n+=len(e.text or ""); e.clear()\nprint(n)'
LOAD = 'import json,sys\nprint(sum(len(str(r)) for r in json.load(open(sys.argv[1]))%s))'


def make(kind, path, mb):
    """Writes the file; returns its bytes, the options of inspect, and the peer."""
    size = mb << 20
    if kind == 'csv':
        fill(path, ','.join(NAMES) + '\n', lambda i: ','.join(cells(i)) + '\n', encoding='cp932', size=size)
        return None, [], 'import csv,sys\nprint(sum(len(r) for r in csv.reader(open(sys.argv[1],encoding="cp932",newline=""))))'
    if kind == 'fixed':
        fill(path, '', fixed, encoding='cp932', size=size)
        spans = '; '.join('%s=%d-%d' % (n, k * 60 + 1, k * 60 + 60) for k, n in enumerate(NAMES))
        return None, ['--set', 'columns=' + spans], ('import sys\nprint(sum(len(l[k*60:k*60+60].rstrip().decode("cp932"))'
                                                    ' for l in open(sys.argv[1],"rb") for k in range(6)))')
    if kind == 'json':
        fill(path, '[', lambda i: (',' if i else '') + json.dumps(dict(zip(NAMES, cells(i))), ensure_ascii=False), ']', size=size)
        return None, [], LOAD % ''
    if kind == 'xml':
        fill(path, '<l>', lambda i: '<r>' + ''.join('<%s>%s</%s>' % (n, c, n) for n, c in zip(NAMES, cells(i))) + '</r>\n', '</l>', size=size)
        return None, [], ITER % 'sys.argv[1]'
    if kind == 'xlsx':
        row = lambda i: '<row r="%d">' % (i + 1) + ''.join(
            '<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>' % ('ABCDEF'[k], i + 1, c) for k, c in enumerate(cells(i))) + '</row>'
        n = document(path, 'xl/worksheets/sheet1.xml', '<worksheet xmlns="%s"><sheetData>' % X, row, '</sheetData></worksheet>', size)
        return n, [], ITER % 'zipfile.ZipFile(sys.argv[1]).open("xl/worksheets/sheet1.xml")'
    if kind == 'docx':
        row = lambda i: '<w:tr>' + ''.join('<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>' % c for c in cells(i)) + '</w:tr>'
        n = document(path, 'word/document.xml', '<w:document xmlns:w="%s"><w:body><w:tbl>' % W, row, '</w:tbl></w:body></w:document>', size)
        return n, [], ITER % 'zipfile.ZipFile(sys.argv[1]).open("word/document.xml")'
    if kind == 'kintone':
        rec = lambda i: (',' if i else '') + json.dumps({'$id': {'type': '__ID__', 'value': str(i + 1)}, **{
            n: {'type': 'SINGLE_LINE_TEXT', 'value': c} for n, c in zip(NAMES, cells(i))}}, ensure_ascii=False)
        fill(path, '{"records":[', rec, ']}', size=size)
        return None, [], LOAD % '["records"]'
    if kind == 'gedcom': # families of four: one tree, bounded by an option, so the file is smaller
        one = lambda i: ('0 @I%d@ INDI\n1 NAME 花子 /髙橋/\n2 TRAN ハナコ /タカハシ/\n1 SEX F\n1 BIRT\n2 DATE 4 MAR 1980\n1 NOTE %s\n' % (i, ROW[5])) + (
            '0 @F%d@ FAM\n1 HUSB @I%d@\n1 WIFE @I%d@\n1 CHIL @I%d@\n1 CHIL @I%d@\n' % (i, i - 3, i - 2, i - 1, i) if i % 4 == 3 else '')
        fill(path, '0 HEAD\n1 GEDC\n2 VERS 7.0\n', one, '0 TRLR\n', size=min(mb, 8) << 20)
        return None, [], 'import sys\nprint(sum(len(l.rstrip().split(" ",2)) for l in open(sys.argv[1],encoding="utf-8")))'
    seg = lambda i: (',' if i else '') + json.dumps({'starttime': i * 1000, 'endtime': i * 1000 + 900, 'text': ROW[5], 'tokens': [
        {'written': ROW[5], 'label': 'speaker0', 'confidence': 0.9, 'starttime': i * 1000, 'endtime': i * 1000 + 900}]}, ensure_ascii=False)
    if len(SIZES) > 1: # a transcript is one record: its words stay the same
        beside = lambda i: (',' if i else '') + json.dumps({'at': i, 'text': ROW[5]}, ensure_ascii=False)
        fill(path, '{"results":[' + ''.join(map(seg, range(500))) + '],"others":[', beside, ']}', size=size)
        return None, ['--set', 'product=amivoice'], ''
    fill(path, '{"code":"","message":"","results":[', seg, ']}', size=min(mb, 8) << 20)
    return None, ['--set', 'product=amivoice'], LOAD % '["results"]'


def measure(command):
    """User and system seconds, peak MiB. By time(1): a child of this interpreter would count the interpreter's own
    memory as its peak, and looking at a running one misses the end of a short run."""
    with tempfile.NamedTemporaryFile('r') as out:
        p = subprocess.run(['/usr/bin/time', '-q', '-f', '%U %S %M', '-o', out.name] + command,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if p.returncode:
            sys.exit('%s: %s' % (' '.join(command[:3]), p.stderr.decode(errors='replace')[:400]))
        user, system, peak = out.read().split()
    return float(user) + float(system), int(peak) / 1024


ENDING = {'voice': 'json', 'kintone': 'json', 'fixed': 'txt', 'gedcom': 'ged'}
KINDS = os.environ.get('READERS', 'csv fixed json xml xlsx docx kintone voice' + (' gedcom' if len(SIZES) == 1 else '')).split()  # a tree is held in memory


def speed(kind, folder):
    path = os.path.join(folder, 'large.' + ENDING.get(kind, kind))
    size, options, peer = make(kind, path, SIZES[0])
    size = (size or os.path.getsize(path)) / 1e6
    ours, our_peak = measure([TSUNAGI, 'inspect', path, '--source', kind] + options)
    theirs, their_peak = measure([sys.executable, '-c', peer, path])
    os.unlink(path)
    print('%-8s %6.1f | %8.1f %9.1f | %13.1f %9.1f | %.2f' % (
        kind, size, size / ours, our_peak, size / theirs, their_peak, theirs / ours), flush=True)


def memory(kind, folder):
    peaks = []
    for mb in SIZES:
        path = os.path.join(folder, 'large.' + ENDING.get(kind, kind))
        options = make(kind, path, mb)[1]
        peaks.append('%d' % (measure([TSUNAGI, 'inspect', path, '--source', kind] + options)[1] * 1024))
        os.unlink(path)
    print(kind, *peaks, flush=True)


with tempfile.TemporaryDirectory(dir=os.environ.get('BENCH_DIR')) as folder:
    if len(SIZES) == 1:
        print('%-8s %6s | %8s %9s | %13s %9s | %s' % ('reader', 'MB', 'MB/s', 'peak MiB', 'python MB/s', 'peak MiB', 'ratio'))
    for kind in KINDS:
        (speed if len(SIZES) == 1 else memory)(kind, folder)
