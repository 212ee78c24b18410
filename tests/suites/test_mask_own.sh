#!/bin/bash
# Our own labelled sentences: recall and precision of every type have floors, so that neither is lost by chance; for
# all detectors together and for detect-pattern alone.
. tests/lib/tap.sh
gold=tests/suites/mask_own.jsonl score=tests/suites/mask_score.py

scored() { # NAME FLOORS
	exits 0 "$1: every sentence is answered" tsunagi mask "$gold"
	printf '%s\n' "$OUT" >"$SCRATCH/pred"
	is "$(wc -l <"$SCRATCH/pred")" "$(wc -l <"$gold")" "$1: one line for each"
	python3 $score "$gold" "$SCRATCH/pred" "$2" >"$SCRATCH/tap"
	while IFS= read -r line; do
		case $line in
		ok*) ok 0 "$1: ${line#*- }" ;;
		not*) ok 1 "$1: ${line#*- }" ;;
		*) echo "$line" ;;
		esac
	done <"$SCRATCH/tap"
}

scored "all detectors" tests/suites/mask_floors.tsv
sed 's/"entities":.*/"entities":[]}/' "$SCRATCH/pred" >"$SCRATCH/none"
exits 1 "what finds nothing is seen" python3 $score "$gold" "$SCRATCH/none" tests/suites/mask_floors.tsv
like "$OUT" 'PHONE \([0-9]+\): safe 0\.000' "and counted"
mkdir "$SCRATCH/plugins"
ln -s "$PWD/$BUILD/plugins/detect-pattern.so" "$SCRATCH/plugins/"
TSUNAGI_PLUGINS=$SCRATCH/plugins scored "patterns" tests/suites/mask_floors_pattern.tsv
tap_done
