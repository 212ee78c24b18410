#!/bin/bash
# A broken plugin is refused with the reason and what to do, and never stops the others.
. tests/lib/tap.sh

good=$SCRATCH/good
bad=$SCRATCH/bad
mkdir "$good" "$bad"
cp "$BUILD/plugins/filter-trim.so" "$good/"

build() { # NAME: C on stdin behind the common head
	{
		cat <<'C'
#include <hub/plugin.h>
static int c_open(struct hub_ctx *x, const struct hub_host *h, const void *c, struct hub_str p, void **s, struct hub_err *e)
{
	(void)x, (void)h, (void)c, (void)p, (void)s, (void)e;
	return HUB_OK;
}
static int c_apply(void *s, struct hub_batch *b, struct hub_err *e)
{
	(void)s, (void)b, (void)e;
	return HUB_OK;
}
static void c_close(void *s)
{
	(void)s;
}
static const struct hub_ops all = {.size = sizeof all, .open = c_open, .apply = c_apply, .close = c_close};
#define TEXTS .version = "1", .license = "MIT", .summary = "s"
C
		cat
	} >"$SCRATCH/$1.c"
	cc -std=c17 -shared -fPIC -Ihub/include -o "$bad/$1.so" "$SCRATCH/$1.c" || echo "cannot build $1"
}
refused() { # NAME CODE REGEX: alone in its folder beside the good one
	mkdir -p "$SCRATCH/one"
	rm -f "$SCRATCH/one"/*
	cp "$bad/$1.so" "$SCRATCH/one/"
	exits 3 "$1: plugin list ends with 3" env TSUNAGI_PLUGINS="$SCRATCH/one:$good" tsunagi plugin list
	like "$OUT" "trim" "$1: the good plugin is still there"
	like "$ERR" "error\[$2\]: $3" "$1: the reason"
	like "$ERR" "where: .*/$1\.so" "$1: the file"
	like "$ERR" "what to do: " "$1: what to do"
}
returns() { printf 'const struct hub_plugin *hub_plugin_get(uint32_t i) { return i == 0 ? &p : NULL; }\n'; }

build future <<C
static const struct hub_plugin p = {9, 2, sizeof p, .kind = HUB_FILTER, .name = "future", TEXTS, .ops = &all};
$(returns)
C
refused future plugin-abi "the plugin speaks interface 9\.2, this hub speaks 2\.[0-9]"
like "$ERR" "update the hub" "future: the hub is the older one"

build past <<C
static const struct hub_plugin p = {0, 7, sizeof p, .kind = HUB_FILTER, .name = "past", TEXTS, .ops = &all};
$(returns)
C
refused past plugin-abi "the plugin speaks interface 0\.7"
like "$ERR" "newer release, or build it again against hub/plugin.h" "past: the plugin is the older one"

build short <<C
static const struct hub_plugin p = {HUB_ABI_MAJOR, 0, 24, .kind = HUB_FILTER, .name = "short", TEXTS, .ops = &all};
$(returns)
C
refused short plugin-descriptor "the plugin's descriptor is too short \(24 bytes\)"

build noapply <<C
static const struct hub_ops some = {.size = sizeof some, .open = c_open, .close = c_close};
static const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = HUB_FILTER, .name = "noapply", TEXTS, .ops = &some};
$(returns)
C
refused noapply plugin-operation 'filter "noapply" lacks the operation apply'

# an operation that was appended after this plugin was built reads as not there
build oldops <<C
static const struct hub_ops some = {.size = offsetof(struct hub_ops, close), .open = c_open, .apply = c_apply, .close = c_close};
static const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = HUB_FILTER, .name = "oldops", TEXTS, .ops = &some};
$(returns)
C
refused oldops plugin-operation 'filter "oldops" lacks the operation close'

build kind <<C
static const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = 42, .name = "kind", TEXTS, .ops = &all};
$(returns)
C
refused kind plugin-kind 'plugin "kind" is of kind 42'

build nameless <<C
static const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = HUB_FILTER, TEXTS, .ops = &all};
$(returns)
C
refused nameless plugin-descriptor "the plugin's descriptor has no name"

build options <<C
static const struct hub_opt o[] = {{.name = "a", .type = HUB_O_INT, .offset = 8, .help = "h"}, {0}};
static const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = HUB_FILTER, .name = "options", TEXTS, .opts = o, .conf_size = 8, .ops = &all};
$(returns)
C
refused options plugin-options 'option "a" of filter "options": its offset is outside the conf struct'

build twice <<C
static const struct hub_plugin p = {HUB_PLUGIN_HEAD, .kind = HUB_FILTER, .name = "trim", TEXTS, .ops = &all};
$(returns)
C
refused_twice() {
	exits 3 "twice: plugin list ends with 3" env TSUNAGI_PLUGINS="$good:$SCRATCH/one" tsunagi plugin list
	like "$ERR" 'error\[plugin-twice\]: filter "trim" is already there, from .*filter-trim\.so' "twice: names both files"
	like "$ERR" "twice\.so" "twice: names both files"
}
rm -f "$SCRATCH/one"/*
cp "$bad/twice.so" "$SCRATCH/one/"
refused_twice

echo 'int x;' | cc -shared -fPIC -x c -o "$bad/library.so" -
refused library plugin-not-one "the file has no function hub_plugin_get"
build empty <<C
const struct hub_plugin *hub_plugin_get(uint32_t i) { (void)i; return NULL; }
C
refused empty plugin-empty "the file holds no plugin"
echo 'not a program' >"$bad/text.so"
refused text plugin-not-loadable ".*text\.so"
: >"$bad/nothing.so"
refused nothing plugin-not-loadable ".*nothing\.so"
echo 'int f(void); int g(void) { return f(); }' | cc -shared -fPIC -x c -o "$bad/undefined.so" -
refused undefined plugin-not-loadable ".*undefined symbol"

exits 3 "all of them at once" env TSUNAGI_PLUGINS="$bad:$good" tsunagi plugin list
is "$(grep -c '^error\[' <<<"$ERR")" 14 "every problem is reported once"
exits 3 "asking for a refused one gives its reason" env TSUNAGI_PLUGINS="$bad:$good" tsunagi plugin info future
exits 3 "a missing folder is named" env TSUNAGI_PLUGINS="$SCRATCH/none" tsunagi plugin list
like "$ERR" "plugin-folder" "a missing folder is named"

# what a run does not ask for is not opened: neither its libraries nor what is wrong with it
loud=$SCRATCH/loud
mkdir "$loud"
cp "$BUILD/plugins/source-csv.so" "$loud/"
for kind in source sink; do
	echo "#include <stdio.h>
__attribute__((constructor)) static void say(void) { fputs(\"opened $kind\n\", stderr); }" |
		cc -shared -fPIC -x c -o "$loud/$kind-loud.so" -
done
printf '番号,氏名,生年月日,電話,メモ\n1,山田,S45.3.1,,x\n' | iconv -t cp932 >"$SCRATCH/in.csv"
exits 0 "an import" env TSUNAGI_PLUGINS="$loud" tsunagi import "$SCRATCH/in.csv" --dry-run --quiet \
	--mapping tests/flow/people/mapping.cfg --store "sqlite:$SCRATCH/x.db"
unlike "$ERR" "opened" "opens nothing that its mapping does not name"
exits 3 "who asks for a refused source" env TSUNAGI_PLUGINS="$loud" tsunagi inspect --source loud "$SCRATCH/in.csv"
like "$ERR" "opened source.*error\[plugin-not-one\]" "hears why it is refused"
exits 0 "auto" env TSUNAGI_PLUGINS="$loud" tsunagi inspect "$SCRATCH/in.csv"
is "$ERR" "opened source" "looks at all sources and at nothing else"
echo "store = \"sqlite:$SCRATCH/x.db\"; jobs: { };" >"$SCRATCH/site.cfg"
for all in "plugin list" "check --alone $SCRATCH/site.cfg"; do
	# shellcheck disable=SC2086
	TSUNAGI_PLUGINS=$loud tsunagi $all >/dev/null 2>"$SCRATCH/err"
	is "$(grep -c 'error\[plugin-not-one' "$SCRATCH/err")" 2 "$all names all that are refused"
done
cp "$bad/twice.so" "$SCRATCH/one/sink-trim.so"
exits 3 "a plugin where nobody looks for it" env TSUNAGI_PLUGINS="$SCRATCH/one" tsunagi plugin list
like "$ERR" 'error\[plugin-file\]: filter "trim" is in a file whose name begins with sink-' "is refused"

# every plugin of ours exports one symbol
for so in "$BUILD"/plugins/*.so; do
	is "$(nm -D --defined-only "$so" | awk '$2 ~ /[TDBR]/ {print $3}' | grep -v '^__\|^_init$\|^_fini$\|^_edata$\|^_end$' | sort | tr '\n' ' ')" \
		"hub_plugin_get " "$(basename "$so") exports one symbol"
done
tap_done
