#!/bin/bash
# Streams of events and requests beside each other, once idle and once during an import. Prints p50, p99, and the
# memory of the web process before, after each part, and with all streams open.
#	tests/load/load.sh [SECONDS=60] [STREAMS=500] [REQUESTS A SECOND=200]
. tests/lib/tap.sh
. tests/lib/web.sh
seconds=${1:-60} streams=${2:-500} rate=${3:-200}
PATH=$PWD/${BUILD:-build}/bin:$PATH
plugins=$PWD/${BUILD:-build}/plugins
export TSUNAGI_PLUGINS=$SCRATCH/plugins
mkdir "$TSUNAGI_PLUGINS"
cc -std=gnu17 -O2 -shared -fPIC -Ihub/include -o "$TSUNAGI_PLUGINS/service-notes.so" tests/flow/services/notes.c
ln -s "$plugins"/source-csv.so "$plugins"/detect-pattern.so "$TSUNAGI_PLUGINS/"
site=$SCRATCH/site
web_site "$site" 'services: { notes: { plugin = "notes"; }; };'
sed -i 's/"chat\.\*"/"notes.*", "chat.*"/' "$site/roles.cfg"
people=$(((streams + 19) / 20)) # one account has 20 windows at most
for ((i = 1; i <= people; i++)); do web_user "$site" "user$i" caseworker; done
web_start "$site" || { cat "$site/log"; exit 1; }
for ((i = 1; i <= people; i++)); do web_login "user$i"; done
web=$(pgrep -P "$WEB_DAEMON" -f -- --web)
jars=$(printf "$SCRATCH/user%d.jar " $(seq 1 "$people"))
part() { # NAME
	python3 tests/load/load.py "$1" "$WEB_URL" "$web" "$seconds" "$streams" "$rate" "$SCRATCH/user1.csrf" $jars
}
part idle
bad=$?
sleep 16 # until the streams of that part are known to be closed
python3 tests/lib/gen_legacy.py "${ROWS:-20000}" 1 >"$SCRATCH/in.csv"
while :; do
	tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --store "sqlite:$site/s.db" --again --quiet >/dev/null 2>&1
done &
import=$!
disown
part import || bad=1
kill $import
web_stop; [ -z "${KEEP:-}" ] || cp "$site/log" "$KEEP"
exit $bad
