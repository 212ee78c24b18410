/* /v1/jobs: what the daemon does when, and a run of a job now. */
#include "serve/asking.h"
#include "serve/web.h"

#include <unistd.h>

static const char *const kinds[] = {"intake", "release", NULL};
static const char *const triggers[] = {"hand", "schedule", "watch", NULL};

static const struct hub_member job_members[] = {
    {HUB_MEMBER("job", TEXT, HUB_M_REQUIRED, HUB_N("its name"))},
    {HUB_MEMBER("kind", WORD, HUB_M_REQUIRED, HUB_N("in or out"), .words = kinds)},
    {HUB_MEMBER("trigger", WORD, HUB_M_REQUIRED, HUB_N("what makes it run by itself"),
		.words = triggers)},
    {HUB_MEMBER("running", BOOL, HUB_M_REQUIRED, HUB_N("a run is under way"))},
    {HUB_MEMBER("wanted", BOOL, HUB_M_REQUIRED, HUB_N("a run will begin as soon as it may"))},
    {HUB_MEMBER("next", TIME, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("when the schedule wants the next run"))},
    {HUB_MEMBER("quiet_until", TIME, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("end of the blackout in which nothing begins"))},
    {HUB_MEMBER("begun", TIME, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("the last run: when it began"))},
    {HUB_MEMBER("ended", TIME, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("the last run: when it ended"))},
    {HUB_MEMBER("arrived", TIME, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("when something new last came"))},
    {HUB_MEMBER("overdue", TIME, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("something new is missing since then"))},
    {HUB_MEMBER("outcome", TEXT, HUB_M_REQUIRED,
		HUB_N("the last run: how it ended, a stable word"))},
    {HUB_MEMBER("code", TEXT, HUB_M_REQUIRED, HUB_N("the last run: why, a stable word"))},
    {HUB_MEMBER("message", TEXT, HUB_M_REQUIRED, HUB_N("the last run: why, for people"))},
    {HUB_MEMBER("run", INT, HUB_M_REQUIRED, HUB_N("the last run: its number; 0: none"))},
    {HUB_MEMBER("rows", INT, HUB_M_REQUIRED, HUB_N("of the last run"))},
    {HUB_MEMBER("rejected", INT, HUB_M_REQUIRED, HUB_N("of the last run"))},
    {HUB_MEMBER("files_waiting", INT, HUB_M_REQUIRED, HUB_N("in its watched folder"))},
    {.name = NULL},
};

static int silent(struct hub_call *c, struct hub_err *err)
{
	hub_call_header(c, "Retry-After", HUB_STR("30"));
	return hub_http_fail(hub_call_reply(c), 503, err, "daemon-silent",
			     "the daemon has said nothing lately");
}

static const char *trigger_of(const struct hub_plan_job *p)
{
	return p->scheduled                       ? triggers[1]
	       : p->job->trigger.watch.folder.len ? triggers[2]
						  : triggers[0];
}

static void say_time(struct hub_call *c, const char *name, int64_t seconds)
{
	hub_call_time(c, name, seconds * 1000);
}

/* s: what the daemon knows; zeroes when it has not met the job yet. */
static void say_job(struct hub_call *c, const struct hub_plan_job *p, const struct hub_job_state *s)
{
	hub_call_text(c, "job", p->job->name);
	hub_call_text(c, "kind", hub_str_of(kinds[p->job->kind == HUB_JOB_RELEASE]));
	hub_call_text(c, "trigger", hub_str_of(trigger_of(p)));
	hub_call_truth(c, "running", s->running != 0);
	hub_call_truth(c, "wanted", s->wanted != 0);
	say_time(c, "next", s->next);
	say_time(c, "quiet_until", s->quiet);
	say_time(c, "begun", s->begun_at);
	say_time(c, "ended", s->ended_at);
	say_time(c, "arrived", s->arrived);
	say_time(c, "overdue", s->overdue);
	hub_call_text(c, "outcome", s->outcome.len ? s->outcome : HUB_STR(""));
	hub_call_text(c, "code", s->code.len ? s->code : HUB_STR(""));
	hub_call_text(c, "message", s->message.len ? s->message : HUB_STR(""));
	hub_call_number(c, "run", s->run);
	hub_call_number(c, "rows", s->rows);
	hub_call_number(c, "rejected", s->rejected);
	hub_call_number(c, "files_waiting", s->waiting);
}

static int get_jobs(void *self, struct hub_call *c, struct hub_err *err)
{
	static const struct hub_job_state none;
	const struct hub_web *w = self;
	struct hub_state s;
	const int rc = hub_web_state(w, c, &s, err);

	if (rc)
		return rc < 0 ? rc : silent(c, err);
	for (size_t i = 0; i < w->site->jobs.count; i++) {
		const struct hub_plan_job *p = &w->site->plan.job[i];
		const struct hub_job_state *known = hub_state_find(&s, p->job->name);
		hub_call_open(c, NULL, 0);
		say_job(c, p, known ? known : &none);
		hub_call_close(c);
	}
	return HUB_OK;
}

/* HUB_REFUSED: there is none, or the daemon does not know it. */
static int find_job(const struct hub_web *w, struct hub_call *c, const struct hub_plan_job **job,
		    struct hub_job_state *known, pid_t *daemon, struct hub_err *err)
{
	struct hub_state s;
	const int rc = hub_web_state(w, c, &s, err);

	*job = NULL;
	*daemon = (pid_t)s.pid;
	if (rc)
		return rc < 0 ? rc : silent(c, err);
	for (size_t i = 0; i < w->site->jobs.count; i++) {
		*job = &w->site->plan.job[i];
		const struct hub_job_state *st = hub_state_find(&s, (*job)->job->name);
		if (!hub_str_eq((*job)->job->name, c->var[0]))
			continue;
		*known = st ? *st : (struct hub_job_state){0};
		return HUB_OK;
	}
	return hub_call_refuse(c, 404, err, "no-job", "there is no such job");
}

static int get_job(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_plan_job *p;
	struct hub_job_state s;
	pid_t daemon;
	const int rc = find_job(self, c, &p, &s, &daemon, err);

	if (!rc)
		say_job(c, p, &s);
	return rc;
}

/* The wish is on the log first. The daemon starts it as it starts every run: one at a time, not in a blackout. */
static int post_run(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_web *w = self;
	const struct hub_plan_job *p;
	struct hub_job_state s;
	pid_t daemon;
	int rc = find_job(w, c, &p, &s, &daemon, err);

	if (rc)
		return rc;
	if (p->job->trigger.watch.folder.len && !s.waiting)
		return hub_call_refuse(c, 409, err, "nothing-waits",
				       "no file waits in the folder of this job");
	if ((rc = hub_call_audit(c, "job-asked", p->job->name, HUB_STR("{}"), err)) ||
	    (rc = hub_call_keep(c, err)) ||
	    (rc = hub_asking_put(w->site->plan.state, p->job->name, err)))
		return rc;
	if (daemon == getppid()) /* else the file waits for the next one */
		kill(daemon, HUB_ASKING_SIGNAL);
	s.wanted = 1;
	hub_call_status(c, 202);
	say_job(c, p, &s);
	return HUB_OK;
}

static const struct hub_route routes[] = {
    {"GET", "/jobs", "jobs.read", HUB_ROUTE_LIST, NULL, NULL, job_members,
     HUB_N("jobs of the daemon, with their last and next run"), get_jobs},
    {"GET", "/jobs/{job}", "jobs.read", 0, NULL, NULL, job_members, HUB_N("a job"), get_job},
    {"POST", "/jobs/{job}/run", "jobs.run", 0, NULL, NULL, job_members,
     HUB_N("asks the daemon for a run of a job now"), post_run},
};

const struct hub_api_table hub_jobs_table = {
    .base = "/v1", .tag = "jobs", .route = routes, .n = HUB_COUNT(routes), .own = 1};
