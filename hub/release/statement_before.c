/* A no that a source once said stands, also when an older file is read again or late, and when its line is gone: until a
 * consent of the same scope begins after it, a person records here what was said since, or the run that brought it is taken
 * back. Which no that is, the before-images of the consents tell: each withdrawal; each refusal that took a consent away,
 * that is later than what the line says now, or whose line is gone. A line that still says no has been corrected, unless
 * it says what it said before, or an earlier day. */
#include "release/statement_in.h"
#include "store/read.h"
#include "text/date.h"

#include "base/clock.h"

/* One line of a source, from its first change on. */
struct line {
	struct hub_statement *was;
	uint32_t n;
	size_t cap;
};

/* A no of a line, and the line. */
struct said_before {
	const struct line *line;
	uint32_t at;
	struct said_before *next;
};

struct reading {
	struct hub_meant *m;
	struct hub_map *lines; /* row -> struct line * */
	struct hub_err *err;
};

static struct hub_str id_key(const int64_t *id)
{
	return (struct hub_str){(const char *)id, sizeof *id};
}

/* --- days ------------------------------------------------------------------------------------------- */

/* Its last day that may be meant; of one that says none the day on which the hub heard of it. */
static int32_t day_of(const struct hub_statement *no)
{
	const int own = no->entry || hub_str_is(no->status, "refused");
	int32_t first, last;

	if (hub_date_days(no->withdrawn_on, &first, &last) ||
	    (own && hub_date_days(no->from, &first, &last)))
		return last;
	return (int32_t)hub_day_at(no->at);
}

int hub_statement_is_after(const struct hub_statement *given, const struct hub_statement *no)
{
	int32_t first, last;

	return hub_date_days(given->from, &first, &last) && first > day_of(no);
}

int hub_statement_is_later(const struct hub_statement *no, const struct hub_statement *given)
{
	int32_t first, last;

	if (!hub_statement_takes_back(no) && !no->from.len)
		return 0;
	return hub_date_days(given->from, &first, &last) && day_of(no) > last;
}

/* --- what lines said -------------------------------------------------------------------------------- */

static int take_text(struct hub_arena *a, struct hub_statement *st, struct hub_str name,
		     struct hub_str text)
{
	struct hub_str *const to[] = {&st->recipient,    &st->category, &st->purpose,
				      &st->status,       &st->from,     &st->to,
				      &st->withdrawn_on, &st->state,    &st->given_by};
	static const char *const names[] = {"recipient",      "category",   "purpose",
					    "consent_status", "valid_from", "valid_to",
					    "withdrawn_on",   "state",      "given_by"};

	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (hub_str_is(name, names[i]))
			return (*to[i] = hub_arena_str(a, text)).ptr ? 0 : -1;
	return 0;
}

static int take_image(struct reading *r, struct hub_str image, struct hub_statement *st)
{
	struct hub_str name;
	struct hub_dbval v;
	int more;

	while ((more = hub_image_next(&image, &name, &v)) > 0) {
		if (v.type == HUB_DB_INT && hub_str_is(name, "person_id"))
			st->person = v.i;
		if (v.type == HUB_DB_TEXT && take_text(r->m->arena, st, name, v.s))
			return hub_fail_mem(r->err);
	}
	return more ? hub_fail(r->err, HUB_INTEGRITY, "history-damaged",
			       "the history of run %lld cannot be read", (long long)st->run)
		    : HUB_OK;
}

/* The run that the record was last changed by until then; `run` when that is not kept. */
static int64_t brought_by(struct hub_str record, int64_t run)
{
	struct hub_str name;
	struct hub_dbval v;

	while (hub_image_next(&record, &name, &v) > 0)
		if (v.type == HUB_DB_INT && hub_str_is(name, "run_id"))
			return v.i;
	return run;
}

/* Columns: row, run, image, image of the record, when the run began. */
static int add_image(struct reading *r, struct hub_query *q)
{
	const int64_t row = hub_db_int(q, 0);
	struct line *line = NULL;
	uint64_t v;

	if (hub_map_get(r->lines, id_key(&row), &v))
		line = (struct line *)(uintptr_t)v;
	else if (!(line = hub_alloc0(r->m->arena, sizeof *line)) ||
		 hub_map_put(r->lines, id_key(&row), (uint64_t)(uintptr_t)line))
		return hub_fail_mem(r->err);
	struct hub_statement *more =
	    hub_alloc_more(r->m->arena, line->was, line->n, &line->cap, sizeof *more);
	if (!more)
		return hub_fail_mem(r->err);
	line->was = more;
	struct hub_statement *st = &line->was[line->n++];
	*st = (struct hub_statement){.id = row,
				     .run = brought_by(hub_db_str(q, 3), hub_db_int(q, 1)),
				     .at = hub_db_int(q, 4),
				     .gone = 1};
	return take_image(r, hub_db_str(q, 2), st);
}

/* Of one row in the order of runs. What a run changed that was taken back since has not been changed. */
static int read_images(struct reading *r, struct hub_db *db)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(
	    db, &q, r->err,
	    "SELECT h.row_id, h.run_id, h.before, p.before, u.begun_at FROM history h"
	    " JOIN run u ON u.id = h.run_id LEFT JOIN history p ON p.run_id = h.run_id"
	    " AND p.entity = '' AND p.row_id = h.record_id WHERE h.entity = 'consent'"
	    " AND h.before IS NOT NULL AND u.undone_by IS NULL ORDER BY h.row_id, h.run_id",
	    "");

	while (!rc && (rc = hub_db_next(q, r->err)) == HUB_OK)
		rc = add_image(r, q);
	return rc == HUB_END ? HUB_OK : rc;
}

/* When the hub heard of it. */
static int tell_times(struct reading *r, struct hub_db *db, struct line *line)
{
	for (uint32_t i = 0; i < line->n; i++) {
		const int rc =
		    hub_db_one(db, &line->was[i].at, r->err,
			       "SELECT begun_at FROM run WHERE id = ?", "i", line->was[i].run);
		if (rc && rc != HUB_END)
			return rc;
	}
	return HUB_OK;
}

static int is_no(const struct hub_statement *s)
{
	return hub_statement_takes_back(s) || hub_str_is(s->status, "refused");
}

static int keep_noes(struct reading *r, const struct line *line)
{
	for (uint32_t i = 0; i < line->n; i++) {
		const int64_t person = line->was[i].person;
		struct said_before *one;
		uint64_t v = 0;
		if (!is_no(&line->was[i]))
			continue;
		if (!(one = hub_alloc0(r->m->arena, sizeof *one)))
			return hub_fail_mem(r->err);
		hub_map_get(r->m->before, id_key(&person), &v);
		*one = (struct said_before){line, i, (struct said_before *)(uintptr_t)v};
		if (hub_map_put(r->m->before, id_key(&person), (uint64_t)(uintptr_t)one))
			return hub_fail_mem(r->err);
	}
	return HUB_OK;
}

static int read_before(struct hub_meant *m, struct hub_db *db, struct hub_err *err)
{
	struct reading r = {m, hub_map_new(m->arena), err};
	int rc = r.lines && (m->before = hub_map_new(m->arena)) ? HUB_OK : hub_fail_mem(err);

	if (!rc)
		rc = read_images(&r, db);
	for (size_t i = 0; !rc && i < hub_map_count(r.lines); i++) {
		struct line *line = (struct line *)(uintptr_t)hub_map_value(r.lines, i);
		if (!(rc = tell_times(&r, db, line)))
			rc = keep_noes(&r, line);
	}
	return rc;
}

/* --- what stands of it ------------------------------------------------------------------------------ */

static int says_the_same(const struct hub_statement *x, const struct hub_statement *y)
{
	return hub_str_eq(x->recipient, y->recipient) && hub_str_eq(x->category, y->category) &&
	       hub_str_eq(x->purpose, y->purpose) && hub_str_eq(x->status, y->status) &&
	       hub_str_eq(x->from, y->from) && hub_str_eq(x->to, y->to) &&
	       hub_str_eq(x->withdrawn_on, y->withdrawn_on);
}

static int was_given_before(const struct said_before *b)
{
	for (uint32_t i = 0; i < b->at; i++)
		if (hub_str_is(b->line->was[i].status, "given"))
			return 1;
	return 0;
}

/* now: what the line says today. */
static int is_corrected(const struct said_before *b, const struct hub_statement *now)
{
	for (uint32_t i = 0; i < b->at; i++)
		if (says_the_same(&b->line->was[i], now))
			return 0;
	return is_no(now) && day_of(now) >= day_of(&b->line->was[b->at]);
}

/* Is it still to be heard beside what the line says today (NULL: nothing any more)? */
static int stands(const struct said_before *b, const struct hub_statement *now)
{
	const struct hub_statement *no = &b->line->was[b->at];

	if (!now)
		return 1;
	if (says_the_same(no, now) || is_corrected(b, now))
		return 0;
	return hub_statement_takes_back(no) || was_given_before(b) ||
	       (no->from.len && now->from.len && !hub_statement_is_after(now, no));
}

int hub_statements_before(struct hub_arena *a, struct hub_meant *m, struct hub_db *db,
			  int64_t person, struct hub_statements *s, size_t *cap,
			  struct hub_err *err)
{
	const uint32_t n = s->n;
	uint64_t v = 0;
	int rc = m->before ? HUB_OK : read_before(m, db, err);

	if (rc || !hub_map_get(m->before, id_key(&person), &v))
		return rc;
	const struct said_before *b = (const struct said_before *)(uintptr_t)v;
	for (; b; b = b->next) {
		const struct hub_statement *no = &b->line->was[b->at], *now = NULL;
		for (uint32_t i = 0; i < n; i++)
			if (!s->at[i].entry && !s->at[i].gone && s->at[i].id == no->id)
				now = &s->at[i];
		if (!stands(b, now))
			continue;
		struct hub_statement *more = hub_alloc_more(a, s->at, s->n, cap, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		s->at = more;
		s->at[s->n++] = *no;
	}
	return HUB_OK;
}
