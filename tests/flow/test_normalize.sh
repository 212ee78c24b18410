#!/bin/bash
# tsunagi normalize: its fixed form, one line in and one out, bad input, options.
. tests/lib/tap.sh
n() { tsunagi normalize "$@"; }

is "$(n date <<<令和6年7月31日)" '{"in":"令和6年7月31日","out":"2024-07-31","ok":true,"reason":null,"precision":"day"}' 'a date'
is "$(n date <<<R6.2.30)" '{"in":"R6.2.30","out":null,"ok":false,"reason":"no-such-day"}' 'an impossible one'
is "$(n datetime <<<'R6/7/31 25:10')" '{"in":"R6/7/31 25:10","out":"2024-08-01T01:10:00","ok":true,"reason":null,"precision":"day","findings":["next-day"]}' 'a time past midnight'
is "$(n phone <<<'０３（１２３４）５６７８')" '{"in":"０３（１２３４）５６７８","out":"0312345678","ok":true,"reason":null,"national":"03-1234-5678","e164":"+81312345678","type":"fixed"}' 'a telephone number'
is "$(n postal <<<〒１２３－４５６７)" '{"in":"〒１２３－４５６７","out":"123-4567","ok":true,"reason":null}' 'a postal code'
is "$(n name <<<髙橋　花子様)" '{"in":"髙橋　花子様","out":"髙橋　花子","ok":true,"reason":null,"key":"高橋花子","family":"髙橋","given":"花子","findings":["honorific"]}' 'a name'
is "$(n address <<<千代田区紀尾井町１番３号)" '{"in":"千代田区紀尾井町１番３号","out":"東京都千代田区紀尾井町1-3","ok":true,"reason":null,"pref":"東京都","city":"千代田区","town":"紀尾井町","block":"1-3","rest":"","level":8,"findings":["prefecture-added"]}' 'an address'
is "$(n kana <<<ﾔﾏﾀﾞたろう)" '{"in":"ﾔﾏﾀﾞたろう","out":"ヤマダタロウ","ok":true,"reason":null}' 'kana'
is "$(n number <<<1億2千万円)" '{"in":"1億2千万円","out":"120000000","ok":true,"reason":null,"unit":"円"}' 'a number'
is "$(n mynumber <<<123456789018)" '{"in":null,"out":null,"ok":true,"reason":null}' 'an individual number is judged, never echoed'
is "$(n mynumber <<<123456789012)" '{"in":null,"out":null,"ok":false,"reason":"check-digit"}' 'a wrong one neither'

is "$(printf 'R6.7.31\r\nR6.8' | n date | wc -l)" 2 'CR LF, and a last line without its end'
is "$(printf '\n' | n date)" '{"in":"","out":null,"ok":false,"reason":"null"}' 'an empty line has its answer'
is "$(printf 'R6\xff.7\n' | n date)" '{"in":null,"out":null,"ok":false,"reason":"bad-bytes"}' 'bytes that are no UTF-8 are not echoed'
is "$(printf '\x83\xff\n' | n mynumber)" '{"in":null,"out":null,"ok":false,"reason":"bad-bytes"}' 'nor judged'
is "$(head -c 3000000 /dev/zero | tr '\0' 9 | { cat; printf '\nR6.7.31\n'; } | n date | cut -c1-60)" '{"in":null,"out":null,"ok":false,"reason":"too-long"}
{"in":"R6.7.31","out":"2024-07-31","ok":true,"reason":null,"' 'a line too long is one refusal, the next is read'

# a partner that waits for each answer before it asks again
coproc TSUNAGI { tsunagi normalize date; }
for q in R6.7.31 H31.4.30; do
	echo $q >&"${TSUNAGI[1]}"
	read -r -t 10 a <&"${TSUNAGI[0]}"
	like "$a" "\"in\":\"$q\",\"out\":\"20" "answered at once: $q"
done
eval "exec ${TSUNAGI[1]}>&-"
wait

is "$(n date --era-codes registry <<<5061001 | jq -r .out)" 2024-10-01 'era codes of the registry'
is "$(n date --excel 1900 <<<45566 | jq -r .out)" 2024-10-01 'Excel days'
is "$(n date --context-year 2024 <<<10/1 | jq -r .out)" 2024-10-01 'a year from outside'
is "$(n date --overrun refuse <<<平成32年4月1日 | jq -r .reason)" era-overrun 'over-run years refused'
is "$(n date --zero refuse <<<00000000 | jq -r .reason)" no-such-day 'zeros refused'
is "$(TSUNAGI_NOW=2026-04-01 n date <<<'R38.4.30' | jq -r .reason)" implausible '30 years ahead is the end'
is "$(TSUNAGI_NOW=2027-05-01 n date <<<'R38.4.30' | jq -r .out)" 2056-04-30 'which moves on with the days'
is "$(n date --max 2030-01-01 <<<2031-01-01 | jq -r .reason)" implausible 'a last day'
is "$(n address --city 京都府京都市 <<<北区紫野大徳寺町88 | jq -r .city)" 京都市北区 'the city of the sender'

exits 2 'no kind' tsunagi normalize
exits 2 'unknown kind' tsunagi normalize dat
like "$ERR" 'unknown-kind' 'which is named'
exits 2 'a value that an option does not take' tsunagi normalize date --excel 1901
like "$ERR" 'Allowed: none, 1900, 1904' 'the allowed ones are shown'
exits 7 'a missing file' tsunagi normalize date "$SCRATCH/none"
exits 0 'help' tsunagi normalize --help
like "$OUT" 'phone postal address number name' 'names the kinds'
tap_done
