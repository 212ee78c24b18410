#!/bin/bash
# Fourteen months of the real daemon and its web process, with real runs, by a clock that the test turns: schedules,
# working days, blackouts, catching up after the daemon was stopped or killed, against a plain reading (tests/lib/year.py);
# alerts on their days, each once.
. tests/lib/tap.sh
root=$PWD
export TSUNAGI_PLUGINS=$SCRATCH/plugins TSUNAGI_STORE=sqlite:$SCRATCH/s.db TSUNAGI_KEYS=$SCRATCH/keys
unset TSUNAGI_ACTOR STATE_DIRECTORY TSUNAGI_NOW
mkdir "$TSUNAGI_PLUGINS"
for p in source-csv service-alert; do ln -s "$(cd "$BUILD" && pwd)/plugins/$p.so" "$TSUNAGI_PLUGINS/"; done
cc -std=gnu17 -O1 -shared -fPIC -o "$SCRATCH/clock.so" tests/lib/clock.c
head -c 24 /dev/zero >"$SCRATCH/clock"
cp tests/flow/daemon_year.cfg "$SCRATCH/jobs.cfg"
cp -r tests/flow/alerts "$SCRATCH/"
sed 's/entities: {/entities: { agency: { fields = ["agency_name"]; };/' config/profiles/trusted-agency.cfg >"$SCRATCH/wel.cfg"
sed 's/\(may = .*;\) }/\1 second_factor = false; }/' schemas/roles.cfg >"$SCRATCH/roles.cfg"
cd "$SCRATCH" && ln -s "$root/schemas" . || exit 1

# the first of November 2027: a case with all that has an end, one that nobody was in touch with
export TSUNAGI_NOW=2027-11-01T00:00:00+09:00
{
	sed -n 's/.*header = ( "\(.*\)" );/\1/p' alerts/mapping.cfg | sed 's/", "/,/g'
	echo 'C1,青木一,1950-01-01,WEL,WEL課,2028-12-31,S1,s1@example.jp,2027-10-01,2027-10-29,2027-12-28,P1,2028-03-31,2028-02-29,2028-06-30,継続,訪問'
	echo 'C2,紺野九,1960-01-01,WEL,WEL課,2028-12-31,S1,s1@example.jp,2027-10-20,2028-06-01,,,,,,継続,電話'
	echo 'C3,白石三,1970-01-01,WEL,WEL課,2028-12-31,S1,s1@example.jp,2027-10-20,2027-10-25,,,,,,終結,電話'
} >cases.csv
tsunagi import cases.csv --mapping alerts/mapping.cfg --quiet >out 2>err
TSUNAGI_ACTOR=a tsunagi release propose wel.cfg >/dev/null 2>>err && TSUNAGI_ACTOR=b tsunagi release approve wel.cfg >/dev/null 2>>err
tsunagi user add ann --name ann --role coordinator --agency WEL --staff S1 --roles roles.cfg <<<'Kawa-to-yama-8421' >/dev/null 2>>err
unset TSUNAGI_NOW
exits 0 "the daemon goes through fourteen months" env LD_PRELOAD="$SCRATCH/clock.so" TEST_CLOCK="$SCRATCH/clock" \
	python3 "$root/tests/lib/daemon_year.py" jobs.cfg "$SCRATCH/clock"
echo "$OUT" >is
python3 "$root/tests/lib/year.py" jobs.cfg jobs.cfg >want
is "$(diff want is | head -n 20)" "" "it starts what is due, at the minute, and makes up once for what it missed"
for job in third_1 month_end_1 pay_1 left_out_1 leap_1 quarter_1; do like "$(grep -c " $job$" is)" '^[1-9]' "some of them of $job"; done
db() { sqlite3 s.db "$1"; }
# kind, day of the fact, day on which it was told: as docs/alerts.md says
is "$(db "SELECT kind || ' ' || coalesce(case_no, '-') || ' ' || date(day * 86400, 'unixepoch') || ' ' || date(raised * 86400, 'unixepoch') FROM alerts_alert ORDER BY 1")" \
"consent_ending C1 2028-06-30 2028-05-31
contract_ending - 2028-12-31 2028-11-01
evaluation_due C1 2028-02-29 2028-02-15
next_action C1 2027-12-28 2028-01-04
no_contact C1 2027-10-29 2027-11-28
no_contact C2 2028-06-01 2028-07-01
plan_ending C1 2028-03-31 2028-03-01" "each alert is raised once, on its day, leap year and New Year's holidays counted"
is "$(db "SELECT count(*), count(DISTINCT alert) FROM alerts_told")" "7|7" "and told once"
unlike "$(cat log)" 'web-died|module-|timer-failed|event-failed|青木' "nothing failed on the way"
tap_done
