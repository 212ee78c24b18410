# Consents by hand: what is recorded, what follows, and what held, or was known, on a day that is past.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_ACTOR=carl; TSUNAGI_STORE=$(store_url t)
root=$PWD sample=$PWD/mappings/legacy-care-record/sample.csv one=2024-0000001
mkdir "$SCRATCH/plugins" && cp "$BUILD"/plugins/{source-csv,sink-json}.so "$SCRATCH/plugins" && export TSUNAGI_PLUGINS=$SCRATCH/plugins
at() { export TSUNAGI_NOW=2026-06-$1T${2:-10:00:00}+09:00; }
load() { # [SED]: the sample as it is, or changed, from then on
	iconv -f CP932 -t UTF-8 "$sample" | sed "${1:-}" | iconv -f UTF-8 -t CP932 >"$SCRATCH/in.csv"
	tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet
}
sees() { # AGENCY ON [KNOWN]: the gate's reason for names
	tsunagi consent simulate $one --as "$1" --on "2026-06-$2" ${3:+--known "2026-06-$3"} --format csv |
		grep '"identifier","ordinary"' | cut -d, -f8 | tr -d '"'
}
consent() { local what=$1; shift; exits 0 "$what $*" tsunagi consent "$what" $one "$@"; }

at 01
exits 5 "import" load
sed 's/id = "WEL"/id = "HLT"/; s/name = "[^"]*"/name = "保健所"/' config/profiles/trusted-agency.cfg >"$SCRATCH/hlt.cfg"
for p in trusted-agency masked-agency "$SCRATCH/hlt.cfg"; do
	TSUNAGI_ACTOR=ann tsunagi release propose "$p" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$p" >/dev/null
done
is "$(sees WEL 01)" consent-given "a consent that a source brought"
is "$(sees SWC 01)" no-consent "nothing was said"
is "$(sees EDU 01)" recipient-unknown "no approved profile"
like "$(tsunagi consent simulate $one --as '*' --on 2026-06-01 --format csv)" '"HLT".*"SWC".*"WEL"' "all recipients at once"
is "$(sees WEL 01 00 2>/dev/null)" "" "a day that is none"

# trying writes nothing
at 10
runs=$(tsunagi runs --format csv)
consent withdraw --as WEL --reason "by telephone" --dry-run
like "$OUT" 'identifier +ordinary +as it is +masked' "the dry run says what would change"
is "$(tsunagi runs --format csv) $(store_sql t 'SELECT count(*) FROM consent_entry')" "$runs 0" "and writes nothing"
exits 2 "no reason" tsunagi consent withdraw $one --as WEL
exits 2 "no agency" tsunagi consent withdraw $one --reason x
exits 2 "a category that is none" tsunagi consent grant $one --as WEL --category names --reason x
like "$ERR" 'Allowed: identifier, contact' "the hint lists them"
exits 2 "ends before it begins" tsunagi consent grant $one --as WEL --until 2026-06-09 --reason x
exits 2 "an unknown person" tsunagi consent show 99
exits 0 "an agency that nobody knows" tsunagi consent withdraw $one --as WELL --reason x --dry-run
like "$ERR" 'no approved profile is for WELL' "is asked about"
exits 2 "nothing that could run out" tsunagi consent expire $one --as EDU --reason x

# words for people, codes where somebody has to type them and for programs
like "$(TSUNAGI_LANG=ja tsunagi consent show $one)" ' 福祉課 \(WEL\) +すべて +すべて +同意あり ' "a statement in Japanese words"
unlike "$(TSUNAGI_LANG=ja tsunagi consent show $one)" 'given|refused|\*' "without a code besides the recipient's"
like "$(tsunagi consent show $one)" ' \(WEL\) +all +all +given ' "in English the codes are words"
for l in ja en; do
	is "$(TSUNAGI_LANG=$l tsunagi consent show $one --format jsonl | jq -r 'select(.recipient == "WEL") | [.category, .purpose, .status] | join(" ")')" \
		'* * given' "codes for programs, in $l"
	like "$(TSUNAGI_LANG=$l tsunagi consent show $one --format csv)" '"WEL","\*","\*","given"' "and in CSV"
done
like "$(TSUNAGI_LANG=ja tsunagi consent simulate $one --as SWC)" ' \(SWC\) +masked-agency +支援 +氏名・番号 ' "what it leads to in words as well"
is "$(TSUNAGI_LANG=ja tsunagi consent simulate $one --as SWC --format jsonl | jq -r '[.recipient, .purpose, .category] | join(" ")' | head -n 1)" \
	'SWC support identifier' "by codes for programs"

# a withdrawal stops the next release, and yesterday stays what it was
tsunagi export --profile trusted-agency --as jsonl --to "$SCRATCH/before" --quiet
consent withdraw --as WEL --reason "by telephone" --dry-run
like "$OUT" 'hold something already' "of what has left, too"
consent withdraw --as "ｗｅｌ" --reason "by telephone"
for t in run consent_entry recall; do
	is "$(store_sql t "SELECT count(*) > 0, max(id) - count(*) FROM $t" | tr t 1)" '1|0' "what was tried or refused used no number of $t"
done
tsunagi export --profile trusted-agency --as jsonl --to "$SCRATCH/after" --quiet
like "$(cat "$SCRATCH/before")" '花子' "released before"
unlike "$(cat "$SCRATCH/after")" '花子' "not any more"
at 11
is "$(sees WEL 11) $(sees WEL 09)" "consent-withdrawn consent-given" "yesterday's question has yesterday's answer"
is "$(sees WEL 10 09)" consent-given "and before the withdrawal was known the answer was another one"

# a correction that reaches back: what holds for that day, and what was known then
at 20
consent withdraw --as HLT --on 2026-06-05 --reason "the letter of 5 June was found"
is "$(sees HLT 06) $(sees HLT 06 19)" "consent-withdrawn consent-given" "told apart"
is "$(sees HLT 04)" consent-given "before the letter"

# a narrower consent does not survive a broader withdrawal; a new consent ends the withdrawal
consent grant --as SWC --category identifier --until 2026-06-25 --form "R8-12" --by representative --reason "signed"
is "$(sees SWC 20) $(sees SWC 25) $(sees SWC 26)" "consent-given consent-given no-consent" "in its days"
consent withdraw --as SWC --on 2026-06-22 --reason "changed her mind"
is "$(sees SWC 21) $(sees SWC 22)" "consent-given consent-withdrawn" "withdrawn with the narrower one"
consent grant --as WEL --on 2026-06-18 --reason "asked again"
is "$(sees WEL 17) $(sees WEL 18)" "consent-withdrawn consent-given" "from its first day on"
consent expire --as WEL --on 2026-06-19 --reason "form outdated"
is "$(sees WEL 18) $(sees WEL 19)" "consent-given no-consent" "an expired one counts for nothing"

# every entry is a run
last=$(store_sql t "SELECT max(id) FROM run")
exits 0 "it can be tried" tsunagi undo "$last" --dry-run
exits 0 "and taken back" tsunagi undo "$last"
is "$(sees WEL 19)" consent-given "as if it had not been said"
consent show --format csv
like "$OUT" '"carl","SWC","identifier","\*","given","2026-06-20","2026-06-25","","representative","R8-12","in force","signed"' \
	"who, what, since when, given by, form, why"
like "$OUT" '"WEL","\*","\*","given","2024-07-31".*"replaced","\(brought by a source\)"' "and what sources brought"

# what sources change later counts beside it, and what they said before is still known
at 25
is "$(sees WEL 25)" consent-given "before the file"
exits 0 "the same file does not bring the old statement back" load
is "$(sees WEL 25)" consent-given "it is replaced"
exits 5 "another one" load '/^2024-0000001/s/,○,×,有,無,/,×,×,,無,/'
is "$(sees WEL 25)" consent-refused "a later no counts"
is "$(sees WEL 25 24)" consent-given "which nobody knew the day before"
is "$(sees HLT 04) $(sees HLT 04 24)" "no-consent consent-given" "a row that the file does not have any more"
is "$(sees WEL 09 05)" consent-given "what was first imported is still known"

tsunagi audit list --format jsonl >"$SCRATCH/log"
like "$(cat "$SCRATCH/log")" '"action":"consent-withdraw".*by telephone' "the log has it"
unlike "$(cat "$SCRATCH/log")" '花子|髙橋' "without a name"
exits 0 "the chain is whole" tsunagi audit verify
exits 0 "the store is sound" tsunagi doctor

# the commands of the page, in their order, on a fresh store
for doc in consent.md consent.ja.md; do
	store_drop d
	TSUNAGI_STORE=$(store_url d)
	at 01
	load >/dev/null 2>&1
	for p in trusted-agency masked-agency; do
		TSUNAGI_ACTOR=ann tsunagi release propose "$p" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$p" >/dev/null
	done
	at 15
	n=0
	while IFS= read -r line; do
		bash -c "$line" >/dev/null 2>"$SCRATCH/err.txt" </dev/null
		ok $? "$doc: ${line#"${line%%[! ]*}"}" "$(cat "$SCRATCH/err.txt")"
		n=$((n + 1))
	done < <(grep -E '^    tsunagi ' "$root/docs/$doc")
	ok "$([ $n -ge 6 ]; echo $?)" "$doc: commands were found"
done

# what an agency sees is what its profile shows of what it may see
sed 's/id = "WEL"/id = "MIN"/; s/identifier = "as_is"/identifier = "masked"/; s/quasi = "as_is"/quasi = "generalised"/; s/unattended = "mask"/unattended = "withhold"/' \
	config/profiles/trusted-agency.cfg >"$SCRATCH/min.cfg"
TSUNAGI_ACTOR=ann tsunagi release propose "$SCRATCH/min.cfg" >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve "$SCRATCH/min.cfg" >/dev/null
at 28
as_min() { tsunagi consent simulate $one --as MIN --format csv | grep '"ordinary"' | cut -d, -f4,6 | tr -d '"' | paste -sd' '; }
is "$(as_min)" "identifier,not at all quasi,not at all sensitive,not at all narrative,not at all operational,not at all" "without consent nothing, where a profile says so"
exits 0 "a consent" tsunagi consent grant $one --as MIN --reason "signed"
is "$(as_min)" "identifier,masked quasi,generalised sensitive,as it is narrative,not at all operational,as it is" "with it, each class as the profile shows it, but no text that nobody has looked at"
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "no registry" >/dev/null; done
is "$(as_min)" "identifier,masked quasi,generalised sensitive,as it is narrative,as it is operational,as it is" "unless they are clear of display restriction"
tap_done
