#include "text/address.h"

#include "text/addrlex.h"
#include "text/chars.h"
#include "text/fold.h"
#include "text/places.h"

#include <stdio.h>

enum { LAST_CHOME = 45 }; /* no town in Japan is divided into more */

/* The work in hand: text is the folded whole, at is how far it is understood. */
struct work {
	struct hub_arena *arena;
	struct hub_str text;
	size_t at;
	const struct hub_place *place; /* of the city, NULL when none */
	int ward;                      /* the ward was named, too */
	int chome;                     /* the town is divided into 丁目 */
	struct hub_address *out;
};

/* ---- prefecture and municipality ---- */

/* NULL when no prefecture stands there. */
static const struct hub_pref *find_pref(struct work *w)
{
	for (size_t i = 0; i < HUB_PREFS; i++) {
		const size_t end = hub_addr_word(w->text, w->at, hub_prefs[i].name);
		if (end) {
			w->at = end;
			return &hub_prefs[i];
		}
	}
	return NULL;
}

/* The places to look at: those of the prefecture, or all when it is NULL. */
static size_t first_place(const struct hub_pref *pref)
{
	return pref ? pref[0].first : 0;
}

static size_t end_place(const struct hub_pref *pref)
{
	return pref ? pref[1].first : hub_prefs[HUB_PREFS].first;
}

/* How the municipality stands at `at`: with or without county, with or without ward. Offset behind
 * it, 0 when it is not there. */
static size_t match_city(struct hub_str s, size_t at, const struct hub_place *p, int *ward)
{
	size_t city = 0;

	*ward = 0;
	if (p->county[0]) {
		const size_t county = hub_addr_match(s, at, hub_str_of(p->county));
		if (county)
			city = hub_addr_match(s, hub_addr_spaces(s, county), hub_str_of(p->city));
	}
	if (!city)
		city = hub_addr_match(s, at, hub_str_of(p->city));
	if (!city || !p->ward[0])
		return city;
	const size_t end = hub_addr_match(s, hub_addr_spaces(s, city), hub_str_of(p->ward));
	*ward = end != 0;
	return end ? end : city;
}

/* The longest town of `towns` that stands at `at`. Offset behind it or 0. */
static size_t match_town(struct hub_str s, size_t at, const char *towns, struct hub_str *town,
			 int *chome)
{
	const uint32_t first = hub_addr_first(s, at);
	size_t best = 0;

	while (*towns) {
		const char *end = strchr(towns, '\n');
		const int star = end[-1] == '*';
		const struct hub_str name = {towns, (size_t)(end - towns) - (size_t)star};
		const size_t m = hub_addr_first(name, 0) == first ? hub_addr_match(s, at, name) : 0;
		if (m > best || (m && m == best && name.len > town->len)) {
			best = m;
			*town = name;
			*chome = star;
		}
		towns = end + 1;
	}
	return best;
}

/* 大字 and 字 in front of a name of the list, which leaves them out. */
static size_t skip_oaza(struct hub_str s, size_t at)
{
	const size_t oaza = hub_addr_word(s, at, "大字");
	const size_t aza = oaza ? oaza : hub_addr_word(s, at, "字");

	return aza ? aza : at;
}

/* 京都: the streets in front of the town (釜座通下立売下る東裏辻町). Offset of the town or 0. */
static size_t behind_streets(struct hub_str s, size_t at)
{
	static const char *const words[] = {"上る",   "下る",   "上ル",   "下ル", "東入る",
					    "西入る", "東入ル", "西入ル", "東入", "西入"};
	size_t best = 0;

	for (size_t i = 0; i < HUB_COUNT(words); i++) {
		const struct hub_str w = hub_str_of(words[i]);
		for (size_t p = hub_str_find(s, w, at); p != (size_t)-1;
		     p = hub_str_find(s, w, p + 1))
			if (p + w.len > best)
				best = p + w.len;
	}
	return best;
}

/* The town of this place at `at`, behind streets (京都) and 大字. Offset behind it or 0; *name_at is
 * where its name begins. */
static size_t town_here(struct hub_str s, size_t at, const struct hub_place *p,
			struct hub_str *town, int *chome, size_t *name_at)
{
	*name_at = skip_oaza(s, hub_addr_spaces(s, at));
	size_t end = match_town(s, *name_at, p->towns, town, chome);
	if (end || strcmp(p->city, "京都市") != 0)
		return end;
	*name_at = behind_streets(s, at);
	return *name_at ? match_town(s, *name_at, p->towns, town, chome) : 0;
}

struct city {
	const struct hub_place *place;
	size_t end;
	int ward;
	int rivals; /* others of the same name elsewhere */
};

/* The wards of one city are no rivals. */
static int same_city(const struct hub_place *a, const struct hub_place *b)
{
	return strcmp(a->city, b->city) == 0 && strcmp(a->pref, b->pref) == 0;
}

/* The longest municipality name at w->at; `pref` NULL: in all of Japan. */
static struct city longest_city(const struct work *w, const struct hub_pref *pref)
{
	struct city best = {NULL, 0, 0, 0};

	for (size_t i = first_place(pref); i < end_place(pref); i++) {
		const struct hub_place *p = &hub_places[i];
		int ward;
		const size_t end = match_city(w->text, w->at, p, &ward);
		if (!end || end < best.end)
			continue;
		if (end == best.end) {
			best.rivals += ward || best.ward || !same_city(p, best.place);
			continue;
		}
		best = (struct city){p, end, ward, 0};
	}
	return best;
}

/* Places of one name in several cities (府中市, 中央区 without its city): the one that has the town
 * behind it, or the only one there is. `place` NULL when it cannot be told. */
static struct city by_town(const struct work *w, const struct hub_pref *pref)
{
	struct city with = {NULL, 0, 0, 0}, any = with;
	size_t longest = 0; /* end of the longest town so far */

	for (size_t i = first_place(pref); i < end_place(pref); i++) {
		const struct hub_place *p = &hub_places[i];
		struct hub_str town;
		size_t name_at;
		int ward, chome;
		size_t end = match_city(w->text, w->at, p, &ward);
		if (!end && p->ward[0]) {
			end = hub_addr_match(w->text, w->at, hub_str_of(p->ward));
			ward = 1;
		}
		if (!end)
			continue;
		const size_t deep = town_here(w->text, end, p, &town, &chome, &name_at);
		struct city *c = deep ? &with : &any;
		if (deep < longest)
			continue;
		if (deep > longest)
			c->rivals = 0;
		else
			c->rivals += c->place && (ward || !same_city(c->place, p));
		longest = deep;
		c->place = p;
		c->end = end;
		c->ward = ward;
	}
	const struct city best = with.place ? with : any;
	return best.rivals ? (struct city){NULL, 0, 0, 1} : best;
}

/* A town that only one municipality has, and that is at least three characters long. */
static struct city by_bare_town(const struct work *w)
{
	struct city found = {NULL, 0, 0, 0};
	size_t best = 0;
	const size_t start = skip_oaza(w->text, w->at);

	for (size_t i = 0; i < end_place(NULL); i++) {
		struct hub_str town;
		int chome;
		const size_t e = match_town(w->text, start, hub_places[i].towns, &town, &chome);
		if (!e || e < best || hub_utf8_count(town) < 3)
			continue;
		found.rivals = e == best;
		found.place = &hub_places[i];
		found.ward = 1;
		best = e;
	}
	found.end = w->at; /* the town itself is still to be read */
	if (found.rivals)
		found.place = NULL;
	return found;
}

static int find_city(struct work *w, const struct hub_pref *pref, const struct hub_address_opt *opt)
{
	w->at = hub_addr_spaces(w->text, w->at);
	struct city c = longest_city(w, pref);
	/* 中央区, 北区: without a prefecture it may be a ward of some city as well */
	const int ward_name =
	    c.place && !pref && hub_str_ends(hub_str_of(c.place->city), HUB_STR("区"));

	if (c.rivals || ward_name || !c.place) {
		const struct city told = by_town(w, pref);
		if (told.rivals) {
			w->out->reason = "city-ambiguous";
			return 0;
		}
		if (!c.place && told.place)
			w->out->flags |= HUB_ADDRESS_CITY_INFERRED;
		c = told;
	}
	if (!c.place && !pref && opt && opt->infer) {
		c = by_bare_town(w);
		w->out->flags |= c.place ? HUB_ADDRESS_CITY_INFERRED : 0;
	}
	if (!c.place)
		return 0;
	if (!pref)
		w->out->flags |= HUB_ADDRESS_PREF_ADDED;
	w->place = c.place;
	w->ward = c.ward;
	w->at = hub_addr_spaces(w->text, c.end);
	return 1;
}

/* ---- town ---- */

static const char *const units_of_block[] = {"番地", "番", "号", "丁目", NULL};

/* Words that make a number in front of them part of a name. */
static const char *const names_behind[] = {"条", "線", "地割", "番町", "番丁",
					   "区", "字", "軒",   "本松", NULL};

static size_t any_word(struct hub_str s, size_t at, const char *const *words)
{
	size_t end = 0;

	while (*words && !(end = hub_addr_word(s, at, *words)))
		words++;
	return end;
}

/* Does the numbering begin here? 1-2-3, 12番地, 三番; not 二十四軒, 第35地割, 四番町. */
static int block_here(struct hub_str s, size_t at, struct hub_addr_num *n)
{
	if (!hub_addr_number(s, at, n) || any_word(s, n->end, names_behind))
		return 0;
	if (n->arabic)
		return 1;
	if (any_word(s, n->end, units_of_block) || n->end == s.len || s.ptr[n->end] == ' ')
		return 1;
	struct hub_addr_num m;
	const size_t joint = hub_addr_joint(s, n->end);
	return joint && hub_addr_number(s, joint, &m);
}

/* Words that are in buildings, not in names of land. */
static int is_building(struct hub_str s)
{
	static const char *const words[] = {"ビル",   "マンション", "荘",   "ハイツ", "階",
					    "館",     "センター",   "学校", "病院",   "アパート",
					    "コーポ", "住宅",       "団地", "ホーム", "様方",
					    "園",     "寮",         "号室"};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_find(s, hub_str_of(words[i]), 0) != (size_t)-1)
			return 1;
	return 0;
}

/* Where the numbering begins at or after `from`; s.len when there is none. */
static size_t find_block(struct hub_str s, size_t from)
{
	struct hub_addr_num n;
	size_t next;
	int32_t before = 0;

	for (size_t at = from; at < s.len; at = next) {
		const int32_t c = hub_addr_peek(s, at, &next);
		if (before != 0x7b2c /* 第 */ && block_here(s, at, &n))
			return at;
		if (hub_addr_number(s, at, &n))
			next = n.end;
		before = c;
	}
	return s.len;
}

/* Smaller names between the town and the numbers: 字, 小字, 甲乙, 亥. Offset behind them. */
static size_t skip_small_names(struct hub_str s, size_t at, size_t least_free)
{
	const size_t start = hub_addr_spaces(s, at), end = find_block(s, start);
	size_t stop = end;

	while (stop > start && s.ptr[stop - 1] == ' ')
		stop--;
	const struct hub_str between = hub_str_cut(s, start, stop);
	const size_t chars = hub_utf8_count(between);
	if (!chars || chars > 20 || is_building(between))
		return at;
	if (end == s.len && !hub_str_starts(between, HUB_STR("字")) && !least_free)
		return at;
	/* behind a space only short names are land: 藤橋町 亥 45 */
	if ((start > at && chars > 3) || memchr(between.ptr, ' ', between.len))
		return at;
	return stop;
}

/* Longest town of the place; for a city named without its ward, of all its wards. */
static size_t town_of_city(struct work *w, struct hub_str *town, size_t *name_at)
{
	if (w->ward || !w->place->ward[0])
		return town_here(w->text, w->at, w->place, town, &w->chome, name_at);

	size_t best = 0;
	for (size_t i = 0; i < end_place(NULL); i++) {
		struct hub_str t;
		size_t start;
		int chome;
		if (!same_city(&hub_places[i], w->place))
			continue;
		const size_t end = town_here(w->text, w->at, &hub_places[i], &t, &chome, &start);
		if (end > best) {
			best = end;
			*town = t;
			*name_at = start;
			w->chome = chome;
		}
	}
	return best;
}

static int put_town(struct work *w, size_t from, size_t name_at, struct hub_str name, size_t end)
{
	const struct hub_str head = hub_str_cut(w->text, from, name_at);
	const size_t tail_end = skip_small_names(w->text, end, 0);
	struct hub_str tail = hub_str_cut(w->text, end, tail_end);

	if (tail.len) {
		tail = hub_str_trim(tail);
		w->chome = 0;
	}
	w->out->town =
	    hub_arena_printf(w->arena, "%.*s%.*s%.*s", HUB_FMT(head), HUB_FMT(name), HUB_FMT(tail));
	w->at = tail_end;
	return w->out->town.ptr ? 0 : -1;
}

static int read_town(struct work *w)
{
	const struct hub_str s = w->text;
	const size_t from = w->at;
	struct hub_str name;

	size_t name_at;
	const size_t end = town_of_city(w, &name, &name_at);
	if (end)
		return put_town(w, from, name_at, name, end);

	/* by rule: what stands in front of the numbers is the town */
	const size_t stop = find_block(s, from) == s.len ? from : skip_small_names(s, from, 1);
	if (stop > from) {
		w->out->town = hub_str_trim(hub_str_cut(s, from, stop));
		w->out->flags |= HUB_ADDRESS_TOWN_UNKNOWN;
		w->at = stop;
	}
	return 0;
}

/* 1丁目 behind the town, or the first of 1-2-3 when the town is known to have 丁目. */
static int read_chome(struct work *w)
{
	const struct hub_str s = w->text;
	const size_t start = hub_addr_spaces(s, w->at);
	struct hub_addr_num n, m;
	const char *unit = NULL;
	char kanji[24];

	if (!w->out->town.len || !hub_addr_number(s, start, &n) || n.value == 0 || n.value > 999)
		return 0;
	size_t end = hub_addr_word(s, n.end, "丁目");
	if (end) {
		unit = "丁目";
	} else if ((end = hub_addr_word(s, n.end, "丁")) != 0) {
		/* 堺市 counts in 丁 */
		const size_t j = hub_addr_joint(s, end);
		if (!hub_addr_number(s, j ? j : end, &m) && end != s.len)
			return 0;
		unit = "丁";
	} else if (w->chome && n.value <= LAST_CHOME && (end = hub_addr_joint(s, n.end)) != 0 &&
		   hub_addr_number(s, end, &m)) {
		unit = w->place && strcmp(w->place->city, "堺市") == 0 ? "丁" : "丁目";
	} else {
		return 0;
	}
	const struct hub_str k = {kanji, hub_addr_kanji(n.value, kanji)};
	w->out->town =
	    hub_arena_printf(w->arena, "%.*s%.*s%s", HUB_FMT(w->out->town), HUB_FMT(k), unit);
	const size_t joint = hub_addr_joint(s, end);
	w->at = joint && hub_addr_number(s, joint, &m) ? joint : end;
	return w->out->town.ptr ? 0 : -1;
}

/* ---- numbers and the rest ---- */

/* 2F, 3階, 101号室 and the like are not part of the numbering. */
static int is_floor(struct hub_str s, size_t at)
{
	static const char *const words[] = {"F", "階", "号室", "号棟", "棟", "室", "号館", NULL};
	const size_t end = any_word(s, at, words);
	size_t next;

	if (!end)
		return 0;
	const int32_t c = hub_addr_peek(s, end, &next);
	return s.ptr[at] != 'F' || !(c >= 'A' && c <= 'z');
}

/* A letter or kana in front of a number behind a dash: 14-イ22, 3-A5. Its length or 0. */
static size_t branch_letter(struct hub_str s, size_t at)
{
	size_t next;
	struct hub_addr_num n;
	const int32_t c = hub_addr_peek(s, at, &next);
	const int letter = (c >= 'A' && c <= 'Z') || (c >= 0x30a1 && c <= 0x30fa);

	return letter && hub_addr_number(s, next, &n) ? next - at : 0;
}

/* The joint behind a number: -, の, 番地の, 番, 丁目 ... Offset of the next number, or 0 when the
 * numbering ends; *end is then behind the unit. */
static size_t next_number(struct hub_str s, const struct hub_addr_num *n, size_t *end)
{
	struct hub_addr_num m;
	size_t at = n->end, unit = any_word(s, at, units_of_block);

	*end = unit ? unit : at;
	at = *end;
	const size_t joint = hub_addr_joint(s, at);
	const size_t next = joint ? joint : at;
	if (!joint && !unit) {
		/* 1一3: a kanji one typed for a dash */
		const size_t one = n->arabic ? hub_addr_word(s, at, "一") : 0;
		return one && hub_addr_number(s, one, &m) && m.arabic ? one : 0;
	}
	if (branch_letter(s, next) && joint)
		return next;
	return hub_addr_number(s, next, &m) &&
		       (joint || m.arabic || any_word(s, m.end, units_of_block)) &&
		       !is_floor(s, m.end)
		   ? next
		   : 0;
}

static int read_block(struct work *w)
{
	const struct hub_str s = w->text;
	struct hub_addr_num n;
	size_t at = hub_addr_spaces(s, w->at), len = 0, end = at;

	if (!block_here(s, at, &n) || is_floor(s, n.end))
		return 0;
	char *out = hub_alloc(w->arena, 3 * (s.len - at) + 16);
	if (!out)
		return -1;
	for (int first = 1; at; first = 0) {
		const size_t letter = first ? 0 : branch_letter(s, at);
		if (!first)
			out[len++] = '-';
		memcpy(out + len, s.ptr + at, letter);
		len += letter;
		hub_addr_number(s, at + letter, &n);
		if (n.arabic) {
			memcpy(out + len, s.ptr + at + letter, n.end - at - letter);
			len += n.end - at - letter;
		} else {
			len += (size_t)snprintf(out + len, 12, "%u", (unsigned)n.value);
		}
		at = next_number(s, &n, &end);
	}
	w->out->block = (struct hub_str){out, len};
	const size_t joint = hub_addr_joint(s, end);
	w->at = joint && hub_addr_number(s, joint, &n) && is_floor(s, n.end) ? joint : end;
	return 0;
}

/* What is left; dashes between digits become '-'. */
static int read_rest(struct work *w)
{
	const struct hub_str s = hub_str_trim(hub_str_from(w->text, w->at));
	char *out = hub_alloc(w->arena, s.len + 1);
	size_t n = 0, next;

	if (!out)
		return -1;
	for (size_t at = 0; at < s.len; at = next) {
		const int32_t c = hub_addr_peek(s, at, &next);
		const int digits = at && s.ptr[at - 1] >= '0' && s.ptr[at - 1] <= '9' &&
				   next < s.len && s.ptr[next] >= '0' && s.ptr[next] <= '9';
		if (digits && hub_char_is_dash(c)) {
			out[n++] = '-';
			continue;
		}
		memcpy(out + n, s.ptr + at, next - at);
		n += next - at;
	}
	w->out->rest = (struct hub_str){out, n};
	return 0;
}

/* ---- the whole ---- */

/* NFKC, no hidden characters, single spaces, no postal code in front. .ptr NULL: out of memory. */
static struct hub_str fold(struct hub_arena *a, struct hub_str text, unsigned *flags)
{
	struct hub_str s = hub_key_strip(a, text);
	if (s.ptr)
		s = hub_fold_width(a, s, 0, NULL);
	char *out = s.ptr ? hub_alloc(a, s.len + 1) : NULL;
	if (!out)
		return (struct hub_str){NULL, 0};

	s = hub_str_trim(s);
	const size_t mark = hub_addr_word(s, 0, "〒");
	if (mark) {
		size_t at = hub_addr_spaces(s, mark);
		while (at < s.len && ((s.ptr[at] >= '0' && s.ptr[at] <= '9') || s.ptr[at] == '-'))
			at++;
		s = hub_str_trim(hub_str_from(s, at));
		*flags |= HUB_ADDRESS_POSTAL;
	}
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char c =
		    s.ptr[i] == '\t' || s.ptr[i] == '\n' || s.ptr[i] == '\r' ? ' ' : s.ptr[i];
		if (c != ' ' || (n && out[n - 1] != ' '))
			out[n++] = c;
	}
	return (struct hub_str){out, n};
}

static const char *special_value(struct hub_str s)
{
	static const struct {
		const char *text, *reason;
	} values[] = {{"不明", "address-unknown"},      {"不詳", "address-unknown"},
		      {"住所不明", "address-unknown"},  {"住所不定", "no-fixed-address"},
		      {"住居なし", "no-fixed-address"}, {"不定", "no-fixed-address"},
		      {"同上", "same-as-above"},        {"〃", "same-as-above"},
		      {"同左", "same-as-above"}};

	for (size_t i = 0; i < HUB_COUNT(values); i++)
		if (hub_str_is(s, values[i].text))
			return values[i].reason;
	return NULL;
}

static int compose(struct work *w, const struct hub_pref *pref)
{
	struct hub_address *o = w->out;
	const struct hub_place *p = w->place;

	o->pref = hub_str_of(p ? p->pref : pref ? pref->name : "");
	if (p) {
		o->code = p->code;
		o->city = hub_arena_printf(w->arena, "%s%s%s", p->county, p->city,
					   w->ward ? p->ward : "");
	}
	const char *gap = o->block.len && o->rest.len ? " " : "";
	o->out =
	    hub_arena_printf(w->arena, "%.*s%.*s%.*s%.*s%s%.*s", HUB_FMT(o->pref), HUB_FMT(o->city),
			     HUB_FMT(o->town), HUB_FMT(o->block), gap, HUB_FMT(o->rest));
	o->level = o->block.len  ? HUB_ADDRESS_BLOCK
		   : o->town.len ? HUB_ADDRESS_TOWN
		   : p           ? HUB_ADDRESS_CITY
		   : pref        ? HUB_ADDRESS_PREF
				 : HUB_ADDRESS_NOWHERE;
	return o->out.ptr && (!p || o->city.ptr) ? 0 : -1;
}

static int split(struct work *w, const struct hub_address_opt *opt)
{
	const struct hub_pref *pref = find_pref(w);
	const int city = find_city(w, pref, opt);

	if (city && (read_town(w) || read_chome(w) || read_block(w)))
		return -1;
	return read_rest(w) || compose(w, pref) ? -1 : 0;
}

enum hub_address_rc hub_address_parse(struct hub_arena *a, struct hub_str text,
				      const struct hub_address_opt *opt, struct hub_address *out)
{
	*out = (struct hub_address){.reason = NULL};
	const struct hub_str s = fold(a, text, &out->flags);
	struct work w = {.arena = a, .text = s, .out = out};

	out->reason = "out-of-memory";
	if (!s.ptr)
		return HUB_ADDRESS_INVALID;
	out->reason = special_value(s);
	out->out = s;
	if (!s.len)
		return HUB_ADDRESS_NULL;
	if (out->reason)
		return HUB_ADDRESS_INVALID;
	int rc = split(&w, opt);
	if (!rc && out->level == HUB_ADDRESS_NOWHERE && opt && opt->home.len) {
		const struct hub_address_opt once = {.infer = 0};
		*out = (struct hub_address){.flags = out->flags};
		w = (struct work){.arena = a, .out = out};
		w.text = hub_arena_printf(a, "%.*s%.*s", HUB_FMT(opt->home), HUB_FMT(s));
		rc = w.text.ptr ? split(&w, &once) : -1;
	}
	if (rc)
		out->reason = "out-of-memory";
	else if (out->level == HUB_ADDRESS_NOWHERE && !out->reason)
		out->reason = "no-place";
	return rc || out->level == HUB_ADDRESS_NOWHERE ? HUB_ADDRESS_INVALID : HUB_ADDRESS_OK;
}

const char *hub_address_finding(unsigned flags, unsigned n)
{
	static const char *const names[] = {"prefecture-added", "city-inferred", "town-unknown",
					    "postal-code"};

	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (flags & 1u << i && n-- == 0)
			return names[i];
	return NULL;
}
