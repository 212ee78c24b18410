#!/bin/bash
# How fresh resources and schemes are: what the list says, or else the day on which it was last loaded with the entry.
. tests/lib/tap.sh
. tests/lib/web.sh
site=$SCRATCH/site
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$site/keys
mkdir -p "$site"
cat >"$site/list.cfg" <<'X'
mapping: { name = "list"; system = "list"; source: { plugin = "csv"; encoding = "auto"; }; header = ("番号", "名称", "最終更新日"); key = "番号"; };
resource: { key = "番号"; resource_name = "名称"; confirmed_on = "最終更新日 | date"; };
X
load() { # NAME LINE...
	printf '%s\n' 番号,名称,最終更新日 "${@:2}" >"$site/$1.csv"
	exits 0 "load $1" tsunagi import "$site/$1.csv" --mapping "$site/list.cfg" --quiet
}
long_ago=$(day -400)
load first 1,相談室あおぞら, 2,食堂ひまわり,
store_sql s "UPDATE run SET ended_at = ended_at - 400 * 86400"
load second 2,食堂ひまわり, "3,サロン若葉,$(day -500)" 4,窓口すみれ,令和2年5月
sed "s/R9\.3\.31/$(day 400)/" mappings/schemes/sample.csv >"$site/schemes.csv" # one ends some day, not in the middle of this test
exits 5 "a list of schemes, one without a name" tsunagi import "$site/schemes.csv" --mapping schemes --quiet

sed 's/^entities: {/&\n\tresource: { fields = ["*"]; };\n\tscheme: { fields = ["*"]; };/' config/profiles/trusted-agency.cfg >"$site/wel.cfg"
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason test >/dev/null; done
TSUNAGI_ACTOR=ann tsunagi release propose "$site/wel.cfg" >/dev/null
TSUNAGI_ACTOR=bob tsunagi release approve "$site/wel.cfg" >/dev/null
web_site "$site" 'services: { search: { plugin = "search"; stale_months = 6; }; };' 'views = ["wel.cfg"];'
web_user "$site" anna caseworker WEL
web_start "$site"
web_login anna
ages() { api anna GET "/v1/search/$1" | jq -r '.items[] | [.name, .confirmed_on, .loaded_on, .stale] | map(if . == null then "-" else tostring end) | join(" ")' | sort; }
today=$(TZ=Asia/Tokyo date -d "@$(store_sql s "SELECT max(ended_at) FROM run")" +%F) # when they were loaded
is "$(ages resources)" "サロン若葉 $(day -500) $today true
相談室あおぞら - $long_ago true
窓口すみれ 2020-05-01 $today true
食堂ひまわり - $today false" "what the list says comes first, then when it was loaded with the entry"
is "$(ages "resources?confirmed_since=$(day -450)")" "相談室あおぞら - $long_ago true
食堂ひまわり - $today false" "confirmed since"
is "$(ages "resources?confirmed_since=$(day -30)")" "食堂ひまわり - $today false" "since last month"
api anna GET '/v1/search/resources?confirmed_since=lately' >/dev/null
is "$(web_status)" 422 "a day that is none"
is "$(api anna GET /v1/search/schemes | jq -c '[([.items[].confirmed_on] | sort), ([.items[].loaded_on] | unique)]')" \
	"[[null,null,\"2025-04-01\",\"2025-10-01\",\"2026-04-01\"],[\"$today\"]]" "schemes, too"
is "$(api anna GET "/v1/search/schemes?confirmed_since=$(day 1)" | jq '.items | length')" 0 "none from tomorrow"

exits 0 "the second load is taken back" tsunagi undo "$(store_sql s "SELECT max(id) FROM run WHERE input = 'second.csv'")"
is "$(ages resources)" "相談室あおぞら - $long_ago true
食堂ひまわり - $long_ago true" "and with it what it said"
tap_done
