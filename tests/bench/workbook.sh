#!/bin/bash
# One large sheet read by `tsunagi inspect` and, where Python has it, by openpyxl (read only) in the same
# session: seconds of processor time, MB of unpacked XML per second, peak memory.
# usage: tests/bench/workbook.sh [ROWS]      (default 200000; ten columns)
set -eu
cd "$(dirname "$0")/../.."
rows=${1:-200000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 tests/bench/workbook.py "$dir/big.xlsx" "$rows"
size=$(unzip -l "$dir/big.xlsx" | awk '/sheet1.xml/ { print $1 }')
run() { # NAME COMMAND...
	local name=$1
	shift
	/usr/bin/time -f '%U %M' -o "$dir/time" "$@" >/dev/null
	awk -v n="$name" -v b="$size" -v c=$((rows * 10)) \
		'{ printf "%-9s %6.2f s  %6.1f MB/s  %8.0f cells/s  %6.0f MB peak\n", n, $1, b / $1 / 1e6, c / $1, $2 / 1024 }' "$dir/time"
}
run tsunagi "${BUILD:-build}/bin/tsunagi" inspect "$dir/big.xlsx"
for python in python3 /usr/bin/python3; do
	$python -c 'import openpyxl' 2>/dev/null || continue
	run openpyxl $python -W ignore -c 'import openpyxl, sys
for row in openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True):
    print(row)' "$dir/big.xlsx"
	break
done
