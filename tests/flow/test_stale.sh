# What a case knows of its people changes, its texts do not: they are read once more before they leave, for what is known
# now and for what was known when they were written. No detector finds any of the words without being told.
. tests/lib/tap.sh
. tests/lib/store.sh
if ! tsunagi plugin list | grep -q detector; then
	skip "texts of which more is known" "no detector plugin"
	tap_done
	exit
fi
# a tagger takes some of them for names of somebody
export TSUNAGI_DETECTORS=tagger.dictionary=/nonexistent
export TSUNAGI_STORE TSUNAGI_ACTOR=carl TSUNAGI_NOW=2026-06-15T10:00:00+09:00; TSUNAGI_STORE=$(store_url t)
words='きずな|あゆみ|みどり|いつか|211/(1111|5555)|[27]-[38]-[49]'
text='きずなと話す。あゆみと話す。みどりと話す。いつかと話す。211/1111と211/5555。2-3-4のこと、7-8-9のこと。'
echo "{\"id\":1,\"text\":\"$text\"}" >"$SCRATCH/untold"
exits 0 "who is told nothing" tsunagi mask "$SCRATCH/untold" --as text
is "$(grep -oE "$words" <<<"$OUT" | sort -u | wc -l)" 8 "finds none of these words"

site() { # ROW=COLUMN=VALUE... ; a file of two clients
	python3 - "$SCRATCH/in.csv" "$text" "$@" <<'E'
import csv, sys
rows = list(csv.reader(open("mappings/legacy-care-record/sample.csv", encoding="cp932", newline="")))
at = {n: i for i, n in enumerate(rows[0])}
one, two = (next(r for r in rows if r[0].endswith(n)) for n in ("0000001", "0000003"))
one[at["相談内容"]] = sys.argv[2]
for setting in sys.argv[3:]:
    row, name, value = setting.split("=")
    (one if row == "1" else two)[at[name]] = value
csv.writer(open(sys.argv[1], "w", encoding="cp932", newline=""), lineterminator="\r\n").writerows([rows[0], one, two])
E
	tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
}
out() { # the text as somebody reads it who sees no names, and how many were read once more
	SUM=$(tsunagi export --profile masked-agency --as jsonl --to "$SCRATCH/out")
	TEXT=$(sed -n 's/.*"consult_detail":"\([^"]*話す[^"]*\)".*/\1/p' "$SCRATCH/out")
	AGAIN=$(sed -n 's/^texts scanned again *//p' <<<"$SUM")
}
told() { # NAME ROW=COLUMN=VALUE...
	site "${@:2}"
	out
	[ "$AGAIN" -ge 1 ]
	ok $? "$1: the text is read once more"
}
site
TSUNAGI_ACTOR=ann tsunagi release propose masked-agency >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve masked-agency >/dev/null
tsunagi release protection clear >/dev/null && TSUNAGI_ACTOR=ann tsunagi release protection clear >/dev/null
out
is "$(grep -oE "$words" <<<"$TEXT" | sort -u | wc -l)" 8 "nor does a case that knows of none"

told "another name" '1=氏名=髙橋　きずな'
unlike "$TEXT" 'きずな' "it is masked"
name=('1=氏名=髙橋　歩' '1=氏名カナ=ﾀｶﾊｼ ｱﾕﾐ')
told "one more name" "${name[@]}"
unlike "$TEXT" 'あゆみ' "it is masked"
unlike "$TEXT" 'きずな' "and so is the one before, of which the text was written"
told "another telephone number" "${name[@]}" '1=電話番号=045-211-1111'
unlike "$TEXT" '211/1111' "it is masked"
told "a number and an address" "${name[@]}" '1=電話番号=045-211-5555' '1=町名番地=共恵２－３－４'
unlike "$TEXT" '211/5555|2-3-4' "they are masked"
unlike "$TEXT" '211/1111' "and so is the number before"
now=("${name[@]}" '1=電話番号=045-211-5555' '1=町名番地=本町７－８－９')
told "they move" "${now[@]}"
unlike "$TEXT" '7-8-9' "the new house is masked"
unlike "$TEXT" '2-3-4' "and the old one, too"
like "$TEXT" '^【本人】と話す。【本人】と話す。みどり' "whose names they are is known"

store_sql t "UPDATE cc_person SET alias_name = '李　みどり' WHERE name = '髙橋　歩'"
out
unlike "$TEXT" 'みどり' "a name they go by"
told "somebody with their reading and birth date" "${now[@]}" '2=氏名=高林　いつか' '2=氏名カナ=ﾀｶﾊｼ ｱﾕﾐ' '2=生年月日=S55.3.4'
like "$TEXT" 'いつか' "may be somebody else, whose name is not known here"
for i in $(seq 60); do echo "INSERT INTO cc_certification (id, record_id, person_id, cert_no) SELECT 900 + $i, record_id, id, '第${i}0000$i号' FROM cc_person WHERE name = '髙橋　歩';"; done >"$SCRATCH/papers"
store_sql t "$(cat "$SCRATCH/papers")"
exits 0 "it turns out that there is but one client" tsunagi link accept c1 --reason "asked at the counter"
out
unlike "$TEXT" "$words" "nothing is left that anybody knew, however much that is"
out
is "$AGAIN" 0 "and the next release reads nothing again"
tap_done
