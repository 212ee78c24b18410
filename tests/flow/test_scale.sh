# Nothing that a command asks the store grows faster than the store (tests/lib/scale.py).
. tests/lib/tap.sh
export TSUNAGI_NOW=2026-07-05T10:00:00+09:00
mkdir "$SCRATCH/plugins" && cp "$BUILD"/plugins/{source-csv,sink-json,sink-csv,detect-pattern,detect-roster}.so "$SCRATCH/plugins"
export TSUNAGI_PLUGINS=$SCRATCH/plugins
python3 tests/lib/scale.py "$SCRATCH/towns" >"$SCRATCH/out" 2>"$SCRATCH/err"
ok $? "two towns, one four times the other" "$(cat "$SCRATCH/err")"
while IFS= read -r line; do
	case $line in
	ok*) ok 0 "${line#ok }" ;;
	bad*) ok 1 "${line#bad }" "$(grep -F -A 6 -- "$line" "$SCRATCH/out")" ;;
	esac
done <"$SCRATCH/out"
tap_done
