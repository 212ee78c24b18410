#!/bin/bash
# The fast part of `make torture`: a few faults of each command that writes.
export SEED=${SEED:-42}
for c in import import-full reload undo export; do
	python3 "$(dirname "$0")/../torture/torture.py" sample:12 "$SEED" $c || bad=1
done
exit ${bad:-0}
