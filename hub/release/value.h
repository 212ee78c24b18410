/* One value as one recipient sees it. Pure. Results live in the arena; .ptr NULL: out of memory. */
#ifndef HUB_RELEASE_VALUE_H
#define HUB_RELEASE_VALUE_H

#include "release/view.h"

/* value of a field under a way to show it; *shown says what it became: a way that has no meaning for the
 * field becomes the next stricter one. Empty for HUB_WITHHELD. key: the recipient's. */
struct hub_str hub_value_show(struct hub_arena *a, struct hub_str value,
			      const struct hub_field *field, enum hub_show show, int32_t day,
			      struct hub_str key, enum hub_shown *shown);

/* "40代" (or "10歳未満", "90歳以上") of a birth date on a day; empty when it cannot be told. */
struct hub_str hub_age_band(struct hub_arena *a, struct hub_str birth, int32_t day);

/* Prefecture and municipality of an address; empty when it has none that is known. */
struct hub_str hub_place_of(struct hub_arena *a, struct hub_str address);

/* "令和6年7月31日" for 2024-07-31, at the precision known; a time of day stays behind it. What is no date
 * of an era stays as it is. */
struct hub_str hub_wareki(struct hub_arena *a, struct hub_str iso);

/* Labels of a code, or of a list of them, where they are read; relations, sex and the like of people stay
 * codes, for the picture is drawn from them. 0, or -1 when out of memory. */
int hub_code_labels(struct hub_arena *a, const struct hub_field *field, struct hub_str text,
		    struct hub_str *out);

/* The same text is the same word for this recipient and another one for the next: 16 letters and
 * digits. scope keeps kinds of values apart. */
struct hub_str hub_pseudonym(struct hub_arena *a, struct hub_str key, struct hub_str scope,
			     struct hub_str text);

#endif
