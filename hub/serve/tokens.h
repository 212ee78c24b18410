/* Tokens of programs: "tsg_PREFIX_SECRET", shown once when it is made; the store has its hash, people name it by
 * its prefix. A token may what it lists, for one agency, until a day. */
#ifndef HUB_SERVE_TOKENS_H
#define HUB_SERVE_TOKENS_H

#include "serve/principal.h"
#include "store/db.h"

struct hub_token {
	int64_t id, account;
	struct hub_str prefix, name, agency, may, networks; /* may: patterns, parted by blanks */
	struct hub_str to, used_on;                         /* days; used_on empty: never */
	int64_t ended_at;
};

/* of->name, account, agency, may, networks, to. Checks them. secret: in the arena. */
int hub_token_add(struct hub_arena *a, struct hub_db *db, const struct hub_token *of,
		  struct hub_str actor, struct hub_str *secret, struct hub_err *err);
int hub_token_list(struct hub_arena *a, struct hub_db *db, struct hub_token **out, uint32_t *n,
		   struct hub_err *err);
/* HUB_USAGE: there is none of that prefix that counts. */
int hub_token_end(struct hub_db *db, struct hub_str prefix, struct hub_str actor,
		  struct hub_err *err);
/* Who has this secret. HUB_END: nobody (any more). The first use of a day goes to the audit log. */
int hub_token_read(struct hub_arena *a, struct hub_db *db, struct hub_str secret,
		   struct hub_str address, struct hub_principal *p, struct hub_err *err);

#endif
