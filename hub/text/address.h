/* Japanese addresses: one spelling, split as far as it is certain. Municipalities and towns are
 * known (places.h); smaller names (小字), numbers and buildings are told apart by rules. */
#ifndef HUB_TEXT_ADDRESS_H
#define HUB_TEXT_ADDRESS_H

#include "base/arena.h"
#include "base/str.h"

enum hub_address_rc { HUB_ADDRESS_OK = 0, HUB_ADDRESS_NULL = 1, HUB_ADDRESS_INVALID = -1 };

enum hub_address_level {
	HUB_ADDRESS_NOWHERE = 0,
	HUB_ADDRESS_PREF = 1,
	HUB_ADDRESS_CITY = 2,
	HUB_ADDRESS_TOWN = 3,
	HUB_ADDRESS_BLOCK = 8,
};

enum hub_address_flag {
	HUB_ADDRESS_PREF_ADDED =
	    1, /* prefecture or county was not written, the municipality has one */
	HUB_ADDRESS_CITY_INFERRED = 2, /* from a town (or ward and town) that exists only once */
	HUB_ADDRESS_TOWN_UNKNOWN = 4,  /* town by rule, not from the list */
	HUB_ADDRESS_POSTAL = 8,        /* a postal code stood in front and was taken off */
};

struct hub_address_opt {
	struct hub_str
	    home;  /* "京都府京都市": stands in front when neither is written; may be empty */
	int infer; /* look for the city of a bare town: a search of the whole table */
};

/* Everything lives in the arena. out = pref city town block, a space, rest. */
struct hub_address {
	enum hub_address_level level;
	struct hub_str out, pref, city, town, block, rest;
	uint32_t code; /* of the municipality, five digits, 0 = none */
	unsigned flags;
	const char *reason;
};

/* opt may be NULL. Invalid: no place in it (reason no-place, city-ambiguous, address-unknown,
 * no-fixed-address, same-as-above); out then still holds the folded text. */
enum hub_address_rc hub_address_parse(struct hub_arena *a, struct hub_str text,
				      const struct hub_address_opt *opt, struct hub_address *out);
const char *hub_address_finding(unsigned flags, unsigned n);

#endif
