#include "spec.h"

int spec_cell(struct hub_str left, struct hub_str right, struct hub_str *name,
	      struct sheet_merge *range)
{
	*name = left;
	return left.len == 0 || sheet_range(right.ptr ? right : left, range) || range->row == 0 ||
		       range->last_row == 0
		   ? -1
		   : 0;
}

int spec_label(struct hub_str left, struct hub_str right, struct sheet_merge *range)
{
	return !right.ptr || sheet_range(left, range) || range->row == 0 || range->last_row == 0
		   ? -1
		   : 0;
}

int spec_columns(struct hub_str s, struct sheet_merge *range)
{
	return sheet_range(label_trim(s), range) || range->row != 0 || range->last_row != 0 ||
		       range->last_col >= MOST_COLS
		   ? -1
		   : 0;
}
