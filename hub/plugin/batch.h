/* The hub's side of struct hub_batch: one arena behind it, growing by column and by row.
 * A batch belongs to one thread at a time. Everything it points to dies at reset and free. */
#ifndef HUB_PLUGIN_BATCH_H
#define HUB_PLUGIN_BATCH_H

#include "base/arena.h"

/* limit: bytes its arena may hold; 0 = 64 MiB. NULL when out of memory. */
struct hub_batch *hub_batch_new(size_t limit);
void hub_batch_free(struct hub_batch *b);  /* NULL is fine */
void hub_batch_reset(struct hub_batch *b); /* no rows, no columns; keeps memory for reuse */

struct hub_arena *hub_batch_arena(struct hub_batch *b);

/* Appends a column; the name is copied and rows already there read ABSENT. Two columns may have the
 * same name (real files do); what that means is the reader's business. HUB_OK or HUB_FATAL. */
int hub_batch_column(struct hub_batch *b, struct hub_str name, uint32_t *idx);
/* Sets the number of rows. New ones are ABSENT, PENDING, without place, raw text, code, reason. */
int hub_batch_rows(struct hub_batch *b, uint32_t rows);
/* Adds n rows of a batch of a source, from row `row` on, to one that has none and no columns: names, cells, places, raw text,
 * verdicts and encoding, all copied; the position is not. HUB_OK or HUB_FATAL. */
int hub_batch_copy(struct hub_batch *to, const struct hub_batch *from, uint32_t row, uint32_t n);
/* Names, cells and raw text become UTF-8. What cannot be decoded keeps its bytes: its reader rejects it
 * by the rules of UTF-8. HUB_OK or HUB_FATAL. */
int hub_batch_utf8(struct hub_batch *b);

static inline void hub_auto_batch(struct hub_batch **b)
{
	hub_batch_free(*b);
}

#endif
