# Sourced by shell tests: TAP output, a scratch folder, a few comparisons.
# Every test file: . tests/lib/tap.sh ; ... checks ... ; tap_done
TAP_N=0 TAP_BAD=0
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT

ok() { # STATUS NAME [DETAIL]
	TAP_N=$((TAP_N + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $TAP_N - $2"
	else
		TAP_BAD=$((TAP_BAD + 1))
		echo "not ok $TAP_N - $2"
		[ -z "${3:-}" ] || printf '%s\n' "$3" | head -n 12 | sed 's/^/# /'
	fi
}
is() { # GOT WANT NAME
	[ "$1" = "$2" ]
	ok $? "$3" "got:  $1
want: $2"
}
like() { # TEXT REGEX NAME
	[[ $1 =~ $2 ]]
	ok $? "$3" "no match for /$2/ in: $1"
}
unlike() { # TEXT REGEX NAME
	! [[ $1 =~ $2 ]]
	ok $? "$3" "unwanted match for /$2/ in: $1"
}
exits() { # WANT NAME COMMAND... ; stdout and stderr end up in $OUT and $ERR
	local want=$1 name=$2 rc
	shift 2
	OUT=$("$@" 2>"$SCRATCH/.err")
	rc=$?
	ERR=$(cat "$SCRATCH/.err")
	[ "$rc" -eq "$want" ]
	ok $? "$name" "exit $rc, want $want: $ERR"
}
same_file() { # GOT WANT NAME
	if cmp -s "$1" "$2"; then ok 0 "$3"; else ok 1 "$3" "$(diff -u "$2" "$1" | head -n 10)"; fi
}
skip() { # NAME WHY
	TAP_N=$((TAP_N + 1))
	echo "ok $TAP_N - $1 # skip $2"
}
# Waits until the command holds. The end is no judgement of how fast the machine is: only what will never come meets it.
soon() { # COMMAND...
	local end=$((SECONDS + 240))
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}
# A process that TSUNAGI_HOLD stopped at its step (hub/store/crash.c); it goes on with kill -CONT.
stands() { [[ $(ps -o state= -p "$1") == T* ]]; }
held() { soon stands "$1"; } # PID
# A day in Japan, which is what the product goes by, at whatever hour and wherever the tests run: counted from the test's
# beginning, so that all of them go with each other when midnight passes.
TAP_BEGAN=$(date +%s)
day() { TZ=Asia/Tokyo date -d "@$((TAP_BEGAN + ${1:-0} * 86400))" "${2:-+%F}"; } # [DAYS FROM TODAY [FORMAT]]
tap_done() {
	echo "1..$TAP_N"
	[ $TAP_BAD -eq 0 ]
}
