#include "serial.h"

#include "numfmt.h"

#include <stdio.h>

enum {
	DAY = 86400,
	LAST_1900 = 2958465,   /* 9999-12-31 */
	FALSE_LEAP = 60,       /* 1900-02-29, which Lotus 1-2-3 had */
	EPOCHS = 1462,         /* days from the epoch of 1900 to that of 1904 */
	MOST_HOURS = 10000000, /* of elapsed time; beyond it is no time of anything */
};

/* Civil date of days since 1970-01-01 (Howard Hinnant, chrono-compatible low-level date algorithms). */
static void civil(int64_t days, int *y, int *m, int *d)
{
	const int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	const int64_t doe = z - era * 146097;
	const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = (int)(yoe + era * 400 + (*m <= 2));
}

static size_t show_day(int64_t serial, unsigned parts, char *out)
{
	const unsigned shown = parts & (NUMFMT_YEAR | NUMFMT_MONTH | NUMFMT_DAY);
	int y = 1900, m = serial == FALSE_LEAP ? 2 : 1, d = serial == FALSE_LEAP ? 29 : 0, n;

	if (serial != FALSE_LEAP && serial != 0)
		civil(serial - (serial < FALSE_LEAP ? 25568 : 25569), &y, &m, &d);
	if (shown == NUMFMT_YEAR)
		n = snprintf(out, NUMFMT_MOST, "%04d", y);
	else if (shown == (NUMFMT_YEAR | NUMFMT_MONTH))
		n = snprintf(out, NUMFMT_MOST, "%04d-%02d", y, m);
	else
		n = snprintf(out, NUMFMT_MOST, "%04d-%02d-%02d", y, m, d);
	return (size_t)n;
}

static size_t show_time(int64_t seconds, unsigned parts, char *out, size_t cap)
{
	const long long h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;
	const int with = (parts & NUMFMT_SECOND) || s != 0;
	const int n = with ? snprintf(out, cap, "%02lld:%02lld:%02lld", h, m, s)
			   : snprintf(out, cap, "%02lld:%02lld", h, m);

	return n > 0 ? (size_t)n : 0;
}

size_t serial_show(double v, unsigned parts, int date1904, char *out)
{
	const unsigned date = parts & (NUMFMT_YEAR | NUMFMT_MONTH | NUMFMT_DAY);
	const unsigned time = parts & (NUMFMT_HOUR | NUMFMT_SECOND);

	if (v < 0 || v > MOST_HOURS / 24.0)
		return 0;
	if (parts & NUMFMT_ELAPSED)
		return show_time((int64_t)(v * DAY + 0.5), parts, out, NUMFMT_MOST);
	if (date1904)
		v += EPOCHS;
	/* a date alone is the day it lies in; with a time of day the last half second may round up */
	const int64_t seconds = (int64_t)(v * DAY + 0.5);
	const int64_t day = time ? seconds / DAY : (int64_t)v;
	if (day > LAST_1900)
		return 0;
	size_t n = date ? show_day(day, parts, out) : 0;
	if (!time)
		return n;
	if (date)
		out[n++] = ' ';
	return n + show_time(seconds % DAY, parts, out + n, NUMFMT_MOST - n);
}
