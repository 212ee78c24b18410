# The commands of docs/privacy.md and its Japanese twin, in their order, on a store with one release and one withdrawal.
. tests/lib/tap.sh
. tests/lib/store.sh
if [ "${TEST_STORE:-sqlite}" != sqlite ]; then
	skip "docs/privacy.md" "its commands are the same on every store"
	tap_done
	exit
fi
root=$PWD
export TSUNAGI_STORE TSUNAGI_NOW=2026-06-15T10:00:00+09:00 TSUNAGI_ACTOR=carl
mkdir "$SCRATCH/plugins" && cp "$BUILD"/plugins/{source-csv,sink-csv,sink-json}.so "$SCRATCH/plugins" && export TSUNAGI_PLUGINS=$SCRATCH/plugins
umask 077
pw='correct horse battery'
accounts() { # two people with one-time codes, once
	local who
	[ ! -e key.tanaka ] || return
	for who in suzuki tanaka; do
		tsunagi user add $who --name $who --role manager <<<"$pw" >user.txt 2>&1
		tsunagi user totp $who 2>>user.txt | head -1 >key.$who
	done
}
answers() { # LINE: what its account types; a code works once
	local who=${1#*--account }
	who=${who%% *}
	printf '%s\n' "$pw"; python3 "$root/tests/lib/totp.py" "$(cat "key.$who")"
}
for doc in privacy.md privacy.ja.md; do
	mkdir "$SCRATCH/$doc" && cd "$SCRATCH/$doc" || exit 1
	TSUNAGI_STORE=$(store_url "$doc") TSUNAGI_KEYS=$SCRATCH/$doc/keys
	cp "$root/mappings/legacy-care-record/sample.csv" cases.csv
	tsunagi import cases.csv --mapping legacy-care-record --quiet >/dev/null 2>&1
	for p in trusted-agency masked-agency; do
		TSUNAGI_ACTOR=ann tsunagi release propose $p >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve $p >/dev/null
		tsunagi export --profile $p --as jsonl --to out --quiet 2>/dev/null
	done
	tsunagi consent withdraw 2024-0000001 --as WEL --reason "by telephone" >/dev/null
	n=0
	while IFS= read -r line; do
		: >in.txt
		if [[ $line == *--account* ]]; then
			accounts
			TSUNAGI_NOW=$(TZ=Asia/Tokyo date -Iseconds -d "$TSUNAGI_NOW + 30 seconds")
			answers "$line" >in.txt
		fi
		bash -c "$line" >out.txt 2>err.txt <in.txt
		ok $? "$doc: ${line#"${line%%[! ]*}"}" "$(cat err.txt)"
		n=$((n + 1))
	done < <(grep -E '^    (TSUNAGI_[A-Z]+=[^ ]+ )?tsunagi ' "$root/docs/$doc")
	ok "$([ $n -ge 10 ]; echo $?)" "$doc: commands were found"
	cd "$root" || exit 1
done
tap_done
