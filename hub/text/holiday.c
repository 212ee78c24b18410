#include "text/holiday.h"

#include "base/clock.h"
#include "base/io.h"
#include "text/encoding.h"

#include <stdlib.h>

enum { FILE_LIMIT = 1 << 20, FIRST_YEAR = 1980, LAST_YEAR = 2099 };

struct row {
	int32_t day;
	struct hub_str name;
};
struct hub_holidays {
	struct row *row; /* by day */
	size_t n;
	int64_t first, last; /* years that the file covers */
};

/* --- the rules ------------------------------------------------------------------------------------- */

static const struct {
	unsigned month, day, monday; /* monday: the day is the Nth Monday */
	const char *name;
} fixed[] = {{1, 1, 0, "元日"},        {1, 0, 2, "成人の日"},      {2, 11, 0, "建国記念の日"},
	     {2, 23, 0, "天皇誕生日"}, {4, 29, 0, "昭和の日"},     {5, 3, 0, "憲法記念日"},
	     {5, 4, 0, "みどりの日"},  {5, 5, 0, "こどもの日"},    {7, 0, 3, "海の日"},
	     {8, 11, 0, "山の日"},     {9, 0, 3, "敬老の日"},      {10, 0, 2, "スポーツの日"},
	     {11, 3, 0, "文化の日"},   {11, 23, 0, "勤労感謝の日"}};

/* 3条: "休日" for the day between two holidays and for the one that stands in for a Sunday. */
#define BETWEEN HUB_STR("休日")

unsigned hub_weekday(int32_t day)
{
	return (unsigned)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

/* Day of the month of an equinox: the usual approximation for 1980-2099 (海上保安庁の略算式). */
static unsigned equinox(int64_t y, double base)
{
	return (unsigned)(base + 0.242194 * (double)(y - 1980)) - (unsigned)((y - 1980) / 4);
}

/* 2条: the day itself is a holiday of the law. */
static const char *by_law(int32_t day)
{
	int64_t y;
	unsigned m, d;

	hub_days_to(day, &y, &m, &d);
	if (y < FIRST_YEAR || y > LAST_YEAR)
		return NULL;
	for (size_t i = 0; i < HUB_COUNT(fixed); i++)
		if (fixed[i].month == m &&
		    (fixed[i].monday ? hub_weekday(day) == 0 && (d + 6) / 7 == fixed[i].monday
				     : fixed[i].day == d))
			return fixed[i].name;
	if (m == 3 && d == equinox(y, 20.8431))
		return "春分の日";
	return m == 9 && d == equinox(y, 23.2488) ? "秋分の日" : NULL;
}

static struct hub_str by_rules(int32_t day)
{
	const char *name = by_law(day);
	int32_t before = day - 1;

	if (name)
		return hub_str_of(name);
	/* 3条2項: the first day after a Sunday's holiday that is none itself */
	for (; by_law(before); before--)
		if (hub_weekday(before) == 6)
			return BETWEEN;
	/* 3条3項 */
	if (by_law(day - 1) && by_law(day + 1))
		return BETWEEN;
	return (struct hub_str){NULL, 0};
}

/* --- the file -------------------------------------------------------------------------------------- */

static int by_day(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

/* "2026/1/1" or "2026-01-01". */
static int read_day(struct hub_str s, int32_t *day)
{
	const char sep = hub_str_find(s, HUB_STR("/"), 0) == (size_t)-1 ? '-' : '/';
	struct hub_str part;
	int64_t n[3], y;
	unsigned m, d;

	for (int i = 0; i < 3; i++)
		if (!hub_str_next(&s, sep, &part) || hub_parse_i64(part, 1,
								   i == 0   ? 9999
								   : i == 1 ? 12
									    : 31,
								   &n[i]))
			return -1;
	*day = (int32_t)hub_days_of(n[0], (unsigned)n[1], (unsigned)n[2]);
	hub_days_to(*day, &y, &m, &d);
	return s.len == 0 && d == (unsigned)n[2] ? 0 : -1;
}

static int take_line(struct hub_arena *a, struct hub_holidays *h, struct hub_str line)
{
	struct hub_str day;
	struct row *r = &h->row[h->n];

	hub_str_next(&line, ',', &day);
	if (read_day(hub_str_trim(day), &r->day))
		return -1;
	r->name = hub_arena_str(a, hub_str_trim(line));
	h->n++;
	return 0;
}

static int take_text(struct hub_arena *a, struct hub_holidays *h, struct hub_str text,
		     const char *path, struct hub_err *err)
{
	struct hub_str line;
	int rc;

	for (int64_t number = 1; hub_str_next(&text, '\n', &line); number++) {
		line = hub_str_trim(line);
		/* the first line is the header */
		if (line.len == 0 || number == 1 || !take_line(a, h, line))
			continue;
		rc = hub_fail(err, HUB_CONF, "bad-holiday", "%s:%lld does not begin with a date",
			      path, (long long)number);
		hub_hint(err, "The form is that of the Cabinet Office: 2026/1/1,元日");
		return rc;
	}
	if (h->n)
		return HUB_OK;
	rc = hub_fail(err, HUB_CONF, "bad-holiday", "%s has no holiday in it", path);
	hub_hint(err, "The form is that of the Cabinet Office: 2026/1/1,元日");
	return rc;
}

int hub_holidays_load(struct hub_arena *a, const char *path, const struct hub_holidays **out,
		      struct hub_err *err)
{
	struct hub_holidays *h = hub_alloc0(a, sizeof *h);
	struct hub_str raw;
	size_t bom = 0, used, lines = 2;
	unsigned m, d;
	int rc;

	if (!h)
		return hub_fail_mem(err);
	if ((rc = hub_file_read(a, path, FILE_LIMIT, &raw, err)))
		return rc;
	const enum hub_enc enc = hub_enc_detect(raw, 1, &bom);
	const struct hub_str text = hub_decode_arena(a, enc, hub_str_from(raw, bom), &used, NULL);
	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	h->row = hub_alloc_array(a, lines, sizeof *h->row);
	if (!text.ptr || !h->row)
		return hub_fail_mem(err);
	if ((rc = take_text(a, h, text, path, err)))
		return rc;
	qsort(h->row, h->n, sizeof *h->row, by_day);
	hub_days_to(h->row[0].day, &h->first, &m, &d);
	hub_days_to(h->row[h->n - 1].day, &h->last, &m, &d);
	*out = h;
	return HUB_OK;
}

int hub_holidays_cover(const struct hub_holidays *h, int64_t year)
{
	return h && h->first <= year && year <= h->last;
}

struct hub_str hub_holiday_name(const struct hub_holidays *h, int32_t day)
{
	int64_t y;
	unsigned m, d;

	hub_days_to(day, &y, &m, &d);
	if (!hub_holidays_cover(h, y))
		return by_rules(day);
	const struct row key = {.day = day};
	const struct row *r = bsearch(&key, h->row, h->n, sizeof *h->row, by_day);
	return r ? r->name : (struct hub_str){NULL, 0};
}

int hub_is_working_day(const struct hub_holidays *h, int32_t day)
{
	int64_t y;
	unsigned m, d;

	hub_days_to(day, &y, &m, &d);
	if ((m == 12 && d >= 29) || (m == 1 && d <= 3))
		return 0;
	return hub_weekday(day) < 5 && !hub_holiday_name(h, day).ptr;
}
