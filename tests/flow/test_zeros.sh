# Numbers whose zeros a spreadsheet took: they would be other people's. Where all before were as long as each other they are
# refused, whatever brings them; a person may say that they are right.
. tests/lib/tap.sh
. tests/lib/store.sh

cd "$SCRATCH" || exit 1
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url s)
sql() { store_sql s "$1"; }
map() { # NAME SYSTEM
	cat >"$1.cfg" <<-M
	mapping: { name = "$1"; title = "$1"; system = "$2"; source: { plugin = "csv"; }; key = "hash()"; header = ("番号", "氏名", "支援日", "内容"); };
	person: { key = "番号"; name = "氏名 | name"; };
	activity: { activity_on = "支援日 | date"; body = "内容"; };
	M
}
map care care
map other other
cat >more.cfg <<'M'
mapping: { name = "more"; title = "more"; system = "care"; source: { plugin = "csv"; }; key = "hash()"; header = ("番号", "支援日", "内容"); };
activity: { person = "番号"; activity_on = "支援日 | date"; body = "内容"; };
M
rows() { # FORMAT OF THE NUMBER, DAY: thirty people
	local i
	echo '番号,氏名,支援日,内容'
	for i in $(seq 101 130); do printf "$1,架空　%s,%s,訪問\n" "$i" "$i" "$2"; done
}
rows %06d R6.4.1 >first.csv
rows %d R6.4.2 >saved.csv
exits 0 "as the system wrote it" tsunagi import first.csv --mapping care.cfg --quiet
exits 5 "as a spreadsheet saved it, tried" tsunagi import saved.csv --mapping care.cfg --quiet --dry-run
like "$OUT" 'zeros-lost +番号 +30' "every number is refused"
exits 5 "and in earnest" tsunagi import saved.csv --mapping care.cfg --quiet
like "$OUT" 'zeros-lost +番号 +30' "as well"
is "$(sql "SELECT count(*) FROM cc_person")" 30 "nobody is there twice"
{ echo '番号,支援日,内容'; echo '101,R6.4.3,電話'; echo '000102,R6.4.3,電話'; } >more.csv
exits 5 "another file of the system that speaks of them" tsunagi import more.csv --mapping more.cfg --quiet
like "$OUT" 'zeros-lost +番号 +1 ' "the short one is refused"
is "$(sql "SELECT count(*) FROM cc_person")" 30 "and makes nobody"

# a longer number, and a short one that a person has looked at
{ echo '番号,氏名,支援日,内容'; echo '1000001,架空　長,R6.4.4,来所'; } >long.csv
exits 0 "the numbers have grown" tsunagi import long.csv --mapping care.cfg --quiet
TSUNAGI_STORE=$(store_url t)
tsunagi import first.csv --mapping care.cfg --quiet >/dev/null
{ echo '番号,氏名,支援日,内容'; echo '9001,架空　短,R6.4.4,来所'; } >short.csv
exits 5 "a short number" tsunagi import short.csv --mapping care.cfg --quiet
sed -i 's/,zeros-lost,/,,/' short.csv.rejects.csv
exits 0 "that is right as it stands" tsunagi reload short.csv.rejects.csv --mapping care.cfg --quiet
is "$(store_sql t "SELECT count(*) FROM cc_person WHERE key = '9001'")" 1 "comes in"
exits 0 "from then on numbers differ, and nothing can be told" tsunagi import saved.csv --mapping care.cfg --quiet

# numbers that have no zeros, or another system's
TSUNAGI_STORE=$(store_url u)
rows 9%05d R6.4.1 >nine.csv
tsunagi import nine.csv --mapping care.cfg --quiet >/dev/null
exits 0 "no number has zeros to lose" tsunagi import saved.csv --mapping care.cfg --quiet
tsunagi import first.csv --mapping other.cfg --quiet >/dev/null
exits 0 "those of another system say nothing" tsunagi import long.csv --mapping care.cfg --quiet
tap_done
