# Rejected records go to a file in the source's own form, are corrected there by hand or in a
# spreadsheet, and come back; nothing else of that file does.
. tests/lib/tap.sh
. tests/lib/store.sh

root=$PWD
cd "$SCRATCH" || exit 1
map=$OLDPWD/tests/flow/people/mapping.cfg
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url s)
sql() { store_sql s "$1"; }

printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' \
	'001,山田太郎,S45.3.1,03-1234-5678,㈱髙﨑' \
	'003,鈴木,H1.2.3,090-1234-5678' \
	'004,高橋,R1.5.32,0312345678,"改' '行, あり"' \
	'005,伊藤,H3.4.5,0312345678,ok' \
	'007,=cmd,H3.4.50,0312345678,0012' | iconv -f utf-8 -t cp932 >a.csv
printf '006,\x82\xff\xfe,H3.4.5,,x\r\n' >>a.csv

exits 5 "rejects under the limit" tsunagi import a.csv --mapping "$map" --quiet
like "$ERR" 'a.csv.rejects.csv' "the operator is told where they are"
is "$(stat -c %a a.csv.rejects.csv)" 600 "mode 0600"
utf8() { iconv -c -f cp932 -t utf-8 "$1"; }
is "$(utf8 a.csv.rejects.csv | head -n 1 | tr -d '\r')" '_id,_code,_reason,_place,番号,氏名,生年月日,電話,メモ' \
	"the source's header behind four columns"
is "$(utf8 a.csv.rejects.csv | grep -c '^r1_')" 4 "four records"
like "$(utf8 a.csv.rejects.csv)" ',wrong-columns,[^,]*.*,line 3,003,鈴木,H1.2.3,090-1234-5678,' "pieces of a short record as found"
like "$(utf8 a.csv.rejects.csv)" '\[82FFFE\]' "bytes that cannot be decoded are hex"
like "$(utf8 a.csv.rejects.csv)" "'=cmd" "a formula is neutralised"

exits 5 "an untouched file solves nothing" tsunagi reload a.csv.rejects.csv
like "$OUT" '0 corrected, 4 not yet corrected' "and says so"
is "$(sql 'SELECT count(*) FROM run')" 1 "and is no run"

# what Excel does on the way, and nothing else
utf8 a.csv.rejects.csv | sed 's/,0312345678,/,312345678,/; s/,003,/,3,/; s/,0012/,12/; s/H3\.4\.50/H3.4.50/' >excel.csv
exits 5 "lost zeros are no correction" tsunagi reload excel.csv
like "$OUT" '0 corrected, 4 not yet' "in UTF-8, too"

refused() { # NAME CODE SED
	utf8 a.csv.rejects.csv | sed "$3" >bad.csv
	exits 4 "$1" tsunagi reload bad.csv
	like "$ERR" "$2" "$1: code"
}
refused "another id" unknown-reject 's/^r1_1_..../r1_1_zzzz/'
refused "an id of nobody" unknown-reject 's/^r1_1_/x1_/'
refused "an id twice" reject-twice 's/^\(r1_1_.*\)$/\1\n\1/'
like "$ERR" 'holds several records' "and what to do when one reject was two records"
refused "a column taken out" reject-columns 's/,電話,/,/'
refused "columns exchanged" reject-columns '1s/氏名,生年月日/生年月日,氏名/'
TSUNAGI_LANG=ja refused "columns exchanged, in Japanese" reject-columns '1s/氏名,生年月日/生年月日,氏名/'
like "$ERR" '「氏名」ではありません' "names the one that was there"
refused "a column more" reject-columns '1s/メモ/メモ,備考/'
exits 4 "a file of another kind" tsunagi reload a.csv
like "$ERR" not-a-reject-file "is told"
is "$(sql 'SELECT count(*) FROM run')" 1 "nothing of all that was a run"

# one corrected in the source's encoding, one corrected wrongly, one with a character CP932 lacks
utf8 a.csv.rejects.csv | sed "s/R1\.5\.32/R1.5.31/; s/H3\.4\.50/H3.4.51/; s/,003,鈴木,\(.*5678\),/,003,𠮷木,\1,なし/" >a.fixed.csv
exits 5 "corrected ones are loaded" tsunagi reload a.fixed.csv --report r.txt
like "$OUT" '3 corrected, 1 not yet corrected' "counted"
like "$(cat r.txt)" 'bad-date +生年月日 +1 +[0-9]+ +1 +the month has no such day' "the count sheet says what a code means"
is "$(sql "SELECT name FROM cc_person WHERE key = '003'")" '𠮷木' "as typed"
is "$(sql "SELECT birth_date FROM cc_person WHERE key = '004'")" 2019-05-31 "as mapped"
is "$(sql "SELECT line FROM record WHERE key = '004'")" 4 "with its place in the first file"
is "$(sql "SELECT body FROM cc_activity WHERE record_id = (SELECT id FROM record WHERE key = '004')" | tr -d '\r' | tr '\n' '/')" \
	'改/行, あり/' "the untouched cell is the original"
is "$(sql "SELECT status FROM reject WHERE run_id = 1 ORDER BY id" | paste -sd,)" 1,1,3,0 "solved, solved, replaced, open"
is "$(sql "SELECT kind FROM run WHERE id = 2")" reload "a run of its own"
[ -e a.fixed.csv.rejects.csv ]; ok $? "what was rejected again has a file"

sed 's/H3\.4\.51/H3.4.5/' a.fixed.csv.rejects.csv >again.csv
exits 0 "a reload of a reload" tsunagi reload again.csv --quiet
is "$(sql "SELECT name || line FROM cc_person JOIN record ON record.id = record_id WHERE cc_person.key = '007'")" \
	'=cmd7' "the formula is the text it was; the place is the first one"
exits 5 "the first file again: three are in" tsunagi reload a.fixed.csv
like "$OUT" '0 corrected, 1 not yet corrected, 3 already' "counted"

utf8 a.csv.rejects.csv | sed 's/,bad-bytes,/,,/' >accept.csv
exits 5 "an emptied _code brings the record back as it is, to be refused again" tsunagi reload accept.csv
is "$(sql "SELECT count(*) FROM reject WHERE code = 'bad-bytes' AND status = 0")" 1 "one is open"
is "$(sql "SELECT $(store_hex raw) FROM reject WHERE code = 'bad-bytes' AND status = 0")" 3030362C82FFFE2C48332E342E352C2C78 \
	"with the bytes of the source"
exits 0 "the imported file is still known" tsunagi import a.csv --mapping "$map" --quiet
like "$OUT" 'nothing to do' "after reloads, too"
# rows of a table of kintone at one moment: what counts them apart stays with a reject
store_drop s
TSUNAGI_STORE=$(store_url rows)
rows() { # BIRTH_DATE of the second row
	printf '%s\n' 'レコードの開始行,レコード番号,利用者番号,氏名,フリガナ,生年月日,支援ニーズ,担当,更新日時,支援日時,方法,内容' \
		'*,1,0001,試験　花,シケン ハナ,1947-04-01,,s,2024/10/01 13:30,2024/10/01 8:30,電話,一' \
		",1,0001,試験　花,シケン ハナ,$1,,s,2024/10/01 13:30,2024/10/01 8:30,電話,二" \
		',1,0001,試験　花,シケン ハナ,1947-04-01,,s,2024/10/01 13:30,2024/10/01 8:30,電話,三'
}
kintone="$root/mappings/kintone/support-csv.cfg"
rows 1947-13-01 >rows.csv
exits 5 "a row of a table is rejected" tsunagi import rows.csv --mapping "$kintone" --quiet
is "$(store_sql rows 'SELECT body FROM cc_activity ORDER BY id' | tr -d '\n')" 一三 "those at the same moment are not"
sed -i 's/1947-13-01/1947-04-01/' rows.csv.rejects.csv
exits 0 "corrected it comes back" tsunagi reload rows.csv.rejects.csv
want='1-2024/10/01 8:30|一
1-2024/10/01 8:30-2|二
1-2024/10/01 8:30-3|三'
is "$(store_sql rows 'SELECT r.key, a.body FROM cc_activity a JOIN record r ON r.id = a.record_id ORDER BY r.key')" "$want" "by its own number, in nobody's place"
before=$(store_sql rows 'SELECT count(*) FROM history')
rows 1947-04-01 >rows.csv
exits 0 "the next export, corrected where it came from" tsunagi import rows.csv --mapping "$kintone" --quiet
is "$(store_sql rows 'SELECT r.key, a.body FROM cc_activity a JOIN record r ON r.id = a.record_id ORDER BY r.key')" "$want" "changes nothing"
is "$(store_sql rows 'SELECT count(*) FROM history')" "$before" "and writes nothing"


# a line that is broken and the next one, of another width: nobody can tell where the second one begins
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '101,山"田,S45.3.1,,x' '102,佐藤,S49.9.9,,y,z' '103,鈴木,H1.1.8,,z' | iconv -f utf-8 -t cp932 >two.csv
exits 5 "two lines in one reject" tsunagi import two.csv --mapping "$map" --quiet
like "$(utf8 two.csv.rejects.csv)" ',lines 2 to 3,' "has the place of both"
like "$(utf8 two.csv.rejects.csv)" '102.*佐藤' "and loses none"

# a mapping by a path that holds in the folder of the import alone
cp "$map" people.cfg
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '201,田辺,S45.13.1,,x' | iconv -f utf-8 -t cp932 >here.csv
exits 5 "an import by a relative path" tsunagi import here.csv --mapping people.cfg --quiet
mkdir -p elsewhere
sed 's/S45\.13\.1/S45.3.1/' here.csv.rejects.csv >elsewhere/here.csv
exits 2 "from another folder it is not found" env -C elsewhere TSUNAGI_STORE="$TSUNAGI_STORE" tsunagi reload here.csv
like "$ERR" 'say where it is now: --mapping PATH' "and the hint says what to say"

# what stays out without a reject is a finding: by its code, and in words
printf '番号,性別\n1,犬\n' >odd.csv
cat >odd.cfg <<'E'
mapping: { name = "odd"; system = "odd"; source: { plugin = "csv"; encoding = "utf-8"; }; header = ("番号", "性別"); key = "番号"; };
person: { key = "番号"; sex = { value = "性別 | code('sex')"; invalid = "null"; }; };
E
exits 0 "a value that is no code" tsunagi import odd.csv --mapping odd.cfg --quiet --report odd.txt
like "$(cat odd.txt)" '性別 +unknown-code +1 +2 +the code list has no such code' "the count sheet says what a finding means"

# taken back in the other order, what the corrected record speaks of would stay for good
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url back)
printf '番号,氏名,生年月日,日付,内容\n1,架空 花子,S45.3.1,R6.4.1,訪問\n1,架空 花子,S45.3.1,R6.4.32,電話\n2,試験 太郎,S46.3.1,R6.4.2,来所\n' >log.csv
cat >log.cfg <<'E'
mapping: { name = "log"; system = "log"; source: { plugin = "csv"; encoding = "utf-8"; };
  header = ("番号", "氏名", "生年月日", "日付", "内容"); key = "hash()"; };
person: { key = "番号"; shared = "last"; name = "氏名 | name"; birth_date = "生年月日 | date"; };
activity: { activity_on = { value = "日付 | date"; invalid = "reject"; required = true; }; body = "内容"; };
E
exits 5 "a log with one bad day" tsunagi import log.csv --mapping log.cfg --quiet
sed -i 's/R6\.4\.32/R6.4.30/' log.csv.rejects.csv
exits 0 "is corrected" tsunagi reload log.csv.rejects.csv --quiet
for dry in "" --dry-run; do
	exits 6 "the import is not taken back before the correction $dry" tsunagi undo 1 $dry
	like "$ERR" 'run 2 loaded corrected records of run 1' "and why is said"
	like "$ERR" 'Take run 2 back first' "and what to do"
done
exits 0 "the correction goes first" tsunagi undo 2
exits 0 "then the import" tsunagi undo 1
is "$(store_sql back "SELECT (SELECT count(*) FROM cc_person) || ' ' || (SELECT count(*) FROM cc_activity) || ' ' || (SELECT count(*) FROM record)")" \
	"0 0 0" "and nothing is left"
tap_done
