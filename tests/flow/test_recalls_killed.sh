# Whoever holds what was withdrawn is asked for it, also when a program was killed on the way; and once.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_ACTOR=carl TSUNAGI_NOW=2026-07-03T10:00:00+09:00
cat >"$SCRATCH/consents.cfg" <<'M'
mapping: { name = "consents"; title = "同意台帳"; system = "legacy-care"; source: { plugin = "csv"; }; key = "番号 + 区分";
  header = ("番号", "提供先", "区分", "状態", "開始", "撤回日"); };
person: { key = "番号"; };
consent: { recipient = "提供先"; category = "区分 | code('consent_category')"; purpose = "'*'"; valid_from = "開始 | date";
  consent_status = "状態 | code('consent_status')"; withdrawn_on = "撤回日 | date"; };
M
sed 's/^unattended/deletions = "list";\n&/' config/profiles/trusted-agency.cfg >"$SCRATCH/wel.cfg"
cp mappings/demo/legacy.csv "$SCRATCH"
her=2026-0000101
begin() { # STORE: WEL has what it may have
	store=$1
	TSUNAGI_STORE=$(store_url "$1")
	exits 5 "$1: cases" tsunagi import "$SCRATCH/legacy.csv" --mapping legacy-care-record --quiet
	exits 0 "$1: registry" tsunagi import mappings/demo/registry.csv --mapping registry-municipal --quiet
	exits 0 "$1: restrictions" tsunagi import mappings/demo/protection.csv --mapping registry-municipal/protection --quiet
	TSUNAGI_ACTOR=ann tsunagi release propose "$SCRATCH/wel.cfg" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$SCRATCH/wel.cfg" >/dev/null
	leaves
}
leaves() { exits 0 "release" tsunagi export --profile "$SCRATCH/wel.cfg" --as jsonl --to "$SCRATCH/out" --quiet; }
list() { # LINE... ; what another system has
	printf '%s\n' "番号,提供先,区分,状態,開始,撤回日" "$@" >"$SCRATCH/consents.csv"
}
import() { tsunagi import "$SCRATCH/consents.csv" --mapping "$SCRATCH/consents.cfg" --quiet; }
tasks() { store_sql "$store" 'SELECT count(*) FROM recall'; }
asked() { grep -c '"entity":"deletion"' "$SCRATCH/out"; }

for step in after-commit after-end; do
	begin "${step/-/_}"
	list "$her,WEL,*,withdrawn,,2026-07-01"
	TSUNAGI_CRASH=$step exits 137 "killed $step" import
	is "$(tasks)" 0 "nobody is asked"
	exits 0 "the same command" import
	is "$(tasks)" 1 "asks"
	exits 0 "once" import
	is "$(tasks)" 1 "and not again"
done

begin left
list "$her,WEL,*,withdrawn,,2026-07-01"
TSUNAGI_CRASH=after-commit exits 137 "killed, and nobody goes on" import
leaves
[ "$(asked)" -gt 0 ]; ok $? "the next release brings the list"
leaves
is "$(asked)" 0 "once"
is "$(tasks)" 1 "there is one task"
exits 0 "and the next day" env TSUNAGI_NOW=2026-07-04T10:00:00+09:00 tsunagi import "$SCRATCH/consents.csv" --mapping "$SCRATCH/consents.cfg" --quiet
is "$(tasks)" 1 "no other"

begin lists
list "$her,WEL,*,withdrawn,,2026-07-01"
exits 0 "withdrawn" import
rm "$SCRATCH/out"
TSUNAGI_CRASH=release-logged exits 137 "a release killed before its file is there" tsunagi export --profile "$SCRATCH/wel.cfg" --as jsonl --to "$SCRATCH/out" --quiet
[ ! -e "$SCRATCH/out" ]; ok $? "which has told nobody"
leaves
[ "$(asked)" -gt 0 ]; ok $? "the list comes with the next"
leaves
is "$(asked)" 0 "once"

begin classes
list "$her,WEL,contact,withdrawn,,2026-07-01" "$her,WEL,identifier,withdrawn,,2026-07-01"
exits 0 "two classes on one day" import
is "$(tasks)" 2 "are two tasks"

begin blank
list "$her,,*,withdrawn,,2026-07-01"
exits 0 "withdrawn, and it is not said from whom" import
is "$(tasks)" 1 "is from everybody"

begin no
list "$her,WEL,contact,given,,"
exits 0 "given in two places" import
list "$her,WEL,contact,refused,,"
exits 0 "and a no in its place" import
is "$(tasks)" 1 "is asked for as well"

# of several files one cannot take its name: the others are there
begin several
TSUNAGI_HOLD=release-logged tsunagi export --profile "$SCRATCH/wel.cfg" --as csv --to "$SCRATCH/folder" --quiet 2>"$SCRATCH/said" &
ends=$!
held $ends
mkdir "$SCRATCH/folder/plan.csv"
kill -CONT $ends
wait $ends
is "$? $(store_sql several 'SELECT state FROM release WHERE id = 2') $(ls "$SCRATCH/folder/person.csv")" "7 3 $SCRATCH/folder/person.csv" "a release fails when one of its files is there"
store_sql several 'DELETE FROM release_item WHERE release_id = 1; DELETE FROM release_other WHERE release_id = 1'
exits 0 "withdrawn" tsunagi consent withdraw $her --as WEL --reason letter
is "$(tasks)" 1 "is asked for as well"

# who withdraws while a release ends comes before it, and it does not leave, or behind it, and is told that it has
begin meanwhile
TSUNAGI_HOLD=release-decided tsunagi export --profile "$SCRATCH/wel.cfg" --as jsonl --to "$SCRATCH/out" --quiet &
ends=$!
held $ends
tsunagi consent withdraw $her --as WEL --reason letter >"$SCRATCH/said" 2>&1 &
withdraws=$!
for ((i = 0; i < 40; i++)); do kill -0 $withdraws 2>/dev/null || break; sleep 0.05; done
kill -CONT $ends
wait $ends
ok $? "a release ends"
wait $withdraws
ok $? "and somebody withdraws" "$(cat "$SCRATCH/said")"
like "$(tsunagi release recalls --format csv | tail -n 1)" '"1","2","open"' "who asks for what has just left, too"
tap_done
