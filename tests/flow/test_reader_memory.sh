# What a reader takes does not grow with its file: peak memory at two sizes, one three times the other.
. tests/lib/tap.sh

python3 tests/bench/readers.py "$(command -v tsunagi)" 3,9 >"$SCRATCH/peaks" 2>"$SCRATCH/err"
ok $? "each reader reads a large file, twice" "$(cat "$SCRATCH/err")"
while read -r reader small large; do
	[ $((large - small)) -lt 2048 ]
	ok $? "$reader: $((small / 1024)) MiB for 3 MB, $((large / 1024)) MiB for 9 MB"
done <"$SCRATCH/peaks"
is "$(wc -l <"$SCRATCH/peaks")" 8 "eight readers"
tap_done
