"""Documents for test_docx.sh. usage: make_documents.py FOLDER"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
from make_xlsx import WORD, book, document, pack, table  # noqa: E402

FOLDER = sys.argv[1]
LOG = [["年月日", "方法", "内容"], ["R6.10.1", "電話", "一回目"], ["R6.10.2", "訪問", "二回目"]]


def at(name):
    return os.path.join(FOLDER, name)


SPAN, DOWN, START = '<w:gridSpan w:val="2"/>', "<w:vMerge/>", '<w:vMerge w:val="restart"/>'

document(at("table.docx"),
         ["支援経過記録", "利用者名：甲野 太郎　", [["番号", "0012"]], LOG])
document(at("notes.docx"), [LOG, '<w:p><w:r><w:t>x</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="1"/></w:r></w:p>'])
document(at("two.docx"), [LOG, "続き", LOG[:1] + [["R6.11.1", "来所", "三回目"]]])
document(at("persons.docx"), ["利用者名：甲野 太郎", [["番号", "0012"]], LOG, "利用者名：乙山 花子", LOG])
document(at("blank_logs.docx"), ["氏名　甲野 太郎　　番号　12", "R6.10.1 電話", "氏名　乙山 花子　　番号　13", "R6.10.2 訪問"])
document(at("colon_logs.docx"), ["氏名：甲野 太郎", "R6.10.1 電話", "氏名　不明の人", "氏名：乙山 花子", "R6.10.2 訪問"])
document(at("blanks.docx"), ["氏名　甲野 太郎　　番号　0012", LOG, "氏名　乙山 花子　　番号　0013", LOG])
document(at("logs.docx"), ["利用者名：甲野 太郎", "R6.10.1 電話", "不在", "利用者名：乙山 花子", "R6.10.2 訪問"])
document(at("unlike.docx"), [LOG, [["年月日", "相手", "内容"], ["x", "y", "z"]]])
document(at("merged.docx"), [[["日", "内容"], [("R6.10.1", START), "甲"], [("", DOWN), "乙"], [("", DOWN), "丙"], ["R6.10.2", "丁"]]])
document(at("ragged.docx"), [LOG[:1] + [["R6.10.1", ("内容だけ", SPAN)], LOG[1]]])
form = [[("相談受付票", '<w:gridSpan w:val="4"/>')], ["氏　名", "甲野 太郎", "電話", "03-0000-0001"],
        ["生年月日", "昭和28年4月5日", "性別", "☑男 □女"], [("相談内容", '<w:gridSpan w:val="4"/>')],
        [("一行目\n二行目", '<w:gridSpan w:val="4"/>')], ["緊急連絡先\n長女 花子", "x", "電話", "03-0000-0002"]]
other = [["氏名", "乙山 花子", "電話", ""], ["生年月日", "", "性別", "□男 ☑女"], [("相談内容", SPAN), ("来所", SPAN)]]
blank = [["氏名", "", "電話", ""], ["生年月日", "", "性別", ""], ["相談内容", ""]]
document(at("form.docx"), [form, "<w:p/>", other, blank])
document(at("log.docx"), ["支援記録", "氏名：甲野 太郎", "R6.10.1（火） 10:00 TEL 長女より。", "入院したとのこと。", "", "令和６年10月４日　訪問。", "10/9 来所",
                          "2024年10月15日：面談", "1-2名で対応", "3月に予定"])
ruby = '<w:r><w:ruby><w:rt><w:r><w:t>こうの</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>甲野</w:t></w:r></w:rubyBase></w:ruby></w:r>'
box = ('<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps">'
       '<w:drawing><x:y xmlns:x="urn:x"><w:txbxContent><w:p><w:r><w:t>箱の中</w:t></w:r></w:p></w:txbxContent></x:y></w:drawing></mc:Choice>'
       "<mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>箱の中</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback>"
       "</mc:AlternateContent></w:r>")
changes = ('<w:del><w:r><w:delText>消した</w:delText></w:r></w:del><w:ins><w:r><w:t>足した</w:t></w:r></w:ins>'
           '<w:moveFrom><w:r><w:t>移した</w:t></w:r></w:moveFrom><w:r><w:instrText>PAGE</w:instrText></w:r>')
odd = '<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="X" w:char="F001"/></w:r>'
secret = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隠し</w:t></w:r>"
cells = "".join(f"<w:tc><w:p>{c}</w:p></w:tc>" for c in (ruby, box, changes, odd, secret))
inner = f"<w:tc>{table([['内', '側'], ['x', 'y']])}<w:p/></w:tc>"
document(at("kinds.docx"), [f"<w:tbl><w:tr>{cells}{inner}</w:tr></w:tbl>"])
# a form a person, with a table of its family in a cell, which has one more in a cell
pets = table([["名", "種"], ["ポチ", "犬"]])
for_family = [["続柄", "氏名"], ["長女", "甲野 花子"], ["孫", "甲野 月"]]


def person(name, family, more=""):
    cell = f'<w:tc><w:tcPr>{SPAN}</w:tcPr><w:p><w:r><w:t>家族</w:t></w:r></w:p>{table(family)}{more}<w:p/></w:tc>'
    return (f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>氏名</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{name}</w:t></w:r></w:p></w:tc></w:tr>"
            f"<w:tr>{cell}</w:tr><w:tr><w:tc><w:p><w:r><w:t>備考</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>なし</w:t></w:r></w:p></w:tc></w:tr></w:tbl>")


document(at("inner.docx"), [person("甲野 太郎", for_family, pets), "<w:p/>", person("乙山 次郎", [for_family[0], ["妻", "乙山 秋"]])])
chain = "<w:p><w:r><w:t>底</w:t></w:r></w:p>"
for depth in range(12, 0, -1):
    chain = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>深さ{depth}</w:t></w:r></w:p>{chain}<w:p/></w:tc></w:tr></w:tbl>"
document(at("chain.docx"), [chain])
document(at("strict.docx"), [LOG], word="http://purl.oclc.org/ooxml/wordprocessingml/main")
document(at("inline.docx"), ["支援経過記録票", "氏名　甲野　太郎　　　ケースＮｏ．0012　　担当：乙山", LOG])
document(at("number.docx"), ["支援経過記録票", "氏名　甲野　太郎　　　ケースNo.　A-12", "住所　架空市1-1　　No.5ビル", LOG])
document(at("brackets.docx"), [[["【氏名】", "甲野 太郎", "■電話", "03-0000-0001"], [("【相談内容】\n一行目\n二行目", '<w:gridSpan w:val="4"/>')]]])
document(at("plain.docx"), ["表のない文書"])
# --- hostile
head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
open(at("old.doc"), "wb").write(head)
open(at("locked.docx"), "wb").write(head + "EncryptedPackage".encode("utf-16le"))
whole = open(at("table.docx"), "rb").read()
open(at("cut.docx"), "wb").write(whole[:len(whole) // 2])
document(at("bomb.docx"), [" " * (100 << 20)])
document(at("deep.docx"), ["<w:tbl><w:tr><w:tc>" * 2000])
entity = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
document(at("entity.docx"), [LOG], extra={"word/document.xml": entity + f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'})
pack(at("outside.docx"), {"../x": "x", "word/document.xml": "<x/>"})
book(at("book.docx"), [("S", [["a"]])])
document(at("long.docx"), [LOG + [["R6.10.3", "電話", "あ" * 500000], LOG[1]]])
wide = [["x"] * 400] + [["y"] * 400] * 3
document(at("wide.docx"), [wide])

