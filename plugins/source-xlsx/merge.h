/* Merged ranges: only their first cell has a value. They stand behind the rows in a sheet, so that
 * filling them takes a pass of its own. */
#ifndef SOURCE_XLSX_MERGE_H
#define SOURCE_XLSX_MERGE_H

#include "sheet.h"

/* Reads the ranges of a sheet, in the order of their rows. */
int merge_read(struct sheet *s, int64_t part, struct hub_err *err);
/* Fills the row that was just read: cells without a value get that of the range they lie in. */
int merge_fill(struct sheet *s,
	       int (*put)(struct sheet *s, uint32_t col, uint32_t state, struct hub_str text,
			  struct hub_err *err),
	       struct hub_err *err);

#endif
