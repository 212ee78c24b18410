#!/bin/bash
# tsunagi guess on real open data: the mapping it writes takes every record of the file (the number is the
# publisher's, from index.tsv and expected.tsv), and the columns that matter most are found.
. tests/lib/tap.sh
if [ ! -d "$SHARED_DATA/social-resources" ]; then
	skip "guess on real files" "no SHARED_DATA"
	tap_done
	exit
fi
tsv() { # FILE: name and number of data records; expected.tsv counts the header as a record
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["file"] ~ /\.(csv|CSV)(\.gz)?$/ { print $c["file"], $c["records"] }' "$1"
}
try() { # FOLDER NAME RECORDS [HEADER IS COUNTED]
	local file="$SCRATCH/${2%.gz}" out trial
	case $2 in *.gz) zcat "$1/$2" >"$file" ;; *) cp "$1/$2" "$file" ;; esac
	out=$(tsunagi guess "$file" 2>"$SCRATCH/err" >"$SCRATCH/table"; echo $?)
	trial=$(sed -n 's/^trial: //p' "$SCRATCH/err")
	local want=$3
	[ "${4:-}" = counted ] && ! grep -q 'no header' "$SCRATCH/err" && want=$((want - 1))
	is "$out $trial" "0 $want records, 0 rejected" "$2"
	rm -f "$file"
}
while read -r name records; do
	try "$SHARED_DATA/social-resources" "$name" "$records"
	for field in resource_name; do
		grep -q "resource.$field" "$SCRATCH/table"
		ok $? "$name: $field found" "$(cat "$SCRATCH/table")"
	done
	if grep -q '電話\|telephone' "$SCRATCH/table"; then
		grep -q 'resource.phone' "$SCRATCH/table"
		ok $? "$name: phone found" "$(cat "$SCRATCH/table")"
	fi
done < <(tsv "$SHARED_DATA/social-resources/index.tsv")
while read -r name records; do
	try "$SHARED_DATA/real-csv" "$name" "$records" counted
done < <(tsv "$SHARED_DATA/real-csv/expected.tsv")
tap_done
