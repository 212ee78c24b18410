#include "intake/runs.h"

#include "base/err.h"
#include "intake/report.h"
#include "store/counts.h"
#include "store/db.h"

/* What a run did. */
static void put_kind(struct hub_table *t, struct hub_str kind)
{
	static const char *const words[] = {HUB_N("import"), HUB_N("reload"), HUB_N("undo"),
					    HUB_N("consent"), HUB_N("attach")};
	size_t i = 0;

	while (i < HUB_COUNT(words) && !hub_str_is(kind, words[i]))
		i++;
	if (i < HUB_COUNT(words))
		hub_table_word(t, words[i]);
	else
		hub_table_str(t, kind);
}

static int put_counts(struct hub_arena *a, struct hub_store *s, struct hub_table *t,
		      struct hub_str json, struct hub_err *err)
{
	const struct hub_schema *schema = hub_store_schema(s);
	struct hub_counts c = {.entity = hub_alloc_array(a, schema->n_entities, sizeof *c.entity)};
	int rc;

	if (!c.entity)
		return hub_fail_mem(err);
	if (json.len && (rc = hub_counts_read(json, schema, &c, err)))
		return rc;
	hub_table_int(t, (int64_t)c.read);
	hub_table_int(t, (int64_t)(c.fate[HUB_FATE_NEW] + c.fate[HUB_FATE_CHANGED]));
	hub_table_int(t, (int64_t)c.fate[HUB_FATE_REJECTED]);
	return HUB_OK;
}

#define COUNT_COLUMNS(t)                                                   \
	do {                                                               \
		hub_table_col((t), "read", HUB_N("read"), 1);              \
		hub_table_col((t), "written", HUB_N("new or changed"), 1); \
		hub_table_col((t), "rejected", HUB_N("rejected"), 1);      \
		hub_table_col((t), "open", HUB_N("still open"), 1);        \
	} while (0)

int hub_runs_table(struct hub_arena *a, struct hub_store *s, struct hub_str feed, int64_t limit,
		   struct hub_table **out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(arena) struct hub_arena *tmp = hub_arena_new(0);
	struct hub_table *t = hub_table_new(a, (struct hub_str){NULL, 0});
	int rc;

	if (!t || !tmp)
		return hub_fail_mem(err);
	hub_table_col(t, "run", HUB_N("run"), 1);
	hub_table_col(t, "kind", HUB_N("kind"), 0);
	hub_table_col(t, "mapping", HUB_N("mapping"), 0);
	hub_table_col(t, "input", HUB_N("input"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	hub_table_col(t, "begun", HUB_N("begun"), 0);
	hub_table_col(t, "ended", HUB_N("ended"), 0);
	hub_table_col(t, "by", HUB_N("by"), 0);
	COUNT_COLUMNS(t);
	rc = hub_db_query(
	    hub_store_db(s), &q, err,
	    "SELECT run.id, kind, feed.name, coalesce(input, ''), state, pid, begun_at,"
	    " coalesce(ended_at, 0), coalesce(actor, ''), coalesce(counts, ''),"
	    " (SELECT count(*) FROM reject WHERE run_id = run.id AND status = 0)"
	    " FROM run JOIN feed ON feed.id = run.feed_id"
	    " WHERE ? = '' OR feed.name = ? ORDER BY run.id DESC LIMIT ?",
	    "tti", feed.len ? feed : HUB_STR(""), feed.len ? feed : HUB_STR(""),
	    limit ? limit : INT64_MAX);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		hub_arena_reset(tmp);
		hub_table_id(t, hub_db_int(q, 0));
		put_kind(t, hub_db_str(q, 1));
		hub_table_str(t, hub_db_str(q, 2));
		hub_table_str(t, hub_db_str(q, 3));
		hub_table_word(t,
			       hub_run_word(hub_run_state_now(hub_db_int(q, 4), hub_db_int(q, 5))));
		hub_table_time(t, hub_db_int(q, 6));
		hub_table_time(t, hub_db_int(q, 7));
		hub_table_str(t, hub_db_str(q, 8));
		if ((rc = put_counts(tmp, s, t, hub_db_str(q, 9), err)))
			return rc;
		hub_table_int(t, hub_db_int(q, 10));
	}
	*out = t;
	return rc == HUB_END ? HUB_OK : rc;
}

/* Rejects of run r that wait for a person; those of a lookup until its file is read again, for they come with it or
 * have gone. */
#define STILL_OPEN                                                                        \
	" reject.status = 0 AND (r.lookup = 0 OR reject.run_id >= (SELECT"                \
	" coalesce(max(l.id), 0) FROM run AS l WHERE l.feed_id = r.feed_id AND l.kind = " \
	"'import' AND l.state = 2))"

int hub_status_table(struct hub_arena *a, struct hub_store *s, struct hub_table **out,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(arena) struct hub_arena *tmp = hub_arena_new(0);
	struct hub_table *t = hub_table_new(a, (struct hub_str){NULL, 0});
	int rc;

	if (!t || !tmp)
		return hub_fail_mem(err);
	hub_table_col(t, "mapping", HUB_N("mapping"), 0);
	hub_table_col(t, "run", HUB_N("last run"), 1);
	hub_table_col(t, "kind", HUB_N("kind"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	hub_table_col(t, "begun", HUB_N("begun"), 0);
	COUNT_COLUMNS(t);
	hub_table_col(t, "records", HUB_N("records in the store"), 1);
	rc = hub_db_query(
	    hub_store_db(s), &q, err,
	    "SELECT feed.name, run.id, kind, state, pid, begun_at, coalesce(counts, ''),"
	    " (SELECT count(*) FROM reject JOIN run AS r ON r.id = reject.run_id"
	    "  WHERE r.feed_id = feed.id AND" STILL_OPEN "),"
	    " (SELECT count(*) FROM record WHERE record.feed_id = feed.id AND record.state = 0)"
	    " FROM feed JOIN run ON run.id = (SELECT max(id) FROM run WHERE feed_id = feed.id)"
	    " ORDER BY feed.name",
	    "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		hub_arena_reset(tmp);
		hub_table_str(t, hub_db_str(q, 0));
		hub_table_id(t, hub_db_int(q, 1));
		put_kind(t, hub_db_str(q, 2));
		hub_table_word(t,
			       hub_run_word(hub_run_state_now(hub_db_int(q, 3), hub_db_int(q, 4))));
		hub_table_time(t, hub_db_int(q, 5));
		if ((rc = put_counts(tmp, s, t, hub_db_str(q, 6), err)))
			return rc;
		hub_table_int(t, hub_db_int(q, 7));
		hub_table_int(t, hub_db_int(q, 8));
	}
	*out = t;
	return rc == HUB_END ? HUB_OK : rc;
}

static int todo_runs(struct hub_store *s, struct hub_buf *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_store_db(s), &q, err,
			      "SELECT run.id, feed.name, coalesce(input, ''), state, pid, kind,"
			      " coalesce(undoes, 0) FROM run JOIN feed ON feed.id = run.feed_id"
			      " WHERE state IN (1, 3, 4) AND run.id ="
			      " (SELECT max(id) FROM run AS r WHERE r.feed_id = run.feed_id)"
			      " ORDER BY run.id",
			      "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const enum hub_run_state state =
		    hub_run_state_now(hub_db_int(q, 3), hub_db_int(q, 4));
		const long long run = (long long)hub_db_int(q, 0);
		const struct hub_str feed = hub_db_str(q, 1), input = hub_db_str(q, 2);
		if (state == HUB_RUN_ACTIVE)
			hub_buf_printf(out, hub_tr("run %lld of %.*s is running.\n"), run,
				       HUB_FMT(feed));
		else if (hub_str_is(hub_db_str(q, 5), "undo"))
			hub_buf_printf(out,
				       hub_tr("The undo of run %lld was interrupted; go on: "
					      "tsunagi undo %lld\n"),
				       (long long)hub_db_int(q, 6), (long long)hub_db_int(q, 6));
		else if (state == HUB_RUN_STOPPED)
			hub_buf_printf(out,
				       hub_tr("run %lld of %.*s (%.*s) was stopped: too many "
					      "rejects. Correct the file or the mapping, or take "
					      "it back: tsunagi undo %lld\n"),
				       run, HUB_FMT(feed), HUB_FMT(input), run);
		else
			hub_buf_printf(out,
				       hub_tr("run %lld of %.*s (%.*s) was interrupted: the same "
					      "command again goes on, or take it back: tsunagi "
					      "undo %lld\n"),
				       run, HUB_FMT(feed), HUB_FMT(input), run);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int todo_rejects(struct hub_store *s, struct hub_buf *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(
	    hub_store_db(s), &q, err,
	    "SELECT run_id, count(*), coalesce(r.input, '') FROM reject JOIN run AS r"
	    " ON r.id = run_id WHERE" STILL_OPEN " GROUP BY run_id, r.input ORDER BY run_id",
	    "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		HUB_AUTO(buf) struct hub_buf name;
		struct hub_str input = hub_db_str(q, 2), line = HUB_STR("");
		hub_buf_init(&name, 1 << 16);
		if (hub_str_next(&input, '\n', &line))
			hub_buf_plain(&name, line);
		hub_buf_printf(out,
			       hub_tr("open rejects: %lld, of run %lld (%.*s); correct and "
				      "reload them (tsunagi report %lld --rejects FILE writes them "
				      "anew).\n"),
			       (long long)hub_db_int(q, 1), (long long)hub_db_int(q, 0),
			       HUB_FMT(hub_buf_text(&name)), (long long)hub_db_int(q, 0));
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_status_todo(struct hub_store *s, struct hub_buf *out, struct hub_err *err)
{
	int64_t waiting = 0;
	int rc;

	if ((rc = todo_runs(s, out, err)) || (rc = todo_rejects(s, out, err)))
		return rc;
	rc = hub_db_one(hub_store_db(s), &waiting, err,
			"SELECT count(*) FROM link_candidate WHERE state = 1", "");
	if (!rc && waiting)
		hub_buf_printf(out,
			       hub_tr("%lld pairs of persons may be the same: tsunagi link list\n"),
			       (long long)waiting);
	return rc;
}
