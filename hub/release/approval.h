/* Approval of profiles (author and approver differ) and the general stop (全提供停止: one person stops,
 * another one lifts it). Everything goes to the audit log. */
#ifndef HUB_RELEASE_APPROVAL_H
#define HUB_RELEASE_APPROVAL_H

#include "release/profile.h"
#include "store/db.h"

/* Proposes this version. Proposing it again changes nothing. */
int hub_approval_propose(struct hub_db *db, const struct hub_profile *p, struct hub_str actor,
			 struct hub_err *err);
/* Approves a proposed version; ends the version approved before. HUB_REFUSED when actor is its author. */
int hub_approval_approve(struct hub_db *db, const struct hub_profile *p, struct hub_str actor,
			 struct hub_err *err);
/* HUB_REFUSED unless exactly this version is approved. */
int hub_approval_check(struct hub_db *db, const struct hub_profile *p, struct hub_err *err);
/* Canonical form of the version approved last; empty when there is none. In the arena. */
int hub_approval_last(struct hub_arena *a, struct hub_db *db, struct hub_str name,
		      struct hub_str *canon, struct hub_err *err);

int hub_release_stop(struct hub_db *db, struct hub_str actor, struct hub_str reason,
		     struct hub_err *err);
/* HUB_REFUSED when actor is the one who stopped. */
int hub_release_resume(struct hub_db *db, struct hub_str actor, struct hub_str reason,
		       struct hub_err *err);
/* HUB_REFUSED while releases are stopped. */
int hub_release_may_run(struct hub_db *db, struct hub_err *err);

#endif
