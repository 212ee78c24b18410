/* Addresses of the roster: how they are taken apart, and where their parts stand in a text. */
#include "jname.h"
#include "jwords.h"
#include "roster.h"

enum { TOWN_MAX = 24, BUILDING_LEAST = 3 };

static int is_one_of(uint32_t c, const uint32_t *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (list[i] == c)
			return 1;
	return 0;
}

/* 郡 市 区: what ends a municipality that the list does not know. */
static uint32_t unlisted_city(const struct jtext *t, uint32_t from)
{
	static const uint32_t prefecture[] = {0x770c, 0x5e9c, 0x90fd, 0x9053}; /* 県府都道 */
	static const uint32_t ends[] = {0x5e02, 0x533a, 0x90e1};               /* 市区郡 */
	uint32_t city = from;

	for (uint32_t i = from; i < t->n && i < from + 4; i++)
		if (i > from + 1 && is_one_of(t->cp[i], prefecture, 4))
			city = i + 1;
	for (uint32_t i = city + 1; i < t->n && i < city + 8 && t->cls[i] != JT_DIGIT; i++)
		if (is_one_of(t->cp[i], ends, 3))
			city = i + 1;
	return city;
}

static uint32_t city_end(const struct jtext *t, uint32_t from)
{
	int level = 0;
	const uint32_t city = jplace_city(t, from, &level);

	return level == 2 ? city : unlisted_city(t, city);
}

static int add_town(struct roster *r, const struct jtext *t, uint32_t from, uint32_t to,
		    uint32_t block)
{
	struct fold_seq seq;
	const uint32_t skip = jt_is(t, from, "大字") ? 2 : jt_is(t, from, "字") ? 1 : 0;

	if (from >= to || to - from > TOWN_MAX)
		return 0;
	if (fold_read(r->fold, t, from, to, r->pool, &seq) ||
	    jset_add(&r->set, seq.sym, seq.n, ROSTER_TOWN, (int32_t)block))
		return -1;
	/* 希望ヶ丘 = 希望が丘 */
	for (uint32_t i = 1; i + 1 < seq.n; i++) {
		if (seq.sym[i] != 0x30b1 && seq.sym[i] != 0x30ac)
			continue;
		struct fold_seq other;
		if (fold_read(r->fold, t, from, to, r->pool, &other))
			return -1;
		other.sym[i] = seq.sym[i] == 0x30b1 ? 0x30ac : 0x30b1;
		if (jset_add(&r->set, other.sym, other.n, ROSTER_TOWN, (int32_t)block))
			return -1;
	}
	return skip ? add_town(r, t, from + skip, to, block) : 0;
}

static int add_building(struct roster *r, const struct jtext *t, uint32_t from)
{
	struct fold_seq seq;
	uint32_t to;

	while (from < t->n && (t->cls[from] == JT_SPACE || t->cp[from] == '\n'))
		from++;
	for (to = from; to < t->n && t->cls[to] != JT_DIGIT && t->cls[to] != JT_SPACE; to++)
		;
	if (to < from + BUILDING_LEAST)
		return 0;
	return fold_read(r->fold, t, from, to, r->pool, &seq) ||
		       jset_add(&r->set, seq.sym, seq.n, ROSTER_BUILDING, r->person)
		   ? -1
		   : 0;
}

int roster_add_address(struct roster *r, const struct jtext *t)
{
	uint32_t from = 0, at;
	struct jblock block = {.n = 0};

	if (t->n && t->cp[0] == 0x3012) /* 〒350-1234 */
		for (from = 1; from < t->n && (jt_is_digit(t->cp[from]) ||
					       jt_is_dash(t->cp[from]) || t->cp[from] == ' ');)
			from++;
	const uint32_t city = city_end(t, from);
	for (at = city; at < t->n && (at == city || !jblock_read(t, at, &block)); at++)
		;
	if (r->blocks == r->cap || at <= city)
		return 0;
	uint32_t town = at;
	while (town > city && fold_is_gap(t->cp[town - 1]))
		town--;
	r->block[r->blocks] = (struct roster_block){.block = block, .person = r->person};
	if (add_town(r, t, city, town, r->blocks++))
		return -1;
	return block.n ? add_building(r, t, block.end) : 0;
}

/* ---- in a text ---- */

/* Numbers from the first on, as far as both have them. */
static int same_block(const struct jblock *a, const struct jblock *b)
{
	const uint32_t n = a->n < b->n ? a->n : b->n;

	for (uint32_t k = 0; k < n; k++)
		if (a->value[k] != b->value[k])
			return 0;
	return n > 0;
}

static uint32_t skip_gap(const struct jtext *t, uint32_t i)
{
	while (i < t->n && fold_is_gap(t->cp[i]))
		i++;
	return i;
}

static int32_t owner(const struct reading *x, const struct jset_item *item, uint32_t i,
		     const struct jblock *found)
{
	/* several people at one town: the one whose numbers these are */
	for (const struct jset_item *it = item; it && it->len == item->len;
	     it = jset_next(&x->r->set, x->seq.sym + i, x->seq.n - i, it))
		if (it->kind == ROSTER_TOWN &&
		    (!found || same_block(found, &x->r->block[it->person].block)))
			return it->person;
	return -1;
}

static uint32_t match_town(struct reading *x, uint32_t i, const struct jset_item *item)
{
	const struct jtext *t = &x->t;
	const uint32_t from = x->seq.at[i], to = x->seq.at[i + item->len - 1] + 1;
	struct jblock block;

	if (jblock_read(t, skip_gap(t, to), &block)) {
		const int32_t own = owner(x, item, i, &block);
		if (own >= 0) {
			const uint32_t end = jplace_building(t, block.end);
			reading_found(x, from, end, HUB_SPAN_ADDRESS, x->r->block[own].person,
				      SURE);
			return reading_behind(x, i, end);
		}
	}
	/* the town alone: a place smaller than the city */
	if (item->len < 2 || jname_honorific(t, to) ||
	    (jt_cls(t, from) == JT_KANJI && jt_cls(t, from - 1) == JT_KANJI &&
	     jplace_city_in(t, from > 12 ? from - 12 : 0, from, &(uint32_t){0}) != from))
		return 0;
	if (jt_cls(t, to - 1) == JT_KANJI && jt_cls(t, to) == JT_KANJI && item->len < 3)
		return 0;
	reading_found(x, from, to, HUB_SPAN_ADDRESS, x->r->block[owner(x, item, i, NULL)].person,
		      FAIR);
	return i + item->len;
}

uint32_t match_place(struct reading *x, uint32_t i, const struct jset_item *item)
{
	if (item->kind == ROSTER_TOWN)
		return match_town(x, i, item);
	const uint32_t to = x->seq.at[i + item->len - 1] + 1, end = jplace_room(&x->t, to);
	reading_found(x, x->seq.at[i], end, HUB_SPAN_ADDRESS, item->person, GOOD);
	return reading_behind(x, i, end);
}

/* ---- numbers ---- */

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
	/* 22-3456 of 0463-22-3456 */
	const uint32_t most = own->n > 4 ? own->n - 2 : 0;
	if (own->type == HUB_SPAN_PHONE && g->n >= 6 && g->n <= most && g->groups > 1 &&
	    memcmp(own->digits + own->n - g->n, g->d, g->n) == 0)
		return g->end[g->n - 1];
	return 0;
}

/* Telephones and other numbers: as written, else as read out. */
static uint32_t find_number(struct reading *x, uint32_t i)
{
	static const unsigned ways[] = {JD_PHONE | JD_KANJI, JD_PHONE | JD_KANJI | JD_SPOKEN};
	struct jdigits g;

	if (!x->r->numbers || jt_cls(&x->t, i - 1) == JT_DIGIT)
		return 0;
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

	if (!x->r->births || jt_cls(t, i - 1) == JT_DIGIT)
		return 0;
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

	if (!x->r->blocks || jt_is_dash(jt_at(&x->t, i - 1)) || !jblock_read(&x->t, i, &b) ||
	    b.n < 3)
		return 0;
	for (uint32_t k = 0; k < x->r->blocks; k++) {
		const struct roster_block *own = &x->r->block[k];
		if (own->block.n < 3 || b.n < own->block.n || !same_block(&own->block, &b))
			continue;
		const uint32_t end = jplace_building(&x->t, b.end);
		reading_found(x, i, end, HUB_SPAN_ADDRESS, own->person, FAIR);
		return end;
	}
	return 0;
}

/* A cheap look: may a number or a date begin here? */
static int may_begin(const struct jtext *t, uint32_t i)
{
	const uint32_t c = t->cp[i];

	switch (t->cls[i]) {
	case JT_DIGIT:
		return jt_cls(t, i - 1) != JT_DIGIT;
	case JT_LATIN:
		return jt_is_digit(jt_at(t, i + 1)) || jt_at(t, i + 1) == '.';
	case JT_KANJI: /* 〇 is no kanji; 零一二三四五六七八九十, 明大昭平令 */
		return c == 0x96f6 || c == 0x4e00 || c == 0x4e8c || c == 0x4e09 || c == 0x56db ||
		       c == 0x4e94 || c == 0x516d || c == 0x4e03 || c == 0x516b || c == 0x4e5d ||
		       c == 0x5341 || c == 0x660e || c == 0x5927 || c == 0x662d || c == 0x5e73 ||
		       c == 0x4ee4;
	case JT_HIRA:
	case JT_KATA:
		return c == 0x305c || c == 0x30bc || c == 0x307e || c == 0x30de || c == 0x308c ||
		       c == 0x30ec; /* ゼロ マル レイ */
	default:
		return c == 0x3007 || c == 0x25cb || c == 0x25ef;
	}
}

uint32_t match_number(struct reading *x, uint32_t i)
{
	uint32_t end;

	if (!may_begin(&x->t, i))
		return 0;
	if ((end = find_number(x, i)) || (end = find_birth(x, i)))
		return end;
	return find_block(x, i);
}
