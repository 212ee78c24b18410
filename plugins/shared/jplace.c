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
	const uint32_t wide = jt_at(t, i) == ' ' && jt_is_dash(jt_at(t, i + 1)); /* 3 - 45 - 12 */
	const uint32_t c = jt_at(t, i + wide);
	uint32_t v, n = 1 + wide;

	if (!jt_is_dash(c) && c != 0x306e && c != 0x30ce && c != 0x4e4b)
		return 0;
	if (jt_at(t, i + n) == ' ')
		n++;
	return jnum_small(t, i + n, &v) ? n : 0;
}

/* A direction between two numbers: 北1条西2丁目, 4条通8丁目左3号 */
static uint32_t direction_at(const struct jtext *t, uint32_t i)
{
	uint32_t v;
	const uint32_t n =
	    jt_ends(t, i, "条") || jt_ends(t, i, "丁目") ? jt_is_any(t, i, W_DIRECTION) : 0;

	return n && jnum_small(t, i + n, &v) ? n : 0;
}

/* 五 of 三番地五 and 一丁目三番五, that no word goes on behind. */
static int ends_lot(const struct jtext *t, uint32_t i, uint32_t n, uint32_t parts)
{
	return (jt_ends(t, i, "番地") || (jt_ends(t, i, "番") && parts > 1)) &&
	       (!jname_is_kanji(t, i + n) || jt_is(t, i + n, "在住"));
}

int jblock_read(const struct jtext *t, uint32_t i, struct jblock *b)
{
	uint32_t joints = 0;

	*b = (struct jblock){.end = i};
	while (b->n < JBLOCK_MAX) {
		uint32_t v, n = jnum_small(t, i, &v), k;
		if (!n || (jt_at(t, i) == '0' && n > 1))
			break;
		const uint32_t unit = unit_at(t, i + n);
		const uint32_t joint = joint_at(t, i + n + unit);
		const int digits = jt_is_digit(jt_at(t, i));
		if (!digits && !unit && !joint && !joints && !ends_lot(t, i, n, b->n))
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

/* 203, 二〇三, 十二 of 十二号室: characters of the number of a room, 0 when there is none. */
static uint32_t room_number(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0, v;

	while (jt_is_digit(jt_at(t, i + n)) && n < 5)
		n++;
	if (n)
		return n < 5 ? n : 0;
	n = jnum_small(t, i, &v);
	const int alone = n >= 3 && v > 100 && !jname_is_kanji(t, i + n);
	return alone || (n && jt_is_any(t, i + n, W_ROOM)) ? n : 0;
}

uint32_t jplace_room(const struct jtext *t, uint32_t i)
{
	uint32_t at = i, n;

	if (jt_at(t, at) == ' ' || jt_is_dash(jt_at(t, at)))
		at++;
	if (jt_cls(t, at) == JT_LATIN && jt_is_digit(jt_at(t, at + 1)))
		at++;
	else if (jt_cls(t, at) == JT_LATIN && jt_is_dash(jt_at(t, at + 1))) /* B-103 */
		at += 2;
	n = room_number(t, at);
	if (n == 0)
		return i;
	at += n;
	if (jt_is_dash(jt_at(t, at)) && jt_is_digit(jt_at(t, at + 1))) /* 3-405 */
		for (at++; jt_is_digit(jt_at(t, at));)
			at++;
	const int lettered = jt_is_dash(jt_at(t, at)) && jt_cls(t, at + 1) == JT_LATIN &&
			     jt_cls(t, at + 2) != JT_LATIN && jt_cls(t, at + 2) != JT_DIGIT;
	at += lettered ? 2 : 0; /* 2-B */
	const uint32_t word = jt_is_any(t, at, W_ROOM);
	if (word) {
		const uint32_t more = jplace_room(t, at + word); /* 3号棟405号室 */
		return more > at + word ? more : at + word;
	}
	return jt_is_dash(jt_at(t, i)) || lettered || n >= 3 || jt_is_dash(jt_at(t, at - n - 1))
		   ? at
		   : i;
}

static int in_name(const struct jtext *t, uint32_t i)
{
	const enum jt_class c = jt_cls(t, i);

	return c == JT_KANJI || c == JT_KATA || c == JT_LATIN || c == JT_DIGIT ||
	       jt_at(t, i) == 0x30fb || jt_is_dash(jt_at(t, i));
}

/* End of a run of kana at i that may be a name; i when a particle begins it. */
static uint32_t kana_end(const struct jtext *t, uint32_t i)
{
	return jt_cls(t, i) == JT_HIRA && !jname_is_particle(t->cp[i]) ? jt_run_end(t, i) : i;
}

/* First word for a building in the name at i; *end gets where it ends. 0 when there is none. */
static uint32_t find_word(const struct jtext *t, uint32_t i, uint32_t *at)
{
	uint32_t word = 0;

	for (*at = kana_end(t, i); !word && *at < i + BUILDING_MAX && in_name(t, *at); *at += !word)
		word = jplace_building_word(t, *at);
	return word;
}

uint32_t jplace_building(const struct jtext *t, uint32_t i)
{
	const uint32_t from = i + (jt_at(t, i) == ' ');
	uint32_t at, more;
	const uint32_t word = find_word(t, from, &at);

	if (!word) {
		const uint32_t room = jplace_room(t, i);
		return room > i && jt_cls(t, room - 1) == JT_KANJI ? room : i;
	}
	uint32_t end = at + word;
	while ((more = jplace_building_word(t, end)))
		end += more;
	/* コーポ新緑101, ハイツあかつき205: the name goes on behind the word up to the room */
	uint32_t to = kana_end(t, end);
	if (to == end && jt_cls(t, end) == JT_HIRA) /* ハイツもず102: も is no particle there */
		to = jt_run_end(t, end);
	if (to == end + 1 || jplace_room(t, to) == to)
		to = kana_end(t, end);
	if (jt_is_any(t, end, W_NO_KANA_HERE) == to - end) /* ビルまで350m */
		to = end;
	while (to < end + BUILDING_MAX && in_name(t, to) && jt_cls(t, to) != JT_DIGIT &&
	       !jt_is_dash(jt_at(t, to)) && !(jt_cls(t, to) == JT_LATIN && to > end) &&
	       !(jt_is_any(t, to, W_KANJI_DIGIT) && jplace_room(t, to) > to)) /* 五〇二 */
		to++;
	if (to > end && jplace_room(t, to) > to)
		return jplace_room(t, to);
	if (to > end && jt_at(t, to) == 0x306e && jt_cls(t, to + 1) == JT_KANJI) { /* 松の実202 */
		more = jt_run_end(t, to + 1);
		if (jt_is_digit(jt_at(t, more)) && jplace_room(t, more) > more)
			return jplace_room(t, more);
	}
	if (at == from && to > kana_end(t, end))
		end = to;
	else if (at == from && jplace_room(t, end) == end)
		return i; /* アパート and no more */
	else if (jt_cls(t, end) == JT_LATIN && jt_cls(t, end + 1) != JT_LATIN &&
		 jplace_room(t, end) == end)
		end++; /* ハイツA */
	return jplace_room(t, end);
}
