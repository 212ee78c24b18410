# The derived forms are what they claim to be: SQLite runs the SQL, xmllint accepts the XSD and tells a
# good instance from a bad one, the JSON is JSON; the command says what it does not know.
. tests/lib/tap.sh

tsunagi schema --as sql >"$SCRATCH/all.sql"
sqlite3 -bail "$SCRATCH/x.db" <"$SCRATCH/all.sql" 2>"$SCRATCH/sql.err"
ok $? "SQLite creates all tables" "$(cat "$SCRATCH/sql.err")"
is "$(sqlite3 "$SCRATCH/x.db" "SELECT count(*) FROM sqlite_master WHERE name LIKE 'cc_%' AND type = 'table'")" \
	"$(grep -c '^CREATE TABLE' "$SCRATCH/all.sql")" "one table an entity"
sqlite3 "$SCRATCH/x.db" "INSERT INTO cc_person (id, record_id, system_id, key, name) VALUES (1, 1, 1, '007', '髙橋');
	INSERT INTO cc_person (id, record_id, name) VALUES (2, 1, 'a'), (3, 1, 'b');" 2>"$SCRATCH/sql.err"
ok $? "persons with and without key" "$(cat "$SCRATCH/sql.err")"
sqlite3 "$SCRATCH/x.db" "INSERT INTO cc_person (id, record_id, system_id, key) VALUES (4, 1, 1, '007')" 2>/dev/null
[ $? -ne 0 ]; ok $? "a key is there once in its system"
sqlite3 "$SCRATCH/x.db" "INSERT INTO cc_workload (id, record_id, minutes) VALUES (1, 1, 'ten')" 2>/dev/null
[ $? -ne 0 ]; ok $? "columns are strict"
like "$(tsunagi schema --as sql --dialect postgres --entity activity)" 'person_id BIGINT' "PostgreSQL has its own types"
unlike "$(tsunagi schema --as sql --dialect postgres)" 'STRICT' "and no STRICT"

if command -v xmllint >/dev/null; then
	tsunagi schema --as xsd >"$SCRATCH/x.xsd"
	cat >"$SCRATCH/good.xml" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<case-records xmlns="urn:tsunagi:common-case:1">
  <person><key>p-1</key><name status="masked">〇〇</name><sex>1</sex><birth_date status="generalised">40代</birth_date><address status="withheld"/></person>
  <activity><body status="masked">【本人】が来所 &lt;面談&gt;</body><activity_on>2024-07</activity_on><method>phone</method></activity>
  <case><case_no>0007</case_no><opened_on>2024-04-01/2024-04-10</opened_on></case>
</case-records>
XML
	xmllint --noout --schema "$SCRATCH/x.xsd" "$SCRATCH/good.xml" 2>"$SCRATCH/x.err"
	ok $? "xmllint takes the XSD and a good instance" "$(cat "$SCRATCH/x.err")"
	bad() { # NAME SED
		sed "$2" "$SCRATCH/good.xml" >"$SCRATCH/bad.xml"
		! cmp -s "$SCRATCH/good.xml" "$SCRATCH/bad.xml" &&
			! xmllint --noout --schema "$SCRATCH/x.xsd" "$SCRATCH/bad.xml" 2>/dev/null
		ok $? "the XSD refuses $1"
	}
	bad "an impossible date" 's/2024-07</2024-13</'
	bad "an unknown code" 's/>phone</>fone</'
	bad "an unknown field" 's/case_no>/case_number>/g'
	bad "an unknown entity" 's/activity>/diary>/g'
	bad "an unknown status" 's/withheld/hidden/'
	bad "a field twice" 's/<sex>1<\/sex>/&&/'
else
	skip "XSD" "no xmllint"
fi

tsunagi schema --as json >"$SCRATCH/x.json"
python3 - "$SCRATCH/x.json" <<'PY'
import json, sys
s = json.load(open(sys.argv[1], encoding="utf-8"))
p = s["$defs"]["person"]["properties"]
assert p["address"]["x-reveals-address"] and p["name"]["x-class"] == "identifier"
assert s["x-code-lists"]["sex"]["codes"]["1"] == "男性"
assert len(s["oneOf"]) == len(s["$defs"]) - 1
import re
rx = re.compile(p["birth_date"]["pattern"])
assert rx.match("1980-01-02") and rx.match("40代") and rx.match("") and not rx.match("1980-1-2")
PY
ok $? "the JSON Schema is JSON with patterns that work"

md=$(tsunagi schema --as md)
like "$md" '項目案・公式様式未確認' "the reference marks what is not checked"
like "$md" '## 支援経過 `activity`' "the reference has every entity by its name"
is "$(tsunagi schema --as csv-headers --entity consent | head -c 15)" "同意の対象" "CSV header by entity"

exits 0 "find" tsunagi schema find 個人番号 氏名 case_id
like "$OUT" 'my_number.*forbidden' "a forbidden item is named as such"
like "$OUT" 'person\.name' "a header leads to its field"
exits 2 "find nothing" tsunagi schema find 存在しない
exits 2 "an unknown form" tsunagi schema --as yaml
like "$ERR" 'sql, xsd, json, md' "the forms are listed"
exits 2 "an unknown entity" tsunagi schema --as sql --entity persn
exits 0 "a local file" tsunagi schema --schema schemas/local.example.cfg
cat >"$SCRATCH/bad.cfg" <<'CFG'
entities: { person: { fields: {
  a: { label = "a"; type = "txt"; class = "quasi"; };
  b: { label = "b"; type = "text"; class = "quasi"; aliases = "x"; };
}; }; };
CFG
exits 3 "a wrong local file" tsunagi schema --schema "$SCRATCH/bad.cfg"
like "$ERR" 'bad.cfg:2:[0-9]+: error: option "type" does not know the word' "first error with its place"
like "$ERR" 'bad.cfg:3:[0-9]+: error: option "aliases" is not of type list' "second error with its place"

printf '様式,項目名,選択肢\r\n評価シート,今後の方針,1 終結／2 再プラン／3 中断\r\n' | iconv -t CP932 >"$SCRATCH/sheet.csv"
exits 10 "an official sheet that lacks items" tsunagi schema verify "$SCRATCH/sheet.csv"
like "$OUT" 'same.evaluation.next_policy' "what is equal"
like "$OUT" 'missing.evaluation.closed_on' "what is missing on the sheet"
unlike "$OUT" 'code-' "the choices are the same"
printf '項目,コード\n今後の方針,1 終結／2 再プラン／3 中断\n' >"$SCRATCH/sheet.csv"
exits 0 "a sheet that agrees" tsunagi schema verify "$SCRATCH/sheet.csv" --format jsonl
like "$OUT" '"kind":"same"' "as JSON lines"
python3 - "$SCRATCH/book.xlsx" <<'PY'
import sys
sys.path.insert(0, "tests/lib")
from make_xlsx import book
book(sys.argv[1], sheets=[
    ("評価シート", [["評価シート"], [None, None, "（１）評価日※", None, "②評価者"], [None, None, "補足\n2行目"], [None, "今後の方針", "□終結　□再プラン　□中断", "□保留"],
        ["見られた変化", "01 生活保護適用"], ["終結日"], [None, None, "押印"]]),
    ("一覧", [["項目", "選択肢"], ["性別", "1 男性、2 女性"]])])
PY
exits 10 "every sheet of a workbook" tsunagi schema verify "$SCRATCH/book.xlsx"
like "$OUT" 'same.evaluation.evaluator[^:]*評価シート:E2.*extra[^:]*押印[^:]*評価シート:C7.*person.sex[^:]*一覧:A2.*missing.evaluation.closing_reason' \
	"with sheet and cell, and what the form it is named after has besides"
like "$OUT" 'code-extra.evaluation.next_policy.保留[^:]*評価シート:D4' "a choice by its own cell"
exits 10 "the same as JSON lines" tsunagi schema verify "$SCRATCH/book.xlsx" --format jsonl
like "$OUT" '"official":"押印".*"line":7,"cell":"C7"' "for programs, too"
printf 'PK\003\004' >"$SCRATCH/x.xlsx"
exits 4 "a workbook that is cut off" tsunagi schema verify "$SCRATCH/x.xlsx"
exits 7 "no such sheet" tsunagi schema verify "$SCRATCH/none.csv"

# a store is brought to a schema with local fields: adds only, says what it will do first
store=sqlite:$SCRATCH/store.db
exits 7 "apply wants a store that is there" tsunagi schema apply --store "$store"
: >"$SCRATCH/store.db"
exits 0 "apply gives an empty file its tables" tsunagi schema apply --store "$store"
columns() { sqlite3 "$SCRATCH/store.db" "SELECT count(*) FROM pragma_table_info('cc_person') WHERE name = 'local_district'"; }
exits 0 "dry run" tsunagi schema apply --store "$store" --schema schemas/local.example.cfg --dry-run
like "$OUT" 'add column cc_person.local_district' "the change is shown"
is "$(columns)" 0 "a dry run writes nothing"
exits 0 "apply" tsunagi schema apply --store "$store" --schema schemas/local.example.cfg
is "$(columns)" 1 "the column is there"
exits 0 "again" tsunagi schema apply --store "$store" --schema schemas/local.example.cfg
is "$OUT" "" "nothing is left to do"
exits 0 "back to the shipped schema" tsunagi schema apply --store "$store"
like "$OUT" 'keep column cc_person.local_district' "a column that no field names is kept"
is "$(columns)" 1 "and its data with it"
exits 2 "apply without a store" tsunagi schema apply
tap_done
