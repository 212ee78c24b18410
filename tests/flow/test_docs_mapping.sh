#!/bin/bash
# The examples of docs/mapping.md and its Japanese twin: each triple of blocks (csv, cfg, jsonl) is a file, its
# mapping, and what comes out of it.
. tests/lib/tap.sh
for page in mapping mapping.ja; do
	awk -v dir="$SCRATCH" -v page=$page '
		/^```(csv|cfg|jsonl)$/ { kind = substr($0, 4); if (kind == "csv") n++; file = sprintf("%s/%s-%02d.%s", dir, page, n, kind); next }
		/^```$/ { file = ""; next }
		file != "" { print > file }' docs/$page.md
done
count=0
for csv in "$SCRATCH"/*.csv; do
	base=${csv%.csv}
	count=$((count + 1))
	[ -s "$base.cfg" ] && [ -s "$base.jsonl" ]
	ok $? "example ${base##*/} is complete"
	"$BUILD/tests/hub/intake/test_mappings" dump "$base.cfg" "$csv" 2>"$base.err" | grep -v '"record":"open"' >"$base.got"
	same_file "$base.got" "$base.jsonl" "example ${base##*/} gives what the page says"
	[ -s "$base.got" ] || cat "$base.err" >&2
done
[ $count -ge 8 ]
ok $? "examples were found"
for kind in csv jsonl; do
	is "$(cat "$SCRATCH"/mapping.ja-*.$kind)" "$(cat "$SCRATCH"/mapping-*.$kind)" "the same in both languages ($kind)"
done
settings() { sed -n '/^| `name`/,$s/^| \([^|]*\) |.*/\1/p' "docs/$1" | grep -oE '`[a-z_]+`'; }
is "$(settings mapping.ja.md)" "$(settings mapping.md)" "and the same settings"
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
