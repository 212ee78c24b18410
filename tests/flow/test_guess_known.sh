# tsunagi guess on files that do not name their columns: those that a mapping of the program knows, and those that only
# look like them. The files are made here.
. tests/lib/tap.sh

python3 - "$SCRATCH" <<'PY'
import json, os, random, sys
d, rnd = sys.argv[1], random.Random(5)
os.makedirs(d, exist_ok=True)

def write(name, rows, enc='cp932', quote=False):
    with open(os.path.join(d, name), 'w', encoding=enc, newline='') as f:
        for r in rows:
            f.write(','.join('"%s"' % c if quote or ',' in c or '\n' in c else c for c in map(str, r)) + '\r\n')

def head(day): return ['202104', '272000', '%010d' % rnd.randrange(10 ** 9), day]
def blank(n): return [''] * n

# the exchange of care plans, as three offices send it
def client(): return head('20250401') + ['ﾅﾝﾊﾞ ﾊﾅ', '難波　ハナ', '2', '19380405', '5400001', '大阪府大阪市中央区城見１', '', '06-1234-5678', '', '20250401']
def plan(): return head('20250325') + ['5400001', '大阪府大阪市中央区城見１', '', '相談　三郎', 'まちのケアプラン', '5400002', '大阪府大阪市', '', '2770000001', '20250401', '20240401', '21', '2', '20250320', '20250401', '20260331', '22', '自宅で\n暮らしたい', '', '転ばない', '', '', '2770000001', '1']
def service(): return head('20250401') + ['20250401', '1', '歩く', '1', '外へ', '庭へ', '20250401-20260331', '20250401-20250930', '1', '歩行訓練', 'Y', '通所', '2770000009', 'デイ', '週2回', '20250401-20250930', '', '1']
def used(day, made): return head(made) + ['202504', '2770000001', '相談　三郎', '658', '', day, '', '0930', '1600', '1', '151651', '', '', '', '', '2770000009', 'デイ', '', '0', '2770000001', '']
def units(code): return head('20250325') + ['202504', '', '2770000009', '', code] + blank(6) + ['4'] + blank(5) + ['2632'] + blank(15)

write('client.csv', [client() for _ in range(5)])
write('plan.csv', [plan() for _ in range(5)], quote=True)
write('service.csv', [service() for _ in range(5)], 'utf-8')
write('planned.csv', [used('202504%02d' % i, '20250325') for i in range(1, 6)])
write('done.csv', [used('202504%02d' % i, '20250502') for i in range(1, 6)])
# made in the middle of the month: only its name tells
mixed = [used('202504%02d' % i, '20250403') for i in range(1, 6)]
write('mixed.csv', mixed)
write('UPPLAN_202504_2770000001_2770000009_20250403101500.CSV', mixed)
write('units.csv', [units(c) for c in ('151651', '15AAAA', '131011', '999999')])

# as wide, but something else
write('no-14.csv', [['%04d' % i, '大阪府', '難波支店', '2025/04/01', 'ﾅﾝﾊﾞ', '難波', '2', '1980/04/05', '540-0001', '大阪市', '', '06-1234-5678', '', 'x'] for i in range(6)])
write('no-22.csv', [[str(1000 + i), 'A-1', 'B', '10', '5'] + ['%d' % (i * k) for k in range(17)] for i in range(6)])
write('no-25.csv', [['11', '272000', '%010d' % i, '20250401', '202504'] + ['%d' % k for k in range(20)] for i in range(6)])
write('no-28.csv', [['202104', '272000', '%010d' % i, 'abc'] + ['x'] * 24 for i in range(6)])
write('no-37.csv', [['202104', 'abc', '%010d' % i, '20250401', '202504'] + ['9'] * 32 for i in range(6)])
# the right beginning, but the dates and codes behind it are none
write('no-plan.csv', [plan()[:13] + ['きのう', '', '99', '9', 'x', 'y', 'z', '77'] + plan()[21:] for _ in range(6)])
# one line in three is of another kind
write('no-mix.csv', [units('151651') if i % 3 else ['9'] * 37 for i in range(9)])
# with a header
names = 'バージョン,保険者番号,被保険者番号,作成日,変更日,課題番号,課題,目標番号,長期,短期,長期期間,短期期間,内容番号,内容,保険,種別,事業者番号,事業者,頻度,期間,更新,識別'.split(',')
write('header.csv', [names] + [service() for _ in range(5)])

def fixed(name, rows): open(os.path.join(d, name), 'wb').write(b''.join(r + b'\r\n' for r in rows))
def pad(s, n): return s.encode('cp932').ljust(n)
fixed('koku.dat', [b'120260401' + b' ' * 71] + [b'2%010d' % i + pad('試験　花子', 20) + pad('ｼｹﾝ ﾊﾅｺ', 15) + b'S330405' + b'2' + pad('06-1234-5678', 12) + b' ' * 14 for i in range(4)] + [b'9' + b'0' * 79])
fixed('no-koku.dat', [b'2%010d' % i + pad('試験商店', 20) + pad('A-100', 15) + b'0001200' + b'7' + pad('000000012000', 12) + b' ' * 14 for i in range(4)])

def dump(name, x): json.dump(x, open(os.path.join(d, name), 'w', encoding='utf-8'), ensure_ascii=False)
dump('google.json', {'results': [{'alternatives': [{'transcript': '家賃のこと', 'words': [{'startTime': '0s', 'endTime': '1s', 'word': '家賃', 'speakerTag': 1}, {'startTime': '1s', 'endTime': '2s', 'word': 'のこと', 'speakerTag': 1}]}]}]})
dump('no-results.json', {'results': [{'name': '北支店', 'address': '大阪市', 'tel': '06-1234-5678'}, {'name': '南支店', 'address': '大阪市', 'tel': '06-1234-5679'}]})
dump('no-text.json', [{'text': '家賃のこと', 'user': 'a'}, {'text': '介護のこと', 'user': 'b'}])
dump('no-phrases.json', {'phrases': [{'name': 'あいさつ', 'reading': 'アイサツ'}]})
open(os.path.join(d, 'talk.txt'), 'w').write('WEBVTT\n\n00:00:00.500 --> 00:00:03.000\n<v A>家賃のことで相談です。\n\n00:00:04.000 --> 00:00:05.000\n<v B>はい。\n')
open(os.path.join(d, 'said.txt'), 'w', encoding='cp932', newline='\r\n').write('話者1：家賃のことで相談です。\n先月からです。\n話者2：いつまでですか。\n話者1：来週です。\n話者2：わかりました。\n')
open(os.path.join(d, 'kin.ged'), 'w').write('0 HEAD\n1 CHAR UTF-8\n0 @I1@ INDI\n1 NAME 花子 /試験/\n1 SEX F\n1 BIRT\n2 DATE 5 APR 1958\n0 TRLR\n')
PY

known() { # FILE: the mapping that guess says it is
	rm -f "$SCRATCH/$1.cfg"
	tsunagi guess "$SCRATCH/$1" --format csv --out "$SCRATCH/$1.cfg" >"$SCRATCH/table" 2>"$SCRATCH/err"
	sed -n 's/^it is .*--mapping \([^ ,]*\).*/\1/p' "$SCRATCH/err"
}
stored() { # FILE: what the mapping that was written makes of it
	rm -f "$SCRATCH/k.db"
	tsunagi import "$SCRATCH/$1" --mapping "$SCRATCH/$1.cfg" --store "sqlite:$SCRATCH/k.db" --quiet "${@:2}" >"$SCRATCH/out" 2>&1 || cat "$SCRATCH/out"
	sed -n 's/^ *rejected *//p' "$SCRATCH/out"
}

for m in client=careplan/client plan=careplan/plan service=careplan/services planned=careplan/usage done=careplan/results units=careplan/units \
	UPPLAN_202504_2770000001_2770000009_20250403101500.CSV=careplan/usage koku.dat=gateway-fixed google.json=voice/google talk.txt=voice/cues said.txt=voice/text; do
	f=${m%=*}
	case $f in *.*) ;; *) f=$f.csv ;; esac
	is "$(known "$f")" "${m#*=}" "$f is known"
	like "$(cat "$SCRATCH/err")" 'trial: [1-9][0-9]* records, 0 rejected' "and read"
	is "$(stored "$f")" 0 "by the mapping that is written"
done

is "$(known kin.ged)" family-tree/gedcom "a family tree is known"
like "$(cat "$SCRATCH/err")" 'give it with --set' "though it says not of which case it is"
is "$(stored kin.ged --set case=2026-1)" 0 "with that it is read"

like "$(cat "$SCRATCH/service.csv.cfg")" 'encoding = "utf-8"' "in another encoding the mapping says so"
is "$(known service.csv)" careplan/services "it is told"
like "$(cat "$SCRATCH/err")" '--mapping careplan/services --set encoding=utf-8' "how to read it without one"
stored service.csv >/dev/null
is "$(sqlite3 "$SCRATCH/k.db" "SELECT DISTINCT action_content || action_no || frequency FROM cc_plan_action")" '歩行訓練1週2回' "with its texts"

for f in "$SCRATCH"/no-*.*; do
	is "$(known "${f##*/}")" "" "${f##*/} is something else"
	unlike "$(cat "$f.cfg" "$SCRATCH/err" 2>/dev/null)" 'careplan|voice/|gateway-fixed"' "and nobody says so"
done
is "$(known mixed.csv)" "" "what may be a plan or its result is not decided"
is "$(known header.csv)" "" "what names its columns is guessed by their names"
like "$(cat "$SCRATCH/err")" 'header in line 1' "as ever"

tap_done
