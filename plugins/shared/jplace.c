#include "jplace.h"

#include "jname.h"
#include "jnum.h"
#include "jwords.h"

enum { BUILDING_MAX = 24 };

/* ---- municipalities ---- */

uint32_t jplace_city(const struct jtext *t, uint32_t i, int *level)
{
	uint32_t at = i, n;

	*level = 0;
	if ((n = jt_is_any(t, at, W_PREF))) {
		at += n;
		*level = 1;
		at += jt_at(t, at) == ' ';
	}
	if ((n = jt_is_any(t, at, W_COUNTY))) {
		at += n;
		*level = 1;
	}
	if ((n = jt_is_any(t, at, W_CITY))) {
		at += n;
		*level = 2;
		n = jt_is_any(t, at, W_WARD);
		at += n;
	}
	return *level ? at : i;
}

uint32_t jplace_city_in(const struct jtext *t, uint32_t from, uint32_t to, uint32_t *begin)
{
	uint32_t last = 0;

	for (uint32_t i = from; i < to; i++) {
		int level;
		const uint32_t end = jplace_city(t, i, &level);
		if (end == i || end > to)
			continue;
		if (!last)
			*begin = i;
		last = end;
		i = end - 1;
	}
	return last;
}

/* ---- blocks ---- */

static uint32_t unit_at(const struct jtext *t, uint32_t i)
{

	return jt_is_any(t, i, W_NO_UNIT) ? 0 : jt_is_any(t, i, W_UNIT);
}

/* A hyphen, の or ノ with a number behind; 0 when there is none. */
static uint32_t joint_at(const struct jtext *t, uint32_t i)
{
	const uint32_t c = jt_at(t, i);
	uint32_t v, n = 1;

	if (!jt_is_dash(c) && c != 0x306e && c != 0x30ce && c != 0x4e4b)
		return 0;
	if (jt_at(t, i + 1) == ' ')
		n++;
	return jnum_small(t, i + n, &v) ? n : 0;
}

/* 丁目 of a town with its direction: 北1条西2丁目 */
static uint32_t direction_at(const struct jtext *t, uint32_t i)
{
	uint32_t v;
	const uint32_t n = jt_ends(t, i, "条") ? jt_is_any(t, i, W_DIRECTION) : 0;

	return n && jnum_small(t, i + n, &v) ? n : 0;
}

int jblock_read(const struct jtext *t, uint32_t i, struct jblock *b)
{
	uint32_t joints = 0;

	*b = (struct jblock){.end = i};
	while (b->n < JBLOCK_MAX) {
		uint32_t v, n = jnum_small(t, i, &v), k;
		if (!n)
			break;
		const uint32_t unit = unit_at(t, i + n);
		const uint32_t joint = joint_at(t, i + n + unit);
		const int digits = jt_is_digit(jt_at(t, i));
		if (!digits && !unit && !joint && !joints)
			break; /* 三重, 八幡 */
		b->value[b->n] = v;
		b->end = b->end_of[b->n] = i + n + unit;
		b->n++;
		b->units += unit > 0;
		i = b->end;
		if ((k = joint)) {
			joints++;
		} else if (unit) {
			k = direction_at(t, i);
			if (!k && jt_at(t, i) == ' ')
				k = 1;
		} else {
			break;
		}
		i += k;
	}
	return b->n > 0 && (b->units || b->n > 1);
}

/* ---- buildings ---- */

uint32_t jplace_building_word(const struct jtext *t, uint32_t i)
{

	return jt_is_any(t, i, W_BUILDING);
}

uint32_t jplace_room(const struct jtext *t, uint32_t i)
{
	uint32_t at = i, n = 0;

	if (jt_at(t, at) == ' ' || jt_is_dash(jt_at(t, at)))
		at++;
	if (jt_cls(t, at) == JT_LATIN && jt_is_digit(jt_at(t, at + 1)))
		at++;
	while (jt_is_digit(jt_at(t, at + n)) && n < 5)
		n++;
	if (n == 0 || n > 4)
		return i;
	at += n;
	if (jt_is_dash(jt_at(t, at)) && jt_is_digit(jt_at(t, at + 1))) /* 3-405 */
		for (at++; jt_is_digit(jt_at(t, at));)
			at++;
	const uint32_t word = jt_is_any(t, at, W_ROOM);
	if (word) {
		const uint32_t more = jplace_room(t, at + word); /* 3号棟405号室 */
		return more > at + word ? more : at + word;
	}
	return jt_is_dash(jt_at(t, i)) || n >= 3 ? at : i;
}

static int in_name(const struct jtext *t, uint32_t i)
{
	const enum jt_class c = jt_cls(t, i);

	return c == JT_KANJI || c == JT_KATA || c == JT_LATIN || c == JT_DIGIT ||
	       jt_at(t, i) == 0x30fb || jt_is_dash(jt_at(t, i));
}

uint32_t jplace_building(const struct jtext *t, uint32_t i)
{
	uint32_t from = i, to, word = 0, word_at = 0;

	if (jt_at(t, from) == ' ')
		from++;
	for (to = from; to < from + BUILDING_MAX && in_name(t, to); to++)
		if (!word && (word = jplace_building_word(t, to)))
			word_at = to;
	if (!word) {
		const uint32_t room = jplace_room(t, i);
		if (room > i && jt_cls(t, room - 1) == JT_KANJI)
			return room;
		/* ひまわり荘 and the like: kana before the word */
		for (to = from; to < from + 8 && jt_cls(t, to) == JT_HIRA;)
			to++;
		if (to == from || !(word = jplace_building_word(t, to)))
			return i;
		const uint32_t behind = jplace_room(t, to + word);
		return behind;
	}
	/* the word begins the name (コーポ和泉) or ends it (和泉コーポ) */
	uint32_t end = word_at + word;
	if (word_at == from) {
		while (end < to && jt_cls(t, end) != JT_DIGIT && !jt_is_dash(jt_at(t, end)))
			end++;
	} else {
		uint32_t more;
		while ((more = jplace_building_word(t, end)))
			end += more;
		if (jt_cls(t, end) == JT_LATIN && jt_cls(t, end + 1) != JT_LATIN)
			end++; /* A棟 style: ハイツA */
	}
	return jplace_room(t, end);
}
