/* What of a run can be taken back: rows it made that nothing else refers to, rows it changed that are
 * still as it left them. What has to stay makes others stay, so it goes in rounds until nothing moves. */
#include "store/undo.h"

static int exec(struct hub_undo *u, const char *sql)
{
	return u->db->ops->exec(u->db, sql, u->err);
}

static int add(struct hub_undo *u, const char *sql, int64_t id)
{
	return hub_db_run(u->db, u->err, sql, "i", id);
}

static int list_seen(struct hub_undo *u, struct hub_str seen)
{
	int64_t last = 0, id;
	unsigned kind;
	int rc = HUB_OK;

	while (!rc && hub_ids_next(&seen, &last, &id, &kind) > 0) {
		if (kind == HUB_SEEN_NEW)
			rc = add(u, "INSERT INTO gone_rec VALUES (?) ON CONFLICT DO NOTHING", id);
		else if (kind == HUB_SEEN_CHANGED)
			rc = add(u, "INSERT INTO back_rec VALUES (?) ON CONFLICT DO NOTHING", id);
		if (!rc && (kind == HUB_SEEN_NEW || kind == HUB_SEEN_CHANGED))
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
		if (kind == HUB_TOUCH_NEW)
			rc = add(u, "INSERT INTO gone_shared VALUES (?) ON CONFLICT DO NOTHING",
				 id + HUB_SHARED_BASE);
		if (!rc && kind != HUB_TOUCH_SAME)
			rc = add(u, "INSERT INTO touched_shared VALUES (?) ON CONFLICT DO NOTHING",
				 id + HUB_SHARED_BASE);
	}
	return rc;
}

static int read_ledger(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(u->db, &q, u->err, "SELECT seen, shared FROM chunk WHERE run_id = ?",
			      "i", u->run);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		if ((rc = list_seen(u, hub_db_str(q, 0))) ||
		    (rc = list_shared(u, hub_db_str(q, 1))))
			return rc;
	return rc == HUB_END ? HUB_OK : rc;
}

/* Changed since by a later run: stays. */
static int later_changes(struct hub_undo *u)
{
	static const char *const sql[] = {
	    "INSERT INTO stay_rec SELECT g.id FROM gone_rec g JOIN record r ON r.id = g.id"
	    " WHERE r.run_id <> ? ON CONFLICT DO NOTHING",
	    "INSERT INTO stay_rec SELECT g.id FROM back_rec g JOIN record r ON r.id = g.id"
	    " WHERE r.run_id <> ? ON CONFLICT DO NOTHING",
	    "INSERT INTO stay_shared SELECT g.id FROM gone_shared g JOIN history h"
	    " ON h.row_id = g.id WHERE h.entity <> '' AND h.undone = 0 AND h.run_id > ?"
	    " ON CONFLICT DO NOTHING",
	};
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < HUB_COUNT(sql); i++)
		rc = hub_db_run(u->db, u->err, sql[i], "i", u->run);
	return rc;
}

/* Rows of a table that are not about to go or to be put back. */
#define LIVE_ROW                                                                                 \
	" AND NOT (a.id < 1099511627776 AND EXISTS (SELECT 1 FROM gone_rec x WHERE x.id = a.id " \
	">> 8))"                                                                                 \
	" AND NOT (a.id < 1099511627776 AND EXISTS (SELECT 1 FROM back_rec x WHERE x.id = a.id " \
	">> 8))"                                                                                 \
	" AND NOT EXISTS (SELECT 1 FROM gone_shared x WHERE x.id = a.id)"                        \
	" AND NOT EXISTS (SELECT 1 FROM history h WHERE h.run_id = ? AND h.entity = ? AND "      \
	"h.row_id = a.id"                                                                        \
	" AND NOT EXISTS (SELECT 1 FROM history l WHERE l.entity = h.entity AND l.row_id = "     \
	"h.row_id"                                                                               \
	" AND l.run_id > h.run_id AND l.undone = 0)) ON CONFLICT DO NOTHING"

static int column_refs(struct hub_undo *u, const struct hub_table *t, const char *column)
{
	char sql[2048];

	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_shared SELECT DISTINCT a.\"%s\" FROM %s a"
		 " WHERE a.\"%s\" IN (SELECT id FROM gone_shared)" LIVE_ROW,
		 column, t->name.ptr, column);
	int rc = hub_db_run(u->db, u->err, sql, "it", u->run, t->entity->name);
	if (rc)
		return rc;
	snprintf(sql, sizeof sql,
		 "INSERT INTO stay_rec SELECT DISTINCT a.\"%s\" >> 8 FROM %s a"
		 " WHERE a.\"%s\" < 1099511627776 AND a.\"%s\" >> 8 IN (SELECT id FROM "
		 "gone_rec)" LIVE_ROW,
		 column, t->name.ptr, column, column);
	return hub_db_run(u->db, u->err, sql, "it", u->run, t->entity->name);
}

static int row_refs(struct hub_undo *u)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < u->s->tables->n; i++) {
		const struct hub_table *t = &u->s->tables->table[i];
		for (uint32_t f = 0; !rc && f < t->entity->count; f++)
			if (t->entity->fields[f].type == HUB_F_REF)
				rc = column_refs(u, t, t->entity->fields[f].column.ptr);
	}
	return rc;
}

/* What people said about a row: corrections of its text, links between persons. */
static int people_refs(struct hub_undo *u)
{
	static const char sql[] =
	    "INSERT INTO stay_rec SELECT row_id >> 8 FROM correction"
	    " WHERE ended_at IS NULL AND row_id < 1099511627776"
	    " AND row_id >> 8 IN (SELECT id FROM touched) ON CONFLICT DO NOTHING;"
	    "INSERT INTO stay_shared SELECT row_id FROM correction"
	    " WHERE ended_at IS NULL AND row_id IN (SELECT id FROM touched_shared) ON CONFLICT DO "
	    "NOTHING;"
	    "INSERT INTO stay_shared SELECT p FROM (SELECT a AS p FROM person_link"
	    " WHERE state = 1 AND run_id IS NULL UNION SELECT b FROM person_link"
	    " WHERE state = 1 AND run_id IS NULL) WHERE p IN (SELECT id FROM gone_shared)"
	    " ON CONFLICT DO NOTHING;"
	    "INSERT INTO stay_rec SELECT p >> 8 FROM (SELECT a AS p FROM person_link"
	    " WHERE state = 1 AND run_id IS NULL UNION SELECT b FROM person_link"
	    " WHERE state = 1 AND run_id IS NULL) WHERE p < 1099511627776"
	    " AND p >> 8 IN (SELECT id FROM gone_rec) ON CONFLICT DO NOTHING;";

	return exec(u, sql);
}

/* A shared row that stays keeps the record that describes it. */
static int keep_describers(struct hub_undo *u)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < u->s->tables->n; i++) {
		const struct hub_table *t = &u->s->tables->table[i];
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
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK) {
		struct hub_str refs = hub_db_str(q, 0);
		int64_t last = HUB_SHARED_BASE, id;
		unsigned kind;

		while (!rc && hub_ids_next(&refs, &last, &id, &kind) > 0)
			rc = add(u,
				 "INSERT INTO stay_shared SELECT id FROM gone_shared"
				 " WHERE id = ? ON CONFLICT DO NOTHING",
				 id);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int count_stay(struct hub_undo *u, int64_t *n)
{
	return hub_db_one(
	    u->db, n, u->err,
	    "SELECT (SELECT count(*) FROM stay_rec) + (SELECT count(*) FROM stay_shared)", "");
}

int hub_undo_plan(struct hub_undo *u)
{
	static const char tables[] =
	    "CREATE TEMP TABLE IF NOT EXISTS gone_rec (id INTEGER PRIMARY KEY);"
	    "CREATE TEMP TABLE IF NOT EXISTS gone_shared (id INTEGER PRIMARY KEY);"
	    "CREATE TEMP TABLE IF NOT EXISTS back_rec (id INTEGER PRIMARY KEY);"
	    "CREATE TEMP TABLE IF NOT EXISTS stay_rec (id INTEGER PRIMARY KEY);"
	    "CREATE TEMP TABLE IF NOT EXISTS stay_shared (id INTEGER PRIMARY KEY);"
	    "CREATE TEMP TABLE IF NOT EXISTS touched (id INTEGER PRIMARY KEY);"
	    "CREATE TEMP TABLE IF NOT EXISTS touched_shared (id INTEGER PRIMARY KEY);"
	    "DELETE FROM gone_rec; DELETE FROM gone_shared; DELETE FROM back_rec; DELETE FROM "
	    "stay_rec;"
	    "DELETE FROM stay_shared; DELETE FROM touched; DELETE FROM touched_shared;";
	static const char settle[] =
	    "DELETE FROM gone_rec WHERE id IN (SELECT id FROM stay_rec);"
	    "DELETE FROM back_rec WHERE id IN (SELECT id FROM stay_rec);"
	    "DELETE FROM gone_shared WHERE id IN (SELECT id FROM stay_shared);";
	int64_t before = -1, now = 0;
	int rc;

	if ((rc = exec(u, tables)) || (rc = read_ledger(u)) || (rc = later_changes(u)) ||
	    (rc = people_refs(u)))
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
