/* What stands around a name: whether something else begins there, and whether it shows that somebody is named. */
#include "jname.h"
#include "name_in.h"

/* 児凪: the child whose record it is; 子 begins too many words. */
static int is_child(const struct jtext *t, uint32_t from)
{
	return jt_is_char(t, from - 1, "児") && jt_cls(t, from - 2) != JT_KANJI;
}

/* その日凪は: the day is no part of a name */
static int is_behind_day(const struct jtext *t, uint32_t from)
{
	return jt_is_char(t, from - 1, "日") && jt_is_char(t, from - 2, "のる");
}

enum side side_left(const struct jtext *t, uint32_t from)
{
	const enum jt_class c = jt_cls(t, from), before = jt_cls(t, from - 1);

	if (jname_before(t, from) || is_child(t, from) || jt_ends(t, from, "姓"))
		return NAMED;
	if (before != c || c == JT_OTHER || is_behind_day(t, from))
		return EDGE;
	if (c == JT_KANJI)
		return RUN;
	if (c == JT_HIRA && (jname_is_particle(jt_at(t, from - 1)) || jt_ends(t, from, "さん") ||
			     jt_ends(t, from, "ちゃん") || jt_ends(t, from, "くん")))
		return EDGE;
	return CUT;
}

int side_goes_on(const struct jtext *t, uint32_t i)
{
	if (jname_is_particle(jt_at(t, i)))
		return 1;
	if (jt_is(t, i, "こと")) /* さくらこと伊藤さん, not まなぶことが */
		return jt_cls(t, i + 2) != JT_HIRA;
	if (jt_is(t, i, "ら")) /* はるらは, not 平らな */
		return jt_cls(t, i + 1) != JT_HIRA || jname_is_particle(jt_at(t, i + 1));
	return jt_is_any(t, i, W_BEHIND_HIRA) > 0;
}

int side_is_familiar(const struct jtext *t, uint32_t i)
{
	return jt_is_any(t, i, W_FAMILIAR) || jt_is_any(t, i, W_FAMILIAR_KIN);
}

int side_is_aged(const struct jtext *t, uint32_t i)
{
	uint32_t v;
	const uint32_t n = jnum_small(t, i, &v);

	if (jt_is_char(t, i, "小中高") && jt_is_digit(jt_at(t, i + 1)))
		return jt_cls(t, i + 2) != JT_KANJI && !jt_is_digit(jt_at(t, i + 2));
	return jt_is(t, i, "年少") || jt_is(t, i, "年中") || jt_is(t, i, "年長") ||
	       (n && jt_is_digit(jt_at(t, i)) && jt_is_char(t, i + n, "歳才"));
}

enum side side_right(const struct jtext *t, uint32_t to)
{
	const enum jt_class c = jt_cls(t, to - 1), next = jt_cls(t, to);

	if (jname_honorific(t, to) || side_is_familiar(t, to) || jname_title(t, to) ||
	    jname_group(t, to) || jt_is_any(t, to, W_ACT) || side_is_aged(t, to))
		return NAMED;
	if (next != c || c == JT_OTHER)
		return EDGE;
	if (c == JT_KANJI)
		return jname_relation(t, to) ? NAMED : RUN;
	return c == JT_HIRA && side_goes_on(t, to) ? EDGE : CUT;
}

int side_is_labelled(const struct jtext *t, uint32_t from)
{
	uint32_t i = from;

	while (i > 0 && from - i < 3 && jt_is_char(t, i - 1, " :(・の、「\n"))
		i--;
	return jt_ends(t, i, "姓") || jt_ends(t, i, "姓は") || jt_ends(t, i, "字は") ||
	       jt_ends_any(t, i, W_RELATION) || jt_ends_any(t, i, W_BEFORE) ||
	       jt_ends_any(t, i, W_NAME_LABEL) || jt_ends_any(t, i, W_TITLE) || is_child(t, i);
}
