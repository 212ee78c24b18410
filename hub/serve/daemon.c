#include "serve/daemon.h"

#include "base/clock.h"
#include "base/io.h"
#include "serve/asking.h"
#include "serve/front.h"
#include "serve/log.h"
#include "serve/notify.h"
#include "serve/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
	BEAT_MS = 5000, /* state file, watchdog: at least so often */
	FLURRY_MS = 20, /* several events of a folder are one look */
	STOP_MS = 3000, /* runs that are not ready to end are killed then: all is over within 5 s */
	WEB_MS = 30000, /* then we have started, whatever the web process does */
	OWN_FDS = 5,    /* 0 to 4 are what children find there */
	SIGNALS_MAX = 16,
};
_Static_assert(STOP_MS < 5000, "a stop within 5 s is promised");

struct daemon {
	const struct hub_daemon_conf *conf;
	char state[PATH_MAX]; /* folder */
	int lock, signals;
	struct hub_generation *now, *next; /* next: read, being checked */
	struct hub_child check;
	struct hub_runner runner;
	struct hub_front front;
	struct pollfd *poll;
	struct hub_job_state *shown;
	int64_t started_at, generation, beat, watchdog;
	char reload[640];        /* why it was refused */
	int stopping, dirty, up; /* up: we have said that we have started */
	int unwritten;           /* the state, and that was told */
	size_t turn;             /* which job is asked first */
};

static struct hub_str nobody(void)
{
	return (struct hub_str){NULL, 0};
}

static void say(const char *event, const char *name, int64_t value)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_log_begin(&b, HUB_LOG_INFO, event);
	hub_json_int(&b, name, value);
	hub_log_end(&b);
}

/* --- state ------------------------------------------------------------------------------------ */

static void write_state(struct daemon *d, int64_t now)
{
	hub_front_look(&d->front);
	struct hub_state s = {.pid = getpid(),
			      .started_at = d->started_at,
			      .written_at = now,
			      .stopping = d->stopping,
			      .generation = d->generation,
			      .stalled = d->now->jobs.serving.stalled / 1000,
			      .reload = hub_str_of(d->reload),
			      .job = d->shown,
			      .jobs = d->now->jobs.count,
			      .module = d->front.module,
			      .modules = d->front.modules,
			      .web = hub_front_state(&d->front)};
	struct hub_err err = {0};

	for (size_t i = 0; i < s.jobs; i++)
		d->shown[i] = d->now->live[i].st;
	const int rc = hub_state_write(d->state, &s, &err);
	if (rc && !d->unwritten)
		hub_log_error("state-unwritten", nobody(), &err);
	d->unwritten = rc != 0;
	d->dirty = 0;
	d->beat = hub_ticks_ms() + BEAT_MS;
}

/* What the last daemon of this folder knew. */
static int read_state(struct daemon *d, int64_t now, int64_t ticks, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_state s;
	int rc;

	if (!a)
		return hub_fail_mem(err);
	if ((rc = hub_state_read(a, d->state, &s, err)) < 0)
		return rc;
	for (size_t i = 0; i < s.jobs; i++) {
		struct hub_live *l = hub_generation_find(d->now, s.job[i].name);
		if (!l)
			continue;
		hub_live_restore(l, &s.job[i]);
		if (l->st.running) { /* our end was not the run's fault */
			l->st.tries -= l->st.tries > 0;
			l->retry_ticks = ticks;
		} else if (l->st.retry_at) {
			const int64_t wait = l->st.retry_at - now;
			l->retry_ticks = ticks + (wait > 0 ? wait * 1000 : 0);
		}
	}
	return HUB_OK;
}

/* --- generations ------------------------------------------------------------------------------ */

/* Room for what depends on the number of jobs. */
static int fit(struct daemon *d, const struct hub_generation *g, struct hub_err *err)
{
	const size_t n = g->jobs.count + 2 * HUB_RUNS_MAX + 5;

	d->poll = hub_alloc_array(g->arena, n, sizeof *d->poll);
	d->shown = hub_alloc_array(g->arena, g->jobs.count + 1, sizeof *d->shown);
	return d->poll && d->shown ? HUB_OK : hub_fail_mem(err);
}

/* Old generations go when nothing runs in them. */
static void sweep(struct daemon *d)
{
	for (struct hub_generation **at = &d->now->older; *at;) {
		struct hub_generation *g = *at;
		if (g->runs) {
			at = &g->older;
			continue;
		}
		*at = g->older;
		hub_generation_free(g);
	}
}

/* The job as it was; one that was taken out and comes back is known as long as its run goes on. */
static struct hub_live *find_old(struct daemon *d, struct hub_str name)
{
	struct hub_live *l = hub_generation_find(d->now, name);

	for (struct hub_generation *g = d->now->older; !l && g; g = g->older)
		if ((l = hub_generation_find(g, name)) && !l->run)
			l = NULL;
	return l;
}

static void adopt(struct daemon *d, struct hub_generation *g)
{
	for (size_t i = 0; i < g->jobs.count; i++) {
		struct hub_live *l = &g->live[i];
		struct hub_live *old = find_old(d, l->st.name);
		if (!old)
			continue;
		hub_live_take_over(l, old);
		if (l->run)
			l->run->live = l;
		old->run = NULL;
	}
	g->older = d->now;
	d->now = g;
}

static int start_check(struct daemon *d, const char *out, const char *messages, struct hub_err *err)
{
	const char *const argv[] = {"tsunagi", "check", "--start", d->conf->config, NULL};
	const struct hub_child_spec spec = {
	    .program = d->conf->program, .argv = argv, .out = out, .err = messages, .keep = -1};

	return hub_child_start(&spec, &d->check, err);
}

static void refuse_reload(struct daemon *d, const struct hub_err *err)
{
	hub_log_error("reload-refused", nobody(), err);
	snprintf(d->reload, sizeof d->reload, "%s", err->what);
	d->dirty = 1;
	if (d->next)
		hub_generation_free(d->next);
	d->next = NULL;
}

static void begin_reload(struct daemon *d)
{
	char out[PATH_MAX + 32], messages[PATH_MAX + 32];
	struct hub_err err = {0};

	if (d->check.pid || d->stopping)
		return; /* the one that is being checked is young enough */
	snprintf(out, sizeof out, "%s/check.txt", d->state);
	snprintf(messages, sizeof messages, "%s/check.messages.txt", d->state);
	if (hub_generation_load(d->conf->home, d->conf->config, &d->next, &err) ||
	    start_check(d, out, messages, &err))
		refuse_reload(d, &err);
}

/* What check said of the new files, for the log. */
static void blame_files(struct daemon *d, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	char path[PATH_MAX + 32];
	struct hub_str said = {NULL, 0};

	snprintf(path, sizeof path, "%s/check.messages.txt", d->state);
	hub_fail(err, HUB_CONF, "configuration", "the new configuration has faults");
	hub_hint(err, "The old one stays. `tsunagi check %s` shows them.", d->conf->config);
	if (a && hub_file_read(a, path, 1 << 16, &said, NULL) == HUB_OK)
		(void)!hub_write_all(STDERR_FILENO, said.ptr, said.len);
}

static void end_reload(struct daemon *d)
{
	struct hub_err err = {0};
	int code, signal;

	if (!d->check.pid || !hub_child_reap(&d->check, &code, &signal))
		return;
	close(d->check.progress);
	if (code || signal) {
		blame_files(d, &err);
		refuse_reload(d, &err);
		return;
	}
	if (hub_front_listen(&d->front, d->next->jobs.serving.listen, &err) ||
	    fit(d, d->next, &err)) {
		refuse_reload(d, &err);
		return;
	}
	adopt(d, d->next);
	d->next = NULL;
	d->reload[0] = '\0';
	d->dirty = 1;
	hub_front_forgive(&d->front);
	hub_front_restart(&d->front, hub_ticks_ms());
	say("reloaded", "generation", ++d->generation);
}

/* --- one turn of the loop --------------------------------------------------------------------- */

static void step_runs(struct daemon *d, int64_t now, int64_t ticks)
{
	for (size_t i = 0; i < HUB_RUNS_MAX; i++)
		if (d->runner.slot[i].live)
			d->dirty |= hub_run_step(&d->runner.slot[i], now, ticks, d->stopping);
}

static void step_jobs(struct daemon *d, int64_t now, int64_t ticks)
{
	const size_t n = d->now->jobs.count;
	const unsigned most = (unsigned)d->now->jobs.serving.parallel;

	for (size_t i = 0; i < n; i++) {
		struct hub_live *l = &d->now->live[(d->turn + i) % n];
		const int64_t due = l->st.due, overdue = l->st.overdue;
		hub_live_ask(l, now);
		hub_live_look(l, ticks);
		hub_live_expect(l, now);
		d->dirty |= l->st.due != due || l->st.overdue != overdue;
		if (hub_runs_active(&d->runner) < most && hub_live_wants(l, now, ticks) &&
		    hub_run_start(&d->runner, d->now, l, now, ticks) == HUB_OK) {
			d->dirty = 1;
			d->turn = (d->turn + i + 1) % n;
			break; /* the others are asked in the next turn, which comes at once */
		}
	}
}

static void begin_stop(struct daemon *d, int64_t ticks)
{
	if (d->stopping)
		return;
	d->stopping = 1;
	d->dirty = 1;
	hub_notify("STOPPING=1");
	say("stopping", "runs", hub_runs_active(&d->runner));
	for (size_t i = 0; i < HUB_RUNS_MAX; i++)
		if (d->runner.slot[i].live)
			hub_run_stop(&d->runner.slot[i], ticks, STOP_MS);
	hub_child_signal(&d->check, SIGKILL);
	hub_front_close(&d->front);
	hub_front_restart(&d->front, ticks);
}

/* What people have asked for, also while no daemon was there. */
static void take_asked(struct daemon *d)
{
	for (size_t i = 0; !d->stopping && i < d->now->jobs.count; i++) {
		struct hub_live *l = &d->now->live[i];
		if (!hub_asking_take(d->state, l->st.name))
			continue;
		hub_live_want(l);
		d->dirty = 1;
	}
}

static void take_signals(struct daemon *d, int64_t ticks)
{
	struct signalfd_siginfo got[SIGNALS_MAX];
	const ssize_t n = hub_read(d->signals, got, sizeof got);

	for (ssize_t i = 0; i * (ssize_t)sizeof got[0] < n; i++) {
		if (got[i].ssi_signo == SIGHUP)
			begin_reload(d);
		else if (got[i].ssi_signo == HUB_ASKING_SIGNAL)
			take_asked(d);
		else
			begin_stop(d, ticks);
	}
}

static int64_t next_wake(const struct daemon *d, int64_t now, int64_t ticks)
{
	int64_t wake = d->beat, w;

	if (d->watchdog && ticks + d->watchdog < wake)
		wake = ticks + d->watchdog;
	if ((w = hub_front_wake(&d->front, ticks)) < wake)
		wake = w;
	for (size_t i = 0; i < HUB_RUNS_MAX; i++)
		if (d->runner.slot[i].live && (w = hub_run_wake(&d->runner.slot[i])) < wake)
			wake = w;
	for (size_t i = 0; d->up && !d->stopping && i < d->now->jobs.count; i++) {
		const struct hub_live *l = &d->now->live[i];
		if ((w = hub_live_wake(l, now, ticks)) < wake)
			wake = w;
		if (hub_runs_active(&d->runner) < (unsigned)d->now->jobs.serving.parallel &&
		    hub_live_wants(l, now, ticks))
			wake = ticks;
	}
	return wake;
}

static size_t watch_for(struct daemon *d)
{
	struct pollfd *p = d->poll;

	*p++ = (struct pollfd){.fd = d->signals, .events = POLLIN};
	if (d->check.pid)
		*p++ = (struct pollfd){.fd = d->check.pidfd, .events = POLLIN};
	if (d->front.child.pid) {
		*p++ = (struct pollfd){.fd = d->front.child.pidfd, .events = POLLIN};
		*p++ = (struct pollfd){.fd = d->front.child.progress, .events = POLLIN};
	}
	for (size_t i = 0; i < HUB_RUNS_MAX; i++) {
		const struct hub_run_slot *s = &d->runner.slot[i];
		if (!s->live)
			continue;
		*p++ = (struct pollfd){.fd = s->child.pidfd, .events = POLLIN};
		*p++ = (struct pollfd){.fd = s->child.progress, .events = POLLIN};
	}
	for (size_t i = 0; i < d->now->jobs.count; i++)
		if (d->now->live[i].watch)
			*p++ = (struct pollfd){.fd = hub_watch_fd(d->now->live[i].watch),
					       .events = POLLIN};
	return (size_t)(p - d->poll);
}

static int has_event(const struct daemon *d, size_t n, int fd)
{
	for (size_t i = 0; i < n; i++)
		if (d->poll[i].fd == fd && d->poll[i].revents)
			return 1;
	return 0;
}

static void wait_for(struct daemon *d, int64_t wake)
{
	const int64_t before = hub_ticks_ms();
	const size_t n = watch_for(d);

	if (poll(d->poll, n, wake > before ? (int)(wake - before) : 0) <= 0)
		return;
	const int64_t ticks = hub_ticks_ms();
	if (has_event(d, n, d->signals))
		take_signals(d, ticks);
	for (size_t i = 0; i < d->now->jobs.count; i++) {
		struct hub_live *l = &d->now->live[i];
		if (!l->watch || hub_watch_fd(l->watch) == -1 ||
		    !has_event(d, n, hub_watch_fd(l->watch)))
			continue;
		hub_watch_drain(l->watch);
		if (l->look_at > ticks + FLURRY_MS)
			l->look_at = ticks + FLURRY_MS;
	}
}

/* It is not the store's absence that keeps the web process from serving, nor chance: the next one will say the same. */
static int is_hopeless(const struct hub_err *why)
{
	return why->rc < 0 && why->rc != HUB_RETRY && why->rc != HUB_LOCKED && why->rc != HUB_FATAL;
}

/* We have started when the web process serves, too: what keeps it from that is said here, where somebody looks, and no run
 * begins before. */
static int come_up(struct daemon *d, int64_t ticks, struct hub_err *err)
{
	const struct hub_front *f = &d->front;

	if (is_hopeless(&f->why)) {
		*err = f->why;
		return err->rc;
	}
	if (f->fd != -1 && !f->serving && !f->deaths && ticks - f->begun < WEB_MS)
		return HUB_OK;
	d->up = 1;
	say("started", "jobs", (int64_t)d->now->jobs.count);
	hub_notify("READY=1");
	return HUB_OK;
}

static int live(struct daemon *d, struct hub_err *err)
{
	for (int rc;;) {
		const int64_t now = hub_now(), ticks = hub_ticks_ms();
		step_runs(d, now, ticks);
		if (!d->stopping && d->up) {
			end_reload(d);
			step_jobs(d, now, ticks);
		}
		const int64_t faults = d->front.faults;
		d->dirty |= hub_front_step(&d->front, d->conf->program, d->conf->config, ticks);
		d->dirty |= d->front.faults != faults;
		if (!d->up && !d->stopping && (rc = come_up(d, ticks, err)))
			return rc;
		sweep(d);
		if (d->dirty || ticks >= d->beat)
			write_state(d, now);
		if (d->watchdog)
			hub_notify("WATCHDOG=1");
		if (d->stopping && !hub_runs_active(&d->runner) && !d->front.child.pid)
			return HUB_OK;
		wait_for(d, next_wake(d, now, ticks));
	}
}

/* --- begin and end ---------------------------------------------------------------------------- */

static int take_signal_fd(struct daemon *d, struct hub_err *err)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, HUB_ASKING_SIGNAL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	d->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return d->signals == -1 ? hub_fail_sys(err, HUB_RETRY, "cannot-start", errno, "signalfd")
				: HUB_OK;
}

/* Until the check has ended. HUB_END: we are to stop; the signal is left where it is, nobody takes another one. */
static int wait_for_check(struct daemon *d, int *code, int *signal)
{
	sigset_t set;
	int stops = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	const int stop = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	struct pollfd fd[] = {{.fd = d->check.pidfd, .events = POLLIN},
			      {.fd = stop, .events = POLLIN}};
	while (!hub_child_reap(&d->check, code, signal)) {
		const int n = poll(fd, stops ? 1 : 2, stops ? STOP_MS : -1);
		if (stops && n == 0)
			hub_child_signal(&d->check, SIGKILL);
		if (stops || !fd[1].revents)
			continue;
		stops = 1;
		hub_child_signal(&d->check, SIGTERM);
	}
	close(stop);
	return stops ? HUB_END : HUB_OK;
}

/* The files must be right before anything starts; what they say goes to our stderr. */
static int check_first(struct daemon *d, struct hub_err *err)
{
	char out[PATH_MAX + 32];
	int code, signal, rc;

	snprintf(out, sizeof out, "%s/check.txt", d->state);
	if ((rc = start_check(d, out, NULL, err)))
		return rc;
	rc = wait_for_check(d, &code, &signal);
	close(d->check.progress);
	if (rc || (!code && !signal))
		return rc;
	return hub_fail(err, HUB_CONF, "configuration", "the configuration has faults");
}

static int begin(struct daemon *d, struct hub_err *err)
{
	int rc;

	if ((rc = take_signal_fd(d, err)) ||
	    (rc = hub_generation_load(d->conf->home, d->conf->config, &d->now, err)))
		return rc;
	snprintf(d->state, sizeof d->state, "%s", d->now->plan.state);
	if ((rc = hub_state_lock(d->state, &d->lock, err)) || (rc = check_first(d, err)) ||
	    (rc = fit(d, d->now, err)) || (rc = read_state(d, hub_now(), hub_ticks_ms(), err)) ||
	    (rc = hub_front_listen(&d->front, d->now->jobs.serving.listen, err)))
		return rc;
	hub_front_forgive(&d->front); /* what a daemon before this one was told */
	d->started_at = hub_now();
	d->watchdog = hub_notify_interval();
	d->generation = d->dirty = 1;
	take_asked(d);
	d->runner = (struct hub_runner){
	    .program = d->conf->program, .config = d->conf->config, .state = d->state};
	return HUB_OK;
}

static void end(struct daemon *d)
{
	if (d->now) {
		sweep(d);
		hub_generation_free(d->now);
	}
	if (d->next)
		hub_generation_free(d->next);
	hub_front_close(&d->front);
	close(d->signals);
	close(d->lock);
}

static void tell_manager(const struct hub_err *err)
{
	char text[800];

	snprintf(text, sizeof text, "STATUS=%s %s", err->what, err->hint);
	hub_notify(text);
}

int hub_daemon_run(const struct hub_daemon_conf *conf, struct hub_err *err)
{
	struct hub_arena *arena = hub_arena_new(0);
	struct daemon *d = arena ? hub_alloc0(arena, sizeof *d) : NULL;
	int fd = 0;

	while (fd != -1 && fd < OWN_FDS) /* stays open: nothing of ours may get such a number */
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (!d) {
		hub_arena_free(arena);
		return hub_fail_mem(err);
	}
	d->conf = conf;
	d->lock = d->signals = -1;
	hub_front_init(&d->front, d->state);
	int rc = begin(d, err);
	rc = rc == HUB_END ? HUB_OK : rc ? rc : live(d, err); /* END: told to stop meanwhile */
	if (rc == HUB_OK)
		say("stopped", "generation", d->generation);
	if (rc)
		tell_manager(err);
	end(d);
	hub_arena_free(arena);
	return rc;
}
