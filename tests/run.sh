#!/bin/bash
# Runs the test programs and scripts, each in a process of its own with a time limit, reads TAP and
# ends with "N passed, N failed". usage: tests/run.sh [PATTERN]   (only tests whose path matches)
# A program that dies, hangs, or prints no test line counts as one failure. What keeps its data in a store
# (tests/lib/test_store.h, tests/lib/store.sh) runs on SQLite, then on a PostgreSQL server of its own;
# TEST_STORE=sqlite or postgresql picks one.
set -u
cd "$(dirname "$0")/.." || exit 1
export BUILD=${BUILD:-build} SANBUILD=${SANBUILD:-}
export PATH="$PWD/$BUILD/bin:$PATH" CMOCKA_MESSAGE_OUTPUT=TAP
export TSUNAGI_LANG=en LC_ALL=C.UTF-8
if [ -z "${SHARED_DATA:-}" ] && [ -d ../shared/data ]; then
	SHARED_DATA=$(cd ../shared/data && pwd)
fi
export SHARED_DATA=${SHARED_DATA:-}
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
pattern=${1:-.}
limit=${TEST_LIMIT:-300}
passed=0 failed=0 skipped=0
log=$(mktemp -d)
chmod 755 "$log" # the server's user passes through
stores=${TEST_STORE:-sqlite postgresql}
unset TEST_STORE
trap 'stop_server; rm -rf "$log"' EXIT

stop_server() { [ -z "${TEST_PG:-}" ] || tests/lib/pg_server.sh stop "$log/pg" immediate; }
start_server() { # once; 1: there is none here
	[ -z "${TEST_PG:-}" ] || return 0
	[ -z "${no_server:-}" ] || return 1
	if tests/lib/pg_server.sh start "$log/pg" 2>"$log/err"; then
		export TEST_PG="host=$log/pg user=tsunagi dbname=tsunagi"
		return 0
	fi
	no_server=1
	cat "$log/err" >&2
	return 1
}

one() { # NAME COMMAND...
	local name=$1 rc ok bad skip
	shift
	timeout -k 5 "$limit" "$@" >"$log/out" 2>"$log/err" </dev/null
	rc=$?
	sed -i 's/^not \(ok [0-9]* # SKIP\)/\1/' "$log/out" # cmocka calls a skipped test not ok
	ok=$(grep -c '^ok ' "$log/out")
	skip=$(grep -ci '^ok .*# skip' "$log/out")
	bad=$(grep -c '^not ok ' "$log/out")
	ok=$((ok - skip))
	if [ $rc -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
	if [ $rc -eq 0 ] && [ $((ok + bad + skip)) -eq 0 ]; then bad=1; echo "no test line" >>"$log/err"; fi
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
	if [ "$bad" -ne 0 ]; then
		printf 'FAIL  %s (%d of %d failed, exit %d)\n' "$name" "$bad" $((ok + bad)) $rc
		grep -A4 '^not ok ' "$log/out" | head -n 40
		tail -n 25 "$log/err"
	else
		printf 'ok    %s (%d)%s\n' "$name" "$ok" "$([ "$skip" -gt 0 ] && echo ", $skip skipped: $(grep -i -m1 -o '# skip.*' "$log/out")")"
	fi
}

each_store() { # SOURCE NAME COMMAND... ; on one driver, or on both when the source is a test of the store
	local source=$1 s
	shift
	if ! grep -qs 'lib/store\.sh\|test_store\.h\|test_rows\.h' "$source"; then one "$@"; return; fi
	for s in $stores; do
		case $s in
		sqlite) TEST_STORE=sqlite one "$@" ;;
		postgresql)
			if start_server; then TEST_STORE=postgresql one "$1 on postgresql" "${@:2}"; else
				failed=$((failed + 1))
				echo "FAIL  $1 on postgresql (no server)"
			fi ;;
		esac
	done
}

for dir in "$BUILD" ${SANBUILD:+"$SANBUILD"}; do
	while IFS= read -r t; do
		case $t in *"/tests/torture/"*|*"/tests/crash/"*) [ "$dir" = "$BUILD" ] || continue ;; esac
		if [[ $t =~ $pattern ]]; then
			case $t in
			*/test_contract) BUILD=$dir one "$t" "$t" "$dir/plugins/" ;;
			*) BUILD=$dir each_store "${t#"$dir/tests/"}.c" "$t" "$t" ;;
			esac
		fi
	done < <(find "$dir/tests" -type f -perm -u+x -name 'test_*' 2>/dev/null | sort)
done
for t in tests/flow/test_*.sh tests/suites/test_*.sh; do
	[ -e "$t" ] || continue
	if [[ $t =~ $pattern ]]; then each_store "$t" "$t" bash "$t"; fi
done

if [ "$skipped" -gt 0 ]; then
	printf '%d passed, %d failed, %d skipped\n' $passed $failed $skipped
else
	printf '%d passed, %d failed\n' $passed $failed
fi
[ $failed -eq 0 ] && [ $passed -gt 0 ]
