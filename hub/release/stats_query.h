/* The query of a measure and the counting of its rows (stats_count.c puts them together). */
#ifndef HUB_RELEASE_STATS_QUERY_H
#define HUB_RELEASE_STATS_QUERY_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"
#include "release/stats.h"
#include "store/db.h"

struct tally {
	struct hub_stats *out;
	struct hub_map *units; /* of the measure: what has been counted; distinct only */
	struct hub_buf key;
	uint8_t *marks; /* one per category of the widest breakdown */
};

/* One row of the running query. */
struct tally_row {
	const struct hub_stat *m;
	struct hub_query *q;
	uint32_t first_cell; /* the measure's total; its breakdowns follow */
};

/* SELECT id, slots ... of all rows of the measure's entity, in the order of their ids. NULL: no memory. */
const char *hub_stats_sql(struct hub_arena *a, const struct hub_stat *m,
			  const struct hub_schema *schema);
/* Counts one measure. measure: its number over all sets. */
int hub_stats_tally(struct tally *t, struct hub_db *db, const struct hub_stat *m, const char *sql,
		    uint32_t measure, uint32_t first_cell, struct hub_err *err);

#endif
