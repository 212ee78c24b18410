#!/bin/bash
# make bench: imports the generated legacy records (ROWS=1000000 by default) and, in the same session, what a
# practitioner would do with the same file. Every round (ROUNDS, default 1) runs each job once in turn, and
# ratios are taken round by round, so that a machine that drifts does not bend them. Peers that are not
# installed are named and left out. At the end the dirty import is compared with the truth.
# Detection is by pattern and roster; TAGGER=1 adds the statistical tagger.
# The generator is not part of the repository: BENCH_DIR, default ../shared/bench. WORK=DIR keeps data and stores.
# PEER_LIMIT=SECONDS (1800) ends a peer that takes longer.
# Peers: packages miller, pgloader, python3-pandas, postgresql; NODE_DIR is a folder with csv-parse, iconv-lite and
# @duckdb/node-api (INSTALL=1 fetches them with npm), PYTHON another Python that has pandas.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${ROWS:-1000000} rounds=${ROUNDS:-1} build=${BUILD:-build}
bench=$(realpath "${BENCH_DIR:-../shared/bench}")
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
	chmod 755 "$work"
fi
work=$(realpath "$work") node=${NODE_DIR:-$work/node}
server=
finish() {
	[ -z "$server" ] || tests/lib/pg_server.sh stop "$work/pg" immediate || true
	rm -rf "$work/pg" "$work/hub"
	[ -n "${WORK:-}" ] || rm -rf "$work"
}
trap finish EXIT

generate() { # a small file is the beginning of a large one
	local n
	python3 "$bench/gen/mktables.py" >"$work/tables.h"
	cc -O2 -std=c11 -I"$work" -o "$work/gencsv" "$bench/gen/gencsv.c"
	for n in "$((rows / 10))" "$rows"; do
		[ -f "$work/$n.csv" ] || "$work/gencsv" --rows "$n" --seed 42 --out "$work/$n.csv"
	done
	[ -f "$work/$rows.dirty.csv" ] || "$work/gencsv" --rows "$rows" --seed 42 --dirty 2 \
		--out "$work/$rows.dirty.csv" --truth "$work/$rows.dirty.jsonl"
	ln -f "$work/$rows.csv" "$work/$rows.again.csv"
}

# The hub as it is installed, with the plugins that this measures.
install_hub() {
	rm -rf "$work/hub"
	mkdir -p "$work/hub/bin"
	cp "$build/bin/tsunagi" "$work/hub/bin/"
	cp -r "$build/plugins" "$build/locale" "$work/hub/"
	[ -n "${TAGGER:-}" ] || rm -f "$work/hub/plugins/detect-tagger.so"
}

# timed NAME STORE COMMAND...: one line of the table; exit 5 is an import with rejects. Wall, CPU, memory of the
# command and its children, as the kernel counted them, and the time of the server's processes that ended meanwhile.
timed() {
	python3 - "$rows" "$work" "$@" <<-'PY'
		import os, resource, subprocess, sys, time
		rows, work, name, store, command = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:]
		def server():
		    try:
		        pid = open(f'{work}/pg/data/postmaster.pid').readline().strip()
		        ticks = open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[11:15]
		        return sum(map(int, ticks)) / os.sysconf('SC_CLK_TCK')
		    except OSError:
		        return 0
		os.sync()  # what the job before left to be written is not this one's
		before = server()
		if name.endswith('tenth of the rows'):
		    rows //= 10
		t = time.monotonic()
		p = subprocess.run(command, stdout=subprocess.DEVNULL)
		t = time.monotonic() - t
		u = resource.getrusage(resource.RUSAGE_CHILDREN)
		time.sleep(0.2 if before else 0)
		inside = server() - before if 'psql' in name or 'pgloader' in name or 'PostgreSQL' in name else 0
		if p.returncode not in (0, 5):
		    sys.exit(f'bench: {name} ended with {p.returncode}')
		size = os.path.getsize(store) if os.path.exists(store) else 0
		print(f'{name:<34}{rows / t:>10,.0f}{t:>9.1f}{u.ru_utime:>9.1f}{u.ru_stime:>8.1f}{inside:>8.1f}'
		      f'{u.ru_maxrss / 1024:>9.1f}{size / 1e6:>11.1f}', flush=True)
		with open(f'{work}/result.tsv', 'a') as f:
		    print(name, t, u.ru_utime + u.ru_stime + inside, u.ru_maxrss / 1024, rows, sep='\t', file=f)
	PY
}
import() { # NAME STORE FILE [OPTION...]
	local name=$1 store=$2 file=$3
	shift 3
	timed "$name" "${store#sqlite:}" "$work/hub/bin/tsunagi" import "$file" --mapping legacy-care-record \
		--store "$store" --quiet --report "$work/report.txt" --rejects "$work/rejects.csv" "$@"
}
fresh() { rm -f "$work/$1.db"*; }
in_shell() { # NAME STORE COMMAND: with pipes; a peer that never ends is ended
	timed "$1" "$2" timeout "${PEER_LIMIT:-1800}" bash -c "set -o pipefail; $3"
}

# --- what a practitioner would use --------------------------------------------------------------
utf8="iconv -f CP932 -t UTF-8 '$work/$rows.csv'"
peers=() missing=()
peer() { # NAME CHECK...: the peer takes part when the check passes
	local name=$1
	shift
	if "$@" >/dev/null 2>&1; then peers+=("$name"); else missing+=("$name"); fi
}
python_with() { # MODULE: names the first Python that has it
	local p
	for p in ${PYTHON:-} python3 /usr/bin/python3; do
		if "$p" -c "import $1" 2>/dev/null; then
			echo "$p"
			return 0
		fi
	done
	return 1
}
find_peers() {
	python3 "$bench/peers/mk932.py" >"$work/t932.h"
	peer 'C loop, decode and normalise' cc -O3 -std=gnu11 -I"$work" -o "$work/lb" "$bench/peers/lb.c" -lpthread
	peer 'iconv | psql \copy (flat)' start_server
	[ -z "${INSTALL:-}" ] || npm install --silent --prefix "$node" csv-parse iconv-lite @duckdb/node-api >/dev/null 2>&1 || true
	peer 'pandas, to_sql' python_with pandas
	peer 'DuckDB' test -d "$node/node_modules/@duckdb/node-api"
	peer 'Node, csv-parse and iconv-lite' test -d "$node/node_modules/csv-parse"
	peer 'pgloader' command -v pgloader
	peer 'iconv | Miller' command -v mlr # last: it keeps all rows in memory
}
start_server() { # on the loopback address, too: pgloader knows no socket
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	tests/lib/pg_server.sh start "$work/pg" && tests/lib/pg_server.sh stop "$work/pg" &&
		tests/lib/pg_server.sh again "$work/pg" "-c listen_addresses=127.0.0.1 -p $port -c autovacuum_naptime=1min" && server=1
}
pg() { echo "host=$work/pg port=$port user=tsunagi dbname=tsunagi"; }
run_peer() { # NAME
	case $1 in
	C*) in_shell "$1" "$work/lb.csv" "'$work/lb' '$work/$rows.csv' --norm --sink csv --out '$work/lb.csv'" ;;
	*psql*) in_shell "$1" - "psql -q -X '$(pg)' -f '$bench/peers/schema.sql' && $utf8 | psql -q -X '$(pg)' -c '\\copy cases from stdin csv header'" ;;
	*Miller) in_shell "$1" "$work/mlr.csv" "$utf8 | mlr --icsv --ocsv --allow-ragged-csv-input --infer-none put -f '$bench/peers/map.mlr' >'$work/mlr.csv'" ;;
	pandas*) fresh pandas && in_shell "$1" "$work/pandas.db" "'$(python_with pandas)' '$bench/peers/pandas_load.py' '$work/$rows.csv' sqlite '$work/pandas.db' 20000" ;;
	DuckDB) fresh duck && cp "$bench/peers/duck.mjs" "$node/" && in_shell "$1" "$work/duck.db" "$utf8 >'$work/duck.csv' && node '$node/duck.mjs' '$work/duck.csv' '$work/duck.db'" ;;
	Node*) fresh node && cp "$bench/peers/node_load.mjs" "$node/" && in_shell "$1" "$work/node.csv" "node '$node/node_load.mjs' '$work/$rows.csv' csv '$work/node.csv'" ;;
	pgloader) PGURI=postgresql://tsunagi@127.0.0.1:$port/tsunagi OUT=$work in_shell "$1" - "'$bench/peers/pgload.sh' '$work/$rows.csv' cp932" ;;
	esac
}
# every column of a flat table as text, the log settings that the store has
flat() {
	fresh flat
	timed 'iconv | sqlite3 .import (flat)' "$work/flat.db" sqlite3 "$work/flat.db" \
		'PRAGMA journal_mode=WAL' 'PRAGMA synchronous=NORMAL' \
		".import --csv \"|iconv -f CP932 -t UTF-8 $work/$rows.csv\" cases"
}

# --- the jobs -----------------------------------------------------------------------------------
hub_jobs() {
	fresh tenth
	import 'tsunagi, a tenth of the rows' "sqlite:$work/tenth.db" "$work/$((rows / 10)).csv"
	fresh clean
	import 'tsunagi import' "sqlite:$work/clean.db" "$work/$rows.csv"
	import 'tsunagi, same under another name' "sqlite:$work/clean.db" "$work/$rows.again.csv" --again
	import 'tsunagi --dry-run' "sqlite:$work/none.db" "$work/$rows.csv" --dry-run
	fresh one
	import 'tsunagi --workers 1' "sqlite:$work/one.db" "$work/$rows.csv" --workers 1
	timed 'tsunagi inspect' - "$work/hub/bin/tsunagi" inspect "$work/$rows.csv" --encoding cp932
	fresh dirty
	import 'tsunagi, 2 % dirt' "sqlite:$work/dirty.db" "$work/$rows.dirty.csv"
	if [ -n "$server" ]; then
		import 'tsunagi into PostgreSQL' "$(pg)" "$work/$rows.csv"
		psql -q -X "$(pg)" -c 'DROP SCHEMA tsunagi CASCADE' 2>/dev/null
	fi
}

generate
install_hub
find_peers
[ ${#missing[@]} -eq 0 ] || printf 'not installed: %s\n' "${missing[@]}"
rm -f "$work/result.tsv"
printf '\n%-34s%10s%9s%9s%8s%8s%9s%11s\n' job rows/s wall user sys server 'peak MiB' 'store MB'
for ((i = 0; i < rounds; i++)); do
	flat
	hub_jobs
	for p in "${peers[@]}"; do run_peer "$p" || echo "$p: failed, left out"; done
done
python3 tests/bench/ratios.py "$work/result.tsv"
echo
sqlite3 "$work/clean.db" "SELECT 'rows of the clean store: record ' || count(*) FROM record"
sqlite3 "$work/dirty.db" "SELECT 'dirty store: record ' || count(*) FROM record
	UNION ALL SELECT 'rejects, ' || code || ': ' || count(*) FROM reject GROUP BY code"
echo
python3 tests/bench/truth.py "$work/dirty.db" "$work/$rows.dirty.jsonl"
