#!/bin/bash
# Words of the work are nobody's name: how many of them may be masked has a ceiling; names in the same lines are masked.
. tests/lib/tap.sh
terms=tests/suites/mask_terms.py

counted() { # NAME LIST
	python3 $terms lines "$2" >"$SCRATCH/lines"
	exits 0 "$1: every line is answered" tsunagi mask "$SCRATCH/lines"
	printf '%s\n' "$OUT" >"$SCRATCH/answers"
	read -r all masked hits < <(python3 $terms count "$SCRATCH/lines" "$SCRATCH/answers")
}

counted "words of the work" first
[ "$all" -gt 1000 ] && [ "$masked" -le 42 ] && [ "$hits" -le 130 ]
ok $? "words of the work stay readable" "$masked of $all words are masked, in $hits lines"
counted "words by which no rule was made" second
[ "$all" -gt 500 ] && [ "$masked" -le 40 ] && [ "$hits" -le 180 ]
ok $? "so do those by which no rule was made" "$masked of $all words are masked, in $hits lines"
counted "names" - <<<"田中一郎 山本花子 佐藤健太 青柳美咲 長谷川茂 ひだまり作業所 みどり野病院"
[ "$masked" = "$all" ] && [ "$hits" -gt $((all * 7)) ]
ok $? "names in the same lines are masked" "$masked of $all, in $hits lines"
tap_done
