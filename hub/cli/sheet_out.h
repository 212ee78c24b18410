/* A sheet to be released in the layout of its mapping (export --mapping). */
#ifndef HUB_CLI_SHEET_OUT_H
#define HUB_CLI_SHEET_OUT_H

#include "cli/work.h"
#include "plugin/option.h"
#include "release/sheet.h"

/* Columns as the last import of the mapping had them. The result lives as long as cli->arena. */
int hub_sheet_out(struct hub_cli *cli, const char *mapping, const struct hub_schema *schema,
		  struct hub_store *store, struct hub_sheet *out);
/* Gives the sink the options that the mapping has for its source and that the sink has, too (layout,
 * cells, expect), before those of the command line. */
int hub_sheet_out_options(struct hub_cli *cli, const char *mapping, const struct hub_schema *schema,
			  struct hub_options *sink);

#endif
