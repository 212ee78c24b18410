#!/bin/bash
# A whole import, value by value against the truth: the shipped sample always, 20,000 generated rows with
# 2 % dirt when the generator is there (tests/bench/run.sh does the same with 1,000,000).
. tests/lib/tap.sh
import() { # FILE STORE
	tsunagi import "$1" --mapping legacy-care-record --store "sqlite:$2" --quiet \
		--report "$SCRATCH/report.txt" --rejects "$SCRATCH/rejects.csv"
}
truth() { python3 tests/bench/truth.py "$@"; }

exits 5 'the sample comes in, its broken rows do not' \
	import mappings/legacy-care-record/sample.csv "$SCRATCH/sample.db"
exits 0 'every value of the sample equals the truth' \
	truth "$SCRATCH/sample.db" tests/bench/sample.truth.jsonl
like "$OUT" 'all 33 fields of 4 clean rows' 'all 33 fields were compared'

# the comparison itself can fail
sed 's/"postal": "604-8571"/"postal": "604-8572"/' tests/bench/sample.truth.jsonl >"$SCRATCH/other.jsonl"
exits 1 'one different value is found' truth "$SCRATCH/sample.db" "$SCRATCH/other.jsonl"
like "$OUT" 'WRONG postal: 1 values, first in row 7' 'with its field and place'
sed 's/"bad_date"/""/' tests/bench/sample.truth.jsonl >"$SCRATCH/lost.jsonl"
exits 1 'a clean row that was rejected is found' truth "$SCRATCH/sample.db" "$SCRATCH/lost.jsonl"
sed '2s/"defect": ""/"defect": "bad_date"/' tests/bench/sample.truth.jsonl >"$SCRATCH/in.jsonl"
exits 1 'a defective row that came in is found' truth "$SCRATCH/sample.db" "$SCRATCH/in.jsonl"
unlike "$OUT" '山﨑' 'and no value is printed'

gen=${SHARED_DATA:+$SHARED_DATA/../bench/gen}
if [ -z "$gen" ] || ! [ -f "$gen/gencsv.c" ]; then
	skip 'generated rows' 'no generator beside SHARED_DATA'
	tap_done
	exit
fi
python3 "$gen/mktables.py" >"$SCRATCH/tables.h" &&
	cc -O2 -std=c11 -I"$SCRATCH" -o "$SCRATCH/gencsv" "$gen/gencsv.c" &&
	"$SCRATCH/gencsv" --rows 20000 --seed 42 --dirty 2 --out "$SCRATCH/dirty.csv" \
		--truth "$SCRATCH/dirty.jsonl" 2>/dev/null
ok $? 'rows are generated'
exits 5 '20,000 rows with 2 % dirt come in' import "$SCRATCH/dirty.csv" "$SCRATCH/dirty.db"
exits 0 'no clean row lost, no value wrong, no defective row in' \
	truth "$SCRATCH/dirty.db" "$SCRATCH/dirty.jsonl"
like "$OUT" 'all 33 fields of 19,629 clean rows' '19,629 clean rows were compared'
tap_done
