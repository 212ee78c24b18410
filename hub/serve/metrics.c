/* How the daemon is, for machines: OpenMetrics 1.0, readiness, health. All of it is read from the daemon's
 * state file; a daemon that hangs shows by the age of that file. */
#include "base/clock.h"
#include "serve/push.h"
#include "serve/web.h"

/* One family per row; a sample for each job. */
static const struct family {
	const char *name, *type, *unit, *help;
	size_t offset; /* in struct hub_job_state */
	enum {
		ALWAYS = 0,
		ONLY_SET, /* a time that never was is left out */
		RECORDS,  /* how many people a feed speaks of: not for everybody */
		TRUTH,    /* 1: it is not zero */
	} how;
} families[] = {
#define FIELD(field) offsetof(struct hub_job_state, field)
    {"tsunagi_job_runs", "counter", NULL, "Runs that were begun.", FIELD(runs), ALWAYS},
    {"tsunagi_job_ended_well", "counter", NULL, "Runs that ended well.", FIELD(ended_well), ALWAYS},
    {"tsunagi_job_ended_badly", "counter", NULL, "Runs that failed, crashed or were ended.",
     FIELD(ended_badly), ALWAYS},
    {"tsunagi_job_retries", "counter", NULL, "Tries again after a failure.", FIELD(retries),
     ALWAYS},
    {"tsunagi_job_run_seconds", "counter", "seconds", "Time that runs took.", FIELD(seconds),
     ALWAYS},
    {"tsunagi_job_running", "gauge", NULL, "1 while a run is under way.", FIELD(running), ALWAYS},
    {"tsunagi_job_failed", "gauge", NULL, "1 when the last run failed for good.", FIELD(failed),
     ALWAYS},
    {"tsunagi_job_rows", "gauge", NULL, "Records of the last run.", FIELD(rows), RECORDS},
    {"tsunagi_job_rejected", "gauge", NULL, "Rejected records of the last run.", FIELD(rejected),
     RECORDS},
    {"tsunagi_job_files_waiting", "gauge", NULL, "Files in the watched folder.", FIELD(waiting),
     ALWAYS},
    {"tsunagi_job_oldest_file_seconds", "gauge", "seconds", "How long the oldest of them waits.",
     FIELD(oldest), ALWAYS},
    {"tsunagi_job_begun_time_seconds", "gauge", "seconds", "When the last run began.",
     FIELD(begun_at), ONLY_SET},
    {"tsunagi_job_ended_time_seconds", "gauge", "seconds", "When the last run ended.",
     FIELD(ended_at), ONLY_SET},
    {"tsunagi_job_arrived_time_seconds", "gauge", "seconds", "When something new last came.",
     FIELD(arrived), ONLY_SET},
    {"tsunagi_job_overdue", "gauge", NULL, "1 when something new is missing.", FIELD(overdue),
     TRUTH},
    {"tsunagi_job_next_time_seconds", "gauge", "seconds", "When the next run is due.", FIELD(next),
     ONLY_SET},
};

static void put_head(struct hub_buf *b, const char *name, const char *type, const char *unit,
		     const char *help)
{
	hub_buf_printf(b, "# TYPE %s %s\n", name, type);
	if (unit)
		hub_buf_printf(b, "# UNIT %s %s\n", name, unit);
	hub_buf_printf(b, "# HELP %s %s\n", name, help);
}

static void put_family(struct hub_buf *b, const struct family *f, const struct hub_state *s)
{
	const char *tail = strcmp(f->type, "counter") == 0 ? "_total" : "";

	put_head(b, f->name, f->type, f->unit, f->help);
	for (size_t i = 0; i < s->jobs; i++) {
		const char *job = (const char *)&s->job[i];
		const int64_t v = *(const int64_t *)(const void *)(job + f->offset);
		if (v || f->how != ONLY_SET)
			hub_buf_printf(b, "%s%s{job=\"%.*s\"} %lld\n", f->name, tail,
				       HUB_FMT(s->job[i].name),
				       f->how == TRUTH ? v != 0 : (long long)v);
	}
}

static void put_modules(struct hub_buf *b, const struct hub_state *s)
{
	put_head(b, "tsunagi_module_faults", "gauge", NULL,
		 "How often a module made the web process die lately.");
	for (size_t i = 0; i < s->modules; i++)
		hub_buf_printf(b, "tsunagi_module_faults{area=\"%s\"} %lld\n", s->module[i].area,
			       (long long)s->module[i].faults);
	put_head(b, "tsunagi_module_off", "gauge", NULL, "1 when it was switched off for that.");
	for (size_t i = 0; i < s->modules; i++)
		hub_buf_printf(b, "tsunagi_module_off{area=\"%s\"} %d\n", s->module[i].area,
			       s->module[i].off_at != 0);
}

static void put_web(struct hub_buf *b, const struct hub_state *s)
{
	put_head(b, "tsunagi_web_deaths", "counter", NULL,
		 "How often the web process ended without being asked.");
	hub_buf_printf(b, "tsunagi_web_deaths_total %lld\n", (long long)s->web.deaths);
	put_head(b, "tsunagi_web_late_requests", "gauge", NULL,
		 "Requests that have not been answered for a minute.");
	hub_buf_printf(b, "tsunagi_web_late_requests %lld\n", (long long)s->web.late);
}

static int put_metrics(const struct hub_web *web, struct hub_call *c, int records,
		       struct hub_err *err)
{
	struct hub_http_reply *r = hub_call_reply(c);
	struct hub_buf *b = &r->body;
	struct hub_state s;
	const int rc = hub_web_state(web, c, &s, err);

	if (rc < 0)
		return rc;
	r->type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
	put_head(b, "tsunagi_up", "gauge", NULL, "1 while the daemon works.");
	hub_buf_printf(b, "tsunagi_up %d\n", rc == HUB_OK);
	put_head(b, "tsunagi_ready", "gauge", NULL, "0 when files wait and nothing moves.");
	hub_buf_printf(b, "tsunagi_ready %d\n",
		       rc == HUB_OK && !hub_state_is_stalled(&s, hub_now(), NULL));
	put_head(b, "tsunagi_start_time_seconds", "gauge", "seconds", "When the daemon began.");
	hub_buf_printf(b, "tsunagi_start_time_seconds %lld\n", (long long)s.started_at);
	put_head(b, "tsunagi_reload_refused", "gauge", NULL,
		 "1 when the last configuration was refused.");
	hub_buf_printf(b, "tsunagi_reload_refused %d\n", s.reload.len > 0);
	for (size_t i = 0; i < HUB_COUNT(families); i++)
		if (records || families[i].how != RECORDS)
			put_family(b, &families[i], &s);
	put_web(b, &s);
	put_modules(b, &s);
	put_head(b, "tsunagi_event_streams", "gauge", NULL, "Open streams of GET /v1/events.");
	hub_buf_printf(b, "tsunagi_event_streams %u\n", hub_push_streams(web->push));
	hub_buf_puts(b, "# EOF\n");
	return HUB_OK;
}

/* Whoever reaches the port may know how the daemon is, but not how many records a feed of protected people has. */
static int get_metrics(void *self, struct hub_call *c, struct hub_err *err)
{
	return put_metrics(self, c, 0, err);
}

static int get_all_metrics(void *self, struct hub_call *c, struct hub_err *err)
{
	return put_metrics(self, c, 1, err);
}

static int put_status(struct hub_call *c, unsigned status, const char *word,
		      const struct hub_job_state *job)
{
	hub_call_reply(c)->status = status;
	hub_call_text(c, "status", hub_str_of(word));
	if (job) {
		hub_call_text(c, "job", job->name);
		hub_call_number(c, "files_waiting", job->waiting);
	}
	return HUB_OK;
}

/* Is the daemon there and at work? */
static int get_health(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_state s;
	const int rc = hub_web_state(self, c, &s, err);

	if (rc < 0)
		return rc;
	return rc == HUB_OK ? put_status(c, 200, "ok", NULL) : put_status(c, 503, "silent", NULL);
}

/* Is there a store, and one that we can use? A site without one has nothing to wait for. */
static int has_store(const struct hub_web *web)
{
	struct hub_store *store;

	if (!web->site->jobs.store.len)
		return 1;
	if (hub_pool_take(web->pool, &store, NULL))
		return 0;
	hub_pool_give(web->pool, store, HUB_OK);
	return 1;
}

/* Does work get done? */
static int get_ready(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_job_state *job = NULL;
	struct hub_state s;
	const int rc = hub_web_state(self, c, &s, err);

	if (rc < 0)
		return rc;
	if (rc == HUB_END)
		return put_status(c, 503, "silent", NULL);
	if (s.stopping)
		return put_status(c, 503, "stopping", NULL);
	if (hub_state_is_stalled(&s, hub_now(), &job))
		return put_status(c, 503, "stalled", job);
	if (!has_store(self))
		return put_status(c, 503, "store", NULL);
	put_status(c, 200, "ready", NULL);
	if (s.web.late)
		hub_call_number(c, "late_requests", s.web.late);
	return HUB_OK;
}

static const struct hub_member status_members[] = {
    {HUB_MEMBER("status", TEXT, HUB_M_REQUIRED, HUB_N("a stable word"))},
    {HUB_MEMBER("job", TEXT, 0, HUB_N("whose files wait"))},
    {HUB_MEMBER("files_waiting", INT, 0, HUB_N("how many"))},
    {HUB_MEMBER("late_requests", INT, 0,
		HUB_N("requests that have not been answered for a minute, if there are any"))},
    {.name = NULL},
};
static const struct hub_route routes[] = {
    {"GET", "/metrics", NULL, HUB_ROUTE_RAW, NULL, NULL, NULL,
     HUB_N("numbers of the daemon, as OpenMetrics; none of records"), get_metrics},
    {"GET", "/v1/metrics", "runs.read", HUB_ROUTE_RAW, NULL, NULL, NULL,
     HUB_N("the same with the numbers of records of each job"), get_all_metrics},
    {"GET", "/ready", NULL, 0, NULL, NULL, status_members,
     HUB_N("200 when work gets done, 503 when files wait and nothing moves, or the store cannot be "
	   "used"),
     get_ready},
    {"GET", "/health", NULL, 0, NULL, NULL, status_members, HUB_N("200 while the daemon works"),
     get_health},
};

const struct hub_api_table hub_metrics_table = {
    .base = "", .tag = "daemon", .route = routes, .n = HUB_COUNT(routes), .bare = 1};
