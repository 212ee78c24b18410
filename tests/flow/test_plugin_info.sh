#!/bin/bash
# tsunagi plugin: list and info in all forms and both languages.
. tests/lib/tap.sh

exits 0 "list" tsunagi plugin list
like "$OUT" "filter  *trim  *1\.0  *strips white space around text cells" "a line for each plugin"
is "$ERR" "" "no complaint"
n=$(wc -l <<<"$OUT")
exits 0 "list as JSON lines" tsunagi plugin list --format jsonl
is "$(jq -r .name <<<"$OUT" | wc -l)" "$n" "as many objects as lines"
is "$(jq -r 'select(.name=="trim") | .kind + " " + .interface' <<<"$OUT")" "filter 2.0" "kind and interface"

exits 0 "info" tsunagi plugin info trim
like "$OUT" 'side  \(word: both, left, right; default "both"\)' "words and default"
exits 0 "info with the kind" tsunagi plugin info filter-trim --format jsonl
is "$(jq -c '.options[] | select(.name=="side") | .words' <<<"$OUT")" '["both","left","right"]' "words as JSON"
is "$(jq -c '.options | length' <<<"$OUT")" 4 "every option"
exits 0 "info as a page" tsunagi plugin info trim --as md
like "$OUT" '\| `side` \| word: both, left, right; default "both" \| where blanks are removed \|' "a table of options"

exits 2 "unknown plugin" tsunagi plugin info trin
like "$ERR" 'Did you mean "trim"' "the nearest name"
exits 2 "no operand" tsunagi plugin
exits 2 "unknown form" tsunagi plugin list --format xml
exits 2 "unknown page" tsunagi plugin info trim --as pdf

# every plugin has its summary, help and messages in Japanese
while read -r kind name _; do
	text=$(TSUNAGI_LANG=ja tsunagi plugin info "$kind-$name" --format jsonl | jq -r '.summary, .options[].help')
	is "$(grep -vP '[\p{Han}\p{Hiragana}\p{Katakana}]' <<<"$text")" "" "$kind $name in Japanese"
	page=$(tsunagi plugin info "$kind-$name" --as md)
	is "$(awk '/^[|] option/ { on = 1 } /^$/ { on = 0 } on && /^[|] `/' <<<"$page" | wc -l)" "$(tsunagi plugin info "$kind-$name" --format jsonl | jq '.options | length')" \
		"$kind $name: a line of the page for each option"
done < <(tsunagi plugin list)
tap_done
