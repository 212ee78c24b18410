# What the store says about its runs: lists for people and programs, the count sheet as often as asked.
. tests/lib/tap.sh
. tests/lib/store.sh

cd "$SCRATCH" || exit 1
map=$OLDPWD/tests/flow/people/mapping.cfg
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url s)
head='番号,氏名,生年月日,電話,メモ'
printf '%s\r\n' "$head" '001,山田,S45.3.1,03-1234-5678,x' '002,佐藤,S99.9.99,,y' | iconv -f utf-8 -t cp932 >a.csv

exits 7 "a store that is not there" tsunagi runs
exits 2 "a report of no known form" tsunagi import a.csv --mapping "$map" --quiet --report sheet.pdf
is "$(store_sql s 'SELECT count(*) FROM run')" 0 "is refused before the run"
exits 5 "first" tsunagi import a.csv --mapping "$map" --quiet
first=$OUT
exits 0 "the count sheet again" tsunagi report 1
is "$OUT" "$first" "is the same"
exits 0 "without a number" tsunagi report
is "$OUT" "$first" "the last one"
tsunagi report 1 --out first.html
exits 0 "the same command, as if the first had been killed before it wrote" tsunagi import a.csv --mapping "$map" --quiet --report again.html
like "$OUT" 'nothing to do.*tsunagi report 1' "says where the counts are"
same_file again.html first.html "and writes the sheet it was asked for"
exits 2 "no such run" tsunagi report 99
like "$ERR" no-such-run "says so"
exits 2 "no number" tsunagi report abc
exits 0 "as CSV" tsunagi report 1 --as csv
like "$OUT" '"run","1"' "for a spreadsheet"
exits 0 "as a page" tsunagi report 1 --out r.html --rejects r.csv
like "$(cat r.html)" '<table' "by the ending of its name"
unlike "$(cat r.html)" '(src|href)=' "nothing from outside"
is "$(stat -c %a r.html)" 600 "mode 0600"
same_file r.csv a.csv.rejects.csv "rejects are written again"
exits 7 "a place that cannot be written" tsunagi report 1 --out /dev/null/x.html

exits 0 "runs" tsunagi runs
like "$OUT" 'import +people +a.csv +done' "one line"
exits 0 "runs for programs" tsunagi runs --format jsonl
is "$(python3 -c 'import json,sys; r = json.loads(sys.stdin.readline()); print(r["run"], r["state"], r["read"], r["rejected"], r["open"])' <<<"$OUT")" \
	"1 done 2 1 1" "numbers are numbers"
ja=$(TSUNAGI_LANG=ja tsunagi runs --format jsonl)
is "$ja" "$OUT" "and do not change with the language"
like "$(TSUNAGI_LANG=ja tsunagi runs)" '完了' "words for people do"
exits 0 "runs of another mapping" tsunagi runs --mapping other --format csv
is "$(wc -l <<<"$OUT")" 1 "none"
exits 2 "another form" tsunagi runs --format xml

exits 0 "status" tsunagi status
like "$OUT" 'open rejects: 1, of run 1' "what waits"
sed 's/S99\.9\.99/S49.9.9/' a.csv.rejects.csv >fixed.csv
exits 0 "after a reload" tsunagi reload fixed.csv --quiet
exits 0 "status" tsunagi status
like "$OUT" 'Nothing waits' "nothing waits"

sql() { store_sql s "$1"; }
exits 0 "a dry undo" tsunagi undo 2 --dry-run
like "$OUT" 'would remove 1 records' "says what would go"
is "$(sql 'SELECT count(*) FROM run')" 2 "and is no run"
exits 0 "undo of the reload" tsunagi undo 2
is "$(sql 'SELECT count(*) FROM cc_person')" 1 "its person is gone"
exits 0 "status" tsunagi status
like "$OUT" 'open rejects: 1, of run 1' "its reject waits again"
exits 0 "the same reject file once more" tsunagi reload fixed.csv --quiet
is "$(sql 'SELECT count(*) FROM cc_person')" 2 "brings it back"
exits 0 "an undo twice" tsunagi undo 2
like "$OUT" 'taken back already \(by run 3\)' "is no work, and says so"
is "$(sql 'SELECT count(*) FROM run')" 4 "and no run"
exits 0 "undo of that reload" tsunagi undo 4
exits 0 "undo of the import" tsunagi undo 1
exits 4 "rejects of a run that was taken back" tsunagi reload fixed.csv
like "$ERR" 'taken back' "are refused"
# the name of a file, or of who acts, is nobody's way to the screen of another: no line of its own, nothing that steers it
TSUNAGI_STORE=$(store_url steer)
bad=$'x\e[2J\n  9  import \u202egnorw.csv'
cp a.csv "$bad"
TSUNAGI_ACTOR=$'carl\n  2  boss' tsunagi import "$bad" --mapping "$map" --quiet >/dev/null 2>&1
for list in runs "audit list" "report 1" status; do
	exits 0 "$list" tsunagi $list
	unlike "$OUT" $'[\e\u202e]' "shows no sign that steers"
	unlike "$OUT" $'\n  9  import|\n  2  boss' "and no line of the name's own"
done
exits 7 "a file that is not there" tsunagi import $'/nowhere/\e[2Jx' --mapping "$map"
unlike "$ERR" $'\e' "is told of without them, too"
is "$(tsunagi runs --format jsonl | jq -r .input)" "$bad" "for programs it is as it is"
tap_done
