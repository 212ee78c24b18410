#include "text/dateread.h"

/* "13:30[:15[.25]]" or "13時[30分[15秒]]", "13時半", "1330[15]"; c stands on the first digit. */
static int clock_digits(struct hub_datecur *c, int v[3])
{
	const unsigned char *p = c->p;
	const int n = hub_datecur_number(c, &v[0]);

	if (n == 4 || n == 6) { /* exports without a separator */
		for (int i = 0; i < n / 2; i++)
			v[i] = hub_date_two(p + i * 2);
		return 0;
	}
	if (n < 1 || n > 2)
		return hub_datecur_fail(c, "bad-time");
	if (hub_datecur_take(c, ':')) {
		if (hub_datecur_number(c, &v[1]) != 2)
			return hub_datecur_fail(c, "bad-time");
		if (hub_datecur_take(c, ':') && hub_datecur_number(c, &v[2]) != 2)
			return hub_datecur_fail(c, "bad-time");
		int fraction;
		if (hub_datecur_take(c, '.') && hub_datecur_number(c, &fraction) < 1)
			return hub_datecur_fail(c, "bad-time");
		return 0;
	}
	if (!hub_datecur_take(c, DS_HOUR))
		return hub_datecur_fail(c, "bad-time");
	hub_datecur_spaces(c);
	if (hub_datecur_take(c, DS_HALF)) {
		v[1] = 30;
		return 0;
	}
	if (!hub_date_is_digit(*c->p))
		return 0;
	if (hub_datecur_number(c, &v[1]) > 2 || !hub_datecur_take(c, DS_MINUTE))
		return hub_datecur_fail(c, "bad-time");
	hub_datecur_spaces(c);
	if (hub_date_is_digit(*c->p) &&
	    (hub_datecur_number(c, &v[2]) > 2 || !hub_datecur_take(c, DS_SECOND)))
		return hub_datecur_fail(c, "bad-time");
	return 0;
}

/* AM and PM in Latin letters, before or behind. */
static unsigned char half_of_day(struct hub_datecur *c)
{
	const unsigned char *p = c->p;

	while (*p == ' ')
		p++;
	if (*p == DS_AM || *p == DS_PM || (*p >= DS_MORNING && *p <= DS_NIGHT)) {
		c->p = p + 1;
		return *p;
	}
	if ((*p == 'A' || *p == 'P') && (p[1] == 'M' || (p[1] == '.' && p[2] == 'M'))) {
		c->p = p + (p[1] == 'M' ? 2 : 3);
		hub_datecur_take(c, '.');
		return *p == 'A' ? DS_AM : DS_PM;
	}
	return 0;
}

static int hour_of(unsigned char half, int hour)
{
	switch (half) {
	case DS_AM:
		return hour == 12 ? 0 : hour;
	case DS_PM:
		return hour < 12 ? hour + 12 : hour;
	case DS_EVENING:
		return hour >= 4 && hour <= 11 ? hour + 12 : (hour == 12 ? 24 : hour);
	case DS_NOON:
		return hour >= 1 && hour <= 5 ? hour + 12 : hour;
	default:
		return hour;
	}
}

int hub_dateread_time(struct hub_datecur *c, int32_t *seconds)
{
	int v[3] = {0, 0, 0};
	unsigned char half = half_of_day(c);

	hub_datecur_spaces(c);
	if (half == DS_NOON && !hub_date_is_digit(*c->p)) {
		*seconds = 12 * 3600;
		return 0;
	}
	if (clock_digits(c, v))
		return -1;
	const unsigned char *behind = c->p;
	if (!half) {
		half = half_of_day(c);
		if (half != DS_AM && half != DS_PM) {
			c->p = behind;
			half = 0;
		}
	}
	if ((half == DS_AM || half == DS_PM) && v[0] > 12)
		if (half == DS_AM || v[0] > 23)
			return hub_datecur_fail(c, "bad-time");
	if (v[0] > 29 || v[1] > 59 || v[2] > 59)
		return hub_datecur_fail(c, "bad-time");
	*seconds = hour_of(half, v[0]) * 3600 + v[1] * 60 + v[2];
	return 0;
}

int hub_dateread_zone(struct hub_datecur *c, int32_t *ahead)
{
	int h, m = 0;

	if (hub_datecur_take(c, 'Z')) {
		*ahead = 0;
		return 1;
	}
	if (c->p[0] == 'J' && c->p[1] == 'S' && c->p[2] == 'T') {
		c->p += 3;
		*ahead = HUB_DATE_JST;
		return 1;
	}
	if ((c->p[0] != '+' && c->p[0] != '-') || !hub_date_is_digit(c->p[1]) ||
	    !hub_date_is_digit(c->p[2]))
		return 0;
	const int sign = *c->p == '-' ? -1 : 1;
	h = hub_date_two(c->p + 1);
	c->p += 3;
	hub_datecur_take(c, ':');
	if (hub_date_is_digit(c->p[0]) && hub_date_is_digit(c->p[1])) {
		m = hub_date_two(c->p);
		c->p += 2;
	}
	*ahead = sign * (h * 3600 + m * 60);
	return 1;
}

enum hub_date_rc hub_time_parse(struct hub_str text, int32_t *seconds, const char **reason)
{
	struct hub_datelex x;

	*seconds = -1;
	*reason = NULL;
	text = hub_str_trim(text);
	if (!text.len)
		return HUB_DATE_NULL;
	if (hub_datelex_read(text, &x)) {
		*reason = "not-a-time";
		return HUB_DATE_INVALID;
	}
	struct hub_datecur c = {.p = x.sym};
	if (hub_dateread_time(&c, seconds) == 0) {
		hub_datecur_spaces(&c);
		if (hub_datecur_take(&c, DS_ABOUT))
			hub_datecur_spaces(&c);
		if (!*c.p)
			return HUB_DATE_OK;
		hub_datecur_fail(&c, "bad-time");
	}
	*seconds = -1;
	*reason = c.reason;
	return HUB_DATE_INVALID;
}
