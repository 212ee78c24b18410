#!/bin/bash
# Canaries in every field and text of a made-up municipality, five recipients, and the search for what none of
# them may see. LEAK_CASES households (default 80), SEED; the same seed makes the same municipality.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/tap.sh
. tests/lib/web.sh
seed=${SEED:-$RANDOM} cases=${LEAK_CASES:-80} leak=tests/leak/leak.py
D=$SCRATCH/town
export TSUNAGI_STORE=sqlite:$D/store.db
exits 0 "a town of seed $seed" python3 $leak make "$seed" "$cases" "$D"
printf '# %s\n' "$OUT"
mkdir -p "$D/seen" "$D/out"
say() { # NAME WANT COMMAND...: what it prints is searched, too
	local name=$1 want=$2
	shift 2
	exits "$want" "$name" "$@"
	printf '%s\n%s\n' "$OUT" "$ERR" >"$D/seen/$name"
}
say import 0 tsunagi import "$D/legacy.csv" --mapping legacy-care-record --report "$D/seen/import.txt"
say registry 0 tsunagi import "$D/registry.csv" --mapping registry-municipal --report "$D/seen/registry.html"
say protection 0 tsunagi import "$D/protection.csv" --mapping registry-municipal/protection --report "$D/seen/protection.csv"
for p in wel edu hlt pol swc; do
	say "propose-$p" 0 env TSUNAGI_ACTOR=suzuki tsunagi release propose "$D/profiles/$p.cfg"
	say "approve-$p" 0 env TSUNAGI_ACTOR=tanaka tsunagi release approve "$D/profiles/$p.cfg"
	for as in jsonl csv xml; do
		say "export-$p-$as" 0 tsunagi export --profile "$D/profiles/$p.cfg" --as $as --to "$D/out/$p-$as"
	done
done

# what the same agencies read by HTTP
{
	echo "store = \"$TSUNAGI_STORE\"; jobs: {};"
	echo 'serve: { listen = "127.0.0.1:0"; access: { rate = 0; address_rate = 0; };'
	echo 'views = ["profiles/wel.cfg", "profiles/hlt.cfg", "profiles/swc.cfg"]; };'
} >"$D/jobs.cfg"
# the register that the roles of people and programs name; without a source it says nothing else of them
sqlite3 "$D/store.db" "INSERT INTO cc_agency (id, system_id, key) VALUES (1, 1, 'WEL'), (2, 1, 'HLT'), (3, 1, 'SWC')"
web_start "$D"
for p in wel hlt swc; do
	token=$(tsunagi user token add --name "$p" --agency "${p^^}" --may cases.read --until "$(date -d '+1 year' +%F)" 2>"$D/seen/token" | tail -n 1)
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
say audit 0 tsunagi audit list --format jsonl
say inspect 0 tsunagi audit inspect --month "$(date +%Y-%m)" --format csv
say consent 0 tsunagi consent show 2026-0000001
say simulate 0 tsunagi consent simulate 2026-0000001 --as '*' --format jsonl
say withdraw-dry 0 tsunagi consent withdraw 2026-0000001 --as '*' --reason test --dry-run
say withdraw 0 tsunagi consent withdraw 2026-0000001 --as NOBODY --reason test
say recalls 0 tsunagi release recalls
say items 0 tsunagi release items 1
say keys 0 tsunagi release keys list
say protect 0 tsunagi release protection protect --person 2026-0000002 --reason test
say nobody 2 tsunagi consent show 2026-9999999
exits 0 "nothing that may not leave has left" python3 $leak search "$D"
printf '# %s\n' "${OUT##*$'\n'}"
like "$OUT" 'WEL [1-9].*HLT [1-9].*SWC 0' "what may be seen is seen"
python3 $leak plant "$D" "$D/out/swc.jsonl" 20
exits 1 "planted canaries" python3 $leak search "$D"
like "$OUT" '(1[5-9]|[2-9][0-9]) leaks' "are found in all their forms"
tap_done
