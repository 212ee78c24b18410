/* A job configuration, opened: everything that a run of it will open. `check` and `run` are this. */
#ifndef HUB_CLI_JOBS_H
#define HUB_CLI_JOBS_H

#include "cli/work.h"
#include "conf/job.h"
#include "intake/pipeline.h"
#include "plugin/option.h"
#include "release/grounds.h"
#include "release/profile.h"

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
	struct hub_str target;
};

struct hub_site {
	struct hub_conf *conf;
	struct hub_report *report; /* everything that is wrong, of all files */
	struct hub_jobs jobs;
	const struct hub_schema *schema;
	struct hub_plugins *plugins;
	struct hub_grounds grounds;
	const char *keys;        /* file of the recipients' keys; NULL: not known */
	const char *store_url;   /* relative paths are those of the configuration's folder */
	struct hub_ready *ready; /* jobs.count */
};

/* Reads the file and opens schema, plugins, mappings, profiles, sinks, inputs that are there, and the
 * store when it is there. All problems are in site->report; HUB_CONF when there is any. The caller
 * frees site->conf. */
int hub_site_open(struct hub_cli *cli, const char *path, struct hub_site *site);

#endif
