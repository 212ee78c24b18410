#include "test.h"

#include "text/phone.h"
#include "text/postal.h"

#include <stdio.h>

/* want: national form, or '!' and the reason, or "null". */
static void spellings(void **state)
{
	static const struct {
		const char *in, *want, *finding;
	} t[] = {
	    {"03-1234-5678", "03-1234-5678", NULL},
	    {"（０３）１２３４－５６７８", "03-1234-5678", NULL},
	    {"０４２ー５６７ー８９０１", "042-567-8901", NULL},
	    {"045(123)4567", "045-123-4567", NULL},
	    {"03.1234.5678", "03-1234-5678", NULL},
	    {"０９０　１２３４　５６７８", "090-1234-5678", NULL},
	    {"+81 3-1234-5678", "03-1234-5678", NULL},
	    {"〇九〇－一二三四－五六七八", "090-1234-5678", NULL},
	    {"〇四六七ー八二ー一一一二（三男）", "0467-82-1112", "note"},
	    {"零三（一二三四）五六七八", "03-1234-5678", NULL},
	    {"0467-82-111 八木", "!wrong-length", NULL}, /* a name is no digit */
	    {"〇三－一二三四－五六七 八木", "!wrong-length", NULL},
	    {"090-1234-5678 三男", "090-1234-5678", "note"},
	    {"一一〇", "!not-a-number", NULL},
	    {"＋８１（０）90-1234-5678", "090-1234-5678", NULL},
	    {"81-3-1234-5678", "03-1234-5678", NULL},
	    {"0460851234", "0460-85-1234", NULL},
	    {"0499221121", "04992-2-1121", NULL},
	    {"0980222001", "09802-2-2001", NULL},
	    {"0120123456", "0120-123-456", NULL},
	    {"08001234567", "0800-123-4567", NULL},
	    {"0570-064-556", "0570-064-556", NULL},
	    {"110", "110", NULL},
	    {"＃８０００", "#8000", NULL},
	    {"9012345678", "090-1234-5678", "zero-restored"},
	    {"312345678", "03-1234-5678", "zero-restored"},
	    {"090-1234-5678（長女）", "090-1234-5678", "note"},
	    {"TEL 03-1234-5678 夜のみ", "03-1234-5678", "note"},
	    {"03-1234-5678 内線123", "03-1234-5678", "extension"},
	    {"平日9-17時 090-1234-5678", "090-1234-5678", "note"},
	    {"自宅0463-12-3456／携帯090-1234-5678", "!several-numbers", NULL},
	    {"09012345678 0312345678", "!several-numbers", NULL},
	    {"090-1234-5678 090-1234-5678", "090-1234-5678", NULL},
	    {"22-1234", "!area-missing", NULL},
	    {"03-1234-567", "!wrong-length", NULL},
	    {"090-1234-56789", "!wrong-length", NULL},
	    {"12345678901234567890", "!wrong-length", NULL},
	    {"0100-12-3456", "!unknown-area", NULL},
	    {"なし", "!not-a-number", NULL},
	    {"", "null", NULL},
	    {"000-0000-0000", "null", NULL},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		struct hub_phone p;
		const enum hub_phone_rc rc = hub_phone_parse(hub_str_of(t[i].in), &p);
		const char *got = rc == HUB_PHONE_NULL ? "null" : p.reason ? p.reason : p.national;
		const char *want = t[i].want + (t[i].want[0] == '!');
		const char *f = hub_phone_finding(p.flags, 0);

		if (strcmp(got, want) != 0 || (rc == HUB_PHONE_INVALID) != (t[i].want[0] == '!'))
			fail_msg("\"%s\": got %s, want %s", t[i].in, got, want);
		if (rc == HUB_PHONE_OK &&
		    (!f != !t[i].finding || (f && strcmp(f, t[i].finding) != 0)))
			fail_msg("\"%s\": finding %s", t[i].in, f ? f : "none");
	}
}

static void parts(void **state)
{
	struct hub_phone p;

	(void)state;
	hub_phone_parse(HUB_STR("03-1234-5678 (内)12"), &p);
	assert_string_equal(p.digits, "0312345678");
	assert_string_equal(p.e164, "+81312345678");
	assert_string_equal(p.ext, "12");
	assert_int_equal(p.type, HUB_PHONE_FIXED);
	hub_phone_parse(HUB_STR("090-1234-5678 かけないでください"), &p);
	assert_true(p.flags & HUB_PHONE_NO_CALL);
	hub_phone_parse(HUB_STR("0463-12-3456, 090-1234-5678"), &p);
	assert_string_equal(p.digits, "0463123456"); /* the first one is given */
	hub_phone_parse(HUB_STR("+1 650 253 0000"), &p);
	assert_int_equal(p.type, HUB_PHONE_FOREIGN);
	assert_string_equal(p.e164, "+16502530000");
}

/* Every fixed number is cut into 0 + area, exchange, 4 digits: ten digits and two hyphens. */
static void whole_plan(void **state)
{
	unsigned assigned = 0;

	(void)state;
	for (unsigned five = 10000; five < 100000; five++) {
		char text[16];
		struct hub_phone p;
		snprintf(text, sizeof text, "0%05u1234", five);
		if (hub_phone_parse(hub_str_of(text), &p) || p.type != HUB_PHONE_FIXED)
			continue;
		assigned++;
		assert_int_equal(strlen(p.national), 12);
		assert_string_equal(p.national + 7, "-1234");
	}
	assert_true(assigned > 60000 && assigned < 80000);
}

/* The first number of a range, and the last one before it. */
static void area_borders(void **state)
{
	static const char *const t[][2] = {
	    {"0422200000", "0422-20-0000"}, {"0422199999", "042-219-9999"},
	    {"0470200000", "0470-20-0000"}, {"0470199999", "04-7019-9999"},
	    {"0300000000", NULL},           {"0310000000", "03-1000-0000"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		struct hub_phone p;
		const int rc = hub_phone_parse(hub_str_of(t[i][0]), &p);
		if (!t[i][1])
			assert_int_not_equal(rc, 0);
		else
			assert_string_equal(p.national, t[i][1]);
	}
}

static void postal(void **state)
{
	static const struct {
		const char *in, *want;
	} t[] = {
	    {"〒123-4567", "123-4567"},    {"１２３－４５６７", "123-4567"},
	    {"1234567", "123-4567"},       {"〒１２３ー４５６７", "123-4567"},
	    {"600000", "060-0000"},        {"123", "old-postal-code"},
	    {"123-45", "old-postal-code"}, {"12345678", "wrong-length"},
	    {"abc", "not-a-postal-code"},
	};
	struct hub_postal p;

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		hub_postal_parse(hub_str_of(t[i].in), &p);
		assert_string_equal(p.reason ? p.reason : p.code, t[i].want);
	}
	assert_int_equal(hub_postal_parse(HUB_STR(" "), &p), 1);
	hub_postal_parse(HUB_STR("600000"), &p);
	assert_true(p.zero_restored);
}

/* The five of facts/privacy-rules.md section 2, and every one-digit error is seen or is not ours
 * to see: the rule maps rests 0 and 1 to the same check digit. */
static void check_digits(void **state)
{
	static const char *const good[] = {"123456789018", "999999999996", "111111111118",
					   "023456789013", "１２３４－５６７８－９０１８"};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(good); i++)
		assert_true(hub_mynumber_ok(hub_str_of(good[i])));
	assert_false(hub_mynumber_ok(HUB_STR("123456789019")));
	assert_false(hub_mynumber_ok(HUB_STR("12345678901")));
	assert_false(hub_mynumber_ok(HUB_STR("1234567890123")));
	assert_false(hub_mynumber_ok(HUB_STR("12345678901x")));
	assert_true(hub_corporate_ok(HUB_STR("7000012050002"))); /* 国税庁 */
	assert_false(hub_corporate_ok(HUB_STR("8000012050002")));
	assert_false(hub_corporate_ok(HUB_STR("123456789018")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spellings),  cmocka_unit_test(parts),
	    cmocka_unit_test(whole_plan), cmocka_unit_test(area_borders),
	    cmocka_unit_test(postal),     cmocka_unit_test(check_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
