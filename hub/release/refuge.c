#include "release/refuge.h"

#include "release/refuge_in.h"
#include "text/address.h"
#include "text/addrlex.h"
#include "text/fold.h"
#include "text/numeral.h"

struct place {
	struct hub_str city; /* with its prefecture; empty: of no municipality that is known */
	struct hub_str town, block; /* of a known one */
	struct hub_str plain;       /* as written, folded: of the others */
};

/* A number that tells the place when it stands behind certain characters: the end of the town, a building. */
struct sign {
	struct hub_str before; /* empty: it tells it alone */
	uint32_t next;         /* of the same number, index + 1 */
	int kana;              /* behind any town in kana: nobody lists how towns are read */
};

struct hub_refuges {
	const struct hub_map *marks;
	struct place *place;
	size_t n;
	struct sign *sign;
	uint32_t signs;
	size_t room;
	struct hub_map *numbers; /* as hub_refuge_plain() has them -> index + 1 of the first sign */
	struct hub_str *name;    /* plain: of facilities */
	size_t names, name_room;
	const struct hub_refuges *more; /* looked through as well */
};

enum {
	TOWN_END = 2 /* characters */,
	KANA_TOWN = 3,
	ALONE = 5 /* digits */,
	PHONE_LEAST = 10,
	PHONE_MOST = 11
};

/* --- numbers that tell a place --------------------------------------------------------------------------- */

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

static int add_sign(struct hub_arena *a, struct hub_refuges *h, struct hub_str before, int kana,
		    struct hub_str number)
{
	uint64_t first = 0;

	struct sign *more = hub_alloc_more(a, h->sign, h->signs, &h->room, sizeof *more);
	if (!more)
		return -1;
	h->sign = more;
	(void)hub_map_get(h->numbers, number, &first);
	h->sign[h->signs++] = (struct sign){before, (uint32_t)first, kana};
	return hub_map_put(h->numbers, number, h->signs);
}

/* 小和田9999-1 by 和田 and 9999-1; two numbers behind a town in kana; a number that is long enough by itself. */
static int add_block(struct hub_arena *a, struct hub_refuges *h, struct hub_str before,
		     struct hub_str number)
{
	const struct hub_str less = hub_refuge_town(before);
	const int named = hub_utf8_count(before) >= TOWN_END;
	const struct hub_str town =
	    last_of(hub_utf8_count(less) >= TOWN_END ? less : before, TOWN_END);
	size_t end = hub_refuge_part_end(number, 0);

	if (named && end == number.len && add_sign(a, h, town, 0, number))
		return -1;
	while (end < number.len) {
		const int two = memchr(number.ptr, '-', end) == NULL;
		end = hub_refuge_part_end(number, end);
		const struct hub_str part = hub_str_cut(number, 0, end);
		if (named && (add_sign(a, h, town, 0, part) || add_sign(a, h, town, 1, part)))
			return -1;
		if (two && end > ALONE && add_sign(a, h, HUB_STR(""), 0, part))
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

	if (hub_str_among(name, any, HUB_COUNT(any)))
		return 0;
	return hub_utf8_count(name) >= TOWN_END ? add_sign(a, h, name, 0, number) : 0;
}

static int add_signs(struct hub_arena *a, struct hub_refuges *h, struct hub_str plain)
{
	size_t from = 0, to, behind = 0;

	for (int block = 1; hub_refuge_next_number(plain, &from, &to);
	     block = 0, from = behind = to) {
		const struct hub_str before = hub_str_cut(plain, behind, from),
				     number = hub_str_cut(plain, from, to);
		if (block ? add_block(a, h, before, number) : add_building(a, h, before, number))
			return -1;
	}
	return 0;
}

/* Does a town in kana end before a number, and no word of counting begin behind it (およそ2-3人)? */
static int kana_around(struct hub_str before, struct hub_str behind)
{
	size_t next, n = 0;

	for (struct hub_str one; n < KANA_TOWN && before.len; n++, before.len -= one.len) {
		one = last_of(before, 1);
		if (!is_kana(hub_addr_peek(one, 0, &next)))
			return 0;
	}
	return n == KANA_TOWN && !is_kanji(hub_addr_peek(behind, 0, &next));
}

static int32_t last_char(struct hub_str s)
{
	size_t next;

	return s.len ? hub_addr_peek(last_of(s, 1), 0, &next) : 0;
}

/* 共恵 of 共恵「, of 共恵：, 共恵地区ノ and 共恵(トモエ): what a number stands behind. */
static struct hub_str lead_of(struct hub_str s)
{
	enum { READING = 40 /* bytes */ };

	for (size_t was = s.len + 1; s.len < was;) {
		was = s.len;
		if (hub_str_ends(s, HUB_STR(")"))) {
			size_t at = s.len;
			while (at > 0 && s.len - at < READING && s.ptr[at - 1] != '(')
				at--;
			if (at > 0 && s.ptr[at - 1] == '(')
				s.len = at - 1;
		}
		if (s.len && hub_refuge_is_mark(last_char(s)))
			s.len -= last_of(s, 1).len;
		s = hub_refuge_without(hub_refuge_without(s, "ノ"), "地区");
	}
	return s;
}

/* 5-2, 若松町: behind the number, or a character later (小和田 is known by 和田). */
static int stands_behind(struct hub_str town, struct hub_str behind)
{
	size_t at = 0, next = 0;

	while (at < behind.len && hub_refuge_is_mark(hub_addr_peek(behind, at, &next)))
		at = next;
	const struct hub_str s = hub_str_from(behind, at);
	(void)hub_addr_peek(s, 0, &next);
	return town.len && (hub_str_starts(s, town) || hub_str_starts(hub_str_from(s, next), town));
}

static int number_tells(const struct hub_refuges *h, struct hub_str plain, size_t from, size_t to,
			int only_kana)
{
	const struct hub_str number = hub_str_cut(plain, from, to);
	const struct hub_str before = lead_of(hub_str_cut(plain, 0, from)),
			     behind = hub_str_from(plain, to);
	const struct hub_str less = hub_refuge_town(before);

	for (size_t end = hub_refuge_part_end(number, 0), last = 0; end > last;
	     last = end, end = hub_refuge_part_end(number, end)) {
		uint64_t i;
		const struct hub_str part = hub_str_cut(number, 0, end);
		if (!hub_map_get(h->numbers, part, &i))
			continue;
		const int two = memchr(part.ptr, '-', part.len) != NULL;
		for (; i; i = h->sign[i - 1].next) {
			const struct sign *s = &h->sign[i - 1];
			if (s->kana ? kana_around(before, behind)
				    : !only_kana && (hub_str_ends(before, s->before) ||
						     hub_str_ends(less, s->before) ||
						     (two && stands_behind(s->before, behind))))
				return 1;
		}
	}
	return 0;
}

/* Does a number of a text tell a place? only_kana: behind a town in kana. */
static int any_tells(const struct hub_refuges *h, struct hub_str plain, int only_kana)
{
	size_t from = 0, to;

	/* a comma may have joined another number to its front */
	for (; hub_refuge_next_number(plain, &from, &to); from = to)
		for (size_t at = from; at < to;
		     at = hub_refuge_part_end(hub_str_cut(plain, 0, to), at) + 1)
			if (number_tells(h, plain, at, to, only_kana))
				return 1;
	return 0;
}

/* 0-9, in kanji as well; -1 none. */
static int digit_at(struct hub_str s, size_t at, size_t *next)
{
	const int32_t c = hub_addr_peek(s, at, next);
	const int v = c >= '0' && c <= '9' ? c - '0' : hub_numeral(c, HUB_IN_DATE);

	return v < 10 ? v : -1;
}

/* A phone number among digits, whatever stands between them; from abroad (+81 90-…) and in a cell of a table it has no
 * zero in front. */
static int phone_stands(const struct hub_refuges *h, struct hub_str folded)
{
	char key[2 + PHONE_MOST] = "t0";
	size_t n = 0, next;
	uint64_t v;

	for (size_t at = 0; at < folded.len; at = next) {
		const int digit = digit_at(folded, at, &next);
		if (digit < 0) {
			if (!hub_refuge_join_at(folded, at))
				n = 0;
			continue;
		}
		if (n == PHONE_MOST - 1)
			memmove(key + 2, key + 3, --n);
		key[2 + n++] = (char)('0' + digit);
		for (size_t len = PHONE_LEAST - 1; len <= n; len++) {
			char one[2 + PHONE_MOST] = "t0";
			memcpy(one + 2, key + 2 + n - len, len);
			if (hub_map_get(h->marks, (struct hub_str){one, 2 + len}, &v))
				return 1;
		}
	}
	return 0;
}

/* -1: out of memory. */
static int any_name(struct hub_arena *a, const struct hub_refuges *h, struct hub_str plain)
{
	const struct hub_str s = h->names ? hub_refuge_key(a, plain) : plain;

	for (size_t i = 0; s.ptr && i < h->names; i++)
		if (hub_str_find(s, h->name[i], 0) != (size_t)-1)
			return 1;
	return s.ptr ? 0 : -1;
}

static int find_facility(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	if (!h->names || !text.len)
		return 0;
	const struct hub_str plain = hub_refuge_plain(a, text);
	return plain.ptr ? any_name(a, h, plain) : -1;
}

static int find_stands(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	if (!text.len || !hub_map_count(h->marks))
		return 0;
	const struct hub_str plain = hub_refuge_plain(a, text), folded = hub_refuge_fold(a, text);
	if (!plain.ptr || !folded.ptr)
		return -1;
	const int named = any_name(a, h, plain);
	return named || any_tells(h, plain, 0) || phone_stands(h, folded) ? (named < 0 ? -1 : 1)
									  : 0;
}

/* --- facilities ------------------------------------------------------------------------------------------ */

static int add_name(struct hub_arena *a, struct hub_refuges *h, struct hub_str name)
{
	if (!hub_refuge_is_name(name))
		return 0;
	struct hub_str *more = hub_alloc_more(a, h->name, h->names, &h->name_room, sizeof *more);
	if (!more)
		return -1;
	h->name = more;
	const struct hub_str plain = hub_refuge_plain(a, name);
	h->name[h->names] = plain.ptr ? hub_refuge_key(a, plain) : plain;
	return h->name[h->names++].ptr ? 0 : -1;
}

/* Of "社会福祉法人青空会 ひまわり寮(2階)" the name; what whole says of the kind may be left out. */
static int add_names(struct hub_arena *a, struct hub_refuges *h, struct hub_str text)
{
	const struct hub_str s = hub_refuge_fold(a, text);

	if (!s.ptr)
		return -1;
	for (size_t at = 0, end; at < s.len; at = end + 1) {
		for (end = at; end < s.len && !strchr(" \t\r\n(),./0123456789", s.ptr[end]);)
			end++;
		if (add_name(a, h, hub_str_cut(s, at, end)))
			return -1;
	}
	return 0;
}

/* A refuge that is known by its name: 市内のシェルターかすみ荘. A town, or a city, is nobody's. */
static int add_refuge(struct hub_arena *a, struct hub_refuges *h, struct hub_str address)
{
	const struct hub_str s = hub_str_trim(address);

	return hub_refuge_is_house(s) ? add_names(a, h, s) : 0;
}

/* The building of a plain address, behind its number: who knows the house finds the door. */
static int add_houses(struct hub_arena *a, struct hub_refuges *h, struct hub_str plain)
{
	size_t from = 0, to = 0, behind = 0;

	for (int block = 1; hub_refuge_next_number(plain, &from, &to) || behind < plain.len;
	     block = 0, from = behind = to) {
		const struct hub_str name = hub_str_cut(plain, behind, from);
		if (!block && hub_refuge_has_house(name) && add_name(a, h, name))
			return -1;
		if (from >= plain.len)
			break;
	}
	return 0;
}

/* --- places ---------------------------------------------------------------------------------------------- */

static int has_number(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_digit(s, i))
			return 1;
	return 0;
}

static int add_place(struct hub_arena *a, struct place *p, struct hub_str address)
{
	struct hub_address is;

	*p = (struct place){.plain = hub_refuge_plain(a, address)};
	if (hub_address_parse(a, address, NULL, &is) == HUB_ADDRESS_OK && is.city.len &&
	    is.town.len && is.block.len) {
		p->city = hub_arena_printf(a, "%.*s%.*s", HUB_FMT(is.pref), HUB_FMT(is.city));
		p->town = hub_refuge_town(hub_refuge_plain(a, is.town));
		p->block = is.block;
		if (!p->city.ptr || !p->town.ptr)
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
		const struct hub_str key = hub_map_key(marks, i), text = hub_str_from(key, 1);
		if (text.len && key.ptr[0] == 'f' && add_names(a, h, text))
			return NULL;
		if (!text.len || key.ptr[0] != 'a')
			continue;
		struct place *p = &h->place[h->n];
		if (add_place(a, p, text) || add_signs(a, h, p->plain))
			return NULL;
		if (!has_number(p->plain) ? add_refuge(a, h, text) : add_houses(a, h, p->plain))
			return NULL;
		h->n += (size_t)has_number(p->plain);
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

static int find_address(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	struct hub_str plain = {NULL, 0}, home = {NULL, 0}, town = home;
	struct hub_address is = {0};
	int parsed = 0;

	if (!(h->n || h->names) || !text.len)
		return 0;
	if (!(plain = hub_refuge_plain(a, text)).ptr)
		return -1;
	const int named = any_name(a, h, plain);
	if (named || any_tells(h, plain, 1))
		return named < 0 ? -1 : 1;
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
			town = hub_refuge_town(hub_refuge_plain(a, is.town));
			if (!town.ptr)
				return -1;
		}
		if (parsed && is.city.len && hub_str_ends(p->city, is.city) &&
		    hub_str_eq(town, p->town) && same_block(is.block, p->block))
			return 1;
	}
	return 0;
}

static int find_phone(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	enum { SAID = 10 }; /* kana of ゼロキュウゼロの… */
	char key[24] = "t";
	size_t n = 1, kana = 0, next;
	uint64_t v;

	if (!text.len)
		return 0;
	const struct hub_str s = hub_refuge_fold(a, text);
	if (!s.ptr)
		return -1;
	if (phone_stands(h, s)) /* 0467-99-1212 内線3, or one of two */
		return 1;
	for (size_t at = 0; at < s.len && n < sizeof key; at = next) {
		const int digit = digit_at(s, at, &next);
		if (digit >= 0)
			key[n++] = (char)('0' + digit);
		kana += (size_t)is_kana(hub_addr_peek(s, at, &next));
	}
	if (n > 6)
		return hub_map_get(h->marks, (struct hub_str){key, n}, &v);
	/* in words: which one it is cannot be told */
	return n == 1 && kana >= SAID && hub_map_count(h->marks) > 0;
}

/* --- all that are looked through ------------------------------------------------------------------------- */

struct hub_refuges *hub_refuges_and(struct hub_arena *a, const struct hub_refuges *h,
				    const struct hub_refuges *more)
{
	struct hub_refuges *both = hub_alloc(a, sizeof *both);

	if (both) {
		*both = *h;
		both->more = more;
	}
	return both;
}

typedef int finder(struct hub_arena *, const struct hub_refuges *, struct hub_str);

static int find(finder *one, struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	int found = 0;

	for (; h && !found; h = h->more)
		found = one(a, h, text);
	return found;
}

int hub_refuge_facility(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	return find(find_facility, a, h, text);
}

int hub_refuge_stands(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	return find(find_stands, a, h, text);
}

int hub_refuge_address(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	return find(find_address, a, h, text);
}

int hub_refuge_phone(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	return find(find_phone, a, h, text);
}
