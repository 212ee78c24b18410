/* tsunagi stats: months that are closed, what changed since; definitions looked at. */
#include "base/err.h"
#include "cli/statsets.h"
#include "release/approval.h"
#include "release/stats_close.h"
#include "release/stats_guard.h"

struct stats_cli {
	struct hub_cli *cli;
	const char *store, *local, *reason, *format, *profile;
	const char *definition[HUB_WORDS_MAX];
	int definitions;
	char **operand;
	int operands;
	const struct hub_schema *schema;
	struct hub_store *opened;
	struct hub_stat_sets sets;
	struct hub_stat_period month;
};

static int load_sets(struct stats_cli *x)
{
	return hub_statsets_load(x->cli, x->definition, x->definitions, x->schema, &x->sets);
}

static int take_month(struct stats_cli *x)
{
	int64_t year;
	unsigned month;
	int rc;

	if (x->operands != 2) {
		rc = hub_fail(x->cli->err, HUB_USAGE, "usage", "stats %s wants a month",
			      x->operand[0]);
		hub_hint(x->cli->err, "For example: tsunagi stats %s 2026-10", x->operand[0]);
		return rc;
	}
	if ((rc = hub_statsets_month(x->cli, x->operand[1], &year, &month)))
		return rc;
	return hub_stats_month(x->cli->arena, year, month, &x->month) ? hub_fail_mem(x->cli->err)
								      : HUB_OK;
}

/* --- list, close, reopen ------------------------------------------------------------------------------------------- */

static int print_closes(struct stats_cli *x, struct hub_str month)
{
	struct hub_table *t = hub_table_new(x->cli->arena, HUB_STR(""));
	struct hub_stats_close *c;
	uint32_t n;
	int rc = hub_stats_closes(x->cli->arena, hub_store_db(x->opened), month, x->sets, &c, &n,
				  x->cli->err);

	if (rc)
		return rc;
	hub_table_col(t, "month", HUB_N("month"), 0);
	hub_table_col(t, "definition", HUB_N("definition"), 0);
	hub_table_col(t, "closed_at", HUB_N("closed"), 0);
	hub_table_col(t, "actor", HUB_N("who"), 0);
	hub_table_col(t, "reopened_at", HUB_N("opened again"), 0);
	hub_table_col(t, "reason", HUB_N("reason"), 0);
	hub_table_col(t, "definition_changed", HUB_N("other definition now"), 0);
	hub_table_col(t, "hash", HUB_N("hash"), 0);
	for (uint32_t i = 0; i < n; i++) {
		hub_table_str(t, c[i].month);
		hub_table_str(t, c[i].definition);
		hub_table_time(t, c[i].at);
		hub_table_str(t, c[i].actor);
		hub_table_time(t, c[i].reopened_at);
		hub_table_str(t, c[i].reason);
		hub_table_puts(t, c[i].definition_changed ? hub_tr("yes") : "");
		hub_table_puts(t, c[i].hash);
	}
	return hub_out_table(x->cli, t, x->format);
}

static int list(struct stats_cli *x)
{
	const int rc = load_sets(x);

	return rc ? rc : print_closes(x, HUB_STR(""));
}

static int close_month(struct stats_cli *x)
{
	int rc = load_sets(x);

	if (!rc)
		rc = hub_stats_close(x->opened, x->sets, &x->month, hub_work_actor(x->cli),
				     x->cli->err);
	return rc ? rc : print_closes(x, x->month.label);
}

static int reopen(struct stats_cli *x)
{
	const int rc = hub_stats_reopen(x->opened, x->month.label, hub_work_actor(x->cli),
					hub_str_of(x->reason ? x->reason : ""), x->cli->err);

	if (!rc)
		printf(hub_tr("%.*s is open again\n"), HUB_FMT(x->month.label));
	return rc;
}

/* --- differences ------------------------------------------------------------------------------------------------------ */

/* The numbers are for those who may see exact figures; that something changed, for everybody. */
static int may_see(struct stats_cli *x, int *yes)
{
	struct hub_profile p;
	int rc;

	*yes = 0;
	if (!x->profile)
		return HUB_OK;
	if ((rc = hub_out_profile(x->cli, x->profile, x->schema, &p)) ||
	    (rc = hub_approval_check(hub_store_db(x->opened), &p, x->cli->err)))
		return rc;
	*yes = p.stats.sets.n > 0 && p.stats.exact;
	return HUB_OK;
}

static void put_diff(struct hub_table *t, const struct hub_stat_set *set,
		     const struct hub_stats_diff *d, int numbers)
{
	hub_table_str(t, set->name);
	hub_table_str(t, d->cell ? d->cell->measure->label : d->name);
	hub_table_str(t, d->cell && d->cell->by ? d->cell->by->label : HUB_STR(""));
	hub_table_str(t, d->cell && d->cell->by ? d->cell->cat->label : HUB_STR(""));
	if (numbers) {
		hub_table_int(t, d->submitted);
		hub_table_int(t, d->now);
	} else {
		hub_table_puts(t, "X");
		hub_table_puts(t, "X");
	}
}

static int diff(struct stats_cli *x)
{
	struct hub_table *t = hub_table_new(x->cli->arena, HUB_STR(""));
	int numbers, rc = load_sets(x);

	if (rc || (rc = may_see(x, &numbers)) || !t)
		return rc ? rc : hub_fail_mem(x->cli->err);
	hub_table_col(t, "definition", HUB_N("definition"), 0);
	hub_table_col(t, "label", HUB_N("measure"), 0);
	hub_table_col(t, "breakdown", HUB_N("breakdown"), 0);
	hub_table_col(t, "category", HUB_N("category"), 0);
	hub_table_col(t, "submitted", HUB_N("submitted"), 1);
	hub_table_col(t, "now", HUB_N("now"), 1);
	for (uint32_t i = 0; i < x->sets.n && !rc; i++) {
		struct hub_stats_diff *d;
		uint32_t n;
		rc = hub_stats_compare(x->cli->arena, x->opened, &x->sets.set[i], &x->month, &d, &n,
				       x->cli->err);
		for (uint32_t k = 0; k < n && !rc; k++)
			put_diff(t, &x->sets.set[i], &d[k], numbers);
	}
	if (rc)
		return rc;
	if (hub_table_rows(t) == 0) {
		printf(hub_tr("%.*s: as submitted\n"), HUB_FMT(x->month.label));
		return HUB_OK;
	}
	if ((rc = hub_out_table(x->cli, t, x->format)))
		return rc;
	if (!numbers)
		fprintf(stderr, "%s\n",
			hub_tr("the numbers are shown with --profile of a profile that has exact "
			       "statistics"));
	x->cli->exit_code = 5;
	return HUB_OK;
}

/* --- check -------------------------------------------------------------------------------------------------------------- */

static int check(struct stats_cli *x)
{
	int rc;

	x->definitions = x->operands - 1;
	for (int i = 0; i < x->definitions && i < HUB_WORDS_MAX; i++)
		x->definition[i] = x->operand[i + 1];
	if ((rc = load_sets(x)) || (rc = hub_stats_guard_check(x->sets, x->cli->err)))
		return rc;
	for (uint32_t i = 0; i < x->sets.n; i++)
		printf(hub_tr("%.*s: fine, %u measures\n"), HUB_FMT(x->sets.set[i].name),
		       x->sets.set[i].n);
	return HUB_OK;
}

static const struct {
	const char *word;
	int (*run)(struct stats_cli *);
	int store, month;
} words[] = {{"close", close_month, 1, 1},
	     {"reopen", reopen, 1, 1},
	     {"diff", diff, 1, 1},
	     {"list", list, 1, 0},
	     {"check", check, 0, 0}};

static int dispatch(struct stats_cli *x)
{
	HUB_AUTO(store) struct hub_store *store = NULL;
	int rc;

	for (size_t i = 0; x->operands > 0 && i < HUB_COUNT(words); i++) {
		if (strcmp(x->operand[0], words[i].word) != 0)
			continue;
		if ((rc = hub_work_schema(x->cli, x->local, &x->schema)) ||
		    (words[i].month && (rc = take_month(x))) ||
		    (words[i].store &&
		     (rc = hub_work_store(x->cli, x->store, 0, x->schema, &store))))
			return rc;
		x->opened = store;
		return words[i].run(x);
	}
	rc = hub_fail(x->cli->err, HUB_USAGE, "usage",
		      "stats wants one of: close, diff, reopen, list, check");
	hub_hint(x->cli->err, "For example: tsunagi stats close 2026-10 --store sqlite:tsunagi.db");
	return rc;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct stats_cli x = {.cli = cli};
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&x.store),
	    {"definition", "NAME", x.definition, &x.definitions,
	     HUB_N("only this one of schemas/statistics/ (several times; default: all)")},
	    {"reason", "TEXT", &x.reason, NULL, HUB_N("reopen: why")},
	    {"profile", "NAME", &x.profile, NULL,
	     HUB_N("diff: profile that may see exact figures")},
	    HUB_ARG_FORMAT(&x.format),
	    HUB_ARG_SCHEMA(&x.local),
	    {0}};
	const int rc = hub_cli_args(cli, &hub_cmd_stats, args, argc, argv, &x.operands);

	if (rc)
		return rc;
	x.operand = argv;
	return dispatch(&x);
}

const struct hub_cmd hub_cmd_stats = {
    .name = "stats",
    .summary = HUB_N("close a month of statistics, show what changed since"),
    .usage = "close|diff|reopen MONTH | list | check [FILE...]",
    .help = HUB_N(
	"close keeps the figures as they were submitted, with a hash that is in the audit log, "
	"too.\n"
	"diff shows what later edits have changed; the numbers only to a profile with exact\n"
	"statistics. reopen needs a reason. check reads definitions and says all that is wrong.\n\n"
	"  tsunagi stats close 2026-10 --store sqlite:tsunagi.db\n"
	"  tsunagi stats diff 2026-10 --profile internal-statistics --store sqlite:tsunagi.db\n"
	"  tsunagi stats reopen 2026-10 --reason 'two intakes were missing' --store "
	"sqlite:tsunagi.db\n"
	"exit: 0 done, nothing differs; 5 differences; 6 refused; 11 the figures kept were "
	"altered\n"),
    .run = run,
};
