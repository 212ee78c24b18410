/* Cell addresses as a mapping writes them: "氏名 = C3, 番号 = C7:H7, 内容 = B10:B30". */
#ifndef PLUGINS_SINK_XLSX_CELLS_H
#define PLUGINS_SINK_XLSX_CELLS_H

#include <hub/plugin.h>

/* Rows and columns from 0, the last ones inclusive. */
struct cell_range {
	uint32_t row, col, last_row, last_col;
};

/* "C3" or "C7:H7"; 0, or -1. */
int cell_range_parse(struct hub_str text, struct cell_range *out);
/* Cuts the next "LEFT = RIGHT" off *rest: 1; 0 at the end, -1 without a "=". */
int cell_pair_next(struct hub_str *rest, struct hub_str *left, struct hub_str *right);

#endif
