#!/usr/bin/env python3
"""make_municipal.py FOLDER: tables as municipal offices write them, each with one habit, and beside each what its
columns mean (NAME.columns.tsv, the form of score_guess.py). All people and places are invented."""
import csv
import io
import os
import sys

from make_xlsx import book, sheet_xml

FOLDER = sys.argv[1]
NOTES = ['※定員は令和6年4月1日現在', '※詳しくは各施設にお問い合わせください。', '担当：こども家庭課　024-924-0000']


def wide(text):
    return ''.join(chr(0xff10 + int(c)) if c.isdigit() else c for c in text)


def truth(name, sample, encoding, header, columns, meanings):
    with open('%s/%s.columns.tsv' % (FOLDER, name), 'w', encoding='utf-8') as f:
        f.write('#sample\t%s\n' % sample)
        if encoding:
            f.write('#encoding\t%s\n' % encoding)
        if header is not None:
            f.write('#header\t%d\n' % header)
        for column, meaning in zip(columns, meanings):
            f.write('%s\t%s\n' % (column.replace('\n', ''), meaning))


def text(name, rows, columns, meanings, header=1, encoding='cp932', bom=b'', delimiter=',', end='\r\n'):
    width, out = len(columns), io.StringIO(newline='')
    full = [r + [''] * (width - len(r)) for r in rows]
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(full)
    codec = {'utf-16le': 'utf-16-le', 'euc-jp': 'euc_jp'}.get(encoding, encoding)
    with open('%s/%s.csv' % (FOLDER, name), 'wb') as f:
        f.write(bom + out.getvalue().encode(codec))
    truth(name, name + '.csv', encoding, header, columns, meanings)


def workbook(name, sheets, header, columns, meanings):
    book('%s/%s.xlsx' % (FOLDER, name), sheets=[(n, sheet_xml([[c or None for c in r] for r in rows], merges(m)))
                                               for n, rows, m in sheets])
    truth(name, name + '.xlsx', None, header, columns, meanings)


def merges(refs):
    return '<mergeCells>%s</mergeCells>' % ''.join('<mergeCell ref="%s"/>' % r for r in refs) if refs else ''


def facilities(n=12):
    rows = []
    for i in range(n):
        k = i % 6
        rows.append([
            str(i + 1), ['認可保育所', '小規模保育', '認定こども園', '老人福祉センター'][i % 4],
            ['さくら', 'ひまわり', 'こすもす', 'あおぞら', 'わかば', 'みどり'][k] + ['園', '保育園', 'センター'][i % 3] +
            ('㈱' if i == 3 else '～別館～' if i == 5 else ''),
            ['ｻｸﾗ', 'ﾋﾏﾜﾘ', 'ｺｽﾓｽ', 'ｱｵｿﾞﾗ', 'ﾜｶﾊﾞ', 'ﾐﾄﾞﾘ'][k] + 'ｴﾝ', '963-80%02d' % i,
            '福島県郡山市%s%d丁目%d番%d号' % (['本町', '栄町', '港北', '青葉台', '緑ケ丘', '新町'][k], i % 3 + 1, i + 1, i + 2),
            '024-9%02d-12%02d' % (30 + i, i), wide('024－930－12%02d' % i), wide(str(60 + i * 5)),
            ['R6.4.1', '令和6年4月1日(月)', '2024/4/1 0:00', '20240401', '45383', 'H31.4.1'][k],
            '社会福祉法人架空会' if i % 2 else '㈱かくう', '7:30～18:30', '月～土', '%d,500円' % (i + 1), '駐車場あり' if i % 4 == 0 else ''])
    return rows


def people(n=12):
    rows = []
    for i in range(n):
        a, b = i % 6, (i * 5 + 1) % 6
        rows.append([
            'R6-%03d' % (i + 1),
            ['R6.4.%d', '令和6年4月%d日(月)', '2024/4/%d 10:30', '202404%02d', '令和６年４月%d日', 'R06/04/%02d'][a] % (i + 1),
            ['山田', '佐藤', '髙橋', '鈴木', '渡邉', '田中'][a] + '　' + ['花子', '一郎', '二郎', '三郎', '梅', '陽子'][b],
            ['ﾔﾏﾀﾞ', 'ｻﾄｳ', 'ﾀｶﾊｼ', 'ｽｽﾞｷ', 'ﾜﾀﾅﾍﾞ', 'ﾀﾅｶ'][a] + ' ' + ['ﾊﾅｺ', 'ｲﾁﾛｳ', 'ｼﾞﾛｳ', 'ｻﾌﾞﾛｳ', 'ｳﾒ', 'ﾖｳｺ'][b],
            ['女', '男'][b in (1, 2, 3)], ['S%d.3.4', '昭和%d年3月4日', 'S%d/03/04'][i % 3] % (30 + i), '%d歳' % (70 - i), '〒2530041',
            '茅ヶ崎市茅ヶ崎%d-%d' % (i + 1, i + 2), '0467-82-11%02d' % i, '090-1111-22%02d' % i,
            ['要介護1', '要支援2', '非該当', '申請中'][i % 4], ['電話', '来所', '訪問'][i % 3], ['本人', '長女', '民生委員', 'ケアマネ'][i % 4],
            ['家賃の支払いについて', '介護サービスの利用', '子の就労について～不登校～'][i % 3], ['情報提供', '関係機関につなぐ'][i % 2], '佐々木'])
    return rows


F = ['№', '施設種別', '施設名', 'ﾌﾘｶﾞﾅ', '〒', '所在地', '電話番号', 'ＦＡＸ', '定員（人）', '認可年月日', '設置主体', '開所時間', '開所日',
     '利用料（月額）', '備　考']
FM = ['-'] + ['resource.' + f for f in (
    'resource_type', 'resource_name', 'resource_kana', 'postal_code', 'address', 'phone', 'fax', 'capacity', 'designated_on',
    'corporate_name', 'open_time', 'open_days', 'fee', 'resource_note')]
SPACED = ['Ｎｏ．', '種　別', '施　設　名', 'フ　リ　ガ　ナ', '郵便\n番号', '所　在　地', '電　話\n番　号', 'FAX\n番号', '定員\n（名）', '認可\n年月日',
          '設置\n主体', '開所\n時間', '開所日', '保育料\n（円）', '備　　考']
TOP = ['№', '施設', '', '', '所在地', '', '連絡先', '', '定員（人）', '認可年月日', '設置主体', '開所', '', '利用料（月額）', '備考']
LOW = ['', '種別', '名称', 'ﾌﾘｶﾞﾅ', '〒', '住所', '電話番号', 'ＦＡＸ', '', '', '', '時間', '曜日', '', '']
P = ['受付番号', '受付日', '氏　名', 'フリガナ', '性別', '生年月日', '年齢', '〒', '住所', '電話番号（自宅）', '携帯電話', '介護度', '相談方法',
     '相談者（続柄）', '相談内容', '対応内容', '担当者']
PM = ['case.case_no', 'intake.received_on', 'person.name', 'person.name_kana', 'person.sex', 'person.birth_date',
      'household_member.age intake.age', 'person.postal_code', 'person.address', 'person.phone person.phone_home',
      'person.phone_mobile', 'certification.care_level assessment.care_level', 'intake.method',
      'intake.visitor_relation_text intake.visitor_kind', 'intake.consult_detail', 'intake.response', 'case.staff_name activity.staff_name']

os.makedirs(FOLDER, exist_ok=True)
f, p = facilities(), people()
text('titles', [['令和6年度　市内施設一覧'], [''] * 13 + ['令和6年4月1日現在'], [], F] + f, F, FM, header=4)
text('bom', [['市内施設一覧（令和６年４月１日現在）'], [], F] + f, F, FM, header=3, encoding='utf-8', bom=b'\xef\xbb\xbf')
text('notes', [F] + f + [[]] + [[n] for n in NOTES], F, FM)
text('header-again', [F] + f[:6] + [F] + f[6:], F, FM)
text('blank-columns', [[''] + r[:6] + [''] + r[6:] for r in [F] + f], [''] + F[:6] + [''] + F[6:], ['-'] + FM[:6] + ['-'] + FM[6:])
text('spaced', [SPACED] + f, SPACED, FM)
text('utf16', [F] + f, F, FM, encoding='utf-16le', bom=b'\xff\xfe', delimiter='\t')
text('units', [F[:8] + ['定員'] + F[9:], [''] * 8 + ['（人）', '', '', '', '', '（円）', '']] + f, F, FM, header=None)
text('total', [F] + f + [['計', '', '', '', '', '', '', '', '１０５０']], F, FM)
text('sections', [F, ['【認可保育所】']] + f[:6] + [['【小規模保育】']] + f[6:], F, FM)
text('two-rows', [TOP, LOW] + f, F, FM, header=None)
text('pages', [['相談受付簿'] + [''] * 15 + ['1頁'], P] + p[:6] + [['相談受付簿'] + [''] * 15 + ['2頁'], P] + p[6:], P, PM, header=2)
text('euc', [P] + [[c.replace('髙', '高').replace('～', '-') for c in r] for r in p], P, PM, encoding='euc-jp', end='\n')
text('no-header', p, P, ['- ' + m.replace('person', 'resource') + ' ' + m + ' resource.resource_name resource.fax resource.resource_kana' for m in PM],
     header=0)
workbook('book', [('一覧', [['令和6年度　市内施設一覧'], [''] * 13 + ['令和6年4月1日現在'], F] + f + [[NOTES[0]]], ['A1:O1', 'A16:O16'])], 3, F, FM)
workbook('book-two-rows', [('一覧', [[], [''] + TOP, [''] + LOW] + [[''] + r for r in f],
                            ['B2:B3', 'C2:E2', 'F2:G2', 'H2:I2', 'J2:J3', 'K2:K3', 'L2:L3', 'M2:N2', 'O2:O3', 'P2:P3'])], None, F, FM)
workbook('book-months', [(m, [['相談受付簿'], [], P] + p, []) for m in ('４月', '５月')], 3, P, PM)
