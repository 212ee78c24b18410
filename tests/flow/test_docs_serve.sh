#!/bin/bash
# The commands of docs/serve.md and its Japanese twin on config/serve.cfg; what check --on names; the unit.
. tests/lib/tap.sh
root=$PWD
unset TSUNAGI_STORE TSUNAGI_ACTOR STATE_DIRECTORY
commands() { grep -E '^    (tsunagi|cp|touch|curl) ' "$root/docs/$1"; }
is "$(commands serve.ja.md)" "$(commands serve.md)" "both languages show the same commands"
mkdir -p "$SCRATCH/site" && cd "$SCRATCH/site" || exit 1
cp -r "$root/config" . && ln -s "$root/mappings" .
sed -i "s/:8425/:0/; /blackout/d" config/serve.cfg # the test has no time of day
trap 'exec 2>/dev/null; [ -z "${daemon:-}" ] || kill -9 "$daemon"; rm -rf "$SCRATCH"' EXIT
n=0
while IFS= read -r line; do
	line=${line#"${line%%[! ]*}"} want=0
	case $line in
	*serve\ config*)
		$line 2>log &
		daemon=$!
		disown
		soon test -d data/in/taken
		ok $? "$line" "$(cat log)"
		port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' log)
		n=$((n + 1))
		continue ;;
	*--on\ *) want=3 ;;
	esac
	[[ $line != *status* ]] || soon test -e data/in/done/cases.csv
	exits $want "$line" bash -c "${line//:8425/:$port}"
	n=$((n + 1))
	case $line in
	*/ready) is "$OUT" '{"status":"ready"}' "is ready" ;;
	*/metrics) python3 "$root/tests/lib/openmetrics.py" <<<"$OUT" >/dev/null; ok $? "is OpenMetrics" ;;
	*jsonl) is "$(jq -rc 'select(.job == "cases") | [.state, .outcome, .waiting]' <<<"$OUT")" '["idle","well",0]' "status" ;;
	esac
done < <(commands serve.md)
is "$n" 9 "commands were found"
for f in cases.csv cases.csv.manifest.json cases.csv.report.txt cases.csv.rejects.csv; do
	[ -e "data/in/done/$f" ]
	ok $? "done/$f"
done
is "$(stat -c %a data/in/done/cases.csv.manifest.json data/in/done/cases.csv.report.txt | tr '\n' ' ')" "600 600 " "for nobody else"
like "$(tsunagi check config/serve.cfg)" 'to_agency: 20[0-9-]+ 05:30, .*cases: when files arrive|cases: when files arrive.*to_agency: 20[0-9-]+ 05:30, ' "check shows when"

# what fails on a day
db() { sqlite3 -cmd '.timeout 5000' data/tsunagi.db "$1"; }
db "INSERT INTO meta (name, value) VALUES ('clock', 'given')"
export TSUNAGI_NOW=2026-11-21T10:00:00+09:00 TSUNAGI_STORE=sqlite:data/tsunagi.db
on() { tsunagi check config/serve.cfg --on "$1" --format csv 2>/dev/null | cut -d, -f1,2 | tr -d '"' | sort | tr '\n' ' '; }
is "$(on 2026-11-22)" "approval,serve/to_agency approval,trusted-agency what,which " "a profile and a job that nobody approved"
for what in trusted-agency 'config/serve.cfg to_agency'; do
	# shellcheck disable=SC2086
	TSUNAGI_ACTOR=ann tsunagi release propose $what >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve $what >/dev/null
done
exits 0 "tomorrow nothing fails" tsunagi check config/serve.cfg --on 2026-11-22
TSUNAGI_ACTOR=ann tsunagi consent grant 2024-0000001 --as WEL --category quasi --until 2027-03-31 --reason form >/dev/null
exits 0 "nor in December" tsunagi check config/serve.cfg --on 2026-12-31
is "$(on 2027-04-01)" "consent,WEL holidays,2027 what,which " "a consent runs out, the holidays are not loaded"
is "$(on 2029-04-01)" "consent,WEL contract,WEL holidays,2029 what,which " "a contract ends"
TSUNAGI_ACTOR=ann tsunagi release stop --reason test >/dev/null
is "$(on 2026-12-31)" "release, what,which " "releases are stopped"
# views and people: what lets nobody in, or shows nobody anything
cat >config/views.cfg <<'CFG'
store = "sqlite:../data/tsunagi.db";
serve: { views = ["trusted-agency", "masked-agency"]; };
jobs: { };
CFG
on() { tsunagi check config/views.cfg --on "$1" --format csv 2>/dev/null | cut -d, -f1,2 | tr -d '"' | sort | tr '\n' ' '; }
is "$(on 2026-12-31)" "approval,masked-agency what,which " "a view that nobody approved"
db "UPDATE cc_agency SET contract_from = '2024-04-01', contract_to = '2027-01-31' WHERE key = 'WEL'; DELETE FROM cc_agency WHERE key = 'SWC'"
printf 'correct horse battery\n' | tsunagi user add kondo --name K --role caseworker --agency WEL >/dev/null 2>&1
printf 'correct horse battery\n' | tsunagi user add minami --name M --role minsei --until 2027-01-15 >/dev/null 2>&1
tsunagi user token add --name front --may cases.read --until 2027-01-20 >/dev/null 2>&1
is "$(on 2027-01-15)" "approval,masked-agency holidays,2027 recipient,SWC what,which " "a profile whose recipient is not in the register"
is "$(on 2027-01-31)" "approval,masked-agency holidays,2027 recipient,SWC role,minami token,front what,which " "a role and a token run out"
like "$(on 2027-02-01)" '^approval,masked-agency contract,WEL holidays,2027 recipient,SWC role,kondo role,minami (staff, )?token,front what,which $' "a contract ends: for its view, and for who comes in for it"
like "$(on 2021-03-31)" 'ground,shakai-fukushi-106-6 ' "a ground that is not in force yet"
unlike "$(on 2021-04-01)" 'ground,' "and is from its first day on"
TSUNAGI_ACTOR=ann tsunagi release bar WEL --reason test >/dev/null
like "$(on 2026-12-31)" 'recipient,WEL ' "an agency that is barred"
# certificates: of the server, and of the authority behind the devices' (a file of several fails with the first of them)
cert() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$1" -subj /CN=x -keyout config/tls.key -out config/tls.pem 2>/dev/null; }
cert 100 && cp config/tls.pem config/ca.pem
cert 200 && cat config/tls.pem config/ca.pem >config/two.pem
sed -i 's/^serve: {/& listen = "127.0.0.1:0"; tls: { cert = "tls.pem"; key = "tls.key"; client_ca = "two.pem"; };/' config/views.cfg
certs() { on "$(day "$1")" | grep -o 'certificate,[^ ]*' | sed 's/,.*\//,/' | tr '\n' ' '; }
is "$(certs 98)|$(certs 102)|$(certs 202)|$(certs -2)" "|certificate,two.pem |certificate,tls.pem certificate,two.pem |certificate,tls.pem certificate,two.pem " \
	"a certificate that has run out by then, or is not valid yet"
exits 2 "a day that is none" tsunagi check config/serve.cfg --on 2027-02-29

if command -v systemd-analyze >/dev/null; then
	sed "s|/usr/local/bin/tsunagi|$(command -v tsunagi)|; s/^User=.*/User=root/; s/^Group=.*/Group=root/" "$root/config/tsunagi.service" >"$SCRATCH/tsunagi.service"
	is "$(systemd-analyze verify "$SCRATCH/tsunagi.service" 2>&1)" "" "the unit is one"
else
	skip "the unit is one" "no systemd-analyze here"
fi
tap_done
