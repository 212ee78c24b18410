/* tsunagi check CONFIG [--on DAY]: what the store has that fails now, or will on that day as things stand now. */
#ifndef HUB_CLI_CHECK_DAY_H
#define HUB_CLI_CHECK_DAY_H

#include "cli/jobs.h"

/* A table on stdout: contracts, approvals, recipients, grounds, consents, staff, holidays. Without values of
 * records: names of profiles, agencies, counts. HUB_CONF when there is anything. */
int hub_check_day(struct hub_cli *cli, const struct hub_site *site, const char *day,
		  const char *format);
/* The same of what holds on no day: roles that are gone, which rows of modules name or accounts hold. A store that
 * is not there yet, or that the first run brings up, has none. */
int hub_check_now(struct hub_cli *cli, const struct hub_site *site, const char *format);

#endif
