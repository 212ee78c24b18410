/* The store as it was known at a moment that is past, as a small database of its own: what a decision about
 * people reads (persons, households, relations, residence, protection, consents, cases, meetings, agencies;
 * records, runs, links, bars, emergencies, approvals, what was decided by hand), under the names that the store
 * has, so that the same statements read the present and the past. Out of the before-images and the ledger of
 * runs, the times on links and decisions, and the audit log.
 *
 * Two things are not kept and are named by the gaps: what a run that was taken back had brought, and what a
 * registry said before a lookup by a version that forgot it. */
#ifndef HUB_STORE_PAST_H
#define HUB_STORE_PAST_H

#include "store/db.h"
#include "store/store.h"

enum hub_past_gap_kind {
	HUB_PAST_UNDONE = 1, /* a run that was in force then: it counts as if it had never been */
	HUB_PAST_REGISTRY, /* a lookup since then: what it changed in the registry's rows is not kept */
};
struct hub_past_gap {
	enum hub_past_gap_kind kind;
	int64_t run;
	struct hub_str feed;
};

struct hub_past {
	struct hub_db *db; /* for reading */
	const struct hub_past_gap *gap;
	uint32_t n_gaps;
	struct hub_arena *arena;
};

/* known: seconds since 1970; a run counts from its beginning. Reads everything once. */
int hub_past_open(struct hub_store *s, int64_t known, struct hub_past **out, struct hub_err *err);
void hub_past_close(struct hub_past *p); /* NULL is fine */

/* At the end of a lookup run, in its transaction: of its before-images stays what a past decision asks for. */
int hub_past_keep(struct hub_store *s, int64_t run, struct hub_err *err);

#endif
