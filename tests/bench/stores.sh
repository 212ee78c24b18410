#!/bin/bash
# A program on a new SQLite file, then in a PostgreSQL server of its own (left out where none is installed), with as much
# memory as PostgreSQL gives itself: that of the other tests is small on purpose.
# usage: stores.sh PROGRAM [ARGUMENT...]   it gets the store before its arguments, BENCH_DIR is a folder
set -u
BENCH_DIR=$(mktemp -d)
export BENCH_DIR
chmod 755 "$BENCH_DIR"
trap 'tests/lib/pg_server.sh stop "$BENCH_DIR/pg" immediate 2>/dev/null; rm -r "$BENCH_DIR"' EXIT
program=$1
shift
echo "SQLite:"
"$program" "sqlite:$BENCH_DIR/s.db" "$@"
bad=$?
tests/lib/pg_server.sh start "$BENCH_DIR/pg" -c shared_buffers=128MB || exit $bad
echo "PostgreSQL:"
"$program" "postgresql:host=$BENCH_DIR/pg user=tsunagi dbname=tsunagi" "$@" || bad=1
exit $bad
