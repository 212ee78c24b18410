/* Approval of profiles and release jobs (author and approver differ, release/actor.h) and the general stop (全提供停止: one person stops,
 * another one lifts it). Everything goes to the audit log. */
#ifndef HUB_RELEASE_APPROVAL_H
#define HUB_RELEASE_APPROVAL_H

#include "release/actor.h"
#include "release/grounds.h"
#include "release/profile.h"

/* What runs only in its approved version: a profile, a release job, a site's own table of grounds. Strings are borrowed. */
enum hub_approvable_kind { HUB_APPROVE_PROFILE = 0, HUB_APPROVE_JOB, HUB_APPROVE_GROUNDS };
struct hub_approvable {
	enum hub_approvable_kind kind;
	struct hub_str name;
	const char *hash; /* of the canon, hex */
	struct hub_str canon;
};

/* Proposes this version. Proposing it again changes nothing. */
int hub_approvable_propose(struct hub_db *db, const struct hub_approvable *v,
			   const struct hub_actor *who, struct hub_err *err);
/* Approves a proposed version; ends the version approved before. HUB_REFUSED when it is its author. */
int hub_approvable_approve(struct hub_db *db, const struct hub_approvable *v,
			   const struct hub_actor *who, struct hub_err *err);
/* HUB_REFUSED unless exactly this version is approved. */
int hub_approvable_check(struct hub_db *db, const struct hub_approvable *v, struct hub_err *err);
/* *yes 1: a version that is approved, but its two people are known by login names only. */
int hub_approvable_by_names(struct hub_db *db, const struct hub_approvable *v, int *yes,
			    struct hub_err *err);
/* Canon of the version approved last; empty when there is none. In the arena. */
int hub_approvable_last(struct hub_arena *a, struct hub_db *db, const struct hub_approvable *v,
			struct hub_str *canon, struct hub_err *err);

static inline struct hub_approvable hub_approvable_of(const struct hub_profile *p)
{
	return (struct hub_approvable){HUB_APPROVE_PROFILE, p->name, p->hash, p->canon};
}
static inline struct hub_approvable hub_approvable_grounds(const struct hub_grounds *g)
{
	return (struct hub_approvable){HUB_APPROVE_GROUNDS, HUB_STR("grounds"), g->hash, g->canon};
}
/* What the program brings is nobody's to approve. */
static inline int hub_approval_grounds(struct hub_db *db, const struct hub_grounds *g,
				       struct hub_err *err)
{
	const struct hub_approvable v = hub_approvable_grounds(g);

	return g && g->own ? hub_approvable_check(db, &v, err) : HUB_OK;
}
static inline int hub_approval_propose(struct hub_db *db, const struct hub_profile *p,
				       const struct hub_actor *who, struct hub_err *err)
{
	const struct hub_approvable v = hub_approvable_of(p);

	return hub_approvable_propose(db, &v, who, err);
}
static inline int hub_approval_approve(struct hub_db *db, const struct hub_profile *p,
				       const struct hub_actor *who, struct hub_err *err)
{
	const struct hub_approvable v = hub_approvable_of(p);

	return hub_approvable_approve(db, &v, who, err);
}
static inline int hub_approval_check(struct hub_db *db, const struct hub_profile *p,
				     struct hub_err *err)
{
	const struct hub_approvable v = hub_approvable_of(p);

	return hub_approvable_check(db, &v, err);
}

int hub_release_stop(struct hub_db *db, const struct hub_actor *who, struct hub_str reason,
		     struct hub_err *err);
/* HUB_REFUSED for the one who stopped. */
int hub_release_resume(struct hub_db *db, const struct hub_actor *who, struct hub_str reason,
		       struct hub_err *err);
/* HUB_REFUSED while releases are stopped, and while the clock is behind the log. */
int hub_release_may_run(struct hub_db *db, struct hub_err *err);

#endif
