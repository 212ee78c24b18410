#include "release/refuge.h"

#include "base/buf.h"
#include "text/address.h"
#include "text/fold.h"

struct place {
	struct hub_str city; /* with its prefecture; empty: of no municipality that is known */
	struct hub_str town, block; /* of a known one */
	struct hub_str plain;       /* as written, folded: of the others */
};

/* A number that tells the place when it stands behind certain characters: the end of the town, a building. */
struct sign {
	struct hub_str before; /* empty: it tells it alone */
	uint32_t next;         /* of the same number, index + 1 */
};

struct hub_refuges {
	const struct hub_map *marks;
	struct place *place;
	size_t n;
	struct sign *sign;
	uint32_t signs, room;
	struct hub_map *numbers; /* as plain_of() has them -> index + 1 of the first sign */
};

enum { TOWN_END = 2 /* characters */, ALONE = 5 /* digits */, PHONE_LEAST = 10, PHONE_MOST = 11 };

static int is_digit(struct hub_str s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

/* Bytes of what may stand between two numbers of an address. */
static size_t join_at(struct hub_str s, size_t at)
{
	static const char *const joins[] = {"-",  "丁目", "番地の", "番地", "番", "号室",
					    "号", "の",   "ー",     "−",    "–",  "‐",
					    "―",  " ",    "\n",     "\r",   "\t"};

	for (size_t i = 0; i < HUB_COUNT(joins); i++)
		if (hub_str_starts(hub_str_from(s, at), hub_str_of(joins[i])))
			return strlen(joins[i]);
	return 0;
}

static int is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Width, blanks and what joins numbers: "5丁目2番301号" and "５－２－３０１" are "5-2-301". */
static struct hub_str plain_of(struct hub_arena *a, struct hub_str text)
{
	const struct hub_str s = hub_fold_width(a, hub_str_trim(text), 0, NULL);
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, s.len + 1);
	for (size_t at = 0, n; s.ptr && at < s.len;) {
		const int behind = b.len && b.ptr[b.len - 1] >= '0' && b.ptr[b.len - 1] <= '9';
		const size_t from = at;
		while (behind && at < s.len && (n = join_at(s, at)))
			at += n;
		if (at > from && is_digit(s, at))
			hub_buf_putc(&b, '-');
		else if (at == from && !is_blank(s.ptr[at++]))
			hub_buf_putc(&b, s.ptr[at - 1]);
	}
	return s.ptr ? hub_buf_keep(&b, a) : s;
}

/* --- numbers that tell a place --------------------------------------------------------------------------- */

/* The next "5-2-301" of a plain text from *from on: [*from, *to). 0: no more. */
static int next_number(struct hub_str s, size_t *from, size_t *to)
{
	while (*from < s.len && !is_digit(s, *from))
		++*from;
	for (*to = *from; is_digit(s, *to) || (*to > *from && *to < s.len && s.ptr[*to] == '-' &&
					       is_digit(s, *to + 1));)
		++*to;
	return *from < s.len;
}

/* How long the number is up to the end of its next part, from the end of one; its whole length at last. */
static size_t part_end(struct hub_str number, size_t at)
{
	while (at < number.len && number.ptr[at] == '-')
		at++;
	while (is_digit(number, at))
		at++;
	return at;
}

/* The last n characters, fewer when there are no more. */
static struct hub_str last_of(struct hub_str s, uint32_t n)
{
	size_t at = s.len;

	while (at > 0 && n) {
		at--;
		n -= ((unsigned char)s.ptr[at] & 0xc0) != 0x80;
	}
	return hub_str_from(s, at);
}

static int add_sign(struct hub_arena *a, struct hub_refuges *h, struct hub_str before,
		    struct hub_str number)
{
	uint64_t first = 0;

	if (h->signs == h->room) {
		struct sign *more = hub_alloc_array(a, 2 * (size_t)h->room + 16, sizeof *more);
		if (!more)
			return -1;
		if (h->signs)
			memcpy(more, h->sign, h->signs * sizeof *more);
		h->sign = more;
		h->room = 2 * h->room + 16;
	}
	(void)hub_map_get(h->numbers, number, &first);
	h->sign[h->signs++] = (struct sign){before, (uint32_t)first};
	return hub_map_put(h->numbers, number, h->signs);
}

/* 小和田9999-1 by 和田 and 9999-1; a number that is long enough by itself. */
static int add_block(struct hub_arena *a, struct hub_refuges *h, struct hub_str before,
		     struct hub_str number)
{
	size_t end = part_end(number, 0);

	if (hub_utf8_count(before) >= TOWN_END && end == number.len &&
	    add_sign(a, h, last_of(before, TOWN_END), number))
		return -1;
	while (end < number.len) {
		const int two = memchr(number.ptr, '-', end) == NULL;
		end = part_end(number, end);
		const struct hub_str part = hub_str_cut(number, 0, end);
		if (hub_utf8_count(before) >= TOWN_END &&
		    add_sign(a, h, last_of(before, TOWN_END), part))
			return -1;
		if (two && end > ALONE && add_sign(a, h, HUB_STR(""), part))
			return -1;
	}
	return 0;
}

/* A building by its name and the number of the room; what is no name tells nothing. */
static int add_building(struct hub_arena *a, struct hub_refuges *h, struct hub_str name,
			struct hub_str number)
{
	static const char *const any[] = {"アパート", "マンション", "ハイツ",   "コーポ",
					  "団地",     "市営住宅",   "県営住宅", "住宅"};

	for (size_t i = 0; i < HUB_COUNT(any); i++)
		if (hub_str_is(name, any[i]))
			return 0;
	return hub_utf8_count(name) >= TOWN_END ? add_sign(a, h, name, number) : 0;
}

static int add_signs(struct hub_arena *a, struct hub_refuges *h, struct hub_str plain)
{
	size_t from = 0, to, behind = 0;

	for (int block = 1; next_number(plain, &from, &to); block = 0, from = behind = to) {
		const struct hub_str before = hub_str_cut(plain, behind, from),
				     number = hub_str_cut(plain, from, to);
		if (block ? add_block(a, h, before, number) : add_building(a, h, before, number))
			return -1;
	}
	return 0;
}

static int number_tells(const struct hub_refuges *h, struct hub_str before, struct hub_str number)
{
	for (size_t end = part_end(number, 0), last = 0; end > last;
	     last = end, end = part_end(number, end)) {
		uint64_t i;
		if (!hub_map_get(h->numbers, hub_str_cut(number, 0, end), &i))
			continue;
		for (; i; i = h->sign[i - 1].next)
			if (hub_str_ends(before, h->sign[i - 1].before))
				return 1;
	}
	return 0;
}

/* A phone number among digits, whatever stands between them. */
static int phone_stands(const struct hub_refuges *h, struct hub_str plain)
{
	char key[1 + PHONE_MOST] = "t";
	size_t n = 0;
	uint64_t v;

	for (size_t i = 0; i < plain.len; i++) {
		if (!is_digit(plain, i)) {
			n = strchr("-(),./", plain.ptr[i]) ? n : 0;
			continue;
		}
		if (n == PHONE_MOST)
			memmove(key + 1, key + 2, --n);
		key[++n] = plain.ptr[i];
		for (size_t len = PHONE_LEAST; len <= n; len++) {
			char one[1 + PHONE_MOST] = "t";
			memcpy(one + 1, key + 1 + n - len, len);
			if (one[1] == '0' &&
			    hub_map_get(h->marks, (struct hub_str){one, 1 + len}, &v))
				return 1;
		}
	}
	return 0;
}

int hub_refuge_stands(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	size_t from = 0, to;

	if (!h || !text.len || !hub_map_count(h->marks))
		return 0;
	const struct hub_str plain = plain_of(a, text);
	if (!plain.ptr)
		return -1;
	for (; next_number(plain, &from, &to); from = to)
		if (number_tells(h, hub_str_cut(plain, 0, from), hub_str_cut(plain, from, to)))
			return 1;
	return phone_stands(h, plain);
}

/* --- places ---------------------------------------------------------------------------------------------- */

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

	if (!h || !(h->place = hub_alloc_array(a, n + 1, sizeof *h->place)) ||
	    !(h->numbers = hub_map_new(a)))
		return NULL;
	h->marks = marks;
	for (size_t i = 0; i < n; i++) {
		const struct hub_str key = hub_map_key(marks, i);
		if (key.len < 2 || key.ptr[0] != 'a')
			continue;
		struct place *p = &h->place[h->n++];
		if (add_place(a, p, hub_str_from(key, 1)) || add_signs(a, h, p->plain))
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
