# The way out: approval by two people, what each recipient gets, protection, bars, stop, the audit log.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url t)
export TSUNAGI_NOW=2026-06-15T10:00:00+09:00 TSUNAGI_ACTOR=carl
sample=$PWD/mappings/legacy-care-record/sample.csv
cp "$sample" "$SCRATCH/in.csv"
exits 5 "import" tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet

out() { # PROFILE NAME: exports as JSON Lines to $SCRATCH/NAME
	tsunagi export --profile "$1" --as jsonl --to "$SCRATCH/$2" --quiet 2>"$SCRATCH/.err"
}
as() { # WHO ARGUMENTS
	local who=$1
	shift
	TSUNAGI_ACTOR=$who tsunagi release "$@"
}

exits 6 "an unapproved profile is refused" tsunagi export --profile trusted-agency --as jsonl --to "$SCRATCH/a"
like "$ERR" "release propose trusted-agency" "and says what to do"
ok "$([ ! -e "$SCRATCH/a" ]; echo $?)" "nothing is written"
exits 6 "approving what nobody proposed" as ann approve trusted-agency
exits 2 "a word that release does not know" as ann aprove trusted-agency
like "$ERR" 'aprove' "is named"
as ann propose trusted-agency >"$SCRATCH/words"
is "$(grep -c '^支援経過 ' "$SCRATCH/words")" 1 "fields of one entity that change alike share a line"
like "$(cat "$SCRATCH/words")" "支援対象者 [^:]*、氏名、[^:]*: now shown as it is to 福祉課" "the proposal is shown in words"
exits 6 "the author does not approve" as ann approve trusted-agency
exits 0 "another one does" as bob approve trusted-agency
exits 0 "the other profile" as ann propose masked-agency
exits 0 "the other profile" as bob approve masked-agency

# 福祉課 (WEL) has the consent of most, 社会福祉協議会 (SWC) of nobody
exits 0 "release to the trusted agency" out trusted-agency a
exits 0 "release to the masked agency" out masked-agency b
like "$(cat "$SCRATCH/a")" '"name":"髙橋　花子"' "consent: the name as it was written"
unlike "$(cat "$SCRATCH/b")" '花子|一郎|さくら' "no consent: no name"
unlike "$(cat "$SCRATCH/a")" '茅ヶ崎|0467|2530041|253-0041' "no registry says anything: no address, no telephone"
is "$(stat -c %a "$SCRATCH/a")" 600 "files are 0600"
keys() { grep -o '"entity":"person","key":"[^"]*"' "$1" | sort; }
is "$(keys "$SCRATCH/a" | wc -l)" "$(keys "$SCRATCH/b" | wc -l)" "both know as many people"
is "$(comm -12 <(keys "$SCRATCH/a") <(keys "$SCRATCH/b") | wc -l)" 0 "under keys that have nothing in common"
out trusted-agency a2
same_file "$SCRATCH/a2" "$SCRATCH/a" "the same again is the same, to the byte"
exits 0 "with its summary" tsunagi export --profile masked-agency --as jsonl --to "$SCRATCH/b2"
like "$ERR" 'consent simulate PERSON --as SWC' "says how to learn why all of it is masked"
exits 0 "where some is open" tsunagi export --profile trusted-agency --as jsonl --to "$SCRATCH/a3"
unlike "$ERR" 'consent simulate' "it does not"

# the site decides how people count of whom no registry says anything; clear takes two
exits 0 "one person proposes" as ann protection clear --reason "住民記録と接続しない"
out trusted-agency c
unlike "$(cat "$SCRATCH/c")" '茅ヶ崎' "that is not enough"
exits 0 "the same person again" as ann protection clear
out trusted-agency c
unlike "$(cat "$SCRATCH/c")" '茅ヶ崎' "nor is that"
exits 0 "a second person" as bob protection clear
out trusted-agency c
like "$(cat "$SCRATCH/c")" '茅ヶ崎' "now the address goes with the consent"
exits 0 "back takes one" as ann protection unknown
out trusted-agency c
unlike "$(cat "$SCRATCH/c")" '茅ヶ崎' "at once"

# every form; XML valid against the derived schema
exits 0 "CSV" tsunagi export --profile trusted-agency --as csv --to "$SCRATCH/csv"
like "$OUT" "rows written +[0-9]+" "the summary counts"
like "$OUT" "audit head +[0-9]+ [0-9a-f]{64}" "and prints the head of the log"
is "$(head -c 3 "$SCRATCH/csv/person.csv" | od -An -tx1 | tr -d ' ')" efbbbf "CSV with a byte order mark for Excel"
exits 0 "CSV in CP932" tsunagi export --profile trusted-agency --as csv --to "$SCRATCH/csv2" --set encoding=cp932 --quiet
like "$(iconv -f CP932 -t UTF-8 "$SCRATCH/csv2/person.csv")" '髙橋' "髙 in CP932"
exits 0 "XML" tsunagi export --profile trusted-agency --as xml --to "$SCRATCH/x.xml" --quiet
tsunagi schema --as xsd >"$SCRATCH/x.xsd"
if command -v xmllint >/dev/null; then
	exits 0 "XML is valid against the derived schema" xmllint --noout --schema "$SCRATCH/x.xsd" "$SCRATCH/x.xml"
else
	skip "XML is valid against the derived schema" "no xmllint"
fi

# a bar, the stop
exits 0 "a bar, in letters of another width" as ann bar "ｗｅｌ " --reason "加害者側"
is "$OUT" "barred: WEL" "is one on the recipient that is meant"
exits 0 "a bar on nobody" as ann bar WELL --reason "加害者側"
like "$ERR" 'nobody here is called WELL' "says so"
out trusted-agency d
is "$(wc -c <"$SCRATCH/d")" 0 "a barred recipient gets nothing"
exits 6 "who barred does not lift it" as ann unbar WEL
exits 0 "somebody else does" as bob unbar WEL
exits 0 "all releases are stopped by one" as ann stop --reason "誤送信の疑い"
exits 6 "nothing leaves" tsunagi export --profile trusted-agency --as jsonl --to "$SCRATCH/e"
ok "$([ ! -e "$SCRATCH/e" ]; echo $?)" "no file"
exits 6 "who stopped does not resume" as ann resume
exits 0 "somebody else does" as bob resume --reason "確認済"
exits 0 "and it goes on" out trusted-agency e

# one case as each recipient sees it
exits 2 "a comparison on the terminal wants a reason" tsunagi release compare 2024-0000001 --profile trusted-agency
exits 2 "and a profile" tsunagi release compare 2024-0000001 --reveal test
exits 2 "and a case" tsunagi release compare 99 --profile trusted-agency --reveal test
exits 0 "a page" tsunagi release compare 2024-0000001 --profile trusted-agency --profile masked-agency \
	--reveal "窓口での説明" --html "$SCRATCH/page.html"
page=$(cat "$SCRATCH/page.html")
like "$page" 'as stored' "with what is stored"
like "$page" '<td class="note">髙橋　花子</td><td class="note"><span class="mask">●●</span><p>' "and with what each one gets"
unlike "$page" '<script|src=|href=' "and nothing from outside"
is "$(stat -c %a "$SCRATCH/page.html")" 600 "the page is 0600"
like "$(tsunagi audit list --format jsonl | grep '"reveal"')" '窓口での説明' "the reason is in the log"

# after its contract a recipient gets nothing
export TSUNAGI_NOW=2029-04-01T00:00:00+09:00
out trusted-agency f
is "$(wc -c <"$SCRATCH/f")" 0 "the day after the contract: nothing"
export TSUNAGI_NOW=2029-03-31T23:59:59+09:00
out trusted-agency f
like "$(cat "$SCRATCH/f")" '花子' "its last minute"

# wrong calls
exits 2 "no form" tsunagi export --profile trusted-agency --to "$SCRATCH/z"
exits 2 "no profile" tsunagi export --as csv --to "$SCRATCH/z"
exits 2 "a release does not go to standard output" tsunagi export --profile trusted-agency --as jsonl --to -
like "$ERR" 'Name a file' "and says what to do"
[ ! -e - ]
ok $? "nor into a file of that name"
exits 2 "an unknown profile" tsunagi export --profile nobody --as csv --to "$SCRATCH/z"
exits 3 "an unknown form" tsunagi export --profile trusted-agency --as pdf --to "$SCRATCH/z"
exits 7 "a target that cannot be written" tsunagi export --profile trusted-agency --as xml --to "$SCRATCH/no/such/folder/x.xml"
exits 2 "an unknown subcommand" tsunagi release aprove x
exits 2 "audit without a word" tsunagi audit

# the log
tsunagi audit list --format jsonl >"$SCRATCH/log"
unlike "$(cat "$SCRATCH/log")" '花子|髙橋|茅ヶ崎' "no value in the log"
like "$(cat "$SCRATCH/log")" '"action":"release-failed"' "failures are in it"
like "$(tsunagi release log --format csv)" '"trusted-agency","WEL","support","carl","done"' "releases are listed"
like "$(TSUNAGI_LANG=ja tsunagi release log)" 'trusted-agency +[^ ]+ \(WEL\) +支援 +carl +完了' "in words for people"
like "$(TSUNAGI_LANG=ja tsunagi release list)" ' プロファイル ' "those that may run, too"
like "$(TSUNAGI_LANG=ja tsunagi release list --format csv)" '"profile"' "with the code for programs"
like "$(tsunagi release items 1 --format csv)" '"person","[0-9]+","[0-9]+","open' "and their rows"
like "$(tsunagi release items 1)" '[0-9]{13}' "by the numbers that commands take"
like "$(TSUNAGI_LANG=ja tsunagi release items 1)" 'そのまま [0-9]+ 伏せる [0-9]+ 非提供 [0-9]' "in the words of the reader"
exits 0 "the chain is whole" tsunagi audit verify
head=$(tsunagi audit head | cut -d' ' -f2)
as ann stop >/dev/null
exits 0 "a head from an earlier printout is in it" tsunagi audit verify --head "$head"
like "$OUT" "the head given is row" "and named"
exits 11 "a foreign head is not" tsunagi audit verify --head 00
# one byte of the file altered behind our back
tsunagi audit verify >/dev/null
store_sql t "UPDATE audit SET action = 'profile-approvE' WHERE action = 'profile-approve'"
exits 11 "an altered row" tsunagi audit verify
like "$ERR" "row [0-9]+ does not fit" "is named"
# a system that numbers people and not cases has their numbers for both: as a case's it is seen as the person's is
printf '利用者番号,相談番号,保険番号,支援日,氏名,内容\n00012345,S-1,142075-0012345,R6.7.31,架空　花子,電話\n' >"$SCRATCH/numbers.csv"
sed 's/person: { fields = \[/person: { fields = ["client_no", /; s/case: { fields = \["person",/case: { fields = ["case_no",/' \
	config/profiles/masked-agency.cfg >"$SCRATCH/numbers.profile.cfg"
number() { # STORE COLUMN: what the recipient sees of a case whose number that is
	cat >"$SCRATCH/numbers.cfg" <<-X
		mapping: { name = "numbers"; system = "numbers"; source: { plugin = "csv"; encoding = "utf-8"; };
		  header = ("利用者番号", "相談番号", "保険番号", "支援日", "氏名", "内容"); key = "利用者番号"; };
		person: { key = "利用者番号"; client_no = "利用者番号"; name = "氏名 | name"; };
		case: { key = "利用者番号"; case_no = "$2"; };
		activity: { activity_on = "支援日 | date"; body = "内容"; };
	X
	TSUNAGI_STORE=$(store_url "numbers$1")
	tsunagi import "$SCRATCH/numbers.csv" --mapping "$SCRATCH/numbers.cfg" --quiet >/dev/null
	as ann propose "$SCRATCH/numbers.profile.cfg" >/dev/null
	as bob approve "$SCRATCH/numbers.profile.cfg" >/dev/null
	tsunagi consent grant 00012345 --as SWC --reason "署名" >/dev/null
	out "$SCRATCH/numbers.profile.cfg" numbers.jsonl
	grep -c '"entity":"person"' "$SCRATCH/numbers.jsonl"
	sed -n 's/.*"entity":"case".*"case_no":"\([^"]*\)".*/\1/p' "$SCRATCH/numbers.jsonl"
}
is "$(number 1 相談番号)" $'1\nS-1' "a case's own number is seen"
hides() { # STORE COLUMN NAME
	local seen
	seen=$(number "$1" "$2")
	[[ $seen == 1$'\n'?* && $seen != *12345* ]]
	ok $? "$3" "$seen"
}
hides 2 利用者番号 "a client's is not"
hides 3 "利用者番号 | replace('000', '')" "nor without its zeros"
hides 4 保険番号 "nor as a part of it"
tap_done
