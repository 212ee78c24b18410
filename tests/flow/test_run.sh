# A job configuration: check opens what run opens, says everything that is wrong at once; run does it.
. tests/lib/tap.sh

for c in config/*.cfg; do
	exits 0 "check $c" tsunagi check "$c"
done
map=$PWD/tests/flow/people/mapping.cfg
cd "$SCRATCH" || exit 1
mkdir -p site/in
cp "$map" site/people.cfg
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '001,山田,S45.3.1,,x' '002,佐藤,S49.9.9,,y' | iconv -f utf-8 -t cp932 >site/in/a.csv
cat >site/jobs.cfg <<'CFG'
store = "sqlite:s.db";
jobs: {
  people: { kind = "intake"; source: { plugin = "csv"; path = "in/a.csv"; }; mapping = "people.cfg"; };
};
CFG
exits 0 "check" tsunagi check site/jobs.cfg
[ ! -e site/s.db ]; ok $? "makes no store"
unlike "$ERR" 'folder of the store' "which can be made"
sed 's/sqlite:s.db/sqlite:gone\/s.db/' site/jobs.cfg >site/gone.cfg
exits 0 "check before there is a folder" tsunagi check site/gone.cfg
like "$ERR" 'folder of the store is not there yet: .*gone' "which is said"
exits 0 "dry run" tsunagi run site/jobs.cfg people --dry-run --quiet
[ ! -e site/s.db ]; ok $? "makes no store either"
exits 0 "run" tsunagi run site/jobs.cfg --quiet
is "$(sqlite3 site/s.db 'SELECT count(*) FROM cc_person')" 2 "paths are those of the file's folder"
exits 0 "again" tsunagi run site/jobs.cfg people --quiet
like "$OUT" 'nothing to do' "is no work"
# of a full dump of two one is missing: half of it, and a job says how much may
sed 's/mapping = /mode = "full"; vanish_limit = 50; mapping = /; s/in\/a.csv/in\/b.csv/; s/s.db/v.db/' site/jobs.cfg >site/half.cfg
sed 's/vanish_limit = 50/vanish_limit = 49/' site/half.cfg >site/less.cfg
sed 's/vanish_limit = 50; //' site/half.cfg >site/usual.cfg
cp site/in/a.csv site/in/b.csv && tsunagi run site/half.cfg --quiet >/dev/null 2>&1
head -n 2 site/in/a.csv >site/in/b.csv
exits 4 "more has vanished than ten of a hundred" tsunagi run site/usual.cfg --quiet
exits 4 "more than the job allows" tsunagi run site/less.cfg --quiet
like "$ERR" 'too-many-vanished' "is stopped"
exits 0 "as much as the job allows" tsunagi run site/half.cfg --quiet
exits 2 "no such job" tsunagi run site/jobs.cfg peopel
like "$ERR" 'people' "did you mean"

cat >site/bad.cfg <<'CFG'
store = "mysql:x";
jobs: {
  one: { kind = "intake"; source: { plugin = "csv"; path = "in/a.csv"; delimeter = ";"; }; mapping = "nothing"; };
  two: { kind = "intake"; source: { plugin = "cvs"; path = "in/a.csv"; }; mapping = "broken.cfg"; };
  three: { kind = "release"; profile = "nobody"; sink: { plugin = "csv"; path = "out"; }; };
};
CFG
sed 's/"氏名"; birth/"氏名x"; birth/; s/| phone/| fone/' site/people.cfg >site/broken.cfg
exits 3 "everything that is wrong" tsunagi check site/bad.cfg
for what in delimeter nothing cvs nobody 'bad.cfg:1' broken.cfg:; do
	like "$ERR" "$what" "names $what"
done
bad=$ERR
exits 3 "run is the same code" tsunagi run site/bad.cfg --quiet
is "$ERR" "$bad" "and says the same"
sed 's/電話/電話番号/' site/people.cfg >site/other.cfg
sed 's/people.cfg/other.cfg/' site/jobs.cfg >site/drift.cfg
exits 3 "an input with another header" tsunagi check site/drift.cfg
exits 3 "no file" tsunagi check site/none.cfg
exits 3 "a mapping" tsunagi check site/people.cfg
like "$ERR" 'is a mapping' "is told apart"
like "$ERR" 'has 1 problem' "in one word"
exits 3 "the daemon, no file" tsunagi serve site/none.cfg
like "$ERR" 'No such file' "and why"
sed '1a serve: { listen = "127.0.0.1:99999"; };' site/jobs.cfg >site/port.cfg
exits 3 "a port there cannot be" tsunagi check site/port.cfg
like "$ERR" 'not an address to listen on' "is what it is"
for c in serve check run preview guess; do
	exits 2 "$c alone" tsunagi $c
	like "$ERR" 'what to do' "says how to go on"
done
tap_done
