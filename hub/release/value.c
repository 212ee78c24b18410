#include "release/value.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "text/address.h"
#include "text/date.h"

#include <stdio.h>

static const struct hub_str nothing = {"", 0};

struct hub_str hub_age_band(struct hub_arena *a, struct hub_str birth, int32_t day)
{
	int32_t first, last;
	int64_t y, y2;
	unsigned m, dd, m2, dd2;

	if (!hub_date_days(birth, &first, &last) || last > day)
		return nothing;
	/* a year or month of birth counts as its last day: the lower of two possible ages */
	hub_days_to(last, &y, &m, &dd);
	hub_days_to(day, &y2, &m2, &dd2);
	const int64_t age = y2 - y - (m2 < m || (m2 == m && dd2 < dd));

	if (age < 10)
		return HUB_STR("10歳未満");
	if (age >= 90) /* few people: nobody may be found by a high age */
		return HUB_STR("90歳以上");
	return hub_arena_printf(a, "%d代", (int)(age / 10 * 10));
}

struct hub_str hub_place_of(struct hub_arena *a, struct hub_str address)
{
	struct hub_address p;

	if (hub_address_parse(a, address, NULL, &p) != HUB_ADDRESS_OK || p.city.len == 0)
		return nothing;
	return hub_arena_printf(a, "%.*s%.*s", HUB_FMT(p.pref), HUB_FMT(p.city));
}

/* The era a day belongs to, and its first year; the last one that has begun. */
static const char *era_of(int32_t day, int64_t *year_one)
{
	static const struct {
		int32_t from;
		int64_t year_one;
		const char *name;
	} eras[] = {{18017, 2019, "令和"},
		    {6947, 1989, "平成"},
		    {-15713, 1926, "昭和"},
		    {-20974, 1912, "大正"},
		    {-35428, 1868, "明治"}}; /* 1873-01-01: the calendar of today begins */

	for (size_t i = 0; i < HUB_COUNT(eras); i++)
		if (day >= eras[i].from) {
			*year_one = eras[i].year_one;
			return eras[i].name;
		}
	return NULL;
}

/* "-07" at *at of an ISO date; 0 when there is none. */
static unsigned iso_part(struct hub_str s, size_t *at)
{
	int64_t v;

	if (*at + 3 > s.len || s.ptr[*at] != '-' ||
	    hub_parse_i64(hub_str_cut(s, *at + 1, *at + 3), 1, 31, &v))
		return 0;
	*at += 3;
	return (unsigned)v;
}

struct hub_str hub_wareki(struct hub_arena *a, struct hub_str iso)
{
	char year[16], month[24] = "", day[24] = "";
	int64_t y, one;
	size_t at = 4;

	if (iso.len < 4 || hub_parse_i64(hub_str_cut(iso, 0, 4), 1873, 9999, &y))
		return iso;
	const unsigned m = iso_part(iso, &at), d = m ? iso_part(iso, &at) : 0;
	/* a year alone may have two eras, and a range two dates */
	const char *era = m ? era_of((int32_t)hub_days_of(y, m, d ? d : 1), &one) : NULL;
	if (!era || (at < iso.len && iso.ptr[at] != 'T'))
		return iso;
	snprintf(year, sizeof year, "%d", (int)(y - one + 1));
	snprintf(month, sizeof month, "%u月", m);
	if (d)
		snprintf(day, sizeof day, "%u日", d);
	const struct hub_str time =
	    at < iso.len ? hub_str_cut(iso, at + 1, at + 6 < iso.len ? at + 6 : iso.len)
			 : HUB_STR("");
	return hub_arena_printf(a, "%s%s年%s%s%s%.*s", era, y == one ? "元" : year, month, day,
				time.len ? " " : "", HUB_FMT(time));
}

static void put_label(struct hub_buf *b, const struct hub_codes *list, struct hub_str text)
{
	const struct hub_code *code = hub_code_find(list, text);

	hub_buf_str(b, code ? code->label : text);
}

int hub_code_labels(struct hub_arena *a, const struct hub_field *field, struct hub_str text,
		    struct hub_str *out)
{
	static const char *const people[] = {"person", "household_member", "relationship"};
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 20);
	if (hub_str_among(field->entity->name, people, HUB_COUNT(people)))
		return 0;
	json_t *all = field->type == HUB_F_CODES ? hub_json_read(text, 0, NULL) : NULL;
	if (!all && field->type == HUB_F_CODES && errno == ENOMEM)
		return -1;
	if (!all)
		put_label(&b, field->codes, text);
	for (size_t i = 0; i < json_array_size(all); i++) {
		const char *one = json_string_value(json_array_get(all, i));
		hub_buf_puts(&b, i ? "、" : "");
		put_label(&b, field->codes, hub_str_of(one ? one : ""));
	}
	json_decref(all);
	*out = hub_buf_keep(&b, a);
	return out->ptr ? 0 : -1;
}

struct hub_str hub_pseudonym(struct hub_arena *a, struct hub_str key, struct hub_str scope,
			     struct hub_str text)
{
	/* no vowels, nothing that looks alike: no word comes out by chance */
	static const char letters[] = "23456789bcdfghjkmnpqrstvwxz";
	uint8_t mac[HUB_SHA256];
	const struct hub_str in =
	    hub_arena_printf(a, "name:%zu:%.*s:%.*s", scope.len, HUB_FMT(scope), HUB_FMT(text));
	char *out = hub_alloc(a, 17);

	if (!in.ptr || !out || hub_hmac(key, in, mac))
		return (struct hub_str){NULL, 0};
	for (int i = 0; i < 16; i++) {
		const unsigned pair = (unsigned)mac[2 * i] << 8 | mac[2 * i + 1];
		out[i] = letters[pair % (sizeof letters - 1)];
	}
	out[16] = '\0';
	return (struct hub_str){out, 16};
}

static int is_birth_date(const struct hub_field *f)
{
	return f->type == HUB_F_DATE && f->pclass == HUB_C_QUASI &&
	       hub_str_starts(f->name, HUB_STR("birth"));
}

static int is_text(const struct hub_field *f)
{
	switch (f->type) {
	case HUB_F_TEXT:
	case HUB_F_NARRATIVE:
	case HUB_F_NAME:
	case HUB_F_KANA:
	case HUB_F_ADDRESS:
	case HUB_F_ID:
		return 1;
	default:
		return 0;
	}
}

/* Age band of a birth date, municipality of an address. */
static struct hub_str generalise(struct hub_arena *a, struct hub_str value,
				 const struct hub_field *f, int32_t day)
{
	if (is_birth_date(f))
		return hub_age_band(a, value, day);
	return f->type == HUB_F_ADDRESS ? hub_place_of(a, value) : nothing;
}

struct hub_str hub_value_show(struct hub_arena *a, struct hub_str value,
			      const struct hub_field *field, enum hub_show show, int32_t day,
			      struct hub_str key, enum hub_shown *shown)
{
	*shown = HUB_AS_IS;
	if (value.len == 0 || show == HUB_SHOW_AS_IS)
		return value;
	*shown = HUB_WITHHELD;
	if (show == HUB_SHOW_WITHHELD)
		return nothing;
	if (show == HUB_SHOW_GENERALISED) {
		const struct hub_str g = generalise(a, value, field, day);
		*shown = HUB_GENERALISED;
		if (!g.ptr || g.len)
			return g;
	}
	*shown = HUB_PSEUDONYM;
	if (show == HUB_SHOW_PSEUDONYM && field->pclass == HUB_C_IDENTIFIER && is_text(field))
		return hub_pseudonym(a, key, field->name, value);
	*shown = HUB_MASKED;
	return HUB_STR("●●");
}
