/* What the web process tells the daemon that started it, a JSON line at a time on descriptor 3: {"event":"alive","late":0} as soon as
 * it serves and every few seconds while it gets on with its requests (late: how many are under way for too long), {"event":"end",...} when it cannot. */
#ifndef HUB_SERVE_PULSE_H
#define HUB_SERVE_PULSE_H

#include "base/err.h"

enum { HUB_PULSE_MS = 5000, HUB_PULSE_LINE = 4096 };

/* The web process: the descriptor; -1 when nobody listens, which is fine for the others. */
int hub_pulse_open(void);
void hub_pulse_beat(int fd, unsigned late);
void hub_pulse_end(int fd, const struct hub_err *err);

/* What the daemon has heard of one. */
struct hub_pulse {
	int serving;        /* it has been alive once */
	int64_t heard;      /* ticks */
	int64_t late;       /* requests that are not answered for long */
	struct hub_err why; /* it cannot; rc 0: it has said nothing of that kind */
	size_t len;
	char line[2 * HUB_PULSE_LINE]; /* of what is not whole yet */
};
/* fd: its progress; not blocking. */
void hub_pulse_read(struct hub_pulse *p, int fd, int64_t ticks);

#endif
