# The care plan exchange out and in again: MS932, columns in order, no gaiji; every replacement is listed.
# The command is that of mappings/careplan/README.md.
. tests/lib/tap.sh
export TSUNAGI_STORE=sqlite:$SCRATCH/t.db TSUNAGI_NOW=2026-06-15T10:00:00+09:00 TSUNAGI_ACTOR=carl
cp mappings/careplan/services.sample.csv "$SCRATCH/UP2KYO_in.CSV"
exits 0 "in" tsunagi import "$SCRATCH/UP2KYO_in.CSV" --mapping careplan/services --quiet
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "住民記録と接続しない" >/dev/null; done
TSUNAGI_ACTOR=ann tsunagi release propose careplan >/dev/null
TSUNAGI_ACTOR=bob tsunagi release approve careplan >/dev/null
exits 0 "consent" tsunagi consent grant 141002-0000012345 --as CCC --reason "書面"
command=$(sed -n "s/^    tsunagi export \(.*\) --store .*/\1/p" mappings/careplan/README.md)
cd "$SCRATCH" || exit 1
file=UP2KYO_1234567890_0987654321_20260615100000.CSV
exits 0 "out" bash -c "tsunagi export ${command/careplan/$OLDPWD/config/profiles/careplan.cfg}"
out=$(cut -d, -f6,12,13,17,18 <"$file" | iconv -f CP932 -t UTF-8 | tr -d '\r')
is "$(grep -c '〔提供1〕,.*〔提供1〕' <<<"$out")" 3 "texts carry the number of their release"
is "${out//〔提供1〕/}" \
	"$(cut -d, -f6,12,13,17,18 <UP2KYO_in.CSV | iconv -f CP932 -t UTF-8 | tr -d '\r')" "what came in goes out, in its columns"
is "$(awk -F, '{ print NF }' "$file" | sort -u)" 21 "as many of them"
[ ! -e "$file.replacements.csv" ]
ok $? "nothing was replaced: no list"
sqlite3 t.db "UPDATE cc_plan_action SET action_org = '𠮷田' || char(0xE000) || '工務店' WHERE action_no = 2"
bash -c "tsunagi export ${command/careplan/$OLDPWD/config/profiles/careplan.cfg}" >/dev/null
is "$(sed -n 2p "$file" | cut -d, -f17 | iconv -f CP932 -t UTF-8)" '吉田〓工務店' "what MS932 has not is replaced"
is "$(tail -n +2 "$file.replacements.csv" | tr -d '\r' | sed 's/"[^"]*",\("[^"]*"\)$/\1/')" \
	'"plan_action",2,"支援関係機関",U+20BB7,"吉"
"plan_action",2,"支援関係機関",U+E000,"〓"' "and each one is listed"
exits 5 "unless the row is to be refused" bash -c \
	"tsunagi export ${command/careplan/$OLDPWD/config/profiles/careplan.cfg} --set missing=reject"
tap_done
