#!/bin/bash
# Streams of events and requests beside each other, once idle and once during an import. Prints p50, p99, what a
# request costs of a core, and the memory of the web process before, half way and at the end. One request in ten
# writes and pushes to every stream; the others read a module's row, and cases and their records through the gate.
#	tests/load/load.sh [SECONDS=60] [STREAMS=500] [REQUESTS A SECOND=200]
# ROWS: of the import (20000). CASES: in the store (2000). TEST_STORE=postgresql: on a server.
. tests/lib/tap.sh
. tests/lib/web.sh
seconds=${1:-60} streams=${2:-500} rate=${3:-200}
PATH=$PWD/${BUILD:-build}/bin:$PATH
plugins=$PWD/${BUILD:-build}/plugins
export TSUNAGI_PLUGINS=$SCRATCH/plugins
mkdir "$TSUNAGI_PLUGINS"
cc -std=gnu17 -O2 -shared -fPIC -Ihub/include -o "$TSUNAGI_PLUGINS/service-notes.so" tests/flow/services/notes.c
cc -std=gnu17 -D_GNU_SOURCE -O2 -o "$SCRATCH/load" tests/load/load.c
ln -s "$plugins"/source-csv.so "$plugins"/detect-pattern.so "$TSUNAGI_PLUGINS/"
site=$SCRATCH/site
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$site/keys
web_site "$site" 'services: { notes: { plugin = "notes"; }; };' 'views = ["wel.cfg"];'
sed -i 's/"chat\.\*"/"notes.*", "chat.*"/' "$site/roles.cfg"
cp config/profiles/trusted-agency.cfg "$site/wel.cfg"
python3 tests/lib/gen_legacy.py "${CASES:-2000}" 7 >"$SCRATCH/first.csv"
tsunagi import "$SCRATCH/first.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
TSUNAGI_ACTOR=ann tsunagi release propose "$site/wel.cfg" >/dev/null
TSUNAGI_ACTOR=bob tsunagi release approve "$site/wel.cfg" >/dev/null
people=$(((streams + 19) / 20)) # one account has 20 windows at most
for ((i = 1; i <= people; i++)); do web_user "$site" "user$i" caseworker WEL; done
web_start "$site" || { cat "$site/log"; exit 1; }
for ((i = 1; i <= people; i++)); do web_login "user$i"; done
web=$(pgrep -P "$WEB_DAEMON" -f -- --web)
jars=$(printf "$SCRATCH/user%d.jar " $(seq 1 "$people"))
api user1 POST /v1/notes/notes '{"text":"first"}' >/dev/null
cat >"$SCRATCH/paths" <<PATHS
/v1/notes/notes/1
/v1/cases/2026-0000011
/v1/notes/notes/1
/v1/cases/2026-0000012/records/intake
/v1/notes/notes/1
/v1/cases?limit=5
/v1/cases/2026-0000015
PATHS
while IFS= read -r path; do api user1 GET "$path" >/dev/null; [ "$(web_status)" = 200 ] || echo "$path: $(web_status)"; done <"$SCRATCH/paths"
part() { # NAME
	"$SCRATCH/load" "$1" "${WEB_URL#http://}" "$web" "$seconds" "$streams" "$rate" "$SCRATCH/user1.csrf" "$SCRATCH/paths" $jars
}
part idle
bad=$?; [ -z "${KEEP:-}" ] || cp "$site/log" "$KEEP"; [ -z "${ONLY_IDLE:-}" ] || { web_stop; exit $bad; }
closed() { curl -s "$WEB_URL/metrics" | grep -q '^tsunagi_event_streams 0$'; }
soon closed # the server learns that a stream has gone when it writes to it
python3 tests/lib/gen_legacy.py "${ROWS:-20000}" 1 >"$SCRATCH/in.csv"
while :; do
	tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --again --quiet >/dev/null 2>&1
done &
import=$!
disown
part import || bad=1
kill $import
web_stop; [ -z "${KEEP:-}" ] || cp "$site/log" "$KEEP"
exit $bad
