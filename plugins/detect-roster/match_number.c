/* Telephones and other numbers, dates of birth and the numbers of an address, where a text has them. Most numbers of
 * a text are none of these: the first digit and the first value tell. */
#include "jwords.h"
#include "roster.h"

#include <string.h>

/* The digits of the roster's number as they stand in g: all of it, or without the area code. The place
 * behind, 0 when they differ. */
static uint32_t number_end(const struct roster_number *own, const struct jdigits *g)
{
	char national[JDIGITS_MAX + 2] = "0";
	const char *d = g->d;
	uint32_t n = g->n, skip = 0;

	if (g->n == own->n + 1 && own->type == HUB_SPAN_PHONE && memcmp(d, "81", 2) == 0) {
		memcpy(national + 1, d + 2, n - 1); /* +81 90 ... */
		d = national;
		skip = 1;
		n--;
	}
	if (n >= own->n && memcmp(d, own->digits, own->n) == 0)
		return g->end[own->n - 1 + skip];
	/* 22-3456 of 0463-22-3456; without the gap it has to be long */
	const uint32_t most = own->n > 4 ? own->n - 2 : 0;
	if (own->type == HUB_SPAN_PHONE && g->n >= (g->groups > 1 ? 6 : 7) && g->n <= most &&
	    memcmp(own->digits + own->n - g->n, g->d, g->n) == 0)
		return g->end[g->n - 1];
	return 0;
}

/* Telephones and other numbers: as written, else as read out. */
static uint32_t find_number(struct reading *x, uint32_t i)
{
	static const unsigned ways[] = {JD_PHONE | JD_KANJI, JD_PHONE | JD_KANJI | JD_SPOKEN,
					JD_MARK};
	struct jdigits g;

	for (uint32_t w = 0; w < sizeof ways / sizeof *ways; w++) {
		if (jdigits_read(&x->t, i, ways[w], &g) < ROSTER_DIGITS)
			continue;
		for (uint32_t k = 0; k < x->r->numbers; k++) {
			const struct roster_number *own = &x->r->number[k];
			const uint32_t end = number_end(own, &g);
			if (!end)
				continue;
			reading_found(x, i - (jt_at(&x->t, i - 1) == '+'), end, own->type,
				      own->person, SURE);
			return end;
		}
	}
	return 0;
}

static uint32_t find_birth(struct reading *x, uint32_t i)
{
	const struct jtext *t = &x->t;
	struct jdate d;

	if (!jdate_read(t, i, &d) && !jdate_read_part(t, i, &d) && !jdate_read_day(t, i, &d))
		return 0;
	const int born = jt_is_any(t, d.end, W_BORN) > 0 && !jt_is_any(t, d.end, W_NO_BORN);
	uint32_t label = i;
	while (label > 0 && i - label < 3 &&
	       (fold_is_gap(jt_at(t, label - 1)) || jt_at(t, label - 1) == ':' ||
		jt_at(t, label - 1) == 0x306f || jt_at(t, label - 1) == '('))
		label--;
	const int told = born || (jt_ends_any(t, label, W_BIRTH_LABEL) > 0 &&
				  !jt_ends_any(t, label, W_NO_BIRTH_LABEL));
	for (uint32_t k = 0; k < x->r->births; k++) {
		const struct jdate *own = &x->r->birth[k].date;
		if ((d.y && d.y != own->y) || (d.m && d.m != own->m) || (d.d && d.d != own->d))
			continue;
		const uint32_t sure = d.y && d.m && d.d ? SURE
				      : told            ? STRONG
				      : d.y && d.m      ? WEAK
							: 0;
		if (!sure)
			continue;
		reading_found(x, i, d.end, HUB_SPAN_BIRTHDATE, x->r->birth[k].person, sure);
		return d.end;
	}
	return 0;
}

/* 1-2-3 without its town: only when all three numbers are those of the roster. */
static uint32_t find_block(struct reading *x, uint32_t i)
{
	struct jblock b;

	if (jt_is_dash(jt_at(&x->t, i - 1)) || !jblock_read(&x->t, i, &b) || b.n < 3)
		return 0;
	for (uint32_t k = 0; k < x->r->blocks; k++) {
		const struct roster_block *own = &x->r->block[k];
		if (own->block.n < 3 || b.n < own->block.n || !roster_same_block(&own->block, &b))
			continue;
		const uint32_t end = jplace_building(&x->t, b.end);
		reading_found(x, i, end, HUB_SPAN_ADDRESS, own->person, FAIR);
		return end;
	}
	return 0;
}

/* ---- where to look ---- */

/* What stands at i, as far as it can be told without reading on. */
struct start {
	uint32_t value,
	    n; /* the number there and its characters; n 0: none that is written in digits or kanji */
	int number; /* it may be one of the roster's */
};

/* Kanji that are no digit, and letters, end a number of several groups. */
static int ends_number(const struct jtext *t, uint32_t i)
{
	const enum jt_class c = jt_cls(t, i);

	return i >= t->n || c == JT_LATIN ||
	       (c == JT_KANJI && !jt_is_any(t, i, W_KANJI_DIGIT) && t->cp[i] != 0x96f6);
}

/* Some number begins with this digit; second: and with that one, 0 when it is not known. */
static int begins_number(const struct roster *r, uint32_t first, uint32_t second)
{
	const uint32_t from = (first - '0') * 10 + (second ? second - '0' : 0);
	uint32_t any = 0;

	for (uint32_t k = from; k < from + (second ? 1 : 10); k++)
		any |= (uint32_t)(r->digits[k / 64] >> k % 64) & 1;
	return (int)any;
}

static struct start look(const struct reading *x, uint32_t i)
{
	const struct jtext *t = &x->t;
	struct start s = {.number = 0};

	s.n = jnum_small(t, i, &s.value);
	if (!x->r->numbers)
		return s;
	if (t->cls[i] == JT_DIGIT) {
		uint32_t n = 1;
		while (n < ROSTER_DIGITS && t->cls[i + n] == JT_DIGIT)
			n++;
		s.number = begins_number(x->r, t->cp[i], n > 1 ? t->cp[i + 1] : 0) &&
			   (n == ROSTER_DIGITS || !ends_number(t, i + n));
		return s;
	}
	const enum jt_class c = t->cls[i];
	if (c == JT_LATIN || (c == JT_KANJI && ends_number(t, i + 1)))
		return s;
	/* ゼロ, マル, レイ */
	s.number = (c != JT_HIRA && c != JT_KATA) || begins_number(x->r, '0', 0);
	return s;
}

/* A date that begins with this number may be that of somebody, or one that begins with an era. */
static int may_be_birth(const struct reading *x, uint32_t i, const struct start *s)
{
	uint32_t digits = 0, year = 0;

	if (!s->n && !jt_is_digit(x->t.cp[i]))
		return x->r->births > 0;
	if (!s->n) /* 19500401 */
		for (; digits < 4; digits++)
			year = year * 10 + (jt_at(&x->t, i + digits) - '0');
	for (uint32_t k = 0; k < x->r->births; k++) {
		const struct jdate *own = &x->r->birth[k].date;
		if (digits ? year == own->y
			   : s->value == own->y || s->value + 1925 == own->y || s->value == own->m)
			return 1;
	}
	return 0;
}

static int may_be_block(const struct reading *x, const struct start *s)
{
	for (uint32_t k = 0; s->n && k < x->r->blocks; k++) {
		const struct jblock *own = &x->r->block[k].block;
		if (own->n > 2 && own->value[0] == s->value)
			return 1;
	}
	return 0;
}

uint32_t match_number(struct reading *x, uint32_t i)
{
	const struct start s = look(x, i);
	const int open = jt_cls(&x->t, i - 1) != JT_DIGIT;
	uint32_t end;

	if (open && s.number && (end = find_number(x, i)))
		return end;
	if (open && may_be_birth(x, i, &s) && (end = find_birth(x, i)))
		return end;
	return may_be_block(x, &s) ? find_block(x, i) : 0;
}
