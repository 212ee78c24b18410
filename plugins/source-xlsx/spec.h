/* Items of the options that name cells. */
#ifndef SOURCE_XLSX_SPEC_H
#define SOURCE_XLSX_SPEC_H

#include "label.h"
#include "sheet.h"

/* Item of `cells`: NAME = ADDRESS, or an address that is its own name. -1: no address. */
int spec_cell(struct hub_str left, struct hub_str right, struct hub_str *name,
	      struct sheet_merge *range);
/* Item of `expect`: ADDRESS = TEXT. */
int spec_label(struct hub_str left, struct hub_str right, struct sheet_merge *range);
/* "B:H": columns of a table. */
int spec_columns(struct hub_str s, struct sheet_merge *range);

#endif
