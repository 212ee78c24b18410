/* Runs: one child process each, from its start to what becomes of its file and of its job. */
#ifndef HUB_SERVE_RUN_H
#define HUB_SERVE_RUN_H

#include "serve/live.h"

struct hub_run_slot {
	struct hub_live *live; /* NULL: the slot is free */
	struct hub_generation *generation;
	struct hub_watch *watch; /* NULL: no file */
	struct hub_child child;
	struct hub_buf lines;      /* what it wrote and we have not read yet */
	int64_t deadline, kill_at; /* ticks; kill_at 0: it was not asked to end */
	int timed_out;
	int64_t began; /* ticks */
	int64_t read, rejected, unchanged, written;
	char content[65], hint[640];
};

struct hub_runner {
	const char *program, *config, *state; /* state: folder */
	struct hub_run_slot slot[HUB_RUNS_MAX];
};

enum { HUB_KILL_AFTER_MS = 5000 };

/* Starts what the job wants. HUB_OK: it runs; HUB_END: there was nothing, or not now. Failures are logged and
 * tried again later. */
int hub_run_start(struct hub_runner *r, struct hub_generation *g, struct hub_live *l, int64_t now,
		  int64_t ticks);
/* Reads what the run says, watches its time. 1: it has ended, the slot is free. stopping: the daemon ends, and
 * a run that was interrupted by that will go on after the next start. */
int hub_run_step(struct hub_run_slot *s, int64_t now, int64_t ticks, int stopping);
/* Asks it to end (it can be resumed then); after `after` ms it is killed. */
void hub_run_stop(struct hub_run_slot *s, int64_t ticks, int64_t after);
/* Ticks at which hub_run_step wants to be called even if nothing happens. */
int64_t hub_run_wake(const struct hub_run_slot *s);
unsigned hub_runs_active(const struct hub_runner *r);

#endif
