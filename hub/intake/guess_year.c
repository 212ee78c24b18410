/* Days without a year, 4月3日 or 4/3: of which one they are, if the title above the table or the name of the file says
 * it. A day is never invented: else it is for a person to say. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "text/date.h"

enum {
	EARLY = 3, /* January to March end a fiscal year */
	HALF_YEAR = 6
};

void hub_guess_month(struct guess_col *c, struct hub_str s)
{
	static const struct hub_date_opt leap = {.context_year = 2024};
	struct hub_date date;
	int32_t month = 0;
	char iso[HUB_DATE_TEXT];
	int64_t n;

	if (hub_date_parse(s, NULL, &date) == HUB_DATE_OK || !date.reason ||
	    strcmp(date.reason, "year-missing") != 0 ||
	    hub_date_parse(s, &leap, &date) != HUB_DATE_OK || date.precision != HUB_DATE_DAY)
		return;
	const size_t len = hub_date_iso(&date, 0, iso);
	if (len >= strlen("2024-04") &&
	    hub_parse_i64(hub_str_cut((struct hub_str){iso, len}, 5, 7), 1, 12, &n) == 0)
		month = (int32_t)n;
	c->look[LOOK_NO_YEAR]++;
	c->late += month > EARLY;
	if (c->month) {
		c->leaps += month > c->month + HALF_YEAR;
		c->falls += month + HALF_YEAR < c->month;
		c->later += month > c->month && month <= c->month + HALF_YEAR;
		c->earlier += month < c->month && month + HALF_YEAR >= c->month;
	}
	c->month = month;
}

/* --- what a text says ------------------------------------------------------------------------------------- */

/* 令和8年, ２０２６年, R8, 2026; with its month, too. 0: it is no year. */
static int year_of(struct hub_str s, struct guess_year *y)
{
	struct hub_date date;
	char iso[HUB_DATE_TEXT];
	int64_t n = 0;

	if (hub_date_parse(s, NULL, &date) != HUB_DATE_OK ||
	    (date.precision != HUB_DATE_YEAR && date.precision != HUB_DATE_MONTH))
		return 0;
	const size_t len = hub_date_iso(&date, 0, iso);
	if (len < 4 || hub_parse_i64((struct hub_str){iso, 4}, 2000, 2099, &n))
		return 0;
	*y = (struct guess_year){.number = (int)n, .month = date.precision == HUB_DATE_MONTH};
	return 1;
}

/* The longest piece that ends there and is a year. */
static int ends_year(struct hub_str s, size_t end, struct guess_year *y)
{
	enum { LONGEST = 24 }; /* bytes of 令和１２年 and of ２０２６年, and some */

	for (size_t from = end > LONGEST ? end - LONGEST : 0; from < end; from++)
		if (((unsigned char)s.ptr[from] & 0xc0) != 0x80 &&
		    year_of(hub_str_cut(s, from, end), y))
			return 1;
	return 0;
}

static int is_word(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* 2026, 202604, R8, R8.4 between other signs: names of files. */
static int bare_year(struct hub_str s, struct guess_year *y)
{
	for (size_t i = 0; i < s.len; i++) {
		size_t end = i;
		while (end < s.len && is_word((unsigned char)s.ptr[end]))
			end++;
		const struct hub_str word = hub_str_cut(s, i, end);
		const int six = word.len == 6 && hub_str_starts(word, HUB_STR("20"));
		const int era = word.len > 1 && word.len < 4 && (word.ptr[0] | 32) == 'r';
		if ((word.len == 4 && year_of(word, y)) || (era && year_of(word, y)))
			return 1;
		char with_month[8] = "";
		if (six) {
			memcpy(with_month, word.ptr, 4);
			with_month[4] = '-';
			memcpy(with_month + 5, word.ptr + 4, 2);
			if (year_of((struct hub_str){with_month, 7}, y))
				return 1;
		}
		i = end > i ? end - 1 : i;
	}
	return 0;
}

/* 令和8年度相談記録, 2026年4月, log_2026. */
static int says_year(struct hub_str s, struct guess_year *y)
{
	const struct hub_str word = HUB_STR("年");

	for (size_t at = 0; at < s.len; at++) {
		const size_t found = hub_str_find(hub_str_from(s, at), word, 0);
		if (found == (size_t)-1)
			break;
		at += found;
		if (!ends_year(s, at + word.len, y))
			continue;
		const struct hub_str rest = hub_str_from(s, at + word.len);
		y->fiscal = hub_str_starts(rest, HUB_STR("度"));
		const size_t month = hub_str_find(rest, HUB_STR("月"), 0);
		y->month = !y->fiscal && month != (size_t)-1 && month <= strlen("１２");
		return 1;
	}
	return bare_year(s, y);
}

/* --- the columns ------------------------------------------------------------------------------------------ */

/* A title stands above one table; with several it is one of several. */
static int is_one_table(const struct hub_guess *g)
{
	for (uint32_t i = 0; i < g->sets; i++)
		if ((strcmp(g->set[i].name, "sheets") == 0 ||
		     strcmp(g->set[i].name, "tables") == 0) &&
		    (hub_str_is(g->set[i].value, "all") ||
		     hub_str_find(g->set[i].value, HUB_STR(","), 0) != (size_t)-1))
			return 0;
	return 1;
}

/* December and below it January; or above it, where the last day stands first. */
static int is_over_new_year(const struct guess_col *c)
{
	return (c->later >= c->earlier ? c->falls : c->leaps) > 0;
}

/* Can all days of the column be of that year? One that goes over New Year, or of which January may be the end of a
 * fiscal year as well, can not. */
static int holds(const struct guess_year *y, const struct guess_col *c)
{
	static const char *const days[] = {"activity_on", "received_on", "held_on", "opened_on"};
	int of_record =
	    0; /* what comes next may be of another year, and who was born was not in this one */

	for (size_t i = 0; i < HUB_COUNT(days); i++)
		of_record |= hub_str_is(c->field->name, days[i]);
	return of_record && y->number &&
	       (y->fiscal || (!is_over_new_year(c) && (c->late || y->month)));
}

static struct hub_str expression(struct hub_guess *g, const struct guess_col *c, int y, int fiscal)
{
	return fiscal ? hub_arena_printf(g->arena,
					 "if(%.*s | date(year = %d) < '%d-04-01' | date, "
					 "%.*s | date(year = %d), %.*s | date(year = %d))",
					 HUB_FMT(c->ref), y + 1, y + 1, HUB_FMT(c->ref), y + 1,
					 HUB_FMT(c->ref), y)
		      : hub_arena_printf(g->arena, "%.*s | date(year = %d)", HUB_FMT(c->ref), y);
}

static int without_year(struct hub_guess *g, struct guess_col *c, struct hub_err *err)
{
	if (holds(&g->year, c)) {
		c->expr = expression(g, c, g->year.number, g->year.fiscal);
		c->confidence = 60;
		c->reason =
		    hub_tr("days without a year: it is that of the title or of the file's name");
		g->result.year = g->year.number;
		g->result.fiscal = g->year.fiscal;
		return c->expr.ptr ? HUB_OK : hub_fail_mem(err);
	}
	const struct hub_str such = expression(g, c, hub_guess_this_year(), is_over_new_year(c)),
			     reason = hub_arena_printf(
				 g->arena, hub_tr("days without a year; to say which: \"%.*s\""),
				 HUB_FMT(such));
	c->means = c->field;
	c->field = NULL;
	c->reason = reason.ptr;
	g->result.no_year = c->name;
	return reason.ptr ? HUB_OK : hub_fail_mem(err);
}

int hub_guess_years(struct hub_guess *g, struct hub_err *err)
{
	int rc = HUB_OK;

	if (!(is_one_table(g) && says_year(g->title, &g->year)))
		says_year(g->file, &g->year);
	for (uint32_t i = 0; i < g->cols && !rc; i++) {
		struct guess_col *c = &g->col[i];
		if (c->field && c->field->type == HUB_F_DATE && !c->expr.len && !c->also &&
		    hub_guess_share(c, LOOK_NO_YEAR) >= 20)
			rc = without_year(g, c, err);
	}
	return rc;
}
