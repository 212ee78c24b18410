#include "base/clock.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { JST = 9 * 3600, DAY = 86400 };

/* Days from civil and back: Howard Hinnant's era method (March-based years of 400-year eras). */
int64_t hub_days_of(int64_t y, unsigned m, unsigned d)
{
	y -= m <= 2;
	const int64_t era = (y >= 0 ? y : y - 399) / 400;
	const unsigned yoe = (unsigned)(y - era * 400);
	const unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + (int64_t)doe - 719468;
}

void hub_days_to(int64_t days, int64_t *y, unsigned *m, unsigned *d)
{
	days += 719468;
	const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	const unsigned doe = (unsigned)(days - era * 146097);
	const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	const unsigned mp = (5 * doy + 2) / 153;

	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp < 10 ? mp + 3 : mp - 9;
	*y = (int64_t)yoe + era * 400 + (*m <= 2);
}

/* "2026-04-01T09:00:00+09:00" or "2026-04-01" (midnight in Japan); 0 when it is neither. */
static int parse_now(const char *z, int64_t *out)
{
	const struct hub_str s = hub_str_of(z);
	int64_t v[6] = {0};
	static const struct {
		unsigned at, len;
	} part[6] = {{0, 4}, {5, 2}, {8, 2}, {11, 2}, {14, 2}, {17, 2}};

	for (unsigned i = 0; i < 6 && part[i].at < s.len; i++) {
		if (part[i].at + part[i].len > s.len ||
		    hub_parse_i64(hub_str_cut(s, part[i].at, part[i].at + part[i].len), 0, 9999,
				  &v[i]))
			return 0;
	}
	*out = hub_days_of(v[0], (unsigned)v[1], (unsigned)v[2]) * DAY + v[3] * 3600 + v[4] * 60 +
	       v[5] - JST;
	return s.len >= 10;
}

int64_t hub_now_ms(void)
{
	const char *fixed = getenv("TSUNAGI_NOW");
	int64_t t;

	if (fixed && parse_now(fixed, &t))
		return t * 1000;

	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int hub_now_is_given(void)
{
	return getenv("TSUNAGI_NOW") != NULL;
}

int64_t hub_now(void)
{
	return hub_now_ms() / 1000;
}

int64_t hub_ticks_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t hub_day_at(int64_t t)
{
	const int64_t local = t + JST;

	return local / DAY - (local % DAY < 0);
}

int64_t hub_day_start(int64_t day)
{
	return day * DAY - JST;
}

int32_t hub_today(void)
{
	return (int32_t)hub_day_at(hub_now());
}

void hub_time_jst(int64_t t, char out[26])
{
	int64_t y;
	unsigned m, d;
	const int64_t days = hub_day_at(t), sec = t - hub_day_start(days);

	hub_days_to(days, &y, &m, &d);
	char text[64];
	snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d+09:00", (int)y, m, d,
		 (int)(sec / 3600), (int)(sec / 60 % 60), (int)(sec % 60));
	memcpy(out, text, 25);
	out[25] = '\0';
}

void hub_day_text(int64_t day, char out[11])
{
	char full[26];

	hub_time_jst(hub_day_start(day), full);
	memcpy(out, full, 10);
	out[10] = '\0';
}
