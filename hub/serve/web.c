#include "serve/web.h"

#include "store/schema.h"

#include <signal.h>

enum { TABLES_MAX = 32, POOL = 8 };

/* Every table of routes; how many there are. */
static size_t open_tables(const struct hub_web *w, struct hub_http_table *table)
{
	size_t n = 0;

	table[n] = hub_metrics_routes;
	table[n++].arg = w;
	return n;
}

/* What the routes share. */
static int open_shared(struct hub_web *w, struct hub_access *access, struct hub_err *err)
{
	const struct hub_jobs *jobs = &w->site->jobs;
	const struct hub_serving *serving = &jobs->serving;
	struct hub_report *report = hub_report_new(w->arena);
	const char *path =
		       hub_arena_printf(w->arena, "%s/schemas/common-case.cfg", w->conf->home).ptr,
		   *local = jobs->schema.len
				? hub_conf_path(config_setting_get_member(jobs->root, "schema"),
						jobs->schema, w->arena)
				: NULL;
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

static int serve(const struct hub_web *w, const sigset_t *end, struct hub_err *err)
{
	struct hub_http_table table[TABLES_MAX];
	struct hub_http *http = NULL;
	const struct hub_http_conf conf = {.fd = HUB_DAEMON_LISTEN_FD,
					   .table = table,
					   .tables = open_tables(w, table),
					   .guard = hub_guard,
					   .after = hub_guard_after,
					   .arg = w->access};
	int which;
	const int rc = hub_http_start(&conf, &http, err);

	if (!rc)
		sigwait(end, &which);
	hub_http_stop(http);
	return rc;
}

int hub_web_run(const struct hub_daemon_conf *conf, struct hub_err *err)
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
	struct hub_web web = {.arena = arena, .conf = conf, .site = site};
	rc = open_shared(&web, &access, err);
	if (!rc)
		rc = serve(&web, &end, err);
	hub_access_close(&access);
	hub_pool_free(web.pool);
	hub_generation_free(site);
	return rc;
}
