/* Which rows of the store a look at one case has to decide on. */
#include "base/err.h"
#include "release/window_in.h"
#include "store/db.h"

#include <stdlib.h>

enum { MOST_IDS = 1 << 20, SQL = 320 };

struct ids {
	struct hub_arena *a;
	struct hub_db *db;
	int64_t *at;
	size_t n, room;
	struct hub_err *err;
};

static int add(struct ids *l, int64_t id)
{
	int64_t *more =
	    l->n < MOST_IDS ? hub_alloc_more(l->a, l->at, l->n, &l->room, sizeof *more) : NULL;

	if (!more)
		return hub_fail_mem(l->err);
	l->at = more;
	l->at[l->n++] = id;
	return HUB_OK;
}

/* All ids that a statement with one number gives. */
static int add_all(struct ids *l, const char *sql, int64_t arg)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(l->db, &q, l->err, sql, "i", arg);

	while (!rc && (rc = hub_db_next(q, l->err)) == HUB_OK)
		if (hub_db_int(q, 0))
			rc = add(l, hub_db_int(q, 0));
	return rc == HUB_END ? HUB_OK : rc;
}

static int by_id(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void sort(struct ids *l)
{
	size_t kept = 0;

	if (l->n > 1)
		qsort(l->at, l->n, sizeof *l->at, by_id);
	for (size_t i = 0; i < l->n; i++)
		if (i == 0 || l->at[i] != l->at[kept - 1])
			l->at[kept++] = l->at[i];
	l->n = kept;
}

/* --- the case ------------------------------------------------------------------------------------ */

/* Is the row of the case there for the view, under that number? */
static int shows_case(struct hub_windows *w, struct hub_window_view *v, int64_t id,
		      struct hub_str number, int *yes, struct hub_err *err)
{
	const struct hub_entity *e = hub_schema_entity(w->schema, HUB_STR("case"));
	const struct hub_profile_entity *pe = hub_window_entity(v, e);
	struct hub_source_row row;
	int any = 0;

	*yes = 0;
	if (!pe) /* then its rows decide, and it has no number */
		*yes = number.len == 0;
	if (!pe)
		return HUB_OK;
	hub_arena_reset(w->page);
	struct hub_out_cell *cells = hub_alloc_array(w->page, (size_t)pe->n + 1, sizeof *cells);
	int rc = cells ? hub_cursor_row(w->page, w->db, pe, id, &row, err) : hub_fail_mem(err);
	if (rc || (rc = hub_window_decide(w, v, pe, &row, cells, &any, err)))
		return rc == HUB_END ? HUB_OK : rc;
	*yes = any && number.len == 0;
	for (uint32_t i = 0; any && number.len && i < pe->n; i++)
		*yes |= hub_str_is(pe->fields[i].field->name, "case_no") &&
			cells[i].cell == HUB_VALUE && cells[i].shown == HUB_AS_IS &&
			hub_str_eq(cells[i].text, number);
	return HUB_OK;
}

int hub_window_case(struct hub_windows *w, struct hub_window_view *v, struct hub_str name,
		    int by_number, int64_t *id, struct hub_err *err)
{
	struct ids l = {.db = w->db, .err = err};
	int yes = 0, rc;

	*id = hub_window_id(w, v, HUB_STR("case"), name);
	if (*id) {
		rc = shows_case(w, v, *id, HUB_STR(""), &yes, err);
		return rc || yes ? rc : HUB_END;
	}
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(query) struct hub_query *q = NULL;
	if (!a)
		return hub_fail_mem(err);
	l.a = a;
	rc = hub_db_query(w->db, &q, err,
			  "SELECT c.id FROM cc_case c JOIN record r ON r.id = c.record_id WHERE"
			  " c.case_no = ? AND r.state = 0 ORDER BY c.id LIMIT 8",
			  "t", name);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		rc = add(&l, hub_db_int(q, 0));
	if (rc != HUB_END)
		return rc;
	for (size_t i = 0; i < l.n; i++) {
		if ((rc = shows_case(w, v, l.at[i], by_number ? HUB_STR("") : name, &yes, err)))
			return rc;
		*id = l.at[i];
		if (yes)
			return HUB_OK;
	}
	return HUB_END;
}

/* --- its rows ------------------------------------------------------------------------------------ */

static int add_things(struct ids *l, const struct hub_circle *c, const struct hub_entity *e)
{
	for (size_t i = 0; i < hub_map_count(c->things); i++) {
		struct hub_str rest = hub_map_key(c->things, i), kind;
		int64_t id;
		hub_str_next(&rest, ' ', &kind);
		if (hub_str_eq(kind, e->name) && !hub_parse_i64(rest, 1, INT64_MAX, &id) &&
		    add(l, id))
			return HUB_FATAL;
	}
	return HUB_OK;
}

/* Rows about one row of cc_person. */
static int add_of_person(struct ids *l, const struct hub_entity *e, int64_t person)
{
	char sql[SQL];

	if (e->subject == HUB_SUBJECT_SELF)
		return add(l, person);
	if (e->subject == HUB_SUBJECT_MEMBERS) {
		const int rc = add_all(
		    l, "SELECT household_id FROM cc_household_member WHERE person_id = ?", person);
		return rc ? rc
			  : add_all(l, "SELECT household_id FROM cc_person WHERE id = ?", person);
	}
	if (e->subject != HUB_SUBJECT_REF || !e->subject_ref)
		return HUB_OK;
	const int n = snprintf(sql, sizeof sql, "SELECT id FROM cc_%.*s WHERE %.*s = ?",
			       HUB_FMT(e->name), HUB_FMT(e->subject_ref->column));
	return n > 0 && (size_t)n < sizeof sql
		   ? add_all(l, sql, person)
		   : hub_fail(l->err, HUB_FATAL, "internal", "statement too long");
}

static int add_of_people(struct ids *l, struct hub_people *people, const struct hub_circle *c,
			 const struct hub_entity *e)
{
	int rc = HUB_OK;

	for (size_t i = 0; i < hub_map_count(c->people) && !rc; i++) {
		const struct hub_person_facts *f;
		int64_t identity;
		memcpy(&identity, hub_map_key(c->people, i).ptr, sizeof identity);
		rc = hub_people_get(people, identity, &f, l->err);
		for (uint32_t k = 0; !rc && k < f->n_rows; k++)
			rc = add_of_person(l, e, f->rows[k]);
	}
	return rc;
}

int hub_window_case_rows(struct hub_windows *w, struct hub_arena *a, const struct hub_circle *c,
			 const struct hub_entity *e, struct hub_window_rows *out,
			 struct hub_err *err)
{
	struct ids l = {.a = a, .db = w->db, .err = err};
	char sql[SQL];
	int rc = HUB_OK;

	if (hub_str_is(e->name, "case")) {
		rc = add(&l, c->case_id);
	} else if (e->subject == HUB_SUBJECT_NONE) {
		rc = add_things(&l, c, e);
	} else {
		if (e->case_ref) {
			const int len =
			    snprintf(sql, sizeof sql, "SELECT id FROM cc_%.*s WHERE %.*s = ?",
				     HUB_FMT(e->name), HUB_FMT(e->case_ref->column));
			if (len < 0 || (size_t)len >= sizeof sql)
				return hub_fail(err, HUB_FATAL, "internal", "statement too long");
			rc = add_all(&l, sql, c->case_id);
		}
		if (!rc)
			rc = add_of_people(&l, w->people, c, e);
	}
	sort(&l);
	*out = (struct hub_window_rows){l.at, l.n};
	return rc;
}

int hub_window_newest(struct hub_windows *w, struct hub_arena *a, const struct hub_field *date,
		      int64_t case_id, struct hub_window_rows *out, struct hub_err *err)
{
	const struct hub_entity *e = date->entity;
	struct ids l = {.a = a, .db = w->db, .err = err};
	char sql[SQL];
	const int len = snprintf(sql, sizeof sql,
				 "SELECT id FROM cc_%.*s WHERE %.*s = ? AND %.*s IS NOT NULL"
				 " ORDER BY %.*s DESC, id DESC",
				 HUB_FMT(e->name), HUB_FMT(e->case_ref->column),
				 HUB_FMT(date->column), HUB_FMT(date->column));

	if (len < 0 || (size_t)len >= sizeof sql)
		return hub_fail(err, HUB_FATAL, "internal", "statement too long");
	const int rc = add_all(&l, sql, case_id);
	*out = (struct hub_window_rows){l.at, l.n};
	return rc;
}

int hub_window_newest_each(struct hub_windows *w, struct hub_arena *a, const struct hub_field *date,
			   int64_t after, int64_t upto, struct hub_newest *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_entity *e = date->entity;
	const struct hub_str of = e->case_ref->column, day = date->column;
	char sql[SQL];
	const int len = snprintf(
	    sql, sizeof sql,
	    "SELECT case_id, id FROM (SELECT %.*s AS case_id, id, row_number() OVER"
	    " (PARTITION BY %.*s ORDER BY %.*s DESC, id DESC) AS place FROM cc_%.*s"
	    " WHERE %.*s > ? AND %.*s <= ? AND %.*s IS NOT NULL) AS t WHERE place = 1 ORDER BY"
	    " case_id",
	    HUB_FMT(of), HUB_FMT(of), HUB_FMT(day), HUB_FMT(e->name), HUB_FMT(of), HUB_FMT(of),
	    HUB_FMT(day));
	size_t room = 0;

	*out = (struct hub_newest){NULL, 0};
	if (len < 0 || (size_t)len >= sizeof sql)
		return hub_fail(err, HUB_FATAL, "internal", "statement too long");
	int rc = hub_db_query(w->db, &q, err, sql, "ii", after, upto);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_newest_row *more =
		    hub_alloc_more(a, out->row, out->n, &room, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		out->row = more;
		more[out->n++] = (struct hub_newest_row){hub_db_int(q, 0), hub_db_int(q, 1)};
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- is anybody of it under a restriction? ------------------------------------------------------- */

struct restricted {
	struct hub_windows *w;
	struct hub_str case_no;
	struct hub_err *err;
};

static int is_unrestricted(void *arg)
{
	const struct restricted *x = arg;
	const struct hub_window_ask facts = {.hub = 1};
	const struct hub_person_facts *f;
	struct hub_window_view *v;
	int64_t case_id, person = 0;
	int rc = hub_windows_ready(x->w, &facts, &v, x->err);

	if (rc || (rc = hub_window_case(x->w, v, x->case_no, 1, &case_id, x->err)) ||
	    (rc = hub_db_one(x->w->db, &person, x->err,
			     "SELECT coalesce(person_id, 0) FROM cc_case WHERE id = ?", "i",
			     case_id)))
		return rc;
	if (!person)
		return HUB_END;
	rc = hub_people_get(x->w->people, person, &f, x->err);
	for (uint32_t i = 0; !rc && i < f->n_household; i++)
		if (f->household[i].protection != HUB_PROT_CLEAR)
			rc = HUB_END;
	return rc;
}

int hub_window_unrestricted(struct hub_windows *w, struct hub_str case_no, struct hub_err *err)
{
	struct restricted x = {w, case_no, err};

	return hub_windows_txn(w, is_unrestricted, &x, err);
}
