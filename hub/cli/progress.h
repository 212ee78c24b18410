/* Progress of long work on stderr: a bar with rate and time left on a terminal, a line every 10 s
 * otherwise, nothing with --quiet. */
#ifndef HUB_CLI_PROGRESS_H
#define HUB_CLI_PROGRESS_H

#include "cli/events.h"

struct hub_bar {
	int terminal, drawn, quiet;
	struct hub_events *events; /* they hear of it as well; NULL: nobody */
	int64_t said;              /* ms of the last line */
};

void hub_bar_init(struct hub_bar *b);
/* Fits hub_intake.progress; arg is the struct hub_bar. */
void hub_bar_show(void *arg, const struct hub_progress *p);
void hub_bar_end(struct hub_bar *b); /* clears the line */

#endif
