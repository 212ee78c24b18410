#!/bin/bash
# The gate against a slow reading of its rules by somebody else's program (tests/gate/cases.py).
# GATE_N questions (default 20000), SEED; the same seed asks the same questions.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/tap.sh
seed=${SEED:-$RANDOM} n=${GATE_N:-20000}
cases=tests/gate/cases.py
exits 0 "$n questions of seed $seed, answered alike" python3 $cases check "$seed" "$n" tsunagi decide
printf '# %s\n' "$OUT"
like "$OUT" "^$n equal: allow [1-9].*mask [1-9].*withhold [1-9]" "every decision occurs"
bend() { # AWK ; answers that are bent on their way
	cat >"$SCRATCH/bent" <<SH
#!/bin/sh
tsunagi decide | awk '$1 { print; fflush() }'
SH
	chmod +x "$SCRATCH/bent"
}
bend 'NR == 100 { if (!sub(/"decision":"allow"/, "\"decision\":\"withhold\"")) sub(/"decision":"[a-z]*"/, "\"decision\":\"allow\"") }'
exits 1 "one bent answer is found" python3 $cases check "$seed" 200 "$SCRATCH/bent"
like "$ERR" '^\{"id": "q99"' "and named"
bend 'NR == 100 { next }'
exits 1 "one lost answer as well" timeout 240 python3 $cases check "$seed" 200 "$SCRATCH/bent"
tap_done
