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

# --- voice ---
cp mappings/voice/amivoice.sample.json "$SCRATCH/0007_2024-10-01_訪問.json"
exits 0 "a transcript comes in" tsunagi import "$SCRATCH/0007_2024-10-01_訪問.json" --mapping voice/amivoice \
	--store "sqlite:$SCRATCH/voice.db" --quiet
is "$(sqlite3 "$SCRATCH/voice.db" 'SELECT activity_on, draft, duration_min FROM cc_activity')" '2024-10-01|1|1' \
	"as a draft of that day"
is "$(sqlite3 "$SCRATCH/voice.db" 'SELECT client_no, name FROM cc_person')" '0007|' "of that client, and of nobody else"
is "$(sqlite3 "$SCRATCH/voice.db" "SELECT json_extract(origin, '$.segments[1].voice') FROM cc_activity")" 2 \
	"with its segments"
unlike "$(sqlite3 "$SCRATCH/voice.db" 'SELECT origin FROM cc_activity')" "家賃" "which hold no words"
unlike "$(sqlite3 "$SCRATCH/voice.db" 'SELECT origin FROM cc_activity')" "speaker" "and no labels, which may be names"
exits 0 "or under a name of its own, client and day said" tsunagi import mappings/voice/cues.sample.vtt \
	--mapping voice/cues --set client=0008 --set date=R6.10.2 --store "sqlite:$SCRATCH/voice.db" --quiet
is "$(sqlite3 "$SCRATCH/voice.db" "SELECT count(*) FROM cc_activity WHERE activity_on = '2024-10-02'")" 1 "is stored"
exits 0 "inspect knows cues" tsunagi inspect mappings/voice/cues.sample.vtt
like "$OUT" '職員A：いつまでですか' "by what they hold"

# --- XML ---
cp "$(sample xml)" "$SCRATCH/export.dat"
exits 0 "inspect finds the source of an XML file" tsunagi inspect "$SCRATCH/export.dat"
is "$(head -n 1 <<<"$OUT")" '{"columns":["@id","name","kana","birth","contact/tel","memo"]}' "its columns come first"
exits 0 "guess reads it, too" tsunagi guess "$SCRATCH/export.dat" --out "$SCRATCH/xml.cfg"
like "$(cat "$SCRATCH/xml.cfg")" 'plugin = "xml"' "by that source"
printf '<!DOCTYPE l [<!ENTITY e SYSTEM "file:///etc/hostname">]><l><a>&e;</a><a>x</a></l>' >"$SCRATCH/xxe.xml"
exits 0 "an external entity is not opened" tsunagi inspect "$SCRATCH/xxe.xml"
is "$(sed -n 2p <<<"$OUT")" '{"row":1,"line":1,"cells":["&e;"]}' "and stays what it is"

# --- fixed width ---
cp -r mappings/gateway-fixed "$SCRATCH/off"
sed -i 's/氏名=12-31/氏名=10-31/' "$SCRATCH/off/mapping.cfg"
exits 3 "a position that is wrong by two" tsunagi import mappings/gateway-fixed/sample.txt --mapping "$SCRATCH/off" \
	--store "sqlite:$SCRATCH/off.db" --quiet
like "$ERR" 'columns-overlap.*"利用者番号" \(2-11\) and "氏名" \(10-31\)' "names the columns that cross, and where they stand"
[ ! -e "$SCRATCH/off.db" ] || is "$(sqlite3 "$SCRATCH/off.db" 'SELECT count(*) FROM record')" 0 "nothing is stored"

tap_done
