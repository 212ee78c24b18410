/* Names of one character: most of these are a word as well. */
#include "jname.h"
#include "name_in.h"

/* Words by themselves, as often as names; and those that are hardly ever one. */
static const char ordinary_given[] =
    "心実光愛空海花月星雪夢春夏秋冬力道友歌命体手人男女子母父声学幸望";
static const char ordinary_family[] = "東西南北上中下前後左右口元今";
static const char hardly_given[] = "歌命体手人男女子母父声";
/* 特に, 常に: adverbs; the others are that where nothing follows (誠に。) */
static const char adverbs[] = "共現常主特単切";

/* この夏は, 今年の春に, 月に2回 */
static int is_of_time(const struct jtext *t, const struct place *p)
{
	return jt_ends(t, p->from, "この") || jt_ends(t, p->from, "その") ||
	       jt_ends(t, p->from, "あの") || jt_ends(t, p->from, "年の") ||
	       jt_ends(t, p->from, "毎") ||
	       (jt_is(t, p->to, "に") && (jt_cls(t, p->to + 1) == JT_DIGIT ||
					  jt_is_char(t, p->to + 1, "一二三四五六七八九数何")));
}

static int opens(const struct jtext *t, uint32_t from)
{
	return from == 0 || jt_is_char(t, from - 1, "\n。、・,(「『:/");
}

static int closes(const struct jtext *t, uint32_t to)
{
	return to >= t->n || jt_is_char(t, to, "\n。、・,)」』:/(") || jt_is(t, to, "です");
}

/* Marks on both sides, or と on one: a list, a speaker, a signature. */
static int is_between_marks(const struct jtext *t, uint32_t from, uint32_t to)
{
	return (opens(t, from) && (closes(t, to) || jt_at(t, to) == 0x3068)) ||
	       (closes(t, to) && jt_at(t, from - 1) == 0x3068);
}

/* 父は勇、母は節: of whom it is said */
static int is_told(const struct jtext *t, uint32_t from)
{
	return from > 0 && jt_is(t, from - 1, "は") && jname_relation_before(t, from - 1);
}

static int is_addressed(const struct jtext *t, uint32_t to)
{
	return jname_honorific(t, to) || jt_is_any(t, to, W_FAMILIAR) || jname_title(t, to) ||
	       jt_is_any(t, to, W_GROUP_OF_ONE) || jt_is_any(t, to, W_ACT) ||
	       jt_is_any(t, to, W_CALLED) || jt_is(t, to, "名義") || jt_is(t, to, "て言いま") ||
	       jt_is(t, to, "って言いま") || jt_is(t, to, "を訪") || jt_is(t, to, "以外") ||
	       jt_is(t, to, "及び") || side_is_aged(t, to);
}

/* 森の中, 林の奥: の behind a name, and a place behind it. */
static int is_place_of(const struct jtext *t, uint32_t i)
{
	return jt_is(t, i, "の") && jt_is_char(t, i + 1, "中上下奥前横側近方周端");
}

/* 健やか, 静か */
static int is_adjective(const struct jtext *t, uint32_t from, uint32_t to)
{
	return jt_is(t, to, "やか") ||
	       (jt_is(t, to, "か") && jt_is_char(t, from, "静豊確遥遙僅密微愚厳仄朗"));
}

/* 林家, not 宮家 and 里家庭: the house of somebody whose name is one character. */
static int is_house(const struct jtext *t, const struct place *p)
{
	return jt_is(t, p->to, "家") && !jt_is_any(t, p->to, W_NO_GROUP) &&
	       !jt_is_char(t, p->from, "一本実分生民隣国作画農商名大空借旧武公人両他婚持貸");
}

/* 面談中, 訪問後 */
static int is_during(const struct jtext *t, uint32_t from)
{
	return jt_is_char(t, from, "中後前内上下") && jt_cls(t, from - 1) == JT_KANJI &&
	       !jname_relation_before(t, from) && !jt_ends_any(t, from, W_TITLE) &&
	       !jname_honorific(t, from + 1);
}

/* 。子結と凪は: 子 by itself, and a name by itself; 子 begins too many words (子宝は). */
static int is_lone_child(const struct jtext *t, const struct place *p)
{
	return jt_is_char(t, p->from - 1, "子") && opens(t, p->from - 1) &&
	       (closes(t, p->to) || jt_is(t, p->to, "と"));
}

uint32_t sure_of_char(const struct jtext *t, const struct place *p, int family)
{
	const enum side left = is_lone_child(t, p) ? NAMED : side_left(t, p->from),
			right = side_right(t, p->to);
	const uint32_t next = jt_at(t, p->to);
	const int ordinary = jt_is_char(t, p->from, family ? ordinary_family : ordinary_given);

	if (left < EDGE || right == CUT || is_during(t, p->from))
		return 0;
	if (jname_relation(t, p->from) > 1) /* 義母さん; 奥さん may be one of the name 奥 */
		return family && jt_is(t, p->from, "奥さん") ? FAIR : 0;
	if (is_addressed(t, p->to) || (jt_is(t, p->to, "の") && jname_relation(t, p->to + 1)))
		return STRONG;
	if (family && is_house(t, p))
		return FAIR;
	if (right < EDGE)
		return 0;
	const int ends = jt_cls(t, p->to) != JT_HIRA ||
			 (side_goes_on(t, p->to) && !is_adjective(t, p->from, p->to));
	if (!ends || jt_ends(t, p->from, "お")) /* お金, お花 */
		return 0;
	if (is_told(t, p->from) && (closes(t, p->to) || jt_is(t, p->to, "って")))
		return FAIR;
	if (ordinary && is_of_time(t, p))
		return 0;
	if (side_is_labelled(t, p->from))
		return jt_cls(t, p->to) == JT_HIRA && ordinary ? WEAK : GOOD;
	if (is_between_marks(t, p->from, p->to))
		return !ordinary ? FAIR : jt_at(t, p->from - 1) == 0x3068 ? HINT : HINT * 2;
	if (next == 0x306b && (jt_is_char(t, p->from, adverbs) || closes(t, p->to + 1))) /* に */
		return 0;
	if (next == 0x306f && family && jt_is_char(t, p->from, "元")) /* は */
		return 0;
	if (jt_is_any(t, p->from, W_PHRASE))
		return 0;
	const int subject = jt_is_char(t, p->to, "はがもとへ") || jt_is(t, p->to, "から") ||
			    jt_is(t, p->to, "より");
	if (ordinary && (family || jt_is_char(t, p->from, hardly_given)))
		return !family && subject && jt_cls(t, p->from - 1) == JT_OTHER ? HINT * 2 : 0;
	if (ordinary) /* somebody of this case is called so: the word is likelier the name */
		return jt_cls(t, p->to) == JT_HIRA ? HINT * 2 : 0;
	if (subject || (!family && jt_cls(t, p->to) == JT_HIRA))
		return WEAK;
	/* 林を待つ, 森の話 */
	return jt_cls(t, p->to) == JT_HIRA && !is_place_of(t, p->to) ? HINT * 2 : 0;
}
