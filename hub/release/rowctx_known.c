/* Rows about nobody (an agency, one of staff) of which only records of certain people tell: that such a row is there says
 * who looks after them. */
#include "release/rowctx_in.h"

#include "store/counts.h"
#include "store/db.h"
#include "store/ledger.h"
#include "store/tables.h"

struct known {
	struct hub_rowctx *x;
	int open; /* somebody tells of it, of whom the recipient may hear */
	int shut; /* of whom it may not */
	struct hub_err *err;
};

static int meet_person(struct known *k, int64_t person)
{
	const struct hub_person_facts *f;

	if (!person)
		return HUB_OK;
	const int rc = hub_people_get(k->x->people, person, &f, k->err);
	if (rc)
		return rc;
	if (hub_person_hides(f) || hub_recipient_is_barred(&k->x->to, k->x->people, f))
		k->shut = 1;
	else
		k->open = 1;
	return HUB_OK;
}

/* The people of an entity's rows, until one of them is open. where: of the row's columns, with one or two numbers. */
static int meet_rows(struct known *k, const struct hub_entity *e, const char *where, int64_t from,
		     int64_t to)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const char *person = e->subject == HUB_SUBJECT_SELF  ? "id"
			     : e->subject == HUB_SUBJECT_REF ? e->subject_ref->column.ptr
							     : "NULL";
	char sql[256];

	if (e->subject == HUB_SUBJECT_NONE || e->subject == HUB_SUBJECT_MEMBERS)
		return HUB_OK;
	snprintf(sql, sizeof sql, "SELECT %s, %s FROM cc_%s WHERE %s BETWEEN ? AND ?", person,
		 e->case_ref ? e->case_ref->column.ptr : "NULL", e->name.ptr, where);
	int rc = hub_db_query(k->x->db, &q, k->err, sql, "ii", from, to);
	while (!rc && !k->open && (rc = hub_db_next(q, k->err)) == HUB_OK) {
		int64_t who = hub_db_int(q, 0);
		if (!who)
			rc = hub_people_of_case(k->x->people, k->x->db, hub_db_int(q, 1), &who,
						k->err);
		if (!rc)
			rc = meet_person(k, who);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* People of the record that described the row last: of its own rows, and of those with a key of their own (refs). */
static int meet_record(struct known *k, int64_t record, struct hub_str refs)
{
	const struct hub_schema *s = k->x->schema;
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;
	int rc = HUB_OK;

	for (uint32_t i = 0; i < s->n_entities && !rc; i++)
		if (!s->entities[i].identified)
			rc = meet_rows(k, &s->entities[i], "id", record * HUB_ROWS_PER_RECORD,
				       record * HUB_ROWS_PER_RECORD + HUB_ROWS_PER_RECORD - 1);
	while (!rc && hub_ids_next(&refs, &last, &id, &kind) > 0)
		for (uint32_t i = 0; i < s->n_entities && !rc; i++)
			if (s->entities[i].identified)
				rc = meet_rows(k, &s->entities[i], "id", id, id);
	return rc;
}

static int ask_feed(struct known *k, int64_t feed, int *yes)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_schema *s = k->x->schema;
	struct hub_counts c = {.entity =
				   a ? hub_alloc0(a, s->n_entities * sizeof *c.entity) : NULL};
	int rc = c.entity ? hub_db_query(k->x->db, &q, k->err,
					 "SELECT counts FROM run WHERE feed_id = ?", "i", feed)
			  : hub_fail_mem(k->err);

	*yes = 0;
	while (!rc && !*yes && (rc = hub_db_next(q, k->err)) == HUB_OK) {
		if ((rc = hub_counts_read(hub_db_str(q, 0), s, &c, k->err)))
			return rc;
		for (uint32_t i = 0; i < s->n_entities; i++)
			*yes |= s->entities[i].subject != HUB_SUBJECT_NONE && c.entity[i].produced;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* Has a feed brought rows about people? A list of agencies or of staff has not. */
static int brings_people(struct known *k, int64_t feed, int *yes)
{
	struct hub_map **feeds = &k->x->feeds;
	uint64_t v;

	if (!*feeds && !(*feeds = hub_map_new(k->x->arena)))
		return hub_fail_mem(k->err);
	if (hub_map_get(*feeds, hub_id_key(&feed), &v)) {
		*yes = (int)v;
		return HUB_OK;
	}
	const int rc = ask_feed(k, feed, yes);
	if (!rc && hub_map_put(*feeds, hub_id_key(&feed), (uint64_t)*yes))
		return hub_fail_mem(k->err);
	return rc;
}

/* Rows that refer to it: those of people, and of lists. */
static int meet_elsewhere(struct known *k, const struct hub_field *f, int64_t id)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char sql[256];
	int people;

	if (f->entity->subject != HUB_SUBJECT_NONE)
		return meet_rows(k, f->entity, f->column.ptr, id, id);
	snprintf(sql, sizeof sql,
		 "SELECT DISTINCT r.feed_id FROM cc_%s c JOIN record r ON r.id = c.record_id"
		 " WHERE c.%s = ?",
		 f->entity->name.ptr, f->column.ptr);
	int rc = hub_db_query(k->x->db, &q, k->err, sql, "i", id);
	while (!rc && !k->open && (rc = hub_db_next(q, k->err)) == HUB_OK)
		if (!(rc = brings_people(k, hub_db_int(q, 0), &people)))
			k->open = !people;
	return rc == HUB_END ? HUB_OK : rc;
}

static int meet_all(struct known *k, const struct hub_entity *e, int64_t id)
{
	const struct hub_schema *s = k->x->schema;
	int rc = HUB_OK;

	for (uint32_t i = 0; i < s->n_entities; i++)
		for (uint32_t c = 0; c < s->entities[i].count && !rc && !k->open; c++) {
			const struct hub_field *f = &s->entities[i].fields[c];
			if (f->type == HUB_F_REF && f->to == e)
				rc = meet_elsewhere(k, f, id);
		}
	return rc;
}

int hub_row_known_by_shut(struct hub_rowctx *x, const struct hub_entity *e, int64_t id, int *yes,
			  struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct known k = {.x = x, .err = err};
	char sql[160];
	int people;

	*yes = 0;
	snprintf(sql, sizeof sql,
		 "SELECT r.id, r.feed_id, r.refs FROM cc_%s c JOIN record r ON r.id = c.record_id"
		 " WHERE c.id = ?",
		 e->name.ptr);
	int rc = hub_db_query(x->db, &q, err, sql, "i", id);
	if (rc || (rc = hub_db_next(q, err)))
		return rc == HUB_END ? HUB_OK : rc;
	if ((rc = brings_people(&k, hub_db_int(q, 1), &people)) || !people ||
	    (rc = meet_record(&k, hub_db_int(q, 0), hub_db_str(q, 2))) || k.open || !k.shut ||
	    (rc = meet_all(&k, e, id)))
		return rc;
	*yes = !k.open;
	return HUB_OK;
}
