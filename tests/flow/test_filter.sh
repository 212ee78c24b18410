#!/bin/bash
# Filters of a mapping: what a site adds between the file and the mapping, in UTF-8 whatever the file is in.
. tests/lib/tap.sh

cd "$SCRATCH" || exit 1
mapping() { # FILTERS
	cat >mapping.cfg <<-END
		mapping: {
		  name = "people"; system = "people"; key = "番号";
		  source: { plugin = "csv"; encoding = "cp932"; };
		  $1
		  header = ("番号", "氏名", "生年月日");
		};
		person: { key = "番号"; name = "氏名"; birth_date = "生年月日 | date"; };
	END
}
printf '%s\r\n' '番号,氏名,生年月日' '001,　髙橋　花子　,S45.3.1' '002, ㈱佐藤 ,S99.9.99' | iconv -f utf-8 -t cp932 >a.csv
mapping ''
exits 0 "without a filter" tsunagi preview a.csv --mapping mapping.cfg --as normalised
like "$OUT" 'person.name +　髙橋　花子　' "names stay as they are written"
mapping 'filters = ({ plugin = "trim"; column = "氏名"; });'
exits 0 "with a filter" tsunagi preview a.csv --mapping mapping.cfg --as normalised
like "$OUT" $'person.name +髙橋　花子\n' "the filter has been at the name"
exits 5 "import" tsunagi import a.csv --mapping mapping.cfg --store sqlite:a.db --quiet --rejects r.csv
like "$(cat r.csv)" 'bad-date.*002, ㈱佐藤 ,S99\.9\.99' "the reject file has the record as it was, in UTF-8"
sed -i 's/S99\.9\.99/S59.9.9/' r.csv
exits 0 "reload" tsunagi reload r.csv --store sqlite:a.db --mapping mapping.cfg --quiet
exits 0 "and again" tsunagi import a.csv --mapping mapping.cfg --store sqlite:a.db --quiet --dry-run
mapping ''
exits 0 "another filter is another mapping" tsunagi preview a.csv --mapping mapping.cfg
exits 5 "which is no no-op" tsunagi import a.csv --mapping mapping.cfg --store sqlite:a.db --quiet --rejects r2.csv
mapping 'filters = ({ plugin = "trimm"; });'
exits 3 "a filter that is not there" tsunagi import a.csv --mapping mapping.cfg --store sqlite:b.db --quiet
like "$ERR" 'trim' "did you mean"
mapping 'filters = ({ column = "氏名"; });'
exits 3 "a filter without a name" tsunagi import a.csv --mapping mapping.cfg --store sqlite:b.db --quiet
like "$ERR" 'filters needs "plugin"' "says so"
tap_done
