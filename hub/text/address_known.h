/* The part of an address that stands in the list of places: prefecture, municipality, town. Internal. */
#ifndef HUB_TEXT_ADDRESS_KNOWN_H
#define HUB_TEXT_ADDRESS_KNOWN_H

#include "text/address.h"
#include "text/places.h"

/* The work in hand: text is the folded whole, at is how far it is understood. */
struct hub_addr_work {
	struct hub_arena *arena;
	struct hub_str text;
	size_t at;
	const struct hub_place *place; /* of the city, NULL when none */
	int ward;                      /* the ward was named, too */
	int chome;                     /* the town is divided into 丁目 */
	struct hub_address *out;
};

/* Each goes on at w->at and moves it behind what it found. NULL: no prefecture stands there. */
const struct hub_pref *hub_addr_find_pref(struct hub_addr_work *w);
/* The municipality into w->place; pref NULL: of all Japan. 0 when none can be told. */
int hub_addr_find_city(struct hub_addr_work *w, const struct hub_pref *pref,
		       const struct hub_address_opt *opt);
/* The longest town of the place; for a city named without its ward, of all its wards. Offset behind it or 0 (w->at
 * stays); *name_at is where its name begins. */
size_t hub_addr_find_town(struct hub_addr_work *w, struct hub_str *town, size_t *name_at);

#endif
