# Released rows into a kintone: against a fake one that keeps the documented limits and fails on demand.
# Nothing is added twice, whatever is lost; what somebody changed there is left alone; what is withdrawn is
# taken back; and the log knows.
. tests/lib/tap.sh
export TSUNAGI_STORE=sqlite:$SCRATCH/t.db TSUNAGI_NOW=2026-06-15T10:00:00+09:00 TSUNAGI_ACTOR=carl
export KINTONE_TOKEN=test-token
start() {
	rm -f "$SCRATCH/fake/port" "$SCRATCH/fake/die"
	python3 tests/lib/fake_kintone.py "$SCRATCH/fake" 0 2>"$SCRATCH/fake.err" &
	FAKE=$!
	soon test -e "$SCRATCH/fake/port"
	PORT=$(cat "$SCRATCH/fake/port")
}
stop() {
	kill "$FAKE" 2>/dev/null
	wait "$FAKE" 2>/dev/null
}
fields='日付=opened_on, 内容=agency_name'
send() { # OPTIONS ...
	tsunagi export --profile "$SCRATCH/kintone.cfg" --as kintone --to "http://127.0.0.1:$PORT" --set app=9 \
		--set token_env=KINTONE_TOKEN --set entity=case --set "fields=$fields" --set key_field=番号 \
		--set mark_field=mark --set retry_wait=10ms --set retry_budget=5s --set timeout=240s "$@"
}
records() { jq '.[1] | length' "$SCRATCH/fake/app.json"; }
calls() { grep -c "^$1 " "$SCRATCH/fake/log"; }
approve() {
	TSUNAGI_ACTOR=ann tsunagi release propose "$SCRATCH/kintone.cfg" >/dev/null
	TSUNAGI_ACTOR=bob tsunagi release approve "$SCRATCH/kintone.cfg" >/dev/null
}

mkdir "$SCRATCH/fake"
python3 tests/lib/gen_legacy.py 150 7 >"$SCRATCH/in.csv"
tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "住民記録と接続しない" >/dev/null; done
sed '/^entities/,/^};/d' config/profiles/trusted-agency.cfg >"$SCRATCH/kintone.cfg"
echo 'entities: { case: { fields = ["opened_on", "agency_name", "urgency"]; }; }; deletions = "list";' >>"$SCRATCH/kintone.cfg"
approve
n=$(store=1 sqlite3 "$SCRATCH/t.db" "SELECT count(*) FROM cc_case c JOIN cc_consent k ON k.person_id = c.person_id
	WHERE k.recipient = 'WEL' AND k.consent_status = 'given'")
start

fields='日付=opened_on, ない項目=agency_name' exits 3 "a field that the app does not have" send --quiet
like "$ERR" 'no-such-field.*ない項目' "is named, for kintone would leave it out and say that all is well"
[ ! -e "$SCRATCH/fake/app.json" ]
ok $? "before anything is written"
fields='日付=agency_name' exits 5 "values that a field does not take" send --quiet
[ ! -e "$SCRATCH/fake/app.json" ]
ok $? "each of them, and nothing is written"
like "$(tsunagi audit list --format jsonl | tail -n 1)" 'rejected[^,]*145' "and counted"
like "$(fields='日付=agency_name' send)" 'not taken: 145 +field-refused: .*日付' "with the field that refused them"
: >"$SCRATCH/fake/log"
exits 0 "rows go there" send
is "$(records)" "$n" "a record for everyone who consented"
is "$(jq -r '[.[1][]["日付"]] | map(select(test("^[0-9]{4}-[0-9]{2}-[0-9]{2}$") | not)) | length' "$SCRATCH/fake/app.json")" 0 "with dates"
ok "$([ "$(calls POST)" -ge 2 ]; echo $?)" "in blocks of 100"
like "$OUT" "rows written +$n" "counted"
is "$(sqlite3 "$SCRATCH/t.db" "SELECT count(*) FROM release_item WHERE release_id = (SELECT max(release_id) FROM release_item)")" "$n" "each with a receipt"
like "$(tsunagi audit list --format jsonl)" '"release-begun"' "the log knew before the first call"
was=$(cat "$SCRATCH/fake/app.json")
: >"$SCRATCH/fake/log"
exits 0 "the same again" send --quiet
is "$(calls PUT)" 0 "writes nothing"
is "$(cat "$SCRATCH/fake/app.json")" "$was" "and changes nothing"
unlike "$(cat "$SCRATCH/fake/log" "$SCRATCH/fake/app.json")" 'test-token|髙橋|花子' "no token, no name"

# calls whose answer is lost, a busy server, a kill: nothing twice
rm "$SCRATCH/fake/app.json"
echo ok cut ok cut 429 503 ok cut >"$SCRATCH/fake/fail"
exits 0 "lost answers and a busy server" send --quiet
is "$(records)" "$n" "nothing twice, nothing missing"
rm "$SCRATCH/fake/app.json"
stop
start
echo 3 >"$SCRATCH/fake/die"
exits 7 "the server goes away in the middle" send --quiet
stop
some=$(records)
ok "$([ "$some" -gt 0 ] && [ "$some" -lt "$n" ]; echo $?)" "some have arrived ($some of $n)"
like "$(tsunagi release log --format csv | tail -n 1)" failed "the log says failed"
# whoever has arrived takes it back before the next release
cp "$SCRATCH/t.db" "$SCRATCH/lost.db"
arrived=$(jq -r '[.[1][]["番号"]] | first' "$SCRATCH/fake/app.json")
(
	export TSUNAGI_STORE=sqlite:$SCRATCH/lost.db TSUNAGI_KEYS=$SCRATCH/t.db.keys
	sqlite3 "$SCRATCH/lost.db" "DELETE FROM release_item WHERE release_id < (SELECT max(id) FROM release)"
	for who in $(sqlite3 "$SCRATCH/lost.db" "SELECT DISTINCT person_id FROM cc_consent WHERE recipient = 'WEL' AND consent_status = 'given'"); do
		tsunagi consent withdraw "$who" --as WEL --reason "電話で撤回" >/dev/null
	done
	for task in $(tsunagi release recalls --format csv | sed 1d | cut -d, -f1 | tr -d '"'); do tsunagi release recalls show "$task"; done >"$SCRATCH/tasks"
)
like "$(cat "$SCRATCH/tasks")" "$arrived" "what may have arrived is asked for, though no answer came"
start
exits 0 "the same command" send --quiet
is "$(records)" "$n" "brings the rest, once"
yes 429 | head -n 300 | tr '\n' ' ' >"$SCRATCH/fake/fail"
exits 7 "busy for ever is told" send --quiet
rm "$SCRATCH/fake/fail"

# somebody works in kintone: the record is left alone, also when it happens between our calls
jq '.[1]["5"]["内容"] = "by hand" | .[1]["5"]["$revision"] = "9"' "$SCRATCH/fake/app.json" >"$SCRATCH/x" &&
	mv "$SCRATCH/x" "$SCRATCH/fake/app.json"
exits 5 "a record that was changed there" send --quiet
is "$(jq -r '.[1]["5"]["内容"]' "$SCRATCH/fake/app.json")" "by hand" "is not overwritten"
fields='日付=opened_on, 内容=urgency'
echo ok ok edit >"$SCRATCH/fake/fail"
exits 5 "and one that is changed while we write" send --quiet
is "$(jq -r '.[1]["1"]["内容"]' "$SCRATCH/fake/app.json")" "changed by hand" "neither"
is "$(jq '[.[1][] | select(.["内容"] | test("^[123]?$") | not)] | length' "$SCRATCH/fake/app.json")" 2 "all others are new"
is "$(records)" "$n" "and nothing was added"

# withdrawal: what was sent is taken back
who=$(sqlite3 "$SCRATCH/t.db" "SELECT c.case_no FROM cc_case c JOIN release_item i ON i.row_id = c.id AND i.entity = 'case' ORDER BY c.id DESC LIMIT 1")
exits 0 "a withdrawal" tsunagi consent withdraw "$who" --as WEL --reason "電話で撤回"
exits 5 "the next release" send --quiet
is "$(records)" $((n - 1)) "takes the record back"

# texts carry the number of their release: that alone is no change
sed 's/^entities: .*/entities: { intake: { fields = ["received_on", "consult_detail"]; }; };/' "$SCRATCH/kintone.cfg" >"$SCRATCH/texts.cfg"
TSUNAGI_ACTOR=ann tsunagi release propose "$SCRATCH/texts.cfg" >/dev/null
TSUNAGI_ACTOR=bob tsunagi release approve "$SCRATCH/texts.cfg" >/dev/null
rm "$SCRATCH/fake/app.json"
texts() { fields="内容=consult_detail" send --profile "$SCRATCH/texts.cfg" --set entity=intake "$@"; }
exits 0 "texts go there" texts --quiet
like "$(jq -r '.[1]["1"]["内容"]' "$SCRATCH/fake/app.json")" '〔提供[0-9]+〕' "with the number of the release"
was=$(cat "$SCRATCH/fake/app.json")
exits 0 "the next release" texts --quiet
is "$(cat "$SCRATCH/fake/app.json")" "$was" "does not write them again for another number"

exits 3 "a field that the profile has not" send --set fields=内容=body
exits 3 "plain HTTP to somewhere else" send --to http://example.com
KINTONE_TOKEN=wrong exits 3 "a wrong token" send
unlike "$ERR" 'wrong' "is not shown"
stop
tap_done
