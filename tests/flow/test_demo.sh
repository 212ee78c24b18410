#!/bin/bash
# `make demo` does what it says, in both languages, again and again; the pages need nothing from outside.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/tap.sh
export DEMO_DIR=$SCRATCH/demo NO_COLOR=1
# the demo's machine has what the build needs, and no more
mkdir "$SCRATCH/bin"
for tool in python3 jq xmllint curl; do
	printf '#!/bin/sh\nexit 127\n' >"$SCRATCH/bin/$tool"
	chmod +x "$SCRATCH/bin/$tool"
done
export PATH=$SCRATCH/bin:$PATH
for lang in en ja; do
	exits 0 "the demo runs in $lang" env TSUNAGI_LANG=$lang tests/flow/demo.sh
done
like "$OUT" "【本人の妹】" "the sister who moved in is shown as what she is to the client"
like "$OUT" "㈱みなと運輸を５月末で退職" "where she worked is nobody"
[ "$(printf '%s' "$OUT" | sed -n '/^7\./,/^8\./p' | grep -c '美咲')" -eq 0 ]
ok $? "her name does not leave to the masked recipient"
three=$(printf '%s' "$OUT" | sed -n '/^6\./,/^7\./p')
is "$(grep -c '^   | .*家賃が２か月払えていない' <<<"$three") $(grep -c '花子さんの同意' <<<"$three") $(grep -c '【本人】さんの同意' <<<"$three") $(grep -c '●●さんの同意' <<<"$three")" \
	"3 1 1 1" "one note as three recipients see it"
for page in count-sheet compare preview; do
	[ -s "$DEMO_DIR/$page.html" ] && ! grep -qE '(src|href)="https?:' "$DEMO_DIR/$page.html"
	ok $? "$page.html is there and loads nothing"
done
[ -z "$(find "$DEMO_DIR" -name '*.part')" ]
ok $? "no half-written file is left"
tap_done
