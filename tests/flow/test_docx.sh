#!/bin/bash
# source-docx from outside: tables, forms, logs, every kind of text, hostile files.
. tests/lib/tap.sh
python3 tests/flow/make_documents.py "$SCRATCH" || exit 1

rows() { # FILE OPTION...: the cells of all rows, one row a line
	local file=$1 set=()
	shift
	for o in "$@"; do set+=(--set "$o"); done
	tsunagi inspect "$SCRATCH/$file" "${set[@]}" 2>"$SCRATCH/err" | jq -c .cells
}

is "$(rows table.docx tables=2 header=1 'labels=利用者名, 番号')" '["甲野 太郎","0012","R6.10.1","電話","一回目"]
["甲野 太郎","0012","R6.10.2","訪問","二回目"]' 'rows of a table, with what stands above it'
is "$(rows two.docx tables=all header=1 | wc -l)" 3 'several tables of one header'
is "$(rows persons.docx tables=2,3 header=1 'labels=利用者名, 番号' | jq -r '.[0:2] | join("/")' | paste -sd ' ')" \
	'甲野 太郎/0012 甲野 太郎/0012 乙山 花子/ 乙山 花子/' 'a label once more: what was said of one person holds for no other'
is "$(rows blanks.docx tables=1,2 header=1 'labels=氏名, 番号' | jq -r '.[0:2] | join("/")' | uniq -c | tr -s ' \n' ' ')" ' 2 甲野 太郎/0012 2 乙山 花子/0013 ' 'also when blanks stand for colons'
is "$(rows blank_logs.docx layout=log 'labels=氏名, 番号' | jq -c '[.[0], .[1], .[3]]' | tail -n 1)" '["乙山 花子","13","訪問"]' 'in a log, too'
is "$(rows colon_logs.docx layout=log labels=氏名 | jq -c '[.[0], .[2]]' | paste -sd ' ')" '["甲野 太郎","電話\n氏名　不明の人"] ["乙山 花子","訪問"]' 'where the first had a colon, the word with a blank is text'
is "$(rows logs.docx layout=log labels=利用者名 | jq -r '.[0,2]' | paste -sd ' ')" '甲野 太郎 電話 不在 乙山 花子 訪問' 'in a log, too'
is "$(rows inline.docx header=1 'labels=氏名, ケースＮｏ．' | jq -r '.[0:2] | join("/")' | uniq)" '甲野　太郎/0012' \
	'several labels in a line, with blanks for colons; what is another label is no value'
is "$(rows number.docx header=1 'labels=氏名, 住所' | jq -r '.[0:2] | join("/")' | uniq)" '甲野　太郎/架空市1-1　　No.5ビル' \
	'the number of the case is no part of the name, asked for or not'
is "$(rows table.docx tables=2 header=1 'labels=利用者名, 住所' | wc -l)" 2 'a label that is not there'
like "$(cat "$SCRATCH/err")" '1 labels were not found' 'is said, in lists, too'
is "$(rows brackets.docx layout=form "labels=氏名, ■電話, 相談内容")" '["甲野 太郎","03-0000-0001","一行目\n二行目"]' 'labels in brackets'
exits 10 'tables that are not alike' tsunagi inspect "$SCRATCH/unlike.docx" --set tables=all --set header=1
like "$ERR" 'other-header.*table 2.*column 2' 'are told apart'
is "$(rows merged.docx header=1 merged=fill | jq -r '.[0]' | paste -sd ' ')" 'R6.10.1 R6.10.1 R6.10.1 R6.10.2' 'merged cells filled'
is "$(rows merged.docx header=1 | jq -r '.[0]' | paste -sd ' ')" 'R6.10.1   R6.10.2' 'or empty'
exits 5 'a row of another width' tsunagi inspect "$SCRATCH/ragged.docx" --set header=1
like "$OUT" '"error":\{"code":"wrong-columns"' 'is refused'
like "$OUT" 'row [0-9]+ of the table has [0-9]+ cells, its header [0-9]+' 'and says how wide it is'
like "$OUT" '"一回目"' 'the next one is read'

labels='labels=氏名, 電話, 生年月日, 性別, 相談内容, 連絡先 = 緊急連絡先, 連絡先電話 = 電話#2'
is "$(rows form.docx layout=form "$labels")" \
	'["甲野 太郎","03-0000-0001","昭和28年4月5日","☑男 □女","一行目\n二行目","長女 花子","03-0000-0002"]
["乙山 花子","","","□男 ☑女","来所"]' 'forms: values beside, below and behind their labels'
like "$(cat "$SCRATCH/err")" 'form 2: 2 labels were not found' 'labels that are not there are reported'
like "$(cat "$SCRATCH/err")" 'blank' 'a blank form is no record'
exits 10 'another form' tsunagi inspect "$SCRATCH/form.docx" --set layout=form --set labels=ない見出し
like "$ERR" 'other-form' 'has its code'

is "$(rows log.docx layout=log labels=氏名)" '["甲野 太郎","R6.10.1","10:00 TEL 長女より。\n入院したとのこと。"]
["甲野 太郎","令和６年10月４日","訪問。"]
["甲野 太郎","10/9","来所"]
["甲野 太郎","2024年10月15日","：面談\n1-2名で対応\n3月に予定"]' 'a log: a record begins with a date'
is "$(rows kinds.docx header=0)" '["甲野","箱の中","足した","a\tb\nc-☑〓","隠し","内\t側\nx\ty"]' 'every kind of text: readings, what was deleted or moved, fallbacks are left out'
like "$(cat "$SCRATCH/err")" 'hidden text' 'hidden text is reported'
exits 0 'notes and comments' tsunagi inspect "$SCRATCH/notes.docx"
like "$ERR" 'footnotes, comments and formulas are not read: 2' 'that are not read are reported'
is "$(rows inner.docx tables=1.1 header=1 labels=氏名)" '["甲野 太郎","長女","甲野 花子"]
["甲野 太郎","孫","甲野 月"]' 'rows of a table inside of a cell, with what stands above it'
is "$(rows inner.docx tables=all.1 header=1 labels=氏名 | jq -r '.[0,1]' | paste -sd ' ')" '甲野 太郎 長女 甲野 太郎 孫 乙山 次郎 妻' 'of every form, with the person it is about'
is "$(rows inner.docx tables=1.2 header=1)" '["ポチ","犬"]' 'the second table of that cell'
unlike "$(cat "$SCRATCH/err")" 'inside of cells' 'nothing is left to say'
is "$(rows inner.docx layout=form 'labels=氏名, 備考')" '["甲野 太郎","なし"]
["乙山 次郎","なし"]' 'its names of columns begin no form'
like "$(cat "$SCRATCH/err")" '3 tables inside of cells.*tables = "1.1"' 'that it is there is said, and how it is read'
is "$(rows inner.docx layout=cells | jq -c '.[4]' | sed -n 3p)" '"家族\n続柄\t氏名\n長女\t甲野 花子\n孫\t甲野 月\n名\t種\nポチ\t犬"' 'it stays text of its cell'
is "$(rows chain.docx tables=1.7 header=0)" '["深さ8\n深さ9\n深さ10\n深さ11\n深さ12\n底"]' 'eight tables deep have rows, what is deeper is their text'
exits 10 'a table that is not there' tsunagi inspect "$SCRATCH/chain.docx" --set tables=1.8 --set header=0
is "$(rows strict.docx header=1 | wc -l)" 2 'ISO 29500 strict'
exits 10 'no table' tsunagi inspect "$SCRATCH/plain.docx"
exits 3 'a form without labels' tsunagi inspect "$SCRATCH/form.docx" --set layout=form

refused() { # FILE CODE [OPTION...]
	local file=$1 code=$2
	shift 2
	OUT=$(bash -c 'ulimit -v 700000; exec timeout 240 tsunagi inspect "$@"' - "$SCRATCH/$file" "$@" 2>&1)
	rc=$?
	[ $rc -eq 4 ] && [[ $OUT == *"$code"* ]]
	ok $? "$file: $code" "exit $rc: ${OUT:0:400}"
}
refused old.doc legacy-office
like "$OUT" 'save it as .docx' 'a legacy document: what to do'
refused locked.docx encrypted
refused cut.docx bad-archive
refused bomb.docx zip-bomb
refused deep.docx bad-xml
refused entity.docx xml-doctype
unlike "$OUT" 'root:' 'no file is read in'
refused outside.docx bad-archive
refused book.docx other-office --source docx
exits 5 'a row of 1.5 MB' tsunagi inspect "$SCRATCH/long.docx" --set header=1
like "$OUT" 'record-too-long' 'is refused by name'
like "$OUT" '"cells":\["R6.10.1","電話","一回目"\]\}$' 'the row behind it is read'
exits 5 'more cells than Word has' tsunagi inspect "$SCRATCH/wide.docx"
tap_done
