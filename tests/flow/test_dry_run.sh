# The count sheet of a dry run is that of the run that follows, but for the number of the run and its times;
# and it writes nothing.
. tests/lib/tap.sh

lib=$PWD/tests/lib map=$PWD/tests/flow/people/mapping.cfg
cd "$SCRATCH" || exit 1
export TSUNAGI_STORE="sqlite:$SCRATCH/s.db"
plain() { # without number and times
	sed -E 's/^(run|実行) .*/RUN/; s/"(run|実行)",.*/RUN/; s/<tr><td>(run|実行)<.*/RUN/; /^"?(begun|ended)/d; /<td>(begun|ended)</d'
}
sum() { if [ -e s.db ]; then sqlite3 s.db .dump; else echo none; fi | sha256sum; }
both() { # NAME ARGUMENTS...: the dry run, then the run
	local name=$1 form rc before
	shift
	before=$(sum)
	for form in txt csv html; do
		tsunagi "$@" --quiet --dry-run --report dry.$form >/dev/null 2>err
		rc=$?
	done
	like "$rc" '^[045]$' "$name: came to its end"
	is "$(sum)" "$before" "$name: nothing written"
	exits $rc "$name: the exit code" tsunagi "$@" --quiet --report run.txt
	for form in txt csv html; do
		[ -s run.txt ] && tsunagi report --out run.$form
		is "$(plain <dry.$form)" "$(plain <run.$form)" "$name: $form"
	done
}
gen() { python3 "$lib/gen_legacy.py" "$1" 3; }

gen 300 >a.csv
both "first" import a.csv --mapping legacy-care-record
gen 320 | iconv -f cp932 -t utf-8 | sed 's/花子/華子/; 50,55d; 60{p}; 61{s/さくら/桜/p}' | iconv -f utf-8 -t cp932 >b.csv
like "$(cat dry.txt)" 'Rejects by reason' "with the rejects by reason"
both "changes, repeats, what has vanished" import b.csv --mapping legacy-care-record --full --set batch_rows=37
both "other chunks, several workers" import a.csv --mapping legacy-care-record --set batch_rows=11 --workers 3
both "over the limit" import b.csv --mapping legacy-care-record --reject-limit 3 --again
tsunagi undo "$(sqlite3 s.db 'SELECT max(id) FROM run')" >/dev/null
sed 's/name = "氏名"/name = "氏名 | trim"/' "$map" >other.cfg
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '1,山田,S45.3.1,,x' '2,佐藤,S49.9.99,,y' '3,鈴木,H1.1.8,03-1234-5678,z' | iconv -f utf-8 -t cp932 >c.csv
both "another feed" import c.csv --mapping "$map"
both "a changed mapping" import c.csv --mapping other.cfg
sed 's/S49.9.99/S49.9.9/' c.csv.rejects-*.csv >fixed.csv 2>/dev/null || sed 's/S49.9.99/S49.9.9/' c.csv.rejects.csv >fixed.csv
both "a reload" reload fixed.csv --changed-mapping

# an interrupted run: the dry run tells what the whole of it will be
gen 2000 >d.csv
export TSUNAGI_STORE="sqlite:$SCRATCH/i.db"
(TSUNAGI_CRASH=after-commit:2 tsunagi import d.csv --mapping legacy-care-record --quiet --set batch_rows=300) >/dev/null 2>&1
is "$(tsunagi runs --format csv | tail -1 | grep -c interrupted)" 1 "an interrupted run"
exits 5 "its dry run" tsunagi import d.csv --mapping legacy-care-record --quiet --dry-run --report dry.txt
exits 5 "goes on" tsunagi import d.csv --mapping legacy-care-record --quiet --report run.txt
is "$(plain <dry.txt)" "$(plain <run.txt)" "the sum is that of the dry run"
tap_done
