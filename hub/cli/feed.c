#include "cli/feed.h"

#include "base/io.h"
#include "cli/progress.h"
#include "intake/reject.h"
#include "intake/report.h"
#include "release/audit.h"
#include "release/recall.h"
#include "store/counts.h"
#include "store/db.h"
#include "store/tables.h"

#include <assert.h>
#include <unistd.h>

int hub_feed_limit(struct hub_cli *cli, struct hub_str text, struct hub_intake *in)
{
	const int percent = hub_str_ends(text, HUB_STR("%"));
	int64_t n;

	text.len -= (size_t)percent;
	if (hub_parse_i64(text, 0, percent ? 100 : INT64_MAX, &n))
		return hub_fail(cli->err, HUB_USAGE, "option-value",
				"--reject-limit wants a number of records or a percentage");
	if (percent)
		in->reject_percent = (uint32_t)n;
	else
		in->reject_limit = (uint64_t)n;
	return HUB_OK;
}

/* By the ending of its name; -1: there is none like that. */
static int form_of(const char *path)
{
	return path ? hub_report_form(hub_str_of(path)) : HUB_REPORT_TEXT;
}

static int write_report(struct hub_cli *cli, struct hub_store *store, const struct hub_intake *in,
			const struct hub_intake_result *res, const char *path)
{
	HUB_AUTO(buf) struct hub_buf out;
	struct hub_run_row row = {.feed = res->spec.feed,
				  .input = res->spec.input,
				  .content = res->spec.content,
				  .bytes = (int64_t)res->spec.bytes,
				  .mapping = res->spec.mapping,
				  .schema = hub_str_of(in->schema->hash),
				  .actor = res->spec.actor,
				  .findings = res->findings,
				  .state = res->over_limit ? HUB_RUN_STOPPED : HUB_RUN_DONE,
				  .rejects = res->rejects};
	int rc;

	hub_buf_init(&out, 64 << 20);
	if (!in->spec.dry && (rc = hub_report_run(cli->arena, store, res->run.id, &row, cli->err)))
		return rc;
	struct hub_audit_state audit = {0};
	if ((rc = hub_audit_head(hub_store_db(store), &audit, cli->err)))
		return rc;
	const struct hub_count_sheet sheet = {&row, &res->counts, hub_str_of(audit.head),
					      (enum hub_report_form)form_of(path)};
	rc = hub_report_write(cli->arena, store, &sheet, &out, cli->err);
	return rc ? rc : hub_cli_put(cli, path, &out);
}

int hub_feed_sheet(struct hub_cli *cli, struct hub_store *store, struct hub_run_sheet *sheet,
		   const char *path)
{
	HUB_AUTO(buf) struct hub_buf out;

	hub_buf_init(&out, 64 << 20);
	const int rc = hub_run_sheet_write(cli->arena, store, sheet, &out, cli->err);
	return rc ? rc : hub_cli_put(cli, path, &out);
}

/* The store keeps the rejects, so a file that cannot be written is no reason to fail the run. */
static int write_rejects(struct hub_cli *cli, struct hub_store *store, int64_t run,
			 const struct hub_feed *feed)
{
	uint64_t n;
	const struct hub_str path = feed->rejects ? hub_str_of(feed->rejects)
						  : hub_reject_path(cli->arena, feed->input, run);

	if (!path.ptr)
		return hub_fail_mem(cli->err);
	if (hub_reject_file(store, run, path.ptr, &n, cli->err)) {
		hub_err_print(stderr, cli->err);
		fprintf(stderr,
			hub_tr("The rejects are in the store: tsunagi report %lld --rejects FILE "
			       "writes them.\n"),
			(long long)run);
		*cli->err = (struct hub_err){0};
		return HUB_OK;
	}
	if (n && !feed->events) /* whoever listens is told the number, and moves the file */
		fprintf(stderr,
			hub_tr("rejected records: %llu, in %s. Correct them there, then: "
			       "tsunagi reload %s\n"),
			(unsigned long long)n, path.ptr, path.ptr);
	return HUB_OK;
}

/* The run that brought this content may have ended before its reject file was written. */
static int rejects_of(struct hub_cli *cli, struct hub_store *store, int64_t run,
		      const struct hub_feed *feed)
{
	int64_t open = 0;
	int rc =
	    hub_db_one(hub_store_db(store), &open, cli->err,
		       "SELECT count(*) FROM reject WHERE run_id = ? AND status = 0", "i", run);

	if (rc || !open)
		return rc;
	if (feed->rejects ? access(feed->rejects, F_OK) != 0
			  : !hub_reject_is_there(cli->arena, feed->input, run))
		return write_rejects(cli, store, run, feed);
	fprintf(stderr, hub_tr("%lld of its rejects are still open.\n"), (long long)open);
	return HUB_OK;
}

static int unchanged(struct hub_cli *cli, struct hub_store *store, const struct hub_intake *in,
		     const struct hub_feed *feed, const struct hub_intake_result *res)
{
	printf(hub_tr("%s: nothing to do: the same content is already in the store (run %lld).\n"),
	       feed->input, (long long)res->run.same_as);
	printf("%s\n", hub_tr("Use --again to compare it with the store all the same."));
	if (in->spec.dry)
		return HUB_OK;
	printf(hub_tr("Its count sheet: `tsunagi report %lld`.\n"), (long long)res->run.same_as);
	/* it may have ended before its sheet was written, too */
	if (feed->report) {
		struct hub_run_sheet sheet = {.run = res->run.same_as,
					      .form = (enum hub_report_form)form_of(feed->report)};
		const int rc = hub_feed_sheet(cli, store, &sheet, feed->report);
		if (rc)
			return rc;
	}
	return in->spec.lookup ? HUB_OK : rejects_of(cli, store, res->run.same_as, feed);
}

/* Events that a registry's run found are somebody's work. */
static int tell_events(struct hub_cli *cli, struct hub_store *store, int64_t run)
{
	int64_t n = 0;
	const int rc = hub_db_one(hub_store_db(store), &n, cli->err,
				  "SELECT count(*) FROM resident_event WHERE run_id = ?", "i", run);

	if (!rc && n)
		fprintf(stderr,
			hub_tr("%lld events in the resident registry; `tsunagi resident` lists "
			       "them.\n"),
			(long long)n);
	return rc;
}

/* What left before a source withdrew it is somebody's work, too. run 0: of runs before, whose program was killed. */
static int make_recalls(struct hub_cli *cli, struct hub_store *store, int64_t run)
{
	struct hub_recalled made;
	const int rc = hub_recalls_catch_up(hub_store_db(store), run, &made, cli->err);

	if (!rc && made.tasks)
		fprintf(
		    stderr,
		    hub_tr("%lld recipients hold something already: `tsunagi release recalls`\n"),
		    (long long)made.tasks);
	if (!rc && made.unnamed)
		fprintf(stderr,
			hub_tr("%lld withdrawals name a recipient by whose name nobody is called "
			       "here: they stop nothing\n"),
			(long long)made.unnamed);
	return rc;
}

static_assert(HUB_ROWS_PER_RECORD == 1 << 8, "the rows of a record are found by their ids");

/* What a rejected record said of its consent nobody knows; the one of before goes on. */
static int tell_consents(struct hub_cli *cli, struct hub_store *store, int64_t run)
{
	int64_t n = 0;
	const int rc = hub_db_one(
	    hub_store_db(store), &n, cli->err,
	    "SELECT count(DISTINCT r.id) FROM reject j JOIN run u ON u.id = j.run_id JOIN record r"
	    " ON r.feed_id = u.feed_id AND r.key = j.key JOIN cc_consent c ON c.id BETWEEN r.id << "
	    "8"
	    " AND (r.id << 8) + 255 WHERE j.run_id = ? AND j.status = 0 AND r.state = 0 AND "
	    "c.consent_status = 'given'",
	    "i", run);

	if (!rc && n)
		fprintf(stderr,
			hub_tr("%lld rejected records have given consents before, which go on: "
			       "correct them first, or record what they say with `tsunagi consent "
			       "withdraw`\n"),
			(long long)n);
	return rc;
}

/* A mapping that was guessed anew, or by somebody else, has a system of its own: the same people come in once more. It
 * is seen in the first run of a system, most of whose people have number and name of those of another one. */
static int tell_twice(struct hub_cli *cli, struct hub_store *store, int64_t run)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	static const char sql[] =
	    "SELECT s.name, f.name, count(*) FROM run u JOIN cc_person a ON a.system_id = "
	    "u.system_id"
	    " JOIN system s ON s.id <> u.system_id JOIN cc_person b ON b.system_id = s.id AND"
	    " b.key = a.key AND b.name = a.name JOIN record r ON r.id = b.record_id JOIN feed f ON"
	    " f.id = r.feed_id WHERE u.id = ? AND NOT EXISTS (SELECT 1 FROM run o"
	    " WHERE o.system_id = u.system_id AND o.id < u.id AND o.state = 2 AND o.kind = "
	    "'import')"
	    " AND NOT EXISTS (SELECT 1 FROM run l WHERE l.system_id = s.id AND l.lookup = 1)"
	    " GROUP BY s.name, f.name HAVING count(*) * 2 >= (SELECT count(*) FROM cc_person p"
	    " JOIN run v ON v.system_id = p.system_id WHERE v.id = ?)"
	    " ORDER BY count(*) DESC, s.name, f.name";
	int rc = hub_db_query(hub_store_db(store), &q, cli->err, sql, "ii", run, run);

	if (!rc)
		rc = hub_db_next(q, cli->err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	const struct hub_str name = hub_db_str(q, 0), mapping = hub_db_str(q, 1);
	fprintf(stderr,
		hub_tr("%lld people have number and name of those of the system \"%.*s\". If both "
		       "are one product, they are in the store twice now: take it back (tsunagi "
		       "undo %lld), write system = \"%.*s\" in the mapping, for the same file with "
		       "other columns also name = \"%.*s\", and import again.\n"),
		(long long)hub_db_int(q, 2), HUB_FMT(name), (long long)run, HUB_FMT(name),
		HUB_FMT(mapping));
	return HUB_OK;
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

/* What follows a run that came to its end. */
static int finish(struct hub_cli *cli, struct hub_store *store, const struct hub_intake *in,
		  const struct hub_feed *feed, const struct hub_intake_result *res)
{
	int rc = in->spec.dry ? HUB_OK : make_recalls(cli, store, res->run.id);

	if (!rc)
		rc = write_report(cli, store, in, res, feed->report);
	if (!rc && feed->report && !in->spec.dry && !feed->quiet && !feed->events)
		fprintf(stderr, hub_tr("count sheet of run %lld: %s\n"), (long long)res->run.id,
			feed->report);
	if (!rc && !in->spec.dry)
		rc = write_rejects(cli, store, res->run.id, feed);
	if (!rc && !in->spec.dry)
		rc = tell_consents(cli, store, res->run.id);
	if (!rc && !in->spec.dry && res->spec.lookup)
		rc = tell_events(cli, store, res->run.id);
	if (!rc && !in->spec.dry && !res->spec.lookup)
		rc = tell_twice(cli, store, res->run.id);
	if (!rc)
		judge(cli, in, res);
	return rc;
}

int hub_feed_late(struct hub_cli *cli, struct hub_store *store)
{
	return make_recalls(cli, store, 0);
}

int hub_feed_run(struct hub_cli *cli, struct hub_store *store, struct hub_intake *in,
		 const struct hub_feed *feed, struct hub_intake_result *res)
{
	HUB_AUTO(buf) struct hub_buf drift;
	struct hub_bar bar;

	hub_buf_init(&drift, 1 << 20);
	if (form_of(feed->report) < 0)
		return hub_fail(cli->err, HUB_USAGE, "option-value",
				"the report's name must end in .txt, .csv or .html");
	hub_bar_init(&bar);
	res->drift = &drift;
	bar.quiet = feed->quiet;
	bar.events = feed->events;
	in->progress = feed->quiet && !feed->events ? NULL : hub_bar_show;
	in->progress_arg = &bar;
	const int late = in->spec.dry ? HUB_OK : hub_feed_late(cli, store);
	if (late)
		return late;
	const int rc = hub_intake_run(cli->arena, store, in, res, cli->err);
	hub_bar_end(&bar);
	hub_events_run(feed->events, res);
	res->drift = NULL;
	if (rc == HUB_DRIFT)
		fwrite(drift.ptr, 1, drift.len, stderr);
	if (res->run.unchanged)
		return rc ? rc : unchanged(cli, store, in, feed, res);
	if (rc && !res->over_limit)
		return rc;
	if (rc == HUB_OK)
		return finish(cli, store, in, feed, res);
	/* stopped at the limit: what there is is written, the reason stays the first error */
	const struct hub_err why = *cli->err;
	const int rc_after = finish(cli, store, in, feed, res);
	if (rc_after)
		hub_err_print(stderr, cli->err);
	*cli->err = why;
	return rc;
}
