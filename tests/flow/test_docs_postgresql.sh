# The commands of docs/postgresql.md and its Japanese twin, in their order, against a server of the test's own.
. tests/lib/tap.sh
if [ "${TEST_STORE:-}" = sqlite ]; then
	skip "PostgreSQL" "this is the turn of SQLite"
	tap_done
	exit
fi
unset TEST_PG TSUNAGI_STORE
TEST_STORE=postgresql
. tests/lib/store.sh
root=$PWD pg=$SCRATCH/pg
tests/lib/pg_server.sh stop "$pg"
port=$(tests/lib/pg_server.sh tcp "$pg")
admin() { PGPORT=$port PGHOST=$pg PGUSER=postgres "$@"; }
sed "s/^/[welfare]\nhost=127.0.0.1\nport=$port\nuser=tsunagi\ndbname=/" <<<welfare >"$SCRATCH/service.conf"
export PGSERVICEFILE=$SCRATCH/service.conf
for doc in postgresql.md postgresql.ja.md; do
	mkdir "$SCRATCH/$doc" && cd "$SCRATCH/$doc" || exit 1
	admin psql -q -d postgres -c 'DROP DATABASE IF EXISTS tsunagi' -c 'DROP DATABASE IF EXISTS welfare' \
		-c 'DROP DATABASE IF EXISTS restored' -c 'DROP ROLE tsunagi' 2>/dev/null
	cp "$root/mappings/legacy-care-record/sample.csv" cases.csv
	n=0
	while IFS= read -r line; do
		line=${line//mapping.cfg/legacy-care-record}
		case $line in *tsunagi\ *--store*) run=(env PGPORT="$port") ;; *) run=(admin) ;; esac
		"${run[@]}" timeout 240 bash -c "$line" >out.txt 2>err.txt </dev/null
		rc=$?
		[ $rc -eq 0 ] || { [ $rc -eq 5 ] && [[ $line == *import* ]]; }
		ok $? "$doc: ${line#"${line%%[! ]*}"}" "exit $rc: $(cat err.txt)"
		n=$((n + 1))
	done < <(grep -E '^    (tsunagi|createuser|createdb|pg_dump|pg_restore) ' "$root/docs/$doc")
	is "$n" 9 "$doc: commands were found"
	cd "$root" || exit 1
done
# every code that the page names is one that the program has
for doc in postgresql.md postgresql.ja.md; do
	for code in $(grep -oE '`(store-[a-z-]+|not-a-store|disk-full)`' "docs/$doc" | tr -d '`' | sort -u); do
		grep -qs "\"$code\"" hub/store/*.c
		ok $? "$doc: $code"
	done
done
tap_done
