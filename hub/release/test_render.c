/* One text as many recipients see it: the decisions about its spans, the names of its people, and that
 * no character of a hidden span is ever left. */
#include "test.h"

#include "base/clock.h"
#include "release/render.h"
#include "release/value.h"

static struct hub_arena *arena;
static const struct hub_schema *schema;

static int set_up(void **state)
{
	(void)state;
	arena = hub_arena_new(0);
	return hub_schema_load(arena, "schemas/common-case.cfg", NULL, &schema, NULL, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

static const struct hub_codes *relations(void)
{
	return hub_schema_codes(schema, HUB_STR("relation"));
}

/* --- patches ---------------------------------------------------------------------------------------- */

static struct hub_patch patch(uint32_t start, uint32_t end, enum hub_show show, const char *label,
			      const char *who)
{
	return (struct hub_patch){.start = start,
				  .end = end,
				  .show = show,
				  .label = hub_str_of(label),
				  .who = hub_str_of(who)};
}

#define HIDE(s, e, l) patch(s, e, HUB_SHOW_PSEUDONYM, l, "")
#define WHO(s, e, l)  patch(s, e, HUB_SHOW_PSEUDONYM, l, l)
#define GONE(s, e)    patch(s, e, HUB_SHOW_WITHHELD, "[x]", "")
#define OPEN(s, e)    patch(s, e, HUB_SHOW_AS_IS, "[!]", "")

static void test_patches(void **state)
{
	const struct {
		const char *text;
		struct hub_patch p[4];
		uint32_t n;
		const char *want;
	} rows[] = {
	    {"", {{0}}, 0, ""},
	    {"佐藤さん", {{0}}, 0, "佐藤さん"},
	    {"佐藤さん", {HIDE(0, 2, "[A]")}, 1, "[A]さん"},
	    {"母の佐藤", {HIDE(2, 4, "[A]")}, 1, "母の[A]"},
	    {"佐藤", {HIDE(0, 2, "[A]")}, 1, "[A]"},
	    {"佐藤と鈴木", {HIDE(3, 5, "[B]"), HIDE(0, 2, "[A]")}, 2, "[A]と[B]"},
	    {"佐藤鈴木", {HIDE(0, 2, "[A]"), HIDE(2, 4, "[B]")}, 2, "[A][B]"},
	    /* overlaps: one patch, the stricter shows */
	    {"佐藤医院へ", {HIDE(0, 2, "[A]"), GONE(0, 4)}, 2, "[x]へ"},
	    {"佐藤医院へ", {GONE(0, 2), HIDE(0, 4, "[F]")}, 2, "[x]へ"},
	    {"佐藤医院へ", {HIDE(0, 2, "[A]"), HIDE(0, 4, "[F]")}, 2, "[F]へ"},
	    {"佐藤医院へ", {WHO(0, 2, "[A]"), HIDE(0, 4, "[F]")}, 2, "[A]へ"},
	    {"いろはにほへ", {HIDE(0, 3, "[A]"), HIDE(2, 5, "[B]")}, 2, "[A]へ"},
	    {"いろはにほへ", {HIDE(0, 2, "[A]"), HIDE(1, 3, "[B]"), GONE(2, 5)}, 3, "[x]へ"},
	    {"いろはにほへ", {HIDE(0, 6, "[A]"), GONE(2, 3)}, 2, "[x]"},
	    {"佐藤医院へ", {OPEN(0, 4), HIDE(0, 2, "[A]")}, 2, "[A]医院へ"},
	    {"佐藤医院へ", {OPEN(0, 4)}, 1, "佐藤医院へ"},
	    /* family and given name of one person */
	    {"佐藤 花子さん", {WHO(0, 2, "[A]"), WHO(3, 5, "[A]")}, 2, "[A]さん"},
	    {"佐藤　花子さん", {WHO(0, 2, "[A]"), WHO(3, 5, "[A]")}, 2, "[A]さん"},
	    {"佐藤花子さん", {WHO(0, 2, "[A]"), WHO(2, 4, "[A]")}, 2, "[A]さん"},
	    {"佐藤、花子", {WHO(0, 2, "[A]"), WHO(3, 5, "[A]")}, 2, "[A]、[A]"},
	    {"佐藤 花子", {WHO(0, 2, "[A]"), WHO(3, 5, "[B]")}, 2, "[A] [B]"},
	    {"住所 住所", {HIDE(0, 2, "[J]"), HIDE(3, 5, "[J]")}, 2, "[J] [J]"},
	    /* marks go with their character: variation selector, combining voiced sound */
	    {"葛\xf3\xa0\x84\x80城さん", {HIDE(0, 1, "[A]")}, 1, "[A]城さん"},
	    {"か\xe3\x82\x99さん", {HIDE(0, 1, "[A]")}, 1, "[A]さん"},
	    {"か\xe3\x82\x99さん", {HIDE(0, 1, "[A]"), HIDE(1, 3, "[B]")}, 2, "[A][B]ん"},
	    {"𠮷野家", {HIDE(1, 2, "[A]")}, 1, "𠮷[A]家"},
	    {"a\xc3\xa9z", {HIDE(1, 2, "[A]")}, 1, "a[A]z"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		HUB_AUTO(buf) struct hub_buf out;
		struct hub_patch p[4];
		hub_buf_init(&out, 1 << 12);
		memcpy(p, rows[i].p, sizeof p);
		hub_patch_text(&out, hub_str_of(rows[i].text), p, rows[i].n);
		if (!hub_str_is(hub_buf_text(&out), rows[i].want))
			fail_msg("row %zu: got %.*s, want %s", i, HUB_FMT(hub_buf_text(&out)),
				 rows[i].want);
	}
}

static uint64_t dice_state = 42;

static uint32_t dice(uint32_t sides)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 7;
	dice_state ^= dice_state << 17;
	return (uint32_t)(dice_state >> 33) % sides;
}

/* A text in which every character occurs once: after any patches exactly the open ones are left. */
static void test_nothing_hidden_is_left(void **state)
{
	enum { LEN = 40 };
	char text[LEN * 4];
	size_t len = 0;

	(void)state;
	for (uint32_t i = 0; i < LEN; i++)
		len += hub_utf8_put(0x4e00 + i, text + len);
	for (int round = 0; round < 20000; round++) {
		HUB_AUTO(buf) struct hub_buf out;
		struct hub_patch p[8];
		char hidden[LEN] = {0};
		const uint32_t n = dice(9);

		hub_buf_init(&out, 1 << 12);
		for (uint32_t i = 0; i < n; i++) {
			const uint32_t start = dice(LEN), end = start + 1 + dice(LEN - start);
			p[i] = patch(start, end, (enum hub_show)dice(HUB_SHOW_AS_IS + 1), "#",
				     dice(2) ? "" : "#");
			for (uint32_t k = start; p[i].show != HUB_SHOW_AS_IS && k < end; k++)
				hidden[k] = 1;
		}
		hub_patch_text(&out, (struct hub_str){text, len}, p, n);
		for (uint32_t i = 0; i < LEN; i++) {
			char c[4];
			const struct hub_str one = {c, hub_utf8_put(0x4e00 + i, c)};
			const int there = hub_str_find(hub_buf_text(&out), one, 0) != (size_t)-1;
			if (there == hidden[i])
				fail_msg("round %d: character %u", round, (unsigned)i);
		}
	}
}

/* --- names of people -------------------------------------------------------------------------------- */

#define KEY_A HUB_STR("key of recipient A, 32 bytes long")
#define KEY_B HUB_STR("key of recipient B, 32 bytes long")

static struct hub_cast *family(struct hub_str key)
{
	struct hub_cast *c = hub_cast_new(arena, key, HUB_STR("C1"), relations());

	assert_non_null(c);
	assert_int_equal(hub_cast_add(c, HUB_STR("1"), HUB_STR("本人")), 0);
	assert_int_equal(hub_cast_add(c, HUB_STR("2"), HUB_STR("母")), 0);
	assert_int_equal(hub_cast_add(c, HUB_STR("3"), HUB_STR("eldest_daughter")), 0);
	assert_int_equal(hub_cast_add(c, HUB_STR("4"), HUB_STR("隣の田中太郎")), 0);
	assert_int_equal(hub_cast_add_staff(c, HUB_STR("s1")), 0);
	return c;
}

#define NAME(c, id, as) hub_cast_name((c), HUB_STR(id), HUB_STR(as))

static void test_cast(void **state)
{
	struct hub_cast *c = family(KEY_A), *again = family(KEY_A), *other = family(KEY_B);

	(void)state;
	assert_str(NAME(c, "1", "佐藤"), "本人");
	assert_str(NAME(c, "2", "佐藤"), "本人の母");
	assert_str(NAME(c, "3", "花子"), "長女");
	/* a relation that is no relation may hold a name: a number instead */
	const struct hub_str four = NAME(c, "4", "田中");
	assert_true(hub_str_starts(four, HUB_STR("人物")));
	assert_true(hub_str_starts(NAME(c, "s1", "山田"), HUB_STR("職員")));
	assert_int_equal(NAME(c, "s1", "山田").len, strlen("職員A"));

	/* the same person, the same number; written with a variant, too; others have others */
	const struct hub_str takahashi = NAME(c, "", "高橋");
	assert_true(hub_str_eq(takahashi, NAME(c, "", "高橋")));
	assert_true(hub_str_eq(takahashi, NAME(c, "", "髙橋")));
	assert_false(hub_str_eq(takahashi, NAME(c, "", "鈴木")));
	assert_false(hub_str_eq(takahashi, four));
	(void)NAME(again, "4", "田中");
	assert_true(hub_str_eq(takahashi, NAME(again, "", "高橋")));
	/* an id that the roster does not have */
	assert_true(hub_str_starts(NAME(c, "77", "高橋"), HUB_STR("人物")));
	assert_false(hub_str_eq(NAME(c, "77", "高橋"), takahashi));

	/* what two recipients got says nothing about the other's: 20 people, few equal numbers */
	unsigned equal = 0;
	for (char k = 0; k < 20; k++) {
		const char name[] = {(char)('a' + k), '\0'};
		const struct hub_str s = hub_str_of(name), none = {"", 0};
		if (hub_str_eq(hub_cast_name(again, none, s), hub_cast_name(other, none, s)))
			equal++;
	}
	assert_true(equal < 5);
}

static void test_cast_is_unambiguous(void **state)
{
	struct hub_cast *c = family(KEY_A);
	struct hub_map *seen = hub_map_new(arena);
	uint64_t v;

	(void)state;
	for (int i = 0; i < 300; i++) {
		const struct hub_str as = hub_arena_printf(arena, "person %d", i);
		const struct hub_str name = hub_cast_name(c, HUB_STR(""), as);
		assert_false(hub_map_get(seen, name, &v));
		assert_int_equal(hub_map_put(seen, name, 1), 0);
	}
	for (int i = 0; i < 40; i++) {
		const struct hub_str id = hub_arena_printf(arena, "staff %d", i);
		assert_int_equal(hub_cast_add_staff(c, id), 0);
		const struct hub_str name = hub_cast_name(c, id, HUB_STR(""));
		assert_false(hub_map_get(seen, name, &v));
		assert_int_equal(hub_map_put(seen, name, 1), 0);
	}
	/* two brothers */
	assert_int_equal(hub_cast_add(c, HUB_STR("b1"), HUB_STR("兄")), 0);
	assert_str(NAME(c, "b1", ""), "本人の兄");
	assert_int_equal(hub_cast_add(c, HUB_STR("b2"), HUB_STR("兄")), 0);
	assert_str(NAME(c, "b1", ""), "本人の兄1");
	assert_str(NAME(c, "b2", ""), "本人の兄2");
}

/* --- whole texts ------------------------------------------------------------------------------------- */

/* 0         1         2         3         4
 * 0123456789012345678901234567890123456789012345 */
static const char note[] = "佐藤花子さんの母の佐藤ヨネ様より電話（03-1234-5678）。"
			   "隣の田中氏が緑区桜町2-3のさくら医院へ。1950-04-01生。";
static const char note_marks[] =
    "[[0,4,\"PERSON\",1,990,\"roster\"],[9,13,\"PERSON\",\"2\",990,\"roster\"],"
    "[19,31,\"PHONE\",2,990,\"roster\"],[35,37,\"PERSON\",null,700,\"tagger\"],"
    "[39,46,\"ADDRESS\",null,800,\"pattern\"],[47,52,\"FACILITY\",null,800,\"tagger\"],"
    "[54,64,\"BIRTHDATE\",1,990,\"roster\"]]";

/* The case: P1 (client) and P2 (mother) in one household; A has the client's consent, B has nothing, W
 * wrote the note and has both. */
struct scene {
	struct hub_recipient recipient;
	struct hub_household_person household[2];
	struct hub_text_person people[2];
	struct hub_consent consents[3];
	struct hub_text_question q;
	struct hub_view view;
};

static void set_scene(struct scene *s, const char *recipient, enum hub_protection mother)
{
	*s = (struct scene){.recipient = {hub_str_of(recipient), 1, 0, HUB_ALWAYS},
			    .household = {{HUB_STR("1"), HUB_PROT_CLEAR}, {HUB_STR("2"), mother}},
			    .view = {.masked = HUB_SHOW_PSEUDONYM}};
	const struct hub_str who[] = {HUB_STR("1"), HUB_STR("1"), HUB_STR("2")};
	const struct hub_str to[] = {HUB_STR("A"), HUB_STR("W"), HUB_STR("W")};

	for (int i = 0; i < 3; i++)
		s->consents[i] = (struct hub_consent){.person = who[i],
						      .recipient = to[i],
						      .category = HUB_STR("*"),
						      .purpose = HUB_STR("*"),
						      .status = HUB_CONSENT_GIVEN,
						      .period = HUB_ALWAYS};
	for (int i = 0; i < 2; i++)
		s->people[i] = (struct hub_text_person){
		    .id = s->household[i].id, .household = s->household, .n_household = 2};
	for (int i = 0; i < HUB_CLASSES; i++)
		s->view.by_class[i] = HUB_SHOW_AS_IS;
	assert_int_equal(hub_day_parse(HUB_STR("2026-06-15"), &s->view.day), 0);
	s->q = (struct hub_text_question){.field = {.recipient = &s->recipient,
						    .person = HUB_STR("1"),
						    .category = HUB_STR("narrative"),
						    .purpose = HUB_STR("support"),
						    .day = s->view.day,
						    .household = s->household,
						    .n_household = 2,
						    .consents = s->consents,
						    .n_consents = 3},
					  .people = s->people,
					  .n_people = 2,
					  .own = recipient[0] == 'W'};
}

static struct hub_rendered last;

static const char *render(const struct scene *s, const char *text, const char *marks)
{
	struct hub_err err = {0};
	struct hub_buf out;
	struct hub_cast *cast = hub_cast_new(arena, KEY_A, HUB_STR("C1"), relations());
	const struct hub_rendering t = {arena, hub_str_of(text), &s->q, &s->view, cast};

	assert_int_equal(hub_cast_add(cast, HUB_STR("1"), HUB_STR("本人")), 0);
	assert_int_equal(hub_cast_add(cast, HUB_STR("2"), HUB_STR("母")), 0);
	hub_buf_init(&out, 1 << 16);
	const int rc = hub_text_render(&t, hub_str_of(marks), s->view.by_class[HUB_C_NARRATIVE],
				       &out, &last, &err);
	const char *copy = hub_arena_cstr(arena, hub_buf_text(&out));
	hub_buf_free(&out);
	return rc ? hub_arena_cstr(arena, hub_str_of(err.code)) : copy;
}

/* The number of the neighbour comes from a keyed hash: 【人物NN】 whatever it is. */
static const char *plain(const char *text)
{
	struct hub_str s = hub_str_of(text);
	const size_t at = hub_str_find(s, HUB_STR("【人物"), 0);

	if (at == (size_t)-1)
		return text;
	const size_t end = hub_str_find(s, HUB_STR("】"), at);
	return hub_arena_printf(arena, "%.*s【人物N%s", (int)at, text, text + end).ptr;
}

static void test_many_subjects(void **state)
{
	struct scene s;

	(void)state;
	/* the author's agency: everything */
	set_scene(&s, "W", HUB_PROT_CLEAR);
	assert_string_equal(render(&s, note, note_marks), note);
	assert_int_equal(last.masked + last.withheld, 0);

	/* the client's consent opens the client's data only */
	set_scene(&s, "A", HUB_PROT_CLEAR);
	assert_string_equal(plain(render(&s, note, note_marks)),
			    "佐藤花子さんの母の【本人の母】様より電話（【電話番号】）。"
			    "隣の【人物N】氏が【住所】の【施設】へ。1950-04-01生。");
	assert_true(last.confirm); /* nothing is known of the mother's will */

	/* no consent: masked text, and the question */
	set_scene(&s, "B", HUB_PROT_CLEAR);
	assert_string_equal(plain(render(&s, note, note_marks)),
			    "【本人】さんの母の【本人の母】様より電話（【電話番号】）。"
			    "隣の【人物N】氏が【住所】の【施設】へ。【生年月日】生。");
	assert_true(last.confirm);

	/* refused: the same, no question about the client */
	s.consents[0] = (struct hub_consent){.person = HUB_STR("1"),
					     .recipient = HUB_STR("B"),
					     .category = HUB_STR("*"),
					     .purpose = HUB_STR("*"),
					     .status = HUB_CONSENT_REFUSED,
					     .period = HUB_ALWAYS};
	assert_string_equal(
	    plain(render(&s, "佐藤花子さん", "[[0,4,\"PERSON\",1,990,\"roster\"]]")),
	    "【本人】さん");
	assert_false(last.confirm);

	/* unknown recipient: not one character */
	set_scene(&s, "A", HUB_PROT_CLEAR);
	s.recipient.known = 0;
	assert_string_equal(render(&s, note, note_marks), "");
	assert_int_equal(last.whole.decision, HUB_WITHHOLD);
}

/* Who gets nothing of the mother reads nothing of her in her daughter's text, whatever she said and whoever wrote it. */
static void test_barred_from_one(void **state)
{
	static const char about[] = "佐藤花子さんの母の佐藤ヨネ様より電話（03-1234-5678）。";
	static const char marks[] = "[[0,4,\"PERSON\",1,990,\"roster\"],[9,13,\"PERSON\",\"2\",990,"
				    "\"roster\"],[19,31,\"PHONE\",2,990,\"roster\"]]";
	static const char *const who[] = {"W", "A"};
	struct scene s;

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(who); i++) {
		set_scene(&s, who[i], HUB_PROT_CLEAR);
		s.consents[1].recipient = hub_str_of(who[i]);
		s.consents[2].recipient = hub_str_of(who[i]);
		assert_string_equal(render(&s, about, marks), about);
		s.people[1].barred = 1;
		assert_string_equal(render(&s, about, marks),
				    "佐藤花子さんの母の【非提供】様より電話（【非提供】）。");
	}
}

/* Somebody whom only a line of the case names, and who may be under display restriction: even the author reads no telephone of
 * theirs; of the name no more is said than of any stranger's. */
static void test_only_named(void **state)
{
	static const char about[] = "元妻の渡辺さくら様より電話（03-1234-5678）。";
	static const char marks[] =
	    "[[3,8,\"PERSON\",\"r7\",990,\"roster\"],[14,26,\"PHONE\",\"r7\",990,\"roster\"]]";
	static const char *const want[] = {"元妻の渡辺さくら様より電話（03-1234-5678）。",
					   "元妻の渡辺さくら様より電話（【非提供】）。"};
	struct scene s;

	(void)state;
	for (int hides = 0; hides < 2; hides++) {
		set_scene(&s, "W", HUB_PROT_CLEAR);
		s.q.own = 1;
		s.people[1] =
		    (struct hub_text_person){.id = hub_str_of(hides ? "r7" : "2"), .hides = hides};
		assert_string_equal(render(&s, about, marks), want[hides]);
		s.q.own = 0;
		assert_null(strstr(render(&s, about, marks), "渡辺"));
		assert_null(strstr(render(&s, about, marks), "1234"));
	}
}

static void test_protected_household(void **state)
{
	static const enum hub_protection states[] = {HUB_PROT_PROTECTED, HUB_PROT_SUSPECTED,
						     HUB_PROT_UNKNOWN};
	struct scene s;

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(states); i++) {
		set_scene(&s, "W", states[i]);
		assert_string_equal(render(&s, note, note_marks), "");
		assert_int_equal(last.whole.reason, HUB_WHY_UNREVIEWED);
		s.q.reviewed = 1;
		assert_string_equal(render(&s, note, note_marks),
				    "佐藤花子さんの母の佐藤ヨネ様より電話（【非提供】）。"
				    "隣の田中氏が【非提供】の【非提供】へ。1950-04-01生。");
		assert_int_equal(last.withheld, 3);
		set_scene(&s, "A", states[i]);
		s.q.reviewed = 1;
		assert_string_equal(plain(render(&s, note, note_marks)),
				    "佐藤花子さんの母の【本人の母】様より電話（【非提供】）。"
				    "隣の【人物N】氏が【非提供】の【非提供】へ。1950-04-01生。");
	}
	set_scene(&s, "W", HUB_PROT_CLEAR);
	s.q.stale = 1;
	assert_string_equal(render(&s, note, note_marks), "");
	assert_int_equal(last.whole.reason, HUB_WHY_STALE);
}

static void test_views(void **state)
{
	struct scene s;

	(void)state;
	/* an allowed text, every class in another way */
	set_scene(&s, "W", HUB_PROT_CLEAR);
	s.view.by_class[HUB_C_IDENTIFIER] = HUB_SHOW_PSEUDONYM;
	s.view.by_class[HUB_C_CONTACT] = HUB_SHOW_WITHHELD;
	s.view.by_class[HUB_C_QUASI] = HUB_SHOW_GENERALISED;
	assert_string_equal(plain(render(&s, note, note_marks)),
			    "【本人】さんの母の【本人の母】様より電話（【非提供】）。"
			    "隣の【人物N】氏が【非提供】の【施設】へ。【70代】生。");
	/* ●● */
	set_scene(&s, "B", HUB_PROT_CLEAR);
	s.view.masked = HUB_SHOW_MASKED;
	assert_string_equal(render(&s, note, note_marks), "●●さんの母の●●様より電話（●●）。"
							  "隣の●●氏が●●の●●へ。●●生。");
	/* a profile that masks narratives masks them where the gate would allow */
	set_scene(&s, "W", HUB_PROT_CLEAR);
	s.view.by_class[HUB_C_NARRATIVE] = HUB_SHOW_PSEUDONYM;
	assert_string_equal(plain(render(&s, note, note_marks)),
			    "【本人】さんの母の【本人の母】様より電話（【電話番号】）。"
			    "隣の【人物N】氏が【住所】の【施設】へ。【生年月日】生。");
	s.view.by_class[HUB_C_NARRATIVE] = HUB_SHOW_WITHHELD;
	assert_string_equal(render(&s, note, note_marks), "");
	/* an organisation stays, unless it may show where a protected household lives */
	static const char org[] = "[[0,5,\"ORG\",null,900,\"tagger\"]]";
	set_scene(&s, "B", HUB_PROT_CLEAR);
	assert_string_equal(render(&s, "緑社協さんへ", org), "緑社協さんへ");
	set_scene(&s, "B", HUB_PROT_UNKNOWN);
	s.q.reviewed = 1;
	assert_string_equal(render(&s, "緑区社協さんへ", org), "【非提供】んへ");
}

static void test_broken_spans(void **state)
{
	static const char *const rows[] = {
	    "",
	    "{}",
	    "null",
	    "[",
	    "[1]",
	    "[[0,2]]",
	    "[[0,0,\"PERSON\"]]",
	    "[[2,1,\"PERSON\"]]",
	    "[[0,5,\"PERSON\"]]",
	    "[[-1,2,\"PERSON\"]]",
	    "[[0,2.5,\"PERSON\"]]",
	    "[[0,99999999999,\"PERSON\"]]",
	    "[[\"0\",2,\"PERSON\"]]",
	    "[[0,2,\"NAME\"]]",
	    "[[0,2,1]]",
	    "[[0,2,\"PERSON\",true]]",
	    "[[0,2,\"PERSON\",[1]]]",
	};
	struct scene s;

	(void)state;
	set_scene(&s, "W", HUB_PROT_CLEAR);
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		assert_string_equal(render(&s, "佐藤花子", rows[i]), "spans-broken");
		assert_int_equal(last.whole.decision, HUB_WITHHOLD);
	}
	assert_string_equal(render(&s, "佐藤\xff", "[]"), "spans-broken");
	assert_string_equal(render(&s, "佐藤花子", "[]"), "佐藤花子");
	assert_string_equal(render(&s, "佐藤花子", "[[0,4,\"PERSON\"]]"), "佐藤花子");
}

/* --- values ------------------------------------------------------------------------------------------ */

static void test_values(void **state)
{
	static const struct {
		const char *field, *value;
		enum hub_show show;
		const char *want;
	} rows[] = {
	    {"person.name", "佐藤", HUB_SHOW_AS_IS, "佐藤"},
	    {"person.name", "佐藤", HUB_SHOW_MASKED, "●●"},
	    {"person.name", "佐藤", HUB_SHOW_GENERALISED, "●●"},
	    {"person.name", "佐藤", HUB_SHOW_WITHHELD, ""},
	    {"person.name", "", HUB_SHOW_MASKED, ""},
	    {"person.birth_date", "1950-04-01", HUB_SHOW_GENERALISED, "70代"},
	    {"person.birth_date", "1950", HUB_SHOW_GENERALISED, "70代"},
	    {"person.birth_date", "1946-06-16", HUB_SHOW_GENERALISED, "70代"},
	    {"person.birth_date", "1946-06-15", HUB_SHOW_GENERALISED, "80代"},
	    {"person.birth_date", "2020-01-01", HUB_SHOW_GENERALISED, "10歳未満"},
	    {"person.birth_date", "1910-01-01", HUB_SHOW_GENERALISED, "90歳以上"},
	    {"person.birth_date", "2027-01-01", HUB_SHOW_GENERALISED, "●●"},
	    {"person.birth_date", "1950-04-01", HUB_SHOW_MASKED, "●●"},
	    {"person.sex", "1", HUB_SHOW_MASKED, "●●"},
	    {"person.phone", "0312345678", HUB_SHOW_PSEUDONYM, "●●"},
	    {"person.address", "東京都港区1-2", HUB_SHOW_MASKED, "●●"},
	    {"person.address", "東京都港区芝公園4-2-8", HUB_SHOW_GENERALISED, "東京都港区"},
	    {"person.address", "不明", HUB_SHOW_GENERALISED, "●●"},
	};
	int32_t day;

	(void)state;
	assert_int_equal(hub_day_parse(HUB_STR("2026-06-15"), &day), 0);
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		const struct hub_field *f = hub_schema_path(schema, hub_str_of(rows[i].field));
		assert_non_null(f);
		enum hub_shown shown;
		const struct hub_str got = hub_value_show(arena, hub_str_of(rows[i].value), f,
							  rows[i].show, day, KEY_A, &shown);
		if (!hub_str_is(got, rows[i].want))
			fail_msg("%s: got %.*s, want %s", rows[i].field, HUB_FMT(got),
				 rows[i].want);
	}
}

static void test_wareki(void **state)
{
	static const char *const rows[][2] = {
	    {"2024-07-31", "令和6年7月31日"},
	    {"2019-05-01", "令和元年5月1日"},
	    {"2019-04-30", "平成31年4月30日"},
	    {"1989-01-08", "平成元年1月8日"},
	    {"1989-01-07", "昭和64年1月7日"},
	    {"1926-12-25", "昭和元年12月25日"},
	    {"1926-12-24", "大正15年12月24日"},
	    {"1912-07-30", "大正元年7月30日"},
	    {"1912-07-29", "明治45年7月29日"},
	    {"1873-01-01", "明治6年1月1日"},
	    {"1872-12-31", "1872-12-31"},
	    {"2024-07", "令和6年7月"},
	    {"2019", "2019"},
	    {"2024-07-31T13:30:00", "令和6年7月31日 13:30"},
	    {"2024-10-01/2024-10-10", "2024-10-01/2024-10-10"},
	    {"", ""},
	    {"x", "x"},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		const struct hub_str got = hub_wareki(arena, hub_str_of(rows[i][0]));
		if (!hub_str_is(got, rows[i][1]))
			fail_msg("%s: %.*s", rows[i][0], HUB_FMT(got));
	}
}

static void test_pseudonyms(void **state)
{
	const struct hub_str scope = HUB_STR("name"), who = HUB_STR("佐藤");
	const struct hub_str a = hub_pseudonym(arena, KEY_A, scope, who);

	(void)state;
	assert_int_equal(a.len, 16);
	assert_true(hub_str_eq(a, hub_pseudonym(arena, KEY_A, scope, who)));
	assert_false(hub_str_eq(a, hub_pseudonym(arena, KEY_B, scope, who)));
	assert_false(hub_str_eq(a, hub_pseudonym(arena, KEY_A, HUB_STR("kana"), who)));
	assert_false(hub_str_eq(a, hub_pseudonym(arena, KEY_A, scope, HUB_STR("佐東"))));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_patches),       cmocka_unit_test(test_nothing_hidden_is_left),
	    cmocka_unit_test(test_cast),          cmocka_unit_test(test_cast_is_unambiguous),
	    cmocka_unit_test(test_many_subjects), cmocka_unit_test(test_barred_from_one),
	    cmocka_unit_test(test_only_named),    cmocka_unit_test(test_protected_household),
	    cmocka_unit_test(test_views),         cmocka_unit_test(test_broken_spans),
	    cmocka_unit_test(test_values),        cmocka_unit_test(test_pseudonyms),
	    cmocka_unit_test(test_wareki),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
