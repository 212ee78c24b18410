/* Sessions of people: a random number that only the browser has; the store has its hash. Who has done nothing for
 * a while finds the session locked; the password gives it back as it was, with its drafts. */
#ifndef HUB_SERVE_SESSIONS_H
#define HUB_SERVE_SESSIONS_H

#include "serve/accounts.h"
#include "serve/principal.h"

enum { HUB_SECRET_HEX = 64 };

struct hub_session_times {
	int64_t lock, end; /* seconds: without a request until it locks; from login to its end */
};

/* A new one; secret is what the browser gets, HUB_SECRET_HEX digits. In the arena. Old ones that have ended are
 * swept out. In the caller's transaction. */
int hub_session_begin(struct hub_arena *a, struct hub_db *db, const struct hub_session_times *t,
		      const struct hub_membership *m, struct hub_str address,
		      struct hub_str *secret, struct hub_err *err);
/* Who has this secret, and now has done something. HUB_END: nobody (any more): ended, signed out, account locked,
 * role over. Locks it when it was quiet for too long; p->locked then. */
int hub_session_read(struct hub_arena *a, struct hub_db *db, const struct hub_session_times *t,
		     const struct hub_roles *roles, struct hub_str secret, struct hub_principal *p,
		     struct hub_err *err);
int hub_session_lock(struct hub_db *db, const struct hub_principal *p, struct hub_err *err);
int hub_session_unlock(struct hub_db *db, const struct hub_principal *p, struct hub_err *err);
int hub_session_end(struct hub_db *db, const struct hub_principal *p, struct hub_err *err);
/* What X-CSRF-Token must say for a secret; follows from it, so that it is nowhere else. */
int hub_session_csrf(struct hub_str secret, char out[HUB_SECRET_HEX + 1]);

/* --- drafts ------------------------------------------------------------------------------------- */

/* What a person has not saved yet: some pieces of some KiB, sealed with a key that follows from the secret, so
 * that the store alone cannot read them. They end with the session. */
enum { HUB_DRAFT_BYTES = 64 << 10, HUB_DRAFTS_MOST = 32, HUB_DRAFT_NAME = 64 };

int hub_draft_put(struct hub_arena *a, struct hub_db *db, const struct hub_principal *p,
		  struct hub_str secret, struct hub_str name, struct hub_str body,
		  struct hub_err *err);
/* HUB_END: there is none of that name. */
int hub_draft_get(struct hub_arena *a, struct hub_db *db, const struct hub_principal *p,
		  struct hub_str secret, struct hub_str name, struct hub_str *body,
		  struct hub_err *err);
int hub_draft_remove(struct hub_db *db, const struct hub_principal *p, struct hub_str name,
		     struct hub_err *err);

#endif
