#include "conf/job.h"

#include "base/str.h"
#include "conf/near.h"
#include "conf/value.h"

#include <stdlib.h>

struct top {
	struct hub_str store, schema, keys;
	const config_setting_t *jobs, *serve, *services;
};

static const struct hub_opt top_keys[] = {
    {HUB_OPTION("store", TEXT, HUB_OPT_REQUIRED,
		HUB_N("where records are kept: sqlite:FILE or postgresql://..."),
		.offset = offsetof(struct top, store))},
    {HUB_OPTION("schema", PATH, 0, HUB_N("local additions to the common case format"),
		.offset = offsetof(struct top, schema))},
    {HUB_OPTION("keys", PATH, 0, HUB_N("file of the recipients' secret keys, apart from the store"),
		.offset = offsetof(struct top, keys))},
    {.name = "jobs",
     .type = HUB_KEY_GROUP,
     .offset = offsetof(struct top, jobs),
     .flags = HUB_OPT_REQUIRED,
     .help = HUB_N("one group for each job: jobs: { name: { ... } }")},
    {.name = "serve",
     .type = HUB_KEY_GROUP,
     .offset = offsetof(struct top, serve),
     .help = HUB_N("the daemon: state, listen, blackout, parallel, stalled")},
    {.name = "services",
     .type = HUB_KEY_GROUP,
     .offset = offsetof(struct top, services),
     .help = HUB_N("modules behind the API: services: { name: { plugin = \"...\"; ... } }")},
    {.name = NULL},
};

static const char *const kinds[] = {"intake", "release", NULL};
static const char *const modes[] = {"changes", "full", NULL};

#define AT(field) .offset = offsetof(struct hub_job, field)
static const struct hub_opt job_keys[] = {
    {HUB_OPTION("kind", ENUM, HUB_OPT_REQUIRED,
		HUB_N("intake (source to store) or release (store to sink)"), AT(kind),
		.words = kinds)},
    {.name = "source", .type = HUB_KEY_GROUP, AT(source)},
    {.name = "sink", .type = HUB_KEY_GROUP, AT(sink)},
    {HUB_OPTION("mapping", TEXT, 0, NULL, AT(mapping))},
    {HUB_OPTION("profile", TEXT, 0, NULL, AT(profile))},
    {HUB_OPTION("mode", ENUM, 0, NULL, AT(mode), .words = modes, .dflt = "changes")},
    {HUB_OPTION("reject_limit", TEXT, 0, NULL, AT(reject_limit))},
    {HUB_OPTION("end_vanished", BOOL, 0, NULL, AT(end_vanished))},
    {HUB_OPTION("vanish_limit", INT, 0,
		HUB_N("percent of a full dump; when more has vanished, the run stops"),
		AT(vanish_limit), .dflt = "10", .max = 100)},
    {HUB_OPTION("schedule", TEXT, 0, NULL, AT(trigger.schedule))},
    {HUB_OPTION("catch_up", BOOL, 0, NULL, AT(trigger.catch_up), .dflt = "true")},
    {.name = "blackout", .type = HUB_KEY_LIST, AT(trigger.blackout)},
    {.name = "watch", .type = HUB_KEY_GROUP, AT(trigger.watch_at)},
    {.name = "limits", .type = HUB_KEY_GROUP, AT(trigger.limits_at)},
    {.name = "retry", .type = HUB_KEY_GROUP, AT(trigger.retry_at)},
    {.name = "expect", .type = HUB_KEY_GROUP, AT(trigger.expect_at)},
    {.name = NULL},
};

/* What a job of that kind cannot be without, and what means nothing in it. */
static const struct {
	int64_t kind;
	size_t offset; /* of a setting or a text in struct hub_job */
	int is_text, wanted;
	const char *name;
} shape[] = {
    {HUB_JOB_INTAKE, offsetof(struct hub_job, source), 0, 1, "source"},
    {HUB_JOB_INTAKE, offsetof(struct hub_job, mapping), 1, 1, "mapping"},
    {HUB_JOB_INTAKE, offsetof(struct hub_job, sink), 0, 0, "sink"},
    {HUB_JOB_INTAKE, offsetof(struct hub_job, profile), 1, 0, "profile"},
    {HUB_JOB_RELEASE, offsetof(struct hub_job, sink), 0, 1, "sink"},
    {HUB_JOB_RELEASE, offsetof(struct hub_job, profile), 1, 1, "profile"},
    {HUB_JOB_RELEASE, offsetof(struct hub_job, source), 0, 0, "source"},
    {HUB_JOB_RELEASE, offsetof(struct hub_job, mapping), 1, 0, "mapping"},
    {HUB_JOB_RELEASE, offsetof(struct hub_job, trigger.watch_at), 0, 0, "watch"},
    {HUB_JOB_RELEASE, offsetof(struct hub_job, trigger.expect_at), 0, 0, "expect"},
};

static int has(const struct hub_job *j, size_t offset, int is_text)
{
	const char *field = (const char *)j + offset;

	return is_text ? ((const struct hub_str *)(const void *)field)->ptr != NULL
		       : *(config_setting_t *const *)(const void *)field != NULL;
}

static int check_shape(const struct hub_job *j, struct hub_report *r)
{
	const char *kind = kinds[j->kind];
	int rc = HUB_OK;

	for (size_t i = 0; i < HUB_COUNT(shape); i++) {
		struct hub_err e;
		if (shape[i].kind != j->kind ||
		    has(j, shape[i].offset, shape[i].is_text) == shape[i].wanted)
			continue;
		if (shape[i].wanted) {
			hub_fail(&e, HUB_CONF, "option-missing", "job %.*s (%s) needs \"%s\"",
				 HUB_FMT(j->name), kind, shape[i].name);
			hub_hint(&e, "intake: source and mapping; release: profile and sink.");
		} else {
			hub_fail(&e, HUB_CONF, "option-unused",
				 "job %.*s (%s) has no use for \"%s\"", HUB_FMT(j->name), kind,
				 shape[i].name);
			hub_hint(&e, "Remove it, or correct kind.");
		}
		hub_report_add(r, hub_conf_place(j->at), &e);
		rc = HUB_CONF;
	}
	return rc;
}

static int take_job(const config_setting_t *s, struct hub_arena *a, struct hub_job *j,
		    struct hub_report *r)
{
	static const struct hub_keys keys = {.opts = job_keys, .owner = "job"};

	*j = (struct hub_job){.name = hub_str_of(config_setting_name(s)), .at = s};
	if (!config_setting_is_group(s)) {
		struct hub_err e;
		hub_option_wrong_type(
		    &(struct hub_opt){.name = config_setting_name(s), .type = HUB_KEY_GROUP}, &e);
		hub_report_add(r, hub_conf_value_place(s), &e);
		return HUB_CONF;
	}
	int rc = hub_conf_take(s, &keys, a, j, NULL, r);
	if (!rc)
		rc = hub_trigger_take(&j->trigger, a, r);
	return rc ? rc : check_shape(j, r);
}

/* The two kinds of files are mixed up easily; one word about it instead of one for each line. */
static int is_mapping(const config_setting_t *at, struct hub_report *r)
{
	struct hub_err e = {0};

	hub_fail(&e, HUB_CONF, "not-a-configuration",
		 "this file is a mapping; a configuration has jobs");
	hub_hint(&e, "`tsunagi import FILE --mapping THIS --dry-run` tries a mapping.");
	hub_report_add(r, hub_conf_place(at), &e);
	return HUB_CONF;
}

int hub_jobs_take(const struct hub_conf *c, struct hub_arena *a, struct hub_jobs *out,
		  struct hub_report *r)
{
	const struct hub_keys keys = {.opts = top_keys, .owner = hub_tr("the configuration")};
	struct top t = {0};
	const config_setting_t *at;

	*out = (struct hub_jobs){.root = hub_conf_root(c)};
	if ((at = config_setting_get_member(out->root, "mapping")))
		return is_mapping(at, r);
	int rc = hub_conf_take(out->root, &keys, a, &t, NULL, r);
	if (rc == HUB_FATAL)
		return rc;
	out->store = t.store;
	out->schema = t.schema;
	out->keys = t.keys;
	out->services = t.services;
	const int serving = hub_serving_take(t.serve, a, &out->serving, r);
	if (serving == HUB_FATAL)
		return serving;
	rc = rc ? rc : serving;
	const unsigned n = hub_conf_count(t.jobs);
	if (!(out->job = hub_alloc_array(a, n + 1, sizeof *out->job)))
		return HUB_FATAL;
	for (unsigned i = 0; i < n; i++) {
		const int one = take_job(hub_conf_child(t.jobs, i), a, &out->job[out->count++], r);
		if (one == HUB_FATAL)
			return one;
		rc = rc ? rc : one;
	}
	return rc;
}

static const struct hub_str sqlite = {"sqlite:", 7};

const char *hub_jobs_store(struct hub_arena *a, const struct hub_jobs *jobs)
{
	if (!jobs->store.len)
		return getenv("TSUNAGI_STORE");
	if (!hub_str_starts(jobs->store, sqlite))
		return hub_arena_cstr(a, jobs->store);
	const char *path = hub_conf_path(config_setting_get_member(jobs->root, "store"),
					 hub_str_from(jobs->store, sqlite.len), a);
	return path ? hub_arena_printf(a, "sqlite:%s", path).ptr : NULL;
}

const char *hub_jobs_keys(struct hub_arena *a, const struct hub_jobs *jobs)
{
	/* a path: it is that of the configuration's folder already */
	const char *keys = jobs->keys.len ? hub_arena_cstr(a, jobs->keys) : getenv("TSUNAGI_KEYS"),
		   *store = hub_jobs_store(a, jobs);

	if (keys || !store || !hub_str_starts(hub_str_of(store), sqlite))
		return keys;
	return hub_arena_printf(a, "%s.keys", store + sqlite.len).ptr;
}

int hub_jobs_find(const struct hub_jobs *jobs, struct hub_str name, const struct hub_job **out,
		  struct hub_err *err)
{
	struct hub_near near = {.name = name};

	for (size_t i = 0; i < jobs->count; i++) {
		if (hub_str_eq(jobs->job[i].name, name)) {
			*out = &jobs->job[i];
			return HUB_OK;
		}
		hub_near_add(&near, jobs->job[i].name);
	}
	hub_fail(err, HUB_USAGE, "unknown-job", "there is no job \"%.*s\"", HUB_FMT(name));
	if (near.best.len)
		hub_hint(err, "Did you mean \"%.*s\"? There are: %s.", HUB_FMT(near.best),
			 near.all);
	else
		hub_hint(err, "There are: %s.", near.all);
	return HUB_USAGE;
}

int hub_job_plugin(const config_setting_t *group, struct hub_str *name, struct hub_report *r)
{
	const config_setting_t *s = NULL;
	struct hub_err e;

	for (unsigned i = 0; config_setting_is_group(group) && i < hub_conf_count(group); i++)
		if (strcmp(config_setting_name(hub_conf_child(group, i)), "plugin") == 0)
			s = hub_conf_child(group, i);
	*name = hub_conf_text(s);
	if (name->len)
		return HUB_OK;
	hub_fail(&e, HUB_CONF, "option-missing", "the group does not say plugin = \"name\"");
	hub_hint(&e, "`tsunagi plugin list` shows the plugins.");
	hub_report_add(r, hub_conf_place(group), &e);
	return HUB_CONF;
}
