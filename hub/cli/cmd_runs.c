/* tsunagi runs: what was loaded, when, by whom. No personal data. */
#include "cli/out.h"
#include "intake/runs.h"

struct options {
	const char *store, *format, *feed, *limit, *local;
};

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&o.store),
	    {"mapping", "NAME", &o.feed, NULL, HUB_N("runs of this mapping only")},
	    {"last", "N", &o.limit, NULL, HUB_N("the last N runs (default: 50; 0: all)")},
	    HUB_ARG_FORMAT(&o.format),
	    HUB_ARG_SCHEMA(&o.local),
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	struct hub_table *t;
	int64_t limit = 50;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_runs, args, argc, argv, &n)))
		return rc;
	if (n > 0)
		return hub_fail(cli->err, HUB_USAGE, "too-many-arguments",
				"runs takes no arguments; `tsunagi report %s` shows one run",
				argv[0]);
	if ((rc = hub_cli_number(cli, "last", o.limit, 0, INT64_MAX, &limit)) ||
	    (rc = hub_work_open(cli, o.local, o.store, HUB_OPEN_READONLY, &store)) ||
	    (rc = hub_runs_table(cli->arena, store, hub_str_of(o.feed ? o.feed : ""), limit, &t,
				 cli->err)))
		return rc;
	return hub_out_table(cli, t, o.format);
}

const struct hub_cmd hub_cmd_runs = {
    .name = "runs",
    .summary = HUB_N("what was loaded, when, by whom"),
    .usage = "--store URL [--mapping NAME] [--last N] [--format table|jsonl|csv|html]",
    .help = HUB_N("example:\n  tsunagi runs --store sqlite:tsunagi.db --last 10\n"),
    .run = run,
};
