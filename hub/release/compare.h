/* One case as several recipients would see it, side by side, from the same code that releases it. A
 * preview for the person who writes or approves a profile: nothing leaves to a recipient, so it needs no
 * approval, works while releases are stopped, and writes no release row. */
#ifndef HUB_RELEASE_COMPARE_H
#define HUB_RELEASE_COMPARE_H

#include "release/rowctx.h"

/* What one recipient gets of a cell. left_out: its profile does not have the field. */
struct hub_compare_cell {
	int left_out;
	struct hub_out_cell out;
};

struct hub_compare_row {
	const struct hub_field *field;
	struct hub_str stored;
	struct hub_compare_cell *cell; /* one per spec */
};

/* case_no: number or key of the case. specs need no sink; their profiles need no approval. Everything in
 * the arena. HUB_USAGE when there is no such case. Texts that are stale are scanned again and stored. */
int hub_compare_case(struct hub_store *s, struct hub_arena *a, const struct hub_release_spec *specs,
		     uint32_t n, struct hub_str case_no, struct hub_compare_row **rows,
		     uint32_t *count, struct hub_err *err);

#endif
