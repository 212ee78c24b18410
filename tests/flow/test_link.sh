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
# Barred from one of the two, an agency gets neither; somebody says that they are two people, and it gets the other one.
store_copy s r
TSUNAGI_STORE=$(store_url r)
cat >p.cfg <<'E'
title = "t"; recipient: { id = "A"; name = "A"; }; purpose = "support"; unattended = "mask";
show: { identifier = "as_is"; contact = "as_is"; quasi = "as_is"; sensitive = "as_is"; narrative = "as_is"; operational = "as_is"; };
entities: { person: { fields = ["name", "name_kana"]; }; };
E
TSUNAGI_ACTOR=ann tsunagi release propose p.cfg >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve p.cfg >/dev/null
leave() { tsunagi export --profile p.cfg --as jsonl --to "$1" --quiet; grep -c '"entity":"person"' "$1"; }
is "$(leave before)" 4 "all leave, masked"
one=$(sql "SELECT a FROM link_candidate")
exits 0 "barred" tsunagi release bar A --person "$one" --reason x
is "$(leave barred)" 2 "neither record does"
exits 0 "refused" tsunagi link reject "$id" --reason 'two persons'
is "$(leave refused)" 3 "the other one does"
is "$(store_sql r "SELECT actor || ' ' || object FROM audit WHERE action = 'link-reject'")" "tester link $id" "and it is on the log"
like "$(tsunagi audit inspect --month "$(day 0 +%Y-%m)" --format csv)" 'link-reject' "where an auditor looks"
exits 0 "what was known" tsunagi consent simulate "$(sql "SELECT b FROM link_candidate")" --as A --on "$(day 0)" --known "$(day 0)"
unlike "$OUT" 'barred' "is known afterwards, too"
TSUNAGI_STORE=$(store_url s)
exits 2 "accepting wants a reason" tsunagi link accept "$id"
exits 2 "undo of a candidate" tsunagi link undo "$id" --reason x
exits 0 "accepted" tsunagi link accept "$id" --reason 'asked'
is "$(sql "SELECT count(*) FROM person_link WHERE state = 1")" 2 "is a link"
exits 2 "no such candidate" tsunagi link accept c999 --reason x
exits 0 "all" tsunagi link list --all
link=$(grep -o '^l[0-9]*' <<<"$OUT" | tail -n 1)
exits 0 "taken back" tsunagi link undo "$link" --reason 'two persons'
is "$(sql "SELECT count(*) FROM person_link WHERE state = 1")" 1 "one link less"
# The same where the restriction is that of somebody in the household of one of the two.
store_copy s h
TSUNAGI_STORE=$(store_url h)
sed 's/"name_kana"/"address"/' p.cfg >q.cfg
printf '%s\n' '番号,氏名,カナ,生年月日' '1,高井　誠二,タカイ　セイジ,1971-05-05' >a3.csv
read -r one two rule < <(store_sql h "SELECT a || ' ' || b || ' ' || id FROM person_link WHERE state = 1 AND rule = 'name-birth'")
mate=$(store_sql h "SELECT max(id) FROM cc_person WHERE id NOT IN ($one, $two)")
store_sql h "INSERT INTO cc_household (id, record_id, system_id, key) SELECT max(id) + 1000, min(record_id), min(system_id), 'h' FROM cc_person"
store_sql h "INSERT INTO cc_household_member (id, record_id, person_id, household_id) SELECT p.record_id * 256 + 200, p.record_id, p.id, h.id
	FROM cc_person p, cc_household h WHERE p.id IN ($two, $mate)"
for who in ann bob; do
	[ $who = ann ] && step=propose || step=approve
	TSUNAGI_ACTOR=$who tsunagi release $step q.cfg >/dev/null
	TSUNAGI_ACTOR=$who tsunagi release protection clear --reason 'no registry here' >/dev/null
done
hidden() { tsunagi consent simulate "$1" --as A --format jsonl | grep -c '"address-restricted"'; }
is "$(hidden "$one") $(hidden "$two")" "0 0" "nobody is under restriction"
tsunagi release protection protect --person "$mate" --reason x >/dev/null
exits 0 "another name, so that nothing but the link tells" tsunagi import a3.csv --mapping "$maps/a.cfg" --quiet
is "$([ "$(hidden "$one")" -gt 0 ] && [ "$(hidden "$two")" -gt 0 ]; echo $?)" 0 "then both records are"
exits 0 "taken back by one person" tsunagi link undo "l$rule" --reason 'two persons'
like "$OUT" "persons $one and $two stay under display restriction" "says what it does not do"
is "$([ "$(hidden "$one")" -gt 0 ] && [ "$(hidden "$two")" -gt 0 ]; echo $?)" 0 "both still are"
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --person "$one" --reason 'another person' >/dev/null; done
is "$(hidden "$one") $([ "$(hidden "$two")" -gt 0 ]; echo $?)" "0 0" "two people lift it, of the one they say"
# A word that stands where a name would says nothing about who it is.
TSUNAGI_STORE=$(store_url n)
for s in a b; do
	printf '%s\n' '番号,氏名,カナ,生年月日' '1,匿名　希望,,1990-01-01' '2,山田　花子,,1990-01-01' >n-$s.csv
	tsunagi import n-$s.csv --mapping "$maps/$s.cfg" --quiet >/dev/null || echo "import failed: $s"
done
is "$(store_sql n "SELECT p.name FROM person_link l JOIN cc_person p ON p.id = l.a")" "山田　花子" "two who want no name are not one person"
# Nor does what stands where a number would: those who have none are many people.
TSUNAGI_STORE=$(store_url w)
for s in a b; do
	cat >w.cfg <<-M
	mapping: { name = "w$s"; title = "$s"; system = "$s"; source: { plugin = "csv"; }; key = "番号"; header = ("番号", "宛名", "被保番", "氏名"); };
	person: { key = "番号"; atena_no = "宛名"; ltc_insured_no = "被保番"; name = "氏名 | name"; };
	M
	i=0
	echo '番号,宛名,被保番,氏名' >w.csv
	for none in 不明 なし - '#N/A' '#REF!' 0 0000000000 ００００ 9999999999 1.23457E+14 1234567890; do
		i=$((i + 1))
		printf '%s\n' "a$i,$none,,${s}山　$i" "b$i,,$none,${s}川　$i" >>w.csv
	done
	printf '%s\n' "c1,000000000000071,,${s}山　一" "c2,,0000000072,${s}川　一" >>w.csv
	exits 5 "words, zeros and what Excel leaves in place of numbers ($s)" tsunagi import w.csv --mapping w.cfg --quiet
done
is "$(store_sql w "SELECT (SELECT count(*) FROM person_link) + (SELECT count(*) FROM link_candidate)")" 2 "link nobody; two numbers do"
# Between two whom the rules keep apart, no third row makes one person of them: not one that says less, of this file or of
# another day, nor by two numbers.
TSUNAGI_STORE=$(store_url t)
for s in a b c d; do
	cat >$s.cfg <<-M
	mapping: { name = "t$s"; title = "$s"; system = "t$s"; source: { plugin = "csv"; }; key = "番号"; header = ("番号", "宛名", "被保番", "氏名", "生年月日"); };
	person: { key = "番号"; atena_no = "宛名"; ltc_insured_no = "被保番"; name = "氏名 | name"; birth_date = "生年月日 | date"; };
	M
done
printf '%s\n' '番号,宛名,被保番,氏名,生年月日' '1,000000000000071,,青田　一,' '2,000000000000072,,黄田　二,' '3,,,緑田　三,1970-03-03' >a1.csv
printf '%s\n' '番号,宛名,被保番,氏名,生年月日' '1,000000000000071,,青木　一,1950-01-01' '2,000000000000072,0000000082,黄木　二,1950-01-01' '3,000000000000073,,緑田　三,1970-03-03' >b1.csv
printf '%s\n' '番号,宛名,被保番,氏名,生年月日' '1,000000000000071,,青山　一,1960-01-01' '2,,0000000092,黄山　二,1960-01-01' '3,000000000000074,,緑田　三,1970-03-03' >c1.csv
printf '%s\n' '番号,宛名,被保番,氏名,生年月日' '2,000000000000072,0000000092,黄川　二,' >d1.csv
for s in a b c d; do tsunagi import ${s}1.csv --mapping $s.cfg --quiet >/dev/null || echo "import failed: $s"; done
born() { store_sql t "SELECT count(DISTINCT p.$1) FROM cc_person p LEFT JOIN person_identity i ON i.person_id = p.id WHERE p.$1 IS NOT NULL GROUP BY coalesce(i.identity, p.id) ORDER BY 1 DESC LIMIT 1"; }
is "$(born birth_date)" 1 "nobody was born on two days"
is "$(born atena_no)" 1 "nobody has two numbers"
is "$(store_sql t "SELECT count(*) FROM person_link")" 4 "the others are linked"
is "$(store_sql t "SELECT count(*) FROM link_candidate")" 3 "these wait for a person"
is "$(store_sql t "SELECT count(*) FROM person_link l JOIN link_candidate c ON c.a = l.a AND c.b = l.b")" 0 "no pair is both"
# Restricted while two records were one, both stay so when one person takes the link back: whom it was meant for nobody knows.
TSUNAGI_STORE=$(store_url k)
for s in a b; do
	cat >$s.cfg <<-M
	mapping: { name = "$s"; title = "$s"; system = "$s"; source: { plugin = "csv"; }; key = "番号"; header = ("番号", "宛名", "氏名", "カナ", "生年月日", "住所"); };
	person: { key = "番号"; atena_no = "宛名"; name = "氏名 | name"; name_kana = "カナ | kana"; birth_date = "生年月日 | date"; address = "住所"; };
	M
done
printf '%s\n' '番号,宛名,氏名,カナ,生年月日,住所' '1,000000000000071,渡辺　光,ワタナベ　ヒカル,1980-01-01,緑区松町9-1' >a2.csv
printf '%s\n' '番号,宛名,氏名,カナ,生年月日,住所' '1,000000000000071,坂本　光,サカモト　ヒカル,1980-01-01,緑区谷町7-7' >b2.csv
for s in a b; do tsunagi import ${s}2.csv --mapping $s.cfg --quiet >/dev/null || echo "import failed: $s"; done
sed 's/"name_kana"/"name_kana", "address"/' p.cfg >address.cfg
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "no registry" >/dev/null; done
TSUNAGI_ACTOR=ann tsunagi release propose address.cfg >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve address.cfg >/dev/null
for id in $(store_sql k "SELECT id FROM cc_person"); do tsunagi consent grant "$id" --as A --reason signed >/dev/null; done
leaves() { tsunagi export --profile address.cfg --as jsonl --to hers --quiet; OUT=$(cat hers); }
is "$(store_sql k "SELECT count(*) FROM person_link WHERE state = 1")" 1 "one number links two names"
leaves
like "$OUT" '谷町7-7' "who is clear is shown"
exits 0 "restricted" tsunagi release protection protect --person "$(store_sql k "SELECT min(id) FROM cc_person")" --reason "asked at the counter"
leaves
unlike "$OUT" '松町9-1|谷町7-7' "under both names"
exits 0 "one person takes the link back" tsunagi link undo l1 --reason 'two persons'
leaves
unlike "$OUT" '松町9-1|谷町7-7' "lifts nothing of either"
for who in ann bob; do exits 0 "$who lifts it of one" env TSUNAGI_ACTOR=$who tsunagi release protection clear --person "$(store_sql k "SELECT max(id) FROM cc_person")" --reason "somebody else"; done
leaves
like "$OUT" '谷町7-7' "two people do"
unlike "$OUT" '松町9-1' "not of the other"
# Who may be somebody under restriction is not cleared by one person who says that it is somebody whom two have cleared; nor by
# one who takes a run back that had linked them.
TSUNAGI_STORE=$(store_url m)
sed -i 's/"住所")/"住所", "電話")/; s/address = "住所"/&; phone = "電話 | phone"/' a.cfg b.cfg
sed -i 's/"address"/&, "phone"/' address.cfg
printf '%s\n' '番号,宛名,氏名,カナ,生年月日,住所,電話' '1,000000000000071,渡辺　光,ワタナベ　ヒカル,1980-01-01,緑区谷町7-7,' \
	'2,,坂本　泉,サカモト　イズミ,1970-01-01,緑区松町9-1,' '3,,堀　梢,ホリ　コズエ,1970-02-01,緑区原町2-2,' >a2.csv
printf '%s\n' '番号,宛名,氏名,カナ,生年月日,住所,電話' '1,000000000000071,坂本　光,サカモト　ヒカル,1990-05-05,緑区松町9-1,045-555-0199' \
	'2,,堀　小枝,ホリ　サエ,1970-02-01,緑区塚町3-3,' >b2.csv
for s in a b; do tsunagi import ${s}2.csv --mapping $s.cfg --quiet >/dev/null || echo "import failed: $s"; done
person() { store_sql m "SELECT p.id FROM cc_person p JOIN system y ON y.id = p.system_id WHERE y.name = '$1' AND p.key = '$2'"; }
TSUNAGI_ACTOR=ann tsunagi release propose address.cfg >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve address.cfg >/dev/null
for id in $(store_sql m "SELECT id FROM cc_person"); do tsunagi consent grant "$id" --as A --reason signed >/dev/null; done
for who in ann bob; do
	TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "no registry" >/dev/null
	TSUNAGI_ACTOR=$who tsunagi release protection clear --person "$(person a 1)" --reason "papers seen" >/dev/null
done
for key in 2 3; do tsunagi release protection protect --person "$(person a $key)" --reason "asked at the counter" >/dev/null; done
leaves
like "$OUT" '谷町7-7' "who is clear is shown"
unlike "$OUT" '045-?555' "who may be hers is not"
c=$(store_sql m "SELECT min(id) FROM link_candidate WHERE state = 1")
exits 0 "one person links the two" env TSUNAGI_ACTOR=carl tsunagi link accept "c$c" --reason "same person"
like "$OUT" 'stay under display restriction' "says what it does not do"
leaves
unlike "$OUT" '045-?555' "which shows nothing"
for who in ann bob; do exits 0 "$who lifts it" env TSUNAGI_ACTOR=$who tsunagi release protection clear --person "$(person b 1)" --reason "papers seen"; done
leaves
like "$OUT" '045-?555' "two people do"

printf '%s\n' '番号,宛名,氏名,カナ,生年月日,住所,電話' '2,000000000000088,坂本　泉,サカモト　イズミ,1970-01-01,緑区松町9-1,' '3,000000000000099,堀　梢,ホリ　コズエ,1970-02-01,緑区原町2-2,' >a2.csv
printf '%s\n' '番号,宛名,氏名,カナ,生年月日,住所,電話' '2,000000000000099,堀　小枝,ホリ　サエ,1970-02-01,緑区塚町3-3,' >b2.csv
leaves
like "$OUT" '塚町3-3' "nobody knows that she is one under restriction"
for s in a b; do tsunagi import ${s}2.csv --mapping $s.cfg --quiet >/dev/null || echo "import failed: $s"; done
leaves
unlike "$OUT" '塚町3-3' "a file says it by a number"
exits 0 "one person takes that file back" tsunagi undo "$(store_sql m "SELECT max(id) FROM run")"
leaves
unlike "$OUT" '塚町3-3' "which lifts nothing"

# Systems write one reading with and without blanks, small letters, voiced marks: the question is asked all the same, not
# where it reads otherwise or the day is another.
TSUNAGI_STORE=$(store_url k)
printf '%s\n' '番号,氏名,カナ,生年月日' '1,京子,ﾀﾅﾍﾞ ｷﾖｳｺ,1970-03-01' '2,翔太,ｼﾖｳﾀ,1980-01-01' '3,純子,ｼﾞﾕﾝｺ,1975-01-01' >a.csv
printf '%s\n' '番号,氏名,カナ,生年月日' '1,今日子,タナベ　キョウコ,1970-03-01' '2,正太,ショウタ,1980-01-02' '3,順子,ジュンゴ,1975-01-01' '4,準,ジュン,1975-01-01' >b.csv
for s in a b; do tsunagi import $s.csv --mapping "$maps/$s.cfg" --quiet >/dev/null || echo "import failed: $s"; done
is "$(store_sql k "SELECT p.key || '=' || q.key || ' ' || rule FROM link_candidate c JOIN cc_person p ON p.id = c.a JOIN cc_person q ON q.id = c.b ORDER BY 1" | tr '\n' ,)" \
	'1=1 kana-birth,3=3 kana-birth,' "one reading, however it is spelled"
tap_done
