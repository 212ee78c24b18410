/* Ending a run: what vanished, what the mapping left, links, counts, state, full sync. */
#include "store/counts.h"
#include "store/link.h"
#include "store/resident.h"
#include "store/writer.h"

#include "base/clock.h"

static int vanish_one(struct hub_work *k, int64_t id, struct hub_counts *counts)
{
	const struct hub_writer *w = k->w;

	if (!w->spec.dry) {
		int rc = hub_db_run(k->db, k->err,
				    "INSERT INTO vanished (run_id, record_id) VALUES (?, ?)"
				    " ON CONFLICT DO NOTHING",
				    "ii", w->run, id);
		if (!rc && w->spec.end_vanished)
			rc = hub_db_run(k->db, k->err, "UPDATE record SET state = 1 WHERE id = ?",
					"i", id);
		if (rc)
			return rc;
	}
	return w->spec.end_vanished ? hub_unsettled_ended(k, id, counts) : HUB_OK;
}

/* Walks the records of the feed and calls them vanished that the run did not see. With k, writes it
 * down; else only counts. */
static int walk_vanished(struct hub_store *s, const struct hub_writer *w, struct hub_work *k,
			 uint64_t *total, struct hub_counts *counts, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	*total = counts->vanished = 0;
	int rc = hub_db_walk(s->db, &q, err,
			     "SELECT id FROM record WHERE feed_id = ? AND state = 0", "i", w->feed);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);
		if (hub_bits_get(&w->left, id))
			continue;
		++*total;
		if (hub_bits_get(&w->decided, id) || hub_bits_get(&w->kept, id))
			continue;
		counts->vanished++;
		if (k && (rc = vanish_one(k, id, counts)))
			return rc;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int end_full(struct hub_store *s, struct hub_writer *w, struct hub_counts *counts,
		    struct hub_err *err)
{
	struct hub_work k = {.s = s, .db = s->db, .w = w, .a = w->tmp, .err = err};
	uint64_t total;

	int rc = walk_vanished(s, w, NULL, &total, counts, err);
	if (rc)
		return rc;
	if (counts->vanished * 100 > total * (uint64_t)w->spec.vanish_limit) {
		rc = hub_fail(
		    err, HUB_REJECT, "too-many-vanished",
		    "%llu of %llu records are not in this full dump any more (limit %d %%)",
		    (unsigned long long)counts->vanished, (unsigned long long)total,
		    w->spec.vanish_limit);
		hub_hint(err, "Check that the file is complete; if it is, start again with "
			      "--vanish-limit PERCENT, or with vanish_limit in the job.");
		return rc;
	}
	return counts->vanished ? walk_vanished(s, w, &k, &total, counts, err) : HUB_OK;
}

static int write_end(struct hub_store *s, struct hub_writer *w, enum hub_run_state state,
		     const struct hub_counts *counts, struct hub_str findings, struct hub_err *err)
{
	hub_buf_reset(&w->json);
	hub_counts_json(counts, s->schema, &w->json);
	if (!hub_buf_ok(&w->json))
		return hub_fail_mem(err);
	/* an interrupted one may not have heard of its last chunk's commit: what came with it counts */
	int rc = hub_db_run(
	    s->db, err,
	    state == HUB_RUN_INTERRUPTED
		? "UPDATE run SET state = ?, ended_at = ?, counts = coalesce(counts, ?),"
		  " findings = coalesce(findings, ?) WHERE id = ?"
		: "UPDATE run SET state = ?, ended_at = ?, counts = ?, findings = ? WHERE id = ?",
	    "iitti", (int64_t)state, hub_now(), hub_buf_text(&w->json), findings, w->run);
	if (rc || (rc = hub_run_seal(s->db, w->run, err)))
		return rc;
	return hub_store_touch(s->db, err);
}

static int settle_rejects(struct hub_store *s, const struct hub_writer *w, struct hub_err *err)
{
	const struct hub_solves *v = &w->spec.solves;
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < v->n; i++)
		rc = hub_db_run(s->db, err,
				"UPDATE reject SET status = 1, solved_by = ?"
				" WHERE id = ? AND run_id = ? AND status = 0",
				"iii", w->run, v->ids[i], v->run);
	if (rc || !v->n)
		return rc;
	return hub_db_run(s->db, err,
			  "UPDATE reject SET status = 3 WHERE run_id = ? AND solved_by = ? AND"
			  " (part, row, line) IN (SELECT part, row, line FROM reject WHERE"
			  " run_id = ?)",
			  "iii", v->run, w->run, w->run);
}

static int brought_persons(const struct hub_store *s, const struct hub_counts *counts)
{
	const struct hub_entity *e = hub_schema_entity(s->schema, HUB_STR("person"));

	return e && counts->entity[e->index].inserted + counts->entity[e->index].updated > 0;
}

/* Two people lift what they knew of: with another measure that is in force their word ends, or that measure would be lifted by
 * the feed alone when its time is over. */
static int restrict_again(struct hub_store *s, const struct hub_writer *w,
			  const struct hub_counts *counts, struct hub_err *err)
{
	static const char sql[] =
	    "UPDATE protection_act SET ended_at = ?, ended_by = 'feed' WHERE what = 'clear'"
	    " AND ended_at IS NULL AND person_id IN (WITH x AS (SELECT c.person_id AS id,"
	    " ltrim(c.atena_no, '0') AS no FROM cc_protection c JOIN record r ON r.id ="
	    " c.record_id WHERE r.run_id = ? AND coalesce(c.deleted, 0) = 0"
	    " AND coalesce(c.protection_state, '') <> 'clear'), y AS (SELECT id FROM x UNION"
	    " SELECT p.id FROM x JOIN cc_person p ON ltrim(p.atena_no, '0') = x.no WHERE x.no <> "
	    "'')"
	    " SELECT id FROM y WHERE id IS NOT NULL UNION SELECT o.person_id FROM y JOIN"
	    " person_identity i ON i.person_id = y.id JOIN person_identity o ON"
	    " o.identity = i.identity)";
	const struct hub_entity *e = hub_schema_entity(s->schema, HUB_STR("protection"));

	if (!e || !(counts->entity[e->index].inserted + counts->entity[e->index].updated))
		return HUB_OK;
	return hub_db_run(s->db, err, sql, "ii", hub_now(), w->run);
}

/* Everything the end of a run does, in one transaction. */
static int end_run(struct hub_store *s, struct hub_writer *w, enum hub_run_state *state,
		   struct hub_counts *counts, struct hub_str findings, struct hub_err *err)
{
	struct hub_link_counts links;
	int stopped = HUB_OK;
	int rc = *state == HUB_RUN_DONE ? hub_db_key(s->db, NULL, err) : HUB_OK;

	if (rc || (rc = hub_db_begin(s->db, err)))
		return rc;
	if (*state == HUB_RUN_DONE)
		rc = hub_left_settle(s, w, counts, err);
	if (!rc && *state == HUB_RUN_DONE)
		rc = hub_unsettled_settle(s, w, err);
	if (!rc && *state == HUB_RUN_DONE && w->spec.full)
		rc = end_full(s, w, counts, err);
	if (rc == HUB_REJECT) {
		stopped = rc;
		*state = HUB_RUN_STOPPED;
		rc = HUB_OK;
	}
	if (!rc && *state == HUB_RUN_DONE && brought_persons(s, counts))
		rc = hub_links_find(s, w->run, &links, err);
	if (!rc && *state != HUB_RUN_INTERRUPTED && w->spec.lookup)
		rc = hub_residents_settle(s, w->run, err);
	if (!rc)
		rc = restrict_again(s, w, counts, err);
	if (!rc && *state == HUB_RUN_DONE)
		rc = settle_rejects(s, w, err);
	if (!rc)
		rc = write_end(s, w, *state, counts, findings, err);
	hub_crash_point("before-end");
	rc = hub_db_end(s->db, rc, err);
	return rc ? rc : stopped;
}

int hub_run_end(struct hub_store *s, struct hub_run *run, enum hub_run_state state,
		struct hub_counts *counts, struct hub_str findings, struct hub_err *err)
{
	struct hub_writer *w = run->state;
	int rc;

	if (!w)
		return HUB_OK;
	hub_keys_free(w); /* the end sorts keys and persons: room for that */
	if (w->spec.dry) {
		rc = state == HUB_RUN_DONE ? hub_left_settle(s, w, counts, err) : HUB_OK;
		if (!rc && state == HUB_RUN_DONE && w->spec.full)
			rc = end_full(s, w, counts, err);
	} else {
		rc = end_run(s, w, &state, counts, findings, err);
		hub_crash_point("after-end");
		if (rc == HUB_OK || rc == HUB_REJECT) {
			const int synced = s->db->ops->sync(s->db, rc ? NULL : err);
			rc = rc ? rc : synced;
		}
	}
	hub_writer_free(s, w);
	run->state = NULL;
	return rc;
}

void hub_run_drop(struct hub_store *s, struct hub_run *run)
{
	hub_writer_free(s, run->state);
	run->state = NULL;
}
