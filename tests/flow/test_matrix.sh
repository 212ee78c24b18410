#!/bin/bash
# Who may what by HTTP, with all modules switched on: every route of the description x every role, own agency and another
# one, against the table tests/flow/matrix/routes.tsv; those who may nothing (any more); hostile requests.
. tests/lib/tap.sh
. tests/lib/web.sh
root=$PWD site=$SCRATCH/site
unset TSUNAGI_ACTOR STATE_DIRECTORY TSUNAGI_KEYS
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$site/keys
web_site "$site" "$(sed -n '/^services:/,/^};/p' config/modules.cfg)" 'views = ["wel.cfg", "swc.cfg"];'
sed -i 's/access: {/access: { proxies = ["127.0.0.1"];/' "$site/jobs.cfg"
tsunagi import mappings/legacy-care-record/sample.csv --mapping legacy-care-record --quiet >/dev/null 2>&1
cp mappings/legacy-care-record/sample.csv "$SCRATCH/" 2>/dev/null
all='entities: { agency: { fields = ["agency_name"]; };'
sed "s/entities: {/$all/" config/profiles/trusted-agency.cfg >"$site/wel.cfg"
sed "s/entities: {/$all/" config/profiles/masked-agency.cfg >"$site/swc.cfg"
for p in wel swc; do
	TSUNAGI_ACTOR=ann tsunagi release propose "$site/$p.cfg" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$site/$p.cfg" >/dev/null
done
db() { store_sql s "$1"; }
user() { # LOGIN ROLE AGENCY MORE... ; NO PASSWORD: --temporary
	tsunagi user add "$1" --name "$1" --role "$2" --agency "$3" --until "$(day 365)" --roles "$site/roles.cfg" \
		"${@:4}" <<<"$WEB_PASSWORD" 2>"$SCRATCH/user.log" || cat "$SCRATCH/user.log" >&2
}
roles=$(sed -n 's/.*name = "\([a-z_]*\)"; label.*/\1/p' schemas/roles.cfg)
for role in $roles; do user "u_$role" "$role" WEL; done >/dev/null
user u_seen coordinator SWC >/dev/null
user u_else coordinator "$(db "SELECT key FROM cc_agency WHERE key NOT IN ('WEL', 'SWC') ORDER BY id LIMIT 1")" >/dev/null
for u in u_gone u_locked u_quiet; do user $u coordinator WEL >/dev/null; done
user u_over minsei WEL >/dev/null
new=$(user u_new coordinator WEL --temporary | tail -n 1) # its password is drawn
tsunagi user add u_far --name u_far --role coordinator --agency WEL --network 10.20.0.0/16 --roles "$site/roles.cfg" <<<"$WEB_PASSWORD" >/dev/null
TOKEN=$(tsunagi user token add --name front --agency WEL --may cases.read,resources.read,runs.read,audit.read --until 2037-03-31 2>/dev/null | tail -n 1)
SMALL=$(tsunagi user token add --name small --agency WEL --may chat.read --until 2037-03-31 2>/dev/null | tail -n 1)
web_start "$site"
for role in $roles; do web_login "u_$role"; done
for u in u_seen u_else u_gone u_locked u_quiet u_over; do web_login $u; done
login_as() { # LOGIN BODY CURL-OPTIONS...
	curl -s -m 240 -c "$SCRATCH/$1.jar" -H 'Content-Type: application/json' -d "$2" "${@:3}" "$WEB_URL/v1/session" | jq -r .csrf >"$SCRATCH/$1.csrf"
}
login_as u_far "{\"login\":\"u_far\",\"password\":\"$WEB_PASSWORD\"}" -H 'X-Forwarded-For: 10.20.0.7'
login_as u_new "{\"login\":\"u_new\",\"password\":\"$new\"}"
api u_quiet POST /v1/session/lock '' >/dev/null
is "$(web_status) $(grep -c '^[0-9a-f]' "$SCRATCH/u_far.csrf" "$SCRATCH/u_new.csrf" | tr '\n' ' ')" \
	"204 $SCRATCH/u_far.csrf:1 $SCRATCH/u_new.csrf:1 " "everybody is in who comes in"

# --- things that belong to somebody
has() { api u_caseworker "$@"; }
has POST /v1/chat/threads "{\"kind\":\"group\",\"title\":\"相談\",\"members\":[$(db "SELECT id FROM account WHERE login = 'u_coordinator'")]}" >/dev/null
has POST /v1/chat/threads/1/messages '{"client_id":"u-000002","text":"明日の予定です","confirm":{"ground":"LAW","reason":"for a test"},"files":[{"name":"a.txt","content":"YQ=="}]}' >"$SCRATCH/message"
has POST /v1/chat/threads/1/polls '{"client_id":"u-000003","title":"第2回","meeting":"multilayer_meeting","deadline":"2099-04-20T17:00:00+09:00","candidates":[{"starts":"2099-04-24T10:00:00+09:00","ends":"2099-04-24T11:30:00+09:00"}]}' >/dev/null
has POST /v1/alerts/tasks '{"content":"見守りの電話","due":"2026-04-01"}' >/dev/null
is "$(web_status)" 201 "a thread, a message, a poll, a task"
has POST /v1/chat/threads/1/polls/1/decide '{"candidate":1}' >/dev/null
KEY=$(has GET '/v1/cases?limit=1' | jq -r '.items[0].key')


# --- the matrix
actors=() expect=tests/flow/matrix/routes.tsv
headers() { # LOGIN [MORE JSON]
	printf '{"Cookie":"%s","X-CSRF-Token":"%s"%s}' "$(awk 'NF >= 7 { printf "%s%s=%s", sep, $6, $7; sep = "; " }' "$SCRATCH/$1.jar")" "$(cat "$SCRATCH/$1.csrf")" "${2:-}"
}
actor() { # NAME KIND HEADERS [MORE JSON]
	actors+=("{\"name\":\"$1\",\"kind\":\"$2\",\"headers\":$3${4:-}}")
}
conf() { # MORE JSON
	local IFS=,
	printf '{"url":"%s","login":"u_caseworker","password":"%s","expect":"%s","actors":[%s]%s}' "$WEB_URL" "$WEB_PASSWORD" "$expect" "${actors[*]}" "$1"
}
probe() { timeout 240 python3 tests/lib/probe_api.py "$1" "$SCRATCH/${2:-$1}.json"; }
actor nobody none '{}'
api u_gone DELETE /v1/session >/dev/null
actor "signed out" expired "$(headers u_gone)"
tsunagi user lock u_locked --reason test
actor "an account that was locked" expired "$(headers u_locked)"
db "UPDATE membership SET valid_from = '2020-01-01', valid_to = '2020-12-31' WHERE account_id = (SELECT id FROM account WHERE login = 'u_over')"
actor "民生委員, expired" expired "$(headers u_over)"
actor "from another network" network "$(headers u_far ',"X-Forwarded-For":"10.99.0.1"')"
actor "at a locked session" locked "$(headers u_quiet)"
actor "with a temporary password" setup "$(headers u_new)"
actor "a program" token "{\"Authorization\":\"Bearer $TOKEN\"}" ',"may":["cases.read","resources.read","runs.read","audit.read"],"view":true'
actor "a program with a small scope" token "{\"Authorization\":\"Bearer $SMALL\"}" ',"may":["chat.read"],"view":false'
for role in $roles; do
	[[ $(grep -P '^GET\t/v1/cases\t' $expect) == *$role* ]] && view=true || view=false
	[ "$role" = caseworker ] && view="$view,\"owner\":true"
	actor "$role" role "$(headers "u_$role")" ",\"role\":\"$role\",\"view\":$view"
done
actor "coordinator of an agency with another view" outside "$(headers u_seen)" ',"role":"coordinator","view":true'
actor "coordinator of an agency without a view" outside "$(headers u_else)" ',"role":"coordinator","view":false'
conf ",\"secrets\":$(db "SELECT name FROM cc_person WHERE length(name) > 2 LIMIT 5" | jq -Rnc '[inputs]'),\"objects\":{
	\"case\":\"2024-0000001\",\"entity\":\"case\",\"key\":\"$KEY\",\"thread\":1,\"seq\":1,\"poll\":1,\"task\":1,\"run\":1,\"file\":$(jq '.files[0].file' "$SCRATCH/message"),
	\"alert\":1,\"account\":1,\"login\":\"nobody-x\",\"number\":99,\"prefix\":\"none\",\"name\":\"x\",\"id\":99,\"rule\":99,\"delivery\":99}" >"$SCRATCH/matrix.json"
jq empty "$SCRATCH/matrix.json"
ok $? "a matrix of ${#actors[@]} actors"
OUT=$(probe matrix 2>&1)
like "$OUT" '^[0-9]+$' "each route answers each of them as the table says"
[[ $OUT =~ ([0-9]+)$ ]] && [ "${BASH_REMATCH[1]}" -gt 1500 ]
ok $? "and none was left out: ${BASH_REMATCH[1]} requests"
for fault in 's/^GET\t\/v1\/audit\t[^\t]*/GET\t\/v1\/audit\tmanager/' '/^GET\t\/v1\/stats\/counts\t/d' 's/^GET\t\/v1\/chat\/unread\t.*\t-$/GET\t\/v1\/chat\/unread\topen\town/'; do
	sed "$fault" $expect >"$SCRATCH/other.tsv"
	jq --arg f "$SCRATCH/other.tsv" '.expect = $f | .actors |= map(select(.kind | . == "role" or . == "outside"))' "$SCRATCH/matrix.json" >"$SCRATCH/wrong.json"
	like "$(timeout 240 python3 tests/lib/probe_api.py matrix "$SCRATCH/wrong.json" 2>&1)" '/v1/(audit|stats/counts|chat/unread)' "another table is not what is served: ${fault:0:24}"
done

# --- what is not as the description says
OUT=$(probe shapes matrix 2>&1)
like "$OUT" '^[0-9]+$' "what is not formed as described is a problem document, at every route"
[[ $OUT =~ ([0-9]+)$ ]] && [ "${BASH_REMATCH[1]}" -gt 3000 ]
ok $? "many shapes: ${BASH_REMATCH[1]} requests"

# --- who means harm
web_login u_caseworker
jq '.actors |= map(select(.owner))' "$SCRATCH/matrix.json" |
	jq --argjson h "$(headers u_caseworker)" '.actors[0].headers = $h' >"$SCRATCH/attacks.json"
before=$(find "$SCRATCH" /etc/cron.d -newer "$SCRATCH/attacks.json" 2>/dev/null | sort)
OUT=$(probe attacks 2>&1)
like "$OUT" '^[0-9]+$' "hostile requests are answered, never served"
[[ $OUT =~ ([0-9]+)$ ]] && [ "${BASH_REMATCH[1]}" -gt 2000 ]
ok $? "through every route: ${BASH_REMATCH[1]} requests"
unlike "$(cat "$site/log")" 'web-died|http-fault|call-failed|<script|etc/passwd|DROP TABLE' "the server stays, and its log holds none of it"
exits 0 "and so does the store" tsunagi doctor

# --- what is stopped is stopped
TSUNAGI_ACTOR=ann tsunagi release stop --reason test >/dev/null
is "$(api u_caseworker GET /v1/cases | jq -r .code) $(web_status)" "releases-stopped 403" "a stop closes views at once"
web_stop

# --- the certificate of another agency's device opens nothing
cd "$SCRATCH" || exit 1
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext 'subjectAltName = IP:127.0.0.1' -keyout tls.key -out tls.pem
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=pc12 -keyout pc.key -out pc.csr
	openssl x509 -req -in pc.csr -CA tls.pem -CAkey tls.key -CAcreateserial -days 2 -out pc.pem
} 2>/dev/null
cd "$root" || exit 1
tsunagi user device add "$SCRATCH/pc.pem" --name PC --agency SWC 2>/dev/null
sed -i 's/second_factor = false;//' "$site/roles.cfg"
sed -i "s|serve: {|serve: { tls: { cert = \"$SCRATCH/tls.pem\"; key = \"$SCRATCH/tls.key\"; client_ca = \"$SCRATCH/tls.pem\"; };|" "$site/jobs.cfg"
WEB_SCHEME=https CURL_HOME=$SCRATCH
export CURL_HOME
printf 'cacert = "%s"\ncert = "%s"\nkey = "%s"\n' "$SCRATCH/tls.pem" "$SCRATCH/pc.pem" "$SCRATCH/pc.key" >"$SCRATCH/.curlrc"
web_start "$site"
device() { curl -s -H 'Content-Type: application/json' -d "{\"login\":\"$1\",\"password\":\"$WEB_PASSWORD\"}" "$WEB_URL/v1/session" | jq -r '.code // .login'; }
is "$(device u_caseworker) $(device u_seen)" "second-factor-missing u_seen" "it is a second factor for its own agency only"
actors=()
actor "the certificate alone" none '{}'
conf ",\"ca\":\"$SCRATCH/tls.pem\",\"cert\":\"$SCRATCH/pc.pem\",\"key\":\"$SCRATCH/pc.key\"" >"$SCRATCH/matrix.json"
OUT=$(probe matrix 2>&1)
like "$OUT" '^[0-9]+$' "and nobody without a session, at every route"
tap_done
