#include "serve/run.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "serve/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

enum { LINES_LIMIT = 1 << 16, AGAIN_MS = 200, TROUBLE_MS = 5000, ARGS = 16 };
#define NS INT64_C(1000000000)

/* --- start ------------------------------------------------------------------------------------ */

/* Held by the run itself, so that it outlives the daemon exactly as long as the run does. HUB_LOCKED: a
 * run that an earlier daemon began has not ended yet. */
static int lock_job(const struct hub_runner *r, struct hub_str job, int *fd, struct hub_err *err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%.*s.lock", r->state, HUB_FMT(job));
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd == -1)
		return hub_fail_sys(err, HUB_RETRY, "cannot-open", errno, path);
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return HUB_OK;
	close(*fd);
	return HUB_LOCKED;
}

static struct hub_run_slot *free_slot(struct hub_runner *r)
{
	for (size_t i = 0; i < HUB_RUNS_MAX; i++)
		if (!r->slot[i].live)
			return &r->slot[i];
	return NULL;
}

static int launch(const struct hub_runner *r, struct hub_run_slot *s, const struct hub_live *l,
		  const struct hub_taken *file, int lock, struct hub_err *err)
{
	char job[256], out[PATH_MAX], messages[PATH_MAX];
	const char *argv[ARGS] = {"tsunagi", "run",           r->config, job,
				  "--quiet", "--progress-fd", "3"};
	size_t n = 7;

	snprintf(job, sizeof job, "%.*s", HUB_FMT(l->st.name));
	snprintf(out, sizeof out, "%s/%s.report.txt", r->state, job);
	snprintf(messages, sizeof messages, "%s/%s.messages.txt", r->state, job);
	if (file) {
		argv[n++] = "--input";
		argv[n++] = file->path;
		argv[n++] = "--rejects";
		argv[n++] = file->rejects;
	}
	const struct hub_child_spec spec = {.program = r->program,
					    .argv = argv,
					    .out = file ? file->report : out,
					    .err = file ? file->messages : messages,
					    .memory = l->plan->job->trigger.limits.memory,
					    .keep = lock};
	return hub_child_start(&spec, &s->child, err);
}

static void log_start(const struct hub_live *l, const struct hub_run_slot *s)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_log_begin(&b, HUB_LOG_INFO, "run-start");
	hub_json_field(&b, "job", l->st.name);
	hub_json_int(&b, "pid", s->child.pid);
	hub_json_int(&b, "try", l->st.tries);
	if (l->st.file.len)
		hub_json_field(&b, "file", l->st.file);
	hub_log_end(&b);
}

static void begin(struct hub_run_slot *s, struct hub_generation *g, struct hub_live *l, int64_t now,
		  int64_t ticks)
{
	s->live = l;
	s->generation = g;
	s->began = ticks;
	s->deadline = ticks + l->plan->job->trigger.limits.time;
	g->runs++;
	l->run = s;
	l->retry_ticks = l->st.retry_at = l->st.wanted = 0;
	l->st.running = 1;
	l->st.tries++;
	l->st.runs++;
	l->st.begun_at = l->st.moved_at = now;
	l->st.run = l->st.rows = l->st.rejected = 0;
	l->code[0] = l->message[0] = '\0';
	l->obstacle = 0;
	l->st.code.len = l->st.message.len = 0;
	log_start(l, s);
}

static void show_file(struct hub_live *l, const char *name)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_str shown = a && name ? hub_log_name(a, name) : HUB_STR("");

	snprintf(l->file, sizeof l->file, "%.*s", HUB_FMT(shown));
	l->st.file = hub_str_of(l->file);
}

/* It is tried again every few seconds, perhaps all night: told once, and shown for as long. */
static void say_obstacle(struct hub_live *l, const struct hub_err *err)
{
	if (strcmp(l->message, err->what) != 0 || strcmp(l->code, err->code) != 0)
		hub_log_error("cannot-start", l->st.name, err);
	snprintf(l->code, sizeof l->code, "%s", err->code);
	snprintf(l->message, sizeof l->message, "%s", err->what);
	l->obstacle = 1;
	l->st.code = hub_str_of(l->code);
	l->st.message = hub_str_of(l->message);
}

int hub_run_start(struct hub_runner *r, struct hub_generation *g, struct hub_live *l, int64_t now,
		  int64_t ticks)
{
	struct hub_run_slot *s = free_slot(r);
	struct hub_taken file = {0};
	struct hub_err err = {0};
	int lock = -1, rc;

	if (!s)
		return HUB_END;
	rc = lock_job(r, l->st.name, &lock, &err);
	if (!rc && l->watch)
		rc = hub_watch_take(l->watch, &file, &err);
	if (rc == HUB_OK) {
		*s = (struct hub_run_slot){.watch = l->watch};
		hub_buf_init(&s->lines, LINES_LIMIT);
		rc = launch(r, s, l, l->watch ? &file : NULL, lock, &err);
	}
	if (lock != -1 && rc != HUB_LOCKED)
		close(lock);
	if (rc == HUB_OK) {
		show_file(l, file.name);
		begin(s, g, l, now, ticks);
		return HUB_OK;
	}
	if (rc == HUB_END) { /* whatever waited is gone, there is nothing to try again either */
		l->left_file = 0;
		l->sight.ready -= l->sight.ready > 0;
		l->retry_ticks = l->st.retry_at = l->st.running = l->st.wanted = 0;
		return HUB_END;
	}
	l->not_before = ticks + (rc == HUB_LOCKED ? AGAIN_MS : TROUBLE_MS);
	if (rc != HUB_LOCKED)
		say_obstacle(l, &err);
	return HUB_END;
}

/* --- what it says ----------------------------------------------------------------------------- */

static void take_line(struct hub_run_slot *s, struct hub_str line, int64_t now)
{
	struct hub_live *l = s->live;
	json_error_t why;
	json_t *o = hub_json_read(line, JSON_REJECT_DUPLICATES, &why);
	const char *event = json_string_value(json_object_get(o, "event"));

	if (event && strcmp(event, "progress") == 0) {
		const int64_t rows = hub_json_number(o, "rows");
		if (rows != l->st.rows)
			l->st.moved_at = now;
		l->st.rows = rows;
		l->st.rejected = hub_json_number(o, "rejected");
	} else if (event && strcmp(event, "run") == 0) {
		l->st.run = hub_json_number(o, "run");
		l->st.rows = s->read = hub_json_number(o, "read");
		l->st.rejected = s->rejected = hub_json_number(o, "rejected");
		s->unchanged = hub_json_number(o, "unchanged");
		s->written = hub_json_number(o, "written");
		hub_json_text(o, "content", s->content, sizeof s->content);
	} else if (event && strcmp(event, "release") == 0) {
		l->st.run = hub_json_number(o, "release");
		l->st.rows = hub_json_number(o, "written");
	} else if (event && strcmp(event, "end") == 0) {
		hub_json_text(o, "code", l->code, sizeof l->code);
		hub_json_text(o, "message", l->message, sizeof l->message);
		hub_json_text(o, "hint", s->hint, sizeof s->hint);
		l->st.code = hub_str_of(l->code);
		l->st.message = hub_str_of(l->message);
	}
	json_decref(o);
}

static void read_lines(struct hub_run_slot *s, int64_t now)
{
	char *room;
	ssize_t n;

	/* a line of ours is far shorter than the limit: what is longer is forgotten */
	while ((room = hub_buf_room(&s->lines, PIPE_BUF)) &&
	       (n = hub_read(s->child.progress, room, PIPE_BUF)) > 0) {
		s->lines.len += (size_t)n;
		struct hub_str rest = hub_buf_text(&s->lines);
		for (size_t end; (end = hub_str_find(rest, HUB_STR("\n"), 0)) != (size_t)-1;) {
			take_line(s, hub_str_cut(rest, 0, end), now);
			rest = hub_str_from(rest, end + 1);
		}
		memmove(s->lines.ptr, rest.ptr, rest.len);
		s->lines.len = rest.len;
	}
	if (!room)
		hub_buf_reset(&s->lines);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void say_crash(struct hub_live *l, int signal, int timed_out)
{
	if (timed_out) {
		snprintf(l->code, sizeof l->code, "time-over");
		snprintf(l->message, sizeof l->message, "%s",
			 hub_tr("the run took longer than limits.time allows and was ended"));
	} else if (signal) {
		snprintf(l->code, sizeof l->code, "killed");
		snprintf(l->message, sizeof l->message, hub_tr("the run was ended by signal %s"),
			 sigabbrev_np(signal));
	}
	l->st.code = hub_str_of(l->code);
	l->st.message = hub_str_of(l->message);
}

/* A file without a record may be a dump that broke off: no failure, but somebody should know. */
static int is_empty(const struct hub_run_slot *s)
{
	return s->watch && s->content[0] && !s->read && !s->unchanged && !s->live->st.failed;
}

static void put_result(struct hub_buf *b, const struct hub_run_slot *s)
{
	const struct hub_job_state *st = &s->live->st;

	hub_json_field(b, "job", st->name);
	hub_json_field(b, "outcome", st->outcome);
	hub_json_int(b, "exit", st->exit);
	if (st->signal)
		hub_json_int(b, "signal", st->signal);
	hub_json_int(b, "try", st->tries);
	if (st->run)
		hub_json_int(b, "run", st->run);
	hub_json_int(b, "rows", st->rows);
	hub_json_int(b, "rejected", st->rejected);
	if (is_empty(s))
		hub_json_int(b, "empty", 1);
	if (st->code.len) {
		hub_json_field(b, "code", st->code);
		hub_json_field(b, "message", st->message);
		hub_json_field(b, "hint", hub_str_of(s->hint));
	}
}

static void log_end(const struct hub_run_slot *s, int64_t now, int64_t wait)
{
	const struct hub_live *l = s->live;
	HUB_AUTO(buf) struct hub_buf b;
	char at[26];

	hub_log_begin(&b,
		      l->st.failed                                 ? HUB_LOG_ERROR
		      : wait >= 0 || is_empty(s) || l->st.code.len ? HUB_LOG_WARN
								   : HUB_LOG_INFO,
		      "run-end");
	put_result(&b, s);
	if (l->st.file.len)
		hub_json_field(&b, "file", l->st.file);
	if (wait >= 0) {
		hub_time_jst(now + (wait + 999) / 1000, at);
		hub_json_field(&b, "again_at", hub_str_of(at));
	}
	hub_log_end(&b);
}

static int finish_file(const struct hub_run_slot *s, int64_t now, struct hub_err *err)
{
	const struct hub_job_state *st = &s->live->st;
	HUB_AUTO(buf) struct hub_buf b;
	char at[26];

	hub_buf_init(&b, 1 << 16);
	hub_buf_puts(&b, "{");
	hub_json_field(&b, "file", st->file);
	if (s->content[0])
		hub_json_field(&b, "sha256", hub_str_of(s->content));
	hub_json_field(&b, "result", st->failed ? HUB_STR("rejected") : HUB_STR("done"));
	if (s->unchanged)
		hub_json_int(&b, "unchanged", 1);
	put_result(&b, s);
	hub_time_jst(st->begun_at, at);
	hub_json_field(&b, "begun_at", hub_str_of(at));
	hub_time_jst(now, at);
	hub_json_field(&b, "ended_at", hub_str_of(at));
	hub_buf_puts(&b, "}\n");
	if (!hub_buf_ok(&b))
		return hub_fail_mem(err);
	return hub_watch_finish(s->watch, !st->failed, hub_buf_text(&b), err);
}

static void note(struct hub_run_slot *s, const char *code, const char *message, const char *hint)
{
	struct hub_live *l = s->live;

	snprintf(l->code, sizeof l->code, "%s", code);
	snprintf(l->message, sizeof l->message, "%s", message);
	snprintf(s->hint, sizeof s->hint, "%s", hint);
	l->st.code = hub_str_of(l->code);
	l->st.message = hub_str_of(l->message);
}

/* Was it something new? What a sender that has stopped leaves behind (the same file, an old one, an empty one) ends well
 * and is none. */
static void judge_arrival(struct hub_run_slot *s, int64_t now)
{
	const struct hub_plan_job *p = s->live->plan;
	struct hub_job_state *st = &s->live->st;
	const int64_t present = (now + 1) * NS;
	/* the sender's clock, or ours, was ahead: that must not make every later file an old one */
	const int64_t written = s->written < present ? s->written : present;

	if (p->job->kind != HUB_JOB_INTAKE)
		return;
	if (st->written > present)
		st->written = 0;
	if (!s->unchanged)
		st->records = s->read;
	if (written && written < st->written) {
		note(
		    s, "older-file",
		    hub_tr("the file is older than the one before it; it was loaded all the same"),
		    hub_tr("Look whether the sender has sent an old file; `tsunagi undo RUN` takes "
			   "it back."));
		return;
	}
	if (written && written == st->written)
		return;
	if (p->expects && st->records < p->job->trigger.expect.records) {
		note(s, "too-few-records",
		     hub_tr("fewer records came than expect.records says; they were loaded all the "
			    "same"),
		     hub_tr("Look whether the sender's file has broken off."));
		return;
	}
	st->arrived = now;
	st->written = written;
}

/* Back to idle. */
static void release_slot(struct hub_run_slot *s)
{
	s->live->run = NULL;
	s->live->look_at = 0;
	s->generation->runs--;
	hub_buf_free(&s->lines);
	*s = (struct hub_run_slot){0};
}

/* That the store cannot be reached, or has no room, is not the file's fault. */
static int is_of_store(enum hub_outcome o, struct hub_str code)
{
	return o == HUB_ENDED_UNAVAILABLE &&
	       (hub_str_starts(code, HUB_STR("store-")) || hub_str_is(code, "disk-full"));
}

static void settle(struct hub_run_slot *s, enum hub_outcome o, int64_t now, int64_t ticks)
{
	struct hub_live *l = s->live;
	struct hub_err err = {0};
	int64_t wait = hub_outcome_wait(o, (unsigned)l->st.tries, &l->plan->job->trigger.retry);

	l->st.running = 0;
	l->st.failed = wait < 0 && o != HUB_ENDED_WELL;
	if (l->st.failed && s->watch && is_of_store(o, l->st.code))
		wait = l->plan->job->trigger.retry.most; /* told as a failure; the file waits */
	if (o == HUB_ENDED_WELL)
		judge_arrival(s, now);
	l->st.ended_well += o == HUB_ENDED_WELL;
	l->st.ended_badly += o != HUB_ENDED_WELL;
	if (wait < 0 && s->watch && finish_file(s, now, &err)) {
		/* the store has it all: the run is done again, finds nothing to do, and tries to move it */
		hub_log_error("cannot-finish", l->st.name, &err);
		wait = TROUBLE_MS;
	}
	log_end(s, now, wait);
	if (wait >= 0) {
		l->st.retries++;
		l->retry_ticks = ticks + wait;
		l->st.retry_at = now + (wait + 999) / 1000;
		return;
	}
	l->st.tries = 0;
	l->file[0] = '\0';
	l->st.file.len = 0;
}

int hub_run_step(struct hub_run_slot *s, int64_t now, int64_t ticks, int stopping)
{
	struct hub_live *l = s->live;
	int code = 0, signal = 0;

	read_lines(s, now);
	if (!s->kill_at && ticks >= s->deadline) {
		s->timed_out = 1;
		hub_run_stop(s, ticks, HUB_KILL_AFTER_MS);
	}
	if (s->kill_at && ticks >= s->kill_at) {
		hub_child_signal(&s->child, SIGKILL);
		s->kill_at = ticks + HUB_KILL_AFTER_MS;
	}
	if (!hub_child_reap(&s->child, &code, &signal))
		return 0;
	read_lines(s, now); /* its last words */
	close(s->child.progress);

	const enum hub_outcome o = hub_outcome_of(code, signal, s->timed_out);
	l->st.exit = code;
	l->st.signal = signal;
	l->st.outcome = hub_str_of(hub_outcome_name(o));
	l->st.ended_at = l->st.moved_at = now;
	l->st.seconds += (ticks - s->began + 999) / 1000;
	if (signal || s->timed_out)
		say_crash(l, signal, s->timed_out);
	if (stopping && o == HUB_ENDED_INTERRUPTED) {
		HUB_AUTO(buf) struct hub_buf b;
		hub_log_begin(&b, HUB_LOG_INFO, "run-left");
		hub_json_field(&b, "job", l->st.name);
		hub_log_end(&b);
	} else {
		settle(s, o, now, ticks);
	}
	release_slot(s);
	return 1;
}

void hub_run_stop(struct hub_run_slot *s, int64_t ticks, int64_t after)
{
	if (s->kill_at)
		return;
	hub_child_signal(&s->child, SIGTERM);
	s->kill_at = ticks + after;
}

int64_t hub_run_wake(const struct hub_run_slot *s)
{
	return s->kill_at ? s->kill_at : s->deadline;
}

unsigned hub_runs_active(const struct hub_runner *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < HUB_RUNS_MAX; i++)
		n += r->slot[i].live != NULL;
	return n;
}
