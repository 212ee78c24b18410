/* The rules by themselves: a simulated year of days beside a book that knows nothing of them, and the days of tasks
 * and of sending. */
#include "deskday.h"
#include "rule.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S(z) ((struct hub_str){(z), sizeof(z) - 1})

static int32_t day(const char *s)
{
	int32_t d = 0;

	assert_int_equal(desk_day_read((struct hub_str){s, strlen(s)}, &d), 0);
	return d;
}

/* Monday to Friday, but the first three days of a year. */
static int working(void *arg, int32_t d)
{
	char s[11];

	(void)arg;
	desk_day_write(d, s);
	return (d + 3) % 7 < 5 && memcmp(s + 5, "01-0", 4) != 0;
}
static const struct calendar cal = {working, NULL};

/* --- a year of cases ------------------------------------------------------------------------------- */

enum { CASES = 40, DAYS = 365, RULES = 4, MOST = 20000 };

struct life { /* of one case: what a caseworker does, drawn by lot */
	char no[8];
	int32_t contact, plan_to, closed;
};

struct book_entry {
	struct standing s;
	int settled, told, escalated, woken;
	int32_t settled_on;
	char subject[8];
};

struct book {
	struct book_entry entry[MOST];
	uint32_t n, today;
};

static uint32_t lot(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

static const struct rule rules[RULES] = {
    {.id = 1, .kind = ALERT_NO_CONTACT, .days = 20, .escalate_days = 5, .working = 0},
    {.id = 2, .kind = ALERT_PLAN_ENDING, .days = 30, .lasting = 40, .escalate_days = 7},
    {.id = 3, .kind = ALERT_NO_CONTACT, .days = 10, .working = 1},
    {.id = 4, .kind = ALERT_SYNC_FAILED, .days = 0},
};

/* What a table with a unique key and a queue would do. */
static int write_down(void *arg, const struct alert_step *s)
{
	struct book *b = arg;

	if (s->act == ALERT_RAISE) {
		for (uint32_t i = 0; i < b->n; i++)
			if (b->entry[i].s.rule == s->rule->id &&
			    b->entry[i].s.day == s->fact->day &&
			    str_same(b->entry[i].s.subject, s->fact->subject)) {
				b->entry[i].settled = 0; /* holds again: nobody is told twice */
				return 0;
			}
		assert_true(b->n < MOST);
		struct book_entry *e = &b->entry[b->n++];
		memset(e, 0, sizeof *e);
		memcpy(e->subject, s->fact->subject.ptr, s->fact->subject.len);
		e->s = (struct standing){.id = b->n,
					 .rule = s->rule->id,
					 .subject = {e->subject, s->fact->subject.len},
					 .day = s->fact->day,
					 .raised = (int32_t)b->today};
		e->told = 1;
		return 0;
	}
	struct book_entry *e = &b->entry[s->standing->id - 1];
	if (s->act == ALERT_SETTLE) {
		e->settled = 1;
		e->settled_on = (int32_t)b->today;
	}
	if (s->act == ALERT_WAKE) {
		e->s.snoozed_until = 0;
		e->woken++;
	}
	if (s->act == ALERT_ESCALATE) {
		e->s.escalated = 1;
		e->s.snoozed_until = 0;
		e->escalated++;
	}
	return 0;
}

static uint32_t facts_of(const struct life *l, int32_t today, int broken, struct fact *f)
{
	uint32_t n = 0;

	for (int i = 0; i < CASES; i++) {
		const struct hub_str no = {l[i].no, strlen(l[i].no)};
		if (l[i].closed && l[i].closed <= today)
			continue;
		f[n++] =
		    (struct fact){.kind = ALERT_NO_CONTACT, .subject = no, .day = l[i].contact};
		f[n++] =
		    (struct fact){.kind = ALERT_PLAN_ENDING, .subject = no, .day = l[i].plan_to};
	}
	if (broken)
		f[n++] =
		    (struct fact){.kind = ALERT_SYNC_FAILED, .subject = S("night"), .day = broken};
	return n;
}

static void look_at_day(struct book *b, const struct life *l, int32_t today, int broken)
{
	static struct fact fact[2 * CASES + 1];
	static struct standing standing[MOST];
	struct alert_world w = {.rule = rules,
				.rules = RULES,
				.fact = fact,
				.standing = standing,
				.calendar = cal,
				.today = today};

	b->today = (uint32_t)today;
	w.facts = facts_of(l, today, broken, fact);
	for (uint32_t i = 0; i < b->n; i++)
		if (!b->entry[i].settled)
			standing[w.standings++] = b->entry[i].s;
	assert_int_equal(alert_plan(&w, write_down, b), 0);
}

/* Is there an alert of this rule and case that is not settled? */
static const struct book_entry *open_of(const struct book *b, int64_t rule, const char *no)
{
	for (uint32_t i = 0; i < b->n; i++)
		if (b->entry[i].s.rule == rule && !b->entry[i].settled &&
		    strcmp(b->entry[i].subject, no) == 0)
			return &b->entry[i];
	return NULL;
}

/* Said once more, in other words than rule.c says it. */
static void compare(const struct book *b, const struct life *l, int32_t today)
{
	for (int i = 0; i < CASES; i++) {
		const int here = !(l[i].closed && l[i].closed <= today);
		const int silent = here && today - l[i].contact >= 20;
		const int ending = here && l[i].plan_to - today <= 30 && today - l[i].plan_to <= 40;
		int32_t worked = 0;
		for (int32_t d = l[i].contact + 1; d <= today; d++)
			worked += working(NULL, d);
		assert_int_equal(open_of(b, 1, l[i].no) != NULL, silent);
		assert_int_equal(open_of(b, 2, l[i].no) != NULL, ending);
		assert_int_equal(open_of(b, 3, l[i].no) != NULL, here && worked >= 10);
	}
}

static void a_year(void **state)
{
	static struct book b;
	static struct life l[CASES];
	const int32_t begin = day("2026-04-01");
	uint32_t seed = 7, settled = 0, escalated = 0;

	(void)state;
	for (int i = 0; i < CASES; i++) {
		snprintf(l[i].no, sizeof l[i].no, "C%03d", i);
		l[i].contact = begin - (int32_t)lot(&seed, 15);
		l[i].plan_to = begin + (int32_t)lot(&seed, 200);
	}
	for (int32_t t = begin; t < begin + DAYS; t++) {
		for (int i = 0; i < CASES; i++) {
			if (lot(&seed, 25) == 0)
				l[i].contact = t;
			if (t > l[i].plan_to - 20 && lot(&seed, 30) == 0)
				l[i].plan_to = t + 180;
			if (!l[i].closed && lot(&seed, 600) == 0)
				l[i].closed = t;
		}
		const int broken = t >= begin + 100 && t < begin + 110 ? begin + 100 : 0;
		look_at_day(&b, l, t, broken);
		const uint32_t n = b.n;
		look_at_day(&b, l, t, broken); /* a second look says nothing new */
		assert_int_equal(b.n, n);
		compare(&b, l, t);
	}
	assert_true(b.n > 300);
	for (uint32_t i = 0; i < b.n; i++) {
		const struct book_entry *e = &b.entry[i];
		for (uint32_t k = i + 1; k < b.n; k++)
			assert_false(e->s.rule == b.entry[k].s.rule &&
				     e->s.day == b.entry[k].s.day &&
				     strcmp(e->subject, b.entry[k].subject) == 0);
		const int32_t n = e->s.rule == 1 ? 5 : e->s.rule == 2 ? 7 : 0;
		const int32_t until = e->settled ? e->settled_on : begin + DAYS;
		/* settled on the very day it would be passed on: it is not */
		assert_int_equal(e->escalated, n && until - e->s.raised > n ? 1 : 0);
		assert_int_equal(e->woken, 0);
		settled += (uint32_t)e->settled;
		escalated += (uint32_t)e->escalated;
	}
	assert_true(settled > 200 && escalated > 50);
	assert_null(open_of(&b, 4, "night"));
}

/* --- what people do with one ------------------------------------------------------------------------- */

static void answered_and_put_off(void **state)
{
	static struct book b;
	static struct life l[CASES];
	const int32_t begin = day("2026-04-01");

	(void)state;
	memset(&b, 0, sizeof b);
	for (int i = 0; i < CASES; i++)
		l[i] = (struct life){.contact = begin, .plan_to = begin + 300, .closed = 1};
	memcpy(l[0].no, "A", 2);
	memcpy(l[1].no, "B", 2);
	memcpy(l[2].no, "C", 2);
	l[0].closed = l[1].closed = l[2].closed = 0;
	for (int32_t t = begin; t < begin + 60; t++) {
		look_at_day(&b, l, t, 0);
		for (uint32_t i = 0; i < b.n && t == begin + 21; i++) {
			b.entry[i].s.answered = b.entry[i].subject[0] == 'A';
			if (b.entry[i].subject[0] == 'B')
				b.entry[i].s.snoozed_until = begin + 40;
		}
	}
	assert_int_equal(open_of(&b, 1, "A")->escalated, 0);
	assert_int_equal(open_of(&b, 1, "A")->s.answered, 1);
	/* put off: it waits, then the time without an answer is over at once */
	assert_int_equal(open_of(&b, 1, "B")->escalated, 1);
	assert_int_equal(open_of(&b, 3, "B")->woken, 1);
	assert_int_equal(open_of(&b, 1, "C")->escalated, 1);
	assert_int_equal(open_of(&b, 1, "C")->woken, 0);
}

/* Of two facts about one thing the later day counts: a consent that was renewed. */
static void renewed(void **state)
{
	static struct book b;
	static const struct rule r = {.id = 9, .kind = ALERT_CONSENT_ENDING, .days = 30};
	struct fact f[] = {
	    {.kind = ALERT_CONSENT_ENDING, .subject = S("x"), .day = day("2026-05-01")},
	    {.kind = ALERT_CONSENT_ENDING, .subject = S("x"), .day = day("2027-05-01")},
	    {.kind = ALERT_CONSENT_ENDING, .subject = S("y"), .day = day("2026-05-01")}};
	struct alert_world w = {.rule = &r,
				.rules = 1,
				.fact = f,
				.facts = 3,
				.calendar = cal,
				.today = day("2026-04-01")};

	(void)state;
	memset(&b, 0, sizeof b);
	assert_int_equal(alert_plan(&w, write_down, &b), 0);
	assert_int_equal(b.n, 1);
	assert_string_equal(b.entry[0].subject, "y");
}

/* --- days ------------------------------------------------------------------------------------------ */

static void days(void **state)
{
	static const char *const no[] = {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01",
					 "2026/01/01", "2026-01-0x", "",           "20260101  "};
	int32_t d;
	char s[11];

	(void)state;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		assert_int_equal(desk_day_read((struct hub_str){no[i], strlen(no[i])}, &d), -1);
	assert_int_equal(day("1970-01-01"), 0);
	assert_int_equal(day("2000-02-29"), 11016);
	for (d = -800000; d < 800000; d += 97) {
		int32_t back = 0;
		desk_day_write(d, s);
		if (desk_day_read((struct hub_str){s, 10}, &back) == 0)
			assert_int_equal(back, d);
		else
			assert_true(d < -719162); /* before the year 1 */
	}
}

static void again(void **state)
{
	static const struct {
		const char *word, *from;
		int32_t anchor;
		const char *next;
	} t[] = {
	    {"daily", "2026-12-31", 31, "2027-01-01"},
	    {"working_day", "2026-04-03", 3, "2026-04-06"},
	    {"working_day", "2026-12-31", 31, "2027-01-11"},
	    {"weekly", "2026-04-01", 1, "2026-04-08"},
	    {"biweekly", "2026-04-01", 1, "2026-04-15"},
	    {"monthly", "2026-01-31", 31, "2026-02-28"},
	    {"monthly", "2026-02-28", 31, "2026-03-31"},
	    {"monthly", "2026-12-15", 15, "2027-01-15"},
	    {"month_end", "2026-01-15", 15, "2026-01-31"},
	    {"month_end", "2026-01-31", 31, "2026-02-28"},
	    {"yearly", "2028-02-29", 29, "2029-02-28"},
	    {"yearly", "2031-02-28", 29, "2032-02-29"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		char s[11];
		uint32_t w = 0;
		while (strcmp(alert_repeat_word[w], t[i].word) != 0)
			w++;
		desk_day_write(alert_next_due(w, day(t[i].from), t[i].anchor, &cal), s);
		assert_string_equal(s, t[i].next);
	}
	assert_int_equal(alert_next_due(ALERT_ONCE, 0, 1, &cal), INT32_MIN);
}

static int64_t at(const char *d, int32_t minute)
{
	return ((int64_t)day(d) * 1440 + minute - 540) * 60000;
}

static void sending(void **state)
{
	const struct sending night = {.quiet_from = 19 * 60, .quiet_to = 8 * 60, .working = 1};
	const struct sending noon = {.quiet_from = 12 * 60, .quiet_to = 13 * 60};
	const struct sending always = {0};

	(void)state;
	/* a Friday */
	assert_true(alert_send_at(&night, at("2026-04-03", 600), &cal) == at("2026-04-03", 600));
	assert_true(alert_send_at(&night, at("2026-04-03", 300), &cal) == at("2026-04-03", 480));
	assert_true(alert_send_at(&night, at("2026-04-03", 1200), &cal) == at("2026-04-06", 480));
	assert_true(alert_send_at(&night, at("2026-04-04", 600), &cal) == at("2026-04-06", 480));
	assert_true(alert_send_at(&noon, at("2026-04-04", 750), &cal) == at("2026-04-04", 780));
	assert_true(alert_send_at(&always, at("2026-04-04", 3), &cal) == at("2026-04-04", 3));
	/* the mail of the day: the next time it is half past eight and an office day */
	assert_true(alert_digest_at(&night, 510, at("2026-04-03", 500), &cal) ==
		    at("2026-04-03", 510));
	assert_true(alert_digest_at(&night, 510, at("2026-04-03", 510), &cal) ==
		    at("2026-04-06", 510));
	assert_true(alert_digest_at(&always, 510, at("2026-04-03", 510), &cal) ==
		    at("2026-04-04", 510));
}

/* --- the offices' year ------------------------------------------------------------------------------ */

/* Weekends, the Cabinet Office's holidays of 2027 (the equinox on a Sunday moves to the Monday), the turn of the year. */
static int office(void *arg, int32_t d)
{
	static const char *const closed[] = {"01-01", "01-02", "01-03", "01-11", "02-11", "02-23",
					     "03-22", "04-29", "05-03", "05-04", "05-05", "07-19",
					     "08-11", "09-20", "09-23", "10-11", "11-03", "11-23",
					     "12-29", "12-30", "12-31"};
	char s[11];
	int open = (d + 3) % 7 < 5;

	(void)arg;
	desk_day_write(d, s);
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
		open &= strcmp(s + 5, closed[i]) != 0;
	return open;
}

/* The first day, from the fact's own on, on which the plan raises. */
static int32_t first_raised(const struct rule *r, struct fact f)
{
	static struct book b;
	struct alert_world w = {.rule = r,
				.rules = 1,
				.fact = &f,
				.facts = 1,
				.calendar = {office, NULL},
				.today = f.day};

	b.n = 0;
	while (!b.n && w.today < f.day + 40) {
		assert_int_equal(alert_plan(&w, write_down, &b), 0);
		w.today++;
	}
	return w.today - 1;
}

/* For every day of a year: told on the n-th office day after it, never earlier, never on a closed day; a mail of that
 * evening goes out the next office day at eight. The office days stand in a list, and places in it are counted. */
static void office_days(void **state)
{
	const struct calendar year = {office, NULL};
	const struct sending night = {.quiet_from = 19 * 60, .quiet_to = 8 * 60, .working = 1};
	int32_t open[366];
	int n = 0;

	(void)state;
	for (int32_t d = day("2027-01-01"); d <= day("2027-12-31"); d++)
		if (office(NULL, d))
			open[n++] = d;
	assert_int_equal(n, 242); /* of 2027, by the calendar on the wall */
	for (int32_t d = day("2027-01-01"); d < day("2027-12-10"); d++) {
		int next = 0;
		while (open[next] <= d)
			next++;
		for (int32_t days = 1; days <= 5; days += 2) {
			const struct rule r = {
			    .id = 1, .kind = ALERT_NEXT_ACTION, .days = days, .working = 1};
			const struct fact f = {
			    .kind = ALERT_NEXT_ACTION, .subject = S("x"), .day = d};
			const int32_t told = open[next + days - 1];
			assert_int_equal(first_raised(&r, f), told);
			assert_true(
			    alert_send_at(&night, ((int64_t)told * 1440 + 660) * 60000, &year) ==
			    ((int64_t)open[next + days] * 1440 - 60) * 60000);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_year),      cmocka_unit_test(answered_and_put_off),
	    cmocka_unit_test(renewed),     cmocka_unit_test(days),
	    cmocka_unit_test(again),       cmocka_unit_test(sending),
	    cmocka_unit_test(office_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
