#include "cells.h"

#include <string.h>

enum { ROWS_MAX = 1048576, COLS_MAX = 16384 }; /* of a sheet, ECMA-376 implementations */

static struct hub_str trim(struct hub_str s)
{
	while (s.len && strchr(" \t\n", s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && strchr(" \t\n", s.ptr[s.len - 1]))
		s.len--;
	return s;
}

/* One address off *rest. */
static int address(struct hub_str *rest, uint32_t *row, uint32_t *col)
{
	uint32_t c = 0, r = 0;
	size_t i = 0;

	for (; i < rest->len && rest->ptr[i] >= 'A' && rest->ptr[i] <= 'Z' && c < COLS_MAX; i++)
		c = c * 26 + (uint32_t)(rest->ptr[i] - 'A') + 1;
	for (; i < rest->len && rest->ptr[i] >= '0' && rest->ptr[i] <= '9' && r < ROWS_MAX; i++)
		r = r * 10 + (uint32_t)(rest->ptr[i] - '0');
	if (c == 0 || r == 0 || c > COLS_MAX || r > ROWS_MAX)
		return -1;
	*rest = (struct hub_str){rest->ptr + i, rest->len - i};
	*row = r - 1;
	*col = c - 1;
	return 0;
}

int cell_range_parse(struct hub_str text, struct cell_range *out)
{
	struct hub_str rest = trim(text);

	if (address(&rest, &out->row, &out->col))
		return -1;
	out->last_row = out->row;
	out->last_col = out->col;
	if (rest.len == 0)
		return 0;
	if (rest.ptr[0] != ':')
		return -1;
	rest = (struct hub_str){rest.ptr + 1, rest.len - 1};
	if (address(&rest, &out->last_row, &out->last_col) || rest.len)
		return -1;
	return out->row <= out->last_row && out->col <= out->last_col ? 0 : -1;
}

int cell_pair_next(struct hub_str *rest, struct hub_str *left, struct hub_str *right)
{
	*rest = trim(*rest);
	if (rest->len == 0)
		return 0;
	const char *comma = memchr(rest->ptr, ',', rest->len);
	const size_t n = comma ? (size_t)(comma - rest->ptr) : rest->len;
	const char *eq = memchr(rest->ptr, '=', n);
	if (!eq)
		return -1;
	const size_t at = (size_t)(eq - rest->ptr);
	*left = trim((struct hub_str){rest->ptr, at});
	*right = trim((struct hub_str){rest->ptr + at + 1, n - at - 1});
	*rest = comma ? (struct hub_str){comma + 1, rest->len - n - 1}
		      : (struct hub_str){rest->ptr + n, 0};
	return 1;
}
