#!/bin/bash
# Modules in the web process: a module of the tests that uses all of the desk, and then misbehaves: what is not declared
# does not leave, nothing half done stays, a crash and a hang end that module and not the others.
. tests/lib/tap.sh
. tests/lib/web.sh
root=$PWD
export TSUNAGI_PLUGINS=$SCRATCH/plugins
mkdir "$TSUNAGI_PLUGINS"
module() { # [-DWHAT]
	cc -std=gnu17 -shared -fPIC "$@" -I"$root/hub/include" -o "$TSUNAGI_PLUGINS/service-notes.so" tests/flow/services/notes.c
}
module
site=$SCRATCH/site
notes='services: { notes: { plugin = "notes"; greeting = "konnichiwa"; }; };'
web_site "$site" "$notes" 'handler = "4s";'
sed -i 's/"chat\.\*"/"notes.*", "chat.*"/' "$site/roles.cfg"

# --- what is wrong with a module is found by check, before anything runs --------------------------------
module -DFOREIGN
exits 3 "a module that names a table of the core is refused" env TSUNAGI_LANG=en tsunagi check --alone "$site/jobs.cfg"
like "$ERR" '"cc_case" may not stand in: SELECT n.id' "and told which one"
module -DBROKEN
exits 3 "a statement that no database understands is refused" env TSUNAGI_LANG=en tsunagi check --alone "$site/jobs.cfg"
like "$ERR" 'jobs.cfg:[0-9].*statement 9 of the module notes.*nothing' "before anything runs"
module
sed -i 's/greeting/greting/' "$site/jobs.cfg"
exits 3 "options of modules are checked" env TSUNAGI_LANG=en tsunagi check --alone "$site/jobs.cfg"
like "$ERR" 'greting' "by name"
sed -i 's/greting/greeting/' "$site/jobs.cfg"
exits 0 "the right configuration is fine" tsunagi check --alone "$site/jobs.cfg"
exits 0 "plugin info shows a module" env TSUNAGI_LANG=en tsunagi plugin info notes
like "$OUT" 'PUT .*/notes/\{note\}.*notes.write.*notes_heard.*every 1 s.*run, protection, task' "routes, permissions, tables, timers, events"

for who in anna ben; do web_user "$site" $who caseworker; done
web_start "$site"
ok $? "the web process serves"
for who in anna ben; do web_login $who; done

# --- the desk ---------------------------------------------------------------------------------------------
like "$(api - POST /v1/notes/notes '{"text":"x"}' -H 'Accept-Language: ja')" '"status":401.*ログイン' "nobody gets in"
ben=$(api anna GET /v1/notes/people | jq '.items[] | select(.login == "ben") | .id')
web_events ben "$SCRATCH/ben"
web_events anna "$SCRATCH/anna"
is "$(api anna POST /v1/notes/notes "{\"text\":\"一つ目\",\"to\":[$ben]}") $(web_status)" '{"id":1} 201' "a note is written"
soon grep -q 'data: {"id":1}' "$SCRATCH/ben"
is "$(grep -A1 '^event: notes.new' "$SCRATCH/ben" | tail -n 1) $(grep -c notes.new "$SCRATCH/anna")" 'data: {"id":1} 0' "its reader is told, others are not"
api anna POST /v1/notes/notes "{\"text\":\"nie\",\"to\":[$ben],\"refuse\":true}" >/dev/null
is "$(web_status) $(store_sql s "SELECT count(*) FROM notes_note; SELECT count(*) FROM event; SELECT count(*) FROM audit WHERE action = 'notes.written'" | tr '\n' ' ')" "409 1 1 1 " "what is refused leaves no row, no event, no audit entry"
is "$(api anna GET /v1/notes/notes/1)" '{"id":1,"text":"一つ目","greeting":"konnichiwa"}' "options arrive"
tag=$(web_header ETag)
like "$tag $(web_header Cache-Control)" '^"1-[0-9a-f]+" no-store$' "a reply with personal members is not to be kept"
noted() { store_sql s "SELECT actor, action, detail FROM audit WHERE action = 'notes.read' ORDER BY seq" | tr '\n' ' '; }
is "$(noted)" 'anna|notes.read|{"route":"/v1/notes/notes/{note}"} ' "and who got it is on the audit log, though the module says nothing"
is "$(api anna GET /v1/notes/notes/1 '' -H "If-None-Match: $tag") $(web_status)" " 304" "what she has is not sent again"
api anna GET /v1/notes/notes/77 >/dev/null
api anna GET '/v1/notes/notes?after=99' >/dev/null
is "$(noted | wc -w)" 2 "it is on the log all the same; who got nothing is not"
api ben PUT /v1/notes/notes/1 '{"text":"二つ目"}' -H 'If-Match: "7"' >/dev/null
is "$(web_status)" 412 "somebody else was faster"
api ben PUT /v1/notes/notes/1 '{"text":"二つ目"}' -H "If-Match: $tag" >/dev/null
is "$(web_status)" 204 "with the right ETag it is changed"
like "$(api anna POST /v1/notes/notes '{"txet":"x"}')" 'unknown-member.*text' "members that are not declared are refused, with the nearest name"
api anna POST /v1/notes/notes '{"text":"b"}' >/dev/null
is "$(api anna GET '/v1/notes/notes?limit=1' | jq -c '[.items[0].id, .next]') $(api anna GET '/v1/notes/notes?limit=1&after=1' | jq -c '.items[0].text')" '[1,"1"] "b"' "pages"
api anna POST /v1/notes/files '{"name":"覚書.txt","content":"himitsu no naiyou"}' >/dev/null
is "$(api ben GET /v1/notes/files/1) $(web_header Content-Disposition)" "himitsu no naiyou attachment; filename*=UTF-8''%E8%A6%9A%E6%9B%B8.txt" "a file comes back"
unlike "$(store_bytes s | tr -d "\0")" 'himitsu' "and is not readable in the store"
is "$(api - GET /v1/openapi.json | jq -c '[.paths["/v1/notes/notes"].post["x-permission"], .components.schemas.post_v1_notes_notes_body.properties.text.maxLength]')" '["notes.write",200]' "the module is described"

# --- timers and events ------------------------------------------------------------------------------------
counted() { [ "$(api anna GET /v1/notes/counts | jq "$1")" = true ]; }
soon counted '.ticks > 1'
ok $? "the timer ticks"
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '001,山田,S45.3.1,,x' | iconv -f utf-8 -t cp932 >"$SCRATCH/a.csv"
ln -s "$(cd "$BUILD" && pwd)/plugins/source-csv.so" "$TSUNAGI_PLUGINS/"
tsunagi import "$SCRATCH/a.csv" --mapping tests/flow/people/mapping.cfg --store "$WEB_STORE" --quiet >/dev/null 2>&1
soon counted '.events > 0'
is "$(store_sql s "SELECT type, run, entity FROM notes_heard WHERE entity = 'person'")" "1|1|person" "a run is told, its own event is not"

# --- misbehaviour -----------------------------------------------------------------------------------------
rows() { store_sql s 'SELECT count(*) FROM notes_note'; }
before=$(rows)
unlike "$(api anna POST /v1/notes/bad '{"how":"memberrr!"}')" 'Oaza' "what is not declared does not leave"
is "$(web_status)" 500 "it is a fault of the module"
api anna POST /v1/notes/bad '{"how":"statement"}' >/dev/null
is "$(web_status) $(rows)" "500 $before" "nothing half done stays"
api anna POST /v1/notes/bad '{"how":"push-push"}' >/dev/null
is "$(web_status) $(rows)" "500 $before" "a push that holds more than numbers, keys and days is a fault"
for how in member-of-event type-of-event event-unknown; do api anna POST /v1/notes/bad "{\"how\":\"$how\"}" >/dev/null; web_status; done >"$SCRATCH/got"
is "$(tr -d '\n' <"$SCRATCH/got") $(rows)" "500500500 $before" "nor is a push other than declared: a member, a type, a name"
like "$(grep -o 'event [a-z]* is not [a-z ]*declared[^"]*' "$site/log" | sort -u | tr '\n' ';')" \
	'new is not as declared: id wants.*new is not as declared: town is not known.*other is not declared' "the log says what"
unlike "$(cat "$SCRATCH/ben" "$SCRATCH/anna")" 'Hanako|"id":77|town' "and nobody hears of it"
id=$(sed -n 's/^id: //p' "$SCRATCH/ben" | tail -n 1)
i=0
for how in crashcrash exit-exit hang-hang; do
	api anna POST /v1/notes/bad "{\"how\":\"$how\"}" >/dev/null
	is "$(web_status)" 000 "$how takes the process with it"
	soon eval '[ "$(grep -c "\"module-\(fault\|off\)\"" "$site/log")" -gt $i ]'
	soon web_answers
	i=$((i + 1))
	[ $i -eq 3 ] || {
		soon counted '.ticks > 0'
		ok $? "and is there again ($how)"
	}
done
soon grep -q module-off "$site/log"
is "$(rows)" "$before" "a transaction of a process that died is gone"
answers_with() { api anna GET /v1/notes/counts '' -m 2 >/dev/null; [ "$(web_status)" = "$1" ]; }
soon answers_with 404
ok $? "after three faults the module is switched off"
is "$(api anna GET /v1/session >/dev/null; web_status)" 200 "the rest goes on"
like "$(TSUNAGI_LANG=en tsunagi status "$site/jobs.cfg" 2>&1)" 'the module notes is switched off' "status says so"
like "$(api - GET /metrics)" 'tsunagi_module_off\{area="notes"\} 1' "and /metrics"
web_events ben "$SCRATCH/ben2" "$id"
soon grep -q 'event: resync' "$SCRATCH/ben2"
ok $? "a stream that continues one of another process is told to ask anew"
kill -HUP "$WEB_DAEMON"
soon answers_with 200
ok $? "a reload tries it again"
web_events ben "$SCRATCH/ben3"
listener=${WEB_LISTENERS##* }
over() { ! kill -0 "$listener"; }
api ben DELETE /v1/session >/dev/null
soon over
ok $? "signing out closes the stream at once, not at the next beat"
web_stop

# --- a request that never returns, a run at work, an open stream: others are served, and all of it ends --------------
sed -i 's/handler = "4s"/handler = "10m"/' "$site/jobs.cfg"
cp "$site/jobs.cfg" "$SCRATCH/jobs.before"
sed -i 's|^jobs: .*|jobs: { slow: { kind = "intake"; mapping = "people.cfg"; source: { plugin = "csv"; path = "big.csv"; }; }; };|' "$site/jobs.cfg"
cp tests/flow/people/mapping.cfg "$site/people.cfg"
{ echo '番号,氏名,生年月日,電話,メモ'; seq -f 'b%.0f,山田,S45.3.1,,x' 20000; } | iconv -f utf-8 -t cp932 >"$site/big.csv"
TOKEN=$(tsunagi user token add --name asks --may jobs.run,jobs.read --until 2037-03-31 --store "$WEB_STORE" 2>/dev/null | tail -n 1)
export NOTES_STUCK=$SCRATCH/stuck TSUNAGI_HOLD=after-commit
web_start "$site"
unset TSUNAGI_HOLD
curl -s -m 240 -b "$SCRATCH/anna.jar" "$WEB_URL/v1/notes/stuck" >"$SCRATCH/never" &
never=$!
disown
web_login ben
soon test -e "$NOTES_STUCK"
ok $? "a request is in a handler that never returns"
is "$(api ben GET /v1/session >/dev/null; web_status) $(api ben POST /v1/notes/notes '{"text":"c"}' >/dev/null; web_status)" "200 201" "others are served"
web_events ben "$SCRATCH/ben4"
curl -s -X POST -H "Authorization: Bearer $TOKEN" "$WEB_URL/v1/jobs/slow/run" >/dev/null
soon pgrep -P "$WEB_DAEMON" -f 'run .* slow' && run=$(pgrep -P "$WEB_DAEMON" -f 'run .* slow')
held "$run"
ok $? "a run has its first chunk in the store"
t=$(date +%s%3N) stream=${WEB_LISTENERS##* }
kill "$WEB_DAEMON"
soon grep -q '"event":"stopping"' "$site/log"
kill -CONT "$run"
soon web_gone
ok $? "the daemon ends"
echo "# stopped after $(($(date +%s%3N) - t)) ms"
ended() { ! kill -0 "$1"; }
soon ended "$never" && soon ended "$stream" && soon ended "$run"
is "$? $(cat "$SCRATCH/never")" "0 " "and with it the request, the stream and the run"
some=$(store_sql s "SELECT count(*) FROM cc_person WHERE key LIKE 'b%'")
[ "$some" -gt 0 ] && [ "$some" -lt 20000 ]
ok $? "the run was under way: $some of 20000"
web_start "$site"
all_there() { [ "$(store_sql s "SELECT count(*) FROM cc_person WHERE key LIKE 'b%'")" = 20000 ]; }
soon all_there
is "$(store_sql s "SELECT count(DISTINCT key), count(*) FROM cc_person WHERE key LIKE 'b%'")" "20000|20000" "the next daemon takes it to its end, nothing twice"
web_stop
cp "$SCRATCH/jobs.before" "$site/jobs.cfg"

# --- migrations -------------------------------------------------------------------------------------------
module -DNEWER
web_start "$site"
is "$(store_sql s "SELECT number FROM service_migration WHERE area = 'notes' ORDER BY number" | tr '\n' ' ')" "1 2 " "a newer module brings its tables up to date"
web_stop
starts_wrong() { # CODE NAME WHY
	tsunagi serve "$site/jobs.cfg" 2>"$site/log" &
	WEB_DAEMON=$!
	disown
	soon grep -q "$1" "$site/log"
	ok $? "$2" "$(cat "$site/log")"
	local why=$3
	told() { TSUNAGI_LANG=en tsunagi status "$site/jobs.cfg" 2>&1 | grep -q "the module notes is switched off: .*$why"; }
	soon told
	ok $? "status says why" "$(TSUNAGI_LANG=en tsunagi status "$site/jobs.cfg" 2>&1)"
	WEB_URL=http://127.0.0.1:$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' "$site/log" | tail -n 1)
	soon web_answers
	is "$(api anna GET /v1/session >/dev/null; web_status) $(api anna GET /v1/notes/counts >/dev/null; web_status)" "200 404" "the others go on without it"
	web_stop
}
module
starts_wrong module-older "a store of a newer module is told" "newer version"
store_sql s "DELETE FROM service_migration WHERE number = 2"
module -DCHANGED
starts_wrong migration-changed "a migration that was changed afterwards is told" "not the one that was applied"
sed -i 's/^serve: {/& views = ["nowhere"];/' "$site/jobs.cfg"
exits 3 "a view that is not there" tsunagi check "$site/jobs.cfg"
like "$OUT$ERR" 'there is no profile "nowhere"' "check names it before the daemon starts"
tap_done
