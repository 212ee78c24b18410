#include "serve/web.h"

#include "base/clock.h"
#include "base/io.h"
#include "serve/keeper.h"
#include "serve/pulse.h"
#include "serve/push.h"
#include "serve/routes.h"
#include "serve/views.h"
#include "store/schema.h"

#include <signal.h>

/* ONE_ADDRESS: of the 1000 connections, so that no single machine keeps the others out; behind a proxy all are one */
enum { TABLES_MAX = 32, POOL = 16, WORKERS = 32, PEM_MAX = 1 << 20, ONE_ADDRESS = 750 };
/* Longer than anything that one request does while all others wait for it (finding what a viewer may see of a large store) */
enum { STUCK_MS = 600000 };
/* Longer than people wait for an answer: told to the daemon, for who looks after it */
enum { LATE_MS = 60000 };

static int open_views(struct hub_web *w, struct hub_err *err)
{
	const struct hub_views_conf conf = {.home = w->conf->home,
					    .plugins = w->conf->plugins,
					    .jobs = &w->site->jobs,
					    .schema = w->schema,
					    .pool = w->pool};
	struct hub_report *report = hub_report_new(w->arena);
	const int rc =
	    report ? hub_views_open(w->arena, &conf, report, &w->views, err) : hub_fail_mem(err);

	hub_report_print(report, stderr);
	return rc;
}

/* arg: what its handlers get as self. */
static int add_table(struct hub_web *w, struct hub_api_table t, const void *arg,
		     struct hub_err *err)
{
	t.arg = (void *)(uintptr_t)arg;
	return hub_api_add(w->api, &t, err);
}

/* Every table of routes. */
static int add_api(struct hub_web *w, struct hub_err *err)
{
	int rc = open_views(w, err);

	if (rc || (rc = hub_api_new(w->arena, w->pool, w->push, &w->api, err)))
		return rc;
	w->modules->view = w->views;
	if ((rc = hub_scribe_new(w->arena, w->pool, &w->scribe, err)))
		return rc;
	hub_api_set_scribe(w->api, w->scribe);
	if ((rc = add_table(w, hub_metrics_table, w, err)) ||
	    (rc = add_table(w, hub_push_table, w->push, err)) ||
	    (rc = add_table(w, hub_session_table, w->access, err)) ||
	    (rc = add_table(w, hub_setup_table, w->access, err)) ||
	    (rc = add_table(w, hub_accounts_table, w->access, err)) ||
	    (rc = add_table(w, hub_programs_table, w->access, err)) ||
	    (rc = add_table(w, hub_staff_table, w->access, err)) ||
	    (rc = add_table(w, hub_openapi_table, w->api, err)) ||
	    (rc = add_table(w, hub_jobs_table, w, err)) ||
	    (rc = add_table(w, hub_schema_table, w, err)) ||
	    (rc = add_table(w, hub_site_table, NULL, err)) ||
	    (rc = add_table(w, hub_records_table, w->views, err)) ||
	    (rc = add_table(w, hub_sharing_table, w->views, err)))
		return rc;
	return hub_modules_add(w->modules, w->api, err);
}

/* Without modules a store that cannot be reached yet is no reason not to serve; one that is unfit for us always is. */
static int make_tables(struct hub_web *w, struct hub_err *err)
{
	struct hub_store *store;
	int rc = hub_pool_take(w->pool, &store, err);

	if (rc)
		return rc == HUB_RETRY && !w->modules->n ? HUB_OK : rc;
	rc = hub_modules_migrate(w->modules, hub_store_db(store), err);
	hub_pool_give(w->pool, store, rc);
	return rc;
}

static int open_modules(struct hub_web *w, struct hub_err *err)
{
	const struct hub_jobs *jobs = &w->site->jobs;
	struct hub_report *report = hub_report_new(w->arena);
	struct hub_plugins *plugins = hub_plugins_new(w->arena);
	struct hub_modules *m = w->modules = hub_alloc0(w->arena, sizeof *m);
	int rc;

	if (!report || !plugins || !m)
		return hub_fail_mem(err);
	m->holidays = w->site->plan.holidays;
	m->roles = &w->access->roles;
	m->keys = hub_jobs_keys(w->arena, jobs);
	m->handler = jobs->serving.handler;
	if (!jobs->services)
		return make_tables(w, err);
	if ((rc = hub_plugins_load(plugins, w->conf->plugins, err)) ||
	    (rc = hub_blame_open(w->site->plan.state, &m->blame, err)))
		return rc;
	rc = hub_modules_take(w->arena, plugins, jobs->services, w->conf->without, m, report, err);
	hub_report_print(report, stderr);
	if (rc)
		return rc == HUB_CONF ? hub_report_result(report, err) : rc;
	hub_blame_catch();
	return make_tables(w, err);
}

/* What the routes share. */
static int open_shared(struct hub_web *w, struct hub_access *access, struct hub_err *err)
{
	const struct hub_jobs *jobs = &w->site->jobs;
	const struct hub_serving *serving = &jobs->serving;
	struct hub_report *report = hub_report_new(w->arena);
	const char *path =
		       hub_arena_printf(w->arena, "%s/schemas/common-case.cfg", w->conf->home).ptr,
		   *local = jobs->schema.len ? hub_arena_cstr(w->arena, jobs->schema) : NULL;
	int rc;

	if (!report || !path)
		return hub_fail_mem(err);
	rc = hub_schema_load(w->arena, path, local, &w->schema, report, err);
	hub_report_print(report, stderr);
	if (rc ||
	    (rc = hub_pool_new(hub_jobs_store(w->arena, jobs), w->schema, POOL, &w->pool, err)))
		return rc;
	rc = hub_access_open(w->arena, w->conf->home, &serving->tls, &serving->access, w->pool,
			     hub_jobs_keys(w->arena, jobs), access, err);
	w->access = access;
	return rc;
}

/* A PEM file as the TLS library wants it: a text with a NUL byte; *out stays NULL when none is named. */
static int read_pem(const struct hub_web *w, struct hub_str path, const char **out,
		    struct hub_err *err)
{
	struct hub_str text;
	const int rc = path.len ? hub_file_read(w->arena, path.ptr, PEM_MAX, &text, err) : HUB_OK;

	if (rc || !path.len)
		return rc;
	*out = hub_arena_cstr(w->arena, text);
	return *out ? HUB_OK : hub_fail_mem(err);
}

/* Until the end. A process that gets nothing done falls silent, and the daemon puts another one in its place. */
static void serve_until(const struct hub_web *w, const struct hub_http *http, const sigset_t *end)
{
	const struct timespec rest = {HUB_PULSE_MS / 1000, 0};

	do {
		if (!hub_http_is_stuck(http, STUCK_MS))
			hub_pulse_beat(w->pulse, hub_http_late(http, LATE_MS));
	} while (sigtimedwait(end, NULL, &rest) == -1);
}

static int listen_until(const struct hub_web *w, const sigset_t *end, struct hub_err *err)
{
	const struct hub_tls_conf *tls = &w->site->jobs.serving.tls;
	struct hub_http_table table[TABLES_MAX];
	struct hub_http *http = NULL;
	struct hub_http_conf conf = {.fd = HUB_DAEMON_LISTEN_FD,
				     .workers = WORKERS,
				     .per_address = w->access->proxies.len ? 0 : ONE_ADDRESS,
				     .table = table,
				     .tables = hub_api_tables(w->api, table, TABLES_MAX),
				     .both = 1,
				     .ja = w->ja,
				     .guard = hub_guard,
				     .after = hub_guard_after,
				     .arg = w->access};
	int rc;

	if ((rc = read_pem(w, tls->cert, &conf.cert, err)) ||
	    (rc = read_pem(w, tls->key, &conf.key, err)) ||
	    (rc = read_pem(w, tls->client_ca, &conf.client_ca, err)))
		return rc;
	if (!(rc = hub_http_start(&conf, &http, err)))
		serve_until(w, http, end);
	hub_push_stop(w->push); /* streams have no end of their own */
	hub_http_stop(http);
	return rc;
}

static int serve(struct hub_web *w, const sigset_t *end, struct hub_err *err)
{
	struct hub_keeper_conf keep = {
	    .pool = w->pool, .times = &w->access->times, .state = w->site->plan.state, .ja = w->ja};
	const struct hub_push_conf push = {.alive = hub_keeper_is_alive, .arg = &keep};
	struct hub_keeper *keeper = NULL;
	int rc;

	if ((rc = hub_push_new(w->arena, &push, &w->push, err)))
		return rc;
	keep.push = w->push;
	rc = open_modules(w, err);
	keep.modules = w->modules;
	if (!rc && !(rc = add_api(w, err))) {
		keep.api = w->api;
		if (!(rc = hub_keeper_start(w->arena, &keep, &keeper, err)))
			rc = listen_until(w, end, err);
		hub_keeper_stop(keeper);
	}
	if (w->modules)
		hub_modules_close(w->modules);
	hub_scribe_free(w->scribe);
	hub_push_free(w->push);
	return rc;
}

static int run(const struct hub_daemon_conf *conf, int pulse, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *arena = hub_arena_new(0);
	struct hub_generation *site = NULL;
	struct hub_access access = {0};
	sigset_t end;
	int rc;

	if (!arena)
		return hub_fail_mem(err);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGINT);
	sigprocmask(SIG_BLOCK, &end, NULL);
	if ((rc = hub_generation_load(conf->home, conf->config, &site, err)))
		return rc;
	struct hub_web web = {
	    .arena = arena, .conf = conf, .site = site, .pulse = pulse, .ja = hub_tr_both()};
	rc = open_shared(&web, &access, err);
	if (!rc)
		rc = serve(&web, &end, err);
	hub_access_close(&access);
	hub_pool_free(web.pool);
	hub_generation_free(site);
	return rc;
}

int hub_web_run(const struct hub_daemon_conf *conf, struct hub_err *err)
{
	const int pulse = hub_pulse_open();
	const int rc = run(conf, pulse, err);

	if (rc)
		hub_pulse_end(pulse, err);
	return rc;
}

int hub_web_state(const struct hub_web *w, struct hub_call *c, struct hub_state *s,
		  struct hub_err *err)
{
	const int rc = hub_state_read(hub_call_arena(c), w->site->plan.state, s, err);

	return !rc && hub_now() - s->written_at > HUB_STATE_SILENT ? HUB_END : rc;
}
