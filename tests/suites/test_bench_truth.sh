#!/bin/bash
# The mapping legacy-care-record over generated records with 2 % dirt: every defect refused with its
# reason, no clean record lost, every clean value equal to the truth. The generator is not part of the
# repository (SHARED_DATA/../bench); without it the test is skipped. ROWS=1000000 for the long form.
. tests/lib/tap.sh
gen=${SHARED_DATA:+$SHARED_DATA/../bench/gen}
rows=${ROWS:-20000}
if [ -z "$gen" ] || [ ! -f "$gen/gencsv.c" ]; then
	skip "truth of the bench generator" "no generator beside SHARED_DATA"
	tap_done
	exit
fi
map=$BUILD/tests/hub/intake/test_mappings
cfg=mappings/legacy-care-record/mapping.cfg
python3 "$gen/mktables.py" >"$SCRATCH/tables.h" &&
	cc -O2 -std=c11 -I"$SCRATCH" -o "$SCRATCH/gencsv" "$gen/gencsv.c" 2>/dev/null
ok $? "generator builds"
for seed in 42 7; do
	"$SCRATCH/gencsv" --rows "$rows" --seed $seed --dirty 2 --out "$SCRATCH/d.csv" --truth "$SCRATCH/d.jsonl" 2>/dev/null
	"$map" dump $cfg "$SCRATCH/d.csv" >"$SCRATCH/rows.jsonl" 2>"$SCRATCH/findings.json"
	ok $? "seed $seed: $rows records go through the mapping" "$(tail -n 3 "$SCRATCH/findings.json")"
	out=$(python3 tests/suites/bench_truth.py "$SCRATCH/d.jsonl" "$SCRATCH/rows.jsonl")
	ok $? "seed $seed: defects refused, clean values equal to the truth" "$out"
	is "$(grep '^clean records lost' <<<"$out")" "clean records lost: 0 []" "seed $seed: no clean record lost"
	is "$(grep '^defects accepted' <<<"$out")" "defects accepted: []" "seed $seed: no defect accepted"
done
tap_done
