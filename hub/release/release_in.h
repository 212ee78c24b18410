/* Inner parts of a release: its state, and the record that is kept of it. */
#ifndef HUB_RELEASE_RELEASE_IN_H
#define HUB_RELEASE_RELEASE_IN_H

#include "base/hash.h"
#include "base/io.h"
#include "plugin/batch.h"
#include "plugin/host.h"
#include "release/circle.h"
#include "release/release.h"
#include "release/rowctx.h"

struct hub_releasing {
	struct hub_rowctx x;
	const struct hub_release_spec *spec;
	struct hub_release_result *out;
	struct hub_db *db;
	struct hub_arena *arena;
	struct hub_instance *sink; /* or: */
	struct hub_out *file;      /* where an attachment goes */
	struct hub_batch *batch;
	struct hub_sha *sha; /* over every cell that leaves */
	int one_case;        /* nothing but what belongs to: */
	struct hub_circle circle;
	int64_t *sent; /* recalls whose lists went along */
	uint32_t n_sent;
	struct hub_hash closings; /* what somebody had closed when it began */
	struct hub_hash noes;     /* and what sources had said, as of: */
	int64_t touched;
	uint64_t **confirmed; /* by entity and field: masked cells that wanted a confirmation */
};

/* The record (release_log.c): its row in the store, its entries in the audit log. */

/* Numbers the release: out->id. In the caller's transaction. */
int hub_release_log_insert(struct hub_releasing *r, struct hub_err *err);
/* An entry that it has begun; for what goes over a network, and is there before the end is recorded. */
int hub_release_log_begin(struct hub_releasing *r, struct hub_err *err);
/* State, counts and log entry, in the transaction of the caller. */
int hub_release_log_end(struct hub_releasing *r, enum hub_release_state state, struct hub_err *err);
/* The lists of what to delete have left. Killed before it, a release lists them again the next time: rather twice than never. */
int hub_release_log_sent(struct hub_releasing *r, struct hub_err *err);
/* An attempt that was turned away is something to see, too. */
void hub_release_log_refusal(struct hub_releasing *r, const struct hub_err *why);

/* Notes what stands against anybody as it begins (release_watch.c). */
int hub_release_watch(struct hub_releasing *r, struct hub_err *err);
/* May what was decided since then still leave? Before rows go, and before the whole does. HUB_RETRY: no. */
int hub_release_may_go_on(struct hub_releasing *r, struct hub_err *err);

/* Of one case only, if it is (release_case.c): which one, and whether the recipient gets anything of it. */
int hub_release_narrow(struct hub_releasing *r, struct hub_err *err);
/* HUB_USAGE unless the row belongs to the one case. */
int hub_release_within(const struct hub_releasing *r, const struct hub_entity *e,
		       const struct hub_source_row *row, struct hub_err *err);

/* The content of one attachment into r->file, which is committed when the log knows of it (release_blob.c). */
int hub_release_blob(struct hub_releasing *r, struct hub_store *s, struct hub_err *err);

#endif
