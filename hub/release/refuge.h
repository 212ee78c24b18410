/* Addresses and phone numbers of households under display restriction (支援措置), wherever they stand: in the text
 * of another client's case (a former husband says where he thinks she lives), in a field about a relative
 * that no link makes a person of the store. They are withheld from everyone, whoever the text or row is about; so are
 * those of households from whom a recipient is barred, from that one. */
#ifndef HUB_RELEASE_REFUGE_H
#define HUB_RELEASE_REFUGE_H

#include "base/map.h"

struct hub_refuges;

/* marks: keys "a" + address, "t" + phone number, "f" + facility, others are passed over. Lives in the arena. NULL: out of
 * memory. */
struct hub_refuges *hub_refuges_new(struct hub_arena *a, const struct hub_map *marks);
/* A copy that finds what `more` has as well. */
struct hub_refuges *hub_refuges_and(struct hub_arena *a, const struct hub_refuges *h,
				    const struct hub_refuges *more);
/* In whatever spelling, with or without prefecture and city: 1 it is one of them, 0 not, -1 out of memory. Towns
 * alone are nobody's. h NULL: there are none. */
int hub_refuge_address(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text);
int hub_refuge_phone(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text);
/* The name of a facility where one of them stays, or of a refuge that has no number. */
int hub_refuge_facility(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text);
/* The last look at what leaves: does one of them stand anywhere in a text, where no detector found it? By the number
 * behind the end of the town's name or behind the building's, by a number of five digits and more alone (9999-1),
 * by the digits of a telephone, by the name of a facility. -1 out of memory. */
int hub_refuge_stands(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text);

#endif
