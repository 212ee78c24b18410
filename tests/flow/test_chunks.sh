# However a file is cut into chunks, and whatever is mapped before it is known to be a repeat or unchanged: the same
# rows, the same count sheet, the same findings. A record that is unchanged still has its say about a row it shares
# with one that has changed.
. tests/lib/tap.sh

cd "$SCRATCH" || exit 1
cat >map.cfg <<'M'
mapping: { name = "cuts"; system = "cuts"; source: { plugin = "csv"; encoding = "utf-8"; };
	header = ("行", "番号", "氏名", "職員", "職員名", "内容"); key = "行"; };
person: { key = "番号"; shared = "last"; name = "氏名 | name"; };
staff: { key = "職員"; shared = "first"; staff_no = "職員"; staff_name = "職員名"; };
activity: { activity_on = { value = "'2026-04-01' | date"; }; body = "内容"; };
M
gen() { # SEED: 400 rows; 'changed' makes some of them others, and repeats some keys with equal or other content
	python3 - "$@" <<'PY'
import random, sys
seed, changed = int(sys.argv[1]), sys.argv[2:] == ['changed']
r = random.Random(seed)
rows = []
for n in range(400):
    p, s = r.randrange(90), r.randrange(20)
    rows.append([str(n), 'P%d' % p, '山田 %d' % (p % 7), 'S%d' % s, '職員%d' % s, r.choice(['訪問', '電話\ue000', '来所'])])
if changed:
    r.seed(seed + 1)
    old = [row[:] for row in rows]
    for row in r.sample(rows, 25):
        row[r.choice([2, 4, 5])] += r.choice(['子', '\ue001', '二'])
    for n in range(25): # a later row with a key again: as it was, as it is, or as it never was
        k = r.randrange(400)
        again = r.choice([old, rows])[k][:]
        if r.random() < .2:
            again[5] += '、再'
        rows.insert(r.randrange(k + 1, len(rows) + 1), again)
print('行,番号,氏名,職員,職員名,内容')
for row in rows:
    print(','.join(row))
PY
}
sheet() { sed -E '/^(run|begun|ended|hash|SHA)/d' "$1"; }
rows() { sqlite3 "$1" "SELECT key, name FROM cc_person ORDER BY 1; SELECT key, staff_name FROM cc_staff ORDER BY 1;
	SELECT r.key, a.body FROM cc_activity a JOIN record r ON r.id = a.record_id ORDER BY 1;
	SELECT key, row, code FROM reject ORDER BY row"; }
load() { tsunagi import "$1" --mapping map.cfg --quiet --store "sqlite:$2" "${@:3}" >/dev/null 2>err; }

# P1 is 太郎 in a later row that has not changed
printf '%s\n' '行,番号,氏名,職員,職員名,内容' 1,P1,山田太郎,S1,あ,い 2,P1,山田太郎,S1,あ,う >a.csv
sed '2s/太郎/次郎/' a.csv >b.csv
load a.csv s.db && load b.csv s.db --report b.txt
is "$(sqlite3 s.db "SELECT name FROM cc_person")" "山田太郎" "the last row counts, though it has not changed"
is "$(grep -c '^unchanged  *1$' b.txt)" 1 "and it is unchanged"

# P1's name came from a row that was meant for P2; the agency's term from one that was wrong. What others say counts
# now: they are unchanged, so it is the next run that hears them all
cat >agency.cfg <<'M'
mapping: { name = "cuts"; system = "cuts"; source: { plugin = "csv"; encoding = "utf-8"; };
	header = ("行", "番号", "氏名", "機関", "終了"); key = "行"; };
person: { key = "番号"; shared = "last"; name = "氏名 | name"; };
agency: { key = "機関"; shared = "latest(contract_to)"; agency_name = "機関"; contract_to = "終了 | date"; };
M
printf '%s\n' '行,番号,氏名,機関,終了' 1,P1,山田太郎,A,2027-03-31 2,P1,佐藤花子,A,2028-03-31 3,P2,佐藤花子,B,2027-03-31 >a.csv
sed '3s/P1/P2/; 3s/2028/2026/' a.csv >b.csv
sed '4s/佐藤/伊藤/' b.csv >c.csv
people() { sqlite3 "$1" "SELECT key, name FROM cc_person ORDER BY 1; SELECT key, contract_to FROM cc_agency ORDER BY 1"; }
take() { tsunagi import "$1" --mapping agency.cfg --quiet --store "sqlite:$2" "${@:3}" >/dev/null 2>err; }
take a.csv u.db && take b.csv u.db --report b.txt
like "$(cat b.txt)" 'to be settled by the next run \(or now: --again\) +2' "two rows have lost whom they were described by"
before=$(people u.db)
take c.csv u.db --dry-run --report dry.txt
take c.csv u.db --report run.txt
is "$(sheet dry.txt)" "$(sheet run.txt)" "the next run is what its dry run said"
take c.csv fresh.db
is "$(people u.db)" "$(people fresh.db)" "and ends as if its file had come alone"
unlike "$(cat run.txt)" 'to be settled' "nothing is left to settle"
tsunagi undo 3 --store "sqlite:$SCRATCH/u.db" >/dev/null 2>err
is "$(people u.db)" "$before" "undo gives back what was"
take b.csv u.db --again
take b.csv fresh2.db
is "$(people u.db)" "$(people fresh2.db)" "what was settled by the run taken back is settled by the next"
printf '%s\n' '行,番号,氏名,機関,終了' 1,P1,山田太郎,A,2027-03-31 2,P1,山田太郎,A,2027-03-31 >d.csv
sed '3s/P1/P2/; 3s/A/B/' d.csv >e.csv
take d.csv n.db && take e.csv n.db --report run.txt
unlike "$(cat run.txt)" 'to be settled' "who leaves a row that says what another said leaves nothing open"

# Whom a row was described by has vanished from a full dump, and the job ends it: others have their say
full() { # FILE STORE OPTION...: by a job; the count sheet
	cat >job.cfg <<J
store = "sqlite:$SCRATCH/$2";
jobs: { feed: { kind = "intake"; mapping = "agency.cfg"; mode = "full"; end_vanished = true; vanish_limit = 60;
	source: { plugin = "csv"; path = "$1"; }; }; };
J
	tsunagi run job.cfg feed --quiet "${@:3}" 2>err | sheet /dev/stdin
}
printf '%s\n' '行,番号,氏名,機関,終了' 1,P1,山田太郎,A,2027-03-31 2,P1,佐藤花子,A,2028-03-31 3,P2,伊藤葵,B,2027-03-31 >f.csv
sed 3d f.csv >g.csv
sed 's/伊藤/井藤/' g.csv >h.csv
full f.csv v.db >/dev/null
full g.csv v.db --dry-run >dry.txt
full g.csv v.db >run.txt
is "$(cat dry.txt)" "$(cat run.txt)" "a record vanishes: the run is what its dry run said"
like "$(cat run.txt)" 'to be settled by the next run \(or now: --again\) +2' "its person and its agency wait for the others' word"
full h.csv v.db >/dev/null
full h.csv fresh3.db >/dev/null
is "$(people v.db)" "$(people fresh3.db)" "which the next run hears"
like "$(people v.db)" 'P1\|山田太郎' "that is what the other record says"
rm -f u.db n.db v.db fresh.db fresh2.db fresh3.db

for seed in 1 2 3 4; do
	gen $seed >a.csv
	gen $seed changed >b.csv
	for cut in 1 3 50 1000; do
		load a.csv c$cut.db --set batch_rows=$cut
		load b.csv c$cut.db --set batch_rows=$cut --dry-run --report dry.txt
		load b.csv c$cut.db --set batch_rows=$cut --report run$cut.txt
		is "$(sheet dry.txt)" "$(sheet run$cut.txt)" "seed $seed, chunks of $cut: the dry run's sheet"
		is "$(sheet run$cut.txt)" "$(sheet run1.txt)" "seed $seed, chunks of $cut: the sheet of chunks of 1"
		is "$(rows c$cut.db)" "$(rows c1.db)" "seed $seed, chunks of $cut: the rows of chunks of 1"
	done
	load b.csv fresh.db
	is "$(rows c1.db)" "$(rows fresh.db)" "seed $seed: as if the second file had come alone"
	like "$(cat run1.txt)" 'U\+E000' "seed $seed: there was something to find"
	like "$(cat run1.txt)" 'key-repeated' "seed $seed: and something to refuse"
	rm -f c*.db fresh.db
done
tap_done
