/* tsunagi export: what one recipient may have, through the gate, into files. */
#include "base/clock.h"
#include "cli/out.h"
#include "cli/sheet_out.h"
#include "cli/sign_in.h"
#include "cli/statsets.h"

#include "plugin/option.h"
#include "release/release.h"

struct export
{
	const char *profile, *as, *to, *store, *local, *grounds, *reason, *meeting, *case_no,
	    *feed_days, *keys, *year, *mapping;
	const char *set[HUB_WORDS_MAX];
	int sets, quiet, labels;
	struct hub_sign_in sign;
};

/* Where --to goes: an address into the option that takes one, anything else into a path. */
static const struct hub_opt *target_option(const struct hub_plugin *sink, const char *to)
{
	const int address = hub_str_find(hub_str_of(to), HUB_STR("://"), 0) != (size_t)-1;

	for (const struct hub_opt *o = sink->opts; o && o->name; o++)
		if ((o->flags & HUB_OPT_WRITES) && (o->type == HUB_O_URL) == address)
			return o;
	return hub_option_with(sink, HUB_OPT_WRITES);
}

/* The sink's path option from --to, the rest from --set. */
static int sink_options(struct hub_cli *cli, const struct export *ex, struct hub_options *o)
{
	const struct hub_opt *path = target_option(o->plugin, ex->to);
	int rc = HUB_OK;

	if (path)
		rc = hub_options_set(o, hub_str_of(path->name), hub_str_of(ex->to), cli->err);
	for (int i = 0; i < ex->sets && !rc; i++) {
		struct hub_str name, value;
		rc = hub_cli_set(cli, ex->set[i], ex->as, &name, &value);
		if (!rc)
			rc = hub_options_set(o, name, value, cli->err);
	}
	return rc ? rc : hub_options_finish(o, cli->err);
}

static int find_sink(struct hub_cli *cli, const struct export *ex, const struct hub_schema *schema,
		     const struct hub_plugins *plugins, struct hub_options *o)
{
	const struct hub_plugin *sink;
	int rc;

	if (!ex->as || !ex->to) {
		rc = hub_fail(cli->err, HUB_USAGE, "option-missing",
			      "export needs --as and --to: in which form, and where to");
		hub_hint(cli->err, "For example --as csv --to out/ (csv, jsonl, xml, xlsx).");
		return rc;
	}
	if (strcmp(ex->to, "-") == 0) {
		rc = hub_fail(cli->err, HUB_USAGE, "not-a-file",
			      "what is released is not written to standard output");
		hub_hint(cli->err,
			 "Name a file or a folder: it appears when it is complete, for its "
			 "owner only.");
		return rc;
	}
	if ((rc = hub_plugins_find(plugins, HUB_SINK, hub_str_of(ex->as), &sink, cli->err)) ||
	    (rc = hub_options_init(o, cli->arena, sink, cli->err)) ||
	    (ex->mapping && (rc = hub_sheet_out_options(cli, ex->mapping, schema, o))))
		return rc;
	return sink_options(cli, ex, o);
}

static void put_line(struct hub_table *t, const char *what, uint64_t n)
{
	hub_table_puts(t, hub_tr(what));
	hub_table_int(t, (int64_t)n);
}

static int print_result(struct hub_cli *cli, const struct hub_profile *p,
			const struct hub_release_result *r)
{
	const struct hub_release_counts *c = &r->counts;
	const struct hub_str title =
	    hub_arena_printf(cli->arena, hub_tr("release %lld: %.*s to %.*s"), (long long)r->id,
			     HUB_FMT(p->name), HUB_FMT(p->recipient_name));
	struct hub_table *t = hub_table_new(cli->arena, title);

	hub_table_col(t, "what", "", 0);
	hub_table_col(t, "count", HUB_N("count"), 1);
	put_line(t, HUB_N("rows read"), c->rows);
	put_line(t, HUB_N("rows written"), c->written);
	put_line(t, HUB_N("rows withheld"), c->withheld_rows);
	put_line(t, HUB_N("rows the target cannot hold"), c->rejected);
	put_line(t, HUB_N("cells as they are"), c->as_is);
	put_line(t, HUB_N("cells masked"), c->masked);
	put_line(t, HUB_N("cells withheld"), c->withheld);
	put_line(t, HUB_N("deletions asked for"), c->deletions);
	if (p->stats.sets.n) {
		put_line(t, HUB_N("figures"), c->figures);
		put_line(t, HUB_N("figures hidden"), c->figures_hidden);
	}
	put_line(t, HUB_N("texts"), c->texts);
	put_line(t, HUB_N("texts scanned again"), c->rescanned);
	put_line(t, HUB_N("texts withheld"), c->texts_withheld);
	const int rc = hub_out_table(cli, t, NULL);
	for (uint32_t i = 0; i < r->refusals; i++) {
		const struct hub_release_refusal *f = &r->refusal[i];
		printf("%s: %llu  %s: %s\n", hub_tr("not taken"), (unsigned long long)f->rows,
		       f->code, f->reason);
	}
	printf("%s  %s\n%s  %lld %s\n", hub_tr("content"), r->content, hub_tr("audit head"),
	       (long long)r->audit.seq, r->audit.head);
	return rc;
}

/* The file that is easily forgotten, and the one of which something is missing. */
static int say_unasked(struct hub_cli *cli, struct hub_db *db)
{
	int unasked = 0, unread = 0, rc = hub_people_unasked(db, &unasked, cli->err);

	if (rc || (rc = hub_people_unread(db, &unread, cli->err)))
		return rc;
	if (unasked)
		fprintf(
		    stderr, "%s\n",
		    hub_tr("note: no feed has said yet who is under display restriction: nobody "
			   "is clear of it by the registry alone. Load it; where there is none, "
			   "two people say so: tsunagi release protection clear"));
	if (unread)
		fprintf(
		    stderr, "%s\n",
		    hub_tr("note: a file that says who is under display restriction was not "
			   "read in full: whom its missing rows mean nobody knows, so nobody is "
			   "clear of it. `tsunagi runs` shows which; load it again, or correct "
			   "the rejected rows and reload them"));
	return HUB_OK;
}

static int export_to(struct hub_cli *cli, struct export *ex, struct hub_store *store,
		     struct hub_release_spec *spec)
{
	struct hub_release_result r;
	int64_t feed_days = HUB_OUT_FEED_DAYS;
	int rc;

	if ((rc = hub_cli_number(cli, "feed-days", ex->feed_days, 0, 3650, &feed_days)))
		return rc;
	if (ex->year && (rc = hub_statsets_year(cli, ex->year, &spec->stats_year)))
		return rc;
	spec->target = hub_str_of(ex->to);
	spec->labels = ex->labels;
	spec->keys = hub_str_of(hub_work_keys(cli, ex->keys, ex->store));
	ex->sign.keys = spec->keys.ptr;
	spec->reason = hub_str_of(ex->reason ? ex->reason : "");
	spec->meeting = hub_str_of(ex->meeting ? ex->meeting : "");
	spec->case_no = hub_str_of(ex->case_no ? ex->case_no : "");
	spec->day = hub_today();
	spec->feed_days = (int32_t)feed_days;
	spec->stop = hub_work_stop();
	if ((rc = hub_sign_in(cli, hub_store_db(store), &ex->sign, HUB_MAY_CONFIRM, &spec->who)) ||
	    (rc = hub_release_run(store, spec, &r, cli->err)))
		return rc;
	if (r.counts.rejected)
		cli->exit_code = 5;
	if (r.no_detector && r.counts.texts)
		fprintf(stderr, "%s\n",
			hub_tr("no detector plugin is installed: no text has left"));
	if (!r.counts.as_is && (r.counts.masked || r.counts.withheld) && !ex->quiet)
		fprintf(
		    stderr,
		    hub_tr("no cell went out as it is; `tsunagi consent simulate PERSON --as %.*s` "
			   "says why\n"),
		    HUB_FMT(spec->profile->recipient));
	if (r.counts.unreviewed && !ex->quiet)
		fprintf(
		    stderr,
		    hub_tr("%llu texts wait for somebody to look at them: nobody knows that those "
			   "they are about, and their household, are clear of display restriction. "
			   "`tsunagi review list` lists them; for a site without a registry two "
			   "people say so: `tsunagi release protection clear`\n"),
		    (unsigned long long)r.counts.unreviewed);
	if (r.by_names && !ex->quiet)
		fprintf(stderr, "%s\n", hub_tr(hub_sign_in_by_names));
	if ((rc = say_unasked(cli, hub_store_db(store))))
		return rc;
	return ex->quiet ? HUB_OK : print_result(cli, spec->profile, &r);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct export ex = {0};
	const struct hub_arg args[] = {
	    {"profile", "NAME", &ex.profile, NULL, HUB_N("file of config/profiles/, or its path")},
	    {"as", "FORM", &ex.as, NULL, HUB_N("csv, jsonl, xml, xlsx, svg, dot: a sink plugin")},
	    {"to", "PATH", &ex.to, NULL, HUB_N("file or folder to write")},
	    HUB_ARG_STORE(&ex.store),
	    {"set", "NAME=VALUE", ex.set, &ex.sets,
	     HUB_N("another option of the sink (several times)")},
	    {"reason", "TEXT", &ex.reason, NULL,
	     HUB_N("confirms that masked data go out without consent, and why")},
	    {"meeting", "NO", &ex.meeting, NULL,
	     HUB_N("number of the meeting it is for: only what belongs to its case")},
	    {"case", "NO", &ex.case_no, NULL, HUB_N("only what belongs to this case")},
	    HUB_SIGN_IN_ARGS(ex.sign),
	    {"feed-days", "N", &ex.feed_days, NULL,
	     HUB_N("age at which a registry feed is stale (7)")},
	    {"keys", "FILE", &ex.keys, NULL,
	     HUB_N("secret keys of recipients (default: TSUNAGI_KEYS, beside an SQLite store)")},
	    {"mapping", "NAME", &ex.mapping, NULL,
	     HUB_N("in the layout of this mapping: the records it brought in")},
	    {"year", "YEAR", &ex.year, NULL,
	     HUB_N("statistics of this year, April to March (that of last month)")},
	    {"grounds", "FILE", &ex.grounds, NULL, HUB_N("the site's own table of legal grounds")},
	    HUB_ARG_SCHEMA(&ex.local),
	    {"labels", NULL, NULL, &ex.labels,
	     HUB_N("codes as their labels: 電話, not phone (for people, choices of an app)")},
	    {"quiet", NULL, NULL, &ex.quiet, HUB_N("no summary")},
	    {0}};
	const struct hub_schema *schema;
	struct hub_plugins *plugins;
	struct hub_profile profile;
	struct hub_grounds grounds;
	struct hub_options sink;
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_export, args, argc, argv, &n)))
		return rc;
	if (n > 0) {
		rc = hub_fail(cli->err, HUB_USAGE, "usage", "export takes no operand: \"%s\"",
			      argv[0]);
		hub_hint(cli->err, "Write --profile NAME --as FORM --to PATH.");
		return rc;
	}
	if ((rc = hub_work_schema(cli, ex.local, &schema)) ||
	    (rc = hub_out_profile(cli, ex.profile, schema, &profile)) ||
	    (rc = hub_out_grounds(cli, ex.grounds, &grounds)) ||
	    (rc = hub_work_plugins(cli, &plugins)) ||
	    (rc = find_sink(cli, &ex, schema, plugins, &sink)) ||
	    (rc = hub_work_store(cli, ex.store, 0, schema, &store)))
		return rc;
	struct hub_release_spec spec = {.profile = &profile,
					.grounds = &grounds,
					.plugins = plugins,
					.sink = sink.plugin,
					.sink_conf = sink.conf};
	struct hub_sheet sheet;
	if (ex.mapping && (rc = hub_sheet_out(cli, ex.mapping, schema, store, &sheet)))
		return rc;
	spec.sheet = ex.mapping ? &sheet : NULL;
	return export_to(cli, &ex, store, &spec);
}

const struct hub_cmd hub_cmd_export = {
    .name = "export",
    .summary = HUB_N("give one recipient what it may have, through the gate"),
    .usage = "--profile NAME --as csv|jsonl|xml|xlsx|svg|dot --to PATH --store URL",
    .help = HUB_N(
	"The profile must be approved as it is now: `tsunagi release --help`.\n"
	"Where consent is missing, data go out masked or not at all, as the profile says;\n"
	"--reason confirms and records why they go out masked.\n\n"
	"  tsunagi export --profile trusted-agency --as csv --to out/ --store sqlite:tsunagi.db\n"
	"  tsunagi export --profile own-tool --mapping mhlw-intake --as csv --to intake.csv\n"
	"exit: 0 done, 5 the target could not hold some rows, 6 refused (not approved, stopped)\n"),
    .run = run,
};
