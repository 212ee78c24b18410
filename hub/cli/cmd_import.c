/* tsunagi import: files of a foreign system into a store, once, without a configuration. */
#include "base/clock.h"
#include "base/io.h"
#include "cli/progress.h"
#include "cli/work.h"
#include "intake/report.h"

struct import {
	const char *mapping, *store, *local, *encoding, *report, *limit, *workers;
	const char *set[HUB_WORDS_MAX];
	int sets, dry, again, full, quiet;
	struct hub_str option_name[HUB_WORDS_MAX + 1], option_value[HUB_WORDS_MAX + 1];
};

/* --set NAME=VALUE and --encoding as options of the source plugin. */
static int source_options(struct hub_cli *cli, struct import *im, struct hub_intake *in)
{
	for (int i = 0; i < im->sets; i++) {
		const struct hub_str whole = hub_str_of(im->set[i]);
		const size_t eq = hub_str_find(whole, HUB_STR("="), 0);
		if (eq == (size_t)-1) {
			const int rc =
			    hub_fail(cli->err, HUB_USAGE, "option-value", "--set needs NAME=VALUE");
			hub_hint(cli->err, "For example --set delimiter=\";\". `tsunagi plugin "
					   "info csv` lists the names.");
			return rc;
		}
		im->option_name[in->options] = hub_str_cut(whole, 0, eq);
		im->option_value[in->options++] = hub_str_from(whole, eq + 1);
	}
	if (im->encoding) {
		im->option_name[in->options] = HUB_STR("encoding");
		im->option_value[in->options++] = hub_str_of(im->encoding);
	}
	in->option_name = im->option_name;
	in->option_value = im->option_value;
	return HUB_OK;
}

/* "100" records or "2%" of them. */
static int reject_limit(struct hub_cli *cli, const char *text, struct hub_intake *in)
{
	struct hub_str s = hub_str_of(text);
	const int percent = hub_str_ends(s, HUB_STR("%"));
	int64_t n;

	s.len -= (size_t)percent;
	if (hub_parse_i64(s, 0, percent ? 100 : INT64_MAX, &n))
		return hub_fail(cli->err, HUB_USAGE, "option-value",
				"--reject-limit wants a number of records or a percentage");
	if (percent)
		in->reject_percent = (uint32_t)n;
	else
		in->reject_limit = (uint64_t)n;
	return HUB_OK;
}

static int write_report(struct hub_cli *cli, struct hub_store *store, const struct hub_intake *in,
			const struct hub_intake_result *res, const char *path)
{
	HUB_AUTO(buf) struct hub_buf out;
	struct hub_run_row row = {.feed = res->spec.feed,
				  .kind = res->spec.kind,
				  .input = res->spec.input,
				  .content = res->spec.content,
				  .bytes = (int64_t)res->spec.bytes,
				  .mapping = res->spec.mapping,
				  .schema = hub_str_of(in->schema->hash),
				  .actor = res->spec.actor,
				  .findings = res->findings};
	int rc;

	hub_buf_init(&out, 64 << 20);
	if (!in->spec.dry && (rc = hub_run_read(cli->arena, store, res->run.id, &row, cli->err)))
		return rc;
	const int form = path ? hub_report_form(hub_str_of(path)) : HUB_REPORT_TEXT;
	if (form < 0)
		return hub_fail(cli->err, HUB_USAGE, "option-value",
				"the report's name must end in .txt, .csv or .html");
	rc = hub_report_write(cli->arena, store, &row, &res->counts, (enum hub_report_form)form,
			      (struct hub_str){NULL, 0}, &out, cli->err);
	if (rc)
		return rc;
	if (path)
		return hub_file_write(path, hub_buf_text(&out), cli->err);
	fwrite(out.ptr, 1, out.len, stdout);
	return HUB_OK;
}

static void unchanged(const struct hub_intake_result *res, const char *path)
{
	char when[26];

	hub_time_jst(hub_now(), when);
	printf(hub_tr("%s: nothing to do: the same content is already in the store (run %lld).\n"),
	       path, (long long)res->run.same_as);
	printf("%s\n", hub_tr("Use --again to compare it with the store all the same."));
}

/* Exit code by what was rejected: 5 under the limit, 4 over it. */
static void judge(struct hub_cli *cli, const struct hub_intake *in,
		  const struct hub_intake_result *res)
{
	const uint64_t bad = res->counts.fate[HUB_FATE_REJECTED];

	if (bad == 0)
		return;
	if (in->reject_percent && bad * 100 > res->counts.read * in->reject_percent)
		cli->exit_code = 4;
	else if (cli->exit_code != 4)
		cli->exit_code = 5;
}

static int import_file(struct hub_cli *cli, struct hub_store *store, struct hub_intake *in,
		       const struct import *im, const char *path)
{
	HUB_AUTO(buf) struct hub_buf drift;
	struct hub_bar bar;
	struct hub_intake_result res = {.drift = &drift};

	hub_buf_init(&drift, 1 << 20);
	hub_bar_init(&bar);
	in->path = path;
	in->progress = im->quiet ? NULL : hub_bar_show;
	in->progress_arg = &bar;
	int rc = hub_intake_run(cli->arena, store, in, &res, cli->err);
	hub_bar_end(&bar);
	if (rc == HUB_DRIFT)
		fwrite(drift.ptr, 1, drift.len, stderr);
	if (rc && !res.run.id)
		return rc;
	if (res.run.unchanged) {
		unchanged(&res, path);
		return HUB_OK;
	}
	const int rc_report = rc == HUB_OK || res.over_limit
				  ? write_report(cli, store, in, &res, im->report)
				  : HUB_OK;
	if (rc)
		return rc;
	judge(cli, in, &res);
	return rc_report;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct import im = {0};
	const struct hub_arg args[] = {
	    {"mapping", "NAME", &im.mapping, NULL, HUB_N("folder of mappings/, or a mapping file")},
	    {"store", "URL", &im.store, NULL,
	     HUB_N("sqlite:PATH; made when it is not there (default: TSUNAGI_STORE)")},
	    {"dry-run", NULL, NULL, &im.dry, HUB_N("decide and count everything, write nothing")},
	    {"again", NULL, NULL, &im.again,
	     HUB_N("compare with the store even if the file is known")},
	    {"full", NULL, NULL, &im.full,
	     HUB_N("the file is a full dump: report what has vanished")},
	    {"encoding", "NAME", &im.encoding, NULL,
	     HUB_N("cp932, utf-8, ... instead of what the mapping says")},
	    {"set", "NAME=VALUE", im.set, &im.sets,
	     HUB_N("another option of the source (several times)")},
	    {"schema", "FILE", &im.local, NULL, HUB_N("the site's own fields and codes")},
	    {"reject-limit", "N|N%", &im.limit, NULL, HUB_N("stop when more records are rejected")},
	    {"report", "FILE", &im.report, NULL,
	     HUB_N("count sheet as .txt, .csv or .html (default: stdout)")},
	    {"workers", "N", &im.workers, NULL, HUB_N("mapping threads (default: one per core)")},
	    {"quiet", NULL, NULL, &im.quiet, HUB_N("no progress")},
	    {NULL, NULL, NULL, NULL, NULL},
	};
	struct hub_intake in = {0};
	struct hub_plugins *plugins;
	struct hub_mapping *mapping;
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_import, args, argc, argv, &n)))
		return rc;
	if (n == 0) {
		rc = hub_fail(cli->err, HUB_USAGE, "file-missing", "which file is not said");
		hub_hint(cli->err, "`tsunagi import --help` shows examples.");
		return rc;
	}
	int64_t workers = 0;
	if (im.workers && hub_parse_i64(hub_str_of(im.workers), 1, 64, &workers))
		return hub_fail(cli->err, HUB_USAGE, "option-value",
				"--workers wants a number from 1 to 64");
	if ((rc = hub_work_schema(cli, im.local, &in.schema)) ||
	    (rc = hub_work_plugins(cli, &plugins)) ||
	    (rc = hub_work_mapping(cli, im.mapping, in.schema, &mapping)) ||
	    (rc = source_options(cli, &im, &in)) ||
	    (im.limit && (rc = reject_limit(cli, im.limit, &in))) ||
	    (rc = hub_work_store(cli, im.store, im.dry ? HUB_OPEN_DRY : HUB_OPEN_CREATE, in.schema,
				 &store)))
		return rc;
	in.plugins = plugins;
	in.mapping = mapping;
	in.store_url = im.store ? im.store : hub_work_store_url();
	in.workers = (uint32_t)workers;
	in.stop = hub_work_stop();
	in.spec = (struct hub_run_spec){.kind = HUB_STR("import"),
					.actor = hub_work_actor(cli),
					.dry = im.dry,
					.again = im.again,
					.full = im.full,
					.vanish_limit = 10};
	for (int i = 0; i < n; i++)
		if ((rc = import_file(cli, store, &in, &im, argv[i])))
			return rc;
	return HUB_OK;
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
