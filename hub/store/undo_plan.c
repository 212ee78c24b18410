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

static int add(struct hub_undo *u, const char *sql, int64_t id)
{
	return hub_db_run(u->db, u->err, sql, "i", id);
}

/* Records of a chunk that an earlier, interrupted call has taken back: those that are still as the run
 * left them, or newer, had to stay. */
static int list_done(struct hub_undo *u, int64_t id)
{
	return hub_db_run(u->db, u->err,
			  "INSERT INTO stay_rec SELECT id FROM record WHERE id = ? AND run_id >= ?"
			  " ON CONFLICT DO NOTHING",
			  "ii", id, u->run);
}

static int list_seen(struct hub_undo *u, struct hub_str seen, int done)
{
	int64_t last = 0, id;
	unsigned kind;
	int rc = HUB_OK;

	while (!rc && hub_ids_next(&seen, &last, &id, &kind) > 0) {
		if (kind != HUB_SEEN_NEW && kind != HUB_SEEN_CHANGED)
			continue;
		if (done)
			rc = list_done(u, id);
		else if (kind == HUB_SEEN_NEW)
			rc = add(u, "INSERT INTO gone_rec VALUES (?) ON CONFLICT DO NOTHING", id);
		else
			rc = add(u, "INSERT INTO back_rec VALUES (?) ON CONFLICT DO NOTHING", id);
		if (!rc)
			rc = add(u, "INSERT INTO touched VALUES (?) ON CONFLICT DO NOTHING", id);
	}
	return rc;
}

static int list_shared(struct hub_undo *u, struct hub_str shared)
{
	int64_t last = 0, id;
	unsigned kind;
	int rc = HUB_OK;

	while (!rc && hub_ids_next(&shared, &last, &id, &kind) > 0) {
		if (kind == HUB_TOUCH_SAME)
			continue;
		rc = add(u,
			 kind == HUB_TOUCH_NEW
			     ? "INSERT INTO gone_shared VALUES (?) ON CONFLICT DO NOTHING"
			     : "INSERT INTO back_shared VALUES (?) ON CONFLICT DO NOTHING",
			 id + HUB_SHARED_BASE);
		if (!rc)
			rc = add(u, "INSERT INTO touched_shared VALUES (?) ON CONFLICT DO NOTHING",
				 id + HUB_SHARED_BASE);
	}
	return rc;
}

static int read_ledger(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc =
	    hub_db_query(u->db, &q, u->err,
			 "SELECT seen, shared, undone FROM chunk WHERE run_id = ?", "i", u->run);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		if ((rc = list_seen(u, hub_db_str(q, 0), hub_db_int(q, 2) != 0)) ||
		    (rc = list_shared(u, hub_db_str(q, 1))))
			return rc;
	return rc == HUB_END ? HUB_OK : rc;
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

/* Changed since by a later run. */
static int later_changes(struct hub_undo *u)
{
	static const char *const sql[] = {
	    "INSERT INTO stay_rec SELECT g.id FROM gone_rec g JOIN record r ON r.id = g.id"
	    " WHERE r.run_id > ? ON CONFLICT DO NOTHING",
	    "INSERT INTO stay_rec SELECT g.id FROM back_rec g JOIN record r ON r.id = g.id"
	    " WHERE r.run_id > ? ON CONFLICT DO NOTHING",
	    "INSERT INTO stay_rec SELECT g.id FROM back_left g JOIN record r ON r.id = g.id"
	    " WHERE r.run_id > ? ON CONFLICT DO NOTHING",
	    "INSERT INTO stay_shared SELECT g.id FROM touched_shared g JOIN history h"
	    " ON h.row_id = g.id WHERE h.entity <> '' AND h.undone = 0 AND h.run_id > ?"
	    " ON CONFLICT DO NOTHING",
	};
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < HUB_COUNT(sql); i++)
		rc = hub_db_run(u->db, u->err, sql[i], "i", u->run);
	return rc;
}

/* Shared rows among those of a record's refs. */
static int stay_refs(struct hub_undo *u, struct hub_str refs)
{
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;
	int rc = HUB_OK;

	while (!rc && hub_ids_next(&refs, &last, &id, &kind) > 0)
		rc = add(u,
			 "INSERT INTO stay_shared SELECT id FROM touched_shared"
			 " WHERE id = ? ON CONFLICT DO NOTHING",
			 id);
	return rc;
}

/* A record of a later run that speaks of a row says what stands in it now. */
static int later_words(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(u->db, &q, u->err,
			      "SELECT refs FROM record WHERE run_id > ? AND refs IS NOT NULL", "i",
			      u->run);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		rc = stay_refs(u, hub_db_str(q, 0));
	return rc == HUB_END ? HUB_OK : rc;
}

/* Changed by somebody, not by a run: the hash is not the one that the run left. */
static int touched_records(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(u->db, &q, u->err, "SELECT id FROM back_rec", "");
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);

		hub_arena_reset(u->tmp);
		rc = hub_undo_untouched(u, id);
		if (rc < 0)
			return rc;
		rc = rc ? HUB_OK
			: add(u, "INSERT INTO stay_rec VALUES (?) ON CONFLICT DO NOTHING", id);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int touched_rows(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(u->db, &q, u->err,
			      "SELECT entity, row_id, hash_after FROM history WHERE run_id = ?"
			      " AND row_id IN (SELECT id FROM back_shared)"
			      " AND entity <> ? AND undone = 0",
			      "it", u->run, HUB_HISTORY_LATEST);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK) {
		const struct hub_entity_table *t = hub_undo_table(u, hub_db_str(q, 0));
		const int64_t id = hub_db_int(q, 1);

		hub_arena_reset(u->tmp);
		rc = t ? hub_undo_row_untouched(u, t, id, hub_db_str(q, 2)) : 0;
		if (rc < 0)
			return rc;
		rc = rc ? HUB_OK
			: add(u, "INSERT INTO stay_shared VALUES (?) ON CONFLICT DO NOTHING", id);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* Rows of a table that are not about to go or to be put back. Wants: base, base, run, entity. */
#define LIVE_ROW                                                                           \
	" AND NOT (a.id < ? AND EXISTS (SELECT 1 FROM gone_rec x WHERE x.id = a.id >> 8))" \
	" AND NOT (a.id < ? AND EXISTS (SELECT 1 FROM back_rec x WHERE x.id = a.id >> 8))" \
	" AND NOT EXISTS (SELECT 1 FROM gone_shared x WHERE x.id = a.id)"                  \
	" AND NOT EXISTS (SELECT 1 FROM history h WHERE h.run_id = ? AND h.entity = ?"     \
	" AND h.row_id = a.id AND EXISTS (SELECT 1 FROM back_shared x WHERE x.id = a.id))" \
	" ON CONFLICT DO NOTHING"

static int column_refs(struct hub_undo *u, const struct hub_entity_table *t, const char *column)
{
	const int64_t base = HUB_SHARED_BASE;
	char sql[2048];

	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_shared SELECT DISTINCT a.\"%s\" FROM %s a"
		 " WHERE a.\"%s\" IN (SELECT id FROM gone_shared)" LIVE_ROW,
		 column, t->name.ptr, column);
	int rc = hub_db_run(u->db, u->err, sql, "iiit", base, base, u->run, t->entity->name);
	if (rc)
		return rc;
	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_rec SELECT DISTINCT a.\"%s\" >> 8 FROM %s a"
		 " WHERE a.\"%s\" < ? AND a.\"%s\" >> 8 IN (SELECT id FROM gone_rec)" LIVE_ROW,
		 column, t->name.ptr, column, column);
	return hub_db_run(u->db, u->err, sql, "iiiit", base, base, base, u->run, t->entity->name);
}

static int row_refs(struct hub_undo *u)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < u->s->tables->n; i++) {
		const struct hub_entity_table *t = &u->s->tables->table[i];
		for (uint32_t f = 0; !rc && f < t->entity->count; f++)
			if (t->entity->fields[f].type == HUB_F_REF)
				rc = column_refs(u, t, t->entity->fields[f].column.ptr);
	}
	return rc;
}

/* What people said about a row since: corrections of its text, links between persons. */
static int people_refs(struct hub_undo *u)
{
	static const char since[] =
	    " AND at >= (SELECT begun_at FROM run WHERE id = ?) ON CONFLICT DO NOTHING";
	static const char linked[] =
	    "(SELECT a AS p FROM person_link WHERE state = 1 AND run_id IS NULL"
	    " UNION SELECT b FROM person_link"
	    " WHERE state = 1 AND run_id IS NULL) AS l";
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
		 linked);
	if (!rc)
		rc = hub_db_run(u->db, u->err, sql, "");
	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_rec SELECT p >> 8 FROM %s WHERE p < ?"
		 " AND p >> 8 IN (SELECT id FROM gone_rec) ON CONFLICT DO NOTHING",
		 linked);
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
		snprintf(sql, sizeof sql,
			 "INSERT INTO stay_rec SELECT a.record_id FROM stay_shared k JOIN %s a"
			 " ON a.id = k.id WHERE a.record_id IN (SELECT id FROM gone_rec)"
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

	int rc = hub_db_query(u->db, &q, u->err,
			      "SELECT r.refs FROM stay_rec k JOIN record r ON r.id = k.id"
			      " WHERE r.refs IS NOT NULL",
			      "");
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		rc = stay_refs(u, hub_db_str(q, 0));
	return rc == HUB_END ? HUB_OK : rc;
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
	return rc;
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
	    (rc = later_changes(u)) || (rc = later_words(u)) || (rc = people_refs(u)) ||
	    (rc = exec(u, settle)) || (rc = touched_records(u)) || (rc = touched_rows(u)))
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
