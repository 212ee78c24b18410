/* Always compiled in, so that what is tested is what runs; does nothing without the variables. */
#include "store/writer.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* The signal comes when the step is passed as often as the variable says (STEP or STEP:N). */
static void signal_at(const char *variable, const char *step, atomic_llong *passed, int signal)
{
	const char *want = getenv(variable);
	int64_t nth = 1;

	if (!want)
		return;
	struct hub_str name = hub_str_of(want);
	const size_t colon = hub_str_find(name, HUB_STR(":"), 0);
	if (colon != (size_t)-1) {
		if (hub_parse_i64(hub_str_from(name, colon + 1), 1, INT64_MAX, &nth))
			return;
		name.len = colon;
	}
	if (hub_str_is(name, step) && atomic_fetch_add(passed, 1) + 1 == nth)
		kill(getpid(), signal);
}

void hub_crash_point(const char *step)
{
	static atomic_llong killed, held;

	signal_at("TSUNAGI_HOLD", step, &held, SIGSTOP);
	signal_at("TSUNAGI_CRASH", step, &killed, SIGKILL);
}
