/* The views of this site (serve: { views = [...] }), as each connection of the web process has them. */
#ifndef HUB_SERVE_VIEWS_H
#define HUB_SERVE_VIEWS_H

#include "conf/job.h"
#include "release/finder.h"
#include "serve/call.h"

struct hub_views_conf {
	const char *home;    /* folder that holds schemas/ and config/ */
	const char *plugins; /* folders, for detectors; NULL: texts are not shown */
	const struct hub_jobs *jobs;
	const struct hub_schema *schema;
	struct hub_pool *pool;
};

struct hub_views;

/* The profiles that serve: { views } names, in the arena; what is wrong with them goes to the report. pool and plugins
 * are not looked at. */
int hub_views_profiles(struct hub_arena *a, const struct hub_views_conf *conf, struct hub_report *r,
		       const struct hub_profile **out, size_t *profiles, struct hub_err *err);
/* Reads profiles, grounds, detectors. In the arena; what it keeps of a connection goes with the connection.
 * HUB_CONF: something in the report. */
int hub_views_open(struct hub_arena *a, const struct hub_views_conf *conf,
		   struct hub_report *report, struct hub_views **out, struct hub_err *err);
/* Only reads what hub_views_open() reads; conf->pool is not looked at. Problems go to the report. */
int hub_views_check(struct hub_arena *a, const struct hub_views_conf *conf,
		    struct hub_report *report, struct hub_err *err);
/* Of the connection that the caller holds. */
int hub_views_of(struct hub_views *v, struct hub_store *s, struct hub_windows **out,
		 struct hub_err *err);
int hub_views_finder(struct hub_views *v, struct hub_store *s, struct hub_finder **out,
		     struct hub_err *err);
/* The profile that is the agency's view (in meetings), whether it is approved or not; NULL: none. */
const struct hub_profile *hub_views_find(const struct hub_views *v, struct hub_str agency,
					 int meeting);
/* Of this site. */
const struct hub_grounds *hub_views_grounds(const struct hub_views *v);

/* A call's question about records: who asks, for the log as well. */
struct hub_window_ask hub_views_ask(const struct hub_call *c, const struct hub_look *look);
/* The status of the reply for how a look ended: not found, not allowed, not understood. */
int hub_views_refuse(struct hub_call *c, int rc, struct hub_err *err);

/* serve/api_records.c: cases, their records, registers. arg is the struct hub_views. */
extern const struct hub_api_table hub_records_table;
/* serve/api_sharing.c: what agencies would see; arg as well. */
extern const struct hub_api_table hub_sharing_table;
/* serve/api_runs.c: runs and the audit log. */
extern const struct hub_api_table hub_site_table;

#endif
