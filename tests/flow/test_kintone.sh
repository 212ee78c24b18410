# kintone over its REST API, against a fake one that keeps the documented limits and fails on demand:
# pages by $id, tables, retries with a budget, errors that say what to do, a run that goes on where it
# stopped, the API token nowhere.
. tests/lib/tap.sh

start() { # RECORDS [--tls CERT KEY]: the fake listens, $PORT is set
	rm -rf "$SCRATCH/fake" && mkdir "$SCRATCH/fake"
	python3 tests/lib/fake_kintone.py "$SCRATCH/fake" "$@" 2>"$SCRATCH/fake.err" &
	FAKE=$!
	soon test -e "$SCRATCH/fake/port"
	PORT=$(cat "$SCRATCH/fake/port")
	[ -n "${2:-}" ] || config "http://127.0.0.1:$PORT"
}
stop() {
	kill "$FAKE" 2>/dev/null
	wait "$FAKE" 2>/dev/null
}
config() { # URL [EXTRA]
	cat >"$SCRATCH/job.cfg" <<CFG
store = "sqlite:$SCRATCH/k.db";
jobs: { kintone: { kind = "intake"; mapping = "kintone/support";
  source: { plugin = "kintone"; url = "$1"; app = 7; token_env = "KINTONE_TOKEN"; retry_wait = "10ms";
    retry_budget = "5s"; timeout = "240s"; ${2:-} }; }; };
CFG
}
calls() {
	wc -l <"$SCRATCH/fake/log"
}
export KINTONE_TOKEN=test-token

start 1203
exits 0 "check opens the job without a call" tsunagi check "$SCRATCH/job.cfg"
exits 0 "1203 records come in" tsunagi run "$SCRATCH/job.cfg" --quiet
is "$(sqlite3 "$SCRATCH/k.db" 'SELECT count(*) FROM cc_case')" 1203 "each as a case"
is "$(sqlite3 "$SCRATCH/k.db" 'SELECT count(*) FROM cc_activity')" 1284 "each row of the table as an activity"
is "$(sqlite3 "$SCRATCH/k.db" "SELECT activity_on FROM cc_activity WHERE body = '記録 1 の 1 行目'")" 2024-10-03 \
	"times are those of Japan"
is "$(calls)" 3 "in three calls of 500 at most"
unlike "$(cat "$SCRATCH/fake/log")" 'offset' "without an offset"
like "$(cat "$SCRATCH/fake/log")" '\$id > 1000 order by \$id asc limit 500' "behind the last id"
grep -rqa test-token "$SCRATCH"/k.db* "$SCRATCH/job.cfg"
is $? 1 "the token is not in the store"
exits 0 "again: nothing changed" tsunagi run "$SCRATCH/job.cfg" --quiet
is "$(sqlite3 "$SCRATCH/k.db" 'SELECT count(*) FROM cc_activity')" 1284 "and nothing twice"

echo 429 503 cut slow >"$SCRATCH/fake/fail"
sed -i 's/timeout = "240s"/timeout = "2s"/' "$SCRATCH/job.cfg"
exits 0 "a busy server is asked again" tsunagi run "$SCRATCH/job.cfg" --quiet
config "http://127.0.0.1:$PORT"
yes 429 | head -n 500 | tr '\n' ' ' >"$SCRATCH/fake/fail"
exits 7 "but not for ever" tsunagi run "$SCRATCH/job.cfg" --quiet
like "$ERR" 'kintone answers 429' "and it says so"
echo html >"$SCRATCH/fake/fail"
exits 4 "what is no JSON is refused" tsunagi run "$SCRATCH/job.cfg" --quiet
like "$ERR" 'bad-json' "by its code"
rm "$SCRATCH/fake/fail"
KINTONE_TOKEN=wrong exits 3 "a wrong token" tsunagi run "$SCRATCH/job.cfg" --quiet
like "$ERR" '401 .CB_WA01' "is told with kintone's code"
unlike "$ERR" 'wrong' "not with the token"
sed -i 's/app = 7/app = 8/' "$SCRATCH/job.cfg"
exits 3 "an app that is not there" tsunagi run "$SCRATCH/job.cfg" --quiet
like "$ERR" 'GAIA_AP01' "too"
config "http://kintone.example"
exits 3 "plain http is refused" tsunagi run "$SCRATCH/job.cfg" --quiet
like "$ERR" 'not-https' "before the token goes anywhere"
stop

# --- goes on where it stopped ---
start 1203
rm -f "$SCRATCH"/k.db*
echo 2 >"$SCRATCH/fake/die"
exits 7 "the server dies behind the second page" tsunagi run "$SCRATCH/job.cfg" --quiet
stop
stored=$(sqlite3 "$SCRATCH/k.db" 'SELECT count(*) FROM cc_case')
[ "$stored" -ge 500 ] && [ "$stored" -lt 1203 ]
ok $? "what had come is stored" "$stored records"
start 1203
exits 0 "the same command goes on" tsunagi run "$SCRATCH/job.cfg" --quiet
is "$(sqlite3 "$SCRATCH/k.db" 'SELECT count(*) FROM cc_case')" 1203 "to the end"
# the first page tells the columns, however often a busy server lets it be asked for
is "$(grep -o '\$id > [0-9]*' "$SCRATCH/fake/log" | grep -v ' 0$' | head -n 1)" "\$id > $stored" "behind what is stored"
stop

# --- TLS ---
if command -v openssl >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$SCRATCH/key.pem" -out "$SCRATCH/cert.pem" -days 2 \
		-subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' 2>/dev/null
	start 3 --tls "$SCRATCH/cert.pem" "$SCRATCH/key.pem"
	rm -f "$SCRATCH"/k.db*
	config "https://127.0.0.1:$PORT"
	exits 7 "a certificate nobody signed is refused" tsunagi run "$SCRATCH/job.cfg" --quiet
	like "$ERR" 'kintone-unreachable' "by its code"
	config "https://127.0.0.1:$PORT" "ca_file = \"$SCRATCH/cert.pem\";"
	exits 0 "one that is trusted is not" tsunagi run "$SCRATCH/job.cfg" --quiet
	is "$(sqlite3 "$SCRATCH/k.db" 'SELECT count(*) FROM cc_case')" 3 "and the records come in"
	stop
else
	skip "TLS" "no openssl command"
fi

# --- people by the name that readers know ---
sed 's/plugin = "kintone";/& people = "name";/' mappings/kintone/support.cfg >"$SCRATCH/named.cfg"
exits 0 "people by their names" tsunagi import mappings/kintone/support.sample.json --mapping "$SCRATCH/named.cfg" --store "sqlite:$SCRATCH/named.db" --quiet
is "$(sqlite3 "$SCRATCH/named.db" "SELECT DISTINCT staff_name FROM cc_activity WHERE staff_name IS NOT NULL")" 佐藤 "are in the records"

# --- the same records as JSON and as CSV end the same ---
plain() { # FILE: what is stored, without the keys that a CSV of rows cannot have
	sed 's/"record": "[^"]*", //' "$1"
}
plain mappings/kintone/support.stored.jsonl >"$SCRATCH/json"
plain mappings/kintone/support-csv.stored.jsonl >"$SCRATCH/csv"
same_file "$SCRATCH/csv" "$SCRATCH/json" "the sample as CSV and as JSON"

dir=${SHARED_DATA:-}/kintone
if [ -e "$dir/records_ja.json" ]; then
	tsunagi inspect "$dir/records_ja.json" >"$SCRATCH/j"
	tsunagi inspect "$dir/records_ja.csv" >"$SCRATCH/c"
	python3 - "$SCRATCH/j" "$SCRATCH/c" >"$SCRATCH/why" 2>&1 <<'PY'
import datetime, json, sys
j = [json.loads(l) for l in open(sys.argv[1])]
c = [json.loads(l) for l in open(sys.argv[2])]
got = dict(zip(j[0]['columns'], j[1]['cells']))
for name, want in zip(c[0]['cells'], c[1]['cells']):
    v = got[name]
    if name.endswith('日時'):
        t = datetime.datetime.strptime(v, '%Y-%m-%dT%H:%M:%SZ') + datetime.timedelta(hours=9)
        v = t.strftime('%Y/%m/%d %H:%M')
    assert v == want, name
PY
	ok $? "data/kintone: each cell of the CSV is that of the JSON" "$(cat "$SCRATCH/why")"
	for f in input file_input; do
		exits 0 "data/kintone: $f.json is read" tsunagi inspect "$dir/$f.json"
	done
	like "$OUT" 'test.txt' "with the names of its files"
	exits 0 "data/kintone: the CSV to be read back" tsunagi inspect "$dir/parser_records.csv"
	is "$(jq -r 'select(.row == 2).cells[9]' <<<"$OUT")" 'multi
line
text' "keeps its lines"
else
	skip "data/kintone" "no SHARED_DATA"
fi

tap_done
