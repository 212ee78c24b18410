# A mapping that changes: between the halves of a run, after a whole one, in its key. Nothing is there twice,
# what it does not make any more is counted, and the run can be taken back. And: a full dump writes what
# changed, nothing else.
. tests/lib/tap.sh

map=$PWD/tests/flow/people/mapping.cfg
cd "$SCRATCH" || exit 1
export TSUNAGI_STORE="sqlite:$SCRATCH/s.db"
sql() { sqlite3 s.db "$1"; }
state() { # what the mapping made
	sqlite3 s.db "SELECT * FROM cc_person ORDER BY id" "SELECT * FROM cc_activity ORDER BY id" \
		"SELECT id, key, hex(hash), state, hex(refs) FROM record ORDER BY id" "SELECT * FROM shared_latest ORDER BY 1" | sha256sum
}
people() { # CHANGED-UP-TO
	python3 - "$1" <<'PY'
import sys
rows = ['番号,氏名,生年月日,電話,メモ'] + ['%04d,山田%d,S45.3.1,03-1234-5678,%s' % (i, i, 'いい' if i < int(sys.argv[1]) else 'ああ') for i in range(3000)]
sys.stdout.buffer.write(('\r\n'.join(rows) + '\r\n').encode('cp932'))
PY
}
load() { tsunagi import "$1" --mapping "$2" --quiet --set batch_rows=400 "${@:3}"; }

people 0 >a.csv
people 37 >b.csv
exits 0 "first" load a.csv "$map"
exits 0 "a full dump with 37 changes" load b.csv "$map" --full
like "$OUT" 'changed +37' "counts 37"
is "$(sql 'SELECT count(*) FROM history WHERE run_id = 2 AND entity = '"''")" 37 "wrote 37 records"
is "$(sql "SELECT count(*) FROM history WHERE run_id = 2 AND entity = 'activity'")" 37 "and 37 rows"
is "$(sql 'SELECT count(*) FROM record WHERE run_id = 2')" 37 "the others are as they were"

# the key expression: every record comes under a new one
before=$(state)
sed "s/key = \"番号\"; *\$/key = \"'K' + 番号\";/; s/person: { key = \"番号\"/person: { key = \"'K' + 番号\"/" "$map" >key.cfg
grep -c "'K'" key.cfg >n
is "$(cat n)" 2 "two keys are changed"
exits 0 "its dry run" load b.csv key.cfg --full --dry-run --report dry.txt
exits 0 "not stopped: nothing has vanished from the source" load b.csv key.cfg --full --report run.txt
like "$(cat run.txt)" 'rows left by the changed mapping +6,?000' "what it left is counted"
unlike "$(cat run.txt)" 'vanished' "and nothing else"
is "$(grep -c . dry.txt; grep left dry.txt)" "$(grep -c . run.txt; grep left run.txt)" "as the dry run said"
is "$(sql 'SELECT count(*) FROM record WHERE state = 0')" 3000 "every record is there once"
is "$(sql 'SELECT count(*) FROM cc_activity')" 3000 "every activity, too"
is "$(sql 'SELECT count(*) FROM cc_person WHERE name IS NOT NULL')" 3000 "every person, too"
exits 0 "whole" tsunagi doctor
exits 0 "the same again" load b.csv key.cfg
like "$OUT" 'nothing to do' "is no work"
exits 0 "taken back" tsunagi undo 3
is "$(state)" "$before" "to the byte"
is "$(sql 'SELECT count(*) FROM cc_person')" 3000 "without what it made"

# the person's key alone: the records stay, their persons are others
sed "s/person: { key = \"番号\"/person: { key = \"'K' + 番号\"/" "$map" >person.cfg
exits 0 "another key of persons" load b.csv person.cfg
like "$OUT" 'rows left by the changed mapping +3,?000' "the old ones are counted"
is "$(sql 'SELECT count(*) FROM cc_person WHERE record_id IS NULL AND name IS NULL AND key IS NOT NULL')" 3000 "and are nothing but a key"
exits 0 "back to the mapping before" load b.csv "$map" --again
is "$(sql "SELECT count(*) FROM cc_person WHERE name IS NOT NULL AND key LIKE 'K%'")" 0 "leaves those"
is "$(sql "SELECT count(*) FROM cc_person WHERE name IS NOT NULL")" 3000 "and fills these"
exits 0 "whole" tsunagi doctor
tsunagi undo "$(sql 'SELECT max(id) FROM run')" >/dev/null
exits 0 "both taken back" tsunagi undo "$(sql "SELECT max(id) FROM run WHERE state = 2 AND kind = 'import'")"
is "$(state)" "$before" "to the byte"

# a block less
grep -v '^activity' "$map" >block.cfg
exits 0 "a block less" load b.csv block.cfg
like "$OUT" 'rows left by the changed mapping +3,?000' "its rows are counted"
is "$(sql 'SELECT count(*) FROM cc_activity')" 0 "and gone"
exits 0 "taken back" tsunagi undo "$(sql 'SELECT max(id) FROM run')"
is "$(state)" "$before" "to the byte"

# between the halves of a run
(TSUNAGI_CRASH=after-commit:2 load a.csv "$map") >/dev/null 2>&1
exits 6 "an interrupted run with another mapping" load a.csv key.cfg
like "$ERR" 'other-mapping' "is refused"
like "$ERR" 'Finish it with the mapping .* or take it back: tsunagi undo [0-9]+' "with the choice"
exits 0 "the one it began with goes on" load a.csv "$map"
is "$(sql "SELECT count(*) FROM cc_activity WHERE body = 'ああ'")" 3000 "to its end"

# dumps A, B, A end at A
exits 0 "B" load b.csv "$map" --full
exits 0 "A" load a.csv "$map" --full
is "$(sql "SELECT count(*) FROM cc_activity WHERE body = 'ああ'")" 3000 "A, B, A ends at A"
cp a.csv other.csv
exits 0 "the same content under another name" load other.csv "$map" --full
like "$OUT" 'nothing to do' "is no work"
tap_done
