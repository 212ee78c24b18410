# Secret keys of recipients: outside of the store, for the owner's eyes only, rotated, never lost silently.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_NOW=2026-06-15T10:00:00+09:00 TSUNAGI_ACTOR=carl; TSUNAGI_STORE=$(store_url t)
keys=$TSUNAGI_KEYS
# no detectors: their dictionaries are the longest part of a release as small as these
mkdir "$SCRATCH/plugins" && cp "$BUILD"/plugins/{source-csv,sink-json}.so "$SCRATCH/plugins" && export TSUNAGI_PLUGINS=$SCRATCH/plugins
cp mappings/legacy-care-record/sample.csv "$SCRATCH/in.csv"
tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
for p in trusted-agency masked-agency; do
	TSUNAGI_ACTOR=ann tsunagi release propose $p >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve $p >/dev/null
done
names() { # PROFILE: keys of the persons in a release
	tsunagi export --profile "$1" --as jsonl --to "$SCRATCH/out" --quiet && grep -o '"entity":"person","key":"[^"]*"' "$SCRATCH/out" | sort
}

exits 0 "the first release draws a key" names trusted-agency
first=$OUT
is "$(stat -c '%a %h' "$keys")" "600 1" "into a file for its owner only"
is "$(store_sql t 'SELECT count(*) FROM recipient_key')" 0 "the store has none"
unlike "$(store_bytes t | tr -d '\0' | LC_ALL=C grep -ac "$(sed -n 's/^WEL.*\t//p' "$keys")")" '[1-9]' "in no form of text"
exits 0 "another one keeps it" names trusted-agency
is "$OUT" "$first" "and so the pseudonyms"
exits 0 "a second recipient" names masked-agency
is "$(grep -c '^[^#]' "$keys") $(comm -12 <(echo "$OUT") <(echo "$first") | wc -l)" "2 0" "has another key and other pseudonyms"

# who could read it has it
for mode in 640 604 620; do
	chmod $mode "$keys"
	exits 6 "mode $mode is refused" names trusted-agency
	like "$ERR" "keys-exposed.*chmod 600" "with what to do"
done
printf 'store = "%s";\nkeys = "%s";\njobs: { out: { kind = "release"; profile = "trusted-agency"; sink: { plugin = "jsonl"; path = "%s"; }; }; };\n' \
	"$TSUNAGI_STORE" "$keys" "$SCRATCH/job.jsonl" >"$SCRATCH/site.cfg"
exits 3 "check finds it, too" tsunagi check "$SCRATCH/site.cfg"
like "$ERR" "site.cfg:2:.*others than its owner" "at the line that names it"
chmod 600 "$keys"
exits 0 "and is content again" tsunagi check "$SCRATCH/site.cfg"
# a path of the configuration is that of its folder, from wherever it is looked at
mkdir "$SCRATCH/conf" && cp "$keys" "$SCRATCH/conf/k" && cp schemas/local.example.cfg "$SCRATCH/conf/local.cfg"
sed 's/^keys = .*/keys = "k"; schema = "local.cfg";/; s/^store = .*/store = "sqlite:none.db";/; s/profile = "trusted-agency"/profile = "'"${PWD//\//\\/}"'\/config\/profiles\/trusted-agency.cfg"/' "$SCRATCH/site.cfg" >"$SCRATCH/conf/site.cfg"
chmod 640 "$SCRATCH/conf/k"
for from in "$SCRATCH/conf:site.cfg" "$SCRATCH:conf/site.cfg" "/:$SCRATCH/conf/site.cfg"; do
	exits 3 "check ${from#*:} finds the file of keys" env -C "${from%%:*}" tsunagi check "${from#*:}"
	like "$ERR" 'others than its owner' "whose mode is wrong"
	unlike "$ERR" 'local.cfg: ' "and the schema"
done
mv "$keys" "$SCRATCH/elsewhere" && ln -s "$SCRATCH/elsewhere" "$keys"
exits 6 "a link is not followed" names trusted-agency
rm "$keys"

# a lost file is said, not replaced
exits 11 "no file, but releases were made with one" names trusted-agency
like "$ERR" "keys-lost.*" "keys-lost"
ok "$([ ! -e "$keys" ]; echo $?)" "no new key is drawn"
sed 's/[0-9a-f]\{8\}$//' "$SCRATCH/elsewhere" >"$keys" && chmod 600 "$keys"
exits 11 "a damaged one" names trusted-agency
like "$ERR" "damaged in line 2" "is named by line"
mv "$SCRATCH/elsewhere" "$keys"
exits 0 "back from the backup" names trusted-agency
is "$OUT" "$first" "it is the same"

# nor is the key of another file taken for it, nor one that two recipients have
cp -p "$keys" "$SCRATCH/mine"
sed -i "s/^\(WEL.*\t\)[0-9a-f]\{64\}$/\1$(printf '%064d' 7)/" "$keys"
exits 11 "another key of that number" names trusted-agency
like "$ERR" "keys-other" "is not the one"
one=$(sed -n 's/^WEL\t1\t.*\t//p' "$SCRATCH/mine")
sed "s/^\(SWC.*\t\)[0-9a-f]\{64\}$/\1$one/" "$SCRATCH/mine" >"$keys"
exits 11 "one key for two" names trusted-agency
like "$ERR" "keys-other" "joins nobody"
cp -p "$SCRATCH/mine" "$keys"
exits 0 "its own" names trusted-agency
is "$OUT" "$first" "makes the same pseudonyms"

# rotation
exits 2 "no reason" tsunagi release keys rotate WEL
exits 2 "nobody" tsunagi release keys rotate NOBODY --reason x
exits 0 "a new key" tsunagi release keys rotate WEL --reason "yearly"
exits 0 "the next release" names trusted-agency
is "$(comm -12 <(echo "$OUT") <(echo "$first") | wc -l)" 0 "has other pseudonyms"
like "$(tsunagi release keys list --format csv)" '"WEL","1","2026-06-15","kept for deletions".*"WEL","2","2026-06-15","in use"' \
	"the old one is kept"
unlike "$(tsunagi release keys list; tsunagi audit list)" "$(sed -n 's/^WEL.*\t//p' "$keys" | paste -sd'|')" "no key is shown"
like "$(tsunagi audit list --format jsonl)" '"key-rotate".*yearly' "the log has it"
grep -v '^WEL	2' "$keys" >"$SCRATCH/older" && chmod 600 "$SCRATCH/older"
exits 11 "a backup from before the rotation is too old" env TSUNAGI_KEYS="$SCRATCH/older" tsunagi export --profile trusted-agency --as jsonl --to "$SCRATCH/out"

# a key that an older version kept in the store moves out with the next release
old=$(printf 'ab%.0s' {1..32})
if [ "${TEST_STORE:-sqlite}" = sqlite ]; then bytes="x'$old'"; else bytes="decode('$old', 'hex')"; fi
store_sql t "INSERT INTO recipient_key VALUES ('HLT', $bytes, 1)"
sed 's/id = "WEL"/id = "HLT"/' config/profiles/trusted-agency.cfg >"$SCRATCH/hlt.cfg"
TSUNAGI_ACTOR=ann tsunagi release propose "$SCRATCH/hlt.cfg" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$SCRATCH/hlt.cfg" >/dev/null
exits 0 "a release" names "$SCRATCH/hlt.cfg"
like "$(cat "$keys")" "HLT	1	2026-06-15	$old" "it is in the file"
is "$(store_sql t 'SELECT count(*) FROM recipient_key')" 0 "and not in the store any more"

# two at once draw one key
sed 's/id = "WEL"/id = "NEW"/' config/profiles/trusted-agency.cfg >"$SCRATCH/new.cfg"
TSUNAGI_ACTOR=ann tsunagi release propose "$SCRATCH/new.cfg" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$SCRATCH/new.cfg" >/dev/null
tsunagi export --profile "$SCRATCH/new.cfg" --as jsonl --to "$SCRATCH/p1" --quiet & tsunagi export --profile "$SCRATCH/new.cfg" --as jsonl --to "$SCRATCH/p2" --quiet; wait
is "$(grep -c '^NEW' "$keys")" 1 "two releases at once draw one key"
same_file <(grep -o '"key":"[^"]*"' "$SCRATCH/p1") <(grep -o '"key":"[^"]*"' "$SCRATCH/p2") "and use it both"

unset TSUNAGI_KEYS
if [ "${TEST_STORE:-sqlite}" = sqlite ]; then
	cp "$keys" "$SCRATCH/t.db.keys"
	exits 0 "without a word the file lies beside the store" names trusted-agency
else
	exits 3 "without a word nobody knows where it is" names trusted-agency
	like "$ERR" "TSUNAGI_KEYS" "and what to set"
fi
tap_done
