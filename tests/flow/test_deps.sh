# hub/deps.sh on a machine where packages are missing, with and without the right to install them.
# dpkg-query, apt-get, sudo, id are stand-ins on PATH: nothing is installed, nothing is asked.
. tests/lib/tap.sh

bin=$SCRATCH/bin
mkdir "$bin"
stand_in() { # NAME BODY
	printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
	chmod +x "$bin/$1"
}
lacks() { # PACKAGE...: these are missing, all others installed
	stand_in dpkg-query "for p; do :; done; case \" $* \" in *\" \$p \"*) exit 1 ;; *) echo installed ;; esac"
}
deps() {
	: >"$SCRATCH/log"
	exits "$1" "$2" env PATH="$bin:/usr/bin:/bin" LOG="$SCRATCH/log" sh hub/deps.sh "${3:-build}"
	LOG=$(cat "$SCRATCH/log")
}
stand_in id 'echo 1000'
stand_in sudo 'exit 1'
stand_in apt-get 'echo "apt-get $*" >>"$LOG"'

lacks
deps 0 "all is there: nothing to do" check
is "$OUT$ERR$LOG" "" "and nothing to say"

lacks libconfig-dev jq
deps 1 "a package is missing, no right to install"
like "$ERR" 'sudo apt-get install --no-install-recommends -y libconfig-dev' "the one command to run is printed"
unlike "$ERR" ' jq' "what only tests need is not asked for by the build"
is "$LOG" "" "nothing was installed"
deps 1 "tests need more" check
like "$ERR" ' libconfig-dev jq' "both are named"

stand_in sudo '[ "$1" = -n ] && exit 0; exec "$@"'
deps 0 "sudo without a password: installed"
like "$LOG" 'apt-get install --no-install-recommends -y libconfig-dev' "by apt-get"
stand_in sudo 'exit 1'

stand_in id 'echo 0'
deps 0 "root: installed"
like "$OUT" 'installing: libconfig-dev' "and said so"
like "$LOG" '^apt-get install --no-install-recommends -y libconfig-dev$' "by apt-get, without sudo"

stand_in apt-get 'echo "apt-get $*" >>"$LOG"; [ -e "$LOG.lists" ] || [ "$1" = update ] || exit 100; : >"$LOG.lists"
[ "$1" != update ] || : >"$LOG.lists"'
stand_in env 'while [ "${1#*=}" != "$1" ]; do shift; done; exec "$@"'
deps 0 "no package lists yet: fetched, then installed"
like "$LOG" 'install.*update.*install' "in this order"
rm "$bin/env"

stand_in apt-get 'echo "E: no network" >&2; exit 100'
deps 1 "the installation fails"
like "$ERR" 'E: no network' "apt's own message is shown"
like "$ERR" 'apt-get update && apt-get install .* libconfig-dev' "and the command to run"

rm "$bin/apt-get"
for tool in sh sed tr cat grep tail mktemp rm; do ln -s "$(command -v $tool)" "$bin/$tool"; done
exits 1 "not Debian" env PATH="$bin" "$(command -v sh)" hub/deps.sh build
like "$ERR" 'not Debian or Ubuntu: install the equivalents of: libconfig-dev' "says what to look for"
exits 2 "a wrong call" sh hub/deps.sh nonsense
tap_done
