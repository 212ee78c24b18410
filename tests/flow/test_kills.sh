#!/bin/bash
# kill -9 of the daemon, of its web process and of a run at random moments, on each store, while people write, files
# arrive, alerts are raised and told to a mail server and a webhook that fail now and then. After that nothing is lost; in
# the app nothing is there twice; what went out twice went out under one name. The whole story of all modules on both
# stores. KILLS (default 3) of them; SEED replays them.
. tests/lib/tap.sh
. tests/lib/store.sh
. tests/lib/web.sh
root=$PWD kills=${KILLS:-3} seed=${SEED:-$RANDOM}
RANDOM=$seed
echo "# seed $seed"
cd "$SCRATCH" && ln -s "$root/schemas" . || exit 1
unset TSUNAGI_ACTOR STATE_DIRECTORY TSUNAGI_NOW
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$SCRATCH/keys
db() { store_sql s "$1"; }

# --- the site
python3 "$root/tests/lib/fake_receiver.py" . a-secret &
WEB_LISTENERS=$!
disown
echo a-secret >hook.secret
cp -r "$root/tests/flow/alerts" .
soon test -e hook
web_site . "services: {
  chat: { plugin = \"chat\"; };
  alert: { plugin = \"alert\"; smtp_url = \"smtp://127.0.0.1:$(cat smtp)\"; smtp_tls = \"none\"; mail_from = \"hub@example.jp\"; mail_wait = \"0s\";
    hook_url = \"http://127.0.0.1:$(cat hook)/h\"; hook_secret_file = \"hook.secret\"; retry_wait = \"100ms\"; retries = 50; };
  search: { plugin = \"search\"; };
  progress: { plugin = \"progress\"; };
  stats: { plugin = \"stats\"; };
};" 'views = ["wel.cfg"];'
sed -i 's/^jobs: .*/jobs: { cases: { kind = "intake"; mapping = "alerts\/mapping.cfg"; source: { plugin = "csv"; };\n  watch: { folder = "in"; settle = "50ms"; }; retry: { times = 1000; first = "50ms"; most = "50ms"; }; }; };/' jobs.cfg
sed 's/case: { fields = \["\*"\]; };/& agency: { fields = ["agency_name"]; }; task: { fields = ["*"]; };/' "$root/config/profiles/trusted-agency.cfg" >wel.cfg
echo "statistics: { definitions = [\"$root/schemas/statistics/mhlw.cfg\"]; exact = false; };" >>wel.cfg
cases() { # ROWS: 事案 氏名 ; nobody was in touch with them for 45 days
	sed -n 's/.*header = ( "\(.*\)" );/\1/p' alerts/mapping.cfg | sed 's/", "/,/g'
	local n
	for n in "$@"; do echo "C$n,緑川$n,1950-01-01,WEL,WEL課,2029-03-31,S1,s1@example.jp,$(day -200),$(day -45),,,,,$(day 300),継続,第$n回の家庭訪問"; done
}
cases 0 | sed "s/$(day -45)/$(day -1)/" >first.csv # before there is anything to tell
tsunagi import first.csv --mapping alerts/mapping.cfg --quiet >import.log 2>&1
TSUNAGI_ACTOR=u1 tsunagi release propose wel.cfg >release.log && TSUNAGI_ACTOR=u2 tsunagi release approve wel.cfg >>release.log
for who in u1 u2; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason test >>release.log; done
tsunagi user add ann --name ann --role coordinator --agency WEL --staff S1 --roles roles.cfg <<<"$WEB_PASSWORD" 2>user.log
web_user . bob caseworker WEL
web_start .
ok $? "the daemon" "$(tail -n 3 log)"
[ $TAP_BAD -eq 0 ] || exit 1
web_login ann
web_login bob
for rule in $(api ann GET /v1/alerts/rules | jq '.items[].id'); do
	api ann PATCH "/v1/alerts/rules/$rule" '{"quiet_from":"00:00","quiet_to":"00:00","send_on_working_days":false}' >>rules
done
bob=$(db "SELECT id FROM account WHERE login = 'bob'")
api ann POST /v1/chat/threads "{\"kind\":\"group\",\"title\":\"連絡\",\"members\":[$bob]}" >thread
is "$(jq .thread thread)" 1 "a thread"

# --- what goes on: each in its own process, trying again what was not answered
n=$((kills * 8))
touch go
again() { [ -e go ] || exit 0; sleep 0.05; } # a client that lost its answer
messages() {
	for i in $(seq $n); do
		until api ann POST /v1/chat/threads/1/messages "{\"client_id\":\"kill-$(printf %04d "$i")\",\"text\":\"連絡 $i\"}" -f >sent; do again; done
	done
}
tasks() { # a task has no name of the client's: whoever got no answer looks first
	for i in $(seq "$kills"); do
		until api bob POST /v1/alerts/tasks "{\"content\":\"電話 $i\",\"due\":\"$(day 5)\"}" -f >task ||
			{ web_answers && api bob GET '/v1/alerts/tasks?limit=200' '' -f | grep -q "電話 $i\""; }; do again; done
	done
}
files() {
	for i in $(seq "$kills"); do
		cases "$i" "$((i + 100))" >in/f$i.csv.part && mv in/f$i.csv.part in/f$i.csv
		while [ -e go ] && [ -e in/f$i.csv ]; do sleep 0.05; done
	done
}
soon test -d in
echo '451 cut ok refuse cut' >smtp.fail
echo '500 cut ok cut ok ok 500' >hook.fail
SCRATCH_OF() { mkdir -p "as-$1" && cp ./*.jar ./*.csrf "as-$1"; } # each its own answers
for what in messages tasks files; do
	SCRATCH_OF $what
	(SCRATCH=$SCRATCH/as-$what; $what) &
	doing="${doing:-} $!"
done
for ((k = 1; k <= kills; k++)); do
	sleep "$((RANDOM % 2)).$(printf %03d $((RANDOM % 1000)))"
	case $((RANDOM % 4)) in
	0 | 1) victim=$(pgrep -P "$WEB_DAEMON" -f -- --web) ;;
	2) victim=$(pgrep -P "$WEB_DAEMON" -f -- progress-fd) ;;
	3) victim=$WEB_DAEMON ;;
	esac
	kill -9 ${victim:-$(pgrep -P "$WEB_DAEMON" -f -- --web)}
	[ "$victim" != "$WEB_DAEMON" ] || { soon web_gone; port=${WEB_URL##*:}; sed -i "s/listen = \"127.0.0.1:[0-9]*/listen = \"127.0.0.1:$port/" jobs.cfg; web_start .; }
	soon web_answers
done 2>/dev/null
wait_for() { ! kill -0 $doing; }
soon wait_for
ok $? "everybody got their answers" "$(tail -n 5 log)"

# --- nothing lost, nothing twice
pages() { # WHO PATH: all of a list, an item a line
	local after=
	while api "$1" GET "$2limit=200$after" >"$SCRATCH/page" && jq -c '.items[]' "$SCRATCH/page"; do
		after=$(jq -r '.next // empty' "$SCRATCH/page")
		[ -n "$after" ] || break
		after="&after=$after"
	done
}
want=$((2 * kills))
is "$(pages bob '/v1/chat/threads/1/messages?order=oldest&' | jq -r .text | grep 連絡)" "$(seq -f '連絡 %g' $n)" "$n messages, each once, in order"
is "$(api bob GET /v1/chat/unread | jq .messages)" $n "unread ones counted"
is "$(pages bob '/v1/alerts/tasks?' | jq -r .content | sort)" "$(seq -f '電話 %g' "$kills" | sort)" "each task once"
soon eval '[ "$(api ann GET /v1/alerts/inbox/count | jq .open)" = $want ]'
is "$(pages ann '/v1/alerts/inbox?' | jq -r '"\(.kind) \(.case_no)"' | sort | tr '\n' ' ')" \
	"$(for i in $(seq "$kills"); do echo "no_contact C$i"; echo "no_contact C$((i + 100))"; done | sort | tr '\n' ' ')" "an alert for each case, once"
soon eval '[ "$(db "SELECT count(*) FROM alerts_queue WHERE state <> 2")" = 0 ]'
is "$(db 'SELECT state, count(*) FROM alerts_queue WHERE state <> 2 GROUP BY state')" "" "all of it was delivered"
is "$(jq -r 'select(.worth == "good") | .body.alert' hooks | sort -n | tr '\n' ' ')" "$(db 'SELECT id FROM alerts_alert ORDER BY id' | tr '\n' ' ')" "the webhook has each alert"
is "$(jq -r .worth hooks | grep -vc 'good\|again')" 0 "and knows again what came twice"
name() { tr -d '\r' <"$1" | sed -n 's/^Message-ID: //p'; }
is "$(for m in mails/*; do name "$m"; done | sort -u | wc -l) $(db "SELECT sum(alerts) FROM alerts_queue WHERE account IS NOT NULL")" \
	"$(db 'SELECT count(*) FROM alerts_queue WHERE account IS NOT NULL') $want" "as many mails by name as there were, for all alerts"
echo "# $(wc -l <hooks) calls, $(jq -r .worth hooks | grep -c again) of them again; $(ls mails | wc -l) mails"
soon eval '[ -z "$(ls in/*.csv in/taken/*.csv 2>/dev/null)" ]'
is "$(ls in/done/*.csv | grep -vc rejects) $(ls in/rejected 2>/dev/null | wc -l)" "$kills 0" "each file was taken once"
is "$(db 'SELECT count(*) FROM (SELECT run_id, entity FROM event WHERE type = 1 GROUP BY run_id, entity HAVING count(*) > 1) AS d')" 0 "no event is there twice"
exits 0 "the log holds" tsunagi audit verify
exits 0 "the store is well" tsunagi doctor

# --- the other modules have the same cases
is "$(api ann GET /v1/search?q=%E5%AE%B6%E5%BA%AD%E8%A8%AA%E5%95%8F | jq .total)" $((want + 1)) "search"
is "$(api ann GET /v1/progress/board | jq -c '[.cases, .columns[0].late]')" "[$((want + 1)),$want]" "progress"
is "$(api ann GET "/v1/stats/counts?year=2024&month=8&definition=mhlw" | jq -r '.items[0].state')" exact "statistics"
web_stop

# --- a consent that ran out while nothing was running is heard of once, and reaches the rule of alerts
db "UPDATE cc_consent SET valid_to = '$(day -1)' WHERE person_id = (SELECT person_id FROM cc_case WHERE case_no = 'C1')"
db "UPDATE event_place SET upto = upto - 1 WHERE name = 'consent-end'"
web_start .
ended() { [ "$(api ann GET '/v1/alerts/inbox?limit=200' | jq -r '.items[] | select(.case_no == "C1" and .kind == "consent_ending") | .day')" = "$(day -1)" ]; }
soon ended
ok $? "a consent that ran out is an alert" "$(api ann GET /v1/alerts/inbox)"
kill -9 "$WEB_DAEMON"
web_start .
is "$(db "SELECT count(*) FROM event WHERE type = 4 AND name = 'expired'") $(db "SELECT count(*) FROM alerts_alert WHERE day = (SELECT max(day) FROM alerts_alert)")" "1 1" "once"
web_stop
is "$(grep -c '"level":"fatal"\|module-off\|event-skipped' log)" 0 "no module was given up"
tap_done
