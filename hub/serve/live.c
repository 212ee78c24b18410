#include "serve/live.h"

#include "base/clock.h"
#include "serve/log.h"

enum { RESCAN_MS = 5000, REOPEN_MS = 10000, DAY = 86400, FAR_MS = 5000, FRESH = 60 };

/* --- generations ------------------------------------------------------------------------------ */

static int read_conf(struct hub_generation *g, const char *home, const char *path,
		     struct hub_err *err)
{
	struct hub_report *report = hub_report_new(g->arena);
	int rc;

	if (!report)
		return hub_fail_mem(err);
	if ((rc = hub_conf_read(g->arena, report, path, &g->conf, err))) {
		hub_report_print(report, stderr);
		return rc;
	}
	rc = hub_jobs_take(g->conf, g->arena, &g->jobs, report);
	if (!rc || rc == HUB_CONF) {
		const int plan =
		    hub_plan_take(g->arena, home, path, &g->jobs, &g->plan, report, err);
		rc = plan && plan != HUB_CONF ? plan : rc;
	}
	hub_report_print(report, stderr);
	if (rc && rc != HUB_CONF)
		return rc;
	return hub_report_result(report, err);
}

int hub_generation_load(const char *home, const char *path, struct hub_generation **out,
			struct hub_err *err)
{
	struct hub_arena *arena = hub_arena_new(0);
	struct hub_generation *g = arena ? hub_alloc0(arena, sizeof *g) : NULL;
	int rc;

	if (!g) {
		hub_arena_free(arena);
		return hub_fail_mem(err);
	}
	g->arena = arena;
	if ((rc = read_conf(g, home, path, err))) {
		hub_generation_free(g);
		return rc;
	}
	if (!(g->live = hub_alloc_array(arena, g->jobs.count + 1, sizeof *g->live))) {
		hub_generation_free(g);
		return hub_fail_mem(err);
	}
	for (size_t i = 0; i < g->jobs.count; i++) {
		g->live[i].plan = &g->plan.job[i];
		g->live[i].st.name = g->jobs.job[i].name;
		g->live[i].left_file = 1;
	}
	*out = g;
	return HUB_OK;
}

void hub_generation_free(struct hub_generation *g)
{
	for (size_t i = 0; g->live && i < g->jobs.count; i++)
		if (g->live[i].watch)
			hub_watch_close(g->live[i].watch);
	hub_conf_free(g->conf);
	hub_arena_free(g->arena);
}

struct hub_live *hub_generation_find(struct hub_generation *g, struct hub_str name)
{
	for (size_t i = 0; i < g->jobs.count; i++)
		if (hub_str_eq(g->live[i].st.name, name))
			return &g->live[i];
	return NULL;
}

static struct hub_str kept(char *place, size_t size, struct hub_str text)
{
	snprintf(place, size, "%.*s", HUB_FMT(text));
	return hub_str_of(place);
}

void hub_live_restore(struct hub_live *l, const struct hub_job_state *st)
{
	const struct hub_str name = l->st.name;
	char outcome[32];
	enum hub_outcome o = HUB_ENDED_WELL;

	l->st = *st;
	l->st.name = name;
	l->st.quiet = 0; /* asked anew */
	l->st.code = kept(l->code, sizeof l->code, st->code);
	l->st.message = kept(l->message, sizeof l->message, st->message);
	l->st.file = kept(l->file, sizeof l->file, st->file);
	kept(outcome, sizeof outcome, st->outcome);
	l->st.outcome = hub_str_of(hub_outcome_by_name(outcome, &o) ? "" : hub_outcome_name(o));
}

void hub_live_take_over(struct hub_live *l, struct hub_live *old)
{
	hub_live_restore(l, &old->st);
	l->retry_ticks = old->retry_ticks;
	l->not_before = old->not_before;
	l->run = old->run;
	l->st.waiting = l->st.oldest = 0;
}

/* --- what a job wants ------------------------------------------------------------------------- */

void hub_live_want(struct hub_live *l)
{
	l->st.wanted = 1;
	if (l->run)
		return;
	l->st.tries = l->st.retry_at = 0;
	l->retry_ticks = 0;
}

void hub_live_ask(struct hub_live *l, int64_t now)
{
	const struct hub_schedule *s = &l->plan->schedule;

	if (l->st.quiet <= now || now < l->asked_at) {
		const int64_t end = hub_schedule_quiet_end(s, now);
		l->st.quiet = end > now ? end : 0;
	}
	if (!l->plan->scheduled) {
		l->st.next = 0;
		return;
	}
	if (now >= l->asked_at && now < l->ask_at)
		return;
	/* known since now; or the clock was far ahead once, which must not silence the job till then */
	if (!l->st.due || l->st.due > now + DAY)
		l->st.due = now;
	const struct hub_due d = hub_schedule_due(s, l->st.due, now);
	l->st.due = d.last;
	l->st.next = d.again == HUB_NEVER_DUE ? 0 : d.again;
	l->asked_at = now;
	l->ask_at = d.again;
	if (!d.start)
		return;
	hub_live_want(l);
	if (d.missed) {
		HUB_AUTO(buf) struct hub_buf b;
		char due[26];
		hub_log_begin(&b, HUB_LOG_INFO, "catch-up");
		hub_json_field(&b, "job", l->st.name);
		hub_time_jst(d.due, due);
		hub_json_field(&b, "due", hub_str_of(due));
		hub_log_end(&b);
	}
}

static void open_watch(struct hub_live *l, int64_t ticks)
{
	const struct hub_watching *conf = &l->plan->job->trigger.watch;
	struct hub_err err = {0};

	/* a share may come later than the daemon, or go away: told once, tried again */
	if (hub_watch_open(conf, &l->watch, &err) == HUB_OK) {
		l->complained = 0;
		return;
	}
	l->watch = NULL;
	l->look_at = ticks + REOPEN_MS;
	if (!l->complained)
		hub_log_error("folder-closed", l->st.name, &err);
	l->complained = 1;
}

void hub_live_look(struct hub_live *l, int64_t ticks)
{
	struct hub_err err = {0};

	if (!l->plan->job->trigger.watch.folder.len || ticks < l->look_at)
		return;
	if (!l->watch)
		open_watch(l, ticks);
	if (!l->watch)
		return;
	hub_watch_drain(l->watch);
	l->look_at = ticks + RESCAN_MS;
	const int rc = hub_watch_look(l->watch, ticks, &l->sight, &err);
	if (rc && !l->complained)
		hub_log_error("folder-unreadable", l->st.name, &err);
	l->complained = rc != 0;
	l->st.waiting = (int64_t)l->sight.waiting;
	l->st.oldest = l->sight.oldest / 1000;
	if (l->obstacle && !rc && !l->sight.ready && !l->left_file) { /* it is gone by itself */
		l->obstacle = 0;
		l->code[0] = l->message[0] = '\0';
		l->st.code = hub_str_of(l->code);
		l->st.message = hub_str_of(l->message);
	}
	if (l->sight.again < l->look_at)
		l->look_at = l->sight.again > ticks ? l->sight.again : ticks + 1;
}

/* What has just come, or is being read, may be what is missing: its run says. */
static int is_at_hand(const struct hub_live *l)
{
	return l->run || l->st.wanted ||
	       (l->st.waiting && l->st.oldest < l->plan->job->trigger.watch.settle / 1000 + FRESH);
}

static void say_overdue(const struct hub_live *l)
{
	HUB_AUTO(buf) struct hub_buf b;
	char at[26];

	hub_log_begin(&b, l->st.overdue ? HUB_LOG_ERROR : HUB_LOG_INFO,
		      l->st.overdue ? "overdue" : "arrived");
	hub_json_field(&b, "job", l->st.name);
	if (l->st.overdue) {
		hub_time_jst(l->st.overdue, at);
		hub_json_field(&b, "since", hub_str_of(at));
	}
	if (l->st.arrived) {
		hub_time_jst(l->st.arrived, at);
		hub_json_field(&b, "last", hub_str_of(at));
	}
	hub_log_end(&b);
}

void hub_live_expect(struct hub_live *l, int64_t now)
{
	const struct hub_plan_job *p = l->plan;
	const int64_t was = l->st.overdue;

	if (!p->expects) {
		l->st.known = l->st.overdue = 0;
		return;
	}
	if (!l->st.known || l->st.known > now)
		l->st.known = now;
	if (l->st.arrived > now) /* the clock was ahead, which must not silence it till then */
		l->st.arrived = now;
	if (is_at_hand(l) ||
	    (l->counted_at / 60 == now / 60 && l->counted_arrived == l->st.arrived))
		return;
	l->counted_at = now;
	l->counted_arrived = l->st.arrived;
	l->st.overdue = hub_schedule_overdue(&p->schedule, &p->by, l->st.arrived, l->st.known, now);
	if ((l->st.overdue != 0) != (was != 0))
		say_overdue(l);
}

int hub_live_wants(const struct hub_live *l, int64_t now, int64_t ticks)
{
	if (l->run || ticks < l->not_before)
		return 0;
	const int something = l->retry_ticks
				  ? ticks >= l->retry_ticks
				  : l->st.wanted || (l->watch && (l->left_file || l->sight.ready));
	return something && l->st.quiet <= now;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t hub_live_wake(const struct hub_live *l, int64_t now, int64_t ticks)
{
	int64_t wake = ticks + FAR_MS;

	if (l->plan->scheduled && l->ask_at != HUB_NEVER_DUE && l->ask_at - now < FAR_MS / 1000)
		wake = sooner(wake, ticks + (l->ask_at > now ? (l->ask_at - now) * 1000 : 1000));
	if (l->plan->job->trigger.watch.folder.len)
		wake = sooner(wake, l->look_at);
	if (l->run)
		return wake;
	if (l->retry_ticks)
		wake = sooner(wake, l->retry_ticks);
	if (l->not_before > ticks)
		wake = sooner(wake, l->not_before);
	return wake;
}
