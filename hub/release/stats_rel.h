/* Which cells of a set of tables hang together, and how: derived from the definitions alone. */
#ifndef HUB_RELEASE_STATS_REL_H
#define HUB_RELEASE_STATS_REL_H

#include "base/buf.h"
#include "release/stats.h"

/* whole = sum of parts, or with `cover`: each part <= whole <= sum of parts; with `within`: the one part
 * <= whole and nothing more. Holds in every period. Numbers are those of representatives. */
enum hub_rel_kind { HUB_REL_SUM, HUB_REL_COVER, HUB_REL_WITHIN };

struct hub_rel {
	enum hub_rel_kind kind;
	uint32_t whole, parts;
	const uint32_t *part;
};

struct hub_rels {
	uint32_t cells;
	uint32_t *same; /* of each cell: the first cell that counts the same, mostly itself */
	const struct hub_rel *rel;
	uint32_t n;
};

int hub_stats_relations(struct hub_arena *a, const struct hub_stats *s, struct hub_rels *out,
			struct hub_err *err);
/* What a measure counts, without its breakdowns, as a text: equal texts count the same rows. without: a
 * condition to leave out, UINT32_MAX: none. extra: another condition ("screening.screening_result=2"). */
void hub_stats_key(struct hub_buf *b, const struct hub_stat *m, uint32_t without,
		   struct hub_str extra);

/* What a cell counts, as a text: equal texts count the same. */
void hub_stats_cell_key(struct hub_buf *b, const struct hub_stat_cell *c);

/* Is the band made of bands of the breakdown, without a gap? */
int hub_stats_tiles(const struct hub_stat_category *wide, const struct hub_stat_by *by);
/* Do two cells of breakdowns by bands band the same thing of the same rows? */
int hub_stats_same_bands(const struct hub_stat_cell *x, const struct hub_stat_cell *y);

#endif
