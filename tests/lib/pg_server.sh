#!/bin/bash
# A PostgreSQL server of its own for tests: in a folder that is made for it, with a socket there and, when
# wanted, a free port on the loopback address. PostgreSQL refuses to run as root, so root hands it to
# another user.
#   pg_server.sh start DIR [OPTION...]   initdb, start (options go to the server), make role and database
#   pg_server.sh stop DIR [MODE]         MODE: fast (default) or immediate; start again with `again`
#   pg_server.sh again DIR [OPTION...]
#   pg_server.sh tcp DIR [OPTION...]     again, on a port of the loopback address that is free; prints it
# Connect with: host=DIR user=tsunagi dbname=NAME. Exit 77: PostgreSQL is not installed here.
set -u
unset PGPORT # the server would listen there
do=${1:?} dir=${2:?}
shift 2
bin=
for b in ${PG_BIN:-/usr/lib/postgresql/15/bin} /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null)"; do
	if [ -x "$b/initdb" ]; then bin=$b; break; fi
done
[ -n "$bin" ] || { echo "no initdb found: install postgresql-15 (hub/deps.sh check)" >&2; exit 77; }

as() { # COMMAND... as somebody who is not root
	if [ "$(id -u)" -ne 0 ]; then (cd "$dir" && "$@"); else (cd "$dir" && setpriv --reuid="$owner" --regid="$group" --clear-groups -- "$@"); fi
}
owner=nobody
if id postgres >/dev/null 2>&1; then owner=postgres; fi
group=$(id -g "$owner")

up() { # OPTION...
	as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -s -w -t 240 -o "-k $dir -c listen_addresses='' $*" start >/dev/null
}
case $do in
start)
	mkdir -p "$dir" && chmod 755 "$dir"
	[ "$(id -u)" -ne 0 ] || chown "$owner" "$dir"
	as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions >"$dir/initdb.log" 2>&1 ||
		{ tail -n 5 "$dir/initdb.log" >&2; exit 1; }
	# kill -9 of a client or of the server is what tests do, not a power cut
	as sh -c 'printf "fsync = off\nfull_page_writes = off\nmax_connections = 50\nshared_buffers = 32MB\nautovacuum_naptime = 5s\n" >>data/postgresql.conf'
	up "$@" || { tail -n 5 "$dir/log" >&2; exit 1; }
	psql -q -v ON_ERROR_STOP=1 -h "$dir" -U postgres -d postgres -c 'CREATE ROLE tsunagi LOGIN CREATEDB' \
		-c 'CREATE DATABASE tsunagi OWNER tsunagi'
	;;
again) up "$@" ;;
tcp) # somebody else may take the port before the server does
	for _ in 1 2 3 4 5 6 7 8 9; do
		port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
		! up -p "$port" -c listen_addresses=127.0.0.1 "$@" 2>/dev/null || { echo "$port"; exit 0; }
	done
	exit 1
	;;
stop) as "$bin/pg_ctl" -D "$dir/data" -s -m "${1:-fast}" stop ;;
*) echo "unknown: $do" >&2; exit 2 ;;
esac
