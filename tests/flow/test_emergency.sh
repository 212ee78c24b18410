# What takes two accounts: an emergency, and lifting a display restriction.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_ACTOR=carl; TSUNAGI_STORE=$(store_url t)
at() { export TSUNAGI_NOW=2026-06-$1T$2:00+09:00; }
mkdir "$SCRATCH/plugins" && cp "$BUILD"/plugins/{source-csv,sink-json}.so "$SCRATCH/plugins" && export TSUNAGI_PLUGINS=$SCRATCH/plugins
at 15 10:00
cp mappings/legacy-care-record/sample.csv "$SCRATCH/in.csv"
tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
sed 's/id = "WEL"/id = "EDU"/' config/profiles/trusted-agency.cfg >"$SCRATCH/edu.cfg"
as() { local who=$1; shift; TSUNAGI_ACTOR=$who tsunagi release "$@"; }
for p in trusted-agency "$SCRATCH/edu.cfg"; do as ann propose "$p" >/dev/null && as bob approve "$p" >/dev/null; done
one=2024-0000001 ground=kojoho-69-2-4
sees() { # AGENCY [fields]: the gate's reason for names, or for addresses
	tsunagi consent simulate $one --as "$1" --format csv | grep "${2:-\"identifier\",\"ordinary\"}" | cut -d, -f8 | tr -d '"'
}
out() { tsunagi export --profile "$1" --as jsonl --to "$SCRATCH/out" --quiet 2>/dev/null; }

is "$(sees EDU)" consent-refused "the person has refused this agency"
exits 2 "no ground" as carl emergency ask EDU --person $one --reason "sudden collapse"
exits 2 "no reason" as carl emergency ask EDU --person $one --ground $ground
exits 2 "a ground that is not for emergencies" as carl emergency ask EDU --person $one --ground shakai-fukushi-106-6 --reason x
like "$ERR" "Allowed: $ground" "those that are, are listed"
exits 2 "a ground that is not verified yet is not active" as carl emergency ask EDU --person $one --ground jido-gyakutai-13-4 --reason x
exits 2 "too long" as carl emergency ask EDU --person $one --ground $ground --reason x --hours 73
exits 2 "nobody is called so" as carl emergency ask EDV --person $one --ground $ground --reason x
like "$ERR" 'no-such-recipient' "which would open nothing"
exits 0 "asked, in letters of another width" as carl emergency ask ' ｅｄｕ' --person $one --ground $ground --reason "sudden collapse" --hours 3
is "$(sees EDU)" consent-refused "asking opens nothing"
exits 6 "who asked does not confirm" as carl emergency confirm 1
is "$(sees EDU)" consent-refused "nor does that"
exits 0 "another account does" as dora emergency confirm 1
is "$(sees EDU) $(sees WEL)" "emergency consent-given" "now it is open, for this agency"
is "$(sees EDU '"contact","those that')" address-restricted "the display restriction stays above it"
is "$(tsunagi consent simulate 2024-0000003 --as EDU --format csv | grep -c '"emergency"')" 0 "nobody else is open"
out "$SCRATCH/edu.cfg"
like "$(cat "$SCRATCH/out")" '花子' "a release has it"
unlike "$(cat "$SCRATCH/out")" '一郎|茅ヶ崎' "and no more"
at 15 12:59
is "$(sees EDU)" emergency "its last minute"
at 15 13:00
is "$(sees EDU)" consent-refused "and over, by the clock"
out "$SCRATCH/edu.cfg"
unlike "$(cat "$SCRATCH/out")" '花子' "also for releases"
exits 2 "it cannot be confirmed twice" as ann emergency confirm 1
as carl emergency ask EDU --person $one --ground $ground --reason again >/dev/null
at 16 13:01
exits 6 "nor a day later" as dora emergency confirm 2
as carl emergency ask EDU --person $one --ground $ground --reason again >/dev/null && as dora emergency confirm 3 >/dev/null
is "$(sees EDU)" emergency "once more"
exits 0 "one person ends it" as ann emergency end 3 --reason "found"
is "$(sees EDU)" consent-refused "at once"
as ann bar EDU --reason "perpetrator's side" >/dev/null
as carl emergency ask EDU --person $one --ground $ground --reason x >/dev/null && as dora emergency confirm 4 >/dev/null
is "$(sees EDU)" recipient-barred "a bar stays above it"
store_sql t "UPDATE emergency SET confirmed_by = asked_by WHERE id = 4"
as bob unbar EDU >/dev/null
is "$(sees EDU)" consent-refused "a row with one name counts for nothing"
log=$(tsunagi audit list --format jsonl)
like "$log" '"emergency-ask".*sudden collapse.*"emergency-confirm".*"emergency-end"' "all of it is in the log"
unlike "$log" '花子|髙橋' "without a name"
like "$(as x emergency list --format csv)" '"1","EDU",.*"kojoho-69-2-4","3","carl",.*"dora","2026-06-15T13:00' "and in the list"

# a display restriction by hand: one puts it on, two take it off
as ann protection clear >/dev/null && as bob protection clear >/dev/null
address() { sees WEL '"contact","those that'; }
is "$(address)" consent-given "nobody says anything"
exits 2 "no reason" as ann protection protect --person $one
store_sql t "INSERT INTO cc_person (id, record_id, system_id, key) SELECT 7, record_id, system_id + 90, '$one' FROM cc_case WHERE case_no = '$one'"
exits 2 "a key that is the number of somebody else's case" as ann protection protect --person $one --reason "説明"
like "$ERR" '2 persons fit' "is asked about, not taken for the first"
store_sql t "DELETE FROM cc_person WHERE id = 7"
exits 0 "one person" as ann protection protect --person $one --reason "説明"
is "$(address)" address-restricted "at once"
exits 0 "one asks to lift it" as ann protection clear --person $one --reason "withdrawn"
is "$(address)" address-restricted "that is not enough"
exits 0 "the same person again" as ann protection clear --person $one --reason "withdrawn"
is "$(address)" address-restricted "nor is that"
exits 0 "a second one" as bob protection clear --person $one --reason "withdrawn"
is "$(address)" consent-given "now it is lifted"
as carl protection protect --person $one --reason again >/dev/null
is "$(address)" address-restricted "and put on again by one"
store_sql t "INSERT INTO cc_protection (id, person_id, protection_state) SELECT 1, person_id, 'protected' FROM cc_case WHERE case_no = '$one'"
as ann protection clear --person $one --reason x >/dev/null; as bob protection clear --person $one --reason x >/dev/null
is "$(address)" address-restricted "two people do not lift what a feed says"

like "$(as x grounds --format csv)" '"seikatsu-konkyu-9","生活困窮者自立支援法","第9条",.*"not verified"' "grounds say what is not verified"
tap_done
