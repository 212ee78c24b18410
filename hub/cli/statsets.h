/* What `query stats` and `stats` share: definitions by name, periods as people write them. */
#ifndef HUB_CLI_STATSETS_H
#define HUB_CLI_STATSETS_H

#include "cli/out.h"
#include "release/stats.h"

/* Names (of schemas/statistics/) or paths; none: all files of that folder, by name. All problems of the
 * files go to stderr. */
int hub_statsets_load(struct hub_cli *cli, const char *const *names, int n,
		      const struct hub_schema *schema, struct hub_stat_sets *out);
/* "2026-10", "R8.10", "令和8年10月"; or with a day, when `to_day`: then the first (last) day of a month
 * or the day itself. */
int hub_statsets_month(struct hub_cli *cli, const char *text, int64_t *year, unsigned *month);
int hub_statsets_day(struct hub_cli *cli, const char *text, int last, int32_t *day);
/* "2026", "R8", "令和8年度": the year in whose April it begins. */
int hub_statsets_year(struct hub_cli *cli, const char *text, int64_t *year);

#endif
