/* What every sink asks of a released cell. */
#ifndef PLUGINS_SHARED_CELL_H
#define PLUGINS_SHARED_CELL_H

#include <hub/plugin.h>

/* What the gate did: "masked", "pseudonym", "generalised", "withheld"; NULL: shown as it is. */
const char *cell_shown(const struct hub_col *col, uint32_t r);
/* 1 when text[r] may be written: a value, and not withheld. */
int cell_has_text(const struct hub_col *col, uint32_t r);
/* Rejects row r for its cell in col; code is static. */
void cell_reject(struct hub_batch *b, uint32_t r, const char *code, const struct hub_col *col);
int cell_is_ascii(struct hub_str t);
/* Rejects row r if a text of it is no UTF-8 (code not-in-encoding), or if holds, unless NULL, says 0
 * of it (that code). HUB_OK, also for a rejected row; HUB_FATAL. */
int cell_check_row(struct hub_ctx *ctx, const struct hub_host *host, struct hub_batch *b,
		   uint32_t r, int (*holds)(struct hub_str), const char *code, struct hub_err *err);

#endif
