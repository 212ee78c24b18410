#!/bin/bash
# Canaries in every field and text of a made-up municipality, five recipients and their people, and the search for what
# none of them may see, in all that leaves and all that is said. LEAK_CASES households (default 25), LEAK_TALK of them
# with messages and tasks (default 3), SEED; the same seed makes the same municipality.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/tap.sh
. tests/lib/web.sh
seed=${SEED:-1} cases=${LEAK_CASES:-25} talk=${LEAK_TALK:-3} leak=tests/leak/leak.py
D=$SCRATCH/town
export TSUNAGI_STORE=$WEB_STORE TSUNAGI_KEYS=$D/keys KINTONE_TOKEN=test-token
exits 0 "a town of seed $seed" python3 $leak make "$seed" "$cases" "$D"
printf '# %s\n' "$OUT"
mkdir -p "$D/seen" "$D/out" "$D/kintone"
say() { # NAME WANT COMMAND...: what it prints is searched, too
	local name=$1 want=$2
	shift 2
	exits "$want" "$name" "$@"
	printf '%s\n%s\n' "$OUT" "$ERR" >>"$D/seen/$name"
}
receiver() { # PROGRAM FOLDER WAITS-FOR ARGUMENT...
	python3 "tests/lib/$1" "$2" "${@:4}" 2>"$SCRATCH/receiver" &
	WEB_LISTENERS="$WEB_LISTENERS $!"
	disown
	soon test -s "$2/$3"
}
say import 5 tsunagi import "$D/legacy.csv" --mapping legacy-care-record --report "$D/seen/import.txt"
say registry 0 tsunagi import "$D/registry.csv" --mapping registry-municipal --report "$D/seen/registry.html"
say protection 0 tsunagi import "$D/protection.csv" --mapping registry-municipal/protection --report "$D/seen/protection.csv"
say roster 0 tsunagi import "$D/roster.csv" --mapping meetings/roster
store_sql s "$(cat "$D/unlinked.sql")"
ok $((! $(store_sql s "SELECT count(*) FROM cc_relationship WHERE other_address <> ''"))) "protected people are named by others' relations"
for dir in "$D"/files/*; do
	say attach 0 bash -c 'tsunagi attach "$0" "$1"/* | sed "s/[^ /]*\.\(png\|pdf\)//"' "${dir##*/}" "$dir"
done
while IFS= read -r line; do
	# shellcheck disable=SC2086 # words without blanks
	say later 0 tsunagi $line
done <"$D/later"

# --- files: of each format, papers of a meeting, a family tree, attachments, another system
approve() { # PROFILE
	say "propose-$1" 0 env TSUNAGI_ACTOR=suzuki tsunagi release propose "$D/profiles/$1.cfg"
	say "approve-$1" 0 env TSUNAGI_ACTOR=tanaka tsunagi release approve "$D/profiles/$1.cfg"
}
receiver fake_kintone.py "$D/kintone" port 0
kintone=(--as kintone --to "http://127.0.0.1:$(cat "$D/kintone/port")" --set app=9 --set token_env=KINTONE_TOKEN
	--set entity=case --set 'fields=日付=opened_on, 内容=remarks' --set key_field=番号 --set mark_field=mark)
meeting=$(sed -n 2p "$D/roster.csv")
mcase=$(cut -d, -f2 <<<"$meeting")
for p in wel edu hlt pol swc; do
	approve $p
	approve meeting-$p
	want=0
	[ $p != pol ] || want=6
	for as in jsonl csv xml xlsx; do
		say "export-$p-$as" $want tsunagi export --profile "$D/profiles/$p.cfg" --as $as --to "$D/out/$p-$as"
	done
	say "export-$p-kintone" $((want ? want : 5)) tsunagi export --profile "$D/profiles/$p.cfg" "${kintone[@]}"
	[ ! -e "$D/kintone/app.json" ] || mv "$D/kintone/app.json" "$D/out/$p-kintone.json"
	for as in svg dot; do
		say "export-$p-$as" $want tsunagi export --profile "$D/profiles/meeting-$p.cfg" --as $as --case "$mcase" --to "$D/out/$p.$as"
	done
	exits 6 "papers for $p alone" tsunagi meeting pack "$mcase" --meeting "${meeting%%,*}" --profile "$D/profiles/meeting-$p.cfg" --to "$D/out/$p-pack"
	for n in $(store_sql s 'SELECT id FROM cc_attachment ORDER BY id LIMIT 4'); do
		tsunagi attach export "$n" --profile "$D/profiles/meeting-$p.cfg" --to "$D/out/$p-$n.file" >"$D/seen/attach-$p-$n" 2>&1
	done
done

like "$(echo "$D"/out/wel-*.file)" '[0-9]\.file' "a picture left"
like "$(cat "$D"/seen/attach-wel-*)" 'the PDF says who made it' "a PDF that names somebody stayed"

# --- files that arrive, people at the daemon, mails and calls
mkdir "$D/seen/post"
receiver fake_receiver.py "$D/seen/post" hook a-secret
echo a-secret >"$D/hook.secret"
web_site "$D" "services: { chat: { plugin = \"chat\"; }; search: { plugin = \"search\"; }; progress: { plugin = \"progress\"; };
	stats: { plugin = \"stats\"; }; alert: { plugin = \"alert\"; smtp_url = \"smtp://127.0.0.1:$(cat "$D/seen/post/smtp")\";
	smtp_tls = \"none\"; mail_from = \"hub@example.jp\"; mail_wait = \"0s\"; link = \"https://front.example.jp/\";
	hook_url = \"http://127.0.0.1:$(cat "$D/seen/post/hook")/h\"; hook_secret_file = \"hook.secret\"; }; };" \
	'views = ["profiles/edu.cfg", "profiles/wel.cfg", "profiles/hlt.cfg", "profiles/swc.cfg", "profiles/pol.cfg"];'
mkdir "$D/in"
cp "$D"/drop/* "$D/in"
for f in "$D"/in/*; do touch "$f.ok"; done
job="source: { plugin = \"csv\"; encoding = \"cp932\"; }; mapping = \"legacy-care-record\"; reject_limit = \"100\";"
sed -i "s|^jobs: { };|jobs: { arrives: { kind = \"intake\"; $job watch: { folder = \"$D/in\"; pattern = \"*.csv\"; }; }; };|" "$D/jobs.cfg"
# the register that the roles of people name, without a source; of some agencies nobody of the town has heard
n=0
for p in EDU WEL HLT SWC POL; do
	store_sql s "INSERT INTO cc_agency (id, system_id, key) SELECT $((n += 1)), 1, '$p' WHERE NOT EXISTS (SELECT 1 FROM cc_agency WHERE key = '$p')"
done
web_user "$D" writer coordinator EDU
for p in wel hlt swc pol; do web_user "$D" $p coordinator "${p^^}"; done
web_user "$D" officer it_officer WEL
web_start "$D"
arrived() { [ "$(find "$D/in/done" "$D/in/rejected" -name '*.manifest.json' | wc -l)" = 5 ]; }
soon arrived
ok $? "files that arrived are taken" "$(find "$D/in" -type f)"
like "$(cat "$D"/in/rejected/*.messages.txt)" 'none of the columns' "one without its header is refused"
mkdir "$D/seen/arrived"
cp "$D"/in/*/*.{manifest.json,report.txt,messages.txt} "$D/seen/arrived"
exits 0 "people write and read" python3 tests/leak/site.py "$D" "$WEB_URL" "$WEB_PASSWORD" "$talk"
printf '# %s\n' "$OUT"
like "$OUT" '[1-9][0-9]* sent.*[1-9][0-9]* titles.*[1-9][0-9]* polls.*[1-9][0-9]* comments.*[1-9][0-9]* tasks.* [1-9][0-9]* of .* with a hit' "much of it"
like "$(cat "$D"/out/{wel,hlt}-site)" '"text":"[^"]*【' "messages were read, masked"
like "$(cat "$D/out/wel-events")" 'event: ' "and events"
until=$(day 365)
for p in wel hlt swc; do
	token=$(tsunagi user token add --name "$p" --agency "${p^^}" --may cases.read --until "$until" 2>"$D/seen/token" | tail -n 1)
	exits 0 "read as $p" python3 $leak read "$WEB_URL" "$token" "$D/out/$p-http"
done
like "$(cat "$D/out/wel-http")" '"entity":"intake".*【' "texts were read"
web_stop
cp "$D/log" "$D/seen/log"
say status 0 tsunagi status
say runs 0 tsunagi runs --format jsonl
say link 0 tsunagi link list
say log 0 tsunagi release log
say verify 0 tsunagi audit verify
say doctor 0 tsunagi doctor
say audit 0 tsunagi audit list --format jsonl
say inspect 0 tsunagi audit inspect --month "$(day 0 +%Y-%m)" --format csv
say consent 0 tsunagi consent show 2026-0000001
say simulate 0 tsunagi consent simulate 2026-0000001 --as '*' --format jsonl
say withdraw-dry 0 tsunagi consent withdraw 2026-0000001 --as '*' --reason test --dry-run
say withdraw 0 tsunagi consent withdraw 2026-0000001 --as NOBODY --reason test
say recalls 0 tsunagi release recalls
say items 0 tsunagi release items 1
say keys 0 tsunagi release keys list
say stats 0 tsunagi query stats --month 2026-06
say protect 0 tsunagi release protection protect --person 2026-0000002 --reason test
say nobody 2 tsunagi consent show 2026-9999999
exits 0 "nothing that may not leave has left (seed $seed)" python3 $leak search "$D"
[ -z "${LEAK_KEEP:-}" ] || cp -r "$D" "$LEAK_KEEP"
printf '# %s\n' "${OUT##*$'\n'}"
like "$OUT" 'WEL [1-9].*HLT [1-9].*POL 0.*SWC 0' "what may be seen is seen"
python3 $leak plant "$D" "$D/out/swc-jsonl.plant" 20
exits 1 "planted canaries" python3 $leak search "$D"
like "$OUT" '(2[5-9]|[3-9][0-9]) leaks' "are found in all their forms"
for at in swc-site swc-events swc-xlsx swc.svg swc.dot 01.html swc-1.png mails/planted hooks officer log; do
	like "$OUT" "/$at: " "and in $at"
done
tap_done
