# Files that are no CSV: the source is found by what the file holds, shown, guessed, imported, rejected
# records come back, and hostile files are refused.
. tests/lib/tap.sh

sample() { # NAME: the sample of a source plugin
	compgen -G "plugins/source-$1/sample.*" | head -n 1
}

# --- JSON ---
cp "$(sample json)" "$SCRATCH/export.dat" # the name says nothing
exits 5 "inspect finds the source of a JSON file" tsunagi inspect "$SCRATCH/export.dat"
is "$(head -n 1 <<<"$OUT")" '{"columns":["番号","氏名","連絡先/電話","連絡先/メール","区分","点数"]}' "its columns come first"
is "$(jq -c 'select(.row == 2).cells' <<<"$OUT")" '["0002","見本　次郎","","","","12345678901234567890"]' "numbers are as written"
is "$(jq -r 'select(.error).error.code' <<<"$OUT")" duplicate-member "a member that comes twice is told"
unlike "$OUT" "三郎" "without its value"
exits 0 "guess reads it, too" tsunagi guess "$SCRATCH/export.dat" --out "$SCRATCH/json.cfg"
like "$ERR" "source json" "and says by which source"
exits 5 "the guessed mapping works" tsunagi import "$SCRATCH/export.dat" --mapping "$SCRATCH/json.cfg" \
	--store "sqlite:$SCRATCH/json.db" --quiet
is "$(sqlite3 "$SCRATCH/json.db" 'SELECT count(*) FROM cc_person')" 2 "what it could read is stored"
head -n 1 "$SCRATCH/export.dat.rejects.csv" >"$SCRATCH/header"
like "$(cat "$SCRATCH/header")" '氏名' "the rejected record is a line of a CSV"
sed -i 's/0003/0004/' "$SCRATCH/export.dat.rejects.csv"
exits 0 "which comes back, corrected" tsunagi reload "$SCRATCH/export.dat.rejects.csv" \
	--mapping "$SCRATCH/json.cfg" --store "sqlite:$SCRATCH/json.db" --quiet
is "$(sqlite3 "$SCRATCH/json.db" 'SELECT count(*) FROM cc_person')" 3 "and is stored"
printf '{"番号":"1","氏名":"甲"}\n{"番号":"2","氏名":"乙"}\n' >"$SCRATCH/lines.jsonl"
is "$(tsunagi inspect "$SCRATCH/lines.jsonl" | wc -l)" 3 "JSON Lines as well"
head -c 200 "$SCRATCH/export.dat" >"$SCRATCH/cut.json"
exits 4 "a file that is cut off is refused" tsunagi inspect "$SCRATCH/cut.json"
like "$ERR" "bad-json" "by its code"

tap_done
