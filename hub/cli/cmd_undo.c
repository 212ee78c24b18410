/* tsunagi undo: restores the state before a run; itself a run. */
#include "base/clock.h"
#include "cli/feed.h"
#include "cli/out.h"
#include "cli/work.h"
#include "release/attachment.h"
#include "release/audit.h"
#include "release/site.h"

/* What a run had opened or closed (a consent, for one) is another thing from now on: on the log before it is done, so
 * that nothing is taken back without a trace, and once for each time somebody asks. */
static int log_it(struct hub_cli *cli, struct hub_store *store, int64_t id)
{
	char object[32];

	snprintf(object, sizeof object, "run %lld", (long long)id);
	return hub_audit_add(hub_store_db(store), hub_work_actor(cli), "undo", hub_str_of(object),
			     HUB_STR(""), cli->err);
}

/* One person takes a run back, but lifts no display restriction that it brought. A run that cannot be taken back says so
 * first. */
static int keep_protected(struct hub_cli *cli, struct hub_store *store, int64_t id)
{
	const struct hub_actor who = hub_actor_named(hub_work_actor(cli));
	HUB_AUTO(buf) struct hub_buf plan;
	int64_t n;

	hub_buf_init(&plan, 16 << 20);
	int rc = hub_run_undo_plan(store, id, &plan, cli->err);

	if (!rc)
		rc = hub_site_keep_protected(store, id, hub_today(), &who, &n, cli->err);
	if (!rc && n)
		printf(hub_tr("%lld rows of people stay under display restriction; two people lift "
			      "it (`tsunagi release protection clear`)\n"),
		       (long long)n);
	return rc;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	const char *url = NULL, *local = NULL;
	int n, rc, dry = 0;
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&url),
	    {"dry-run", NULL, NULL, &dry, HUB_N("say what would be done, write nothing")},
	    HUB_ARG_SCHEMA(&local),
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	HUB_AUTO(buf) struct hub_buf report;
	int64_t id;

	hub_buf_init(&report, 16 << 20);
	if ((rc = hub_cli_args(cli, &hub_cmd_undo, args, argc, argv, &n)))
		return rc;
	if (n != 1 || hub_parse_i64(hub_str_of(argv[0]), 1, INT64_MAX, &id)) {
		rc = hub_fail(cli->err, HUB_USAGE, "bad-run", "undo wants the number of a run");
		hub_hint(cli->err, "`tsunagi runs` lists all runs.");
		return rc;
	}
	if ((rc = hub_work_open(cli, local, url, 0, &store)))
		return rc;
	if (!dry && ((rc = log_it(cli, store, id)) || (rc = keep_protected(cli, store, id))))
		return rc;
	rc = dry ? hub_run_undo_plan(store, id, &report, cli->err)
		 : hub_run_undo(store, id, hub_work_actor(cli), &report, cli->err);
	fwrite(report.ptr, 1, report.len, stdout);
	return rc || dry ? rc : hub_attachments_sweep(store, cli->err);
}

const struct hub_cmd hub_cmd_undo = {
    .name = "undo",
    .summary = HUB_N("take a run back"),
    .usage = "RUN --store URL [--dry-run]",
    .help = HUB_N("Rows that somebody changed since are conflicts: they are listed and stay as\n"
		  "they are. Stopped in the middle, the same command goes on.\n"
		  "Rejects that it had solved are open again.\n"
		  "examples:\n"
		  "  tsunagi undo 12 --store sqlite:tsunagi.db --dry-run\n"
		  "  tsunagi undo 12 --store sqlite:tsunagi.db\n"),
    .run = run,
};
