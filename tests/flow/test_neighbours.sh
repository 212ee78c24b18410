# A household under display restriction as others write about it: a father who looks for it, with the town in kana and
# numbers in kanji, and a neighbour in the same house of whom nobody may see the address.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_ACTOR=carl TSUNAGI_NOW=2026-07-03T10:00:00+09:00; TSUNAGI_STORE=$(store_url t)
python3 - "$SCRATCH" <<'E'
import csv, sys
def edit(name, encoding, change):
    rows = list(csv.reader(open(f"mappings/demo/{name}", encoding=encoding, newline="")))
    at = {n: i for i, n in enumerate(rows[0])}
    for r in rows[1:]:
        change(r, at)
    csv.writer(open(f"{sys.argv[1]}/{name}", "w", encoding=encoding, newline=""), lineterminator="\r\n").writerows(rows)
def legacy(r, at):
    if r[0] == "2026-0000103":
        r[at["受付機関"]] = "福祉課"  # the author's agency reads what its own texts say of others
        r[at["相談内容"]] = "娘はともえ1の8の10に居るという。共恵一丁目八番十号まで行った。ひまわり寮にも電話した。元妻は円蔵３００－４５、電話は0467-99-1212らしい。矢畑７７７の８とも聞く。"
        r[at["支援目標"]] = "上の階（メゾン共恵 二〇三）を訪ねない。"
        r[at["備考"]] = "ともえ一ー八ー十のこと。老松町63-22に移るとか"
        r[at["担当者"]] = "佐々木　共恵1丁目8-10"  # a line has room for more than it is meant for
    if r[0] == "2026-0000106":
        r[at["同意_福祉"]] = "無"
def registry(r, at):
    if r[at["氏名"]] == "齋藤　誠":
        r[at["住所_町字"]], r[at["住所_番地号表記"]], r[at["住所_方書"]] = "共恵一丁目", "８番１０号", "メゾン共恵１０５号室"
    if r[at["宛名番号"]] == "000000001000004":
        to = "転出先住所（確定）_"
        r[at[to + "都道府県"]], r[at[to + "市区郡町村名"]] = "神奈川県", "横浜市西区"
        r[at[to + "町字"]], r[at[to + "番地号表記"]] = "老松町", "６３番地の２２"
edit("legacy.csv", "cp932", legacy)
edit("registry.csv", "utf-8-sig", registry)
E
tsunagi import "$SCRATCH/legacy.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
exits 0 "the registry" tsunagi import "$SCRATCH/registry.csv" --mapping registry-municipal --quiet
sed -n '1p;/^000000001000024/p' mappings/demo/protection.csv >"$SCRATCH/protection.csv" # of nobody here
exits 0 "restrictions of others" tsunagi import "$SCRATCH/protection.csv" --mapping registry-municipal/protection --quiet
where='ともえ1の8の10|八番十号|ともえ一ー八ー十|共恵1丁目8-10|老松町63-22|ひまわり寮|円蔵３００－４５|0467-99-1212|矢畑７７７の８|"visitor_phone":"[^"]*9988"'
# What nobody has linked yet: her name in the father's relations and as who came, and she herself once more in another system.
his="SELECT person_id FROM cc_case WHERE case_no = '2026-0000103'"
store_sql t "INSERT INTO cc_relationship (id, record_id, person_id, case_id, relation, other_name, other_phone, other_address)
	SELECT 901, record_id, person_id, id, '元妻', '渡邊さくら', '0467991212', '茅ヶ崎市円蔵300番地45' FROM cc_case WHERE case_no = '2026-0000103';
	UPDATE cc_intake SET visitor_name = 'ワタナベ　サクラ', visitor_phone = '08055559988' WHERE person_id IN ($his);
	INSERT INTO cc_person (id, record_id, system_id, key, name, birth_date, address)
	SELECT 901, record_id, 1, 'other', '渡邊さくら', '1989-01-08', '茅ヶ崎市矢畑777-8' FROM cc_case WHERE case_no = '2026-0000103'"
store_sql t "INSERT INTO cc_workload (id, record_id, workload_note) SELECT 901, min(id), '共恵1丁目8-10へ同行訪問' FROM record"
sed 's/^entities: {/&\n\trelationship: { fields = ["*"]; };\n\tworkload: { fields = ["workload_note"]; };/' config/profiles/trusted-agency.cfg >"$SCRATCH/rel.cfg"
TSUNAGI_ACTOR=ann tsunagi release propose "$SCRATCH/rel.cfg" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$SCRATCH/rel.cfg" >/dev/null
hers="SELECT h.person_id FROM person_identity h JOIN person_identity p ON p.identity = h.identity JOIN cc_protection x ON x.person_id = p.person_id"
for when in before after; do
	exits 0 "a release $when" tsunagi export --profile "$SCRATCH/rel.cfg" --as jsonl --to "$SCRATCH/$when" --quiet
	is "$(grep -c '"address":"●●".*"phone":"●●"' "$SCRATCH/$when")" 1 "$when: the neighbour's address is masked like his telephone, and does not stand out"
	[ $when = after ] || exits 0 "the restriction" tsunagi import mappings/demo/protection.csv --mapping registry-municipal/protection --quiet
	store_sql t "UPDATE cc_person SET facility = '社会福祉法人青空会　ひまわり寮（201号室）' WHERE id IN ($hers)"
done
is "$(grep -oE "$where" "$SCRATCH/before" | sort -u | wc -l)" 10 "the agency reads what it wrote"
unlike "$(cat "$SCRATCH/after")" "$where|二〇三" "but nowhere where they live now, or stay, or move to"
like "$(cat "$SCRATCH/before")" '同行訪問' "rows about nobody are read"
unlike "$(cat "$SCRATCH/after")" '同行訪問' "but not where they say it"
like "$(cat "$SCRATCH/after")" '娘は【非提供】に居るという.*上の階（【非提供】）を訪ねない' "the rest of a text stays readable"
# what would be ●● says nothing of who wrote what
sed 's/operational = "as_is"/operational = "generalised"/' config/profiles/trusted-agency.cfg >"$SCRATCH/gen.cfg"
TSUNAGI_ACTOR=ann tsunagi release propose "$SCRATCH/gen.cfg" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$SCRATCH/gen.cfg" >/dev/null
exits 0 "for somebody who sees no names of staff" tsunagi export --profile "$SCRATCH/gen.cfg" --as jsonl --to "$SCRATCH/gen" --quiet
is "$(grep -c '"staff_name":"●●"' "$SCRATCH/gen")" "$(grep -c '"staff_name":' "$SCRATCH/gen")" "a hidden address does not stand out either"
# Who wrote it tells which agency is in charge, once somebody has the list of staff as well: whoever gets both follows
# every key from a person's rows to whatever it leads to, not from one person to the next.
store_sql t "INSERT INTO cc_agency (id, record_id, system_id, key, agency_name) VALUES (901, 1, 1, 'EAST', '東部相談'), (902, 1, 1, 'WEST', '西部相談');
	INSERT INTO cc_staff (id, record_id, system_id, key, staff_name, agency_id) VALUES (901, 1, 1, 'E1', '東野', 901), (902, 1, 1, 'W1', '西野', 902)"
for field in case.staff intake.received_staff plan.plan_staff; do
	store_sql t "UPDATE cc_${field%.*} SET ${field#*.}_id = CASE WHEN person_id IN ($hers) THEN 901 ELSE 902 END"
done
sed 's/^entities: {/&\n\tagency: { fields = ["agency_name"]; };\n\tstaff: { fields = ["staff_name", "agency"]; };/' config/profiles/trusted-agency.cfg >"$SCRATCH/staff.cfg"
TSUNAGI_ACTOR=ann tsunagi release propose "$SCRATCH/staff.cfg" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$SCRATCH/staff.cfg" >/dev/null
exits 0 "with the list of staff" tsunagi export --profile "$SCRATCH/staff.cfg" --as jsonl --to "$SCRATCH/staff" --quiet
exits 0 "who joins it" python3 - "$SCRATCH/staff" <<'E'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
by_key = {r["key"]: r for r in rows}
def leads_to(row, seen):
    """Agencies that some chain of keys from the row ends at."""
    found = {row["agency_name"]} if row["entity"] == "agency" else set()
    for value in row.values():
        to = by_key.get(value) if isinstance(value, str) else None
        if to and to["key"] not in seen and to["entity"] != "person":
            found |= leads_to(to, seen | {to["key"]})
    return found
for r in rows:
    if r["entity"] in ("case", "intake", "plan"):
        client = by_key.get(r["person"]) or {}
        print(r["entity"], client.get("name"), *sorted(leads_to(r, {r["key"]})))
E
like "$OUT" $'case 髙橋　花子 [^\n]*西部相談.*plan 髙橋　花子 [^\n]*西部相談' "finds the agency of others"
like "$OUT" $'case 渡邉　さくら\n.*plan 渡邉　さくら\n' "but none of who may not be found"
unlike "$OUT" '東部相談' "by no row"
# An agency of which only the records of certain people tell: that it is on the list says where they go.
is "$(jq -r 'select(.entity == "agency") | .agency_name' "$SCRATCH/staff" | sort | paste -sd' ')" '教育委員会 東部相談 福祉課 西部相談' "the agency of who may not be found is on no list"
exits 0 "a bar" tsunagi release bar WEL --person 2026-0000106 --reason "his side"
exits 0 "a release to who is barred" tsunagi export --profile "$SCRATCH/staff.cfg" --as jsonl --to "$SCRATCH/barred" --quiet
unlike "$(cat "$SCRATCH/barred")" '教育委員会' "reads of no agency that only his records name"
like "$(cat "$SCRATCH/barred")" '"agency_name":"西部相談"' "but of those that others name"
store_sql t "UPDATE cc_case SET agency_id = (SELECT id FROM cc_agency WHERE key = 'EDU') WHERE case_no = '2026-0000101'"
exits 0 "somebody else comes to it" tsunagi export --profile "$SCRATCH/staff.cfg" --as jsonl --to "$SCRATCH/other" --quiet
like "$(cat "$SCRATCH/other")" '教育委員会' "then it is one of all agencies"
store_sql t "UPDATE bar SET ended_at = 1"
# More people around a case than are ever looked for: then nobody knows who is named in its texts.
detail() { # NAME: of the case with the people, of those without
	tsunagi export --profile trusted-agency --as jsonl --to "$SCRATCH/$1" --quiet >/dev/null 2>&1
	grep '"entity":"intake"' "$SCRATCH/$1" | grep -c '"consult_detail":"[^"]*。'
}
TSUNAGI_ACTOR=ann tsunagi release propose trusted-agency >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve trusted-agency >/dev/null
some=$(detail some)
store_sql t "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 520) INSERT INTO cc_relationship (id, record_id, person_id, case_id,
	relation, other_name) SELECT 1000 + i, record_id, person_id, id, '知人', '知人' || i FROM cc_case, n WHERE case_no = '2026-0000101'"
is "$(detail full)" $((some - 1)) "of a case with too many people no text leaves"
tap_done
