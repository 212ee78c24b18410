# The resident registry beside the case records: who is linked to a case and their household, the latest
# row of each, no number that must not exist anywhere, header variants, protections, and a second dump in
# which a household has grown.
. tests/lib/tap.sh

dir=mappings/registry-municipal
data=$SCRATCH/data
mkdir "$data"

feed() { # EXIT FOLDER FILE MAPPING
	cp "$3" "$2/in.csv" # the file of rejects comes to lie beside it
	tsunagi import "$2/in.csv" --mapping "$4" --store "sqlite:$2/t.db" --quiet >"$SCRATCH/out" 2>"$SCRATCH/err"
	is $? "$1" "${3##*/} is imported"
	rm "$2/in.csv" # what remains is ours
}
held() { python3 tests/lib/dump_store.py "$1/t.db"; } # FOLDER

feed 5 "$data" mappings/demo/legacy.csv legacy-care-record
feed 5 "$data" $dir/protection.sample.csv registry-municipal/protection
like "$(cat "$SCRATCH/out")" 'out of scope +4' "a protection before the registry finds nobody"
feed 5 "$data" $dir/sample.csv registry-municipal
like "$(cat "$SCRATCH/out")" 'new +13
' "clients and their households come in"
feed 5 "$data" $dir/protection.sample.csv registry-municipal/protection
like "$(cat "$SCRATCH/out")" 'new +2
' "the same protections after it find a client and her child"
held "$data" >"$SCRATCH/held"
unlike "$(cat "$SCRATCH/held")" '中村|小林|1000021|1000024' "those of others are forgotten"

hanako=$(grep '"person", "key": "000000001000001"' "$SCRATCH/held")
like "$hanako" '茅ヶ崎一丁目２番３号' "the latest row of a person counts"
like "$hanako" '"household": "household/000000000020001"' "who belongs to a household"
unlike "$(cat "$SCRATCH/held")" '若松町' "rows of the history are out of scope"
unlike "$(cat "$SCRATCH/held")" '誤　記載' "so are rows deleted at the source"
unlike "$(cat "$SCRATCH/held")" '岡﨑' "and rows that other services must not see"
like "$(grep protection "$SCRATCH/held" | grep 1000004)" \
	'"protection_state": "protected".*"protect_role": "applicant"' "the protection of a client"
like "$(grep protection "$SCRATCH/held" | grep 1000005)" '"protect_role": "joint"' "and of her child"
unlike "$(grep '"entity": "protection"' "$SCRATCH/held")" '"clear"' "no feed says that somebody is not protected"

# nowhere: neither in tables nor in what is left of them in the files, nor in the log of the database
python3 - $dir/sample.csv >"$SCRATCH/numbers" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding='utf-8-sig', newline='')))
for r in rows[1:]:
    for c in ('個人番号', '住民票コード', '基礎年金番号', '在留カード等番号'):
        at = rows[0].index(c)
        # in the broken record, behind the comma, they stand one cell later
        v = r[at + (len(r) > len(rows[0]) and at > rows[0].index('住所_方書'))]
        if v:
            print(v)
PY
[ "$(wc -l <"$SCRATCH/numbers")" -gt 100 ]
ok $? "the sample holds numbers that must not come in"
! grep -raqFf "$SCRATCH/numbers" "$data"
ok $? "none of them is anywhere in the data folder" "$(grep -raclFf "$SCRATCH/numbers" "$data")"
! grep -raqF '架空　太郎' "$data"
ok $? "nor is the name of the other side"

# certificates beside it: of those who are linked to a case, and of their households, nobody else
certs=mappings/certification
# another system spells names in its own way
iconv -f CP932 -t UTF-8 $certs/sample.csv | sed 's/髙/高/' | iconv -f UTF-8 -t CP932 >"$SCRATCH/certs.csv"
feed 0 "$data" "$SCRATCH/certs.csv" certification
like "$(cat "$SCRATCH/out")" 'out of scope +[1-9]' "certificates of strangers are out of scope"
feed 0 "$data" $certs/handbook.sample.csv certification/handbook
held "$data" | grep '"entity": "certification"' >"$SCRATCH/certs"
like "$(grep '"care_level": "21"' "$SCRATCH/certs")" '"person": "person/介護0000012345"' "who lives with a client"
is "$(grep -c '"ltc_insured_no": "0000012348"' "$SCRATCH/certs")" 2 "by name and birth date, with the certificate before"
like "$(grep '"mental_grade": "3"' "$SCRATCH/certs")" '"person": "person/手帳000000001000001"' "a number that lost its zeros"
unlike "$(cat "$SCRATCH/certs")" '0000012399|第555号' "those of others are not there"
feed 0 "$data" $certs/handbook-wide.sample.csv certification/handbook-wide
is "$(sqlite3 "$data/t.db" "SELECT cert_kind, coalesce(cert_grade, ryoiku_grade, mental_grade, support_level, self_support_medical)
	FROM cc_certification c JOIN record r ON r.id = c.record_id WHERE r.run_id = (SELECT max(id) FROM run) ORDER BY c.id" 2>&1)" \
	'physical|2
support_level|4
intellectual|B2
mental|2
medical|["mental"]' "a ledger with all booklets of a person beside each other"
# what guess makes of a list of another vendor: looked up, numbers of full length, no name of the registry's touched
printf '抽出日,R8.6.1\r\n№,保険者コード,被保番号,被保険者名,カナ,性別名,住民コード,要介護度,認定年月日,有効期間（自）,有効期間（至）,処理状況\r\n1,142075,12345,高橋　トメ,ﾀｶﾊｼ ﾄﾒ,女,1000003,要介護２,R9.4.20,令和09年05月01日,令和12年04月30日,済\r\n2,142075,99999,架空　太郎,ｶｸｳ ﾀﾛｳ,男,,介3,R8.2.10,R8.1.5,R9.1.31,済\r\n3,142075,H000000009,架空　次郎,ｶｸｳ ｼﾞﾛｳ,男,9000009,区変中,,,,申請中\r\n合計,,3件\r\n' | iconv -f UTF-8 -t UTF-16 >"$SCRATCH/other.csv"
exits 0 "a list of another vendor" tsunagi guess "$SCRATCH/other.csv" --out "$SCRATCH/other.cfg"
like "$(cat "$SCRATCH/other.cfg")" 'mode   = "lookup"' "is told to be one of certifications"
feed 0 "$data" "$SCRATCH/other.csv" "$SCRATCH/other.cfg"
is "$(held "$data" | grep -c '"person": "person/認定000000001000003".*"care_level": "22".*"care_valid_from": "2027-05-01"')" 1 "and read with what guess wrote"
like "$(held "$data" | grep '"person", "key": "000000001000003"')" '"name": "髙橋　トメ".*"name_kana": "タカハシ　トメ"' "the registry's own words stay"

# what is the same under another header
variant() { # NAME COMMAND...
	local v=$SCRATCH/v name=$1
	shift
	rm -rf "$v" && mkdir "$v"
	"$@" <$dir/sample.csv >"$v/residents.csv"
	! cmp -s "$v/residents.csv" $dir/sample.csv
	ok $? "$name: another header"
	feed 5 "$v" mappings/demo/legacy.csv legacy-care-record
	feed 5 "$v" "$v/residents.csv" registry-municipal
	rm "$v/residents.csv"
	held "$v" | grep -v '^{"reject"' >"$SCRATCH/got"
	grep -v '^{"reject"\|"entity": "protection"' "$SCRATCH/held" >"$SCRATCH/want"
	same_file "$SCRATCH/got" "$SCRATCH/want" "$name: gives the same rows"
}
without_last() {
	python3 -c 'import sys
for line in sys.stdin:
    print(line.rstrip("\n").rpartition(",")[0])'
}
variant "spellings" sed '1s/,氏名_フリガナ,/,氏名_振り仮名（フリガナ）,/; 1s/続柄コード1/続柄コード/; 1s/,住所_番地号表記/,住所_地番号表記/'
variant "the 122 columns without 個人番号" without_last
variant "CRLF" sed 's/$/\r/'

sed '1s/,世帯番号,/,世帯ファイル番号,/' $dir/sample.csv >"$SCRATCH/drift.csv"
exits 10 "another column stops the run" \
	tsunagi import "$SCRATCH/drift.csv" --mapping registry-municipal --store "sqlite:$SCRATCH/drift.db" --quiet

# the demo: the next dump, a sister has moved in
demo=$SCRATCH/demo
mkdir "$demo"
feed 5 "$demo" mappings/demo/legacy.csv legacy-care-record
feed 0 "$demo" mappings/demo/registry.csv registry-municipal
feed 0 "$demo" mappings/demo/protection.csv registry-municipal/protection
feed 0 "$demo" mappings/demo/protection.csv registry-municipal/protection
like "$(cat "$SCRATCH/out")" 'nothing to do' "protections again are no work"
held "$demo" >"$SCRATCH/before"
feed 0 "$demo" mappings/demo/registry-next.csv registry-municipal
held "$demo" >"$SCRATCH/next"
diff "$SCRATCH/before" "$SCRATCH/next" | grep '^[<>]' >"$SCRATCH/changes"
unlike "$(cat "$SCRATCH/changes")" '^<' "nothing else has changed"
like "$(grep household_member "$SCRATCH/changes")" '"relation": "妹"' "a household has a member more"
is "$(grep -c 'household/000000000020001.*"relation"' "$SCRATCH/next")" 4 "four people live there"
like "$(grep '"entity": "person"' "$SCRATCH/changes")" '髙橋　美咲' "and she is known by name"
like "$(grep '"consult_detail"' "$SCRATCH/next")" '妹の美咲さん' "as an older note has it"
feed 0 "$demo" mappings/demo/protection.csv registry-municipal/protection
unlike "$(cat "$SCRATCH/out")" 'nothing to do' "with new people, the same protections are looked through again"

# the standard's files: codes instead of words, other quotes and line ends, columns that an implementation leaves out
std=$SCRATCH/std
mkdir "$std"
printf '相談番号,宛名番号,氏名,生年月日\nS-1,,小川　恵,1980-09-09\nS-2,,林　ツル,1930-05-05\nS-3,000000003000012,,\nS-4,,堀　真由美,1985-10-10\nS-5,,中川　修,1988-08-18\nS-6,,佐伯　正,1944-04-14\n' >"$SCRATCH/cases.csv"
feed 0 "$std" "$SCRATCH/cases.csv" tests/flow/registry/cases.cfg
standard=mappings/registry-standard
feed 0 "$std" $standard/sample.csv registry-standard
like "$(cat "$SCRATCH/out")" 'out of scope +5' "history, deleted, not for others, strangers"
like "$(cat "$SCRATCH/out")" '続柄コード1.* unknown-key +1|続柄コード1 .*1' "a code that nobody explained is reported"
held "$std" >"$SCRATCH/held"
unlike "$(cat "$SCRATCH/held")" '野村　隆|礼子|若松町|誤記|無縁|AB12345678CD|20000000' "none of them is there, nor numbers that must not be"
mates() { tsunagi resident household "$1" --store "sqlite:$std/t.db" --format csv | tail -n +2 | cut -d, -f3-5 | tr -d '"\r'; }
is "$(mates S-1)" "夫の父,yes,世帯主
夫の母,usually,妻
夫の母の母,usually,妻の母
夫,usually,子
子,usually,子の子
夫の父の弟,yes,弟
,,縁故者
,,同居人
,,
,," "codes of two generations, as the son's wife sees them; an unknown one says nothing"
is "$(mates S-2)" "子の夫,yes,世帯主
子,yes,妻
孫,usually,子
子の子の妻,usually,子の妻
ひ孫,usually,子の子
子の夫の弟,yes,弟
,,縁故者
,,同居人
,,
,," "and as the wife's mother does"
is "$(mates S-5)" "妻,yes,世帯主" "the words count where there are some"
like "$(grep '"name": "小川　キヨ"' "$SCRATCH/held")" '"birth_text": "昭和10年2月頃"' "a day that is not known"
like "$(grep '"name": "佐伯　正"' "$SCRATCH/held")" '"next_address": "架空県みなと市港町１番"' "where somebody has moved"
printf '宛名番号,履歴番号,支援措置開始年月日,支援措置終了年月日,支援措置区分,仮支援措置,併せて支援を求める者,加害者氏名,加害者住所,削除フラグ\n000000003000016,1,2026-04-01,2027-03-31,1,0,0,架空　太郎,架空県,0\n000000003000017,1,2026-04-01,2027-03-31,1,0,1,,,0\n' >"$SCRATCH/shien.csv"
feed 0 "$std" "$SCRATCH/shien.csv" registry-municipal/protection
is "$(held "$std" | grep -c '"protection_state": "protected"')" 2 "protections meet the same numbers"
python3 - $standard/sample.csv >"$SCRATCH/std-next.csv" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding='utf-8', newline='')))
at = {c: i for i, c in enumerate(rows[0])}
for r in rows[1:]:
    if r[at['最新フラグ']] != '1':
        continue
    if r[at['宛名番号']].endswith('3000001'):
        r[at['住民状態']], r[at['消除の事由']], r[at['消除の異動年月日']] = '3', '3', '2026-07-10'
    if r[at['宛名番号']].endswith('3000016'):
        r[at['住所_町字']] = '新栄町'
    if r[at['宛名番号']].endswith('3000007'):
        r[at['続柄コード1']], r[at['続柄コード2']], r[at['世帯番号']] = '02', '', '000000000049999'
drop = at['住所_番地枝番数値']  # a column fewer
w = csv.writer(sys.stdout, lineterminator='\n')
for r in rows:
    w.writerow(r[:drop] + r[drop + 1:])
PY
feed 0 "$std" "$SCRATCH/std-next.csv" registry-standard
is "$(tsunagi resident --store "sqlite:$std/t.db" --format csv | tail -n +2 | cut -d, -f3 | tr -d '"\r' | sort | paste -sd' ')" \
	"世帯分離 住所の変更 死亡" "a later dump with a column fewer raises events"
like "$(sqlite3 "$std/t.db" 'SELECT task_title FROM cc_task')" '死亡（夫の父）2026-07-10' "told from the client's side"

tap_done
