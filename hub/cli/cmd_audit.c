/* tsunagi audit: the log of what left, and whether it is whole. */
#include "cli/out.h"

#include "base/clock.h"
#include "release/audit.h"
#include "release/audit_inspect.h"
#include "store/db.h"

static int verify(struct hub_cli *cli, struct hub_db *db, const char *head)
{
	struct hub_audit_state a;
	const int rc = hub_audit_verify(db, hub_str_of(head ? head : ""), &a, cli->err);

	if (rc)
		return rc;
	printf(hub_tr("%lld rows, the chain is whole\n"), (long long)a.rows);
	printf("%s  %lld %s\n", hub_tr("audit head"), (long long)a.seq, a.head);
	if (a.known)
		printf(hub_tr("the head given is row %lld\n"), (long long)a.known);
	return HUB_OK;
}

static int show_head(struct hub_cli *cli, struct hub_db *db)
{
	struct hub_audit_state a;
	const int rc = hub_audit_head(db, &a, cli->err);

	if (!rc)
		printf("%lld %s\n", (long long)a.seq, a.head);
	return rc;
}

static int list(struct hub_cli *cli, struct hub_db *db, const char *format)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_table *t = a ? hub_table_new(cli->arena, HUB_STR("")) : NULL;
	int rc = hub_db_walk(db, &q, cli->err,
			     "SELECT seq, at, actor, action, object, detail FROM audit"
			     " ORDER BY seq",
			     "");

	if (rc)
		return rc;
	hub_table_endless(t, a);
	hub_table_col(t, "seq", HUB_N("row"), 1);
	hub_table_col(t, "at", HUB_N("time"), 0);
	hub_table_col(t, "actor", HUB_N("who"), 0);
	hub_table_col(t, "action", HUB_N("action"), 0);
	hub_table_col(t, "object", HUB_N("object"), 0);
	hub_table_col(t, "detail", HUB_N("details"), 0);
	while ((rc = hub_db_next(q, cli->err)) == HUB_OK) {
		hub_table_id(t, hub_db_int(q, 0));
		hub_table_time(t, hub_db_int(q, 1));
		for (uint32_t i = 2; i < 6; i++)
			hub_table_str(t, hub_db_str(q, i));
		if ((rc = hub_out_rows(cli, t, format)))
			return rc;
	}
	return rc == HUB_END ? hub_out_table(cli, t, format) : rc;
}

/* --- the month of an auditor ------------------------------------------------------------------------ */

struct inspect {
	const char *month, *mass, *night, *format;
};

static int wrong(struct hub_cli *cli, const char *option, const char *form)
{
	const int rc = hub_fail(cli->err, HUB_USAGE, "option-value",
				"option --%s: \"%s\" is not a value it takes", option, form);

	hub_hint(cli->err, "For example --month 2026-06 --night 22-6.");
	return rc;
}

/* "2026-06" */
static int take_month(struct hub_cli *cli, const char *text, struct hub_inspect_ask *ask)
{
	struct hub_str s = hub_str_of(text ? text : ""), part;
	int64_t y, m;

	if (s.len != 7 || !hub_str_next(&s, '-', &part) || hub_parse_i64(part, 1970, 9999, &y) ||
	    hub_parse_i64(s, 1, 12, &m))
		return wrong(cli, "month", text ? text : "");
	ask->from = hub_day_start(hub_days_of(y, (unsigned)m, 1));
	ask->to = hub_day_start(hub_days_of(m == 12 ? y + 1 : y, m == 12 ? 1 : (unsigned)m + 1, 1));
	return HUB_OK;
}

static int take_ask(struct hub_cli *cli, const struct inspect *in, struct hub_inspect_ask *ask)
{
	struct hub_str night = hub_str_of(in->night ? in->night : "22-6"), part;
	int64_t from = 22, to = 6;
	const char *path = hub_cli_path(cli, "schemas", "holidays.csv");
	int rc;

	*ask = (struct hub_inspect_ask){.mass = 1000};
	if ((rc = take_month(cli, in->month, ask)))
		return rc;
	if (!hub_str_next(&night, '-', &part) || hub_parse_i64(part, 0, 24, &from) ||
	    hub_parse_i64(night, 0, 24, &to))
		return wrong(cli, "night", in->night);
	if ((rc = hub_cli_number(cli, "mass", in->mass, 1, INT64_MAX, &ask->mass)))
		return rc;
	ask->night_from = (unsigned)from;
	ask->night_to = (unsigned)to;
	return path ? hub_holidays_load(cli->arena, path, &ask->holidays, cli->err)
		    : hub_fail_mem(cli->err);
}

static struct hub_str reasons(struct hub_cli *cli, unsigned findings, int program)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 4096);
	for (int f = 0; f < HUB_FINDINGS; f++)
		if (findings & 1u << f)
			hub_buf_printf(&b, "%s%s", b.len ? (program ? " " : ", ") : "",
				       program ? hub_finding_name((enum hub_finding)f)
					       : hub_tr(hub_finding_text((enum hub_finding)f)));
	return hub_arena_str(cli->arena, hub_buf_text(&b));
}

static int print_findings(struct hub_cli *cli, const struct hub_inspected *e, uint32_t n,
			  const char *format)
{
	struct hub_table *t = hub_table_new(cli->arena, HUB_STR(""));

	hub_table_col(t, "finding", HUB_N("why to look"), 0);
	hub_table_col(t, "seq", HUB_N("row"), 1);
	hub_table_col(t, "at", HUB_N("time"), 0);
	hub_table_col(t, "actor", HUB_N("who"), 0);
	hub_table_col(t, "action", HUB_N("action"), 0);
	hub_table_col(t, "object", HUB_N("object"), 0);
	hub_table_col(t, "rows", HUB_N("rows"), 1);
	if (format) /* too wide for a terminal */
		hub_table_col(t, "detail", HUB_N("details"), 0);
	for (uint32_t i = 0; i < n; i++) {
		hub_table_str(t, reasons(cli, e[i].findings, format != NULL));
		hub_table_id(t, e[i].seq);
		hub_table_time(t, e[i].at);
		hub_table_str(t, e[i].actor);
		hub_table_str(t, e[i].action);
		hub_table_str(t, e[i].object);
		hub_table_int(t, e[i].rows);
		if (format)
			hub_table_str(t, e[i].detail);
	}
	return hub_out_table(cli, t, format);
}

/* A log that was altered is no ground to stand on: its chain is walked first. */
static int inspect(struct hub_cli *cli, struct hub_db *db, const struct inspect *in)
{
	struct hub_inspect_ask ask;
	struct hub_audit_state chain;
	struct hub_inspected *e;
	uint32_t n, count[HUB_FINDINGS] = {0};
	int rc;

	if ((rc = take_ask(cli, in, &ask)) ||
	    (rc = hub_audit_verify(db, HUB_STR(""), &chain, cli->err)) ||
	    (rc = hub_audit_inspect(cli->arena, db, &ask, &e, &n, cli->err)) ||
	    (rc = print_findings(cli, e, n, in->format)) || in->format)
		return rc;
	for (uint32_t i = 0; i < n; i++)
		for (int f = 0; f < HUB_FINDINGS; f++)
			count[f] += (e[i].findings & 1u << f) != 0;
	putchar('\n');
	for (int f = 0; f < HUB_FINDINGS; f++)
		printf("%5u  %s\n", count[f], hub_tr(hub_finding_text((enum hub_finding)f)));
	printf("%s  %lld %s\n", hub_tr("audit head"), (long long)chain.seq, chain.head);
	return HUB_OK;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	const char *url = NULL, *local = NULL, *head = NULL, *format = NULL;
	struct inspect in = {0};
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&url),
	    {"head", "HASH", &head, NULL,
	     HUB_N("verify: a head from a printout must be in the log")},
	    {"month", "YYYY-MM", &in.month, NULL, HUB_N("inspect: the month to look at")},
	    {"mass", "N", &in.mass, NULL, HUB_N("inspect: rows that are many (1000)")},
	    {"night", "FROM-TO", &in.night, NULL, HUB_N("inspect: hours that are night (22-6)")},
	    {"format", "FORM", &format, NULL, HUB_N("list: table, csv, jsonl, html")},
	    HUB_ARG_SCHEMA(&local),
	    {0}};
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_audit, args, argc, argv, &n)))
		return rc;
	const char *what = n == 1 ? argv[0] : "";
	const int known = strcmp(what, "verify") == 0    ? 1
			  : strcmp(what, "head") == 0    ? 2
			  : strcmp(what, "list") == 0    ? 3
			  : strcmp(what, "inspect") == 0 ? 4
							 : 0;
	if (!known) {
		rc = hub_fail(cli->err, HUB_USAGE, "usage",
			      "audit wants verify, head, list or inspect");
		hub_hint(cli->err, "`tsunagi audit --help` shows examples.");
		return rc;
	}
	if ((rc = hub_work_open(cli, local, url, HUB_OPEN_READONLY, &store)))
		return rc;
	struct hub_db *db = hub_store_db(store);
	in.format = format;
	return known == 1   ? verify(cli, db, head)
	       : known == 2 ? show_head(cli, db)
	       : known == 4 ? inspect(cli, db, &in)
			    : list(cli, db, format);
}

const struct hub_cmd hub_cmd_audit = {
    .name = "audit",
    .summary = HUB_N("the log of releases: verify its chain, show it"),
    .usage = "verify|head|list|inspect --store URL",
    .help =
	HUB_N("  tsunagi audit verify --store sqlite:tsunagi.db\n"
	      "  tsunagi audit verify --head HASH     the head printed in an earlier report\n"
	      "  tsunagi audit list --format csv\n"
	      "  tsunagi audit inspect --month 2026-06 --format html\n"
	      "                                       night, holidays, mass reads, new recipients, "
	      "protection ...\n"
	      "exit: 0 whole, 11 a row was altered or is missing\n"),
    .run = run,
};
