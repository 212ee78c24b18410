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

for part in "" --roster; do
	python3 tests/suites/mask_notes.py $part tests/suites/mask_notes.txt >"$SCRATCH/notes$part"
	gold=$SCRATCH/notes$part scored "notes with rosters $part" "tests/suites/mask_floors_notes${part:+_roster}.tsv"
done
python3 tests/suites/mask_notes.py tests/suites/mask_names.txt >"$SCRATCH/names"
gold=$SCRATCH/names scored "names without rosters" tests/suites/mask_floors_names.tsv
python3 tests/suites/mask_notes.py tests/suites/mask_places.txt >"$SCRATCH/places"
gold=$SCRATCH/places scored "facilities by their kind, addresses said" tests/suites/mask_floors_places.tsv
python3 tests/suites/mask_notes.py tests/suites/mask_cases.txt >"$SCRATCH/cases"
gold=$SCRATCH/cases scored "case notes of seven hands" tests/suites/mask_floors_cases.tsv
python3 tests/suites/mask_notes.py tests/suites/mask_dense.txt >"$SCRATCH/dense"
gold=$SCRATCH/dense scored "notes full of ordinary words" tests/suites/mask_floors_dense.tsv
python3 tests/suites/mask_notes.py tests/suites/mask_speech.txt >"$SCRATCH/speech"
gold=$SCRATCH/speech scored "speech of many parts of the country" tests/suites/mask_floors_speech.tsv
python3 tests/suites/mask_notes.py tests/suites/mask_genres.txt >"$SCRATCH/genres"
gold=$SCRATCH/genres scored "kinds of text that are pasted in" tests/suites/mask_floors_genres.tsv
python3 tests/suites/mask_notes.py tests/suites/mask_desks.txt >"$SCRATCH/desks"
gold=$SCRATCH/desks scored "notes of four desks" tests/suites/mask_floors_desks.tsv
gold=tests/suites/mask_hands.jsonl scored "many hands" tests/suites/mask_floors_hands.tsv
scored "all detectors" tests/suites/mask_floors.tsv
sed 's/"entities":.*/"entities":[]}/' "$SCRATCH/pred" >"$SCRATCH/none"
exits 1 "what finds nothing is seen" python3 $score "$gold" "$SCRATCH/none" tests/suites/mask_floors.tsv
like "$OUT" 'PHONE \([0-9]+\): safe 0\.000' "and counted"
exits 0 "with six of ten people on a roster" python3 tests/suites/mask_roster.py "$gold"
like "$OUT" $'\troster ([0-9]+) of ([0-9]+)\tall ([0-9]+) of ([0-9]+)\tover ([0-9]+)' "is counted"
is "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "none of those is left"
[ $((BASH_REMATCH[3] * 100)) -ge $((BASH_REMATCH[4] * 99)) ] && [ "${BASH_REMATCH[5]}" -lt 25 ]
ok $? "of all people one in a hundred at most, without masking more than 25 in a thousand" "$OUT"
exits 0 "the same with many hands" python3 tests/suites/mask_roster.py tests/suites/mask_hands.jsonl
like "$OUT" $'\troster ([0-9]+) of ([0-9]+)\tall ([0-9]+) of ([0-9]+)\tover ([0-9]+)' "is counted"
is "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "none of those on a roster is left"
[ $((BASH_REMATCH[4] - BASH_REMATCH[3])) -le 4 ] && [ "${BASH_REMATCH[5]}" -lt 25 ]
ok $? "of all people four at most, without masking more than 25 in a thousand" "$OUT"
exits 0 "the same without a tagger" env TSUNAGI_DETECTORS=tagger.dictionary=/nonexistent python3 tests/suites/mask_roster.py "$gold"
like "$OUT" $'\tall ([0-9]+) of ([0-9]+)' "is counted"
[ "${BASH_REMATCH[1]}" -lt $((BASH_REMATCH[2] - 9)) ]
ok $? "and leaves more of them" "$OUT"
mkdir "$SCRATCH/plugins"
ln -s "$PWD/$BUILD/plugins/detect-pattern.so" "$SCRATCH/plugins/"
TSUNAGI_PLUGINS=$SCRATCH/plugins scored "patterns" tests/suites/mask_floors_pattern.tsv
tap_done
