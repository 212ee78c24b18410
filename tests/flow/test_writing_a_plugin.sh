#!/bin/bash
# docs/writing-a-plugin.md is run: its commands in order, in a copy of the tree, and its C is the
# template's or the header's. The Japanese page has the same of both.
. tests/lib/tap.sh

doc=docs/writing-a-plugin.md
blocks() { awk '/^```[a-z]*$/ {on = !on; print; next} on' "$1"; }
is "$(blocks docs/writing-a-plugin.ja.md)" "$(blocks "$doc")" "both languages show the same commands and code"
is "$(grep -c '^## ' docs/writing-a-plugin.ja.md)" "$(grep -c '^## ' "$doc")" "in as many chapters"
tree=$SCRATCH/tree
mkdir -p "$tree/plugins" "$tree/build"
for d in hub tests schemas; do
	[ -e "$d" ] && ln -s "$PWD/$d" "$tree/$d"
done
cp Makefile "$tree/"
cp -r plugins/filter-trim "$tree/plugins/"
# what is built already, with its times, so that make has only the new plugin to build
cp -a "$BUILD/bin" "$BUILD/libhub.a" "$BUILD/locale" "$BUILD/obj" "$tree/build/"
mkdir -p "$tree/build/plugins"
cp -a "$BUILD/plugins/filter-trim.so" "$tree/build/plugins/"

# the commands, one script; each line says what it is before it runs
{
	echo 'set -e'
	awk '/^```sh$/ {on = 1; next} /^```$/ {on = 0} on {print "echo \"== " $1 " " $2 " " $3 "\""; print}' "$doc"
} >"$SCRATCH/commands.sh"
out=$(cd "$tree" && unset MAKEFLAGS MAKELEVEL && CMOCKA_MESSAGE_OUTPUT=STDOUT BUILD=build bash "$SCRATCH/commands.sh" 2>&1)
ok $? "every command of $doc succeeds" "$(tail -n 12 <<<"$out")"
like "$out" "filter  *tidy  *1\.0" "the copy is listed"
like "$out" "filter tidy 1\.0" "the copy describes itself"
like "$out" "elsewhere/filter-tidy\.so" "the copy built outside of the tree is the one that is loaded"
is "$(grep -c "PASSED" <<<"$out")" 1 "its unit test passes"
is "$(grep -c '^# \([0-9]*\) of \1 hold$' <<<"$out")" 2 "and the contract test, inside and outside"
unlike "$out" "FAILED|^not ok" "nothing failed"
[ ! -e plugins/filter-tidy ]
ok $? "the tree itself is untouched"

# C in the text is code that exists
while IFS= read -r line; do
	grep -qxF -- "$line" plugins/filter-trim/trim.c hub/include/hub/plugin.h
	ok $? "quoted from the template: ${line//[[:space:]]/ }"
done < <(awk '/^```c$/ {on = 1; next} /^```$/ {on = 0} on && NF' "$doc")
tap_done
