#!/bin/bash
# Limits of a run that strike in the middle of an import: a plugin that hangs, crashes, or eats memory behind a good part of
# a big file. That run ends alone and says so, nothing of it is lost or there twice, and the same file goes on later.
. tests/lib/tap.sh
root=$PWD
export TSUNAGI_PLUGINS=$SCRATCH/plugins # no detectors: this is not about them
mkdir "$TSUNAGI_PLUGINS"
ln -s "$(cd "$BUILD" && pwd)/plugins/source-csv.so" "$TSUNAGI_PLUGINS/"
daemons=() # KEEP=FOLDER: what they leave, to look at
trap 'exec 2>/dev/null; for d in "${daemons[@]}"; do kill -9 $d; done; [ -z "${KEEP:-}" ] || mv "$SCRATCH" "$KEEP"; rm -rf "$SCRATCH"' EXIT
cd "$SCRATCH" || exit 1

# a filter that comes to a certain record, waits until the file "mood" says a word, and does that
cat >moody.c <<'C'
#include <hub/plugin.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct hub_host *host;

static int m_open(struct hub_ctx *x, const struct hub_host *h, const void *c, struct hub_str p, void **s, struct hub_err *e)
{
	(void)x, (void)p, (void)e;
	host = h;
	*s = (void *)c;
	return HUB_OK;
}
static int misbehave(const char *path, struct hub_err *e)
{
	char word[8] = "", *p;
	int fd;

	while ((fd = open(path, O_RDONLY)) == -1 || read(fd, word, 5) != 5) {
		if (fd != -1)
			close(fd);
		usleep(10000);
	}
	close(fd);
	if (strcmp(word, "crash") == 0)
		abort();
	while (strcmp(word, "hangs") == 0)
		pause();
	while (strcmp(word, "eats!") == 0) {
		if (!(p = malloc(1 << 20)))
			return host->fail(e, HUB_FATAL, "out-of-memory", __FILE__, __LINE__, "out of memory");
		memset(p, 1, 1 << 20);
	}
	return HUB_OK;
}
static int m_apply(void *self, struct hub_batch *b, struct hub_err *e)
{
	const struct hub_col *memo = &b->col[b->cols - 1];

	for (uint32_t r = 0; r < b->rows; r++)
		if (memo->text[r].len == 6 && memcmp(memo->text[r].ptr, "poison", 6) == 0)
			return misbehave(((const struct hub_str *)self)->ptr, e);
	return HUB_OK;
}
static void m_close(void *s) { (void)s; }
static const struct hub_opt opts[] = {{.name = "mood", .type = HUB_O_TEXT, .flags = HUB_OPT_REQUIRED, .help = "file"}, {.name = NULL}};
static const struct hub_ops ops = {.size = sizeof ops, .open = m_open, .apply = m_apply, .close = m_close};
static const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = HUB_FILTER, .name = "moody", .version = "1", .license = "MIT",
	.summary = "misbehaves", .opts = opts, .conf_size = sizeof(struct hub_str), .ops = &ops};
const struct hub_plugin *hub_plugin_get(uint32_t i) { return i == 0 ? &p : NULL; }
C
cc -std=gnu17 -shared -fPIC -I"$root/hub/include" -o "$TSUNAGI_PLUGINS/filter-moody.so" moody.c
rows=30000
python3 - $rows <<'PY' >big.csv
import sys
n = int(sys.argv[1])
rows = ['番号,氏名,生年月日,電話,メモ'] + ['b%d,山田,S45.3.1,03-1234-5678,%s' % (i, 'poison' if i == n else 'x' * 60) for i in range(1, n + 1)]
sys.stdout.buffer.write('\r\n'.join(rows + ['']).encode('cp932'))
PY
printf '%s\r\n' '番号,氏名,生年月日,電話,メモ' '001,佐藤,S45.3.1,,x' | iconv -f utf-8 -t cp932 >small.csv

site() { # WORD LIMITS ; a site with a big job that will misbehave and a small one that does not
	mkdir -p "$1"
	sed "s|source: {|filters = ({ plugin = \"moody\"; mood = \"$PWD/$1/mood\"; }); source: {|; s/\"people\"/\"big\"/g" \
		"$root/tests/flow/people/mapping.cfg" >"$1/big.cfg"
	sed 's/"people"/"small"/g' "$root/tests/flow/people/mapping.cfg" >"$1/small.cfg"
	cat >"$1/jobs.cfg" <<-CFG
		store = "sqlite:s.db";
		jobs: {
		  big: { kind = "intake"; mapping = "big.cfg"; source: { plugin = "csv"; }; watch: { folder = "in"; marker = true; };
		    retry: { first = "50ms"; }; $2 };
		  small: { kind = "intake"; mapping = "small.cfg"; source: { plugin = "csv"; }; watch: { folder = "small"; marker = true; }; };
		};
	CFG
	TSUNAGI_LANG=en tsunagi serve "$1/jobs.cfg" 2>>"$1/log" &
	daemons+=($!)
	disown
	soon test -d "$1/small/taken/.products"
	drop "$1/in" big.csv
}
drop() { cp "$2" "$1/.new" && mv "$1/.new" "$1/$2" && : >"$1/$2.ok"; } # FOLDER FILE
db() { sqlite3 -cmd '.timeout 5000' "$1/s.db" "$2" 2>/dev/null; }
half_way() { [ "$(db "$1" "SELECT count(*) FROM chunk WHERE run_id = 1")" -gt 0 ]; }
content() { # SITE ; all of the big file's, whatever was in between
	db "$1" "SELECT r.key, r.state, p.name, p.birth_date, p.phone, a.body FROM record r JOIN cc_person p ON p.record_id = r.id
		JOIN cc_activity a ON a.record_id = r.id WHERE r.key LIKE 'b%' ORDER BY r.key"
}
manifest() { jq -c "[.outcome, .code, .signal, .try]" "$1/in/rejected/big.csv.manifest.json"; }

site hangs 'limits: { time = "5s"; };'
printf 'hangs' >hangs/mood
site crash ''
site eats 'limits: { memory = "512M"; };'
site stop ''
mkdir ref && printf 'well.' >ref/mood
sed "s|/hangs/mood|/ref/mood|" hangs/big.cfg >ref/big.cfg
tsunagi import big.csv --mapping ref/big.cfg --store sqlite:ref/s.db --quiet >ref/out 2>&1
content ref >ref/content
is "$(wc -l <ref/content)" $rows "the file is a good one"

for w in crash eats; do
	soon half_way $w
	ok $? "$w: a good part is in"
	drop $w/small small.csv
done
printf 'crash' >crash/mood
printf 'eats!' >eats/mood
for w in hangs crash eats; do
	soon test -e $w/in/rejected/big.csv.manifest.json
	ok $? "$w: the run is ended" "$(cat $w/log)"
done
is "$(manifest hangs)" '["timeout","time-over",9,1]' "hangs: for its time, and is not tried again by itself"
is "$(manifest crash)" '["crashed","killed",6,2]' "crash: with its signal, after one more try"
is "$(manifest eats)" '["crashed","out-of-memory",null,2]' "eats: for its memory, after one more try"
drop hangs/small small.csv
for w in hangs crash eats; do
	soon test -e $w/small/done/small.csv.manifest.json
	ok $? "$w: the other job goes on" "$(cat $w/log)"
	like "$(tsunagi runs --store sqlite:$w/s.db --format csv | grep big)" 'interrupted' "$w: the run counts as interrupted"
	like "$(TSUNAGI_LANG=en tsunagi status $w/jobs.cfg --format jsonl | grep '"big"')" '"failed"' "$w: status says that it failed"
	echo "well." >$w/mood
	rm $w/in/rejected/big.csv.manifest.json
	mv $w/in/rejected/big.csv $w/in/ && : >$w/in/big.csv.ok
	soon test -e $w/in/done/big.csv.manifest.json
	ok $? "$w: put back, it goes on" "$(cat $w/log)"
	is "$(jq -c '[.outcome, .rows]' $w/in/done/big.csv.manifest.json)" "[\"well\",$rows]" "$w: to its end"
	is "$(db $w 'SELECT count(*) FROM run WHERE state = 2')" 2 "$w: as the same run"
	content $w >$w/content
	same_file $w/content ref/content "$w: nothing is lost, nothing there twice"
	like "$(cat $w/log)" '"event":"run-end".*"outcome":"(timeout|crashed)"' "$w: the log says how it ended"
done

# the daemon is stopped in the middle of an import that stands still, and goes on with it by itself after the next start
gone() { ! kill -0 "${daemons[3]}"; }
soon half_way stop
kill "${daemons[3]}"
soon gone
ok $? "stop: a run in the middle does not hold it up" "$(cat stop/log)"
is "$(jq -c '.jobs[] | select(.name == "big") | [.running, .failed]' stop/state/serve.json)" '[1,0]' "stop: it is noted as not done, and is no failure"
echo "well." >stop/mood
TSUNAGI_LANG=en tsunagi serve stop/jobs.cfg 2>>stop/log &
daemons+=($!)
disown
soon test -e stop/in/done/big.csv.manifest.json
ok $? "stop: it goes on after the next start" "$(cat stop/log)"
content stop >stop/content
same_file stop/content ref/content "stop: nothing is lost, nothing there twice"
is "$(db stop 'SELECT count(*) FROM run')" 1 "stop: as the same run"
# what was in memory when it died is nobody's to read: 1 also keeps it from a program that collects cores
mkfifo "$SCRATCH/texts"
tsunagi normalize date <"$SCRATCH/texts" >/dev/null & # waits for a line that never comes
exec 8>"$SCRATCH/texts"
soon grep -q 'Max core file size *1  *1 ' "/proc/$!/limits"
ok $? "a crash leaves no core" "$(cat "/proc/$!/limits")"
exec 8>&-
wait $!
tap_done
