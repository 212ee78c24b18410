# The commands of both READMEs, in their order, on a sample: each ends with 0, or 5 where rows were rejected.
. tests/lib/tap.sh
unset TSUNAGI_STORE TSUNAGI_ACTOR
root=$PWD
for doc in README.md README.ja.md; do
	mkdir "$SCRATCH/$doc" && cd "$SCRATCH/$doc" || exit 1
	cp "$root/mappings/legacy-care-record/sample.csv" cases.csv
	n=0
	while IFS= read -r line; do
		line=${line%%  #*}
		timeout 240 bash -c "${line//build\/bin\/tsunagi/tsunagi}" >out.txt 2>err.txt </dev/null
		rc=$?
		[ $rc -eq 0 ] || [ $rc -eq 5 ]
		ok $? "$doc: ${line#"${line%%[! ]*}"}" "exit $rc: $(cat err.txt)"
		n=$((n + 1))
	done < <(grep -E '^    (TSUNAGI_[A-Z]+=[^ ]+ )?build/bin/tsunagi ' "$root/$doc")
	ok "$([ $n -ge 8 ]; echo $?)" "$doc: commands were found"
	cd "$root" || exit 1
done
tap_done
