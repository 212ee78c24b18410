/* How fresh an entry of a list is: the day on which its keeper confirmed it, or else that on which the list was last
 * loaded with it. */
#include "plain.h"
#include "search.h"

#include <string.h>

/* Of "2024" and "2024-07" the first day: it may have been any. */
static int32_t first_day(struct hub_str s)
{
	char text[11] = "0000-01-01";
	int32_t day;

	if (s.len > 10)
		s.len = 10; /* a time after it */
	if (s.len != 4 && s.len != 7 && s.len != 10)
		return DESKROW_NO_DAY;
	memcpy(text, s.ptr, s.len);
	return desk_day_read(str_of(text), &day) ? DESKROW_NO_DAY : day;
}

struct search_age search_age_of(const struct deskrow *row)
{
	return (struct search_age){.confirmed = first_day(deskrow_plain(row, "confirmed_on")),
				   .loaded = deskrow_day(row, "loaded_on")};
}

/* The day that counts: what the list itself says of the entry, or when it was last loaded with it. */
static int32_t day_of(const struct search_age *a)
{
	return a->confirmed != DESKROW_NO_DAY ? a->confirmed : a->loaded;
}

static int32_t months_before(int32_t day, int64_t months)
{
	int32_t y, m, d;

	desk_days_to(day, &y, &m, &d);
	const int32_t at = y * 12 + m - 1 - (int32_t)months;
	const int32_t most = desk_month_length(at / 12, at % 12 + 1);
	return desk_days_of(at / 12, at % 12 + 1, d < most ? d : most);
}

/* 1, 0, -1: not known. */
static int is_stale(const struct search *s, const struct search_age *a, int32_t today)
{
	const int32_t day = day_of(a);

	if (day == DESKROW_NO_DAY)
		return -1;
	return s->stale_months > 0 && day < months_before(today, s->stale_months);
}

int search_is_before(const struct search_age *a, const struct hub_val *since)
{
	int32_t day;

	if (since->type != HUB_VAL_TEXT || desk_day_read(since->s, &day))
		return 0;
	return day_of(a) == DESKROW_NO_DAY || day_of(a) < day;
}

void search_say_age(const struct search *s, struct hub_call *c, const struct search_age *a)
{
	const struct hub_val none = {.type = HUB_VAL_NULL};
	const int stale = is_stale(s, a, c->today);

	desk_say_day(s->desk, c, "confirmed_on", a->confirmed);
	desk_say_day(s->desk, c, "loaded_on", a->loaded);
	if (stale < 0)
		s->desk->say(c, "stale", &none);
	else
		s->desk->truth(c, "stale", stale);
}
