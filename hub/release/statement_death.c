/* A consent is of somebody who lives: it ends with the day of death, whatever the form says, and is there
 * again when the registry takes the death back. Nothing of the statement itself is changed. */
#include "release/statement.h"

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

int hub_statements_end(struct hub_arena *a, struct hub_db *db, const int64_t *rows, uint32_t n_rows,
		       struct hub_statements *s, struct hub_err *err)
{
	struct hub_str day = {NULL, 0};
	int rc = HUB_OK;

	for (uint32_t i = 0; i < n_rows && !rc; i++)
		rc = read_death(a, db, rows[i], &day, err);
	for (uint32_t i = 0; i < s->n && day.ptr && !rc; i++) {
		struct hub_statement *st = &s->at[i];
		if (hub_str_is(st->status, "given") &&
		    (st->to.len != 10 || hub_str_cmp(day, st->to) < 0))
			st->to = day;
	}
	return rc;
}
