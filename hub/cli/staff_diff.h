/* What a staff list would change, before it is imported. */
#ifndef HUB_CLI_STAFF_DIFF_H
#define HUB_CLI_STAFF_DIFF_H

#include "base/table.h"
#include "cli/cli.h"
#include "store/store.h"

/* One row per difference. Reads the file through the mapping; writes nothing. */
int hub_staff_diff(struct hub_cli *cli, struct hub_store *store, const char *mapping,
		   const char *path, struct hub_table **out);

#endif
