/* GET /v1/search/resources (社会資源) and /schemes (制度): public data of the store, as the asker's view has it. */
#include "plain.h"
#include "search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RADIUS 6371000.0
#define PI     3.14159265358979323846

double search_distance(double lat1, double lon1, double lat2, double lon2)
{
	const double k = PI / 180, a = sin((lat2 - lat1) * k / 2), b = sin((lon2 - lon1) * k / 2);
	const double h = a * a + cos(lat1 * k) * cos(lat2 * k) * b * b;

	return 2 * RADIUS * asin(sqrt(h < 1 ? h : 1));
}

static int has(struct hub_str s, const char *word)
{
	const size_t n = strlen(word);

	for (size_t i = 0; i + n <= s.len; i++)
		if (memcmp(s.ptr + i, word, n) == 0)
			return 1;
	return 0;
}

/* Number of the day that stands at `at` (月 0 .. 日 6); -1: none. All have three bytes. */
static int day_at(struct hub_str s, size_t at)
{
	static const char *const days[] = {"月", "火", "水", "木", "金", "土", "日"};

	for (int i = 0; i < 7; i++)
		if (at + 3 <= s.len && memcmp(s.ptr + at, days[i], 3) == 0)
			return i;
	return -1;
}

/* Behind a day: is it the first of a range? Its length then. */
static size_t range_at(struct hub_str s, size_t at)
{
	static const char *const signs[] = {"～", "〜", "－", "ー", "-", "~", "から"};

	if (at + 6 <= s.len && memcmp(s.ptr + at, "曜", 3) == 0)
		at += memcmp(s.ptr + at + 3, "日", 3) == 0 ? 6 : 3;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		const size_t n = strlen(signs[i]);
		if (at + n <= s.len && memcmp(s.ptr + at, signs[i], n) == 0)
			return at + n;
	}
	return 0;
}

/* 日 of 曜日, 祝日 and of a date is no Sunday, 月 of 毎月 and of a date no Monday, 金 of 料金 no Friday. */
static int is_part_of_word(struct hub_str s, size_t at)
{
	static const char *const before[] = {"曜", "平", "祝", "休", "毎", "翌", "前",
					     "料", "当", "定", "０", "１", "２", "３",
					     "４", "５", "６", "７", "８", "９"};

	if (at + 6 <= s.len && memcmp(s.ptr + at + 3, "曜", 3) == 0)
		return 0; /* 第3月曜 */
	if (at > 0 && s.ptr[at - 1] >= '0' && s.ptr[at - 1] <= '9')
		return 1;
	for (size_t i = 0; at >= 3 && i < sizeof before / sizeof *before; i++)
		if (memcmp(s.ptr + at - 3, before[i], 3) == 0)
			return 1;
	return 0;
}

static int is_at(struct hub_str s, size_t at, const char *word)
{
	const size_t n = strlen(word);

	return at + n <= s.len && memcmp(s.ptr + at, word, n) == 0;
}

/* Bit i: the day i is named, alone or in a range. What stands in brackets is about single days. */
static unsigned named_days(struct hub_str s)
{
	unsigned days = has(s, "平日") && !has(s, "翌平日") ? 0x1f : 0;
	int deep = 0;

	for (size_t at = 0; at < s.len; at++) {
		const int first = day_at(s, at);
		deep += is_at(s, at, "（") || s.ptr[at] == '(';
		deep -= deep && (is_at(s, at, "）") || s.ptr[at] == ')');
		if (deep || first < 0 || is_part_of_word(s, at))
			continue;
		const size_t next = range_at(s, at + 3);
		const int last = next ? day_at(s, next) : -1;
		days |= 1u << first;
		for (int d = first; last > first && d <= last; d++)
			days |= 1u << d;
	}
	return days;
}

/* "休館 水曜": a list of days off alone. 第3月曜 is one of some Mondays. */
static int is_not_off(struct hub_str off, int weekday)
{
	const unsigned days = named_days(off);

	if (has(off, "不定") || (!days && !has(off, "年末")))
		return -1;
	return days >> weekday & 1 ? (has(off, "第") ? -1 : 0) : 1;
}

int search_open_on(struct hub_str days, int weekday)
{
	const unsigned open = named_days(days);

	if (days.len == 0)
		return -1;
	if (has(days, "年中無休"))
		return 1;
	if (days.len > 3 && memcmp(days.ptr, "休", 3) == 0)
		return is_not_off(days, weekday);
	if (has(days, "休"))
		return -1; /* both in one cell */
	if (has(days, "毎日"))
		return 1;
	return open ? (int)(open >> weekday & 1) : -1;
}

/* --- what is asked ----------------------------------------------------------------------------------------- */

static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
enum { R_WORDS, R_KIND, R_AREA, R_LAT, R_LON, R_TOWN, R_WITHIN, R_OPEN, R_ENDED, R_SINCE };
enum { S_WORDS, S_LAW, S_ENDED, S_SINCE };

const struct hub_member search_resources_query[] = {
    {HUB_MEMBER("q", TEXT, 0, HUB_N("words of name, service, targets"), .max = 200)},
    {HUB_MEMBER("kind", TEXT, 0, HUB_N("code of resource_kind"), .max = 64)},
    {HUB_MEMBER("area", TEXT, 0, HUB_N("word of its area or address"), .max = 64)},
    {HUB_MEMBER("lat", TEXT, 0, HUB_N("latitude to measure from"), .max = 20)},
    {HUB_MEMBER("lon", TEXT, 0, HUB_N("longitude to measure from"), .max = 20)},
    {HUB_MEMBER("near", TEXT, 0, HUB_N("town to measure from: the middle of the resources in it"),
		.max = 64)},
    {HUB_MEMBER("within", INT, 0, HUB_N("metres"), .min = 1, .max = 1000000)},
    {HUB_MEMBER("open", WORD, 0, HUB_N("open on that day"), .words = weekdays)},
    {HUB_MEMBER("ended", BOOL, 0, HUB_N("also those that have ended"))},
    {HUB_MEMBER("confirmed_since", DATE, 0,
		HUB_N("confirmed on that day or later; where the list does not say, loaded"))},
    {.name = NULL}};

#define AGE                                                                        \
	{HUB_MEMBER("confirmed_on", DATE, HUB_M_NULLABLE,                          \
		    HUB_N("when its keeper confirmed it, as the list says"))},     \
	    {HUB_MEMBER("loaded_on", DATE, HUB_M_NULLABLE,                         \
			HUB_N("when the list was last loaded with it"))},          \
	{                                                                          \
		HUB_MEMBER("stale", BOOL, HUB_M_NULLABLE,                          \
			   HUB_N("longer ago than stale_months; null: not known")) \
	}
const struct hub_member search_resources_reply[] = {
    {HUB_MEMBER("key", TEXT, HUB_M_NULLABLE, HUB_N("key of the resource"))},
    {HUB_MEMBER("name", TEXT, HUB_M_NULLABLE, HUB_N("its name"))},
    {HUB_MEMBER("kind", TEXT, HUB_M_NULLABLE, HUB_N("code of resource_kind"))},
    {HUB_MEMBER("type", TEXT, HUB_M_NULLABLE, HUB_N("kind of its service"))},
    {HUB_MEMBER("address", TEXT, HUB_M_NULLABLE, HUB_N("its address"))},
    {HUB_MEMBER("phone", TEXT, HUB_M_NULLABLE, HUB_N("its telephone"))},
    {HUB_MEMBER("url", TEXT, HUB_M_NULLABLE, HUB_N("its page"))},
    {HUB_MEMBER("targets", TEXT, HUB_M_NULLABLE, HUB_N("whom it is for"))},
    {HUB_MEMBER("open_days", TEXT, HUB_M_NULLABLE, HUB_N("when it is open, as written"))},
    {HUB_MEMBER("open_time", TEXT, HUB_M_NULLABLE, HUB_N("its hours"))},
    {HUB_MEMBER("distance", INT, HUB_M_NULLABLE, HUB_N("metres; null: not known"))},
    {HUB_MEMBER("since", TEXT, HUB_M_NULLABLE, HUB_N("since when it is known to work"))},
    {HUB_MEMBER("ended_on", TEXT, HUB_M_NULLABLE, HUB_N("day it ended"))},
    AGE,
    {.name = NULL}};

/* Decimal degrees; 0 when the text is none. */
static int read_degrees(struct hub_str s, double *out)
{
	double v = 0, unit = 0;
	size_t i = s.len && s.ptr[0] == '-';

	for (; i < s.len; i++) {
		if (s.ptr[i] == '.' && unit == 0)
			unit = 1;
		else if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return 0;
		else if (unit > 0)
			v += (s.ptr[i] - '0') * (unit /= 10);
		else
			v = v * 10 + (s.ptr[i] - '0');
	}
	*out = s.len && s.ptr[0] == '-' ? -v : v;
	return s.len > 0 && v <= 180;
}

/* --- rows ---------------------------------------------------------------------------------------------------- */

struct place {
	struct deskrow row;
	struct search_age age;
	double lat, lon;
	int known;      /* where it is */
	int64_t metres; /* -1: not known */
};
struct places {
	const struct search *s;
	struct hub_call *c;
	struct hub_str words, area; /* folded */
	struct place *at;
	uint32_t n, room;
	double lat, lon;
	int measured;
	struct hub_err *err;
};

static int no_memory(const struct places *p)
{
	return NO_MEMORY(p->s->host, p->err);
}

static int fold(const struct places *p, struct hub_str in, struct hub_str *out)
{
	*out = (struct hub_str){"", 0};
	if (in.len == 0)
		return HUB_OK;
	/* a name's fold knows variants and widths; readings as katakana */
	const int rc = p->s->host->fold(p->c->ctx, NULL, HUB_FOLD_KANA, in, out);
	return rc || out->ptr ? rc : no_memory(p);
}

static int contains(struct hub_str s, struct hub_str word)
{
	for (size_t i = 0; word.len && i + word.len <= s.len; i++)
		if (memcmp(s.ptr + i, word.ptr, word.len) == 0)
			return 1;
	return word.len == 0;
}

/* Every word of the question in one of the fields. */
static int fits_words(const struct places *p, const struct deskrow *row, const char *const *fields,
		      int *fits)
{
	struct hub_str rest = p->words;

	*fits = 1;
	while (rest.len && *fits) {
		size_t n = 0;
		while (n < rest.len && rest.ptr[n] != ' ')
			n++;
		int found = n == 0;
		for (size_t i = 0; fields[i] && !found; i++) {
			struct hub_str text;
			const int rc = fold(p, deskrow_text(row, fields[i]), &text);
			if (rc)
				return rc;
			found = contains(text, (struct hub_str){rest.ptr, n});
		}
		*fits = found;
		n += n < rest.len;
		rest = (struct hub_str){rest.ptr + n, rest.len - n};
	}
	return HUB_OK;
}

static int add(struct places *p, const struct deskrow *row, const struct hub_val *since)
{
	const struct search_age age = search_age_of(row);

	if (search_is_before(&age, since))
		return HUB_OK;
	struct place *at = desk_grow(p->s->desk, p->c, p->at, p->n, &p->room, sizeof *at);

	if (!at)
		return no_memory(p);
	p->at = at;
	at += p->n++;
	*at = (struct place){.row = *row, .age = age, .metres = -1};
	at->known = read_degrees(deskrow_text(row, "latitude"), &at->lat) &&
		    read_degrees(deskrow_text(row, "longitude"), &at->lon);
	return HUB_OK;
}

static int on_resource(const struct deskrow *row)
{
	static const char *const fields[] = {"resource_name", "resource_kana", "resource_type",
					     "targets",       "resource_note", NULL};
	struct places *p = row->arg;
	const struct hub_val *q = p->c->query;
	const int32_t ended = deskrow_day(row, "ended_on");
	struct hub_str area, address;
	int fits, rc;

	if (q[R_KIND].type == HUB_VAL_TEXT &&
	    !str_same(deskrow_text(row, "resource_kind"), q[R_KIND].s))
		return HUB_OK;
	if (ended != DESKROW_NO_DAY && ended <= p->c->today &&
	    !(q[R_ENDED].type == HUB_VAL_BOOL && q[R_ENDED].i))
		return HUB_OK;
	if ((rc = fold(p, deskrow_text(row, "area"), &area)) ||
	    (rc = fold(p, deskrow_text(row, "address"), &address)) ||
	    (rc = fits_words(p, row, fields, &fits)))
		return rc;
	if (!fits || (p->area.len && !contains(area, p->area) && !contains(address, p->area)))
		return HUB_OK;
	return add(p, row, &q[R_SINCE]);
}

/* --- distance --------------------------------------------------------------------------------------------- */

struct middle {
	const struct places *p;
	struct hub_str town;
	double lat, lon;
	uint32_t n;
};

static int on_town(const struct deskrow *row)
{
	struct middle *m = row->arg;
	struct hub_str address;
	double lat, lon;
	const int rc = fold(m->p, deskrow_text(row, "address"), &address);

	if (rc || !contains(address, m->town) ||
	    !read_degrees(deskrow_text(row, "latitude"), &lat) ||
	    !read_degrees(deskrow_text(row, "longitude"), &lon))
		return rc;
	m->lat += lat;
	m->lon += lon;
	m->n++;
	return HUB_OK;
}

static const char *const resource_fields[] = {"resource_name",
					      "resource_kana",
					      "resource_kind",
					      "resource_type",
					      "address",
					      "phone",
					      "url",
					      "targets",
					      "open_days",
					      "open_time",
					      "latitude",
					      "longitude",
					      "area",
					      "resource_note",
					      "designated_on",
					      "ended_on",
					      "confirmed_on",
					      "loaded_on",
					      NULL};

static struct desklook look_at(const struct places *p, const char *entity, void *arg)
{
	return (struct desklook){
	    .desk = p->s->desk, .call = p->c, .look = {.entity = entity}, .arg = arg};
}

/* Where to measure from: coordinates, or the middle of what is known in the town. */
static int find_middle(struct places *p)
{
	const struct hub_val *q = p->c->query;
	struct middle m = {.p = p};
	struct desklook l = look_at(p, "resource", &m);
	int rc;

	if (q[R_LAT].type == HUB_VAL_TEXT || q[R_LON].type == HUB_VAL_TEXT) {
		p->measured = q[R_LAT].type == q[R_LON].type && read_degrees(q[R_LAT].s, &p->lat) &&
			      read_degrees(q[R_LON].s, &p->lon);
		return p->measured ? HUB_OK
				   : p->s->desk->refuse(p->c, 400, p->err, "bad-place",
							"lat and lon are decimal degrees");
	}
	if (q[R_TOWN].type != HUB_VAL_TEXT && q[R_WITHIN].type == HUB_VAL_INT)
		return p->s->desk->refuse(
		    p->c, 400, p->err, "bad-place",
		    "within wants a place to measure from: lat and lon, or near");
	if (q[R_TOWN].type != HUB_VAL_TEXT)
		return HUB_OK;
	l.look.field = resource_fields;
	if ((rc = fold(p, q[R_TOWN].s, &m.town)) || (rc = desklook_each(&l, on_town, p->err)))
		return rc;
	if (!m.n)
		return p->s->desk->refuse(p->c, 404, p->err, "no-town",
					  "nothing with coordinates is known in that town");
	p->lat = m.lat / m.n;
	p->lon = m.lon / m.n;
	p->measured = 1;
	return HUB_OK;
}

static int nearer(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	if (a->metres != b->metres) /* unknown ones last */
		return (uint64_t)a->metres < (uint64_t)b->metres ? -1 : 1;
	const int names = desk_order(deskrow_text(&a->row, "resource_name"),
				     deskrow_text(&b->row, "resource_name"));
	return names ? names
		     : desk_order(deskrow_text(&a->row, "key"), deskrow_text(&b->row, "key"));
}

/* Distances, and who is too far or closed goes. */
static void measure(struct places *p)
{
	const struct hub_val *q = p->c->query;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < p->n; i++) {
		struct place *at = &p->at[i];
		if (p->measured && at->known)
			at->metres =
			    (int64_t)(search_distance(p->lat, p->lon, at->lat, at->lon) + 0.5);
		const int far = q[R_WITHIN].type == HUB_VAL_INT &&
				(at->metres < 0 || at->metres > q[R_WITHIN].i);
		int shut = 0;
		for (int d = 0; q[R_OPEN].type == HUB_VAL_TEXT && d < 7; d++)
			if (str_same(q[R_OPEN].s, str_of(weekdays[d])))
				shut = search_open_on(deskrow_text(&at->row, "open_days"), d) != 1;
		if (!far && !shut)
			p->at[kept++] = *at;
	}
	p->n = kept;
	if (kept > 1)
		qsort(p->at, kept, sizeof *p->at, nearer);
}

/* --- the answer ---------------------------------------------------------------------------------------------- */

static void say(const struct places *p, const struct place *at, const char *name, const char *field)
{
	const struct hub_str v = deskrow_text(&at->row, field);

	p->s->desk->text(p->c, name, v.len ? v : (struct hub_str){NULL, 0});
}

struct shown {
	const char *name, *field;
};

/* How many came on the pages before. */
static int read_place(struct hub_str after, uint32_t *from)
{
	for (size_t i = 0; i < after.len; i++) {
		if (after.ptr[i] < '0' || after.ptr[i] > '9' || i == 8)
			return 0;
		*from = *from * 10 + (uint32_t)(after.ptr[i] - '0');
	}
	return 1;
}

static int say_page(const struct places *p, const struct shown *shown, int distance)
{
	const struct hub_desk *d = p->s->desk;
	const struct hub_val none = {.type = HUB_VAL_NULL};
	uint32_t from = 0;
	char next[16];
	size_t n = 0;

	if (!read_place(p->c->after, &from))
		return d->refuse(p->c, 400, p->err, "bad-cursor",
				 "after is not from a page before");
	for (uint32_t i = from; i < p->n && i - from < p->c->limit; i++) {
		d->open(p->c, NULL, 0);
		for (size_t k = 0; shown[k].name; k++)
			say(p, &p->at[i], shown[k].name, shown[k].field);
		if (distance && p->at[i].metres >= 0)
			d->number(p->c, "distance", p->at[i].metres);
		else if (distance)
			d->say(p->c, "distance", &none);
		search_say_age(p->s, p->c, &p->at[i].age);
		d->close(p->c);
	}
	if (from >= p->n || p->n - from <= p->c->limit)
		return HUB_OK;
	for (uint32_t v = from + p->c->limit; v > 0; v /= 10)
		next[sizeof next - ++n] = (char)('0' + v % 10);
	d->next(p->c, (struct hub_str){next + sizeof next - n, n});
	return HUB_OK;
}

int search_resources(void *self, struct hub_call *c, struct hub_err *err)
{
	static const struct shown shown[] = {{"key", "key"},
					     {"name", "resource_name"},
					     {"kind", "resource_kind"},
					     {"type", "resource_type"},
					     {"address", "address"},
					     {"phone", "phone"},
					     {"url", "url"},
					     {"targets", "targets"},
					     {"open_days", "open_days"},
					     {"open_time", "open_time"},
					     {"since", "designated_on"},
					     {"ended_on", "ended_on"},
					     {NULL, NULL}};
	struct places p = {.s = self, .c = c, .err = err};
	struct desklook l = look_at(&p, "resource", &p);
	int rc;

	l.look.field = resource_fields;
	if ((rc = fold(&p, search_text(&c->query[R_WORDS]), &p.words)) ||
	    (rc = fold(&p, search_text(&c->query[R_AREA]), &p.area)) || (rc = find_middle(&p)) ||
	    (rc = desklook_each(&l, on_resource, err)))
		return rc;
	measure(&p);
	return say_page(&p, shown, 1);
}

/* --- schemes ------------------------------------------------------------------------------------------------- */

const struct hub_member search_schemes_query[] = {
    {HUB_MEMBER("q", TEXT, 0, HUB_N("words of name, summary, targets"), .max = 200)},
    {HUB_MEMBER("law", TEXT, 0, HUB_N("word of the law it rests on"), .max = 100)},
    {HUB_MEMBER("ended", BOOL, 0, HUB_N("also those that have ended"))},
    {HUB_MEMBER("confirmed_since", DATE, 0,
		HUB_N("confirmed on that day or later; where the list does not say, loaded"))},
    {.name = NULL}};
const struct hub_member search_schemes_reply[] = {
    {HUB_MEMBER("key", TEXT, HUB_M_NULLABLE, HUB_N("key of the scheme"))},
    {HUB_MEMBER("name", TEXT, HUB_M_NULLABLE, HUB_N("its name"))},
    {HUB_MEMBER("law", TEXT, HUB_M_NULLABLE, HUB_N("the law it rests on"))},
    {HUB_MEMBER("summary", TEXT, HUB_M_NULLABLE, HUB_N("what it is about"))},
    {HUB_MEMBER("targets", TEXT, HUB_M_NULLABLE, HUB_N("whom it is for"))},
    {HUB_MEMBER("conditions", TEXT, HUB_M_NULLABLE, HUB_N("its conditions"))},
    {HUB_MEMBER("how_to_apply", TEXT, HUB_M_NULLABLE, HUB_N("how to apply"))},
    {HUB_MEMBER("desk", TEXT, HUB_M_NULLABLE, HUB_N("where to apply"))},
    {HUB_MEMBER("url", TEXT, HUB_M_NULLABLE, HUB_N("its page"))},
    {HUB_MEMBER("valid_from", TEXT, HUB_M_NULLABLE, HUB_N("since when"))},
    {HUB_MEMBER("valid_to", TEXT, HUB_M_NULLABLE, HUB_N("valid until"))},
    AGE,
    {.name = NULL}};

static int on_scheme(const struct deskrow *row)
{
	static const char *const fields[] = {"scheme_name", "summary", "targets", "conditions",
					     NULL};
	struct places *p = row->arg;
	const struct hub_val *q = p->c->query;
	const int32_t to = deskrow_day(row, "valid_to");
	struct hub_str law;
	int fits, rc;

	if (to != DESKROW_NO_DAY && to < p->c->today &&
	    !(q[S_ENDED].type == HUB_VAL_BOOL && q[S_ENDED].i))
		return HUB_OK;
	if ((rc = fold(p, deskrow_text(row, "law"), &law)) ||
	    (rc = fits_words(p, row, fields, &fits)))
		return rc;
	return fits && contains(law, p->area) ? add(p, row, &q[S_SINCE]) : HUB_OK;
}

static int by_name(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	return desk_order(deskrow_text(&a->row, "scheme_name"),
			  deskrow_text(&b->row, "scheme_name"));
}

int search_schemes(void *self, struct hub_call *c, struct hub_err *err)
{
	static const char *const fields[] = {
	    "scheme_name",  "law",        "summary",  "targets",      "conditions", "desk", "url",
	    "how_to_apply", "valid_from", "valid_to", "confirmed_on", "loaded_on",  NULL};
	static const struct shown shown[] = {
	    {"key", "key"},           {"name", "scheme_name"},
	    {"law", "law"},           {"summary", "summary"},
	    {"targets", "targets"},   {"conditions", "conditions"},
	    {"desk", "desk"},         {"how_to_apply", "how_to_apply"},
	    {"url", "url"},           {"valid_from", "valid_from"},
	    {"valid_to", "valid_to"}, {NULL, NULL}};
	struct places p = {.s = self, .c = c, .err = err};
	struct desklook l = look_at(&p, "scheme", &p);
	int rc;

	l.look.field = fields;
	if ((rc = fold(&p, search_text(&c->query[S_WORDS]), &p.words)) ||
	    (rc = fold(&p, search_text(&c->query[S_LAW]), &p.area)) ||
	    (rc = desklook_each(&l, on_scheme, err)))
		return rc;
	if (p.n > 1)
		qsort(p.at, p.n, sizeof *p.at, by_name);
	return say_page(&p, shown, 0);
}
