#include "rank.h"

#include <string.h>

int rank_columns(struct rank *k, struct hub_str option)
{
	uint32_t number = 0;

	k->n = 0;
	for (size_t i = 0; i <= option.len; i++) {
		const char c = i < option.len ? option.ptr[i] : ',';
		if (c == ' ')
			continue;
		if (c != ',' && (c < '0' || c > '9' || number > 100000))
			return -1;
		if (c != ',') {
			number = number * 10 + (uint32_t)(c - '0');
			continue;
		}
		if (number == 0 || k->n == RANK_COLUMNS)
			return -1;
		k->col[k->n++] = number - 1;
		number = 0;
	}
	return k->n > 1 ? 0 : -1;
}

static struct hub_str text_of(const struct rank *k, const struct hub_batch *b, uint32_t i,
			      uint32_t row)
{
	const struct hub_col *c = &b->col[k->col[i]];

	return c->cell[row] >= HUB_VALUE ? c->text[row] : (struct hub_str){"", 0};
}

/* One entry: its length, then length and bytes of each cell. */
static int put_cells(struct rank *k, const struct hub_batch *b, uint32_t row)
{
	const size_t head = k->seen.len;
	uint32_t len = 0;

	if (room_put(&k->seen, &len, sizeof len))
		return -1;
	for (uint32_t i = 0; i < k->n; i++) {
		const struct hub_str s = text_of(k, b, i, row);
		const uint32_t n = (uint32_t)s.len;
		if (room_put(&k->seen, &n, sizeof n) || room_put(&k->seen, s.ptr, n))
			return -1;
	}
	len = (uint32_t)(k->seen.len - head - sizeof len);
	memcpy(k->seen.p + head, &len, sizeof len);
	return 0;
}

/* Whether the row is of the record whose rows were counted last. */
static int same_record(const struct rank *k, const struct hub_batch *b, uint32_t row)
{
	const struct hub_str s = text_of(k, b, 0, row);
	uint32_t n;

	if (k->seen.len == 0)
		return 0;
	memcpy(&n, k->seen.p + sizeof n, sizeof n);
	return n == s.len && memcmp(k->seen.p + 2 * sizeof n, s.ptr, n) == 0;
}

int rank_row(struct rank *k, const struct hub_batch *b, uint32_t row, int *first, uint32_t *number)
{
	uint32_t len, other;

	*first = !same_record(k, b, row);
	if (*first)
		k->seen.len = 0;
	const size_t at = k->seen.len;
	if (put_cells(k, b, row)) {
		k->seen.len = at;
		return HUB_END;
	}
	*number = 1;
	memcpy(&len, k->seen.p + at, sizeof len);
	for (size_t i = 0; i < at; i += sizeof other + other) {
		memcpy(&other, k->seen.p + i, sizeof other);
		*number += other == len && memcmp(k->seen.p + i + sizeof len,
						  k->seen.p + at + sizeof len, len) == 0;
	}
	return HUB_OK;
}
