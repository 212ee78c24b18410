#!/bin/bash
# tsunagi guess on files of many shapes: what it finds, and that the mapping it writes works. Files are
# made here; tests/suites/test_guess_real.sh takes real ones.
. tests/lib/tap.sh

guess() { # NAME ARGS...: mapping in $SCRATCH/NAME.cfg, table in $OUT
	rm -f "$SCRATCH/$1.cfg"
	tsunagi guess "$SCRATCH/$1" --format jsonl --out "$SCRATCH/$1.cfg" "${@:2}"
}
field() { # COLUMN: the field that $OUT gives it
	sed -n "s/.*\"column\":\"$1\",\"field\":\"\([^\"]*\)\".*/\1/p" <<<"$OUT"
}
trial() { sed -n 's/^trial: //p' <<<"$ERR"; }

cat >"$SCRATCH/resources.csv" <<'X'
施設一覧（令和6年4月1日現在）,,,,
,,,,
No.,施設名,所在地,電話番号,定員
1,つばさ作業所,神奈川県茅ヶ崎市茅ヶ崎1-1-1,0467-82-1111,20人
2,"みどり園, 別館",神奈川県茅ヶ崎市茅ヶ崎1-1-2,0467-82-1112,15人
3,相談センターひだまり,神奈川県茅ヶ崎市茅ヶ崎1-1-3,0467-82-1113,
X
exits 0 "title rows" guess resources.csv
like "$ERR" 'header in line 3' "header found below the title rows"
is "$(field 施設名)" resource.resource_name "name of a facility"
is "$(field 所在地)" resource.address "address"
is "$(field 電話番号)" resource.phone "phone"
is "$(trial)" "3 records, 0 rejected" "trial"
like "$(cat "$SCRATCH/resources.csv.cfg")" 'skip = 2;' "mapping skips the titles"
like "$(cat "$SCRATCH/resources.csv.cfg")" "int\('人'\)" "unit of numbers found"
unlike "$(cat "$SCRATCH/resources.csv.cfg")$OUT$ERR" 'つばさ|0467' "no value is shown"

printf '利用者番号\t氏名\tフリガナ\t生年月日\t性別\t個人番号\n' >"$SCRATCH/people.tsv"
printf '0001\t山田　花子\tﾔﾏﾀﾞ ﾊﾅｺ\tS55.3.4\t女\t123456789018\n0002\t髙橋　一郎\tﾀｶﾊｼ ｲﾁﾛｳ\tH1.1.8\t男\t\n' >>"$SCRATCH/people.tsv"
exits 0 "tabs" guess people.tsv
is "$(field 氏名)" person.name "person's name"
is "$(field フリガナ)" person.name_kana "reading"
is "$(field 生年月日)" person.birth_date "birth date"
is "$(field 個人番号)" "" "individual number is not mapped"
like "$(cat "$SCRATCH/people.tsv.cfg")" 'delimiter = "tab"' "tab in the mapping"
like "$ERR" 'key of a record: 利用者番号' "key"

printf '支援日;利用者番号;記録番号;方法;内容;記録者\nR6.7.1;0001;1;電話;本人より電話。;佐藤\nR6.7.1;0001;2;訪問;"家庭訪問。\n改行あり";佐藤\nR6.7.2;0002;1;来所;面談。;鈴木\n' |
	iconv -f UTF-8 -t CP932 >"$SCRATCH/notes.csv"
exits 0 "semicolons, CP932, line ends in cells" guess notes.csv
is "$(field 支援日)" activity.activity_on "date of a note"
is "$(field 内容)" activity.body "text of a note"
like "$ERR" 'encoding cp932, delimiter ";"' "encoding and delimiter"
like "$ERR" "key of a record: .* \+ '-' \+ " "two columns name a record"
is "$(trial)" "3 records, 0 rejected" "trial"

printf '0600000,ホッカイドウ,北海道札幌市中央区大通西1-1,011-222-3333\n0640941,ホッカイドウ,北海道札幌市中央区旭ケ丘2-2,011-222-4444\n0600041,ホッカイドウ,北海道札幌市中央区大通東3-3,011-222-5555\n' >"$SCRATCH/bare.csv"
exits 0 "no header" guess bare.csv
like "$ERR" 'no header' "said so"
like "$(cat "$SCRATCH/bare.csv.cfg")" 'header = 0;' "mapping without a header"
is "$(field 列4)" resource.phone "phone by its looks"
is "$(trial)" "3 records, 0 rejected" "trial"

# a form with the number of the form behind its title, and a box that nobody has filled yet
python3 - "$SCRATCH/titled.xlsx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book
def form(no, name, kana, birth, tel, text):
    return [['相談受付票', None, None, None, None, '様式第１号'], ['受付番号', no], ['氏名', name], ['フリガナ', kana], ['生年月日', birth],
            ['電話番号', tel], ['相談内容', text], ['備考']]
book(sys.argv[1], sheets=[(no, form(no, name, kana, birth, tel, text)) for no, name, kana, birth, tel, text in (
    ('R6-1', '架空 花子', 'カクウ ハナコ', 'S24.5.6', '0467-82-1111', '家賃の相談'), ('R6-2', '試験 二郎', 'シケン ジロウ', 'S31.2.3', '0467-82-1112', '介護の相談'),
    ('R6-3', '見本 三', 'ミホン サン', 'S40.1.2', '0467-82-1113', '見守りの相談'))])
PY
exits 0 "a form with a numbered title" guess titled.xlsx
like "$(cat "$SCRATCH/titled.xlsx.cfg")" '備考 = B8' "its empty box is where the others are"

# minutes: what was said stands outside of the small table of what was decided
python3 - "$SCRATCH/minutes.docx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import document
document(sys.argv[1], ['ケース会議　議事録', '日時：令和6年10月10日（木）14:00～15:30', '利用者名：架空　花子', '１　経過報告',
    '見本：先月から薬の飲み忘れが続いている。長女にも確かめた。', '試作：郵便物がたまっていた。次の訪問で玄関先を見る。', '２　決まったこと',
    [['内容', '担当', '期限'], ['配食の申込み', '見本', '10月20日']], '次回は11月に行う'])
PY
exits 0 "minutes" guess minutes.docx
exits 0 "come in" tsunagi import "$SCRATCH/minutes.docx" --mapping "$SCRATCH/minutes.docx.cfg" --store "sqlite:$SCRATCH/minutes.db" --quiet
is "$(sqlite3 "$SCRATCH/minutes.db" "SELECT activity_on, activity_time_from, subject_name FROM cc_activity")" "2024-10-10|14:00|架空　花子" \
	"as one record, of that day"
like "$(sqlite3 "$SCRATCH/minutes.db" "SELECT body FROM cc_activity" | tr '\n' '/')" '１　経過報告/見本：先月から.*/配食の申込み｜見本｜10月20日/次回は11月に行う' \
	"with all of their text"
is "$(sqlite3 "$SCRATCH/minutes.db" "SELECT count(*), name FROM cc_person")" "1|架空　花子" "of one person"

# two products that number their clients alike, saved under names without a letter of ASCII
printf '利用者番号,氏名,生年月日\n000001,架空　花子,S12.3.4\n000002,試験　太郎,S13.3.4\n' >"$SCRATCH/記録一覧.csv"
printf '利用者番号,氏名,生年月日\n000001,別人　次郎,S22.3.4\n000002,見本　三郎,S23.3.4\n' >"$SCRATCH/台帳.csv"
for f in 記録一覧 台帳; do
	exits 0 "$f" tsunagi guess "$SCRATCH/$f.csv" --out "$SCRATCH/$f.cfg"
	exits 0 "comes in" tsunagi import "$SCRATCH/$f.csv" --mapping "$SCRATCH/$f.cfg" --store "sqlite:$SCRATCH/two.db" --quiet
done
is "$(sqlite3 "$SCRATCH/two.db" "SELECT count(*) FROM cc_person")" 4 "beside the other, not over it"

printf 'No.,受付日,氏名,生年月日,相談内容,担当,所属\n1,R6.4.3,山田　花子,S24.12.5,家賃の相談,佐藤,福祉課\n2,R6.4.4,髙橋　一郎,S40.1.2,介護の相談,佐藤,福祉課\n' >"$SCRATCH/desk.csv"
exits 0 "a desk's book" guess desk.csv
is "$(field 担当)" case.staff_name "who works on it"
like "$(grep -o 'key = .*' "$SCRATCH/desk.csv.cfg" | sort -u)" '^key = "\[No.\] \+ .-. \+ 氏名 \| width";
key = "concat\(氏名 .*, .-. \+ \(生年月日 \| date\)\)";$' \
	"each row a case of its own, not one for each member of staff; and a line that comes in between turns nobody into another"

printf '番号,番号,名称\n1,a,甲\n1,b,甲\n2,a,乙\n' >"$SCRATCH/twice.csv"
exits 0 "two columns of one name" guess twice.csv
like "$(cat "$SCRATCH/twice.csv.cfg")" 'header = \(' "works"

printf '"番号]1","x ""y""",名称\n1,2,甲\n2,2,乙\n' >"$SCRATCH/odd.csv"
exits 0 "odd characters in a header" guess odd.csv
like "$(cat "$SCRATCH/odd.csv.cfg")" 'key = "\[番号\]\]1\] \| width"' "column in brackets"

# what was asked and what was done stand side by side: in the book of a desk, in a log
printf '受付日,受付番号,氏名,相談内容,支援内容,担当\n2026/04/01,0001,試験　花,家賃のこと,同行した,佐藤\n2026/04/02,0002,試験　一,介護のこと,つないだ,佐藤\n2026/04/05,0003,試験　二,家賃のこと,確認した,鈴木\n' >"$SCRATCH/asked.csv"
exits 0 "asked and done at a desk" guess asked.csv
is "$(field 相談内容) $(field 支援内容) $(field 担当)" "intake.consult_detail intake.response case.staff_name" "are of the consultation, no plan"
printf '支援日,利用者番号,氏名,相談内容,支援内容,担当\n2026/04/01,0001,試験　花,家賃のこと,同行した,佐藤\n2026/04/02,0002,試験　一,介護のこと,つないだ,佐藤\n2026/04/05,0001,試験　花,家賃のこと,確認した,鈴木\n' >"$SCRATCH/done.csv"
exits 0 "asked and done in a log" guess done.csv
is "$(field 相談内容) $(field 支援内容)" "activity.body activity.response" "are of the entry, no plan"
unlike "$(cat "$SCRATCH/asked.csv.cfg" "$SCRATCH/done.csv.cfg")" 'plan_action' "nobody is given a plan"
# the next export writes the numbers in full width: the same people
sed 's/,0001,/,０００１,/; s/,0002,/,０００２,/' "$SCRATCH/done.csv" >"$SCRATCH/wide.csv"
exits 0 "numbers as the first export has them" tsunagi import "$SCRATCH/done.csv" --mapping "$SCRATCH/done.csv.cfg" --store "sqlite:$SCRATCH/wide.db" --quiet
exits 0 "and in full width" tsunagi import "$SCRATCH/wide.csv" --mapping "$SCRATCH/done.csv.cfg" --store "sqlite:$SCRATCH/wide.db" --quiet
is "$(sqlite3 "$SCRATCH/wide.db" "SELECT client_no FROM cc_person UNION ALL SELECT case_no FROM cc_case ORDER BY 1" | tr '\n' ' ')" "0001 0001 0002 0002 " "name the same people and cases"

# figures of municipalities are no list of people, whoever entered a record is nobody's client
printf '都道府県,保険者,計,65歳以上\n北海道,札幌市,10,5\n北海道,函館市,11,6\n青森県,八戸市,12,7\n' >"$SCRATCH/figures.csv"
exits 0 "figures" guess figures.csv
unlike "$(cat "$SCRATCH/figures.csv.cfg")" '^person' "make nobody a client"
printf 'レコード番号,更新者,作成者,更新日時,作成日時,文字列\n1,甲野　花子,甲野　花子,2026/04/01 10:00,2026/04/01 10:00,あ\n2,甲野　花子,乙野　一郎,2026/04/02 10:00,2026/04/02 10:00,い\n3,乙野　一郎,甲野　花子,2026/04/03 10:00,2026/04/03 10:00,う\n' >"$SCRATCH/entered.csv"
exits 0 "who entered it" guess entered.csv
is "$(field 更新者)" "" "is nobody's client"

# logs that say whose an entry is by name: one person, not one for each entry
held() { python3 tests/lib/dump_store.py "$SCRATCH/$1.db"; }
brought() { # NAME: guessed, read with what was guessed
	exits 0 "$1 is guessed" guess "$1"
	SAID=$ERR
	rm -f "$SCRATCH/$1.db"
	exits "${2:-0}" "and read with it" tsunagi import "$SCRATCH/$1" --mapping "$SCRATCH/$1.cfg" --store "sqlite:$SCRATCH/$1.db" --quiet
}
printf '日付,氏名,方法,支援内容,担当\nR6.4.1,山田花子,電話,体調確認,佐藤\nR6.4.2,山田　花子,訪問,服薬確認,佐藤\nR6.4.2,髙橋一郎,来所,手帳申請,鈴木\n' >"$SCRATCH/named.csv"
brought named.csv
like "$SAID" 'by their names alone' "says that two of one name would be one"
is "$(held named.csv | grep -c '"entity": "person"')" 2 "a log with names: as many people as names"
is "$(held named.csv | grep -c '"person": "person/山田花子"')" 2 "however the name is spaced"
printf '日付,氏名,生年月日,方法,支援内容\nR6.4.1,山田花子,S12.3.4,電話,体調確認\nR6.4.2,山田花子,S40.5.6,訪問,服薬確認\nR6.4.5,山田花子,昭和12年3月4日,電話,手帳申請\nR6.4.6,山田花子,,電話,不明\n' >"$SCRATCH/born.csv"
brought born.csv
is "$(held born.csv | sed -n 's/.*"entity": "person", "key": "\([^"]*\)".*/\1/p' | sort | paste -sd' ')" \
	"山田花子 山田花子-1937-03-04 山田花子-1965-05-06" "with birth dates: two of one name are two, and one without is neither"
printf '利用者番号,支援日,方法,内容\n0001,R6.4.1,電話,体調確認\n0002,R6.4.2,訪問,服薬確認\n0003,R6.4.2,訪問,面談\n' >"$SCRATCH/once.csv"
brought once.csv
printf '0001,R6.5.1,電話,次の記録\n' >>"$SCRATCH/once.csv"
exits 0 "the same log a month later" tsunagi import "$SCRATCH/once.csv" --mapping "$SCRATCH/once.csv.cfg" --store "sqlite:$SCRATCH/once.csv.db" --quiet
is "$(held once.csv | grep -c '"entity": "activity"')" 4 "the second entry of a client does not take the place of the first"

# a title, separators without names, times from and until, a legend below, sums by month
cat >"$SCRATCH/row7.csv" <<'X'
,,,,,,,,
,障害者相談支援　支援経過一覧,,,,,,,
,,,,,,,,
,事業所名：相談支援センターひかり,,,,作成日,R7.4.10,,
,,,,,,,,
,日付,,時間,,氏名,,支援方法,支援内容
,R6.4.1,,10:00～10:30,,山田花子,,電話,体調確認
,R6.4.2,,１３時〜１４時１５分,,山田花子,,訪問,服薬確認
,R6.4.2,,15:00～,,髙橋一郎,,来所,手帳申請
,,,,,,,,
,凡例,,,,,,,
,電話＝電話・FAX,,,,,,,
,訪問＝自宅・施設,,,,,,,
X
brought row7.csv
like "$SAID" '3 records, 0 rejected' "a legend below a short list is none of its records"
is "$(held row7.csv | sed -n 's/.*"activity_time_from": "\([^"]*\)"\(, "activity_time_to": "\([^"]*\)"\)*.*/\1-\3/p' | sort | paste -sd' ')" \
	"10:00-10:30 13:00-14:15 15:00-" "from and until in one cell"
cat >"$SCRATCH/sums.csv" <<'X'
番号,受付日,氏名,生年月日,相談内容,備考
１,R6.4.1,山田　花子,S12.3.4,物忘れ,
２,R6.4.3,髙橋　一郎,S10.12.24,申請,長男同席
小計（４月）,,2件,,,
３,R6.5.1,山田　花子,S12.3.4,説明,
小計（５月）,,1件,,,
４,R6.6.1,佐々木　トメ,S8.1.2,見守り,
小計（６月）,,1件,,,
５,R6.7.1,佐々木　トメ,S8.1.2,見守り,
小計（７月）,,1件,,,
合計,,5件,,,
X
brought sums.csv
like "$SAID" '5 records, 0 rejected' "a sum of each month is no record"
is "$(held sums.csv | grep -c '"entity": "person"')" 3 "nobody is called 2件, and who comes twice is one person"
like "$(held sums.csv)" '"consult_detail": "申請 備考：長男同席"' "a remark goes with the text that it stands behind"
unlike "$(held sums.csv)" 'household_member' "and makes nobody a member of a household"

# cells that are two things, things that are two cells, days in several ways
printf '利用者ID\t氏名（ふりがな）\t電話1\t電話2\t登録日\n00012\t山田 花子（やまだ はなこ）様\t0467\t82-1111\t20240401\n00013\t髙橋 一郎(たかはし いちろう)様\t090\t1234-5678\t20240402\n00014\t林 実\t\t\t20240402\n' |
	iconv -f UTF-8 -t UTF-16 >"$SCRATCH/halves.txt"
brought halves.txt
is "$(held halves.txt)" '{"entity": "person", "key": "00012", "client_no": "00012", "name": "山田 花子", "name_kana": "ヤマダ ハナコ", "phone": "0467821111"}
{"entity": "person", "key": "00013", "client_no": "00013", "name": "髙橋 一郎", "name_kana": "タカハシ イチロウ", "phone": "09012345678"}
{"entity": "person", "key": "00014", "client_no": "00014", "name": "林 実"}' "a reading in brackets, a number in two columns, a day of entry that is no record"
printf '宛名番号,氏名,生年月日,備考\n0001,山田花子,S12.3.4,鍵あり\n0002,髙橋一郎,S10.12.24,\n' >"$SCRATCH/remark.csv"
brought remark.csv
like "$(held remark.csv)" '"memo": "鍵あり"' "a remark in a list of people is about the person"
unlike "$(held remark.csv)" 'household_member' "and makes nobody a member of a household"
printf 'ケース番号;世帯主氏名;氏名;続柄;生年月日;同居別居\nC001;山田太郎;山田太郎;本人;S30.1.1;同\nC001;山田太郎;山田花子;妻;S32.2.2;同\nC001;山田太郎;山田次郎;長男;S55.3.3;別\nC002;林実;林花;妻;S50.1.1;同\n' >"$SCRATCH/family.csv"
brought family.csv
like "$(held family.csv)" '"entity": "case", "key": "C001", "case_no": "C001", "person": "person/山田太郎-1955-01-01"' "a list of families: the case is of 本人, not of the last member"
is "$(held family.csv | grep -c '"entity": "household_member".*"case": "case/C001"')" 3 "and all of them belong to it"
like "$(held family.csv)" '"entity": "case", "key": "C002"}' "where nobody is called 本人, nobody is taken for it"
is "$(held family.csv | grep -o '"living": "[a-z]*"' | sort | uniq -c | tr -s ' ' | paste -sd,)" ' 1 "living": "apart", 3 "living": "together"' "同 and 別"
printf '受付日,来談者氏名,本人との続柄,来談者電話,氏名,生年月日,住所,相談内容\nR6.4.1,山田 良子,長女,090-1111-2222,山田 花子,S12.3.4,茅ヶ崎市1,物忘れ\nR6.4.3,林 太郎,民生委員,090-1111-3333,佐々木 トメ,S8.1.2,茅ヶ崎市2,見守り\n' >"$SCRATCH/came.csv"
brought came.csv
like "$(held came.csv)" '"visitor_relation_text": "民生委員"' "what who came is to the client"
unlike "$(held came.csv)" 'household_member' "is no relation in the client's household"

# forms with the visitor and the client under headings of their own; logs with a sheet a person or a day
python3 - "$SCRATCH" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import book
to = sys.argv[1] + '/'
under = [['相談受付票'], [], ['受付日', '令和6年4月1日', None, '受付者', '佐藤'],
         ['【来談者】'], ['氏名', '山田 良子', None, '本人との続柄', '長女'], ['電話番号', '090-1111-2222', None, '住所', '茅ヶ崎市中海岸1-1'],
         ['【相談対象者】'], ['氏名', '山田 花子', None, 'ふりがな', 'やまだ はなこ'], ['生年月日', 'S12.3.4', None, '性別', '女'],
         ['住所', '茅ヶ崎市茅ヶ崎1-2-3', None, '電話番号', '0467-82-1111'], ['■相談内容'], ['物忘れがひどい']]
book(to + 'under.xlsx', sheets=[('1', under)])
beside = [['相談受付票'], ['受付日', '令和6年4月1日'], ['来談者', '氏名', '山田 良子', '続柄', '長女'], [None, '電話', '090-1111-2222'],
          ['本人', '氏名', '山田 花子', '生年月日', 'S12.3.4'], [None, '住所', '茅ヶ崎市茅ヶ崎1-2-3', '電話', '0467-82-1111'], ['相談内容', '物忘れがひどい']]
book(to + 'beside.xlsx', sheets=[('1', beside)])
head = ['日付', '方法', '支援内容', '担当']
one, two = ['R6.4.1', '電話', '体調確認', '佐藤'], ['R6.4.2', '訪問', '服薬', '佐藤']
book(to + 'people.xlsx', sheets=[('山田花子', [head, one, two]), ('高橋　一郎', [head, one])])
whose = ['利用者番号', '利用者氏名', '相談内容', '担当']
book(to + 'days.xlsx', sheets=[('R6.4.1', [whose, ['001', '山田花子', '体調確認', '佐藤']]), ('R6.4.2', [whose, ['001', '山田花子', '服薬', '佐藤'], ['002', '高橋一郎', '訪問', '佐藤']])])
book(to + 'areas.xlsx', sheets=[('北部地区', [head, one]), ('南部地区', [head, two])])
PY
for form in under beside; do
	brought $form.xlsx
	like "$(held $form.xlsx)" '"entity": "person".*"name": "山田 花子".*"birth_date": "1937-03-04", "address": "茅ヶ崎市茅ヶ崎1-2-3".*"phone": "0467821111"' "$form: the client's own"
	like "$(held $form.xlsx)" '"visitor_name": "山田 良子".*"visitor_phone": "09011112222".*"visitor_relation_text": "長女"' "$form: who came"
done
brought people.xlsx
like "$SAID" 'names of the sheets' "says what it takes the sheets for"
is "$(held people.xlsx | sed -n 's/.*"person": "\([^"]*\)".*/\1/p' | sort | paste -sd' ')" "person/山田花子 person/山田花子 person/高橋一郎" "a sheet a person: the same line on two sheets is two entries"
brought days.xlsx
is "$(held days.xlsx | sed -n 's/.*"activity_on": "\([^"]*\)".*/\1/p' | sort | paste -sd' ')" "2024-04-01 2024-04-02 2024-04-02" "a sheet a day: its name is the day of each entry"
brought areas.xlsx
like "$SAID" "each will be nobody's" "sheets of districts are nobody, and it says so"

# what one thing is told by stands in several columns; marks are no texts; a second name is a relative's
printf '年,月,日,利用者番号,年齢,方法,内容\n令和6,4,1,001,87歳,電話,体調\n令和6,4,2,002,88歳,訪問,服薬\n2024,4,9,001,87歳,電話,体調\n' >"$SCRATCH/ymd.csv"
brought ymd.csv
is "$(held ymd.csv | sed -n 's/.*"activity_on": "\([^"]*\)".*/\1/p' | sort | paste -sd' ')" "2024-04-01 2024-04-02 2024-04-09" "a date in three columns"
unlike "$(held ymd.csv)" 'household_member' "an age makes nobody a member of a household"
printf '利用者番号,氏名,電話番号,,,住所,健康\n001,山田花子,0467,82,1111,茅ヶ崎市1,○\n002,髙橋一郎,090,1234,5678,茅ヶ崎市2,\n003,林実,0467,82,1113,茅ヶ崎市3,○\n' >"$SCRATCH/three.csv"
brought three.csv
is "$(held three.csv | sed -n 's/.*"phone": "\([^"]*\)".*/\1/p' | sort | paste -sd' ')" "0467821111 0467821113 09012345678" "a number in three columns with one name"
unlike "$(held three.csv)" '○' "a mark is no text about somebody's health"
printf '利用者番号,氏名,電話,続柄,氏名,電話\n001,山田花子,0467-82-1111,長女,山田良子,090-1111-2222\n002,髙橋一郎,0467-82-1112,長男,髙橋次郎,090-1111-3333\n' >"$SCRATCH/relative.csv"
brought relative.csv
like "$(held relative.csv)" '"entity": "relationship", "record": "001", "person": "person/001", "other_name": "山田良子", "other_phone": "09011112222", "relation": "長女"' "a second name beside 続柄 is a relative's"
unlike "$(held relative.csv)" 'household_member' "and the client is nobody's daughter"
printf '日付,利用者番号,方法,内容\nR6.4.1,001,電話,あ\n,,電話,う\nR6.4.2,002,訪問,え\nR6.4.3,001,訪問,お\n' >"$SCRATCH/blank.csv"
exits 0 "a log with empty cells" guess blank.csv
like "$ERR" '1 entries do not say whose they are' "says so"

# other files
printf '00012ﾔﾏﾀﾞ ﾊﾅｺ     19370304\r\n00013ﾀｶﾊｼ ｲﾁﾛｳ    19351224\r\n' | iconv -f UTF-8 -t CP932 >"$SCRATCH/fixed.dat.csv"
exits 4 "lines of one length" guess fixed.dat.csv
like "$ERR" 'plugin = "fixed"' "its first line is no header, and what it is instead is said"
python3 - "$SCRATCH/host.dat" <<'PY'
import sys
def wide(s, n): return (s + '　' * n)[:n].encode('cp932')
rows = [b'H20250401' + b' ' * 61] + [b'%010d%-9s' % (i, b'50%d' % i) + wide('花島　幸治', 20) + b'3520817' + b'1' + b' ' * 3 for i in range(5)] + [b'T%06d' % 5 + b' ' * 63]
open(sys.argv[1], 'wb').write(b''.join(r + b'\r\n' for r in rows))
PY
exits 4 "lines of one length with a head and an end" guess host.dat
like "$ERR" 'fixed-width.*70 bytes' "are no list of names"

# what is rejected in the trial has a place
{
	echo '記録番号,利用者番号,支援日,方法,内容'
	for i in $(seq 1 2999); do echo "$i,$((i % 9)),R7.4.$((i % 28 + 1)),電話,連絡 $i"; done
	echo "3000,1,R7.2.30,電話,連絡 3000"
} >"$SCRATCH/foot.csv"
exits 0 "a file with a bad day" guess foot.csv
like "$ERR" 'the first of them is line 3001 \(bad-date\)' "the first reject of the trial is named"

# rich text: tags are no words
printf '記録番号,利用者番号,支援日,方法,内容\n1,001,R7.4.1,電話,<div>佐<b>藤</b>さん</div>\n2,002,R7.4.2,電話,<div>不在<br /></div>\n' >"$SCRATCH/tags.csv"
guess tags.csv
like "$(cat "$SCRATCH/tags.csv.cfg")" 'body += "内容 \| untag"' "HTML in a text is taken as the text that is seen"

# records have numbers, and one was given twice: the number is the key all the same, else what is corrected comes twice
python3 - "$SCRATCH/twice.csv" <<'PY'
import sys
rows = ['記録番号,利用者番号,氏名,支援日,方法,内容'] + ['%04d,%03d,甲野　%s,R7.4.%d,電話,%d回目の連絡' % (i, i % 40, '花子' if i % 2 else '一郎', 1 + i % 28, i) for i in range(1, 301)]
rows.insert(200, '0077,037,甲野　花子,R7.4.22,電話,番号の重なった記録')
open(sys.argv[1], 'w', encoding='utf-8').write('\n'.join(rows) + '\n')
PY
exits 0 "a log with a number that came twice" guess twice.csv --out "$SCRATCH/twice.cfg"
like "$(cat "$SCRATCH/twice.cfg")" 'key = "記録番号 | width"' "is keyed by that number"
like "$ERR" '1 records have the number of another one' "and says how many will be rejected"
exits 5 "its import" tsunagi import "$SCRATCH/twice.csv" --mapping "$SCRATCH/twice.cfg" --store "sqlite:$SCRATCH/twice.db" --quiet
like "$OUT" 'key-repeated' "refuses the second one"
sed 's/120回目の連絡/120回目の連絡 追記/' "$SCRATCH/twice.csv" >"$SCRATCH/twice2.csv"
tsunagi import "$SCRATCH/twice2.csv" --mapping "$SCRATCH/twice.cfg" --store "sqlite:$SCRATCH/twice.db" --quiet >"$SCRATCH/twice.txt" 2>/dev/null
is "$(awk '$1 == "activity" || /支援経過/ { print $3 "/" $4 }' "$SCRATCH/twice.txt")" "0/1" "and a correction changes its record"
unlike "$ERR$OUT" 'ﾔﾏﾀﾞ' "without the name in it"
printf '{"相談":[{"受付番号":"R6-1","受付日":"2024-04-01","対象者":{"氏名":"山田花子"},"経過":[{"日付":"2024-04-01","内容":"電話"}]},{"受付番号":"R6-2","受付日":"2024-04-03","対象者":{"氏名":"髙橋一郎"},"経過":[]}]}' >"$SCRATCH/inside.json"
exits 0 "a table in each record" guess inside.json
is "$(field 経過)" "" "is no text of an entry"
printf '<?xml version="1.0"?>\n<相談一覧><相談 受付番号="R6-1"><受付日>令和6年4月1日</受付日><氏名>山田花子</氏名><内容>物忘れ</内容></相談><相談 受付番号="R6-2"><受付日>令和6年4月3日</受付日><氏名>髙橋一郎</氏名><内容>申請</内容></相談></相談一覧>\n' >"$SCRATCH/asked.xml"
exits 0 "XML" guess asked.xml
like "$(cat "$SCRATCH/asked.xml.cfg")" 'consult_detail   = "内容"' "a text beside the day somebody came is what was asked"

printf 'No,相談日,氏名,所要時間,内容\n1,R6.4.1,甲野花子,30分,あ\n2,6.4.2,乙山一郎,1時間15分,い\n3,20240403,丙川次郎,0:20,う\n4,45386,甲野花子,45,え\n5,令和6年４月5日,甲野花子,2時間,お\n' >"$SCRATCH/days.csv"
brought days.csv
is "$(held days.csv | sed -n 's/.*"activity_on": "\([^"]*\)".*"duration_min": \([0-9]*\).*/\1 \2/p' | sort | paste -sd,)" \
	"2024-04-01 30,2024-04-02 75,2024-04-03 20,2024-04-04 45,2024-04-05 120" "days and times in whatever way"

exits 2 "a mapping is not overwritten" tsunagi guess "$SCRATCH/odd.csv" --out "$SCRATCH/odd.csv.cfg"
exits 0 "page" tsunagi guess "$SCRATCH/people.tsv" --html "$SCRATCH/p.html"
unlike "$(cat "$SCRATCH/p.html")" '<script|https?://' "page needs nothing from outside"
unlike "$(cat "$SCRATCH/p.html")" '山田|123456789018' "page shows no value"
# only the cells speak
for i in 1 2 3 4 5; do
	echo "00012$i,試験 花$i,シケン ハナ$i,S3$i.$i.1$i,女,高松市番町$i-2-3,2026/01/1$i,家賃の滞納について相談があった。長女が同席した。"
done >"$SCRATCH/bare.csv"
exits 0 "people without a header" guess bare.csv
is "$(jq -r .field <<<"$OUT" | tr '\n' ' ')" "person.client_no person.name person.name_kana person.birth_date person.sex person.address activity.activity_on activity.body " \
	"are told from things, and what was written on a day from both"
bare() { # LINE...: the fields of a file without a header
	printf '%s\n' "$@" >"$SCRATCH/cells.csv"
	guess cells.csv >"$SCRATCH/cells.jsonl" 2>/dev/null && OUT=$(sed -n 's/.*"no":\([0-9]*\),.*"field":"\([^"]\+\)".*/\1 \2/p' "$SCRATCH/cells.jsonl")
}
bare '架空　花子,架空,花子,かくう,はなこ,㈱架空薬局,かくうやっきょく,営業課,253-0001,茅ヶ崎市香川1-1-1,0467-82-3111,0467-82-3112,主任,090-1111-2221,a@example.jp' \
	'見本　次郎,見本,次郎,みほん,じろう,見本病院,みほんびょういん,,253-0002,茅ヶ崎市本村1-1-2,0467-82-3121,,室長,090-1111-2222,b@example.jp' \
	'試験　一,試験,一,しけん,はじめ,試験保護観察所,しけんほごかんさつしょ,総務課,253-0003,茅ヶ崎市赤羽根1-1-3,0467-82-3131,0467-82-3132,,,c@example.jp'
is "$OUT" "6 agency.agency_name
7 agency.agency_kana
9 agency.postal_code
10 agency.address
11 agency.phone
12 agency.fax" "an address book without a header: the agencies, not the people at them"
bare '架空　花子,カクウ ハナコ,253-0001,茅ヶ崎市香川1-1-1,0467-82-3111,090-1111-2221,a@example.jp' \
	'見本　次郎,ミホン ジロウ,253-0002,茅ヶ崎市本村1-1-2,,090-1111-2222,' '試験　一,シケン ハジメ,253-0003,茅ヶ崎市赤羽根1-1-3,0467-82-3113,,c@example.jp' \
	'試験　二,シケン ツギ,253-0003,茅ヶ崎市赤羽根1-1-4,0467-82-3114,090-1111-2224,c@example.jp'
is "$OUT" "1 person.name
2 person.name_kana
3 person.postal_code
4 person.address
5 person.phone
6 person.phone_mobile
7 person.email" "names of people with their readings and numbers are people"
bare 'みどり園,ミドリエン,試験　一,253-0001,茅ヶ崎市香川1-1-1,0467-82-3111,a@example.jp' 'さくら荘デイサービスセンター,サクラソウ,試験　二,253-0002,茅ヶ崎市本村1-1-2,0467-82-3121,b@example.jp' \
	'あおぞら作業所,アオゾラサギョウショ,試験　三,253-0003,茅ヶ崎市赤羽根1-1-3,0467-82-3131,c@example.jp'
is "$OUT" "1 resource.resource_name
2 resource.resource_kana
4 resource.postal_code
5 resource.address
6 resource.phone
7 resource.email" "facilities with their managers are facilities"
for i in 1 2 3 4 5; do echo "さくら園$i,POINT(134.04$i 34.34$i),087-111-220$i"; done | sed '1i施設名,座標,電話' >"$SCRATCH/place.csv"
exits 0 "latitude and longitude in one cell" guess place.csv
like "$(tsunagi preview "$SCRATCH/place.csv" --mapping "$SCRATCH/place.csv.cfg")" 'latitude +34[.]341.*longitude +134[.]041' "become two fields"
came() { # HEADER: who came, and whom it is about
	printf '%s\r\n' "$1" '1,R8.4.3,佐々木　恵,横浜市西区中央1-2-3,03-1234-5678,佐々木　トメ,川崎市幸区南幸町2-3-4,S12.5.6,物忘れ' \
		'2,R8.4.5,本田　一,横浜市西区中央2-2-3,03-1234-5679,高田　一郎,川崎市幸区南幸町1-3-4,昭和30年1月2日,家賃' >"$SCRATCH/came.csv"
	OUT=$(guess came.csv 2>/dev/null)
}
for own in 本人氏名,本人住所 氏名,住所 利用者氏名,利用者住所; do
	came "No,受付日,相談者氏名,相談者住所,相談者電話,$own,生年月日,主訴"
	is "$(field 相談者氏名) $(field "${own%,*}") $(field "${own#*,}") $(field 相談者電話)" \
		"intake.visitor_name person.name person.address intake.visitor_phone" "who came is not the client: $own"
	like "$(grep '"相談者住所"' <<<"$OUT")" 'of who came' "nor is the address"
done
like "$(cat "$SCRATCH/came.csv.cfg")" 'key += "No [+] .-. [+] 利用者氏名' "the client names the record"
came 'No,受付日,相談者氏名,住所,電話,町名,番地,生年月日,主訴'
is "$(field 相談者氏名)" person.name "where nobody else is named it is"
# days without a year: that of the title or of the file's name, if it can be that; a day is never invented
noyear() { # NAME TITLE DAY...: the days as they are stored
	local name=$1 title=$2
	shift 2
	{
		printf '%s月日,利用者番号,氏名,支援内容\r\n' "$title"
		printf '%s,0001,試験　花子,電話で相談\r\n' "$@"
	} >"$SCRATCH/$name.csv"
	guess "$name.csv" >"$SCRATCH/out" 2>"$SCRATCH/err"
	rm -f "$SCRATCH/y.db"
	tsunagi import "$SCRATCH/$name.csv" --mapping "$SCRATCH/$name.csv.cfg" --store "sqlite:$SCRATCH/y.db" --quiet >/dev/null 2>&1
	sqlite3 "$SCRATCH/y.db" "SELECT group_concat(activity_on, ' ') FROM (SELECT activity_on FROM cc_activity ORDER BY id)"
}
fiscal=(4月3日 12月1日 1月9日 2/28)
is "$(noyear log $'令和８年度　支援記録,,,\r\n' "${fiscal[@]}")" "2026-04-03 2026-12-01 2027-01-09 2027-02-28" "a fiscal year in the title"
like "$(cat "$SCRATCH/err")" 'fiscal year 2026' "it is said"
is "$(noyear R8年度_支援記録 '' "${fiscal[@]}")" "2026-04-03 2026-12-01 2027-01-09 2027-02-28" "or in the name of the file"
is "$(noyear log_2027年度 '' 4/3 2/29 5/1)" "2027-04-03 2028-02-29 2027-05-01" "with the day that only one of the two has"
is "$(noyear 支援記録_2026年 '' 1月9日 4月3日 12月1日)" "2026-01-09 2026-04-03 2026-12-01" "a year from January to December"
is "$(noyear log202602 '' 2月3日 2月8日 2月9日)" "" "what is no word of its own is no year"
is "$(noyear log_202602 '' 2月3日 2月8日 2月9日)" "2026-02-03 2026-02-08 2026-02-09" "a month"
for name in log log_2026年 log_20260401; do
	is "$(noyear $name '' "${fiscal[@]}")" "" "$name: no day is invented over New Year"
	like "$(cat "$SCRATCH/err")" 'column 月日 has days without a year and is left out' "but said"
	like "$(cat "$SCRATCH/$name.csv.cfg")" '月日  .*if\(月日 \| date\(year = 20' "with what to write"
done
is "$(noyear log_2026 '' 1月9日 2月3日 3月1日)" "" "nor where January may be of the fiscal year"
printf '令和８年度,,,\r\n受付日,氏名,生年月日,相談内容\r\n4月3日,試験　花子,3月3日,一\r\n4月4日,試験　一郎,5月5日,二\r\n4月5日,試験　二郎,6月6日,三\r\n' >"$SCRATCH/birthday.csv"
guess birthday.csv >/dev/null 2>&1
unlike "$(cat "$SCRATCH/birthday.csv.cfg")" 'birth_date +=' "nobody is born in the year of the title"
# whose log it is stands above it
printf '利用者：試験　花子,,,\r\n,,,\r\n日付,方法,内容,担当\r\n2026/4/3,電話,一,髙木\r\n2026/4/6,訪問,二,髙木\r\n2026/5/1,来所,三,髙木\r\n' >"$SCRATCH/above.csv"
guess above.csv >/dev/null 2>"$SCRATCH/err"
like "$(cat "$SCRATCH/err")" 'stands above the table, where CSV is not read: save the file as .xlsx' "CSV does not read it, and says so"

is "$(noyear log_2026.4.30 '' 6月3日 9月1日)" "" "the day of printing is not the year of the entries"
is "$(noyear log $'（令和8年4月1日現在）,,,\r\n' 6月3日 9月1日)" "" "nor is it in the title"
is "$(noyear log $'令和8年4月分,,,\r\n' 4月3日 5月1日)" "" "nor is a month that of others"
printf '令和8年4月　相談日誌,,,\r\n日,時間,方法,内容\r\n1,9:00,電話,一\r\n3,10:00,来所,二\r\n8,9:30,訪問,三\r\n' >"$SCRATCH/diary.csv"
guess diary.csv >/dev/null 2>"$SCRATCH/err"
like "$(tsunagi preview "$SCRATCH/diary.csv" --mapping "$SCRATCH/diary.csv.cfg" --rows 3 2>&1)" 'activity_on +2026-04-03' "a day of the month in the title"
sed 1d "$SCRATCH/diary.csv" >"$SCRATCH/nodiary.csv"
guess nodiary.csv >/dev/null 2>"$SCRATCH/err"
like "$(cat "$SCRATCH/err")" 'no column says on which day' "without a month it is said that there is none"

# the end of a header says what a thing is, its beginning of whom
for other in 民生委員電話 勤務先電話 長男電話番号 家主電話 加害者電話 紹介者電話 第２連絡先; do
	printf '利用者番号,氏名,%s\n0001,試験　花,0467-82-1111\n0002,試験　空,090-1111-2222\n0003,見本　海,0467-82-1113\n' "$other" >"$SCRATCH/other.csv"
	guess other.csv >/dev/null 2>&1
	unlike "$(cat "$SCRATCH/other.csv.cfg")" 'phone +=' "$other is not the client's"
done
printf '園児氏名,園児生年月日,園児住所,担任氏名,担任住所\n試験　空,R2.3.4,茅ヶ崎市本村1-1,髙木　花,茅ヶ崎市香川1-1\n見本　陸,R2.5.4,茅ヶ崎市本村1-2,髙木　花,茅ヶ崎市香川1-1\n例示　星,R2.6.4,茅ヶ崎市本村1-3,髙木　花,茅ヶ崎市香川1-1\n' >"$SCRATCH/kids.csv"
OUT=$(guess kids.csv 2>/dev/null)
is "$(field 園児氏名) $(field 園児生年月日) $(field 園児住所)" "person.name person.birth_date person.address" "but of children it is, where nobody else is named"
unlike "$(cat "$SCRATCH/kids.csv.cfg")" '担任[^(]*\| (name|width)|= "担任' "and not their teacher's"
printf '利用者番号,氏名,緊急連絡先１氏名,緊急連絡先１続柄,緊急連絡先１電話,緊急連絡先②電話\n0001,試験　花,試験　空,長男,090-1111-2222,080-1111-2222\n0002,見本　海,見本　陸,妻,090-1111-2223,\n0003,例示　月,例示　星,甥,090-1111-2224,\n' >"$SCRATCH/kin.csv"
OUT=$(guess kin.csv 2>/dev/null)
is "$(field 緊急連絡先１氏名) $(field 緊急連絡先１続柄) $(field 緊急連絡先１電話)" "relationship.other_name relationship.relation relationship.other_phone" "numbered contacts"
unlike "$(cat "$SCRATCH/kin.csv.cfg")" ' phone +=' "none of them is the client's"

# several entries of a case that names its client only
printf 'ケース番号,利用者,相談日,相談方法,相談内容,支援内容\nC-1,試験　花,2026-04-03,電話,家計,助言\nC-1,試験　花,2026-04-09,来所,家計,家計表\nC-2,見本　海,2026-04-10,訪問,介護,調整\n' >"$SCRATCH/cases.csv"
guess cases.csv >/dev/null 2>&1
tsunagi import "$SCRATCH/cases.csv" --mapping "$SCRATCH/cases.csv.cfg" --store "sqlite:$SCRATCH/cases.db" --quiet >/dev/null 2>&1
is "$(sqlite3 "$SCRATCH/cases.db" "SELECT (SELECT count(*) FROM cc_person), (SELECT count(*) FROM cc_case), (SELECT count(*) FROM cc_activity WHERE activity_on IS NULL)")" "2|2|0" \
	"two clients, two cases, and no entry that says nothing but a name"
# the last of many days is no entry of a log
printf '利用者番号,氏名,生年月日,最終訪問日\n0001,試験　花,S33.4.5,R8.3.1\n0002,見本　海,S34.4.5,R8.2.1\n0003,例示　月,S35.4.5,R8.1.9\n' >"$SCRATCH/last.csv"
OUT=$(guess last.csv 2>/dev/null)
like "$OUT" '"最終訪問日".*nothing else speaks of such a record' "a day alone, of which the end of the header says what it is"
printf '利用者番号,氏名,visit,支援方法,所要時間\n11,試験　花,2026-04-03,電話,15\n12,見本　海,2026-04-04,訪問,45\n11,試験　花,2026-04-08,来所,30\n' >"$SCRATCH/at.csv"
guess at.csv >/dev/null 2>"$SCRATCH/err"
like "$(cat "$SCRATCH/err")" 'no column says on which day' "entries whose day nothing names"
# a client has more than one plan
printf '利用者番号,利用者名,計画番号,作成日,長期目標\n0001,試験　花,1,R8.4.1,就職\n0002,見本　海,1,R8.4.2,家計\n0003,例示　月,2,R8.4.3,外出\n' >"$SCRATCH/plans.csv"
guess plans.csv >/dev/null 2>"$SCRATCH/err"
unlike "$(cat "$SCRATCH/err")" 'key of a record: 利用者番号 [|]' "so the client alone names none"

: >"$SCRATCH/empty.csv"
exits 4 "empty file" tsunagi guess "$SCRATCH/empty.csv"
like "$ERR" 'empty' "says it is empty"
printf 'PK\003\004xxxx' >"$SCRATCH/book.xlsx"
printf '氏名,住所,生年月日\n' >"$SCRATCH/head.csv"
exits 4 "a header alone" tsunagi guess "$SCRATCH/head.csv"
like "$ERR" 'no record below it' "is told from a table that means nothing"
exits 4 "a workbook" tsunagi guess "$SCRATCH/book.xlsx"
like "$ERR" 'bad-archive' "is read as one, and this one is cut off"
exits 7 "missing file" tsunagi guess "$SCRATCH/none.csv"
exits 2 "no file" tsunagi guess
# --- people under display restriction ---
restrictions() { # HEADER: two rows of numbers, classes, days
	printf '%s\n0000012345,見本　花子,ＤＶ,R6.4.1,R7.3.31\n0000012399,見本　次郎,ストーカー,R6.5.10,\n' "$1"
}
for head in 宛名番号,氏名,措置区分,開始日,終了日 宛名番号,対象者,支援措置の種別,支援措置決定日,有効期限 \
	宛名番号,申出者氏名,閲覧制限事由,制限開始年月日,制限終了年月日; do
	restrictions "$head" >"$SCRATCH/restricted.csv"
	rm -f "$SCRATCH/restricted.cfg" "$SCRATCH/restricted.db"
	exits 0 "a short list of restrictions: $head" tsunagi guess "$SCRATCH/restricted.csv" --out "$SCRATCH/restricted.cfg"
	like "$(cat "$SCRATCH/restricted.cfg")" "mode   = \"lookup\".*protection_state = \"'protected'\"" "is one"
	is "$(grep -oE '^[a-z_]+: ' "$SCRATCH/restricted.cfg" | tr -d '\n')" "mapping: person: protection: " "and makes no cases of it"
	printf '相談番号,氏名,宛名番号\n1,見本　花子,0000012345\n2,架空　太郎,0000099999\n' >"$SCRATCH/clients.csv"
	rm -f "$SCRATCH/clients.cfg"
	tsunagi guess "$SCRATCH/clients.csv" --out "$SCRATCH/clients.cfg" --name registry >/dev/null 2>&1
	exits 0 "clients" tsunagi import "$SCRATCH/clients.csv" --mapping "$SCRATCH/clients.cfg" --store "sqlite:$SCRATCH/restricted.db" --quiet
	exits 0 "the list" tsunagi import "$SCRATCH/restricted.csv" --mapping "$SCRATCH/restricted.cfg" --store "sqlite:$SCRATCH/restricted.db" --quiet
	is "$(sqlite3 "$SCRATCH/restricted.db" "SELECT atena_no, protection_state, protect_from, protect_to FROM cc_protection")" \
		'0000012345|protected|2024-04-01|2025-03-31' "restricts the client who is on it, and keeps nobody else"
done
# one without its number waits for somebody, until the list is read again
sed '$s/.*/,見本　次郎,ストーカー,R6.5.10,/' "$SCRATCH/restricted.csv" >"$SCRATCH/nobody.csv"
exits 5 "a line without a number" tsunagi import "$SCRATCH/nobody.csv" --mapping "$SCRATCH/restricted.cfg" --store "sqlite:$SCRATCH/restricted.db" --quiet
like "$(tsunagi status --store "sqlite:$SCRATCH/restricted.db")" 'open rejects: 1, of run' "waits for somebody"
exits 0 "the list again" tsunagi import "$SCRATCH/restricted.csv" --mapping "$SCRATCH/restricted.cfg" --store "sqlite:$SCRATCH/restricted.db" --quiet
OUT=$(tsunagi status --store "sqlite:$SCRATCH/restricted.db")
unlike "$OUT" 'open rejects' "with it nothing waits any more"
is "$(tsunagi status --store "sqlite:$SCRATCH/restricted.db" --format jsonl | jq -r 'select(.mapping | startswith("restricted")) | .open')" 0 "nor is anything counted"
restrictions 支援措置対象者番号,氏名,支援措置の種別,支援措置開始日,終了日 >"$SCRATCH/nonumber.csv"
exits 4 "without the number of the registry" tsunagi guess "$SCRATCH/nonumber.csv" --out "$SCRATCH/nonumber.cfg"
like "$ERR" 'restricted-without-number.*宛名番号' "it asks for it"
printf '相談番号,氏名,支援措置,相談内容\n1,見本　花子,有,家賃の相談\n2,架空　太郎,無,仕事の相談\n' >"$SCRATCH/marked.csv"
exits 0 "a ledger that marks it" tsunagi guess "$SCRATCH/marked.csv" --out "$SCRATCH/marked.cfg"
unlike "$(cat "$SCRATCH/marked.cfg")" 'lookup' "is no such list"

# on a terminal of 80 columns no line is longer; what has too many columns has a line for each cell
tty() { script -qec "stty cols 80; TSUNAGI_LANG=ja $1" /dev/null 2>/dev/null | tr -d '\r'; }
wide() { python3 -c 'import sys, unicodedata
for l in sys.stdin:
    if sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in l.rstrip("\n")) > 80: print(l)'; }
if command -v script >/dev/null; then
	printf '利用者番号,利用者氏名,フリガナ,生年月日,支援内容の記録\n1,架空 花子,カクウ ハナコ,S24.5.6,訪問\n2,試験 二郎,シケン ジロウ,S31.2.3,電話\n' >"$SCRATCH/tty.csv"
	out=$(tty "tsunagi guess '$SCRATCH/tty.csv' 2>/dev/null")
	like "$out" 'person.birth_date' "names that are copied are not broken"
	is "$(wide <<<"$out")" "" "the columns fit"
	tsunagi guess "$SCRATCH/tty.csv" --out "$SCRATCH/tty.cfg" >/dev/null 2>&1
	tsunagi import "$SCRATCH/tty.csv" --mapping "$SCRATCH/tty.cfg" --store "sqlite:$SCRATCH/tty.db" --quiet >/dev/null 2>&1
	out=$(tty "tsunagi runs --store 'sqlite:$SCRATCH/tty.db'")
	like "$out" '実行番号 +1' "a run is told line by line"
	is "$(wide <<<"$out")" "" "none too long"
else
	skip "a terminal" "no script(1) here"
fi
# Two products hand out export.csv: neither writes its records over those of the other.
mkdir -p "$SCRATCH/one" "$SCRATCH/two"
printf '利用者番号,氏名,生年月日,支援日,支援内容\n1,架空　一,S30.1.1,R6.4.1,電話\n2,架空　二,S31.1.1,R6.4.2,訪問\n' >"$SCRATCH/one/export.csv"
printf '利用者番号,氏名,生年月日,相談日,相談内容\n1,試験　三,S40.1.1,R6.4.1,家賃\n2,試験　四,S41.1.1,R6.4.2,食料\n' >"$SCRATCH/two/export.csv"
for d in one two; do
	guess "$d/export.csv" >/dev/null 2>&1
	tsunagi import "$SCRATCH/$d/export.csv" --mapping "$SCRATCH/$d/export.csv.cfg" --store "sqlite:$SCRATCH/exports.db" --quiet >/dev/null 2>&1
done
is "$(sqlite3 "$SCRATCH/exports.db" "SELECT group_concat(name) FROM (SELECT name FROM cc_person ORDER BY name)")" '架空　一,架空　二,試験　三,試験　四' "files of one name, two systems"

# Whose an entry is stands only in the first of several: said, with a birth date or without.
printf '番号,氏名,生年月日,支援日,内容\n1,架空　一,S40.1.1,R6.4.1,電話\n,,,R6.4.2,訪問\n2,架空　二,S41.1.1,R6.4.1,電話\n' >"$SCRATCH/below.csv"
exits 0 "entries below a name" guess below.csv
like "$ERR" '1 entries do not say whose' "are counted"
unlike "$ERR" 'by their names alone' "whoever has a name has a birth date, too"

# Days that say no year are left out; the entries are still those of one person.
printf '氏名,日付,方法,内容\n架空　一,R6.4.1,電話,近況\n架空　一,4/9,訪問,面談\n架空　一,4/12,訪問,面談\n' >"$SCRATCH/noday.csv"
exits 0 "days without a year" guess noday.csv
like "$(cat "$SCRATCH/noday.csv.cfg")" 'key = "氏名 [|] name' "one person all the same"

# ... and where nothing says when they were.
printf '氏名,方法,内容\n架空　一,電話,近況\n架空　一,訪問,面談\n架空　二,訪問,面談\n' >"$SCRATCH/never.csv"
exits 0 "no days at all" guess never.csv
like "$(cat "$SCRATCH/never.csv.cfg")" 'key = "氏名 [|] name' "one person all the same"

# A text of a megabyte is no name of a column.
python3 -c 'print("番号,氏名,支援日,内容\n1,架空　一,R6.4.1,\"" + "長い記録。" * 100000 + "\"\n2,架空　二,R6.4.2,短い")' >"$SCRATCH/long.csv"
exits 0 "a long text" timeout 30 env tsunagi guess "$SCRATCH/long.csv"

# Whatever the source refuses is told in its words.
printf '番号,氏名\n1,架空　一\n' | iconv -f UTF-8 -t UTF-32LE >"$SCRATCH/wide.csv"
exits 4 "UTF-32" guess wide.csv
like "$ERR" '\[wrong-encoding\].*UTF-32' "is named"
printf '番号,氏名,支援日\n1,一戸　一,R6.4.1\n2,最上　退,R6.4.2\n' | iconv -f UTF-8 -t UTF-16LE >"$SCRATCH/half.csv"
exits 0 "UTF-16 without a mark, wide spaces" guess half.csv
like "$ERR" 'encoding utf-16le' "is known"
gzip -c "$SCRATCH/below.csv" >"$SCRATCH/below.csv.gz"
exits 4 "packed" guess below.csv.gz
like "$ERR" 'Unpack it first' "and what to do"
printf '<html><table><tr><td>番号</td></tr></table></html>' >"$SCRATCH/page.xls"
exits 4 "a page of the web under .xls" guess page.xls
like "$ERR" '\[html\].*HTML' "is named"

printf 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:架空さん宅を訪問\r\nDTSTART:20250401T100000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' >"$SCRATCH/plan.ics"
exits 4 "a calendar" guess plan.ics
like "$ERR" '\[not-csv\].*iCalendar' "is no talk of BEGIN and SUMMARY"

# Tables beside one another: a row would give one of the two numbers the name of the other.
printf '番号,氏名,生年月日,,番号,氏名,生年月日\n1,架空　一,S20.1.1,,3,架空　三,S23.1.1\n2,架空　二,S21.1.1,,4,架空　四,S24.1.1\n' >"$SCRATCH/beside.csv"
exits 4 "tables side by side" guess beside.csv
like "$ERR" '\[columns-again\].*1 to 3 come again from column 5' "refused, with the place"
# ... and below one another: the first one is read, and of the other it is said.
python3 - "$SCRATCH/under.xlsx" <<'PY'
import sys
sys.path.insert(0, "tests/lib")
from make_xlsx import book
book(sys.argv[1], sheets=[("S", [
    ["本人一覧"], ["番号", "氏名", "生年月日"], ["1", "架空　一", "S20.1.1"], ["2", "架空　二", "S21.1.1"], [],
    ["家族一覧"], ["本人番号", "家族氏名", "続柄", "生年月日"], ["1", "架空　花", "妻", "S22.1.1"], ["2", "架空　月", "長女", "S50.1.1"]])])
PY
exits 0 "tables below one another" guess under.xlsx
is "$(field 氏名)" person.name "the first one"
like "$ERR" 'another table begins below' "of the other it is said"
printf '番号,氏名,電話,氏名,電話,続柄\n1,架空　母子,0467-82-1111,架空　母,0467-82-1112,母\n2,架空　子,0467-82-1113,,,\n' >"$SCRATCH/kin.csv"
exits 0 "a relative behind the client" guess kin.csv
is "$(field 続柄)" relationship.relation "is a relative's"
# What stands behind a number is its unit only if it is no number itself.
printf '番号,氏名,支援日,所要,人数,内容\n1,架空　一,R6.4.1,45分,3人,電話\n2,架空　二,R6.4.2,1.5h,1～2人,訪問\n3,架空　三,R6.4.3,2h,4人,来所\n' >"$SCRATCH/hours.csv"
exits 0 "hours and minutes" guess hours.csv
tsunagi import "$SCRATCH/hours.csv" --mapping "$SCRATCH/hours.csv.cfg" --store "sqlite:$SCRATCH/hours.db" --quiet >/dev/null 2>&1
is "$(sqlite3 "$SCRATCH/hours.db" "SELECT group_concat(duration_min) FROM (SELECT duration_min FROM cc_activity ORDER BY activity_on)")" 45,90,120 "1.5h is an hour and a half"
unlike "$(cat "$SCRATCH/hours.csv.cfg")" "'～2人'" "a range has no unit"

# A date in four columns, by whatever is in front of them; where nothing is, nobody knows which.
for d in 生年月日_ ''; do
	printf "利用者ID,氏名,${d}元号,${d}年,${d}月,${d}日\n1,架空　一,昭和,25,4,1\n2,架空　二,平成,元,1,8\n" >"$SCRATCH/era.csv"
	exits 0 "元号 beside 年 ($d)" guess era.csv
	is "$(field "${d}日")" "${d:+person.birth_date}" "the day of birth, or nothing"
	is "$(trial)" "2 records, 0 rejected" "both eras"
done
printf '番号,氏名,個人情報同意有無,同意日\nC1,架空　一,有,R6.4.1\nC2,架空　二,無,\nC3,架空　三,有,R6.4.2\n' >"$SCRATCH/agreed.csv"
exits 0 "有無 behind a word" guess agreed.csv
is "$(field 個人情報同意有無)" intake.consent_given "says whether"

# A form is no list: the names of its fields are no people, and the value beside the first one is no name of a column.
printf '氏名,架空　太郎\n生年月日,昭和40年1月1日\n住所,横浜市中区本町9-9\n電話番号,045-900-0001\n相談内容,家賃の滞納\n' >"$SCRATCH/upright.csv"
exits 4 "names of fields below one another" guess upright.csv
like "$ERR" '\[labels\].*column 1' "refused"
unlike "$OUT$ERR" '架空' "without a value"
python3 - "$SCRATCH/people.docx" <<'PY'
import sys
sys.path.insert(0, "tests/lib")
from make_xlsx import document
document(sys.argv[1], ["記録1", [["氏名", "架空　一", "生年月日", "昭和40年1月1日"], ["支援内容", "電話"]],
    "記録2", [["氏名", "架空　二", "生年月日", "昭和41年1月1日"], ["支援内容", "訪問"]]])
PY
exits 0 "a table for each person in one document" guess people.docx
is "$(trial)" "2 records, 0 rejected" "each of them is read"
is "$(field 氏名) $(field 生年月日)" "person.name person.birth_date" "by their labels"
python3 - "$SCRATCH/logs.docx" <<'PY'
import sys
sys.path.insert(0, "tests/lib")
from make_xlsx import document
log = [["年月日", "方法", "内容"], ["R7.5.1", "電話", "長女より電話。"], ["R7.5.8", "訪問", "自宅を訪問。"]]
document(sys.argv[1], ["利用者名：架空　一", log, "利用者名：架空　二", log])
PY
exits 0 "a log for each person in one document" guess logs.docx
is "$(trial)" "4 records, 0 rejected" "is no form"
tsunagi import "$SCRATCH/logs.docx" --mapping "$SCRATCH/logs.docx.cfg" --store "sqlite:$SCRATCH/logs.db" --quiet >/dev/null 2>&1
is "$(sqlite3 "$SCRATCH/logs.db" "SELECT group_concat(n) FROM (SELECT name || count(*) AS n FROM cc_activity a JOIN cc_person p ON p.id = a.person_id GROUP BY p.id ORDER BY p.id)")" "架空　一2,架空　二2" "each entry is that of its person"

python3 - "$SCRATCH/both.docx" <<'PY'
import sys
sys.path.insert(0, "tests/lib")
from make_xlsx import document
log = [["年月日", "方法", "内容"], ["R7.5.1", "電話", "長女より電話。"], ["R7.5.8", "訪問", "自宅を訪問。"]]
document(sys.argv[1], [x for n in "一二三" for x in ([["氏名", "架空　" + n, "性別", "女"], ["生年月日", "昭和20年3月1日", "電話番号", "0467-82-1111"]], "", log, "")])
PY
exits 0 "a face and a log for each person" guess both.docx
is "$(trial)" "6 records, 0 rejected" "the logs are read"
is "$(field 内容) $(field 氏名)" "activity.body person.name" "with whose they are"

python3 - "$SCRATCH/headed.docx" <<'PY'
import sys
sys.path.insert(0, "tests/lib")
from make_xlsx import document
document(sys.argv[1], [x for i, n in enumerate("一二") for x in ("%d．架空　%s" % (i + 1, n), [["生年月日", "昭和20年3月1日"], ["住所", "本町1-1"], ["電話番号", "0467-82-1111"], ["相談内容", "家賃の滞納。"]], "")])
PY
exits 0 "names in headings" guess headed.docx
like "$ERR" 'neither name nor number' "are not read, which is said"

# A table on its side has a person in each column: its first line is no header, and all of it is no form.
python3 - "$SCRATCH" <<'PY'
import sys
sys.path.insert(0, "tests/lib")
from make_xlsx import book
rows = [["フリガナ", "カクウ イチ", "カクウ フタ", "カクウ ミツ"], ["生年月日", "S20.1.1", "S21.2.2", "S22.3.3"],
        ["性別", "男", "女", "女"], ["電話番号", "0467-82-1111", "0467-82-1112", None], ["担当者", "見本", "見本", "見本"]]
names = ["架空　一", "架空　二", "架空　三"]
for i, head in enumerate([["項目"], ["氏名"], [None]]):
    book(f"{sys.argv[1]}/turned{i}.xlsx", sheets=[("S", [head + names] + rows)])
    with open(f"{sys.argv[1]}/turned{i}.csv", "w") as f:
        f.writelines(",".join(c or "" for c in r) + "\n" for r in [head + names] + rows)
PY
for i in turned0.csv turned1.csv turned2.csv turned0.xlsx turned1.xlsx turned2.xlsx; do
	exits 4 "people in columns ($i)" guess $i
	like "$ERR" '\[across\].*Transpose' "refused, with what to do"
	unlike "$OUT$ERR" '架空' "without a value"
done
printf '変更日,項目,氏名,変更前,変更後\nR7.4.1,住所,架空　一,本町1-1,本町2-2\nR7.4.2,電話番号,架空　二,0467-82-1111,0467-82-1112\nR7.4.3,生年月日,架空　三,S20.1.1,S20.1.2\n' >"$SCRATCH/changes.csv"
exits 0 "a log of changes has names of fields in its cells, too" guess changes.csv

# An extract of the registry without its states: the whole town must not come in as people of ours.
printf '宛名番号,世帯番号,氏名,生年月日,続柄,住所\n0000000001,00000001,架空　一,S20.1.1,世帯主,本町1-1\n0000000002,00000001,架空　二,S21.1.1,妻,本町1-1\n' >"$SCRATCH/extract.csv"
exits 0 "an extract of the registry" guess extract.csv
like "$ERR" 'taken for a registry' "is said to be one"
tsunagi guess "$SCRATCH/extract.csv" --html "$SCRATCH/extract.html" >/dev/null 2>&1
like "$(cat "$SCRATCH/extract.html")" '<li>it is taken for a registry' "on the page, too"
like "$(cat "$SCRATCH/extract.csv.cfg")" 'mode   = "lookup"' "and looked up"
sed '1s/住所/相談内容/' "$SCRATCH/extract.csv" >"$SCRATCH/ours.csv"
exits 0 "with what somebody asked" guess ours.csv
like "$(cat "$SCRATCH/ours.csv.cfg")" 'mode   = "delta";  # .*write full' "it is a list of ours, and how it could be all of them is said"

# 記録日 is the day of the entry where there is no other; a stamp of a machine is not.
printf '利用者番号,氏名,記録日時,記録者,記録内容\n1,架空　一,2025/04/01 10:30,見本,電話\n1,架空　一,2025/04/02 11:00,見本,訪問\n2,架空　二,2025/04/02 13:00,見本,来所\n' >"$SCRATCH/written.csv"
exits 0 "a log with the day of the record" guess written.csv
is "$(field 記録日時)" activity.activity_on "is the day"
sed '1s/記録日時/登録日時/' "$SCRATCH/written.csv" >"$SCRATCH/stamped.csv"
exits 0 "a log with a stamp" guess stamped.csv
is "$(field 登録日時)" activity.recorded_on "is not"
like "$ERR" 'no column says on which day' "which is said"

# The same product with one column more, guessed anew: another system, and everybody twice. It is said.
printf '利用者番号,氏名,電話\n1,架空　一,0467-82-1111\n2,架空　二,0467-82-1112\n' >"$SCRATCH/before.csv"
printf '利用者番号,氏名,電話,備考\n1,架空　一,0467-82-1111,\n2,架空　二,0467-82-1112,鍵\n3,架空　三,0467-82-1113,\n' >"$SCRATCH/after.csv"
printf '利用者番号,氏名,電話,住所\n1,見本　一,0467-82-1114,本町1\n2,見本　二,0467-82-1115,本町2\n' >"$SCRATCH/others.csv"
system_of() { sed -n 's/^  system = "\([^"]*\)".*/\1/p' "$SCRATCH/$1.csv.cfg"; }
taken() { # NAME: its mapping, guessed if there is none, into one store
	[ -e "$SCRATCH/$1.csv.cfg" ] || tsunagi guess "$SCRATCH/$1.csv" --out "$SCRATCH/$1.csv.cfg" >/dev/null 2>&1
	tsunagi import "$SCRATCH/$1.csv" --mapping "$SCRATCH/$1.csv.cfg" --store "sqlite:$SCRATCH/product.db" --quiet
}
exits 0 "a list" taken before
exits 0 "of another product with the same numbers" taken others
unlike "$ERR" 'twice' "nobody is twice"
exits 0 "of the same product with another system" taken after
like "$ERR" "^2 people .*system \"$(system_of before)\".*tsunagi undo 3.*name = \"$(system_of before)\"" "is told, with what to do"
exits 0 "which is taken back" tsunagi undo 3 --store "sqlite:$SCRATCH/product.db"
sed -i "s/\"$(system_of after)\"/\"$(system_of before)\"/" "$SCRATCH/after.csv.cfg"
exits 0 "and with the same system and name" taken after
unlike "$ERR" 'twice' "all is well"
is "$(sqlite3 "$SCRATCH/product.db" "SELECT (SELECT count(*) FROM cc_person), count(*) FROM record WHERE state = 0")" "5|5" "everybody once"

# ... and guess says so before, when the mapping of before lies where the new one goes.
mkdir "$SCRATCH/site"
tsunagi guess "$SCRATCH/before.csv" --out "$SCRATCH/site/before.cfg" >/dev/null 2>&1
exits 0 "the same file again" tsunagi guess "$SCRATCH/before.csv" --out "$SCRATCH/site/again.cfg"
like "$ERR" "site/before.cfg reads this file: go on with it" "has its mapping"
rm "$SCRATCH/site/again.cfg"
exits 0 "with a column more" tsunagi guess "$SCRATCH/after.csv" --out "$SCRATCH/site/after.cfg"
like "$ERR" "site/before.cfg reads nearly these columns.*name = \"$(system_of before)\" and system" "what to write is said"
exits 0 "another file" tsunagi guess "$SCRATCH/written.csv" --out "$SCRATCH/site/written.cfg"
unlike "$ERR" 'reads' "is none of them"

# Numbers of a form, one of them in a circle: what is meant.
printf '番号,氏名,性別,受付日,相談内容\n1,架空　一,①男 2 女,R7.4.1,家賃\n2,架空　二,1 男 ②女,R7.4.2,介護\n3,架空　三,１．男　②女,R7.4.3,仕事\n' >"$SCRATCH/circled.csv"
exits 0 "circled choices" guess circled.csv
is "$(field 性別)" person.sex "are choices"
tsunagi import "$SCRATCH/circled.csv" --mapping "$SCRATCH/circled.csv.cfg" --store "sqlite:$SCRATCH/circled.db" --quiet >/dev/null 2>&1
is "$(sqlite3 "$SCRATCH/circled.db" "SELECT group_concat(sex) FROM (SELECT sex FROM cc_person ORDER BY id)")" 1,2,2 "and the one in the circle is meant"
tap_done
