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

# a machine whose clock was set back: what was withdrawn since would not be yet
cc -std=gnu17 -O1 -shared -fPIC -o "$SCRATCH/clock.so" tests/lib/clock.c
by_clock() { # HOURS FROM NOW, COMMAND...
	local hours=$1
	shift
	python3 -c 'import struct, sys, time; sys.stdout.buffer.write(struct.pack("=qqq", int(time.time()) + 3600 * int(sys.argv[1]), 0, 0))' "$hours" >"$SCRATCH/face"
	LD_PRELOAD=$SCRATCH/clock.so TEST_CLOCK=$SCRATCH/face "$@"
}
leaves() { tsunagi export --profile $wel --as jsonl --to "$SCRATCH/out" --quiet; }
rm "$SCRATCH/out"
for hours in -24 -1 -72; do
	exits 6 "a clock $hours hours behind" by_clock $hours leaves
	like "$ERR" 'clock-behind.*Set the clock right' "is refused"
done
[ ! -e "$SCRATCH/out" ]; ok $? "and nothing has left"
like "$(by_clock -24 tsunagi audit list --format jsonl | tail -n 1)" 'release-refused.*clock-behind' "which is on the log"
exits 0 "set right it goes" leaves
exits 0 "a bar, by a clock that is ahead" by_clock 5000 env TSUNAGI_ACTOR=ann tsunagi release bar HLT --reason x
exits 6 "after which the right one is behind" leaves
like "$ERR" 'release stop.*release resume' "with the way on"
exits 0 "one person stops" env TSUNAGI_ACTOR=ann tsunagi release stop --reason "the clock had been ahead"
exits 6 "who does not resume" env TSUNAGI_ACTOR=ann tsunagi release resume --reason x
exits 0 "another does" env TSUNAGI_ACTOR=bob tsunagi release resume --reason "the clock had been ahead"
exits 0 "and it goes" leaves

export TSUNAGI_NOW=2026-07-03T10:00:00+09:00
TSUNAGI_STORE=$(store_url tried)
fill
exits 0 "a store for trying out has any day" env TSUNAGI_NOW=2027-01-01T10:00:00+09:00 tsunagi consent withdraw $her --as HLT --reason letter
tap_done
