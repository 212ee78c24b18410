/* service-search: what it makes of answers of the hub, and what it knows itself: distances, days of opening. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "search.h"

#define TXT(z)                     \
	{                          \
		(z), sizeof(z) - 1 \
	} /* in tables */
#define STR(z) ((struct hub_str)TXT(z))

/* --- a desk that writes down what is said ----------------------------------------------------------------------- */

static struct {
	char said[4000];
	size_t n;
	int status;
	struct hub_str after;
	char next[32];
	struct hub_find asked;
	void *block[4000];
	size_t blocks;
} fx;

static void note(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void note(const char *name, const char *format, ...)
{
	va_list ap;

	if (name)
		fx.n += (size_t)snprintf(fx.said + fx.n, sizeof fx.said - fx.n, "%s=", name);
	va_start(ap, format);
	fx.n += (size_t)vsnprintf(fx.said + fx.n, sizeof fx.said - fx.n, format, ap);
	va_end(ap);
	assert_true(fx.n < sizeof fx.said);
}

static void desk_text(struct hub_call *c, const char *name, struct hub_str s)
{
	(void)c;
	note(name, "%.*s ", s.ptr ? (int)s.len : 4, s.ptr ? s.ptr : "null");
}

static void desk_say(struct hub_call *c, const char *name, const struct hub_val *v)
{
	(void)c;
	assert_int_equal(v->type, HUB_VAL_NULL);
	note(name, "null ");
}

static void desk_number(struct hub_call *c, const char *name, int64_t n)
{
	(void)c;
	note(name, "%lld ", (long long)n);
}

static void desk_truth(struct hub_call *c, const char *name, int b)
{
	(void)c;
	note(name, "%d ", b);
}

static void desk_open(struct hub_call *c, const char *name, int list)
{
	(void)c;
	note(name, list ? "[ " : "{ ");
}

static void desk_close(struct hub_call *c)
{
	(void)c;
	note(NULL, "} ");
}

static void desk_next(struct hub_call *c, struct hub_str after)
{
	(void)c;
	snprintf(fx.next, sizeof fx.next, "%.*s", (int)after.len, after.ptr);
}

static int __attribute__((format(printf, 5, 6)))
desk_refuse(struct hub_call *c, int status, struct hub_err *err, const char *code, const char *fmt,
	    ...)
{
	(void)c;
	(void)fmt;
	fx.status = status;
	snprintf(err->code, sizeof err->code, "%s", code);
	return HUB_REFUSED;
}

static void *desk_alloc(struct hub_call *c, size_t n)
{
	(void)c;
	assert_true(fx.blocks < sizeof fx.block / sizeof *fx.block);
	return fx.block[fx.blocks++] = calloc(1, n ? n : 1);
}

static int desk_find(struct hub_call *c, const struct hub_find *q, const struct hub_hits **out,
		     struct hub_err *err)
{
	static const uint32_t mark[] = {3, 9};
	static const struct hub_hit hit = {.entity = {"activity", 8},
					   .entity_label = TXT("支援経過"),
					   .key = {"k1", 2},
					   .case_key = {"", 0},
					   .case_no = {"C-1", 3},
					   .day = {"2026-05-01", 10},
					   .agency = {"", 0},
					   .field = {"body", 4},
					   .snippet = TXT("母虐待か"),
					   .mark = mark,
					   .marks = 1};
	static const struct hub_facet_count facet[] = {
	    {HUB_FACET_AGE, TXT("80代"), TXT("80代"), 7},
	    {HUB_FACET_TOWN, TXT("桜町"), TXT("桜町"), -1}};
	static const struct hub_hits hits = {
	    .hit = &hit, .n = 1, .facet = facet, .facets = 2, .total = 3, .next = {"1", 1}};

	(void)c;
	(void)err;
	fx.asked = *q;
	*out = &hits;
	return HUB_OK;
}

static int desk_alike(struct hub_call *c, struct hub_str case_no, uint32_t most,
		      const struct hub_alike **out, uint32_t *n, struct hub_err *err)
{
	static const struct hub_alike_why why = {"theme", {"debt", 4}, TXT("債務")};
	static const struct hub_facet_count kind = {
	    HUB_FACET_KIND, {"bank", 4}, TXT("金融機関"), 0};
	static const struct hub_alike a = {.case_key = {"k2", 2},
					   .case_no = {"", 0},
					   .score = 870,
					   .why = &why,
					   .whys = 1,
					   .kind = &kind,
					   .kinds = 1};

	(void)c;
	(void)err;
	if (case_no.len != 3)
		return HUB_END;
	assert_int_equal(most, 10);
	*out = &a;
	*n = 1;
	return HUB_OK;
}

enum { COLS = 9 };

/* Four places: 桜町 has two, one has ended, one is nowhere. */
static int desk_look(struct hub_call *c, const struct hub_look *look, const struct hub_batch **out,
		     struct hub_str *next, struct hub_err *err)
{
	static const char *const names[COLS] = {"key",      "resource_name", "address",
						"latitude", "longitude",     "open_days",
						"ended_on", "confirmed_on",  "loaded_on"};
	static const char *const rows[4][COLS] = {
	    {"r1", "相談室あおぞら", "緑区桜町1", "35.0000", "139.0000", "月～金", NULL, "2023-10",
	     "2024-10-01"},
	    {"r2", "食堂ひまわり", "緑区桜町2", "35.0100", "139.0000", "土日", NULL, NULL,
	     "2024-10-01"},
	    {"r3", "旧相談室", "緑区桜町3", "35.0", "139.0", "毎日", "2020-03-31", NULL, NULL},
	    {"r4", "出張相談", "緑区", NULL, NULL, "月曜日", NULL, "2023-10-04T09:00:00+09:00",
	     NULL}};
	struct hub_batch *b = desk_alloc(c, sizeof *b);
	struct hub_col *col = desk_alloc(c, COLS * sizeof *col);

	(void)look;
	(void)err;
	*b = (struct hub_batch){.size = sizeof *b, .rows = 4, .cols = COLS, .col = col};
	for (int k = 0; k < COLS; k++) {
		col[k] = (struct hub_col){.name = {names[k], strlen(names[k])},
					  .cell = desk_alloc(c, 4),
					  .shown = desk_alloc(c, 4),
					  .text = desk_alloc(c, 4 * sizeof *col[k].text)};
		for (int r = 0; r < 4; r++) {
			const char *v = rows[r][k];
			col[k].cell[r] = v ? HUB_VALUE : HUB_NULL;
			col[k].text[r] = (struct hub_str){v ? v : "", v ? strlen(v) : 0};
		}
	}
	*out = b;
	*next = (struct hub_str){NULL, 0};
	return HUB_OK;
}

static int host_fold(struct hub_ctx *ctx, struct hub_batch *b, uint32_t how, struct hub_str in,
		     struct hub_str *out)
{
	(void)ctx;
	(void)b;
	(void)how;
	*out = in;
	return HUB_OK;
}

static const struct hub_desk desk = {.size = sizeof desk,
				     .alloc = desk_alloc,
				     .say = desk_say,
				     .text = desk_text,
				     .number = desk_number,
				     .truth = desk_truth,
				     .open = desk_open,
				     .close = desk_close,
				     .next = desk_next,
				     .refuse = desk_refuse,
				     .look = desk_look,
				     .find = desk_find,
				     .alike = desk_alike};
static const struct hub_host host = {.size = sizeof host, .fold = host_fold, .desk = &desk};
static struct search self = {.host = &host, .desk = &desk};

static const char *run(int (*handle)(void *, struct hub_call *, struct hub_err *),
		       const struct hub_val *query, struct hub_str var, int rc)
{
	struct hub_err err = {0};
	struct hub_call c = {.size = sizeof c,
			     .query = query,
			     .var = &var,
			     .after = fx.after,
			     .limit = 50,
			     .today = 20000};

	fx.n = 0;
	fx.said[0] = fx.next[0] = '\0';
	assert_int_equal(handle(&self, &c, &err), rc);
	while (fx.blocks)
		free(fx.block[--fx.blocks]);
	return fx.said;
}

static struct hub_val text(const char *z)
{
	return (struct hub_val){.type = HUB_VAL_TEXT, .s = {z, strlen(z)}};
}

/* --- tests ------------------------------------------------------------------------------------------------------ */

static void test_notes(void **state)
{
	struct hub_val q[12] = {text("虐待"), text("2026-04-01")};

	(void)state;
	q[8] = text("80代");
	assert_string_equal(run(search_notes, q, STR(""), HUB_OK),
			    "total=3 items=[ { entity=activity label=支援経過 key=k1 case_key=null "
			    "case_no=C-1 day=2026-05-01 agency=null field=body snippet=[ { text=母 "
			    "mark=0 } { text=虐待 mark=1 } { text=か mark=0 } } } } facets=[ { "
			    "facet=age value=80代 label=80代 count=7 } { facet=town value=桜町 "
			    "label=桜町 count=null } } ");
	assert_string_equal(fx.next, "1");
	assert_memory_equal(fx.asked.words.ptr, "虐待", 6);
	assert_memory_equal(fx.asked.facet[HUB_FACET_AGE].ptr, "80代", 5);
	assert_int_equal(fx.asked.facet[HUB_FACET_TOWN].len, 0);
	assert_int_equal(fx.asked.counts, 0);
}

static void test_alike(void **state)
{
	const struct hub_val q[1] = {{0}};

	(void)state;
	assert_string_equal(run(search_alike, q, STR("C-1"), HUB_OK),
			    "{ case_key=k2 case_no=null score=870 why=[ { what=theme value=debt "
			    "label=債務 } } agency_kinds=[ { value=bank label=金融機関 } } } ");
	run(search_alike, q, STR("none"), HUB_REFUSED);
	assert_int_equal(fx.status, 404);
}

/* Order of keys in the answer, with distances. */
static void expect_places(const struct hub_val *q, const char *want)
{
	char got[400] = "";
	size_t n = 0;
	const char *at = run(search_resources, q, STR(""), HUB_OK);

	while ((at = strstr(at, "key="))) {
		const char *distance = strstr(at, "distance=");
		n += (size_t)snprintf(got + n, sizeof got - n, "%.2s:%.*s ", at + 4,
				      (int)strcspn(distance + 9, " "), distance + 9);
		at += 4;
	}
	assert_string_equal(got, want);
}

static void test_resources(void **state)
{
	struct hub_val q[10] = {{0}};

	(void)state;
	expect_places(q, "r4:null r1:null r2:null ");
	q[3] = text("35.0000");
	q[4] = text("139.0000");
	expect_places(q, "r1:0 r2:1112 r4:null ");
	q[6] = (struct hub_val){.type = HUB_VAL_INT, .i = 1000};
	expect_places(q, "r1:0 ");
	q[6] = (struct hub_val){0};
	q[7] = text("mon");
	expect_places(q, "r1:0 r4:null ");
	q[7] = text("sun");
	expect_places(q, "r2:1112 ");
	q[7] = (struct hub_val){0};
	q[0] = text("相談");
	q[8] = (struct hub_val){.type = HUB_VAL_BOOL, .i = 1};
	expect_places(q, "r3:0 r1:0 r4:null ");
	memset(q, 0, sizeof q);
	q[5] = text("桜町");
	expect_places(q, "r1:371 r2:741 r4:null ");
	q[5] = text("梅町");
	run(search_resources, q, STR(""), HUB_REFUSED);
	assert_int_equal(fx.status, 404);
	memset(q, 0, sizeof q);
	q[3] = text("35.0000"); /* half a place, or none, is no place to measure from */
	run(search_resources, q, STR(""), HUB_REFUSED);
	assert_int_equal(fx.status, 400);
	memset(q, 0, sizeof q);
	q[6] = (struct hub_val){.type = HUB_VAL_INT, .i = 1000};
	run(search_resources, q, STR(""), HUB_REFUSED);
	assert_int_equal(fx.status, 400);
	memset(q, 0, sizeof q);
	q[3] = text("north");
	q[4] = text("139");
	run(search_resources, q, STR(""), HUB_REFUSED);
	assert_int_equal(fx.status, 400);
	memset(q, 0, sizeof q); /* where no page has ended */
	for (size_t i = 0; i < 3; i++) {
		fx.after = str_of((const char *const[]){"zzz", "-1", "9999999999"}[i]);
		fx.status = 0;
		run(search_resources, q, STR(""), HUB_REFUSED);
		assert_int_equal(fx.status, 400);
	}
	fx.after = STR("0");
	run(search_resources, q, STR(""), HUB_OK);
	fx.after = (struct hub_str){0};
}

/* Of each place what is said of its age; today is 2024-10-04. */
static void expect_ages(const struct hub_val *q, const char *want)
{
	char got[400] = "";
	size_t n = 0;
	const char *at = run(search_resources, q, STR(""), HUB_OK);

	while ((at = strstr(at, "key="))) {
		const char *age = strstr(at, "confirmed_on=");
		n += (size_t)snprintf(got + n, sizeof got - n, "%.2s %.*s", at + 4,
				      (int)strcspn(age, "}"), age);
		at += 4;
	}
	assert_string_equal(got, want);
}

static void test_ages(void **state)
{
	struct hub_val q[10] = {{0}};

	(void)state;
	self.stale_months = 12;
	q[8] = (struct hub_val){.type = HUB_VAL_BOOL, .i = 1};
	expect_ages(q, "r4 confirmed_on=2023-10-04 loaded_on=null stale=0 "
		       "r3 confirmed_on=null loaded_on=null stale=null "
		       "r1 confirmed_on=2023-10-01 loaded_on=2024-10-01 stale=1 "
		       "r2 confirmed_on=null loaded_on=2024-10-01 stale=0 ");
	q[9] = text("2023-10-04"); /* what is not known is not known to be so */
	expect_ages(q, "r4 confirmed_on=2023-10-04 loaded_on=null stale=0 "
		       "r2 confirmed_on=null loaded_on=2024-10-01 stale=0 ");
	self.stale_months = 0;
	q[9] = text("2023-10-01");
	q[0] = text("相談室");
	expect_ages(q, "r1 confirmed_on=2023-10-01 loaded_on=2024-10-01 stale=0 ");
}

static void test_open_on(void **state)
{
	(void)state;
	assert_int_equal(search_open_on(STR("月～金"), 4), 1);
	assert_int_equal(search_open_on(STR("月～金"), 5), 0);
	assert_int_equal(search_open_on(STR("月曜日から水曜日"), 2), 1);
	assert_int_equal(search_open_on(STR("月曜日・木曜日"), 6), 0);
	assert_int_equal(search_open_on(STR("平日"), 6), 0);
	assert_int_equal(search_open_on(STR("土日"), 6), 1);
	assert_int_equal(search_open_on(STR("年中無休"), 6), 1);
	assert_int_equal(search_open_on(STR("月曜休館"), 1), -1);
	assert_int_equal(search_open_on(STR(""), 1), -1);
	assert_int_equal(search_open_on(STR("要予約"), 1), -1);
	assert_int_equal(search_open_on(STR("月～金（祝日を除く）"), 6), 0);
	assert_int_equal(search_open_on(STR("火・木（1月は料金が違う）"), 0), 0);
	assert_int_equal(search_open_on(STR("休館 水曜"), 0), 1);
	assert_int_equal(search_open_on(STR("休館 水曜"), 2), 0);
	assert_int_equal(search_open_on(STR("休館 月曜日（祝日の場合は翌日）"), 6), 1);
	assert_int_equal(search_open_on(STR("休館 第3月曜"), 0), -1);
	assert_int_equal(search_open_on(STR("休館 第3月曜"), 1), 1);
	assert_int_equal(search_open_on(STR("休館 12月1日～3月31日まで閉鎖"), 0), -1);
	assert_int_equal(search_open_on(STR("休館 年末・年始（12月29日-1月3日）"), 0), 1);
	assert_int_equal(search_open_on(STR("休館 月曜/国民の祝日の翌平日（日曜は開館）"), 6), 1);
	assert_int_equal(search_open_on(STR("休館 月曜/国民の祝日の翌平日（日曜は開館）"), 1), 1);
	assert_int_equal(search_open_on(STR("休館 土曜/日曜/祝日/年末・年始"), 6), 0);
	assert_int_equal(search_open_on(STR("休館 不定休"), 0), -1);
}

static void test_distance(void **state)
{
	(void)state;
	/* Tokyo to Osaka station, about 403 km */
	assert_in_range((int)search_distance(35.681236, 139.767125, 34.702485, 135.495951), 402000,
			405000);
	assert_int_equal((int)search_distance(35, 139, 35, 139), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_notes),     cmocka_unit_test(test_alike),
	    cmocka_unit_test(test_resources), cmocka_unit_test(test_open_on),
	    cmocka_unit_test(test_distance),  cmocka_unit_test(test_ages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
