/* A working time as people write it, in minutes: 12.5, 12.5時間, 12:30, 12時間30分, 90分. */
#include "intake/func_list.h"

#include "text/number.h"

#include <stdio.h>

enum { MOST_HOURS = 1000000 };

static enum hub_cell refuse(struct hub_fcall *c, const char *why)
{
	c->why = why;
	return HUB_INVALID;
}

/* A decimal number of hours (times 60) or minutes, rounded to a whole minute. -1: none. */
static int scaled(struct hub_str s, int64_t times, int64_t *out)
{
	const size_t dot = hub_str_find(s, HUB_STR("."), 0);
	const struct hub_str fraction = dot == (size_t)-1 ? HUB_STR("") : hub_str_from(s, dot + 1);
	int64_t whole, part = 0, unit = 1;

	if (hub_parse_i64(hub_str_cut(s, 0, dot == (size_t)-1 ? s.len : dot), 0, MOST_HOURS,
			  &whole) ||
	    fraction.len > 6 || (fraction.len && hub_parse_i64(fraction, 0, 999999, &part)))
		return -1;
	for (size_t i = 0; i < fraction.len; i++)
		unit *= 10;
	*out = whole * times + (part * times + unit / 2) / unit;
	return 0;
}

/* One number with its unit; a number alone is hours. */
static int read_piece(struct hub_str s, int64_t *out)
{
	static const struct {
		const char *unit;
		int64_t times;
	} units[] = {{"", 60}, {"時間", 60}, {"h", 60}, {"H", 60}, {"分", 1}, {"min", 1}};
	struct hub_number n;

	if (hub_number_parse(s, &n) != HUB_NUMBER_OK)
		return -1;
	for (size_t i = 0; i < HUB_COUNT(units); i++)
		if (hub_str_is(hub_str_trim(n.unit), units[i].unit))
			return scaled(hub_str_of(n.text), units[i].times, out);
	return -1;
}

enum hub_cell hub_fn_minutes(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	static const char *const cuts[] = {"時間", "：", ":", "h"};
	const struct hub_str s = hub_str_trim(in);
	int64_t hours, minutes = 0;
	char text[24];

	if (s.len == 0)
		return HUB_NULL;
	if (read_piece(s, &hours)) {
		size_t i = 0, at = (size_t)-1;
		for (; i < HUB_COUNT(cuts); i++)
			if ((at = hub_str_find(s, hub_str_of(cuts[i]), 1)) != (size_t)-1)
				break;
		struct hub_str rest =
		    at == (size_t)-1 ? HUB_STR("") : hub_str_from(s, at + strlen(cuts[i]));
		if (hub_str_ends(rest, HUB_STR("分")))
			rest.len -= strlen("分");
		if (at == (size_t)-1 || read_piece(hub_str_cut(s, 0, at), &hours) ||
		    read_piece(rest, &minutes) || minutes >= 3600)
			return refuse(c, "not-a-number");
		minutes /= 60; /* read as hours, it is minutes */
	}
	const int n = snprintf(text, sizeof text, "%lld", (long long)(hours + minutes));
	*out = hub_fx_copy(c->x, (struct hub_str){text, (size_t)n});
	return out->len ? HUB_VALUE : HUB_NULL;
}
