/* The daemon's jobs for `tsunagi status CONFIG`, and their next times for `tsunagi check`. */
#ifndef HUB_CLI_STATUS_JOBS_H
#define HUB_CLI_STATUS_JOBS_H

#include "base/table.h"
#include "cli/cli.h"
#include "serve/plan.h"

/* One line per job of the configuration: from the daemon's state file, and from the folders as they are
 * now when no daemon runs. *runs: a daemon holds the folder. *amiss: something that a job expects is missing, or the
 * daemon is silent; what, on stderr. */
int hub_status_jobs(struct hub_cli *cli, const struct hub_plan *plan, struct hub_table **out,
		    int *runs, int *amiss);
/* "  night: 2026-11-22 05:00, ..." on stdout, one line for each job that starts by itself. */
void hub_check_times(const struct hub_plan *plan, int64_t after);

#endif
