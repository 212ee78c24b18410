#include "release/statement_in.h"

#include <stdlib.h>

enum { TEXTS = 11, REASON = 5 + TEXTS };

/* Columns: id, person, record, run, at, the texts in the order of the struct, then why (of an entry), or whether the
 * record has ended. */
static int take_row(struct hub_arena *a, struct hub_query *q, int entry, struct hub_statement *st)
{
	struct hub_str *const text[TEXTS] = {
	    &st->recipient,    &st->category, &st->purpose,  &st->status, &st->from,  &st->to,
	    &st->withdrawn_on, &st->state,    &st->given_by, &st->form,   &st->actor,
	};

	*st = (struct hub_statement){.entry = entry,
				     .id = hub_db_int(q, 0),
				     .person = hub_db_int(q, 1),
				     .record = hub_db_int(q, 2),
				     .run = hub_db_int(q, 3),
				     .at = hub_db_int(q, 4)};
	for (uint32_t i = 0; i < TEXTS; i++) {
		*text[i] = hub_db_dup(a, q, 5 + i);
		if (hub_db_str(q, 5 + i).ptr && !text[i]->ptr)
			return -1;
	}
	if (!entry) {
		st->gone = hub_db_int(q, REASON) != 0;
		return 0;
	}
	st->reason = hub_db_dup(a, q, REASON);
	return st->reason.ptr ? 0 : -1;
}

static int take_rows(struct hub_arena *a, struct hub_query *q, int entry, struct hub_statements *s,
		     size_t *cap, struct hub_err *err)
{
	int rc;

	while ((rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_statement *more = hub_alloc_more(a, s->at, s->n, cap, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		s->at = more;
		if (take_row(a, q, entry, &s->at[s->n]))
			return hub_fail_mem(err);
		s->n++;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* Of a record that has ended, what was no. */
static int read_rows(struct hub_arena *a, struct hub_db *db, int64_t person,
		     struct hub_statements *s, size_t *cap, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const int rc = hub_db_query(
	    db, &q, err,
	    "SELECT c.id, c.person_id, c.record_id, coalesce(r.run_id, 0), coalesce(u.begun_at, 0),"
	    " recipient, category, purpose, consent_status, valid_from, valid_to, withdrawn_on,"
	    " c.state, given_by, NULL, u.actor, coalesce(r.state, 0) FROM cc_consent c"
	    " LEFT JOIN record r ON r.id = c.record_id LEFT JOIN run u ON u.id = r.run_id"
	    " WHERE c.person_id = ? AND (coalesce(r.state, 0) = 0 OR withdrawn_on IS NOT NULL"
	    " OR consent_status IN ('withdrawn', 'refused')) ORDER BY c.id",
	    "i", person);

	return rc ? rc : take_rows(a, q, 0, s, cap, err);
}

/* An entry counts while its run is not taken back. */
static int read_entries(struct hub_arena *a, struct hub_db *db, int64_t person,
			struct hub_statements *s, size_t *cap, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const int rc = hub_db_query(
	    db, &q, err,
	    "SELECT e.id, e.person_id, 0, r.id, r.begun_at, recipient, category, purpose, status,"
	    " valid_from, valid_to, NULL, NULL, given_by, form, r.actor, reason"
	    " FROM consent_entry e JOIN run r ON r.id = e.run_id"
	    " WHERE e.person_id = ? AND r.undone_by IS NULL ORDER BY e.id",
	    "i", person);

	return rc ? rc : take_rows(a, q, 1, s, cap, err);
}

static int by_run(const void *a, const void *b)
{
	const struct hub_statement *x = a, *y = b;

	if (x->run != y->run)
		return x->run < y->run ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

int hub_statements_read(struct hub_arena *a, struct hub_db *db, struct hub_meant *m,
			const int64_t *rows, uint32_t n_rows, struct hub_statements *out,
			struct hub_err *err)
{
	size_t cap = 0;
	int rc = HUB_OK;

	*out = (struct hub_statements){NULL, 0};
	for (uint32_t i = 0; i < n_rows && !rc; i++)
		rc = read_rows(a, db, rows[i], out, &cap, err);
	for (uint32_t i = 0; m && i < n_rows && !rc; i++)
		rc = hub_statements_before(a, m, db, rows[i], out, &cap, err);
	for (uint32_t i = 0; i < n_rows && !rc; i++)
		rc = read_entries(a, db, rows[i], out, &cap, err);
	if (!rc && m)
		rc = hub_statements_meant(a, m, out, &cap, err);
	if (!rc && out->n > 1)
		qsort(out->at, out->n, sizeof *out->at, by_run);
	return rc ? rc : hub_statements_end(a, db, rows, n_rows, out, err);
}

static int same_scope(const struct hub_statement *x, const struct hub_statement *y)
{
	return hub_str_eq(x->recipient, y->recipient) && hub_str_eq(x->category, y->category) &&
	       hub_str_eq(x->purpose, y->purpose);
}

/* A consent that was for a time takes a no away for that time only: else the no of before would be gone with it. */
static int is_over(const struct hub_statement *e, int32_t day)
{
	int32_t to;

	return hub_str_is(e->status, "given") && e->to.len && !hub_day_parse(e->to, &to) &&
	       day > to;
}

static int is_given(const struct hub_statement *s)
{
	return hub_str_is(s->status, "given");
}

/* e is an entry about the same, in force on the day. */
static int replaces(const struct hub_statement *e, const struct hub_statement *st, int known_before,
		    int32_t day)
{
	if (!is_given(e) && is_given(st) && !st->entry)
		return known_before || !hub_statement_is_after(st, e);
	if (!known_before)
		return 0;
	if (is_given(st) || hub_str_is(e->status, "withdrawn"))
		return 1;
	return is_given(e) && !is_over(e, day) && !hub_statement_is_later(st, e);
}

void hub_statements_settle(struct hub_statements *s, int32_t day)
{
	int32_t from;

	for (uint32_t i = 0; i < s->n; i++)
		s->at[i].replaced = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct hub_statement *e = &s->at[i];
		if (!e->entry || hub_day_parse(e->from, &from) || day < from)
			continue;
		for (uint32_t k = 0; k < s->n; k++)
			s->at[k].replaced |= k != i && same_scope(e, &s->at[k]) &&
					     replaces(e, &s->at[k], k < i, day);
	}
}
