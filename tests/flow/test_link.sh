# Equal name and birth date link by themselves; an equal reading waits for a person; nothing personal on
# the screen without a reason.
. tests/lib/tap.sh
. tests/lib/store.sh

cd "$SCRATCH" || exit 1
maps=$OLDPWD/tests/flow/registry
export TSUNAGI_STORE TSUNAGI_ACTOR=tester; TSUNAGI_STORE=$(store_url s)
sql() { store_sql s "$1"; }
printf '%s\n' '番号,氏名,カナ,生年月日' '1,髙橋　誠,タカハシ　マコト,1970-03-01' '2,渡辺　光,ワタナベ　ヒカル,1980-01-01' >a.csv
printf '%s\n' '番号,氏名,カナ,生年月日' '1,高橋　誠,タカハシ　マコト,1970-03-01' '2,渡邉　ひかる,ワタナベ　ヒカル,1980-01-01' >b.csv
for s in a b; do tsunagi import $s.csv --mapping "$maps/$s.cfg" --quiet >/dev/null || echo "import failed: $s"; done

is "$(sql "SELECT rule || state FROM person_link")" name-birth1 "variants of one name link"
exits 0 "candidates" tsunagi link list
like "$OUT" 'c[0-9]+ +open +kana-birth' "an equal reading waits"
unlike "$OUT" '渡辺|渡邉' "names are masked"
id=$(grep -o 'c[0-9]*' <<<"$OUT" | head -n 1)
exits 0 "a candidate" tsunagi link show "$id"
unlike "$OUT" '渡辺|ヒカル|1980-01' "is masked"
like "$OUT" 'name_kana .* same' "but tells what agrees"
is "$(sql "SELECT count(*) FROM audit WHERE action = 'reveal'")" 0 "nothing revealed, nothing in the audit log"
exits 0 "with a reason" tsunagi link show "$id" --reveal 'review'
like "$OUT" '渡辺　光' "values are shown"
is "$(sql "SELECT actor || ' ' || object FROM audit WHERE action = 'reveal'")" "tester link $id" "and it is on record"
unlike "$(sql "SELECT detail FROM audit")" '渡辺' "without a value"
exits 2 "a reason must be in words" tsunagi link show "$id" --reveal ''
exits 2 "accepting wants a reason" tsunagi link accept "$id"
exits 2 "undo of a candidate" tsunagi link undo "$id" --reason x
exits 0 "accepted" tsunagi link accept "$id" --reason 'asked'
is "$(sql "SELECT count(*) FROM person_link WHERE state = 1")" 2 "is a link"
exits 2 "no such candidate" tsunagi link accept c999 --reason x
exits 0 "all" tsunagi link list --all
link=$(grep -o '^l[0-9]*' <<<"$OUT" | tail -n 1)
exits 0 "taken back" tsunagi link undo "$link" --reason 'two persons'
is "$(sql "SELECT count(*) FROM person_link WHERE state = 1")" 1 "one link less"
tap_done
