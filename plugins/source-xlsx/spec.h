/* The options that name cells: "利用者名 = B1, 年度 = D1". No memory of their own. */
#ifndef SOURCE_XLSX_SPEC_H
#define SOURCE_XLSX_SPEC_H

#include "sheet.h"

/* One item of a list, parted by commas, semicolons or line ends, and at its first "=". right.ptr NULL:
 * it has none. 0 at the end of the list. */
int spec_next(struct hub_str *rest, struct hub_str *left, struct hub_str *right);
/* Item of `cells`: NAME = ADDRESS, or an address that is its own name. -1: no address. */
int spec_cell(struct hub_str left, struct hub_str right, struct hub_str *name,
	      struct sheet_merge *range);
/* Item of `expect`: ADDRESS = TEXT. */
int spec_label(struct hub_str left, struct hub_str right, struct sheet_merge *range);
/* "B:H": columns of a table. */
int spec_columns(struct hub_str s, struct sheet_merge *range);
/* Equal but for blanks, half and full width, and line ends. */
int spec_same_label(struct hub_str a, struct hub_str b);
struct hub_str spec_trim(struct hub_str s);

#endif
