#!/usr/bin/env python3
"""gen_legacy.py ROWS SEED > FILE.csv: invented records in the layout of mappings/legacy-care-record
(CP932, CRLF). About one row in fifty is broken. The same arguments give the same bytes."""
import random
import sys

HEAD = ('相談番号,受付日,受付時刻,氏名,氏名カナ,生年月日,性別,年齢,郵便番号,都道府県,市区町村,町名番地,電話番号,携帯番号,'
        '世帯番号,続柄,世帯人数,受付機関,担当者,相談方法,同意_福祉,同意_教育,同意_保健,同意_警察,同意日,支援ニーズ,緊急度,'
        '相談内容,支援目標,計画作成日,次回予定日,更新日時,備考')
FAMILY = [('髙橋', 'ﾀｶﾊｼ'), ('渡邉', 'ﾜﾀﾅﾍﾞ'), ('山﨑', 'ﾔﾏｻﾞｷ'), ('小川', 'ｵｶﾞﾜ'), ('森', 'ﾓﾘ'), ('齋藤', 'ｻｲﾄｳ'), ('濵田', 'ﾊﾏﾀﾞ')]
GIVEN = [('花子', 'ﾊﾅｺ', '女'), ('太郎', 'ﾀﾛｳ', '男'), ('さくら', 'ｻｸﾗ', 'F'), ('一郎', 'ｲﾁﾛｳ', '１'), ('節子', 'ｾﾂｺ', '2'), ('誠', 'ﾏｺﾄ', 'Ｍ')]
NOTE = ['本人来所。家賃が２か月払えていない。', '{n}さんより電話。夜眠れないとのこと。', '長男の件で㈱みなとに連絡。\r\n折り返し {p} へ。',
        '「まだ大丈夫」と話す。訪問は月１回とする。', '担当の{s}が訪問。①室内の様子②食事③服薬を確認した。', '次回は保健センターに同行する。']


def date(r, y0, y1):
    y, m, d = r.randint(y0, y1), r.randint(1, 12), r.randint(1, 28)
    return r.choice(['%d-%02d-%02d' % (y, m, d), '%d/%d/%d' % (y, m, d), '%04d%02d%02d' % (y, m, d),
                     'R%d.%d.%d' % (y - 2018, m, d) if y > 2019 else 'S%d.%d.%d' % (y - 1925, m, d) if 1926 < y < 1989 else '%d/%d/%d' % (y, m, d)])


def row(r, i):
    f, g = r.choice(FAMILY), r.choice(GIVEN)
    phone = '0467-8%d-%04d' % (r.randint(1, 9), r.randint(0, 9999))
    note = ''.join(r.choice(NOTE) for _ in range(r.randint(1, 4))).format(n=f[0], p=phone, s='佐藤')
    return ['2026-%07d' % i, date(r, 2020, 2025), '%d:%02d' % (r.randint(9, 17), r.randint(0, 59)), f[0] + '　' + g[0], f[1] + ' ' + g[1],
            date(r, 1940, 1988), g[2], str(r.randint(20, 90)), '253-00%02d' % r.randint(1, 87), '神奈川県', '茅ヶ崎市',
            '茅ヶ崎%d-%d-%d' % (r.randint(1, 3), r.randint(1, 20), r.randint(1, 20)), phone, '', '%08d' % r.randint(0, 99999999), '本人',
            str(r.randint(1, 6)), '福祉課', '佐藤', r.choice(['来所', '電話', '訪問']), '有', '無', '○', '×', date(r, 2021, 2025),
            r.choice(['03;09', '12', '']), r.choice('高中低'), note, '家計を立て直す。', date(r, 2021, 2025), date(r, 2021, 2025),
            '2026-01-%02d 10:%02d' % (r.randint(1, 28), r.randint(0, 59)), '']


def main():
    rows, seed = int(sys.argv[1]), int(sys.argv[2])
    out = sys.stdout.buffer
    out.write(HEAD.encode('cp932') + b'\r\n')
    for i in range(rows):
        r = random.Random(seed * 1000003 + i)
        cells = row(r, i)
        bad = r.random()
        if bad < 0.01:
            cells[5] = '2024-13-01'
        elif bad < 0.02:
            cells.pop()
        line = ','.join('"%s"' % c.replace('"', '""') if any(x in c for x in ',"\r\n') else c for c in cells)
        out.write(line.encode('cp932') + b'\r\n')


main()
