/* Where somebody lives under display restriction is found however it is written, and nothing else is. */
#include "test.h"

#include "release/refuge.h"

static struct hub_arena *arena;

static struct hub_refuges *refuges_of(const char *const *marks, size_t n)
{
	struct hub_map *m = hub_map_new(arena);

	for (size_t i = 0; i < n; i++)
		assert_int_equal(hub_map_put(m, hub_str_of(marks[i]), 1), 0);
	return hub_refuges_new(arena, m);
}

static void test_spellings(void **state)
{
	static const char *const marks[] = {"a神奈川県横浜市港北区若松町５－２－３０１",
					    "a相模県港北市本町一丁目５番６号",
					    "a大阪府堺市堺区南瓦町３番１号",
					    "a滋賀県彦根市大藪町１２番地７",
					    "a神奈川県相模原市",
					    "t0455550101",
					    "kカナ|1950-01-01"};
	static const struct {
		const char *text;
		int address, phone;
	} cases[] = {
	    {"神奈川県横浜市港北区若松町5-2-301", 1, 0},
	    {"横浜市港北区若松町５丁目２番３０１号", 1, 0},
	    {"若松町5-2-301", 1, 0},
	    {"若松町５ー２", 1, 0},
	    {"若松町5番地の2の301号室", 1, 0},
	    {"港北市本町一丁目5-6", 1, 0},
	    {"大阪府堺市堺区南瓦町3-1", 1, 0},
	    {"南瓦町三番一号", 1, 0},
	    {"大藪12-7", 1, 0},
	    {"大薮町12・7", 1, 0},
	    {"彦根市大薮の十二の七", 1, 0},
	    {"大藪12-8", 0, 0},
	    {"わかまつちょう五の二", 1, 0},
	    {"ワカマツ５の２の３０１号", 1, 0},
	    {"若松町五丁目二番三〇一号", 1, 0},
	    {"わかまつ5-20", 0, 0},
	    {"わかまつ5", 0, 0},
	    {"若松町5-20", 0, 0},
	    {"若松町15-2-301", 0, 0},
	    {"緑町5-2-301", 0, 0},
	    {"神奈川県横浜市港北区", 0, 0},
	    {"神奈川県相模原市緑区橋本３－４", 0, 0},
	    {"若松町", 0, 0},
	    {"５－２", 0, 0},
	    {"", 0, 0},
	    {"045-555-0101", 0, 1},
	    {"０４５（５５５）０１０１", 0, 1},
	    {"〇四五-五五五-〇一〇一", 0, 1},
	    {"ゼロヨンゴーのゴーゴーゴーのゼロイチゼロイチ", 0, 1},
	    {"045-555-0102", 0, 0},
	    {"+81 45-555-0101", 0, 1},
	    {"0081-45-555-0101", 0, 1},
	    {"45-555-0101", 0, 1}, /* a cell that lost its zero */
	    {"045-555-0101（内線12）", 0, 1},
	    {"045-555-0102、045-555-0101", 0, 1},
	    {"なし", 0, 0},
	    {"110", 0, 0},
	};
	struct hub_refuges *r = refuges_of(marks, HUB_COUNT(marks));

	(void)state;
	assert_non_null(r);
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const struct hub_str text = hub_str_of(cases[i].text);
		if (hub_refuge_address(arena, r, text) != cases[i].address ||
		    hub_refuge_phone(arena, r, text) != cases[i].phone)
			fail_msg("%s: %d %d", cases[i].text, hub_refuge_address(arena, r, text),
				 hub_refuge_phone(arena, r, text));
		assert_int_equal(hub_refuge_address(arena, NULL, text), 0);
		assert_int_equal(hub_refuge_phone(arena, NULL, text), 0);
	}
}

static void test_texts(void **state)
{
	static const char *const marks[] = {"a神奈川県横浜市港北区若松町５－２－３０１",
					    "a神奈川県茅ヶ崎市小和田9999番地1 隠荘101号室",
					    "a神奈川県茅ヶ崎市香川20番地 アパート201",
					    "t0455550101", "t09012345678"};
	static const struct {
		const char *text;
		int stands;
	} cases[] = {
	    {"母は若松町5-2-301に移った。", 1},
	    {"わかまつ、若松町 5 の 2 だと言う。", 1},
	    {"若松町の5-2", 1},
	    {"母は若松町五の二に、若松町５丁二", 1},
	    {"若松町5一2に", 1},
	    {"若松5-2-301 に、若松の5-2", 1},
	    {"茅が崎市小和田9999―1", 1},
	    {"わかまつの五ー二に居るらしい。", 1},
	    {"ﾜｶﾏﾂﾁｮｳ 5-2", 1},
	    {"だいたい5-2人、若松町五人、三田5-2", 0},
	    {"おわだ9999の1とも言う。", 1},
	    {"小和田9999 番地 1", 1},
	    {"番地は\n９９９９－１", 1},
	    {"9999-10、19999-1、9999", 0},
	    {"隠荘の１０１号室、隠荘101", 1},
	    {"上の階（隠荘 一〇一）の人", 1},
	    {"隠荘 102", 0},
	    {"香川20番地", 1},
	    {"香川20-3", 1},
	    {"香川で20人", 0},
	    {"アパート201に住む", 0},
	    {"２回、５-２人、2026-06-03、10:30", 0},
	    {"(045)555-0101", 1},
	    {"〇四五の五五五の〇一〇一です", 1},
	    {"0455550102 090 1234 5678。", 1},
	    {"１０９０-１２３４-５６７８９", 1},
	    /* whatever people put between: between numbers, behind the town, or the other way round */
	    {"若松町（5-2-301）、若松町：５→２", 1},
	    {"若松町「5」の2", 1},
	    {"若松町(わかまつ)5/2", 1},
	    {"若松地区5,2", 1},
	    {"わかまつちょう5ばん2ごう", 1},
	    {"5-2、若松町", 1},
	    {"小和田の隣。10:30、9999-1", 1},
	    {"若松町5。2人が来た。若松町（15-2）", 0},
	    {"5-2人、若松町", 0},
	    {"+81-90-1234-5678", 1},
	    {"090〜1234〜5678", 1},
	    {"「090」1234→5678", 1},
	    {"090…のあと1234、5678", 0},
	    {"045\u200b555\u200b0101", 1}, /* what nobody sees */
	    {"090-1234-567", 0},
	    {"", 0},
	};
	struct hub_refuges *r = refuges_of(marks, HUB_COUNT(marks));

	(void)state;
	assert_non_null(r);
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const struct hub_str text = hub_str_of(cases[i].text);
		if (hub_refuge_stands(arena, r, text) != cases[i].stands)
			fail_msg("%s: %d", cases[i].text, hub_refuge_stands(arena, r, text));
		assert_int_equal(hub_refuge_stands(arena, NULL, text), 0);
	}
	assert_int_equal(hub_refuge_stands(arena, r,
					   HUB_STR("045\0"
						   "555\0"
						   "0101")),
			 1);
}

/* Where she stays, by its name; a word that says only what kind of place, or whose, stands for nothing. */
static void test_facilities(void **state)
{
	static const char *const marks[] = {"f社会福祉法人青空会　ひまわり寮（２０１号室）",
					    "f母の実家",
					    "f市立病院",
					    "f特別養護老人ホーム",
					    "fシェルター",
					    "f県外の民間シェルター",
					    "f知人宅",
					    "fさくら",
					    "f第2病棟",
					    "a相模湖の里かすみ荘",
					    "a横須賀方面",
					    "a若松町",
					    "a神奈川県茅ヶ崎市",
					    "a神奈川県茅ヶ崎市共恵1-8-10 メゾン共恵203",
					    "a神奈川県茅ヶ崎市円蔵300-45 みどり荘",
					    "a神奈川県茅ヶ崎市本村4-20-1 本村団地3-502",
					    "a神奈川県茅ヶ崎市浜竹7-1（日中は不在）"};
	static const struct {
		const char *text;
		int stands;
	} cases[] = {
	    {"妻はひまわり寮に居るらしい。", 1},
	    {"ﾋﾏﾜﾘ寮、ひまわり　寮とも", 1},
	    {"ひまわり\n寮", 1},
	    {"「ヒマワリ」の寮", 1},
	    {"メゾン共恵に居るらしい、みどり荘とも", 1},
	    {"共恵のメゾン、本村団地の自治会、日中は不在", 0},
	    {"相模湖の里 かすみ荘まで行った", 1},
	    {"ひまわりの花、寮に入る、かすみ町", 0},
	    {"母の実家に帰る。市立病院に通院。特別養護老人ホームを探す。", 0},
	    {"シェルターに入る。県外の民間シェルター、知人宅、第2病棟、社会福祉法人青空会", 0},
	    {"さくらさん、横須賀方面、若松町、神奈川県茅ヶ崎市", 0},
	};
	struct hub_refuges *r = refuges_of(marks, HUB_COUNT(marks));

	(void)state;
	assert_non_null(r);
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const struct hub_str text = hub_str_of(cases[i].text);
		if (hub_refuge_stands(arena, r, text) != cases[i].stands ||
		    hub_refuge_facility(arena, r, text) != cases[i].stands ||
		    hub_refuge_address(arena, r, text) != cases[i].stands)
			fail_msg("%s: %d", cases[i].text, hub_refuge_stands(arena, r, text));
		assert_int_equal(hub_refuge_facility(arena, NULL, text), 0);
	}
}

static int setup(void **state)
{
	(void)state;
	arena = hub_arena_new(1 << 24);
	return arena ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_spellings),
					   cmocka_unit_test(test_texts),
					   cmocka_unit_test(test_facilities)};

	return cmocka_run_group_tests(tests, setup, teardown);
}
