#include "cli/status_jobs.h"

#include "base/clock.h"
#include "cli/out.h"
#include "serve/state.h"
#include "serve/watch.h"

enum { TIMES = 5 };

static const struct {
	const char *word, *title;
	int right;
} columns[] = {
    {"job", HUB_N("job"), 0},
    {"state", HUB_N("state"), 0},
    {"begun", HUB_N("begun"), 0},
    {"ended", HUB_N("ended"), 0},
    {"outcome", HUB_N("outcome"), 0},
    {"rows", HUB_N("records"), 1},
    {"rejected", HUB_N("rejected"), 1},
    {"waiting", HUB_N("files waiting"), 1},
    {"next", HUB_N("next"), 0},
    {"arrived", HUB_N("something new"), 0},
    {"overdue", HUB_N("missing since"), 0},
    {"message", HUB_N("message"), 0},
};

static const char *state_of(const struct hub_job_state *j, int runs)
{
	if (j->running)
		return runs ? HUB_N("running") : HUB_N("interrupted");
	if (j->retry_at)
		return HUB_N("retrying");
	if (j->quiet && (j->waiting || j->wanted))
		return HUB_N("held back");
	if (j->waiting || j->wanted)
		return HUB_N("waiting");
	if (j->failed)
		return HUB_N("failed");
	return j->overdue ? HUB_N("overdue") : HUB_N("idle");
}

static void put_row(struct hub_table *t, const struct hub_job_state *j, int runs)
{
	enum hub_outcome o;

	hub_table_str(t, j->name);
	hub_table_word(t, state_of(j, runs));
	hub_table_time(t, j->begun_at);
	hub_table_time(t, j->running ? 0 : j->ended_at);
	if (hub_outcome_by_name(j->outcome.ptr, &o) == 0)
		hub_table_word(t, hub_outcome_name(o));
	else
		hub_table_str(t, j->outcome);
	hub_table_int(t, j->rows);
	hub_table_int(t, j->rejected);
	hub_table_int(t, j->waiting);
	hub_table_time(t, j->retry_at ? j->retry_at : j->next);
	hub_table_time(t, j->arrived);
	hub_table_time(t, j->overdue);
	hub_table_str(t, j->message);
}

static void say_overdue(const struct hub_job_state *j)
{
	char since[26], last[26];

	hub_time_jst(j->overdue, since);
	hub_time_jst(j->arrived, last);
	if (j->arrived)
		fprintf(stderr,
			hub_tr("job %.*s: something new was expected by %.16s, the last came "
			       "%.16s\n"),
			HUB_FMT(j->name), since, last);
	else
		fprintf(stderr,
			hub_tr("job %.*s: something new was expected by %.16s, nothing has come "
			       "yet\n"),
			HUB_FMT(j->name), since);
}

/* Nobody looks into the folder and at the clock while no daemon runs, so we do. */
static void look_into(const struct hub_plan_job *p, struct hub_job_state *j)
{
	const int64_t now = hub_now();
	int64_t next;

	if (p->job->trigger.watch.folder.len)
		j->waiting = (int64_t)hub_watch_count(&p->job->trigger.watch);
	if (p->scheduled && hub_schedule_times(&p->schedule, now, &next, 1))
		j->next = next;
	if (p->expects && (j->known || j->arrived))
		j->overdue = hub_schedule_overdue(&p->schedule, &p->by, j->arrived, j->known, now);
}

/* A message, like others to people: the table is about jobs. */
static void say_modules(const struct hub_state *s)
{
	char at[26];

	for (size_t i = 0; i < s->modules; i++) {
		const struct hub_module_state *m = &s->module[i];
		if (!m->off_at)
			continue;
		hub_time_jst(m->off_at, at);
		if (m->why[0]) {
			fprintf(stderr,
				hub_tr("the module %s is switched off: %s; a reload of the "
				       "configuration tries it again\n"),
				m->area, m->why);
			continue;
		}
		fprintf(stderr,
			hub_tr("the module %s is switched off since %.16s: it %s %lld times within "
			       "ten minutes; a reload of the configuration tries it again\n"),
			m->area, at, m->hung ? hub_tr("hung") : hub_tr("crashed"),
			(long long)m->faults);
	}
}

static void say_web(const struct hub_web_state *w)
{
	char at[26];

	if (w->late)
		fprintf(
		    stderr,
		    hub_tr("%lld requests have not been answered for a minute while others are; "
			   "a reload of the configuration ends them\n"),
		    (long long)w->late);
	if (!w->expected || w->serving || !w->message.len)
		return;
	hub_time_jst(w->since, at);
	fprintf(stderr, hub_tr("HTTP is not served since %.16s: %.*s\n"), at, HUB_FMT(w->message));
	if (w->hint.len)
		fprintf(stderr, "%.*s\n", HUB_FMT(w->hint));
}

/* A full disk, or it hangs: what the table shows is from then. */
static int say_silent(const struct hub_state *s)
{
	char at[26];

	if (hub_now() - s->written_at <= HUB_STATE_SILENT)
		return 0;
	hub_time_jst(s->written_at, at);
	fprintf(
	    stderr,
	    hub_tr("the daemon has written nothing since %.19s, and this is how it was then: is "
		   "the disk full? Its log says more\n"),
	    at);
	return 1;
}

int hub_status_jobs(struct hub_cli *cli, const struct hub_plan *plan, struct hub_table **out,
		    int *runs, int *amiss)
{
	struct hub_state s;
	int rc;

	*amiss = 0;
	*runs = hub_state_is_held(plan->state);
	if ((rc = hub_state_read(cli->arena, plan->state, &s, cli->err)) < 0)
		return rc;
	if (!(*out = hub_table_new(cli->arena, (struct hub_str){NULL, 0})))
		return hub_fail_mem(cli->err);
	for (size_t i = 0; i < HUB_COUNT(columns); i++)
		hub_table_col(*out, columns[i].word, hub_tr(columns[i].title), columns[i].right);
	for (size_t i = 0; i < plan->jobs->count; i++) {
		const struct hub_plan_job *p = &plan->job[i];
		const struct hub_job_state *known = hub_state_find(&s, p->job->name);
		struct hub_job_state j =
		    known ? *known : (struct hub_job_state){.outcome = HUB_STR("")};
		j.name = p->job->name;
		if (!*runs)
			look_into(p, &j);
		if (!p->expects)
			j.overdue = 0;
		*amiss |= j.overdue != 0;
		put_row(*out, &j, *runs);
		if (j.overdue)
			say_overdue(&j);
	}
	if (*runs) {
		*amiss |= say_silent(&s);
		say_web(&s.web);
	}
	say_modules(&s);
	return HUB_OK;
}

void hub_check_times(const struct hub_plan *plan, int64_t after)
{
	for (size_t i = 0; i < plan->jobs->count; i++) {
		const struct hub_plan_job *p = &plan->job[i];
		const struct hub_watching *w = &p->job->trigger.watch;
		int64_t times[TIMES];
		char text[26];
		if (w->folder.len)
			printf(hub_tr("  %.*s: when files arrive in %s\n"), HUB_FMT(p->job->name),
			       w->folder.ptr);
		if (p->expects) {
			hub_time_jst(hub_cron_next(&p->by, p->schedule.holidays, after), text);
			printf(hub_tr("  %.*s: something new is expected by %.10s %.5s\n"),
			       HUB_FMT(p->job->name), text, text + 11);
		}
		if (!p->scheduled)
			continue;
		const size_t n = hub_schedule_times(&p->schedule, after, times, TIMES);
		printf("  %.*s:", HUB_FMT(p->job->name));
		for (size_t k = 0; k < n; k++) {
			hub_time_jst(times[k], text);
			printf("%s %.10s %.5s", k ? "," : "", text, text + 11);
		}
		printf("%s\n", n ? "" : hub_tr(" never: a blackout covers every due time"));
	}
}
