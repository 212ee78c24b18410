#!/usr/bin/env python3
"""Small files of every kind that tsunagi attach knows, good ones and such as must be refused.

usage: make_media.py DIR     good/*, bad/CODE-*.ext (CODE: of the refusal), big.png (several pieces)
"""
import pathlib
import random
import struct
import sys
import zlib

CANARY = b'35.3339N139.4044E'  # where it was taken: must never leave


def exif(turned):
    tags = [(0x0112, 3, 1, struct.pack('>HH', turned, 0)), (0x010F, 2, len(CANARY), struct.pack('>I', 38))]
    ifd = struct.pack('>H', len(tags)) + b''.join(struct.pack('>HHI', *t[:3]) + t[3] for t in sorted(tags)) + b'\0' * 4
    return b'Exif\0\0' + b'MM\0*' + struct.pack('>I', 8) + ifd + CANARY


def seg(mark, body):
    return bytes([0xFF, mark]) + struct.pack('>H', len(body) + 2) + body


def jpeg(extra=b'', tail=b''):
    scan = b'\x12\xff\x00\x34\xff\xd0' + bytes(range(1, 200)) * 40
    return (b'\xff\xd8' + seg(0xE0, b'JFIF\0\1\1\0\0\1\0\1\0\0') + seg(0xE1, exif(6)) + extra
            + seg(0xE1, b'http://ns.adobe.com/xap/1.0/\0<x>' + CANARY + b'</x>') + seg(0xFE, CANARY)
            + seg(0xDB, b'\0' + b'\1' * 64) + seg(0xC0, b'\x08\0\x10\0\x10\1\1\x11\0') + seg(0xC4, b'\0' + b'\0' * 16)
            + seg(0xDA, b'\1\1\0\0\x3f\0') + scan + b'\xff\xd9' + tail)


def chunk(kind, body):
    return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))


def png(side=8, noise=0):
    rows = b''.join(b'\0' + random.Random(noise + y).randbytes(3 * side) for y in range(side))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', side, side, 8, 2, 0, 0, 0))
            + chunk(b'tEXt', b'Comment\0' + CANARY) + chunk(b'eXIf', exif(1)[6:]) + chunk(b'pHYs', b'\0' * 9)
            + chunk(b'IDAT', zlib.compress(rows, 1)) + chunk(b'IEND', b''))


def gif(comment=b''):
    note = b'\x21\xfe' + bytes([len(comment)]) + comment + b'\0' if comment else b''
    return b'GIF89a\1\0\1\0\x80\0\0' + b'\0' * 6 + note + b'\x2c\0\0\0\0\1\0\1\0\0' + b'\2\2\x44\1\0' + b'\x3b'


def webp(more=b''):
    body = b'WEBP' + b'VP8L' + struct.pack('<I', 6) + b'\x2f\0\0\0\0\0' + more
    return b'RIFF' + struct.pack('<I', len(body)) + body


def tiff(tag=256):
    return b'II*\0' + struct.pack('<I', 8) + struct.pack('<HHHIII', 1, tag, 3, 1, 1, 0)


def heic(item=b'hvc1'):
    def box(kind, body):
        return struct.pack('>I', len(body) + 8) + kind + body
    return box(b'ftyp', b'heic\0\0\0\0mif1heic') + box(b'meta', b'\0\0\0\0' + item) + box(b'mdat', b'x' * 40)


def pdf(objects=b'', trailer=b'', tail=b''):
    return (b'%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\n'
            b'endobj\n' + objects + b'xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R ' + trailer
            + b'>>\nstartxref\n9\n%%EOF\n' + tail)


def hidden(text, head=b'/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', eol=b'\n', body=None):
    z = zlib.compress(b'3 0 ' + text) if body is None else body
    return b'5 0 obj\n<< ' + head + b' /Length %d >>\nstream' % len(z) + eol + z + b'\nendstream\nendobj\n'


def main(folder):
    run = b'<< /S /JavaScript /JS (app.alert(1)) >>'
    good = {'photo.jpg': jpeg(), 'second.JPEG': jpeg(tail=jpeg()), 'scan.png': png(), 'picture.gif': gif(),
            'picture.webp': webp(), 'fax.tif': tiff(), 'phone.heic': heic(), 'letter.pdf': pdf(b'3 0 obj\n<< /Producer (Scanner) /CreationDate (D:2026) >>\nendobj\n4 0 obj\n<< /Title (Bookmark) /Parent 2 0 R >>\nendobj\n'),
            'objects.pdf': pdf(hidden(b'<< /Type /Page /JavaScripture 1 >>'))}
    bad = {'file-empty-a.pdf': b'', 'type-unknown-text.txt': b'hello', 'type-unknown-word.pdf': b'PK\3\4' + b'x' * 60,
           'type-unknown-html.jpg': b'<html>' + jpeg(), 'type-mismatch-a.png': jpeg(), 'type-mismatch-b.pdf': png(),
           'file-broken-cut.jpg': jpeg()[:-60], 'file-broken-cut.png': png()[:-20], 'file-broken-cut.gif': gif()[:-3],
           'file-broken-cut.webp': webp()[:-2], 'file-broken-far.tif': b'II*\0\xff\xff\xff\x7f', 'file-broken-cut.heic': heic()[:-9],
           'file-broken-cut.pdf': pdf()[:-8], 'file-broken-behind.pdf': pdf(tail=b'<script>alert(1)</script>'),
           'trailing-data-zip.jpg': jpeg(tail=b'PK\3\4' + b'x' * 40), 'trailing-data-html.png': png() + b'<html>',
           'trailing-data-zip.pdf': pdf(b'PK\5\6' + b'\n'), 'pdf-active-js.pdf': pdf(b'3 0 obj\n' + run + b'\nendobj\n'),
           'pdf-active-hex.pdf': pdf(b'3 0 obj\n<< /S /J#61va#53cript >>\nendobj\n'),
           'pdf-active-packed.pdf': pdf(hidden(run)), 'pdf-active-untyped.pdf': pdf(hidden(run, b'/N 1 /First 4 /Filter [/Fl]')),
           'pdf-active-crlf.pdf': pdf(hidden(run, eol=b'\r\n')), 'pdf-active-cr.pdf': pdf(hidden(run, eol=b'\r')),
           'pdf-active-blank.pdf': pdf(hidden(run, eol=b' \n')), 'pdf-active-file.pdf': pdf(b'<< /Type /EmbeddedFile >>'),
           'pdf-active-launch.pdf': pdf(b'<< /S/Launch/F(cmd.exe) >>'), 'pdf-encrypted-a.pdf': pdf(trailer=b'/Encrypt 9 0 R '),
           'pdf-unreadable-filter.pdf': pdf(hidden(run, b'/N 1 /First 4 /Filter [/ASCIIHexDecode /FlateDecode]')),
           'pdf-unreadable-twice.pdf': pdf(hidden(run, b'/N 1 /First 4 /Filter [/FlateDecode /FlateDecode]')),
           'pdf-unreadable-elsewhere.pdf': pdf(hidden(run, b'/N 1 /First 4 /Filter 8 0 R')),
           'pdf-unreadable-broken.pdf': pdf(hidden(b'', body=b'no zlib here')),
           'pdf-unreadable-bomb.pdf': pdf(hidden(b'', body=zlib.compress(b'\0' * (70 << 20))))}
    telltale = {'photo.gif': gif(CANARY), 'photo.webp': webp(b'EXIF' + struct.pack('<I', 18) + CANARY + b'.'),
                'gps.tif': tiff(34853), 'phone.heic': heic(b'Exif'),
                'author.pdf': pdf(b'3 0 obj\n<< /Producer (x) /Author (' + CANARY + b') >>\nendobj\n'),
                'titled.pdf': pdf(b'3 0 obj\n<< /Creator (x) /Title (y) >>\nendobj\n'),
                'xmp.pdf': pdf(hidden(b'<< /Type /Catalog /Metadata 9 0 R >>'))}
    for name, files in (('good', good), ('bad', bad), ('telltale', telltale)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / name / file).write_bytes(content)
    (folder / 'big.png').write_bytes(png(1000))


main(pathlib.Path(sys.argv[1]))
