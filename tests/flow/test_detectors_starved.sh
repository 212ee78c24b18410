#!/bin/bash
# No text passes by a detector that was installed and cannot do its work: without memory, without file descriptors, with
# a detector that was refused, everything stops. Only a dictionary that is not installed leaves one out.
. tests/lib/tap.sh

in=$SCRATCH/in
cat >"$in" <<'END'
{"id":1,"text":"担当の佐藤が山田花子さん宅（大平町3-2-1）へ電話 090-1234-5678。夫の健も同席。","roster":[{"person_id":"p","name":"山田 花子"}]}
END
want=$(tsunagi mask "$in" 2>"$SCRATCH/err")
missing=$(cat "$SCRATCH/err")
like "$want" '"PHONE"' "something is found"

# starved NAME LIMIT...: ulimit with each of the values; all or nothing. Some must stop it and some must not, or the
# limits were never felt.
starved() {
	local name=$1 option=$2 got rc n stopped=0 went=0 bad=
	shift 2
	for n in "$@"; do
		got=$(ulimit "$option" "$n" && tsunagi mask "$in" 2>"$SCRATCH/err")
		rc=$?
		if [ $rc -ne 0 ]; then
			stopped=$((stopped + 1))
		elif [ "$got" = "$want" ]; then
			went=$((went + 1))
		else
			bad="$bad $n: $(cat "$SCRATCH/err")"
		fi
	done
	is "$bad" "" "$name: found all or stopped"
	[ $stopped -gt 0 ] && [ $went -gt 0 ]
	ok $? "$name: some of both" "$stopped stopped, $went went"
}
starved "file descriptors" -n 3 4 5 6 7 8 64
starved "memory" -v 16000 40000 56000 64000 72000 80000 88000 96000 112000 128000 144000 unlimited

# beside the others, a detector that cannot be loaded
mkdir "$SCRATCH/bad"
echo 'no plugin' >"$SCRATCH/bad/detect-site.so"
plugins=$BUILD/plugins
exits 3 "a refused detector stops it" env TSUNAGI_PLUGINS="$SCRATCH/bad:$plugins" tsunagi mask "$in"
is "$OUT" "" "and nothing came out"
like "$ERR" 'detect-site.so' "it is named"
mv "$SCRATCH/bad/detect-site.so" "$SCRATCH/bad/sink-site.so"
exits 0 "a refused sink does not" env TSUNAGI_PLUGINS="$SCRATCH/bad:$plugins" tsunagi mask "$in"
is "$OUT" "$want" "and nothing is missed"

# the dictionary alone may be missing, and it is said
if [ -n "$missing" ]; then
	like "$missing" 'without the detector tagger' "without a dictionary: a warning"
else
	skip "without a dictionary" "it is installed"
fi
tap_done
