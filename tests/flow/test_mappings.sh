# Every mapping of mappings/ that has a sample: imported into a fresh store, the store must hold what the
# folder says (stored.jsonl: entity rows and rejects, no ids, no times); compared with the store once more,
# nothing changes. That the same file again is no work asks nothing of a mapping: test_dumps.sh.
#
#	mapping.cfg    sample.csv         stored.jsonl        (or sample.json, .xml, .vtt, ...)
#	NAME.cfg       NAME.sample.csv    NAME.stored.jsonl
#
# A line "# sample: OPTIONS" of the mapping says with what options its sample is read.
#
# UPDATE=1 writes the stored.jsonl anew: read the difference before you keep it.
#
# A hundred small stores, each synced to the disk: in memory where there is some.
[ -d /dev/shm ] && [ -w /dev/shm ] && export TMPDIR=/dev/shm
. tests/lib/tap.sh

check() { # MAPPING SAMPLE STORED
	local store="$SCRATCH/store.db" name=${1#mappings/} in="$SCRATCH/sample.${2##*.}" rc options
	options=$(sed -n 's/^# sample: //p' "$1")
	rm -f "$store"* "$in"*
	cp "$2" "$in" # the file of rejects comes to lie beside it
	tsunagi import "$in" --mapping "$1" --store "sqlite:$store" $options --quiet >"$SCRATCH/out" 2>"$SCRATCH/err"
	rc=$?
	# 5: done, with the broken rows that a sample has on purpose
	[ $rc -eq 0 ] || [ $rc -eq 5 ]
	ok $? "$name: import" "exit $rc: $(cat "$SCRATCH/err")"
	[ $rc -eq 0 ] || [ $rc -eq 5 ] || return
	python3 tests/lib/dump_store.py "$store" >"$SCRATCH/stored"
	ok $? "$name: the store can be read"
	[ -z "${UPDATE:-}" ] || cp "$SCRATCH/stored" "$3"
	[ -s "$3" ]
	ok $? "$name: says what is expected"
	same_file "$SCRATCH/stored" "$3" "$name: the store holds it"
	tsunagi import "$in" --mapping "$1" --store "sqlite:$store" $options --quiet --again >"$SCRATCH/out" 2>&1
	python3 tests/lib/dump_store.py "$store" | grep -v '^{"reject"' >"$SCRATCH/again"
	grep -v '^{"reject"' "$3" >"$SCRATCH/want"
	same_file "$SCRATCH/again" "$SCRATCH/want" "$name: compared again, nothing changes"
}

for cfg in mappings/*/*.cfg; do
	base=${cfg%.cfg}. dir=${cfg%/*}
	case $cfg in */mapping.cfg) base=$dir/ ;; esac
	# a lookup stores what is linked to a case; it has a test of its own (test_registry.sh)
	grep -q '^  mode *= *"lookup"' "$cfg" && continue
	sample=$(compgen -G "${base}sample.*" | grep -v '[.]rejects' | head -n 1)
	if [ -n "$sample" ]; then
		check "$cfg" "$sample" "${base}stored.jsonl"
	else
		ok 1 "${cfg#mappings/}: has a sample"
	fi
done

# The sheets of one tool share persons and cases: in whatever order they come, the store ends the same.
sheets() { # SHEET...
	rm -f "$SCRATCH/tool.db"*
	for sheet in "$@"; do
		cp "mappings/mhlw-$sheet/sample.csv" "$SCRATCH/sheet.csv"
		tsunagi import "$SCRATCH/sheet.csv" --mapping "mhlw-$sheet" \
			--store "sqlite:$SCRATCH/tool.db" --quiet >/dev/null 2>&1
	done
	python3 tests/lib/dump_store.py "$SCRATCH/tool.db"
}
sheets intake assessment screening plan evaluation activity >"$SCRATCH/forth"
sheets activity evaluation plan screening assessment intake >"$SCRATCH/back"
same_file "$SCRATCH/back" "$SCRATCH/forth" "the ministry's sheets in any order"
is "$(grep -c '"entity": "case"' "$SCRATCH/forth")" 4 "one case each, not one a sheet"

# a list that should have no header and has one: its names are no record
python3 - >"$SCRATCH/header.csv" <<'PY'
import re, sys
conf = open('mappings/cybozu/garoon-address.cfg', encoding='utf-8').read()
names = re.findall('"([^"]+)"', conf[conf.index('columns = ('):conf.index(' );')])
sys.stdout.buffer.write((','.join(names) + '\r\n').encode() + open('mappings/cybozu/garoon-address.sample.csv', 'rb').read())
PY
tsunagi import "$SCRATCH/header.csv" --mapping cybozu/garoon-address --store "sqlite:$SCRATCH/header.db" --quiet >/dev/null 2>&1
python3 tests/lib/dump_store.py "$SCRATCH/header.db" | grep -v '^{"reject"' >"$SCRATCH/headed"
grep -v '^{"reject"' mappings/cybozu/garoon-address.stored.jsonl >"$SCRATCH/want"
same_file "$SCRATCH/headed" "$SCRATCH/want" "the names of columns in a list without a header are no record"

tap_done
