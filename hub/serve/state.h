/* What the daemon remembers and shows: one JSON file in its folder, replaced whole (fsync, rename) at every
 * transition and every few seconds. `status`, /metrics and /ready read it; after a restart the daemon
 * goes on from it. It holds names of jobs and files, times and numbers. */
#ifndef HUB_SERVE_STATE_H
#define HUB_SERVE_STATE_H

#include "base/buf.h"
#include "base/err.h"
#include "serve/outcome.h"

/* Times are seconds since 1970 UTC, 0: never. */
struct hub_job_state {
	struct hub_str name;
	int64_t due;      /* last due time that was looked after */
	int64_t wanted;   /* 1: it is to run as soon as it may */
	int64_t running;  /* 1: begun and not ended; after a restart: interrupted */
	int64_t tries;    /* of what is being done now */
	int64_t retry_at; /* of the next try */
	int64_t begun_at, ended_at, moved_at; /* moved: last sign of progress */
	int64_t failed;                       /* 1: the last run failed for good */
	int64_t exit, signal, run;            /* of the last one; run: its number in the store */
	int64_t rows, rejected;               /* of the last one */
	int64_t runs, ended_well, ended_badly, retries; /* since the file began */
	int64_t waiting, oldest;  /* files; seconds that the oldest one has been waiting */
	int64_t next;             /* next due time */
	int64_t quiet;            /* end of the blackout it is in */
	int64_t seconds;          /* all runs together */
	int64_t known;            /* what it expects was first asked for */
	int64_t arrived, written; /* something new: when; ns, the time that its file bore */
	int64_t records;          /* of the last content that was read */
	int64_t overdue;          /* something new is missing since; 0: it is not */
	struct hub_str outcome, code, message, file; /* of the last one; file: being worked on */
};

/* A module that made the web process die, or cannot be served. */
enum { HUB_AREA_BYTES = 40, HUB_MODULES_SHOWN = 32, HUB_WHY_BYTES = 320 };
struct hub_module_state {
	char area[HUB_AREA_BYTES];
	int64_t faults, since;   /* how often, since when */
	int64_t off_at;          /* it is switched off since; 0: it is not */
	int64_t hung;            /* the last time it hung, it did not crash */
	char why[HUB_WHY_BYTES]; /* its tables cannot be made, and why; empty: it died */
};

/* The process that serves HTTP. */
struct hub_web_state {
	int64_t expected; /* the daemon listens */
	int64_t serving, since;
	int64_t deaths;                     /* without being asked, since the daemon began */
	int64_t late;                       /* requests that are not answered for a minute */
	struct hub_str code, message, hint; /* why it does not serve; empty: nothing is wrong */
};

struct hub_state {
	int64_t pid, started_at, written_at, stopping, generation;
	int64_t stalled;       /* seconds that files may wait while nothing moves */
	struct hub_str reload; /* why the last reload was refused; empty: it was not */
	struct hub_job_state *job;
	size_t jobs;
	struct hub_web_state web;
	struct hub_module_state *module;
	size_t modules;
};

/* folder: the daemon's. HUB_END: there is no state yet; HUB_REJECT: it is damaged. */
int hub_state_read(struct hub_arena *a, const char *folder, struct hub_state *out,
		   struct hub_err *err);
int hub_state_write(const char *folder, const struct hub_state *s, struct hub_err *err);
const struct hub_job_state *hub_state_find(const struct hub_state *s, struct hub_str name);

/* Takes the folder for this process and keeps it until it ends. HUB_LOCKED: another daemon has it. */
int hub_state_lock(const char *folder, int *fd, struct hub_err *err);
/* Does a daemon hold the folder? */
int hub_state_is_held(const char *folder);

/* Files wait and nothing moves: no run has shown progress for s->stalled seconds, and no blackout is why. job (may be NULL): the
 * first such job. */
int hub_state_is_stalled(const struct hub_state *s, int64_t now, const struct hub_job_state **job);
/* A daemon that writes nothing for so long is gone or hangs. */
enum { HUB_STATE_SILENT = 30 };

#endif
