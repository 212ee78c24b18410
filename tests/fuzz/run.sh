#!/bin/bash
# Runs each fuzz target for some seconds on its corpus. usage: run.sh SECONDS [NAME]
# What it finds stays in build-fuzz/found/; new inputs worth keeping in build-fuzz/corpus/.
set -u
cd "$(dirname "$0")/../.." || exit 1
seconds=$1 name=${2:-}
passed=0 failed=0
mkdir -p build-fuzz/found
for t in build-fuzz/fuzz/fuzz_${name:-*}; do
	[ -x "$t" ] || continue
	n=${t##*/fuzz_}
	mkdir -p "build-fuzz/corpus/$n"
	if "$t" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=8192 \
		-artifact_prefix="build-fuzz/found/$n-" "build-fuzz/corpus/$n" $([ -d "tests/fuzz/corpus/$n" ] && echo "tests/fuzz/corpus/$n") \
		>"build-fuzz/$n.log" 2>&1; then
		passed=$((passed + 1))
		printf 'ok    fuzz %s: %s\n' "$n" "$(grep -o 'Done .*' "build-fuzz/$n.log")"
	else
		failed=$((failed + 1))
		printf 'FAIL  fuzz %s\n' "$n"
		grep -m1 -A12 -E 'ERROR|runtime error|broken promise' "build-fuzz/$n.log"
	fi
done
printf '%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ] && [ $passed -gt 0 ]
