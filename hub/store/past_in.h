/* Inner part of past*.c: which columns of which tables a decision reads, and rows as before-images have them. */
#ifndef HUB_STORE_PAST_IN_H
#define HUB_STORE_PAST_IN_H

#include "store/past.h"
#include "store/tables.h"

enum { HUB_PAST_COLS = 20 };

struct hub_past_table {
	const char *entity; /* "": the record itself */
	const char *col[HUB_PAST_COLS + 1];
};

extern const struct hub_past_table hub_past_table[];
extern const uint32_t hub_past_tables;

/* Number of the table of an entity, -1: no decision reads it, or the site's format has no such columns. */
int hub_past_find(const struct hub_store *s, struct hub_str entity);
uint32_t hub_past_columns(const struct hub_past_table *t);
/* "SELECT id, a, b FROM cc_t"; NULL: out of memory. */
const char *hub_past_select(struct hub_arena *a, const struct hub_past_table *t);
/* The columns of an image, in the arena. s: for columns that had another name. -1: it cannot be read. */
int hub_past_image(struct hub_arena *a, struct hub_store *s, const struct hub_past_table *t,
		   struct hub_str image, struct hub_dbval *out);

#endif
