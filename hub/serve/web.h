/* The web process: one HTTP server, the tables of routes of everybody, and what they share. The daemon starts it
 * on a socket of its own (serve/front.h) and anew when it dies or the configuration changes; it ends by
 * SIGTERM. It may open the store, load plugins and keep threads; the daemon never does.
 *
 * Who adds routes adds a const table of struct hub_route (serve/call.h) and one line in add_api() of serve/web.c.
 * Who asks is in q->principal (serve/principal.h), the store in hub_web.pool (serve/pool.h). */
#ifndef HUB_SERVE_WEB_H
#define HUB_SERVE_WEB_H

#include "serve/access.h"
#include "serve/call.h"
#include "serve/daemon.h"
#include "serve/http.h"
#include "serve/live.h"
#include "serve/service.h"

struct hub_views;

struct hub_web {
	struct hub_arena *arena; /* until the process ends */
	const struct hub_daemon_conf *conf;
	const struct hub_generation *site; /* the configuration, its jobs, its schedules */
	const struct hub_schema *schema;
	struct hub_pool *pool;           /* connections to the store */
	const struct hub_access *access; /* who may come in (serve/access.h) */
	struct hub_push *push;           /* events for those who are signed in */
	struct hub_scribe *scribe;       /* audit entries of reads */
	struct hub_api *api;             /* the routes that are described */
	struct hub_views *views;         /* what agencies see of records */
	struct hub_modules *modules;
	int pulse; /* serve/pulse.h */
	int ja;    /* the language of those who name none */
};

/* Serves on descriptor HUB_DAEMON_LISTEN_FD until SIGTERM. */
int hub_web_run(const struct hub_daemon_conf *conf, struct hub_err *err);

/* serve/metrics.c: /metrics, /ready, /health; arg is the struct hub_web. */
extern const struct hub_api_table hub_metrics_table;
/* serve/api_jobs.c, serve/api_schema.c; arg is the struct hub_web, too. */
extern const struct hub_api_table hub_jobs_table;
extern const struct hub_api_table hub_schema_table;
/* What the daemon wrote last; HUB_END: it has written nothing lately. */
int hub_web_state(const struct hub_web *w, struct hub_call *c, struct hub_state *s,
		  struct hub_err *err);

#endif
