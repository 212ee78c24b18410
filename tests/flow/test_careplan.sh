# The care plan exchange in and out: MS932, columns in order, no gaiji. All files of mappings/careplan go out as they came in, cell by
# cell, the insurers' columns included; what MS932 has not is replaced, and every replacement is listed. The commands are those of
# mappings/careplan/README.md.
. tests/lib/tap.sh
export TSUNAGI_STORE=sqlite:$SCRATCH/t.db TSUNAGI_NOW=2026-08-15T10:00:00+09:00 TSUNAGI_ACTOR=carl
declare -A file=([client]=UPHOSOKU_202608 [plan]=UP1KYO [services]=UP2KYO [usage]=UPPLAN_202607 [results]=UPJSK_202607 [units]=UPSIKYU_202607)
for m in "${!file[@]}"; do
	cp "mappings/careplan/$m.sample.csv" "$SCRATCH/${file[$m]}_in.CSV"
	exits 0 "$m in" tsunagi import "$SCRATCH/${file[$m]}_in.CSV" --mapping "careplan/$m" --quiet
done
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "住民記録と接続しない" >/dev/null; done
for profile in careplan careplan-return; do
	TSUNAGI_ACTOR=ann tsunagi release propose $profile >/dev/null
	TSUNAGI_ACTOR=bob tsunagi release approve $profile >/dev/null
done
for who in 141002-0000012345 141002-0000012346; do
	exits 0 "consent" tsunagi consent grant $who --as CCC --reason "書面"
done
mapfile -t command < <(sed -n "s/^    tsunagi export \(.*\) --store .*/\1/p" mappings/careplan/README.md)
is "${#command[@]}" 2 "two ways out"
profiles=$PWD/config/profiles
cd "$SCRATCH" || exit 1
cat >compare.py <<'PY'
# Rows of OUT beside those of IN: as many of the same client, every cell the same text.
import csv, sys
def read(path):
    return sorted(r for r in csv.reader(open(path, encoding='cp932', newline='')) if r[2] != '0000012347')
a, b = read(sys.argv[1]), read(sys.argv[2])
print(len(a) == len(b) and a == b or next((x, y) for x, y in zip(a + [[]], b + [[]]) if x != y))
PY
way() { # COMMAND MAPPING FILE: the README's command for another of the six
	local c=${1/careplan\/services/careplan\/$2}
	c=${c/--profile careplan-return/--profile $profiles/careplan-return.cfg}
	c=${c/--profile careplan /--profile $profiles/careplan.cfg }
	bash -c "tsunagi export ${c/UP2KYO_1234567890_0987654321_20260615100000.CSV/$3} --quiet"
}
for m in "${!file[@]}"; do
	exits 0 "$m out" way "${command[0]}" "$m" "$m.out.CSV"
	is "$(python3 compare.py "${file[$m]}_in.CSV" "$m.out.CSV")" True "$m: every cell as it came"
	[ ! -e "$m.out.CSV.replacements.csv" ]
	ok $? "$m: nothing was replaced: no list"
done
is "$(awk -F, '{ print NF }' services.out.CSV | sort -u)" 22 "22 columns of 第2表"

# what we have written ourselves, by columns
exits 0 "by columns" way "${command[1]}" - own.CSV
is "$(awk -F, '{ print NF }' own.CSV | sort -u)" 22 "has as many of them"
like "$(iconv -f CP932 -t UTF-8 own.CSV)" '〔提供[0-9]+〕' "texts carry the number of their release"

# gaiji and what MS932 has not
sqlite3 t.db "UPDATE cc_plan_action SET action_org = '𠮷田' || char(0xE000) || '工務店' WHERE action_no = 2"
way "${command[1]}" - own.CSV
like "$(iconv -f CP932 -t UTF-8 own.CSV)" '吉田〓工務店' "what MS932 has not is replaced"
is "$(tail -n +2 own.CSV.replacements.csv | tr -d '\r' | sed 's/"[^"]*",\("[^"]*"\)$/\1/; s/,[0-9]*,/,/')" \
	'"plan_action","支援関係機関",U+20BB7,"吉"
"plan_action","支援関係機関",U+E000,"〓"' "and each one is listed"
exits 5 "unless the row is to be refused" way "${command[1]} --set missing=reject" - own.CSV
# a client whose consent is withdrawn has no line left
exits 0 "a withdrawal" tsunagi consent withdraw 141002-0000012345 --as CCC --reason "電話で"
way "${command[0]}" plan plan.CSV 2>/dev/null
unlike "$(iconv -f CP932 -t UTF-8 plan.CSV)" '茅ヶ崎１－２－３|0000012345|かくう荘' "nothing of who withdrew"
tap_done
