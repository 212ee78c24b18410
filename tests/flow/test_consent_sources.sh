# What a person has said, as a hostile but lawful day brings it: a no that another system wrote for whom it liked, a broad
# withdrawal beside a narrow consent, a consent for a time after a refusal, a parent's word for a child that has grown up.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_ACTOR=carl TSUNAGI_NOW=2026-07-03T10:00:00+09:00
wel=config/profiles/trusted-agency.cfg
cat >"$SCRATCH/consents.cfg" <<'M'
mapping: { name = "consents"; title = "同意台帳"; system = "legacy-care"; source: { plugin = "csv"; }; key = "番号 + 区分";
  header = ("番号", "提供先", "区分", "状態", "開始", "撤回日"); };
person: { key = "番号"; };
consent: { recipient = "提供先"; category = "区分 | code('consent_category')"; purpose = "'*'"; valid_from = "開始 | date";
  consent_status = "状態 | code('consent_status')"; withdrawn_on = "撤回日 | date"; };
M
begin() { # STORE: the cases, the registry, and a profile that may run
	TSUNAGI_STORE=$(store_url "$1")
	exits 5 "$1: cases" tsunagi import "$SCRATCH/legacy.csv" --mapping legacy-care-record --quiet
	exits 0 "$1: registry" tsunagi import mappings/demo/registry.csv --mapping registry-municipal --quiet
	exits 0 "$1: restrictions" tsunagi import mappings/demo/protection.csv --mapping registry-municipal/protection --quiet
	TSUNAGI_ACTOR=ann tsunagi release propose $wel >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve $wel >/dev/null
}
said() { # NAME LINE... ; another system's list of consents
	printf '%s\n' "番号,提供先,区分,状態,開始,撤回日" "${@:2}" >"$SCRATCH/consents.csv"
	exits 0 "$1" tsunagi import "$SCRATCH/consents.csv" --mapping "$SCRATCH/consents.cfg" --quiet
}
leaves() { # NAME: what WEL gets
	exits 0 "$1" tsunagi export --profile $wel --as jsonl --to "$SCRATCH/out" --quiet
	OUT=$(cat "$SCRATCH/out")
}
cp mappings/demo/legacy.csv "$SCRATCH"
address='茅ヶ崎１－２－３'

# --- a withdrawal that another system wrote
begin spelled
leaves "consent of the legacy system"
like "$OUT" "$address" "opens her address"
for as in 福祉課 ＷＥＬ ' wel' すべて '*'; do
	said "withdrawn for $as" "2026-0000101,$as,*,撤回,,2026-07-01"
	leaves "release after it"
	unlike "$OUT" "$address" "which is WEL as well"
done
said "withdrawn for somebody else" "2026-0000101,SWC,*,撤回,,2026-07-01"
leaves "release after it"
like "$OUT" "$address" "which WEL is not"
begin early
said "withdrawn before she consented" "2026-0000101,*,*,撤回,,2026-06-01"
leaves "release after it"
like "$OUT" "$address" "ends nothing of later"
said "given to ＷＥＬ only" "2026-0000103,ＷＥＬ,*,given,2026-06-01,"
exits 0 "what he has said" tsunagi consent show 2026-0000103
said "he refuses 福祉課" "2026-0000103,福祉課,contact,refused,2026-06-20,"
leaves "release after it"
unlike "$OUT" '浜竹3-1-7' "a refusal of one class by the agency's name"
exits 0 "and agrees again here" tsunagi consent grant 2026-0000103 --as WEL --category contact --reason "at the counter"
leaves "release after that"
like "$OUT" '浜竹3-1-7' "his word here stands in its place"

# --- what left before is asked for, whoever withdrew
begin recalled
leaves "something leaves"
said "then it is withdrawn" "2026-0000101,福祉課,*,撤回,,2026-07-01"
like "$ERR" '1 recipients hold something' "which tells that it has left"
exits 0 "tasks" tsunagi release recalls --format csv
like "$OUT" 'WEL.*2026-07-01' "one for the recipient"
is "$(store_sql recalled 'SELECT count(*) FROM recall')" 1 "and no other"
said "the same record, changed" "2026-0000101,福祉課,*,撤回,2026-06-01,2026-07-01"
is "$(store_sql recalled 'SELECT count(*) FROM recall')" 1 "asks once"

# --- for a time
begin while
said "a refusal of one class" "2026-0000101,WEL,contact,refused,2026-06-10,"
exits 0 "a consent until tomorrow" tsunagi consent grant 2026-0000101 --as WEL --category contact --until 2026-07-04 --reason "moving house"
leaves "release today"
like "$OUT" "$address" "while it lasts"
TSUNAGI_NOW=2026-07-04T23:59:59+09:00
leaves "release in the last second"
like "$OUT" "$address" "to its last day"
TSUNAGI_NOW=2026-07-05T00:00:00+09:00
leaves "release a second later"
unlike "$OUT" "$address" "the refusal is back"
exits 0 "what holds" tsunagi consent simulate 2026-0000101 --as WEL
like "$OUT" 'contact.*refused' "says so"

# --- of age
TSUNAGI_NOW=2026-07-03T10:00:00+09:00
begin age
exits 0 "his mother agrees" tsunagi consent grant 000000001000013 --as WEL --by representative --reason "signed by his mother"
name='齋藤　陽向'
[ -n "$(store_sql age "SELECT 1 FROM cc_person WHERE key = '000000001000013' AND name = '$name' AND birth_date = '2009-03-03'")" ]
ok $? "who is a child"
leaves "release then"
like "$OUT" "$name" "opens his name"
TSUNAGI_NOW=2027-03-02T23:00:00+09:00
leaves "release on the eve of his birthday"
like "$OUT" "$name" "still"
TSUNAGI_NOW=2027-03-03T00:00:00+09:00
leaves "release on it"
unlike "$OUT" "$name" "asks for his own word"
exits 0 "which he gives" tsunagi consent grant 000000001000013 --as WEL --reason "signed"
leaves "release after it"
like "$OUT" "$name" "and which opens it"
tap_done
