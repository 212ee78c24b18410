#!/bin/bash
# Written forms of numbers, mails, accounts and births: how many are wholly found, how many lines without any are touched.
. tests/lib/tap.sh

exits 0 "the lines are masked" python3 tests/suites/mask_numbers.py tests/suites/mask_numbers.txt
for floor in "first 250 257 2" "second 105 106 0" "third 70 71 3" "fourth 98 98 0" "fifth 111 111 0" \
	"sixth 183 183 2" "seventh 182 185 3" "eighth 181 182 2" "ninth 0 0 5" "tenth 158 158 0" \
	"eleventh 60 60 0" "twelfth 101 101 2" "thirteenth 101 103 1" "fourteenth 84 85 0" "fifteenth 196 199 4" \
	"sixteenth 169 174 2" "seventeenth 66 66 1" "eighteenth 139 140 0" "nineteenth 183 190 2" \
	"twentieth 104 109 1" "twentyfirst 64 65 1" "twentysecond 50 55 1" "twentythird 41 44 1" \
	"twentyfourth 157 157 1" "twentyfifth 81 81 0" "twentysixth 81 81 0" "twentyseventh 110 111 1" \
	"twentyeighth 131 132 3" "twentyninth 109 113 5" "thirtieth 72 73 0"; do
	read -r part least all most <<<"$floor"
	like "$OUT" "$part"$'\tfound ([0-9]+) of '"$all"$'\ttouched ([0-9]+) of' "$part: counted"
	[ "${BASH_REMATCH[1]}" -ge "$least" ] && [ "${BASH_REMATCH[2]}" -le "$most" ]
	ok $? "$part: at least $least of $all found, at most $most lines touched" "$OUT"
done
tap_done
