/* The web process asks the daemon for a run of a job: a file in the daemon's folder, so that a wish outlives both, and a
 * signal, so that it is looked at now. */
#ifndef HUB_SERVE_ASKING_H
#define HUB_SERVE_ASKING_H

#include "base/err.h"
#include "base/str.h"

#include <signal.h>

enum { HUB_ASKING_SIGNAL = SIGUSR1 };

/* folder: the daemon's. Synced before it returns. */
int hub_asking_put(const char *folder, struct hub_str job, struct hub_err *err);
/* 1: that job was asked for; it is forgotten with this call. */
int hub_asking_take(const char *folder, struct hub_str job);

#endif
