/* Who was it? The web process notes, in a file that it shares with the daemon, which module each of its threads is
 * in. When it dies the daemon reads whose call that was; a module that does it again and again is left out
 * at the next start. */
#ifndef HUB_SERVE_BLAME_H
#define HUB_SERVE_BLAME_H

#include "base/err.h"
#include "serve/state.h"

enum { HUB_CALLS_MOST = 64 };

struct hub_blame;

/* The web process: an empty file FOLDER/modules.calls, mapped. To the end of the process. */
int hub_blame_open(const char *folder, struct hub_blame **out, struct hub_err *err);
/* Faults of the process are noted on their thread's call before it dies of them. Call once. */
void hub_blame_catch(void);
/* This thread goes into a module, until `until` (ticks) at the latest; and is back. b NULL: nothing happens. */
void hub_blame_enter(struct hub_blame *b, const char *area, int64_t until);
void hub_blame_leave(void);
/* It has more time, until then. */
void hub_blame_extend(int64_t until);
/* A call that is late: its area, noted as the one that hung. NULL: none. */
const char *hub_blame_late(struct hub_blame *b, int64_t ticks);

/* The web process, before it serves: this module is left out, since its tables cannot be made. b NULL: nothing. */
void hub_blame_unfit(struct hub_blame *b, const char *area, const struct hub_err *why);
/* The daemon, at any time: number `i` of those; 0: there are no more. why: HUB_WHY_BYTES. */
int hub_blame_unfit_read(const char *folder, size_t i, char area[HUB_AREA_BYTES],
			 char why[HUB_WHY_BYTES]);
/* What was noted is forgotten: the next process tries them again. */
void hub_blame_forget(const char *folder);

/* The daemon, when the process is gone: whose call it was; 0: nobody's. hung: it was too late, not wrong. */
int hub_blame_read(const char *folder, char area[HUB_AREA_BYTES], int *hung);

#endif
