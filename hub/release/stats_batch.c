/* Figures as a sink gets them: one row a figure. */
#include "base/err.h"
#include "plugin/batch.h"
#include "release/stats_give.h"

static int begin(struct hub_batch *b, uint32_t rows)
{
	uint32_t at;

	hub_batch_reset(b);
	for (int i = 0; i < HUB_STATS_COLUMNS; i++)
		if (hub_batch_column(b, hub_str_of(hub_stats_column_name[i]), &at))
			return -1;
	if (hub_batch_rows(b, rows))
		return -1;
	b->table = HUB_STR("statistics");
	b->table_label = HUB_STR("統計");
	for (uint32_t c = 0; c < b->cols; c++) {
		b->col[c].label = hub_str_of(hub_stats_column_label[c]);
		b->col[c].shown = hub_alloc_array(hub_batch_arena(b), (size_t)rows + 1, 1);
		if (!b->col[c].shown)
			return -1;
	}
	return 0;
}

static int put(struct hub_batch *b, const struct hub_stats *s, int64_t small, uint32_t cell,
	       uint32_t period, uint32_t row)
{
	struct hub_str text[HUB_STATS_COLUMNS];
	const uint8_t state = s->state[hub_stats_at(s, cell, period)];

	if (hub_stats_row(hub_batch_arena(b), s, small, cell, period, text))
		return -1;
	for (uint32_t c = 0; c < b->cols; c++) {
		b->col[c].cell[row] = text[c].len ? HUB_VALUE : HUB_NULL;
		b->col[c].text[row] = text[c];
	}
	if (state == HUB_STAT_HIDDEN || state == HUB_STAT_OPEN)
		b->col[HUB_STATS_COUNT].shown[row] = HUB_WITHHELD;
	else if (state == HUB_STAT_ROUNDED)
		b->col[HUB_STATS_COUNT].shown[row] = HUB_GENERALISED;
	return 0;
}

int hub_stats_batch(struct hub_batch *b, const struct hub_stats *s, int64_t small,
		    struct hub_err *err)
{
	int bad = begin(b, s->cells * s->periods);
	uint32_t row = 0;

	for (uint32_t c = 0; c < s->cells && !bad; c++)
		for (uint32_t p = 0; p < s->periods && !bad; p++)
			bad = put(b, s, small, c, p, row++);
	return bad ? hub_fail_mem(err) : HUB_OK;
}
