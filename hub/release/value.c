#include "release/value.h"

#include "base/clock.h"
#include "base/hash.h"
#include "text/date.h"

static const struct hub_str nothing = {"", 0};

struct hub_str hub_age_band(struct hub_arena *a, struct hub_str birth, int32_t day)
{
	struct hub_date d;
	int64_t y, y2;
	unsigned m, dd, m2, dd2;

	if (hub_date_parse(birth, NULL, &d) != HUB_DATE_OK || d.precision == HUB_DATE_UNKNOWN ||
	    d.to > day)
		return nothing;
	/* a year or month of birth counts as its last day: the lower of two possible ages */
	hub_days_to(d.to, &y, &m, &dd);
	hub_days_to(day, &y2, &m2, &dd2);
	const int64_t age = y2 - y - (m2 < m || (m2 == m && dd2 < dd));

	if (age < 10)
		return HUB_STR("10歳未満");
	if (age >= 90) /* few people: nobody may be found by a high age */
		return HUB_STR("90歳以上");
	return hub_arena_printf(a, "%d代", (int)(age / 10 * 10));
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

/* The year of a date, the age band of a birth date. */
static struct hub_str generalise(struct hub_arena *a, struct hub_str value,
				 const struct hub_field *f, int32_t day)
{
	if (is_birth_date(f))
		return hub_age_band(a, value, day);
	return nothing;
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
