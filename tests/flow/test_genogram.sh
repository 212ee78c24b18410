# The commands of docs/genogram.md and its Japanese twin, and what is in the pictures for two recipients.
. tests/lib/tap.sh
unset TSUNAGI_STORE TSUNAGI_ACTOR
export TSUNAGI_NOW=2026-06-15T10:00:00+09:00
root=$PWD
for doc in genogram.md genogram.ja.md; do
	mkdir "$SCRATCH/$doc" && cd "$SCRATCH/$doc" || exit 1
	cp "$root/mappings/legacy-care-record/sample.csv" cases.csv
	cp "$root/mappings/family-tree/gedcom.sample.ged" tree.ged
	cp "$root/mappings/family-tree/relations.sample.csv" relations.csv
	n=0
	while IFS= read -r line; do
		timeout 240 bash -c "$line" >out.txt 2>err.txt </dev/null
		rc=$?
		[ $rc -eq 0 ] || { [ $rc -eq 5 ] && [[ $line == *import* ]]; }
		ok $? "$doc: ${line#"${line%%[! ]*}"}" "exit $rc: $(cat err.txt)"
		n=$((n + 1))
	done < <(grep -E '^    (TSUNAGI_[A-Z]+=[^ ]+ )?(tsunagi|neato) ' "$root/docs/$doc")
	is $n 9 "$doc: all commands were found"
	cd "$root" || exit 1
done
cd "$SCRATCH/genogram.md" || exit 1
export TSUNAGI_STORE=sqlite:tsunagi.db TSUNAGI_ACTOR=carl
texts() { sed -n 's/^<text[^>]*>\(.*\)<\/text>$/[\1]/p' "$1"; }
trusted=$(texts genogram.svg)
like "$trusted" '\[髙橋　花子\]' "who consented is named"
like "$trusted" '\[本人 昭和55年生\]' "with the year of birth"
unlike "$trusted" '例田|一郎|さくら|架空　健|隣野' "others are not"
like "$trusted" '\[元夫\]' "but by what they are to the client"
unlike "$trusted" '保健センター|社会福祉協議会' "unclear protection: no agency"
unlike "$(texts ecomap.svg)" 'ジェノグラム' "each picture by itself"

# Graphviz draws of the graph what is in the picture, and no more
same() { # NAME PROFILE TO [WORDS THAT ARE IN BOTH]
	local draw
	for draw in genogram ecomap both; do
		exits 0 "$1: $draw as a picture" tsunagi export --profile "$2" --as svg --set draw=$draw --case 2024-0000001 --to "$3-$draw.svg" --quiet
		exits 0 "$1: $draw as a graph" tsunagi export --profile "$2" --as dot --set draw=$draw --case 2024-0000001 --to "$3-$draw.dot" --quiet
		exits 0 "$1: Graphviz takes it" neato -n2 -Tsvg "$3-$draw.dot" -o "$3-$draw.neato.svg"
		is "$ERR" "" "$1: without a warning"
		exits 0 "$1: people, lines, words of the $draw are those of the picture" python3 "$root/tests/flow/same_picture.py" "$3-$draw.svg" "$3-$draw.neato.svg" ${4:+"$4"}
		printf '# %s\n' "$OUT"
	done
}
same "in part" meeting-welfare part

for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "住民記録と接続しない" >/dev/null; done
for who in "ann propose" "bob approve"; do TSUNAGI_ACTOR=${who% *} tsunagi release "${who#* }" meeting-swc >/dev/null; done
exits 0 "clear of protection" tsunagi export --profile meeting-welfare --as svg --case 2024-0000001 --to b.svg --quiet
like "$(texts b.svg | tr -d '[]\n')" '架空保健センター' "the agencies"
exits 0 "an agency without consent" tsunagi export --profile meeting-swc --as svg --case 2024-0000001 --to c.svg --quiet
unlike "$(cat c.svg)" '花子|55年|1980|架空|さくら|例田|隣野' "no name, no year, no agency in all of the file"
like "$(texts c.svg)" '\[本人\]' "the client is 本人"
is "$(grep -c 'class="halo"' c.svg)" "$(grep -c 'class="halo"' b.svg)" "and as many people are drawn"
same "all that is clear" meeting-welfare all
like "$(cat all-genogram.neato.svg)" '>髙橋　花子<' "the name of who consented"
same "nothing" meeting-swc none
unlike "$(cat none-*)" '花子|55年|1980|架空|さくら|例田|隣野' "neither graph nor what Graphviz draws has a name, a year, an agency"
exits 2 "two cases are no picture" tsunagi export --profile meeting-welfare --as svg --to d.svg --quiet
exits 2 "a case that is not there" tsunagi export --profile meeting-welfare --as svg --case X --to d.svg --quiet
[ ! -e d.svg ]
ok $? "no file"

# names that would like to be more than names: as the picture has them, so has what Graphviz draws
sqlite3 tsunagi.db "CREATE TABLE was AS SELECT id, name, deceased FROM cc_person; CREATE TABLE agency_was AS SELECT id, agency_name FROM cc_agency"
for name in '"];} graph {' '\N\G\L \\ \"' '<b>太</b> &lt; &#92; &amp;' '<!-- -->]]> %s' $'上\n下\t右' ' ' '\' "'); DROP" '𠮷野家👨‍👩‍👧 é'; do
	sqlite3 tsunagi.db "UPDATE cc_person SET name = '${name//\'/\'\'}', deceased = 1 WHERE name = '髙橋　花子' OR deceased = 1; UPDATE cc_agency SET agency_name = '${name//\'/\'\'}'"
	same "a name like $(printf %q "$name")" meeting-welfare hostile "$name"
	sqlite3 tsunagi.db "UPDATE cc_person SET (name, deceased) = (SELECT name, deceased FROM was WHERE was.id = cc_person.id); UPDATE cc_agency SET agency_name = (SELECT agency_name FROM agency_was w WHERE w.id = cc_agency.id)"
done
sqlite3 tsunagi.db "DROP TABLE was; DROP TABLE agency_was"

# of one case: nothing of the others
exits 0 "the rows of one case" tsunagi export --profile meeting-welfare --as jsonl --case 2024-0000001 --to e --quiet
is "$(grep -c '"entity":"case"' e)" 1 "one case"
is "$(grep '"entity":"person"' e | grep -o '"key":"[^"]*"' | sort -u | wc -l)" 9 "its client and the family"
unlike "$(cat e)" '渡邉|小鳥遊' "nobody else"
like "$(tsunagi audit list --format jsonl | grep '"release"' | tail -n 1)" 'case' "the log says that it was one case"

# the household of the registry: 続柄 from its head, as seen from the client
mkdir "$SCRATCH/demo" && cd "$SCRATCH/demo" || exit 1
cp "$root"/mappings/demo/*.csv .
for in in "legacy.csv legacy-care-record" "registry.csv registry-municipal"; do
	tsunagi import "${in% *}" --mapping "${in#* }" --quiet >/dev/null 2>&1
done
for p in meeting-welfare meeting-swc; do
	TSUNAGI_ACTOR=ann tsunagi release propose $p >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve $p >/dev/null
done
for p in meeting-welfare meeting-swc; do
	exits 0 "a family that only the registry knows, for $p" tsunagi export --profile $p --as svg --case 2026-0000106 --to f.svg --quiet
	like "$(texts f.svg | tr -d '\n')" '\[本人.*\[妻\]\[子\]\[子\]\[義母\]' "is drawn by what each is to the client"
	unlike "$(cat f.svg)" '麻衣|陽向|凛|ツル' "without their names"
	is "$(grep -c 'class="halo"' f.svg)" 5 "all five"
done
tap_done
