#!/bin/bash
# The commands of docs/api.md and its Japanese twin at the real daemon.
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

tap_done
