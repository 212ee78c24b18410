#!/bin/bash
# The daemon with real configurations, files dropped into folders, kill -9 of it and of its runs at
# random, a plugin that crashes, hangs and eats memory, reload, stop.
. tests/lib/tap.sh
root=$PWD
export TSUNAGI_PLUGINS=$SCRATCH/plugins # no detectors: this is not about them
mkdir "$TSUNAGI_PLUGINS"
ln -s "$(cd "$BUILD" && pwd)/plugins/source-csv.so" "$TSUNAGI_PLUGINS/"
daemon=0 # KEEP=FOLDER: what it leaves, to look at
trap 'exec 2>/dev/null; [ $daemon -eq 0 ] || kill -9 $daemon; [ -z "${KEEP:-}" ] || mv "$SCRATCH" "$KEEP"; rm -rf "$SCRATCH"' EXIT

serve() { # SITE ; its log: SITE/log
	tsunagi serve "$1/jobs.cfg" 2>>"$1/log" &
	daemon=$!
	disown
}
gone() { ! kill -0 "$1" 2>/dev/null; }
idle() { # FOLDER ; nothing is left in it or under way
	[ -z "$(find "$1" -maxdepth 1 -type f)$(find "$1/taken" -maxdepth 1 -type f)" ]
}
state() { jq -r ".jobs[] | select(.name == \"$2\") | .$3" "$1/state/serve.json"; } # SITE JOB FIELD
state_is() { [ "$(state "$1" "$2" "$3")" = "$4" ]; }
logged() { grep -q "$2" "$1/log"; }
stop() { # how long is said and not judged: it is the machine's as well (daemon.c says what the daemon itself waits for)
	local t
	t=$(date +%s%3N)
	kill "$daemon"
	soon gone "$daemon" || return
	echo "# stopped after $(($(date +%s%3N) - t)) ms"
	daemon=0
}

# --- a site whose plugin crashes, hangs or eats memory; it is left alone while others are tried --------
cat >"$SCRATCH/bad.c" <<'C'
#include <hub/plugin.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int c_open(struct hub_ctx *x, const struct hub_host *h, const void *c, struct hub_str p, void **s, struct hub_err *e)
{
	(void)x, (void)h, (void)p, (void)e;
	*s = (void *)c;
	return HUB_OK;
}
static int c_next(void *s, struct hub_batch *b, struct hub_err *e)
{
	char word[8] = "";
	const int fd = open(((const struct hub_str *)s)->ptr, O_RDONLY);

	(void)b, (void)e;
	if (fd != -1 && read(fd, word, 5) == 5)
		close(fd);
	if (strcmp(word, "crash") == 0)
		abort();
	while (strcmp(word, "hangs") == 0)
		pause();
	while (strcmp(word, "eats!") == 0)
		memset(malloc(1 << 20), 1, 1 << 20);
	return HUB_END;
}
static void c_close(void *s)
{
	(void)s;
}
static const struct hub_opt opts[] = {{.name = "path", .type = HUB_O_PATH, .flags = HUB_OPT_REQUIRED | HUB_OPT_INPUT, .help = "file"}, {.name = NULL}};
static const struct hub_ops ops = {.size = sizeof ops, .open = c_open, .next = c_next, .close = c_close};
static const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = HUB_SOURCE, .name = "bad", .version = "1", .license = "MIT",
	.summary = "misbehaves", .opts = opts, .conf_size = sizeof(struct hub_str), .ops = &ops};
const struct hub_plugin *hub_plugin_get(uint32_t i) { return i == 0 ? &p : NULL; }
C
cc -std=c17 -D_GNU_SOURCE -shared -fPIC -I"$root/hub/include" -o "$TSUNAGI_PLUGINS/source-bad.so" "$SCRATCH/bad.c"
bad=$SCRATCH/bad
mkdir "$bad"
job() { # NAME PLUGIN MORE ; with a mapping of its own: runs of one mapping wait for each other
	sed "s/\"people\"/\"$1\"/; s/\"csv\"; encoding = \"cp932\"/\"$2\"/" "$root/tests/flow/people/mapping.cfg" >"$bad/$1.cfg"
	echo "  $1: { kind = \"intake\"; mapping = \"$1.cfg\"; source: { plugin = \"$2\"; };
    watch: { folder = \"in/$1\"; settle = \"50ms\"; }; retry: { first = \"50ms\"; }; $3 };"
}
jobs() { # MORE
	echo 'store = "sqlite:s.db"; serve: { listen = "127.0.0.1:0"; stalled = "1s"; parallel = 4; }; jobs: {'
	job crash bad
	job hangs bad 'limits: { time = "1s"; };'
	job eats bad 'limits: { memory = "256M"; };'
	job slow bad
	job good csv
	echo "$1 };"
}
jobs >"$bad/jobs.cfg"
people() { printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' "$@" | iconv -f utf-8 -t cp932; }
drop() { # JOB NAME ; content on stdin; complete at once, for .ok lies beside it
	cat >"$bad/in/$1/$2"
	: >"$bad/in/$1/$2.ok"
}
python3 - "$bad/notify" >"$bad/notified" <<'PY' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
s.settimeout(600)
while True:
    text = s.recv(4096).decode()
    print(text, flush=True)
    if 'STOPPING' in text:
        break
PY
soon test -S "$bad/notify"
NOTIFY_SOCKET=$bad/notify WATCHDOG_USEC=400000 serve "$bad"
bad_daemon=$daemon
soon logged "$bad" '"event":"started"'
ok $? "the daemon starts"
soon test -d "$bad/in/slow/taken/.products"
for j in crash hangs slow; do head -c 5 <<<"$j" | drop $j x.dat; done
printf hangs | drop slow x.dat
printf hangs | drop slow y.dat
printf 'eats!' | drop eats x.dat
people '001,山田,S45.3.1,,x' | drop good a.csv
people | head -n 1 | drop good b.csv

# --- kill -9 at random: nothing lost, nothing twice ----------------------------------------------------
kills=$SCRATCH/kills
mkdir -p "$kills/in"
cat >"$kills/jobs.cfg" <<'CFG'
store = "sqlite:s.db";
jobs: { cases: { kind = "intake"; mapping = "legacy-care-record"; source: { plugin = "csv"; };
  watch: { folder = "in"; settle = "50ms"; }; retry: { times = 1000; first = "50ms"; most = "50ms"; }; }; };
CFG
content() { # STORE ; every entity row, and what was rejected
	sqlite3 "$1" "SELECT 'SELECT ' || quote(name) || ', * FROM ' || name || ' ORDER BY id;' FROM sqlite_schema
		WHERE type = 'table' AND name LIKE 'cc\_%' ESCAPE '\' ORDER BY 1" |
		cat - <(echo 'SELECT row, code, col FROM reject ORDER BY run_id, row;') | sqlite3 "$1" | sha256sum
}
for n in 1 2; do
	python3 "$root/tests/lib/gen_legacy.py" 800 "$n" >"$kills/$n.csv"
	tsunagi import "$kills/$n.csv" --mapping legacy-care-record --store "sqlite:$kills/ref.db" --quiet >/dev/null 2>&1
done
RANDOM=${SEED:-$$}
echo "# seed ${SEED:-$$}"
working() { pgrep -P "$daemon" -f progress-fd; }
daemon=0
for n in 1 2; do
	cp "$kills/$n.csv" "$kills/in/cases.csv.part" && mv "$kills/in/cases.csv.part" "$kills/in/cases.csv"
	for what in daemon run both; do
		[ $daemon -ne 0 ] || serve "$kills"
		soon eval 'working || idle "$kills/in"'
		working || break # it was through before we came
		sleep "0.$(printf %03d $((RANDOM % 500)))"
		[ $what = daemon ] || kill -9 "$(working)"
		if [ $what != run ]; then
			kill -9 "$daemon"
			soon gone "$daemon"
			daemon=0
		fi
	done 2>/dev/null
	[ $daemon -ne 0 ] || serve "$kills"
	soon idle "$kills/in"
	ok $? "file $n gets through"
done
is "$(sqlite3 "$kills/s.db" 'SELECT count(*) > 700 FROM record') $(content "$kills/s.db")" "1 $(content "$kills/ref.db")" "after kills the store is that of undisturbed imports"
is "$(sqlite3 "$kills/s.db" 'SELECT count(*) FROM run WHERE state = 2')" 2 "two runs were completed, none twice"
is "$(cd "$kills/in/done" && find . -name '*.csv' ! -name '*.rejects.csv' | sort | tr '\n' ' ')" "./cases.csv ./cases~2.csv " "a name that comes again overwrites nothing"
is "$(sha256sum <"$kills/in/done/cases~2.csv" | cut -c-64)" "$(jq -r .sha256 "$kills/in/done/cases~2.csv.manifest.json")" "the manifest names the content"
stop
ok $? "stops"

# --- stopped before it has started: a file of the configuration says nothing for ever -------------------
start=$SCRATCH/start
mkdir "$start"
mkfifo "$start/mapping.cfg"
sed 's/"legacy-care-record"/"mapping.cfg"/' "$kills/jobs.cfg" >"$start/jobs.cfg"
serve "$start"
soon pgrep -P "$daemon" -f 'check --start'
check=$(pgrep -P "$daemon" -f 'check --start')
stop
ok $? "stops while the first check goes on"
logged "$start" '"event":"stopped"' && gone "$check"
ok $? "and says so; the check is gone, too" "$(cat "$start/log")"
[ $daemon -eq 0 ] || kill -9 "$daemon"

# --- what became of the bad ones -----------------------------------------------------------------------
daemon=$bad_daemon
soon test -e "$bad/in/hangs/rejected/x.dat"
ok $? "a run that hangs is ended"
for f in crash/rejected/x.dat eats/rejected/x.dat good/done/a.csv good/done/b.csv; do soon test -e "$bad/in/$f.manifest.json"; done
soon state_is "$bad" good running 0
is "$(jq -c '[.outcome, .code, .try]' "$bad/in/hangs/rejected/x.dat.manifest.json")" '["timeout","time-over",1]' "and never tried again"
is "$(jq -c '[.outcome, .signal, .try]' "$bad/in/crash/rejected/x.dat.manifest.json")" '["crashed",6,2]' "a crash is tried once more"
is "$(jq -c '[.result, .try]' "$bad/in/eats/rejected/x.dat.manifest.json")" '["rejected",2]' "a run has no more memory than it may"
is "$(state "$bad" good exit) $(cd "$bad/in/good/done" && ls a.csv*)" "0 a.csv
a.csv.manifest.json
a.csv.report.txt" "the others never noticed"
is "$(jq .empty "$bad"/in/good/done/{a,b}.csv.manifest.json | tr '\n' ' ')" "null 1 " "a file without a record is pointed out"
! gone "$bad_daemon"
ok $? "and the daemon is the same"
port=$(grep -o '"port":[0-9]*' "$bad/log" | cut -d: -f2)
get() { curl -s -o "$SCRATCH/body" -w '%{http_code}' "http://127.0.0.1:$port$1"; }
is "$(get /health)" 200 "healthy"
not_ready() { [ "$(get /ready)" = 503 ]; }
soon not_ready
is "$(jq -r .job "$SCRATCH/body")" slow "not ready: a file waits and nothing moves"
is "$(get /metrics)" 200 "metrics"
python3 "$root/tests/lib/openmetrics.py" <"$SCRATCH/body" >"$SCRATCH/samples"
ok $? "are OpenMetrics" "$(cat "$SCRATCH/samples")"
like "$(cat "$SCRATCH/samples")" 'tsunagi_job_ended_badly_total\{job="crash"\} 2' "count the crashes"
unlike "$(cat "$SCRATCH/samples")" 'tsunagi_job_(rows|rejected)' "but nobody's records: how many a feed of protected people has is for those who may know"
exits 0 "status" tsunagi status "$bad/jobs.cfg" --format jsonl
is "$(jq -c 'select(.job == "slow") | [.state, .waiting]' <<<"$OUT")" '["running",1]' "says what it does"

# --- reload, with a run under way ----------------------------------------------------------------------
run=$(pgrep -P "$daemon" -f 'run .* slow')
jobs 'more: { kind = "intakes"; };' >"$bad/jobs.cfg"
kill -HUP "$daemon"
soon logged "$bad" '"event":"reload-refused"'
ok $? "a wrong configuration is refused"
jobs "$(job more csv 'blackout = ["00:00-24:00"];')" >"$bad/jobs.cfg"
exits 3 "blackouts that leave no time are refused, in time" timeout 240 tsunagi check --alone "$bad/jobs.cfg"
like "$ERR$OUT" 'jobs.cfg:[0-9].*job more no time' "with their place"
jobs "$(job more csv)" >"$bad/jobs.cfg"
kill -HUP "$daemon"
soon logged "$bad" '"event":"reloaded"'
ok $? "a right one is taken"
soon test -d "$bad/in/more/taken/.products"
people '002,佐藤,S49.9.9,,y' | drop more b.csv
soon test -e "$bad/in/more/done/b.csv"
ok $? "its new job works"
is "$(pgrep -P "$daemon" -f 'run .* slow')" "$run" "the run that was under way goes on"
healthy() { [ "$(get /health)" = 200 ]; }
soon healthy
ok $? "HTTP is back on the same port"
exits 9 "a second daemon for the same folder is refused" timeout 240 tsunagi serve "$bad/jobs.cfg"
stop
ok $? "stops though a run hangs that would never end"
soon grep -q STOPPING "$bad/notified"
is "$(state "$bad" slow running) $(ls "$bad/in/slow/taken")" "1 x.dat" "and remembers what was not done"
is "$(sort -u "$bad/notified" | tr '\n' ' ')" "READY=1 STOPPING=1 WATCHDOG=1 " "the service manager was told"
unlike "$(cat "$bad/log" "$kills/log")" '山田|佐藤|髙橋' "no name in a log"
jq -e . "$bad/log" >/dev/null 2>"$SCRATCH/jq"
is "$(grep -c . <(grep -v '^{' "$bad/log" | grep -v 'jobs.cfg\|^ \|^hint\|^error'))" 0 "log lines are JSON"

# --- schedules: what was missed is made up for once ----------------------------------------------------
cron=$SCRATCH/cron
mkdir -p "$cron/state"
cp "$bad/good.cfg" "$cron/people.cfg"
people '001,山田,S45.3.1,,x' >"$cron/a.csv"
sed 's/.*/store = "sqlite:s.db"; jobs: { night: { kind = "intake"; mapping = "people.cfg"; schedule = "0 5 * * *"; source: { plugin = "csv"; path = "a.csv"; }; };\n old: { kind = "intake"; mapping = "people.cfg"; schedule = "0 5 1 1 *"; source: { plugin = "csv"; path = "no.csv"; }; }; };/' <<<x >"$cron/jobs.cfg"
t=$(date +%s)
cat >"$cron/state/serve.json" <<JSON
{"jobs":[{"name":"night","due":$((t - 3 * 86400)),"runs":7},{"name":"old","due":$t,"failed":1,"outcome":"unavailable","exit":7}]}
JSON
JOURNAL_STREAM=1:1 serve "$cron"
soon state_is "$cron" night ended_well 1
ok $? "a missed run is made up for"
is "$(state "$cron" night runs) $(state "$cron" old runs) $(state "$cron" old failed)" "8 0 1" "once; an old failure is not revived"
[ "$(state "$cron" night next)" -gt "$t" ]
ok $? "the next one is known"
stop
is "$(grep -c '^<6>{"time"' "$cron/log") $(grep -vc '^<[3-7]>' "$cron/log")" "$(grep -c . "$cron/log") 0" "journald gets its priority"
tap_done
