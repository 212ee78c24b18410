# 人事異動: an appointment of next month is not seen before its day, a list says what it would change before it
# is applied, and the open cases and tasks of who has left are listed for a successor.
. tests/lib/tap.sh
export TSUNAGI_STORE="sqlite:$SCRATCH/s.db" TSUNAGI_NOW=2026-03-20T10:00:00+09:00
rows() { tail -n +2 <<<"$OUT" | tr -d '"\r'; }
list() { # FILE ROWS...
	{
		echo '職員名簿　令和８年,,,,,,,,,,,,,,'
		echo '職員番号,氏名,フリガナ,所属コード,所属,係,職種,職名,資格,役割,発令日,退職日,内線・電話,メール,備考'
		printf '%s\n' "${@:2}"
	} | iconv -f UTF-8 -t CP932 >"$SCRATCH/$1"
}
yamazaki='001201,山﨑,ﾔﾏｻﾞｷ,K010,福祉課,多機関協働係,,主査,,,R4.4.1,,,,'
sato='002001,佐藤　みどり,ｻﾄｳ,,地域包括支援センター,,,主任,,,H31.4.1,,,,'
kawasaki='002002,川﨑　太郎,ｶﾜｻｷ,,社会福祉協議会,,,事務,,,R1.5.1,,,,'
list a.csv "$yamazaki" "$sato" "$kawasaki"
cp mappings/demo/legacy.csv "$SCRATCH/cases.csv"
tsunagi import "$SCRATCH/cases.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
exits 0 "what the first list brings" tsunagi staff diff "$SCRATCH/a.csv" --format csv
is "$(rows | grep -c '^comes')" 3 "everybody comes"
is "$(tsunagi staff --format csv | wc -l)" 1 "and nothing is written"
exits 0 "the list" tsunagi import "$SCRATCH/a.csv" --mapping staff --quiet
exits 0 "who is here" tsunagi staff --format csv
is "$(rows | cut -d, -f1,3 | tr '\n' ' ')" "001201,福祉課 002001,地域包括支援センター 002002,社会福祉協議会 " "all three"

# the list of April: one moves, one leaves, one comes, one is missing
list b.csv "$yamazaki" '1201,山﨑,ﾔﾏｻﾞｷ,K012,生活福祉課,保護係,,係長,,,R8.4.1,,,,' \
	'002002,川﨑　太郎,ｶﾜｻｷ,,社会福祉協議会,,,事務,,,R1.5.1,R8.3.31,,,' '003001,原田　進,ﾊﾗﾀﾞ,K010,福祉課,多機関協働係,,主事,,,R8.4.1,,,,'
exits 0 "what it changes" tsunagi staff diff "$SCRATCH/b.csv" --format csv
is "$(rows | sort | tr -s ' ')" "comes,003001,原田　進,2026-04-01,,福祉課 多機関協働係 主事
is not in the list,002001,佐藤　みどり,2019-04-01,地域包括支援センター 主任,
leaves,002002,川﨑　太郎,2026-03-31,社会福祉協議会 事務,
moves,001201,山﨑,2026-04-01,福祉課 多機関協働係 主査,生活福祉課 保護係 係長" "is shown before it is applied"
cat >"$SCRATCH/job.cfg" <<J
store = "$TSUNAGI_STORE";
jobs: { list: { kind = "intake"; mapping = "staff"; mode = "full"; source: { plugin = "csv"; path = "b.csv"; encoding = "cp932"; header = 2; }; }; };
J
exits 4 "a third of the people missing stops a full list" tsunagi run "$SCRATCH/job.cfg" list --quiet
list b.csv "$yamazaki" "$sato" '1201,山﨑,ﾔﾏｻﾞｷ,K012,生活福祉課,保護係,,係長,,,R8.4.1,,,,' \
	'002002,川﨑　太郎,ｶﾜｻｷ,,社会福祉協議会,,,事務,,,R1.5.1,R8.3.31,,,' '003001,原田　進,ﾊﾗﾀﾞ,K010,福祉課,多機関協働係,,主事,,,R8.4.1,,,,'
exits 0 "applied in March" tsunagi import "$SCRATCH/b.csv" --mapping staff --quiet
exits 0 "who is here" tsunagi staff --format csv
is "$(rows | cut -d, -f1,3,4 | tr '\n' ' ')" "001201,福祉課,多機関協働係 002001,地域包括支援センター, 002002,社会福祉協議会, " \
	"is as it was: April is not seen"
exits 0 "nobody has left" tsunagi staff handover --format csv
is "$(rows)" "" "nothing to hand over"
export TSUNAGI_NOW=2026-04-01T00:00:00+09:00
exits 0 "on the day" tsunagi staff --format csv
is "$(rows | cut -d, -f1,3,4 | tr '\n' ' ')" "001201,生活福祉課,保護係 002001,地域包括支援センター, 003001,福祉課,多機関協働係 " "it is"
export TSUNAGI_NOW=2026-07-01T00:00:00+09:00
sqlite3 "$SCRATCH/s.db" "UPDATE cc_case SET staff_name = '川﨑太郎' WHERE key = '2026-0000102'; UPDATE cc_case SET opened_on = '2026-03-01' WHERE key = '2026-0000101'"
exits 0 "whose cases" tsunagi staff handover --format csv
like "$(rows)" '001201,山﨑,works elsewhere,2026-04-01,2026-0000101,,' "who has moved, a case from before"
like "$(rows)" '002002,川﨑　太郎,has left,2026-03-31,2026-0000102,,' "who has left, written in another way"
like "$(rows)" '002002,[^,]*,has left,2026-03-31,2026-0000102,contact,20' "with the tasks that are open"
unlike "$(rows)" '002001|003001' "who is there has nothing to hand over"

# a list much shorter than the last one stops, until somebody says that it is right
list c.csv "$yamazaki" '1201,山﨑,ﾔﾏｻﾞｷ,K012,生活福祉課,保護係,,係長,,,R8.4.1,,,,'
exits 4 "half of them are missing" tsunagi import "$SCRATCH/c.csv" --mapping staff --quiet
like "$ERR" 'too-many-vanished.*--vanish-limit' "which is told, and what to do"
exits 0 "it is right" tsunagi import "$SCRATCH/c.csv" --mapping staff --quiet --vanish-limit 60
exits 0 "the list before it again" tsunagi import "$SCRATCH/b.csv" --mapping staff --quiet --vanish-limit 60

cp mappings/staff/agencies.sample.csv "$SCRATCH/ag.csv"
exits 0 "agencies with their contracts" tsunagi import "$SCRATCH/ag.csv" --mapping staff/agencies --quiet
sqlite3 "$SCRATCH/s.db" "UPDATE cc_case SET agency_id = NULL, agency_name = '社会福祉協議会' WHERE key = '2026-0000103'"
exits 0 "a contract that ran out" tsunagi staff handover --format csv
like "$(rows)" ',社会福祉協議会,the contract is over,2026-03-31,2026-0000103' "leaves its cases"
unlike "$(rows)" '地域包括支援センター,the contract' "one that was renewed does not"
tap_done
