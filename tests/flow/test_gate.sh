#!/bin/bash
# The gate against a slow reading of its rules by somebody else's program (tests/gate/cases.py).
# GATE_N questions (default 20000), SEED; the same seed asks the same questions.
cd "$(dirname "$0")/../.." || exit 1
. tests/lib/tap.sh
seed=${SEED:-$RANDOM} n=${GATE_N:-20000}
cases=tests/gate/cases.py
python3 $cases ask "$seed" "$n" >"$SCRATCH/ask.jsonl"
python3 $cases answer <"$SCRATCH/ask.jsonl" >"$SCRATCH/slow.jsonl"
exits 0 "decide answers" tsunagi decide "$SCRATCH/ask.jsonl"
printf '%s\n' "$OUT" >"$SCRATCH/gate.jsonl"
exits 0 "$n questions of seed $seed, answered alike" python3 $cases compare "$SCRATCH/slow.jsonl" "$SCRATCH/gate.jsonl"
like "$OUT" "allow [1-9].*mask [1-9].*withhold [1-9]" "every decision occurs"
awk 'NR == 100 { if (!sub(/"decision":"allow"/, "\"decision\":\"withhold\"")) sub(/"decision":"[a-z]*"/, "\"decision\":\"allow\"") } { print }' \
	"$SCRATCH/gate.jsonl" >"$SCRATCH/bent.jsonl"
exits 1 "one bent answer is found" python3 $cases compare "$SCRATCH/slow.jsonl" "$SCRATCH/bent.jsonl"
tap_done
