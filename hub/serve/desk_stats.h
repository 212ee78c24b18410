/* For desk->counts: figures of statistics for an agency, by the profile that is its view. */
#ifndef HUB_SERVE_DESK_STATS_H
#define HUB_SERVE_DESK_STATS_H

#include "release/profile.h"

struct hub_desk_counting {
	const struct hub_profile *view; /* of the agency; what it gives is decided anew here */
	struct hub_str actor;           /* for the audit log */
	int32_t today;
	const struct hub_counting *what;
};

/* One row a figure (release/stats_give.h), in the arena. HUB_REFUSED: as hub_stats_give, or there is no such definition
 * in the view. */
int hub_desk_figures(struct hub_arena *a, struct hub_store *store,
		     const struct hub_desk_counting *c, const struct hub_batch **out,
		     struct hub_err *err);

#endif
