# Numbers that must not exist are nowhere: not in the store, its WAL, rejects, reports, previews,
# temporary files; in no width, not in columns and not in texts, not in records that cannot be read.
. tests/lib/tap.sh

cd "$SCRATCH" || exit 1
mkdir -p data tmp
export TMPDIR=$SCRATCH/tmp SQLITE_TMPDIR=$SCRATCH/tmp TSUNAGI_STORE="sqlite:$SCRATCH/data/s.db"
n=123456789018 # its check digit is right
full=１２３４５６７８９０１８
gap='1234 5678 9018'
cat >map.cfg <<'CFG'
mapping: {
  name = "people"; title = "people"; system = "test"; mode = "delta";
  source: { plugin = "csv"; };
  header = ( "番号", "氏名", "個人番号", "生年月日", "メモ" );
  key = "番号";
};
person: { key = "番号"; name = "氏名"; birth_date = "生年月日 | date"; };
activity: { body = "メモ"; };
CFG
sed 's/, "個人番号"//' map.cfg >plain.cfg
sed -i 's/"people"/"plain"/' plain.cfg
for enc in utf-8 cp932; do
	printf '%s\r\n' '番号,氏名,個人番号,生年月日,メモ' \
		"1,山田,$n,1970-03-01,番号は${n}です" \
		"2,佐藤,$full,1970-99-01,番号は${full}です" \
		"3,鈴木,$n,1970-03-01" \
		"4,高橋,$n,1970-03-01,\"開いた $gap" \
		"5,伊藤,$n,1970-03-01,番号は${gap}です" | iconv -f utf-8 -t $enc >data-$enc.csv
	printf '%s\r\n' '番号,氏名,生年月日,メモ' "1$enc,山田,1970-03-01,番号は${n}です" \
		"2$enc,佐藤,1970-99-01,番号は${full}です" "3$enc,鈴木,$gap" "4$enc,高橋,1970-03-01,番号は${gap}です" |
		iconv -f utf-8 -t $enc >plain-$enc.csv
	for kind in data plain; do
		map=map.cfg
		[ $kind = plain ] && map=plain.cfg
		exits 5 "$kind $enc" tsunagi import $kind-$enc.csv --mapping $map --set encoding=$enc --quiet --again \
			--report data/$kind-$enc.html --rejects data/$kind-$enc.rejects.csv
		like "$(cat data/$kind-$enc.html)" 'individual numbers removed' "$kind $enc: the count is reported"
		exits 0 "$kind $enc: preview" tsunagi preview $kind-$enc.csv --mapping $map --encoding $enc --html data/$kind-$enc.p.html
	done
done
nowhere() { # NAME
	found=
	for enc in utf-8 cp932; do
		for digits in "$n" "$full" "$gap"; do
			bytes=$(printf %s "$digits" | iconv -f utf-8 -t $enc)
			found+=$(LC_ALL=C grep -r -l -a -F -- "$bytes" data tmp)
		done
	done
	is "$found" "" "$1"
}
nowhere "nowhere in the data folder"
[ -s data/s.db-wal ] || [ -s data/s.db ]; ok $? "there is something to search"
is "$(sqlite3 data/s.db "SELECT count(*) FROM cc_activity WHERE body LIKE '%●●●%'")" 6 "what is left are black circles"
# reload cannot bring one in either
sed 's/,1970-99-01,/,1970-09-01,/' data/data-utf-8.rejects.csv | sed "s/^\(r.*\),佐藤,,/\1,佐藤,$n,/" >fixed.csv
tsunagi reload fixed.csv --rejects data/again.csv --quiet >/dev/null 2>&1
is "$(sqlite3 data/s.db "SELECT count(*) FROM cc_person WHERE key = '2'")" 1 "a corrected record comes in"
nowhere "without its number"
exits 0 "undo what was corrected" tsunagi undo "$(sqlite3 data/s.db 'SELECT max(id) FROM run')"
exits 0 "undo" tsunagi undo 1
nowhere "nor does an undo"
tap_done
