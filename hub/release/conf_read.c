#include "release/conf_read.h"

#include "base/clock.h"

#include "base/err.h"
#include "base/str.h"

int hub_read_words(struct hub_arena *a, const config_setting_t *list, const struct hub_str **words,
		   uint32_t *n, struct hub_report *r)
{
	const unsigned count = hub_conf_count(list);
	struct hub_str *out = hub_alloc_array(a, count ? count : 1, sizeof *out);
	int rc = HUB_OK;

	*n = 0;
	if (!out)
		return HUB_FATAL;
	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *item = hub_conf_child(list, i);
		const struct hub_str s = hub_conf_text(item);
		struct hub_err e;

		if (s.len == 0) {
			hub_fail(&e, HUB_CONF, "wrong-type", "a text in quotes is expected here");
			hub_report_add(r, hub_conf_value_place(item), &e);
			rc = HUB_CONF;
			continue;
		}
		out[*n] = hub_arena_str(a, s);
		if (!out[(*n)++].ptr)
			return HUB_FATAL;
	}
	*words = out;
	return rc;
}

/* e is filled but for the hint. */
static int report_day(const config_setting_t *at, struct hub_err *e, struct hub_report *r)
{
	hub_hint(e, "Write a day as \"2026-04-01\".");
	hub_report_add(r, hub_conf_place(at), e);
	return HUB_CONF;
}

int hub_read_period(const config_setting_t *at, struct hub_str from, struct hub_str to,
		    struct hub_period *out, struct hub_report *r)
{
	struct hub_err e;

	*out = HUB_ALWAYS;
	if (from.len && hub_day_parse(from, &out->from)) {
		hub_fail(&e, HUB_CONF, "bad-date", "the first day of the period is not a date");
		return report_day(at, &e, r);
	}
	if (to.len && hub_day_parse(to, &out->to)) {
		hub_fail(&e, HUB_CONF, "bad-date", "the last day of the period is not a date");
		return report_day(at, &e, r);
	}
	if (out->from > out->to) {
		hub_fail(&e, HUB_CONF, "bad-date", "the period ends before it begins");
		return report_day(at, &e, r);
	}
	return HUB_OK;
}

static void write_day(struct hub_buf *b, int32_t day)
{
	int64_t y;
	unsigned m, d;

	hub_days_to(day, &y, &m, &d);
	if (day != HUB_DAY_FIRST && day != HUB_DAY_LAST)
		hub_buf_printf(b, "%04d-%02u-%02u", (int)y, m, d);
}

void hub_period_write(struct hub_buf *b, struct hub_period p)
{
	write_day(b, p.from);
	hub_buf_puts(b, "..");
	write_day(b, p.to);
}
