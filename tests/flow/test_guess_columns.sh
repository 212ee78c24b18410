# tsunagi guess against what people say of the samples of mappings/: encoding, row of the header, meaning of
# each column. The share is printed, and every miss.
. tests/lib/tap.sh

python3 tests/lib/score_guess.py >"$SCRATCH/score" 2>&1
ok $? "nine of ten columns are told, and how the file is written" "$(tail -n 3 "$SCRATCH/score")"
sed 's/^/# /' "$SCRATCH/score" | grep -v '^# *\([0-9]*\) of *\1 '
is "$(for f in mappings/*/*sample.*; do case $f in *.tsv | */demo/*) ;; *) [ -f "${f%sample.*}columns.tsv" ] || echo "$f" ;; esac; done)" "" "in all samples there are"

# a header of two rows, cells of the upper one span several of the lower one
python3 - "$SCRATCH/two.xlsx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book, sheet_xml
book(sys.argv[1], sheets=[('Sheet1', sheet_xml([
    ['令和８年度　相談一覧'],
    ['受付番号', '対象者', None, None, '住所', '相談', None],
    [None, '氏名', 'フリガナ', '生年月日', None, '受付日', '内容'],
    ['A1', '山田　花子', 'ヤマダ　ハナコ', 'S55.3.4', '茅ヶ崎市茅ヶ崎1-1-1', 'R8.4.1', '家賃の相談'],
    ['A2', '佐藤　一郎', 'サトウ　イチロウ', 'S40.1.1', '茅ヶ崎市本村2-2-2', 'R8.4.2', '介護の相談'],
    ['A3', '鈴木　二郎', 'スズキ　ジロウ', 'H1.2.3', '茅ヶ崎市香川3-3-3', 'R8.4.3', '就職の相談'],
], '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="B2:D2"/><mergeCell ref="E2:E3"/><mergeCell ref="F2:G2"/></mergeCells>'))])
PY
exits 0 "a header of two rows" tsunagi guess "$SCRATCH/two.xlsx" --format csv --out "$SCRATCH/two.cfg"
is "$(tail -n +2 <<<"$OUT" | cut -d, -f2,3 | tr -d '"\r')" "受付番号,case.case_no
対象者_氏名,person.name
対象者_フリガナ,person.name_kana
対象者_生年月日,person.birth_date
住所,person.address
相談_受付日,intake.received_on
相談_内容,intake.consult_detail" "every column by both rows"
like "$(cat "$SCRATCH/two.cfg")" 'header = "2"; header_rows = "2"' "and the mapping says so"
like "$ERR" 'trial: 3 records, 0 rejected' "it reads the file"

# a file that a mapping of the program was made for
for m in konkyu/sample=konkyu houkatsu/clients.sample=houkatsu/clients family-tree/gedcom.sample=family-tree/gedcom social-resources/kaigo.sample=social-resources/kaigo mhlw-plan/sample=mhlw-plan; do
	tsunagi guess mappings/"${m%=*}".[cgx]* >/dev/null 2>"$SCRATCH/err"
	is "$(sed -n 's/^\(it is\|a mapping\) .*--mapping //p' "$SCRATCH/err")" "${m#*=}" "${m#*=} is named for its sample, and no other one"
done
sed '1s/氏名/お名前/' <(iconv -f CP932 -t UTF-8 mappings/konkyu/sample.csv) >"$SCRATCH/other.csv"
tsunagi guess "$SCRATCH/other.csv" >/dev/null 2>"$SCRATCH/err"
unlike "$(cat "$SCRATCH/err")" 'expects these columns' "with another column it is not"

# a list whose few known names of columns lie in one row is no form, however many names stand in its cells
python3 - "$SCRATCH/list.xlsx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book
book(sys.argv[1], sheets=[('Sheet1', [['#property', 'latitude', 'longitude', 'name', 'address', 'telephoneNumber', 'flood', 'fire', 'evacuationSpace', 'elevation', 'capacity']] + [
    [i, 34.3475 + i / 1000, 134.03 + i / 1000, '%s番丁小学校' % chr(0x4e00 + 7 * i), '高松市瀬戸内町%d-2' % i, '087-839-%04d' % i, '○', '△', '○' if i % 2 else None, i / 7, 238 + i] for i in range(1, 30)])])
PY
exits 0 "a list with few names that are known" tsunagi guess "$SCRATCH/list.xlsx" --format csv
like "$ERR" 'trial: 29 records, 0 rejected' "is read as a list"
like "$OUT" '"name","resource.resource_name"' "of facilities"

# a workbook a person: whose log it is stands above the table, label and value in one cell
python3 - "$SCRATCH/whose.xlsx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book
head = ['年月日', '方法', '支援内容', '記録者']
book(sys.argv[1], sheets=[(str(i), [['令和８年度　支援経過記録票'], ['利用者氏名：%s　様' % name, None, '利用者番号: 00012%d' % i, None], head, ['R8.4.3', 'TEL', '家賃の相談', '髙木'],
    ['R8.4.6', '訪問', '冷蔵庫が空', '髙木'], ['R8.5.1', '来所', '同行', '佐々木']]) for i, name in enumerate(['架空　花子', '見本　一郎'])])
PY
exits 0 "whose log it is" tsunagi guess "$SCRATCH/whose.xlsx" --out "$SCRATCH/whose.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/whose.xlsx" --mapping "$SCRATCH/whose.cfg" --store "sqlite:$SCRATCH/whose.db" --quiet
is "$(sqlite3 "$SCRATCH/whose.db" "SELECT p.name, p.client_no, count(*), min(activity_on) FROM cc_activity a JOIN cc_person p ON p.id = a.person_id GROUP BY p.id ORDER BY p.id")" \
	'架空　花子|000120|3|2026-04-03
見本　一郎|000121|3|2026-04-03' "is read into the client, a sheet each"

# the number beside the name: as wide as the table, and no record of it
python3 - "$SCRATCH/wide.xlsx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book
book(sys.argv[1], sheets=[(name, [['支援経過'], ['利用者氏名：' + name, None, '利用者番号', '00%d' % i], ['年月日', '方法', '内容', '担当']] +
    [['R8.4.%d' % d, '電話', '記録%d' % d, '髙木'] for d in (3, 4, 5)]) for i, name in enumerate(['架空　花子', '見本　一郎'])])
PY
exits 0 "a number beside the name" tsunagi guess "$SCRATCH/wide.xlsx" --out "$SCRATCH/wide.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/wide.xlsx" --mapping "$SCRATCH/wide.cfg" --store "sqlite:$SCRATCH/wide.db" --quiet
is "$(sqlite3 "$SCRATCH/wide.db" "SELECT p.name, p.client_no, count(*) FROM cc_activity a JOIN cc_person p ON p.id = a.person_id GROUP BY p.id ORDER BY p.id")" \
	'架空　花子|000|3
見本　一郎|001|3' "hides no header below it"

# the same saved as CSV: what was merged is empty behind its first cell
python3 - >"$SCRATCH/two.csv" <<'PY'
import sys
sys.stdout.buffer.write("""令和８年度　相談一覧,,,,,,
受付番号,対象者,,,住所,相談,
,氏名,"フリ
ガナ",生年月日,,受付日,内容
A1,山田　花子,ﾔﾏﾀﾞ ﾊﾅｺ,S55.3.4,茅ヶ崎市茅ヶ崎1-1-1,R8.4.1,家賃の相談
A2,佐藤　一郎,ｻﾄｳ ｲﾁﾛｳ,S40.1.1,茅ヶ崎市本村2-2-2,R8.4.2,介護の相談
""".replace('\n', '\r\n').encode('cp932'))
PY
exits 0 "a header of two rows in CSV" tsunagi guess "$SCRATCH/two.csv" --format csv --out "$SCRATCH/twocsv.cfg"
is "$(tail -n +2 <<<"$OUT" | cut -d, -f2,3 | tr -d '"\r')" "受付番号,case.case_no
対象者_氏名,person.name
対象者_フリガナ,person.name_kana
対象者_生年月日,person.birth_date
住所,person.address
相談_受付日,intake.received_on
相談_内容,intake.consult_detail" "every column by both rows"
like "$(cat "$SCRATCH/twocsv.cfg")" 'skip = 1; header_rows = "2"' "and the mapping says so"
exits 0 "it reads the file" tsunagi import "$SCRATCH/two.csv" --mapping "$SCRATCH/twocsv.cfg" --store "sqlite:$SCRATCH/two.db" --quiet
is "$(sqlite3 "$SCRATCH/two.db" "SELECT name_kana, birth_date FROM cc_person ORDER BY id")" "ヤマダ ハナコ|1980-03-04
サトウ イチロウ|1965-01-01" "with the names of both rows"
# two persons in a row, told apart by the group above only
printf '本人,,家族,,備考\n氏名,電話,氏名,電話,備考\n山田　花子,0467-82-1111,山田　太郎,090-1111-2222,\n佐藤　一郎,0467-82-1112,佐藤　梅,090-1111-3333,\n' >"$SCRATCH/groups.csv"
exits 0 "names that come twice" tsunagi guess "$SCRATCH/groups.csv" --format csv
is "$(tail -n +2 <<<"$OUT" | cut -d, -f2 | tr -d '"\r' | tr '\n' ' ')" "本人_氏名 本人_電話 家族_氏名 家族_電話 備考 " "are told apart by the row above"

# groups above names that come once: whose they are, and what 番号 is; a title says nothing of that kind
cat >"$SCRATCH/groups.csv" <<'CSV'
利用者基本情報,,,支援記録,,,,民生委員,
番号,氏名,生年月日,日付,区分,担当,内容,住所,電話
000101,架空　花子,S24.5.6,R6.4.1,電話,見本,薬の残りを確かめた,茅ヶ崎市見本1-2,0467-82-1111
000102,試験　二郎,S31.2.3,R6.4.2,訪問,見本,玄関先で話を聞いた,茅ヶ崎市見本1-3,0467-82-1112
000101,架空　花子,S24.5.6,R6.4.3,来所,試作,家賃のことを聞いた,茅ヶ崎市見本1-2,0467-82-1111
CSV
exits 0 "names that mean something only with their group" tsunagi guess "$SCRATCH/groups.csv" --format csv --out "$SCRATCH/groups.cfg"
is "$(tail -n +2 <<<"$OUT" | cut -d, -f2,3 | tr -d '"\r')" "利用者基本情報_番号,person.client_no
利用者基本情報_氏名,person.name
利用者基本情報_生年月日,person.birth_date
支援記録_日付,activity.activity_on
支援記録_区分,activity.method
支援記録_担当,activity.staff_name
支援記録_内容,activity.body
民生委員_住所,person.address
民生委員_電話,person.phone" "are read with it"
unlike "$(cat "$SCRATCH/groups.cfg")" '^ *(address|phone) *=' "what is somebody else's is not the client's"
printf '\x1a' >>"$SCRATCH/groups.csv"
exits 0 "with the end mark of DOS" tsunagi import "$SCRATCH/groups.csv" --mapping "$SCRATCH/groups.cfg" --store "sqlite:$SCRATCH/groups.db" --quiet
is "$(sqlite3 "$SCRATCH/groups.db" "SELECT (SELECT count(*) FROM cc_person), (SELECT count(*) FROM cc_activity)")" "2|3" "nothing is left out"
sed -i '1s/.*/支援経過一覧表,,,さくら市社会福祉課,,,,,/' "$SCRATCH/groups.csv"
exits 0 "a title of two cells" tsunagi guess "$SCRATCH/groups.csv" --format csv
like "$OUT" '"?氏名"?,"?person.name' "is none"

# choices in columns of their own, and numbered choices
printf '受付番号,氏名,受付日,性別,ご相談の内容_住まいについて,ご相談の内容_介護のこと,緊急連絡先氏名,緊急連絡先電話\n1,山田　花子,R8.4.1,2.女性,○,,山田　太郎,090-1111-2222\n2,佐藤　一郎,R8.4.2,1.男性,,◎,,\n3,鈴木　二郎,R8.4.3,1.男性,○,○,鈴木　梅,080-1111-2222\n' >"$SCRATCH/choices.csv"
exits 0 "a column for each choice" tsunagi guess "$SCRATCH/choices.csv" --out "$SCRATCH/choices.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/choices.csv" --mapping "$SCRATCH/choices.cfg" --store "sqlite:$SCRATCH/c.db" --quiet
is "$(sqlite3 "$SCRATCH/c.db" "SELECT consult_topics FROM cc_intake ORDER BY id; SELECT sex FROM cc_person ORDER BY id; SELECT other_name FROM cc_relationship ORDER BY id")" \
	'["02"]
["12"]
["02","12"]
2
1
1
山田　太郎
鈴木　梅' "makes one list of them, takes the number off, and knows whose telephone it is"
printf '利用者番号,氏名,加害者氏名,同意_福祉\n1,山田　花子,架空　太郎,○\n2,佐藤　一郎,,×\n3,鈴木　二郎,,\n' >"$SCRATCH/no.csv"
exits 0 "what must not come in" tsunagi guess "$SCRATCH/no.csv" --format csv --out "$SCRATCH/no.cfg"
unlike "$(cat "$SCRATCH/no.cfg")" 'name *= "加害者氏名|^consent' "is not mapped, and a consent not without its recipient"
like "$OUT" '"同意_福祉","consent.consent_status"' "though it is known what it is"

# a log as another office writes it: everything quoted, quotes in the texts, a number for each entry, names of
# columns of its own, a day with its time
python3 - >"$SCRATCH/log.csv" <<'PY'
import csv, sys
head = ['整理番号', '相談日時', '分', '利用者ＣＤ', '利用者名', '障がい種別', '手段', '支援内容（統計区分）', '連携先', '記録', '次回予定', '対応職員']
rows = [['K-%03d' % i, '2026/4/%d %d:05' % (i + 1, 9 + i % 3), '%d分' % (30 + i), '%05d' % (i % 4), '架空　花子', ['知的', '精神・発達'][i % 2], 'TEL',
         ['①就労', '不安の解消・情緒安定；健康・医療'][i % 2], '㈱ミライ', '母より"もう限界"と。\n、"x", y', 'R8.5.%d' % (i + 1), '髙木'] for i in range(12)]
sys.stdout.reconfigure(encoding='cp932', newline='')
csv.writer(sys.stdout, quoting=csv.QUOTE_ALL).writerows([head] + rows)
PY
exits 0 "a log of another office" tsunagi guess "$SCRATCH/log.csv" --format csv --out "$SCRATCH/log.cfg"
is "$(tail -n +2 <<<"$OUT" | cut -d, -f2,3 | tr -d '"\r')" "整理番号,case.case_no
相談日時,activity.activity_on
分,activity.duration_min
利用者ＣＤ,person.client_no
利用者名,activity.subject_name
障がい種別,assessment.disability_targets
手段,activity.method
支援内容（統計区分）,activity.support_kinds
連携先,activity.involved_orgs
記録,activity.body
次回予定,activity.next_due
対応職員,activity.staff_name" "every column"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/log.csv" --mapping "$SCRATCH/log.cfg" --store "sqlite:$SCRATCH/log.db" --quiet
is "$(sqlite3 "$SCRATCH/log.db" "SELECT count(*), (SELECT count(*) FROM cc_case), (SELECT min(name) FROM cc_person) FROM cc_person;
	SELECT activity_on, activity_time_from, support_kinds, body FROM cc_activity WHERE activity_on = '2026-04-02'")" \
	'4|4|架空　花子
2026-04-02|10:05|["4","3"]|母より"もう限界"と。
、"x", y' "one person and one case for four, with day, time, choices and texts as they are"

# a workbook with a sheet a month and one that is another table; whose log it is stands above; one day for several
# entries; totals
python3 - "$SCRATCH/months.xlsx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book, sheet_xml
def month(m):
    return sheet_xml([['支援記録簿'], ['氏名', '髙橋　花子', None, '利用者No.', '0012'], ['月日', '時間', '支援方法', '支援内容', '担当'],
                      ['R8.%d.1' % m, '9:00', 'TEL', '一', '﨑山'], [None, '10:00', '訪問', '二', '﨑山'], ['R8.%d.2' % m, '9:00', '来所', '三', '髙木'],
                      ['R8.%d.3' % m, '9:00', '来所', '四', '髙木'], ['計', None, '4件']], '<mergeCells><mergeCell ref="A4:A5"/></mergeCells>')
book(sys.argv[1], sheets=[('4月', month(4)), ('5月', month(5)), ('集計', [['月', '件数'], ['4月', 4], ['5月', 4]])])
PY
exits 0 "a sheet a month" tsunagi guess "$SCRATCH/months.xlsx" --out "$SCRATCH/months.cfg"
like "$(cat "$SCRATCH/months.cfg")" 'sheets = "1,2"; cells = "氏名 = B2, 利用者No. = E2"; expect = "A2 = 氏名, D2 = 利用者No."; merged = "fill"' \
	"the sheets that are alike, the cells above, merged days"
like "$ERR" 'sheets this mapping does not read: 3' "and which one is left"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/months.xlsx" --mapping "$SCRATCH/months.cfg" --store "sqlite:$SCRATCH/months.db" --quiet
is "$(sqlite3 "$SCRATCH/months.db" "SELECT p.name, p.client_no, count(*), sum(activity_on LIKE '%-01') FROM cc_activity a JOIN cc_person p ON p.id = a.person_id GROUP BY p.id")" \
	'髙橋　花子|0012|8|4' "brings all entries of that person in, each with its day, and no total"

# an inventory of work: staff across in a header of three rows, sums in between, hours as people write them
python3 - "$SCRATCH/work.xlsx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book, sheet_xml
head = [['令和８年度　業務量調査票'], ['所属：', '福祉総務課'], [], ['№', '大分類', '中分類', '業務内容', '年間業務量（時間）', None, None, None, '備考'],
        [None, None, None, None, '正規職員', None, '会計年度', '計'], [None, None, None, None, '事務', '社会福祉士', '任用職員']]
rows = [[1, '相談', '窓口', '来所相談', 120, 340.5, '10:30', 471], [2, None, None, '電話相談', '１，０８０', None, '45分', 1080.75], [3, None, '会議', '支援会議', '２０時間', '多め', None, 20],
        [None, None, '小計', None, 1220, 340.5, 11.25, 1571.75], [4, '庶務', '経理', '支払い', 10, None, 5, 15], ['庶務 計', None, None, None, 10, 0, 5, 15], ['合計', None, None, None, 1230, 340.5, 16.25, 1586.75]]
spans = ['A4:A6', 'B4:B6', 'C4:C6', 'D4:D6', 'E4:H4', 'E5:F5', 'H5:H6', 'I4:I6', 'B7:B10', 'C7:C8']
book(sys.argv[1], sheets=[('表', sheet_xml(head + rows, '<mergeCells>%s</mergeCells>' % ''.join('<mergeCell ref="%s"/>' % s for s in spans)))])
PY
exits 0 "an inventory of work" tsunagi guess "$SCRATCH/work.xlsx" --out "$SCRATCH/work.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/work.xlsx" --mapping "$SCRATCH/work.cfg" --store "sqlite:$SCRATCH/work.db" --quiet
is "$(tsunagi workload --store "sqlite:$SCRATCH/work.db" --format csv 2>/dev/null | tr -d '"\r' | tail -n +2)" \
	'相談,1220,340.5,11.25,1571.75
庶務,10,0,5,15
total,1230,340.5,16.25,1586.75' "has the sums of the table, a kind of staff a column, and no sum counted twice"
# № only counts lines: with the name it is nobody else's when a line comes in between
printf '№,窓口名,電話\n1,なんでも相談,0467-82-1111\n2,くらしの窓口,0467-82-1112\n3,こども相談,0467-82-1113\n' >"$SCRATCH/desks.csv"
exits 0 "a list that is numbered" tsunagi guess "$SCRATCH/desks.csv"
like "$ERR" 'key of a record: 窓口名' "is known by what is listed, not by its lines"
# who runs a facility has an address, too
printf '事業所番号,法人の名称,法人住所（市区町村）,法人電話番号,事業所の名称,事業所住所（市区町村）,事業所住所（番地以降）,事業所電話番号\n1310100001,社会福祉法人あおぞら会,東京都千代田区,03-1234-0001,あおぞら,神奈川県茅ヶ崎市,本村1-1,0467-82-1111\n1310100002,社会福祉法人みどり会,東京都港区,03-1234-0002,みどり,神奈川県茅ヶ崎市,香川2-2,0467-82-1112\n' >"$SCRATCH/wam.csv"
exits 0 "facilities with those who run them" tsunagi guess "$SCRATCH/wam.csv" --format csv
is "$(tail -n +2 <<<"$OUT" | cut -d, -f3 | tr -d '"\r' | tr '\n' ' ')" "resource.office_no resource.corporate_name   resource.resource_name resource.city resource.address resource.phone " \
	"the address is the facility's"

# a registry in an order of its own (標準仕様 のデータ要件 のファイルは実装ごとに列が違う): looked up, not copied
python3 - mappings/demo/registry.csv >"$SCRATCH/std.csv" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding='utf-8-sig', newline='')))
keep = ['世帯番号', '宛名番号', '最新フラグ', '削除フラグ', '他業務参照不可フラグ', '住民状態', '氏名', '氏名_フリガナ', '性別', '生年月日',
        '続柄表記', '住所_郵便番号', '住所_都道府県', '住所_市区郡町村名', '住所_町字', '住所_番地号表記', '消除の異動年月日', '個人番号']
at = [rows[0].index(c) for c in keep]
csv.writer(sys.stdout, lineterminator='\n').writerows([r[i] for i in at] for r in rows)
PY
exits 0 "a registry whose columns come in another order" tsunagi guess "$SCRATCH/std.csv" --out "$SCRATCH/std.cfg"
like "$(cat "$SCRATCH/std.cfg")" 'mode   = "lookup".*on_invalid = "null".*address += "concat\(住所_都道府県, 住所_市区郡町村名, 住所_町字, 住所_番地号表記\)"' \
	"is looked up, with one address, and nobody is left out for a bad value"
cp mappings/demo/legacy.csv "$SCRATCH/legacy.csv"
tsunagi import "$SCRATCH/legacy.csv" --mapping legacy-care-record --store "sqlite:$SCRATCH/std.db" --quiet >/dev/null 2>&1
exits 0 "with the mapping that is written" tsunagi import "$SCRATCH/std.csv" --mapping "$SCRATCH/std.cfg" --store "sqlite:$SCRATCH/std.db" --quiet
like "$OUT" 'out of scope +[1-9]' "who does not concern us stays out"
is "$(sqlite3 "$SCRATCH/std.db" "SELECT count(*) FROM person_link WHERE state = 1")" 4 "the clients are found"
! grep -aqFf <(cut -d, -f18 "$SCRATCH/std.csv" | grep -o '[0-9]\{12\}') "$SCRATCH"/std.db*
ok $? "and no individual number is anywhere"
# what offices do to tables: titles, notes below, the header on every page, units in a line of their own ...
python3 tests/lib/make_municipal.py "$SCRATCH/municipal"
python3 tests/lib/score_guess.py "$SCRATCH"/municipal/*.columns.tsv >"$SCRATCH/score" 2>&1
ok $? "nine of ten columns in tables as offices write them" "$(tail -n 3 "$SCRATCH/score")"
sed 's/^/# /' "$SCRATCH/score" | grep -v '^# *\([0-9]*\) of *\1 '
unlike "$(cat "$SCRATCH/score")" '  ! ' "each with its encoding and the line of its header"
for table in notes header-again units total sections; do
	tsunagi guess "$SCRATCH/municipal/$table.csv" --out "$SCRATCH/$table.cfg" >/dev/null 2>&1
	tsunagi import "$SCRATCH/municipal/$table.csv" --mapping "$SCRATCH/$table.cfg" --store "sqlite:$SCRATCH/$table.db" --quiet >/dev/null
	is "$? $(sqlite3 "$SCRATCH/$table.db" 'SELECT count(*) FROM cc_resource')" "0 12" "$table: the records come in, the other lines do not"
done
# forms: labels beside, above and in front of their boxes; the family's table; a sheet that is no form, a blank one;
# 緊急連絡先 has a name and a telephone of its own
python3 - "$SCRATCH/kami.xlsx" "$SCRATCH/face.docx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book, sheet_xml, document
def face(no, name, kana, birth, sex, addr, tel, fam, text, day, blank=False):
    v = (lambda x: None) if blank else (lambda x: x)
    rows = [
     ['相　談　受　付　票'] + [None]*11,
     [None]*8 + ['受付日', None, v(day), None],
     ['受付番号', None] + ([None]*6 if blank else list(no)) + ['担当者', None, v('髙木'), None],
     ['本人', 'フリガナ', None, v(kana), None, None, None, None, '性別', None, v(sex), None],
     [None, '氏名', None, v(name), None, None, None, None, '生年月日', None, v(birth), None],
     [None, '住所', None, v(addr), None, None, None, None, None, None, None, None],
     [None, '電話番号', None, v(tel), None, None, None, None, '携帯', None, None, None],
     ['緊急連絡先', '氏名', None, v('山田　太郎'), None, None, '続柄', v('夫'), '電話番号', None, v('090-1111-2222'), None],
     ['家族構成'] + [None]*11,
     [None, '氏名', None, '続柄', '生年月日', None, '職業', None, '同居', None, None, None]] + \
     [[None, f[0], None, f[1], f[2], None, f[3], None, f[4], None, None, None] for f in (fam if not blank else [])] + [[None]*12]*(3-(0 if blank else len(fam))) + [
     ['相談内容'] + [None]*11] + [[v(t)] + [None]*11 for t in text] + [[None]*12]*(5-len(text)) + [['※太枠内をご記入ください。']]
    merges = ['A1:L1','I2:J2','K2:L2','A3:B3','I3:J3','K3:L3','A4:A7','B4:C4','D4:H4','I4:J4','K4:L4','B5:C5','D5:H5','I5:J5','K5:L5','B6:C6','D6:L6','B7:C7','D7:H7','I7:J7','K7:L7','B8:C8','D8:F8','I8:J8','K8:L8','A9:L9','A14:L14']
    return sheet_xml(rows, '<mergeCells>%s</mergeCells>' % ''.join('<mergeCell ref="%s"/>' % m for m in merges))
fam=[('山田　太郎','夫','S28.5.5','無職','○'),('山田　梅','長女','S60.1.2','会社員','×')]
book(sys.argv[1], sheets=[
 ('説明', [['このブックの使い方'],['1. シートをコピーして記入'],['2. 保存']]),
 ('001', face('000131','山田　花子','ヤマダ　ハナコ','昭和30年4月1日','□男　☑女','茅ヶ崎市茅ヶ崎1-1-1','0467-82-1111',fam,['家賃を滞納している。','電気も止まりそう。'],'R8.4.3')),
 ('002', face('000132','佐藤　一郎','サトウ　イチロウ','昭和40年1月2日','☑男　□女','茅ヶ崎市本村2-2-2','',fam[:1],['仕事が続かない。'],'R8.4.4')),
 ('原紙', face('','','','','','','',[],[],'',blank=True))])
S='<w:gridSpan w:val="3"/>'
document(sys.argv[2], [
 'フェイスシート', '作成日：令和8年4月1日　　作成者：髙木 一', '',
 [['氏名','乙山　花子','ふりがな','おとやま　はなこ'],['生年月日','S30.4.1','性別','□男　☑女'],['住所',('茅ヶ崎市本村1-2-3',S)],['電話','0467-82-1111','携帯',''],['世帯状況',('独居',S)]],
 '', '緊急連絡先',
 [['氏名','乙山　次郎','続柄','長男'],['電話','0467-82-1111','住所','藤沢市']],
 '家族構成', [['氏名','続柄','年齢','同居'],['乙山　次郎','長男','45','別居'],['乙山　三郎','次男','40','別居']],
 '相談経路：地域包括支援センター', '【主訴】', '家賃が払えない。', '【相談内容】膝が痛く、外に出られない。'])
PY
exits 0 "a form of cells" tsunagi guess "$SCRATCH/kami.xlsx" --out "$SCRATCH/kami.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/kami.xlsx" --mapping "$SCRATCH/kami.cfg" --store "sqlite:$SCRATCH/kami.db" --quiet
is "$(sqlite3 "$SCRATCH/kami.db" "SELECT name, birth_date, sex, phone FROM cc_person ORDER BY id; SELECT other_name, relation, other_phone FROM cc_relationship; SELECT case_no FROM cc_case ORDER BY id;
	SELECT received_on, consult_detail FROM cc_intake ORDER BY id; SELECT count(*) FROM cc_household_member")" \
	'山田　花子|1955-04-01|2|0467821111
佐藤　一郎|1965-01-02|1|
山田　太郎|夫|09011112222
山田　太郎|夫|09011112222
000131
000132
2026-04-03|家賃を滞納している。
電気も止まりそう。
2026-04-04|仕事が続かない。
0' "brings both sheets in, every box where it belongs, and nothing that is printed on the form"
like "$(cat "$SCRATCH/kami.cfg")" '家族構成2_氏名 = B12' "the rows of the table in it are kept with the record"
exits 0 "a form in a document" tsunagi guess "$SCRATCH/face.docx" --out "$SCRATCH/face.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/face.docx" --mapping "$SCRATCH/face.cfg" --store "sqlite:$SCRATCH/face.db" --quiet
is "$(sqlite3 "$SCRATCH/face.db" "SELECT name, name_kana, birth_date, sex, address FROM cc_person; SELECT other_name, relation, other_phone, other_address FROM cc_relationship; SELECT chief_complaint FROM cc_assessment")" \
	'乙山　花子|オトヤマ　ハナコ|1955-04-01|2|茅ヶ崎市本村1-2-3
乙山　次郎|長男|0467821111|藤沢市
家賃が払えない。' "brings what stands in tables and lines"
like "$(cat "$SCRATCH/face.cfg")" 'A table inside the form is not read' "and says what it does not read"
unlike "$(cat "$SCRATCH/face.cfg" "$SCRATCH/kami.cfg")$OUT" '髙木|花子|0467|地域包括|滞納' "no value is shown"
# who is moved to which section is nobody's client
printf '令和８年４月１日付　人事異動（内示）,,,,,\n新所属,新職名,氏名,旧所属,旧職名,異動区分\n福祉部福祉課,課長,髙木　一,市民部市民課,課長補佐,転任\n福祉部福祉課,主事,佐々木　花,,,新採用\n,,山﨑　進,福祉部福祉課,課長,退職\n' >"$SCRATCH/moved.csv"
exits 0 "who is moved" tsunagi guess "$SCRATCH/moved.csv" --format csv --out "$SCRATCH/moved.cfg"
like "$OUT" '"氏名","staff.staff_name"' "is staff"
unlike "$(cat "$SCRATCH/moved.cfg")" '(^|
)(person|case): ' "and nobody is made a client"
# an address book names people of other organisations: no clients
printf '表示名,姓,名,姓（よみ）,名（よみ）,会社名,会社名（よみ）,部課名,郵便番号,住所,会社電話番号,会社Fax番号,役職名,個人電話番号,E-mail\n見本　一郎,見本,一郎,みほん,いちろう,見本病院,みほんびょういん,医療連携室,253-0000,茅ヶ崎市茅ヶ崎1-1-1,0467-82-1111,0467-82-1112,室長,,a@example.jp\n見本　次郎,見本,次郎,みほん,じろう,見本法律事務所,みほんほうりつじむしょ,,253-0001,茅ヶ崎市本村1-1-1,0467-82-2111,,弁護士,090-1111-2222,b@example.jp\n架空　花子,架空,花子,かくう,はなこ,架空薬局,かくうやっきょく,,253-0002,茅ヶ崎市香川1-1-1,0467-82-3111,,,,\n' | iconv -f UTF-8 -t CP932 >"$SCRATCH/book.csv"
exits 0 "an address book" tsunagi guess "$SCRATCH/book.csv" --format csv --out "$SCRATCH/book.cfg"
like "$OUT" '"会社名","agency.agency_name".*"会社名（よみ）","agency.agency_kana".*"会社電話番号","agency.phone"' "is a list of agencies"
unlike "$(cat "$SCRATCH/book.cfg")" '^person' "and makes nobody a client"
# places on a map
printf '{"type":"FeatureCollection","features":[%s]}' "$(for i in 1 2 3 4; do printf '%s{"type":"Feature","geometry":{"type":"Point","coordinates":[139.40%d,35.33%d]},"properties":{"名称":"さくら相談室%d","住所":"神奈川県茅ヶ崎市茅ヶ崎1-1-%d","種別":"相談"}}' "$([ $i = 1 ] || echo ,)" $i $i $i $i; done)" >"$SCRATCH/map.geojson"
exits 0 "GeoJSON" tsunagi guess "$SCRATCH/map.geojson" --out "$SCRATCH/map.cfg"
like "$(cat "$SCRATCH/map.cfg")" 'resource_type +=.*種別' "the properties say what a place is, not the word Feature"
# cells that only say "as above"
printf '記録番号,利用者番号,氏名,支援日時,内容\n1,0001,架空　花子,"2026/04/01\n10:30",一\n2,0001,〃,R8.4.2 9:00,二\n3,0002,架空　一郎,令和8年4月3日 13:00-14:00,三\n' >"$SCRATCH/above.csv"
exits 0 "as above" tsunagi guess "$SCRATCH/above.csv" --out "$SCRATCH/above.cfg"
exits 5 "the mapping it writes" tsunagi import "$SCRATCH/above.csv" --mapping "$SCRATCH/above.cfg" --store "sqlite:$SCRATCH/above.db" --quiet
like "$OUT" 'same-as-above +氏名 +1' "refuses it with the reason"
is "$(sqlite3 "$SCRATCH/above.db" "SELECT name FROM cc_person ORDER BY id; SELECT activity_on, activity_time_from FROM cc_activity ORDER BY id")" '架空　花子
架空　一郎
2026-04-01|10:30
2026-04-03|13:00' "nobody is called so; days with times are read across line ends and to the time they ended"
# an app of kintone with field codes of its own and two tables: the rows of the longer one are records
python3 - "$SCRATCH/app.json" <<'PY'
import json, sys
def f(kind, value):
    return {'type': kind, 'value': value}
def row(i, k):
    return {'id': '%d' % (i * 100 + k), 'value': {'対応日時': f('DATETIME', '2026-04-%02dT23:30:00Z' % i), '対応方法': f('DROP_DOWN', ['電話', '訪問'][k]),
            '記録': f('MULTI_LINE_TEXT', '%d の %d 回目 "}],' % (i, k + 1)), '対応者': f('USER_SELECT', [{'code': 'sato', 'name': '見本'}])}}
json.dump({'records': [{'$id': f('__ID__', '%d' % i), '$revision': f('__REVISION__', '1'), '作成者': f('CREATOR', {'code': 'sato', 'name': '見本'}),
    'uketsuke': f('DATE', '2026-04-01'), 'client_name': f('SINGLE_LINE_TEXT', '架空　花子'), 'birthday': f('DATE', '1950-01-%02d' % i),
    '相談内容': f('MULTI_LINE_TEXT', '家賃'), '年齢': f('NUMBER', '76'), '担当者': f('USER_SELECT', [{'code': 'sato', 'name': '見本'}]),
    '家族': f('SUBTABLE', [{'id': '%d' % (i * 1000), 'value': {'続柄': f('DROP_DOWN', '長女')}}]),
    '支援履歴': f('SUBTABLE', [row(i, k) for k in range(i % 3)])} for i in range(1, 6)]}, open(sys.argv[1], 'w'), ensure_ascii=False)
PY
exits 0 "an app of kintone" tsunagi guess "$SCRATCH/app.json" --out "$SCRATCH/app.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/app.json" --mapping "$SCRATCH/app.cfg" --store "sqlite:$SCRATCH/app.db" --quiet
is "$(sqlite3 "$SCRATCH/app.db" "SELECT count(*), (SELECT count(*) FROM cc_case), (SELECT count(*) FROM cc_intake), (SELECT count(*) FROM cc_plan) FROM cc_person;
	SELECT activity_on, activity_time_from, method, body, staff_name FROM cc_activity WHERE body LIKE '2 %'")" \
	'5|5|5|0
2026-04-03|08:30|phone|2 の 1 回目 "}],|見本
2026-04-03|08:30|home_visit|2 の 2 回目 "}],|見本' "makes a person, a case and an intake of each record, an activity of each row, at the time in Japan"
# whom the records are about, under a word that is no 氏名, beside a state that is as short as a name
printf '受付番号,対象者,対象者カナ,生年月日,住所,本文,状況\n1,架空　花子,カクウ　ハナコ,S30.4.1,本村1,家賃,対応中\n2,見本　一郎,ミホン　イチロウ,S40.1.2,本村2,介護,終結\n3,試験　次郎,シケン　ジロウ,S41.1.2,本村3,就労,対応中\n' >"$SCRATCH/whom.csv"
exits 0 "a name under 対象者" tsunagi guess "$SCRATCH/whom.csv" --out "$SCRATCH/whom.cfg"
like "$(grep ' name ' "$SCRATCH/whom.cfg")" '"対象者 \| name"' "is the client's, and no state is"
unlike "$(cat "$SCRATCH/whom.cfg")" '"状況 \| name"' "whatever is short"
sed '1s/対象者,/記録,/' "$SCRATCH/whom.csv" | cut -d, -f1,3- >"$SCRATCH/nobody.csv"
exits 0 "no name at all" tsunagi guess "$SCRATCH/nobody.csv" --out "$SCRATCH/nobody.cfg"
unlike "$(cat "$SCRATCH/nobody.cfg")" '"状況 \| name"' "is not made of a state"
printf '番号,氏名,対応日,対応内容\n1,架空　花子,R8.4.1,家賃\n2,見本　一郎,R8.4.2,介護\n3,試験　次郎,R8.4.3,就労\n' >"$SCRATCH/done.csv"
exits 0 "what was done, alone" tsunagi guess "$SCRATCH/done.csv" --format csv
like "$OUT" '"対応内容","activity.body"' "is the text of the record"
# the parts of an element: 住所/本文 is an address, whatever a 本文 is elsewhere
printf '<l>%s</l>' "$(for i in 1 2 3; do printf '<p no="%d"><氏名>架空　花子</氏名><住所><本文>茅ヶ崎市香川%d</本文></住所><相談 日付="R08.04.0%d"><内容>家賃</内容></相談></p>' $i $i $i; done)" >"$SCRATCH/parts.xml"
exits 0 "an address in parts" tsunagi guess "$SCRATCH/parts.xml" --format csv
like "$OUT" '"住所/本文","person.address"' "is no text of a record"
# totals in front, one sheet a month; another table below the list
python3 - "$SCRATCH/sheets.xlsx" "$SCRATCH/below.xlsx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book, sheet_xml
head = ['No', '日付', '氏名', '方法', '内容']
book(sys.argv[1], sheets=[('集計', [['月', '件数'], ['4月', 3]]), ('相談（4月）', [head, [1, 'R8.4.3', '架空 花子', '電話', '一'], [2, 'R8.4.4', '架空 一郎', '来所', '二']]),
    ('相談（5月）', [head, [1, 'R8.5.3', '架空 花子', '電話', '三']])])
book(sys.argv[2], sheets=[('R8', sheet_xml([['令和８年度　相談受付簿'], [], ['受付番号', '受付日', '氏名', '生年月日', '相談内容'],
    ['R8-001', 'R8.4.3', '架空　花子', 'S30.4.1', '家賃'], ['R8-002', 'R8.4.4', '架空　一郎', 'S40.1.2', '介護'], ['計', None, '2件'], [], ['※取扱注意'], [],
    ['会議記録'], ['会議番号', '開催日', '会議名', '参加機関'], ['K-1', 'R8.4.10', '支援会議', '福祉課']]))])
PY
exits 0 "totals on the first sheet" tsunagi guess "$SCRATCH/sheets.xlsx" --out "$SCRATCH/sheets.cfg"
like "$(cat "$SCRATCH/sheets.cfg")" 'sheets = "2,3"' "are passed over for the sheets of the list"
exits 0 "two tables in a sheet" tsunagi guess "$SCRATCH/below.xlsx" --out "$SCRATCH/below.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/below.xlsx" --mapping "$SCRATCH/below.cfg" --store "sqlite:$SCRATCH/below.db" --quiet
is "$(sqlite3 "$SCRATCH/below.db" "SELECT name, birth_date FROM cc_person ORDER BY id")" '架空　花子|1955-04-01
架空　一郎|1965-01-02' "makes nobody of the meetings below"
like "$ERR" 'from row 10 on is not read' "and says what it leaves out"
printf '令和８年度　相談受付簿,,,,\n,,,,\n受付番号,受付日,氏名,生年月日,相談内容\nR8-001,R8.4.3,架空　花子,S30.4.1,家賃\nR8-002,R8.4.4,架空　一郎,S40.1.2,介護\nR8-003,R8.4.5,試験　二郎,S41.1.2,就労\nR8-004,R8.4.6,試験　花,S42.1.2,家計\nR8-005,R8.4.7,試験　五,S43.1.2,家計\nR8-006,R8.4.8,試験　六,S44.1.2,家計\nR8-007,R8.4.9,試験　七,S45.1.2,家計\n計,,7件,,\n,,,,\n※取扱注意,,,,\n会議記録,,,,\n会議番号,開催日,会議名,参加機関,\nK-1,R8.4.10,支援会議,福祉課,\n' >"$SCRATCH/pair.csv"
exits 0 "the same saved as CSV" tsunagi guess "$SCRATCH/pair.csv" --out "$SCRATCH/pair.cfg"
like "$(cat "$SCRATCH/pair.cfg")" 'Another table begins below' "is told"
exits 5 "the mapping it writes" tsunagi import "$SCRATCH/pair.csv" --mapping "$SCRATCH/pair.cfg" --store "sqlite:$SCRATCH/pair.db" --quiet
is "$(sqlite3 "$SCRATCH/pair.db" "SELECT name, birth_date FROM cc_person ORDER BY id")" '架空　花子|1955-04-01
架空　一郎|1965-01-02
試験　二郎|1966-01-02
試験　花|1967-01-02
試験　五|1968-01-02
試験　六|1969-01-02
試験　七|1970-01-02' "refuses the meetings instead of making clients of them"

# headers in half-width kana, whatever is below; a pair of columns under 連絡先, which is the person's own
printf '番号,ｼﾒｲ,ﾌﾘｶﾞﾅ,ｾｲﾈﾝ,連絡先_電話,連絡先_住所\n1,架空　花子,カクウ ハナコ,1,0467-82-1111,茅ヶ崎市茅ヶ崎1-2-3\n2,試験　二郎,シケン ジロウ,2,0467-82-1112,茅ヶ崎市茅ヶ崎1-2-4\n3,見本　三,ミホン サン,3,0467-82-1113,茅ヶ崎市茅ヶ崎1-2-5\n' >"$SCRATCH/kana.csv"
exits 0 "headers in kana" tsunagi guess "$SCRATCH/kana.csv" --format jsonl
like "$OUT" '"column":"ｼﾒｲ","field":"person.name"' "the name as it is written"
like "$OUT" '"column":"ﾌﾘｶﾞﾅ","field":"person.name_kana"' "and its reading"
like "$OUT" '"column":"連絡先_住所","field":"person.address"' "where to reach them is their own"
sed -i '1s/連絡先_電話/連絡先_氏名/; s/0467-82-111[0-9]/見本　太郎/' "$SCRATCH/kana.csv"
exits 0 "with a name beside it" tsunagi guess "$SCRATCH/kana.csv" --format jsonl
like "$OUT" '"column":"連絡先_住所","field":"relationship.other_address"' "it is that of who is named"

# a form whose choices are printed in cells of their own, with a cell before each for the mark; and a document that names
# several things in one line above its table
python3 - "$SCRATCH/marks.xlsx" "$SCRATCH/line.docx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book, document
def sheet(no, name, birth, sex, topics, work, consent):
    t = lambda k: topics.get(k)
    return [['相談受付票', None, None, None, None, None, 'ID', no],
            ['氏名', name, None, '生年月日', birth, None, '性別', sex],
            ['ご相談の内容（○＝該当　◎＝最も）', t(0), '病気や健康、障害のこと', None, None, t(1), '住まいについて'],
            [None, t(2), '収入・生活費のこと', None, None, t(3), '介護のこと'],
            ['就労状況', None if work else 'レ', '就労している', None, None, 'レ' if work else None, '求職中'],
            ['主訴', '相談に来た'],
            ['本人同意', consent, None, '同意日', 'R7.4.3']]
book(sys.argv[1], sheets=[
    ('1', sheet('A1', '甲野　花子', '昭和27年3月4日（　　歳）', '□男性　■女性　□その他', {0: '○', 1: '◎'}, 1, '■有　□無')),
    ('2', sheet('A2', '乙山　一郎', '平成3年1月2日（満34歳）', '■男性　□女性　□その他', {3: '○'}, 0, '□有　■無'))])
document(sys.argv[2], ['支援経過記録', '氏名　丙川　梅　様　　　生年月日　昭和12年8月8日　　ID　0307',
    [['支援日', '方法', '内容'], ['R7.4.3', '訪問', '一回目'], ['R7.4.9', '電話', '二回目']]])
PY
exits 0 "a form with a cell for each mark" tsunagi guess "$SCRATCH/marks.xlsx" --out "$SCRATCH/marks.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/marks.xlsx" --mapping "$SCRATCH/marks.cfg" --store "sqlite:$SCRATCH/marks.db" --quiet
is "$(sqlite3 "$SCRATCH/marks.db" "SELECT name, birth_date, sex FROM cc_person ORDER BY id; SELECT consult_topics, consent_given FROM cc_intake ORDER BY id; SELECT work_status FROM cc_assessment ORDER BY id")" \
	'甲野　花子|1952-03-04|2
乙山　一郎|1991-01-02|1
["01","02"]|1
["12"]|0
4
1' "brings what is marked, and nothing that is printed only"
exits 0 "several labels in one line of a document" tsunagi guess "$SCRATCH/line.docx" --out "$SCRATCH/line.cfg"
exits 0 "the mapping it writes" tsunagi import "$SCRATCH/line.docx" --mapping "$SCRATCH/line.cfg" --store "sqlite:$SCRATCH/line.db" --quiet
is "$(sqlite3 "$SCRATCH/line.db" "SELECT name, birth_date FROM cc_person; SELECT case_no FROM cc_case; SELECT count(*) FROM cc_activity")" \
	'丙川　梅|1937-08-08
0307
2' "each of them by itself, and one person for all entries"
tap_done
