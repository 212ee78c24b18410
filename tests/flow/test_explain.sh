# Where a value comes from: cell, each step, value, runs; nothing personal without a reason.
. tests/lib/tap.sh
. tests/lib/store.sh

map=$PWD/tests/flow/people/mapping.cfg
cd "$SCRATCH" || exit 1
export TSUNAGI_NOW=2026-06-15T10:00:00+09:00
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url s)
row() { printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' "001,山田太郎,$1,03-1234-5678,\"a, b\"" '002,佐藤,S99.9.99,,y' | iconv -f utf-8 -t cp932; }
row S45.3.1 >a.csv
tsunagi import a.csv --mapping "$map" --quiet >/dev/null
exits 0 "by key" tsunagi explain person 001
like "$OUT" '生年月日 \| date = 1970-\*\*' "each step, masked"
unlike "$OUT" '山田太郎|1970-03|1234' "no value"
exits 0 "with a reason" tsunagi explain person 001 --field birth_date --reveal 'question'
like "$OUT" '生年月日 = S45\.3\.1' "the cell as it was"
like "$OUT" 'stored = 1970-03-01' "the value"
unlike "$OUT" 'person\.name' "one field only"
is "$(store_sql s "SELECT count(*) FROM audit WHERE action = 'reveal'")" 1 "on record"
exits 0 "by place" tsunagi explain a.csv:2 --reveal 'question'
like "$OUT" 'activity\.body' "all that the line became"
exits 0 "a rejected line" tsunagi explain a.csv:3
like "$OUT" 'rejected line 3: \[bad-date\] 生年月日' "says why"
row S46.3.1 >a.csv
tsunagi import a.csv --mapping "$map" --quiet >/dev/null
exits 0 "after a change" tsunagi explain person 001
like "$OUT" 'run 2: changed' "the run is named"
TSUNAGI_ACTOR=ann tsunagi release propose trusted-agency >/dev/null
TSUNAGI_ACTOR=bob tsunagi release approve trusted-agency >/dev/null
tsunagi export --profile trusted-agency --as jsonl --to out.jsonl --quiet
exits 0 "after a release" tsunagi explain person 001
like "$OUT" 'release 1 to "[^"]+" \(profile trusted-agency\) of 2026-06-15T10:00:00\+09:00: person' "the release is named"
exits 0 "by place" tsunagi explain a.csv:2
like "$OUT" 'release 1 to .*: person' "with all the releases of the line"
unlike "$OUT" 'have changed since' "the mapping is the same"
exits 2 "no such row" tsunagi explain person 999
exits 2 "no such line" tsunagi explain a.csv:77
exits 2 "no such file" tsunagi explain b.csv:2
exits 2 "no such entity" tsunagi explain persons 1
sed 's/name = "氏名"/name = "氏名 | trim"/' "$map" >changed.cfg
exits 0 "a mapping that has changed since" tsunagi explain person 001 --mapping changed.cfg
like "$OUT" 'have changed since run 2' "is told"
# the same file once more: its records are those of the first run
exits 5 "the same file again" tsunagi import a.csv --mapping "$map" --again --quiet
exits 0 "by place, after that" tsunagi explain a.csv:2
like "$OUT" 'line 2' "the line is found"
cp a.csv a2.csv
exits 5 "and under another name" tsunagi import a2.csv --mapping "$map" --again --quiet
exits 0 "by that name" tsunagi explain a2.csv:2
printf '\n' >>a2.csv
exits 5 "a file of which nothing has changed" tsunagi import a2.csv --mapping "$map" --quiet
exits 2 "none of its records was written from there" tsunagi explain a2.csv:2
like "$ERR" 'no record was written from there.*by its key' "which is told"
# 500 columns
wide=$(seq -f 列%g -s , 500)
printf '%s\n' "番号,氏名,$wide" "001,山田太郎,$(seq -s , 500)" >wide.csv
printf 'mapping: { name = "wide"; title = "t"; system = "w"; source: { plugin = "csv"; encoding = "utf-8"; }; key = "番号";
header = ("番号", "氏名", "%s"); };\nperson: { key = "番号"; name = "氏名"; };\n' "${wide//,/\", \"}" >wide.cfg
exits 0 "a wide file" tsunagi import wide.csv --mapping wide.cfg --quiet
exits 0 "and its line" tsunagi explain wide.csv:2
like "$OUT" '氏名 = 山●●●' "has its values"
tap_done
