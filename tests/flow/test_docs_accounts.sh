#!/bin/bash
# The commands of docs/accounts.md and its Japanese twin, one after the other; what the staff list does to accounts.
. tests/lib/tap.sh
root=$PWD
unset STATE_DIRECTORY TSUNAGI_KEYS
export TSUNAGI_ACTOR=ann
commands() { grep -E '^    (tsunagi|curl) ' "$root/docs/$1" | sed "s/--until 20[0-9-]*/--until $(day 365)/"; } # the day passes one day
is "$(commands accounts.ja.md)" "$(commands accounts.md)" "both languages show the same commands"
like "$(grep -c -F 'listen = "0.0.0.0:8443"' docs/accounts.md)" 1 "the example is there"
cd "$SCRATCH" || exit 1
cp -r "$root/mappings" . && mkdir data # what the commands write lies beside the samples
trap 'exec 2>/dev/null; [ -z "${daemon:-}" ] || kill -9 "$daemon"; rm -rf "$SCRATCH"' EXIT
export TSUNAGI_STORE=sqlite:$SCRATCH/t.db
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x -keyout tls.key -out pc12.pem 2>/dev/null
cp pc12.pem server.pem && cp pc12.pem devices.pem && cp tls.key server.key
{ echo 'store = "sqlite:t.db"; jobs: {};'; sed -n '/^    serve: {/,/^    };/p' "$root/docs/accounts.md"; } >doc.cfg
exits 0 "the example of a configuration" tsunagi check doc.cfg
echo "store = \"sqlite:t.db\"; jobs: {}; serve: { state = \"state\"; listen = \"127.0.0.1:0\"; };" >site.cfg
totp() {
	python3 - "$1" <<'PY'
import base64, hashlib, hmac, struct, sys, time
m = hmac.new(base64.b32decode(sys.argv[1]), struct.pack('>Q', int(time.time()) // 30), hashlib.sha1).digest()
o = m[19] & 15
print('%06d' % ((struct.unpack('>I', m[o:o + 4])[0] & 0x7fffffff) % 10**6))
PY
}
n=0
while IFS= read -r line; do
	line=${line#"${line%%[! ]*}"} want=0
	case $line in
	*curl*-d*)
		tsunagi serve site.cfg 2>log &
		daemon=$!
		disown
		soon grep -q '"port":' log
		port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' log)
		soon curl -s "http://127.0.0.1:$port/health"
		line=${line//123456/$(totp "$key")} ;;
	*import*) want=5 ;;
	esac
	exits $want "$line" bash -c "${line//:8425/:$port}" <<<'correct horse battery'
	n=$((n + 1))
	case $line in
	*totp*) key=$(head -n 1 <<<"$OUT") ;;
	*session) like "$OUT" '"role":"admin"' "signed in" ;;
	*accounts) like "$OUT" '"login":"tanaka"' "accounts" ;;
	*dry-run)
		like "$OUT" '001201 +001201 .* new .*K012 +proposed' "a new one is proposed"
		# as things may be: one moved, one left, one the list does not know, one without a number
		for a in '001201 K010' '002002 K010' '777 K010' ' K010'; do
			no=${a%% *}
			tsunagi user add "u${no}x" --name X --role caseworker --agency "${a#* }" ${no:+--staff "$no"} --temporary >/dev/null 2>&1
		done ;;
	esac
done < <(commands accounts.md)
is "$n" 22 "commands were found"
is "$(tsunagi user list --format csv | tr -d '"' | awk -F, '$1 ~ /^u/ { print ($4 == "locked" ? $4 : $3), $5 }' | tr '\n' ';')" \
	"001201 caseworker K012;locked caseworker K010;777 caseworker K010; caseworker K010;" "moved, locked, left alone"
like "$(tsunagi user sync --dry-run)" '002002 .*unlock by hand|777.*look' "what a person has to look at"
unlike "$(tsunagi user sync --dry-run)" 'moves|is locked|proposed +$' "a second time there is nothing to do"

# --- the brake: a list that would lock many, or the last administrator
db() { sqlite3 -cmd '.timeout 5000' t.db "$1"; }
for no in 001350 002001; do
	tsunagi user add "u${no}x" --name X --role caseworker --agency K020 --staff $no --temporary >/dev/null 2>&1
done
db "UPDATE cc_appointment SET valid_to = '2026-01-31' WHERE valid_to IS NULL OR valid_to > '2026-01-31'"
open() { db "SELECT count(*) FROM account WHERE state = 1 AND staff_no IS NOT NULL"; }
before=$(open)
exits 6 "half a list is refused" tsunagi user sync
like "$ERR" 'would lock [34] of [0-9]+ accounts, more than 10 %' "with its numbers"
is "$(open)" "$before" "and nobody is locked"
exits 0 "its preview can be looked at" tsunagi user sync --dry-run
call() { # METHOD [BODY]
	curl -s -b jar -X "$1" -H "X-CSRF-Token: $(curl -s -b jar "http://127.0.0.1:$port/v1/session" | jq -r .csrf)" ${2:+-H 'Content-Type: application/json' -d "$2"} "http://127.0.0.1:$port/v1/accounts/staff-list"
}
is "$(call GET | jq '[.items[] | select(.what == "left" and .state == "proposed")] | length > 2')" true "by HTTP as well"
is "$(call POST '{}' | jq -r .code) $(open)" "too-many-leave $before" "and refused there"
db "UPDATE account SET staff_no = NULL WHERE staff_no = '002001'; UPDATE account SET staff_no = '002001' WHERE login = 'admin'"
is "$(call POST '{}' | jq -r .code)" last-administrator "nor the last administrator"
db "UPDATE account SET staff_no = NULL WHERE login = 'admin'; UPDATE account SET staff_no = '002001' WHERE login = 'u002001x'"
is "$(call POST '{"confirm":true}' | jq -c '[.items[] | select(.what == "left") | .state] | unique') $(open)" '["done"] 1' "confirmed it is done"
tap_done
