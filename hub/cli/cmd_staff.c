/* tsunagi staff: who works where on a day, what a new list changes, and whose cases want a successor. */
#include "base/clock.h"
#include "cli/out.h"
#include "cli/staff_diff.h"
#include "cli/work.h"
#include "store/staff.h"

#include <stdio.h>

struct options {
	const char *store, *format, *local, *on, *mapping;
};

static int day_of(struct hub_cli *cli, const struct options *o, struct hub_str *day)
{
	int32_t on = hub_today();
	const int rc = hub_cli_day(cli, "on", o->on, &on);
	char text[11];

	if (rc)
		return rc;
	hub_day_text(on, text);
	*day = hub_arena_str(cli->arena, hub_str_of(text));
	return day->ptr ? HUB_OK : hub_fail_mem(cli->err);
}

static int list(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		struct hub_str day)
{
	struct hub_table *t = hub_table_new(cli->arena, HUB_STR(""));
	struct hub_staff_post *post;
	uint32_t n;
	const int rc = hub_staff_posts(cli->arena, store, &post, &n, cli->err);

	if (rc)
		return rc;
	hub_table_col(t, "staff_no", HUB_N("staff no."), 0);
	hub_table_col(t, "name", HUB_N("name"), 0);
	hub_table_col(t, "agency", HUB_N("agency"), 0);
	hub_table_col(t, "department", HUB_N("department"), 0);
	hub_table_col(t, "position", HUB_N("position"), 0);
	hub_table_col(t, "from", HUB_N("from"), 0);
	hub_table_col(t, "to", HUB_N("until"), 0);
	for (uint32_t i = 0; i < n; i++) {
		const struct hub_staff_post *p = &post[i];
		if (hub_staff_on(post, n, i, day) != (int64_t)i)
			continue;
		hub_table_str(t, p->staff_no);
		hub_table_str(t, p->name);
		hub_table_str(t, p->agency);
		hub_table_str(t, p->department);
		hub_table_str(t, p->position);
		hub_table_str(t, p->from);
		hub_table_str(t, p->to);
	}
	return hub_out_table(cli, t, o->format);
}

static int handover(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		    struct hub_str day)
{
	static const char *const why[] = {[HUB_STAFF_LEFT] = HUB_N("has left"),
					  [HUB_STAFF_MOVED] = HUB_N("works elsewhere"),
					  [HUB_STAFF_CONTRACT] = HUB_N("the contract is over")};
	struct hub_table *t = hub_table_new(cli->arena, HUB_STR(""));
	struct hub_staff_open *open;
	uint32_t n;
	const int rc = hub_staff_open(cli->arena, store, day, &open, &n, cli->err);

	if (rc)
		return rc;
	hub_table_col(t, "staff_no", HUB_N("staff no."), 0);
	hub_table_col(t, "name", HUB_N("name"), 0);
	hub_table_col(t, "why", HUB_N("why"), 0);
	hub_table_col(t, "since", HUB_N("since"), 0);
	hub_table_col(t, "case", HUB_N("case"), 0);
	hub_table_col(t, "task", HUB_N("task"), 0);
	hub_table_col(t, "due", HUB_N("due"), 0);
	hub_table_col(t, "note", HUB_N("note"), 0);
	for (uint32_t i = 0; i < n; i++) {
		hub_table_str(t, open[i].staff_no);
		hub_table_str(t, open[i].name);
		hub_table_puts(t, hub_tr(why[open[i].why]));
		hub_table_str(t, open[i].since);
		hub_table_str(t, open[i].case_no);
		hub_table_str(t, open[i].task);
		hub_table_str(t, open[i].due);
		hub_table_puts(t, open[i].namesakes > 0
				      ? hub_tr("others have the same name: say who is meant")
				      : "");
	}
	return hub_out_table(cli, t, o->format);
}

static int act(struct hub_cli *cli, struct hub_store *store, const struct options *o, int n,
	       char **argv)
{
	struct hub_table *t;
	struct hub_str day;
	int rc = day_of(cli, o, &day);

	if (rc)
		return rc;
	if (n == 0 || (n == 1 && strcmp(argv[0], "list") == 0))
		return list(cli, store, o, day);
	if (n == 1 && strcmp(argv[0], "handover") == 0)
		return handover(cli, store, o, day);
	if (n == 2 && strcmp(argv[0], "diff") == 0) {
		rc = hub_staff_diff(cli, store, o->mapping ? o->mapping : "staff", argv[1], &t);
		return rc ? rc : hub_out_table(cli, t, o->format);
	}
	rc = hub_fail(cli->err, HUB_USAGE, "bad-word",
		      "staff wants list, diff and a file, or handover");
	hub_hint(cli->err, "`tsunagi staff --help` shows examples.");
	return rc;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const struct hub_arg args[] = {
	    {"on", "DAY", &o.on, NULL, HUB_N("as it is on that day (default: today)")},
	    {"mapping", "NAME", &o.mapping, NULL,
	     HUB_N("diff: mapping of the list (default: staff)")},
	    HUB_ARG_STORE(&o.store),
	    HUB_ARG_FORMAT(&o.format),
	    HUB_ARG_SCHEMA(&o.local),
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_staff, args, argc, argv, &n)) ||
	    (rc = hub_work_open(cli, o.local, o.store, HUB_OPEN_DRY, &store)))
		return rc;
	return act(cli, store, &o, n, argv);
}

const struct hub_cmd hub_cmd_staff = {
    .name = "staff",
    .summary = HUB_N("who works where, what a new list changes, whose cases want a successor"),
    .usage = "[list] | diff FILE | handover",
    .help = HUB_N(
	"An appointment counts from its day on; before it, nobody sees it. Nothing is written:\n"
	"the list itself comes in with `tsunagi import FILE --mapping staff`.\n"
	"examples:\n"
	"  tsunagi staff --on 2026-04-01 --store sqlite:tsunagi.db\n"
	"  tsunagi staff diff meibo.csv        (before the import)\n"
	"  tsunagi staff handover              (open cases and tasks of those who left)\n"),
    .run = run,
};
