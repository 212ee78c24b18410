#include "deskday.h"

#include <stdio.h>
#include <string.h>

int32_t desk_days_of(int32_t y, int32_t m, int32_t d)
{
	y -= m <= 2;
	const int32_t era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
	const int32_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void desk_days_to(int32_t day, int32_t *y, int32_t *m, int32_t *d)
{
	day += 719468;
	const int32_t era = (day >= 0 ? day : day - 146096) / 146097, doe = day - era * 146097;
	const int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	const int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	*d = doy - (153 * mp + 2) / 5 + 1;
	*m = mp + (mp < 10 ? 3 : -9);
	*y = yoe + era * 400 + (*m <= 2);
}

int32_t desk_month_length(int32_t y, int32_t m)
{
	return m == 12 ? 31 : desk_days_of(y, m + 1, 1) - desk_days_of(y, m, 1);
}

int desk_day_read(struct hub_str s, int32_t *day)
{
	static const uint8_t width[] = {4, 2, 2};
	int32_t part[3] = {0};
	size_t at = 0;

	if (s.len != 10)
		return -1;
	for (int i = 0; i < 3; i++) {
		for (uint8_t k = 0; k < width[i]; k++, at++) {
			if (s.ptr[at] < '0' || s.ptr[at] > '9')
				return -1;
			part[i] = part[i] * 10 + (s.ptr[at] - '0');
		}
		if (i < 2 && s.ptr[at++] != '-')
			return -1;
	}
	if (part[0] < 1 || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
	    part[2] > desk_month_length(part[0], part[1]))
		return -1;
	*day = desk_days_of(part[0], part[1], part[2]);
	return 0;
}

void desk_day_write(int32_t day, char out[11])
{
	int32_t y, m, d;
	char text[40];

	desk_days_to(day, &y, &m, &d);
	snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
	memcpy(out, text, 10);
	out[10] = '\0';
}
