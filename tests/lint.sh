#!/bin/bash
# What a machine judges well. Each rule prints the places that break it; exit 1 if any did.
set -u
cd "$(dirname "$0")/.." || exit 1
bad=0
say() { printf 'lint: %s\n' "$1"; bad=1; }
mapfile -t files < <(git ls-files '*.c' '*.h')
mapfile -t headers < <(git ls-files '*.h')
mapfile -t own < <(git ls-files 'hub/*.[ch]' 'plugins/*.[ch]' | grep -v '/test_')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 tests/lint_c.py code "${own[@]}" >"$work/code" # FILE:LINE:code, no comments, no strings

each() { # FILES COMMAND... ; with some of the files at a time, on all cores
	local -n list=$1
	printf '%s\0' "${list[@]}" | xargs -0 -n 16 -P "$(nproc)" "${@:2}"
}
each files clang-format-14 -n -Werror >"$work/format" 2>&1 || { head -n 20 "$work/format"; say "clang-format (run: make format)"; }
alone() { # HEADER...
	local h found bad=0
	for h; do
		found=$(gcc -std=c17 -D_GNU_SOURCE -fsyntax-only -x c -Ihub -Ihub/include -Iplugins/shared -Itests/lib $flags "$h" 2>&1) && continue
		printf '%s\nlint: %s does not compile alone\n' "$(head -n 5 <<<"$found")" "$h"
		bad=1
	done
	return $bad
}
flags=$(pkg-config --cflags libxml-2.0 libconfig sqlite3 libpq)
export flags
export -f alone
each headers bash -c 'alone "$@"' - || bad=1
g++ -std=c++17 -fsyntax-only -x c++ -Ihub/include hub/include/hub/plugin.h 2>/dev/null || {
	command -v g++ >/dev/null && say "plugin.h does not compile as C++"; }

banned='\b(atoi|atol|strtol|strtoul|strtoll|sscanf|strcpy|strcat|strncpy|sprintf|strtok|gets|localtime|gmtime|strerror|rand|srand|alloca|system|popen|tmpnam)[[:space:]]*\('
grep -E "$banned" "$work/code" && say "banned call"
# a comment "lib owns" marks memory that a library hands out and wants back by free()
grep -n 'lib owns' "${own[@]}" /dev/null | cut -d: -f1,2 | sed 's/$/:/' >"$work/owned"
grep -E '\b(malloc|calloc|realloc|free)[[:space:]]*\(' "$work/code" | grep -v '^hub/base/arena.c:' |
	grep -vFf "$work/owned" && say "bare malloc outside hub/base/arena.c"
grep -E '^plugins/.*\b(setlocale|signal|chdir|exit|umask|curl_global_init|xmlInitParser|xmlCleanupParser)[[:space:]]*\(' \
	"$work/code" && say "process-wide call in a plugin"
# gen_* and train/ of a plugin are programs of their own, not the plugin
grep -nE '#include "' $(git ls-files 'plugins/**/*.c' 'plugins/**/*.h' | grep -vE '/test_|/gen_|/train/') /dev/null |
	grep -vE '#include "[a-z_0-9]+\.(h|inc)"' && say "a plugin includes a header of the hub"
grep -rnE '\b(TODO|FIXME|XXX|HACK)\b' "${own[@]}" /dev/null && say "unfinished mark"
# rooms: a lower one never includes a higher one
rooms='base conf text plugin store intake release serve cli'
declare -A may=([base]="base" [conf]="base conf" [text]="base text" [plugin]="base conf text plugin"
	[store]="base conf text plugin store" [intake]="base conf text plugin store intake"
	[release]="base conf text plugin store intake release" [serve]="base conf text plugin store intake release serve"
	[cli]="base conf text plugin store intake release serve cli")
for r in $rooms; do
	for f in $(git ls-files "hub/$r/*.[ch]" | grep -v '/test_'); do
		while read -r inc; do
			case " ${may[$r]} " in *" ${inc%%/*} "*) ;; *) say "$f includes \"$inc\": $r may use ${may[$r]} only" ;; esac
		done < <(sed -n 's/^#include "\([a-z]*\/[a-z_0-9.]*\)".*/\1/p' "$f")
	done
done
grep -rnE 'source-csv|sink-csv|detect-roster|HUB_S(INK|OURCE), HUB_STR\("' hub --include='*.c' --include='*.h' | grep -v '/test_' && say "hub/ names a plugin"

# every message, summary and help has a Japanese text
python3 tests/lint_c.py texts "${own[@]}" | grep . && say "texts that no translation can reach"
if command -v xgettext >/dev/null; then
	t=$work
	xgettext --from-code=UTF-8 -L C -o "$t/all.pot" --keyword=hub_fail:4 --keyword=hub_hint:2 --keyword=hub_tr:1 \
		--keyword=HUB_N:1 --keyword=HUB_FAIL:5 --keyword=hint:2 \
		--keyword=hub_http_fail:5 --keyword=hub_call_refuse:5 --keyword=refuse:5 "${own[@]}" 2>/dev/null
	if [ -s "$t/all.pot" ]; then
		awk 'FNR == 1 { body = NR == 1 } body { print } /^$/ { body = 1 }' $(git ls-files '*/ja.po') |
			msguniq -o "$t/have.po" -
		# they end up in one table: what means two things needs two texts
		grep -B 3 '^"#-#-#-#-#' "$t/have.po" | grep '^msgid' && say "messages with two Japanese texts"
		msgmerge -q --no-fuzzy-matching "$t/have.po" "$t/all.pot" -o "$t/m.po" &&
			msgattrib --untranslated --no-obsolete "$t/m.po" 2>/dev/null | grep -E '^(#:|msgid)' | head -n 40 | grep . &&
			say "messages without a Japanese text (add them to the ja.po beside the code)"
		# what is a format is known from the code; msgmerge calls one that does not fit fuzzy
		msgattrib --clear-fuzzy "$t/m.po" | msgfmt --check-format -o /dev/null - || say "a translation's format does not fit"
	fi
fi
for s in $(git ls-files '*.sh' .ci/run); do bash -n "$s" || say "$s: syntax"; done
# clang compiles without a warning, too
${MAKE:-make} --no-print-directory CC=clang-14 BUILD=build-clang OPT='-O0 -g0' HARDEN= objects >/dev/null || say "clang warnings"
[ $bad -eq 0 ] && echo "lint: clean"
exit $bad
