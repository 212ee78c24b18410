#include "serve/web.h"

#include "serve/log.h"

#include <signal.h>

enum { TABLES_MAX = 32 };

/* Every table of routes; how many there are. */
static size_t open_tables(const struct hub_web *w, struct hub_http_table *table)
{
	size_t n = 0;

	table[n] = hub_metrics_routes;
	table[n++].arg = w;
	return n;
}

int hub_web_run(const struct hub_daemon_conf *conf, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *arena = hub_arena_new(0);
	struct hub_http_table table[TABLES_MAX];
	struct hub_generation *site = NULL;
	struct hub_http *http = NULL;
	sigset_t end;
	int which, rc;

	if (!arena)
		return hub_fail_mem(err);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGINT);
	sigprocmask(SIG_BLOCK, &end, NULL);
	if ((rc = hub_generation_load(conf->home, conf->config, &site, err)))
		return rc;
	const struct hub_web web = {.arena = arena, .conf = conf, .site = site};
	const struct hub_http_conf serve = {
	    .fd = HUB_DAEMON_LISTEN_FD, .table = table, .tables = open_tables(&web, table)};
	rc = hub_http_start(&serve, &http, err);
	if (!rc)
		sigwait(&end, &which);
	hub_http_stop(http);
	hub_generation_free(site);
	return rc;
}
