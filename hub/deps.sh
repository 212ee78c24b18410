#!/bin/sh
# Installs the Debian packages that the build, the tests and the lint need and that are missing.
# usage: hub/deps.sh build|package|check     (check also installs what only tests and lint use)
# Without root and without password-less sudo it installs nothing and prints the one command to run.
set -eu

build='gcc make pkg-config gettext libcurl4-openssl-dev libxml2-dev libcsv-dev libpq-dev libconfig-dev
libsqlite3-dev libicu-dev libjansson-dev libyajl-dev libssl-dev libzip-dev sqlite3
libxlsxwriter-dev mecab-ipadic-utf8 libmicrohttpd-dev libgnutls28-dev libical-dev libargon2-dev zlib1g-dev ca-certificates'
check='libcmocka-dev postgresql-15 postgresql-client-15 clang-14 libclang-rt-14-dev clang-format-14 clang-tidy-14
valgrind python3 jq curl procps time libxml2-utils dpkg-dev graphviz'

case ${1:-build} in
build) want=$build ;;
package) want="$build dpkg-dev" ;;
check) want="$build $check" ;;
*) echo "usage: hub/deps.sh build|package|check" >&2; exit 2 ;;
esac

missing=
for p in $want; do
	s=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null || true)
	[ "$s" = installed ] || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "This is not Debian or Ubuntu: install the equivalents of:$missing" >&2
	exit 1
fi
if [ "$(id -u)" = 0 ]; then
	as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
	as_root=sudo
else
	echo "Missing Debian packages, and this user may not install them. Run once, then try again:" >&2
	echo "    sudo apt-get install --no-install-recommends -y$missing" >&2
	exit 1
fi
echo "installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
if ! $as_root apt-get install --no-install-recommends -y $missing >"$log" 2>&1; then
	# a fresh machine has no package lists yet
	if ! $as_root apt-get update >"$log" 2>&1 ||
	   ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -y $missing >"$log" 2>&1; then
		tail -n 5 "$log" >&2
		echo "The installation failed. Run this yourself and look at its messages:" >&2
		echo "    apt-get update && apt-get install --no-install-recommends -y$missing" >&2
		exit 1
	fi
fi
