/* Rows of one record that have no number of their own: kintone writes each row of a table as a line. Those that are
 * alike in the columns of the option get 2, 3, ... in an added column, so that a key can tell them apart. */
#ifndef SOURCE_CSV_RANK_H
#define SOURCE_CSV_RANK_H

#include "room.h"

#include <hub/plugin.h>

enum { RANK_COLUMNS = 8, RANK_TEXT = 64 << 10 };

struct rank {
	uint32_t col[RANK_COLUMNS],
	    n;            /* from 0; the first one names the record; n == 0: nothing is counted */
	struct room seen; /* of the record at hand: length and cells of its rows */
};

/* The columns of the option, "2, 10"; -1: it names none. */
int rank_columns(struct rank *k, struct hub_str option);
/* Counts a row of a batch. *first: the first of its record; *number: 1 for the first of its kind. HUB_END: the record
 * has more rows than can be counted. */
int rank_row(struct rank *k, const struct hub_batch *b, uint32_t row, int *first, uint32_t *number);

#endif
