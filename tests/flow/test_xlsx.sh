#!/bin/bash
# source-xlsx from outside: what cells come out as, lists over several sheets, forms, hostile files.
. tests/lib/tap.sh
python3 tests/flow/make_workbooks.py "$SCRATCH" || exit 1

cells() { # FILE [OPTION...]: the cells of all rows, one row a line
	local file=$1
	shift
	tsunagi inspect "$SCRATCH/$file" "$@" 2>"$SCRATCH/err" | jq -c .cells
}
rows() { # FILE MAPPING-LESS OPTIONS as NAME=VALUE: the same, with sets
	local file=$1 set=()
	shift
	for o in "$@"; do set+=(--set "$o"); done
	cells "$file" "${set[@]}"
}

is "$(cells formats.xlsx | jq -r '.[]' | paste -sd ' ')" \
	"2024-10-01 2024-10-01 2024-10-01 2024-10 07:30 26:24 2024-10-01 12:00:00 001234 760-0001 1,234,567 12.50% 12 5人 2024-10-01 2.68 〒760-0001 123456789012 0.1 0.0000001 1900-02-29 1900-01-00 12345678.12" \
	'dates of every format as dates, numbers as they are shown'
is "$(rows formats.xlsx numbers=stored | jq -r '.[7:11][]' | paste -sd ' ')" '1234 7600001 1234567 0.125' 'numbers as they are stored'
is "$(cells 1904.xlsx)" '["2024-10-01"]' 'the epoch of 1904'
is "$(cells kinds.xlsx)" '["氏名","山田 太郎","TRUE","FALSE","#N/A","7","x","=B9+1","99","2024-10-01 09:30:00","太字","a\rb_x"]' 'every kind of cell; readings are left out'
like "$(cat "$SCRATCH/err")" 'never calculated' 'a formula without a value is reported'
is "$(cells strict.xlsx)" '["番号","氏名"]
["1","甲"]
["2","乙"]' 'ISO 29500 strict'
is "$(cells prefixed.xlsx)" '["甲","5"]' 'a prefix for the namespace, cells without addresses'
is "$(cells utf16.xlsx | tail -n 1)" '["2","乙"]' 'UTF-16'

# lists
is "$(rows months.xlsx 'sheets=R6.*' header=4 sheet_column=月 'cells=利用者=B2')" \
	'["R6.10","甲野 太郎","2024-10-01","電話","一回目"]
["R6.10","甲野 太郎","2024-10-02","訪問","二回目"]
["R6.11","甲野 太郎","2024-11-01","来所","三回目"]' 'a sheet a month, the person in a cell above the header'
is "$(rows months.xlsx sheets=all header=4 | wc -l)" 3 'hidden sheets are not read'
like "$(cat "$SCRATCH/err")" 'hidden sheets are not read \(1\): [0-9]' 'and reported, by number'
tsunagi guess "$SCRATCH/months.xlsx" >/dev/null 2>"$SCRATCH/err"
is "$(grep -c 'hidden sheets' "$SCRATCH/err")" 1 'a guess says it once'
exits 4 'a sheet that is not there' tsunagi inspect "$SCRATCH/months.xlsx" --set sheets=R7.*
like "$ERR" 'no-sheet' 'has its code'
exits 10 'sheets that are not alike' tsunagi inspect "$SCRATCH/other.xlsx" --set sheets=all --set header=1
like "$ERR" 'other-header.*column B' 'are told apart'
is "$(rows merged.xlsx header=1 header_rows=2 merged=fill)" '["甲","東","一"]
["甲","東","二"]
["乙","西","三"]' 'merged cells filled'
is "$(rows merged.xlsx header=2 columns=B:C | head -n 1)" '["東","一"]' 'a table that does not begin in column A'
exits 5 'a value beside the table' tsunagi inspect "$SCRATCH/beside.xlsx" --set header=1
like "$OUT" '"row":2,"line":3,"error":\{"code":"outside-header","message":"a value in column D' 'is refused with its place'
is "$(rows beside.xlsx header=1 columns=A:B | tail -n 1)" '["2","乙"]' 'unless the columns are said'
is "$(rows hidden.xlsx header=1 | wc -l)" 4 'hidden rows are read'
like "$(cat "$SCRATCH/err")" '1 hidden rows are read' 'and reported'
like "$(cat "$SCRATCH/err")" 'column B: 1 cells are dates without a year' 'dates that a spreadsheet made of numbers'
is "$(rows hidden.xlsx header=1 hidden_rows=skip | wc -l)" 3 'hidden rows are skipped when asked'

exits 4 'two cells of one address' tsunagi inspect "$SCRATCH/one_address.xlsx"
like "$ERR" 'bad-workbook.*row 1 .*two cells' 'are refused: one of them would be gone'
printf '%s\n' 'mapping: { name = "m"; system = "s"; source: { plugin = "xlsx"; }; header = ("番号", "氏名"); key = "番号"; };' \
	'person: { key = "番号"; name = "氏名"; };' >"$SCRATCH/long.cfg"
exits 5 'numbers of more than fifteen digits' tsunagi import "$SCRATCH/long.xlsx" --mapping "$SCRATCH/long.cfg" --store "sqlite:$SCRATCH/long.db" --quiet
like "$OUT" 'bad-value +番号 +1 +3 .*digits-lost +番号 +1 +4 ' 'have lost the last ones, and name nobody'

# forms
is "$(rows forms.xlsx layout=form sheets=all 'cells=氏名=C3, 番号=C4:F4, 内容=A6:A9' 'expect=A3=氏名')" \
	'["甲野 太郎","0012","一行目\n二行目"]
["乙山 花子","0345","相談"]' 'each sheet a record: cells, digits in boxes, lines of a text'
like "$(cat "$SCRATCH/err")" 'sheet 3 is a blank form' 'a blank form is no record'
exits 10 'another form' tsunagi inspect "$SCRATCH/forms.xlsx" --set layout=form --set cells=C3 --set expect=A3=住所
like "$ERR" 'other-form.*A3' 'is told by its label'
exits 3 'a cell below the header of a list' tsunagi inspect "$SCRATCH/months.xlsx" --set header=4 --set cells=B9
exits 3 'no address' tsunagi inspect "$SCRATCH/months.xlsx" --set header=4 --set cells=氏名

# the commands take a workbook as they take a CSV
cp mappings/center-excel/sample.xlsx "$SCRATCH/log.xlsx"
store="sqlite:$SCRATCH/store.db"
exits 0 'preview' tsunagi preview "$SCRATCH/log.xlsx" --mapping center-excel --as normalised
like "$OUT" 'activity.activity_on *2024-10-01' 'reads the workbook'
exits 5 'import' tsunagi import "$SCRATCH/log.xlsx" --mapping center-excel --store "$store" --report "$SCRATCH/report.txt"
like "$(cat "$SCRATCH/report.txt")" 'hidden-rows *1' 'the count sheet says that rows are hidden'
like "$(cat "$SCRATCH/log.xlsx.rejects.csv")" 'sheet 1, line 8' 'a reject names sheet and row'
sed -i 's/10月頃/令和6年10月9日/' "$SCRATCH/log.xlsx.rejects.csv"
exits 0 'its reject, corrected' tsunagi reload "$SCRATCH/log.xlsx.rejects.csv" --store "$store"
like "$(python3 tests/lib/dump_store.py "$SCRATCH/store.db")" '"activity_on": "2024-10-09"' 'comes in'
exits 0 'guess' tsunagi guess "$SCRATCH/months.xlsx" --out "$SCRATCH/guessed.cfg"
like "$(cat "$SCRATCH/guessed.cfg")" 'plugin = "xlsx"; header = "4"; sheets = "all"' 'finds the header and that all sheets are alike'
unlike "$ERR" 'does not read' 'none of them is left'
exits 0 'what guess wrote' tsunagi preview "$SCRATCH/months.xlsx" --mapping "$SCRATCH/guessed.cfg"
exits 10 'schema verify' tsunagi schema verify "$SCRATCH/items.xlsx"
like "$OUT" 'extra.*独自の項目' 'compares a list of items in a workbook'
same_file <(tsunagi schema verify "$SCRATCH/items.xlsx" 2>&1 | cut -f 1-4) <(tsunagi schema verify "$SCRATCH/items.csv" 2>&1 | cut -f 1-4) 'as it does in CSV'

# hostile files: refused by name, quickly, in little memory
refused() { # FILE CODE [OPTION...]
	local file=$1 code=$2
	shift 2
	OUT=$(bash -c 'ulimit -v 700000; exec timeout 240 tsunagi inspect "$@"' - "$SCRATCH/$file" "$@" 2>&1)
	rc=$?
	[ $rc -eq 4 ] && [[ $OUT == *"$code"* ]]
	ok $? "$file: $code" "exit $rc: ${OUT:0:400}"
}
refused old.xls legacy-office
like "$OUT" 'save it as .xlsx' 'a legacy workbook: what to do'
refused locked.xlsx encrypted
like "$OUT" 'remove the password' 'a workbook with a password: what to do'
refused empty.xlsx empty-file
refused text.xlsx not-office
refused cut.xlsx bad-archive
refused broken.xlsx bad-
refused outside.xlsx bad-archive
refused twice.xlsx bad-archive
like "$OUT" 'two parts of one name' 'which of two parts would be read is nobody'"'"'s guess'
refused target.xlsx outside-reference
refused bomb.xlsx zip-bomb
refused lying.xlsx zip-bomb
refused entities.xlsx xml-doctype
refused external.xlsx xml-doctype
unlike "$OUT" 'root:' 'no file is read in'
refused deep.xlsx bad-xml
refused row.xlsx bad-workbook
refused column.xlsx bad-workbook
refused missing.xlsx no-sheet
refused other.zip not-office
refused word.xlsx other-office --source xlsx
refused binary.xlsx other-office
exits 5 'values far to the right' bash -c 'ulimit -v 700000; exec tsunagi inspect "$1"' - "$SCRATCH/wide.xlsx"
is "$(grep -c too-many-columns <<<"$OUT")" 30000 'each row is refused, in bounded memory'
exits 7 'a missing file' tsunagi inspect "$SCRATCH/none.xlsx"
exits 2 'a pipe' tsunagi inspect --source xlsx - </dev/null
tap_done
