#!/usr/bin/env python3
"""A municipality full of canaries, and the search for them in what leaves.

usage: leak.py make SEED CASES DIR     legacy.csv (CP932), registry.csv, protection.csv, roster.csv, files/*,
                                       profiles/*.cfg, truth.json, later: what withdraws and bars, one command a line;
                                       unlinked.sql: records of protected people that nobody has linked yet;
                                       drop/*: the same people again with other texts, whole and spoilt
       leak.py search DIR              what each recipient got (DIR/out/RECIPIENT*) and every message, report and
                                       log (DIR/seen/*), against truth.json; exit 1 and the places when one is found
       leak.py plant DIR FILE N        writes N forbidden canaries into FILE, each in another written form, and one into
                                       each kind of output

Packed outputs (xlsx, mails) are opened. One in fifteen rows is refused by the import and must be nowhere.

A canary is a name, a reading, a phone number, an address or a registry number that belongs to one person and
occurs nowhere else. Who may see it is decided here, from the consents and protections as they were made:
a recipient sees a client's own canaries where that client said yes, addresses and phones only when nobody in
the household is protected, and never those of anybody else; messages, reports and logs show none at all.
Nothing is shared with the program. Findings name the canary's kind, written form and owner, and what stands around it.
"""
import collections
import csv
import email
import email.message
import email.policy
import html
import http.client
import json
import pathlib
import random
import re
import sys
import unicodedata
import urllib.parse
import zipfile
import zlib

BARRED = 'POL'  # once the commands of DIR/later have run
AUTHORS = {'WEL': '福祉課', 'HLT': '保健センター', 'SWC': '社会福祉協議会'}
RECIPIENTS = {'WEL': '同意_福祉', 'EDU': '同意_教育', 'HLT': '同意_保健', 'POL': '同意_警察', 'SWC': None}
FAMILY = [('髙橋', 'タカハシ'), ('山﨑', 'ヤマザキ'), ('齋藤', 'サイトウ'), ('渡邉', 'ワタナベ'), ('佐藤', 'サトウ'),
          ('小林', 'コバヤシ'), ('長谷川', 'ハセガワ'), ('林', 'ハヤシ'), ('東', 'アズマ'), ('五十嵐', 'イガラシ'),
          ('濵田', 'ハマダ'), ('廣瀬', 'ヒロセ'), ('吉田', 'ヨシダ'), ('南', 'ミナミ'), ('勅使河原', 'テシガワラ')]
FIRST = '浩和幸美正明秀義清康恵由真智直雅孝洋裕晴光隆俊達克英弘茂豊徹聡綾沙彩結陽悠航颯莉葵凛涼敏博昌憲慎哲瑞瑛遥琴桃柚'
SECOND = '子美恵代江介輔太郎也哉斗翔樹人香奈菜花音乃之彦夫男雄助貴和希央生真実司平吾一志枝穂里織絵衣二三治蔵範臣'
MORAE = 'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ'
TOWNS = ['茅ヶ崎', '共恵', '浜竹', '小和田', '本村', '円蔵', '香川', '矢畑']
VARIANTS = str.maketrans('髙﨑齋齊斎邉邊濵濱廣眞惠龍櫻', '高崎斉斉斉辺辺浜浜広真恵竜桜')
HEADER = ('相談番号,受付日,受付時刻,氏名,氏名カナ,生年月日,性別,年齢,郵便番号,都道府県,市区町村,町名番地,電話番号,携帯番号,世帯番号,続柄,'
          '世帯人数,受付機関,担当者,相談方法,同意_福祉,同意_教育,同意_保健,同意_警察,同意日,支援ニーズ,緊急度,相談内容,支援目標,'
          '計画作成日,次回予定日,更新日時,備考').split(',')
RELATIONS = ['妻', '夫', '子', '父', '母', '兄', '妹', '孫']


def half(kana):
    table = {unicodedata.normalize('NFKC', chr(c)): chr(c) for c in range(0xFF66, 0xFF9E)}
    out = ''
    for ch in unicodedata.normalize('NFD', kana):
        out += {'\u3099': 'ﾞ', '\u309a': 'ﾟ'}.get(ch) or table.get(ch, ch)
    return out


def hira(kana):
    return ''.join(chr(ord(c) - 0x60) if 'ァ' <= c <= 'ヶ' else c for c in kana)


def wide(s):
    return ''.join(chr(ord(c) + 0xFEE0) if '!' <= c <= '~' else c for c in s)


def words():
    """All that the program itself may say: a canary is no word of it (明治 is a name, and an era)."""
    files = [*pathlib.Path('hub').glob('*/ja.po'), *pathlib.Path('plugins').glob('*/ja.po'), *pathlib.Path('schemas').rglob('*.*'), *pathlib.Path('config').rglob('*.cfg'),
             *pathlib.Path('mappings/legacy-care-record').glob('*.cfg')]
    return fold('\0'.join(f.read_text(encoding='utf-8') for f in sorted(files) if f.suffix in ('.po', '.cfg', '.csv', '.tsv')))


class Maker:
    def __init__(self, seed, said=''):
        self.r = random.Random(seed)
        self.used = set()
        self.full = {}  # folded canary -> the same as it stands in texts
        self.said = said

    def once(self, make):
        while (one := fold(make())) in self.used:
            pass
        self.used.add(one)
        return one

    def behind(self, family, make):
        """A canary that stands in nobody else's name, across family and given name or what stands around it either."""
        while True:
            one = self.once(make)
            bare = fold(one)
            full = fold(' '.join(f'より{who}さん\0は{who}様\0' for who in (one, family + one)))
            if bare in self.said or any(bare in f or b in full for b, f in self.full.items()):
                continue
            self.full[bare] = full
            return one

    def person(self, family, number, relation):
        r = self.r
        return {'id': f'{number:015d}', 'family': family[0], 'family_kana': family[1], 'relation': relation,
                'given': self.behind(family[0], lambda: r.choice(FIRST) + r.choice(SECOND)),
                'given_kana': self.behind(family[1], lambda: ''.join(r.choices(MORAE, k=4))),
                'birth': f'{r.randint(1940, 2015)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}',
                'phone': '090' + self.once(lambda: f'{r.randint(1000, 9999)}{r.randint(1000, 9999)}')}

    def household(self, i):
        r = self.r
        family = r.choice(FAMILY)
        n = r.randint(1, 4)
        people = [self.person(family, i * 10 + k + 1, '世帯主' if k == 0 else r.choice(RELATIONS)) for k in range(n)]
        return {'no': f'{i + 1:08d}', 'people': people, 'town': r.choice(TOWNS),
                'block': self.once(lambda: str(r.randint(2100, 9999))), 'branch': r.randint(1, 30),
                'building': self.once(lambda: r.choice(FIRST) + r.choice(SECOND)) + '荘', 'room': r.randint(101, 909),
                'protected': r.random() < 0.15, 'rejected': i % 15 == 7, 'withdrawn': '',
                'agency': r.choices(['子ども家庭支援センター', '福祉課', '保健センター', '社会福祉協議会'], [6, 1, 1, 1])[0],
                'consent': {c: r.choice(['有', '有', '無', '']) for c in RECIPIENTS.values() if c}}

    @staticmethod
    def name_forms(p):
        return [p['family'] + p['given'], p['family'] + '　' + p['given'], p['family'] + ' ' + p['given'], p['given'],
                p['given'], p['family'].translate(VARIANTS) + p['given'], p['family_kana'] + p['given_kana'],
                half(p['family_kana'] + ' ' + p['given_kana']), hira(p['given_kana']), p['given_kana'],
                hira(p['family_kana'] + p['given_kana']), p['family'] + '\n' + p['given']]

    @staticmethod
    def phone_forms(p):
        t = p['phone']
        return [t, f'{t[:3]}-{t[3:7]}-{t[7:]}', wide(f'{t[:3]}-{t[3:7]}-{t[7:]}'), f'{t[:3]}({t[3:7]}){t[7:]}',
                wide(t), f'{t[:3]} {t[3:7]} {t[7:]}']

    @staticmethod
    def odd_phones(p):
        t = p['phone']
        return [f'+81 {t[1:3]}-{t[3:7]}-{t[7:]}', f'{t[:3]}〜{t[3:7]}〜{t[7:]}', f'「{t[:3]}」{t[3:7]}→{t[7:]}']

    @staticmethod
    def address_forms(h):
        t, b, n = h['town'], h['block'], h['branch']
        return [f'茅ヶ崎市{t}{b}番地{n}', f'{t}{b}-{n}', wide(f'{t}{b}-{n}'), f'神奈川県茅ヶ崎市{t}{b}番地の{n} {h["building"]}{h["room"]}号室',
                f'{t}{b}番{n}号']

    def called(self, r, p):
        form = r.choice(self.name_forms(p))
        whole = p['family'] in form or p['family'].translate(VARIANTS) in form
        return form + (r.choice(['さん', '様', '氏']) if whole else 'さん')

    def staff(self, h):
        """A line has room for more than it is meant for."""
        r = random.Random(h['no'])
        who = self.called(r, r.choice(h['people'])).replace('\n', ' ')
        return r.choice(['', '佐々木', f'佐々木（{who}同席）', f'佐々木、{who}', f'佐々木 {r.choice(self.phone_forms(r.choice(h["people"])))}'])

    def note(self, h):
        r = self.r
        lines = []
        for p in r.sample(h['people'], r.randint(1, len(h['people']))):
            who = self.called(r, p)
            lines.append(r.choice([f'{who}から電話。体調がすぐれないとのこと。', f'訪問。{who}は在宅で、話を聞くことができた。',
                                   f'担当より{who}の通院について確認。', f'次回は{who}も同席して面談する。',
                                   f'「{who}のことが心配」と話される。', f'{who}には改めて連絡する。']))
            if r.random() < 0.5:
                lines.append(r.choice(['連絡先は{}。', '携帯 {} につながらず。', '（TEL {}）', '緊急時は{}へ。']).format(
                    r.choice(self.phone_forms(p))))
        if r.random() < 0.6:
            lines.append(r.choice(['自宅は{}。', '{}を訪問した。', '住所は{}で変わりなし。']).format(r.choice(self.address_forms(h))))
        return ''.join(x + r.choice(['', '\n']) for x in lines).strip()


def make(seed, n, folder):
    m = Maker(seed, words())
    folder.mkdir(parents=True, exist_ok=True)
    households = [m.household(i) for i in range(n)]
    for h in [h for h in households if not h['rejected'] and h['consent']['同意_保健'] == '有'][:3]:
        h['withdrawn'] = 'HLT'
    hide(m, households, random.Random(f'{seed} hidden'))
    write_legacy(folder / 'legacy.csv', m, households)
    write_registry(folder, [h for h in households if not h['rejected']])
    write_profiles(folder)
    write_more(folder, m, households)
    write_drop(folder / 'drop', m, households)
    (folder / 'truth.json').write_text(json.dumps(households, ensure_ascii=False))
    texts = sum(h['people'] and 3 for h in households)
    print(f'{n} households, {sum(len(h["people"]) for h in households)} persons, {texts} texts, '
          f'{sum(h["protected"] for h in households)} protected, {sum(h["rejected"] for h in households)} refused')


def hide(m, households, r):
    """Where protected people are now, which no record linked to theirs says: another system has them once more, or somebody's
    relations name them. An author who may read what is said of others writes it down."""
    authors = [h for h in households if not (h['rejected'] or h['protected']) and h['agency'] in AUTHORS.values()]
    for i, h in enumerate(h for h in households if h['protected'] and not h['rejected'] and authors):
        h['refuges'] = [{'town': r.choice(TOWNS), 'block': m.once(lambda: str(r.randint(2100, 9999))), 'branch': r.randint(1, 30),
                         'building': 'メゾン' + m.once(lambda: r.choice(FIRST) + r.choice(SECOND)),
                         'phone': '080' + m.once(lambda: f'{r.randint(1000, 9999)}{r.randint(1000, 9999)}')} for _ in range(2)]
        teller = authors[i % len(authors)]
        teller.setdefault('tells', []).append(h['no'])
        teller.setdefault('says', []).extend(
            r.choice(['{town}{block}-{branch}に居ると聞いた。', '今は{town}{block}番地{branch}とのこと。', '{town}（{block}-{branch}）に居る。',
                      '{town}：{block}→{branch}。', '{block}-{branch}、{town}。', '{building}に居ると聞いた。', '「{building}」の2階らしい。']).format(**x)
            + r.choice(['電話は{}。', '（TEL {}）']).format(r.choice(m.phone_forms(x) + Maker.odd_phones(x))) for x in h['refuges'])


def unlinked(households):
    """The same in the store: a record of another system, a row of relations, a visitor."""
    by_no = {h['no']: (i, h) for i, h in enumerate(households)}
    n = 900000000
    for i, h in enumerate(households):
        for no in h.get('tells', []):
            n += 1
            who, (there, heard) = by_no[no][1]['people'][-1], by_no[no][1]['refuges']
            at = [f'茅ヶ崎市{x["town"]}{x["block"]}-{x["branch"]} {x["building"]}101' for x in (there, heard)]
            name = who['family'].translate(VARIANTS) + who['given']
            case = f"FROM cc_case WHERE case_no = '2026-{i + 1:07d}'"
            yield (f"INSERT INTO cc_person (id, record_id, system_id, key, name, birth_date, address, phone) SELECT {n}, record_id, system_id,"
                   f" 'again{n}', '{name}', '{who['birth']}', '{at[0]}', '{there['phone']}' {case};")
            yield (f"INSERT INTO cc_relationship (id, record_id, person_id, case_id, relation, other_name, other_phone, other_address)"
                   f" SELECT {n}, record_id, person_id, id, '元妻', '{name}', '{heard['phone']}', '{at[1]}' {case};")


def write_legacy(path, m, households):
    with open(path, 'w', encoding='cp932', newline='') as f:
        w = csv.writer(f, lineterminator='\r\n')
        w.writerow(HEADER)
        for i, h in enumerate(households):
            p = h['people'][0]
            row = dict.fromkeys(HEADER, '')
            row.update({'相談番号': f'2026-{i + 1:07d}', '受付日': '2026-06-31' if h['rejected'] else '2026-06-03', '受付時刻': '10:30',
                        '氏名': p['family'] + '　' + p['given'], '氏名カナ': half(p['family_kana'] + ' ' + p['given_kana']),
                        '生年月日': p['birth'], '性別': '女', '年齢': '46', '郵便番号': '253-0041', '都道府県': '神奈川県',
                        '市区町村': '茅ヶ崎市', '町名番地': f'{h["town"]}{h["block"]}-{h["branch"]} {h["building"]}{h["room"]}',
                        '携帯番号': p['phone'], '世帯番号': h['no'], '続柄': '本人', '世帯人数': str(len(h['people'])),
                        '受付機関': h['agency'], '担当者': m.staff(h), '計画作成日': '2026-06-05',
                        '次回予定日': m.r.choice(['', '2026-06-20']), '相談方法': '来所', '同意日': '2026-06-03',
                        '支援ニーズ': '03', '緊急度': '高', '相談内容': m.note(h), '支援目標': m.note(h), '備考': m.note(h),
                        '更新日時': '2026-06-03 11:40'})
            row['相談内容'] += ''.join(h.get('says', []))
            row.update(h['consent'])
            w.writerow(row.values())


def write_drop(folder, m, households):
    """What arrives in a watched folder later."""
    folder.mkdir()
    write_legacy(folder / '1-again.csv', m, households)
    whole = (folder / '1-again.csv').read_bytes()
    write_legacy(folder / '2-torn.csv', m, households)
    torn = (folder / '2-torn.csv').read_bytes()
    (folder / '2-torn.csv').write_bytes(torn[:len(torn) * 2 // 3])
    (folder / '3-bare.csv').write_bytes(whole[whole.index(b'\n') + 1:])
    (folder / '4-utf8.csv').write_bytes(whole.decode('cp932').encode())
    (folder / '5-quotes.csv').write_bytes(torn.replace('訪問'.encode('cp932'), '訪"問'.encode('cp932')))


def write_registry(folder, households):
    # the columns of the shipped sample, so that a change of the mapping is a change here as well
    with open('mappings/demo/registry.csv', encoding='utf-8-sig', newline='') as f:
        rows = csv.reader(f)
        header, sample = next(rows), next(rows)
    blank = dict(zip(header, sample))
    with open(folder / 'registry.csv', 'w', encoding='utf-8-sig', newline='') as f:
        w = csv.writer(f, lineterminator='\r\n')
        w.writerow(header)
        for h in households:
            head = h['people'][0]
            for k, p in enumerate(h['people']):
                row = dict(blank)
                row.update({'宛名番号': p['id'], '世帯番号': h['no'].zfill(15), '氏名': p['family'] + '　' + p['given'],
                            '氏_日本人': p['family'], '名_日本人': p['given'],
                            '氏名_フリガナ': p['family_kana'] + '　' + p['given_kana'], '氏_日本人_フリガナ': p['family_kana'],
                            '名_日本人_フリガナ': p['given_kana'], '生年月日': p['birth'], '続柄表記': p['relation'],
                            '世帯主氏名': head['family'] + '　' + head['given'], '住所_町字': h['town'],
                            '住所_番地号表記': wide(f'{h["block"]}番地{h["branch"]}'), '住所_方書': f'{h["building"]}{h["room"]}',
                            '記載順位': str(k + 1), '本籍': '', '本籍_町字': '', '戸籍_筆頭者': '', '住民票コード': '', '個人番号': ''})
                w.writerow(row.values())
    with open('mappings/demo/protection.csv', encoding='utf-8-sig', newline='') as f:
        header = next(csv.reader(f))
    with open(folder / 'protection.csv', 'w', encoding='utf-8-sig', newline='') as f:
        w = csv.writer(f, lineterminator='\r\n')
        w.writerow(header)
        for h in households:
            if h['protected']:
                w.writerow([h['people'][-1]['id'], '1', '2025-12-01', '2099-11-30', '1', '0', '0', '', '', '0'][:len(header)])


def write_profiles(folder):
    """Two a recipient: what its people see and get, and its papers of a meeting."""
    (folder / 'profiles').mkdir(exist_ok=True)
    for name, more in (('trusted-agency', 'attachment: { fields = ["*"]; }; task: { fields = ["*"]; }; consent: { fields = ["*"]; };'),
                       ('meeting-welfare', '')):
        text = pathlib.Path(f'config/profiles/{name}.cfg').read_text(encoding='utf-8')
        text = text.replace('entities: {', 'entities: {\n\t' + more)
        if more:
            text += 'statistics: { definitions = ["%s"]; exact = false; };\n' % pathlib.Path('schemas/statistics/mhlw.cfg').resolve()
        for r in RECIPIENTS:
            file = folder / 'profiles' / (f'{r.lower()}.cfg' if more else f'meeting-{r.lower()}.cfg')
            file.write_text(text.replace('id = "WEL"', f'id = "{r}"'), encoding='utf-8')


def picture(comment):
    """A PNG of one pixel that says something beside it."""
    def chunk(kind, body):
        return len(body).to_bytes(4, 'big') + kind + body + zlib.crc32(kind + body).to_bytes(4, 'big')
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', b'\0\0\0\1\0\0\0\1\x08\2\0\0\0') + chunk(b'iTXt', b'Comment\0\0\0\0\0' + comment)
            + chunk(b'tEXt', b'Author\0' + comment) + chunk(b'IDAT', zlib.compress(b'\0\1\2\3')) + chunk(b'IEND', b''))


def pdf(says):
    objects = b'3 0 obj\n<< /Producer (scanner) ' + says + b' >>\nendobj\n'
    return (b'%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 0 /Kids [] >>\n'
            b'endobj\n' + objects + b'xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n')


def write_more(folder, m, households):
    """Files named after people, a meeting of three agencies a case, and what changes before anything leaves."""
    whole = [(i, h) for i, h in enumerate(households) if not h['rejected']]
    # the first may leave, to one at least
    first = next(n for n, (_, h) in enumerate(whole) if h['consent']['同意_福祉'] == '有' and not h['protected'])
    for i, h in [whole[first], *m.r.sample(whole[first + 1:], min(7, len(whole) - first - 1))]:
        p = h['people'][-1]
        comment = (p['family'] + p['given'] + ' ' + p['phone'] + ' ' + h['building']).encode()
        title = b'<feff' + (p['family'] + p['given']).encode('utf-16-be').hex().encode() + b'>'
        name = p['family'] + p['given']
        at = folder / 'files' / f'2026-{i + 1:07d}'
        at.mkdir(parents=True)
        (at / f'{name}.png').write_bytes(picture(comment))
        (at / f'{name}より.pdf').write_bytes(pdf(b'/Title ' + title + b' /Author (' + comment + b')'))
    with open(folder / 'roster.csv', 'w', encoding='utf-8', newline='') as f:
        w = csv.writer(f)
        w.writerow('会議番号,事案番号,会議の種類,開催日,共有開始,共有終了,構成員,目的'.split(','))
        for i, _ in whole[:3]:
            w.writerow([f'M-{i}', f'2026-{i + 1:07d}', '重層的支援会議', '2026-06-20', '2026-06-10', '2099-09-30',
                        '["WEL","HLT","SWC"]', 'プラン案の検討'])
    (folder / 'unlinked.sql').write_text('\n'.join(unlinked(households)), encoding='utf-8')
    with open(folder / 'later', 'w', encoding='utf-8') as f:
        f.writelines(f'consent withdraw 2026-{i + 1:07d} --as {h["withdrawn"]} --reason asked\n' for i, h in whole if h['withdrawn'])
        f.write(f'release bar {BARRED} --reason test\n')


KATAKANA = {c: c + 0x60 for c in range(ord('ぁ'), ord('ゖ') + 1)}


def fold(text):
    """One spelling for all the forms a canary may take."""
    text = unicodedata.normalize('NFKC', text.replace('\\n', '\n')).translate(VARIANTS).translate(KATAKANA)
    return re.sub(r'[\s"]+', '', text)


def canaries(h):
    """kind, owner, folded text, what may not stand around it, whether it reveals an address."""
    for k, p in enumerate(h['people']):
        yield 'name', k, fold(p['given']), '', False
        yield 'reading', k, fold(p['given_kana']), '', False
        yield 'phone', k, p['phone'], '', True
        yield 'registry number', k, p['id'], '', False
    # of an address, the number is a canary only where it stands like one
    yield 'block', 0, h['block'], f'(?<![-(0-9]){h["block"]}(?=[-番])', True
    yield 'building', 0, fold(h['building']), '', True
    for x in h.get('refuges', []):
        yield 'block of a refuge', 0, x['block'], f'(?<![-0-9]){x["block"]}(?=[-番→])', True
        yield 'building of a refuge', 0, fold(x['building']), '', True
        yield 'phone of a refuge', 0, x['phone'][1:], '', True  # as it is called from abroad


def occurs(needle, pattern, text, joined):
    """joined: the text without what stands between the digits of a number."""
    if pattern:
        return needle in text and re.search(pattern, text)
    return needle in text or needle in joined


FORMS = {'name': ['full', 'full, wide blank', 'full, blank', 'given', '', 'full, other characters', '', '', '', '', '', 'full, two lines'],
         'reading': ['', '', '', '', '', '', 'katakana', 'half width', 'hiragana, given', 'katakana, given', 'hiragana'],
         'phone': ['digits', 'hyphens', 'wide hyphens', 'brackets', 'wide digits', 'blanks'],
         'block': ['city, 番地', 'short', 'wide', 'whole', '番号'], 'building': ['', '', '', 'whole']}


def written(h, kind, owner, raw):
    """In which forms a canary stands in what came out."""
    p = h['people'][owner]
    forms = {'name': Maker.name_forms, 'reading': Maker.name_forms, 'phone': Maker.phone_forms}.get(kind)
    forms = forms(p) if forms else Maker.address_forms(h) if kind in FORMS else []
    return '; '.join(label for label, form in zip(FORMS.get(kind, []), forms) if label and form in raw) or 'as folded'


def around(needle, text, joined):
    text = text if needle in text else joined
    at = text.find(needle)
    return repr(text[max(0, at - 30):at] + '■' + text[at + len(needle):][:30])


def may_see(h, recipient, owner, reveals):
    column = RECIPIENTS.get(recipient)
    # a number that no register knows is read by those who wrote it down
    if owner != 0 and reveals and h['agency'] == AUTHORS.get(recipient) and not h['rejected']:
        return not h['protected']
    if owner != 0 or not column or h['consent'][column] != '有' or h['rejected']:
        return False
    if recipient in (h['withdrawn'], BARRED):
        return False
    return not (reveals and h['protected'])


def opened(path):
    """What somebody reads who opens the file."""
    raw = path.read_bytes()
    if raw[:2] == b'PK':
        with zipfile.ZipFile(path) as z:
            return '\n'.join(html.unescape(z.read(n).decode('utf-8', 'surrogateescape')) for n in z.namelist())
    text = raw.decode('utf-8-sig', 'surrogateescape')
    if path.parent.name == 'mails':
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        text += str(mail.items()) + '\n'.join(p.get_content() for p in mail.walk() if not p.is_multipart())
    text = re.sub(r'\\u([0-9a-fA-F]{4})', lambda x: chr(int(x[1], 16)), text)
    text = html.unescape(text) if '&' in text else text
    return '\n'.join(dict.fromkeys(text.split('\n')))  # heads of answers are all alike


def search(folder):
    households = json.loads((folder / 'truth.json').read_text())
    found, looked, visible = [], 0, collections.Counter()
    targets = [(r, sorted(folder.glob(f'out/{r.lower()}*'))) for r in RECIPIENTS]
    targets.append((None, sorted(folder.glob('seen/*'))))
    for recipient, files in targets:
        if not files:
            sys.exit(f'nothing to look at for {recipient}')
        paths = [p for f in files for p in ([f] if f.is_file() else sorted(f.rglob('*'))) if p.is_file()]
        # names of files are outputs as well
        texts = [(p, fold(opened(p) + str(p.relative_to(folder))))
                 for p in paths]
        texts = [(p, text, re.sub('[-()~「」→]', '', text)) for p, text in texts]
        every = '\0'.join(x for t in texts for x in t[1:])
        for i, h in enumerate(households):
            for kind, owner, needle, pattern, reveals in canaries(h):
                allowed = recipient and may_see(h, recipient, owner, reveals)
                looked += len(texts)
                for path, text, joined in texts if needle in every else []:
                    there = occurs(needle, pattern, text, joined)
                    if there and allowed:
                        visible[recipient] += 1
                    elif there:
                        found.append(f'{path}: {kind} of person {owner} of household {i + 1}, for {recipient or "anybody"}'
                                     f' ({written(h, kind, owner, opened(path))}): {around(needle, text, joined)}')
    for line in found[:80]:
        print(line)
        print(line, file=sys.stderr)
    print(f'{looked} searches, {len(found)} leaks; seen with consent: '
          + ', '.join(f'{r} {visible[r]}' for r in RECIPIENTS))
    sys.exit(1 if found else 0)


def read(url, token, file):
    """Everything that an agency may read by HTTP, as it comes, into a file."""
    where = urllib.parse.urlparse(url)
    conn = http.client.HTTPConnection(where.hostname, where.port, timeout=240)

    def pages(path):
        after = ''
        while after is not None:
            conn.request('GET', f'{path}?limit=200{after}', headers={'Authorization': 'Bearer ' + token})
            reply = conn.getresponse()
            text = reply.read().decode()
            # all of it but the names of fields, which are the same in every row
            out.write(re.sub(r'"(?:name|label|shown)":"[^"]*",?', '', text))
            if reply.status == 404:
                return
            if reply.status != 200:
                sys.exit(f'{path}: {reply.status} {text}')
            body = json.loads(text)
            yield from body['items']
            after = '&after=' + body['next'] if body.get('next') else None

    with open(file, 'w', encoding='utf-8') as out:
        for case in list(pages('/v1/cases')):
            for entity in ('person', 'intake'):
                for _ in pages(f'/v1/cases/{case["key"]}/records/{entity}'):
                    pass


def plant(folder, file, n):
    forms = []
    for h in json.loads((folder / 'truth.json').read_text()):
        for p in h['people'][1:]:  # what nobody may see: their own agency reads the numbers
            forms += Maker.name_forms(p)[:8] + (Maker.phone_forms(p) if h['agency'] not in AUTHORS.values() else [])
        if h['protected']:
            forms += Maker.address_forms(h)
    r = random.Random(1)
    with open(file, 'a', encoding='utf-8') as f:
        for form in r.sample(forms, n):
            f.write(f'{form}\n')
    for at in EACH:
        plant_in(folder / at, r.choice(forms))


# one more in each kind of output, as it is packed there
EACH = ['out/swc-site', 'out/swc-events', 'out/swc-xlsx', 'out/swc.svg', 'out/swc.dot', 'out/swc-pack/01.html',
        'out/swc-1.png', 'seen/post/mails/planted', 'seen/post/hooks', 'seen/officer', 'seen/log']


def plant_in(path, form):
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name.endswith('xlsx'):
        with zipfile.ZipFile(path, 'a') as z:
            z.writestr('xl/planted.xml', f'<t>{form}</t>')
        return
    packed = form.encode()
    if path.parent.name == 'mails':
        mail = email.message.EmailMessage()
        mail.set_content(form, cte='base64')
        packed = bytes(mail)
    elif path.suffix == '.png':
        packed = picture(packed)
    elif path.name == 'hooks':
        packed = json.dumps(form).encode()
    with open(path, 'ab') as f:
        f.write(b'\n' + packed if path.suffix != '.png' and path.parent.name != 'mails' else packed)


def main(argv):
    if argv[1:2] == ['make'] and len(argv) == 5:
        make(int(argv[2]), int(argv[3]), pathlib.Path(argv[4]))
    elif argv[1:2] == ['search'] and len(argv) == 3:
        search(pathlib.Path(argv[2]))
    elif argv[1:2] == ['read'] and len(argv) == 5:
        read(*argv[2:])
    elif argv[1:2] == ['plant'] and len(argv) == 5:
        plant(pathlib.Path(argv[2]), argv[3], int(argv[4]))
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv)
