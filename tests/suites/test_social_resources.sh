# Real lists of 社会資源 (data/social-resources), each through its mapping: every record of index.tsv is
# stored or refused for a reason that social-resources-refused.tsv states; office numbers (10 characters,
# leading zero) and corporate numbers (13 digits) come out as the file has them.
. tests/lib/tap.sh

dir=$SHARED_DATA/social-resources
if [ -z "${SHARED_DATA:-}" ] || [ ! -d "$dir" ]; then
	skip "social resources" "no SHARED_DATA"
	tap_done
	exit
fi

mapping_of() { # FILE
	case $1 in
	kaigo_jigyosho_*) echo kaigo ;;
	grouphome_*) name=${1%.csv} && echo "${name/_/-}" ;;
	takamatsu_elderly_welfare_facility.csv) echo takamatsu-elderly ;;
	takamatsu_nursery_school.csv) echo takamatsu-nursery ;;
	takamatsu_*) echo takamatsu ;;
	echizen_01shisetsu.csv) echo echizen-facilities ;;
	echizen_kodomofukushi1.csv) echo echizen-child ;;
	yaizu_*) echo public-facilities ;;
	022063_care_service.json) echo towada-care ;;
	022063_hospital.json) echo towada-hospital ;;
	022063_public_facility.json) echo towada-facilities ;;
	yuzawa_social_welfare*.json) echo yuzawa-welfare ;;
	yuzawa_childcare*.json) echo yuzawa-childcare ;;
	esac
}

while IFS=$'\t' read -r file _ records _; do
	case $file in *.csv | *.csv.gz | *.json) ;; *) continue ;; esac
	# the index counts the first array only; the file has one per kind of facility
	case $file in yuzawa_*) records=$(jq '[to_entries[] | select(.key | startswith("data_")) | .value[]] | length' "$dir/$file") ;; esac
	mapping=$(mapping_of "$file")
	if [ -z "$mapping" ] || [ ! -e "mappings/social-resources/$mapping.cfg" ]; then
		skip "$file" "a shape without a mapping"
		continue
	fi
	csv=$SCRATCH/${file%.gz} store=$SCRATCH/store.db
	case $file in *.gz) gunzip -c "$dir/$file" >"$csv" ;; *) cp "$dir/$file" "$csv" ;; esac
	rm -f "$store"*
	tsunagi import "$csv" --mapping "social-resources/$mapping" --store "sqlite:$store" --quiet \
		>"$SCRATCH/out" 2>"$SCRATCH/err"
	rc=$?
	[ $rc -eq 0 ] || [ $rc -eq 5 ]
	ok $? "$file: import" "exit $rc: $(cat "$SCRATCH/err")"
	rejected=$(sqlite3 "$store" "SELECT count(*) FROM reject")
	is "$(($(sqlite3 "$store" "SELECT count(*) FROM cc_resource") + rejected))" "$records" \
		"$file: each of $records records is stored or refused"
	is "$(sqlite3 -separator $'\t' "$store" "SELECT row, code FROM reject ORDER BY row")" \
		"$(grep "^$file"$'\t' tests/suites/social-resources-refused.tsv | cut -f2,3)" \
		"$file: refused is what is stated"
	python3 - "$csv" "$store" >"$SCRATCH/numbers" 2>&1 <<'PY'
import csv, json, sqlite3, sys
if sys.argv[1].endswith('.json'):
    top = json.load(open(sys.argv[1], encoding='utf-8'))
    rows = top if isinstance(top, list) else [r for k, v in top.items() if k.startswith('data_') for r in v]
else:
    rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig', newline='')))
db = sqlite3.connect(sys.argv[2])
for field, labels, width in (('office_no', ('事業所番号', '障害福祉サービス等事業所番号'), 10), ('corporate_no', ('法人番号',), 13)):
    want = sorted(r[c] for r in rows for c in labels if r.get(c))
    got = sorted(v for (v,) in db.execute('SELECT %s FROM cc_resource WHERE %s IS NOT NULL' % (field, field)))
    kinds = {t for (t,) in db.execute('SELECT DISTINCT typeof(%s) FROM cc_resource' % field)} - {'null'}
    assert got == want, '%s: %d of %d differ' % (field, len(set(want) ^ set(got)), len(want))
    assert not got or kinds == {'text'}, kinds
    assert all(len(v) == width for v in got), field
PY
	ok $? "$file: its numbers are as written" "$(cat "$SCRATCH/numbers")"
done <"$dir/index.tsv"

tap_done
