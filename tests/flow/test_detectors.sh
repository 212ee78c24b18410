# What a detector needs may stand elsewhere, or be missing: told once, and the others go on.
. tests/lib/tap.sh
. tests/lib/store.sh

map=$PWD/tests/flow/people/mapping.cfg
cd "$SCRATCH" || exit 1
export TSUNAGI_STORE; TSUNAGI_STORE=$(store_url s)
text='担当の中村和子さんが来所、連絡先は090-1234-5678。'
printf '{"id":"1","text":"%s"}\n' "$text" >note.jsonl
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' "001,山田,S45.3.1,,$text" | iconv -f utf-8 -t cp932 >a.csv
warned() { # NAME
	is "$(grep -c 'without the detector tagger: no MeCab dictionary in /nonexistent' <<<"$ERR")" 1 "$1: told once"
	like "$ERR" 'mecab-ipadic-utf8' "$1: and what to do"
}

export TSUNAGI_DETECTORS=tagger.dictionary=/nonexistent
exits 0 "mask without the dictionary" tsunagi mask note.jsonl --as text
warned mask
like "$OUT" '連絡先は【電話番号】' "the other detectors find what they know"
exits 0 "import without the dictionary" tsunagi import a.csv --mapping "$map"
warned import
store_sql s 'SELECT count(*) FROM record' >records
is "$(cat records)" 1 "the record is in"
exits 0 "doctor without the dictionary" tsunagi doctor
like "$OUT" 'MISSING +detectors' "doctor says it"
warned doctor

exits 0 "the same file" tsunagi import a.csv --mapping "$map"
like "$OUT" 'nothing to do' "is no work with the same detectors"
TSUNAGI_DETECTORS='pattern.setting=strict' exits 0 "the same file under other options" tsunagi import a.csv --mapping "$map"
unlike "$OUT" 'nothing to do' "is looked at again"
TSUNAGI_DETECTORS=' tagger.setting=strict; ' exits 0 "other options, blanks and all" tsunagi mask note.jsonl
TSUNAGI_DETECTORS=tager.dictionary=/x exits 3 "a detector that is not there" tsunagi mask note.jsonl
like "$ERR" 'Did you mean "tagger"' "is named"
TSUNAGI_DETECTORS=tagger.dictionry=/x exits 3 "an option that is not there" tsunagi mask note.jsonl
like "$ERR" 'Did you mean "dictionary"' "is named"
TSUNAGI_DETECTORS=tagger exits 3 "no option at all" tsunagi mask note.jsonl
like "$ERR" 'NAME.OPTION=VALUE' "the form is shown"
mkdir "$SCRATCH/none"
exits 3 "no detector at all" env -u TSUNAGI_DETECTORS TSUNAGI_PLUGINS="$SCRATCH/none" tsunagi mask note.jsonl
like "$ERR" 'no-detector' "is no text without names"
tap_done
