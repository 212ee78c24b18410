#!/bin/bash
# Kills an import at every named step and at random moments, runs the same command again until it is
# done, and compares the store with that of an uninterrupted run. usage: crash.sh [RANDOM] [SEED] [ROWS]
# TAP; the seed is printed and replays the run. TSUNAGI_CRASH=step:N kills at the N-th passing of a step.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/tap.sh
. tests/lib/store.sh
export PATH="$PWD/${BUILD:-build}/bin:$PATH" TSUNAGI_LANG=en
random=${1:-50} seed=${2:-$RANDOM} rows=${3:-1500}
echo "# seed $seed"
python3 tests/lib/gen_legacy.py "$rows" "$seed" >"$SCRATCH/in.csv"

# chunks of 100 records, so that a short run has many moments between two transactions
args=("$SCRATCH/in.csv" --mapping legacy-care-record --quiet --set batch_rows=100)

import() { # STORE ; killed ones say so on bash's stderr
	tsunagi import "${args[@]}" --store "$(store_url "$1")" >"$SCRATCH/$1.txt" 2>"$SCRATCH/$1.err"
}
sum() { store_rows "$1" | sha256sum; } # STORE
again() { # STORE NAME: to the end, then compare
	local rc=0 i
	for i in 1 2 3; do
		import "$1" && rc=0 || rc=$?
		if [ $rc -eq 0 ] || [ $rc -eq 5 ]; then break; fi
	done
	# 5: done with rejects; 0: the killed run had ended, the file is known
	case $rc in 0|5)
		is "$(sum "$1")" "$want" "$2"
		[ "$(sum "$1")" = "$want" ] || diff <(store_rows "$1") <(store_rows ref) | head -n 6 | cut -c1-300 | sed 's/^/# /'
		;;
	*) ok 1 "$2" "exit $rc: $(head -n 3 "$SCRATCH/$1.err")" ;; esac
	store_drop "$1"
	rm -f "$SCRATCH/$1".*
}

import ref
want=$(sum ref)
for step in in-feed after-records after-entities before-commit after-commit before-end after-end; do
	for n in 1 3; do
		db=${step//-/_}_$n
		store_url "$db" >/dev/null
		(TSUNAGI_CRASH=$step:$n import "$db") 2>/dev/null
		again "$db" "killed at $step, passing $n"
	done
done
RANDOM=$seed
for ((k = 1; k <= random; k++)); do
	db=random_$k
	url=$(store_url "$db")
	ms=$((RANDOM % 1500 + 5))
	{ timeout -s KILL "$((ms / 1000)).$(printf %03d $((ms % 1000)))" tsunagi import "${args[@]}" \
		--store "$url" >/dev/null 2>&1; } 2>/dev/null
	again "$db" "killed after $ms ms"
done
tap_done
