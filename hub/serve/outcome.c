#include "serve/outcome.h"

#include "base/str.h"

#include <signal.h>

enum { CRASH_TRIES = 2 };

static const char *const names[HUB_OUTCOMES] = {
    [HUB_ENDED_WELL] = HUB_N("well"),       [HUB_ENDED_UNAVAILABLE] = HUB_N("unavailable"),
    [HUB_ENDED_BUSY] = HUB_N("busy"),       [HUB_ENDED_INTERRUPTED] = HUB_N("interrupted"),
    [HUB_ENDED_CRASHED] = HUB_N("crashed"), [HUB_ENDED_REFUSED] = HUB_N("refused"),
    [HUB_ENDED_TIMEOUT] = HUB_N("timeout"),
};

enum hub_outcome hub_outcome_of(int exit_code, int signal, int timed_out)
{
	if (timed_out)
		return HUB_ENDED_TIMEOUT;
	/* these come from outside: an operator, a machine that goes down, the kernel without memory */
	if (signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP)
		return HUB_ENDED_INTERRUPTED;
	if (signal)
		return HUB_ENDED_CRASHED;
	switch (exit_code) {
	case 0:
	case 5:
		return HUB_ENDED_WELL;
	case 7:
		return HUB_ENDED_UNAVAILABLE;
	case 8:
		return HUB_ENDED_INTERRUPTED;
	case 9:
		return HUB_ENDED_BUSY;
	case 2:
	case 3:
	case 4:
	case 6:
	case 10:
	case 11:
		return HUB_ENDED_REFUSED;
	default:
		return HUB_ENDED_CRASHED;
	}
}

int64_t hub_outcome_wait(enum hub_outcome o, unsigned tries, const struct hub_retrying *r)
{
	int64_t wait = r->first;

	if (o == HUB_ENDED_WELL || o == HUB_ENDED_REFUSED || o == HUB_ENDED_TIMEOUT ||
	    tries > (uint64_t)r->times || (o == HUB_ENDED_CRASHED && tries >= CRASH_TRIES))
		return -1;
	for (unsigned i = 1; i < tries && wait < r->most; i++)
		wait *= 2;
	return wait < r->most ? wait : r->most;
}

const char *hub_outcome_name(enum hub_outcome o)
{
	return names[o];
}

int hub_outcome_by_name(const char *name, enum hub_outcome *out)
{
	for (unsigned i = 0; i < HUB_OUTCOMES; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum hub_outcome)i;
			return 0;
		}
	return -1;
}
