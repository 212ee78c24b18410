/* Connections to the store for the threads of the web process. A connection belongs to one thread at a time: take
 * one, ask, give it back before the reply is sent. Whoever holds one never takes a second one. */
#ifndef HUB_SERVE_POOL_H
#define HUB_SERVE_POOL_H

#include "base/err.h"
#include "store/store.h"

struct hub_pool;

/* url may be NULL: then nothing can be taken. The store is opened when it is first wanted. */
int hub_pool_new(const char *url, const struct hub_schema *schema, unsigned most,
		 struct hub_pool **out, struct hub_err *err);
/* Before a connection is closed; one listener. It may drop what it keeps of the connection, and uses the pool for nothing
 * else. */
void hub_pool_tell(struct hub_pool *p, void (*closing)(void *arg, struct hub_store *s), void *arg);
/* Nobody has one any more. NULL is fine. */
void hub_pool_free(struct hub_pool *p);

/* Waits for a free one. HUB_RETRY: the store cannot be reached, or there is none. */
int hub_pool_take(struct hub_pool *p, struct hub_store **out, struct hub_err *err);
/* rc: how the work with it ended; after HUB_RETRY and HUB_FATAL the next one gets a new connection. NULL is
 * fine. */
void hub_pool_give(struct hub_pool *p, struct hub_store *s, int rc);

#endif
