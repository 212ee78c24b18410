#include "cli/jobs.h"

#include "base/hash.h"
#include "cli/out.h"
#include "cli/shipped.h"
#include "intake/input.h"
#include "plugin/batch.h"
#include "release/keyring.h"
#include "serve/service.h"
#include "serve/views.h"

#include <unistd.h>

/* Folder of the configuration, with its slash; empty for the working folder. */
static struct hub_str folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct hub_str){path, slash ? (size_t)(slash - path) + 1 : 0};
}

/* A path as the file means it. */
static const char *beside(struct hub_cli *cli, const char *conf, struct hub_str path)
{
	const struct hub_str dir = folder_of(conf);
	const int absolute = path.len && path.ptr[0] == '/';

	return hub_arena_printf(cli->arena, "%.*s%.*s", absolute ? 0 : HUB_FMT(dir), HUB_FMT(path))
	    .ptr;
}

static struct hub_place place_of(const struct hub_job *job, const char *key)
{
	const config_setting_t *s = config_setting_get_member(job->at, key);

	return s ? hub_conf_value_place(s) : hub_conf_place(job->at);
}

static void blame(struct hub_site *site, const struct hub_job *job, const char *key,
		  struct hub_err *err)
{
	hub_report_add(site->report, place_of(job, key), err);
	*err = (struct hub_err){0};
}

/* --- intake ----------------------------------------------------------------------------------- */

static struct hub_str scalar(struct hub_arena *a, const config_setting_t *s)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_STRING:
		return hub_arena_str(a, hub_conf_text(s));
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(s) ? HUB_STR("true") : HUB_STR("false");
	default:
		return hub_arena_printf(a, "%lld", (long long)config_setting_get_int64(s));
	}
}

/* The group's options as text, as the command line would give them; the input apart. */
static int take_options(struct hub_cli *cli, struct hub_ready *r, const struct hub_plugin *plugin)
{
	const config_setting_t *g = r->job->source;
	const uint32_t n = (uint32_t)config_setting_length(g);
	const struct hub_opt *input = hub_option_with(plugin, HUB_OPT_INPUT);

	r->option_name = hub_alloc_array(cli->arena, (size_t)n + 1, sizeof *r->option_name);
	r->option_value = hub_alloc_array(cli->arena, (size_t)n + 1, sizeof *r->option_value);
	if (!r->option_name || !r->option_value)
		return hub_fail_mem(cli->err);
	for (uint32_t i = 0; i < n; i++) {
		const config_setting_t *s = config_setting_get_elem(g, i);
		const char *name = config_setting_name(s);
		if (strcmp(name, "plugin") == 0 || (input && strcmp(name, input->name) == 0))
			continue;
		r->option_name[r->options] = hub_str_of(name);
		r->option_value[r->options++] = scalar(cli->arena, s);
	}
	return HUB_OK;
}

/* Checks the source's options by its table and finds the input's path. */
static int open_source(struct hub_cli *cli, struct hub_site *site, struct hub_ready *r)
{
	const struct hub_plugin *plugin;
	struct hub_options o;
	struct hub_str name;
	int rc;

	if (!r->job->source || hub_job_plugin(r->job->source, &name, site->report))
		return HUB_OK; /* told already */
	if (hub_plugins_find(site->plugins, HUB_SOURCE, name, &plugin, cli->err)) {
		blame(site, r->job, "source", cli->err);
		return HUB_OK;
	}
	if ((rc = hub_options_init(&o, cli->arena, plugin, cli->err)))
		return rc;
	if ((rc = hub_options_read(&o, r->job->source, site->report)))
		return rc == HUB_CONF ? HUB_OK : rc;
	const struct hub_opt *input = hub_option_with(plugin, HUB_OPT_INPUT);
	const struct hub_str *path =
	    input ? (const struct hub_str *)((const char *)o.conf + input->offset) : NULL;
	r->input = path && path->len ? path->ptr : NULL;
	r->live = !r->input && !(input && (input->flags & HUB_OPT_REQUIRED));
	return take_options(cli, r, plugin);
}

static int open_mapping(struct hub_cli *cli, struct hub_site *site, const char *conf,
			struct hub_ready *r)
{
	const char *name = hub_arena_cstr(cli->arena, r->job->mapping);

	if (!r->job->mapping.len)
		return HUB_OK; /* told already */
	r->mapping_path = hub_work_mapping_path(cli, beside(cli, conf, r->job->mapping));
	if (!r->mapping_path)
		r->mapping_path = hub_work_mapping_path(cli, name);
	if (!r->mapping_path) {
		hub_fail(cli->err, HUB_CONF, "mapping-missing", "there is no mapping \"%s\"", name);
		hub_hint(cli->err,
			 "Look into %s/mappings, or write one with `tsunagi guess FILE --out "
			 "mapping.cfg`.",
			 cli->home);
		hub_shipped_near(cli, "mappings", name);
		blame(site, r->job, "mapping", cli->err);
		return HUB_OK;
	}
	const int rc = hub_mapping_load(cli->arena, r->mapping_path, site->schema, site->report,
					&r->mapping, cli->err);
	return rc == HUB_CONF ? HUB_OK : rc;
}

/* An input that is there already must have the header that the mapping wants. */
static int try_input(struct hub_cli *cli, struct hub_site *site, struct hub_ready *r)
{
	const struct hub_intake in = {.schema = site->schema,
				      .plugins = site->plugins,
				      .mapping = r->mapping,
				      .path = r->input,
				      .option_name = r->option_name,
				      .option_value = r->option_value,
				      .options = r->options};
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(buf) struct hub_buf drift;
	struct hub_str *name;
	struct hub_bound *bound;

	hub_buf_init(&drift, 1 << 20);
	if (!b)
		return hub_fail_mem(cli->err);
	int rc = hub_input_open(cli->arena, &in, (struct hub_str){NULL, 0}, &source, cli->err);
	if (!rc)
		rc = hub_source_next(source, b, cli->err);
	if (rc >= 0)
		rc = hub_input_names(cli->arena, b, &name, cli->err);
	if (!rc)
		rc = hub_mapping_bind(cli->arena, r->mapping, name, b->cols, &bound, &drift,
				      cli->err);
	if (rc < 0)
		blame(site, r->job, "source", cli->err);
	return HUB_OK;
}

static int open_intake(struct hub_cli *cli, struct hub_site *site, const char *conf, int inputs,
		       struct hub_ready *r)
{
	int rc;

	if ((rc = open_source(cli, site, r)) || (rc = open_mapping(cli, site, conf, r)))
		return rc;
	if (r->input && r->job->trigger.watch.folder.len) {
		hub_fail(cli->err, HUB_CONF, "option-unused",
			 "job %.*s names an input and watches a folder", HUB_FMT(r->job->name));
		hub_hint(cli->err, "Remove one of them.");
		blame(site, r->job, "source", cli->err);
	} else if (inputs && r->mapping && r->input && access(r->input, F_OK) == 0)
		return try_input(cli, site, r);
	return HUB_OK;
}

/* --- release ---------------------------------------------------------------------------------- */

static int is_secret(const struct hub_plugin *plugin, const char *name)
{
	const struct hub_opt *o = hub_option_find(plugin, hub_str_of(name));

	return o && (o->flags & HUB_OPT_SECRET);
}

/* What is approved: the profile in its version, the sink and its settings in the order of the file. A
 * secret may change without: it opens nothing that the rest does not. */
static int seal_job(struct hub_cli *cli, const char *conf, struct hub_ready *r)
{
	const struct hub_str dir = folder_of(conf);
	struct hub_str base = hub_str_from(hub_str_of(conf), dir.len);
	HUB_AUTO(buf) struct hub_buf b;
	uint8_t sha[HUB_SHA256];
	char *hex = hub_alloc(cli->arena, 2 * HUB_SHA256 + 1);

	hub_buf_init(&b, 1 << 20);
	if (hub_str_ends(base, HUB_STR(".cfg")))
		base.len -= 4;
	hub_buf_printf(&b, "profile %.*s\nversion %s\n", HUB_FMT(r->profile.name), r->profile.hash);
	for (unsigned i = 0; i < (unsigned)config_setting_length(r->job->sink); i++) {
		const config_setting_t *s = config_setting_get_elem(r->job->sink, i);
		const char *name = config_setting_name(s);
		const struct hub_str value =
		    is_secret(r->sink.plugin, name) ? HUB_STR("***") : scalar(cli->arena, s);
		hub_buf_printf(&b, "sink.%s %.*s\n", name, HUB_FMT(value));
	}
	r->version = (struct hub_approvable){
	    .kind = HUB_APPROVE_JOB,
	    .name = hub_arena_printf(cli->arena, "%.*s/%.*s", HUB_FMT(base), HUB_FMT(r->job->name)),
	    .hash = hex,
	    .canon = hub_arena_str(cli->arena, hub_buf_text(&b))};
	if (!hub_buf_ok(&b) || !hex || !r->version.name.ptr || !r->version.canon.ptr ||
	    hub_sha256(r->version.canon, sha))
		return hub_fail_mem(cli->err);
	hub_hex(sha, sizeof sha, hex);
	return HUB_OK;
}

static int open_release(struct hub_cli *cli, struct hub_site *site, const char *conf,
			struct hub_ready *r)
{
	const struct hub_plugin *plugin;
	struct hub_str name;
	int rc;

	if (r->job->profile.len) {
		const char *path = hub_out_profile_path(cli, beside(cli, conf, r->job->profile));
		if (!path)
			path =
			    hub_out_profile_path(cli, hub_arena_cstr(cli->arena, r->job->profile));
		if (!path) {
			hub_fail(cli->err, HUB_CONF, "profile-missing",
				 "there is no profile \"%.*s\"", HUB_FMT(r->job->profile));
			blame(site, r->job, "profile", cli->err);
		} else if ((rc = hub_profile_load(cli->arena, site->report, path, site->schema,
						  &r->profile, cli->err)) != HUB_OK &&
			   rc != HUB_CONF) {
			return rc;
		}
	}
	if (!r->job->sink || hub_job_plugin(r->job->sink, &name, site->report))
		return HUB_OK;
	if (hub_plugins_find(site->plugins, HUB_SINK, name, &plugin, cli->err)) {
		blame(site, r->job, "sink", cli->err);
		return HUB_OK;
	}
	if ((rc = hub_options_init(&r->sink, cli->arena, plugin, cli->err)))
		return rc;
	rc = hub_options_read(&r->sink, r->job->sink, site->report);
	const struct hub_opt *out = hub_option_with(plugin, HUB_OPT_WRITES);
	if (!rc && out)
		r->target = *(const struct hub_str *)((const char *)r->sink.conf + out->offset);
	if (!rc)
		return seal_job(cli, conf, r);
	return rc == HUB_CONF ? HUB_OK : rc;
}

/* --- the whole file --------------------------------------------------------------------------- */

static int open_shared(struct hub_cli *cli, const struct hub_site_want *want, struct hub_site *site)
{
	const struct hub_jobs *jobs = &site->jobs;
	const char *local = jobs->schema.len ? hub_arena_cstr(cli->arena, jobs->schema) : NULL;
	int rc;

	if ((rc = hub_work_schema(cli, local, &site->schema)) ||
	    (rc = hub_work_plugins(cli, &site->plugins)) ||
	    (want->plugins && (rc = hub_plugins_open(site->plugins, 0, NULL, cli->err))) ||
	    (rc = hub_work_detectors(cli, site->plugins, NULL)) ||
	    (rc = hub_out_grounds(cli, NULL, &site->grounds)))
		return rc;
	if (jobs->store.len)
		site->store_url = hub_jobs_store(cli->arena, jobs);
	site->keys = hub_jobs_keys(cli->arena, jobs);
	return HUB_OK;
}

/* A key file that is there must be one that only the hub's user can read. */
static int try_keys(struct hub_cli *cli, struct hub_site *site)
{
	const config_setting_t *at = config_setting_get_member(site->jobs.root, "keys");
	struct hub_keyring ring;

	if (!site->keys || !hub_keyring_read(cli->arena, site->keys, &ring, cli->err))
		return HUB_OK;
	hub_report_add(site->report, at ? hub_conf_value_place(at) : (struct hub_place){0},
		       cli->err);
	*cli->err = (struct hub_err){0};
	return HUB_OK;
}

/* A file that is not there yet is made by the first run, the folder it belongs into is not. */
static int note_folder(struct hub_cli *cli, const char *url)
{
	const struct hub_str head = HUB_STR("sqlite:");
	struct hub_str path = hub_str_of(url ? url : "");

	if (!hub_str_starts(path, head))
		return HUB_OK;
	path = hub_str_from(path, head.len);
	while (path.len && path.ptr[path.len - 1] != '/')
		path.len--;
	const char *folder = path.len ? hub_arena_cstr(cli->arena, path) : ".";
	if (!folder)
		return hub_fail_mem(cli->err);
	if (access(folder, F_OK) == -1)
		fprintf(stderr, hub_tr("note: the folder of the store is not there yet: %s\n"),
			folder);
	return HUB_OK;
}

/* What cannot be reached today is no fault of the file. */
static int try_store(struct hub_cli *cli, struct hub_site *site)
{
	HUB_AUTO(store) struct hub_store *store = NULL;

	/* as a dry run would: one that is not there yet is fine */
	const int rc = hub_work_store(cli, site->store_url, HUB_OPEN_DRY, site->schema, &store);
	if (rc && hub_work_store_waits(cli->err)) {
		*cli->err = (struct hub_err){0};
		return HUB_OK;
	}
	if (rc == HUB_OK)
		return note_folder(cli, site->store_url);
	if (rc == HUB_RETRY || rc == HUB_LOCKED)
		return rc;
	const config_setting_t *at = config_setting_get_member(site->jobs.root, "store");
	hub_report_add(site->report, at ? hub_conf_value_place(at) : (struct hub_place){0},
		       cli->err);
	*cli->err = (struct hub_err){0};
	return HUB_OK;
}

/* Options and tables of the modules that the daemon would serve. */
static int open_services(struct hub_cli *cli, struct hub_site *site)
{
	struct hub_modules *m = hub_alloc0(cli->arena, sizeof *m);

	if (!m)
		return hub_fail_mem(cli->err);
	int rc = hub_modules_take(cli->arena, site->plugins, site->jobs.services, NULL, m,
				  site->report, cli->err);
	if (!rc)
		rc = hub_modules_try(m, site->jobs.services, site->report, cli->err);
	hub_modules_close(m);
	return rc == HUB_CONF ? HUB_OK : rc; /* what is wrong is in the report */
}

/* Profiles that the daemon would show records through: one that cannot be read stops its web process. */
static int open_views(struct hub_cli *cli, struct hub_site *site)
{
	const struct hub_views_conf conf = {
	    .home = cli->home, .jobs = &site->jobs, .schema = site->schema};
	const int rc = hub_views_check(cli->arena, &conf, site->report, cli->err);

	return rc == HUB_CONF ? HUB_OK : rc; /* what is wrong is in the report */
}

static int open_jobs(struct hub_cli *cli, const char *path, const struct hub_site_want *want,
		     struct hub_site *site)
{
	const struct hub_job *only = NULL;
	int rc;

	if (want->only &&
	    (rc = hub_jobs_find(&site->jobs, hub_str_of(want->only), &only, cli->err)))
		return rc;
	for (size_t i = 0; i < site->jobs.count; i++) {
		struct hub_ready *r = &site->ready[i];
		r->job = &site->jobs.job[i];
		if (only && r->job != only)
			continue;
		rc = r->job->kind == HUB_JOB_INTAKE ? open_intake(cli, site, path, want->inputs, r)
						    : open_release(cli, site, path, r);
		if (rc)
			return rc;
	}
	return HUB_OK;
}

int hub_site_open(struct hub_cli *cli, const char *path, const struct hub_site_want *want,
		  struct hub_site *site)
{
	struct hub_err unreachable;
	int rc;

	if (!(site->report = hub_report_new(cli->arena)))
		return hub_fail_mem(cli->err);
	if ((rc = hub_conf_read(cli->arena, site->report, path, &site->conf, cli->err)))
		return rc;
	rc = hub_jobs_take(site->conf, cli->arena, &site->jobs, site->report);
	if (rc && rc != HUB_CONF)
		return rc;
	if (rc && !site->jobs.store.len && site->jobs.count == 0)
		return hub_report_result(site->report, cli->err);
	rc = hub_plan_take(cli->arena, cli->home, path, &site->jobs, &site->plan, site->report,
			   cli->err);
	if ((rc && rc != HUB_CONF) || (rc = open_shared(cli, want, site)) ||
	    (rc = try_keys(cli, site)))
		return rc;
	site->ready = hub_alloc_array(cli->arena, site->jobs.count + 1, sizeof *site->ready);
	if (!site->ready)
		return hub_fail_mem(cli->err);
	const int store = want->store ? try_store(cli, site) : HUB_OK;
	unreachable = *cli->err;
	if ((rc = open_jobs(cli, path, want, site)) ||
	    (!want->only && ((rc = open_services(cli, site)) || (rc = open_views(cli, site)))) ||
	    (rc = hub_report_result(site->report, cli->err)) || store == HUB_OK)
		return rc;
	*cli->err = unreachable;
	return store;
}
