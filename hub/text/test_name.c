#include "test.h"

#include "text/name.h"

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

static void keys(void **state)
{
	static const char *const same[][2] = {
	    {"髙橋　一郎", "高橋一郎"}, {"山﨑", "山崎"},     {"渡邉", "渡辺"},
	    {"渡邊", "渡辺"},           {"濵田", "浜田"},     {"濱田", "浜田"},
	    {"齋藤", "斎藤"},           {"齊藤", "斉藤"},     {"澤田", "沢田"},
	    {"廣瀨", "広瀬"},           {"嶋田", "島田"},     {"嶌田", "島田"},
	    {"舘野", "館野"},           {"冨田", "富田"},     {"桒原", "桑原"},
	    {"高槗", "高橋"},           {"𠮷田", "吉田"},     {"德永", "徳永"},
	    {"眞鍋", "真鍋"},           {"惠子", "恵子"},     {"櫻井", "桜井"},
	    {"圓山", "円山"},           {"國分", "国分"},     {"龍", "竜"},
	    {"辻\U000e0100", "辻"},     {"佐々木", "佐佐木"}, {"三ヶ尻", "三ケ尻"},
	    {"ﾔﾏﾀﾞ", "ヤマダ"},         {"神", "神"},         {"Ｋｉｍ", "KIM"},
	};
	static const char *const apart[][2] = {
	    {"斎藤", "斉藤"}, {"阿部", "安部"}, {"伊東", "伊藤"}, {"崎", "埼"}, {"坂", "阪"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(same); i++) {
		const struct hub_str a = hub_name_key(arena, hub_str_of(same[i][0]), NULL);
		const struct hub_str b = hub_name_key(arena, hub_str_of(same[i][1]), NULL);
		if (!hub_str_eq(a, b))
			fail_msg("%s and %s differ", same[i][0], same[i][1]);
	}
	for (size_t i = 0; i < HUB_COUNT(apart); i++) {
		const struct hub_str a = hub_name_key(arena, hub_str_of(apart[i][0]), NULL);
		const struct hub_str b = hub_name_key(arena, hub_str_of(apart[i][1]), NULL);
		if (hub_str_eq(a, b))
			fail_msg("%s and %s meet", apart[i][0], apart[i][1]);
	}
}

/* Folding a second time changes nothing: what stands for others stands for itself. */
static void stable(void **state)
{
	(void)state;
	for (uint32_t c = 0x3400; c < 0x30000; c++)
		assert_int_equal(hub_name_fold_char(hub_name_fold_char(c)), hub_name_fold_char(c));
}

static void parts(void **state)
{
	static const struct {
		const char *in, *name, *family, *given, *alias, *former;
		unsigned flags;
	} t[] = {
	    {"山田　太郎", "山田　太郎", "山田", "太郎", "", "", 0},
	    {" 山田 太郎 様 ", "山田 太郎", "山田", "太郎", "", "", HUB_NAME_HONORIFIC},
	    {"山田太郎さん", "山田太郎", "", "", "", "", HUB_NAME_HONORIFIC},
	    {"王昭君", "王昭君", "", "", "", "", 0},
	    {"山田・太郎", "山田・太郎", "山田", "太郎", "", "", 0},
	    {"ジョン・スミス", "ジョン・スミス", "", "", "", "", HUB_NAME_FOREIGN},
	    {"KIM CHULSOO（金山 太郎）", "KIM CHULSOO", "KIM", "CHULSOO", "金山 太郎", "",
	     HUB_NAME_ALIAS | HUB_NAME_FOREIGN},
	    {"山田 花子（旧姓：鈴木）", "山田 花子", "山田", "花子", "", "鈴木", HUB_NAME_FORMER},
	    {"山田［鈴木］花子", "山田花子", "", "", "", "鈴木", HUB_NAME_FORMER},
	    {"李 明（通称 山本）", "李 明", "李", "明", "山本", "", HUB_NAME_ALIAS},
	    {"山田 太郎（長男）", "山田 太郎", "山田", "太郎", "", "", HUB_NAME_NOTE},
	    {"匿名　希望", "匿名　希望", "匿名", "希望", "", "", HUB_NAME_NOBODY},
	    {"氏名不詳（女性）", "氏名不詳", "", "", "", "", HUB_NAME_NOTE | HUB_NAME_NOBODY},
	    {"なし", "なし", "", "", "", "", HUB_NAME_NOBODY},
	    {"ﾌﾒｲ", "ﾌﾒｲ", "", "", "", "", HUB_NAME_NOBODY},
	    {"●田 太郎", "●田 太郎", "●田", "太郎", "", "", HUB_NAME_UNREADABLE},
	    {"(外字)田", "〓田", "", "", "", "", HUB_NAME_UNREADABLE},
	    {"山田（太郎", "山田（太郎", "", "", "", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(t); i++) {
		struct hub_name n;
		assert_int_equal(hub_name_parse(arena, hub_str_of(t[i].in), &n), 0);
		assert_str(n.name, t[i].name);
		assert_str(n.family, t[i].family);
		assert_str(n.given, t[i].given);
		assert_str(n.alias, t[i].alias);
		assert_str(n.former, t[i].former);
		if (n.flags != t[i].flags)
			fail_msg("%s: flags %u", t[i].in, n.flags);
	}
}

static void nothing(void **state)
{
	struct hub_name n;

	(void)state;
	assert_int_equal(hub_name_parse(arena, HUB_STR("　"), &n), 1);
	assert_int_equal(hub_name_parse(arena, HUB_STR("（　）"), &n), -1);
	assert_string_equal(n.reason, "no-name");
	/* a long run of '?' triples in length */
	assert_int_equal(hub_name_parse(arena, HUB_STR("????????????????"), &n), 0);
	assert_int_equal(n.key.len, 48);
}

/* Every sign that stands for a character nobody could enter is the same one in a key, and the key says so: a name with a
 * hole is nobody's for certain. */
static void holes(void **state)
{
	static const char *const signs[] = {
	    "*", "?",  "＊", "？", "■", "□",      "◆",      "◇",          "●",         "○",
	    "◯", "〓", "�",  "※",  "★", "\ue000", "\uf8ff", "\U000f0000", "\U0010fffd"};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(signs); i++) {
		int hole = 0;
		const struct hub_str key =
		    hub_name_key(arena, hub_arena_printf(arena, "山%s太郎", signs[i]), &hole);
		assert_true(hub_str_is(key, "山〓太郎"));
		assert_int_equal(hole, 1);
	}
	int hole = 0;
	hub_name_key(arena, HUB_STR("山田　太郎・ジョン"), &hole);
	assert_int_equal(hole, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(keys, setup, teardown),
	    cmocka_unit_test(stable),
	    cmocka_unit_test_setup_teardown(holes, setup, teardown),
	    cmocka_unit_test_setup_teardown(parts, setup, teardown),
	    cmocka_unit_test_setup_teardown(nothing, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
