#include "place.h"

#include "jname.h"
#include "jnum.h"
#include "jtown.h"
#include "said_date.h"

enum { PIECES = 6, SAID_PIECES = 8 };

int place_is_char(const struct jtext *t, uint32_t i)
{
	return jt_cls(t, i) == JT_KANJI || jt_cls(t, i) == JT_KATA || jname_is_kanji(t, i);
}

/* ,400 behind a number: it is a sum. */
static int is_thousand(const struct jtext *t, uint32_t i)
{
	return jt_at(t, i) == ',' && jt_is_digit(jt_at(t, i + 1)) && jt_is_digit(jt_at(t, i + 2)) &&
	       jt_is_digit(jt_at(t, i + 3)) && !jt_is_digit(jt_at(t, i + 4));
}

static int is_dateish(const struct jtext *t, uint32_t i, const struct jblock *b)
{
	return jt_at(t, i) == '0' || (b->n > 2 && !b->units && b->value[0] > 999) ||
	       (b->value[0] > 1867 && b->value[0] < 2100 && b->n > 1 && !b->units) ||
	       jt_is_any(t, b->end, W_COUNTER) > jt_is_any(t, b->end, W_NO_COUNTER) ||
	       (!b->units && (jt_at(t, b->end) == '/' || jt_at(t, b->end) == ':' ||
			      jt_at(t, b->end) == '.' || jt_at(t, i - 1) == '/')) ||
	       jt_at(t, b->end) == '%' || is_thousand(t, b->end) ||
	       (!b->units && b->n > 1 && b->value[1] > 9999);
}

uint32_t place_block(const struct jtext *t, uint32_t i, struct jblock *b)
{
	return jblock_read(t, i, b) && !is_dateish(t, i, b) ? b->end : i;
}

int place_is_counted(const struct jtext *t, uint32_t i)
{
	static const char *const areas[] = {"都", "道", "府", "県", "市", "区", "町", "村"};
	uint32_t n = 0;

	while (jt_is_digit(jt_at(t, i + n)))
		n++;
	for (size_t k = 0; n && n < 3 && k < sizeof areas / sizeof *areas; k++)
		if (jt_is(t, i + n, areas[k]))
			return 1;
	return 0;
}

uint32_t place_lone_number(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0;

	while (jt_is_digit(jt_at(t, i + n)))
		n++;
	const uint32_t next = jt_at(t, i + n);
	if (place_is_counted(t, i))
		return i;
	if (n == 0 || n > 5 || next == '.' || next == ':' || next == '/' || next == '%' ||
	    next == ',' || jt_is_any(t, i + n, W_COUNTER) > jt_is_any(t, i + n, W_NO_COUNTER))
		return i;
	return i + n;
}

/* イ of イ36番地, た of た35: what stands between a town and the number of a lot. */
static uint32_t lot_at(const struct jtext *t, uint32_t i)
{
	const uint32_t n = jt_is_any(t, i, W_LOT);

	return n && jt_is_digit(jt_at(t, i + n)) ? n : 0;
}

/* Nothing goes on at i that would make a longer word of the town. */
static int ends_town(const struct jtext *t, uint32_t i)
{
	struct jblock b;

	if ((jt_at(t, i) == 0x308a && jt_at(t, i - 1) == 0x901a) || /* 通り */
	    jt_ends(t, i, "直通") || (jt_ends(t, i, "町") && jt_is(t, i, "内会")))
		return 0;
	return !place_is_char(t, i) || lot_at(t, i) || jt_is_any(t, i, W_TOWN_AFTER) ||
	       jt_is_any(t, i, W_TOWN_LEAD) || place_block(t, i, &b) > i;
}

uint32_t place_town(const struct jtext *t, uint32_t i)
{
	for (uint32_t lengths = jtown_lengths(t, i), n; lengths; lengths &= ~(1u << n)) {
		n = 31 - (uint32_t)__builtin_clz(lengths);
		if ((n > 1 || jt_is_digit(jt_at(t, i + n))) &&
		    jt_is_any(t, i, W_NO_TOWN_WORD) < n && ends_town(t, i + n))
			return n;
	}
	return 0;
}

/* A town nobody knows: the characters up to a number, or up to where its run ends. */
static uint32_t unknown_town(const struct jtext *t, uint32_t i)
{
	struct jblock b;
	uint32_t to = i;

	if (jname_is_particle(jt_at(t, i)))
		return 0;
	for (; to < i + PLACE_RUN_MAX; to++) {
		const enum jt_class c = jt_cls(t, to);
		if (!place_is_char(t, to) && !(c == JT_HIRA && to < i + 6))
			break;
		if (to > i && (jt_is_any(t, to, W_TOWN_LEAD) || place_block(t, to, &b) > to))
			return to - i;
	}
	if (jt_is_digit(jt_at(t, to)))
		return to - i;
	for (to = i; to < i + PLACE_RUN_MAX && place_is_char(t, to);)
		to++;
	return to - i;
}

/* 河原町通四条上る of Kyoto: its length, 0 when there is none. */
static uint32_t street(const struct jtext *t, uint32_t i)
{
	uint32_t n;

	for (uint32_t k = i; k < i + 24; k++) {
		if (k > i + 2 && (n = jt_is_any(t, k, W_STREET_END)))
			return k + n - i;
		if (!place_is_char(t, k))
			break;
	}
	return 0;
}

/* 2-7、203: a room behind the numbers, and nothing behind it. */
static uint32_t room_apart(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0;

	if (jt_at(t, i) != 0x3001 || !jt_is_digit(jt_at(t, i - 1)))
		return i;
	while (jt_is_digit(jt_at(t, i + 1 + n)))
		n++;
	const uint32_t to = i + 1 + n, next = jt_at(t, to);
	return n < 3 || n > 4                                                              ? i
	       : next == 0 || next == '\n' || next == 0x3002 || next == ')' || next == ' ' ? to
											   : i;
}

uint32_t place_building(const struct jtext *t, uint32_t i)
{
	uint32_t at = jplace_building(t, i), to, n;

	if (at == i)
		at = room_apart(t, i);
	if (at == i) { /* a name that says nothing, with a room behind */
		const uint32_t from = i + (jt_at(t, i) == ' ');
		for (to = from;
		     to < from + 16 && (place_is_char(t, to) || jt_cls(t, to) == JT_HIRA ||
					jt_cls(t, to) == JT_LATIN);)
			to++;
		const uint32_t room = to + (jt_at(t, to) == ' ');
		for (n = 0; jt_is_digit(jt_at(t, room + n));)
			n++;
		const uint32_t word = jt_is_any(t, room + n, W_ROOM);
		if (to > from + 1 && n > 0 && n < 5 &&
		    (word || (n > 2 && from > i && place_lone_number(t, room) > room)))
			at = room + n + word;
	}
	/* (田所方), 田所様方 */
	to = at + (jt_at(t, at) == '(' || jt_at(t, at) == ' ');
	for (n = 0; n < 5 && place_is_char(t, to + n); n++)
		if (n > 0 && jt_at(t, to + n) == 0x65b9 && !place_is_char(t, to + n + 1)) /* 方 */
			return to + n +
			       (jt_at(t, to - 1) == '(' && jt_at(t, to + n + 1) == ')' ? 2 : 1);
	return at;
}

/* ---- said piece by piece ---- */

/* よんひゃくさんじゅうにの, 六の: a number in kana or kanji that no word goes on behind; its end with its unit, i when there is none. */
static uint32_t word_number(const struct jtext *t, uint32_t i)
{
	static const char *const kana_units[] = {"ちょうめ", "ばんち", "ばん", "ごうしつ", "ごう"};
	static const char *const behind[] = {"の", "です", "って", "で、", "だ", "や", "かな"};
	uint32_t n = said_number(t, i), unit = 0, value;

	if (!n && jt_cls(t, i) == JT_KANJI)
		n = jnum_small(t, i, &value);
	uint32_t to = i + n;

	for (size_t k = 0; k < sizeof kana_units / sizeof *kana_units && !unit; k++)
		unit = jt_is(t, to, kana_units[k]);
	to += unit ? unit : jt_is_any(t, to, W_UNIT);
	int ends = jt_cls(t, to) == JT_OTHER || jt_cls(t, to) == JT_SPACE;
	for (size_t k = 0; k < sizeof behind / sizeof *behind; k++)
		ends |= jt_is(t, to, behind[k]) > 0;
	return n && ends ? to : i;
}

/* 2階, 二階, 3軒目 */
static uint32_t floor_at(const struct jtext *t, uint32_t i)
{
	const uint32_t to = jplace_room(t, i);
	uint32_t v;
	const uint32_t house = i + jnum_small(t, i, &v);

	if (house > i && jt_is(t, house, "軒目"))
		return house + 2;
	return jt_ends(t, to, "階") ? to : i;
}

/* What says where behind the numbers: a building, 団地, 酒屋の二階, 奥. The end, i when it is none. */
static uint32_t said_spot(const struct jtext *t, uint32_t i)
{
	static const char *const spots[] = {"上の", "下の", "いちばん奥", "一番奥",
					    "奥",   "手前", "突き当たり"};
	enum { ABOVE = 2 };
	uint32_t to = jplace_building(t, i), n;

	if (to > i || (to = floor_at(t, i)) > i)
		return to;
	if ((n = jt_is_any(t, i, W_DWELLING)) && !place_is_char(t, i + n))
		return i + n;
	for (size_t k = 0; k < sizeof spots / sizeof *spots; k++)
		if ((n = jt_is(t, i, spots[k])))
			return i + n - (k < ABOVE); /* の joins what follows */
	for (to = i; to < i + 5 && place_is_char(t, to);)
		to++;
	return to > i && jt_at(t, to) == 0x306e && floor_at(t, to + 1) > to + 1 /* の */
		   ? floor_at(t, to + 1)
		   : i;
}

/* Over の 、 えーと and 、で、 */
static uint32_t said_joint(const struct jtext *t, uint32_t i)
{
	i = jnum_skip_speech(t, i);
	return jt_is(t, i, "で、") ? jnum_skip_speech(t, i + 1) : i;
}

/* Goes over pieces of which the first one stands at `at`; their end, i when there is no number among them. */
static uint32_t said_pieces(const struct jtext *t, uint32_t i, uint32_t at)
{
	uint32_t end = i, numbers = 0;

	for (int k = 0; k < SAID_PIECES && at > end; k++, at = said_joint(t, end)) {
		struct jblock b;
		uint32_t to = place_block(t, at, &b);
		if (to == at)
			to = place_lone_number(t, at);
		if (to == at)
			to = word_number(t, at);
		numbers += to > at;
		if (to == at) {
			if ((to = said_spot(t, at)) == at)
				break;
			/* 市営住宅4号棟205, 浜の3軒目 */
			numbers += jt_is_digit(t->cp[to - 1]) || jt_ends(t, to, "軒目") ? 1 : 0;
		}
		end = to;
	}
	return numbers ? end : i;
}

uint32_t place_told(const struct jtext *t, uint32_t i)
{
	return said_pieces(t, i - 1, i);
}

uint32_t place_said(const struct jtext *t, uint32_t i)
{
	struct jblock first;
	const uint32_t c = jt_at(t, i);
	int goes_on = c == 0x306e; /* の */

	if (c == 0x3001) /* 、三丁目の */
		goes_on = (place_block(t, i + 1, &first) > i + 1 && first.units) ||
			  jt_ends(t, word_number(t, i + 1), "ちょうめ");
	else if (c == ' ' && jt_cls(t, i + 1) == JT_HIRA) /* a number in kana, and の behind it */
		goes_on = jt_at(t, i + 1 + said_number(t, i + 1)) == 0x306e;
	return goes_on || jt_ends_any(t, i, W_UNIT) ? said_pieces(t, i, said_joint(t, i)) : i;
}

/* ---- from left to right ---- */

/* One piece of an address at i: the place behind, i when there is none. */
static uint32_t read_piece(const struct jtext *t, uint32_t i, struct place_rest *r)
{
	uint32_t n;
	struct jblock b;

	if ((n = jt_is_any(t, i, W_TOWN_LEAD))) {
		const uint32_t town = place_town(t, i + n),
			       more = town ? town : unknown_town(t, i + n);
		r->marked |= more > 0;
		return more ? i + n + more : i;
	}
	if ((n = street(t, i))) {
		r->marked = 1;
		return i + n;
	}
	i += lot_at(t, i);
	if (place_block(t, i, &b) > i) {
		r->block = 1;
		return b.end;
	}
	if ((r->known || r->marked) && place_lone_number(t, i) > i) {
		r->block = 1;
		return place_lone_number(t, i);
	}
	if (r->known)
		return i;
	if ((n = place_town(t, i))) {
		r->known = 1;
		return i + n;
	}
	if (r->marked || !(n = unknown_town(t, i)))
		return i;
	const uint32_t to = i + n;
	if (place_block(t, to, &b) > to ||
	    (n > 1 && jt_ends_any(t, to, W_TOWN_END) && ends_town(t, to))) {
		r->marked = 1;
		return to;
	}
	const int foreign = jt_cls(t, i) == JT_KATA && jt_run_end(t, i) == to; /* ポスト12 */
	if (n < 2 || foreign || place_lone_number(t, to) == to)
		return i;
	r->block = 1;
	return place_lone_number(t, to);
}

struct place_rest place_read(const struct jtext *t, uint32_t i)
{
	struct place_rest r = {.end = i};

	if (jt_at(t, i) == ' ' || (jt_at(t, i) == '\n' && place_town(t, i + 1)))
		i++;
	for (int k = 0; k < PIECES && !r.block; k++) {
		const uint32_t at = read_piece(t, i, &r);
		if (at == i)
			break;
		r.end = i = at;
		struct jblock b;
		if (!r.block &&
		    ((jt_at(t, i) == ' ' && jt_is_digit(jt_at(t, i + 1))) ||
		     (jt_at(t, i) == '\n' && place_block(t, i + 1, &b) > i + 1 && b.n > 1)))
			i++;
	}
	if (r.block || r.known)
		r.end = place_building(t, r.end);
	if (r.block || r.known || r.marked)
		r.end = place_said(t, r.end);
	return r;
}
