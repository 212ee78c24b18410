/* The people of one case, as one recipient gets to read of them: 【本人】 【本人の母】 【長女】 【職員A】
 * 【人物27】. The same person has the same name in all texts of the case; letters and numbers are drawn
 * by keyed hash, so that two recipients cannot compare them and their order says nothing.
 * Add the roster first, then ask in the order of the texts: an unknown person is added when it is asked
 * for, and a clash of two draws goes to the next free number. */
#ifndef HUB_RELEASE_CAST_H
#define HUB_RELEASE_CAST_H

#include "store/schema.h"

struct hub_cast;

/* key: the recipient's. relations: the schema's code list of relations to the client (続柄); NULL: all
 * people become numbers. Lives in the arena; NULL when out of memory. */
struct hub_cast *hub_cast_new(struct hub_arena *a, struct hub_str key, struct hub_str case_id,
			      const struct hub_codes *relations);
/* relation: code, label or alias of the list; what is not in it (it may hold a name) is not shown.
 * Adding the same id again changes nothing. 0, or -1 when out of memory. */
int hub_cast_add(struct hub_cast *c, struct hub_str person, struct hub_str relation);
int hub_cast_add_staff(struct hub_cast *c, struct hub_str person);
/* Name without brackets. person empty: whoever is written like surface. Empty when out of memory. */
struct hub_str hub_cast_name(struct hub_cast *c, struct hub_str person, struct hub_str surface);

#endif
