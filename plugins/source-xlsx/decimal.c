#include "decimal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 64, GENERAL_WIDTH = 11 };

int decimal_value(struct hub_str text, double *out)
{
	char copy[LONGEST + 1], *end;

	if (text.len == 0 || text.len > LONGEST)
		return -1;
	for (size_t i = 0; i < text.len; i++) /* strtod takes "inf", "nan", "0x1" as well */
		if (!strchr("0123456789+-.eE", text.ptr[i]) || !text.ptr[i])
			return -1;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*out = strtod(copy, &end);
	return *end == '\0' && isfinite(*out) ? 0 : -1;
}

static void trim(struct decimal *d)
{
	while (d->n > 0 && d->digit[d->n - 1] == '0')
		d->n--;
	if (d->n == 0)
		d->exp = 0;
}

void decimal_read(struct decimal *d, double v)
{
	char text[LONGEST];

	*d = (struct decimal){0};
	snprintf(text, sizeof text, "%.*e", DECIMAL_DIGITS - 1, v);
	d->digit[0] = text[0];
	memcpy(d->digit + 1, text + 2, DECIMAL_DIGITS - 1);
	d->n = v > 0 ? DECIMAL_DIGITS : 0;
	const char *e = text + DECIMAL_DIGITS + 2;
	int exp = 0;
	for (const char *p = e + 1; *p; p++)
		exp = exp * 10 + (*p - '0');
	d->exp = (*e == '-' ? -exp : exp) + 1;
	trim(d);
}

void decimal_shift(struct decimal *d, int by)
{
	if (d->n > 0)
		d->exp += by;
}

void decimal_round(struct decimal *d, int places)
{
	const int keep = d->exp + places;

	if (keep >= d->n)
		return;
	const int up = keep >= 0 && d->digit[keep] >= '5';
	d->n = keep > 0 ? keep : 0;
	if (!up) {
		trim(d);
		return;
	}
	while (d->n > 0 && d->digit[d->n - 1] == '9')
		d->n--;
	if (d->n > 0) {
		d->digit[d->n - 1]++;
		return;
	}
	/* 9.99 -> 10; 0.5 -> 1 */
	d->digit[0] = '1';
	d->n = 1;
	d->exp = keep > 0 ? d->exp + 1 : 1 - places;
}

int decimal_is_zero(const struct decimal *d)
{
	return d->n == 0;
}

unsigned decimal_whole(const struct decimal *d)
{
	return d->n > 0 && d->exp > 0 ? (unsigned)d->exp : 0;
}

char decimal_digit(const struct decimal *d, int place)
{
	const int at = d->exp - 1 - place;

	return at >= 0 && at < d->n ? d->digit[at] : '0';
}

int decimal_last(const struct decimal *d)
{
	return d->n > 0 ? d->exp - d->n : 1;
}

/* 1.23457E-06: what does not fit otherwise. */
static size_t exponential(double v, char *out)
{
	char text[LONGEST];

	snprintf(text, sizeof text, "%.5e", v);
	char *e = strchr(text, 'e'), *end = e;
	while (end > text && end[-1] == '0')
		end--;
	end -= end > text && end[-1] == '.';
	const int n = snprintf(out, DECIMAL_GENERAL, "%.*sE%s", (int)(end - text), text, e + 1);
	return n > 0 ? (size_t)n : 0;
}

size_t decimal_general(struct hub_str text, char *out)
{
	struct decimal d;
	double v;
	size_t n = 0;

	out[0] = '\0';
	if (decimal_value(text, &v))
		return 0;
	decimal_read(&d, v < 0 ? -v : v);
	const int whole = d.exp > 0 ? d.exp : 0;
	/* up to 15 digits are exact: all of them are shown for whole and for large numbers */
	if (d.exp > DECIMAL_DIGITS + 5 || (d.exp < -3 && 2 - decimal_last(&d) > GENERAL_WIDTH))
		return exponential(v, out);
	if (whole < GENERAL_WIDTH - 1)
		decimal_round(&d, GENERAL_WIDTH - 1 - (whole > 0 ? whole : 1));
	if (v < 0 && d.n > 0)
		out[n++] = '-';
	if (decimal_whole(&d) == 0)
		out[n++] = '0';
	for (int i = (int)decimal_whole(&d); i > 0; i--)
		out[n++] = decimal_digit(&d, i - 1);
	if (decimal_last(&d) < 0)
		out[n++] = '.';
	for (int i = -1; i >= decimal_last(&d); i--)
		out[n++] = decimal_digit(&d, i);
	out[n] = '\0';
	return n;
}
