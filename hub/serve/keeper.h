/* The threads of the web process that nobody asks. One beats: event streams, and modules that hang. The other goes
 * the rounds (serve/rounds.h), where it may be with a module for long. */
#ifndef HUB_SERVE_KEEPER_H
#define HUB_SERVE_KEEPER_H

#include "serve/push.h"
#include "serve/rounds.h"
#include "serve/sessions.h"

struct hub_keeper;

struct hub_keeper_conf {
	struct hub_pool *pool;
	struct hub_push *push;
	const struct hub_session_times *times;
	struct hub_api *api;
	struct hub_modules *modules;
	const char *state; /* the daemon's folder */
	int ja;            /* the language it speaks to the log */
};

/* conf must outlive it. */
int hub_keeper_start(struct hub_arena *a, const struct hub_keeper_conf *conf,
		     struct hub_keeper **out, struct hub_err *err);
/* Waits for what it is doing. NULL is fine. */
void hub_keeper_stop(struct hub_keeper *k);

/* For struct hub_push_conf; arg is the struct hub_keeper_conf. A locked session gets nothing. */
int hub_keeper_is_alive(void *arg, int64_t session, int64_t token);

#endif
