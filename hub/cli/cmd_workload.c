/* tsunagi workload: totals of the 業務棚卸表, by what was done and by kind of staff, in hours. */
#include "cli/out.h"
#include "cli/work.h"
#include "store/db.h"

#include <stdio.h>

enum { KINDS = 60, ROWS = 2000 };

struct options {
	const char *store, *format, *local, *by, *period;
};

/* Minutes by row and kind; the last of each is the sum. */
struct totals {
	struct hub_str row[ROWS + 1], kind[KINDS + 1];
	uint32_t rows, kinds;
	int64_t *minutes; /* (ROWS + 1) x (KINDS + 1) */
	int64_t unread;
};

static const struct {
	const char *word, *column;
} groups[] = {{"category", "category"},
	      {"task", "coalesce(category || ' ', '') || task_name"},
	      {"department", "department"},
	      {"period", "period"}};

/* Index of a text in a list that grows; -1: it is full. */
static int64_t place(struct hub_arena *a, struct hub_str *list, uint32_t *n, uint32_t cap,
		     struct hub_str text)
{
	for (uint32_t i = 0; i < *n; i++)
		if (hub_str_eq(list[i], text))
			return i;
	if (*n == cap)
		return -1;
	list[*n] = hub_arena_str(a, text);
	return (*n)++;
}

static int64_t *cell(struct totals *t, int64_t row, int64_t kind)
{
	return &t->minutes[row * (KINDS + 1) + kind];
}

static int count(struct hub_cli *cli, struct hub_db *db, const char *column, const char *period,
		 struct totals *t)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_str sql = hub_arena_printf(
	    cli->arena,
	    "SELECT coalesce(%s, ''), coalesce(staff_kind, ''), coalesce(sum(minutes), 0),"
	    " sum(CASE WHEN w.state LIKE '%% minutes!%%' THEN 1 ELSE 0 END) FROM cc_workload w"
	    " LEFT JOIN record r ON r.id = w.record_id WHERE coalesce(r.state, 0) = 0"
	    " AND (? = '' OR period = ?) GROUP BY 1, 2 ORDER BY min(w.id)",
	    column);
	const struct hub_str only = hub_str_of(period ? period : "");
	int rc = sql.ptr ? hub_db_query(db, &q, cli->err, sql.ptr, "tt", only, only)
			 : hub_fail_mem(cli->err);

	while (!rc && (rc = hub_db_next(q, cli->err)) == HUB_OK) {
		const int64_t row = place(cli->arena, t->row, &t->rows, ROWS, hub_db_str(q, 0)),
			      kind = place(cli->arena, t->kind, &t->kinds, KINDS, hub_db_str(q, 1));
		if (row < 0 || kind < 0)
			return hub_fail(cli->err, HUB_USAGE, "too-many",
					"more than %d rows or %d kinds of staff", ROWS, KINDS);
		*cell(t, row, kind) += hub_db_int(q, 2);
		t->unread += hub_db_int(q, 3);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* Hours with as many decimals as there are. */
static struct hub_str hours(struct hub_arena *a, int64_t minutes)
{
	const int64_t hundredths = (minutes * 100 + 30) / 60;

	if (hundredths % 100 == 0)
		return hub_arena_printf(a, "%lld", (long long)(hundredths / 100));
	if (hundredths % 10 == 0)
		return hub_arena_printf(a, "%lld.%lld", (long long)(hundredths / 100),
					(long long)(hundredths % 100 / 10));
	return hub_arena_printf(a, "%lld.%02lld", (long long)(hundredths / 100),
				(long long)(hundredths % 100));
}

static int show(struct hub_cli *cli, const struct options *o, struct totals *t)
{
	struct hub_table *out = hub_table_new(cli->arena, HUB_STR(""));

	if (!out)
		return hub_fail_mem(cli->err);
	t->row[t->rows] = t->kind[t->kinds] = hub_str_of(hub_tr("total"));
	hub_table_col(out, "work", HUB_N("work"), 0);
	for (uint32_t k = 0; k <= t->kinds; k++) {
		const char *name = hub_arena_cstr(cli->arena, t->kind[k]);
		if (!name)
			return hub_fail_mem(cli->err);
		hub_table_col(out, name, name, 1);
	}
	for (uint32_t r = 0; r < t->rows; r++)
		for (uint32_t k = 0; k < t->kinds; k++) {
			*cell(t, r, t->kinds) += *cell(t, r, k);
			*cell(t, t->rows, k) += *cell(t, r, k);
			*cell(t, t->rows, t->kinds) += *cell(t, r, k);
		}
	for (uint32_t r = 0; r <= t->rows; r++) {
		hub_table_str(out, t->row[r]);
		for (uint32_t k = 0; k <= t->kinds; k++)
			hub_table_str(out, hours(cli->arena, *cell(t, r, k)));
	}
	if (t->unread)
		fprintf(stderr, hub_tr("%lld times could not be read and are in no total\n"),
			(long long)t->unread);
	return hub_out_table(cli, out, o->format);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const struct hub_arg args[] = {
	    {"by", "WORD", &o.by, NULL,
	     HUB_N("category, task, department or period (default: category)")},
	    {"period", "TEXT", &o.period, NULL, HUB_N("only this period, as the sheet has it")},
	    HUB_ARG_STORE(&o.store),
	    HUB_ARG_FORMAT(&o.format),
	    HUB_ARG_SCHEMA(&o.local),
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	struct totals *t = hub_alloc0(cli->arena, sizeof *t);
	const char *column = NULL;
	int n, rc;

	if (!t ||
	    !(t->minutes = hub_alloc0(cli->arena, sizeof(int64_t) * (ROWS + 1) * (KINDS + 1))))
		return hub_fail_mem(cli->err);
	if ((rc = hub_cli_args(cli, &hub_cmd_workload, args, argc, argv, &n)))
		return rc;
	if (n)
		return hub_fail(cli->err, HUB_USAGE, "too-many-arguments",
				"workload takes no arguments");
	for (size_t i = 0; i < HUB_COUNT(groups); i++)
		if (strcmp(o.by ? o.by : "category", groups[i].word) == 0)
			column = groups[i].column;
	if (!column)
		return hub_cli_bad_value(cli, "by", o.by, "category, task, department, period");
	if ((rc = hub_work_open(cli, o.local, o.store, HUB_OPEN_DRY, &store)) ||
	    (rc = count(cli, hub_store_db(store), column, o.period, t)))
		return rc;
	return show(cli, &o, t);
}

const struct hub_cmd hub_cmd_workload = {
    .name = "workload",
    .summary = HUB_N("totals of the inventory of work, by what was done and by kind of staff"),
    .usage = "[--by category|task|department|period]",
    .help =
	HUB_N("In hours. The inventory comes in with a mapping (mappings/workload is an example).\n"
	      "examples:\n"
	      "  tsunagi workload --store sqlite:tsunagi.db\n"
	      "  tsunagi workload --by department --format csv\n"),
    .run = run,
};
