# What takes two people takes two accounts that signed in, as soon as a store has accounts: one person who administers
# the machine, and so has every login name, is not two. What closes takes whoever is there.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_KEYS=$SCRATCH/keys TSUNAGI_NOW=2026-06-15T10:00:00+09:00; TSUNAGI_STORE=$(store_url t)
cp mappings/legacy-care-record/sample.csv "$SCRATCH/in.csv"
tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
cat >"$SCRATCH/roles.cfg" <<'R'
roles = ({ name = "head"; label = "H"; may = ["releases.*"]; second_factor = false; },
         { name = "two"; label = "T"; may = ["releases.*"]; },
         { name = "clerk"; label = "C"; may = ["cases.*"]; second_factor = false; },
         { name = "looks"; label = "L"; may = ["*"]; view_only = true; second_factor = false; });
R
R=(--roles "$SCRATCH/roles.cfg") pw='correct horse battery' one=2024-0000001 ground=kojoho-69-2-4 profile=trusted-agency
rel() { tsunagi release "$@" "${R[@]}"; }
named() { local who=$1; shift; TSUNAGI_ACTOR=$who tsunagi release "$@" "${R[@]}"; }
signed() { local who=$1; shift; TSUNAGI_ACTOR=root tsunagi release "$@" "${R[@]}" --account "$who" <<<"${PW:-$pw}"; }
by() { tsunagi audit list --format jsonl | tail -1 | grep -o '"by[^,}]*' | tr -d '\\'; }

# --- without accounts login names do, and it says so
exits 0 "no accounts: a login name proposes" named ann propose $profile
is "$(by)" '"by":"login-name"' "the log says that it was one"
exits 0 "another one approves" named bob approve $profile
like "$(rel list --format csv)" '"login names"' "the list says so, too"
named ann protection clear --person $one --reason x >/dev/null
named ann emergency ask WEL --person $one --ground $ground --reason x >/dev/null

out() { tsunagi export --profile "$1" --as jsonl --to "$SCRATCH/out" "${R[@]}" "${@:2}"; }
exits 0 "a release goes" out $profile --reason "by telephone"
like "$ERR" 'login names of the machine' "and says by whom it was approved"

# --- with accounts
for u in ann:head bob:head mia:clerk leo:looks kim:two; do
	tsunagi user add "${u%:*}" --name "${u%:*}" --role "${u#*:}" "${R[@]}" <<<"$pw" 2>/dev/null
done
tsunagi user add sam --name sam --role head --agency SWC "${R[@]}" <<<"$pw" 2>/dev/null
tmp=$(tsunagi user add tom --name tom --role head --temporary "${R[@]}" 2>/dev/null)
sed 's/purpose = "\([a-z_]*\)"/purpose = "support2"/' config/profiles/$profile.cfg >"$SCRATCH/p.cfg"

for step in "propose $SCRATCH/p.cfg" "emergency ask WEL --person $one --ground $ground --reason x" "emergency confirm 1" \
	"protection clear" "protection clear --person $one --reason x" "unbar SWC" ; do
	exits 6 "a login name is not enough: ${step//$SCRATCH/.}" named bob $step
done
like "$ERR" 'sign-in-needed.*--account' "and says what is"
exits 0 "to bar it is" named root bar SWC --reason r
exits 0 "to protect" named root protection protect --person $one --reason r
exits 0 "to stop everything" named bob stop --reason r
exits 6 "but not to let it go on" named carl resume --reason r
exits 6 "nor by the account of who stopped" signed bob resume --reason r
exits 0 "another account does" signed ann resume --reason r
exits 6 "what was asked under a login name is not confirmed by an account" signed bob emergency confirm 1
like "$ERR" first-unsigned "for it proves nobody"
if [ "${TEST_STORE:-sqlite}" = sqlite ]; then # each password costs a quarter of a second
	PW=wrong exits 6 "a wrong password" signed ann propose "$SCRATCH/p.cfg"
	exits 6 "an account whose role may not" signed mia propose "$SCRATCH/p.cfg"
	like "$ERR" 'not-permitted.*releases.propose' "with what it would take"
	exits 6 "or only look" signed leo propose "$SCRATCH/p.cfg"
	exits 6 "or another agency's" signed sam propose "$SCRATCH/p.cfg"
	PW=$tmp exits 6 "a password that somebody else has drawn" signed tom propose "$SCRATCH/p.cfg"
	exits 6 "a role that wants a second factor, without one" signed kim propose "$SCRATCH/p.cfg"
fi
exits 0 "ann proposes" signed ann propose "$SCRATCH/p.cfg"
is "$(by)" '"by":"password"' "the log knows how she was known"
exits 6 "she cannot approve" signed ann approve "$SCRATCH/p.cfg"
key=$(tsunagi user totp kim "${R[@]}" 2>/dev/null | head -1)
export TSUNAGI_NOW; TSUNAGI_NOW=2026-06-15T10:00:30+09:00
exits 6 "a code that is wrong" signed kim approve "$SCRATCH/p.cfg" < /dev/null
PW=$pw$'\n'$(python3 tests/lib/totp.py "$key") exits 0 "kim approves, with a code" signed kim approve "$SCRATCH/p.cfg"
is "$(by)" '"by":"password+code"' "of which the log knows"
like "$(rel list --format csv)" '"ann",.*"kim",.*"accounts"' "and the list"

exits 6 "masked data without consent: a login name confirms nothing" out "$SCRATCH/p.cfg" --reason "by telephone"
like "$ERR" sign-in-needed "for it is not known who says so"
exits 6 "nor an account that may not" out "$SCRATCH/p.cfg" --reason "by telephone" --account mia <<<"$pw"
exits 0 "one that may" out "$SCRATCH/p.cfg" --reason "by telephone" --account ann <<<"$pw"
unlike "$ERR" 'login names' "approved by two accounts"
like "$(tsunagi audit list --format jsonl | grep '"release"' | tail -1)" '"ann".*by telephone.*by.....password.*approved_by.....accounts' "all of which is on the log"

# --- a token in a file
secret=$(tsunagi user token add --name cli --may releases.emergency --until 2027-01-01 --account bob "${R[@]}" <<<"$pw" 2>/dev/null)
nobody=$(tsunagi user token add --name program --may 'releases.*' --until 2027-01-01 "${R[@]}" 2>/dev/null)
printf '%s\n' "$secret" >"$SCRATCH/bob.token"; printf '%s\n' "$nobody" >"$SCRATCH/none.token"
chmod 644 "$SCRATCH/bob.token"; chmod 600 "$SCRATCH/none.token"
exits 0 "ann asks" signed ann emergency ask WEL --person $one --ground $ground --reason x
exits 6 "a token that others can read" rel emergency confirm 2 --token "$SCRATCH/bob.token"
chmod 600 "$SCRATCH/bob.token"
exits 6 "a program's is nobody's" rel emergency confirm 2 --token "$SCRATCH/none.token"
exits 6 "one that may something else" rel approve "$SCRATCH/p.cfg" --token "$SCRATCH/bob.token"
mine=$(tsunagi user token add --name cli --may releases.emergency --until 2027-01-01 --account ann "${R[@]}" <<<"$pw" 2>/dev/null)
(umask 077; printf '%s\n' "$mine" >"$SCRATCH/ann.token")
exits 6 "ann's token is ann" rel emergency confirm 2 --token "$SCRATCH/ann.token"
exits 0 "bob's confirms" rel emergency confirm 2 --token "$SCRATCH/bob.token"
is "$(by)" '"by":"token"' "and is named"

secret=$(tsunagi user token add --name own --may 'releases.*' --until 2027-01-01 --account mia "${R[@]}" <<<"$pw" 2>/dev/null)
(umask 077; printf '%s\n' "$secret" >"$SCRATCH/mia.token")
exits 6 "a token that says more than its account may" rel emergency end 2 --reason x --token "$SCRATCH/mia.token"
exits 6 "is worth no more than that" rel propose "$SCRATCH/p.cfg" --token "$SCRATCH/mia.token"
like "$ERR" 'no role of this account allows releases.propose' "and says so"
secret=$(tsunagi user token add --name later --may releases.propose --until 2027-01-01 --account ann "${R[@]}" <<<"$pw" 2>/dev/null)
(umask 077; printf '%s\n' "$secret" >"$SCRATCH/later.token")
exits 0 "hers may" rel propose "$SCRATCH/p.cfg" --token "$SCRATCH/later.token"
number=$(store_sql t "SELECT m.id FROM membership m JOIN account a ON a.id = m.account_id WHERE a.login = 'ann' AND m.ended_at IS NULL")
store_sql t "UPDATE membership SET ended_at = 1 WHERE id = $number"
exits 6 "until her role has ended" rel propose "$SCRATCH/p.cfg" --token "$SCRATCH/later.token"
store_sql t "UPDATE membership SET ended_at = NULL WHERE id = $number"

# --- lifting: the word of a login name from before does not count
signed bob protection clear --person $one --reason x >/dev/null
is "$(store_sql t "SELECT count(*) FROM protection_act WHERE what = 'clear' AND second IS NOT NULL")" 0 "one account waits"
signed ann protection clear --person $one --reason x >/dev/null
is "$(store_sql t "SELECT count(*) FROM protection_act WHERE what = 'clear' AND second_account <> account")" 1 "for another one"
like "$(tsunagi audit inspect --month 2026-06 --format csv)" '"account-password"|"account-add"' "an auditor sees who was made able to sign in"
is "$(tsunagi audit inspect --month 2026-06 --format csv | grep -c '"roles-own"')" 1 "and by which roles of the site's own, once"
like "$(tsunagi audit inspect --month 2026-06 --format csv)" '"factor-add"' "and who got a second factor from somebody"
exits 0 "the whole log fits" tsunagi audit verify
tap_done
