/* Mappings that come with the program and read a file as it is. */
#ifndef HUB_CLI_FITTING_H
#define HUB_CLI_FITTING_H

#include "cli/cli.h"
#include "intake/guess.h"
#include "store/schema.h"

/* Says on stderr which of them expect the columns of the file that was guessed. An advice: what keeps it from looking keeps
 * nobody from what was guessed. */
void hub_fitting_print(struct hub_cli *cli, const struct hub_schema *schema,
		       const struct hub_guess *g);

#endif
