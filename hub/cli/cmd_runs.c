/* tsunagi runs: what was loaded, when, by whom. No personal data. */
#include "cli/feed.h"
#include "cli/out.h"
#include "cli/work.h"
#include "intake/runs.h"

struct options {
	const char *store, *format, *feed, *limit, *local;
};

static int open_store(struct hub_cli *cli, const struct options *o, int *form,
		      struct hub_store **store)
{
	const struct hub_schema *schema;
	int rc;

	*form = o->format ? hub_table_form(hub_str_of(o->format)) : HUB_TABLE_TEXT;
	if (*form < 0)
		return hub_fail(cli->err, HUB_USAGE, "option-value",
				"--format wants table, csv, jsonl or html");
	if ((rc = hub_work_schema(cli, o->local, &schema)))
		return rc;
	return hub_work_store(cli, o->store, HUB_OPEN_READONLY, schema, store);
}

static int print(struct hub_cli *cli, const struct hub_table *t, int form)
{
	HUB_AUTO(buf) struct hub_buf out;

	hub_buf_init(&out, 64 << 20);
	if (hub_table_show(t, (enum hub_table_form)form, hub_out_width(), &out))
		return hub_fail_mem(cli->err);
	return hub_feed_out(cli, NULL, hub_buf_text(&out));
}

static int run_runs(struct hub_cli *cli, int argc, char **argv)
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
	int n, form, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_runs, args, argc, argv, &n)))
		return rc;
	if (n > 0)
		return hub_fail(cli->err, HUB_USAGE, "too-many-arguments",
				"runs takes no arguments; `tsunagi report %s` shows one run",
				argv[0]);
	if (o.limit && hub_parse_i64(hub_str_of(o.limit), 0, INT64_MAX, &limit))
		return hub_fail(cli->err, HUB_USAGE, "option-value", "--last wants a number");
	if ((rc = open_store(cli, &o, &form, &store)) ||
	    (rc = hub_runs_table(cli->arena, store, hub_str_of(o.feed ? o.feed : ""), limit,
				 (enum hub_table_form)form, &t, cli->err)))
		return rc;
	return print(cli, t, form);
}

const struct hub_cmd hub_cmd_runs = {
    .name = "runs",
    .summary = HUB_N("what was loaded, when, by whom"),
    .usage = "--store URL [--mapping NAME] [--last N] [--format table|jsonl|csv|html]",
    .help = HUB_N("example:\n  tsunagi runs --store sqlite:tsunagi.db --last 10\n"),
    .run = run_runs,
};
