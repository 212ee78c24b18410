/* What an undo did, or would do: numbers, conflicts, releases that contained its rows. */
#include "store/undo.h"

#include "base/clock.h"

enum { MOST_SHOWN = 50 };

/* Releases that contained rows of an entity, by the index of what was released. */
static int list_given(struct hub_undo *u, const struct hub_entity *e)
{
	return e->identified
		   ? hub_db_run(
			 u->db, u->err,
			 "INSERT INTO given SELECT DISTINCT i.release_id FROM touched_shared g"
			 " CROSS JOIN release_item i WHERE i.entity = ? AND i.row_id = g.id"
			 " ON CONFLICT DO NOTHING",
			 "t", e->name)
		   : hub_db_run(u->db, u->err,
				"INSERT INTO given SELECT DISTINCT i.release_id FROM touched g"
				" CROSS JOIN release_item i WHERE i.entity = ?"
				" AND i.row_id >= g.id * ? AND i.row_id < (g.id + 1) * ?"
				" ON CONFLICT DO NOTHING",
				"tii", e->name, (int64_t)HUB_ROWS_PER_RECORD,
				(int64_t)HUB_ROWS_PER_RECORD);
}

static int report_releases(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = u->db->ops->exec(u->db,
				  "CREATE TEMP TABLE IF NOT EXISTS given (id INTEGER PRIMARY KEY);"
				  "DELETE FROM given;",
				  u->err);

	for (uint32_t i = 0; !rc && i < u->s->tables->n; i++)
		rc = list_given(u, u->s->tables->table[i].entity);
	if (!rc)
		rc = hub_db_query(u->db, &q, u->err,
				  "SELECT r.id, r.recipient, r.at FROM given g CROSS JOIN release r"
				  " WHERE r.id = g.id ORDER BY r.id",
				  "");
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK) {
		char at[26];
		hub_time_jst(hub_db_int(q, 2), at);
		const struct hub_str who = hub_db_str(q, 1);
		hub_buf_printf(u->report,
			       hub_tr("release %lld to \"%.*s\" of %s contained its rows\n"),
			       (long long)hub_db_int(q, 0), HUB_FMT(who), at);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* The conflicts by place: records where they stand in their source, shared rows by entity and id. */
static int report_records(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(u->db, &q, u->err,
			      "SELECT r.id, r.row, r.line, r.run_id FROM stay_rec k JOIN record r"
			      " ON r.id = k.id ORDER BY r.id LIMIT ?",
			      "i", (int64_t)MOST_SHOWN);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		hub_buf_printf(u->report,
			       hub_tr("  record %lld (row %lld, line %lld; last written by run "
				      "%lld)\n"),
			       (long long)hub_db_int(q, 0), (long long)hub_db_int(q, 1),
			       (long long)hub_db_int(q, 2), (long long)hub_db_int(q, 3));
	return rc == HUB_END ? HUB_OK : rc;
}

static int report_shared(struct hub_undo *u, const struct hub_entity_table *t)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_str name = hub_tr_is_ja() ? t->entity->label : t->entity->name;
	char sql[256];

	snprintf(sql, sizeof sql,
		 "SELECT a.id FROM stay_shared k JOIN %s a ON a.id = k.id ORDER BY a.id LIMIT ?",
		 t->name.ptr);
	int rc = hub_db_query(u->db, &q, u->err, sql, "i", (int64_t)MOST_SHOWN);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK)
		hub_buf_printf(u->report, hub_tr("  %.*s %lld, shared by several records\n"),
			       HUB_FMT(name), (long long)hub_db_int(q, 0));
	return rc == HUB_END ? HUB_OK : rc;
}

static int report_rest(struct hub_undo *u)
{
	int rc = HUB_OK;

	if (u->conflicts) {
		hub_buf_printf(u->report,
			       hub_tr("rows that stay, changed or referred to since: %llu\n"),
			       (unsigned long long)u->conflicts);
		rc = report_records(u);
	}
	for (uint32_t i = 0; u->conflicts && !rc && i < u->s->tables->n; i++)
		if (u->s->tables->table[i].entity->identified)
			rc = report_shared(u, &u->s->tables->table[i]);
	if (!rc)
		rc = report_releases(u);
	return rc || hub_buf_ok(u->report) ? rc : hub_fail_mem(u->err);
}

int hub_undo_report(struct hub_undo *u)
{
	hub_buf_printf(
	    u->report,
	    hub_tr("run %lld taken back: %llu records removed, %llu restored; shared rows: "
		   "%llu removed, %llu restored; %llu links ended\n"),
	    (long long)u->run, (unsigned long long)u->removed, (unsigned long long)u->restored,
	    (unsigned long long)u->shared_removed, (unsigned long long)u->shared_restored,
	    (unsigned long long)u->links);
	return report_rest(u);
}

int hub_undo_report_plan(struct hub_undo *u)
{
	static const char *const sql[] = {
	    "SELECT count(*) FROM gone_rec", "SELECT count(*) FROM back_rec",
	    "SELECT count(*) FROM gone_shared", "SELECT count(*) FROM back_shared"};
	int64_t n[HUB_COUNT(sql)] = {0};

	for (size_t i = 0; i < HUB_COUNT(sql); i++) {
		const int rc = hub_db_one(u->db, &n[i], u->err, sql[i], "");
		if (rc)
			return rc;
	}
	hub_buf_printf(u->report,
		       hub_tr("undo of run %lld would remove %lld records and restore %lld; shared "
			      "rows: %lld removed, %lld restored\n"),
		       (long long)u->run, (long long)n[0], (long long)n[1], (long long)n[2],
		       (long long)n[3]);
	return report_rest(u);
}
