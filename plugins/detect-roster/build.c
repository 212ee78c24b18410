/* What the strings of a roster are: names, numbers, addresses, dates. */
#include "roster.h"

#include <string.h>

/* So many strings of a person are looked at; the rest of a hostile roster is not. */
enum { STRINGS_MAX = 256, NUMBERS_MAX = 4 };

/* Stays as it is when widths are folded, whatever stands beside it: ASCII, kana, kanji. The wide space, which stands
 * in most names, becomes a space here; the bytes stay, and no word that is compared with them has a space. */
static int is_plain(struct jtext *t)
{
	for (uint32_t i = 0; i < t->n; i++) {
		const uint32_t c = t->cp[i];
		if (c == 0x3000) {
			t->cp[i] = ' ';
			t->ch[i] = jwords_kind(' ') & ((1u << JWORDS_KIND_BITS) - 1);
			continue;
		}
		if (c >= 0x80 && !(c >= 0x4e00 && c <= 0x9fff) && !(c >= 0x3041 && c <= 0x3096) &&
		    !(c >= 0x30a0 && c <= 0x30fe))
			return 0;
	}
	return 1;
}

/* One string of the roster, folded to one width. */
static int read_string(struct roster *r, struct hub_str s, struct jtext *t)
{
	struct hub_str wide;

	*t = (struct jtext){.n = 0};
	if (s.len == 0)
		return 0;
	if (jt_read_str(t, s, r->pool))
		return -1;
	if (is_plain(t))
		return 0;
	return r->fold->host->fold(r->ctx, NULL, HUB_FOLD_WIDTH, s, &wide) ||
		       jt_read_str(t, wide, r->pool)
		   ? -1
		   : 0;
}

static void may_begin(struct roster *r, char a, char b)
{
	const uint32_t k = (uint32_t)(a - '0') * 10 + (uint32_t)(b - '0');

	r->digits[k / 64] |= (uint64_t)1 << k % 64;
}

/* The digits that a text may begin with where this number is meant: its own, 81 for 0, and what is left without an
 * area code. */
static void add_begins(struct roster *r, const struct roster_number *own)
{
	may_begin(r, own->digits[0], own->digits[1]);
	if (own->type != HUB_SPAN_PHONE)
		return;
	may_begin(r, '8', '1');
	for (uint32_t n = 6; n + 2 <= own->n; n++)
		may_begin(r, own->digits[own->n - n], own->digits[own->n - n + 1]);
}

static void add_number(struct roster *r, const struct jdigits *g, uint32_t type)
{
	if (g->n < ROSTER_DIGITS || r->numbers == r->cap)
		return;
	struct roster_number *to = &r->number[r->numbers++];
	*to = (struct roster_number){.n = g->n, .type = type, .person = r->person};
	memcpy(to->digits, g->d, g->n);
	if (jnum_phone_length(g) == g->n)
		to->type = HUB_SPAN_PHONE;
	if (memcmp(to->digits, "81", 2) == 0 && to->type == HUB_SPAN_PHONE && g->n > 10) {
		memmove(to->digits + 1, to->digits + 2, g->n - 2);
		to->digits[0] = '0'; /* +81 90 ... = 090 ... */
		to->digits[--to->n] = '\0';
	}
	add_begins(r, to);
}

/* Every number of a cell: 自宅0463-11-2222／携帯090-1111-2222（長女）. */
static void add_numbers(struct roster *r, const struct jtext *t, uint32_t type)
{
	for (uint32_t i = 0, n = 0; i < t->n && n < NUMBERS_MAX; i++) {
		struct jdigits g;
		if (t->cls[i] != JT_DIGIT || !jdigits_read(t, i, JD_PHONE, &g))
			continue;
		add_number(r, &g, type);
		i = g.end[g.n - 1];
		n++;
	}
}

static void add_birth(struct roster *r, const struct jtext *t)
{
	struct jdate d;

	if (t->n && jdate_read(t, 0, &d) && d.y && r->births < r->cap)
		r->birth[r->births++] = (struct roster_birth){d, r->person};
}

/* A number, an address or a name: what a further string of a person looks like. */
static int add_other(struct roster *r, const struct jtext *t)
{
	uint32_t digits = 0, letters = 0, cjk = 0;
	struct jblock block;
	struct jdate date;
	int level;

	for (uint32_t i = 0; i < t->n; i++) {
		digits += t->cls[i] == JT_DIGIT;
		letters += t->cls[i] == JT_LATIN;
		cjk += t->cls[i] == JT_KANJI || t->cls[i] == JT_KATA || t->cls[i] == JT_HIRA;
	}
	if (t->n == 0)
		return 0;
	if (jplace_city(t, 0, &level) || t->cp[0] == 0x3012) /* 〒 */
		return level || t->cp[0] == 0x3012 ? roster_add_address(r, t) : 0;
	if (digits == 0)
		return roster_add_name(r, t);
	if (t->cls[0] == JT_DIGIT && jdate_read(t, 0, &date) && digits == 8 && cjk == 0) {
		add_birth(r, t);
		return 0;
	}
	if (digits >= ROSTER_DIGITS && letters <= 4 && cjk < digits) {
		add_numbers(r, t, HUB_SPAN_IDNUMBER);
		return 0;
	}
	for (uint32_t i = 1; i < t->n; i++)
		if (jblock_read(t, i, &block))
			return roster_add_address(r, t);
	return 0;
}

static int add_person(struct roster *r, const struct hub_person *p)
{
	struct jtext t;

	r->names = 0;
	for (int i = 0; i < 2; i++)
		r->kanji[i] = r->written[i] = r->read[i] = (struct roster_name){NULL, 0};
	r->initial[0] = r->initial[1] = 0;
	if (read_string(r, p->name, &t) || (t.n && roster_add_name(r, &t)) ||
	    read_string(r, p->name_kana, &t) || (t.n && roster_add_name(r, &t)) ||
	    roster_add_short(r) || read_string(r, p->address, &t) ||
	    (t.n && roster_add_address(r, &t)) || read_string(r, p->phone, &t))
		return -1;
	add_numbers(r, &t, HUB_SPAN_PHONE);
	if (read_string(r, p->birth_date, &t))
		return -1;
	add_birth(r, &t);
	for (uint32_t i = 0; i < p->others && i < STRINGS_MAX; i++)
		if (read_string(r, p->other[i], &t) || add_other(r, &t))
			return -1;
	return 0;
}

/* What stands behind a nickname, as it is folded: ちゃん, くん, さん, っち, りん, ばあ ... */
static int has_nicks(const struct marks *m)
{
	static const uint32_t behind[][2] = {
	    {0x30c1, 0x30e4}, {0x30af, 0x30f3}, {0x30b5, 0x30f3}, {0x30c4, 0x30c1},
	    {0x30bf, 0x30f3}, {0x30c1, 0x30f3}, {0x30ea, 0x30f3}, {0x30d0, 0x30a2},
	    {0x30b8, 0x30a4}, {0x30de, 0x30de}, {0x30d1, 0x30d1}, {0x30cd, 0x30a8},
	    {0x30cb, 0x30a4}, {0x30df, 0x30f3}, {0x30dd, 0x30f3}, {0x30cb, 0x30e4},
	    {0x30d4, 0x30e8}, {0x30e4, 0x30f3}, {0x30d4, 0x30fc}};
	int any = marks_has(m, 0x574a) || marks_has(m, 0x5a46) ||
		  marks_has(m, 0x723a) ||                       /* 坊婆爺 */
		  marks_has(m, 0x5144) || marks_has(m, 0x59c9); /* 兄姉 */

	for (uint32_t i = 0; i < sizeof behind / sizeof *behind; i++)
		any |= marks_may(m, behind[i], 2);
	return any;
}

int roster_build(struct roster *r, const struct hub_person *people, uint32_t n)
{
	uint32_t strings = 0;

	for (uint32_t i = 0; i < n; i++)
		strings += 3 + (people[i].others < STRINGS_MAX ? people[i].others : STRINGS_MAX);
	jset_init(&r->set, r->pool);
	r->people = people;
	r->persons = n;
	r->numbers = r->blocks = r->births = 0;
	r->digits[0] = r->digits[1] = 0;
	r->latin = r->marks->latin;
	r->nicks = has_nicks(r->marks);
	r->cap = strings * NUMBERS_MAX;
	r->number = jpool_get(r->pool, r->cap * sizeof *r->number);
	r->block = jpool_get(r->pool, r->cap * sizeof *r->block);
	r->birth = jpool_get(r->pool, r->cap * sizeof *r->birth);
	if (!r->number || !r->block || !r->birth)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		r->person = (int32_t)i;
		if (add_person(r, &people[i]))
			return -1;
	}
	return jset_build(&r->set);
}
