/* How a recipient sees what the gate lets pass: the part of a profile that rendering needs. */
#ifndef HUB_RELEASE_VIEW_H
#define HUB_RELEASE_VIEW_H

#include "release/gate.h"
#include "store/schema.h"

/* From strict to open: of two the smaller one holds. */
enum hub_show {
	HUB_SHOW_WITHHELD = 0, /* 【非提供】 in a text; the cell is absent in a table */
	HUB_SHOW_MASKED,       /* ●● */
	HUB_SHOW_PSEUDONYM, /* 【本人の母】 in a text; the same keyed name everywhere in a table */
	HUB_SHOW_GENERALISED, /* age band, prefecture and city */
	HUB_SHOW_AS_IS,
};

enum { HUB_CLASSES = HUB_C_OPERATIONAL + 1 };

struct hub_view {
	enum hub_show by_class[HUB_CLASSES]; /* of what the gate allows, by enum hub_fclass */
	enum hub_show masked; /* in texts, of what the gate masks: HUB_SHOW_MASKED or _PSEUDONYM */
	int32_t day;          /* ages are counted on this day */
};

/* A field of a profile, and how it is shown when the gate allows it. */
struct hub_view_field {
	const struct hub_field *field;
	enum hub_show show;
};

/* Words of profiles: "as_is", "masked", ...; static. */
const char *hub_show_name(enum hub_show show);

static inline enum hub_show hub_show_stricter(enum hub_show a, enum hub_show b)
{
	return a < b ? a : b;
}

/* Of a span or a whole text; show: of its class or field when the gate allows it. */
static inline enum hub_show hub_view_of(const struct hub_view *v, enum hub_show show,
					enum hub_decision d)
{
	if (d == HUB_WITHHOLD)
		return HUB_SHOW_WITHHELD;
	return d == HUB_ALLOW ? show : hub_show_stricter(show, v->masked);
}

/* Of a value in a column: a masked one is always ●●, for a pseudonym would tell two people apart. */
static inline enum hub_show hub_show_value(enum hub_show show, enum hub_decision d)
{
	if (d == HUB_WITHHOLD)
		return HUB_SHOW_WITHHELD;
	return d == HUB_ALLOW ? show : hub_show_stricter(show, HUB_SHOW_MASKED);
}

#endif
