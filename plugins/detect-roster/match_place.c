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
	    roster_add(r, seq.sym, seq.n, ROSTER_TOWN, (int32_t)block))
		return -1;
	/* 希望ヶ丘 = 希望が丘 */
	for (uint32_t i = 1; i + 1 < seq.n; i++) {
		if (seq.sym[i] != 0x30b1 && seq.sym[i] != 0x30ac)
			continue;
		struct fold_seq other;
		if (fold_read(r->fold, t, from, to, r->pool, &other))
			return -1;
		other.sym[i] = seq.sym[i] == 0x30b1 ? 0x30ac : 0x30b1;
		if (roster_add(r, other.sym, other.n, ROSTER_TOWN, (int32_t)block))
			return -1;
	}
	return skip ? add_town(r, t, from + skip, to, block) : 0;
}

/* 和賀町藤根 as 藤根, 山本町豊田字上ノ原 as 山本町豊田 and 上ノ原: what is left out where everybody knows it. */
static int add_quarters(struct roster *r, const struct jtext *t, uint32_t from, uint32_t to,
			uint32_t block)
{
	static const uint32_t ends[] = {0x753a, 0x6751, 0x5b57}; /* 町村字 */
	struct fold_seq seq;

	if (from >= to || to - from > TOWN_MAX)
		return 0;
	for (uint32_t cut = from + 2; cut + 1 < to; cut++) {
		if (is_one_of(t->cp[cut - 1], ends, 3) &&
		    (fold_read(r->fold, t, cut, to, r->pool, &seq) ||
		     roster_add(r, seq.sym, seq.n, ROSTER_QUARTER, (int32_t)block)))
			return -1;
		if (t->cp[cut] == 0x5b57 && t->cp[cut - 1] != 0x5927 && /* 字, not 大字 */
		    (fold_read(r->fold, t, from, cut, r->pool, &seq) ||
		     roster_add(r, seq.sym, seq.n, ROSTER_QUARTER, (int32_t)block)))
			return -1;
	}
	return 0;
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
		       roster_add(r, seq.sym, seq.n, ROSTER_BUILDING, r->person)
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
	const uint32_t own = r->blocks++;
	if (add_town(r, t, city, town, own) || (block.n && add_quarters(r, t, city, town, own)))
		return -1;
	return block.n ? add_building(r, t, block.end) : 0;
}

/* ---- in a text ---- */

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
		if (it->kind == item->kind &&
		    (!found || roster_same_block(found, &x->r->block[it->person].block)))
			return it->person;
	return -1;
}

/* イ of 12番地イ, 甲 of 34甲: the end of it. */
static uint32_t lot_end(const struct jtext *t, uint32_t i)
{
	const int lot = jt_is_char(t, i, "イロハニホヘト甲乙丙丁");

	return lot && !jname_is_kanji(t, i + 1) && jt_cls(t, i + 1) != jt_cls(t, i) ? i + 1 : i;
}

/* The number at i without 番地 or a hyphen, when it is the first of somebody's address: 宮里723. */
static int is_bare_block(const struct jtext *t, uint32_t i, struct jblock *block)
{
	const uint32_t n = jnum_small(t, i, &block->value[0]), behind = i + n;

	block->n = n > 0;
	block->end = behind;
	return n && jt_cls(t, behind) != JT_DIGIT &&
	       !jt_is_char(t, behind, "年月日時分人名回円歳才件週度か%.:");
}

static uint32_t match_town(struct reading *x, uint32_t i, const struct jset_item *item)
{
	const struct jtext *t = &x->t;
	const uint32_t from = x->seq.at[i], to = x->seq.at[i + item->len - 1] + 1;
	struct jblock block;

	const uint32_t at = skip_gap(t, to);

	if (jblock_read(t, at, &block) || is_bare_block(t, at, &block)) {
		const int32_t own = owner(x, item, i, &block);
		if (own >= 0) {
			const uint32_t end = jplace_building(t, lot_end(t, block.end));
			reading_found(x, from, end, HUB_SPAN_ADDRESS, x->r->block[own].person,
				      SURE);
			return reading_behind(x, i, end);
		}
	}
	uint32_t year;
	const uint32_t digits = jnum_small(t, to, &year);
	if (digits && jt_is(t, to + digits, "年")) /* 昭和9年 */
		return 0;
	/* the town alone: a place smaller than the city */
	if (item->kind == ROSTER_QUARTER || item->len < 2 || jname_honorific(t, to) ||
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
	if (item->kind == ROSTER_TOWN || item->kind == ROSTER_QUARTER)
		return match_town(x, i, item);
	const uint32_t to = x->seq.at[i + item->len - 1] + 1, end = jplace_room(&x->t, to);
	reading_found(x, x->seq.at[i], end, HUB_SPAN_ADDRESS, item->person, GOOD);
	return reading_behind(x, i, end);
}
