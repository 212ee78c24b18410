/* Threads that do what may wait: handlers of requests, so that the threads of the sockets never do. A handler waits
 * for a connection to the store, for its write lock while a run writes a chunk, for its entry in the audit log. */
#ifndef HUB_SERVE_CREW_H
#define HUB_SERVE_CREW_H

#include "base/arena.h"
#include "base/err.h"

struct hub_crew;

/* The caller's, until its work has begun. */
struct hub_crew_job {
	struct hub_crew_job *next;
	void (*work)(void *arg);
	void *arg;
};

int hub_crew_start(struct hub_arena *a, unsigned threads, struct hub_crew **out,
		   struct hub_err *err);
/* Jobs begin in their order. 0: it will be done; -1: no more, the crew is stopping. */
int hub_crew_put(struct hub_crew *c, struct hub_crew_job *job);
/* Jobs under way for longer than that. Any thread. */
unsigned hub_crew_late(struct hub_crew *c, int64_t ticks, int64_t ms);
/* Jobs wait, and for so long no thread has begun or ended one; or most threads are at one job for so long. Any thread. */
int hub_crew_is_stuck(struct hub_crew *c, int64_t ticks, int64_t ms);
/* Does what was put, then ends its threads. NULL is fine. */
void hub_crew_stop(struct hub_crew *c);

#endif
