/* tsunagi report: the count sheet of a run, as often as it is asked for; its open rejects as a file. */
#include "base/io.h"
#include "cli/feed.h"
#include "cli/work.h"
#include "intake/reject.h"
#include "intake/report.h"

struct options {
	const char *store, *as, *out, *rejects, *local;
};

static int write_rejects(struct hub_cli *cli, struct hub_store *store, int64_t run,
			 const char *path)
{
	uint64_t n;
	const int rc = hub_reject_file(store, run, path, &n, cli->err);

	if (rc)
		return rc;
	if (n == 0)
		fprintf(stderr, hub_tr("Run %lld has no open rejects: no file was written.\n"),
			(long long)run);
	else
		fprintf(stderr, hub_tr("rejected records: %llu, in %s\n"), (unsigned long long)n,
			path);
	return HUB_OK;
}

static int write_sheet(struct hub_cli *cli, struct hub_store *store, int64_t id,
		       const struct options *o, int form)
{
	struct hub_run_sheet sheet = {.run = id, .form = (enum hub_report_form)form};
	int rc = hub_feed_sheet(cli, store, &sheet, o->out);

	if (!rc && o->rejects)
		rc = write_rejects(cli, store, sheet.run, o->rejects);
	if (!rc && !sheet.agrees)
		cli->exit_code = 4;
	return rc;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&o.store),
	    {"as", "FORM", &o.as, NULL, HUB_N("text, csv or html (default: by the name of --out)")},
	    {"out", "FILE", &o.out, NULL, HUB_N("write there instead of to stdout")},
	    {"rejects", "FILE", &o.rejects, NULL,
	     HUB_N("also write the open rejects of the run, for reload")},
	    HUB_ARG_SCHEMA(&o.local),
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	int64_t id = 0;
	int n, rc, form = HUB_REPORT_TEXT;

	if ((rc = hub_cli_args(cli, &hub_cmd_report, args, argc, argv, &n)))
		return rc;
	if (n > 1 || (n == 1 && hub_parse_i64(hub_str_of(argv[0]), 1, INT64_MAX, &id))) {
		rc = hub_fail(cli->err, HUB_USAGE, "bad-run", "report wants the number of a run");
		hub_hint(cli->err, "`tsunagi runs` lists all runs.");
		return rc;
	}
	if (o.as)
		form = hub_report_form(hub_str_of(o.as));
	else if (o.out && hub_report_form(hub_str_of(o.out)) >= 0)
		form = hub_report_form(hub_str_of(o.out));
	if (form < 0)
		return hub_cli_bad_value(cli, "as", o.as, "text, csv, html");
	if ((rc = hub_work_open(cli, o.local, o.store, HUB_OPEN_READONLY, &store)))
		return rc;
	return write_sheet(cli, store, id, &o, form);
}

const struct hub_cmd hub_cmd_report = {
    .name = "report",
    .summary = HUB_N("count sheet of a run, for the person who signs"),
    .usage = "[RUN] --store URL [--as text|csv|html] [--out FILE]",
    .help = HUB_N("Without RUN: the last one.\n"
		  "examples:\n"
		  "  tsunagi report 12 --store sqlite:tsunagi.db --out counts.html\n"
		  "  tsunagi report 12 --store sqlite:tsunagi.db --rejects 12.csv\n"
		  "exit: 0 the counts agree, 4 they do not\n"),
    .run = run,
};
