/* tsunagi status: what the daemon's jobs do, or what is in a store and waits for a person. No personal data. */
#include "cli/out.h"
#include "cli/status_jobs.h"
#include "intake/runs.h"
#include "release/waiting.h"
#include "serve/live.h"

static int show_jobs(struct hub_cli *cli, const char *config, const char *format)
{
	struct hub_generation *site = NULL;
	enum hub_table_form form;
	struct hub_table *t;
	int runs = 0, amiss = 0, rc;

	if ((rc = hub_out_form(cli, format, &form)) ||
	    (rc = hub_generation_load(cli->home, config, &site, cli->err)))
		return rc;
	rc = hub_status_jobs(cli, &site->plan, &t, &runs, &amiss);
	if (!rc)
		rc = hub_out_table(cli, t, format);
	if (!rc && form == HUB_TABLE_TEXT && !runs)
		printf("\n%s\n", hub_tr("The daemon is not running: tsunagi serve CONFIG"));
	hub_generation_free(site);
	if (!rc && amiss)
		cli->exit_code = 7;
	return rc;
}

static int show_store(struct hub_cli *cli, const char *url, const char *local, const char *format)
{
	HUB_AUTO(store) struct hub_store *store = NULL;
	HUB_AUTO(buf) struct hub_buf todo;
	enum hub_table_form form;
	struct hub_table *t;
	int rc;

	hub_buf_init(&todo, 1 << 20);
	if ((rc = hub_out_form(cli, format, &form)) ||
	    (rc = hub_work_open(cli, local, url, HUB_OPEN_READONLY, &store)) ||
	    (rc = hub_status_table(cli->arena, store, &t, cli->err)) ||
	    (rc = hub_status_todo(store, &todo, cli->err)) ||
	    (rc = hub_release_waiting(hub_store_db(store), &todo, cli->err)))
		return rc;
	if (!hub_buf_ok(&todo))
		return hub_fail_mem(cli->err);
	if ((rc = hub_out_table(cli, t, format)) || form != HUB_TABLE_TEXT)
		return rc;
	printf("\n%.*s", HUB_FMT(hub_buf_text(&todo)));
	if (!todo.len)
		printf("%s\n", hub_tr("Nothing waits for you."));
	return HUB_OK;
}

static int run_status(struct hub_cli *cli, int argc, char **argv)
{
	const char *store = NULL, *format = NULL, *local = NULL;
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&store),
	    HUB_ARG_FORMAT(&format),
	    HUB_ARG_SCHEMA(&local),
	    HUB_ARG_END,
	};
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_status, args, argc, argv, &n)))
		return rc;
	if (n > 1 || (n == 1 && store))
		return hub_fail(cli->err, HUB_USAGE, "too-many-arguments",
				"status takes one configuration, or --store");
	return n ? show_jobs(cli, argv[0], format) : show_store(cli, store, local, format);
}

const struct hub_cmd hub_cmd_status = {
    .name = "status",
    .summary = HUB_N("last run of each source, and what waits for a person"),
    .usage = "CONFIG | --store URL [--format table|jsonl|csv|html]",
    .help = HUB_N("examples:\n"
		  "  tsunagi status config/nightly.cfg           the daemon's jobs\n"
		  "  tsunagi status --store sqlite:tsunagi.db    what was loaded, what is open\n"
		  "exit: 7 when something that a job expects has not come in its time, or the "
		  "daemon is silent\n"),
    .run = run_status,
};
