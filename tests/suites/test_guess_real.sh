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
	local file="$SCRATCH/${2%.gz}" out trial aside
	case $2 in *.gz) zcat "$1/$2" >"$file" ;; *) cp "$1/$2" "$file" ;; esac
	out=$(tsunagi guess "$file" 2>"$SCRATCH/err" >"$SCRATCH/table"; echo $?)
	trial=$(sed -n 's/^trial: //p' "$SCRATCH/err")
	aside=$(sed -n 's/^left out: \([0-9]*\) .*/\1/p' "$SCRATCH/err") # rows without a name, which the publisher counts
	[ -z "$aside" ] || trial="$((${trial%% *} + aside)) ${trial#* }"
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
# The meaning of their columns: what is said of the samples in mappings/social-resources holds for the real
# files, too. Every miss is printed.
mapping_of() { # FILE
	case $1 in
	kaigo_jigyosho_155.csv.gz | kaigo_jigyosho_337.csv.gz) echo kaigo ;;
	grouphome_*) name=${1%.csv} && echo "${name/_/-}" ;;
	takamatsu_elderly*) echo takamatsu-elderly ;;
	takamatsu_nursery*) echo takamatsu-nursery ;;
	takamatsu_* | *.xlsx) echo takamatsu ;;
	echizen_01*) echo echizen-facilities ;;
	echizen_ko*) echo echizen-child ;;
	yaizu_*) echo public-facilities ;;
	022063_care*) echo towada-care ;;
	022063_hospital*) echo towada-hospital ;;
	022063_public*) echo towada-facilities ;;
	esac
}
mkdir "$SCRATCH/real"
pairs=()
while read -r name; do
	mapping=$(mapping_of "${name##*/}")
	[ -n "$mapping" ] || continue
	file=$SCRATCH/real/$(basename "${name%.gz}")
	case $name in *.gz) zcat "$name" >"$file" ;; *) cp "$name" "$file" ;; esac
	pairs+=("mappings/social-resources/$mapping.columns.tsv=$file")
done < <(ls "$SHARED_DATA"/social-resources/*.{csv,gz,json} "$SHARED_DATA"/xlsx/takamatsu/*.xlsx)
# files of other offices, whose columns were never in a mapping: what a person says of them is in tests/suites/guess
while read -r truth name; do
	pairs+=("tests/suites/guess/$truth.columns.tsv=$SHARED_DATA/$name")
done <<-'TXT'
	hachioji xlsx/hachioji/kosodateshisetuitiran.xlsx
	chiba real-csv/chiba_hoikusyotouitiran.csv
	koriyama real-csv/koriyama_nurseryData.csv
	urasoe real-csv/urasoe_AED.csv
	companies real-csv/takamatsu_0087_member_companies.csv
	echizen-list real-csv/echizen_opendata_list.csv
	evacuation xlsx/takamatsu/evacuation_space.xlsx
	population real-csv/takamatsu_0066_population_202304.csv
TXT
python3 tests/lib/score_guess.py "${pairs[@]}" >"$SCRATCH/score" 2>&1
ok $? "columns of ${#pairs[@]} real files" "$(tail -n 3 "$SCRATCH/score")"
sed "s|=$SCRATCH/real/| |; s|=$SHARED_DATA/| |; s/^/# /" "$SCRATCH/score" | grep -v '^# *\([0-9]*\) of *\1 '
tap_done
