/* One child process: the same program with other arguments, in a process group of its own, bounded, and
 * ended when the daemon ends. */
#ifndef HUB_SERVE_CHILD_H
#define HUB_SERVE_CHILD_H

#include "base/err.h"

#include <sys/types.h>

struct hub_child_spec {
	const char *program;
	const char *const *argv; /* NULL-ended; argv[0] is the program's name */
	const char *out, *err;   /* files of what it prints, written anew; NULL: as ours */
	int64_t memory;          /* bytes of address space; 0: no limit */
	int keep;                /* this descriptor becomes its 4; -1: none */
};

struct hub_child {
	pid_t pid;    /* 0: none */
	int pidfd;    /* readable when it has ended */
	int progress; /* what it writes to its descriptor 3; not blocking */
};

enum { HUB_CHILD_PROGRESS = 3, HUB_CHILD_KEPT = 4 };

/* Call from the thread that lives as long as the process: the child gets SIGTERM when it ends. */
int hub_child_start(const struct hub_child_spec *spec, struct hub_child *out, struct hub_err *err);
/* To the child and all that it started. */
void hub_child_signal(const struct hub_child *c, int signal);
/* 1: it has ended and nothing of it is left; c->progress can still be read and is the caller's to close.
 * signal 0: it ended with exit code. 0: it runs. */
int hub_child_reap(struct hub_child *c, int *code, int *signal);

#endif
