#!/bin/bash
# Threads and date polls at the real daemon: the commands of docs/chat.md and its Japanese twin, what reaches whom, files,
# calendar, view-only people, a consent that is withdrawn.
. tests/lib/tap.sh
. tests/lib/web.sh
root=$PWD site=$SCRATCH/site
unset TSUNAGI_ACTOR STATE_DIRECTORY
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$site/keys
is "$(grep '^    ' docs/chat.ja.md)" "$(grep '^    ' docs/chat.md)" "both languages show the same commands"
web_site "$site" 'services: { chat: { plugin = "chat"; retention = "3年"; domain = "city.example.lg.jp"; }; };' \
	"views = [\"$root/config/profiles/trusted-agency.cfg\", \"$root/config/profiles/masked-agency.cfg\"];"
cp mappings/legacy-care-record/sample.csv "$SCRATCH/cases.csv"
tsunagi import "$SCRATCH/cases.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
for p in trusted-agency masked-agency; do
	TSUNAGI_ACTOR=u1 tsunagi release propose $p >/dev/null && TSUNAGI_ACTOR=u2 tsunagi release approve $p >/dev/null
	ok $? "$p is approved"
done
for u in ann bob; do web_user "$site" $u caseworker WEL; done
web_user "$site" cho caseworker SWC
printf '%s\n' "$WEB_PASSWORD" | tsunagi user add dai --name dai --role minsei --agency SWC --until "$(day 400)" --roles "$site/roles.cfg" >/dev/null
web_user "$site" eri caseworker WEL
web_start "$site"
for u in ann bob cho dai eri; do web_login $u; done
web_events cho "$SCRATCH/cho.events"

# --- whom one may write to
people() { api ann GET "/v1/chat/people$1" | jq -r '[.items[].login] | join(" ")'; }
is "$(people '')" "bob cho dai eri" "everybody of an agency with a contract, but oneself"
is "$(people '?q=%EF%BC%A3%EF%BC%A8') $(people '?agency=SWC') $(people '?q=x')" "cho cho dai " "by a part of the name in any width, by agency"
is "$(people '?limit=3&q=') $(api ann GET '/v1/chat/people?limit=3' | jq -r .next)" "bob cho dai 4" "in pages"
is "$(people '?limit=3&after=4')" eri "and the rest"
api ann GET '/v1/chat/people?case_no=nowhere' >/dev/null
is "$(web_status)" 404 "a case that one does not see has nobody"
api dai GET /v1/chat/people >/dev/null
is "$(web_status)" 403 "not for who may only look"

# --- the page, line by line
as() { echo "-b $SCRATCH/$1.jar -H X-CSRF-Token:$(cat "$SCRATCH/$1.csrf") -H Content-Type:application/json"; }
HUB=$WEB_URL ANN=$(as ann) CHO=$(as cho) n=0
export HUB ANN CHO
while IFS= read -r line; do
	line=${line#    } want='20[014]'
	s=$(bash -c "curl -s -o '$SCRATCH/out' -w '%{http_code}' ${line#curl -s}")
	[[ $line != *ann-0002* || $line == *masked* ]] || want=409
	like "$s" "^$want\$" "${line:0:100}"
	n=$((n + 1))
	[ "$want" != 409 ] || cp "$SCRATCH/out" "$SCRATCH/held"
done < <(grep '^    curl' docs/chat.md)
ok "$([ $n -ge 20 ]; echo $?)" "$n commands were found"
is "$(jq -r '.held[0] | [.part, .start, .end, .type, .reason, .agency, .confirmable] | join(" ")' "$SCRATCH/held")" \
	"text 0 4 PERSON no-consent SWC true" "what is held, where, why, from whom"
like "$(jq -r '.masked[0].text' "$SCRATCH/held")" '^【.*】さんから電話がありました$' "the masked proposal"
text() { api "$1" GET "/v1/chat/threads/1/messages?order=oldest" | jq -r '.items[].text'; }
like "$(text cho)" '【.*】さんから電話' "the masked one was sent"
like "$(text cho)" '髙橋花子さんの件' "the confirmed one as it is"
like "$(store_sql s 'SELECT legal_ground, reason, shown FROM chat_confirm')" 'LAW.*106条.*PERSON.*SWC' "the confirmation is kept"
like "$(tsunagi audit list --format jsonl)" 'chat.confirm' "and on the audit log"
events=$(cat "$SCRATCH/cho.events")
like "$events" 'event: chat.mention' "cho hears of being named"
like "$events" 'event: chat.message[[:cntrl:]]+data: \{"thread":1,"seq":[0-9]+\}' "and of messages, in numbers"
unlike "$events" '訪問|花子|方針' "never in words"
is "$(api ann GET /v1/chat/threads/1 | jq -r .case_no)" 2024-0000001 "ann reads the number of the case"
like "$(api cho GET /v1/chat/threads/1 | jq -r .case_no)" '^[a-z2-7]{26}$' "cho its handle"

# --- who read what
reads() { tsunagi audit list --format jsonl | jq -rc 'select(.actor == "'"$1"'" and (.action | startswith("chat."))) | [.action, .object, (.detail | fromjson | .note)] | join("|")' | tail -n 1; }
api dai GET '/v1/chat/threads/1/messages?limit=2' >/dev/null
is "$(reads dai)" "chat.read|2024-0000001|thread 1, 2 messages" "each read is on the audit log: who, which case, how many"
api dai GET /v1/chat/threads/1/messages/1 >/dev/null
is "$(reads dai)" "chat.read|2024-0000001|thread 1, 1 messages" "one as well"
api dai GET '/v1/chat/search?q=%E8%A8%AA%E5%95%8F' >/dev/null
is "$(reads dai)" "chat.search||1 hits" "and a search, without its words"
api dai GET '/v1/chat/threads/1/messages?order=oldest&since=1000' >/dev/null
is "$(reads dai)" "chat.search||1 hits" "who gets nothing has read nothing"

# --- the calendar
api cho GET /v1/chat/threads/1/polls/1/calendar >"$SCRATCH/a.ics"
like "$(web_header Content-Type)" 'text/calendar' "is a calendar"
is "$(python3 - "$SCRATCH/a.ics" <<'PY'
import re, sys
raw = open(sys.argv[1], 'rb').read()
assert all(len(l) <= 75 for l in raw.split(b'\r\n')), 'long line'
text = raw.decode().replace('\r\n ', '')
p = [l for l in text.split('\r\n') if l]
assert p[0] == 'BEGIN:VCALENDAR' and p[-1] == 'END:VCALENDAR'
stack = []
for l in p:
    if l.startswith('BEGIN:'): stack.append(l[6:])
    elif l.startswith('END:'): assert stack.pop() == l[4:]
get = lambda n: next(l for l in p if l.startswith(n))
for n in ('METHOD', 'SUMMARY', 'DTSTART;TZID', 'SEQUENCE', 'TZID', 'LOCATION'): print(get(n))
print('UID' if re.match(r'UID:\d+-1-1@city\.example\.lg\.jp', get('UID')) else get('UID'))
print('2024-0000001' in text or '花子' in text)
PY
)" "METHOD:REQUEST
SUMMARY:重層的支援会議（事案 T-1）
DTSTART;TZID=Asia/Tokyo:20990425T140000
SEQUENCE:0
TZID:Asia/Tokyo
LOCATION:市役所3階
UID
False" "and says what it should, and no more"

# --- who only looks, who is not in it
api dai POST /v1/chat/threads/1/messages '{"client_id":"dai-0001","text":"x"}' >/dev/null
is "$(web_status)" 403 "view only: nothing is written"
api dai PUT /v1/chat/threads/1/read '{"seq":2}' >/dev/null
is "$(web_status)" 200 "but marked as read"
api eri GET /v1/chat/threads/1 >/dev/null
is "$(web_status)" 404 "who was removed finds nothing"
api bob POST /v1/chat/threads/1/polls/1/decide '{"candidate":1}' >/dev/null
is "$(web_status)" 403 "nobody else decides"

# --- the same again, and something else under its name
again() { api ann POST /v1/chat/threads/1/messages "{\"client_id\":\"ann-0001\",\"text\":\"$1\"}"; }
is "$(again '明日の訪問、@cho さんも行けますか' | jq .seq) $(web_status)" "1 200" "a message sent again is the one that is there"
is "$(again '明日は行きません' | jq -r .code) $(web_status) $(web_header Content-Type)" "client-id-used 409 application/problem+json" "another text is refused, not swallowed"

# --- files
file() { api ann POST /v1/chat/threads/1/messages "{\"client_id\":\"file-0001\",\"files\":[{\"name\":\"計画.pdf\",\"type\":\"application/pdf\",\"content\":\"JVBERi0xLjQK\"}]$1}"; }
sure=',"confirm":{"ground":"CONSENT","reason":"同意書のとおり"}'
file "$sure" >/dev/null
is "$(web_status)" 403 "no file while somebody may be hidden"
for who in fumi goro; do
	web_user "$site" $who coordinator
	tsunagi release protection clear --account $who --roles "$site/roles.cfg" <<<"$WEB_PASSWORD" >/dev/null
done
is "$(file '' | jq -r '.held[0].reason') $(web_status)" "file-unseen 409" "a file needs a confirmation"
f=$(file "$sure" | jq -r '.files[0].file')
is "$(api cho GET "/v1/chat/threads/1/files/$f")" '%PDF-1.4' "its receivers get it"
api eri GET "/v1/chat/threads/1/files/$f" >/dev/null
is "$(web_status)" 404 "others do not"

# --- consent withdrawn: nothing of the case is there for the agency
TSUNAGI_ACTOR=u1 tsunagi release bar SWC --reason 'a perpetrator works there' >/dev/null
api cho GET /v1/chat/threads/1/messages >/dev/null
is "$(web_status)" 404 "an agency that is barred finds no thread"
is "$(api cho GET /v1/chat/unread | jq -c .)" '{"threads":0,"messages":0,"mentions":0}' "nor counts"
is "$(api cho GET '/v1/chat/search?q=%E8%A8%AA%E5%95%8F' | jq -c .items)" '[]' "nor hits"
is "$(people '') $(people '?case_no=2024-0000001')" "bob eri bob eri" "and nobody there is offered to others"

# --- what was sent before somebody came under display restriction is not read after it
kept=$(api ann POST /v1/chat/threads '{"kind":"group","case_no":"2024-0000001","title":"茅ヶ崎1-2-3を訪ねる","members":[2]}' | jq -r .thread)
api ann POST "/v1/chat/threads/$kept/messages" '{"client_id":"kept-0001","text":"自宅は茅ヶ崎1-2-3、留守"}' >/dev/null
read_kept() {
	api bob GET "/v1/chat/threads/$kept/messages" | jq -r '.items[0].text'
	api bob GET "/v1/chat/threads/$kept" | jq -r .title
	api bob GET '/v1/chat/search?q=%E7%95%99%E5%AE%88' | jq '.items | length'
}
is "$(read_kept | tr '\n' ' ')" "自宅は茅ヶ崎1-2-3、留守 茅ヶ崎1-2-3を訪ねる 1 " "an address of somebody who hides from nobody"
TSUNAGI_ACTOR=u1 tsunagi release protection protect --person 2024-0000001 --reason asked >/dev/null
is "$(read_kept | tr '\n' ' ')" "【非提供】 【非提供】 0 " "and of the same, under display restriction"
api ann GET "/v1/chat/threads/1/files/$f" >/dev/null
is "$(web_status)" 404 "nor a file of the case"

# --- who tries addresses out is told that one of them goes nowhere; the log says so, and not which
try() { api ann POST /v1/chat/threads "{\"kind\":\"group\",\"title\":\"$1の件\",\"members\":[]}"; }
tried() { tsunagi audit list --format jsonl | grep -c '"action":"restricted-held"'; }
try 茅ヶ崎4-5-6 >/dev/null
is "$(web_status) $(tried)" "201 0" "one of nobody goes through"
is "$(try 茅ヶ崎一の二の三 | jq -r '.held[0].reason') $(web_status) $(tried)" "address-restricted 409 1" "that of somebody under display restriction does not, and is noted"
like "$(tsunagi audit inspect --month "$(day 0 +%Y-%m)" --format jsonl | grep restricted-held)" 'protection.*"ann"' "for who inspects the log"
unlike "$(tsunagi audit list --format jsonl | grep restricted-held)" '茅|1-2-3|一の二' "without the address"
tap_done
