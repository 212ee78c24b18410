#!/bin/bash
# A web process that cannot serve or stands still: the daemon says so where somebody looks (its start, status, the service
# manager), with what to run. The clock of standing still: hub/serve/test_front.c.
. tests/lib/tap.sh
. tests/lib/web.sh
export TSUNAGI_LANG=en TSUNAGI_PLUGINS=$SCRATCH/plugins
mkdir "$TSUNAGI_PLUGINS"
site=$SCRATCH/site
web_site "$site" ''
cat >"$site/local.cfg" <<'CFG'
version = "next";
entities: { person: { fields: { local_shelf: { label = "棚"; type = "text"; class = "operational"; }; }; }; };
CFG
python3 - "$SCRATCH/notify" >"$SCRATCH/notified" <<'PY' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
s.settimeout(300)
while True:
    print(s.recv(4096).decode(), flush=True)
PY
listener=$!
WEB_LISTENERS=$listener
soon test -S "$SCRATCH/notify"
export NOTIFY_SOCKET=$SCRATCH/notify

web_start "$site"
ok $? "it serves"
is "$(api - GET /ready | jq -r .status)" ready "and is ready"
web_child() { pgrep -P "$WEB_DAEMON"; }
jq '.web' "$site/state/serve.json" >"$SCRATCH/web"
like "$(tr -d ' \n' <"$SCRATCH/web")" '"expected":1,"serving":1.*"deaths":0' "the state file says so"
unlike "$(tsunagi status "$site/jobs.cfg" 2>&1)" 'HTTP is not served' "status has nothing to say"

# requests that nobody answers while others are (threads of its own: hub/serve/test_front.c), as the daemon notes them
like "$(api - GET /metrics)" 'tsunagi_web_late_requests 0' "no request is late"
unlike "$(api - GET /ready)" late "nor is one named"
kill -STOP "$WEB_DAEMON"
jq '.web.late = 3 | .written_at += 1000' "$site/state/serve.json" >"$SCRATCH/late" && mv "$SCRATCH/late" "$site/state/serve.json"
is "$(api - GET /ready | jq -c .)" '{"status":"ready","late_requests":3}' "/ready names those that are"
like "$(api - GET /metrics)" 'tsunagi_web_late_requests 3' "/metrics as well"
like "$(tsunagi status "$site/jobs.cfg" 2>&1)" '3 requests have not been answered .*reload' "and status, with what ends them"
kill -CONT "$WEB_DAEMON"

# the program or its schema is replaced while the daemon runs, and the web process begins anew
sed -i '1i schema = "local.cfg";' "$site/jobs.cfg"
kill -9 "$(web_child)"
told() { tsunagi status "$site/jobs.cfg" 2>&1 | grep -q "$1"; }
soon told 'HTTP is not served since .*made for another version of the common case format'
ok $? "status says why HTTP is not served" "$(tsunagi status "$site/jobs.cfg" 2>&1)"
like "$(tsunagi status "$site/jobs.cfg" 2>&1)" 'tsunagi schema apply' "and what to run"
like "$(grep web-died "$site/log" | tail -n 1)" '"code":"schema-changed".*schema apply' "so does the log"
like "$(cat "$SCRATCH/notified")" 'STATUS=.*another version of the common case format.*schema apply' "and the service manager"
exits 0 "what it says is run" tsunagi schema apply --schema "$site/local.cfg" --store "$WEB_STORE"
soon web_answers
ok $? "and HTTP is served again"
quiet() { ! told 'HTTP is not served'; }
soon quiet
ok $? "and status has nothing to say"
web_stop

# the same at the start
sed -i 1d "$site/jobs.cfg"
: >"$SCRATCH/notified"
exits 3 "a store of another version ends the start" timeout 240 tsunagi serve "$site/jobs.cfg"
like "$ERR" 'jobs.cfg:[0-9].*another version of the common case format.*schema apply' "with what to run"
unlike "$ERR" '"event":"started"' "and without saying that it has started"

# a store that is not there yet: the daemon starts, and is not ready before it can be used
sed -i 's/^store = .*/store = "sqlite:later\/s.db";/' "$site/jobs.cfg"
tsunagi serve "$site/jobs.cfg" 2>"$site/log" &
WEB_DAEMON=$!
disown
soon grep -q '"event":"started"' "$site/log"
ok $? "a store that cannot be reached does not keep it from starting" "$(cat "$site/log")"
WEB_URL=http://127.0.0.1:$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$site/log")
is "$(api - GET /ready | jq -r .status) $(web_status)" "store 503" "but it is not ready"
mkdir "$site/later"
soon web_answers
ok $? "until the store is there"
web_stop

# a key of another certificate
for i in 1 2; do
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$site/$i.key" -out "$site/$i.pem" -days 2 -subj /CN=localhost 2>/dev/null
done
sed -i 's/^serve: {/& tls: { cert = "1.pem"; key = "2.key"; };/' "$site/jobs.cfg"
exits 3 "a key of another certificate ends the start" timeout 240 tsunagi serve "$site/jobs.cfg"
like "$ERR" 'tls-unusable.*must be a pair' "with what is wrong"
unlike "$ERR" '"event":"started"' "and without saying that it has started"
kill "$listener"
tap_done
