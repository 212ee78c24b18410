/* tsunagi query stats: the counts of the 帳票, through the gate. */
#include "base/clock.h"
#include "base/err.h"
#include "base/io.h"
#include "cli/out.h"
#include "cli/statsets.h"
#include "release/stats_give.h"

struct query {
	struct hub_cli *cli;
	const char *store, *local, *profile, *month, *year, *from, *to, *as, *out;
	const char *definition[HUB_WORDS_MAX];
	int definitions;
	struct hub_profile loaded;
	struct hub_stats_ask ask;
	int64_t small;
	struct hub_period shown; /* columns that were asked for */
	struct hub_stats stats;
};

/* --- what is asked for -------------------------------------------------------------------------------------------- */

static int one_period(struct query *q)
{
	int rc;

	if ((q->month != NULL) + (q->year != NULL) + (q->from || q->to) <= 1)
		return HUB_OK;
	rc = hub_fail(q->cli->err, HUB_USAGE, "bad-period",
		      "--month, --year and --from --to exclude each other");
	hub_hint(q->cli->err, "For example --month 2026-10.");
	return rc;
}

static int take_month(struct query *q)
{
	struct hub_stat_period p;
	unsigned month;
	int64_t year;
	int rc = hub_statsets_month(q->cli, q->month, &year, &month);

	if (!rc && hub_stats_month(q->cli->arena, year, month, &p))
		rc = hub_fail_mem(q->cli->err);
	if (!rc)
		q->shown = p.days;
	return rc;
}

static int take_range(struct query *q)
{
	int rc;

	if (!q->from || !q->to)
		return hub_fail(q->cli->err, HUB_USAGE, "bad-period",
				"--from and --to belong together");
	if ((rc = hub_statsets_day(q->cli, q->from, 0, &q->shown.from)) ||
	    (rc = hub_statsets_day(q->cli, q->to, 1, &q->shown.to)))
		return rc;
	if (q->shown.from > q->shown.to)
		return hub_fail(q->cli->err, HUB_USAGE, "bad-period",
				"the period ends before it begins");
	return HUB_OK;
}

/* The 年度 of last month, unless something else is said. */
static int take_year(struct query *q)
{
	int64_t y = hub_stats_year_of(q->ask.today - 27);
	int rc = q->year ? hub_statsets_year(q->cli, q->year, &y) : HUB_OK;

	q->shown.from = (int32_t)hub_days_of(y, 4, 1);
	q->shown.to = (int32_t)hub_days_of(y + 1, 4, 1) - 1;
	return rc;
}

static int whole_months(struct hub_period p)
{
	int64_t y;
	unsigned m, first, after;

	hub_days_to(p.from, &y, &m, &first);
	hub_days_to((int64_t)p.to + 1, &y, &m, &after);
	return first == 1 && after == 1;
}

static int take_period(struct query *q)
{
	int rc = one_period(q);

	if (!rc)
		rc = q->month ? take_month(q) : q->from || q->to ? take_range(q) : take_year(q);
	q->ask.first_year = hub_stats_year_of(q->shown.from);
	q->ask.last_year = hub_stats_year_of(q->shown.to);
	/* a period that is no month or year is counted as it stands; guarded figures have no such thing */
	const int exact = q->ask.profile && q->ask.profile->stats.exact;
	q->ask.range = (struct hub_period){HUB_DAY_LAST, HUB_DAY_LAST};
	if ((q->from && exact) || !whole_months(q->shown))
		q->ask.range = q->shown;
	return rc;
}

static int is_shown(const struct query *q, const struct hub_stat_period *p)
{
	return q->shown.from <= p->days.from && p->days.to <= q->shown.to;
}

static int is_wanted(const struct query *q, const struct hub_stat_set *set)
{
	struct hub_str s;

	for (int i = 0; i < q->definitions; i++) {
		s = hub_str_of(q->definition[i]);
		if (hub_str_eq(s, set->name) ||
		    (hub_str_ends(s, HUB_STR(".cfg")) &&
		     hub_str_ends(hub_str_cut(s, 0, s.len - 4), set->name)))
			return 1;
	}
	return q->definitions == 0;
}

/* --- printing --------------------------------------------------------------------------------------------------------- */

static const char *title(enum hub_stats_column c)
{
	return hub_tr_is_ja() ? hub_stats_column_label[c] : hub_stats_column_name[c];
}

/* One row per figure, for programs and spreadsheets. */
static int fill_long(struct query *q, struct hub_table *t)
{
	struct hub_str row[HUB_STATS_COLUMNS];

	for (int c = 0; c < HUB_STATS_COLUMNS; c++)
		hub_table_col(t, hub_stats_column_name[c], title((enum hub_stats_column)c),
			      c == HUB_STATS_COUNT);
	for (uint32_t c = 0; c < q->stats.cells; c++)
		for (uint32_t p = 0; p < q->stats.periods; p++) {
			if (!is_shown(q, &q->stats.period[p]) ||
			    !is_wanted(q, q->stats.cell[c].set))
				continue;
			if (hub_stats_row(q->cli->arena, &q->stats, q->small, c, p, row))
				return -1;
			for (int k = 0; k < HUB_STATS_COLUMNS; k++)
				if (k == HUB_STATS_COUNT && row[k].len)
					hub_table_int(t,
						      hub_stats_shown(&q->stats, q->small, c, p));
				else
					hub_table_str(t, row[k]);
		}
	return 0;
}

static void put_figure(struct query *q, struct hub_table *t, uint32_t c, uint32_t p)
{
	switch ((enum hub_stat_state)q->stats.state[hub_stats_at(&q->stats, c, p)]) {
	case HUB_STAT_HIDDEN:
		hub_table_puts(t, "X");
		break;
	case HUB_STAT_OPEN:
		hub_table_puts(t, "-");
		break;
	default:
		hub_table_int(t, hub_stats_shown(&q->stats, q->small, c, p));
	}
}

/* One column per period, for people. */
static int fill_wide(struct query *q, struct hub_table *t)
{
	const struct hub_stats *s = &q->stats;

	hub_table_col(t, "label", title(HUB_STATS_LABEL), 0);
	hub_table_col(t, "breakdown", title(HUB_STATS_BY_LABEL), 0);
	hub_table_col(t, "category", title(HUB_STATS_CATEGORY), 0);
	for (uint32_t p = 0; p < s->periods; p++)
		if (is_shown(q, &s->period[p]))
			hub_table_col(t, s->period[p].label.ptr, s->period[p].label.ptr, 1);
	hub_table_col(t, "note", title(HUB_STATS_NOTE), 0);
	for (uint32_t c = 0; c < s->cells; c++) {
		const struct hub_stat_cell *cell = &s->cell[c];
		if (!is_wanted(q, cell->set))
			continue;
		hub_table_str(t, cell->by ? HUB_STR("") : cell->measure->label);
		hub_table_str(t, cell->by ? cell->by->label : HUB_STR(""));
		hub_table_str(t, cell->by ? cell->cat->label : HUB_STR(""));
		for (uint32_t p = 0; p < s->periods; p++)
			if (is_shown(q, &s->period[p]))
				put_figure(q, t, c, p);
		hub_table_str(
		    t, !cell->by && (cell->measure->source == 'K' || cell->measure->source == 'I')
			   ? cell->set->note
			   : HUB_STR(""));
	}
	return 0;
}

static int write_out(struct query *q, struct hub_table *t, int form)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 256 << 20);
	if (form == HUB_TABLE_CSV && q->out)
		hub_buf_puts(&b, "\xef\xbb\xbf"); /* or Excel takes it for CP932 */
	if (hub_table_show(t, (enum hub_table_form)form, q->out ? 0 : hub_out_width(), &b))
		return hub_fail_mem(q->cli->err);
	return hub_cli_put(q->cli, q->out, &b);
}

/* What a reader must know beside the figures goes to stderr: the figures stay a table. */
static void print_notes(const struct query *q)
{
	int64_t n[4] = {0};
	uint32_t measure = 0;

	for (uint32_t c = 0; c < q->stats.cells; c++)
		for (uint32_t p = 0; p < q->stats.periods; p++)
			n[q->stats.state[hub_stats_at(&q->stats, c, p)]] +=
			    is_shown(q, &q->stats.period[p]) && is_wanted(q, q->stats.cell[c].set);
	if (n[HUB_STAT_HIDDEN])
		fprintf(
		    stderr,
		    hub_tr(
			"X: hidden, %lld figures: smaller than %lld, or they would tell one that "
			"is\n"),
		    (long long)n[HUB_STAT_HIDDEN], (long long)q->small);
	if (n[HUB_STAT_ROUNDED])
		fprintf(stderr, hub_tr("%lld figures at the end of a period are rounded to %lld\n"),
			(long long)n[HUB_STAT_ROUNDED], (long long)q->small);
	if (n[HUB_STAT_OPEN])
		fprintf(stderr, "%s\n",
			hub_tr("-: the period is not over; others get it when it is"));
	for (uint32_t c = 0; c < q->stats.cells; c++) {
		const struct hub_stat_cell *cell = &q->stats.cell[c];
		if (cell->by)
			continue;
		const int64_t lost = q->stats.undated[measure++];
		if (lost && q->ask.profile && q->ask.profile->stats.exact &&
		    is_wanted(q, cell->set))
			fprintf(stderr,
				hub_tr("%.*s: %lld rows have no usable day and are not counted\n"),
				HUB_FMT(cell->measure->label), (long long)lost);
	}
}

static int print(struct query *q)
{
	const int form = hub_table_form(hub_str_of(q->as ? q->as : "table"));
	struct hub_table *t = hub_table_new(q->cli->arena, HUB_STR(""));
	int rc;

	if (form < 0)
		return hub_cli_bad_value(q->cli, "as", q->as, "table, csv, jsonl, html");
	const int wide = form == HUB_TABLE_TEXT || form == HUB_TABLE_HTML;
	if (!t || (wide ? fill_wide(q, t) : fill_long(q, t)))
		return hub_fail_mem(q->cli->err);
	if ((rc = write_out(q, t, form)))
		return rc;
	print_notes(q);
	return HUB_OK;
}

/* --- the command ---------------------------------------------------------------------------------------------------- */

static int stats(struct query *q)
{
	struct hub_cli *cli = q->cli;
	const struct hub_schema *schema;
	HUB_AUTO(store) struct hub_store *store = NULL;
	int rc = hub_work_schema(cli, q->local, &schema);

	q->ask.today = hub_today();
	q->ask.actor = hub_work_actor(cli);
	if (!rc && q->profile) {
		rc = hub_out_profile(cli, q->profile, schema, &q->loaded);
		q->ask.profile = &q->loaded;
		q->small = q->loaded.stats.small;
	} else if (!rc) {
		/* without a profile the small counts are guarded across all tables there are */
		rc = hub_statsets_load(cli, NULL, 0, schema, &q->ask.sets);
	}
	if (rc || (rc = take_period(q)))
		return rc;
	if (!q->profile)
		q->small = hub_stats_small(q->ask.sets);
	q->ask.object = hub_str_of(q->month  ? q->month
				   : q->from ? q->from
				   : q->year ? q->year
					     : "-");
	if ((rc = hub_work_store(cli, q->store, 0, schema, &store)) ||
	    (rc = hub_stats_give(cli->arena, store, &q->ask, &q->stats, cli->err)))
		return rc;
	return print(q);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct query q = {.cli = cli};
	const struct hub_arg args[] = {
	    {"month", "MONTH", &q.month, NULL, HUB_N("one month: 2026-10, R8.10")},
	    {"year", "YEAR", &q.year, NULL,
	     HUB_N("a year from April to March, with its months: 2026, R8 (default: the current "
		   "one)")},
	    {"from", "DAY", &q.from, NULL, HUB_N("first day or month of another period")},
	    {"to", "DAY", &q.to, NULL, HUB_N("its last day or month")},
	    {"definition", "NAME", q.definition, &q.definitions,
	     HUB_N("only this one of schemas/statistics/ (several times; default: all)")},
	    {"profile", "NAME", &q.profile, NULL,
	     HUB_N("who gets the figures; without one, small counts are hidden")},
	    {"as", "FORM", &q.as, NULL, HUB_N("table, csv, jsonl, html")},
	    {"out", "FILE", &q.out, NULL, HUB_N("into a file")},
	    HUB_ARG_STORE(&q.store),
	    HUB_ARG_SCHEMA(&q.local),
	    {0}};
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_query, args, argc, argv, &n)))
		return rc;
	if (n == 1 && strcmp(argv[0], "stats") == 0)
		return stats(&q);
	rc = hub_fail(cli->err, HUB_USAGE, "usage", "query wants to know what: stats");
	hub_hint(cli->err,
		 "For example: tsunagi query stats --year 2026 --store sqlite:tsunagi.db");
	return rc;
}

const struct hub_cmd hub_cmd_query = {
    .name = "query",
    .summary = HUB_N("count what the forms ask for (statistics)"),
    .usage = "stats [--month MONTH | --year YEAR | --from DAY --to DAY] --store URL",
    .help = HUB_N(
	"What is counted stands in schemas/statistics/*.cfg. Counts below the limit of a "
	"definition\n"
	"are hidden, with as many others as are needed so that nothing tells them; a profile with\n"
	"statistics: { exact = true; } shows them (config/profiles/internal-statistics.cfg).\n\n"
	"  tsunagi query stats --year R8 --store sqlite:tsunagi.db\n"
	"  tsunagi query stats --month 2026-10 --as csv --out 10.csv --store sqlite:tsunagi.db\n"
	"  tsunagi query stats --from 2026-04-01 --to 2026-09-30 --profile internal-statistics\n"
	"exit: 0 done, 3 a definition is wrong, 6 refused (not approved, stopped)\n"),
    .run = run,
};
