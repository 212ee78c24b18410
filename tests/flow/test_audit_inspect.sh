# What an auditor is shown of a month: each kind of thing to look at, by a real command at a set time.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_ACTOR=carl; TSUNAGI_STORE=$(store_url t)
mkdir "$SCRATCH/plugins" && cp "$BUILD"/plugins/{source-csv,sink-json,detect-pattern}.so "$SCRATCH/plugins" && export TSUNAGI_PLUGINS=$SCRATCH/plugins
cp mappings/legacy-care-record/sample.csv "$SCRATCH/in.csv"
at() { export TSUNAGI_NOW=$1+09:00; }
out() { tsunagi export --profile "$1" --as jsonl --to "$SCRATCH/out" --quiet "${@:2}" 2>/dev/null; }
found() { tsunagi audit inspect --month "$1" --format jsonl "${@:2}" | grep -c "\"finding\":\"$WHAT\""; }
at 2026-05-29T14:00:00 # a Friday
tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
for p in trusted-agency masked-agency; do
	TSUNAGI_ACTOR=ann tsunagi release propose $p >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve $p >/dev/null
done
out trusted-agency
WHAT=new-recipient
is "$(found 2026-05)" 1 "a recipient for the first time"
at 2026-06-01T00:00:00; out trusted-agency # Monday, the first second of the month
at 2026-06-02T21:59:59; out trusted-agency
is "$(tsunagi audit inspect --month 2026-06 --format jsonl | wc -l)" 1 "an ordinary release is not shown"
WHAT=night
is "$(found 2026-06) $(found 2026-06 --night 21-22) $(found 2026-06 --night 0-24)" "1 1 2" "night, as the site has it"
at 2026-07-20T10:00:00; out trusted-agency # 海の日
at 2026-07-19T10:00:00; out masked-agency --reason "asked for" # a Sunday
at 2026-07-21T10:00:00; out trusted-agency
WHAT=holiday
is "$(found 2026-07)" 1 "a holiday"
WHAT='holiday new-recipient no-consent'
is "$(found 2026-07)" 1 "a Sunday, a new recipient, and masked data confirmed without consent"
is "$(tsunagi audit list --format jsonl | grep -c 'confirmed\\":{\\"person.name\\":[1-9]')" 1 "what was confirmed is on the log, field by field"
at 2026-08-03T10:00:00; out trusted-agency; out trusted-agency; out trusted-agency
WHAT=mass
is "$(found 2026-08) $(found 2026-08 --mass 18) $(found 2026-08 --mass 40)" "0 3 1" "many rows at once, or in one day"
at 2026-09-01T10:00:00
tsunagi release bar SWC --reason "加害者側" >/dev/null
tsunagi release keys rotate WEL --reason yearly >/dev/null
TSUNAGI_ACTOR=eve tsunagi release compare 2024-0000001 --profile trusted-agency --reveal "at the counter" >/dev/null
tsunagi release stop --reason test >/dev/null
out trusted-agency
sed 's/support/statistics/' config/profiles/trusted-agency.cfg >"$SCRATCH/other.cfg"
WHAT='[a-z]*' all=$(tsunagi audit inspect --month 2026-09 --format jsonl | sed 's/.*"finding":"\([^"]*\)".*"action":"\([^"]*\)".*/\1 \2/' | sort | paste -sd,)
is "$all" "failure release-refused,protection key-rotate,protection recipient-bar,protection release-stop,reveal reveal" "protection, keys, stop, values shown, a refused attempt"
exits 0 "for people" tsunagi audit inspect --month 2026-09
like "$OUT" '    3  protection touched.*    1  values shown.*audit head' "with counts and the head of the chain"
at 2026-10-05T10:00:00
text=$(store_sql t "SELECT min(id) FROM cc_intake WHERE length(consult_detail) > 4")
exits 0 "a mask more" tsunagi review add "intake:$text:consult_detail" 0-2 PERSON --reason "his nickname"
WHAT=unmask
is "$(found 2026-10)" 0 "is nothing to look at"
exits 0 "a mask less" tsunagi review remove "intake:$text:consult_detail" 0-2 --reason "a word"
is "$(found 2026-10)" 1 "is"
at 2026-11-05T10:00:00
tsunagi consent grant 2024-0000001 --as SWC --category contact --reason "signed today" >/dev/null
tsunagi consent withdraw 2024-0000001 --as SWC --on 2026-10-30 --reason "a letter of October" >/dev/null
WHAT='[a-z-]*'
is "$(found 2026-11)" 0 "a consent of the day, and a withdrawal of whatever day, are nothing to look at"
tsunagi consent grant 2024-0000001 --as SWC --category contact --on 2026-10-01 --reason "a form of October" >/dev/null
tsunagi undo "$(store_sql t "SELECT max(id) FROM run")" >/dev/null
WHAT=back-dated
is "$(found 2026-11)" 1 "a consent from a day that was past"
WHAT=taken-back
is "$(found 2026-11)" 1 "a run taken back"
exits 0 "a month without anything" tsunagi audit inspect --month 2025-01
exits 2 "no month" tsunagi audit inspect
exits 2 "a month that is none" tsunagi audit inspect --month 2026-13
exits 2 "a night that is none" tsunagi audit inspect --month 2026-06 --night x
# the end of the log cut off, and its head written anew: the store itself says what is missing
cut() { # STORE SEQ ; keeps so many entries
	store_copy t "$1"
	store_sql "$1" "DELETE FROM audit WHERE seq > $2; UPDATE meta SET value = (SELECT seq || ' ' || lower($(store_hex hash)) FROM audit
		WHERE seq = $2) WHERE name = 'audit_head'"
	TSUNAGI_STORE=$(store_at "$1") exits 11 "$3" tsunagi audit verify
	like "$ERR" "audit-silent.*$4" "is named"
}
store_at() { [ "${TEST_STORE:-sqlite}" = sqlite ] && store_url "$1" || echo "postgresql:$TEST_PG dbname=$(store_db "$1")"; }
exits 0 "the whole chain" tsunagi audit verify
cut c1 "$(store_sql t "SELECT max(seq) - 1 FROM audit WHERE action = 'release'")" "a release that is not told of" "releases"
cut c2 "$(store_sql t "SELECT max(seq) - 1 FROM audit WHERE action = 'consent-grant'")" "nor a consent" "consents"
cut c3 "$(store_sql t "SELECT max(seq) FROM audit WHERE action = 'release' AND seq < (SELECT seq FROM audit WHERE action = 'recipient-bar')")" "nor a bar" ""
store_sql t "UPDATE audit SET actor = 'nobody' WHERE action = 'reveal'"
exits 11 "of an altered log nothing is told" tsunagi audit inspect --month 2026-09
tap_done
