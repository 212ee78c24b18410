# A store that was changed from outside is found out.
. tests/lib/tap.sh
. tests/lib/store.sh

map=$PWD/tests/flow/people/mapping.cfg
cd "$SCRATCH" || exit 1
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url s)
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '001,山田,S45.3.1,,x' '002,佐藤,S99.9.99,,y' '003,鈴木,H1.1.8,,z' |
	iconv -f utf-8 -t cp932 >a.csv
tsunagi import a.csv --mapping "$map" --quiet >/dev/null
tsunagi link list --reveal test >/dev/null
exits 0 "a whole store" tsunagi doctor
is "$(grep -c '^ok' <<<"$OUT")" 7 "seven checks"
damage() { # NAME SQL REGEX
	store_copy whole s
	store_sql s "$2" >/dev/null
	exits 11 "$1" tsunagi doctor
	like "$OUT" "DAMAGED +$3" "$1: named"
}
store_copy s whole
damage "a changed ledger" 'UPDATE chunk SET rows = rows + 1' 'ledger'
damage "a record taken out" 'DELETE FROM record WHERE id = (SELECT min(id) FROM record)' 'rows'
damage "a reject taken out" 'DELETE FROM reject' 'ledger and counts'
damage "a changed audit log" "UPDATE audit SET actor = 'nobody'" 'audit'
exits 7 "no store" tsunagi doctor --store "$(store_url none)"
tap_done
