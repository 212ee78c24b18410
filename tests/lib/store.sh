# Sourced after tap.sh by tests that keep data in a store: the same test runs on SQLite and, with
# TEST_STORE=postgresql, on a server (TEST_PG as tests/run.sh sets it, or one of the test's own).
# Stores have names; one that was not written to yet is not there.
if [ "${TEST_STORE:-sqlite}" = postgresql ] && [ -z "${TEST_PG:-}" ]; then
	chmod 755 "$SCRATCH"
	here=$(dirname "${BASH_SOURCE[0]}")
	own_server=$(cd "$here" && pwd)/pg_server.sh
	"$own_server" start "$SCRATCH/pg" || exit 1
	trap '"$own_server" stop "$SCRATCH/pg" immediate; rm -rf "$SCRATCH"' EXIT
	TEST_PG="host=$SCRATCH/pg user=tsunagi dbname=tsunagi"
fi

export TSUNAGI_KEYS=$SCRATCH/recipient.keys # of all stores of the test

store_db() { echo "t_$$_$1"; } # name of its database
store_url() { # NAME ; makes the empty database, not the store
	if [ "${TEST_STORE:-sqlite}" = sqlite ]; then echo "sqlite:$SCRATCH/$1.db"; return; fi
	psql -q "$TEST_PG" -c "CREATE DATABASE $(store_db "$1") TEMPLATE template0 ENCODING 'UTF8'" 2>/dev/null
	echo "postgresql:$TEST_PG dbname=$(store_db "$1")"
}
store_sql() { # NAME SQL ; columns come apart by |, null is nothing
	if [ "${TEST_STORE:-sqlite}" = sqlite ]; then sqlite3 -cmd '.timeout 5000' "$SCRATCH/$1.db" "$2"; return; fi
	PGOPTIONS='-c search_path=tsunagi' psql -qAt -v ON_ERROR_STOP=1 "$TEST_PG dbname=$(store_db "$1")" -c "$2"
}
store_bytes() { # NAME ; everything in it, to be searched
	if [ "${TEST_STORE:-sqlite}" = sqlite ]; then cat "$SCRATCH/$1.db"*; return; fi
	pg_dump "$TEST_PG dbname=$(store_db "$1")"
}
store_drop() { # NAME
	if [ "${TEST_STORE:-sqlite}" = sqlite ]; then rm -f "$SCRATCH/$1.db" "$SCRATCH/$1.db"-*; return; fi
	psql -q "$TEST_PG" -c "DROP DATABASE IF EXISTS $(store_db "$1") WITH (FORCE)" 2>/dev/null
}
store_copy() { # FROM TO ; nobody is connected
	store_drop "$2"
	if [ "${TEST_STORE:-sqlite}" = sqlite ]; then
		sqlite3 "$SCRATCH/$1.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
		cp "$SCRATCH/$1.db" "$SCRATCH/$2.db"
	else
		psql -q "$TEST_PG" -c "CREATE DATABASE $(store_db "$2") TEMPLATE $(store_db "$1")"
	fi
}
store_hex() { [ "${TEST_STORE:-sqlite}" = sqlite ] && echo "hex($1)" || echo "upper(encode($1, 'hex'))"; } # COLUMN
# Everything the data is: entity rows, records, rejects, links; without times and without the numbers of
# runs. The same text for the same content on both drivers.
store_rows() { # NAME
	local all
	if [ "${TEST_STORE:-sqlite}" = sqlite ]; then
		all="SELECT 'SELECT ''' || t || ''', ' || group_concat('quote(\"' || c || '\")') || ' FROM ' || t || ' ORDER BY id;'
			FROM (SELECT m.name AS t, p.name AS c FROM sqlite_schema m, pragma_table_info(m.name) p
				WHERE m.type = 'table' AND m.name LIKE 'cc\_%' ESCAPE '\' ORDER BY 1, 2) GROUP BY t ORDER BY t"
	else
		all="SELECT format('SELECT %L, %s FROM %s ORDER BY id;', table_name, string_agg(CASE data_type WHEN 'bigint'
				THEN format('coalesce(%I::text, ''NULL'')', column_name) ELSE format('quote_nullable(%I)', column_name) END,
				',' ORDER BY column_name COLLATE \"C\"), table_name) FROM information_schema.columns
			WHERE table_schema = 'tsunagi' AND table_name LIKE 'cc\_%' GROUP BY table_name ORDER BY table_name COLLATE \"C\""
	fi
	store_sql "$1" "$(store_sql "$1" "$all")
		SELECT id, key, $(store_hex hash), state FROM record ORDER BY id;
		SELECT row, code, col FROM reject ORDER BY row, code;
		SELECT a, b, rule, state FROM person_link ORDER BY 1, 2"
}
