/* tsunagi undo RUN. Itself a run, in transactions of one ledger chunk; stopped in the middle, the same
 * call goes on. */
#include "store/undo.h"

#include "base/clock.h"
#include "base/json.h"
#include "store/link.h"

#include <unistd.h>

const struct hub_entity_table *hub_undo_table(struct hub_undo *u, struct hub_str entity)
{
	const struct hub_entity *e = hub_schema_entity(u->s->schema, entity);

	return e ? hub_tables_of(u->s->tables, e) : NULL;
}

/* --- records ---------------------------------------------------------------------------------- */

/* Records with numbers side by side, as a load gives them out. */
static int remove_records(struct hub_undo *u, int64_t first, int64_t last)
{
	const int64_t per = HUB_ROWS_PER_RECORD;
	int rc = HUB_OK;

	for (uint32_t t = 0; !rc && t < u->s->tables->n; t++) {
		char sql[160];
		snprintf(sql, sizeof sql, "DELETE FROM %s WHERE id BETWEEN ? AND ?",
			 u->s->tables->table[t].name.ptr);
		rc = hub_db_run(u->db, u->err, sql, "ii", first * per, last * per + per - 1);
	}
	if (!rc)
		rc = hub_db_run(u->db, u->err, "DELETE FROM record WHERE id BETWEEN ? AND ?", "ii",
				first, last);
	u->removed += rc ? 0 : (uint64_t)(last - first + 1);
	return rc;
}

/* Those of gone_rec between two numbers. */
static int remove_between(struct hub_undo *u, int64_t from, int64_t to)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t first = 0, last = 0;

	int rc = hub_db_query(u->db, &q, u->err,
			      "SELECT id FROM gone_rec WHERE id BETWEEN ? AND ? ORDER BY id", "ii",
			      from, to);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);

		if (first && id != last + 1) {
			rc = remove_records(u, first, last);
			first = 0;
		}
		first = first ? first : id;
		last = id;
	}
	if (rc != HUB_END)
		return rc;
	return first ? remove_records(u, first, last) : HUB_OK;
}

/* Those that are in back_rec, of up to HUB_RANGES records. */
static int restore_some(struct hub_undo *u, const int64_t *id, uint32_t n)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t back[HUB_RANGES];
	uint32_t found = 0;

	int rc = n ? hub_undo_ask(u, "SELECT id FROM back_rec WHERE id", "", id, n, &q) : HUB_END;
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK && found < HUB_RANGES)
		back[found++] = hub_db_int(q, 0);
	if (rc < 0)
		return rc;
	return found ? hub_undo_restore(u, back, found) : HUB_OK;
}

static int undo_seen(struct hub_undo *u, struct hub_str seen)
{
	int64_t last = 0, id, from = 0, to = 0, changed[HUB_RANGES];
	uint32_t n = 0;
	unsigned kind;
	int rc = HUB_OK;

	while (!rc && hub_ids_next(&seen, &last, &id, &kind) > 0) {
		if (kind == HUB_SEEN_NEW) {
			from = from && from < id ? from : id;
			to = to > id ? to : id;
		} else if (kind == HUB_SEEN_CHANGED) {
			changed[n++] = id;
		}
		if (n == HUB_RANGES) {
			rc = restore_some(u, changed, n);
			n = 0;
		}
	}
	if (!rc)
		rc = restore_some(u, changed, n);
	return rc || !from ? rc : remove_between(u, from, to);
}

/* How far it has come: kept with each chunk, so that an undo that was stopped ends with the same sum. */
static int write_numbers(struct hub_undo *u)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 4096);
	hub_buf_putc(&b, '{');
	hub_json_int(&b, "removed", (int64_t)u->removed);
	hub_json_int(&b, "restored", (int64_t)u->restored);
	hub_json_int(&b, "shared_removed", (int64_t)u->shared_removed);
	hub_json_int(&b, "shared_restored", (int64_t)u->shared_restored);
	hub_json_int(&b, "revived", (int64_t)u->revived);
	hub_json_int(&b, "conflicts", (int64_t)u->conflicts);
	hub_buf_putc(&b, '}');
	if (!hub_buf_ok(&b))
		return hub_fail_mem(u->err);
	const int rc = hub_db_run(u->db, u->err, "UPDATE run SET counts = ? WHERE id = ?", "ti",
				  hub_buf_text(&b), u->undo_run);
	return rc ? rc : hub_store_touch(u->db, u->err);
}

static int read_numbers(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	json_error_t e;

	int rc = hub_db_query(u->db, &q, u->err,
			      "SELECT counts FROM run WHERE id = ? AND counts IS NOT NULL", "i",
			      u->undo_run);
	if (!rc)
		rc = hub_db_next(q, u->err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	const struct hub_str text = hub_db_str(q, 0);
	json_t *o = hub_json_read(text, 0, &e);
	if (!o)
		return errno == ENOMEM ? hub_fail_mem(u->err)
				       : hub_fail(u->err, HUB_INTEGRITY, "run-counts",
						  "the stored counts of a run cannot be read");
	u->removed = (uint64_t)hub_json_number(o, "removed");
	u->restored = (uint64_t)hub_json_number(o, "restored");
	json_decref(o);
	return HUB_OK;
}

/* Latest chunk that is not undone yet; HUB_END when there is none. */
static int last_chunk(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(u->db, &q, u->err,
			      "SELECT seq, seen FROM chunk WHERE run_id = ? AND undone = 0"
			      " ORDER BY seq DESC LIMIT 1",
			      "i", u->run);
	if (!rc)
		rc = hub_db_next(q, u->err);
	if (!rc)
		rc = undo_seen(u, hub_db_str(q, 1));
	if (!rc)
		rc = hub_db_run(u->db, u->err,
				"UPDATE chunk SET undone = 1 WHERE run_id = ? AND seq = ?", "ii",
				u->run, hub_db_int(q, 0));
	return rc ? rc : write_numbers(u);
}

static int undo_chunk(struct hub_undo *u)
{
	int rc = hub_db_begin(u->db, u->err);

	if (rc)
		return rc;
	rc = last_chunk(u);
	hub_crash_point("undo-chunk");
	return hub_db_end(u->db, rc, u->err);
}

/* --- shared rows ------------------------------------------------------------------------------ */

static int restore_shared(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_walk(u->db, &q, u->err,
			     "SELECT entity, row_id, op, before FROM history WHERE run_id = ?"
			     " AND row_id IN (SELECT id FROM back_shared) AND entity <> ?"
			     " AND undone = 0 ORDER BY entity, row_id",
			     "it", u->run, HUB_HISTORY_LATEST);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK) {
		const struct hub_entity_table *t = hub_undo_table(u, hub_db_str(q, 0));

		if (t)
			rc = hub_undo_put(u, t, hub_db_int(q, 1), hub_db_int(q, 2),
					  hub_db_str(q, 3));
		u->shared_restored += t && !rc;
	}
	return rc == HUB_END ? hub_undo_flush(u) : rc;
}

/* What decided about rows of `shared = latest(...)`, unless a later run has decided again. */
static int restore_latest(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_run(
	    u->db, u->err, "DELETE FROM shared_latest WHERE row_id IN (SELECT id FROM gone_shared)",
	    "");
	if (!rc)
		rc = hub_db_query(
		    u->db, &q, u->err,
		    "SELECT row_id, before FROM history h WHERE run_id = ? AND entity = ?"
		    " AND undone = 0 AND row_id NOT IN (SELECT id FROM stay_shared)"
		    " AND NOT EXISTS (SELECT 1 FROM history l WHERE l.entity = h.entity"
		    " AND l.row_id = h.row_id AND l.run_id > h.run_id AND l.undone = 0)",
		    "it", u->run, HUB_HISTORY_LATEST);
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK) {
		const struct hub_str was = hub_db_str(q, 1);
		rc = hub_db_run(u->db, u->err,
				"INSERT INTO shared_latest (row_id, value) VALUES (?, ?)"
				" ON CONFLICT (row_id) DO UPDATE SET value = excluded.value",
				"it", hub_db_int(q, 0), was);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* What left about people who go is found by their key, when they come again. */
static int keep_gone(struct hub_undo *u)
{
	return hub_db_run(
	    u->db, u->err,
	    "INSERT INTO gone_person (row_id, system_id, key) SELECT p.id, p.system_id, p.key FROM"
	    " gone_shared g CROSS JOIN cc_person p WHERE p.id = g.id AND p.key IS NOT NULL AND"
	    " (EXISTS (SELECT 1 FROM release_item i WHERE i.person_id = p.id) OR EXISTS (SELECT 1"
	    " FROM release_other o WHERE o.person_id = p.id)) ON CONFLICT DO NOTHING",
	    "");
}

static int remove_shared(struct hub_undo *u)
{
	int rc = keep_gone(u);

	for (uint32_t i = 0; !rc && i < u->s->tables->n; i++) {
		const struct hub_entity_table *t = &u->s->tables->table[i];
		char sql[160];

		if (!t->entity->identified)
			continue;
		snprintf(sql, sizeof sql, "DELETE FROM %s WHERE id IN (SELECT id FROM gone_shared)",
			 t->name.ptr);
		rc = hub_db_run(u->db, u->err, sql, "");
		u->shared_removed += rc ? 0 : (uint64_t)u->db->ops->changes(u->db);
	}
	return rc;
}

/* --- the rest --------------------------------------------------------------------------------- */

static int end_links(struct hub_undo *u)
{
	int rc = hub_db_run(u->db, u->err,
			    "UPDATE person_link SET state = 2, ended_by = 'undo', ended_at = ?"
			    " WHERE run_id = ? AND state = 1",
			    "ii", hub_now(), u->run);
	u->links = rc ? 0 : (uint64_t)u->db->ops->changes(u->db);
	if (!rc)
		rc = hub_db_run(u->db, u->err,
				"DELETE FROM link_candidate WHERE run_id = ? AND state = 1", "i",
				u->run);
	if (!rc)
		rc = hub_db_run(u->db, u->err,
				"UPDATE reject SET status = 2 WHERE run_id = ? AND status = 0", "i",
				u->run);
	/* rejects that this run had solved wait again */
	if (!rc)
		rc =
		    hub_db_run(u->db, u->err,
			       "UPDATE reject SET status = 0, solved_by = NULL WHERE solved_by = ?",
			       "i", u->run);
	return rc ? rc : hub_links_settle(u->s, u->err);
}

/* What the run left unsettled is as it was; what it had settled waits again. */
static int unsettle(struct hub_undo *u)
{
	const int rc =
	    hub_db_run(u->db, u->err, "DELETE FROM unsettled WHERE run_id = ?", "i", u->run);

	return rc ? rc
		  : hub_db_run(u->db, u->err,
			       "UPDATE unsettled SET settled_run = NULL WHERE settled_run = ?", "i",
			       u->run);
}

/* Records that the mapping of the run had left, with their rows. */
static int restore_left(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int64_t id[HUB_RANGES];
	uint32_t n = 0;

	int rc = hub_db_query(u->db, &q, u->err, "SELECT id FROM back_left", "");
	while (!rc && (rc = hub_db_next(q, u->err)) == HUB_OK) {
		id[n++] = hub_db_int(q, 0);
		if (n < HUB_RANGES)
			continue;
		rc = hub_undo_restore(u, id, n);
		n = 0;
	}
	if (rc != HUB_END)
		return rc;
	return n ? hub_undo_restore(u, id, n) : HUB_OK;
}

/* Records that the run ended, unless a later one still holds them ended. */
static int revive(struct hub_undo *u)
{
	const int rc = hub_db_run(
	    u->db, u->err,
	    "UPDATE record SET state = 0 WHERE state = 1 AND id IN"
	    " (SELECT record_id FROM vanished WHERE run_id = ? EXCEPT SELECT v.record_id"
	    " FROM vanished v JOIN run r ON r.id = v.run_id WHERE v.run_id > ? AND r.state <> 5)",
	    "ii", u->run, u->run);
	u->revived = rc ? 0 : (uint64_t)u->db->ops->changes(u->db);
	return rc;
}

/* Shared rows, links and the books, in one last transaction. */
static int finish(struct hub_undo *u)
{
	int rc = hub_db_begin(u->db, u->err);

	if (rc)
		return rc;
	if (!(rc = restore_shared(u)) && !(rc = restore_latest(u)) && !(rc = remove_shared(u)) &&
	    !(rc = restore_left(u)) && !(rc = revive(u)) && !(rc = end_links(u)) &&
	    !(rc = unsettle(u)) &&
	    !(rc = hub_db_run(u->db, u->err, "UPDATE history SET undone = 1 WHERE run_id = ?", "i",
			      u->run)) &&
	    !(rc = hub_db_run(u->db, u->err, "UPDATE run SET state = 5, undone_by = ? WHERE id = ?",
			      "ii", u->undo_run, u->run)) &&
	    !(rc = hub_run_seal(u->db, u->run, u->err)) && !(rc = write_numbers(u)) &&
	    !(rc = hub_db_run(u->db, u->err, "UPDATE run SET state = 2, ended_at = ? WHERE id = ?",
			      "ii", hub_now(), u->undo_run)))
		rc = hub_run_seal(u->db, u->undo_run, u->err);
	hub_crash_point("undo-finish");
	return hub_db_end(u->db, rc, u->err);
}

/* --- begin ------------------------------------------------------------------------------------ */

static int refuse(struct hub_undo *u, const char *why)
{
	return hub_fail(u->err, HUB_REFUSED, "cannot-undo", why, (long long)u->run);
}

/* Rejects of the run that were corrected came in by a run of their own, beside its records: taken back before it, they go
 * with it; after it, they hold what they refer to for good. */
static int check_reloads(struct hub_undo *u)
{
	int64_t reload = 0;
	int rc = hub_db_one(u->db, &reload, u->err,
			    "SELECT coalesce(max(solved_by), 0) FROM reject WHERE run_id = ?", "i",
			    u->run);

	if (rc || !reload)
		return rc;
	rc = hub_fail(u->err, HUB_REFUSED, "cannot-undo",
		      "run %lld loaded corrected records of run %lld", (long long)reload,
		      (long long)u->run);
	hub_hint(u->err, "Take run %lld back first, then this one: nothing stays behind.",
		 (long long)reload);
	return rc;
}

/* HUB_END: it is undone already. */
static int check_run(struct hub_undo *u)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(
	    u->db, &q, u->err,
	    "SELECT state, kind, lookup, feed_id, undone_by FROM run WHERE id = ?", "i", u->run);
	if (!rc)
		rc = hub_db_next(q, u->err);
	if (rc == HUB_END) {
		rc = hub_fail(u->err, HUB_USAGE, "no-such-run", "there is no run %lld",
			      (long long)u->run);
		hub_hint(u->err, "tsunagi runs lists them.");
	}
	if (rc)
		return rc;
	u->feed = hub_db_int(q, 3);
	if (hub_db_int(q, 0) == HUB_RUN_UNDONE) {
		hub_buf_printf(
		    u->report,
		    hub_tr("run %lld is taken back already (by run %lld): nothing to do\n"),
		    (long long)u->run, (long long)hub_db_int(q, 4));
		return hub_buf_ok(u->report) ? HUB_END : hub_fail_mem(u->err);
	}
	if (hub_str_is(hub_db_str(q, 1), "undo"))
		return refuse(u, HUB_N("run %lld is an undo: load the file again instead"));
	if (hub_db_int(q, 2)) {
		rc = refuse(
		    u, HUB_N("run %lld only looked up a registry, of which no history is kept"));
		hub_hint(u->err, "Load the file before it again.");
		return rc;
	}
	rc = check_reloads(u);
	return rc ? rc : hub_run_seal_check(u->db, u->run, u->err);
}

static int begin_undo(struct hub_undo *u, struct hub_str actor)
{
	int rc = hub_db_begin(u->db, u->err);

	if (rc)
		return rc;
	rc = hub_db_one(u->db, &u->undo_run, u->err,
			"SELECT id FROM run WHERE kind = 'undo' AND undoes = ? AND state = 1", "i",
			u->run);
	if (rc == HUB_END) {
		rc = hub_db_run(
		    u->db, u->err,
		    "INSERT INTO run (id, kind, feed_id, system_id, input, actor, state, pid,"
		    " begun_at, undoes) SELECT " HUB_NEXT_ID(
			"run") ", 'undo', feed_id, system_id, input, ?, 1, ?, ?, id"
			       " FROM run WHERE id = ?",
		    "tiii", actor, (int64_t)getpid(), hub_now(), u->run);
		if (!rc)
			rc = hub_db_one(u->db, &u->undo_run, u->err, "SELECT max(id) FROM run", "");
	}
	if (!rc)
		rc = read_numbers(u);
	return hub_db_end(u->db, rc, u->err);
}

static int undo_all(struct hub_undo *u, struct hub_str actor)
{
	int rc;

	/* what refers to the run's rows is looked for on one state of the store; others may write meanwhile */
	if ((rc = hub_db_key(u->db, NULL, u->err)) || (rc = begin_undo(u, actor)) ||
	    (rc = u->db->ops->begin(u->db, HUB_DB_READ, u->err)))
		return rc;
	if ((rc = hub_db_end(u->db, hub_undo_plan(u), u->err)))
		return rc;
	while ((rc = undo_chunk(u)) == HUB_OK)
		;
	if (rc != HUB_END)
		return rc;
	if ((rc = finish(u)) || (rc = u->db->ops->sync(u->db, u->err)))
		return rc;
	return hub_undo_report(u);
}

int hub_run_undo_plan(struct hub_store *s, int64_t run, struct hub_buf *out, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *tmp = hub_arena_new(0);
	struct hub_undo u = {
	    .s = s, .db = s->db, .err = err, .tmp = tmp, .run = run, .report = out};
	int rc;

	if (!tmp)
		return hub_fail_mem(err);
	if ((rc = check_run(&u)) || (rc = s->db->ops->begin(s->db, HUB_DB_READ, err)))
		return rc == HUB_END ? HUB_OK : rc;
	if (!(rc = hub_undo_plan(&u)))
		rc = hub_undo_report_plan(&u);
	s->db->ops->rollback(s->db);
	return rc;
}

int hub_run_undo(struct hub_store *s, int64_t run, struct hub_str actor, struct hub_buf *out,
		 struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *tmp = hub_arena_new(0);
	struct hub_undo u = {
	    .s = s, .db = s->db, .err = err, .tmp = tmp, .run = run, .report = out};
	int rc;

	if (!tmp)
		return hub_fail_mem(err);
	if ((rc = check_run(&u)))
		return rc == HUB_END ? HUB_OK : rc;
	if ((rc = s->db->ops->lock(s->db, u.feed, err))) {
		if (rc == HUB_LOCKED)
			hub_hint(err, "Wait until the other run has ended, then start again.");
		return rc;
	}
	rc = undo_all(&u, actor);
	s->db->ops->unlock(s->db, u.feed);
	return rc;
}
