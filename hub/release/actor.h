/* Who acts, and how the hub knows it. What opens something (approval, emergency, lifting) counts only by an account that
 * signed in, as soon as the store has accounts: the login name of a machine is not enough, since whoever
 * administers it has all of them. What closes (a stop, a bar, a restriction) takes whoever is there. */
#ifndef HUB_RELEASE_ACTOR_H
#define HUB_RELEASE_ACTOR_H

#include "base/buf.h"
#include "store/db.h"

enum hub_actor_by {
	HUB_BY_LOGIN_NAME = 0, /* of the machine, or what TSUNAGI_ACTOR says */
	HUB_BY_PASSWORD,
	HUB_BY_CODE, /* password and a second factor */
	HUB_BY_TOKEN,
	HUB_BY_SESSION /* a browser's, or a program's by HTTP */
};

struct hub_actor {
	struct hub_str name; /* for the log; login of the account if there is one */
	int64_t account;     /* 0: a login name */
	enum hub_actor_by by;
};

/* A login name that proves nothing. */
static inline struct hub_actor hub_actor_named(struct hub_str name)
{
	return (struct hub_actor){.name = name};
}
/* "by":"login-name", into a JSON object. */
void hub_actor_json(struct hub_buf *b, const struct hub_actor *who);

/* HUB_REFUSED "sign-in-needed" unless who is an account, or there are none to be. */
int hub_actor_opens(struct hub_db *db, const struct hub_actor *who, struct hub_err *err);
/* The second of two, beside the name and account (0: none) kept of the first one. HUB_REFUSED: "sign-in-needed" as
 * above, "same-person", or "first-unsigned" when the first step was made under a login name although there are
 * accounts now. */
int hub_actor_second(struct hub_db *db, const struct hub_actor *who, struct hub_str first,
		     int64_t first_account, struct hub_err *err);
/* The same where the first step closed something, which takes no account. */
int hub_actor_reopens(struct hub_db *db, const struct hub_actor *who, struct hub_str closed_by,
		      struct hub_err *err);
/* Are they one person, as far as names and accounts tell? */
int hub_actor_same(const struct hub_actor *who, struct hub_str first, int64_t first_account);

#endif
