#!/bin/sh
# Puts what was built where a system looks for it.
# usage: BUILD=build hub/install.sh DESTDIR PREFIX SYSCONFDIR     (DESTDIR may be empty)
# A configuration that is there already stays as it is.
set -eu
umask 022
to=$1$2 etc=$1$3/tsunagi
share=$to/share/tsunagi doc=$to/share/doc/tsunagi

install -d "$to/bin" "$to/lib/tsunagi/plugins" "$to/lib/systemd/system" "$to/lib/sysusers.d" "$to/include/hub" "$share" \
	"$doc" "$to/share/locale/ja/LC_MESSAGES" "$to/share/man/man1" "$to/share/man/ja/man1" \
	"$to/share/bash-completion/completions"
install -m 755 "$BUILD/bin/tsunagi" "$BUILD/bin/tsunagi-contract" "$to/bin/"
install -m 644 "$BUILD"/plugins/*.so "$to/lib/tsunagi/plugins/"
install -m 644 hub/include/hub/plugin.h "$to/include/hub/"
install -m 644 "$BUILD/locale/ja/LC_MESSAGES/tsunagi.mo" "$to/share/locale/ja/LC_MESSAGES/"
install -m 644 "$BUILD/man/tsunagi.1" "$to/share/man/man1/"
install -m 644 "$BUILD/man/ja/tsunagi.1" "$to/share/man/ja/man1/"
install -m 644 hub/cli/completion.bash "$to/share/bash-completion/completions/tsunagi"
install -m 644 config/sysusers.conf "$to/lib/sysusers.d/tsunagi.conf"
sed "s|/usr/local/bin/|$2/bin/|; s|/etc/tsunagi|$3/tsunagi|" config/tsunagi.service >"$to/lib/systemd/system/tsunagi.service"
chmod 644 "$to/lib/systemd/system/tsunagi.service"
# a file that is no more must not stay behind an update
rm -rf "$share" "$doc"
install -d "$share" "$doc"
cp -R schemas mappings config "$share/"
cp -R README.md README.ja.md LICENSE docs "$doc/"
# what docs/writing-a-plugin.md begins with
mkdir "$doc/examples"
cp -R plugins/filter-trim tests/flow/plugins/* tests/flow/services/notes.c "$doc/examples/"
chmod -R u=rwX,go=rX "$share" "$doc"
[ -e "$etc/serve.cfg" ] || { install -d "$etc" && install -m 640 config/first.cfg "$etc/serve.cfg"; }
