#!/bin/bash
# Tasks, alerts, progress and figures at the real daemon: rules changed by the API before any case is there, cases
# arrive, alerts are raised and told in the app, by mail and webhook, with receivers that refuse, cut and die, and a
# daemon that is killed between queue and delivery; every command of docs/alerts.md and docs/progress.md.
. tests/lib/tap.sh
root=$PWD
unset TSUNAGI_ACTOR STATE_DIRECTORY TSUNAGI_NOW
is "$(grep -E '^    curl ' docs/alerts.ja.md docs/progress.ja.md | cut -d: -f2-)" \
	"$(grep -E '^    curl ' docs/alerts.md docs/progress.md | cut -d: -f2-)" "both languages show the same commands"
. tests/lib/web.sh
web_site "$SCRATCH" 'services: {
  alert: { plugin = "alert"; smtp_url = "smtp://127.0.0.1:SMTP"; smtp_tls = "none"; mail_from = "hub@example.jp";
    link = "https://front.example.jp/"; mail_wait = "0s"; hook_url = "http://127.0.0.1:HOOK/h"; hook_secret_file = "hook.secret";
    retry_wait = "300ms"; retries = 50; };
  progress: { plugin = "progress"; };
  stats: { plugin = "stats"; };
};' 'views = ["config/profiles/view-WEL.cfg", "config/profiles/view-COM.cfg"];'
cd "$SCRATCH" || exit 1
cp -r "$root/config" "$root/schemas" "$root/tests/flow/alerts" .
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$SCRATCH/keys
db() { store_sql s "$1"; }
as() { # LOGIN
	who=$1
	[ -s "$who.csrf" ] || web_login "$who"
}
get() { api "$who" GET "/v1/$1"; }
post() { api "$who" "${3:-POST}" "/v1/$1" "${2:-}"; }
mails() { find mails tls/mails -type f 2>/dev/null | wc -l; }

# --- the site: two agencies, each with its view; nobody's second factor is tested here
for a in WEL COM; do
	sed "s/id = \"WEL\"/id = \"$a\"/; s/case: { fields = \[\"\*\"\]; };/& agency: { fields = [\"agency_name\"]; }; evaluation: { fields = [\"*\"]; }; consent: { fields = [\"*\"]; }; task: { fields = [\"*\"]; };/" \
		config/profiles/trusted-agency.cfg >config/profiles/view-$a.cfg
	sed -i 's/^unattended = "mask"/unattended = "withhold"/' config/profiles/view-$a.cfg
	echo 'statistics: { definitions = ["../../schemas/statistics/mhlw.cfg"]; exact = false; };' >>config/profiles/view-$a.cfg
done
echo a-secret >hook.secret
receiver() { # FOLDER [CERT KEY]
	python3 "$root/tests/lib/fake_receiver.py" "$1" a-secret "${@:2}" &
	WEB_LISTENERS="$WEB_LISTENERS $!"
	disown
	soon test -e "$1/hook"
}
receiver .
sed -i "s/:SMTP/:$(cat smtp)/; s/:HOOK/:$(cat hook)/" jobs.cfg
# a staff list before any account: who is whose colleague, and their addresses
bring() { # ROWS... ; 事案 氏名 機関 職員 支援日 次回 プラン終了 評価 同意終了 状態
	{
		sed -n 's/.*header = ( "\(.*\)" );/\1/p' alerts/mapping.cfg | sed 's/", "/,/g'
		printf '%s\n' "$@" | awk -F, -v OFS=, -v from="$(day -200)" '{
			print $1, $2, "1950-01-0" NR, $3, $3 "課", "2029-03-31", $4, tolower($4) "@example.jp", from, $5, $6, ($7 ? "P" NR : ""), $7, $8, $9, $10, $2 "さんを訪問" }'
	} >cases.csv
	tsunagi import cases.csv --mapping alerts/mapping.cfg --quiet >/dev/null
}
bring "C0,青木一,WEL,S1,$(day -1),,,,$(day 300),終結" "C9,紺野九,COM,S3,$(day -1),,,,$(day 300),終結"
for v in WEL COM; do
	TSUNAGI_ACTOR=suzuki tsunagi release propose config/profiles/view-$v.cfg >/dev/null 2>&1
	TSUNAGI_ACTOR=tanaka tsunagi release approve config/profiles/view-$v.cfg >/dev/null 2>&1
done
while read -r who role agency staff; do
	tsunagi user add "$who" --name "$who" --role "$role" --agency "$agency" ${staff:+--staff "$staff"} --roles roles.cfg <<<"$WEB_PASSWORD" 2>/dev/null
done <<U
ann coordinator WEL S1
bob caseworker WEL S2
com coordinator COM
off it_officer WEL
U
web_start .
ok $? "the daemon" "$(tail -n 3 log)"
as ann
# --- rules are set before there is anything to tell
is "$(get alerts/rules | jq '.items | length')" 12 "rules from the start"
for i in $(seq 12); do
	post "alerts/rules/$i" '{"quiet_from":"00:00","quiet_to":"00:00","send_on_working_days":false}' PATCH >>rules
done
is "$(jq -r .quiet_to rules | sort | uniq -c | tr -s ' ')" " 12 00:00" "none is quiet now"
is "$(post alerts/rules/1 '{"quiet_from":"25:00"}' PATCH | jq -r .code)" bad-time "no such time"
is "$(post alerts/rules '{"kind":"no_such","label":"x"}' | jq -r .status)" 422 "no such kind"
is "$(post alerts/rules '{"kind":"no_contact","label":"x","tell_role":"cordinator"}' | jq -r '"\(.status) \(.code) \(.detail)"')" \
	"400 unknown-role $(sed -n 's/^ *{ *name = "\([a-z_]*\)".*/\1/p' roles.cfg | paste -sd, | sed 's/,/, /g; s/.*/There are: &./')" "no such role: which ones there are"
is "$(post alerts/rules/2 '{"escalate_role":"boss"}' PATCH | jq -r .code) $(post alerts/rules/2 '{"escalate_role":""}' PATCH | jq -r .code)" \
	"unknown-role nobody-to-tell" "nor to escalate to, nor to nobody"
is "$(get alerts/rules/2 | jq -r .escalate_role) $(get alerts/rules | jq '.items | length')" "coordinator 12" "nothing was changed"
# a role is renamed: who was told by it is told no more
exits 0 "check finds all roles" tsunagi check jobs.cfg
sed 's/name = "it_officer"/name = "it"/; s/name = "coordinator"/name = "chief"/' roles.cfg >renamed.cfg
sed 's/"roles.cfg"/"renamed.cfg"/' jobs.cfg >gone.cfg
for on in "" "--on $(day 30)"; do
	exits 3 "check $on names the rule whose role is gone" tsunagi check gone.cfg $on --format csv
	is "$(grep 連携 <<<"$OUT" | grep -o "it_officer\|coordinator" | paste -sd" ") $(grep -v '^"role"' <<<"$OUT" | grep -c coordinator) $(grep -c '^"role","ann"' <<<"$OUT")" \
		"it_officer coordinator 12 1" "and the role: who is told, to whom it goes on, and who holds it"
done
exits 0 "what the daemon looks at before it starts is fine" tsunagi check gone.cfg --start
as bob
is "$(get alerts/rules | jq -r .status)" 403 "rules are not for everybody"
as ann

# --- cases arrive
echo '451 refuse cut' >smtp.fail
echo '500 cut' >hook.fail
bring "C1,緑川花子,WEL,S1,$(day -40),$(day -20),$(day 10),$(day 5),$(day 20),継続" "C2,白石次郎,WEL,S2,$(day -2),,,,$(day 300),継続" \
	"C3,黒田三郎,COM,S3,$(day -60),,,,$(day 300),継続" "C4,灰谷四郎,WEL,S1,$(day -90),,,,$(day 300),終結"
soon eval '[ "$(get alerts/inbox/count | jq .open)" = 5 ]'
ok $? "alerts are there soon after" "$(get alerts/inbox; tail -n 3 log)"
is "$(get alerts/inbox | jq -r '.items[] | "\(.kind) \(.case_no) \(.day) \(.why)"' | sort)" "consent_ending C1 $(day 20) assignee
evaluation_due C1 $(day 5) assignee
next_action C1 $(day -20) assignee
no_contact C1 $(day -40) assignee
plan_ending C1 $(day 10) assignee" "what ends, what was not done; nothing of the closed case"
as bob
is "$(get alerts/inbox | jq '.items | length')" 0 "nothing for a colleague who is not in charge"
is "$(post alerts/inbox/1/acknowledge | jq -r .status)" 404 "what one was not told is not there"
as com
is "$(get alerts/inbox | jq -r '.items[] | "\(.kind) \(.case_no) \(.why)"')" "no_contact C3 agency" "the other agency hears of its own"
like "$(tsunagi audit list --format jsonl | grep alerts.read | tail -n 1)" "com.*alerts/inbox" "which is on the audit log"
as ann

# --- mails and webhooks: later, hung up, taken without a word; each arrives all the same
soon eval '[ "$(mails)" = 2 ] && [ "$(wc -l <hooks)" -ge 7 ]'
ok $? "after three failures the mail is there" "$(mails) mails, $(wc -l <hooks) calls; $(get alerts/deliveries)"
is "$(cat mails/* | tr -d '\r' | grep -c '^Message-ID')/$(cat mails/* | tr -d '\r' | grep '^Message-ID' | sort -u | wc -l)" 2/1 "the one taken without a word came twice, by one name"
mail=$(tr -d '\r' <mails/002)
like "$mail" $'^Date: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} .*\nTo: <s1@example.jp>' "its head"
text=$(sed '1,/^$/d' <<<"$mail" | base64 -d)
like "$text" '5 件.*https://front.example.jp/' "a number and a link"
unlike "$mail$text" '緑川|花子|C1|no_contact' "and nothing else"
is "$(jq -r .worth hooks | sort | uniq -c | tr -s ' ' | tr '\n' ';')" " 1 again; 6 good;" "every call is signed; the unanswered one came again under its number"
is "$(jq -r '.body.event + " " + .body.kind' hooks | sort -u | tr '\n' ';')" \
	"raised consent_ending;raised evaluation_due;raised next_action;raised no_contact;raised plan_ending;" "what calls say"
unlike "$(cat hooks)" '緑川|花子|"C1"|"C3"' "nobody is named"
unlike "$(cat log)" '緑川|花子|s1@example' "nor in the log"
is "$(get 'alerts/deliveries?state=waiting' | jq '.items | length')" 0 "nothing waits"

# --- killed between queue and delivery
before=$(mails)
yes refuse | head -n 100 | tr '\n' ' ' >smtp.fail # it is never taken before the daemon dies
bring "C5,赤坂五郎,WEL,S1,$(day -45),,,,$(day 300),継続"
soon eval '[ "$(db "SELECT count(*) FROM alerts_queue WHERE state = 1 AND account IS NOT NULL AND tries > 0")" = 1 ]'
web=$(pgrep -P "$WEB_DAEMON" -f -- --web)
kill -9 "$WEB_DAEMON"
web_ended() { ! kill -0 "$web"; } # it sees by itself that its daemon has gone, and might still deliver
soon web_ended
is "$(mails)" "$before" "killed before the mail was taken"
# after the start the mails go to a server that takes them over TLS only
rm -f smtp.fail
mkdir tls
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout tls/key -out tls/cert -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost 2>/dev/null
receiver tls tls/cert tls/key
sed -i "s|smtp://[^\"]*|smtp://localhost:$(cat tls/smtp)|; s|smtp_tls = \"none\"|smtp_tls = \"starttls\"; smtp_ca_file = \"tls/cert\"|" jobs.cfg
web_start .
soon eval '[ "$(mails)" -gt '"$before"' ]'
ok $? "it is sent after the start" "$(db 'SELECT * FROM alerts_queue WHERE account IS NOT NULL'; tail -n 2 log)"
is "$(ls tls/mails | wc -l)" 1 "over TLS"
is "$(db 'SELECT count(*) FROM alerts_alert') $(db 'SELECT count(*) FROM (SELECT DISTINCT rule, subject, day FROM alerts_alert) AS d')" "7 7" "no alert is doubled"

# --- a mail that is refused for good; sent again when somebody says so
as ann
echo '550' >tls/smtp.fail
bring "C6,桃井六郎,WEL,S1,$(day -50),,,,$(day 300),継続"
soon eval '[ "$(get "alerts/deliveries?state=given_up" | jq ".items | length")" = 1 ]'
is "$(get 'alerts/deliveries?state=given_up' | jq -r '.items[0] | "\(.channel) \(.tries) \(.problem)"')" "mail 1 mail-not-taken" "given up at once"
given_up=$(get 'alerts/deliveries?state=given_up' | jq '.items[0].id')

# --- what is done settles what stood
bring "C1,緑川花子,WEL,S1,$(day -40),$(day -20),$(day 200),$(day 150),$(day 300),継続"
soon eval '[ "$(get alerts/inbox | jq "[.items[] | select(.case_no == \"C1\")] | length")" = 2 ]'
is "$(get 'alerts/inbox?all=true' | jq -r '[.items[] | select(.case_no == "C1" and .state == "settled") | .kind] | sort | join(" ")')" \
	"consent_ending evaluation_due plan_ending" "a new plan and consent settle their alerts"

# --- progress: what each agency sees
is "$(get progress/board | jq -c '[.cases, [.columns[] | {(.state): [.count, .late]}]]')" \
	'[6,[{"open":[4,3]},{"watch":[0,0]},{"suspended":[0,0]},{"closed":[2,0]}]]' "a board"
is "$(get progress/board | jq -r '.columns[0].cases[0] | "\(.case_no) \(.last_contact) \(.late | join(","))"')" "C6 $(day -50) contact" "the longest silent first"
is "$(get progress/cases/C1 | jq -c '[.last_contact, .plan.to, (.actions[] | .agency, .state), (.agencies[] | .contacts, .actions)]')" \
	"[\"$(day -40)\",\"$(day 200)\",null,\"active\",1,1]" "who does what, until when"
as com
is "$(get progress/board | jq -r '[.columns[].cases[].case_no] | join(" ")') $(get progress/cases/C1 | jq -r .status)" "C3 C9 404" "another agency sees its own"
is "$(get 'stats/counts?year=2024&month=8&definition=mhlw' | jq -r '.items[0] | "\(.definition) \(.period) \(.state)"')" "mhlw 2024-08 exact" "figures of its view"
as ann

# --- a task for somebody else: its text as that agency may read it
com_id=$(db "SELECT id FROM account WHERE login = 'com'")
is "$(post alerts/tasks "{\"content\":\"x\",\"case_no\":\"C1\",\"account\":$com_id}" | jq -r .code)" not-seen "not to who may not see the case"
t=$(post alerts/tasks "{\"content\":\"緑川花子さん 090-1234-5678 に電話\",\"account\":$com_id,\"due\":\"$(day -3)\"}" | jq .id)
as com
like "$(get "alerts/tasks/$t" | jq -r .content)" "^【人物[0-9]+】さん 【電話番号】 に電話$" "name and number are not for the other agency"
is "$(get "alerts/tasks/$t" | jq -r '.overdue, .state' | tr '\n' ' ')" "true open " "that it is there is"
as ann

# --- the documentation
HUB=$WEB_URL AS="-b $SCRATCH/ann.jar -H X-CSRF-Token:$(cat ann.csrf) -H Content-Type:application/json"
for doc in alerts progress; do
	while IFS= read -r line; do
		line=${line#"${line%%[! ]*}"}
		line=${line//2024-0000001/C1}
		out=$(eval "$line -w '\n%{http_code}'")
		like "$(tail -n 1 <<<"$out")" '^20' "$line"
	done < <(sed -n 's/^    curl /curl /p' "$root/docs/$doc.md" | sed "s/2026-04-20/$(day 20)/; s|deliveries/1/|deliveries/$given_up/|")
done
soon eval '[ "$(db "SELECT state FROM alerts_queue WHERE id = $given_up")" = 2 ]'
ok $? "the mail that was given up is taken the second time"

# --- the inbox of another agency
ann_alert=$(get alerts/inbox | jq '.items[0].id')
as com
is "$(get alerts/inbox | jq -r '[.items[].case_no | values] | unique | join(" ")')" C3 "com has an alert of its own case"
for what in acknowledge 'snooze {"until":"'"$(day 5)"'"}'; do
	[[ $what == *\ * ]] && body=${what#* } || body=''
	is "$(post "alerts/inbox/$ann_alert/${what%% *}" "$body" | jq -r .status)" 404 "an alert of another agency is not there: ${what%% *}"
done
TSUNAGI_ACTOR=suzuki tsunagi release bar COM --reason 'a perpetrator works there' >/dev/null
is "$(get alerts/inbox | jq -c '[.items[].case_no]') $(get alerts/inbox/count | jq .open)" "[null] 1" "barred, it has none of its case any more, nor counts one; its task stays"
as ann
is "$(get alerts/inbox | jq --argjson id "$ann_alert" '[.items[] | select(.id == $id and .state == "open")] | length')" 1 "ann's is as it was"

# --- a job fails: who is told by the rule can read it, and take care of it
sed -i 's|^jobs: .*|jobs: { sync: { kind = "intake"; mapping = "alerts/mapping.cfg"; source: { plugin = "csv"; path = "not-there.csv"; }; retry: { times = 0; }; }; };|' jobs.cfg
kill -HUP "$WEB_DAEMON"
soon grep -q '"event":"reloaded"' log
token=$(tsunagi user token add --name ops --may jobs.run --until 2037-03-31 2>/dev/null | tail -n 1)
asked() { [ "$(curl -s -o asked -w '%{http_code}' -X POST -H "Authorization: Bearer $token" "$WEB_URL/v1/jobs/sync/run")" = 202 ]; }
soon asked
as off
soon eval '[ "$(get alerts/inbox | jq -r ".items[].kind")" = sync_failed ]'
ok $? "a job that failed is in the inbox of the IT officer" "$(get alerts/inbox)"
id=$(get alerts/inbox | jq '.items[0].id')
is "$(post "alerts/inbox/$id/acknowledge" | jq -r .state)" acknowledged "who takes care of it"
cp cases.csv not-there.csv
soon asked
soon eval '[ "$(get "alerts/inbox?all=true" | jq -r ".items[0].state")" = settled ]'
ok $? "when it goes well again that is over"

like "$(head -c 12 counts.csv | od -An -tx1)" 'ef bb bf 22' "a CSV that a spreadsheet reads"
tap_done
