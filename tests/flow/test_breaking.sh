# What happens to files, clocks and memory while a run is at work: it ends in a state that says which, and the
# same command brings it to its end, with the tables of a run that nobody disturbed.
. tests/lib/tap.sh

map=$PWD/tests/flow/people/mapping.cfg fault=$PWD/$BUILD/torture/fault.so
# without dictionaries, whose room is not ours to count
mkdir "$SCRATCH/plugins" && cp "$BUILD/plugins/source-csv.so" "$BUILD/plugins/detect-pattern.so" "$SCRATCH/plugins/"
export TSUNAGI_PLUGINS=$SCRATCH/plugins
cd "$SCRATCH" || exit 1
load() { tsunagi import in.csv --mapping "$map" --store "sqlite:$1.db" --quiet --set batch_rows=2000 "${@:2}"; }
sum() { sqlite3 "$1.db" "SELECT * FROM cc_person ORDER BY id" "SELECT * FROM cc_activity ORDER BY id" "SELECT state FROM run" | md5sum; }
python3 - <<'PY' >whole.csv
rows = ['番号,氏名,生年月日,電話,メモ'] + ['b%d,山田,S45.3.1,03-1234-5678,%s' % (i, 'x' * 40) for i in range(30000)]
__import__('sys').stdout.buffer.write(('\r\n'.join(rows) + '\r\n').encode('cp932'))
PY
cp whole.csv in.csv
load whole >/dev/null
want=$(sum whole)

disturbed() { # NAME COMMAND: done to the file after the first chunk
	cp whole.csv in.csv
	TSUNAGI_HOLD=after-commit load "$1" >o 2>e &
	local run rc
	soon pgrep -P $! -x tsunagi && run=$(pgrep -P $! -x tsunagi) && held "$run"
	eval "$2"
	kill -CONT "$run"
	wait $!
	rc=$?
	case $rc in
	0) is "$(sum "$1")" "$want" "$1: read to its end all the same" ;;
	7) like "$(cat e)" '\[(changed-while-reading|cannot-read)\]' "$1: is told" ;;
	*) ok 1 "$1" "exit $rc: $(cat e)" ;;
	esac
	if [ $rc -eq 7 ]; then
		like "$(tsunagi status --store "sqlite:$1.db")" 'interrupted' "$1: the run says so"
	fi
	rm -f in.csv moved.csv
	cp whole.csv in.csv
	exits 0 "$1: the same command with the file as it was" load "$1"
	is "$(sum "$1")" "$want" "$1: nothing lost, nothing twice"
	rm -f "$1".db*
}
disturbed grown 'printf "z,x,,,\r\n" >>in.csv'
disturbed truncated 'truncate -s 200000 in.csv'
disturbed emptied ': >in.csv'
disturbed overwritten 'tr x y <whole.csv | dd of=in.csv conv=notrunc status=none'
disturbed replaced 'tr x y <whole.csv >new && mv new in.csv'
disturbed renamed 'mv in.csv moved.csv'
disturbed deleted 'rm in.csv'
cp whole.csv in.csv
LD_PRELOAD=$fault TSUNAGI_GROWS=2:in.csv load between >o 2>e
is $? 7 "grown between hashing and reading"
like "$(cat e)" '\[changed-while-reading\]' "which is told"
is "$(sqlite3 between.db 'SELECT count(*) FROM record' 2>/dev/null || echo 0)" 0 "before anything is stored"

# the clock jumps by years at every reading
exits 0 "a clock that jumps" env LD_PRELOAD="$fault" TSUNAGI_CLOCK=7 tsunagi import in.csv --mapping "$map" --store sqlite:clock.db --quiet
is "$(sum clock)" "$want" "changes nothing"
exits 0 "nor does it disturb an undo" env LD_PRELOAD="$fault" TSUNAGI_CLOCK=8 tsunagi undo 1 --store sqlite:clock.db
is "$(sqlite3 clock.db 'SELECT count(*) FROM record')" 0 "which takes all back"
exits 0 "and the store is whole" tsunagi doctor --store sqlite:clock.db

# little memory: an error that says so, or the end; never death
died='' said=0 fine=0
for mb in 30 50 60 70 80 100 120 140 160 200 300 500 800; do
	rm -f mem.db*
	(ulimit -v $((mb * 1024)) && exec tsunagi import in.csv --mapping "$map" --store sqlite:mem.db --quiet --workers 1) >o 2>e
	rc=$?
	case $rc in
	0) fine=$((fine + 1)) ;;
	127) ;; # the loader had no room for the libraries
	3) grep -q 'plugin-not-loadable.*failed to map' e || died="$died $mb MB: exit $rc" ;; # nor for a plugin
	1 | 7) said=$((said + 1)); grep -q 'error\[' e || died="$died $mb MB: exit $rc, no message" ;;
	*) died="$died $mb MB: exit $rc" ;;
	esac
	if [ -s mem.db ] && [ $rc -ne 0 ]; then
		load mem >/dev/null 2>&1
		[ "$(sum mem)" = "$want" ] || died="$died $mb MB: not the same after it"
	fi
done
is "$died" '' "little memory"
[ $said -gt 0 ] && [ $fine -gt 0 ]; ok $? "was too little sometimes ($said) and enough sometimes ($fine)"

# one bit of the ledger, in the file itself
sqlite3 whole.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
rm -f whole.db-wal whole.db-shm
python3 - <<'PY'
import sqlite3
db = sqlite3.connect('whole.db')
(h,) = db.execute('SELECT hash FROM chunk WHERE seq = 3').fetchone()
db.close()
data = bytearray(open('whole.db', 'rb').read())
data[data.index(h) + 5] ^= 0x10
open('bit.db', 'wb').write(data)
PY
exits 11 "a flipped bit" tsunagi doctor --store sqlite:bit.db
like "$OUT" 'DAMAGED.*ledger of run 1 .* chunk 3' "is found, with its place"

# somebody else's file and store; a store that may only be read. Where the hub itself lies in a folder that
# others may not enter (/root), there is nothing that another user could run.
as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"; }
if [ "$(id -u)" -eq 0 ] && as_nobody tsunagi schema --as json >/dev/null 2>&1; then
	chmod 711 . && chmod 755 plugins && chmod 600 in.csv && mkdir -m 777 open && rm -f mem.db*
	exits 7 "another user's store" as_nobody tsunagi runs --store "sqlite:$PWD/whole.db"
	exits 7 "another user's file" as_nobody tsunagi import in.csv --mapping "$map" --store "sqlite:$PWD/open/x.db" --quiet
	like "$ERR" 'cannot-open|error' "is told"
	chmod 644 in.csv
	exits 0 "as a user who may" as_nobody tsunagi import in.csv --mapping "$map" --store "sqlite:$PWD/open/x.db" --quiet
	is "$(stat -c '%a %u' open/x.db)" '600 65534' "the store is theirs alone"
	cp whole.db open/ro.db && chown 65534 open/ro.db && chmod 400 open/ro.db && chmod 555 open && sed -i 's/b1,/b1x,/' in.csv
	exits 7 "a store that may only be read" as_nobody tsunagi import in.csv --mapping "$map" --store "sqlite:$PWD/open/ro.db" --quiet
	like "$ERR" 'what to do' "what to do is said"
else
	skip "another user" "only root can become another user, and it must reach the program"
fi
tap_done
