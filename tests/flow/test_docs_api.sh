#!/bin/bash
# The commands of docs/api.md and its Japanese twin at the real daemon; what a meeting opens, a run that is asked for.
. tests/lib/tap.sh
. tests/lib/web.sh
root=$PWD
commands() { grep -E '^    (tsunagi|curl) ' "$root/docs/$1" | sed "s/--until 20[0-9-]*/--until $(day 365)/"; } # the day passes one day
is "$(commands api.ja.md)" "$(commands api.md)" "both languages show the same commands"
like "$(grep -c -F 'views = ["trusted-agency"]; };' docs/api.md)" 1 "the setting is there"
site=$SCRATCH/site
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$site/keys
mkdir -p "$site"
cp mappings/legacy-care-record/sample.csv "$site/"
tsunagi import "$site/sample.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
sed 's/entities: {/entities: { agency: { fields = ["agency_name"]; };/' config/profiles/trusted-agency.cfg >"$site/wel.cfg"
TSUNAGI_ACTOR=ann tsunagi release propose "$site/wel.cfg" >/dev/null
TSUNAGI_ACTOR=bob tsunagi release approve "$site/wel.cfg" >/dev/null
cp config/profiles/meeting-welfare.cfg "$site/wel-meeting.cfg"
for p in masked-agency meeting-swc; do cp config/profiles/$p.cfg "$site/"; done
for p in wel-meeting masked-agency meeting-swc; do
	TSUNAGI_ACTOR=ann tsunagi release propose "$site/$p.cfg" >/dev/null
	TSUNAGI_ACTOR=bob tsunagi release approve "$site/$p.cfg" >/dev/null
done
{
	head -n 1 mappings/meetings/roster.sample.csv
	while read -r no kind from to members; do
		echo "$no,2024-0000001,$kind,$(day "$from"),$(day "$from"),$(day "$to"),\"$members\",x"
	done <<-'ROWS'
		M-1 支援会議 -9 +30 [""WEL"",""SWC""]
		M-2 重層的支援会議 -9 +30 [""WEL"",""SWC""]
		M-3 支援会議 -9 +30 [""WEL""]
		M-4 支援会議 -90 -30 [""WEL"",""SWC""]
	ROWS
} >"$site/roster.csv"
tsunagi import "$site/roster.csv" --mapping meetings/roster --quiet >/dev/null 2>&1
# a run that was in force the day before yesterday, and is taken back
sed 's/M-/N-/' "$site/roster.csv" >"$site/other.csv"
store_sql s "INSERT INTO meta (name, value) VALUES ('clock', 'given')"
TSUNAGI_NOW=$(day -2 +%FT%T+09:00) tsunagi import "$site/other.csv" --mapping meetings/roster --quiet >/dev/null 2>&1
tsunagi undo "$(store_sql s 'SELECT max(id) FROM run')" >/dev/null
web_site "$site" '' 'views = ["wel.cfg", "wel-meeting.cfg", "masked-agency.cfg", "meeting-swc.cfg"];'
cp mappings/legacy-care-record/sample.csv "$site/cases.csv"
sed -i 's/^jobs: .*/jobs: { cases: { kind = "intake"; mapping = "legacy-care-record"; source: { plugin = "csv"; path = "cases.csv"; }; };\n  folder: { kind = "intake"; mapping = "legacy-care-record"; source: { plugin = "csv"; }; watch: { folder = "in"; }; }; };/' "$site/jobs.cfg"
mkdir "$site/in"
web_start "$site"

# --- the commands
n=0
while IFS= read -r line; do
	line=${line#"${line%%[! ]*}"}
	exits 0 "$line" env TOKEN="${TOKEN:-}" KEY="${KEY:-}" TAG="${TAG:-}" bash -c "${line//http:\/\/127.0.0.1:8425/$WEB_URL}"
	n=$((n + 1))
	case $line in
	*-D\ -*) TAG=$(tr -d '\r' <<<"$OUT" | sed -n 's/^ETag: //p') ;;
	*If-None-Match*) is "$OUT" 304 "nothing new in it" ;;
	*token\ add*) TOKEN=$(tail -n 1 <<<"$OUT") ;;
	*/me/views) is "$(jq -c '[.items[] | [.agency, .purpose, .approved]]' <<<"$OUT")" '[["WEL","support",true],["WEL","meeting",true]]' "its views" ;;
	*meeting=*) is "$(jq -c '[.items[].fields[] | select(.name == "name") | .shown]' <<<"$OUT")" '["as_is"]' "the client, in the meeting" ;;
	*/sharing*) is "$(jq -r '.items[] | select(.class == "identifier" and (.reveals_address | not) and .purpose == "support") | .decision' <<<"$OUT")" as_is "what it would see" ;;
	*report*) is "$(grep -vE "操作ログの先頭|head of the audit" <<<"$OUT")" "$(tsunagi report 1 --as csv | grep -vE "操作ログの先頭|head of the audit")" "the sheet that the command prints" ;;
	*/v1/jobs) is "$(jq -c '[.items[] | [.job, .trigger, .running, .run]]' <<<"$OUT")" '[["cases","hand",false,0],["folder","watch",false,0]]' "jobs" ;;
	*/cases/run)
		is "$(jq -c '[.job, .wanted]' <<<"$OUT")" '["cases",true]' "a run is wanted"
		ended() { [ "$(curl -s -H "Authorization: Bearer $TOKEN" "$WEB_URL/v1/jobs/cases" | jq -c '[.wanted, .running, .outcome]')" = '[false,false,"well"]' ]; }
		soon ended
		ok $? "and was begun by the daemon" ;;
	*/jobs/cases) is "$(jq -r '[.outcome, .rejected] | join(" ")' <<<"$OUT")" "well 0" "the same file again brings nothing" ;;
	*schema*) is "$OUT" "$(tsunagi schema --as json)" "the schema" ;;
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
is "$n" 20 "commands were found"
known() { curl -s -H "Authorization: Bearer $TOKEN" "$WEB_URL/v1/cases/2024-0000001/sharing?as=WEL&known=$1" | jq -r '.not_kept | length'; }
undone=$(store_sql s "SELECT max(ended_at) FROM run WHERE kind = 'undo'") # its day, whatever day it is now
is "$(known "$(TZ=Asia/Tokyo date -d "@$((undone - 86400))" +%F)") $(known "$(TZ=Asia/Tokyo date -d "@$undone" +%F)")" "1 0" "what is not kept of that time is said"

# --- what a meeting opens, and for whom
small() { tsunagi user token add --name "$1" --agency "$1" --may "$2" --until 2037-03-31 2>/dev/null | tail -n 1; }
SWC=$(small SWC cases.read)
person() { curl -s -H "Authorization: Bearer $SWC" "$WEB_URL/v1/cases/$case/records/person$1" | jq -c '.code // [.items[].fields[] | select(.name == "name") | .shown]'; }
case=$(curl -s -H "Authorization: Bearer $SWC" "$WEB_URL/v1/cases?limit=1" | jq -r '.items[0].key')
for m in '' '?meeting=M-1' '?meeting=M-2' '?meeting=M-3' '?meeting=M-4' '?meeting=M-9'; do seen="$seen$(person "$m") "; done
is "$seen" '["masked"] ["pseudonym"] ["masked"] "not-found" "not-found" "not-found" ' \
	"every day masked; 支援会議 opens it, 重層的支援会議 does not; not invited, over, unknown: not there"
is "$(person '')" '["masked"]' "and afterwards as every day"
like "$(tsunagi audit list --format jsonl | grep '"view"' | grep SWC)" 'meeting.*M-1' "the log names the meeting"

# --- the tag is made of what this reader sees
tag() { curl -s -o /dev/null -D - -H "Authorization: Bearer $1" "$WEB_URL/v1/cases/$2/records/person" | tr -d '\r' | sed -n 's/^ETag: //p'; }
before=$(tag "$TOKEN" 2024-0000001) masked=$(tag "$SWC" "$case")
store_sql s "UPDATE cc_person SET name = name || 'x'" >/dev/null
[ "$(tag "$TOKEN" 2024-0000001)" != "$before" ]
ok $? "another name is another tag for who reads it" "$before"
is "$(tag "$SWC" "$case")" "$masked" "and none for who may not"
store_sql s "UPDATE cc_person SET name = substr(name, 1, length(name) - 1)" >/dev/null
is "$(tag "$TOKEN" 2024-0000001)" "$before" "as it was"

# --- the same page again is no mass read, page after page is
MANY=$(small WEL cases.read | tail -n 1)
pages() { curl -s -o "$SCRATCH/page" -H "Authorization: Bearer $MANY" "$WEB_URL/v1/cases?limit=2&after=$1"; jq -r '.next // ""' "$SCRATCH/page"; }
many() { tsunagi audit list --format jsonl | tail -n 1 | jq -r .actor; }
for _ in 1 2 3 4; do next=$(pages ''); done
actor=$(many)
mass() { tsunagi audit inspect --month "$(TZ=Asia/Tokyo date +%Y-%m)" --mass 4 --format jsonl | jq -r 'select(.actor == "'"$actor"'") | .finding' | grep -c mass; }
is "$(mass)" 0 "four times the first two cases"
while [ -n "$next" ]; do next=$(pages "$next"); done
is "$(mass)" 1 "all cases, two by two"

# --- a run now: who may, and what is not begun
run() { curl -s -o "$SCRATCH/o" -w '%{http_code} ' -X POST -H "Authorization: Bearer $1" "$WEB_URL/v1/jobs/$2/run"; jq -r .code "$SCRATCH/o"; }
is "$(run "$SWC" cases) $(run "$TOKEN" folder) $(run "$TOKEN" nix)" "403 not-allowed 409 nothing-waits 404 no-job" "not for everybody, not for nothing"
runs() { curl -s -H "Authorization: Bearer $TOKEN" "$WEB_URL/metrics" | sed -n 's/^tsunagi_job_runs_total{job="cases"} //p'; }
kill -STOP "$WEB_DAEMON" # the wishes of a while are one
for _ in 1 2 3; do run "$TOKEN" cases >/dev/null; done
kill -CONT "$WEB_DAEMON"
soon ended
is "$(runs)" 2 "three wishes at once are one run"
READER=$(tsunagi user token add --name reader --may runs.read --until 2037-03-31 2>/dev/null | tail -n 1)
figures() { curl -s -H "Authorization: Bearer $1" "$WEB_URL/v1/metrics" | grep -c '^tsunagi_job_\(rows\|rejected\|runs_total\){job="cases"}'; }
is "$(figures "$READER") $(figures "$SWC")" "3 0" "how many records it had is for who may read runs"
like "$(tsunagi audit list --format jsonl | grep -c job-asked)" '^4$' "each is in the log"

tap_done
