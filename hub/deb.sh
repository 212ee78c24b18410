#!/bin/sh
# Makes $BUILD/tsunagi_VERSION_ARCH.deb of an installation below /usr. Its needs are read from the programs.
set -eu
: "${BUILD:=build}"
root=$BUILD/deb
version=$("$BUILD/bin/tsunagi" version | sed 's/^tsunagi \([^ ]*\).*/\1/')
arch=$(dpkg --print-architecture)
rm -rf "$root"
BUILD=$BUILD hub/install.sh "$root" /usr /etc
chmod 755 "$root"
for f in "$root"/usr/bin/* "$root"/usr/lib/tsunagi/plugins/*.so; do strip --strip-unneeded "$f"; done
gzip -9n "$root"/usr/share/man/man1/tsunagi.1 "$root"/usr/share/man/ja/man1/tsunagi.1
mv "$root/usr/share/doc/tsunagi/LICENSE" "$root/usr/share/doc/tsunagi/copyright"

# dpkg-shlibdeps wants to stand in a source package
mkdir -p "$BUILD/shlibs/debian"
echo 'Source: tsunagi' >"$BUILD/shlibs/debian/control"
root_abs=$(cd "$root" && pwd)
needs=$(cd "$BUILD/shlibs" && dpkg-shlibdeps -O -e"$root_abs/usr/bin/tsunagi" \
	$(printf ' -e%s' "$root_abs"/usr/lib/tsunagi/plugins/*.so) 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$needs" ] || { echo "dpkg-shlibdeps found no libraries" >&2; exit 1; }

mkdir -p "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<EOF
Package: tsunagi
Version: $version
Architecture: $arch
Maintainer: Tsunagi contributors <tsunagi@localhost>
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: $needs, ca-certificates, systemd | systemd-standalone-sysusers
Recommends: mecab-ipadic-utf8, graphviz
Suggests: postgresql
Section: database
Priority: optional
Description: integration hub for municipal welfare consultation in Japan
 Reads the records of the systems that support one household (forms of the
 ministry, care-record products, resident registry, kintone, Excel, Word,
 voice transcripts), keeps them in one common case format, and lets them out
 only through one gate that applies consent, legal ground, protection and
 masking.
EOF
echo /etc/tsunagi/serve.cfg >"$root/DEBIAN/conffiles"
for s in postinst prerm postrm; do install -m 755 "hub/deb/$s" "$root/DEBIAN/$s"; done
dpkg-deb --root-owner-group -Zzstd --build "$root" "$BUILD/tsunagi_${version}_$arch.deb"
