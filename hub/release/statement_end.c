/* A consent is of somebody who lives: it ends with the day of death, whatever the form says, and is there
 * again when the registry takes the death back. What somebody else gave for a child ends with the day before it is of age: from
 * then on the person is asked. Nothing of the statement itself is changed. */
#include "base/clock.h"
#include "release/statement.h"
#include "text/date.h"

#define NOT_A_DAY "0001-01-01"

/* First day on which the person may have been dead: of a date that is not a full one its beginning; of
 * one that is not known none of the days counts. */
static struct hub_str first_day(struct hub_arena *a, struct hub_str death_on)
{
	if (death_on.len >= 10)
		return hub_arena_str(a, hub_str_cut(death_on, 0, 10));
	if (death_on.len == 7)
		return hub_arena_printf(a, "%.*s-01", HUB_FMT(death_on));
	if (death_on.len == 4)
		return hub_arena_printf(a, "%.*s-01-01", HUB_FMT(death_on));
	return HUB_STR(NOT_A_DAY);
}

/* ptr NULL: nobody says that the person is dead. */
static int read_death(struct hub_arena *a, struct hub_db *db, int64_t row, struct hub_str *day,
		      struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT p.death_on FROM cc_person p WHERE p.id = ?"
			      " AND (p.death_on IS NOT NULL OR EXISTS (SELECT 1 FROM cc_residence o"
			      " WHERE o.person_id = p.id AND o.resident_state = 'dead'))",
			      "i", row);

	if (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str on = first_day(a, hub_db_str(q, 0));
		if (!on.ptr)
			return hub_fail_mem(err);
		if (!day->ptr || hub_str_cmp(on, *day) < 0)
			*day = on;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

enum { OF_AGE = 18 };

/* The day before the birthday, of a vague birth date the first possible one; ptr NULL: nobody knows. */
static int last_of_childhood(struct hub_arena *a, struct hub_str birth, struct hub_str *day)
{
	int64_t y;
	unsigned month, of_month;
	int32_t first, last, birthday;
	char text[40];

	if (!birth.len || !hub_date_days(birth, &first, &last))
		return 0;
	hub_days_to(first, &y, &month, &of_month);
	snprintf(text, sizeof text, "%04d-%02u-%02u", (int)y + OF_AGE, month, of_month);
	if (hub_day_parse(hub_str_of(text), &birthday)) { /* the 29th of February */
		snprintf(text, sizeof text, "%04d-03-01", (int)y + OF_AGE);
		if (hub_day_parse(hub_str_of(text), &birthday))
			return 0;
	}
	hub_days_to(birthday - 1, &y, &month, &of_month);
	snprintf(text, sizeof text, "%04d-%02u-%02u", (int)y, month, of_month);
	if (!day->ptr || hub_str_cmp(hub_str_of(text), *day) < 0)
		*day = hub_arena_str(a, hub_str_of(text));
	return day->ptr ? 0 : -1;
}

static int read_childhood(struct hub_arena *a, struct hub_db *db, int64_t row, struct hub_str *day,
			  struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(db, &q, err, "SELECT birth_date FROM cc_person WHERE id = ?", "i", row);

	if (!rc && (rc = hub_db_next(q, err)) == HUB_OK &&
	    last_of_childhood(a, hub_db_str(q, 0), day))
		return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

static void end_by(struct hub_statement *st, struct hub_str day)
{
	if (day.ptr && (st->to.len != 10 || hub_str_cmp(day, st->to) < 0))
		st->to = day;
}

/* Given by somebody else while the person was a child? */
static int is_for_child(const struct hub_statement *st, struct hub_str childhood)
{
	return st->given_by.len && !hub_str_is(st->given_by, "self") && childhood.ptr &&
	       hub_str_cmp(st->from, childhood) <= 0;
}

int hub_statements_end(struct hub_arena *a, struct hub_db *db, const int64_t *rows, uint32_t n_rows,
		       struct hub_statements *s, struct hub_err *err)
{
	struct hub_str death = {NULL, 0}, childhood = {NULL, 0};
	int rc = HUB_OK, others = 0;

	for (uint32_t i = 0; i < s->n; i++)
		others |= s->at[i].given_by.len && !hub_str_is(s->at[i].given_by, "self");
	for (uint32_t i = 0; i < n_rows && !rc; i++)
		if (!(rc = read_death(a, db, rows[i], &death, err)) && others)
			rc = read_childhood(a, db, rows[i], &childhood, err);
	for (uint32_t i = 0; i < s->n && !rc; i++) {
		struct hub_statement *st = &s->at[i];
		if (!hub_str_is(st->status, "given"))
			continue;
		end_by(st, death);
		if (is_for_child(st, childhood))
			end_by(st, childhood);
	}
	return rc;
}
