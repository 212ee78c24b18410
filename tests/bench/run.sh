#!/bin/bash
# make bench: imports the generated legacy records (ROWS=1000000 by default) and, in the same session, what a
# practitioner would do with the same file: iconv | sqlite3 .import into one flat table. Jobs alternate, ROUNDS
# times (default 1). Prints rows/s, CPU, peak memory, store size, and compares the dirty import with the truth.
# The generator is not part of the repository: BENCH_DIR, default ../shared/bench.
# WORK=DIR keeps data and stores (and uses data that is there); without it a temporary folder is used.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${ROWS:-1000000} rounds=${ROUNDS:-1}
bench=${BENCH_DIR:-../shared/bench}
bin=${BUILD:-build}/bin/tsunagi
export TSUNAGI_LANG=en LC_ALL=C.UTF-8
if ! [ -f "$bench/gen/gencsv.c" ]; then
	echo "bench: no generator in $bench; set BENCH_DIR" >&2
	exit 2
fi
if [ -n "${WORK:-}" ]; then
	work=$WORK
	mkdir -p "$work"
else
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
fi

generate() {
	python3 "$bench/gen/mktables.py" >"$work/tables.h"
	cc -O2 -std=c11 -I"$work" -o "$work/gencsv" "$bench/gen/gencsv.c"
	[ -f "$work/$rows.csv" ] || "$work/gencsv" --rows "$rows" --seed 42 --out "$work/$rows.csv"
	[ -f "$work/$rows.dirty.csv" ] || "$work/gencsv" --rows "$rows" --seed 42 --dirty 2 \
		--out "$work/$rows.dirty.csv" --truth "$work/$rows.dirty.jsonl"
	ln -f "$work/$rows.csv" "$work/$rows.again.csv"
}

# timed NAME STORE COMMAND...: one line of the table; exit 5 is an import with rejects. Wall, CPU, memory of
# the command and its children, as the kernel counted them.
timed() {
	python3 - "$rows" "$work/result.tsv" "$@" <<-'PY'
		import os, resource, subprocess, sys, time
		rows, out, name, store, command = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:]
		t = time.monotonic()
		p = subprocess.run(command, stdout=subprocess.DEVNULL)
		t = time.monotonic() - t
		u = resource.getrusage(resource.RUSAGE_CHILDREN)
		if p.returncode not in (0, 5):
		    sys.exit(f'bench: {name} ended with {p.returncode}')
		size = os.path.getsize(store) if os.path.exists(store) else 0
		print(f'{name:<34}{rows / t:>10,.0f}{t:>9.1f}{u.ru_utime:>9.1f}{u.ru_stime:>8.1f}'
		      f'{u.ru_maxrss / 1024:>9.1f}{size / 1e6:>11.1f}', flush=True)
		with open(out, 'a') as f:
		    print(name, t, u.ru_utime + u.ru_stime, sep='\t', file=f)
	PY
}
import() { # NAME STORE FILE [OPTION...]
	local name=$1 store=$2 file=$3
	shift 3
	timed "$name" "$store" "$bin" import "$file" --mapping legacy-care-record --store "sqlite:$store" \
		--quiet --report "$work/report.txt" --rejects "$work/rejects.csv" "$@"
}
# every column of a flat table as text, the log settings that the store has
flat() {
	timed 'iconv | sqlite3 .import (flat)' "$work/flat.db" sqlite3 "$work/flat.db" \
		'PRAGMA journal_mode=WAL' 'PRAGMA synchronous=NORMAL' \
		".import --csv \"|iconv -f CP932 -t UTF-8 $work/$rows.csv\" cases"
}
fresh() { rm -f "$work/$1.db"*; }

generate
rm -f "$work/result.tsv"
printf '\n%-34s%10s%9s%9s%8s%9s%11s\n' job rows/s wall user sys 'peak MiB' 'store MB'
for ((i = 0; i < rounds; i++)); do
	fresh flat
	flat
	fresh clean
	import 'tsunagi import' "$work/clean.db" "$work/$rows.csv"
	import '  unchanged, another name' "$work/clean.db" "$work/$rows.again.csv" --again
	import '  --dry-run, fresh store' "$work/none.db" "$work/$rows.csv" --dry-run
	fresh dirty
	import '  2 % dirt' "$work/dirty.db" "$work/$rows.dirty.csv"
done
python3 - "$work/result.tsv" <<'PY'
import statistics, sys
wall, cpu = {}, {}
for line in open(sys.argv[1]):
    name, t, c = line.rstrip('\n').split('\t')
    wall.setdefault(name, []).append(float(t))
    cpu.setdefault(name, []).append(float(c))
names = list(wall)
def ratio(a, b, of=wall):
    return statistics.median(x / y for x, y in zip(of[a], of[b]))
flat, load, same, dry, dirty = names
print(f'\nmedian of the rounds, each against the job of the same round:')
print(f'  speed, import / flat .import      {ratio(flat, load):.2f}   (by CPU time {ratio(flat, load, cpu):.2f})')
print(f'  speed, unchanged / first import   {ratio(load, same):.2f}')
print(f'  speed, dry run / import           {ratio(load, dry):.2f}')
print(f'  time, 2 % dirt / clean            {ratio(dirty, load):.2f}')
PY
echo
sqlite3 "$work/clean.db" "SELECT 'rows of the clean store: record ' || count(*) FROM record"
sqlite3 "$work/dirty.db" "SELECT 'dirty store: record ' || count(*) FROM record
	UNION ALL SELECT 'rejects, ' || code || ': ' || count(*) FROM reject GROUP BY code"
echo
python3 tests/bench/truth.py "$work/dirty.db" "$work/$rows.dirty.jsonl"
