/* How a run ended, and whether it is tried again. Pure functions. */
#ifndef HUB_SERVE_OUTCOME_H
#define HUB_SERVE_OUTCOME_H

#include "conf/trigger.h"

enum hub_outcome {
	HUB_ENDED_WELL = 0,    /* exit 0, 5 */
	HUB_ENDED_UNAVAILABLE, /* 7: tried again with growing waits */
	HUB_ENDED_BUSY,        /* 9: another run holds the feed; the same */
	HUB_ENDED_INTERRUPTED, /* 8, or killed from outside: resumed */
	HUB_ENDED_CRASHED,     /* 1, or a signal of a fault: once more, then never */
	HUB_ENDED_REFUSED,     /* 2, 3, 4, 6, 10, 11: somebody has to look; never */
	HUB_ENDED_TIMEOUT,     /* over its time: never */
	HUB_OUTCOMES,
};

/* signal 0: ended by exit. timed_out: we ended it, for its time was over. */
enum hub_outcome hub_outcome_of(int exit_code, int signal, int timed_out);
/* ms to wait before the next try; -1: no more. tries: how often it was tried, this one included. */
int64_t hub_outcome_wait(enum hub_outcome o, unsigned tries, const struct hub_retrying *r);
/* "well", "unavailable", ...: for state files, logs, metrics; hub_tr() of it for people. */
const char *hub_outcome_name(enum hub_outcome o);
int hub_outcome_by_name(const char *name, enum hub_outcome *out); /* -1: none */

#endif
