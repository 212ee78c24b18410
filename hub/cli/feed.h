/* One input through the pipeline, with everything that belongs to it on a command line: progress, count
 * sheet, reject file, exit code. import, reload and run go through here. */
#ifndef HUB_CLI_FEED_H
#define HUB_CLI_FEED_H

#include "cli/cli.h"
#include "cli/events.h"
#include "release/run_sheet.h"

struct hub_feed {
	const char *report;  /* file of the count sheet; NULL: stdout */
	const char *rejects; /* reject file; NULL: beside `input` */
	const char *input;   /* what the operator called it */
	int quiet;
	struct hub_events *events; /* NULL: nobody listens */
};

/* Runs in->path into the store. res->drift is set here. Exit codes 4 and 5 go to cli->exit_code. */
int hub_feed_run(struct hub_cli *cli, struct hub_store *store, struct hub_intake *in,
		 const struct hub_feed *feed, struct hub_intake_result *res);
/* What a run before left to do when its program was killed; hub_feed_run() does it, too. */
int hub_feed_late(struct hub_cli *cli, struct hub_store *store);
/* The count sheet of a run that is over, to a file or to stdout. */
int hub_feed_sheet(struct hub_cli *cli, struct hub_store *store, struct hub_run_sheet *sheet,
		   const char *path);
/* "100" records or "2%" of them. */
int hub_feed_limit(struct hub_cli *cli, struct hub_str text, struct hub_intake *in);

#endif
