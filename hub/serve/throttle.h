/* How often: requests by account, token and address (token buckets in memory), and wrong passwords by login
 * and address (in the store, so that a restart forgets none). Both have a fixed size. */
#ifndef HUB_SERVE_THROTTLE_H
#define HUB_SERVE_THROTTLE_H

#include "store/db.h"

/* --- requests ----------------------------------------------------------------------------------- */

struct hub_buckets; /* may be used by several threads at once */

/* NULL when out of memory. */
struct hub_buckets *hub_buckets_new(struct hub_arena *a);
void hub_buckets_free(struct hub_buckets *b);
/* One request of `who`. per_minute 0: no limit; a tenth of it, at least 10, may come at once. ticks in ms. Returns
 * 0, or the seconds until there is room again. */
unsigned hub_buckets_take(struct hub_buckets *b, struct hub_str who, int64_t per_minute,
			  int64_t ticks);

/* --- wrong passwords ---------------------------------------------------------------------------- */

/* After HUB_LOGIN_FREE wrong ones (of a login, also one that nobody has) the next try has to wait 30 seconds,
 * twice as long after each further one, an hour at most. An address, behind which may be a whole office, has
 * HUB_ADDRESS_FREE. A day without any forgets them. */
enum { HUB_LOGIN_FREE = 5, HUB_ADDRESS_FREE = 50 };

/* Seconds that a try has to wait now; 0: none. */
int hub_login_wait(struct hub_db *db, struct hub_str login, struct hub_str address, int64_t *wait,
		   struct hub_err *err);
/* A wrong password or code. *wait: seconds until the next try counts. */
int hub_login_wrong(struct hub_db *db, struct hub_str login, struct hub_str address, int64_t *wait,
		    struct hub_err *err);
/* The right one; or somebody unlocked the account. */
int hub_login_forget(struct hub_db *db, struct hub_str login, struct hub_err *err);

#endif
