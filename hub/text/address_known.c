#include "text/address_known.h"

#include "text/addrlex.h"

const struct hub_pref *hub_addr_find_pref(struct hub_addr_work *w)
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
static struct city longest_city(const struct hub_addr_work *w, const struct hub_pref *pref)
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
static struct city by_town(const struct hub_addr_work *w, const struct hub_pref *pref)
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
static struct city by_bare_town(const struct hub_addr_work *w)
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

int hub_addr_find_city(struct hub_addr_work *w, const struct hub_pref *pref,
		       const struct hub_address_opt *opt)
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

size_t hub_addr_find_town(struct hub_addr_work *w, struct hub_str *town, size_t *name_at)
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
