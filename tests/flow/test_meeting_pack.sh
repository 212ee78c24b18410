# The commands of docs/meeting-pack.md and its Japanese twin; what is in the copies of two members, on
# consent and on the ground of a 支援会議.
. tests/lib/tap.sh
unset TSUNAGI_STORE TSUNAGI_ACTOR
export TSUNAGI_NOW=2026-06-15T10:00:00+09:00
root=$PWD
for doc in meeting-pack.md meeting-pack.ja.md; do
	mkdir "$SCRATCH/$doc" && cd "$SCRATCH/$doc" || exit 1
	cp "$root/mappings/legacy-care-record/sample.csv" cases.csv
	cp "$root/mappings/meetings/roster.sample.csv" roster.csv
	n=0
	while IFS= read -r line; do
		timeout 240 bash -c "$line" >out.txt 2>err.txt </dev/null
		rc=$?
		case $line in *import*) [ $rc -eq 0 ] || [ $rc -eq 5 ] ;; *pack*) [ $rc -eq 6 ] ;; *) [ $rc -eq 0 ] ;; esac
		ok $? "$doc: ${line#"${line%%[! ]*}"}" "exit $rc: $(cat err.txt)"
		n=$((n + 1))
	done < <(grep -E '^    (TSUNAGI_[A-Z]+=[^ ]+ )?tsunagi ' "$root/docs/$doc")
	is $n 5 "$doc: all commands were found"
	cd "$root" || exit 1
done
cd "$SCRATCH/meeting-pack.md" || exit 1
export TSUNAGI_STORE=sqlite:tsunagi.db TSUNAGI_ACTOR=carl
is "$(ls papers | tr '\n' ' ')" "01.html list.csv list.html " "one is approved: one copy, and the list"
like "$(cat papers/list.csv)" 'M-1-02.*not approved' "which says why there is no other"
for who in ann bob; do tsunagi release --help >/dev/null; TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "住民記録と接続しない" >/dev/null; done
TSUNAGI_ACTOR=ann tsunagi release propose meeting-swc >/dev/null
TSUNAGI_ACTOR=bob tsunagi release approve meeting-swc >/dev/null
exits 6 "both" tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers
one=$(cat papers/01.html) two=$(cat papers/02.html)
like "$one" '<dd>髙橋　花子</dd>' "a member with consent reads the name"
like "$one" '家賃が払えない' "and what was said"
unlike "$two" '花子|55年|1980|0467|茅ヶ崎' "one without: neither name nor date nor address"
like "$two" 'No. M-1-02.*社会福祉協議会' "its number and name"
is "$(grep -c 'No. M-1-02' papers/02.html)" 2 "at the head and the foot"
unlike "$one$two" '<script|src=|href=|@import|url\(' "nothing from outside"
like "$one" '来所（面談）' "codes are words"
is "$(stat -c %a papers/01.html papers/list.html | sort -u)" 600 "files are 0600"
log=$(tsunagi audit list --format jsonl | grep '"action":"release"' | tail -n 1)
like "$log" 'meeting.*M-1' "each copy is a release, with its meeting"
like "$log" 'case' "and its case"

# in order of days, not of the store: the plan of January was brought in after that of August
sqlite3 tsunagi.db "INSERT INTO cc_plan (id, record_id, person_id, case_id, plan_created_on, plan_no) SELECT id + 1, record_id, person_id, case_id, '2019-05-01', 'P2' FROM cc_plan WHERE case_id = (SELECT id FROM cc_case WHERE case_no = '2024-0000001');
	INSERT INTO cc_plan (id, record_id, person_id, case_id, plan_created_on, plan_no) SELECT id + 1, record_id, person_id, case_id, '2019-04-30', 'P1' FROM cc_plan WHERE plan_no = 'P2'"
tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers >/dev/null 2>&1
is "$(grep -o '作成日</dt><dd>[^<]*' papers/01.html | sed 's/.*>//' | tr '\n' ' ')" "平成31年4月30日 令和元年5月1日 令和6年8月5日 " "plans and course in order of days"
sqlite3 tsunagi.db "DELETE FROM cc_plan WHERE plan_no IN ('P1', 'P2')"

# a 支援会議 is a ground for its members between its days
sqlite3 tsunagi.db "UPDATE cc_meeting SET meeting_kind = 'shien'"
tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers >/dev/null 2>&1
like "$(cat papers/02.html)" '昭和55年' "in a 支援会議 the member sees more"
export TSUNAGI_NOW=2026-10-01T10:00:00+09:00
tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers >/dev/null 2>&1
unlike "$(cat papers/02.html)" '55年' "but not after its last day"
export TSUNAGI_NOW=2026-06-15T10:00:00+09:00

# a release for a meeting is for the case it is about
exits 0 "a release for a meeting" tsunagi export --profile meeting-welfare --meeting M-1 --as jsonl --to m1.jsonl
is "$(grep -c '"entity":"person"' m1.jsonl) $(grep -c '"entity":"case"' m1.jsonl)" "1 1" "has one case"
like "$(cat m1.jsonl)" '"name":"髙橋　花子"' "that of the meeting"
exits 2 "for another case" tsunagi export --profile meeting-welfare --meeting M-1 --case 2024-0000002 --as jsonl --to m2.jsonl
like "$(tsunagi export --profile meeting-welfare --meeting M-1 --case 2024-0000002 --as jsonl --to m2.jsonl 2>&1)" 'meeting M-1 is about another case' "says why"
ok "$([ ! -e m2.jsonl ]; echo $?)" "writes nothing"
exits 2 "a meeting that nobody knows" tsunagi export --profile meeting-welfare --meeting M-9 --as jsonl --to m9.jsonl

# who is barred from the client gets no paper at all: an empty one would show case and meeting
tsunagi release bar SWC --person 2024-0000001 --reason "加害者側" >/dev/null
exits 6 "a member who is barred" tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers
is "$(ls papers | tr '\n' ' ')" "01.html list.csv list.html " "gets none, and that of before is gone"
unlike "$(cat papers/list.*)" '禁|barred|加害' "the list that goes round does not say why"
exits 6 "nor a picture" tsunagi export --profile meeting-swc --as svg --case 2024-0000001 --to swc.svg
ok "$([ ! -e swc.svg ]; echo $?)" "there is no file"
exits 2 "a meeting of another case" tsunagi meeting pack 2024-0000002 --meeting M-1 --to papers
exits 2 "no folder" tsunagi meeting pack 2024-0000001 --meeting M-1

# the copy of before goes with whoever goes
tsunagi release unbar SWC --person 2024-0000001 --reason "別人" >/dev/null 2>&1 || TSUNAGI_ACTOR=ann tsunagi release unbar SWC --person 2024-0000001 --reason "別人" >/dev/null
both() { tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers --profile meeting-welfare --profile meeting-swc >/dev/null 2>&1; ls papers/02.html; }
is "$(both)" papers/02.html "two members, two copies"
tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers --profile meeting-welfare >/dev/null 2>&1
ok "$([ ! -e papers/02.html ]; echo $?)" "without a profile there is none, nor that of before"
is "$(both)" papers/02.html "again"
sqlite3 tsunagi.db "UPDATE cc_meeting SET members = '[\"WEL\"]'"
tsunagi meeting pack 2024-0000001 --meeting M-1 --to papers >/dev/null 2>&1
ok "$([ ! -e papers/02.html ]; echo $?)" "who is no member any more is handed none"
tap_done
