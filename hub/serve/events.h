/* What happened, for modules: a table that is filled from what the store records anyway, and by modules. Each module
 * reads on from where it stood; its place moves in the transaction of what it does with the event, so that
 * each event counts exactly once for it, also after a crash. */
#ifndef HUB_SERVE_EVENTS_H
#define HUB_SERVE_EVENTS_H

#include "serve/state.h"
#include "store/db.h"

/* In the caller's transaction. origin: the area that tells it, which does not hear it itself; NULL: the hub. */
int hub_event_add(struct hub_db *db, const struct hub_event *e, const char *origin,
		  struct hub_err *err);
/* Looks for what happened since the last time; in the caller's transaction. */
int hub_events_gather(struct hub_db *db, int64_t now, struct hub_err *err);
/* What the store does not know of: a job of the daemon that failed for good before it had a run there (no source, another
 * layout, a release that is refused), once, and that it went well again. */
int hub_events_job(struct hub_db *db, const struct hub_job_state *job, struct hub_err *err);
/* Something new that the job expects is missing, and that it came; each once. */
int hub_events_overdue(struct hub_db *db, const struct hub_job_state *job, struct hub_err *err);
/* The next one of these types behind `after` that is not of that origin; *id its number. HUB_END: none. In the
 * arena. */
int hub_event_next(struct hub_arena *a, struct hub_db *db, int64_t after, uint32_t types,
		   const char *origin, int64_t *id, struct hub_event *out, struct hub_err *err);

#endif
