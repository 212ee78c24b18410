# What a short field is there for leaves as it is; what it says of others is shown as a text would show it. And rows
# about nobody, of which only records of certain people tell.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_ACTOR=carl TSUNAGI_NOW=2026-06-15T10:00:00+09:00; TSUNAGI_STORE=$(store_url t)
exits 5 "import" tsunagi import mappings/legacy-care-record/sample.csv --mapping legacy-care-record --quiet
for n in ann bob; do TSUNAGI_ACTOR=$n tsunagi release protection clear >/dev/null; done
profile() { # MASKED
	local n
	sed -e '/^	person: {/,/^	};/c person: { fields = ["*"]; }; relationship: { fields = ["*"]; }; agency: { fields = ["*"]; };' \
		-e "s/^masked *= *\"role\"/masked = \"$1\"/" config/profiles/trusted-agency.cfg >"$SCRATCH/$1.cfg"
	for n in propose approve; do TSUNAGI_ACTOR=$n tsunagi release $n "$SCRATCH/$1.cfg" >/dev/null; done
}
out() { # MASKED: what leaves is in $SCRATCH/out, a field a line: entity.field=value (masked)
	tsunagi export --profile "$SCRATCH/$1.cfg" --as jsonl --to "$SCRATCH/$1.jsonl" --quiet
	python3 - "$SCRATCH/$1.jsonl" >"$SCRATCH/out" <<'E'
import json, re, sys
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    for field, value in row.items():
        how = row.get("_shown", {}).get(field)
        print(f"{row['entity']}.{field}={value}" + (f" ({how})" if how else ""))
E
}
shows() { # ENTITY.FIELD VALUE NAME
	is "$(grep "^$1=" "$SCRATCH/out" | sed 's/^[^=]*=//; s/人物[0-9]*/人物/' | grep -v '^None' | sort -u | paste -sd'|')" "$2" "$1: $3"
}
who=$(store_sql t "SELECT id FROM cc_person WHERE name = '山﨑　一郎'")
fill() { # TABLE FIELD VALUE: into the client's row, and into nobody else's
	store_sql t "UPDATE cc_$1 SET $2 = NULL; UPDATE cc_$1 SET $2 = '$3' WHERE $([ "$1" = person ] && echo id || echo person_id) = $who"
}
profile role
profile dots
store_sql t "INSERT INTO cc_relationship (id, record_id, person_id, case_id, relation, other_name)
	SELECT 901, record_id, person_id, id, '知人', '大庭　稔' FROM cc_case WHERE person_id = $who"
fill person addr_building 'ひかりコーポ203 隣人の大林さん方'
fill person addr_town '大林さん前'
fill person workplace '柳沢第三工場 口座番号 1234567'
fill person nationality 'ひまわり保育園の先生に聞く'
fill person school '弟は平成2年5月1日生まれ'
fill person birth_text '昭和40年5月1日生まれ'
fill person phone_other '夜は03-5555-0199'
fill person interpreter '夜は03-5555-0188'
store_sql t "UPDATE cc_person SET name = '山﨑一郎 03-5555-0177（携帯）' WHERE id = $who"
fill case staff_name '大庭'
fill intake received_by '佐々木（ひまわり作業所）'
out role
shows person.addr_building 'ひかりコーポ203 隣人の【人物】さん方 (masked)' "whose house it is stands behind the building"
shows person.addr_town '大林さん前' "a town that is called as people are is no person"
shows person.workplace '柳沢第三工場 口座番号 【番号】 (masked)' "a number that identifies is what no field is there for"
shows person.nationality '【施設】の先生に聞く (masked)' "a facility where no field is for one"
shows person.school '弟は【生年月日】生まれ (masked)' "a birth date where none is asked for"
shows person.birth_text '昭和40年5月1日生まれ' "and where it is"
shows person.phone_other '夜は03-5555-0199' "a telephone where the field is for one"
shows person.interpreter '夜は【電話番号】 (masked)' "and where not"
like "$(grep '^person[.]name=' "$SCRATCH/out")" '=山﨑一郎 【電話番号】（携帯） .masked.' "in front of a note, too, only the name is the name's"
shows case.staff_name '【本人の知人】 (masked)' "whom a line of the case names is no one of staff"
shows intake.received_by '佐々木（ひまわり作業所）' "staff and their office in a field about work"

# what stands for a masked name is what its bearer is to somebody: that word is not masked again, where names are shown by it
store_sql t "DELETE FROM cc_relationship; UPDATE cc_person SET sex = '2';
	INSERT INTO cc_relationship (id, record_id, person_id, case_id, relation_code) SELECT 901, record_id, person_id, id, 'mother'
	FROM cc_case WHERE person_id = (SELECT id FROM cc_person WHERE name = '小鳥遊　葵')"
out role
shows relationship.relation_code 'mother (pseudonym)' "without a consent, by role"
shows person.sex '2|●● (masked)' "other codes are masked"
out dots
shows relationship.relation_code '●● (masked)' "without a consent, in dots"

# a row about nobody of which one client's record alone tells says who looks after her
centre="$(store_sql t "SELECT a.agency_name FROM cc_agency a JOIN cc_case c ON c.agency_id = a.id WHERE c.person_id = $who")"
tells() { grep -c "^agency.agency_name=$centre\$" "$SCRATCH/out"; }
is "$(tells)" 1 "the agency of a case is read"
exits 0 "barred" tsunagi release bar WEL --person 2024-0000002 --reason "his side"
out dots
is "$(tells)" 0 "not by whom that is barred from its client"
# a list that came with people says no more than they do
store_sql t "INSERT INTO cc_staff (id, record_id, system_id, key, agency_id) SELECT 901, a.record_id, a.system_id, 's', a.id
	FROM cc_agency a WHERE agency_name = '$centre'"
out dots
is "$(tells)" 0 "nor because one of its staff came with the same records"
store_sql t "DELETE FROM cc_staff; UPDATE cc_case SET agency_id = (SELECT id FROM cc_agency WHERE agency_name = '$centre')
	WHERE case_no = '2024-0000001'"
out dots
is "$(tells)" 1 "but once it has another client"
store_sql t "UPDATE cc_case SET agency_id = NULL WHERE case_no = '2024-0000001'"
exits 0 "the bar is lifted" env TSUNAGI_ACTOR=tanaka tsunagi release unbar WEL --person 2024-0000002 --reason "he has left"
exits 0 "and she is protected" tsunagi release protection protect --person 2024-0000002 --reason "asked"
out dots
is "$(tells)" 0 "nor by anybody while its client is under display restriction"
tap_done
