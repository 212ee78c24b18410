/* A job configuration, opened: everything that a run of it will open. `check` and `run` are this. */
#ifndef HUB_CLI_JOBS_H
#define HUB_CLI_JOBS_H

#include "cli/work.h"
#include "conf/job.h"
#include "intake/pipeline.h"
#include "plugin/option.h"
#include "release/approval.h"
#include "release/grounds.h"
#include "release/profile.h"
#include "serve/plan.h"

struct hub_ready {
	const struct hub_job *job;
	/* intake */
	struct hub_mapping *mapping;
	const char *mapping_path, *input; /* input NULL: not named, or there is none (live) */
	int live;
	struct hub_str *option_name, *option_value; /* of the source, as text */
	uint32_t options;
	/* release */
	struct hub_profile profile;
	struct hub_options sink;
	struct hub_approvable version; /* runs only when somebody else approved it */
	struct hub_str target;
};

struct hub_site {
	struct hub_conf *conf;
	struct hub_report *report; /* everything that is wrong, of all files */
	struct hub_jobs jobs;
	struct hub_plan plan; /* schedules, for the daemon */
	const struct hub_schema *schema;
	struct hub_plugins *plugins;
	struct hub_grounds grounds;
	const char *keys;        /* file of the recipients' keys; NULL: not known */
	const char *store_url;   /* relative paths are those of the configuration's folder */
	struct hub_ready *ready; /* jobs.count */
};

/* What of it is opened beside what every job names: */
struct hub_site_want {
	const char *only; /* this job alone; NULL: all */
	int inputs;       /* inputs that are there must have the header that their mapping wants */
	int plugins;      /* all are opened, so that one that is refused is told */
	int store; /* the store is tried as a dry run would; HUB_RETRY when it cannot be reached */
};

/* Reads the file and opens schema, plugins, mappings, profiles, sinks. All problems are in site->report;
 * HUB_CONF when there is any. The caller frees site->conf. */
int hub_site_open(struct hub_cli *cli, const char *path, const struct hub_site_want *want,
		  struct hub_site *site);

#endif
