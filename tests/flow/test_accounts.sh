#!/bin/bash
# People and programs at the real daemon: login, lockout, second factors, CSRF, locked sessions and their drafts, roles,
# networks, tokens, TLS with a device's certificate; what the staff list does to accounts.
. tests/lib/tap.sh
root=$PWD
unset TSUNAGI_ACTOR STATE_DIRECTORY TSUNAGI_KEYS
export TSUNAGI_STORE=sqlite:$SCRATCH/t.db
trap 'exec 2>/dev/null; [ -z "${daemon:-}" ] || kill -9 "$daemon"; rm -rf "$SCRATCH"' EXIT
cd "$SCRATCH" || exit 1
db() { sqlite3 -cmd '.timeout 5000' t.db "$1"; }
user() { tsunagi user "$@"; }
# CALL JAR METHOD PATH [BODY [CURL OPTIONS]] ; status in $S, body in $B, headers in h
call() {
	local jar=$1 method=$2 path=$3 body=${4:-}
	shift 3; [ $# -eq 0 ] || shift
	S=$(curl -s -m 240 -o b -D h -w '%{http_code}' -b "$jar" -c "$jar" -X "$method" ${CA:+--cacert "$CA"} \
		${body:+-H 'Content-Type: application/json' --data-binary "$body"} "$@" "$base$path")
	B=$(cat b)
}
csrf() { jq -r .csrf <<<"$B"; }
code() { jq -r .code <<<"$B"; }
login() { # JAR LOGIN PASSWORD [MORE JSON]
	call "$1" POST /v1/session "{\"login\":\"$2\",\"password\":\"$3\"${4:-}}"
}
totp() { python3 "$root/tests/lib/totp.py" "$@"; } # KEY [STEPS LATER]
until_up() { soon curl -s -o /dev/null ${CA:+--cacert "$CA"} "$base/health"; }
start() { # CFG SCHEME ; sets base
	: >>log
	local before
	before=$(grep -c '"port":' log)
	listens() { [ "$(grep -c '"port":' log)" -gt "$before" ]; }
	tsunagi serve "$1" 2>>log &
	daemon=$!
	disown
	soon listens
	base=$2://127.0.0.1:$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' log | tail -n 1)
	until_up
}

# roles for the test: one without a second factor, one with a network, one that looks only
cat >roles.cfg <<'R'
roles = (
  { name = "admin"; label = "A"; may = ["accounts.*"]; },
  { name = "worker"; label = "W"; may = ["accounts.*", "cases.*"]; second_factor = false; },
  { name = "inside"; label = "I"; may = ["accounts.read"]; networks = ["10.0.0.0/8"]; second_factor = false; },
  { name = "minsei"; label = "M"; may = ["*"]; view_only = true; second_factor = false; days = 1096; });
R
cat >site.cfg <<C
store = "sqlite:t.db";
serve: { state = "state"; listen = "127.0.0.1:0"; access: { roles = "roles.cfg"; rate = 0; address_rate = 0; }; };
jobs: {};
C

# --- the command line
pw='correct horse battery'
exits 0 "the first administrator" user add admin --name Admin --role admin --roles roles.cfg <<<"$pw"
for bad in short 'Password2026!' '123456789012' 'aaaaaaaaaaaaaaaa' 'worker2026!!'; do
	exits 4 "refused: $bad" user add worker --name W --role worker --roles roles.cfg <<<"$bad"
done
unlike "$(db 'SELECT login FROM account')" worker "a refused password leaves no account"
exits 2 "no password on the command line" user add worker --name W --role worker --password x
exits 2 "a role must end that must" user add m --name M --role minsei --roles roles.cfg --temporary
for r in worker inside; do user add $r --name "$r" --role $r --roles roles.cfg <<<"$pw"; done
user add minsei --name M --role minsei --until "$(day 400)" --roles roles.cfg <<<"$pw"
user add two --name Two --role worker --agency K010 --roles roles.cfg <<<"$pw"
user role two --role minsei --agency K020 --until "$(day 400)" --roles roles.cfg
like "$(db "SELECT password FROM account WHERE login = 'worker'")" '^\$argon2id\$v=19\$m=19456,t=2,p=1\$' "Argon2id with its parameters"
enrol=$(user totp admin 2>/dev/null)
key=$(sed -n 1p <<<"$enrol") recovery=$(sed -n 3p <<<"$enrol")
is "$(grep -c . <<<"$enrol") $(stat -c %a t.db.keys)" "10 600" "a key, its address, eight recovery codes; the sealing key is outside"
start site.cfg http

# --- coming in
login none worker 'wrong wrong wrong'
is "$S $(code)" "401 login-failed" "a wrong password"
unknown=$B
login none nobody 'wrong wrong wrong'
is "$S $B" "401 $unknown" "an unknown login looks the same"
login a worker "$pw"
is "$S $(jq -r '[.login, .role, .must_change_password] | join(" ")' <<<"$B")" "201 worker worker false" "signed in"
like "$(grep -i '^set-cookie' h)" 'tsunagi=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict' "the cookie"
t=$(csrf)
unlike "$(db 'SELECT hex(hash) FROM session')" "$(grep -o '[0-9a-f]\{64\}' a | tr a-f A-F)" "the store has only its hash"
call a GET /v1/session
is "$S $(jq -r .name <<<"$B")" "200 worker" "who am I"
call none GET /v1/session
is "$S $(code)" "401 login-needed" "not without the cookie"
old=$(grep -o '[0-9a-f]\{64\}' a)
login a worker "$pw"
unlike "$(cat a)" "$old" "another number after the login"
call none GET /v1/session '' -H "Cookie: tsunagi=$old"
is "$S" 401 "the former one is worth nothing"
fixed=$(printf 'a%.0s' {1..64})
call fix POST /v1/session "{\"login\":\"worker\",\"password\":\"$pw\"}" -H "Cookie: tsunagi=$fixed"
call none GET /v1/session '' -H "Cookie: tsunagi=$fixed"
is "$S" 401 "a number that somebody else chose is not taken over"
login w worker "$pw"
t=$(csrf)

# --- other sites
call w POST /v1/session/lock '{}'
is "$S $(code)" "403 csrf-token" "no change without X-CSRF-Token"
call w POST /v1/session/lock '{}' -H "X-CSRF-Token: ${t%?}z"
is "$S" 403 "nor with a wrong one"
call w POST /v1/session/lock '{}' -H "X-CSRF-Token: $t" -H 'Sec-Fetch-Site: cross-site'
is "$S $(code)" "403 other-site" "nor from another site"
call w POST /v1/session/lock '{}' -H "X-CSRF-Token: $t" -H 'Origin: https://evil.example'
is "$S" 403 "nor with another origin"
S=$(curl -s -o b -w '%{http_code}' -H 'Content-Type: text/plain' -d "{\"login\":\"worker\",\"password\":\"$pw\"}" "$base/v1/session")
is "$S" 415 "a form cannot sign anybody in"

# --- a locked session keeps its drafts
call w PUT /v1/session/drafts/note-1 '{"body":"未保存"}' -H "X-CSRF-Token: $t"
is "$S" 204 "a draft"
db "UPDATE session SET seen_at = seen_at - 1000"
call w GET /v1/session/drafts/note-1
is "$S $(code)" "423 session-locked" "locked after a quiet quarter of an hour"
call w PUT /v1/session/drafts/note-2 'later' -H "X-CSRF-Token: $t"
is "$S" 204 "unsaved input can still be kept"
call w POST /v1/session/unlock '{"password":"no no no no no"}' -H "X-CSRF-Token: $t"
is "$S" 401 "not with a wrong password"
call w POST /v1/session/unlock "{\"password\":\"$pw\"}" -H "X-CSRF-Token: $t"
is "$S $(jq .locked <<<"$B")" "200 false" "unlocked by the password"
call w GET /v1/session/drafts/note-1
is "$S $B" '200 {"body":"未保存"}' "the draft is as it was"
unlike "$(strings -n 6 t.db t.db-wal; db 'SELECT hex(body) FROM draft')" "未保存|E69CAAE4BF9DE5AD98" "the store cannot read it"
call w PUT /v1/session/drafts/big "$(head -c 70000 /dev/zero | tr '\0' x)" -H "X-CSRF-Token: $t"
is "$S" 413 "a draft has a limit"
db "UPDATE session SET ends_at = begun_at"
call w GET /v1/session
is "$S" 401 "after twelve hours it ends"

# --- second factor
login t admin "$pw"
is "$S $(code)" "401 code-needed" "the password alone does not do"
c=$(totp "$key")
login t admin "$pw" ",\"code\":\"$c\""
is "$S" 201 "with the code of now"
login t2 admin "$pw" ",\"code\":\"$c\""
is "$S $(code)" "401 code-wrong" "a code works once"
login t2 admin "$pw" ",\"code\":\"$recovery\""
is "$S" 201 "a recovery code stands in"
login t2 admin "$pw" ",\"code\":\"$recovery\""
is "$S" 401 "once"
login t2 admin "$pw" ",\"code\":\"$(totp "$key" 1)\""
is "$S" 201 "a clock half a minute fast is fine"
user unlock admin
unlike "$(db 'SELECT hex(totp) FROM account')" "$(python3 -c "import base64; print(base64.b32decode('$key').hex().upper())")" "the key is sealed in the store"

# --- roles
login m minsei "$pw"
t=$(csrf)
call m GET /v1/accounts
is "$S" 200 "who looks only, looks"
call m POST /v1/accounts '{}' -H "X-CSRF-Token: $t"
is "$S $(code)" "403 not-allowed" "and changes nothing, whatever the role may"
login i inside "$pw"
is "$S $(code)" "403 other-network" "a role stays in its network"
login d two "$pw"
is "$S $(jq -r '[.choices[].agency] | join(" ")' <<<"$B")" "409 K010 K020" "two roles: which one"
login d two "$pw" ',"agency":"K020"'
is "$S $(jq -r '[.agency, .role] | join(" ")' <<<"$B")" "201 K020 minsei" "this one"
user expire two --until "$(day -1)" --roles roles.cfg 2>/dev/null
db "UPDATE membership SET valid_from = '2020-01-01', valid_to = '2020-12-31' WHERE agency = 'K020'"
call d GET /v1/session
is "$S" 401 "a role that is over ends its session"
exits 3 "check --on names roles that will have run out" tsunagi check site.cfg --on "$(day 430)" --format csv
like "$OUT" '"role","minsei"' "by login"
exits 0 "check finds all roles that somebody holds" tsunagi check site.cfg
sed 's/name = "minsei"/name = "commissioner"/' roles.cfg >renamed.cfg
sed 's/"roles.cfg"/"renamed.cfg"/' site.cfg >gone.cfg
for on in "" "--on $(day 30)"; do
	exits 3 "check $on names who holds a role that is gone" tsunagi check gone.cfg $on --format csv
	is "$(grep 'the role minsei' <<<"$OUT" | cut -d, -f1,2 | sort | paste -sd' ')" '"role","minsei"' "by login, while it would count"
done

# --- lockout
for _ in 1 2 3 4 5; do login x worker 'wrong wrong wrong'; done
is "$S" 401 "five wrong ones"
waits() { db "UPDATE login_slot SET last_at = last_at + 600"; } # half a minute may be over before we ask: test_accounts.c has its length
waits
login x worker "$pw"
is "$S $(code)" "429 too-many" "then even the right one waits"
like "$(grep -i '^retry-after' h)" '[5-6][0-9][0-9]' "and is told how long"
for _ in 1 2 3 4 5; do login x nobody2 'wrong wrong wrong'; done
waits
login x nobody2 'wrong wrong wrong'
is "$S $(code)" "429 too-many" "a login that nobody has behaves the same"
user unlock worker
login w worker "$pw"
is "$S" 201 "an administrator lets them in"
t=$(csrf)
user lock worker --reason test
call w GET /v1/session
is "$S" 401 "a locked account is out at once"
login w worker "$pw"
is "$S $(code)" "403 account-locked" "and stays out"
user unlock worker

# --- temporary passwords, administration
login t2 admin "$pw" ",\"code\":\"$(sed -n 4p <<<"$enrol")\""
t=$(csrf)
call t2 POST /v1/accounts '{"login":"neu","name":"Neu","role":"worker","agency":""}' -H "X-CSRF-Token: $t"
is "$S" 201 "an account by HTTP"
temp=$(jq -r .password <<<"$B")
login n neu "$temp"
t1=$(csrf)
is "$S $(jq .must_change_password <<<"$B")" "201 true" "its password is a temporary one"
call n GET /v1/accounts
is "$S $(code)" "403 password-change" "nothing else before it is changed"
call n POST /v1/session/password "{\"old\":\"$temp\",\"new\":\"neu\"}" -H "X-CSRF-Token: $t1"
is "$S" 422 "rules hold here as well"
call n POST /v1/session/password "{\"old\":\"$temp\",\"new\":\"quite another phrase\"}" -H "X-CSRF-Token: $t1"
is "$S" 204 "changed"
call n GET /v1/accounts
is "$S" 200 "now"

# --- the one-time setup of a role that needs a second factor
call t2 POST /v1/accounts '{"login":"chef","name":"Chef","role":"admin"}' -H "X-CSRF-Token: $t"
temp=$(jq -r .password <<<"$B")
login k chef "$temp"
t1=$(csrf)
is "$S $(jq .must_change_password <<<"$B")" "201 true" "a temporary password opens the setup"
for path in /v1/accounts /v1/me/views /v1/events; do
	call k GET $path
	is "$S $(code)" "403 password-change" "and nothing but it: $path"
done
new='{"old":"'$temp'","new":"yet another phrase"'
call k POST /v1/session/password "$new}" -H "X-CSRF-Token: $t1"
is "$S $(code)" "403 second-factor-missing" "no password of one's own before the second factor"
call k POST /v1/session/device "{\"password\":\"$temp\",\"name\":\"PC\"}" -H "X-CSRF-Token: $t1"
is "$S $(code)" "422 no-certificate" "a device shows a certificate"
call k POST /v1/session/totp '{"password":"wrong wrong wrong"}' -H "X-CSRF-Token: $t1"
is "$S $(code)" "401 login-failed" "an authenticator needs the password"
call k POST /v1/session/totp "{\"password\":\"$temp\"}" -H "X-CSRF-Token: $t1"
own=$(jq -r .key <<<"$B")
is "$S $(jq '.recovery | length' <<<"$B")" "201 8" "an authenticator of one's own"
call k POST /v1/session/password "$new}" -H "X-CSRF-Token: $t1"
is "$S $(code)" "401 code-needed" "its key must have arrived there"
call k POST /v1/session/password "$new,\"code\":\"$(totp "$own" 40)\"}" -H "X-CSRF-Token: $t1"
is "$S $(code)" "401 code-wrong" "a code of another time shows nothing"
call k POST /v1/session/password "$new,\"code\":\"$(totp "$own")\"}" -H "X-CSRF-Token: $t1"
is "$S" 204 "a code shows it"
call k GET /v1/accounts
is "$S" 200 "now the rest is open"
call k POST /v1/session/totp '{"password":"yet another phrase"}' -H "X-CSRF-Token: $t1"
is "$S $(code)" "401 code-needed" "the next authenticator wants a code of the one before"
login k2 chef "yet another phrase"
is "$S $(code)" "401 code-needed" "and so does the next login"
call t2 POST /v1/accounts/chef/lock '{}' -H "X-CSRF-Token: $t"

call t2 POST /v1/accounts/neu/totp '' -H "X-CSRF-Token: $t"
is "$S $(jq '.recovery | length' <<<"$B")" "201 8" "a second factor by HTTP"
call t2 DELETE /v1/accounts/neu/totp '' -H "X-CSRF-Token: $t"
call t2 POST /v1/accounts/neu/lock '{"reason":"test"}' -H "X-CSRF-Token: $t"
is "$S" 204 "locked by HTTP"
call n GET /v1/session
is "$S" 401 "out"

# --- programs
token=$(user token add --name front --may accounts.read --until "$(day 1000)" 2>/dev/null)
like "$token" '^tsg_[0-9a-f]{8}_[0-9a-f]{64}$' "a token, shown once"
call none GET /v1/accounts '' -H "Authorization: Bearer $token"
is "$S $(jq -r '[.items[].login] | join(" ")' <<<"$B")" "200 admin chef inside minsei neu two worker" "it may what it may"
call none POST /v1/accounts '{"login":"x1"}' -H "Authorization: Bearer $token"
is "$S" 403 "and no more"
call none GET /v1/accounts '' -H "Authorization: Bearer ${token%?}z"
is "$S" 401 "one digit off"
call t2 POST /v1/tokens '{"name":"more","may":["cases.read"],"to":"'"$(day 1000)"'"}' -H "X-CSRF-Token: $t"
is "$S $(code)" "403 not-yours" "nobody gives away what they have not"
call t2 POST /v1/tokens '{"name":"sub","may":["accounts.read"],"to":"'"$(day 1000)"'"}' -H "X-CSRF-Token: $t"
is "$S" 201 "a token by HTTP"
db "UPDATE token SET valid_to = '2020-01-01' WHERE name = 'front'"
call none GET /v1/accounts '' -H "Authorization: Bearer $token"
is "$S" 401 "an expired one"
is "$(db "SELECT count(*) FROM audit WHERE action = 'token-use'")" 1 "its first use of the day is in the audit log"
for what in login login-failed login-lockout account-lock role-add token-add factor-add logout; do
	[ "$what" = logout ] && { call t2 DELETE /v1/session '' -H "X-CSRF-Token: $t"; is "$S" 204 "signed out"; }
	[ "$(db "SELECT count(*) FROM audit WHERE action = '$what'")" -gt 0 ]
	ok $? "audited: $what"
done
unlike "$(db "SELECT actor || object || detail FROM audit WHERE action LIKE 'login%'")" nobody "what was typed for an unknown login is not"
exits 0 "the chain holds" tsunagi audit verify
unlike "$(cat log)" "$pw|note-1|$token" "the log has no password, no name of a draft, no token"

# --- the front door
sed "s/127.0.0.1:0/0.0.0.0:0/" site.cfg >open.cfg
exits 3 "no open address without TLS" tsunagi check open.cfg
like "$ERR" 'without TLS' "and says so"
sed 's/may = \["\*"\]/may = ["Cases"]/' roles.cfg >bad.cfg
sed 's/roles.cfg/bad.cfg/' site.cfg >roleless.cfg
exits 3 "a fault in the roles is found before the daemon has it" tsunagi check roleless.cfg
like "$ERR" 'bad.cfg:5:.*"Cases" is not a permission' "with its place"
kill "$daemon"
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext 'subjectAltName = IP:127.0.0.1' -keyout tls.key -out tls.pem
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=devices -keyout ca.key -out ca.pem
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=pc12 -keyout pc.key -out pc.csr
	openssl x509 -req -in pc.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out pc.pem
} 2>/dev/null
CA=tls.pem
cat >tls.cfg <<C
store = "sqlite:t.db";
serve: { state = "state2"; listen = "127.0.0.1:0"; tls: { cert = "tls.pem"; key = "tls.key"; client_ca = "ca.pem"; };
	access: { roles = "roles.cfg"; rate = 0; address_rate = 0; proxies = ["127.0.0.1", "192.0.2.0/24"]; }; };
jobs: {};
C
user add dev --name Dev --role admin --agency K020 --roles roles.cfg <<<"$pw"
start tls.cfg https
login s worker "$pw"
like "$(grep -i '^set-cookie' h)" '__Host-tsunagi=.*; Secure' "TLS: a cookie that stays on TLS"
login s dev "$pw"
is "$S $(code)" "403 second-factor-missing" "no second factor"
call s POST /v1/session "{\"login\":\"dev\",\"password\":\"$pw\"}" --cert pc.pem --key pc.key
is "$S" 403 "a certificate that is not registered"
user device add pc.pem --name 'PC 12' --agency K010
call s POST /v1/session "{\"login\":\"dev\",\"password\":\"$pw\"}" --cert pc.pem --key pc.key
is "$S" 403 "nor that of another agency"
db "UPDATE device SET agency = 'K020'"
call s POST /v1/session "{\"login\":\"dev\",\"password\":\"$pw\"}" --cert pc.pem --key pc.key
is "$S" 201 "the agency's own device is the second factor"
db "DELETE FROM device"
temp=$(user password dev --temporary 2>/dev/null | tail -n 1)
call s POST /v1/session "{\"login\":\"dev\",\"password\":\"$temp\"}" --cert pc.pem --key pc.key
t=$(csrf)
call s POST /v1/session/device "{\"password\":\"$temp\",\"name\":\"PC 12\"}" -H "X-CSRF-Token: $t" --cert pc.pem --key pc.key
is "$S $(db 'SELECT agency FROM device')" "201 K020" "the setup registers the terminal for the agency"
call s POST /v1/session/password "{\"old\":\"$temp\",\"new\":\"$pw\"}" -H "X-CSRF-Token: $t" --cert pc.pem --key pc.key
is "$S" 204 "then the password, on that terminal"
call s POST /v1/session/device "{\"password\":\"$pw\",\"name\":\"PC 13\"}" -H "X-CSRF-Token: $t" --cert pc.pem --key pc.key
is "$S $(code)" "403 setup-over" "and no more devices after it"
db "DELETE FROM membership WHERE role = 'inside'; INSERT INTO membership (account_id, agency, role, valid_from, networks, made_at, made_by)
	SELECT id, '', 'inside', '2020-01-01', '', 0, 't' FROM account WHERE login = 'inside'"
from() { # WANT NAME HEADER...
	local want=$1 name=$2 opts=()
	shift 2
	for h in "$@"; do opts+=(-H "X-Forwarded-For: $h"); done
	call none POST /v1/session "{\"login\":\"inside\",\"password\":\"$pw\"}" "${opts[@]}"
	is "$S" "$want" "behind a proxy: $name"
}
from 201 "the address that it saw" 10.1.2.3
from 201 "through two of them" '203.0.113.9, 10.1.2.3, 192.0.2.8'
from 403 "not what the client wrote before" '10.1.2.3, 203.0.113.9'
from 403 "nor in a line of its own" 10.1.2.3 203.0.113.9
from 403 "nor what is no address" 'x'
db "INSERT INTO cc_agency (id, system_id, key, record_id, contract_to) VALUES (900, 900, 'K020', 900, '2020-03-31')"
call s POST /v1/session "{\"login\":\"dev\",\"password\":\"$pw\"}" --cert pc.pem --key pc.key
is "$S $(code)" "403 no-role" "an agency without a contract"
db "DELETE FROM cc_agency WHERE id = 900"
openssl req -x509 -key tls.key -days 2 -subj /CN=second -addext 'subjectAltName = IP:127.0.0.1' -out tls2.pem 2>/dev/null && mv tls2.pem tls.pem
sed -i 's/rate = 0; address_rate = 0/rate = 1/' tls.cfg
kill -HUP "$daemon"
second() { openssl s_client -connect "${base#https://}" </dev/null 2>/dev/null | openssl x509 -noout -subject | grep -q second; }
soon second
call s GET /v1/session
is "$S" 200 "SIGHUP: another certificate, the same session"
limited() { call s GET /v1/session; [ "$S $(code)" = "429 too-many" ]; }
soon limited
ok $? "too many requests" "$S $B"
like "$(grep -i '^retry-after' h)" '[0-9]' "and when to come back"
tap_done
