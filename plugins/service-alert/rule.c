#include "rule.h"

#include "deskday.h"

#include <stdlib.h>
#include <string.h>

const char *const alert_kind_word[] = {
    "next_action",     "no_contact",           "plan_ending",  "evaluation_due",  "consent_ending",
    "contract_ending", "certification_ending", "task_overdue", "resident_change", "protection_set",
    "sync_failed",     "sync_overdue",         NULL,
};

/* Rules of these kinds warn before the day, the others say that it is over. */
static const uint8_t before[ALERT_KINDS] = {
    [ALERT_PLAN_ENDING] = 1,     [ALERT_EVALUATION_DUE] = 1,       [ALERT_CONSENT_ENDING] = 1,
    [ALERT_CONTRACT_ENDING] = 1, [ALERT_CERTIFICATION_ENDING] = 1,
};

uint32_t alert_kind_of(struct hub_str word)
{
	uint32_t k = 0;

	while (k < ALERT_KINDS &&
	       !str_same(word, (struct hub_str){alert_kind_word[k], strlen(alert_kind_word[k])}))
		k++;
	return k;
}

/* --- days ---------------------------------------------------------------------------------------- */

static int is_working(const struct calendar *c, int32_t day)
{
	return !c->working || c->working(c->arg, day);
}

/* n days on, or -n back; working ones if so. */
static int32_t day_shift(int32_t day, int32_t n, uint32_t working, const struct calendar *c)
{
	const int32_t step = n < 0 ? -1 : 1;

	if (!working)
		return day + n;
	while (n != 0) {
		day += step;
		if (is_working(c, day))
			n -= step;
	}
	return day;
}

/* The first day on which a rule's condition holds for a fact of that day. */
static int32_t first_day(const struct rule *r, int32_t day, const struct calendar *c)
{
	return day_shift(day, before[r->kind] ? -r->days : r->days, r->working, c);
}

/* --- repeating tasks ------------------------------------------------------------------------------- */

const char *const alert_repeat_word[] = {
    "once", "daily", "working_day", "weekly", "biweekly", "monthly", "month_end", "yearly", NULL};

static int32_t months_on(int32_t day, int32_t months, int32_t anchor)
{
	int32_t y, m, d;

	desk_days_to(day, &y, &m, &d);
	m += months;
	y += (m - 1) / 12;
	m = (m - 1) % 12 + 1;
	const int32_t last = desk_month_length(y, m);
	return desk_days_of(y, m, anchor < last ? anchor : last);
}

int32_t alert_next_due(uint32_t repeat, int32_t day, int32_t anchor, const struct calendar *c)
{
	switch (repeat) {
	case ALERT_DAILY:
		return day + 1;
	case ALERT_WORKING_DAY:
		return day_shift(day, 1, 1, c);
	case ALERT_WEEKLY:
		return day + 7;
	case ALERT_BIWEEKLY:
		return day + 14;
	case ALERT_MONTHLY:
		return months_on(day, 1, anchor);
	case ALERT_MONTH_END:
		/* the end of this month, unless that is today */
		return months_on(day, 0, 31) > day ? months_on(day, 0, 31) : months_on(day, 1, 31);
	case ALERT_YEARLY:
		return months_on(day, 12, anchor);
	default:
		return INT32_MIN;
	}
}

/* --- rules ----------------------------------------------------------------------------------------- */

static int order(struct hub_str a, struct hub_str b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

	return c ? c : (a.len > b.len) - (a.len < b.len);
}

/* By kind and subject, the latest day first. */
static int by_subject(const void *x, const void *y)
{
	const struct fact *a = x, *b = y;
	int c = (a->kind > b->kind) - (a->kind < b->kind);

	if (!c)
		c = order(a->subject, b->subject);
	return c ? c : (a->day < b->day) - (a->day > b->day);
}

static int by_key(const void *x, const void *y)
{
	const struct standing *a = x, *b = y;
	int c = (a->rule > b->rule) - (a->rule < b->rule);

	if (!c)
		c = order(a->subject, b->subject);
	return c ? c : (a->day > b->day) - (a->day < b->day);
}

/* Keeps of each kind and subject the latest. */
static void drop_earlier(struct alert_world *w)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < w->facts; i++)
		if (n == 0 || w->fact[n - 1].kind != w->fact[i].kind ||
		    !str_same(w->fact[n - 1].subject, w->fact[i].subject))
			w->fact[n++] = w->fact[i];
	w->facts = n;
}

static int holds(const struct alert_world *w, const struct rule *r, const struct fact *f)
{
	if (r->lasting && w->today - f->day > r->lasting)
		return 0;
	/* counting working days is slow: out of reach is out of reach */
	if (f->day - w->today > 2 * ALERT_DAYS_MOST || (!before[r->kind] && f->day > w->today))
		return 0;
	return first_day(r, f->day, &w->calendar) <= w->today;
}

static const struct standing *find_standing(const struct alert_world *w, const struct rule *r,
					    const struct fact *f)
{
	const struct standing key = {.rule = r->id, .subject = f->subject, .day = f->day};

	return w->standings ? bsearch(&key, w->standing, w->standings, sizeof *w->standing, by_key)
			    : NULL;
}

static const struct rule *find_rule(const struct alert_world *w, int64_t id)
{
	for (uint32_t i = 0; i < w->rules; i++)
		if (w->rule[i].id == id)
			return &w->rule[i];
	return NULL;
}

static const struct fact *find_fact(const struct alert_world *w, uint32_t kind,
				    const struct standing *s)
{
	const struct fact key = {.kind = kind, .subject = s->subject, .day = s->day};

	return w->facts ? bsearch(&key, w->fact, w->facts, sizeof *w->fact, by_subject) : NULL;
}

static int raise_new(const struct alert_world *w, int (*step)(void *, const struct alert_step *),
		     void *arg)
{
	int rc = 0;

	for (uint32_t i = 0; i < w->rules && !rc; i++)
		for (uint32_t k = 0; k < w->facts && !rc; k++) {
			const struct rule *r = &w->rule[i];
			const struct fact *f = &w->fact[k];
			if (f->kind == r->kind && holds(w, r, f) && !find_standing(w, r, f))
				rc = step(arg, &(struct alert_step){
						   .act = ALERT_RAISE, .rule = r, .fact = f});
		}
	return rc;
}

/* What is to be done about an alert that stands; 0: nothing. */
static enum alert_act act_on(const struct alert_world *w, const struct standing *s,
			     const struct rule *r, const struct fact *f)
{
	if (!r || !f || !holds(w, r, f))
		return ALERT_SETTLE;
	if (s->answered)
		return 0;
	if (s->untold)
		return ALERT_TELL;
	if (s->snoozed_until > w->today)
		return 0;
	if (r->escalate_days && !s->escalated &&
	    day_shift(s->raised, r->escalate_days, r->working, &w->calendar) <= w->today)
		return ALERT_ESCALATE;
	return s->snoozed_until ? ALERT_WAKE : 0;
}

int alert_plan(struct alert_world *w, int (*step)(void *arg, const struct alert_step *), void *arg)
{
	if (w->facts)
		qsort(w->fact, w->facts, sizeof *w->fact, by_subject);
	if (w->standings)
		qsort(w->standing, w->standings, sizeof *w->standing, by_key);
	drop_earlier(w);
	int rc = 0;
	for (uint32_t i = 0; i < w->standings && !rc; i++) {
		const struct standing *s = &w->standing[i];
		const struct rule *r = find_rule(w, s->rule);
		const struct fact *f = r ? find_fact(w, r->kind, s) : NULL;
		const enum alert_act act = act_on(w, s, r, f);
		if (act)
			rc = step(arg, &(struct alert_step){
					   .act = act, .rule = r, .fact = f, .standing = s});
	}
	return rc ? rc : raise_new(w, step, arg);
}

/* --- when it may be sent ----------------------------------------------------------------------------- */

enum { DAY_MINUTES = 1440 };
static const int64_t minute_ms = 60000, jst_minutes = 540;

static int is_quiet(const struct sending *s, int32_t minute)
{
	if (s->quiet_from <= s->quiet_to)
		return minute >= s->quiet_from && minute < s->quiet_to;
	return minute >= s->quiet_from || minute < s->quiet_to;
}

int64_t alert_send_at(const struct sending *s, int64_t now, const struct calendar *c)
{
	int64_t at = now;

	/* holidays and weekends in a row are ten days at most; thirty is for a calendar that is not one */
	for (int i = 0; i < 30; i++) {
		const int64_t minutes = at / minute_ms + jst_minutes;
		const int32_t day = (int32_t)(minutes / DAY_MINUTES);
		const int32_t minute = (int32_t)(minutes % DAY_MINUTES);
		const int32_t opens = s->quiet_from == s->quiet_to ? 0 : s->quiet_to;
		if (s->working && !is_working(c, day)) {
			at = ((int64_t)(day + 1) * DAY_MINUTES - jst_minutes) * minute_ms;
			continue;
		}
		if (!is_quiet(s, minute))
			return at;
		at = ((int64_t)(day + (minute >= opens)) * DAY_MINUTES + opens - jst_minutes) *
		     minute_ms;
	}
	return at;
}

int64_t alert_digest_at(const struct sending *s, int32_t minute, int64_t now,
			const struct calendar *c)
{
	const int64_t minutes = now / minute_ms + jst_minutes;
	int64_t day = minutes / DAY_MINUTES + (minutes % DAY_MINUTES >= minute);

	for (int i = 0; i < 30 && s->working && !is_working(c, (int32_t)day); i++)
		day++;
	return alert_send_at(s, (day * DAY_MINUTES + minute - jst_minutes) * minute_ms, c);
}
