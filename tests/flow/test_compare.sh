# One case as each recipient would see it: a page with decisions and reasons, an entry in the log; nothing leaves.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url t)
export TSUNAGI_NOW=2026-06-15T10:00:00+09:00 TSUNAGI_ACTOR=carl
demo=$PWD/mappings/demo
# a text with brackets of its author, which are no mask
iconv -f CP932 -t UTF-8 "$demo/legacy.csv" | sed 's/家賃の滞納を/【重要】家賃の滞納を/' | iconv -f UTF-8 -t CP932 >"$SCRATCH/in.csv"
exits 5 "import" tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet
exits 0 "the registry: this household is not protected" \
	tsunagi import "$demo/registry-next.csv" --mapping registry-municipal --quiet
exits 0 "as the restrictions say" tsunagi import "$demo/protection.csv" --mapping registry-municipal/protection --quiet
both=(2026-0000101 --profile trusted-agency --profile masked-agency)
read_page() { # FILE: references to outside; "MASK text" for each mark; "label|text|text" for each row
	python3 - "$1" <<'P'
import html.parser, sys
class Page(html.parser.HTMLParser):
    rows, refs, marks, inside, why = [], [], [], '', 0
    def handle_starttag(self, tag, attrs):
        self.refs += [k for k, v in attrs if k in ('src', 'href', 'action')]
        self.refs += [tag] if tag in ('script', 'link', 'img', 'iframe') else []
        if tag == 'tr': self.rows.append([])
        if tag in ('td', 'th'): self.rows[-1].append('')
        if tag == 'p': self.why = 1
        if tag == 'span': self.marks.append('')
        if tag == 'span': self.inside = 1
    def handle_endtag(self, tag):
        if tag == 'p': self.why = 0
        if tag == 'span': self.inside = 0
    def handle_data(self, data):
        if self.inside: self.marks[-1] += data
        if self.rows and self.rows[-1] and not self.why: self.rows[-1][-1] += data.replace('\n', ' ')
p = Page()
p.feed(open(sys.argv[1], encoding='utf-8').read())
print('refs', p.refs)
for m in p.marks: print('MASK', m)
for r in p.rows: print('|'.join(c.strip() for c in r))
P
}

exits 0 "a page without approval, and without a reason" tsunagi release compare "${both[@]}" --html "$SCRATCH/p.html"
is "$(stat -c %a "$SCRATCH/p.html")" 600 "it is 0600"
read_page "$SCRATCH/p.html" >"$SCRATCH/p.txt"
like "$(cat "$SCRATCH/p.txt")" 'refs \[\]' "nothing from outside"
unlike "$(cat "$SCRATCH/p.html")" 'https?://|as stored' "no address, and no column of what is stored"
note=$(grep '相談内容' "$SCRATCH/p.txt")
masked=${note##*|}
is "$(tr -cd '|' <<<"$note" | wc -c)" 2 "one column for each recipient"
like "$(cat "$SCRATCH/p.html")" '→ [a-z]' "a reason in words"
is "$(grep -oE '^person( 2)? ?氏名' "$SCRATCH/p.txt" | tr -d ' ' | tr '\n' ' ')" "person氏名 person2氏名 " "the client of the file and the resident are two records"
unlike "$(sed 's/.*|//' "$SCRATCH/p.txt")" '髙橋|0467-82-1111|090-1234-5678' "no name of the client in the masked column"
unlike "$(grep MASK "$SCRATCH/p.txt")" '重要' "an author's brackets are no mask"
if tsunagi plugin list | grep -q '^detector'; then
	unlike "$masked" '花子|美咲|トメ|090-8765-4321' "no name and no number in the masked text"
	like "$masked" '【' "but what stands in place of them"
	tsunagi release propose masked-agency >/dev/null
	TSUNAGI_ACTOR=bob tsunagi release approve masked-agency >/dev/null
	tsunagi export --profile masked-agency --as jsonl --to "$SCRATCH/x" --quiet
	is "$masked" "$(python3 -c '
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    t = json.loads(line).get("consult_detail")
    if t and "家賃が２か月" in t: print(t.replace("\n", " "))' "$SCRATCH/x" | sed 's/〔提供[0-9]*〕$//')" "the column is what the recipient then gets"
	left=1
else
	skip "no name in the masked text" "no detector plugin"
	unlike "$note" '花子|美咲|家賃' "no text at all without a detector"
	left=0
fi

exits 0 "with a reason" tsunagi release compare "${both[@]}" --html "$SCRATCH/r.html" --reveal "プロファイルの確認"
like "$(read_page "$SCRATCH/r.html" | grep '相談内容')" '^[^|]*\|[^|]*美咲さんの連絡先は 090-8765-4321' "what is stored comes first"
exits 2 "on the terminal only with a reason" tsunagi release compare "${both[@]}"
exits 0 "with one" env TSUNAGI_LANG=ja tsunagi release compare "${both[@]}" --reveal "確認"
like "$OUT" '性別 +女性 \(2\) ' "codes are shown in words there, too"
like "$OUT" '相談方法 +[^a-z ]+ \([a-z_]+\) ' "each of them"
exits 2 "a case that is not there" tsunagi release compare 花子 --profile masked-agency --reveal x

is "$(tsunagi release log --format csv | grep -c '"done"')" $left "no release is written"
tsunagi audit list --format jsonl >"$SCRATCH/log"
is "$(grep -c '"action":"compare"' "$SCRATCH/log")" 3 "every look is in the log"
is "$(grep -c '"action":"reveal"' "$SCRATCH/log")" 2 "and the reason"
unlike "$(cat "$SCRATCH/log")" '花子|家賃|美咲' "without a value"
exits 0 "releases are stopped" tsunagi release stop --reason "試験"
exits 0 "a preview still works" tsunagi release compare "${both[@]}" --html "$SCRATCH/s.html"
tap_done
