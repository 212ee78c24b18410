# A file as it is, as the mapping reads it, and masked, before anything is stored.
. tests/lib/tap.sh

map=$PWD/tests/flow/people/mapping.cfg
cd "$SCRATCH" || exit 1
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '001,山田太郎,S45.3.1,03-1234-5678,山田太郎さん 03-1234-5678 <b>' \
	'002,佐藤,S99.9.99,,y' '003,鈴木,H1.1.8,,z' | iconv -f utf-8 -t cp932 >a.csv
exits 0 "preview" tsunagi preview a.csv --mapping "$map"
like "$OUT" '生年月日 +S45\.3\.1' "as it is"
like "$OUT" 'person\.birth_date +1970-03-01' "as read"
like "$OUT" 'person\.birth_date +1970-\*\*' "masked"
like "$OUT" 'rejected \[bad-date\]' "a reject says why"
exits 0 "one part" tsunagi preview a.csv --mapping "$map" --as masked --rows 1
unlike "$OUT" '山田太郎|1970-03|03-1234' "masked holds no value"
exits 0 "a page" tsunagi preview a.csv --mapping "$map" --html p.html
like "$(cat p.html)" '&lt;b&gt;' "escaped"
like "$(cat p.html)" 'person 生年月日' "fields as the forms call them"
exits 0 "masked, in Japanese" env TSUNAGI_LANG=ja tsunagi preview a.csv --mapping "$map" --as masked
like "$OUT" '【電話番号】' "what stands in place of a span has a Japanese name"
unlike "$(cat p.html)" '<b>|(src|href)=' "needs nothing from outside"
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '001,山田太郎,S45.3.1,なし,x' '00"2,佐藤,S49.9.9,,y' '003,鈴木,H1.1.8,,z' |
	iconv -f utf-8 -t cp932 >b.csv
sed 's/"電話 | phone"/{ value = "電話 | phone"; invalid = "null"; }/' "$map" >null.cfg
exits 0 "a cell that cannot be read" tsunagi preview b.csv --mapping null.cfg
like "$OUT" 'person\.phone +\[not readable: stays empty\] なし' "is told from a value"
is "$(grep -c 'person\.phone *\[not readable: stays empty\]$' <<<"$OUT")" 1 "masked without it"
is "$(grep -c '^column ' <<<"$OUT")" 2 "a line that is no record has no empty columns"
exits 7 "a file that is not there" tsunagi preview none.csv --mapping "$map"
exits 2 "rows" tsunagi preview a.csv --mapping "$map" --rows 0
[ -z "$(ls ./*.db 2>/dev/null)" ]; ok $? "nothing is stored"
tap_done
