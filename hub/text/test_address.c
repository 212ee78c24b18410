#include "test.h"

#include "text/address.h"
#include "text/addrlex.h"

static struct hub_arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = hub_arena_new(0);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

struct example {
	const char *in, *pref, *city, *town, *block, *rest;
};

static void check(const struct example *e, size_t n, const struct hub_address_opt *opt)
{
	for (size_t i = 0; i < n; i++) {
		struct hub_address a;
		const enum hub_address_rc rc =
		    hub_address_parse(arena, hub_str_of(e[i].in), opt, &a);
		if (rc != HUB_ADDRESS_OK)
			fail_msg("%s: %s", e[i].in, a.reason);
		if (!hub_str_is(a.pref, e[i].pref) || !hub_str_is(a.city, e[i].city) ||
		    !hub_str_is(a.town, e[i].town) || !hub_str_is(a.block, e[i].block) ||
		    !hub_str_is(a.rest, e[i].rest))
			fail_msg("%s: got %.*s|%.*s|%.*s|%.*s|%.*s", e[i].in, HUB_FMT(a.pref),
				 HUB_FMT(a.city), HUB_FMT(a.town), HUB_FMT(a.block),
				 HUB_FMT(a.rest));
	}
}

/* Names that hold 市 町 村 区 郡 themselves, and places written without what stands above them. */
static void cities(void **state)
{
	static const struct example e[] = {
	    {"三重県四日市市諏訪町1-5", "三重県", "四日市市", "諏訪町", "1-5", ""},
	    {"廿日市市下平良1-11-1", "広島県", "廿日市市", "下平良一丁目", "11-1", ""},
	    {"野々市市三納", "石川県", "野々市市", "三納", "", ""},
	    {"大町市大町3887", "長野県", "大町市", "大町", "3887", ""},
	    {"村山市中央1-3-6", "山形県", "村山市", "中央一丁目", "3-6", ""},
	    {"東村山市本町1-2-3", "東京都", "東村山市", "本町一丁目", "2-3", ""},
	    {"武蔵村山市本町1-1-1", "東京都", "武蔵村山市", "本町一丁目", "1-1", ""},
	    {"羽村市緑ヶ丘5-2-1", "東京都", "羽村市", "緑ケ丘五丁目", "2-1", ""},
	    {"町田市森野2-2-22", "東京都", "町田市", "森野二丁目", "2-22", ""},
	    {"市川市八幡1-1-1", "千葉県", "市川市", "八幡一丁目", "1-1", ""},
	    {"余市町朝日町26", "北海道", "余市郡余市町", "朝日町", "26", ""},
	    {"北海道余市郡余市町朝日町26番地", "北海道", "余市郡余市町", "朝日町", "26", ""},
	    {"大和郡山市北郡山町248-4", "奈良県", "大和郡山市", "北郡山町", "248-4", ""},
	    {"郡上市八幡町島谷228", "岐阜県", "郡上市", "八幡町島谷", "228", ""},
	    {"三宅村阿古497", "東京都", "三宅島三宅村", "阿古", "497", ""},
	    {"茨城県龍ｹ崎市3710番地", "茨城県", "龍ケ崎市", "", "3710", ""},
	    {"大阪市北区中之島1-3-20", "大阪府", "大阪市北区", "中之島一丁目", "3-20", ""},
	    {"横浜市", "神奈川県", "横浜市", "", "", ""},
	    {"札幌市北1条西2丁目", "北海道", "札幌市", "北一条西二丁目", "", ""},
	    {"府中市宮西町2-24", "東京都", "府中市", "宮西町二丁目", "24", ""},
	    {"中央区北２条西２３丁目１", "北海道", "札幌市中央区", "北二条西二十三丁目", "1", ""},
	    {"中央区築地1-1-1", "東京都", "中央区", "築地一丁目", "1-1", ""},
	    {"東京都", "東京都", "", "", "", ""},
	};

	(void)state;
	check(e, HUB_COUNT(e), NULL);
}

static void numbers(void **state)
{
	static const struct example e[] = {
	    {"東京都千代田区紀尾井町１番３号", "東京都", "千代田区", "紀尾井町", "1-3", ""},
	    {"東京都千代田区紀尾井町壱番地三号", "東京都", "千代田区", "紀尾井町", "1-3", ""},
	    {"東京都千代田区紀尾井町一の三", "東京都", "千代田区", "紀尾井町", "1-3", ""},
	    {"東京都千代田区紀尾井町1‐3", "東京都", "千代田区", "紀尾井町", "1-3", ""},
	    {"東京都千代田区紀尾井町１━３", "東京都", "千代田区", "紀尾井町", "1-3", ""},
	    {"東京都千代田区紀尾井町1一3", "東京都", "千代田区", "紀尾井町", "1-3", ""},
	    {"京都府京都市北区大宮西脇台町17番地の2", "京都府", "京都市北区", "大宮西脇台町",
	     "17-2", ""},
	    {"東京都江東区豊洲 四-2-27", "東京都", "江東区", "豊洲四丁目", "2-27", ""},
	    {"神奈川県藤沢市藤沢101-1", "神奈川県", "藤沢市", "藤沢", "101-1", ""},
	    {"大阪府堺市北区北花田町2-4-1", "大阪府", "堺市北区", "北花田町二丁", "4-1", ""},
	    {"北海道札幌市豊平区月寒東３-１８-１-７２", "北海道", "札幌市豊平区",
	     "月寒東三条十八丁目", "1-72", ""},
	    {"北海道札幌市北区北１６西２－１－１", "北海道", "札幌市北区", "北十六条西二丁目",
	     "1-1", ""},
	    {"岩手県八幡平市大更第35地割", "岩手県", "八幡平市", "大更", "", "第35地割"},
	    {"石川県七尾市藤橋町 亥 四十五番地1", "石川県", "七尾市", "藤橋町亥", "45-1", ""},
	    {"秋田県仙北郡美郷町土崎字上野乙１８６番地", "秋田県", "仙北郡美郷町", "土崎字上野乙",
	     "186", ""},
	    {"東京都町田市木曽東四丁目１４ーイ２２ ハイツ", "東京都", "町田市", "木曽東四丁目",
	     "14-イ22", "ハイツ"},
	};

	(void)state;
	check(e, HUB_COUNT(e), NULL);
}

static void rest(void **state)
{
	static const struct example e[] = {
	    {"東京都千代田区紀尾井町1-3　ＤＩＧＩＴＡＬビル", "東京都", "千代田区", "紀尾井町",
	     "1-3", "DIGITALビル"},
	    {"東京都千代田区紀尾井町1-3三田マンション９９９", "東京都", "千代田区", "紀尾井町",
	     "1-3", "三田マンション999"},
	    {"東京都千代田区紀尾井町1ガーデン３ー２", "東京都", "千代田区", "紀尾井町", "1",
	     "ガーデン3-2"},
	    {"東京都千代田区紀尾井町1ガーデン１０ー９", "東京都", "千代田区", "紀尾井町", "1",
	     "ガーデン10-9"},
	    {"札幌市中央区南２条西１ー５ー２F", "北海道", "札幌市中央区", "南二条西一丁目", "5",
	     "2F"},
	    {"世田谷区世田谷４－２１－２７ 山田様方", "東京都", "世田谷区", "世田谷四丁目", "21-27",
	     "山田様方"},
	    {"〒102-0094 東京都千代田区紀尾井町1", "東京都", "千代田区", "紀尾井町", "1", ""},
	    {"京都市上京区釜座通下立売下る東裏辻町398番地", "京都府", "京都市上京区",
	     "釜座通下立売下る東裏辻町", "398", ""},
	    {"神奈川県あいうえお市", "神奈川県", "", "", "", "あいうえお市"},
	    {"東京都港区あいうえお", "東京都", "港区", "", "", "あいうえお"},
	};

	(void)state;
	check(e, HUB_COUNT(e), NULL);
}

static void refused(void **state)
{
	static const char *const t[][2] = {
	    {"府中市", "city-ambiguous"},     {"川崎町", "city-ambiguous"},
	    {"あいうえお", "no-place"},       {"不明", "address-unknown"},
	    {"住所不定", "no-fixed-address"}, {"同上", "same-as-above"},
	    {"〃", "same-as-above"},          {"1-2-3", "no-place"},
	};
	struct hub_address a;

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		assert_int_equal(hub_address_parse(arena, hub_str_of(t[i][0]), NULL, &a),
				 HUB_ADDRESS_INVALID);
		assert_string_equal(a.reason, t[i][1]);
		assert_int_equal(a.level, HUB_ADDRESS_NOWHERE);
	}
	assert_int_equal(hub_address_parse(arena, HUB_STR("　"), NULL, &a), HUB_ADDRESS_NULL);
}

static void options(void **state)
{
	const struct hub_address_opt infer = {.infer = 1};
	const struct hub_address_opt home = {.home = {"京都府京都市", 18}};
	static const struct example i[] = {
	    {"紀尾井町1-3", "東京都", "千代田区", "紀尾井町", "1-3", ""}};
	static const struct example h[] = {
	    {"北区紫野大徳寺町88番地", "京都府", "京都市北区", "紫野大徳寺町", "88", ""},
	    {"中京区西ノ京東中合町45番地", "京都府", "京都市中京区", "西ノ京東中合町", "45", ""},
	};
	struct hub_address a;

	(void)state;
	check(i, HUB_COUNT(i), &infer);
	check(h, HUB_COUNT(h), &home);
	/* a bare town is not looked for unless asked */
	assert_int_equal(hub_address_parse(arena, HUB_STR("紀尾井町1-3"), NULL, &a),
			 HUB_ADDRESS_INVALID);
	assert_int_equal(hub_address_parse(arena, HUB_STR("港区赤坂1-1-1"), NULL, &a),
			 HUB_ADDRESS_OK);
	assert_true(a.flags & HUB_ADDRESS_PREF_ADDED);
	assert_int_equal(a.code, 13103);
}

static void kanji(void **state)
{
	static const struct {
		uint32_t v;
		const char *text;
	} t[] = {{1, "一"},      {10, "十"},  {12, "十二"}, {20, "二十"},
		 {23, "二十三"}, {100, "百"}, {105, "百五"}};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		char out[24];
		struct hub_addr_num n;
		const struct hub_str s = {out, hub_addr_kanji(t[i].v, out)};
		assert_str(s, t[i].text);
		assert_int_equal(hub_addr_number(s, 0, &n), 1);
		assert_int_equal(n.value, t[i].v);
		assert_int_equal(n.end, s.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(cities, setup, teardown),
	    cmocka_unit_test_setup_teardown(numbers, setup, teardown),
	    cmocka_unit_test_setup_teardown(rest, setup, teardown),
	    cmocka_unit_test_setup_teardown(refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(options, setup, teardown),
	    cmocka_unit_test(kanji),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
