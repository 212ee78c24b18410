/* tsunagi version */
#include "cli/cli.h"

#define TSUNAGI_VERSION "0.1.0"

static int run(struct hub_cli *cli, int argc, char **argv)
{
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_version, NULL, argc, argv, &n)))
		return rc;
	printf("tsunagi %s (plugin interface %u.%u)\n", TSUNAGI_VERSION, HUB_ABI_MAJOR,
	       HUB_ABI_MINOR);
	return HUB_OK;
}

const struct hub_cmd hub_cmd_version = {
    .name = "version",
    .summary = HUB_N("print the version and the plugin interface"),
    .usage = "",
    .run = run,
};
