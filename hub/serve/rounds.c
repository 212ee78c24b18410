#include "serve/rounds.h"

#include "base/clock.h"
#include "serve/events.h"
#include "serve/log.h"
#include "store/read.h"

enum {
	EVENTS_A_STEP = 200,
	TRIES_MOST = 3,
	AGAIN_MS = 60000, /* after a tick that failed */
};

/* No feed and no case has such a number. */
#define ROUNDS_LOCK (INT64_C(1) << 50)

static void log_failure(const char *event, const struct hub_module *m, const char *name,
			const struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_log_begin(&b, HUB_LOG_ERROR, event);
	hub_json_field(&b, "module", hub_str_of(m->service->area));
	hub_json_field(&b, "name", hub_str_of(name));
	hub_log_err(&b, err);
	hub_log_end(&b);
}

/* --- timers ----------------------------------------------------------------------------------- */

struct tick {
	const struct hub_module *module;
	const struct hub_timer *timer;
	int64_t due; /* the next one */
};

static int64_t next_due(const struct hub_module *m, uint32_t i, int64_t now)
{
	const struct hub_timer *t = &m->service->timer[i];

	if (t->every)
		return now + t->every;
	const int64_t next = hub_cron_next(&m->cron[i], m->all->holidays, now / 1000);
	return next == HUB_NEVER_DUE ? INT64_MAX : next * 1000;
}

static int set_due(struct hub_db *db, const struct tick *t, int64_t due, struct hub_err *err)
{
	return hub_db_run(db, err,
			  "INSERT INTO service_timer (area, name, due) VALUES (?, ?, ?)"
			  " ON CONFLICT (area, name) DO UPDATE SET due = excluded.due",
			  "zzi", t->module->service->area, t->timer->name, due);
}

static int run_tick(void *self, struct hub_call *c, void *arg, struct hub_err *err)
{
	const struct tick *t = arg;
	const int rc = set_due(hub_call_db(c), t, t->due, err);

	return rc ? rc : t->timer->tick(self, c, err);
}

static int step_timer(struct hub_rounds *r, struct hub_module *m, uint32_t i, int64_t now,
		      struct hub_err *err)
{
	struct tick t = {m, &m->service->timer[i], next_due(m, i, now)};
	const struct hub_api_table table = hub_module_table(m);
	const struct hub_api_errand errand = {
	    .table = &table, .now = now, .work = run_tick, .arg = &t};
	struct hub_db *db = hub_store_db(r->store);
	int64_t due = 0;
	int rc =
	    hub_db_one(db, &due, err, "SELECT due FROM service_timer WHERE area = ? AND name = ?",
		       "zz", m->service->area, t.timer->name);

	if (rc == HUB_END) /* known since now */
		return set_due(db, &t, t.due, err);
	/* a due time far ahead: the clock was wrong once, or the module has another period now */
	if (rc || (due > now && due <= t.due))
		return rc;
	if (due > now)
		return set_due(db, &t, t.due, err);
	if (hub_api_run(r->api, r->store, &errand, err) == HUB_OK)
		return HUB_OK;
	log_failure("timer-failed", m, t.timer->name, err);
	return set_due(db, &t, t.due < now + AGAIN_MS ? t.due : now + AGAIN_MS, err);
}

/* --- events ----------------------------------------------------------------------------------- */

/* Is there anything that was not there the last time, or a new day in Japan? Asked without the write lock. */
static int is_moved(struct hub_rounds *r, int64_t now, int *moved, struct hub_err *err)
{
	static const char *const questions[] = {
	    "SELECT coalesce(max(ended_at), 0) * 1000 + count(ended_at) FROM run",
	    "SELECT coalesce(max(id), 0) FROM resident_event",
	    "SELECT coalesce(max(id), 0) FROM protection_act",
	    "SELECT coalesce(max(id), 0) FROM consent_entry",
	};
	const int64_t day = hub_day_at(now / 1000);
	int rc = HUB_OK;

	*moved = r->day != day;
	r->day = day;
	for (size_t i = 0; i < HUB_COUNT(questions) && !rc; i++) {
		int64_t n = 0;
		rc = hub_db_one(hub_store_db(r->store), &n, err, questions[i], "");
		/* one more than it says: nothing has been looked at before the first time */
		*moved |= r->seen[i] != n + 1;
		r->seen[i] = n + 1;
	}
	return rc;
}

static int gather(struct hub_rounds *r, int64_t now, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(r->store);
	int moved, rc = is_moved(r, now, &moved, err);

	if (rc || !moved)
		return rc;
	/* before any module looks at the records of the first run: in its transaction nobody makes indexes */
	if (!r->indexed && r->seen[0] > 1) {
		if ((rc = hub_store_index(r->store, err)))
			return rc;
		r->indexed = 1;
	}
	if (!(rc = hub_db_begin(db, err)))
		rc = hub_db_end(db, hub_events_gather(db, now, err), err);
	if (rc)
		r->seen[0] = 0; /* again next time */
	return rc;
}

/* Without a state that can be read, and while the daemon begins, nothing is told of jobs: the next round looks again. */
static int gather_jobs(struct hub_rounds *r, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_state s;
	struct hub_err none;
	int rc = HUB_OK;

	if (!r->state || !a || hub_state_read(a, r->state, &s, &none))
		return HUB_OK;
	for (size_t i = 0; i < s.jobs && !rc; i++)
		if (!(rc = hub_events_job(hub_store_db(r->store), &s.job[i], err)))
			rc = hub_events_overdue(hub_store_db(r->store), &s.job[i], err);
	return rc;
}

struct hearing {
	const struct hub_module *module;
	const char *place;
	const struct hub_event *event;
	int64_t id;
};

static int move_on(struct hub_db *db, const struct hearing *h, struct hub_err *err)
{
	return hub_db_run(db, err, "UPDATE event_place SET upto = ? WHERE name = ?", "iz", h->id,
			  h->place);
}

static int run_event(void *self, struct hub_call *c, void *arg, struct hub_err *err)
{
	const struct hearing *h = arg;
	const int rc = move_on(hub_call_db(c), h, err);

	return rc ? rc : h->module->service->event(self, c, h->event, err);
}

/* A module hears what happens from its first day on, not what was before. */
static int place_of(struct hub_db *db, const char *place, int64_t *upto, struct hub_err *err)
{
	int rc =
	    hub_db_one(db, upto, err, "SELECT upto FROM event_place WHERE name = ?", "z", place);

	if (rc != HUB_END)
		return rc;
	rc = hub_db_one(db, upto, err, "SELECT coalesce(max(id), 0) FROM event", "");
	return rc ? rc
		  : hub_db_run(db, err, "INSERT INTO event_place (name, upto) VALUES (?, ?)", "zi",
			       place, *upto);
}

/* Failed: again at the next step, some times; then it is left out, so that the ones behind it arrive. */
static int after_failure(struct hub_rounds *r, struct hub_tries *tries, const struct hearing *h,
			 struct hub_err *err)
{
	if (tries->event != h->id)
		*tries = (struct hub_tries){.event = h->id};
	if (++tries->n < TRIES_MOST) {
		log_failure("event-failed", h->module, "event", err);
		return HUB_END;
	}
	log_failure("event-skipped", h->module, "event", err);
	return move_on(hub_store_db(r->store), h, err);
}

static int step_events(struct hub_rounds *r, struct hub_module *m, struct hub_tries *tries,
		       int64_t now, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_db *db = hub_store_db(r->store);
	const struct hub_api_table table = hub_module_table(m);
	struct hub_event event;
	char place[HUB_AREA_BYTES + 8];
	int64_t upto = 0;
	int rc;

	if (!a)
		return hub_fail_mem(err);
	snprintf(place, sizeof place, "module:%s", m->service->area);
	if ((rc = place_of(db, place, &upto, err)))
		return rc;
	for (int i = 0; i < EVENTS_A_STEP && !rc; i++) {
		struct hearing h = {m, place, &event, 0};
		const struct hub_api_errand errand = {
		    .table = &table, .now = now, .work = run_event, .arg = &h};
		if ((rc = hub_event_next(a, db, upto, m->service->events, m->service->area, &h.id,
					 &event, err)))
			break;
		upto = h.id;
		if (hub_api_run(r->api, r->store, &errand, err))
			rc = after_failure(r, tries, &h, err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- one step --------------------------------------------------------------------------------- */

int hub_rounds_step(struct hub_rounds *r, int64_t now, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(r->store);
	int rc;

	if (!r->has_lock && (rc = db->ops->lock(db, ROUNDS_LOCK, err)))
		return rc;
	r->has_lock = 1;
	if ((rc = gather(r, now, err)) || (rc = gather_jobs(r, err)))
		return rc;
	for (size_t i = 0; i < r->modules->n && !rc; i++) {
		struct hub_module *m = &r->modules->module[i];
		for (uint32_t t = 0; t < m->service->timers && !rc; t++)
			rc = step_timer(r, m, t, now, err);
		if (!rc && m->service->events)
			rc = step_events(r, m, &r->tries[i], now, err);
	}
	return rc;
}

void hub_rounds_end(struct hub_rounds *r)
{
	struct hub_db *db = hub_store_db(r->store);

	if (r->has_lock)
		db->ops->unlock(db, ROUNDS_LOCK);
	r->has_lock = 0;
}
