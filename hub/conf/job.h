/* The shape of a job file, as plain data. What the words mean is intake's and release's business.
 *
 *	store  = "sqlite:cases.db";
 *	schema = "local.cfg";
 *	jobs: {
 *	    residents: {
 *	        kind = "intake";
 *	        source: { plugin = "csv"; delimiter = ";"; };
 *	        mapping = "registry-municipal";
 *	        watch: { folder = "in"; };            # or schedule = "30 5 * * *"; see conf/trigger.h
 *	    };
 *	}; */
#ifndef HUB_CONF_JOB_H
#define HUB_CONF_JOB_H

#include "conf/trigger.h"

enum hub_job_kind { HUB_JOB_INTAKE = 0, HUB_JOB_RELEASE };
enum hub_job_mode {
	HUB_JOB_CHANGES = 0, /* what is not in the input stays as it is */
	HUB_JOB_FULL,        /* the input is everything: what is missing has vanished */
};

/* Strings are empty and settings NULL where the file says nothing. Groups of a plugin hold
 * plugin = "name" and its options, for hub_options_read(). */
struct hub_job {
	struct hub_str name;
	int64_t kind, mode;
	const config_setting_t *source, *sink;
	struct hub_str mapping, profile;
	struct hub_str reject_limit; /* "2%" or "100" */
	int64_t vanish_limit;        /* FULL: percent; a run that misses more stops */
	int64_t end_vanished;        /* FULL: vanished records are ended, not only reported */
	struct hub_trigger trigger;  /* for the daemon */
	const config_setting_t *at;  /* for places in messages */
};

struct hub_jobs {
	struct hub_str store, schema, keys;
	struct hub_serving serving;
	const config_setting_t *services; /* groups of plugin = "..." and options, or NULL */
	struct hub_job *job;
	size_t count;
	const config_setting_t *root;
};

/* Problems go to the report; what could be read is in *out. HUB_OK, HUB_CONF, HUB_FATAL. */
int hub_jobs_take(const struct hub_conf *c, struct hub_arena *a, struct hub_jobs *out,
		  struct hub_report *r);
/* Store URL and file of keys as the file means them (relative paths from its folder), else what TSUNAGI_STORE and
 * TSUNAGI_KEYS say; keys lie beside an SQLite store when nobody says anything. NULL: not known. In the arena. */
const char *hub_jobs_store(struct hub_arena *a, const struct hub_jobs *jobs);
const char *hub_jobs_keys(struct hub_arena *a, const struct hub_jobs *jobs);
/* By name; fails with HUB_USAGE, the nearest name and all names. */
int hub_jobs_find(const struct hub_jobs *jobs, struct hub_str name, const struct hub_job **out,
		  struct hub_err *err);
/* The plugin = "name" of a group; reports and returns HUB_CONF when there is none. */
int hub_job_plugin(const config_setting_t *group, struct hub_str *name, struct hub_report *r);

#endif
