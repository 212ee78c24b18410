/* What a run tells the daemon that started it: JSON lines on a descriptor (--progress-fd N).
 *
 *	{"event":"progress","rows":N,"rejected":N,"bytes":N,"total_bytes":N,"ms":N}      at most two a second
 *	{"event":"run","run":ID,"content":SHA256,"read":N,"rejected":N,"unchanged":0|1,"vanished":N,
 *	 "written":NS}
 *	{"event":"release","release":ID,"rows":N,"written":N,"rejected":N}
 *	{"event":"end","exit":CODE,"code":..,"message":..,"where":..,"hint":..}
 *
 * A listener that does not read loses progress lines, never the run. NULL everywhere: nobody listens. */
#ifndef HUB_CLI_EVENTS_H
#define HUB_CLI_EVENTS_H

#include "intake/pipeline.h"
#include "release/release.h"

struct hub_events {
	int fd;
	int64_t said; /* ms of the last progress line */
};

void hub_events_progress(struct hub_events *e, const struct hub_progress *p);
void hub_events_run(struct hub_events *e, const struct hub_intake_result *res);
void hub_events_release(struct hub_events *e, const struct hub_release_result *res);
/* err: its code is empty when there was none. */
void hub_events_end(struct hub_events *e, int exit_code, const struct hub_err *err);

#endif
