# A withdrawal wins over every consent from before it, in whatever order the files come: an older file read again or
# late, a line that is gone, a form found afterwards.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_ACTOR=carl TSUNAGI_NOW=2026-07-03T10:00:00+09:00
wel=config/profiles/trusted-agency.cfg
cat >"$SCRATCH/consents.cfg" <<'M'
mapping: { name = "consents"; title = "同意台帳"; system = "legacy-care"; source: { plugin = "csv"; }; key = "番号 + 区分";
  header = ("番号", "提供先", "区分", "状態", "開始", "撤回日"); };
person: { key = "番号"; };
consent: { when = "状態 != ''"; recipient = "提供先"; category = "区分 | code('consent_category')"; purpose = "'*'"; valid_from = "開始 | date";
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
	RUN=$(store_sql "$store" 'SELECT max(id) FROM run')
}
opens() { # NAME: WEL gets her address
	exits 0 "release" tsunagi export --profile $wel --as jsonl --to "$SCRATCH/out" --quiet
	like "$(cat "$SCRATCH/out")" '浜竹3-1-7' "$1"
}
masks() {
	exits 0 "release" tsunagi export --profile $wel --as jsonl --to "$SCRATCH/out" --quiet
	unlike "$(cat "$SCRATCH/out")" '浜竹3-1-7' "$1"
}
cp mappings/demo/legacy.csv "$SCRATCH"
her=2026-0000103

# --- the same line, as it was before
again() { # STORE CONSENT WITHDRAWAL
	store=$1
	begin "$1"
	said "a consent" "$2"
	opens "opens it"
	said "taken back" "$3"
	masks "closes it"
	said "the older file again" "$2"
	masks "opens nothing"
	exits 0 "what she said" tsunagi consent show $her
	like "$OUT" 'no longer in the source' "names what stands"
}
again dated "$her,WEL,contact,given,2026-06-01," "$her,WEL,contact,withdrawn,2026-06-01,2026-07-01"
said "a consent that begins after it" "$her,WEL,contact,given,2026-07-02,"
opens "is a new one"
again undated "$her,WEL,contact,given,," "$her,WEL,contact,withdrawn,,"
exits 0 "she agrees at the counter" tsunagi consent grant $her --as WEL --category contact --reason "asked"
opens "which stands in the place of all before"
again day "$her,WEL,contact,given,2026-06-01," "$her,WEL,contact,given,2026-06-01,2026-07-01"
exits 0 "asked for the day before" tsunagi consent simulate $her --as WEL --on 2026-06-30
like "$OUT" 'contact.*(as is|open|given)' "it held then"
again no "$her,WEL,contact,given,," "$her,WEL,contact,refused,,"
exits 0 "the file was read by mistake" tsunagi undo "$RUN"
masks "nothing comes back with it"
again scope "$her,WEL,contact,given,," "$her,*,contact,withdrawn,,2026-07-01"
again gone "$her,WEL,contact,given,," "$her,WEL,contact,withdrawn,,"
said "and a file without a word" "$her,WEL,contact,,,"
masks "opens nothing either"

# --- what was taken back here, and consents that come late
store=late
begin late
exits 0 "nobody may have anything" tsunagi consent withdraw $her --as '*' --on 2026-06-20 --reason "by telephone"
said "an older consent, read late" "$her,WEL,contact,given,2026-06-01,"
masks "is one from before"
said "without a day" "$her,WEL,contact,given,,"
masks "as well"
said "one of after" "$her,WEL,contact,given,2026-06-25,"
opens "is none from before"
exits 0 "an older form, found late" tsunagi consent grant $her --as WEL --category narrative --on 2026-06-10 --reason "form of June"
exits 0 "what holds" tsunagi consent simulate $her --as WEL
like "$OUT" 'narrative.*withdrawn' "is one from before, too"
store=form
begin form
said "a consent" "$her,WEL,contact,given,2026-06-01,"
exits 0 "taken back" tsunagi consent withdraw $her --as WEL --category contact --on 2026-06-20 --reason "by telephone"
exits 0 "an older form, found late" tsunagi consent grant $her --as WEL --category contact --on 2026-06-10 --reason "form of June"
masks "does not take it away"
exits 0 "a new one" tsunagi consent grant $her --as WEL --category contact --on 2026-06-20 --reason "asked again"
opens "does, from then on"
exits 0 "over" tsunagi consent expire $her --as WEL --on 2026-06-21 --reason "form outdated"
said "the source changes something else" "$her,WEL,contact,given,2026-06-02,"
masks "and its consent is over all the same"

# --- asked again for the day on which each was known
store=known
TSUNAGI_NOW=2026-07-01T09:00:00+09:00
begin known
day=1
for state in given, withdrawn,2026-07-01 given,; do
	export TSUNAGI_NOW=2026-07-0$((day++))T10:00:00+09:00
	said "file of $TSUNAGI_NOW" "$her,WEL,contact,${state%,*},2026-06-01,${state#*,}"
done
for known in '1 given' '2 withdrawn' '3 withdrawn'; do
	exits 0 "what was known then" tsunagi consent simulate $her --as WEL --on 2026-07-03 --known 2026-07-0${known% *}
	like "$OUT" "contact.*${known#* }" "on the day $known"
done

# --- what cannot be read, and for whom nobody knows, is said
store=unread
begin unread
said "a consent" "$her,WEL,contact,given,2026-06-01,"
printf '%s\n' "番号,提供先,区分,状態,開始,撤回日" "$her,WEL,contact,取り下げ,," >"$SCRATCH/consents.csv"
exits 5 "a word that is no state" tsunagi import "$SCRATCH/consents.csv" --mapping "$SCRATCH/consents.cfg" --quiet
like "$ERR" '1 rejected records have given consents before' "goes on, and is told"
said "somebody whom nobody knows" "$her,旧福祉第二係,contact,withdrawn,,2026-07-01"
like "$ERR" '1 withdrawals name a recipient' "is told, too"
tap_done
