# 外字一覧: every character of a run that does not travel (private use, variants, what CP932 does not have) with
# file, column, lines, count and what to write instead. What is stored is what was read.
. tests/lib/tap.sh
gaiji=$(printf '\xee\x80\x80') mj=$(printf '\xf4\x8d\xba\x92')
cat >"$SCRATCH/people.csv" <<CSV
番号,氏名,生年月日,電話,メモ
1,𠮷田　噓,S45.3.1,,葛󠄀城市、外字${gaiji}と${mj}${gaiji}、⑴
2,髙﨑　花,S46.3.1,,㈱ ～ − ①
CSV
tsunagi import "$SCRATCH/people.csv" --mapping tests/flow/people/mapping.cfg --set encoding=utf-8 --store "sqlite:$SCRATCH/g.db" --quiet --report "$SCRATCH/r.csv" >/dev/null
row() { tr -d '"\r' <"$SCRATCH/r.csv" | grep "^people.csv,$1,$2,"; }
is "$(row メモ U+E000)" "people.csv,メモ,U+E000,F040,2,2,〓,until the site's table says which it is" "a character of one site, with its code in CP932"
is "$(row メモ U+10DE92)" "people.csv,メモ,U+10DE92,,1,2,〓,until the site's table says which it is" "one of the government's own plane"
is "$(row メモ U+E0100)" "people.csv,メモ,U+E0100,,1,2,,the character in front of it alone" "a variant by its selector"
is "$(row 氏名 U+20BB7)" "people.csv,氏名,U+20BB7,,1,2,吉,the usual form" "a kanji that CP932 does not have"
is "$(row 氏名 U+5653)" "people.csv,氏名,U+5653,,1,2,嘘,the usual form" "and one beside those that it has"
is "$(row メモ U+2474)" "people.csv,メモ,U+2474,,1,2,(1),a compatible form" "a sign"
is "$(grep -c '^"people.csv"' "$SCRATCH/r.csv")" 6 "髙 﨑 ㈱ ～ ① are there in CP932: nothing to say"
is "$(sqlite3 "$SCRATCH/g.db" "SELECT name FROM cc_person ORDER BY id LIMIT 1")" "𠮷田　噓" "what is stored is what was written"
cp mappings/legacy-care-record/sample.csv "$SCRATCH/in.csv"
tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --store "sqlite:$SCRATCH/l.db" --quiet --report "$SCRATCH/r.html" >/dev/null 2>&1
like "$(cat "$SCRATCH/r.html")" '<td>U\+E000</td><td>F040</td>' "on the page to be signed, too"
tap_done
