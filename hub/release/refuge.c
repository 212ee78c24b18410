#include "release/refuge.h"

#include "base/buf.h"
#include "text/address.h"
#include "text/fold.h"

struct place {
	struct hub_str city; /* with its prefecture; empty: of no municipality that is known */
	struct hub_str town, block; /* of a known one */
	struct hub_str plain;       /* as written, folded: of the others */
};

struct hub_refuges {
	const struct hub_map *marks;
	struct place *place;
	size_t n;
};

static int is_digit(struct hub_str s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

/* Width, blanks and what joins numbers: "5丁目2番301号" and "５－２－３０１" are "5-2-301". */
static struct hub_str plain_of(struct hub_arena *a, struct hub_str text)
{
	static const char *const joins[] = {"丁目", "番地の", "番地", "番", "号室", "号",
					    "の",   "ー",     "−",    "–",  "‐",    "―"};
	const struct hub_str s = hub_fold_width(a, hub_str_trim(text), 0, NULL);
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 16);
	for (size_t at = 0; s.ptr && at < s.len;) {
		size_t joined = s.ptr[at] == '-';
		for (size_t i = 0; i < HUB_COUNT(joins) && !joined; i++)
			if (hub_str_starts(hub_str_from(s, at), hub_str_of(joins[i])))
				joined = strlen(joins[i]);
		const int behind = b.len && b.ptr[b.len - 1] >= '0' && b.ptr[b.len - 1] <= '9';
		if (joined && behind) {
			if (is_digit(s, at + joined))
				hub_buf_putc(&b, '-');
			at += joined;
		} else {
			if (s.ptr[at] != ' ')
				hub_buf_putc(&b, s.ptr[at]);
			at++;
		}
	}
	return s.ptr ? hub_buf_keep(&b, a) : s;
}

static int add_place(struct hub_arena *a, struct place *p, struct hub_str address)
{
	struct hub_address is;

	*p = (struct place){.plain = plain_of(a, address)};
	if (hub_address_parse(a, address, NULL, &is) == HUB_ADDRESS_OK && is.city.len &&
	    is.town.len && is.block.len) {
		p->city = hub_arena_printf(a, "%.*s%.*s", HUB_FMT(is.pref), HUB_FMT(is.city));
		p->town = is.town;
		p->block = is.block;
		if (!p->city.ptr)
			return -1;
	}
	return p->plain.ptr ? 0 : -1;
}

struct hub_refuges *hub_refuges_new(struct hub_arena *a, const struct hub_map *marks)
{
	const size_t n = hub_map_count(marks);
	struct hub_refuges *h = hub_alloc0(a, sizeof *h);

	if (!h || !(h->place = hub_alloc_array(a, n + 1, sizeof *h->place)))
		return NULL;
	h->marks = marks;
	for (size_t i = 0; i < n; i++) {
		const struct hub_str key = hub_map_key(marks, i);
		if (key.len > 1 && key.ptr[0] == 'a' &&
		    add_place(a, &h->place[h->n++], hub_str_from(key, 1)))
			return NULL;
	}
	return h;
}

/* Does one number begin with the other, up to where a part ends? 5-2 and 5-2-301, not 5-2 and 5-20. */
static int same_block(struct hub_str x, struct hub_str y)
{
	const struct hub_str less = x.len < y.len ? x : y, more = x.len < y.len ? y : x;

	return less.len && hub_str_starts(more, less) && !is_digit(more, less.len);
}

/* One stands in the other, and not in the middle of a number. */
static int stands_in(struct hub_str part, struct hub_str whole)
{
	for (size_t at = 0; (at = hub_str_find(whole, part, at)) != (size_t)-1; at++)
		if (!(at && is_digit(part, 0) && is_digit(whole, at - 1)) &&
		    !(is_digit(part, part.len - 1) && is_digit(whole, at + part.len)))
			return 1;
	return 0;
}

static int has_number(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_digit(s, i))
			return 1;
	return 0;
}

int hub_refuge_address(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	struct hub_str plain = {NULL, 0}, home = {NULL, 0};
	struct hub_address is = {0};
	int parsed = 0;

	if (!h || !h->n || !text.len)
		return 0;
	if (!(plain = plain_of(a, text)).ptr)
		return -1;
	for (size_t i = 0; i < h->n; i++) {
		const struct place *p = &h->place[i];
		if (has_number(plain) && plain.len >= 6 &&
		    (stands_in(plain, p->plain) || stands_in(p->plain, plain)))
			return 1;
		if (!p->city.len)
			continue;
		if (!hub_str_eq(home, p->city)) { /* read once for the places of one city */
			const struct hub_address_opt opt = {.home = home = p->city};
			parsed = hub_address_parse(a, text, &opt, &is) == HUB_ADDRESS_OK;
		}
		if (parsed && is.city.len && hub_str_ends(p->city, is.city) &&
		    hub_str_eq(is.town, p->town) && same_block(is.block, p->block))
			return 1;
	}
	return 0;
}

int hub_refuge_phone(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	char key[24] = "t";
	size_t n = 1;
	uint64_t v;

	if (!h || !text.len)
		return 0;
	const struct hub_str s = hub_fold_width(a, text, 0, NULL);
	if (!s.ptr)
		return -1;
	for (size_t i = 0; i < s.len && n < sizeof key; i++)
		if (is_digit(s, i))
			key[n++] = s.ptr[i];
	return n > 6 && hub_map_get(h->marks, (struct hub_str){key, n}, &v);
}
