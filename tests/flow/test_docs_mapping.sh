#!/bin/bash
# The examples of docs/mapping.md: each triple of blocks (csv, cfg, jsonl) is a file, its mapping, and what
# comes out of it.
. tests/lib/tap.sh
awk -v dir="$SCRATCH" '
	/^```(csv|cfg|jsonl)$/ { kind = substr($0, 4); if (kind == "csv") n++; file = sprintf("%s/%02d.%s", dir, n, kind); next }
	/^```$/ { file = ""; next }
	file != "" { print > file }' docs/mapping.md
count=0
for csv in "$SCRATCH"/*.csv; do
	base=${csv%.csv}
	count=$((count + 1))
	[ -s "$base.cfg" ] && [ -s "$base.jsonl" ]
	ok $? "example $count is complete"
	"$BUILD/tests/hub/intake/test_mappings" dump "$base.cfg" "$csv" 2>"$base.err" | grep -v '"record":"open"' >"$base.got"
	same_file "$base.got" "$base.jsonl" "example $count gives what the page says"
	[ -s "$base.got" ] || cat "$base.err" >&2
done
[ $count -ge 4 ]
ok $? "examples were found"
# every setting and word that the page names is one
for word in $(tsunagi functions --format jsonl | sed -n 's/.*"name":"\([a-z_]*\)".*/\1/p'); do
	[ -n "$word" ] || continue
	tsunagi functions "$word" | grep -q .
	ok $? "functions $word"
done
exits 2 "an unknown function" tsunagi functions tirm
like "$ERR" 'trim' "did you mean"
is "$(tsunagi functions --format md | head -n 2 | tail -n 1)" '|---|---|---|' "functions as a table of markdown"
tap_done
