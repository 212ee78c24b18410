#!/bin/bash
# tsunagi inspect: its fixed form, exit codes, bad input, and talking through a pipe.
. tests/lib/tap.sh

printf 'a,b\n"x ""y""",\n' >"$SCRATCH/a.csv"
exits 0 'a clean file' tsunagi inspect "$SCRATCH/a.csv"
is "$OUT" '{"row":1,"line":1,"cells":["a","b"]}
{"row":2,"line":2,"cells":["x \"y\"",""]}' 'one line per record'
exits 5 'a broken record' tsunagi inspect <<<$'a,b\n"c,d\n1,2'
is "$OUT" '{"row":1,"line":1,"cells":["a","b"]}
{"row":2,"line":2,"error":{"code":"unclosed-quote","message":"line 2, column 1: the quote opened here is not closed"}}
{"row":3,"line":3,"cells":["1","2"]}' 'the reject has code and place, the rest is read'
exits 0 'tolerant' tsunagi inspect --tolerant - <<<$'a,b\nc"d\n'
is "$OUT" '{"row":1,"line":1,"cells":["a","b"]}
{"row":2,"line":2,"cells":["c\"d"]}
{"row":3,"line":3,"cells":[""]}' 'a short record and a blank line are shown as they are'
printf '\x8e\x81\x96\xbc,\xfb\xfc\nA\xff,B\n' >"$SCRATCH/b.csv"
exits 5 'bytes that are no CP932' tsunagi inspect --encoding cp932 "$SCRATCH/b.csv"
is "$OUT" '{"row":1,"line":1,"cells":["氏名","髙"]}
{"row":2,"line":2,"error":{"code":"bad-bytes","message":"column 1, byte 9: not cp932"}}' 'column and byte of what cannot be decoded'
exits 0 'options' tsunagi inspect --delimiter tab --trim --skip 1 --comment '#' --blank-lines skip <<<$'title\n#x\n a\t"b" \n\n'
is "$OUT" '{"row":1,"line":3,"cells":["a","b"]}' 'delimiter, trim, skip, comment, blank lines'
printf 'a,\0\n' >"$SCRATCH/nul.csv"
exits 5 'NUL' tsunagi inspect --encoding utf-8 "$SCRATCH/nul.csv"
like "$OUT" '"nul-byte"' 'NUL is refused'

exits 7 'missing file' tsunagi inspect "$SCRATCH/none.csv"
like "$ERR" 'file-missing' 'missing file has its code'
exits 7 'directory' tsunagi inspect "$SCRATCH"
like "$ERR" 'is-directory' 'directory has its code'
: >"$SCRATCH/empty.csv"
exits 4 'empty file' tsunagi inspect "$SCRATCH/empty.csv"
like "$ERR" 'empty-file' 'empty file has its code'
gzip -c "$SCRATCH/a.csv" >"$SCRATCH/a.csv.gz"
exits 4 'compressed file' tsunagi inspect "$SCRATCH/a.csv.gz"
like "$ERR" 'compressed' 'compressed file has its code'
exits 3 'unknown encoding' tsunagi inspect --encoding klingon "$SCRATCH/a.csv"
exits 3 'delimiter of two characters' tsunagi inspect --delimiter ,, "$SCRATCH/a.csv"
exits 2 'two files' tsunagi inspect "$SCRATCH/a.csv" "$SCRATCH/b.csv"

# another program drives it: each line is answered before the next is sent
coproc INSPECT { tsunagi inspect; }
to=${INSPECT[1]} from=${INSPECT[0]} pid=$INSPECT_PID
printf 'a,b\n' >&"$to"
IFS= read -r -t 10 first <&"$from"
printf '"c\nd",e\n' >&"$to"
IFS= read -r -t 10 second <&"$from"
exec {to}>&-
wait "$pid"
is "$first" '{"row":1,"line":1,"cells":["a","b"]}' 'a line through a pipe is answered at once'
is "$second" '{"row":2,"line":2,"cells":["c\nd","e"]}' 'and the next one'

# 100 MB in one cell: refused by name, in bounded memory
{
	printf 'a,b\n1,2\n3,'
	head -c 100000000 /dev/zero | tr '\0' x
	printf '\n5,6\n'
} >"$SCRATCH/huge.csv"
exits 5 'a cell of 100 MB' bash -c "ulimit -v 400000; exec tsunagi inspect '$SCRATCH/huge.csv'"
like "$OUT" '"row":3,"line":3,"error":\{"code":"field-too-long"' 'is refused'
like "$OUT" '"row":4,"line":4,"cells":\["5","6"\]' 'the record behind it is read'
tap_done
