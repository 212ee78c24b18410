#!/bin/bash
# Our own labelled sentences: recall and precision of every type have floors, so that neither is lost by chance.
. tests/lib/tap.sh
gold=tests/suites/mask_own.jsonl score=tests/suites/mask_score.py floors=tests/suites/mask_floors.tsv
exits 0 "every sentence is answered" tsunagi mask "$gold"
printf '%s\n' "$OUT" >"$SCRATCH/pred"
is "$(wc -l <"$SCRATCH/pred")" "$(wc -l <"$gold")" "one line for each"
python3 $score "$gold" "$SCRATCH/pred" $floors >"$SCRATCH/tap"
while IFS= read -r line; do
	case $line in
	ok*) ok 0 "${line#*- }" ;;
	not*) ok 1 "${line#*- }" ;;
	*) echo "$line" ;;
	esac
done <"$SCRATCH/tap"
sed 's/"entities":.*/"entities":[]}/' "$SCRATCH/pred" >"$SCRATCH/none"
exits 1 "what finds nothing is seen" python3 $score "$gold" "$SCRATCH/none" $floors
like "$OUT" 'PHONE \([0-9]+\): safe 0\.000' "and counted"
tap_done
