#!/bin/bash
# Runs the test programs and scripts, each in a process of its own with a time limit, several at once
# (JOBS, default: one a core), reads TAP and ends with "N passed, N failed".
# usage: tests/run.sh [PATTERN]   (only tests whose path matches)
# A program that dies, hangs, prints no test line or calls what is not there counts as one failure. What keeps its data in a store
# (tests/lib/test_store.h, tests/lib/store.sh) runs on SQLite, then on a PostgreSQL server of its own;
# TEST_STORE=sqlite or postgresql picks one. What starts the daemon (tests/lib/web.sh) takes long: it runs on SQLite, and
# on PostgreSQL when that is picked.
set -u
unset MAKEFLAGS MFLAGS MAKELEVEL # what a test makes is no part of the make that runs the tests
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
limit=${TEST_LIMIT:-900} # only what hangs meets it
jobs=${JOBS:-$(nproc)}
log=$(mktemp -d)
chmod 755 "$log" # the server's user passes through
stores=${TEST_STORE:-sqlite postgresql} daemon=${TEST_STORE:--}
unset TEST_STORE
trap '[ ! -d "$log/pg/data" ] || tests/lib/pg_server.sh stop "$log/pg" immediate; rm -rf "$log"' EXIT

# One line a test: store or -, build folder, what it is called, command.
plan() { # SOURCE BUILD PATH COMMAND
	local s
	if grep -qs 'lib/store\.sh\|test_store\.h\|test_rows\.h' "$1"; then
		for s in $stores; do printf '%s\t%s\t%s\t%s\n' "$s" "$2" "$3" "$4"; done
	elif grep -qs 'lib/web\.sh' "$1"; then
		printf '%s\t%s\t%s\t%s\n' "$daemon" "$2" "$3" "$4"
	else
		printf -- '-\t%s\t%s\t%s\n' "$2" "$3" "$4"
	fi
}
plans() {
	local dir t
	for t in tests/flow/test_*.sh tests/suites/test_*.sh; do plan "$t" "$BUILD" "$t" "bash $t"; done
	for dir in "$BUILD" ${SANBUILD:+"$SANBUILD"}; do
		plan - "$dir" "$dir/tests/contract" "$dir/bin/tsunagi-contract $dir/plugins/"
		while IFS= read -r t; do
			case $t in
			"$SANBUILD"/tests/torture/* | "$SANBUILD"/tests/crash/*) ;;
			*) plan "${t#"$dir/tests/"}.c" "$dir" "$t" "$t" ;;
			esac
		done < <(find "$dir/tests" -type f -perm -u+x -name 'test_*' 2>/dev/null | sort)
	done
}

# Runs one line of the plan. Prints the outcome with one write, so that those of others stay whole.
one() { # STORE BUILD NAME COMMAND
	local out="$log/$w.out" err="$log/$w.err" name=$3 rc ok bad skip began=$SECONDS
	local -a env=(BUILD="$2")
	[ "$1" = - ] || env+=(TEST_STORE="$1")
	if [ "$1" = postgresql ]; then
		name="$name on postgresql"
		env+=(TEST_PG="host=$log/pg user=tsunagi dbname=tsunagi_$w")
		if [ ! -e "$log/pg/up" ]; then
			failed=$((failed + 1))
			echo "FAIL  $name (no server)"
			return
		fi
	fi
	# shellcheck disable=SC2086 # the command is words without blanks
	env "${env[@]}" timeout -k 5 "$limit" $4 >"$out" 2>"$err" </dev/null 8<&- 9>&-
	rc=$?
	sed -i 's/^not \(ok [0-9]* # SKIP\)/\1/' "$out" # cmocka calls a skipped test not ok
	ok=$(grep -c '^ok ' "$out")
	skip=$(grep -ci '^ok .*# skip' "$out")
	bad=$(grep -c '^not ok ' "$out")
	ok=$((ok - skip))
	if [ $rc -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
	if [ $rc -eq 0 ] && [ $((ok + bad + skip)) -eq 0 ]; then bad=1; echo "no test line" >>"$err"; fi
	if [ "$bad" -eq 0 ] && grep ': command not found$' "$err" >"$out.none"; then bad=1; cat "$out.none" >>"$err"; fi # a check that was none
	passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
	if [ "$bad" -ne 0 ]; then
		printf 'FAIL  %s (%d of %d failed, exit %d)\n%s\n%s\n' "$name" "$bad" $((ok + bad)) $rc \
			"$(grep -A4 '^not ok ' "$out" | head -n 40)" "$(tail -n 25 "$err")"
	else
		printf 'ok    %s (%d%s)%s\n' "$name" "$ok" "$([ $((SECONDS - began)) -lt 5 ] || echo ", $((SECONDS - began)) s")" \
			"$([ "$skip" -eq 0 ] || echo ", $skip skipped: $(grep -i -m1 -o '# skip.*' "$out")")"
	fi
}

# Takes the next line of the plan until there is none; the lines are read from a file that all share.
work() { # NUMBER
	local w=$1 passed=0 failed=0 skipped=0 line
	if [ -e "$log/pg/up" ]; then
		psql -q -h "$log/pg" -U tsunagi -d tsunagi -c "CREATE DATABASE tsunagi_$w TEMPLATE template0"
	fi
	while flock 9; IFS= read -r -u 8 line; do
		flock -u 9
		IFS=$'\t' read -r -a line <<<"$line"
		one "${line[@]}"
	done
	flock -u 9
	echo "$passed $failed $skipped" >"$log/$w.sum"
}

plans | awk -F '\t' -v p="$pattern" '$3 ~ p' >"$log/plan"
if grep -q '^postgresql' "$log/plan" && tests/lib/pg_server.sh start "$log/pg"; then touch "$log/pg/up"; fi
exec 8<"$log/plan"
for ((w = 1; w <= jobs; w++)); do work $w 9>"$log/lock" & done
wait
read -r passed failed skipped <<<"$(cat "$log"/*.sum | awk '{ p += $1; f += $2; s += $3 } END { print p, f, s }')"
if [ "$skipped" -gt 0 ]; then
	printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
else
	printf '%d passed, %d failed\n' "$passed" "$failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
