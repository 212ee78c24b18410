# Attachments: what may come in, what it is like in the store, what leaves, and what happens when something breaks.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_NOW=2026-06-15T10:00:00+09:00 TSUNAGI_ACTOR=carl; TSUNAGI_STORE=$(store_url t)
root=$PWD media=$SCRATCH/media case=2024-0000001
canary=35.3339N139.4044E
python3 tests/flow/make_media.py "$media"
# no detectors: their dictionaries are the longest part of a release as small as these
mkdir "$SCRATCH/plugins" && cp "$BUILD"/plugins/{source-csv,sink-page}.so "$SCRATCH/plugins" && export TSUNAGI_PLUGINS=$SCRATCH/plugins
cd "$SCRATCH" || exit 1
cp "$root/mappings/legacy-care-record/sample.csv" cases.csv
tsunagi import cases.csv --mapping legacy-care-record --quiet >/dev/null 2>&1
tsunagi import "$root/mappings/meetings/roster.sample.csv" --mapping meetings/roster --quiet >/dev/null 2>&1
for p in meeting-welfare meeting-swc; do
	TSUNAGI_ACTOR=ann tsunagi release propose $p >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve $p >/dev/null
done
blobs() { store_sql t "SELECT count(*) FROM blob$1"; }
number() { # by its content, and without a process of the hub: it is asked for often
	store_sql t "SELECT a.id FROM cc_attachment a JOIN cc_case c ON c.id = a.case_id JOIN record r ON r.id = a.record_id
		WHERE a.sha256 = '$(sha256sum <"$(find "$media" -name "$1" -print -quit)" | cut -d' ' -f1)' AND c.case_no = '$case' AND r.state = 0"
}
give() { tsunagi attach export "$(number "$1")" --profile "${2:-meeting-welfare}" --meeting M-1 --to "$SCRATCH/copy"; }

# what comes in
before=$(store_rows t)
exits 0 "a dry run" tsunagi attach $case "$media"/good/* --dry-run
is "$(blobs) $(store_rows t)" "0 $before" "leaves nothing"
exits 0 "one of each kind" tsunagi attach $case "$media"/good/* --as 同意書 --on 令和8年6月1日
is "$(blobs " WHERE state = 2")" 9 "is there"
like "$(tsunagi attach list $case)" '同意書 +scan.png +image/png +393 +2026-06-01' "and listed, with what it is"
exits 0 "the same again" tsunagi attach $case "$media"/good/*
is "$(grep -c 'is there already' <<<"$OUT") $(blobs)" "9 9" "is said to be there"
exits 0 "in another case it is another file" tsunagi attach 2024-0000002 "$media/good/scan.png"
if [ "${TEST_STORE:-sqlite}" = sqlite ]; then
exits 4 "files that must not come in" tsunagi attach $case "$media"/bad/*
is "$(sed -n 's/^error\[\(.*\)\].*/\1/p' <<<"$ERR")" "$(cd "$media/bad" && printf '%s\n' * | sed 's/-[^-]*$//')" "each is refused for its reason"
fi
is "$(blobs)" 10 "nothing of them is in the store"
exits 4 "one that is refused" tsunagi attach $case "$media/bad/pdf-active-js.pdf" "$media/big.png"
like "$OUT" 'big.png .* attached' "does not keep the others out"
exits 2 "no such case" tsunagi attach 2099-1 "$media/big.png"
exits 7 "a folder" tsunagi attach $case "$media"
exits 2 "no date" tsunagi attach $case "$media/big.png" --on gestern
exits 2 "a month is no day" tsunagi attach $case "$media/big.png" --on 令和8年6月

# in the store
unlike "$(store_bytes t | LC_ALL=C grep -ac "$canary")" '[1-9]' "the store holds nothing readable of a picture"
unlike "$(store_bytes t | LC_ALL=C grep -aEc 'scan[.]png|second[.]JPEG')" '[1-9]' "nor of a file's name"
is "$(store_sql t "SELECT count(*), count(DISTINCT site_key), sum(length(wrapped)) FROM case_key")" "2|1|120" "a key for each case, wrapped"
is "$(blobs "_piece WHERE blob_id = (SELECT max(id) FROM blob)")" 12 "in pieces"
like "$(tsunagi doctor)" 'ok +attachments: 11 opened' "doctor opens all of them"

# what leaves: whole or not at all
exits 6 "nobody said that the household is not protected" give photo.jpg
like "$ERR" "attachment-withheld.*display restriction" "which is the reason"
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "住民記録と接続しない" >/dev/null; done
for name in photo.jpg second.JPEG scan.png; do
	exits 0 "$name to a member with consent" give $name
	unlike "$(LC_ALL=C grep -ac "$canary" copy)" '[1-9]' "without where it was taken"
	is "$(head -c 3 copy | od -An -tx1)" "$(head -c 3 "$media/good/$name" | od -An -tx1)" "it is still a picture"
done
give photo.jpg >/dev/null
is "$(LC_ALL=C grep -aobP '\xff\xd8' copy | wc -l) $(tail -c 2 copy | od -An -tx1)" "1  ff d9" "nothing behind its end"
like "$(od -An -v -tx1 copy | tr -d ' \n')" '45786966.*01120003000000010006' "the way it is turned stays"
cmp -s <(LC_ALL=C grep -aboP '\xff\xda' -m1 copy | cut -d: -f1 | xargs -I@ sh -c 'tail -c +$((@ + 1)) copy') \
	<(off=$(LC_ALL=C grep -aboP '\xff\xda' -m1 "$media/good/photo.jpg" | cut -d: -f1); tail -c +$((off + 1)) "$media/good/photo.jpg")
ok $? "and so does every byte of the picture"
exits 0 "several pieces" give big.png
is "$(python3 -c 'import sys,zlib,struct
def idat(b):
    at, out = 8, b""
    while at < len(b):
        n = struct.unpack(">I", b[at:at+4])[0]
        out += b[at+8:at+8+n] if b[at+4:at+8] == b"IDAT" else b""
        at += n + 12
    return zlib.decompress(out)
print(all(idat(open(f, "rb").read()) == idat(open(sys.argv[1], "rb").read()) for f in sys.argv[1:]))' copy "$media/big.png")" True "the same picture"
exits 0 "PDF" give letter.pdf
ok "$(cmp -s copy "$media/good/letter.pdf"; echo $?)" "leaves as it came"
rm -f copy
tsunagi attach $case "$media"/telltale/* >/dev/null
for name in photo.gif photo.webp gps.tif author.pdf titled.pdf xmp.pdf; do
	exits 6 "$name says where it was taken, or who made it, which cannot be taken out" give $name
done
tsunagi attach 2024-0000002 "$media/small.png" >/dev/null
other=$(store_sql t "SELECT max(a.id) FROM cc_attachment a JOIN cc_case c ON c.id = a.case_id WHERE c.case_no = '2024-0000002'")
exits 2 "a picture of another case than the meeting's" tsunagi attach export "$other" --profile meeting-welfare --meeting M-1 --to other.png
like "$(tsunagi attach export "$other" --profile meeting-welfare --meeting M-1 --to other.png 2>&1)" 'attachment [0-9]+ does not belong to the case' "says why"
ok "$([ ! -e other.png ]; echo $?)" "does not leave"
exits 6 "a profile that shows texts masked" give letter.pdf meeting-swc
store_sql t "UPDATE cc_consent SET consent_status = 'refused'"
exits 6 "no consent" give letter.pdf
store_sql t "UPDATE cc_consent SET consent_status = 'given'"
exits 0 "someone of the household is protected" tsunagi release protection protect --person $case --reason x
exits 6 "then nothing leaves, whatever was said" give letter.pdf
ok "$([ ! -e copy ]; echo $?)" "and there is no file"
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --person $case --reason y >/dev/null; done
give letter.pdf >/dev/null
log=$(tsunagi audit list --format jsonl)
like "$(tail -n 1 <<<"$log")" '"action":"release".*attachment.*content' "each copy is a release"
like "$log" 'release-refused.*attachment' "each refusal is on the log"
like "$(tsunagi release log --format csv)" '"meeting-swc",.*"withheld"' "as such"
unlike "$log" 'letter|photo' "without names of files"
like "$(tsunagi release items "$(store_sql t 'SELECT max(id) FROM release')")" 'attachment' "it has a receipt"
# names of files are texts: without a detector none leaves
tsunagi meeting pack $case --meeting M-1 --to papers >/dev/null 2>&1
unlike "$(cat papers/01.html)" 'fax.tif|sealed:' "no paper shows a name that nothing has looked through"
cp "$root/$BUILD"/plugins/detect-pattern.so "$SCRATCH/plugins" 2>/dev/null || cp "$BUILD"/plugins/detect-pattern.so "$SCRATCH/plugins"
tsunagi meeting pack $case --meeting M-1 --to papers >/dev/null 2>&1
like "$(cat papers/01.html)" '>1\. fax.tif.*>2\. gps.tif|>1\. .*同意書' "papers of the meeting number them"
store_sql t "UPDATE cc_consent SET consent_status = 'refused'"
tsunagi meeting pack $case --meeting M-1 --to papers >/dev/null 2>&1
unlike "$(cat papers/01.html)" 'letter.pdf|添付' "for those who may know of them"
store_sql t "UPDATE cc_consent SET consent_status = 'given'"

# out again
n=$(blobs)
exits 0 "removed" tsunagi attach remove "$(number scan.png)"
like "$OUT" 'release' "what has left is said"
is "$(blobs)" $((n - 1)) "its content is gone"
exits 0 "undo does the same" tsunagi undo "$(store_sql t "SELECT max(id) FROM run WHERE kind = 'attach'")"
is "$(blobs) $(blobs "_piece WHERE blob_id NOT IN (SELECT id FROM blob)")" "$((n - 2)) 0" "nothing stays behind"
exits 0 "and it can come again" tsunagi attach $case "$media/good/scan.png"
exits 2 "what is not there" tsunagi attach remove 999999

# the disk is full: nothing half is there, and later it comes in
if [ "${TEST_STORE:-sqlite}" = sqlite ]; then
	tsunagi attach remove "$(number big.png)" >/dev/null
	n=$(blobs)
	(
		trap '' XFSZ
		ulimit -f 1024 # KiB: of its write-ahead log, too
		tsunagi attach $case "$media/big.png" >/dev/null 2>full.err
		echo $? >full.rc
	)
	like "$(cat full.rc full.err)" '^(7|11|8|9)' "a full disk is told"
	is "$(blobs " WHERE state = 2") $(number big.png | wc -l)" "$n 0" "and nothing half is there"
	like "$(tsunagi doctor)" 'ok +attachments' "doctor finds nothing"
	exits 0 "when there is room again it comes in" tsunagi attach $case "$media/big.png"
fi

# killed on the way: between pieces, before the row, in the middle of the row
for step in blob-piece:9 attach-row after-commit; do
	tsunagi attach remove "$(number big.png)" >/dev/null
	TSUNAGI_CRASH=$step tsunagi attach $case "$media/big.png" >/dev/null 2>&1
	TSUNAGI_CRASH= tsunagi attach $case "$media/big.png" >/dev/null 2>crash.err
	is "$? $(blobs " WHERE state <> 2") $(blobs " WHERE bytes = $(stat -c %s "$media/big.png")") $(number big.png | wc -l)" "0 0 1 1" \
		"killed at $step: once more, and it is there once" "$(cat crash.err)"
done
like "$(tsunagi doctor)" 'ok +attachments' "doctor finds nothing"

# what breaks it
keys=$TSUNAGI_KEYS
mv "$keys" kept
exits 11 "no key file" give letter.pdf
like "$ERR" keys-lost "is said"
exits 11 "without it" tsunagi attach list $case
unlike "$OUT" 'letter' "no name is listed"
sed 's/\(^(site).*\)......$/\1000000/' kept >"$keys" && chmod 600 "$keys"
exits 11 "that of another store" give letter.pdf
like "$ERR" key-wrong "is said, too"
mv kept "$keys"
ref=$(store_sql t "SELECT max(id) FROM blob WHERE pieces = 12")
store_copy t whole
damage() { # NAME SQL CODE
	store_sql t "$2"
	exits 11 "$1" give big.png
	like "$ERR" "$3" "is found"
	ok "$([ ! -e copy ]; echo $?)" "and nothing of it given out"
	store_copy whole t
}
rm -f copy
if [ "${TEST_STORE:-sqlite}" = sqlite ]; then
	flip="CAST(substr(content, 1, 99) || CASE substr(content, 100, 1) WHEN X'00' THEN X'01' ELSE X'00' END || substr(content, 101) AS BLOB)" cut="substr(content, 1, length(content) - 1)"
else
	flip="set_byte(content, 99, get_byte(content, 99) # 1)" cut="substr(content, 1, length(content) - 1)"
fi
pair="(SELECT min(a.id) FROM cc_attachment a JOIN cc_case c ON c.id = a.case_id WHERE c.case_no = '$case')"
store_sql t "UPDATE cc_attachment SET file_name = (SELECT file_name FROM cc_attachment WHERE id = $(number big.png)) WHERE id = $pair"
out=$(tsunagi attach list $case 2>&1)
like "$? $out" '^11 .*name-damaged' "the name of another file of the same case is found"
unlike "$out" 'big.png' "and not shown beside it"
store_copy whole t
damage "a changed byte" "UPDATE blob_piece SET content = $flip WHERE blob_id = $ref AND at = 5" blob-damaged
if [ "${TEST_STORE:-sqlite}" != sqlite ]; then tap_done; exit; fi # the rest asks nothing of the driver
damage "a piece that is cut off" "UPDATE blob_piece SET content = $cut WHERE blob_id = $ref AND at = 11" blob-damaged
damage "the last piece missing, and the count changed" "DELETE FROM blob_piece WHERE blob_id = $ref AND at = 11; UPDATE blob SET pieces = 11 WHERE id = $ref" blob-damaged
damage "two pieces exchanged" "UPDATE blob_piece SET at = CASE at WHEN 3 THEN 104 ELSE 3 END WHERE blob_id = $ref AND at IN (3, 4); UPDATE blob_piece SET at = 4 WHERE blob_id = $ref AND at = 104" blob-damaged
damage "the hash changed" "UPDATE blob SET sha256 = substr(sha256, 2) || '0' WHERE id = $ref" blob-damaged
TSUNAGI_CRASH=
store_sql t "UPDATE blob SET sha256 = '' WHERE id = $ref"
out=$(tsunagi doctor 2>&1); like "$? $out" '^11 .*DAMAGED +attachments' "doctor finds it"

# disposing of a case: two accounts, the second sees what the first has seen
destroy() { TSUNAGI_ACTOR=$1 tsunagi attach destroy 2024-0000002 --reason "保存期間の満了" "${@:2}"; }
store_copy whole t
exits 0 "a dry run" destroy ann --dry-run
like "$OUT" '1 files' "says what there is"
exits 2 "without a reason" tsunagi attach destroy 2024-0000002
exits 0 "the first asks" destroy ann
exits 0 "and asks again" destroy ann
is "$(store_sql t "SELECT count(*) FROM case_key WHERE wrapped IS NULL")" 0 "alone nobody destroys"
tsunagi attach 2024-0000002 "$media/good/letter.pdf" >/dev/null
exits 0 "another one, after something was attached" destroy bob
is "$(store_sql t "SELECT count(*) FROM case_key WHERE wrapped IS NULL")" 0 "asks anew"
exits 0 "now it is confirmed" destroy ann
is "$(store_sql t "SELECT count(*) FROM case_key WHERE wrapped IS NULL") $(blobs " b JOIN cc_case c ON c.id = b.case_id WHERE c.case_no = '2024-0000002'")" \
	"1 0" "key and contents are gone"
exits 6 "again" destroy bob
like "$(tsunagi attach list 2024-0000002 --format csv)" '"その他","","image/png"' "what there was is listed, without its name"
exits 6 "nothing can be attached there any more" tsunagi attach 2024-0000002 "$media/good/scan.png"
like "$(tsunagi audit list --format jsonl)" 'attach-destroy-asked.*attach-destroyed' "both steps are on the log"
tsunagi audit verify >/dev/null && exits 0 "the other case opens" give letter.pdf
like "$(tsunagi doctor)" 'ok +attachments' "doctor finds nothing"

# the commands of the docs
unset TSUNAGI_STORE TSUNAGI_ACTOR TSUNAGI_KEYS TSUNAGI_CRASH
commands() { grep -E '^    (TSUNAGI_[A-Z]+=[^ ]+ )?tsunagi ' "$root/docs/$1"; }
mkdir docs && cd docs || exit 1
cp "$root/mappings/legacy-care-record/sample.csv" cases.csv
cp "$media/good/letter.pdf" consent.pdf && cp "$media/good/photo.jpg" photo.jpg
while IFS= read -r line; do
	timeout 240 bash -c "$line" >out.txt 2>err.txt </dev/null
	rc=$?
	case $line in *import*) [ $rc -eq 5 ] ;; *) [ $rc -eq 0 ] ;; esac
	ok $? "docs: ${line#"${line%%[! ]*}"}" "exit $rc: $(cat err.txt)"
done < <(commands attachments.md)
ok "$([ -s copy.jpg ]; echo $?)" "a copy has left"
is "$(commands attachments.ja.md | sed 's/"[^"]*"//')" "$(commands attachments.md | sed 's/"[^"]*"//')" "the Japanese page has the same commands"
tap_done
