# Products that give full dumps only (地域包括支援センター, 基幹, 生活困窮者自立支援): dump A, then B in which a row
# is gone, one is changed and one is new, then A again. What is missing is said; it is ended only if the job
# says so; the second A ends where the first one did.
. tests/lib/tap.sh

root=$PWD
dump_b() { # FILE COLUMN: the sample without its third record, the second one changed there, one row more
	python3 - "$1" "$2" <<'PY'
import csv, io, sys
rows = list(csv.reader(io.StringIO(open(sys.argv[1], 'rb').read().decode('cp932'), newline='')))
head, body = rows[0], rows[1:]
new = list(body[0])
new[0] += '9'
gone = body.pop(2)
body[1][head.index(sys.argv[2])] = '書き直した'
out = io.StringIO()
csv.writer(out, lineterminator='\r\n').writerows([head] + body + [new])
sys.stdout.buffer.write(out.getvalue().encode('cp932'))
PY
}
done_with() { # NAME COMMAND...: done, with the broken rows that a sample has on purpose, or without
	OUT=$("${@:2}" 2>"$SCRATCH/.err")
	like "$?" '^[05]$' "$1"
	ERR=$(cat "$SCRATCH/.err")
}
count() { sed -n "s/^$1 .* \([0-9][0-9]*\)\$/\1/p" <<<"$OUT"; }
job() { # END_VANISHED FILE
	cat >job.cfg <<J
store = "sqlite:$SCRATCH/$name.db";
jobs: { feed: { kind = "intake"; mapping = "$map"; mode = "full"; end_vanished = $1; reject_limit = "60%";
	source: { plugin = "csv"; path = "$2"; encoding = "cp932"; }; }; };
J
}
run() { tsunagi run job.cfg feed --quiet; }

cd "$SCRATCH" || exit 1
while read -r map sample column; do
	name=${map//\//_}
	export TSUNAGI_STORE=sqlite:$SCRATCH/$name.db
	# the sample three times over with other keys: one of ten or more may vanish
	python3 - "$root/mappings/$sample" >a.csv <<'PY'
import csv, io, sys
rows = list(csv.reader(io.StringIO(open(sys.argv[1], 'rb').read().decode('cp932'), newline='')))
out = io.StringIO()
w = csv.writer(out, lineterminator='\r\n')
w.writerow(rows[0])
for i in range(4):
    for r in rows[1:]:
        w.writerow([r[0] and r[0][:-2] + str(i) + r[0][-1]] + r[1:])
sys.stdout.buffer.write(out.getvalue().encode('cp932'))
PY
	dump_b a.csv "$column" >b.csv
	done_with "$map: dump A" tsunagi import a.csv --mapping "$map" --quiet
	first=$(count 'new')
	done_with "$map: dump B" tsunagi import b.csv --mapping "$map" --quiet
	is "$(count 'vanished from the source')" 1 "$map: one has vanished, and it is said"
	is "$(count 'new'),$(count 'changed')" "1,1" "$map: one is new, one is changed"
	is "$(sqlite3 "$name.db" 'SELECT count(*) FROM record WHERE state <> 0')" 0 "$map: none is ended"
	done_with "$map: dump A again" tsunagi import a.csv --mapping "$map" --quiet
	is "$(count 'vanished from the source')" 1 "$map: what only B had is missing now"
	is "$(count 'changed')" 1 "$map: the changed one is changed back"
	is "$(count 'unchanged')" "$((first - 1))" "$map: all others are as they were"

	job true b.csv
	done_with "$map: B by a job that ends what vanishes" run
	is "$(sqlite3 "$name.db" 'SELECT count(*) FROM record WHERE state <> 0')" 1 "$map: it is ended"
	job true a.csv
	done_with "$map: A by that job" run
	is "$(sqlite3 "$name.db" 'SELECT count(*) FROM record WHERE state <> 0')" 1 "$map: back again; what only B had is ended"
	(head -1 a.csv; tail -n 3 a.csv) >cut.csv
	exits 4 "$map: a dump that was cut off" tsunagi import cut.csv --mapping "$map" --quiet
	like "$ERR" 'too-many-vanished' "$map: is stopped"
done <<'MAPS'
houkatsu houkatsu/sample.csv 内容
kikan/clients kikan/clients.sample.csv 特記事項
konkyu konkyu/sample.csv 具体的な相談内容
MAPS
tap_done
