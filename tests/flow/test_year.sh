#!/bin/bash
# Fourteen months of schedules by a clock of our own: what the daemon's scheduler starts, and when, against a plain
# reading with calendar arithmetic of its own (tests/lib/year.py).
. tests/lib/tap.sh
exits 0 "the scheduler goes through it" env YEAR_OUT="$SCRATCH/is" "${BUILD:-build}/tests/hub/serve/test_year"
python3 tests/lib/year.py tests/flow/year.cfg hub/serve/test_year.c >"$SCRATCH/want"
is "$(diff "$SCRATCH/want" "$SCRATCH/is" | head -n 20)" "" "the same starts at the same minutes"
for job in night_20 left_out_20 open_5 third_5 month_end_5 pay_5 before_5 leap_5 last_day_5 slow_95 weekly_30; do
	like "$(grep -c " $job$" "$SCRATCH/is")" '^[1-9]' "some of them of $job"
done
is "$(grep 'leap_5' "$SCRATCH/is")" "2028-02-29T12:01 leap_5" "the leap day, made up for after two minutes"
tap_done
