/* Prefectures, municipalities, wards and their towns, as of the list the table was made from
 * (gen_places.py). Sorted by prefecture. Internal to hub/text. */
#ifndef HUB_TEXT_PLACES_H
#define HUB_TEXT_PLACES_H

#include <stdint.h>

struct hub_place {
	uint32_t code; /* 全国地方公共団体コード without check digit: 1101 */
	const char *pref, *county, *city, *ward; /* county and ward may be "" */
	const char *towns; /* "旭ケ丘\n大通東*\n...": '*' = divided into 丁目 */
};

enum { HUB_PREFS = 47 };

/* The places of prefecture i are hub_places[first of i] up to before first of i + 1. */
struct hub_pref {
	const char *name;
	uint32_t first;
};

extern const struct hub_place hub_places[];
extern const struct hub_pref hub_prefs[HUB_PREFS + 1];

#endif
