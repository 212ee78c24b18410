"""The samples of mappings/center-excel, center-word and raito, made anew: invented people, lifelike shapes.

usage: python3 tests/lib/make_center_samples.py      (from the top of the tree)
"""
import os
import sys

sys.path.insert(0, os.path.dirname(__file__))
from make_xlsx import book, document, sheet_xml  # noqa: E402

FORMATS = ["[$-411]ge.m.d", "h:mm", "000000", '[$-411]ggge"年"m"月"d"日"', "yyyy/m/d", '0"分"']
ERA, TIME, SIX, KANJI, SLASH, MINUTES = 1, 2, 3, 4, 5, 6


def log(rows, after="", hidden=()):
    head = [["支援経過記録", None, None, None, None, None],
            ["利用者名", "甲野 太郎", None, "利用者番号", (1207, SIX), None],
            [],
            ["年月日", "時間", "方法", "相手", "内容", "担当"]]
    rows = [{"attrs": ' hidden="1"', "cells": r} if i in hidden else r for i, r in enumerate(rows)]
    return sheet_xml(head + rows, after)


def center_excel():
    october = [
        [(45566, ERA), (0.4166666666666667, TIME), "電話", "長女", "退院の日程が決まったとのこと。10/4 に訪問する。", "佐藤"],
        [None, (0.625, TIME), "電話", "○○病院 MSW", "退院後の訪問看護の調整を依頼。", "佐藤"],
        [(45569, ERA), (0.5625, TIME), "訪問", "本人", "自宅を訪問。\n体調は良いが、食事は1日1回。\n見守りを週2回にする。", "鈴木"],
        ["10月頃", None, "電話", "本人", "家賃の相談（日付は不明）。", "鈴木"],
        [(45580, ERA), None, "来所", "本人", "面談 & 家計簿の確認。", "鈴木"]]
    november = [
        [(45600, ERA), (0.40625, TIME), "関係機関との連絡・調整", "市役所", "保護課へ同行の日程調整。", "佐藤"],
        [(45607, ERA), (0.5833333333333334, TIME), "同行", "本人", "市役所へ同行。申請書を提出した。", "佐藤"]]
    book("mappings/center-excel/sample.xlsx", [
        ("R6.10", log(october, '<mergeCells><mergeCell ref="A1:F1"/><mergeCell ref="A5:A6"/></mergeCells>', hidden={4})),
        ("R6.11", log(november, '<mergeCells><mergeCell ref="A1:F1"/></mergeCells>')),
        ("原本", log([]))], formats=FORMATS, states={"原本": "hidden"})


def form(name, kana, birth, sex, phone, number, address, text, day):
    digits = list(number)
    return [["相談受付票"], [], ["氏　名", None, name, None, "ふりがな", None, kana],
            ["生年月日", None, birth, None, "性別", None, sex],
            ["住　所", None, address], ["電　話", None, phone],
            ["受付番号", None] + digits, ["受付日", None, day], ["相談内容"], *[[None, t] for t in text]]


def center_forms():
    book("mappings/center-excel/forms.sample.xlsx", [
        ("001", form("乙山 花子", "おとやま はなこ", (20000, KANJI), "女", "03-0000-0001", "000131", "東京都架空区一丁目2番3号",
                     ["一人暮らし。膝が痛く買い物に行けない。", "配食サービスを希望。"], (45566, KANJI))),
        ("002", form("丙川 次郎", "へいかわ じろう", "昭和28年4月5日", "男", None, "000132", "東京都架空区二丁目4番",
                     ["年金だけでは家賃が払えない。"], (45568, KANJI))),
        ("原紙", form(None, None, None, None, None, "", None, [], None))], formats=FORMATS)


def raito():
    head = ["対象者番号", "氏名", "フリガナ", "生年月日", "性別", "支援日", "支援時間", "支援方法", "支援先", "支援内容", "担当者", "次回予定日"]
    rows = [
        [(41, SIX), "丁田 三郎", "ﾃｲﾀﾞ ｻﾌﾞﾛｳ", (19815 - 1462, SLASH), "男", (45566 - 1462, SLASH), (45, MINUTES), "面接", "保護観察所",
         "退所後の帰住先について協議。", "高橋", (45580 - 1462, SLASH)],
        [(41, SIX), "丁田 三郎", "ﾃｲﾀﾞ ｻﾌﾞﾛｳ", (19815 - 1462, SLASH), "男", (45573 - 1462, SLASH), (30, MINUTES), "電話", "受入施設",
         "入所の調整。12月から可とのこと。", "高橋", None],
        [(57, SIX), "戊井 四郎", "ﾎﾞｲ ｼﾛｳ", (23110 - 1462, SLASH), "男", (45574 - 1462, SLASH), None, "訪問", "本人",
         "アパートを訪問。通院は続いている。", "田中", (45604 - 1462, SLASH)]]
    book("mappings/raito/sample.xlsx", [("支援記録", [["支援記録一覧（2024年10月）"], head] + rows)],
         formats=FORMATS, date1904=True)


DOWN, START = "<w:vMerge/>", '<w:vMerge w:val="restart"/>'


def center_word():
    document("mappings/center-word/sample.docx", [
        "支　援　経　過　記　録",
        [["利用者名", "己川 五郎", "利用者番号", "000210"], ["担当", "渡辺", "作成", "令和6年11月1日"]], "",
        [["年月日", "方法", "相手", "内容"],
         [("R6.10.2", START), "電話", "次男", "施設見学の日程を相談。"],
         [("", DOWN), "電話", "△△ホーム", "10/8 の見学を予約。"],
         ["R6.10.8", "同行", "本人・次男", "△△ホームを見学。\n本人は「静かでよい」と話す。"],
         ["令和6年13月1日", "訪問", "本人", "（日付の書き間違い）"],
         ["2024/10/21", "会議", "関係機関", "支援会議。12月入所の方向。"]]])
    document("mappings/center-word/log.sample.docx", [
        "支援記録", "利用者名：庚山 六子", "利用者番号：000311", "",
        "R6.10.1（火） 10:00 TEL 長女より。", "入院したとのこと。病院名は後日。", "",
        "R6.10.4（金） 訪問。長女と面談。", "退院後の生活について話す。",
        "10/9 来所（年が書かれていない）。",
        "令和６年10月15日　△△病院 MSW より電話。来週退院の見込み。"])
    form = [[("相談受付票", '<w:gridSpan w:val="4"/>')],
            ["受付番号", "000401", "受付日", "令和6年10月3日"], ["氏　名", "辛島 七海", "ふりがな", "からしま ななみ"],
            ["生年月日", "平成10年2月3日", "性別", "女"], ["住　所", ("東京都架空区三丁目5番6号", '<w:gridSpan w:val="3"/>')],
            ["電　話", "03-0000-0003", "", ""], [("相談内容", '<w:gridSpan w:val="4"/>')],
            [("仕事が続かない。\n家賃を2か月滞納している。", '<w:gridSpan w:val="4"/>')]]
    document("mappings/center-word/forms.sample.docx", [form])


def workload():
    """業務棚卸表: a sheet for each section, 大分類 in merged cells, hours by kind of staff, sums below."""
    head = [["業務棚卸表（令和７年度）", None, None, None, None, None, None, None],
            ["単位：時間／月", None, None, None, None, None, None, None],
            ["大分類", "業務名", "職種別の時間", None, None, None, None, "備考"],
            [None, None, "保健師", "社会福祉士", "主任介護支援専門員", "事務職", "会計年度任用職員", None]]
    merged = ('<mergeCells><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/><mergeCell ref="C3:G3"/><mergeCell ref="H3:H4"/>'
              '<mergeCell ref="A5:A7"/><mergeCell ref="A8:A9"/></mergeCells>')
    one = [["総合相談", "電話・来所の相談", 42.5, 60, 38, None, 20, None], [None, "訪問", 36, 48.25, 30, None, None, "移動を含む"],
           [None, "相談記録の入力", 20, 25, 18, 5, "10時間30分", None], ["会議", "支援会議・重層的支援会議", 6, 8, 6, 4, None, None],
           [None, "庁内連絡会", "2:30", 2, None, 3, None, None], ["庶務", "統計・報告", 3, 2, 2, "多め", None, "未集計"],
           ["合計", None, 110, 145.25, 94, 12, 30.5, None]]
    two = [["総合相談", "電話・来所の相談", None, 30, None, 12, 45, None], [None, "訪問", None, 22, None, None, 10, None],
           [None, "相談記録の入力", None, 12, None, None, 14, None], ["会議", "個別支援会議", None, 5, None, 1, None, None],
           [None, "自立支援協議会", None, 4, None, 4, None, None]]
    book("mappings/workload/sample.xlsx", [("地域包括係", sheet_xml(head + one, merged)), ("障害相談係", sheet_xml(head + two, merged))])


workload()
center_excel()
center_word()
center_forms()
raito()
