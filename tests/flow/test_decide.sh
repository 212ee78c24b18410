# tsunagi decide: the form of the filter. The decisions themselves are tested in hub/release/test_gate.c.
. tests/lib/tap.sh
base='"recipients":["A","B"],"barred":["X"],"persons":[{"id":"P1","relation":"self","protected":false}]'
ask='"request":{"recipient":"A","purpose":"support","on":"2026-06-15","person":"P1","field_class":"sensitive","field":"diagnosis","reveals_address":false}'
given='"consents":[{"person":"P1","recipient":"A","category":"*","purpose":"*","status":"given","from":"2026-04-01","to":null,"by":"self"}]'
yes='{"id":2,"decision":"allow","confirm":false,"reason":"consent-given"}'
one() { # LINE WANT NAME
	is "$(printf '%s\n' "$1" | tsunagi decide)" "$2" "$3"
}

one "{\"id\":\"r1\",$base,$given,\"meeting\":null,$ask}" \
	'{"id":"r1","decision":"allow","confirm":false,"reason":"consent-given"}' "consent"
one "{\"id\":7,$base,\"consents\":[],\"meeting\":null,$ask}" \
	'{"id":7,"decision":"mask","confirm":true,"reason":"no-consent"}' "nothing said; a number as id"
one "{\"id\":\"r\",$base,${given/given/refused},$ask}" \
	'{"id":"r","decision":"mask","confirm":false,"reason":"consent-refused"}' "refused"
one "{\"id\":\"相談\",$base,\"consents\":null,$ask}" \
	'{"id":"相談","decision":"mask","confirm":true,"reason":"no-consent"}' "no consents, no meeting; id in Japanese"
meeting='"meeting":{"id":"M","kind":"支援会議","members":["A"],"from":"2026-06-15","to":"2026-06-15"}'
one "{\"id\":1,$base,\"consents\":[],$meeting,${ask/support/meeting}}" \
	'{"id":1,"decision":"allow","confirm":false,"reason":"legal-ground"}' "statutory meeting"
one "{\"id\":1,$base,\"consents\":[],${meeting/,\"to\":\"2026-06-15\"/},${ask/support/meeting}}" \
	'{"id":1,"decision":"mask","confirm":true,"reason":"no-consent"}' "meeting without its last day"
for state in true '"suspected"' '"unknown"' null; do
	one "{\"id\":1,${base/false/$state},$given,${ask/false/true}}" \
		'{"id":1,"decision":"withhold","confirm":false,"reason":"address-restricted"}' "protected $state: address"
done
one "{\"id\":2,$base,$given,${ask/false/true}}" "$yes" "clear: address"
one "{\"id\":1,${base/\"X\"/\"A\"},$given,$ask}" \
	'{"id":1,"decision":"withhold","confirm":false,"reason":"recipient-barred"}' "barred"
one "{\"id\":1,${base/\"A\"/\"C\"},$given,$ask}" \
	'{"id":1,"decision":"withhold","confirm":false,"reason":"recipient-unknown"}' "unknown recipient"
one "{\"id\":1,${base/\"A\"/{\"id\":\"A\",\"to\":\"2026-06-14\"\}},$given,$ask}" \
	'{"id":1,"decision":"withhold","confirm":false,"reason":"recipient-no-contract"}' "contract over"
one "{\"id\":2,$base,$given,${ask/2026-06-15/2026-03-31T15:00:00Z}}" "$yes" "an instant is taken in Japan"

# without reveals_address the schema says it, in a household under restriction
field() { # FIELD DECISION
	like "$(echo "{\"id\":1,${base/false/true},$given,${ask/\"diagnosis\",\"reveals_address\":false/\"$1\"}}" | tsunagi decide)" \
		"\"decision\":\"$2\"" "field $1: $2"
}
for f in address postal_code phone email school workplace hospital district agency person.address 住所 通院先 no_such_field; do
	field "$f" withhold
done
for f in name name_kana birth_date sex person.name staff_name 氏名 method nationality; do
	field "$f" allow
done
like "$(echo "{\"id\":1,${base/false/true},$given,${ask/,\"field\":\"diagnosis\",\"reveals_address\":false/}}" | tsunagi decide)" \
	'address-restricted' "no field at all may reveal"

# what cannot be understood is withheld and says why; the other lines go on
bad() { # LINE MESSAGE-REGEX NAME
	local out
	out=$(printf '%s\n{"id":2,%s,%s,%s}\n' "$1" "$base" "$given" "$ask" | tsunagi decide)
	like "$(head -n 1 <<<"$out")" "\"decision\":\"withhold\",\"confirm\":false,\"reason\":\"malformed-request\",\"error\":.*$2" "$3"
	is "$(tail -n +2 <<<"$out")" "$yes" "$3: the next line is answered"
}
bad '' 'bad-json' "empty line"
bad '{' 'bad-json.*byte' "half an object"
bad '[1]' 'not a JSON object' "an array"
bad "{\"id\":1,\"id\":2,$base,$given,$ask}" 'bad-json' "a name twice"
bad "{\"id\":1,$base,$given}" 'request: must be an object' "no request"
bad "{\"id\":1,$base,$given,${ask/\"on\"/\"at\"}}" 'on: a text is missing' "no day"
bad "{\"id\":1,$base,$given,${ask/2026-06-15/2026-06-31}}" 'on: is not a date' "no day of the calendar"
bad "{\"id\":1,${base/\"persons\"/\"people\"},$given,$ask}" 'persons: must be an array' "no persons"
bad "{\"id\":1,${base/false/\"no\"},$given,$ask}" 'protected: is none.*persons\[0\]' "unknown state of protection"
bad "{\"id\":1,$base,${given/given/maybe},$ask}" 'status: is none.*consents\[0\]' "unknown status"
bad "{\"id\":1,$base,${given/2026-04-01/soon},$ask}" 'from: is not a date.*consents\[0\]' "unreadable period"
bad "{\"id\":1,${base/\[\"X\"\]/\"X\"},$given,$ask}" 'barred: must be an array' "barred is no list"
bad "{\"id\":1,${base/\"X\"/7},$given,$ask}" 'barred: holds' "a number among the barred"
bad "{\"id\":1,$base,$given,${ask/false/\"no\"}}" 'reveals_address: must be' "reveals_address is no truth value"
bad "$(printf '{"id":"\xff"}')" 'bad-json' "no UTF-8"
is "$(printf '\xef\xbb\xbf{"id":2,%s,%s,%s}\r\n' "$base" "$given" "$ask" | tsunagi decide)" "$yes" "BOM and CRLF"
is "$(printf '{"id":2,%s,%s,%s}' "$base" "$given" "$ask" | tsunagi decide)" "$yes" "no line end at the end"
{ head -c 5000000 /dev/zero | tr '\0' 'x'; printf '\n{"id":2,%s,%s,%s}\n' "$base" "$given" "$ask"; } >"$SCRATCH/long"
out=$(tsunagi decide "$SCRATCH/long")
like "$out" '"too-long"' "a line without end"
is "$(tail -n +2 <<<"$out")" "$yes" "the line behind it"

# a partner that waits for each answer gets it
coproc FILTER { tsunagi decide; }
for i in 1 2 3; do
	echo "{\"id\":$i,$base,$given,$ask}" >&"${FILTER[1]}"
	read -r -t 10 line <&"${FILTER[0]}"
	like "$line" "^\{\"id\":$i,\"decision\":\"allow\"" "answer $i comes before question $((i + 1))"
done
exec {FILTER[1]}>&-
wait "$FILTER_PID" 2>/dev/null

exits 3 "a broken table of grounds stops" tsunagi decide --grounds tests/lib/tap.sh </dev/null
exits 7 "a missing file" tsunagi decide "$SCRATCH/none"
exits 2 "two files" tsunagi decide a b
cat >"$SCRATCH/grounds.cfg" <<'G'
grounds = ( { id = "x"; law = "L"; source = "K"; meeting = ["地域ケア会議"]; purpose = "meeting";
	needs_consent = false; active = true; valid_to = "2026-06-15"; } );
G
care="{\"id\":1,$base,${meeting/支援会議/地域ケア会議},${ask/support/meeting}}"
care=${care/\"to\":\"2026-06-15\"/\"to\":\"2026-06-30\"}
like "$(echo "$care" | tsunagi decide --grounds "$SCRATCH/grounds.cfg")" '"allow".*legal-ground' "a site's own ground"
like "$(echo "${care/\"on\":\"2026-06-15/\"on\":\"2026-06-16}" | tsunagi decide --grounds "$SCRATCH/grounds.cfg")" \
	'"mask"' "after its last day"
tap_done
