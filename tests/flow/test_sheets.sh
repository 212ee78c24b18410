# The ministry's six sheets there and back: CSV in, store, CSV out in the same layout, cell by cell, a column of
# the site's own included; the same as a workbook; a form by cell address. What differs is what the gate masks.
. tests/lib/tap.sh
export TSUNAGI_STORE=sqlite:$SCRATCH/s.db TSUNAGI_KEYS=$SCRATCH/keys TSUNAGI_NOW=2026-11-21T09:00:00+09:00
sheets="intake assessment screening plan evaluation activity"
cp -r mappings "$SCRATCH"
cd "$SCRATCH" || exit 1
for m in $sheets; do
	python3 - "mappings/mhlw-$m" "$m.csv" <<'PY'
import csv, sys
folder, out = sys.argv[1:]
rows = list(csv.reader(open(folder + "/sample.csv", encoding="utf-8-sig", newline="")))
for i, row in enumerate(rows):
    row.append("独自の欄" if i == 0 else "0%d　メモ\n2行目, \"引用\" " % i)
csv.writer(open(out, "w", encoding="utf-8-sig", newline="")).writerows(rows)
conf = open(folder + "/mapping.cfg", encoding="utf-8").read()
at = conf.index("header = (")
end = conf.index(" );", at)
open(folder + "/mapping.cfg", "w", encoding="utf-8").write(conf[:end] + ', "独自の欄"' + conf[end:])
PY
	tsunagi import $m.csv --mapping mappings/mhlw-$m --quiet >/dev/null 2>&1
done
cp mappings/center-excel/forms.sample.xlsx .
tsunagi import forms.sample.xlsx --mapping center-excel/forms --quiet >/dev/null 2>&1
for who in suzuki tanaka; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "市に支援措置の届出なし"; done >/dev/null
TSUNAGI_ACTOR=suzuki tsunagi release propose own-tool >/dev/null
TSUNAGI_ACTOR=tanaka tsunagi release approve own-tool >/dev/null
out() { # MAPPING FORM FILE
	tsunagi export --profile own-tool --mapping "$1" --as "$2" --to "$3" --quiet
}

# without consent the sheet has its columns, and no name
out mappings/mhlw-intake csv closed.csv
unlike "$(cat closed.csv)" "髙橋|090-1234-5678|浜竹|渡邉|0[123]　メモ" "without consent no names, no numbers, nothing of the site's own column"
sqlite3 s.db "SELECT id FROM cc_person WHERE record_id IS NOT NULL" | while read -r id; do
	tsunagi consent grant "$id" --as tool --purpose support --reason test >/dev/null
done

cat >compare.py <<'PY'
# Cells of OUT that are not as they were in IN; records that were rejected are not in OUT.
import csv, json, subprocess, sys
def read(path):
    if path.endswith(".csv"):
        return list(csv.reader(open(path, encoding="utf-8-sig", newline="")))
    text = subprocess.run(["tsunagi", "inspect", path], capture_output=True, text=True).stdout
    return [json.loads(line)["cells"] for line in text.splitlines()]
a, b = read(sys.argv[1]), read(sys.argv[2])
width = len(a[0])
print("header", "same" if a[0] == b[0] else b[0])
left = [r for r in a[1:]]
same = 0
for row in b[1:]:
    row += [""] * (width - len(row))
    was = max(left, key=lambda r: sum(x == y for x, y in zip(r, row)))
    left.remove(was)
    for name, x, y in zip(a[0], was, row):
        if x == y or "【" in y: # what detectors mask inside of a text is tested elsewhere
            same += 1
        else:
            print(name, json.dumps([x, y], ensure_ascii=False))
print("same %d of %d, rows %d" % (same, (len(b) - 1) * width, len(b) - 1))
PY
expected() { cat <<'TXT'
== intake
header same
来談者氏名 ["山﨑　節子", "●●"]
来談者電話 ["0467(86)2222", "●●"]
same 170 of 172, rows 4
== assessment
header same
キーパーソン ["母", "●●"]
キーパーソン ["妻", "●●"]
same 122 of 124, rows 2
== screening
header same
same 52 of 52, rows 4
== plan
header same
same 108 of 108, rows 2
== evaluation
header same
same 54 of 54, rows 3
== activity
header same
相手 ["本人", "●●"]
相手 ["長女", "●●"]
相手 ["家族", "●●"]
same 54 of 57, rows 3
TXT
}
expected >want.txt
for form in csv xlsx; do
	for m in $sheets; do
		echo "== $m"
		out mappings/mhlw-$m $form "out-$m.$form"
		python3 compare.py $m.csv "out-$m.$form"
	done >got.txt 2>&1
	same_file got.txt want.txt "six sheets as $form: every cell as it was but what others may not see"
done

C='氏名 = C3, ふりがな = G3, 生年月日 = C4, 性別 = G4, 住所 = C5, 電話 = C6, 受付番号 = C7:H7, 受付日 = C8, 相談内容 = B10:B30'
form() { tsunagi inspect "$1" --set layout=form --set sheets=all --set "cells=$C" --set "expect=A3 = 氏名, A7 = 受付番号" 2>/dev/null | jq -c .cells; }
out center-excel/forms xlsx forms.xlsx
form forms.sample.xlsx >want.txt
form forms.xlsx >got.txt
same_file got.txt want.txt "forms by cell address: every cell as it was"
is "$(wc -l <got.txt)" 2 "of two forms"
tsunagi import forms.xlsx --mapping center-excel/forms --store sqlite:$SCRATCH/again.db --quiet >/dev/null 2>&1
is "$(sqlite3 again.db 'SELECT name, birth_date, address FROM cc_person ORDER BY 1')" \
	"$(sqlite3 s.db "SELECT p.name, p.birth_date, p.address FROM cc_person p JOIN system s ON s.id = p.system_id
		WHERE s.name = 'center-records' ORDER BY 1")" "which is read again as the same people"

sed 's/sheets = "all"/sheets = "相談*"/' "$OLDPWD/mappings/center-excel/forms.cfg" >named.cfg
tsunagi export --profile own-tool --mapping center-excel/forms --as xlsx --to named.xlsx --set sheets='相談*' --quiet
tsunagi import named.xlsx --mapping ./named.cfg --store sqlite:$SCRATCH/named.db --quiet >/dev/null 2>&1
is "$(sqlite3 named.db 'SELECT count(*) FROM cc_person')" 2 "sheets are named as the mapping chooses them"

# what the profile leaves out stays at home; nothing of it goes with columns that mean no field
sed '/unmapped/d; s/person: { fields = \["\*"\]; };/person: { fields = ["sex"]; };/' "$OLDPWD/config/profiles/own-tool.cfg" >narrow.cfg
TSUNAGI_ACTOR=suzuki tsunagi release propose ./narrow.cfg >/dev/null
TSUNAGI_ACTOR=tanaka tsunagi release approve ./narrow.cfg >/dev/null
tsunagi export --profile ./narrow.cfg --mapping mappings/mhlw-intake --as csv --to narrow.csv --quiet
unlike "$(cat narrow.csv)" "小田切|浜竹|メモ" "a narrower profile gives no name, no address, no column of the site's own"
like "$(cat narrow.csv)" "R6-0001" "and the rest"
exits 2 "a sheet of one case" tsunagi export --profile own-tool --mapping mappings/mhlw-intake --case R6-0001 --as csv --to one.csv
ok "$([ ! -e one.csv ]; echo $?)" "is not the sheet of all"
exits 2 "a mapping without records" tsunagi export --profile own-tool --mapping legacy-care-record --as csv --to x.csv
tap_done
