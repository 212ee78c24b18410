/* Days without a year, 4月3日 or 4/3: of which one they are, if the title above the table or the name of the file says
 * it. A day is never invented: else it is for a person to say. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "text/date.h"

enum {
	EARLY = 3, /* January to March end a fiscal year */
	HALF_YEAR = 6,
	HALF =
	    50 /* percent of days without a year: with fewer these are mistakes in a column of days */
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
	c->months |= 1u << month;
	if (c->month) {
		c->leaps += month > c->month + HALF_YEAR;
		c->falls += month + HALF_YEAR < c->month;
		c->later += month > c->month && month <= c->month + HALF_YEAR;
		c->earlier += month < c->month && month + HALF_YEAR >= c->month;
	}
	c->month = month;
}

/* --- what a text says ------------------------------------------------------------------------------------- */

/* 令和8年, ２０２６年, R8, 2026; 2026年4月, R8.4 with its month. 0: it is no year. */
static int year_of(struct hub_str s, struct guess_year *y)
{
	struct hub_date date;
	char iso[HUB_DATE_TEXT];
	int64_t n = 0, month = 0;

	if (hub_date_parse(s, NULL, &date) != HUB_DATE_OK ||
	    (date.precision != HUB_DATE_YEAR && date.precision != HUB_DATE_MONTH))
		return 0;
	const size_t len = hub_date_iso(&date, 0, iso);
	if (len < 4 || hub_parse_i64((struct hub_str){iso, 4}, 2000, 2099, &n) ||
	    (len >= 7 && hub_parse_i64((struct hub_str){iso + 5, 2}, 1, 12, &month)))
		return 0;
	*y = (struct guess_year){.number = (int)n, .month = (int)month};
	return 1;
}

static int is_digit(struct hub_str s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

/* 2026年4月1日, R8.4.1, 2026年3月末作成: when it was written out, not of when it is. */
static int is_of_print(struct hub_str rest)
{
	static const char *const words[] = {"現在", "作成", "出力", "印刷", "発行", "更新"};
	const struct hub_str near = hub_str_cut(rest, 0, rest.len < 24 ? rest.len : 24);
	size_t at = 0;

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_find(near, hub_str_of(words[i]), 0) != (size_t)-1)
			return 1;
	const int32_t c = rest.len ? hub_utf8_next(rest, &at) : 0;
	return is_digit(rest, 0) || (c >= 0xff10 && c <= 0xff19);
}

/* The longest piece from some place before `end` on that is a year or a month, and ends at it. */
static int ends_there(struct hub_str s, size_t end, struct guess_year *y)
{
	enum { LONGEST = 36 }; /* bytes of 令和１２年１２月, and some */

	for (size_t from = end > LONGEST ? end - LONGEST : 0; from < end; from++)
		if (((unsigned char)s.ptr[from] & 0xc0) != 0x80 &&
		    year_of(hub_str_cut(s, from, end), y))
			return 1;
	return 0;
}

/* Letters and digits, and between two digits what parts numbers. */
static int in_word(struct hub_str s, size_t at)
{
	const char c = s.ptr[at];

	return is_digit(s, at) || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       ((c == '.' || c == '-' || c == '/') && at > 0 && is_digit(s, at - 1) &&
		is_digit(s, at + 1));
}

/* 202604 is a month. */
static int month_of(struct hub_str s, struct guess_year *y)
{
	char iso[8];

	if (s.len != 6)
		return 0;
	memcpy(iso, s.ptr, 4);
	iso[4] = '-';
	memcpy(iso + 5, s.ptr + 4, 2);
	return year_of((struct hub_str){iso, 7}, y);
}

/* 2026, 202604, 2026-04, R8, R8.4 between other signs: names of files. */
static int bare_year(struct hub_str s, struct guess_year *y)
{
	for (size_t i = 0, end; i < s.len; i = end + 1) {
		for (end = i; end < s.len && in_word(s, end);)
			end++;
		const struct hub_str word = hub_str_cut(s, i, end);
		if (word.len > 1 && !is_of_print(hub_str_from(s, end)) &&
		    (year_of(word, y) || month_of(word, y)))
			return 1;
	}
	return 0;
}

/* 令和8年度相談記録, 2026年4月, log_2026. */
static int says_year(struct hub_str s, struct guess_year *y)
{
	static const char *const words[] = {"月", "年"}; /* 2026年4月 says more than 2026年 */

	for (size_t w = 0; w < HUB_COUNT(words); w++)
		for (size_t at = 0; at < s.len; at++) {
			const size_t found =
			    hub_str_find(hub_str_from(s, at), hub_str_of(words[w]), 0);
			if (found == (size_t)-1)
				break;
			at += found;
			const struct hub_str rest = hub_str_from(s, at + strlen(words[w]));
			if (is_of_print(rest) || !ends_there(s, s.len - rest.len, y))
				continue;
			y->fiscal = !y->month && hub_str_starts(rest, HUB_STR("度"));
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
	       (y->fiscal || (y->month ? c->months == 1u << y->month
				       : !is_over_new_year(c) && c->months >> (EARLY + 1)));
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

/* 日, of a month that the title or the file's name says: 1, 3, 8. */
static int day_of_month(struct hub_guess *g, struct hub_err *err)
{
	const struct hub_entity *e = hub_schema_entity(g->schema, HUB_STR("activity"));
	const struct hub_field *day = e ? hub_schema_field(e, HUB_STR("activity_on")) : NULL;

	if (!day || !g->year.month || hub_guess_filler(g, "activity", "activity_on") ||
	    !hub_guess_filler(g, "activity", "body"))
		return HUB_OK;
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		if (c->field || !hub_str_is(hub_str_trim(c->name), "日") || c->max_chars > 2 ||
		    hub_guess_share(c, LOOK_INT) < 90)
			continue;
		c->expr = hub_arena_printf(g->arena, "'%d年%d月' + %.*s + '日' | date",
					   g->year.number, g->year.month, HUB_FMT(c->ref));
		c->field = day;
		c->means = NULL;
		c->confidence = 60;
		c->reason =
		    hub_tr("days without a year: it is that of the title or of the file's name");
		g->result.year = g->year.number;
		return c->expr.ptr ? HUB_OK : hub_fail_mem(err);
	}
	return HUB_OK;
}

int hub_guess_years(struct hub_guess *g, struct hub_err *err)
{
	int rc = HUB_OK;

	if (!(is_one_table(g) && says_year(g->title, &g->year)))
		says_year(g->file, &g->year);
	for (uint32_t i = 0; i < g->cols && !rc; i++) {
		struct guess_col *c = &g->col[i];
		if (c->field && c->field->type == HUB_F_DATE && !c->expr.len && !c->also &&
		    hub_guess_share(c, LOOK_NO_YEAR) >= HALF)
			rc = without_year(g, c, err);
	}
	return rc ? rc : day_of_month(g, err);
}
