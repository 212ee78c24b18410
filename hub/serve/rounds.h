/* What modules do by themselves: timers and events. One process of a site goes the rounds at a time, whoever has the
 * store's lock. Time is an argument: a test turns the clock as it likes. */
#ifndef HUB_SERVE_ROUNDS_H
#define HUB_SERVE_ROUNDS_H

#include "serve/service.h"

struct hub_rounds {
	struct hub_api *api;
	struct hub_modules *modules;
	struct hub_store *store; /* its own connection */
	const char *state;       /* the daemon's folder; NULL: nobody runs jobs */
	int has_lock;
	int indexed;     /* the store has what looks of modules go by */
	int64_t seen[4]; /* how far the store's records went when events were last gathered */
	int64_t day;     /* in Japan, of the step before */
	struct hub_tries {
		int64_t event;
		int n;
	} tries[HUB_MODULES_MOST]; /* of the event that fails now */
};

/* Calls every timer that is due and brings every event to whoever wants it, as far as it gets within one step; now:
 * ms since 1970. What fails in a module is logged and does not stop the others. HUB_LOCKED: another process has
 * the lock. */
int hub_rounds_step(struct hub_rounds *r, int64_t now, struct hub_err *err);
/* Lets go of the lock. */
void hub_rounds_end(struct hub_rounds *r);

#endif
