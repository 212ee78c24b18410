/* tsunagi check and tsunagi run: a job configuration, opened; then its jobs, in the order of the file. */
#include "base/clock.h"
#include "cli/check_day.h"
#include "cli/feed.h"
#include "cli/jobs.h"
#include "cli/sign_in.h"
#include "cli/status_jobs.h"
#include "conf/report.h"
#include "release/release.h"

struct options {
	int dry, again, quiet;
	const char *reason, *input, *rejects, *fd;
	struct hub_events *events;
	struct hub_sign_in sign;
};

static int open_site(struct hub_cli *cli, const char *path, const struct hub_site_want *want,
		     struct hub_site *site)
{
	const int rc = hub_site_open(cli, path, want, site);

	if (site->report)
		hub_report_print(site->report, stderr);
	return rc;
}

static int run_intake(struct hub_cli *cli, const struct hub_site *site, const struct hub_ready *r,
		      const struct options *o)
{
	HUB_AUTO(store) struct hub_store *store = NULL;
	const char *input = o->input ? o->input : r->input;
	const int live = r->live && !o->input;
	const struct hub_feed feed = {.input =
					  live ? hub_arena_cstr(cli->arena, r->job->name) : input,
				      .rejects = o->rejects,
				      .events = o->events,
				      .quiet = o->quiet};
	struct hub_intake_result res = {0};
	struct hub_intake in = {
	    .schema = site->schema,
	    .plugins = site->plugins,
	    .mapping = r->mapping,
	    .mapping_name = r->mapping_path,
	    .store_url = site->store_url ? site->store_url : hub_work_store_url(),
	    .path = input,
	    .option_name = r->option_name,
	    .option_value = r->option_value,
	    .options = r->options,
	    .stop = hub_work_stop(),
	    .spec = {.kind = HUB_STR("import"),
		     .actor = hub_work_actor(cli),
		     .input = live ? r->job->name : (struct hub_str){NULL, 0},
		     .dry = o->dry,
		     .again = o->again,
		     .full = r->job->mode == HUB_JOB_FULL,
		     .end_vanished = (int)r->job->end_vanished,
		     .vanish_limit = (int)r->job->vanish_limit},
	};
	int rc;

	if (r->job->reject_limit.len && (rc = hub_feed_limit(cli, r->job->reject_limit, &in)))
		return rc;
	if (!input && !live) {
		rc = hub_fail(cli->err, HUB_CONF, "file-missing",
			      "job \"%.*s\" names no input file", HUB_FMT(r->job->name));
		hub_hint(cli->err, "Name one: --input FILE. A job that watches a folder gets its "
				   "files from `tsunagi serve`.");
		return rc;
	}
	rc = hub_work_store(cli, site->store_url, o->dry ? HUB_OPEN_DRY : HUB_OPEN_CREATE,
			    site->schema, &store);
	return rc ? rc : hub_feed_run(cli, store, &in, &feed, &res);
}

static int run_release(struct hub_cli *cli, const struct hub_site *site, const struct hub_ready *r,
		       const struct options *o)
{
	HUB_AUTO(store) struct hub_store *store = NULL;
	struct hub_release_result res = {0};
	struct hub_sign_in in = o->sign;
	struct hub_release_spec spec = {.profile = &r->profile,
					.grounds = &site->grounds,
					.plugins = site->plugins,
					.sink = r->sink.plugin,
					.sink_conf = r->sink.conf,
					.target = r->target,
					.keys = hub_str_of(site->keys),
					.job = &r->version,
					.reason = hub_str_of(o->reason ? o->reason : ""),
					.day = hub_today(),
					.feed_days = 7,
					.stop = hub_work_stop()};
	int rc;

	in.keys = spec.keys.ptr;
	if (o->dry) {
		printf(hub_tr("job %.*s: a release has no dry run; nothing was written\n"),
		       HUB_FMT(r->job->name));
		return HUB_OK;
	}
	if ((rc = hub_work_store(cli, site->store_url, 0, site->schema, &store)) ||
	    (rc = hub_sign_in(cli, hub_store_db(store), &in, HUB_MAY_CONFIRM, &spec.who)) ||
	    (rc = hub_release_run(store, &spec, &res, cli->err)))
		return rc;
	hub_events_release(o->events, &res);
	if (res.counts.rejected && !cli->exit_code)
		cli->exit_code = 5;
	printf(hub_tr("release %lld: %llu rows read, %llu written\n"), (long long)res.id,
	       (unsigned long long)res.counts.rows, (unsigned long long)res.counts.written);
	return HUB_OK;
}

static int run_jobs(struct hub_cli *cli, const struct hub_site *site, const char *name,
		    const struct options *o)
{
	const struct hub_job *only = NULL;
	int rc = name ? hub_jobs_find(&site->jobs, hub_str_of(name), &only, cli->err) : HUB_OK;

	for (size_t i = 0; i < site->jobs.count && !rc; i++) {
		const struct hub_ready *r = &site->ready[i];
		if (only && r->job != only)
			continue;
		if (!o->quiet)
			fprintf(stderr, hub_tr("job %.*s\n"), HUB_FMT(r->job->name));
		rc = r->job->kind == HUB_JOB_INTAKE ? run_intake(cli, site, r, o)
						    : run_release(cli, site, r, o);
	}
	return rc;
}

static int run_check(struct hub_cli *cli, int argc, char **argv)
{
	const char *day = NULL, *format = NULL;
	int alone = 0, start = 0;
	const struct hub_arg args[] = {
	    {"on", "DATE", &day, NULL, HUB_N("what will fail on that day as things stand now")},
	    {"format", "FORM", &format, NULL, HUB_N("of that list: table, jsonl, csv or html")},
	    {"alone", NULL, NULL, &alone, HUB_N("the files alone: neither inputs nor the store")},
	    {"start", NULL, NULL, &start,
	     HUB_N("what the daemon looks at before it starts: not the inputs, and a store that "
		   "cannot be reached now is fine")},
	    HUB_ARG_END,
	};
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_check, args, argc, argv, &n)))
		return rc;
	if (n == 0)
		return hub_fail(cli->err, HUB_USAGE, "file-missing",
				"which configuration is not said");
	const struct hub_site_want want = {
	    .inputs = !alone && !start, .plugins = 1, .store = !alone};
	for (int i = 0; i < n; i++) {
		struct hub_site site = {0};
		int bad = open_site(cli, argv[i], &want, &site);
		if (start && (bad == HUB_RETRY || bad == HUB_LOCKED)) {
			*cli->err = (struct hub_err){0};
			bad = HUB_OK;
		}
		if (!bad && !alone && !start && !day)
			bad = hub_check_now(cli, &site, format);
		if (!bad && day) {
			bad = hub_check_day(cli, &site, day, format);
		} else if (!bad) {
			printf(hub_tr("%s: fine, %zu jobs\n"), argv[i], site.jobs.count);
			hub_check_times(&site.plan, hub_now());
		}
		hub_conf_free(site.conf);
		rc = rc ? rc : bad;
	}
	return rc;
}

static int run_run(struct hub_cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const struct hub_arg args[] = {
	    {"dry-run", NULL, NULL, &o.dry, HUB_N("decide and count everything, write nothing")},
	    {"again", NULL, NULL, &o.again,
	     HUB_N("compare with the store even if the file is known")},
	    HUB_SIGN_IN_ARGS(o.sign),
	    {"reason", "TEXT", &o.reason, NULL,
	     HUB_N("confirms that masked data go out without consent, and why")},
	    {"input", "FILE", &o.input, NULL, HUB_N("this file instead of the job's own")},
	    {"rejects", "FILE", &o.rejects, NULL, HUB_N("reject file (default: beside the input)")},
	    {"progress-fd", "N", &o.fd, NULL,
	     HUB_N("what happens, as JSON lines on this descriptor")},
	    {"quiet", NULL, NULL, &o.quiet, HUB_N("no progress")},
	    HUB_ARG_END,
	};
	struct hub_site site = {0};
	int64_t fd = -1;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_run, args, argc, argv, &n)))
		return rc;
	if (n < 1 || n > 2)
		return hub_fail(cli->err, HUB_USAGE, "file-missing",
				"run wants a configuration and, if you like, the name of a job");
	if ((o.input || o.rejects) && n < 2)
		return hub_fail(cli->err, HUB_USAGE, "option-value",
				"--input and --rejects belong to one job: name it");
	if ((rc = hub_cli_number(cli, "progress-fd", o.fd, 3, 1 << 16, &fd)))
		return rc;
	struct hub_events events = {.fd = (int)fd};
	o.events = o.fd ? &events : NULL;
	if (o.events) /* the end of a daemon is not the end of its runs: they finish, or stop by SIGTERM */
		signal(SIGPIPE, SIG_IGN);
	const struct hub_site_want want = {.only = n == 2 ? argv[1] : NULL, .store = 1};
	rc = open_site(cli, argv[0], &want, &site);
	if (!rc)
		rc = run_jobs(cli, &site, n == 2 ? argv[1] : NULL, &o);
	hub_events_end(o.events, rc < 0 ? hub_exit_code(rc) : cli->exit_code, cli->err);
	hub_conf_free(site.conf);
	return rc;
}

const struct hub_cmd hub_cmd_check = {
    .name = "check",
    .summary = HUB_N("open everything that a configuration names, say all that is wrong"),
    .usage = "CONFIG... [--on DATE]",
    .help = HUB_N("examples:\n  tsunagi check config/nightly.cfg\n"
		  "  tsunagi check config/nightly.cfg --on 2027-04-01\n"
		  "exit: 0 fine, 3 something is wrong\n"),
    .run = run_check,
};

const struct hub_cmd hub_cmd_run = {
    .name = "run",
    .summary = HUB_N("run the jobs of a configuration"),
    .usage = "CONFIG [JOB] [--dry-run]",
    .help = HUB_N("Jobs run in the order of the file; the first that fails ends the run.\n"
		  "examples:\n"
		  "  tsunagi run config/nightly.cfg\n"
		  "  tsunagi run config/nightly.cfg residents --dry-run\n"),
    .run = run_run,
};
