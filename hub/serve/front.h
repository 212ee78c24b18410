/* The web process as the daemon sees it: a child that serves HTTP on a socket that the daemon opened, so
 * that no connection is refused while it is started anew. What it serves: serve/web.h. */
#ifndef HUB_SERVE_FRONT_H
#define HUB_SERVE_FRONT_H

#include "serve/blame.h"
#include "serve/child.h"
#include "serve/pulse.h"
#include "serve/state.h"

struct hub_front {
	struct hub_child child;
	char address[128];                /* empty: no HTTP */
	int fd;                           /* listening; -1: none */
	int64_t start_at, begun, kill_at; /* ticks */
	int64_t wait;                     /* ms before the next start when it dies at once */
	const char *state;                /* folder where it notes which module it is in */
	struct hub_module_state module[HUB_MODULES_SHOWN]; /* those that made it die */
	size_t modules;
	int64_t faults;         /* of all of them, ever */
	struct hub_pulse pulse; /* of the process that lives, or of the last one */
	struct hub_err why;     /* why the last one went; rc 0: one serves */
	int64_t since, deaths;  /* it serves, or does not, since; ended without being asked, ever */
	int serving;
};

/* state outlives it. */
void hub_front_init(struct hub_front *f, const char *state);
/* Listens on address from now on (empty: nowhere). A socket that is the same stays open. */
int hub_front_listen(struct hub_front *f, struct hub_str address, struct hub_err *err);
/* Starts it when it is time, sees to it that it runs. 1: what people are told of it has changed. */
int hub_front_step(struct hub_front *f, const char *program, const char *config, int64_t ticks);
/* The configuration is new: modules that were switched off get another chance. */
void hub_front_forgive(struct hub_front *f);
/* Modules that the process cannot serve, as it says itself. */
void hub_front_look(struct hub_front *f);
/* For the state file; valid until the next step. */
struct hub_web_state hub_front_state(const struct hub_front *f);
/* Asks it to end; it is started again by hub_front_step unless it listens nowhere. */
void hub_front_restart(struct hub_front *f, int64_t ticks);
int64_t hub_front_wake(const struct hub_front *f, int64_t ticks);
void hub_front_close(struct hub_front *f);

#endif
