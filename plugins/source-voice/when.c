#include "when.h"

#include <string.h>

enum { DIGITS = 17 };

/* Decimal text from s on, times 10^exp10 more: the value in units of 1/10^scale. Stops at the first byte
 * that is no part of it. -1: no digit, or too large. */
static int decimal(struct hub_str s, int scale, int64_t *out, size_t *used)
{
	int64_t v = 0;
	int digits = 0, places = 0, point = 0, exponent = 0;
	size_t i = 0;

	for (; i < s.len; i++) {
		const char c = s.ptr[i];
		if (c == '.' && !point) {
			point = 1;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		digits++;
		if (point && places >= scale + 3)
			continue; /* finer than we keep */
		if (v > INT64_MAX / 100)
			return -1;
		v = v * 10 + (c - '0');
		places += point;
	}
	if (!digits)
		return -1;
	if (i + 1 < s.len && (s.ptr[i] == 'e' || s.ptr[i] == 'E')) {
		const int minus = s.ptr[i + 1] == '-';
		size_t k = i + 1 + (size_t)(minus || s.ptr[i + 1] == '+');
		for (; k < s.len && s.ptr[k] >= '0' && s.ptr[k] <= '9' && exponent < 100; k++)
			exponent = exponent * 10 + (s.ptr[k] - '0');
		exponent = minus ? -exponent : exponent;
		i = k;
	}
	int shift = scale + exponent - places;
	for (; shift > 0; shift--) {
		if (v > INT64_MAX / 10)
			return -1;
		v *= 10;
	}
	for (; shift < 0 && v; shift++)
		v = shift == -1 ? (v + 5) / 10 : v / 10;
	*used = i;
	*out = v;
	return 0;
}

/* PT1H2M3.4S */
static int iso(struct hub_str s, int64_t *ms)
{
	int64_t all = 0, part;
	size_t used;

	for (size_t at = 2; at < s.len; at += used + 1) {
		if (decimal((struct hub_str){s.ptr + at, s.len - at}, 3, &part, &used) ||
		    at + used >= s.len || part > INT64_MAX / 7200)
			return -1;
		switch (s.ptr[at + used]) {
		case 'H':
			all += part * 3600;
			break;
		case 'M':
			all += part * 60;
			break;
		case 'S':
			all += part;
			break;
		default:
			return -1;
		}
	}
	*ms = all;
	return s.len > 2 ? 0 : -1;
}

int when_ms(struct hub_str s, enum when_unit unit, int64_t *ms)
{
	static const int scale[] = {[WHEN_MS] = 0, [WHEN_S] = 3, [WHEN_TICKS] = -4};
	size_t used;

	if (s.len > 2 && s.ptr[0] == 'P' && s.ptr[1] == 'T')
		return iso(s, ms);
	if (s.len > 1 && s.ptr[s.len - 1] == 's')
		return decimal(s, 3, ms, &used) || used != s.len - 1 ? -1 : 0;
	return decimal(s, scale[unit], ms, &used) || used != s.len ? -1 : 0;
}

int when_share(struct hub_str s, int32_t *thousandths)
{
	int64_t v;
	size_t used;

	if (decimal(s, 3, &v, &used) || used != s.len || v > 1000)
		return -1;
	*thousandths = (int32_t)v;
	return 0;
}

/* --- cues ------------------------------------------------------------------------------------- */

static size_t digits_at(const char *p, size_t len, int64_t *v)
{
	size_t n = 0;

	for (*v = 0; n < len && n < DIGITS && p[n] >= '0' && p[n] <= '9'; n++)
		*v = *v * 10 + (p[n] - '0');
	return n;
}

int when_cue(const char *p, size_t len, int loose, size_t *n, int64_t *ms)
{
	int64_t part[3] = {0}, fraction = 0;
	size_t width[3], at = 0, places = 3;
	int parts = 0;

	for (;;) {
		width[parts] = digits_at(p + at, len - at, &part[parts]);
		at += width[parts];
		if (width[parts++] == 0)
			return -1;
		if (at >= len || p[at] != ':')
			break;
		at++;
		if (parts == 3)
			return -1;
	}
	if (at < len && (p[at] == '.' || p[at] == ',')) {
		at++;
		places = digits_at(p + at, len - at, &fraction);
		at += places;
	} else if (!loose || parts < 3) {
		return -1;
	}
	if (parts < 2)
		return -1;
	const int64_t minutes = part[parts - 2], seconds = part[parts - 1];
	const size_t hours = parts == 3 ? width[0] : 2;
	/* hours may be long; all else has its width (WebVTT 4.4) */
	if (places != 3 || width[parts - 1] != 2 || width[parts - 2] != 2 || minutes > 59 ||
	    seconds > 59 || hours > 9 || hours < (loose ? 1 : 2))
		return -1;
	*n = at;
	*ms = (((parts == 3 ? part[0] : 0) * 60 + minutes) * 60 + seconds) * 1000 + fraction;
	return 0;
}
