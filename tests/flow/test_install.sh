#!/bin/bash
# What `make install` and `make deb` make works from its own place: program, plugins, mappings, messages, manual, completion, unit.
. tests/lib/tap.sh
unset TSUNAGI_HOME TSUNAGI_PLUGINS TSUNAGI_STORE
root=$SCRATCH/root
exits 0 "installs" make --no-print-directory install BUILD="$BUILD" DESTDIR="$root" PREFIX=/usr
tsunagi() { (cd "$SCRATCH" && env -i PATH=/usr/bin:/bin TSUNAGI_LANG="${lang:-en}" "$root/usr/bin/tsunagi" "$@"); }
is "$(tsunagi plugin list | wc -l)" "$(find "$BUILD/plugins" -name '*.so' | wc -l)" "every plugin is found"
like "$(lang=ja tsunagi help)" "自治体" "it speaks Japanese"
cp mappings/legacy-care-record/sample.csv "$SCRATCH/"
exits 5 "a mapping is found by its name" tsunagi import sample.csv --mapping legacy-care-record --store sqlite:s.db --quiet

# somebody's plugin, with nothing but what is installed
mkdir "$SCRATCH/own"
sed 's/"trim"/"mine"/' "$root/usr/share/doc/tsunagi/examples/filter-trim/trim.c" >"$SCRATCH/own/mine.c"
exits 0 "a plugin is built of the template and the header" cc -std=c17 -O2 -Wall -Wextra -fPIC -fvisibility=hidden -shared \
	-Wl,-z,defs "-I$root/usr/include" -o "$SCRATCH/own/filter-mine.so" "$SCRATCH/own/mine.c"
exits 0 "and tried against the contract" env -i PATH=/usr/bin:/bin "$root/usr/bin/tsunagi-contract" "$SCRATCH/own/filter-mine.so"
like "$OUT" '^ok 1 - filter mine: works and repeats' "rule by rule"
examples=$root/usr/share/doc/tsunagi/examples
cp "$examples"/*.sample.* "$SCRATCH/own/"
for p in source-blocks sink-lines; do
	exits 0 "$p is built" cc -std=c17 -O2 -Wall -Wextra -fPIC -fvisibility=hidden -shared -Wl,-z,defs "-I$root/usr/include" \
		-o "$SCRATCH/own/$p.so" "$examples/$p.c"
	exits 0 "and holds to the contract" env -i PATH=/usr/bin:/bin "$root/usr/bin/tsunagi-contract" "$SCRATCH/own/$p.so"
done
own() { TSUNAGI_PLUGINS=$SCRATCH/own:$root/usr/lib/tsunagi/plugins TSUNAGI_STORE=sqlite:$SCRATCH/own.db "$root/usr/bin/tsunagi" "$@"; }
cp "$examples/source-blocks.sample.blocks" "$SCRATCH/in.blocks"
exits 0 "a file of its kind is known" own guess "$SCRATCH/in.blocks" --out "$SCRATCH/own.cfg"
exits 5 "its records come in" own import "$SCRATCH/in.blocks" --mapping "$SCRATCH/own.cfg" --quiet
for who in ann bob; do TSUNAGI_ACTOR=$who own release protection clear --reason test >/dev/null; done
TSUNAGI_ACTOR=ann own release propose trusted-agency >/dev/null
TSUNAGI_ACTOR=bob own release approve trusted-agency >/dev/null 2>&1
exits 0 "and go out by the sink" own export --profile trusted-agency --as lines --to "$SCRATCH/own.txt"
is "$(cut -f1 "$SCRATCH/own.txt" | sort | uniq -c | xargs)" "2 activity 2 person" "row by row"
unlike "$(cat "$SCRATCH/own.txt")" '見本|試験' "as the gate shows them"
exits 0 "the contract test says how it is called" env -i "$root/usr/bin/tsunagi-contract" --help

is "$(find "$root" -type f -perm /022 | head)" "" "nobody else may write any file"
is "$(find "$root" -path '*systemd*' -name '*.service' -exec grep ^ExecStart= {} +)" \
	"ExecStart=/usr/bin/tsunagi serve /etc/tsunagi/serve.cfg" "the unit names program and configuration"
sed -i "s|/var/lib/tsunagi|$SCRATCH|" "$root/etc/tsunagi/serve.cfg"
exits 0 "the first configuration is one" tsunagi check "$root/etc/tsunagi/serve.cfg"
make -s install BUILD="$BUILD" DESTDIR="$root" PREFIX=/usr
like "$(cat "$root/etc/tsunagi/serve.cfg")" "$SCRATCH" "installing again leaves the configuration as it is"

missing=
for page in man1 ja/man1; do
	for c in $(TSUNAGI_LANG=en tsunagi help | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'); do
		grep -q "^.SS tsunagi $c\$" "$root/usr/share/man/$page/tsunagi.1" || missing="$missing $page:$c"
	done
done
is "$missing" "" "the manual has every command, in both languages"
complete() { # WORD... ; what stands there when the last is completed
	PATH="$root/usr/bin:$PATH" bash -c '. "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _tsunagi; echo "${COMPREPLY[*]}"' \
		- "$root/usr/share/bash-completion/completions/tsunagi" "$@"
}
is "$(complete tsunagi imp)" import "a command is completed"
is "$(complete tsunagi import --re)" "--reject-limit --report --rejects" "options are completed"

if ! command -v dpkg-shlibdeps >/dev/null; then
	skip "the package" "no dpkg-dev here"
	tap_done
	exit
fi
exits 0 "makes a package" make --no-print-directory deb BUILD="$BUILD"
deb=$(ls "$BUILD"/tsunagi_*.deb)
like "$(dpkg-deb -f "$deb" Depends)" "libpq5.*libxml2" "it asks for the libraries"
dpkg-deb -x "$deb" "$SCRATCH/deb"
root=$SCRATCH/deb
exits 0 "the program of the package runs" tsunagi import sample.csv --mapping legacy-care-record --store sqlite:s.db --quiet
is "$(dpkg-deb -c "$deb" | grep -vc ' root/root ')" 0 "its files are root's"
if [ "$(id -u)" = 0 ] && command -v systemd-sysusers >/dev/null; then
	mkdir -p "$SCRATCH/host/var/lib/dpkg/info" "$SCRATCH/host/var/lib/dpkg/updates" "$SCRATCH/host/etc" "$SCRATCH/host/tmp"
	touch "$SCRATCH/host/var/lib/dpkg/status"
	exits 0 "dpkg installs it" dpkg --root="$SCRATCH/host" --force-depends --force-script-chrootless --log="$SCRATCH/log" -i "$deb"
	like "$(cat "$SCRATCH/host/etc/passwd")" "tsunagi:" "the service has its account"
	is "$(stat -c %a "$SCRATCH/host/etc/tsunagi" "$SCRATCH/host/etc/tsunagi/serve.cfg" | xargs)" "750 640" "the configuration is nobody else's"
	mkdir -p "$SCRATCH/host/var/lib/tsunagi" && touch "$SCRATCH/host/var/lib/tsunagi/tsunagi.db"
	exits 0 "dpkg purges it" dpkg --root="$SCRATCH/host" --force-script-chrootless --log="$SCRATCH/log" --purge tsunagi
	is "$(find "$SCRATCH/host/var/lib/tsunagi" -type f)" "$SCRATCH/host/var/lib/tsunagi/tsunagi.db" "the records stay"
	like "$OUT$ERR" "records .* stay" "and it says so"
else
	skip "dpkg installs and purges it" "not root, or no systemd-sysusers here"
fi
tap_done
