#include "cli/work.h"

#include "base/cores.h"
#include "cli/shipped.h"
#include "conf/report.h"
#include "plugin/detect.h"
#include "text/fold.h"

#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int hub_work_schema(struct hub_cli *cli, const char *local, const struct hub_schema **out)
{
	const struct hub_str path =
	    hub_arena_printf(cli->arena, "%s/schemas/common-case.cfg", cli->home);
	struct hub_report *report = hub_report_new(cli->arena);

	if (!path.ptr || !report)
		return hub_fail_mem(cli->err);
	const int rc = hub_schema_load(cli->arena, path.ptr, local, out, report, cli->err);
	hub_report_print(report, stderr);
	return rc;
}

int hub_work_roles(struct hub_cli *cli, const char *own, struct hub_roles *out)
{
	struct hub_report *report = hub_report_new(cli->arena);
	const char *path = hub_cli_path(cli, "schemas", own ? own : "roles.cfg");

	if (!report || !path)
		return hub_fail_mem(cli->err);
	const int rc = hub_roles_load(cli->arena, report, path, out, cli->err);
	hub_report_print(report, stderr);
	return rc;
}

static void tell_problem(const struct hub_err *problem)
{
	hub_err_print(stderr, problem);
}

int hub_work_plugins(struct hub_cli *cli, struct hub_plugins **out)
{
	struct hub_plugins *p = hub_plugins_new(cli->arena);
	int rc;

	if (!p)
		return hub_fail_mem(cli->err);
	hub_plugins_watch(p, tell_problem);
	if ((rc = hub_plugins_load(p, cli->plugin_dir, cli->err)))
		return rc;
	const char *presets = getenv("TSUNAGI_DETECTORS");
	if (presets && (rc = hub_plugins_preset(p, hub_str_of(presets), cli->err)))
		return rc;
	*out = p;
	return HUB_OK;
}

int hub_work_detectors(struct hub_cli *cli, const struct hub_plugins *p, int *missing)
{
	HUB_AUTO(detect) struct hub_detect *d = NULL;
	const struct hub_missing *m;
	uint32_t n = 0;
	const int rc = hub_detect_open(p, NULL, &d, cli->err);

	for (; !rc && (m = hub_detect_missing(d, n)); n++) {
		fprintf(stderr, hub_tr("warning: without the detector %s: %s\n"), m->name,
			m->why.what);
		if (m->why.hint[0])
			fprintf(stderr, "%s: %s\n", hub_tr("hint"), m->why.hint);
	}
	if (missing)
		*missing = (int)n;
	return rc;
}

/* "legacy-care-record" -> mappings/legacy-care-record/mapping.cfg; "social-resources/kaigo" ->
 * mappings/social-resources/kaigo.cfg; else the path of a file or folder. NULL: none of them. */
const char *hub_work_mapping_path(struct hub_cli *cli, const char *name)
{
	const struct hub_str shipped =
	    hub_arena_printf(cli->arena, "%s/mappings/%s", cli->home, name);
	const struct hub_str base[] = {hub_str_of(name), shipped};

	if (hub_str_ends(hub_str_of(name), HUB_STR(".cfg")) && access(name, R_OK) == 0)
		return name;
	for (size_t i = 0; i < HUB_COUNT(base); i++) {
		const struct hub_str tries[] = {
		    hub_arena_printf(cli->arena, "%.*s/mapping.cfg", HUB_FMT(base[i])),
		    hub_arena_printf(cli->arena, "%.*s.cfg", HUB_FMT(base[i]))};
		for (size_t k = 0; k < HUB_COUNT(tries); k++)
			if (tries[k].ptr && access(tries[k].ptr, R_OK) == 0)
				return tries[k].ptr;
	}
	return NULL;
}

int hub_work_mapping(struct hub_cli *cli, const char *name, const struct hub_schema *schema,
		     struct hub_mapping **out)
{
	int rc;

	if (!name) {
		rc = hub_fail(cli->err, HUB_USAGE, "mapping-missing", "which mapping is not said");
		hub_hint(
		    cli->err,
		    "Give --mapping NAME (a folder of mappings/) or the path of a mapping file; "
		    "`tsunagi guess FILE` writes a first one.");
		return rc;
	}
	const char *path = hub_work_mapping_path(cli, name);
	if (!path) {
		rc = hub_fail(cli->err, HUB_USAGE, "mapping-missing", "there is no mapping \"%s\"",
			      name);
		hub_hint(cli->err,
			 "Look into %s/mappings, or write one with `tsunagi guess FILE --out "
			 "mapping.cfg`.",
			 cli->home);
		hub_shipped_near(cli, "mappings", name);
		return rc;
	}
	struct hub_report *report = hub_report_new(cli->arena);
	if (!report)
		return hub_fail_mem(cli->err);
	rc = hub_mapping_load(cli->arena, path, schema, report, out, cli->err);
	hub_report_print(report, stderr);
	return rc;
}

int hub_work_mapping_of(struct hub_cli *cli, const char *said, const char *then,
			const struct hub_schema *schema, struct hub_mapping **out)
{
	const int rc = hub_work_mapping(cli, said ? said : then, schema, out);

	if (rc && !said && strcmp(cli->err->code, "mapping-missing") == 0)
		hub_hint(cli->err, "The import named it so, from its own folder; say where it is "
				   "now: --mapping PATH.");
	return rc;
}

const char *hub_work_store_url(void)
{
	return getenv("TSUNAGI_STORE");
}

int hub_work_store(struct hub_cli *cli, const char *url, unsigned flags,
		   const struct hub_schema *schema, struct hub_store **out)
{
	if (!url)
		url = hub_work_store_url();
	if (!url) {
		const int rc =
		    hub_fail(cli->err, HUB_USAGE, "store-missing", "which store is not said");
		hub_hint(
		    cli->err,
		    "Give --store sqlite:PATH or --store postgresql://..., or set TSUNAGI_STORE.");
		return rc;
	}
	return hub_store_open(cli->arena, url, flags, schema, out, cli->err);
}

int hub_work_open(struct hub_cli *cli, const char *local, const char *url, unsigned flags,
		  struct hub_store **out)
{
	const struct hub_schema *schema;
	const int rc = hub_work_schema(cli, local, &schema);

	return rc ? rc : hub_work_store(cli, url, flags, schema, out);
}

int hub_work_store_waits(const struct hub_err *err)
{
	return strcmp(err->code, "store-older") == 0 || strcmp(err->code, "store-unfinished") == 0;
}

const char *hub_work_keys(struct hub_cli *cli, const char *option, const char *store_url)
{
	const struct hub_str head = HUB_STR("sqlite:");
	const struct hub_str url = hub_str_of(store_url ? store_url : hub_work_store_url());

	if (!option)
		option = getenv("TSUNAGI_KEYS");
	if (option || !hub_str_starts(url, head))
		return option;
	return hub_arena_printf(cli->arena, "%s.keys", url.ptr + head.len).ptr;
}

struct hub_str hub_work_actor(struct hub_cli *cli)
{
	const char *name = getenv("TSUNAGI_ACTOR");
	struct passwd pw, *found = NULL;
	char text[1024];

	if (!name && getpwuid_r(getuid(), &pw, text, sizeof text, &found) == 0 && found)
		name = found->pw_name;
	/* two spellings of one name are no two people */
	return hub_key_typed(cli->arena, hub_str_of(name ? name : "unknown"));
}

/* The signal handler can reach nothing but a file-scope flag. */
static volatile sig_atomic_t stop_flag;

static void on_signal(int number)
{
	stop_flag = 1;
	signal(number, SIG_DFL);
}

int hub_work_workers(struct hub_cli *cli, const char *text, uint32_t *out)
{
	int64_t n = hub_cores_usual();

	const int rc = hub_cli_number(cli, "workers", text, 1, 64, &n);

	*out = (uint32_t)n;
	return rc;
}

const volatile sig_atomic_t *hub_work_stop(void)
{
	const struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	return &stop_flag;
}
