/* tsunagi reload: corrected rejects back into the store. */
#include "base/io.h"
#include "cli/feed.h"
#include "cli/work.h"
#include "intake/reload.h"
#include "plugin/detect.h"
#include "store/db.h"

struct options {
	const char *store, *mapping, *local, *report, *rejects;
	int dry, quiet, changed;
};

static void tell(const struct hub_reload *r, const char *path)
{
	printf(hub_tr("%s: %llu records: %llu corrected, %llu not yet corrected, %llu already in "
		      "the store\n"),
	       path, (unsigned long long)r->records, (unsigned long long)r->n,
	       (unsigned long long)r->untouched, (unsigned long long)r->done);
}

/* The mapping must be the one the records were rejected by, unless the operator says otherwise. */
static int check_mapping(struct hub_cli *cli, struct hub_store *store,
			 const struct hub_plugins *plugins, const struct hub_mapping *mapping,
			 const struct hub_reload *r, const struct options *o)
{
	const struct hub_mapping_info *info = hub_mapping_info(mapping);
	HUB_AUTO(query) struct hub_query *q = NULL;
	char hash[2 * HUB_SHA256 + 1];
	int rc = hub_detect_version(plugins, hub_str_of(info->hash), hash, cli->err);

	if (!rc)
		rc = hub_db_query(hub_store_db(store), &q, cli->err,
				  "SELECT feed.name, mapping FROM run JOIN feed ON feed.id = "
				  "run.feed_id WHERE run.id = ?",
				  "i", r->run);
	if (rc || (rc = hub_db_next(q, cli->err)) < 0)
		return rc;
	if (!hub_str_eq(hub_db_str(q, 0), info->name)) {
		rc = hub_fail(cli->err, HUB_USAGE, "other-mapping",
			      "the records belong to the mapping \"%.*s\"",
			      HUB_FMT(hub_db_str(q, 0)));
		hub_hint(cli->err, "Name its file: --mapping PATH.");
		return rc;
	}
	if (o->changed || hub_str_is(hub_db_str(q, 1), hash))
		return HUB_OK;
	rc =
	    hub_fail(cli->err, HUB_REFUSED, "other-mapping",
		     "the mapping or the detectors have changed since run %lld", (long long)r->run);
	hub_hint(cli->err, "Give --changed-mapping to load the records with the mapping of today, "
			   "or import the whole file again.");
	return rc;
}

static int load(struct hub_cli *cli, struct hub_store *store, struct hub_plugins *plugins,
		const struct hub_schema *schema, const struct options *o, const char *path,
		const struct hub_reload *r)
{
	const char *slash = strrchr(path, '/');
	const char *name = o->mapping ? o->mapping : r->layout.mapping.ptr;
	const struct hub_feed feed = {o->report, o->rejects, path, o->quiet, NULL};
	struct hub_intake_result res = {0};
	struct hub_mapping *mapping;
	int rc;

	if ((rc = hub_work_mapping_of(cli, o->mapping, r->layout.mapping.ptr, schema, &mapping)) ||
	    (rc = check_mapping(cli, store, plugins, mapping, r, o)))
		return rc;
	struct hub_intake in = {
	    .schema = schema,
	    .plugins = plugins,
	    .mapping = mapping,
	    .mapping_name = name,
	    .store_url = o->store ? o->store : hub_work_store_url(),
	    .stop = hub_work_stop(),
	    .spec = {.kind = HUB_STR("reload"),
		     .input = hub_str_of(slash ? slash + 1 : path),
		     .actor = hub_work_actor(cli),
		     .dry = o->dry,
		     .vanish_limit = 10},
	};
	hub_reload_input(r, &in);
	return hub_feed_run(cli, store, &in, &feed, &res);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&o.store),
	    {"mapping", "NAME", &o.mapping, NULL,
	     HUB_N("when the mapping is not where the run found it")},
	    {"changed-mapping", NULL, NULL, &o.changed,
	     HUB_N("take the mapping as it is now, though it has changed since the run")},
	    {"dry-run", NULL, NULL, &o.dry, HUB_N("decide and count everything, write nothing")},
	    HUB_ARG_SCHEMA(&o.local),
	    {"report", "FILE", &o.report, NULL,
	     HUB_N("count sheet as .txt, .csv or .html (default: stdout)")},
	    {"rejects", "FILE", &o.rejects, NULL,
	     HUB_N("file for records that are rejected again")},
	    {"quiet", NULL, NULL, &o.quiet, HUB_N("no progress")},
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	const struct hub_schema *schema;
	struct hub_plugins *plugins;
	struct hub_reload r = {.fd = -1};
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_reload, args, argc, argv, &n)))
		return rc;
	if (n != 1) {
		rc = hub_fail(cli->err, HUB_USAGE, "file-missing", "reload wants one reject file");
		hub_hint(cli->err, "`tsunagi reload --help` shows examples.");
		return rc;
	}
	if ((rc = hub_work_schema(cli, o.local, &schema)) ||
	    (rc = hub_work_plugins(cli, &plugins)) ||
	    (rc = hub_work_detectors(cli, plugins, NULL)) ||
	    (rc = hub_work_store(cli, o.store, o.dry ? HUB_OPEN_READONLY : 0, schema, &store)))
		return rc;
	rc = hub_reload_read(cli->arena, store, plugins, argv[0], &r, cli->err);
	if (!rc)
		tell(&r, argv[0]);
	if (!rc && r.n == 0 && !o.dry)
		rc = hub_feed_late(cli, store);
	if (!rc && r.n > 0)
		rc = load(cli, store, plugins, schema, &o, argv[0], &r);
	hub_reload_close(&r);
	if (!rc && r.untouched && !cli->exit_code)
		cli->exit_code = 5;
	return rc;
}

const struct hub_cmd hub_cmd_reload = {
    .name = "reload",
    .summary = HUB_N("bring corrected rejects back"),
    .usage = "FILE --store URL",
    .help = HUB_N(
	"FILE is a reject file that import wrote, corrected in a text editor or a spreadsheet.\n"
	"Cells count as untouched when they differ only by what a spreadsheet does to them\n"
	"(leading zeros, dates, large numbers). To accept a record as it stands, empty its _code.\n"
	"examples:\n"
	"  tsunagi reload cases.csv.rejects.csv --store sqlite:tsunagi.db --dry-run\n"
	"  tsunagi reload cases.csv.rejects.csv --store sqlite:tsunagi.db\n"
	"exit: 0 all are in, 5 some are not corrected yet or were rejected again\n"),
    .run = run,
};
