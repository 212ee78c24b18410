/* What of a run can be taken back: rows it made that nothing else refers to, rows it changed that are
 * still as it left them. What has to stay makes others stay, so it goes in rounds until nothing moves.
 * Rows of one record are told from shared ones by their id (store/tables.h): id >> 8 is the record. */
#include "store/undo.h"

#include <assert.h>

static_assert(HUB_ROWS_PER_RECORD == 1 << 8, "id >> 8 is the record");

static int exec(struct hub_undo *u, const char *sql)
{
	return u->db->ops->exec(u->db, sql, u->err);
}

/* --- lists of ids ----------------------------------------------------------------------------- */

/* Ids out of the ledger go into the temporary table `listed`, some thousand at a time. WORD: a shared row that
 * somebody speaks of. */
enum { LISTED = 4096, WORD = 8 };
static_assert((int)HUB_SEEN_NEW == (int)HUB_TOUCH_NEW &&
		  (int)HUB_SEEN_CHANGED == (int)HUB_TOUCH_CHANGED,
	      "records and shared rows are listed with the same kinds");

struct list {
	struct hub_undo *u;
	uint32_t n;
	int64_t id[LISTED], kind[LISTED], done[LISTED];
};

static struct list *new_list(struct hub_undo *u)
{
	hub_arena_reset(u->tmp);
	struct list *l = hub_alloc0(u->tmp, sizeof *l);
	if (l)
		l->u = u;
	return l;
}

static int write_list(struct list *l)
{
	const struct hub_dbcol col[] = {{.kind = HUB_COL_INT, .num = l->id},
					{.kind = HUB_COL_INT, .num = l->kind},
					{.kind = HUB_COL_INT, .num = l->done}};
	const struct hub_db_rows in = {
	    .into = "listed (id, kind, done)", .cols = HUB_COUNT(col), .n = l->n, .col = col};
	const int rc = l->n ? l->u->db->ops->insert(l->u->db, &in, l->u->err) : HUB_OK;

	l->n = 0;
	return rc;
}

static int list_id(struct list *l, int64_t id, unsigned kind, int done)
{
	const int rc = l->n == LISTED ? write_list(l) : HUB_OK;

	l->id[l->n] = id;
	l->kind[l->n] = kind;
	l->done[l->n++] = done;
	return rc;
}

static int list_seen(struct list *l, struct hub_str seen, int done)
{
	int64_t last = 0, id;
	unsigned kind;
	int rc = HUB_OK;

	while (!rc && hub_ids_next(&seen, &last, &id, &kind) > 0)
		if (kind == HUB_SEEN_NEW || kind == HUB_SEEN_CHANGED)
			rc = list_id(l, id, kind, done);
	return rc;
}

static int list_shared(struct list *l, struct hub_str shared)
{
	int64_t last = 0, id;
	unsigned kind;
	int rc = HUB_OK;

	while (!rc && hub_ids_next(&shared, &last, &id, &kind) > 0)
		if (kind != HUB_TOUCH_SAME)
			rc = list_id(l, id + HUB_SHARED_BASE, kind, 0);
	return rc;
}

/* Shared rows among those of a record's refs. */
static int list_refs(struct list *l, struct hub_str refs)
{
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;
	int rc = HUB_OK;

	while (!rc && hub_ids_next(&refs, &last, &id, &kind) > 0)
		rc = list_id(l, id, WORD, 0);
	return rc;
}

/* What was listed into the tables it belongs to. Records of a chunk that an earlier, interrupted call has taken back: those
 * that are still as the run left them, or newer, had to stay. */
static int sort_list(struct hub_undo *u)
{
	static const struct {
		const char *table;
		int64_t kind, from, to;
	} to[] = {
	    {"gone_rec", HUB_SEEN_NEW, 0, HUB_SHARED_BASE},
	    {"back_rec", HUB_SEEN_CHANGED, 0, HUB_SHARED_BASE},
	    {"gone_shared", HUB_TOUCH_NEW, HUB_SHARED_BASE, INT64_MAX},
	    {"back_shared", HUB_TOUCH_CHANGED, HUB_SHARED_BASE, INT64_MAX},
	};
	char sql[256];
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < HUB_COUNT(to); i++) {
		snprintf(sql, sizeof sql,
			 "INSERT INTO %s SELECT DISTINCT id FROM listed WHERE kind = ? AND done = 0"
			 " AND id >= ? AND id < ?",
			 to[i].table);
		rc = hub_db_run(u->db, u->err, sql, "iii", to[i].kind, to[i].from, to[i].to);
	}
	if (!rc)
		rc = hub_db_run(u->db, u->err,
				"INSERT INTO touched SELECT DISTINCT id FROM listed WHERE id < ?",
				"i", HUB_SHARED_BASE);
	if (!rc)
		rc = hub_db_run(
		    u->db, u->err,
		    "INSERT INTO touched_shared SELECT DISTINCT id FROM listed WHERE id >= ?", "i",
		    HUB_SHARED_BASE);
	return rc ? rc
		  : hub_db_run(u->db, u->err,
			       "INSERT INTO stay_rec SELECT id FROM record WHERE run_id >= ? AND id"
			       " IN (SELECT id FROM listed WHERE done = 1)",
			       "i", u->run);
}

static int read_ledger(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct list *l = new_list(u);

	if (!l)
		return hub_fail_mem(u->err);
	int rc =
	    hub_db_walk(u->db, &q, u->err,
			"SELECT seen, shared, undone FROM chunk WHERE run_id = ?", "i", u->run);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		if ((rc = list_seen(l, hub_db_str(q, 0), hub_db_int(q, 2) != 0)) ||
		    (rc = list_shared(l, hub_db_str(q, 1))))
			return rc;
	if (rc != HUB_END || (rc = write_list(l)))
		return rc;
	return sort_list(u);
}

/* What the end of a run did (left.c) stands in the history alone. */
static int read_history(struct hub_undo *u)
{
	static const char *const ended[] = {"back_left", "touched"}, *const rows[] = {
									 "back_shared",
									 "touched_shared"};
	char sql[256];
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < HUB_COUNT(ended); i++) {
		snprintf(
		    sql, sizeof sql,
		    "INSERT INTO %s SELECT row_id FROM history WHERE run_id = ? AND entity = ''"
		    " AND op = ? AND undone = 0 ON CONFLICT DO NOTHING",
		    ended[i]);
		rc = hub_db_run(u->db, u->err, sql, "ii", u->run, (int64_t)HUB_OP_DELETE);
		snprintf(sql, sizeof sql,
			 "INSERT INTO %s SELECT row_id FROM history WHERE run_id = ?"
			 " AND row_id >= ? AND entity <> '' AND entity <> ? AND undone = 0"
			 " ON CONFLICT DO NOTHING",
			 rows[i]);
		if (!rc)
			rc = hub_db_run(u->db, u->err, sql, "iit", u->run, HUB_SHARED_BASE,
					HUB_HISTORY_LATEST);
	}
	/* a row that the run made has no state before it */
	return rc ? rc
		  : exec(u, "DELETE FROM back_shared WHERE id IN (SELECT id FROM gone_shared)");
}

/* --- what has to stay ------------------------------------------------------------------------- */

/* Changed since by a later run. CROSS JOIN: the short list leads, however long a planner thinks it is. */
static int later_changes(struct hub_undo *u)
{
	static const char *const sql[] = {
	    "INSERT INTO stay_rec SELECT g.id FROM gone_rec g CROSS JOIN record r"
	    " WHERE r.id = g.id AND r.run_id > ? ON CONFLICT DO NOTHING",
	    "INSERT INTO stay_rec SELECT g.id FROM back_rec g CROSS JOIN record r"
	    " WHERE r.id = g.id AND r.run_id > ? ON CONFLICT DO NOTHING",
	    "INSERT INTO stay_rec SELECT g.id FROM back_left g CROSS JOIN record r"
	    " WHERE r.id = g.id AND r.run_id > ? ON CONFLICT DO NOTHING",
	};
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < HUB_COUNT(sql); i++)
		rc = hub_db_run(u->db, u->err, sql[i], "i", u->run);
	return rc;
}

static int later_change_of(struct hub_undo *u, struct hub_str entity)
{
	return hub_db_run(u->db, u->err,
			  "INSERT INTO stay_shared SELECT g.id FROM touched_shared g CROSS JOIN"
			  " history h WHERE h.entity = ? AND h.row_id = g.id AND h.undone = 0"
			  " AND h.run_id > ? ON CONFLICT DO NOTHING",
			  "ti", entity, u->run);
}

/* By entity, for so the history is found by row. */
static int later_shared_changes(struct hub_undo *u)
{
	int rc = later_change_of(u, HUB_HISTORY_LATEST);

	for (uint32_t i = 0; !rc && i < u->s->tables->n; i++) {
		const struct hub_entity *e = u->s->tables->table[i].entity;
		if (e->identified)
			rc = later_change_of(u, e->name);
	}
	return rc;
}

/* The shared rows that the records of a query (refs) speak of stay. */
static int stay_words(struct hub_undo *u, struct hub_query *q)
{
	struct list *l = new_list(u);
	int rc = l ? HUB_OK : hub_fail_mem(u->err);

	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		rc = list_refs(l, hub_db_str(q, 0));
	if (rc != HUB_END || (rc = write_list(l)))
		return rc;
	rc = hub_db_run(u->db, u->err,
			"INSERT INTO stay_shared SELECT id FROM touched_shared WHERE id IN"
			" (SELECT id FROM listed WHERE kind = ?) ON CONFLICT DO NOTHING",
			"i", (int64_t)WORD);
	return rc ? rc
		  : hub_db_run(u->db, u->err, "DELETE FROM listed WHERE kind = ?", "i",
			       (int64_t)WORD);
}

/* A record of a later run that speaks of a row says what stands in it now. */
static int later_words(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t later = 0;
	int rc =
	    hub_db_one(u->db, &later, u->err, "SELECT count(*) FROM run WHERE id > ? AND id <> ?",
		       "ii", u->run, u->undo_run);

	if (rc || !later)
		return rc;
	rc = hub_db_walk(u->db, &q, u->err,
			 "SELECT refs FROM record WHERE run_id > ? AND refs IS NOT NULL", "i",
			 u->run);
	return rc ? rc : stay_words(u, q);
}

/* Rows of a table that are not about to go or to be put back. Wants: base, base, run, entity. */
#define LIVE_ROW                                                                           \
	" AND NOT (a.id < ? AND EXISTS (SELECT 1 FROM gone_rec x WHERE x.id = a.id >> 8))" \
	" AND NOT (a.id < ? AND EXISTS (SELECT 1 FROM back_rec x WHERE x.id = a.id >> 8))" \
	" AND NOT EXISTS (SELECT 1 FROM gone_shared x WHERE x.id = a.id)"                  \
	" AND NOT EXISTS (SELECT 1 FROM history h WHERE h.run_id = ? AND h.entity = ?"     \
	" AND h.row_id = a.id AND EXISTS (SELECT 1 FROM back_shared x WHERE x.id = a.id))" \
	" ON CONFLICT DO NOTHING"

static int shared_refs(struct hub_undo *u, const struct hub_entity_table *t, const char *column)
{
	const int64_t base = HUB_SHARED_BASE;
	char sql[2048];

	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_shared SELECT DISTINCT a.\"%s\" FROM %s a"
		 " WHERE a.\"%s\" IN (SELECT id FROM gone_shared)" LIVE_ROW,
		 column, t->name.ptr, column);
	return hub_db_run(u->db, u->err, sql, "iiit", base, base, u->run, t->entity->name);
}

static int record_refs(struct hub_undo *u, const struct hub_entity_table *t, const char *column)
{
	const int64_t base = HUB_SHARED_BASE;
	char sql[2048];

	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_rec SELECT DISTINCT a.\"%s\" >> 8 FROM %s a"
		 " WHERE a.\"%s\" < ? AND a.\"%s\" >> 8 IN (SELECT id FROM gone_rec)" LIVE_ROW,
		 column, t->name.ptr, column, column);
	return hub_db_run(u->db, u->err, sql, "iiiit", base, base, base, u->run, t->entity->name);
}

/* Would a row of the table go? */
static int any_goes(struct hub_undo *u, const struct hub_entity_table *t, int *yes)
{
	char sql[256];
	int64_t n = 0;

	if (t->entity->identified)
		snprintf(sql, sizeof sql,
			 "SELECT 1 FROM gone_shared g CROSS JOIN %s a WHERE a.id = g.id LIMIT 1",
			 t->name.ptr);
	else
		snprintf(sql, sizeof sql,
			 "SELECT 1 FROM gone_rec g CROSS JOIN %s a WHERE a.id BETWEEN g.id * %d"
			 " AND g.id * %d + %d LIMIT 1",
			 t->name.ptr, HUB_ROWS_PER_RECORD, HUB_ROWS_PER_RECORD,
			 HUB_ROWS_PER_RECORD - 1);
	const int rc = hub_db_one(u->db, &n, u->err, sql, "");
	*yes = n != 0;
	return rc == HUB_END ? HUB_OK : rc;
}

/* Rows that stay and refer to one of a table that would go, in whatever column. */
static int refs_to(struct hub_undo *u, const struct hub_entity_table *to)
{
	int yes, rc = any_goes(u, to, &yes);

	for (uint32_t i = 0; !rc && yes && i < u->s->tables->n; i++) {
		const struct hub_entity_table *t = &u->s->tables->table[i];
		for (uint32_t f = 0; !rc && f < t->entity->count; f++) {
			const struct hub_field *field = &t->entity->fields[f];
			if (field->type != HUB_F_REF || field->to != to->entity)
				continue;
			rc = to->entity->identified ? shared_refs(u, t, field->column.ptr)
						    : record_refs(u, t, field->column.ptr);
		}
	}
	return rc;
}

static int row_refs(struct hub_undo *u)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < u->s->tables->n; i++)
		rc = refs_to(u, &u->s->tables->table[i]);
	return rc;
}

/* What people said about a row since: corrections of its text; of a person a link, a display restriction, a bar, a consent.
 * These would be lost: who comes again is another row. */
static int people_refs(struct hub_undo *u)
{
	static const char since[] =
	    " AND at >= (SELECT begun_at FROM run WHERE id = ?) ON CONFLICT DO NOTHING";
	static const char said[] =
	    "(SELECT a AS p FROM person_link WHERE state = 1 AND run_id IS NULL"
	    " UNION SELECT b FROM person_link WHERE state = 1 AND run_id IS NULL"
	    " UNION SELECT person_id FROM protection_act WHERE ended_at IS NULL"
	    " UNION SELECT person_id FROM bar WHERE ended_at IS NULL AND person_id IS NOT NULL"
	    " UNION SELECT c.person_id FROM consent_entry c JOIN run r ON r.id = c.run_id"
	    " WHERE r.state <> 5) AS l";
	const int64_t base = HUB_SHARED_BASE;
	char sql[1024];

	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_rec SELECT row_id >> 8 FROM correction WHERE ended_at IS NULL"
		 " AND row_id < ? AND row_id >> 8 IN (SELECT id FROM touched)%s",
		 since);
	int rc = hub_db_run(u->db, u->err, sql, "ii", base, u->run);
	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_shared SELECT row_id FROM correction WHERE ended_at IS NULL"
		 " AND row_id IN (SELECT id FROM touched_shared)%s",
		 since);
	if (!rc)
		rc = hub_db_run(u->db, u->err, sql, "i", u->run);
	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_shared SELECT p FROM %s WHERE p IN (SELECT id FROM gone_shared)"
		 " ON CONFLICT DO NOTHING",
		 said);
	if (!rc)
		rc = hub_db_run(u->db, u->err, sql, "");
	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_rec SELECT p >> 8 FROM %s WHERE p < ?"
		 " AND p >> 8 IN (SELECT id FROM gone_rec) ON CONFLICT DO NOTHING",
		 said);
	return rc ? rc : hub_db_run(u->db, u->err, sql, "i", base);
}

/* A shared row that stays keeps the record that describes it. */
static int keep_describers(struct hub_undo *u)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < u->s->tables->n; i++) {
		const struct hub_entity_table *t = &u->s->tables->table[i];
		char sql[512];

		if (!t->entity->identified)
			continue;
		snprintf(
		    sql, sizeof sql,
		    "INSERT INTO stay_rec SELECT a.record_id FROM stay_shared k CROSS JOIN %s a"
		    " WHERE a.id = k.id AND a.record_id IN (SELECT id FROM gone_rec)"
		    " ON CONFLICT DO NOTHING",
		    t->name.ptr);
		rc = exec(u, sql);
	}
	return rc;
}

/* A record that stays keeps the shared rows it speaks of. */
static int keep_spoken_of(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const int rc = hub_db_walk(u->db, &q, u->err,
				   "SELECT r.refs FROM stay_rec k CROSS JOIN record r"
				   " WHERE r.id = k.id AND r.refs IS NOT NULL",
				   "");

	return rc ? rc : stay_words(u, q);
}

static int count_stay(struct hub_undo *u, int64_t *n)
{
	return hub_db_one(
	    u->db, n, u->err,
	    "SELECT (SELECT count(*) FROM stay_rec) + (SELECT count(*) FROM stay_shared)", "");
}

static int empty_tables(struct hub_undo *u)
{
	static const char *const names[] = {"gone_rec",    "gone_shared", "back_rec",
					    "back_left",   "back_shared", "stay_rec",
					    "stay_shared", "touched",     "touched_shared"};
	char sql[128];
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < HUB_COUNT(names); i++) {
		snprintf(sql, sizeof sql,
			 "CREATE TEMP TABLE IF NOT EXISTS %s (id INTEGER PRIMARY KEY);"
			 "DELETE FROM %s;",
			 names[i], names[i]);
		rc = exec(u, sql);
	}
	return rc ? rc
		  : exec(u, "CREATE TEMP TABLE IF NOT EXISTS listed (id INTEGER NOT NULL,"
			    " kind INTEGER NOT NULL, done INTEGER NOT NULL);DELETE FROM listed;"
			    "CREATE TEMP TABLE IF NOT EXISTS lines (record_id INTEGER NOT NULL,"
			    " history_id INTEGER NOT NULL);DELETE FROM lines;");
}

/* By record, so that what goes back is found by equal numbers alone: with a range for each record a planner that knows
 * nothing of the table yet reads all of the run's history each time. */
static int list_lines(struct hub_undo *u)
{
	const int rc =
	    hub_db_run(u->db, u->err,
		       "INSERT INTO lines SELECT CASE WHEN entity = '' THEN row_id ELSE row_id >> 8"
		       " END, id FROM history WHERE run_id = ? AND row_id < ?",
		       "ii", u->run, HUB_SHARED_BASE);

	return rc ? rc
		  : exec(u, "CREATE INDEX IF NOT EXISTS lines_of ON lines (record_id, history_id);"
			    "ANALYZE lines;");
}

int hub_undo_plan(struct hub_undo *u)
{
	static const char settle[] =
	    "DELETE FROM gone_rec WHERE id IN (SELECT id FROM stay_rec);"
	    "DELETE FROM back_rec WHERE id IN (SELECT id FROM stay_rec);"
	    "DELETE FROM back_left WHERE id IN (SELECT id FROM stay_rec);"
	    "DELETE FROM gone_shared WHERE id IN (SELECT id FROM stay_shared);"
	    "DELETE FROM back_shared WHERE id IN (SELECT id FROM stay_shared);";
	int64_t before = -1, now = 0;
	int rc;

	if ((rc = empty_tables(u)) || (rc = read_ledger(u)) || (rc = read_history(u)) ||
	    (rc = later_changes(u)) || (rc = later_shared_changes(u)) || (rc = later_words(u)) ||
	    (rc = people_refs(u)) || (rc = exec(u, settle)) || (rc = hub_undo_compare(u)) ||
	    (rc = list_lines(u)))
		return rc;
	while (before != now) {
		before = now;
		if ((rc = exec(u, settle)) || (rc = row_refs(u)) || (rc = keep_describers(u)) ||
		    (rc = keep_spoken_of(u)) || (rc = exec(u, settle)) ||
		    (rc = count_stay(u, &now)))
			return rc;
	}
	u->conflicts = (uint64_t)now;
	return HUB_OK;
}
