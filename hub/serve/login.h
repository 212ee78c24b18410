/* From login name and password to a session: in one order, so that what a stranger sees is the same for every
 * account, also for one that nobody has. */
#ifndef HUB_SERVE_LOGIN_H
#define HUB_SERVE_LOGIN_H

#include "release/actor.h"
#include "serve/access.h"
#include "serve/factor.h"

struct hub_login_ask {
	struct hub_str login, password, code;
	struct hub_str agency, role; /* as what; empty: the only one */
	struct hub_str certificate;  /* fingerprint; empty: none */
	struct hub_str address;
	struct hub_str former; /* secret of the session that this browser had; it ends */
};

struct hub_login_got {
	struct hub_str secret;
	struct hub_principal who;
	/* HUB_USAGE "choose-role": between these */
	struct hub_membership *choice;
	uint32_t choices;
	int64_t wait; /* with "too-many": seconds */
};

/* Error codes: login-failed, too-many, account-locked, no-role, choose-role, code-needed, code-wrong,
 * second-factor-missing, other-network. All of them go to the audit log. */
int hub_login(const struct hub_access *a, struct hub_arena *arena, struct hub_db *db,
	      const struct hub_login_ask *ask, struct hub_login_got *got, struct hub_err *err);
/* The same without a session, for one command at a terminal: login, password, code. who: the account, when one of its roles of
 * the municipality itself has the permission today. Networks do not count here. */
int hub_login_prove(const struct hub_access *a, struct hub_arena *arena, struct hub_db *db,
		    const struct hub_login_ask *ask, const char *permission, struct hub_actor *who,
		    struct hub_err *err);
/* The same with a token that belongs to an account and has the permission, as a role of the account has today. */
int hub_login_token(const struct hub_access *a, struct hub_arena *arena, struct hub_db *db,
		    struct hub_str secret, const char *permission, struct hub_actor *who,
		    struct hub_err *err);
/* Of somebody who is signed in: login, password, address of ask; code, when its ptr is not NULL and an authenticator
 * is registered: then it is used up. HUB_REFUSED "login-failed", "code-needed", "code-wrong", or "too-many" with
 * *wait. */
int hub_login_again(const struct hub_access *a, struct hub_arena *arena, struct hub_db *db,
		    const struct hub_login_ask *ask, int64_t *wait, struct hub_err *err);

#endif
