#!/bin/bash
# The commands of docs/api.md and its Japanese twin; every route x every role, own agency and another one, from the
# description; hostile requests. All of it at the real daemon.
. tests/lib/tap.sh
. tests/lib/web.sh
root=$PWD
commands() { grep -E '^    (tsunagi|curl) ' "$root/docs/$1"; }
is "$(commands api.ja.md)" "$(commands api.md)" "both languages show the same commands"
like "$(grep -c -F 'views = ["trusted-agency"]; };' docs/api.md)" 1 "the setting is there"
site=$SCRATCH/site
export TSUNAGI_STORE=sqlite:$site/s.db TSUNAGI_KEYS=$site/keys
mkdir -p "$site"
cp mappings/legacy-care-record/sample.csv "$site/"
tsunagi import "$site/sample.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
sed 's/entities: {/entities: { agency: { fields = ["agency_name"]; };/' config/profiles/trusted-agency.cfg >"$site/wel.cfg"
TSUNAGI_ACTOR=ann tsunagi release propose "$site/wel.cfg" >/dev/null
TSUNAGI_ACTOR=bob tsunagi release approve "$site/wel.cfg" >/dev/null
web_site "$site" '' 'views = ["wel.cfg"];'
roles=$(sed -n 's/.*name = "\([a-z_]*\)"; label.*/\1/p' schemas/roles.cfg)
actors=()
user() { # LOGIN ROLE AGENCY
	tsunagi user add "$1" --name "$1" --role "$2" --agency "$3" --until "$(date -d '+1 year' +%F)" --roles "$site/roles.cfg" \
		<<<"$WEB_PASSWORD" >"$SCRATCH/user.log" 2>&1 || cat "$SCRATCH/user.log" >&2
}
for role in $roles; do user "u_$role" "$role" WEL; done
user u_else coordinator "$(sqlite3 "$site/s.db" "SELECT key FROM cc_agency WHERE key <> 'WEL' ORDER BY id LIMIT 1")"
user u_gone coordinator WEL
web_start "$site"

# --- the commands
n=0
while IFS= read -r line; do
	line=${line#"${line%%[! ]*}"}
	exits 0 "$line" env TOKEN="${TOKEN:-}" KEY="${KEY:-}" bash -c "${line//http:\/\/127.0.0.1:8425/$WEB_URL}"
	n=$((n + 1))
	case $line in
	*token\ add*) TOKEN=$(tail -n 1 <<<"$OUT") ;;
	*/me/views) is "$(jq -c '.items[0] | [.agency, .approved]' <<<"$OUT")" '["WEL",true]' "its view" ;;
	*limit=2*)
		KEY=$(jq -r '.items[0].key' <<<"$OUT")
		is "$(jq '.items | length' <<<"$OUT")" 2 "a page" ;;
	*/cases/2024-0000001 | *records/case*)
		is "$(jq -c '[.fields[] | select(.name == "case_no") | .value]' <<<"$OUT")" '["2024-0000001"]' "the case" ;;
	*intake*) is "$(jq -c '[.items[].fields[] | select(.name == "received_on") | .shown]' <<<"$OUT")" '["as_is"]' "its records" ;;
	*/runs/1) is "$(jq '[.rejects[].count] | add' <<<"$OUT")" 3 "rejects by reason" ;;
	*audit*) is "$(jq -r '.items[-1].detail.entity' <<<"$OUT")" case "each read is in the log" ;;
	*openapi.json) is "$(jq -r '.paths["/v1/cases"].get["x-permission"]' <<<"$OUT")" cases.read "the description" ;;
	esac
done < <(commands api.md)
is "$n" 11 "commands were found"

# --- who may what
headers() { # LOGIN
	printf '{"Cookie":"%s","X-CSRF-Token":"%s"}' "$(awk 'NF >= 7 { printf "%s%s=%s", sep, $6, $7; sep = "; " }' "$SCRATCH/$1.jar")" "$(cat "$SCRATCH/$1.csrf")"
}
may() { sed -n "/name = \"$1\"/,/};\?$/{s/.*may = \(\[.*\]\);.*/\1/p}" schemas/roles.cfg | head -n 1 | sed 's/\]; .*/]/'; } # ROLE
actor() { # NAME KIND MAY VIEW_ONLY VIEW HEADERS
	actors+=("{\"name\":\"$1\",\"kind\":\"$2\",\"may\":$3,\"view_only\":$4,\"view\":$5,\"headers\":$6}")
}
actor nobody none '[]' false false '{}'
actor "a program" token '["cases.read","resources.read","runs.read","audit.read"]' false true "{\"Authorization\":\"Bearer $TOKEN\"}"
small=$(tsunagi user token add --name small --agency WEL --may chat.read --until 2027-03-31 2>/dev/null | tail -n 1)
actor "another program" token '["chat.read"]' false false "{\"Authorization\":\"Bearer $small\"}"
web_login u_gone
gone=$(headers u_gone)
api u_gone DELETE /v1/session >/dev/null
actor "signed out" expired '[]' false false "$gone"
for role in $roles; do
	web_login "u_$role"
	case $role in auditor | minsei) only=true ;; *) only=false ;; esac
	[[ $(may "$role") == *cases.* ]] && view=true || view=false
	actor "$role" role "$(may "$role")" $only $view "$(headers "u_$role")"
done
web_login u_else
actor "coordinator elsewhere" role "$(may coordinator)" false false "$(headers u_else)"
conf() { # ACTORS...
	local IFS=,
	printf '{"url":"%s","login":"u_caseworker","password":"%s","actors":[%s]}' "$WEB_URL" "$WEB_PASSWORD" "$*"
}
conf "${actors[@]}" >"$SCRATCH/matrix.json"
jq empty "$SCRATCH/matrix.json"
ok $? "a matrix of ${#actors[@]} actors"
probe() { timeout 120 python3 tests/lib/probe_api.py "$1" "$SCRATCH/$1.json"; }
OUT=$(probe matrix 2>&1)
like "$OUT" '^[0-9]+$' "each route answers each of them as its permission says"
[[ $OUT =~ ([0-9]+)$ ]] && [ "${BASH_REMATCH[1]}" -gt 400 ]
ok $? "and none was left out" "$OUT"

# --- who means harm
web_login u_caseworker
actors=()
actor caseworker role "$(may caseworker)" false true "$(headers u_caseworker)"
conf "${actors[@]}" >"$SCRATCH/attacks.json"
OUT=$(probe attacks 2>&1)
like "$OUT" '^[0-9]+$' "hostile requests are answered, never served"
unlike "$(cat "$site/log")" 'web-died|<script|etc/passwd|DROP TABLE' "the server stays, and its log holds none of it"

# --- what is stopped is stopped
TSUNAGI_ACTOR=ann tsunagi release stop --reason test >/dev/null
is "$(api u_caseworker GET /v1/cases | jq -r .code) $(web_status)" "releases-stopped 403" "a stop closes views at once"
tap_done
