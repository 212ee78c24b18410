/* The daemon's jobs as they are now. One generation of them per configuration that was loaded: a reload
 * makes a new one and takes over what is known; the old one lives until its last run has ended. Belongs to the
 * daemon's one thread. */
#ifndef HUB_SERVE_LIVE_H
#define HUB_SERVE_LIVE_H

#include "serve/child.h"
#include "serve/plan.h"
#include "serve/state.h"
#include "serve/watch.h"

enum { HUB_RUNS_MAX = 16 };

struct hub_run_slot;

struct hub_live {
	struct hub_job_state st; /* its texts are those below */
	char code[32], message[640], file[1024];
	const struct hub_plan_job *plan;
	struct hub_watch *watch; /* NULL: it watches none, or its folder cannot be opened now */
	struct hub_watch_sight sight;
	int64_t look_at;          /* ticks: look into the folder again */
	int64_t asked_at, ask_at; /* time of day: of the schedule */
	int64_t retry_ticks;      /* 0: no try is waiting */
	int64_t not_before;       /* ticks: nothing is started earlier */
	int complained;           /* about the folder, since it last worked */
	int left_file;            /* a file may lie in taken/ from before */
	int obstacle; /* st.message says why it cannot start, not how the last run ended */
	int64_t counted_at,
	    counted_arrived;      /* when it was last asked whether something is overdue */
	struct hub_run_slot *run; /* NULL: idle */
};

struct hub_generation {
	struct hub_arena *arena;
	struct hub_conf *conf;
	struct hub_jobs jobs;
	struct hub_plan plan;
	struct hub_live *live; /* jobs.count */
	unsigned runs;         /* that began in it and have not ended */
	struct hub_generation *older;
};

/* Reads the configuration. Problems are printed to stderr and counted in err; HUB_CONF then. */
int hub_generation_load(const char *home, const char *path, struct hub_generation **out,
			struct hub_err *err);
/* Closes watches and memory. Not while g->runs. */
void hub_generation_free(struct hub_generation *g);
/* What a job was like before: from the state file, or from the generation before (then its run comes
 * along). Texts are copied. */
void hub_live_restore(struct hub_live *l, const struct hub_job_state *st);
void hub_live_take_over(struct hub_live *l, struct hub_live *old);
struct hub_live *hub_generation_find(struct hub_generation *g, struct hub_str name);

/* A run is wanted, with a new budget of tries. */
void hub_live_want(struct hub_live *l);
/* Asks the schedule, if it is time: st.wanted, st.next, st.quiet. */
void hub_live_ask(struct hub_live *l, int64_t now);
/* Looks into the folder, if it is time: sight, st.waiting. */
void hub_live_look(struct hub_live *l, int64_t ticks);
/* Looks, each minute, whether something new is overdue: st.overdue. */
void hub_live_expect(struct hub_live *l, int64_t now);
/* Is there something to start now? */
int hub_live_wants(const struct hub_live *l, int64_t now, int64_t ticks);
/* Ticks at which this job wants to be asked again. */
int64_t hub_live_wake(const struct hub_live *l, int64_t now, int64_t ticks);

#endif
