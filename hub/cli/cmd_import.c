/* tsunagi import: files of a foreign system into a store, once, without a configuration. */
#include "cli/feed.h"
#include "cli/work.h"

struct import {
	const char *mapping, *store, *local, *encoding, *report, *rejects, *limit, *vanish,
	    *workers;
	const char *set[HUB_WORDS_MAX];
	int sets, dry, again, full, quiet;
	struct hub_str option_name[HUB_WORDS_MAX + 1], option_value[HUB_WORDS_MAX + 1];
};

/* --set NAME=VALUE and --encoding as options of the source plugin. */
static int source_options(struct hub_cli *cli, struct import *im, struct hub_intake *in)
{
	for (int i = 0; i < im->sets; i++) {
		const int rc = hub_cli_set(cli, im->set[i], "csv", &im->option_name[in->options],
					   &im->option_value[in->options]);
		if (rc)
			return rc;
		in->options++;
	}
	if (im->encoding) {
		im->option_name[in->options] = HUB_STR("encoding");
		im->option_value[in->options++] = hub_str_of(im->encoding);
	}
	in->option_name = im->option_name;
	in->option_value = im->option_value;
	return HUB_OK;
}

static int check_files(struct hub_cli *cli, const struct import *im, int n)
{
	if (n == 0) {
		hub_fail(cli->err, HUB_USAGE, "file-missing", "which file is not said");
		hub_hint(cli->err, "`tsunagi import --help` shows examples.");
		return HUB_USAGE;
	}
	if (n > 1 && (im->rejects || im->report)) {
		hub_fail(cli->err, HUB_USAGE, "option-value",
			 "--report and --rejects name one file, but there are several inputs");
		hub_hint(cli->err, "Import the files one after another.");
		return HUB_USAGE;
	}
	return HUB_OK;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct import im = {0};
	const struct hub_arg args[] = {
	    {"mapping", "NAME", &im.mapping, NULL, HUB_N("folder of mappings/, or a mapping file")},
	    {"store", "URL", &im.store, NULL,
	     HUB_N("sqlite:PATH or postgresql://...; made when it is not there (default: "
		   "TSUNAGI_STORE)")},
	    {"dry-run", NULL, NULL, &im.dry, HUB_N("decide and count everything, write nothing")},
	    {"again", NULL, NULL, &im.again,
	     HUB_N("compare with the store even if the file is known")},
	    {"full", NULL, NULL, &im.full,
	     HUB_N("the file is a full dump: report what has vanished")},
	    {"encoding", "NAME", &im.encoding, NULL,
	     HUB_N("cp932, utf-8, ... instead of what the mapping says")},
	    {"set", "NAME=VALUE", im.set, &im.sets,
	     HUB_N("another option of the source (several times)")},
	    HUB_ARG_SCHEMA(&im.local),
	    {"reject-limit", "N|N%", &im.limit, NULL, HUB_N("stop when more records are rejected")},
	    {"vanish-limit", "PERCENT", &im.vanish, NULL,
	     HUB_N("stop when more of a full dump has vanished (default: 10)")},
	    {"report", "FILE", &im.report, NULL,
	     HUB_N("count sheet as .txt, .csv or .html (default: stdout)")},
	    {"rejects", "FILE", &im.rejects, NULL,
	     HUB_N("file for rejected records (default: INPUT.rejects.csv)")},
	    HUB_ARG_WORKERS(&im.workers),
	    {"quiet", NULL, NULL, &im.quiet, HUB_N("no progress")},
	    HUB_ARG_END,
	};
	struct hub_intake in = {0};
	struct hub_plugins *plugins;
	struct hub_mapping *mapping;
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	int64_t vanish = 10;
	if ((rc = hub_cli_args(cli, &hub_cmd_import, args, argc, argv, &n)) ||
	    (rc = check_files(cli, &im, n)) ||
	    (rc = hub_work_workers(cli, im.workers, &in.workers)) ||
	    (rc = hub_cli_number(cli, "vanish-limit", im.vanish, 0, 100, &vanish)) ||
	    (rc = hub_work_schema(cli, im.local, &in.schema)) ||
	    (rc = hub_work_plugins(cli, &plugins)) ||
	    (rc = hub_work_detectors(cli, plugins, NULL)) ||
	    (rc = hub_work_mapping(cli, im.mapping, in.schema, &mapping)) ||
	    (rc = source_options(cli, &im, &in)) ||
	    (im.limit && (rc = hub_feed_limit(cli, hub_str_of(im.limit), &in))) ||
	    (rc = hub_work_store(cli, im.store, im.dry ? HUB_OPEN_DRY : HUB_OPEN_CREATE, in.schema,
				 &store)))
		return rc;
	in.plugins = plugins;
	in.mapping = mapping;
	in.mapping_name = im.mapping;
	in.store_url = im.store ? im.store : hub_work_store_url();
	in.stop = hub_work_stop();
	in.spec = (struct hub_run_spec){.kind = HUB_STR("import"),
					.actor = hub_work_actor(cli),
					.dry = im.dry,
					.again = im.again,
					.full = im.full,
					.vanish_limit = (int)vanish};
	for (int i = 0; i < n && !rc; i++) {
		const struct hub_feed feed = {im.report, im.rejects, argv[i], im.quiet, NULL};
		struct hub_intake_result res = {0};
		in.path = argv[i];
		rc = hub_feed_run(cli, store, &in, &feed, &res);
	}
	return rc;
}

const struct hub_cmd hub_cmd_import = {
    .name = "import",
    .summary = HUB_N("bring files of a foreign system into a store"),
    .usage = "FILE... --mapping NAME --store URL [--dry-run]",
    .help =
	HUB_N("examples:\n"
	      "  tsunagi import cases.csv --mapping legacy-care-record --store sqlite:tsunagi.db "
	      "--dry-run\n"
	      "  tsunagi import cases.csv --mapping legacy-care-record --store sqlite:tsunagi.db "
	      "--report counts.html\n"
	      "The same command again goes on where an interrupted run stopped; the same file "
	      "again is no work.\n"
	      "Rejected records: `tsunagi reload --help`. Take a run back: `tsunagi undo RUN`.\n"
	      "exit: 0 done, 5 done with rejects, 4 too many rejects, 8 interrupted (run it "
	      "again), 10 other header\n"),
    .run = run,
};
