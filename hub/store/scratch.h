/* What a run must remember and memory may not hold: a temporary file without a name beside the store, written
 * behind its end and read anywhere. It dies with the process. Belongs to one thread. */
#ifndef HUB_STORE_SCRATCH_H
#define HUB_STORE_SCRATCH_H

#include "base/arena.h"
#include "base/err.h"

/* {.fd = -1}: not open. */
struct hub_scratch {
	int fd;
	uint64_t written; /* in the file; behind that comes what is held */
	size_t held;
	char *buf;
};

/* Opens it unless it is open. */
int hub_scratch_open(struct hub_scratch *s, struct hub_err *err);
void hub_scratch_close(struct hub_scratch *s);
int hub_scratch_add(struct hub_scratch *s, const void *p, size_t n, struct hub_err *err);
/* Nothing more comes: gives back what adding takes. */
int hub_scratch_settle(struct hub_scratch *s, struct hub_err *err);
/* n bytes that were added, from `at`. */
int hub_scratch_read(const struct hub_scratch *s, uint64_t at, void *p, size_t n,
		     struct hub_err *err);

static inline uint64_t hub_scratch_end(const struct hub_scratch *s)
{
	return s->written + s->held;
}

#endif
