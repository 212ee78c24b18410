#include "serve/events.h"

#include "base/clock.h"
#include "base/json.h"

/* How long an event can be read. A module that was off for longer hears of nothing older. */
enum { KEPT_MS_DAYS = 30, DAY_MS = 86400000, PLACE_BYTES = 200 };

int hub_event_add(struct hub_db *db, const struct hub_event *e, const char *origin,
		  struct hub_err *err)
{
	return hub_db_run(db, err,
			  "INSERT INTO event (type, run_id, entity, name, case_no, at, origin)"
			  " VALUES (?, ?, ?, ?, ?, ?, ?)",
			  "iitttiz", (int64_t)e->type, e->run, e->entity, e->name, e->case_no,
			  e->at, origin);
}

/* --- what the store recorded ------------------------------------------------------------------ */

struct gathering {
	struct hub_arena *arena;
	struct hub_db *db;
	int64_t now;
	struct hub_err *err;
};

/* Number up to which a table was looked at. Of one that was never looked at: its end, what is in it is old. */
static int place_of(struct gathering *g, const char *name, const char *end, int64_t *upto)
{
	int rc = hub_db_one(g->db, upto, g->err, "SELECT upto FROM event_place WHERE name = ?", "z",
			    name);

	if (rc != HUB_END)
		return rc;
	if ((rc = hub_db_one(g->db, upto, g->err, end, "")) < 0)
		return rc;
	return hub_db_run(g->db, g->err, "INSERT INTO event_place (name, upto) VALUES (?, ?)", "zi",
			  name, *upto);
}

static int move_place(struct gathering *g, const char *name, int64_t upto)
{
	return hub_db_run(g->db, g->err, "UPDATE event_place SET upto = ? WHERE name = ?", "iz",
			  upto, name);
}

/* One event per case of a person and, household set, of those who live with them. */
static int add_cases(struct gathering *g, const struct hub_event *like, int64_t person,
		     int household)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(
	    g->db, &q, g->err,
	    "WITH mine(id) AS (SELECT id FROM cc_person WHERE id = ? UNION SELECT o.person_id"
	    "  FROM person_identity m JOIN person_identity o ON o.identity = m.identity"
	    "  WHERE m.person_id = ?),"
	    " mates(id) AS (SELECT id FROM mine UNION SELECT p.id FROM cc_person p WHERE 1 = ? AND"
	    "  p.household_id IN (SELECT household_id FROM cc_person WHERE id IN"
	    "  (SELECT id FROM mine))),"
	    " people(id) AS (SELECT id FROM mates UNION SELECT o.person_id FROM mates"
	    "  JOIN person_identity m ON m.person_id = mates.id"
	    "  JOIN person_identity o ON o.identity = m.identity)"
	    " SELECT DISTINCT case_no FROM cc_case WHERE case_no IS NOT NULL AND"
	    " person_id IN (SELECT id FROM people)",
	    "iii", person, person, (int64_t)household);

	while (!rc && (rc = hub_db_next(q, g->err)) == HUB_OK) {
		struct hub_event e = *like;
		e.case_no = hub_db_dup(g->arena, q, 0);
		rc = e.case_no.ptr ? hub_event_add(g->db, &e, NULL, g->err) : hub_fail_mem(g->err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* sql: person, kind, ms of each row behind ?, in the order of its number, which is its first column. */
static int gather_rows(struct gathering *g, const char *name, const char *end, const char *sql,
		       uint32_t type, int household)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t upto = 0, last;
	int rc = place_of(g, name, end, &upto);

	last = upto;
	if (!rc)
		rc = hub_db_query(g->db, &q, g->err, sql, "i", upto);
	while (!rc && (rc = hub_db_next(q, g->err)) == HUB_OK) {
		const struct hub_event like = {.type = type,
					       .name = hub_db_dup(g->arena, q, 2),
					       .at = hub_db_int(q, 3) * 1000};
		last = hub_db_int(q, 0);
		rc = add_cases(g, &like, hub_db_int(q, 1), household);
	}
	if (rc != HUB_END)
		return rc;
	return last == upto ? HUB_OK : move_place(g, name, last);
}

/* Rows of an entity that a run brought or changed: the people they are about. */
static int gather_people(struct gathering *g, const struct hub_event *run, const char *sql,
			 uint32_t type, int household)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_event like = {.type = type, .run = run->run, .at = run->at};
	int rc = hub_db_query(g->db, &q, g->err, sql, "i", run->run);

	while (!rc && (rc = hub_db_next(q, g->err)) == HUB_OK)
		rc = add_cases(g, &like, hub_db_int(q, 0), household);
	return rc == HUB_END ? HUB_OK : rc;
}

static int gather_entity(struct gathering *g, const struct hub_event *run, struct hub_str entity)
{
	struct hub_event e = *run;
	int rc;

	e.entity = entity;
	if ((rc = hub_event_add(g->db, &e, NULL, g->err)))
		return rc;
	if (hub_str_is(entity, "protection"))
		return gather_people(
		    g, run,
		    "SELECT DISTINCT p.person_id FROM cc_protection p"
		    " JOIN record r ON r.id = p.record_id WHERE r.run_id = ? AND"
		    " p.person_id IS NOT NULL AND p.protection_state = 'protected'",
		    HUB_EVENT_PROTECTION, 1);
	if (hub_str_is(entity, "consent"))
		return gather_people(g, run,
				     "SELECT DISTINCT c.person_id FROM cc_consent c"
				     " JOIN record r ON r.id = c.record_id WHERE r.run_id = ? AND"
				     " c.person_id IS NOT NULL",
				     HUB_EVENT_CONSENT, 0);
	return HUB_OK;
}

static int is_touched(json_t *numbers)
{
	static const char *const names[] = {"inserted", "updated", "removed"};

	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (hub_json_number(numbers, names[i]) > 0)
			return 1;
	return 0;
}

/* One event per entity that the run changed; one without a name when it changed none. */
static int gather_run(struct gathering *g, const struct hub_event *run, struct hub_str counts)
{
	json_t *all = counts.len ? hub_json_read(counts, 0, NULL) : NULL;
	json_t *numbers;
	const char *name;
	int rc = HUB_OK, any = 0;

	if (counts.len && !all && errno == ENOMEM)
		return hub_fail_mem(g->err);

	json_object_foreach(json_object_get(all, "entity"), name, numbers)
	{
		if (rc || !is_touched(numbers))
			continue;
		any = 1;
		rc = gather_entity(g, run, hub_str_of(name));
	}
	json_decref(all);
	return rc || any ? rc : hub_event_add(g->db, run, NULL, g->err);
}

/* Runs end in another order than they begin: by the time of the end, and each once. state 2: done. */
static int gather_runs(struct gathering *g)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t upto = 0, last;
	int rc = place_of(g, "runs", "SELECT coalesce(max(ended_at), 0) FROM run", &upto);

	last = upto;
	if (!rc)
		rc = hub_db_query(
		    g->db, &q, g->err,
		    "SELECT r.id, r.state, f.name, r.ended_at, r.counts FROM run r"
		    " JOIN feed f ON f.id = r.feed_id WHERE r.ended_at >= ? AND r.state IN (2, 3, "
		    "4)"
		    " AND r.id > (SELECT upto FROM event_place WHERE name = 'first-run')"
		    " AND NOT EXISTS (SELECT 1 FROM event e WHERE e.run_id = r.id AND"
		    " e.type = CASE WHEN r.state = 2 THEN 1 ELSE 2 END) ORDER BY r.ended_at, r.id",
		    "i", upto);
	while (!rc && (rc = hub_db_next(q, g->err)) == HUB_OK) {
		const int done = hub_db_int(q, 1) == 2;
		const struct hub_event e = {.type = done ? HUB_EVENT_RUN : HUB_EVENT_RUN_FAILED,
					    .run = hub_db_int(q, 0),
					    .name = hub_db_dup(g->arena, q, 2),
					    .at = hub_db_int(q, 3) * 1000};
		last = hub_db_int(q, 3);
		rc = done ? gather_run(g, &e, hub_db_str(q, 4))
			  : hub_event_add(g->db, &e, NULL, g->err);
	}
	if (rc != HUB_END)
		return rc;
	return last == upto ? HUB_OK : move_place(g, "runs", last);
}

/* Consents end by the calendar, and nothing is recorded then: each day in Japan those whose last day lies behind it are
 * told, once. The place is the day from which on last days were not looked at; of a store that is new here, today. */
static int gather_ends(struct gathering *g)
{
	static const char name[] = "consent-end";
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_event like = {
	    .type = HUB_EVENT_CONSENT, .name = HUB_STR("expired"), .at = g->now};
	const int64_t today = hub_day_at(g->now / 1000);
	char from[11], to[11];
	int64_t upto = 0;
	int rc = place_of(g, name, "SELECT CAST(0 AS BIGINT)", &upto);

	if (rc || upto == today)
		return rc;
	if (upto == 0 || upto > today) /* the clock was ahead once */
		return move_place(g, name, today);
	hub_day_text(upto, from);
	hub_day_text(today, to);
	rc = hub_db_query(
	    g->db, &q, g->err,
	    "SELECT person_id FROM cc_consent WHERE consent_status = 'given' AND"
	    " person_id IS NOT NULL AND valid_to >= ? AND valid_to < ?"
	    " UNION SELECT e.person_id FROM consent_entry e JOIN run r ON r.id = e.run_id"
	    " WHERE e.status = 'given' AND r.undone_by IS NULL AND e.valid_to >= ?"
	    " AND e.valid_to < ?",
	    "zzzz", from, to, from, to);
	while (!rc && (rc = hub_db_next(q, g->err)) == HUB_OK)
		rc = add_cases(g, &like, hub_db_int(q, 0), 0);
	return rc == HUB_END ? move_place(g, name, today) : rc;
}

static int gather_all(struct gathering *g)
{
	int64_t first = 0;
	int rc;

	if ((rc = place_of(g, "first-run", "SELECT coalesce(max(id), 0) FROM run", &first)) ||
	    (rc = gather_runs(g)) ||
	    (rc = gather_rows(g, "resident", "SELECT coalesce(max(id), 0) FROM resident_event",
			      "SELECT id, person_id, kind, at FROM resident_event WHERE id > ?"
			      " ORDER BY id",
			      HUB_EVENT_RESIDENT, 1)) ||
	    (rc = gather_rows(g, "protection", "SELECT coalesce(max(id), 0) FROM protection_act",
			      "SELECT id, person_id, what, at FROM protection_act WHERE id > ? AND"
			      " what = 'protect' ORDER BY id",
			      HUB_EVENT_PROTECTION, 1)) ||
	    (rc = gather_rows(g, "consent", "SELECT coalesce(max(id), 0) FROM consent_entry",
			      "SELECT c.id, c.person_id, c.status, r.begun_at FROM consent_entry c"
			      " JOIN run r ON r.id = c.run_id WHERE c.id > ? ORDER BY c.id",
			      HUB_EVENT_CONSENT, 0)) ||
	    (rc = gather_ends(g)))
		return rc;
	return hub_db_run(g->db, g->err,
			  "DELETE FROM event WHERE at < ? AND"
			  " at / 1000 < (SELECT upto FROM event_place WHERE name = 'runs')",
			  "i", g->now - (int64_t)KEPT_MS_DAYS * DAY_MS);
}

int hub_events_gather(struct hub_db *db, int64_t now, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct gathering g = {.arena = a, .db = db, .now = now, .err = err};

	return a ? gather_all(&g) : hub_fail_mem(err);
}

/* An event about a job, and that it was told. */
static int put_job(struct hub_db *db, const struct hub_event *e, const char *place, int64_t told,
		   struct hub_err *err)
{
	int rc = hub_db_begin(db, err);

	if (rc)
		return rc;
	rc = hub_db_run(db, err,
			"INSERT INTO event_place (name, upto) VALUES (?, ?)"
			" ON CONFLICT (name) DO UPDATE SET upto = excluded.upto",
			"zi", place, told);
	return hub_db_end(db, rc ? rc : hub_event_add(db, e, NULL, err), err);
}

int hub_events_job(struct hub_db *db, const struct hub_job_state *job, struct hub_err *err)
{
	const int well = hub_str_is(job->outcome, hub_outcome_name(HUB_ENDED_WELL));
	char place[PLACE_BYTES];
	int64_t told = 0, known = 0;

	if (job->running || (!job->failed && !well))
		return HUB_OK;
	snprintf(place, sizeof place, "job/%.*s", HUB_FMT(job->name));
	int rc =
	    hub_db_one(db, &told, err, "SELECT upto FROM event_place WHERE name = ?", "z", place);
	if (rc < 0 || job->failed == told)
		return rc < 0 ? rc : HUB_OK;
	if (job->failed && job->run) /* its run is in the store, and told of under the name there */
		rc = hub_db_one(
		    db, &known, err,
		    "SELECT count(*) FROM event WHERE run_id = ? AND type = ? AND at >= ?", "iii",
		    job->run, (int64_t)HUB_EVENT_RUN_FAILED, job->begun_at * 1000);
	if (rc < 0 || known)
		return rc < 0 ? rc : HUB_OK;
	const struct hub_event e = {.type = job->failed ? HUB_EVENT_RUN_FAILED : HUB_EVENT_RUN,
				    .name = job->name,
				    .at = job->ended_at * 1000};
	return put_job(db, &e, place, job->failed, err);
}

int hub_events_overdue(struct hub_db *db, const struct hub_job_state *job, struct hub_err *err)
{
	const int overdue = job->overdue != 0;
	const struct hub_event e = {.type = overdue ? HUB_EVENT_OVERDUE : HUB_EVENT_ARRIVED,
				    .name = job->name,
				    .at = (overdue ? job->overdue : job->arrived) * 1000};
	char place[PLACE_BYTES];
	int64_t told = 0;

	snprintf(place, sizeof place, "overdue/%.*s", HUB_FMT(job->name));
	const int rc =
	    hub_db_one(db, &told, err, "SELECT upto FROM event_place WHERE name = ?", "z", place);
	return rc < 0 || overdue == told ? (rc < 0 ? rc : HUB_OK)
					 : put_job(db, &e, place, overdue, err);
}

/* --- reading ---------------------------------------------------------------------------------- */

int hub_event_next(struct hub_arena *a, struct hub_db *db, int64_t after, uint32_t types,
		   const char *origin, int64_t *id, struct hub_event *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(db, &q, err,
			 "SELECT id, type, run_id, entity, name, case_no, at FROM event"
			 " WHERE id > ? AND (type & ?) <> 0 AND (origin IS NULL OR origin <> ?)"
			 " ORDER BY id LIMIT 1",
			 "iiz", after, (int64_t)types, origin);

	if (rc || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc;
	*id = hub_db_int(q, 0);
	*out = (struct hub_event){.type = (uint32_t)hub_db_int(q, 1),
				  .run = hub_db_int(q, 2),
				  .entity = hub_db_dup(a, q, 3),
				  .name = hub_db_dup(a, q, 4),
				  .case_no = hub_db_dup(a, q, 5),
				  .at = hub_db_int(q, 6)};
	return hub_arena_failed(a) ? hub_fail_mem(err) : HUB_OK;
}
