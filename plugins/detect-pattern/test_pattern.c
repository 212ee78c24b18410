/* Every rule's examples through the real host and the real merge, and the offsets of what was folded. */
#include "test.h"

#include "base/buf.h"
#include "plugin/host.h"
#include "plugin/option.h"
#include "text/fold.h"

#include "scan.h"

#include <stdio.h>

static struct hub_arena *arena;
static struct hub_instance *inst;

static int set_up(void **state)
{
	struct hub_options o;
	struct hub_err err = {0};
	const struct hub_plugin *p = hub_plugin_get(0);

	(void)state;
	arena = hub_arena_new(0);
	if (!arena || hub_options_init(&o, arena, p, &err) || hub_options_finish(&o, &err))
		return -1;
	return hub_instance_open(p, o.conf, HUB_STR(""), &inst, &err);
}

static int tear_down(void **state)
{
	(void)state;
	hub_instance_close(inst);
	hub_arena_free(arena);
	return 0;
}

/* The text with [ ] around what is found; ranges that touch or overlap become one. */
static struct hub_str marked(struct hub_str text)
{
	struct hub_doc doc = {.text = text};
	const struct hub_span *s;
	struct hub_err err = {0};
	size_t n, at = 0;
	struct hub_str out = HUB_STR("");

	doc.norm = hub_fold_width(arena, text, HUB_FOLD_LF, &doc.at);
	assert_non_null(doc.norm.ptr);
	assert_int_equal(hub_detector_detect(inst, &doc, 1, &s, &n, &err), HUB_OK);
	for (size_t i = 0; i < n;) {
		const size_t start = s[i].start;
		size_t end = s[i].end;
		for (i++; i < n && s[i].start < end; i++)
			end = s[i].end > end ? s[i].end : end;
		out = hub_arena_printf(arena, "%.*s%.*s[%.*s]", HUB_FMT(out),
				       HUB_FMT(hub_str_cut(text, at, start)),
				       HUB_FMT(hub_str_cut(text, start, end)));
		at = end;
	}
	return hub_arena_printf(arena, "%.*s%.*s", HUB_FMT(out), HUB_FMT(hub_str_from(text, at)));
}

static struct hub_str plain(const char *example)
{
	char *out = hub_arena_cstr(arena, hub_str_of(example)), *w = out;

	for (const char *p = example; *p; p++)
		if (*p != '[' && *p != ']')
			*w++ = *p;
	return (struct hub_str){out, (size_t)(w - out)};
}

static void run_rules(const struct rule *rules)
{
	unsigned bad = 0, all = 0;

	for (const struct rule *r = rules; r->name; r++) {
		assert_non_null(r->examples);
		for (const char *const *e = r->examples; *e; e++, all++) {
			const struct hub_str got = marked(plain(*e));
			if (hub_str_is(got, *e))
				continue;
			bad++;
			print_message("# %s: got %.*s, want %s\n", r->name, HUB_FMT(got), *e);
		}
		hub_arena_reset(arena);
	}
	print_message("# %u of %u examples\n", all - bad, all);
	assert_int_equal(bad, 0);
}

static void test_numbers(void **state)
{
	(void)state;
	run_rules(rules_contact);
	run_rules(rules_id);
	run_rules(rules_account);
	run_rules(rules_plate);
	run_rules(rules_birth);
	run_rules(rules_rest);
}

static void test_places(void **state)
{
	(void)state;
	run_rules(rules_place);
}

static void test_facilities(void **state)
{
	(void)state;
	run_rules(rules_facility);
	run_rules(rules_shop);
}

static void test_persons(void **state)
{
	(void)state;
	run_rules(rules_person);
	run_rules(rules_spelled);
}

/* Ranges are whole characters of the text as written. */
static void test_offsets(void **state)
{
	static const char *const rows[] = {
	    "[ﾔﾏﾍﾞ ﾀｶｼ]様の携帯[０８０－９９９９－１２１２]",
	    "[葛\xf3\xa0\x84\x80城]さん",   /* variation selector inside */
	    "[葛城\xf3\xa0\x84\x80]さん",   /* and at the end */
	    "[𠮷田]さんと[𠮷川]課長",       /* outside the basic plane */
	    "[ａｂ＠ｃｄ．ｊｐ]㈱",         /* ㈱ unfolds to three */
	    "㍼30年の話。[㍼30年4月1日]生", /* and ㍼ to two */
	    "生 年 月 日 [昭 和 2 2 年 9 月 5 日 ]生",
	    "①[080-9999-1212]②[080-9999-1213]、①2025年",
	    "月 火 水 木\n1 2 3 4 5 6 7 8 9 10",
	    "\r\n[谷口]さん\r\n[三好]さん",
	    NULL};
	(void)state;
	for (const char *const *r = rows; *r; r++)
		assert_str(marked(plain(*r)), *r);
}

static void test_spread(void **state)
{
	static const char *const rows[] = {"[大浦 誠]さんが来所。[大浦]は元気。[誠一]さんの弟。",
					   "担当：[三好]。その後[三好]に電話。山手通りを歩く。",
					   NULL};
	(void)state;
	for (const char *const *r = rows; *r; r++)
		assert_str(marked(plain(*r)), *r);
}

/* Nothing here may crash or hang, whatever the bytes. */
static void test_rubbish(void **state)
{
	static const char *const bits[] = {
	    "さん", "様", "(",  "3",  "-",    "@",    "丁目", "番地",     "荘",   "〇",
	    "ゼロ", "田", " ",  "\n", "：",   "氏名", "市",   "センター", "\xff", "\xe3\x81",
	    "は",   "生", "㍼", "元", "年",   ".",    "〒",   "口座",     "ー",   "の",
	    "\t",   ",",  "\"", "|",  "番号", "①",    "090"};
	uint32_t seed = 1;
	char buf[256];
	(void)state;

	for (int round = 0; round < 20000; round++) {
		size_t n = 0;
		while (n < 200) {
			seed = seed * 1664525u + 1013904223u;
			const char *b = bits[(seed >> 16) % HUB_COUNT(bits)];
			const size_t len = strlen(b);
			memcpy(buf + n, b, len);
			n += len;
			if ((seed >> 8) % 23 == 0)
				break;
		}
		(void)marked((struct hub_str){buf, n});
		hub_arena_reset(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numbers),    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_facilities), cmocka_unit_test(test_persons),
	    cmocka_unit_test(test_offsets),    cmocka_unit_test(test_spread),
	    cmocka_unit_test(test_rubbish),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
