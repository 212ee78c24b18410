#!/bin/bash
# tsunagi normalize against suites that others made. Each class of cases has a stated expectation;
# what is answered otherwise on purpose stands in normalize-refused.tsv with its reason, and nothing else may.
. tests/lib/tap.sh
data=${SHARED_DATA:-}
if [ -z "$data" ] || ! [ -d "$data/wareki-dates" ]; then
	skip 'normalize suites' 'SHARED_DATA is not set'
	tap_done
	exit
fi
refused() { awk -F'\t' -v s="$1" '$1 == s { print $2 }' tests/suites/normalize-refused.tsv; }

# ask KIND JQ <inputs: one field of each answer a line, null as empty
ask() { tsunagi normalize "$1" | jq -r "($2) // \"\""; }
# none_wrong SUITE NAME < "input TAB want TAB got": fails for each case that differs and is not refused on
# purpose, and for each one that stands in the list of refusals without being one. No pipe into it:
# the counts of tap.sh live in this shell.
none_wrong() {
	local bad n
	refused "$1" >"$SCRATCH/refused"
	cat >"$SCRATCH/cases"
	n=$(wc -l <"$SCRATCH/cases")
	bad=$(awk -F'\t' -v OFS='\t' -v list="$SCRATCH/refused" '
		BEGIN { while ((getline line < list) > 0) skip[line] = 1 }
		$2 "x" != $3 "x" { if ($1 in skip) seen[$1] = 1; else print }
		END { for (c in skip) if (!(c in seen)) print "not refused: " c }' "$SCRATCH/cases")
	[ "$n" -gt 0 ] && [ -z "$bad" ]
	ok $? "$2 ($n cases)" "$bad"
}
at_least() { # LEAST GOT NAME
	[ "$2" -ge "$1" ]
	ok $? "$3: $2, at least $1"
}

# dates: the value at the precision known; no year, weekday, quarter, fiscal year, century, BC: refused
t=$data/wareki-dates/jatimex_abstime_tagger.tsv
awk -F'\t' -v OFS='\t' 'NR > 1 && ($4 == "value" || $6 == "none") {
	v = $5; want = ""
	if (v ~ /^[0-9][0-9][0-9][0-9]-XX-XX$/ || v ~ /^[0-9][0-9][0-9][0-9]-(SP|SU|FA|WI)$/) want = substr(v, 1, 4)
	else if (v ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-XX$/) want = substr(v, 1, 7)
	else if (v ~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/) want = v
	print $3, want }' "$t" >"$SCRATCH/date"
none_wrong date 'dates' < <(cut -f1 "$SCRATCH/date" | ask date .out | paste "$SCRATCH/date" -)
# times: hour known -> HH:MM, hours from 24 belong to the next day; without an hour: refused
awk -F'\t' -v OFS='\t' 'NR > 1 && $4 == "value" && $5 ~ /^T/ {
	split(substr($5, 2), p, "-"); want = ""
	if (p[1] != "XX") want = sprintf("%02d:%02d", p[1] % 24, p[2] == "XX" ? 0 : p[2])
	if (want != "" && p[3] != "XX" && p[3] > 0) want = want sprintf(":%02d", p[3])
	print $3, want }
	NR > 1 && $6 == "none" { print $3, "" }' "$t" >"$SCRATCH/time"
none_wrong time 'times' < <(cut -f1 "$SCRATCH/time" | ask time .out | paste "$SCRATCH/time" -)
awk -F'\t' 'NR > 1 && $6 == "none" { print $3 }' "$t" >"$SCRATCH/none"
is "$(tsunagi normalize date <"$SCRATCH/none" | jq -r 'select(.ok) | .in')" '' 'no text that is no date is read as one'
is "$(tsunagi normalize datetime <"$SCRATCH/none" | jq -r 'select(.ok) | .in')" '' 'nor as a date with a time'

# numbers: whole cells; the suite's other functions rewrite free text, which normalize does not do
awk -F'\t' -v OFS='\t' '$2 == "kansuji2number" { print $3, $5 }' "$data/wareki-dates/jatimex_number_normalizer.tsv" >"$SCRATCH/number"
none_wrong number 'kanji numbers' < <(cut -f1 "$SCRATCH/number" | ask number .out | paste "$SCRATCH/number" -)

# telephone numbers: digits, hyphens and E.164 of every published number, in both spellings
for column in 1 2; do
	awk -F'\t' -v OFS='\t' -v c=$column 'NR > 1 { print $c, $1 " " $3 " " $4 }' "$data/phones/jp_phones.tsv" >"$SCRATCH/phone"
	none_wrong phone "telephone numbers, column $column" < <(cut -f1 "$SCRATCH/phone" |
		ask phone '"\(.out) \(.national) \(.["e164"])"' | paste "$SCRATCH/phone" -)
done
awk -F'\t' -v OFS='\t' 'NR > 1 { print $1, ($2 ~ /^true/) ? "true" : "false" }' "$data/phones/corporate_numbers.tsv" >"$SCRATCH/corp"
none_wrong corp 'corporate numbers' < <(cut -f1 "$SCRATCH/corp" | tsunagi normalize corporate | jq -r .ok | paste "$SCRATCH/corp" -)
awk -F'\t' -v OFS='\t' 'NR > 1 { print $1, ($2 ~ /^true/) ? "true" : "false" }' "$data/phones/mynumber.tsv" >"$SCRATCH/my"
cut -f1 "$SCRATCH/my" | tsunagi normalize mynumber >"$SCRATCH/my.out"
none_wrong my 'individual numbers' < <(jq -r .ok "$SCRATCH/my.out" | paste "$SCRATCH/my" -)
unlike "$(cat "$SCRATCH/my.out")" '[0-9]{4}' 'no individual number is echoed'

# addresses: prefecture and municipality; town and numbers as far as the postal list goes
zcat "$data/address/geolonia_addresses.csv.gz" | tail -n +2 | awk -F, -v OFS='\t' '{ print $1, $2 "|" $3 }' >"$SCRATCH/geo"
zcat "$data/address/geolonia_addresses.csv.gz" | tail -n +2 | cut -d, -f4 >"$SCRATCH/geo.town"
cut -f1 "$SCRATCH/geo" | tsunagi normalize address >"$SCRATCH/geo.out"
none_wrong geolonia 'prefecture and municipality' < <(jq -r '"\(.pref)|\(.city)"' "$SCRATCH/geo.out" | paste "$SCRATCH/geo" -)
lines=$(wc -l <"$SCRATCH/geo")
same=$(jq -r .town "$SCRATCH/geo.out" | paste "$SCRATCH/geo.town" - | awk -F'\t' '$1 == $2' | wc -l)
at_least $((lines * 99 / 100)) "$same" 'towns as the suite has them'
awk -F'\t' -v OFS='\t' 'NR > 1 { print $2, $3 }' "$data/address/abr_geocoder.tsv" >"$SCRATCH/abr"
none_wrong abr 'whole addresses' < <(cut -f1 "$SCRATCH/abr" | ask address .out | paste "$SCRATCH/abr" -)
jq -r '.[] | [.input, ([.expected | .pref, .city, .town, .addr | . // "*"] | join("|"))] | @tsv' \
	"$data/address/geolonia_main_cases.json" >"$SCRATCH/main"
none_wrong main 'address parts' < <(cut -f1 "$SCRATCH/main" | ask address '[.pref, .city, .town, .block] | join("|")' |
	paste "$SCRATCH/main" - |
	awk -F'\t' -v OFS='\t' '{ split($2, w, "|"); split($3, g, "|")
		want = got = ""
		for (i = 1; i <= 4; i++) if (w[i] != "*") { want = want "|" w[i]; got = got "|" g[i] }
		print $1, want, got }')

# variants: both characters of a pair have one key
for f in joyo jinmei hyogai koseki jisx0212 jisx0213; do
	awk -F, -v OFS='\t' '!/^#/ && !/</ && NF == 3 { print $1, $3 }' "$data/itaiji/cjkvi_$f-variants.txt" >"$SCRATCH/var"
	n=$(wc -l <"$SCRATCH/var")
	same=$(paste <(cut -f1 "$SCRATCH/var" | ask name .key) <(cut -f2 "$SCRATCH/var" | ask name .key) | awk -F'\t' '$1 != "" && $1 == $2' | wc -l)
	case $f in
	joyo | jinmei | hyogai) least=$n ;;
	koseki) least=$((n * 998 / 1000)) ;;
	*) least=$((n * 97 / 100)) ;;
	esac
	at_least "$least" "$same" "variant pairs of $f, of $n"
done
is "$(printf '斎\n斉\n' | ask name .key | sort -u | wc -l)" 2 '斎 and 斉 stay apart'
tap_done
