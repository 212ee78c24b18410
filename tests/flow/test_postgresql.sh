# PostgreSQL as a store: the same rows as SQLite, ways to reach a server, and every way in which one can be
# missing or wrong: a code, what to do, the exit code; after it the same command goes on to the same rows.
. tests/lib/tap.sh
if [ "${TEST_STORE:-}" = sqlite ]; then
	skip "PostgreSQL" "this is the turn of SQLite"
	tap_done
	exit
fi
unset TEST_PG # a server of its own: it is stopped, starved and lied about
TEST_STORE=postgresql
. tests/lib/store.sh
root=$PWD map=$PWD/tests/flow/people/mapping.cfg pg=$SCRATCH/pg
server() { "$root/tests/lib/pg_server.sh" "$@"; }
cd "$SCRATCH" || exit 1
admin() { psql -qAt -v ON_ERROR_STOP=1 -h "$pg" -U postgres -d "${DB:-postgres}" -c "$1"; }
import() { tsunagi import "$1" --mapping "$map" --quiet --store "$2"; }
fails() { # EXIT CODE NAME COMMAND...
	local want=$1 code=$2 name=$3
	shift 3
	exits "$want" "$name" "$@"
	like "$ERR" "error\[$code\]" "$name: $code"
	like "$ERR" 'what to do|hint' "$name: what to do"
	unlike "$ERR" 's3cret' "$name: no password"
}
python3 - >many.csv <<'PY'
import sys
rows = ["番号,氏名,生年月日,電話,メモ"] + ["b%d,山田%d,S45.3.1,03-1234-%04d,%s" % (i, i % 7, i % 5000, "x" * 40) for i in range(20000)]
sys.stdout.buffer.write("\r\n".join(rows + [""]).encode("cp932"))
PY
head -n 20 many.csv >few.csv

# --- the same rows as SQLite, to the byte, after an import, a change and an undo
iconv -f cp932 -t utf-8 few.csv | sed 's/,山田3,/,鈴木,/; $d' | iconv -f utf-8 -t cp932 >later.csv
for TEST_STORE in sqlite postgresql; do
	url=$(store_url same)
	{
		import few.csv "$url"
		import later.csv "$url"
		store_rows same >"later.$TEST_STORE"
		tsunagi undo 2 --store "$url"
		tsunagi runs --store "$url" --format csv | cut -d, -f1-5
		tsunagi doctor --store "$url" | grep -c '^ok'
	} >"out.$TEST_STORE" 2>&1
	store_rows same >"rows.$TEST_STORE"
done
sed -i 's/[0-9-]*T[0-9:+]*//g; /^rate\|[0-9] rows\/s/d' out.*
same_file later.postgresql later.sqlite "import and change give the same rows as on SQLite"
same_file rows.postgresql rows.sqlite "and so does an undo"
[ "$(wc -l <rows.sqlite)" -gt 40 ]; ok $? "which are not none"

# --- ways to reach it
server stop "$pg" fast
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	-keyout key.pem -out cert.pem >/dev/null 2>&1
install -m 600 key.pem "$pg/data/server.key" && install -m 600 cert.pem "$pg/data/server.crt"
[ "$(id -u)" -ne 0 ] || chown --reference="$pg/data" "$pg/data/server.key" "$pg/data/server.crt" "$pg/data"
{
	echo "host all secret 127.0.0.1/32 scram-sha-256"
	echo "hostssl all crypt 127.0.0.1/32 trust"
	echo "host all refused 127.0.0.1/32 reject"
	cat "$pg/data/pg_hba.conf"
} >hba && cat hba >"$pg/data/pg_hba.conf"
port=$(server tcp "$pg" -c ssl=on)
export PGPORT=$port
admin "CREATE ROLE secret LOGIN PASSWORD 's3cret'"
admin "CREATE ROLE crypt LOGIN"
admin "CREATE DATABASE reach OWNER secret"
admin "GRANT ALL ON DATABASE reach TO crypt"
at=127.0.0.1:$port/reach
exits 0 "a URL with user and password" import few.csv "postgresql://secret:s3cret@$at"
echo "127.0.0.1:$port:reach:secret:s3cret" >pgpass && chmod 600 pgpass
PGPASSFILE=pgpass exits 0 "a password file" tsunagi runs --store "postgresql://secret@$at"
printf '[kita]\nhost=127.0.0.1\nport=%s\ndbname=reach\nuser=secret\n' "$port" >service.conf
PGPASSFILE=pgpass PGSERVICEFILE=$SCRATCH/service.conf exits 0 "a service" tsunagi runs --store service=kita
PGPASSFILE=pgpass exits 0 "keywords" tsunagi status --store "host=127.0.0.1 port=$port dbname=reach user=secret"
PGPASSFILE=pgpass PGHOST=127.0.0.1 PGUSER=secret PGDATABASE=reach exits 0 "the environment" tsunagi doctor --store 'postgresql:sslmode=prefer'
tls="postgresql://crypt@localhost:$port/postgres?sslmode=verify-full&hostaddr=127.0.0.1"
fails 7 store-missing "TLS, the certificate proved" tsunagi runs --store "$tls&sslrootcert=$SCRATCH/cert.pem"

# --- what can be wrong with it
fails 2 store-url "a wrong URL" tsunagi runs --store "postgresql://u:s3cret/x@host/db"
fails 2 store-url "a wrong keyword" tsunagi runs --store "host=x passwort=s3cret"
fails 7 store-unreachable "no server" tsunagi runs --store "postgresql://u:s3cret@127.0.0.1:1/x"
fails 7 store-unreachable "no socket" tsunagi runs --store "postgresql:host=$SCRATCH dbname=x"
fails 7 store-host-unknown "no such host" tsunagi runs --store "postgresql://u@no-such-host.invalid/x"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout other.key -out other.pem >/dev/null 2>&1
fails 7 store-tls "a foreign certificate" tsunagi runs --store "$tls&sslrootcert=$SCRATCH/other.pem"
fails 7 store-auth "a wrong password" tsunagi runs --store "postgresql://secret:s3cretx@$at"
fails 7 store-auth "no password" env PGPASSFILE=/dev/null tsunagi runs --store "postgresql://secret@$at"
fails 7 store-auth "a user who may not come" tsunagi runs --store "postgresql://refused@$at"
fails 7 store-database-missing "no such database" tsunagi runs --store "postgresql:host=$pg user=tsunagi dbname=none"
fails 7 store-missing "nothing in it yet" tsunagi runs --store "postgresql:host=$pg user=tsunagi dbname=tsunagi"
admin "CREATE ROLE guest LOGIN"
fails 7 store-rights "no right to make the schema" import few.csv "postgresql:host=$pg user=guest dbname=tsunagi"
admin "CREATE DATABASE closed"
admin "REVOKE CONNECT ON DATABASE closed FROM public"
fails 7 store-rights "a database one may not enter" tsunagi runs --store "postgresql:host=$pg user=guest dbname=closed"
like "$ERR" '\(42501\)' "with the server's code"
admin "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0 OWNER tsunagi"
fails 3 store-encoding "another encoding" import few.csv "postgresql:host=$pg user=tsunagi dbname=latin"
admin "CREATE DATABASE foreign_db OWNER tsunagi"
DB=foreign_db admin "CREATE SCHEMA tsunagi AUTHORIZATION tsunagi; CREATE TABLE tsunagi.x (a int)"
fails 3 not-a-store "a schema of somebody else" import few.csv "postgresql:host=$pg user=tsunagi dbname=foreign_db"
limited() { # SETTING VALUE CODE NAME
	admin "ALTER ROLE tsunagi SET $1 = '$2'"
	fails 7 "$3" "$4" import later.csv "$(store_url same)"
	admin "ALTER ROLE tsunagi RESET $1"
}
limited default_transaction_read_only on store-readonly "a role that only reads"
# a statement that waits for somebody takes as long as that one likes, however fast the machine is
coproc owner { psql -qAt -h "$pg" -U postgres -d "$(store_db same)" 2>&1; }
echo "BEGIN; LOCK TABLE tsunagi.cc_activity IN ACCESS EXCLUSIVE MODE; SELECT 'locked';" >&"${owner[1]}"
read -r _ <&"${owner[0]}"
limited statement_timeout 50ms store-timeout "a role without time"
echo 'ROLLBACK; \q' >&"${owner[1]}"
wait "$owner_PID" 2>/dev/null
admin "ALTER ROLE tsunagi CONNECTION LIMIT 0"
fails 7 store-crowded "no connection left" tsunagi runs --store "$(store_url same)"
admin "ALTER ROLE tsunagi CONNECTION LIMIT -1"

# --- while a run is going on: the same command goes on afterwards, to the same rows
exits 0 "a whole run" import many.csv "$(store_url whole)"
store_rows whole >rows.whole
begin() { # STORE STEP ; an import in the background that stands there
	url=$(store_url "$1")
	TSUNAGI_HOLD=$2 tsunagi import many.csv --mapping "$map" --quiet --store "$url" >o 2>e &
	job=$!
	held $job
}
goes_on() { # STORE CODE NAME
	kill -CONT "$job"
	wait "$job" 2>/dev/null
	is $? 7 "$3"
	like "$(cat e)" "error\[$2\]" "$3: $2"
	like "$(cat e)" 'same command again' "$3: what to do"
	exits 0 "$3: the same command goes on" import many.csv "$(store_url "$1")"
	store_rows "$1" >rows.now
	same_file rows.now rows.whole "$3: to the same rows"
}
begin cut after-commit
admin "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tsunagi'" >/dev/null
goes_on cut store-lost "a connection that is cut"

begin down after-commit
server stop "$pg" immediate
server again "$pg" -p "$port" -c listen_addresses=127.0.0.1 -c ssl=on
goes_on down store-lost "a server that dies"

admin "ALTER ROLE tsunagi SET idle_in_transaction_session_timeout = '300ms'"
begin idle after-entities:2
ended() { [ "$(admin "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tsunagi' AND state LIKE 'idle in tr%'")" -eq 0 ]; }
soon ended
admin "ALTER ROLE tsunagi RESET idle_in_transaction_session_timeout"
goes_on idle store-lost "a transaction that stood still"

# somebody else writes, and does not end
import few.csv "$(store_url busy)" >/dev/null
coproc holder { DB=$(store_db busy) psql -qAt -h "$pg" -U postgres -d "$(store_db busy)" 2>&1; }
echo "BEGIN; UPDATE tsunagi.counter SET value = value + 1 WHERE name = 'sync' RETURNING 'held';" >&"${holder[1]}"
read -r _ <&"${holder[0]}"
fails 9 store-busy "another writer" env PGOPTIONS='-c lock_timeout=300ms' tsunagi import later.csv --mapping "$map" --quiet --store "$(store_url busy)"
echo 'ROLLBACK; \q' >&"${holder[1]}"
wait "$holder_PID" 2>/dev/null

# two transactions that wait for each other: ours, whose chunk is the first to look at activities, is taken back by the server, and
# simply done again
import few.csv "$(store_url clash)" >/dev/null
coproc rival { psql -qAt -h "$pg" -U postgres -d "$(store_db clash)" 2>&1; }
echo "SET deadlock_timeout = '1h'; BEGIN; LOCK TABLE tsunagi.cc_activity IN ACCESS EXCLUSIVE MODE; SELECT 'locked';" >&"${rival[1]}"
read -r _ <&"${rival[0]}"
import later.csv "$(store_url clash)" >o 2>e &
job=$!
waits() { [ "$(admin "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tsunagi' AND wait_event_type = 'Lock'")" -gt 0 ]; }
soon waits
echo "UPDATE tsunagi.counter SET value = value WHERE name = 'sync'; ROLLBACK; SELECT 'done';" >&"${rival[1]}"
read -r _ <&"${rival[0]}"
wait "$job"
is $? 0 "a deadlock: the chunk is written again"
echo '\q' >&"${rival[1]}"
grep -q 'deadlock detected' "$pg/log"
ok $? "a deadlock: there was one"
store_rows clash >rows.now
same_file rows.now later.sqlite "a deadlock: the same rows"

# a standby: reading works, writing says why it does not
if (umask 077 && pg_basebackup -h "$pg" -U postgres -D "$pg/standby" -R -c fast >/dev/null 2>&1); then
	mkdir "$SCRATCH/sb" && mv "$pg/standby" "$SCRATCH/sb/data" && chmod 755 "$SCRATCH/sb"
	[ "$(id -u)" -ne 0 ] || chown -R --reference="$pg/data" "$SCRATCH/sb"
	server again "$SCRATCH/sb" -p 5432 -c ssl=off
	standby="postgresql:host=$SCRATCH/sb port=5432 user=tsunagi dbname=$(store_db same)"
	exits 0 "a standby is read" tsunagi runs --store "$standby"
	fails 7 store-readonly "a standby is not written" import later.csv "$standby"
	server stop "$SCRATCH/sb" immediate
else
	ok 1 "a standby" "pg_basebackup failed"
fi

# a full disk: a small tablespace, where such a thing can be mounted
small=$SCRATCH/small
mkdir "$small"
if mount -t tmpfs -o size=14m tmpfs "$small" 2>/dev/null; then
	chown --reference="$pg/data" "$small"
	admin "CREATE TABLESPACE small LOCATION '$small'"
	admin "CREATE DATABASE $(store_db full) OWNER tsunagi TABLESPACE small"
	tsunagi import many.csv --mapping "$map" --quiet --store "$(store_url full)" >o 2>e
	is $? 7 "a full disk"
	like "$(cat e)" 'error\[disk-full\]' "a full disk: disk-full"
	mount -o remount,size=200m "$small"
	exits 0 "a full disk: with room again the same command goes on" import many.csv "$(store_url full)"
	store_rows full >rows.now
	same_file rows.now rows.whole "a full disk: to the same rows"
	admin "DROP DATABASE $(store_db full)"
	admin "DROP TABLESPACE small"
	umount "$small"
else
	skip "a full disk" "nothing can be mounted here"
fi
tap_done
