# A registry is looked up, not copied: who is linked to a case and their household come in, nobody else
# leaves a trace.
. tests/lib/tap.sh
. tests/lib/store.sh

cd "$SCRATCH" || exit 1
maps=$OLDPWD/tests/flow/registry
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url s)
sql() { store_sql s "$1"; }

printf '%s\n' '相談番号,宛名番号,氏名,生年月日' 'S1,1001,山田　太郎,1970-03-01' 'S2,,佐藤　花子,1980-04-05' \
	'S3,,佐藤,1990-01-01' >cases.csv
printf '%s\n' '宛名番号,世帯番号,氏名,生年月日,住所,削除' \
	'1001,H1,山田　太郎,1970-03-01,架空町一丁目,0' \
	'1002,H1,山田　次子,1975-03-01,架空町一丁目,0' \
	'2001,H2,佐藤　花子,1980-04-05,架空町二丁目,0' \
	'2002,H2,佐藤　末吉,2010-04-05,架空町二丁目,1' \
	'3001,H3,無縁　仏太,1960-06-06,秘密町三丁目,0' \
	'3002,H3,無縁　日付,1960-99-06,秘密町三丁目,0' \
	'4001,H4,佐藤　一郎,1990-01-01,秘密町四丁目,0' >juki.csv

exits 0 "the cases" tsunagi import cases.csv --mapping "$maps/cases.cfg" --quiet
exits 0 "a dry run of the registry" tsunagi import juki.csv --mapping "$maps/registry.cfg" --quiet --dry-run
like "$OUT" 'new +3
' "predicts"
exits 0 "the registry" tsunagi import juki.csv --mapping "$maps/registry.cfg" --quiet
like "$OUT" 'out of scope +4' "who does not concern us is counted"
is "$(sql "SELECT p.key FROM cc_person p JOIN system s ON s.id = system_id WHERE s.name = 'juki' ORDER BY 1" | paste -sd,)" \
	1001,1002,2001 "by number, by name and birth date, and the household"
is "$(sql "SELECT count(*) FROM record JOIN feed ON feed.id = feed_id WHERE feed.name = 'registry' AND raw IS NOT NULL")" 0 "no raw record"
is "$(sql 'SELECT count(*) FROM reject')" 0 "a bad date of a stranger is no reject"
is "$(store_bytes s | grep -c -a '秘密町\|無縁')" 0 "strangers are nowhere in the store"
is "$(sql "SELECT count(*) FROM person_link WHERE state = 1")" 2 "and those who came in are linked"
like "$(sql "SELECT rule FROM person_link")" 'atena' "by number"
like "$(sql "SELECT rule FROM person_link")" 'name-birth' "by name and birth date"

exits 0 "the same file again" tsunagi import juki.csv --mapping "$maps/registry.cfg" --quiet
like "$OUT" 'nothing to do' "is no work"
printf '%s\n' '相談番号,宛名番号,氏名,生年月日' 'S4,3001,無縁　仏太,1960-06-06' >more.csv
exits 0 "a new case" tsunagi import more.csv --mapping "$maps/cases.cfg" --quiet
exits 5 "makes the same file another run" tsunagi import juki.csv --mapping "$maps/registry.cfg" --quiet
is "$(sql "SELECT count(*) FROM cc_person WHERE key = '3001'")" 1 "that brings the person in"
is "$(sql "SELECT count(*) FROM reject WHERE code = 'bad-date' AND raw IS NULL AND key IS NULL")" 1 \
	"a reject of the household has a place, and no value"
[ ! -e juki.csv.rejects.csv ] || ! grep -q '無縁' juki.csv.rejects.csv
ok $? "nor does its file"

# What stands where a number would fetches nobody: a client without one, and strangers without one
TSUNAGI_STORE=$(store_url w)
printf '%s\n' '相談番号,宛名番号,氏名,生年月日' 'S1,不明,山田　太郎,1970-03-01' 'S2,0000000000,佐藤　花子,' >cases.csv
printf '%s\n' '宛名番号,世帯番号,氏名,生年月日,住所,削除' '1001,000000,山田　太郎,1970-03-01,架空町一丁目,0' '不明,H2,無縁　仏太,1960-06-06,秘密町三丁目,0' \
	'0000000000,H3,無縁　仏次,1961-06-06,秘密町三丁目,0' '3003,000000,無縁　仏三,1962-06-06,秘密町三丁目,0' >juki.csv
for f in cases registry; do
	[ $f = cases ] && file=cases.csv || file=juki.csv
	exits 0 "numbers of nobody: $f" tsunagi import $file --mapping "$maps/$f.cfg" --quiet
done
like "$OUT" 'out of scope +3' "strangers stay strangers"
is "$(store_bytes w | grep -c -a '秘密町\|無縁')" 0 "and are nowhere"
tap_done
