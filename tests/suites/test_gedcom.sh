#!/bin/bash
# source-gedcom on the suite data/gedcom: every person, couple, child of every file, counted independently
# by a few lines of awk; numbers that point at nobody are rejected, nothing else is.
. tests/lib/tap.sh
if [ ! -d "$SHARED_DATA/gedcom" ]; then
	skip "family trees of others" "no SHARED_DATA"
	tap_done
	exit
fi
counts() { # FILE: people, children x parents, couples, ties between people
	tr '\r' '\n' <"$1" | sed '1s/^\xef\xbb\xbf//' | awk '
		function family() { edges += children * parents; couples += parents * (parents - 1) / 2; children = parents = 0 }
		$1 == 0 { family(); kind = $NF; if ($NF == "INDI") people++; next }
		$1 != 1 || $3 !~ /^@[^@]+@$/ || $3 == "@VOID@" { next }
		kind == "FAM" && ($2 == "HUSB" || $2 == "WIFE") { parents++ }
		kind == "FAM" && $2 == "CHIL" { children++ }
		kind == "INDI" && $2 == "ASSO" { ties++ }
		END { family(); print people + 0, edges + 0, couples + 0, ties + 0 }'
}
for file in "$SHARED_DATA"/gedcom/*.ged; do
	tsunagi inspect "$file" --source gedcom >"$SCRATCH/out" 2>"$SCRATCH/err"
	rc=$?
	[ $rc -eq 0 ] || [ $rc -eq 5 ]
	ok $? "${file##*/}: is read" "exit $rc: $(cat "$SCRATCH/err")"
	got=$(jq -rs '[.[] | select(.row) | if .error then "x" else .cells[0] end] |
		[(map(select(. == "人")) | length), (map(select(. == "親子")) | length),
		 (map(select(. == "夫婦")) | length), (map(select(. == "関係")) | length),
		 (map(select(. == "x")) | length)] | join(" ")' "$SCRATCH/out")
	read -r people edges couples ties bad <<<"$got"
	is "$((people + edges + couples + ties + bad)) $people" \
		"$(counts "$file" | awk '{ print $1 + $2 + $3 + $4, $1 }')" "${file##*/}: everyone and every tie"
done
tap_done
