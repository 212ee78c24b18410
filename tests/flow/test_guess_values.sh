#!/bin/bash
# tsunagi guess on files whose columns tempt to a wrong value: what comes in is what stands there, or is left out and
# said. Files are made here.
. tests/lib/tap.sh

guess() { # FILE: mapping beside it, table in $OUT
	rm -f "$SCRATCH/$1.cfg"
	exits 0 "$1" tsunagi guess "$SCRATCH/$1" --format jsonl --out "$SCRATCH/$1.cfg"
	CFG=$(cat "$SCRATCH/$1.cfg")
}
field() { # COLUMN: the field that $OUT gives it
	sed -n "s/.*\"column\":\"$1\",\"field\":\"\([^\"]*\)\".*/\1/p" <<<"$OUT"
}
held() { # FILE SQL: of the store it is read into
	rm -f "$SCRATCH/$1.db"
	tsunagi import "$SCRATCH/$1" --mapping "$SCRATCH/$1.cfg" --store "sqlite:$SCRATCH/$1.db" --quiet >/dev/null 2>&1
	sqlite3 "$SCRATCH/$1.db" "$2" | tr '\n' ' '
}

# 1 is the mark of a choice, and no disability support level 1
printf 'レコード番号,氏名,支援区分[生活困窮],支援区分[障害],支援日,支援内容\n12,架空 花子,1,,2024-07-01,家計表を確認\n13,試験 太郎,,1,2024-07-02,手帳の申請\n14,例題 次郎,1,1,2024-07-03,電話\n' >"$SCRATCH/kintone.csv"
guess kintone.csv
is "$(field '支援区分\[障害\]')$(field '支援区分\[生活困窮\]')" "" "a column for each choice is none of the field that it ends with"
like "$OUT" '支援区分\[障害\][^}]*one choice of several' "and says what it is"

# the age of a relative; a count of visits; a name in two columns; the relation of whom to call
printf '児童番号,児童姓,児童名,児童セイ,児童メイ,家族1氏名,家族1年齢,訪問回数,受理年月日,主訴\n1001,架空,大翔,ｶｸｳ,ﾋﾛﾄ,架空 隆,41,2,20240731,登校しぶり\n1002,試験,陽菜,ｼｹﾝ,ﾋﾅ,試験 愛,29,1,20240801,養育困難\n1003,見本,蓮,ﾐﾎﾝ,ﾚﾝ,見本 彩,33,4,20240802,発達\n' >"$SCRATCH/kids.csv"
guess kids.csv
is "$(held kids.csv "SELECT name || '/' || name_kana FROM cc_person ORDER BY 1" | sed 's/　/_/g')" \
	"架空_大翔/カクウ_ヒロト 見本_蓮/ミホン_レン 試験_陽菜/シケン_ヒナ " "姓 and 名 are the whole name as well"
unlike "$CFG" '= "家族1年齢|= "訪問回数' "the father's age is not the child's, and how often is no round of a plan"
printf '対象者名,対象者生年月日,緊急連絡先,続柄,訪問日,訪問内容\n架空トメ,S12.3.4,〇九〇－一二三四－五六七八（長男）,長男,2024.7.31.,元気\n試験ウメ,S13.3.4,０４６７（８２）１１１５,長女,2024.8.1.,入院中\n例題マツ,S10.1.1,,,2024.8.2.,不在\n' >"$SCRATCH/visits.csv"
guess visits.csv
is "$(field 続柄)" relationship.relation "続柄 behind 緊急連絡先 is of whom to call"
is "$(held visits.csv "SELECT other_phone || '/' || relation FROM cc_relationship WHERE other_phone IS NOT NULL UNION ALL SELECT activity_on FROM cc_activity ORDER BY 1")" \
	"0467821115/長女 09012345678/長男 2024-07-31 2024-08-01 2024-08-02 " "a number in kanji, days with a point at their end"

# who came stands before whom it is about, with a telephone between
printf '受付番号,受付日,相談者氏名,続柄,電話,対象者氏名,住所,相談内容,終結\nA1,R6.8.1,試験 花,長女,0467-82-1111,試験 ウメ,茅ヶ崎市茅ヶ崎1-1-1,物忘れ,○\nA2,R6.8.2,仮名 実,民生委員,080-1111-2222,仮名 サチ,茅ヶ崎市茅ヶ崎1-1-2,ゴミ,\nA3,R6.8.5,例題 守,長男,0467-82-1113,例題 トメ,茅ヶ崎市茅ヶ崎1-1-3,退院,\n' >"$SCRATCH/desk.csv"
guess desk.csv
is "$(field 電話) $(field 続柄) $(field 住所)" "intake.visitor_phone intake.visitor_relation_text person.address" "is of who came"
unlike "$CFG" 'case_state +=' "○ under 終結 is no state that the list has"

# a log: the number of a client is that of the case, and what is said of the client with each entry comes in with none
printf '利用者番号,氏名,支援日,内容,緊急連絡先,緊急連絡先続柄,要介護度\n00012345,架空 花子,R6.7.1,訪問,090-1234-5678,長男,要介護1\n00012345,架空 花子,R6.7.8,電話,090-1234-5678,長男,要介護1\n00012346,試験 太郎,R6.7.9,来所,,,要支援2\n' >"$SCRATCH/log.csv"
guess log.csv
unlike "$CFG" '(relationship|certification): \{' "a relative and a certification are not made anew with each entry"
like "$OUT" '"緊急連絡先"[^}]*once more with each entry' "and it says so"
is "$(held log.csv "SELECT count(*) FROM cc_activity")" "3 " "the entries are all there"
exits 0 "looked at before" tsunagi preview "$SCRATCH/log.csv" --mapping "$SCRATCH/log.csv.cfg" --as masked
like "$OUT" 'case\.case_no +●' "a case's number that is the client's is shown masked"
unlike "$OUT" 12345 "and stands nowhere"

printf '利用者番号,氏名,支援日,内容,特記事項,メモ\n1001,架空 花子,R6.7.1,訪問,一,朝\n1001,架空 花子,R6.7.8,電話,二,昼\n1002,試験 太郎,R6.7.9,来所,三,夜\n' >"$SCRATCH/notes.csv"
guess notes.csv
is "$(held notes.csv "SELECT body FROM cc_activity ORDER BY 1" | tr -d ' ')" "来所備考：三備考：夜訪問備考：一備考：朝電話備考：二備考：昼" "what is noted with each entry stays with it"
printf '対象者名,訪問日,特記事項\n架空トメ,R6.7.1,元気\n架空トメ,R6.7.8,入院\n試験ウメ,R6.7.9,不在\n' >"$SCRATCH/only.csv"
guess only.csv
is "$(held only.csv "SELECT body FROM cc_activity UNION ALL SELECT count(*) || '' FROM cc_case ORDER BY 1")" "0 不在 元気 入院 " "also where it is all there is"

sed 's/相談者氏名,続柄/来所者,来所者続柄/' "$SCRATCH/desk.csv" >"$SCRATCH/came.csv"
guess came.csv
is "$(field 来所者続柄)" intake.visitor_relation_text "whatever who came is called"

# year, month and day in columns: who has no number is told apart by all of the date
printf '借受人氏名,生年月日_元号,生年月日_年,生年月日_月,生年月日_日,支援日,支援内容\n架空　次郎,昭和,40,1,2,R6.7.31,面談\n架空　次郎,昭和,41,1,2,R6.8.1,面談\n試験　文,平成,元,5,31,R6.8.1,電話\n' >"$SCRATCH/ymd.csv"
guess ymd.csv
is "$(held ymd.csv "SELECT birth_date FROM cc_person ORDER BY 1")" "1965-01-02 1966-01-02 1989-05-31 " "two of one name and one day of the month are two"

printf '氏名,更新日時,支援日,支援内容\n架空　次郎,2024/8/1 10:00,R6.7.31,面談\n架空　次郎,2024/8/2 10:00,R6.8.1,電話\n試験　文,2024/8/2 11:00,R6.8.1,電話\n' >"$SCRATCH/bynames.csv"
guess bynames.csv
is "$(held bynames.csv "SELECT count(*) FROM cc_case UNION ALL SELECT count(*) FROM cc_activity")" "2 3 " "and a case is a client's, not an entry's"

# what people filled in themselves; an office beside a client is no entry of a log
printf 'ID,お名前,ご住所,お電話番号,受付日,ご相談内容\n1,架空 花子,茅ヶ崎市茅ヶ崎1-1-1,090-1234-5678,R6.8.1,家賃が払えない\n2,試験 太郎,藤沢市鵠沼1-1,0466-11-2222,R6.8.2,仕事を探したい\n3,見本 彩,藤沢市辻堂2-2,0466-11-2223,R6.8.5,子どものこと\n' >"$SCRATCH/polite.csv"
guess polite.csv
is "$(field お名前) $(field ご住所) $(field お電話番号) $(field ご相談内容)" "person.name person.address person.phone intake.consult_detail" "ご住所 is an address"
printf '利用者番号,氏名,要介護度,居宅介護支援事業所\n0001,架空 花江,要介護2,ひだまり居宅\n0002,試作 一平,要支援1,相談室つばさ\n0003,例題 みつ,要介護1,ひだまり居宅\n' >"$SCRATCH/offices.csv"
guess offices.csv
unlike "$CFG" 'activity: \{' "the office of a care manager"

printf '日付,相手,続柄・関係,手段,内容,対応\n7/31(水),架空花江,本人,電話,膝が痛い。,受診を勧めた。\n8/1(木),試作一平の長男,長男,来所,退院後の相談,連絡\n' >"$SCRATCH/nobodys.csv"
guess nobodys.csv
like "$ERR" 'no column says whose the entries are' "a log of nobody known says so, also where its days have no year"
unlike "$CFG" 'relationship: \{' "and there are no relatives of nobody"

# the era as a number: of the registry if a year says so, else it is left out
era() { # NAME YEAR
	printf '利用者番号,氏名,元号,生年,生月,生日,支援日,支援内容\n0001,架空　花江,3,%s,3,4,R6.7.31,面談\n0002,試作　一平,2,15,12,25,R6.8.1,面談\n0003,例題　みつ,4,2,1,8,R6.8.2,電話\n' "$2" >"$SCRATCH/$1"
	guess "$1"
}
era era.csv 45
is "$(held era.csv "SELECT birth_date FROM cc_person ORDER BY 1")" "1926-12-25 1970-03-04 1990-01-08 " "the years tell what 3 is"
era either.csv 12
unlike "$CFG" 'birth_date' "where they do not, nobody is born on a guessed day"
like "$OUT" '生日[^}]*whose era is a number' "and it says why"

# a small file, and below it notes and a table of its own
{
	printf 'No.,受付日,方法,氏名,ふりがな,年齢,住所,内容,担当,終結\n'
	printf '1,R6.8.1,来所,試験　ウメ,しけん うめ,85,茅ヶ崎市茅ヶ崎1-1-1,物忘れ,佐藤,\n2,R6.8.2,電話,見本　太助,みほん たすけ,78,茅ヶ崎市茅ヶ崎1-1-2,退院,佐藤,\n3,R6.8.5,電話,例題　とめ,れいだい とめ,90,茅ヶ崎市茅ヶ崎1-1-3,大声,鈴木,\n'
	printf '※ 区分は複数選択可,,,,,,,,,\n担当別件数,,,,,,,,,\n佐藤,2,,,,,,,,\n鈴木,1,,,,,,,,\n'
} >"$SCRATCH/tail.csv"
guess tail.csv
like "$ERR" 'left out: 4 lines' "what stands below a note is no record"
is "$(held tail.csv "SELECT name FROM cc_person ORDER BY 1" | sed 's/　/_/g')" "例題_とめ 見本_太助 試験_ウメ " "佐藤 who received them is nobody's client"

# ="2024/7/31", and one day of three without a year
printf '宛名番号\t氏名\t生年月日\t相談日\t相談内容\n00123456789\t架空次郎\t="S40/1/2"\t="2024/7/31"\t家計\n00123456790\t見本三枝\t="H3/12/9"\t="2024/8/1"\t健康\n00123456791\t例題守\t="S55/3/4"\t8月2日\t債務\n' >"$SCRATCH/text.tsv"
guess text.tsv
is "$(held text.tsv "SELECT birth_date FROM cc_person UNION ALL SELECT received_on FROM cc_intake ORDER BY 1")" \
	" 1965-01-02 1980-03-04 1991-12-09 2024-07-31 2024-08-01 " "days kept as text are days; the one without a year stays empty"

# a document: boxes above, below them what was said
python3 - "$SCRATCH/interview.docx" <<'PY'
import sys
sys.path.insert(0, 'tests/lib')
from make_xlsx import document
document(sys.argv[1], ['面談記録', [['面談日', '令和６年７月３１日（水）13:30～14:20', '場所', '本人宅'],
    ['利用者氏名', '架空　花江', '生年月日', '昭和12年3月4日'], ['住所', '茅ヶ崎市茅ヶ崎1-1-1', '電話', '0467-82-1111'],
    ['同席者', '長男', '記録者', '見本　良子']], '＜本人の訴え＞', '膝が痛くて買い物に行けない。', '＜支援内容＞', '配食サービスを案内した。', '8月中に再訪問する。'])
PY
guess interview.docx
is "$(held interview.docx "SELECT activity_on || ' ' || recorded_by || ' ' || (body LIKE '%膝が痛くて買い物に行けない。%再訪問する。%') FROM cc_activity")" \
	"2024-07-31 見本　良子 1 " "all of it is kept, with the day and who wrote it"
is "$(held interview.docx "SELECT phone FROM cc_person")" "0467821111 " "and what stands in the boxes"

# a transcript named by its day is nobody's number 20240731
printf '話者1: 今日はありがとうございます。\n話者2: よろしくお願いします。\n' >"$SCRATCH/20240731_面談.txt"
printf '話者1: お元気でしたか。\n話者2: はい、何とか。\n' >"$SCRATCH/0001_20240731_面談.txt"
for f in 20240731_面談 0001_20240731_面談; do
	exits 0 "$f" tsunagi import "$SCRATCH/$f.txt" --mapping voice/text --store "sqlite:$SCRATCH/voice.db" --quiet
done
is "$(sqlite3 "$SCRATCH/voice.db" "SELECT client_no FROM cc_person")" 0001 "a number is one with a day behind it"

# what is no table says what it is
printf 'From: a@example.jp\nTo: b@example.jp\nSubject: =?UTF-8?B?55u46KuH?=\nDate: Wed, 31 Jul 2024 14:00:00 +0900\n\n相談です。電話は 0467-82-1111, です。\n' >"$SCRATCH/mail.eml"
exits 4 "a mail" tsunagi guess "$SCRATCH/mail.eml"
like "$ERR" 'error\[mail\]' "is told to be one"
cp "$SCRATCH/mail.eml" "$SCRATCH/mail.txt"
exits 4 "under any name" tsunagi guess "$SCRATCH/mail.txt"
printf '[Script Info]\nTitle: 面談\n\n[Events]\nFormat: Layer, Start, End, Name, Text\nDialogue: 0,0:00:01.00,0:00:03.00,話者1,こんにちは。\n' >"$SCRATCH/talk.ass"
exits 4 "subtitles of another kind" tsunagi guess "$SCRATCH/talk.ass"
like "$ERR" '\.srt or \.vtt' "with what to do"
printf '{\\rtf1 text}' >"$SCRATCH/text.rtf"
exits 4 "rich text" tsunagi guess "$SCRATCH/text.rtf"
like "$ERR" 'but RTF' "is not called JSON"
printf '0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n0 @N1@ NOTE memo\n0 TRLR\n' >"$SCRATCH/nobody.ged"
exits 4 "a family tree without people" tsunagi guess "$SCRATCH/nobody.ged"
like "$ERR" 'no-records.*holds no record' "says so"
unlike "$ERR$OUT" '0467' "and no value is shown"
tap_done
