# Whoever sets the date decides whether a withdrawal, a contract or an emergency is in force: not in a store that keeps real time.
. tests/lib/tap.sh
. tests/lib/store.sh
unset TSUNAGI_NOW
export TSUNAGI_STORE TSUNAGI_ACTOR=carl; TSUNAGI_STORE=$(store_url real)
wel=config/profiles/trusted-agency.cfg
her=2026-0000101
cp mappings/demo/legacy.csv "$SCRATCH"
fill() {
	exits 5 "cases" tsunagi import "$SCRATCH/legacy.csv" --mapping legacy-care-record --quiet
	TSUNAGI_ACTOR=ann tsunagi release propose $wel >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve $wel >/dev/null
	exits 0 "withdrawn" tsunagi consent withdraw $her --as WEL --reason letter
}
fill
before=$(date -u -d '-1 day' +%FT09:00:00+09:00)
for as in "export --profile $wel --as jsonl --to $SCRATCH/out --quiet" "consent grant $her --as WEL --reason x" \
	"release protection protect --person $her --reason x" "import $SCRATCH/legacy.csv --mapping legacy-care-record --again"; do
	TSUNAGI_NOW=$before exits 6 "the day before yesterday: ${as%% -*}" tsunagi $as
	like "$ERR" 'clock-given' "is refused"
done
[ ! -e "$SCRATCH/out" ]; ok $? "nothing has left"
TSUNAGI_NOW=$before exits 0 "a question changes nothing" tsunagi consent show $her
exits 0 "by the real clock it leaves" tsunagi export --profile $wel --as jsonl --to "$SCRATCH/out" --quiet

export TSUNAGI_NOW=2026-07-03T10:00:00+09:00
TSUNAGI_STORE=$(store_url tried)
fill
exits 0 "a store for trying out has any day" env TSUNAGI_NOW=2027-01-01T10:00:00+09:00 tsunagi consent withdraw $her --as HLT --reason letter
tap_done
