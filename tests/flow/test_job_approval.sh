# A release job runs only in the version that somebody other than its author approved.
. tests/lib/tap.sh
export TSUNAGI_STORE=sqlite:$SCRATCH/t.db TSUNAGI_NOW=2026-06-15T10:00:00+09:00 TSUNAGI_ACTOR=carl
mkdir "$SCRATCH/plugins" && cp "$BUILD"/plugins/{source-csv,sink-csv,sink-json}.so "$SCRATCH/plugins" && export TSUNAGI_PLUGINS=$SCRATCH/plugins
cp mappings/legacy-care-record/sample.csv "$SCRATCH/in.csv"
tsunagi import "$SCRATCH/in.csv" --mapping legacy-care-record --quiet >/dev/null 2>&1
cp config/profiles/trusted-agency.cfg "$SCRATCH/wel.cfg"
as() { local who=$1; shift; TSUNAGI_ACTOR=$who tsunagi release "$@"; }
job() { # SINK PATH
	printf 'store = "sqlite:t.db";\njobs: { nightly: { kind = "release"; profile = "wel.cfg"; sink: { plugin = "%s"; path = "%s"; }; };
	in: { kind = "intake"; source: { plugin = "csv"; path = "in.csv"; }; mapping = "legacy-care-record"; }; };\n' "$1" "$2" >"$SCRATCH/site.cfg"
}
go() { exits "$1" "$2" tsunagi run "$SCRATCH/site.cfg" nightly --quiet; }
job csv a
as ann propose "$SCRATCH/wel.cfg" >/dev/null && as bob approve "$SCRATCH/wel.cfg" >/dev/null

go 6 "an approved profile is not an approved job"
like "$ERR" 'job site/nightly is not approved.*release propose site.cfg nightly' "and what to do"
ok "$([ ! -e "$SCRATCH/a" ]; echo $?)" "nothing is written"
exits 2 "an intake job leaves nothing" as ann propose "$SCRATCH/site.cfg" in
exits 6 "nobody proposed it" as bob approve "$SCRATCH/site.cfg" nightly
exits 0 "proposed" as ann propose "$SCRATCH/site.cfg" nightly
like "$OUT" 'sink.plugin: csv.*sink.path: a' "in words"
exits 6 "not by its author" as ann approve "$SCRATCH/site.cfg" nightly
exits 0 "by another one" as bob approve "$SCRATCH/site.cfg" nightly
go 0 "now it runs"
like "$(tsunagi audit list --format jsonl)" '"job-approve".*\\"job\\":\\"site/nightly\\",\\"job_version\\":\\"[0-9a-f]{64}' "the log says under which version"

job jsonl b.jsonl
go 6 "another target is another version"
exits 0 "its change" as ann propose "$SCRATCH/site.cfg" nightly
like "$OUT" 'sink.plugin: jsonl \(was csv\).*sink.path: b.jsonl \(was a\)' "is shown in words"
job csv a
go 0 "the approved one still runs"
job jsonl b.jsonl
as bob approve "$SCRATCH/site.cfg" nightly >/dev/null
job csv a
go 6 "until the other one took its place"

job jsonl b.jsonl
sed -i 's/^purpose = "support"/purpose = "handover"/' "$SCRATCH/wel.cfg"
as ann propose "$SCRATCH/wel.cfg" >/dev/null && as bob approve "$SCRATCH/wel.cfg" >/dev/null
go 6 "a new version of the profile is a new version of the job"
as ann propose "$SCRATCH/site.cfg" nightly >"$SCRATCH/words"
like "$(cat "$SCRATCH/words")" 'version: [0-9a-f]{64} \(was' "which is said"
exits 0 "a person is no job: by hand the profile is enough" tsunagi export --profile "$SCRATCH/wel.cfg" --as jsonl --to "$SCRATCH/c" --quiet
like "$(as x list --format csv)" '"site/nightly".*"ann".*"job"' "jobs are listed"
tap_done
