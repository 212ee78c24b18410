# Sourced after tap.sh: a site with the daemon and its web process, people who are signed in, requests.
# Its store is $WEB_STORE, the store "s" of store.sh: SQLite, or with TEST_STORE=postgresql on a server.
#
#	web_site FOLDER 'services: { ... };'   # an empty site: jobs.cfg, roles without a second factor
#	web_user FOLDER anna caseworker [AGENCY]
#	web_start FOLDER                       # waits until it answers; stopped at the end of the test
#	web_login anna
#	api anna POST /v1/chat/threads '{"title":"x"}'   # the body on stdout; status in $(web_status)
#	api - GET /v1/openapi.json             # nobody
#	web_events anna FILE                   # what GET /v1/events sends, in the background
#	web_stop
. "${BASH_SOURCE[0]%/*}/store.sh"
WEB_DAEMON=0 WEB_URL='' WEB_PASSWORD='Kawa-to-yama-8421' WEB_STORE=$(store_url s)
trap 'exec 2>/dev/null; [ $WEB_DAEMON -eq 0 ] || kill -9 $WEB_DAEMON; for p in $WEB_LISTENERS; do kill $p; done
	[ -z "${own_server:-}" ] || "$own_server" stop "$SCRATCH/pg" immediate; rm -rf "$SCRATCH"' EXIT
WEB_LISTENERS=''

web_site() { # FOLDER MORE [SERVE] ; SERVE: further settings of the group serve
	mkdir -p "$1"
	sed 's/\(may = .*;\) }/\1 second_factor = false; }/; s/\(view_only = true;.*\) }/\1 second_factor = false; }/' schemas/roles.cfg |
		sed 's/second_factor = false; second_factor = false;/second_factor = false;/' >"$1/roles.cfg"
	cat >"$1/jobs.cfg" <<CFG
store = "$WEB_STORE";
keys = "keys";
serve: { listen = "127.0.0.1:0"; access: { roles = "roles.cfg"; rate = 0; address_rate = 0; }; ${3:-} };
jobs: { };
$2
CFG
}
web_user() { # FOLDER LOGIN ROLE [AGENCY]
	local agency=()
	[ -z "${4:-}" ] || agency=(--agency "$4")
	printf '%s\n' "$WEB_PASSWORD" | tsunagi user add "$2" --name "$2" --role "$3" "${agency[@]}" \
		--roles "$1/roles.cfg" --store "$WEB_STORE" >"$1/user.log" 2>&1 || cat "$1/user.log" >&2
}
web_answers() { curl -sf -m 20 -o "$SCRATCH/web.ready" "$WEB_URL/ready"; }
web_start() { # FOLDER ; its log: FOLDER/log
	: >"$1/log"
	tsunagi serve "$1/jobs.cfg" 2>>"$1/log" &
	WEB_DAEMON=$!
	disown
	soon grep -q '"port":' "$1/log" || cat "$1/log" >&2
	WEB_URL=${WEB_SCHEME:-http}://127.0.0.1:$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$1/log" | tail -n 1)
	soon web_answers
}
web_gone() { ! kill -0 "$WEB_DAEMON"; }
web_stop() {
	kill "$WEB_DAEMON"
	soon web_gone
	WEB_DAEMON=0
}
web_login() { # LOGIN
	curl -s -m 240 -o "$SCRATCH/web.login" -c "$SCRATCH/$1.jar" -H 'Content-Type: application/json' \
		-d "{\"login\":\"$1\",\"password\":\"$WEB_PASSWORD\"}" "$WEB_URL/v1/session"
	curl -s -m 240 -b "$SCRATCH/$1.jar" "$WEB_URL/v1/session" | jq -r .csrf >"$SCRATCH/$1.csrf"
	grep -q '^[0-9a-f]' "$SCRATCH/$1.csrf" || cat "$SCRATCH/web.login" >&2
}
api() { # LOGIN|- METHOD PATH [BODY [CURL-OPTION...]]
	local who=() body=()
	[ "$1" = - ] || who=(-b "$SCRATCH/$1.jar" -H "X-CSRF-Token: $(cat "$SCRATCH/$1.csrf")")
	[ -z "${4:-}" ] || body=(-H 'Content-Type: application/json' --data-binary "$4")
	curl -s -m 240 -X "$2" "${who[@]}" "${body[@]}" -D "$SCRATCH/web.head" -w '%{stderr}%{http_code}' "${@:5}" "$WEB_URL$3" 2>"$SCRATCH/web.status"
}
web_status() { cat "$SCRATCH/web.status"; }
web_header() { tr -d '\r' <"$SCRATCH/web.head" | sed -n "s/^$1: //Ip"; } # NAME
web_events() { # LOGIN FILE [LAST-EVENT-ID]
	curl -sN -b "$SCRATCH/$1.jar" ${3:+-H "Last-Event-ID: $3"} "$WEB_URL/v1/events" >"$2" &
	WEB_LISTENERS="$WEB_LISTENERS $!"
	disown
	soon grep -q retry "$2"
}
