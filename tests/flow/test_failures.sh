# Bad input and bad places: a code, a place, what to do, the exit code of docs/operating.md; nothing lost
# and nothing half done.
. tests/lib/tap.sh
. tests/lib/store.sh

map=$PWD/tests/flow/people/mapping.cfg
cd "$SCRATCH" || exit 1
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url s)
head='番号,氏名,生年月日,電話,メモ'
sjis() { iconv -f utf-8 -t cp932; }
load() { tsunagi import "$@" --mapping "$map" --quiet; }
fails() { # EXIT CODE NAME COMMAND...
	local want=$1 code=$2 name=$3
	shift 3
	exits "$want" "$name" "$@"
	like "$ERR$OUT" "$code" "$name: $code"
	case $want in 5) ;; *) like "$ERR" 'what to do' "$name: what to do" ;; esac
}
start() { # FILE: an import in the background, which stands behind its first chunk; its process in $first
	TSUNAGI_HOLD=after-commit tsunagi import "$1" --mapping "$map" --quiet >o 2>e &
	first=$!
	held $first
}
runs() { store_sql s 'SELECT count(*) FROM run' 2>/dev/null || echo 0; }
good() { printf '%s\r\n' "$head" "1,山田,S45.3.1,,$1" "2,佐藤,S49.9.9,,y" | sjis; }

fails 2 mapping-missing "misspelt mapping" tsunagi import none.csv --mapping legacy-care-rec
like "$ERR" 'Did you mean "legacy-care-record"' "the nearest one"
fails 2 mapping-missing "misspelt mapping of a folder" tsunagi import none.csv --mapping family-tree/gedcm
like "$ERR" 'Did you mean "family-tree/gedcom"' "the nearest one"
fails 2 mapping-missing "mapping like no other" tsunagi import none.csv --mapping qqqqqqqq
like "$ERR" "Look into /[^.]*/mappings," "where they are, without dots"
fails 7 file-missing "missing" load none.csv
mkdir dir.csv
fails 7 is-directory "directory" load dir.csv
mkfifo pipe.csv
fails 7 not-a-file "a pipe that nobody writes to" timeout 20 tsunagi import pipe.csv --mapping "$map" --quiet
fails 7 not-a-file "a device without an end" timeout 20 tsunagi import /dev/zero --mapping "$map" --quiet
good x >$'\x8e\x52.csv'
fails 3 option-text "a name that is not UTF-8" load $'\x8e\x52.csv'
like "$ERR" 'Rename the file' "a name that is not UTF-8: what to do about it"
good x >unreadable.csv
chmod 000 unreadable.csv
if [ "$(id -u)" -eq 0 ]; then
	skip "unreadable" "root reads everything"
else
	fails 7 cannot-open "unreadable" load unreadable.csv
fi
: >empty.csv
fails 4 empty-file "empty" load empty.csv
is "$(runs)" 0 "none of them was a run"

printf '%s\r\n' "$head" | sjis >header.csv
exits 0 "header only" load header.csv
like "$OUT" 'read +0' "reads nothing"
printf '番号,名前\r\n' | sjis >other-header.csv
fails 10 drift "another header, and no record" load other-header.csv
printf '番号,氏名,生年月日,電話\r\n1,山田,,\r\n' | sjis >drift.csv
fails 10 drift "another header" load drift.csv
printf '番号,山田,S45.3.1,借金,x\r\n' | sjis >values.csv
fails 10 drift "a header with values in it" load values.csv
like "$ERR" '1 columns that mapping "people" expects, and 4 others' "is not taken for one"
unlike "$ERR$OUT" '山田|借金|S45' "and none of them is shown"
printf 'no,name,birth,phone,memo\r\n1,a,,,\r\n' >ascii.csv
fails 10 drift "another header, in ASCII" load ascii.csv
printf '%s\r\n' "$head" '1,山田,S45.3.1,,x' >utf8.csv
fails 4 wrong-encoding "wrong encoding" load utf8.csv
is "$(store_sql s 'SELECT count(*) FROM record')" 0 "and brings nothing in"

{ good x; printf '3,"a\r\n4,伊藤,S45.3.1,,z\r\n' | sjis; } >quote.csv
fails 5 unclosed-quote "unclosed quote" load quote.csv
{ good x2; printf '3,a,b\r\n4,伊藤,S45.3.1,,z\r\n' | sjis; } >width.csv
fails 5 wrong-columns "wrong number of columns" load width.csv
is "$(store_sql s "SELECT count(*) FROM record WHERE key IN ('1', '2', '4')")" 3 "one record is lost, not the rest"
{ good x3; printf '3,a\0b,S45.3.1,,z\r\n5,伊藤,S45.3.1,,z\r\n'; } >nul.csv 2>/dev/null
fails 5 nul-byte "NUL" load nul.csv
{ good x4; printf '3,'; head -c 100000000 /dev/zero | tr '\0' a; printf ',S45.3.1,,z\r\n6,d,S45.3.1,,z\r\n'; } >huge.csv
peak=$(bash -c 'ulimit -v 600000; tsunagi import huge.csv --mapping "$0" --quiet >o 2>e; echo $?' "$map")
is "$peak" 5 "a field of 100 MB"
like "$(cat o e)" field-too-long "a field of 100 MB: field-too-long"
is "$(store_sql s "SELECT count(*) FROM record WHERE key = '6'")" 1 "and what follows is in"
is "$(store_sql s "SELECT count(*) FROM reject WHERE length(raw) > 1000000")" 0 "which is not kept"

# two runs at once: the first is held in the middle
many=60000
[ "${TEST_STORE:-sqlite}" = sqlite ] || many=40000
python3 - "$head" $many <<'PY' >big.csv
import sys
rows = [sys.argv[1]] + ["b%d,山田,S45.3.1,03-1234-5678,%s" % (i, "x" * 40) for i in range(int(sys.argv[2]))]
sys.stdout.buffer.write("\r\n".join(rows + [""]).encode("cp932"))
PY
start big.csv
fails 9 locked "two runs at once" load width.csv
kill -INT $first
kill -CONT $first
wait $first
is $? 8 "Ctrl-C"
like "$(tsunagi status)" 'interrupted' "is shown by status"
exits 0 "the same command goes on" load big.csv
like "$OUT" 'sum: agrees' "and the counts agree"
is "$(store_sql s "SELECT count(*) FROM record WHERE key LIKE 'b%'")" $many "nothing lost, nothing twice"

# standard streams that are closed are nobody else's
TSUNAGI_STORE=$(store_url e)
TSUNAGI_HOLD=after-commit tsunagi import big.csv --mapping "$map" --quiet <&- >&- 2>&- &
closed=$!
held $closed
is "$(readlink /proc/$closed/fd/{0,1,2} | sort -u)" /dev/null "closed standard streams are no file of the hub"
kill -CONT $closed
wait $closed
is $? 7 "and that nothing can be said is told by the exit code"
is "$(store_sql e "SELECT count(*) FROM record WHERE key LIKE 'b%'")" $many "but all is in"

# kill -9 and resume: the same tables as without
TSUNAGI_STORE=$(store_url k)
start big.csv
kill -9 $first
wait $first 2>/dev/null
exits 0 "after kill -9 the same command goes on" load big.csv
sum() { store_rows "$1" | md5sum; }
TSUNAGI_STORE=$(store_url w) load big.csv >/dev/null
is "$(sum k)" "$(sum w)" "with the tables of an uninterrupted run"

# a file that changes while it is read; a full disk; a store that may not be written
TSUNAGI_STORE=$(store_url c)
cp big.csv changing.csv
start changing.csv
printf 'b0,x,,,\r\n' >>changing.csv
kill -CONT $first
wait $first
rc=$?
is "$rc" 7 "a file that changes while it is read"
like "$(cat e)" changed-while-reading "is told"

if [ "${TEST_STORE:-sqlite}" = postgresql ]; then # a server's full disk: test_postgresql.sh
	load good.csv >/dev/null 2>&1
fails 2 profile-missing "misspelt profile" tsunagi export --profile mask-agency --as csv --to out
like "$ERR" 'Did you mean "masked-agency"' "the nearest one"
tap_done
	exit
fi
TSUNAGI_STORE=$(store_url f)
rc=$(bash -c 'trap "" XFSZ; ulimit -f 4000; tsunagi import big.csv --mapping "$0" --quiet >o 2>e; echo $?' "$map")
is "$rc" 7 "a full disk"
like "$(cat e)" 'what to do' "a full disk: what to do"
exits 0 "with room again the same command goes on" load big.csv
is "$(sum f)" "$(sum w)" "to the same tables"
exits 7 "a count sheet to a full disk" tsunagi report 1 --out /dev/full/x.html
tsunagi report 1 >/dev/full 2>e
is $? 7 "a full standard output"
ln -s /dev/null sink
for at in pipe.csv sink dir.csv; do # at the end it would stand in the place of /dev/null
	fails 3 not-a-file "a count sheet into $at" tsunagi report 1 --out $at
done
is "$(stat -c %F pipe.csv sink dir.csv | paste -sd,)" "fifo,symbolic link,directory" "they are what they were"
exits 7 "a store in a folder that is not there" tsunagi import quote.csv --mapping "$map" --store sqlite:none/x.db
load good.csv >/dev/null 2>&1
fails 2 profile-missing "misspelt profile" tsunagi export --profile mask-agency --as csv --to out
like "$ERR" 'Did you mean "masked-agency"' "the nearest one"
# the whole file is read before the first record is; who stops the import then does not wait for that
truncate -s 64G long.csv
tsunagi import long.csv --mapping "$map" --quiet >o 2>e &
first=$!
until ls -l "/proc/$first/fd" 2>/dev/null | grep -q long.csv || ! kill -0 $first 2>/dev/null; do :; done
kill -TERM $first
timeout 20 tail --pid=$first -f /dev/null
kill -KILL $first 2>/dev/null
wait $first
is $? 8 "stopped before the first record"
like "$(cat e)" 'interrupted' "said so"
rm long.csv
tap_done
