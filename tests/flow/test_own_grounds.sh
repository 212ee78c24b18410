# A site's own table of legal grounds opens what nobody has consented to: like a profile it acts only as somebody else approved it,
# and never because a file of that name lies in the folder somebody works in.
. tests/lib/tap.sh
. tests/lib/store.sh
export TSUNAGI_STORE TSUNAGI_ACTOR=carl TSUNAGI_NOW=2026-06-15T10:00:00+09:00
TSUNAGI_STORE=$(store_url own)
cp mappings/legacy-care-record/sample.csv "$SCRATCH/cases.csv"
exits 5 "cases" tsunagi import "$SCRATCH/cases.csv" --mapping legacy-care-record --quiet
exits 0 "their meetings" tsunagi import mappings/meetings/roster.sample.csv --mapping meetings/roster --quiet
for who in ann bob; do TSUNAGI_ACTOR=$who tsunagi release protection clear --reason "not connected to the registry" >/dev/null; done
TSUNAGI_ACTOR=ann tsunagi release propose meeting-swc >/dev/null && TSUNAGI_ACTOR=bob tsunagi release approve meeting-swc >/dev/null
sed '/id = "juso-shien-kaigi"/,/}/s/needs_consent = true/needs_consent = false/' schemas/grounds.cfg >"$SCRATCH/grounds.cfg"
out() { tsunagi export --profile meeting-swc --meeting M-1 --as jsonl --to "$SCRATCH/out" --quiet "$@"; }

exits 0 "a 重層的支援会議" out
like "$(cat "$SCRATCH/out")" '●●' "needs consent"
masked=$(sed 's/〔[^〕]*〕//g' "$SCRATCH/out")
root=$PWD
cd "$SCRATCH" || exit 1
exits 0 "in a folder with a table of grounds" out
cd "$root" || exit 1
is "$(sed 's/〔[^〕]*〕//g' "$SCRATCH/out")" "$masked" "which says nothing"
exits 6 "with one of his own" out --grounds "$SCRATCH/grounds.cfg"
like "$ERR" 'not-approved.*release propose --grounds FILE' "which nobody has approved"
exits 6 "nor for an emergency" tsunagi release emergency ask SWC --person 2024-0000001 --ground kojoho-69-2-4 --reason collapsed \
	--grounds "$SCRATCH/grounds.cfg"
exits 0 "he proposes it" tsunagi release propose --grounds "$SCRATCH/grounds.cfg"
like "$OUT" 'juso-shien-kaigi: .*purpose meeting active \.\. \(was .*needs-consent' "which says what it changes"
unlike "$OUT" 'shakai-fukushi' "and nothing else"
exits 6 "he cannot approve it" tsunagi release approve --grounds "$SCRATCH/grounds.cfg"
exits 0 "somebody else does" env TSUNAGI_ACTOR=dan tsunagi release approve --grounds "$SCRATCH/grounds.cfg"
exits 0 "then it acts" out --grounds "$SCRATCH/grounds.cfg"
[ "$(sed 's/〔[^〕]*〕//g' "$SCRATCH/out")" != "$masked" ]
ok $? "and opens"
sed -i '/id = "jido-fukushi-25-3"/,/}/s/active = false/active = true/' "$SCRATCH/grounds.cfg"
exits 6 "as it was approved, and not otherwise" out --grounds "$SCRATCH/grounds.cfg"
exits 2 "nothing to propose" tsunagi release propose
tap_done
