#!/bin/bash
# A feed that nobody watches: what a job expects, at the real daemon by a clock that the test turns. What comes in time is
# silent; nothing, the same file, an old one, an empty one, a small one are overdue, which status, exit code, API, metrics
# and the inbox of the IT officer say until something new comes.
. tests/lib/tap.sh
root=$PWD
unset TSUNAGI_ACTOR STATE_DIRECTORY TSUNAGI_NOW
. tests/lib/web.sh
cc -std=gnu17 -O1 -shared -fPIC -o "$SCRATCH/clock.so" tests/lib/clock.c
head -c 24 /dev/zero >"$SCRATCH/clock"
web_site "$SCRATCH" 'services: { alert: { plugin = "alert"; }; };'
cd "$SCRATCH" || exit 1
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$SCRATCH/keys
in_time() { env LD_PRELOAD="$SCRATCH/clock.so" TEST_CLOCK="$SCRATCH/clock" "$@"; }
now() { # "2027-04-28 06:30", in Japan
	python3 - "$1" <<'PY'
import datetime, struct, sys
at = datetime.datetime.fromisoformat(sys.argv[1] + '+09:00').timestamp()
with open('clock', 'r+b') as f:
    f.write(struct.pack('=q', int(at)))
PY
}
tick() { # a second more, for what is done every other second
	python3 -c 'import struct
with open("clock", "r+b") as f:
    t = struct.unpack("=q", f.read(8))[0]
    f.seek(0)
    f.write(struct.pack("=q", t + 1))'
}
state() { jq -r ".jobs[] | select(.name == \"$1\") | .$2" state/serve.json; }
state_is() { [ "$(state "$1" "$2")" = "$3" ]; }
overdue() { [ "$(state "$1" overdue)" != 0 ]; }
seconds() { TZ=Asia/Tokyo date -d "$1" +%s; }
# the daemon has looked at its jobs at this hour: what it wrote last is from then
looked() { [ "$(jq .written_at state/serve.json)" = "$(seconds "$1")" ]; }
turn() { now "$1" && soon looked "$1"; }

sed 's/"people"/"protected"/' "$root/tests/flow/people/mapping.cfg" >protected.cfg
sed 's/"people"/"registry"/' "$root/tests/flow/people/mapping.cfg" >registry.cfg
sed -i 's/^jobs: .*/jobs: {\
  protected: { kind = "intake"; mapping = "protected.cfg"; source: { plugin = "csv"; }; watch: { folder = "in"; settle = "50ms"; };\
    expect: { by = "0 7 * * * business day"; records = 2; }; };\
  registry: { kind = "intake"; mapping = "registry.cfg"; source: { plugin = "csv"; path = "registry.csv"; }; schedule = "0 5 * * *";\
    expect: { by = "0 7 * * *"; }; };\
  free: { kind = "intake"; mapping = "registry.cfg"; source: { plugin = "csv"; path = "registry.csv"; }; };\
};/' jobs.cfg
people() { # NUMBER...
	{ echo '番号,氏名,生年月日,電話,メモ'; for n in "$@"; do echo "$n,山田,S45.3.1,,x"; done; } | iconv -f utf-8 -t cp932
}
drop() { # NAME HOUR ; content on stdin: written at that hour
	cat >"in/$1.part" && touch -d "$(TZ=Asia/Tokyo date -d "$2" --iso-8601=seconds)" "in/$1.part" && mv "in/$1.part" "in/$1"
}
registry() { # HOUR NUMBER...
	people "${@:2}" >registry.csv && touch -d "$(TZ=Asia/Tokyo date -d "$1" --iso-8601=seconds)" registry.csv
}

# --- the configuration
sed 's/by = "0 7 \* \* \* business day"/by = "0 7 30 2 *"/' jobs.cfg >wrong.cfg
exits 3 "a day that is none is refused" tsunagi check wrong.cfg --alone
like "$ERR$OUT" 'wrong.cfg:[0-9]+:[0-9]+.*there is no such day' "with its place"
sed 's/by = "0 7 \* \* \* business day"; //' jobs.cfg >wrong.cfg
exits 3 "without a time it is no expectation" tsunagi check wrong.cfg --alone
like "$ERR$OUT" '"by"' "which is said"
like "$(TSUNAGI_NOW=2027-04-27T12:00:00+09:00 tsunagi check jobs.cfg --alone)" \
	'protected: something new is expected by 2027-04-28 07:00' "check says when something is expected"

# --- Tuesday noon: both feeds become known; Wednesday: both came in time
now "2027-04-27 12:00"
registry "2027-04-27 11:00" 1 2 3
web_user . ann it_officer WEL
export LD_PRELOAD=$SCRATCH/clock.so TEST_CLOCK=$SCRATCH/clock
web_start .
unset LD_PRELOAD TEST_CLOCK
ok $? "the daemon"
soon test -d in/taken/.products
turn "2027-04-28 05:30"
soon state_is registry ended_well 1
people 1 2 3 | drop a.csv "2027-04-28 05:00"
soon test -e in/done/a.csv
turn "2027-04-28 07:01"
is "$(state protected overdue) $(state registry overdue) $(state free overdue)" "0 0 0" "what came in time is silent"
exits 0 "and status, too" in_time tsunagi status jobs.cfg
is "$ERR" "" "without a word"

# --- Thursday 29 April is a holiday: the registry comes each day, the other on working days only
turn "2027-04-29 05:30"
soon state_is registry ended_well 2
turn "2027-04-29 07:01"
soon overdue registry
is "$(state protected overdue) $(state registry overdue)" "0 $(seconds "2027-04-29 07:00")" \
	"the same file again is nothing new, though its run went well; a holiday is no working day"
exits 7 "status says so" in_time tsunagi status jobs.cfg --format jsonl
is "$(jq -c 'select(.job == "registry") | [.state, .outcome, .arrived[:16], .overdue[:16]]' <<<"$OUT")" \
	'["overdue","well","2027-04-28T05:30","2027-04-29T07:00"]' "which, and since when"
like "$ERR" 'registry.* expected by 2027-04-29T07:00, the last came 2027-04-28T05:30' "to people"
like "$(TSUNAGI_LANG=ja in_time tsunagi status jobs.cfg 2>&1)" 'registry.*2027-04-29T07:00' "in their language"
like "$(TSUNAGI_LANG=ja in_time tsunagi status jobs.cfg 2>&1)" '未着' "with a word for it"
like "$(grep '"overdue"' log)" '"level":"error".*"job":"registry","since":"2027-04-29T07:00:00\+09:00","last":"2027-04-28T05:30:00' "the log"
is "$(grep -c '"event":"overdue"' log)" 1 "once"
curl -s "$WEB_URL/metrics" >metrics
is "$(grep -c '^tsunagi_job_overdue{job="registry"} 1$' metrics) $(grep -c '^tsunagi_job_overdue{job="protected"} 0$' metrics)" "1 1" "metrics"
inbox() { api ann GET "/v1/alerts/inbox${1:-}" | jq -c '[.items[] | [.kind, .about, .state]]'; }
told() { tick; [ "$(inbox "$1")" = "$2" ]; }
web_login ann
soon told '' '[["sync_overdue","registry","open"]]'
ok $? "the inbox of the IT officer" "$(inbox)"

# --- it comes, late
registry "2027-04-29 08:00" 1 2 3
turn "2027-04-30 05:30"
soon state_is registry overdue 0
ok $? "the same content, written anew, is something new"
web_login ann
soon told '?all=true' '[["sync_overdue","registry","settled"]]'
ok $? "and settles the alert" "$(inbox '?all=true')"

# --- Friday: what was dropped is old, then empty, then too small; nothing of it counts
people 4 5 6 | drop old.csv "2027-04-20 05:00"
soon test -e in/done/old.csv
is "$(jq -r '[.result, .code] | join(" ")' in/done/old.csv.manifest.json)" "done older-file" "an older file is taken, and noted"
people | drop empty.csv "2027-04-30 05:00"
soon test -e in/done/empty.csv
people 7 | drop small.csv "2027-04-30 05:10"
soon test -e in/done/small.csv
is "$(jq -r .code in/done/{empty,small}.csv.manifest.json | sort -u)" too-few-records "an empty one and a small one, too"
cp -p in/done/a.csv in/again.part && mv in/again.part in/again.csv
soon test -e in/done/again.csv
is "$(state protected arrived)" "$(seconds "2027-04-28 05:30")" "none of them, nor the same once more, is something new"
turn "2027-04-30 07:01"
soon overdue protected
ok $? "it is overdue"
is "$(state protected overdue)" "$(seconds "2027-04-30 07:00")" "since then"
like "$(grep '"file":"small.csv"' log | grep run-end)" '"level":"warning".*expect\.records' "the log says why the last one was none"

# --- the daemon is stopped meanwhile: who asks hears it all the same, and the next one knows
web_stop
now "2027-05-01 08:00"
exits 7 "status without a daemon" in_time tsunagi status jobs.cfg --format jsonl
is "$(jq -r 'select(.overdue != "") | .job' <<<"$OUT" | sort | tr '\n' ' ')" "protected registry " "also of what was missed since"
export LD_PRELOAD=$SCRATCH/clock.so TEST_CLOCK=$SCRATCH/clock
web_start .
unset LD_PRELOAD TEST_CLOCK
people 1 2 3 | drop good.csv "2027-05-01 07:50"
soon state_is protected overdue 0
ok $? "what comes counts"
is "$(state protected arrived)" "$(seconds "2027-05-01 08:00")" "from now on"

# --- a clock that was ahead for a while does not silence it for years
turn "2036-01-01 00:00"
soon overdue protected
people 1 2 3 4 | drop future.csv "2036-01-01 00:00"
soon test -e in/done/future.csv
turn "2027-05-06 06:00"
people 1 2 3 | drop right.csv "2027-05-06 05:50"
soon test -e in/done/right.csv
is "$(jq -r .code in/done/right.csv.manifest.json)" null "a file is not old because the clock was wrong before"
turn "2027-05-07 07:01"
soon overdue protected
is "$(state protected overdue)" "$(seconds "2027-05-07 07:00")" "and what is missing then is told"
# --- a file that cannot be moved (open in Excel): said where one looks, and taken when it can be
mkdir in/taken/open.csv
people 8 9 | drop open.csv "2027-05-07 06:00"
soon state_is protected code cannot-move
like "$(in_time tsunagi status jobs.cfg --format jsonl 2>"$SCRATCH/err" | jq -r 'select(.job == "protected") | .message')" 'in/open.csv' "status names it"
rmdir in/taken/open.csv
soon test -e in/done/open.csv
ok $? "then it is taken"
soon state_is protected overdue 0
is "$(state protected code)" "" "and nothing is wrong any more"
now "2027-05-07 07:03" # and the state is older than the daemon would leave it
kill -STOP "$WEB_DAEMON"
now "2027-05-07 07:05"
exits 7 "a daemon that writes nothing any more" in_time tsunagi status jobs.cfg
like "$ERR" 'has written nothing since 2027-05-07T07:0' "is told"
kill -CONT "$WEB_DAEMON"

# --- a second daemon on the same folder leaves it to the first, and takes over when that one ends
sed 's/serve: {/serve: { state = "state2";/' jobs.cfg >two.cfg
tsunagi serve two.cfg 2>log2 &
second=$!
WEB_LISTENERS="$WEB_LISTENERS $second"
disown
second_says() { [ "$(jq -r '.jobs[] | select(.name == "protected") | .code' state2/serve.json)" = "$1" ]; }
soon second_says folder-in-use
ok $? "a second daemon does not take files that the first one takes" "$(tail -n 2 log2)"
web_stop
people 10 11 12 | drop last.csv "2027-05-07 07:06"
soon test -e in/done/last.csv
ok $? "but does when that one has ended"
soon second_says ''
is "$(jq -r .outcome in/done/last.csv.manifest.json)" well "and all is well"
# --- the server of the store is away for longer than the tries last: the file is not rejected for it
mkdir away
cp "$root/tests/flow/people/mapping.cfg" away/people.cfg
site() { # STORE
	echo "store = \"$1\"; serve: { state = \"state\"; }; jobs: { away: { kind = \"intake\"; mapping = \"people.cfg\"; source: { plugin = \"csv\"; };
		watch: { folder = \"in\"; settle = \"50ms\"; }; retry: { times = 1; first = \"50ms\"; most = \"100ms\"; }; }; };" >away/jobs.cfg
}
site 'postgresql://nobody@127.0.0.1:1/none'
tsunagi serve away/jobs.cfg 2>away/log &
away=$!
WEB_LISTENERS="$WEB_LISTENERS $away"
disown
soon test -d away/in/taken/.products
people 1 >away/in/a.csv
soon eval '[ "$(jq -r ".jobs[0] | select(.failed == 1) | .code" away/state/serve.json)" = store-unreachable ]'
ok $? "a store that is away is a failure" "$(tail -n 2 away/log)"
site 'sqlite:s.db'
kill -HUP $away
soon test -e away/in/done/a.csv
ok $? "and the file waits until it is back" "$(tail -n 3 away/log)"
unlike "$(cat log)" '山田' "no name in the log"
tap_done
