/* A family or given name alone, by the script it is written in. */
#include "jname.h"
#include "name_in.h"

static int is_place_end(const struct jtext *t, uint32_t i)
{
	return jt_is_char(t, i, "県府市区町村郡駅線港");
}

/* 浜田市長, 長谷川区議: who leads or sits for a place is called by name as often as by the place. */
static int is_mayor(const struct jtext *t, uint32_t i)
{
	return jt_is_char(t, i, "県市区町村") && jt_is_char(t, i + 1, "長議") &&
	       (jt_cls(t, i + 2) != JT_KANJI || jt_is(t, i + 2, "員"));
}

/* The kanji that go on behind a name end like a place: 中村橋駅, 山口南町. */
static int is_place_run(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0;

	if (is_mayor(t, i))
		return 0;

	while (n < 5 && jt_cls(t, i + n) == JT_KANJI)
		n++;
	return n && (is_place_end(t, i) || jt_is_char(t, i + n - 1, "県市区町村駅線港橋川"));
}

/* A known surname of n characters or more ends right before i. */
static int surname_before(const struct jtext *t, uint32_t i)
{
	for (uint32_t k = 1; k <= 3 && k <= i; k++)
		if (jname_surname(t->cp + i - k, k))
			return 1;
	return 0;
}

/* 山田康子, when the roster has another 山田: kanji behind that look like somebody's given name. */
static int other_given(const struct jtext *t, uint32_t to)
{
	uint32_t n = 0;

	if (jt_at(t, to) == ' ')
		to++;
	while (n < 4 && jt_cls(t, to + n) == JT_KANJI && !jname_honorific(t, to + n) &&
	       !jname_title(t, to + n))
		n++;
	if (n < 2 || n > 3 || jt_cls(t, to + n) == JT_KANJI || jt_is_any(t, to, W_NO_GIVEN) ||
	    jname_before_at(t, to))
		return 0;
	return jname_given(t->cp + to, n) >= 7;
}

/* 長谷川式, 田中ビネー, 橋本病, さくら祭り: what is called by a name, or by what is a name too. A firm or a paper (朝日新聞)
 * may be the family's own. */
static int is_thing(const struct jtext *t, uint32_t to)
{
	if (jt_is_any(t, to, W_THING))
		return 1;
	if (jt_is(t, to, "病"))
		return !jt_is_char(t, to + 1, "院気欠状棟死床室弱没");
	return jt_is(t, to, "式") && jt_cls(t, to + 1) != JT_KANJI;
}

enum { LIKE_GIVEN = 4 };

/* A part written with kanji. *person becomes -1 when somebody else is meant. */
static uint32_t sure_of_kanji(const struct reading *x, const struct place *p, int family,
			      int32_t *person)
{
	const struct jtext *t = &x->t;
	const enum side left = side_left(t, p->from);
	enum side right = side_right(t, p->to);
	const unsigned word = family ? jname_surname(t->cp + p->from, p->n) & JN_WORD
				     : jt_is_any(t, p->from, W_NO_GIVEN) == p->n;

	if (p->to - p->from > p->n + 3)
		return 0;
	if (right == RUN && family && is_place_run(t, p->to))
		return 0;
	if (left == RUN && family && jname_surname(t->cp + p->from - 1, p->n + 1))
		return 0; /* 小山田 */
	if (right == RUN && family && jname_surname(t->cp + p->from, p->n + 1))
		return 0; /* 長谷川 */
	if (right == RUN && !family && jt_is_any(t, p->to, W_GIVEN_END))
		return 0; /* 由美子 */
	/* what looks like no given name may be a rare surname: 総務返町 */
	if (left == RUN && !family &&
	    (right == RUN || jname_given(t->cp + p->from, p->n) >= LIKE_GIVEN)) {
		/* 旧友節子さん */
		if (!surname_before(t, p->from) && (word || !jname_honorific(t, p->to)))
			return 0;
		*person = -1;
	}
	if (family && right != NAMED && other_given(t, p->to))
		*person = -1;
	if (right == RUN && jt_is_any(t, p->to, W_FACILITY_END)) {
		*person = -1;
		return WEAK;
	}
	if (left == NAMED || right == NAMED)
		return STRONG;
	if (left == RUN && right == RUN)
		return word ? 0 : WEAK;
	if (left == RUN || right == RUN)
		return !word ? FAIR : family ? WEAK : 0;
	return word ? FAIR : GOOD;
}

/* た・か・は・し and た、か、は、し: the same gap between all of them */
static int is_spelled(const struct reading *x, const struct place *p)
{
	const struct jtext *t = &x->t;
	const uint32_t gap = jt_at(t, p->from + 1);

	if (p->n < 3 || p->to - p->from != 2 * p->n - 1)
		return 0;
	for (uint32_t i = p->from + 1; i < p->to; i += 2)
		if (jt_at(t, i) != gap || (!fold_is_gap(gap) && gap != 0x3001))
			return 0;
	return 1;
}

/* はなが, きくは: where the word that it could be does not stand */
static int is_hira_name(const struct jtext *t, const struct place *p)
{
	if (!jt_is_any(t, p->from, W_HIRA_GIVEN))
		return 0;
	return (jt_is_char(t, p->to, "がをはへ") && !jt_ends(t, p->from, "を")) ||
	       (jt_cls(t, p->to) == JT_KANJI && jt_cls(t, p->to + 1) == JT_KANJI);
}

static uint32_t sure_of_hira(const struct jtext *t, const struct place *p)
{
	const enum side left = side_left(t, p->from), right = side_right(t, p->to);

	if (jname_honorific(t, p->from) >= p->n) /* さん, where サン is a name */
		return 0;
	if (right == NAMED)
		return p->n > 2 || left != CUT ? STRONG : FAIR;
	if (p->n >= 5 || (p->n == 4 && (left != CUT || right != CUT)))
		return left != CUT && right != CUT ? GOOD : WEAK;
	if (right == CUT || (left == CUT && p->n < 3) || jt_is(t, p->from, "はじめ"))
		return 0;
	if (jt_cls(t, p->to) == JT_HIRA && jname_honorific(t, p->to + 1))
		return 0;                                 /* はるかさん */
	if (p->n == 2 && jt_is_any(t, p->from, W_PHRASE)) /* はるか前, まいにち */
		return 0;
	if (left == CUT)
		return WEAK;
	if (left == NAMED || side_is_labelled(t, p->from))
		return GOOD;
	if (p->n == 3)
		return FAIR;
	return jt_is_any(t, p->from, W_NO_HIRA_GIVEN) == p->n && !is_hira_name(t, p) ? 0 : WEAK;
}

/* Kana over a line end, before an honorific, or by themselves. */
static int is_broken_by_line(const struct jtext *t, const struct place *p)
{
	int lines = 0;

	for (uint32_t i = p->from; i < p->to; i++)
		lines += jt_at(t, i) == '\n';
	const enum side right = side_right(t, p->to);

	return p->n > 2 && lines == 1 && p->to - p->from <= p->n + 3 &&
	       (right == NAMED || (right == EDGE && side_left(t, p->from) != CUT));
}

/* Cさん, 被害者C, ②C、; not B型 and C判定 */
static uint32_t sure_of_letter(const struct jtext *t, const struct place *p)
{
	const enum side left = side_left(t, p->from), right = side_right(t, p->to);

	if (left == CUT || right == CUT)
		return 0;
	if (right == NAMED)
		return STRONG;
	return jname_is_particle(jt_at(t, p->to)) || jt_is(t, p->to, "、") ? FAIR : 0;
}

/* Ken'ichiro: nothing but a mark between letters */
static int is_one_word(const struct jtext *t, const struct place *p)
{
	for (uint32_t i = p->from; i < p->to; i++)
		if (fold_is_gap(jt_at(t, i)))
			return 0;
	return 1;
}

/* ﾏﾂｼﾀﾊﾊﾖﾘ: notes in katakana alone, where no other character says that the next word begins. */
static int goes_on_in_kata(const struct jtext *t, const struct place *p)
{
	const uint32_t n = jt_is_any(t, p->to, W_BEHIND_KATA);

	return n && n + p->n > 4 && p->n >= 3 && side_left(t, p->from) != CUT;
}

uint32_t sure_of_part(const struct reading *x, const struct place *p, int family, int32_t *person)
{
	const struct jtext *t = &x->t;
	const enum jt_class first = jt_cls(t, p->from), last = jt_cls(t, p->to - 1);

	if (first == JT_KANJI && last != JT_KANJI && side_right(t, p->to) == CUT)
		return 0; /* 高はしゃぐ */
	if ((family || first != JT_KANJI) && is_thing(t, p->to))
		return 0;
	if (first == JT_KANJI || last == JT_KANJI)
		return p->n == 1 ? sure_of_char(t, p, family) : sure_of_kanji(x, p, family, person);
	const int broken = p->to - p->from != p->n;
	if (first == JT_KATA && last == JT_KATA && !broken && goes_on_in_kata(t, p))
		return FAIR;
	if (first == JT_LATIN && p->n == 1)
		return sure_of_letter(t, p);
	if (first == last && is_spelled(x, p))
		return STRONG;
	/* アントニオいのき, おトキさん */
	if (first != last && !broken && (p->n > 3 || (p->n > 2 && side_right(t, p->to) == NAMED)))
		return side_left(t, p->from) != CUT && side_right(t, p->to) != CUT ? GOOD : 0;
	if (first != last || p->n < 2 ||
	    (broken && !is_broken_by_line(t, p) && !(first == JT_LATIN && is_one_word(t, p))))
		return 0;
	if (first == JT_HIRA)
		return sure_of_hira(t, p);
	const enum side left = side_left(t, p->from), right = side_right(t, p->to);
	if (first == JT_KATA && p->n >= 4 && (left == CUT || right == CUT))
		return WEAK; /* オブザーバーソフィア */
	if (left == CUT || right == CUT || (first == JT_LATIN && p->n < 3))
		return 0;
	if (left == NAMED || right == NAMED)
		return STRONG;
	return p->n > 2 ? GOOD : FAIR;
}
