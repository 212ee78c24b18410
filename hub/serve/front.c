#include "serve/front.h"

#include "base/clock.h"
#include "base/str.h"
#include "serve/log.h"
#include "serve/notify.h"
#include "serve/socket.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { FIRST_WAIT = 500, LONGEST_WAIT = 30000, STEADY_MS = 60000, KILL_MS = 3000, FAR_MS = 60000 };
/* Silent so long, it stands still; before its first word it may be changing the tables of modules. */
enum { SILENT_MS = 60000, SILENT_FIRST_MS = 900000 };
enum { FAULTS_MOST = 3, FAULTS_WITHIN = 600 /* s */ };

void hub_front_init(struct hub_front *f, const char *state)
{
	*f = (struct hub_front){.fd = -1, .wait = FIRST_WAIT, .state = state};
}

/* --- modules that make it die ----------------------------------------------------------------- */

static struct hub_module_state *module_of(struct hub_front *f, const char *area)
{
	for (size_t i = 0; i < f->modules; i++)
		if (strcmp(f->module[i].area, area) == 0)
			return &f->module[i];
	if (f->modules == HUB_MODULES_SHOWN)
		return NULL;
	struct hub_module_state *m = &f->module[f->modules++];
	*m = (struct hub_module_state){0};
	snprintf(m->area, sizeof m->area, "%s", area);
	return m;
}

static void log_module(const char *event, const struct hub_module_state *m)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_log_begin(&b, HUB_LOG_ERROR, event);
	hub_json_field(&b, "area", hub_str_of(m->area));
	hub_json_int(&b, "faults", m->faults);
	hub_json_field(&b, "how", m->hung ? HUB_STR("hung") : HUB_STR("crashed"));
	hub_log_end(&b);
}

/* Whose call was it? Three times within a short time are enough: the others must go on. */
static void blame(struct hub_front *f, int code, int signal)
{
	const int64_t now = hub_now();
	char area[HUB_AREA_BYTES];
	int hung;

	/* ended from outside: nobody's fault in there */
	if (signal == SIGKILL || signal == SIGTERM || signal == SIGINT || (!code && !signal) ||
	    !hub_blame_read(f->state, area, &hung))
		return;
	struct hub_module_state *m = module_of(f, area);
	if (!m)
		return;
	if (now - m->since > FAULTS_WITHIN)
		*m = (struct hub_module_state){.since = now};
	snprintf(m->area, sizeof m->area, "%s", area);
	m->hung = hung;
	f->faults++;
	m->off_at = ++m->faults >= FAULTS_MOST ? now : 0;
	log_module(m->off_at ? "module-off" : "module-fault", m);
}

static void put_off(const struct hub_front *f, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < f->modules; i++)
		if (f->module[i].off_at && n < size)
			n += (size_t)snprintf(out + n, size - n, "%s%s", n ? "," : "",
					      f->module[i].area);
}

void hub_front_look(struct hub_front *f)
{
	char area[HUB_AREA_BYTES], why[HUB_WHY_BYTES];

	for (size_t i = 0; hub_blame_unfit_read(f->state, i, area, why); i++) {
		struct hub_module_state *m = module_of(f, area);
		if (!m || m->off_at)
			continue;
		m->off_at = hub_now();
		snprintf(m->why, sizeof m->why, "%s", why);
	}
}

void hub_front_forgive(struct hub_front *f)
{
	hub_blame_forget(f->state);
	f->modules = 0;
}

/* ---------------------------------------------------------------------------------------------- */

int hub_front_listen(struct hub_front *f, struct hub_str address, struct hub_err *err)
{
	int fd = -1, rc;

	if (hub_str_is(address, f->address) && (f->fd != -1 || !address.len))
		return HUB_OK;
	if (address.len && (rc = hub_socket_listen(address, &fd, err)))
		return rc;
	if (f->fd != -1)
		close(f->fd);
	f->fd = fd;
	snprintf(f->address, sizeof f->address, "%.*s", HUB_FMT(address));
	if (fd == -1)
		return HUB_OK;

	HUB_AUTO(buf) struct hub_buf b;
	hub_log_begin(&b, HUB_LOG_INFO, "listen");
	hub_json_field(&b, "address", address);
	hub_json_int(&b, "port", hub_socket_port(fd));
	hub_log_end(&b);
	return HUB_OK;
}

static void start(struct hub_front *f, const char *program, const char *config, int64_t ticks)
{
	char off[HUB_MODULES_SHOWN * (HUB_AREA_BYTES + 1)];
	const char *argv[] = {"tsunagi", "serve", config, "--web", NULL, NULL, NULL};
	put_off(f, off, sizeof off);
	if (off[0]) {
		argv[4] = "--without";
		argv[5] = off;
	}
	const struct hub_child_spec spec = {.program = program, .argv = argv, .keep = f->fd};
	struct hub_err err;

	f->kill_at = 0;
	f->begun = ticks;
	f->pulse = (struct hub_pulse){.heard = ticks};
	if (hub_child_start(&spec, &f->child, &err) == HUB_OK)
		return;
	f->start_at = ticks + LONGEST_WAIT;
	hub_log_error("web-start", (struct hub_str){NULL, 0}, &err);
}

/* What the process has said since; its first word changes what people are told. */
static void listen_to(struct hub_front *f, int64_t ticks)
{
	hub_pulse_read(&f->pulse, f->child.progress, ticks);
	if (f->pulse.serving == f->serving)
		return;
	f->serving = f->pulse.serving;
	f->since = hub_now();
	if (f->serving && f->why.rc) {
		f->why = (struct hub_err){0};
		hub_notify("STATUS=");
	}
}

/* It may be stopped, or wait for itself: nothing but a kill is sure to end it. */
static void look_for_silence(struct hub_front *f, int64_t ticks)
{
	const int64_t patience = f->pulse.serving ? SILENT_MS : SILENT_FIRST_MS;

	if (f->kill_at || f->pulse.why.rc || ticks - f->pulse.heard <= patience)
		return;
	hub_fail(&f->pulse.why, HUB_FATAL, "web-hung",
		 "the web process stood still for %lld seconds and was ended",
		 (long long)(ticks - f->pulse.heard) / 1000);
	hub_child_signal(&f->child, SIGKILL);
}

/* Why does it not serve? As it said itself, or by the way it went. */
static void note_why(struct hub_front *f, int code, int signal)
{
	char text[800];

	f->why = f->pulse.why;
	if (!f->why.rc && signal)
		hub_fail(&f->why, HUB_FATAL, "web-died", "the web process was ended by signal %s",
			 sigabbrev_np(signal));
	else if (!f->why.rc)
		hub_fail(&f->why, HUB_FATAL, "web-died", "the web process ended with exit code %d",
			 code);
	snprintf(text, sizeof text, "STATUS=%s %s", f->why.what, f->why.hint);
	hub_notify(text);
}

static void ended(struct hub_front *f, int code, int signal, int64_t ticks)
{
	const int asked = f->kill_at != 0;

	hub_pulse_read(&f->pulse, f->child.progress, ticks);
	close(f->child.progress);
	f->child = (struct hub_child){0};
	f->kill_at = 0;
	if (asked || ticks - f->begun > STEADY_MS)
		f->wait = FIRST_WAIT;
	f->start_at = asked ? ticks : ticks + f->wait;
	if (f->serving || !f->since)
		f->since = hub_now();
	f->serving = 0;
	if (asked)
		return;
	f->deaths++;
	note_why(f, code, signal);
	blame(f, code, signal);

	HUB_AUTO(buf) struct hub_buf b;
	hub_log_begin(&b, HUB_LOG_ERROR, "web-died");
	hub_json_int(&b, "exit", code);
	hub_json_int(&b, "signal", signal);
	hub_json_int(&b, "again_ms", f->wait);
	hub_log_err(&b, &f->why);
	hub_log_end(&b);
	f->wait = f->wait * 2 < LONGEST_WAIT ? f->wait * 2 : LONGEST_WAIT;
}

int hub_front_step(struct hub_front *f, const char *program, const char *config, int64_t ticks)
{
	const int64_t since = f->since, deaths = f->deaths, late = f->pulse.late;
	int code, signal;

	if (f->child.pid) {
		listen_to(f, ticks);
		look_for_silence(f, ticks);
	}
	if (f->child.pid && f->kill_at && ticks >= f->kill_at)
		hub_child_signal(&f->child, SIGKILL);
	if (f->child.pid && hub_child_reap(&f->child, &code, &signal))
		ended(f, code, signal, ticks);
	if (!f->child.pid && f->fd != -1 && ticks >= f->start_at)
		start(f, program, config, ticks);
	return f->since != since || f->deaths != deaths || f->pulse.late != late;
}

struct hub_web_state hub_front_state(const struct hub_front *f)
{
	return (struct hub_web_state){.expected = f->fd != -1,
				      .serving = f->serving,
				      .since = f->since,
				      .deaths = f->deaths,
				      .late = f->serving ? f->pulse.late : 0,
				      .code = hub_str_of(f->why.code),
				      .message = hub_str_of(f->why.what),
				      .hint = hub_str_of(f->why.hint)};
}

void hub_front_restart(struct hub_front *f, int64_t ticks)
{
	if (!f->child.pid || f->kill_at)
		return;
	hub_child_signal(&f->child, SIGTERM);
	f->kill_at = ticks + KILL_MS;
}

int64_t hub_front_wake(const struct hub_front *f, int64_t ticks)
{
	if (f->child.pid)
		return f->kill_at ? f->kill_at : ticks + FAR_MS; /* its silence is looked at then */
	return f->fd == -1 ? ticks + FAR_MS : f->start_at;
}

void hub_front_close(struct hub_front *f)
{
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
	f->address[0] = '\0';
}
