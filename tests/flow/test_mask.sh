#!/bin/bash
# tsunagi mask: the form of design §12, the roster, the rendered text, wrong lines.
. tests/lib/tap.sh
in=$SCRATCH/in
cat >"$in" <<'END'
{"id":1,"text":"山\n田さん宅。やまだたろうは林の中。山田町。太郎の母山田花子。S30.4.1生 ０９０（１２３４）５６７８","roster":[{"person_id":"p","relation":"本人","name":"山田太郎","name_kana":"ﾔﾏﾀﾞ ﾀﾛｳ","phone":"090-1234-5678","birth_date":"1955-04-01"}]}
{"id":"b","text":"庭の手入れを手伝い、生活保護の申請を行う。"}
END
exits 0 "texts are answered" tsunagi mask "$in"
like "$OUT" '"start":0,"end":3,"type":"PERSON","person_id":"p"' "a name broken by a line end"
like "$OUT" '"start":7,"end":13,"type":"PERSON","person_id":"p"' "kana without a space"
like "$OUT" '"start":26,"end":30,"type":"PERSON","person_id":null' "another given name is another person"
like "$OUT" '"type":"BIRTHDATE","person_id":"p"' "birth date in another spelling"
like "$OUT" '"start":40,"end":53,"type":"PHONE","person_id":"p"' "phone in another spelling"
like "$OUT" '\{"id":"b","entities":\[\]\}' "an ordinary word is no name"
exits 0 "rendered" tsunagi mask "$in" --as text
like "$OUT" '【本人】さん宅。【本人】は林の中。.*【本人】の母' "the relation stands for the name"
printf '\xef\xbb\xbf{"id":1,"text":""}\r\nno json\n' >"$in"
exits 0 "BOM and CRLF" tsunagi mask "$in"
like "$OUT" '"id":1,"entities":\[\]' "first line behind a BOM"
like "$OUT" '"id":null,"error":\{"code":"bad-json"' "a wrong line is answered"
like "$OUT" '"hint":.*--plain' "with what to do about a line of plain text"
printf '母の山田花子さん090-1234-5678へ電話\n\xff\n' >"$SCRATCH/memo.txt"
exits 0 "lines of plain text" tsunagi mask "$SCRATCH/memo.txt" --plain --as text
like "$OUT" '"text":"母の【[^】]*】さん.*【電話番号】へ電話"' "are taken as they are"
like "$OUT" '"code":"bad-utf8"' "if they are UTF-8"

# --- several threads answer what one would, in its order, lines that are too long as well; and a partner at a pipe
python3 - >"$in" <<'END'
import json
for i in range(1200):
    print(json.dumps({'id': i, 'text': f'{i} 回目。佐藤{"一二三四五"[i % 5]}郎さんに電話。090-1234-{i:04d}。' * (i % 7 + 1)}, ensure_ascii=False)
          if i % 100 != 50 else 'no json' if i % 200 == 50 else '"' + 'x' * (17 << 20) + '"')
END
exits 0 "one thread" tsunagi mask --workers 1 "$in"
one=$OUT
is "$(jq -c '.id // .error.code' <<<"$one" | md5sum)" "$(python3 -c '
for i in range(1200): print(i if i % 100 != 50 else "\"bad-json\"" if i % 200 == 50 else "\"too-long\"")' | md5sum)" "each line has its answer, in order"
exits 0 "three threads" tsunagi mask --workers 3 "$in"
is "$(md5sum <<<"$OUT")" "$(md5sum <<<"$one")" "answer the same"
coproc partner { tsunagi mask --workers 3; }
for i in 1 2; do
	echo '{"id":'$i',"text":"山田さん"}' >&"${partner[1]}"
	read -r -t 20 line <&"${partner[0]}"
	like "$line" '"id":'$i',.*PERSON' "a partner that waits gets its answer"
done
exec {partner[1]}>&-
wait "$partner_PID" 2>/dev/null
exits 2 "no number" tsunagi mask --workers none "$in"
exits 2 "unknown setting" tsunagi mask --setting loose "$in"
tap_done
