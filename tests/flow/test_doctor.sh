# A store that was changed from outside is found out.
. tests/lib/tap.sh

map=$PWD/tests/flow/people/mapping.cfg
cd "$SCRATCH" || exit 1
export TSUNAGI_STORE="sqlite:$SCRATCH/s.db"
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '001,山田,S45.3.1,,x' '002,佐藤,S99.9.99,,y' '003,鈴木,H1.1.8,,z' |
	iconv -f utf-8 -t cp932 >a.csv
tsunagi import a.csv --mapping "$map" --quiet >/dev/null
tsunagi link list --reveal test >/dev/null
exits 0 "a whole store" tsunagi doctor
is "$(grep -c '^ok' <<<"$OUT")" 5 "five checks"
cp s.db whole.db
damage() { # NAME SQL REGEX
	cp whole.db s.db
	rm -f s.db-wal s.db-shm
	sqlite3 s.db "$2"
	exits 11 "$1" tsunagi doctor
	like "$OUT" "DAMAGED +$3" "$1: named"
}
sqlite3 whole.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
damage "a changed ledger" 'UPDATE chunk SET rows = rows + 1' 'ledger'
damage "a record taken out" 'DELETE FROM record WHERE id = (SELECT min(id) FROM record)' 'rows'
damage "a reject taken out" 'DELETE FROM reject' 'ledger and counts'
damage "a changed audit log" "UPDATE audit SET actor = 'nobody'" 'audit'
exits 7 "no store" tsunagi doctor --store sqlite:none.db
tap_done
