#!/bin/bash
# The commands of docs/search.md at the real daemon, and what a withdrawal takes away from the next question on.
. tests/lib/tap.sh
. tests/lib/web.sh
root=$PWD
commands() { grep -E '^    (tsunagi|curl) ' "$root/docs/$1" | sed "s/--until 20[0-9-]*/--until $(day 365)/"; } # the day passes one day
is "$(commands search.ja.md)" "$(commands search.md)" "both languages show the same commands"
site=$SCRATCH/site
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$site/keys
mkdir -p "$site"
cp mappings/legacy-care-record/sample.csv "$site/"
tsunagi import "$site/sample.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
cp config/profiles/trusted-agency.cfg "$site/wel.cfg"
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason test >/dev/null; done
TSUNAGI_ACTOR=ann tsunagi release propose "$site/wel.cfg" >/dev/null
TSUNAGI_ACTOR=bob tsunagi release approve "$site/wel.cfg" >/dev/null
web_site "$site" 'services: { search: { plugin = "search"; }; };' 'views = ["wel.cfg"];'
web_user "$site" anna caseworker WEL
web_start "$site"

while IFS= read -r line; do
	line=${line#"${line%%[! ]*}"}
	exits 0 "$line" env TOKEN="${TOKEN:-}" bash -c "${line//http:\/\/127.0.0.1:8425/$WEB_URL}"
	case $line in
	*token\ add*) TOKEN=$(tail -n 1 <<<"$OUT") ;;
	*夜間*)
		is "$(jq -c '[.total, (.items[].snippet[] | select(.mark) | .text)] | sort' <<<"$OUT")" '[2,"夜間","家賃"]' "hits, marked"
		is "$(jq '[.facets[] | select(.count != null)] | length' <<<"$OUT")" 0 "few are not counted" ;;
	*分割納付*) is "$(jq -c '[.total, .items[0].case_no, .items[0].entity]' <<<"$OUT")" '[1,"2024-0000001","plan"]' "a phrase, a period" ;;
	*similar* | *resources* | *schemes*) is "$(jq -c '.items | type' <<<"$OUT")" '"array"' "a list" ;;
	esac
done < <(commands search.md)
total() { curl -s -G -H "Authorization: Bearer $TOKEN" --data-urlencode "q=$1" "$WEB_URL/v1/search" | jq .total; }
is "$(total 濵田) $(total 濱田) $(total 隣人)" "0 0 1" "a name in a text is not found, what stands beside it is"
is "$(store_sql s "SELECT sum(CASE WHEN detail LIKE '%家賃%' THEN 100 ELSE 1 END) BETWEEN 4 AND 99 FROM audit WHERE action = 'search'" | sed s/t/1/)" 1 "each search is on the log, its words are not"

# lists that say nothing of the texts
exits 0 "doctor: no list is wrong" tsunagi doctor
store_sql s "INSERT INTO text_block VALUES (0, 256)" >/dev/null
exits 11 "doctor finds it" tsunagi doctor
like "$OUT" "DAMAGED +lists of words: 1 of 1 say" "and names them"
like "$ERR" "doctor --remake-words" "and what is to be done"
exits 0 "they are made anew" tsunagi doctor --remake-words
is "$(total 隣人)" 1 "and texts are found"

before=$(total '')
TSUNAGI_ACTOR=suzuki tsunagi release protection protect --person 2024-0000001 --reason "asked" >/dev/null
is "$(total 分割納付) $(($(total '') < before))" "0 1" "under protection the unreviewed texts are gone at once, from the total, too"

# --- saved searches
web_login anna
api anna POST /v1/search/saved '{"name":"家賃","query":"q=家賃"}' >/dev/null
is "$(web_status) $(api anna GET /v1/search/saved | jq -c '.items[] | [.id, .name, .query]')" '201 [1,"家賃","q=家賃"]' "a search is kept"
is "$(curl -s -H "Authorization: Bearer $TOKEN" "$WEB_URL/v1/search/saved")" '{"items":[]}' "for nobody else"
api anna DELETE /v1/search/saved/1 >/dev/null
is "$(web_status) $(api anna GET /v1/search/saved)" '204 {"items":[]}' "and forgotten"
api anna GET '/v1/search?from=2024-02-31x' >/dev/null
is "$(web_status)" 422 "a day that is none"
tap_done
