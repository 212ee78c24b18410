/* Rows of cc_consent as they were at a moment, out of the before-images that runs leave. */
#include "release/statement.h"

#include "store/read.h"

enum { OP_REMOVED = 2, OP_ADDED = 3 }; /* of hub_change_info */

struct past {
	struct hub_arena *a;
	struct hub_db *db;
	int64_t known;
	struct hub_err *err;
};

/* The first change of a row after the moment; *op 0: there was none. before lives in the arena. */
static int first_change(const struct past *p, const char *entity, int64_t row, int64_t *op,
			struct hub_str *before)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(p->db, &q, p->err,
			      "SELECT h.op, h.before FROM history h JOIN run r ON r.id = h.run_id"
			      " WHERE h.entity = ? AND h.row_id = ? AND h.undone = 0"
			      " AND r.begun_at > ? ORDER BY h.run_id LIMIT 1",
			      "zii", entity, row, p->known);

	*op = 0;
	*before = (struct hub_str){NULL, 0};
	if (rc || (rc = hub_db_next(q, p->err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	*op = hub_db_int(q, 0);
	*before = hub_db_dup(p->a, q, 1);
	return HUB_OK;
}

static int begun_at(const struct past *p, int64_t run, int64_t *at)
{
	*at = 0;
	const int rc =
	    hub_db_one(p->db, at, p->err, "SELECT begun_at FROM run WHERE id = ?", "i", run);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Was the record there, and which run had written it? *run 0: it was not. */
static int record_then(const struct past *p, int64_t record, int64_t *run)
{
	struct hub_str image, name;
	struct hub_dbval v;
	int64_t op, at, ended = 0;
	int rc =
	    hub_db_one(p->db, run, p->err, "SELECT run_id FROM record WHERE id = ?", "i", record);

	if (rc || (rc = first_change(p, "", record, &op, &image)))
		return rc == HUB_END ? HUB_OK : rc;
	while (op && hub_image_next(&image, &name, &v) > 0)
		if (hub_str_is(name, "run_id"))
			*run = v.i;
	if ((rc = begun_at(p, *run, &at)))
		return rc;
	if (at > p->known)
		*run = 0;
	/* ended by now, and already then? */
	rc = hub_db_one(p->db, &ended, p->err,
			"SELECT count(*) FROM record r WHERE r.id = ? AND r.state <> 0"
			" AND NOT EXISTS (SELECT 1 FROM vanished v JOIN run u ON u.id = v.run_id"
			" WHERE v.record_id = r.id AND u.begun_at > ? AND u.state <> 5)"
			" AND NOT EXISTS (SELECT 1 FROM history h JOIN run u ON u.id = h.run_id"
			" WHERE h.entity = '' AND h.row_id = r.id AND h.op = 2 AND u.begun_at > ?)",
			"iii", record, p->known, p->known);
	if (ended)
		*run = 0;
	return rc;
}

/* A row from its image. */
static int read_image(const struct past *p, struct hub_str image, struct hub_statement *st)
{
	const struct {
		const char *name;
		struct hub_str *text;
	} texts[] = {{"recipient", &st->recipient},       {"category", &st->category},
		     {"purpose", &st->purpose},           {"consent_status", &st->status},
		     {"valid_from", &st->from},           {"valid_to", &st->to},
		     {"withdrawn_on", &st->withdrawn_on}, {"state", &st->state},
		     {"given_by", &st->given_by}};
	struct hub_str name;
	struct hub_dbval v;
	int more;

	for (size_t i = 0; i < HUB_COUNT(texts); i++)
		*texts[i].text = (struct hub_str){NULL, 0};
	while ((more = hub_image_next(&image, &name, &v)) > 0) {
		if (hub_str_is(name, "person_id"))
			st->person = v.i;
		if (hub_str_is(name, "record_id"))
			st->record = v.i;
		for (size_t i = 0; i < HUB_COUNT(texts); i++)
			if (hub_str_is(name, texts[i].name))
				*texts[i].text = v.s;
	}
	return more < 0 ? hub_fail(p->err, HUB_INTEGRITY, "history-damaged",
				   "the history of a consent cannot be read")
			: HUB_OK;
}

/* *there: the row was known then; *st is as it was. */
static int row_then(const struct past *p, struct hub_statement *st, int *there)
{
	struct hub_str before;
	int64_t op, run = 0;
	int rc = first_change(p, "consent", st->id, &op, &before);

	*there = 0;
	if (rc || op == OP_ADDED)
		return rc;
	if (op && (rc = read_image(p, before, st)))
		return rc;
	if (st->record && (rc = record_then(p, st->record, &run)))
		return rc;
	if (st->record && !run)
		return HUB_OK;
	*there = 1;
	st->run = run;
	return begun_at(p, run, &st->at);
}

static int is_one_of(int64_t id, const int64_t *rows, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (rows[i] == id)
			return 1;
	return 0;
}

/* Rows that a later run removed. */
static int add_removed(const struct past *p, const int64_t *rows, uint32_t n_rows,
		       struct hub_statements *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t n = 0;
	int there, rc = hub_db_one(p->db, &n, p->err,
				   "SELECT count(*) FROM history WHERE entity = 'consent'"
				   " AND op = 2 AND undone = 0",
				   "");
	struct hub_statement *all =
	    rc ? NULL : hub_alloc_array(p->a, s->n + (size_t)n + 1, sizeof *all);

	if (rc || !all)
		return rc ? rc : hub_fail_mem(p->err);
	if (s->n)
		memcpy(all, s->at, s->n * sizeof *all);
	s->at = all;
	rc = hub_db_query(p->db, &q, p->err,
			  "SELECT DISTINCT h.row_id FROM history h JOIN run r ON r.id = h.run_id"
			  " WHERE h.entity = 'consent' AND h.op = 2 AND h.undone = 0"
			  " AND r.begun_at > ? AND NOT EXISTS"
			  " (SELECT 1 FROM cc_consent c WHERE c.id = h.row_id) ORDER BY h.row_id",
			  "i", p->known);
	while (!rc && (rc = hub_db_next(q, p->err)) == HUB_OK) {
		struct hub_statement st = {.id = hub_db_int(q, 0)};
		rc = row_then(p, &st, &there);
		if (!rc && there && is_one_of(st.person, rows, n_rows))
			s->at[s->n++] = st;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_statements_past(struct hub_arena *a, struct hub_db *db, const int64_t *rows,
			uint32_t n_rows, int64_t known, struct hub_statements *s,
			struct hub_err *err)
{
	const struct past p = {a, db, known, err};
	uint32_t kept = 0;
	int there, rc = HUB_OK;

	for (uint32_t i = 0; i < s->n && !rc; i++) {
		rc = row_then(&p, &s->at[i], &there);
		if (there && is_one_of(s->at[i].person, rows, n_rows))
			s->at[kept++] = s->at[i];
	}
	s->n = kept;
	return rc ? rc : add_removed(&p, rows, n_rows, s);
}
