#include "release/stats_close.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/map.h"
#include "release/audit.h"

enum { ARENA_LIMIT = 256 << 20, FIGURES_LIMIT = 16 << 20 };

/* --- figures as a text ----------------------------------------------------------------------------------------- */

static void put_name(struct hub_buf *b, const struct hub_stat_cell *c)
{
	hub_buf_str(b, c->measure->name);
	if (c->by)
		hub_buf_printf(b, " %.*s %.*s", HUB_FMT(c->by->name),
			       HUB_FMT(c->cat->code.len ? c->cat->code : c->cat->label));
}

static int write_figures(const struct hub_stats *s, struct hub_buf *b)
{
	for (uint32_t c = 0; c < s->cells; c++) {
		put_name(b, &s->cell[c]);
		hub_buf_printf(b, " %lld\n", (long long)s->count[c]);
	}
	return hub_buf_ok(b) ? 0 : -1;
}

/* Hash of what was kept: month, definition and figures. */
static int seal(struct hub_str month, const struct hub_stat_set *set, struct hub_str figures,
		char hex[65])
{
	uint8_t sum[HUB_SHA256];
	struct hub_sha *sha = hub_sha_new();

	if (!sha)
		return -1;
	hub_sha_add(sha, month.ptr, month.len);
	hub_sha_add(sha, "\n", 1);
	hub_sha_add(sha, set->name.ptr, set->name.len);
	hub_sha_add(sha, "\n", 1);
	hub_sha_add(sha, figures.ptr, figures.len);
	if (hub_sha_end(sha, sum))
		return -1;
	hub_hex(sum, sizeof sum, hex);
	return 0;
}

/* --- closing ---------------------------------------------------------------------------------------------------- */

struct closing {
	struct hub_arena *a;
	struct hub_store *store;
	const struct hub_stat_period *month;
	struct hub_str actor;
	uint32_t closed;
	struct hub_err *err;
};

static int log_close(const struct closing *c, const struct hub_stat_set *set, const char *hash)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_audit_begin(&b);
	hub_json_field(&b, "definition", set->name);
	hub_json_field(&b, "hash", hub_str_of(hash));
	return hub_audit_end(hub_store_db(c->store), c->actor, "stats-close", c->month->label, &b,
			     c->err);
}

static int close_one(struct closing *c, const struct hub_stat_set *set)
{
	struct hub_db *db = hub_store_db(c->store);
	HUB_AUTO(buf) struct hub_buf figures;
	struct hub_stats s = {.arena = c->a, .period = c->month, .periods = 1};
	const struct hub_str label = c->month->label;
	char hash[65];
	int64_t have = 0;

	hub_buf_init(&figures, FIGURES_LIMIT);
	int rc = hub_stats_count(&s, c->store, (struct hub_stat_sets){set, 1}, c->err);
	if (rc)
		return rc;
	if (write_figures(&s, &figures) || seal(label, set, hub_buf_text(&figures), hash))
		return hub_fail_mem(c->err);
	rc = hub_db_one(db, &have, c->err,
			"SELECT count(*) FROM stats_close WHERE month = ? AND definition = ?"
			" AND reopened_at IS NULL",
			"tt", label, set->name);
	if (rc || have)
		return rc;
	rc =
	    hub_db_run(db, c->err,
		       "INSERT INTO stats_close (month, definition, definition_hash, figures, hash,"
		       " actor, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		       "ttztzti", label, set->name, set->hash, hub_buf_text(&figures), hash,
		       c->actor, hub_now());
	if (!rc)
		rc = log_close(c, set, hash);
	c->closed += rc == HUB_OK;
	return rc;
}

static int refuse_open_month(const struct hub_stat_period *month, struct hub_err *err)
{
	const int rc =
	    hub_fail(err, HUB_REFUSED, "month-not-over", "%.*s is not over", HUB_FMT(month->label));

	hub_hint(err, "Close a month after its last day, when its records are in.");
	return rc;
}

int hub_stats_close(struct hub_store *store, struct hub_stat_sets sets,
		    const struct hub_stat_period *month, struct hub_str actor, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(ARENA_LIMIT);
	struct hub_db *db = hub_store_db(store);
	struct closing c = {a, store, month, actor, 0, err};

	if (!a)
		return hub_fail_mem(err);
	if (month->days.to >= hub_today())
		return refuse_open_month(month, err);
	int rc = hub_db_begin(db, err);
	if (rc)
		return rc;
	for (uint32_t i = 0; i < sets.n && !rc; i++)
		rc = close_one(&c, &sets.set[i]);
	rc = hub_db_end(db, rc, err);
	if (!rc && c.closed == 0) {
		rc = hub_fail(err, HUB_REFUSED, "already-closed", "%.*s is closed",
			      HUB_FMT(month->label));
		hub_hint(err,
			 "`tsunagi stats diff %.*s` shows what has changed since; "
			 "`tsunagi stats reopen %.*s --reason TEXT` opens it again.",
			 HUB_FMT(month->label), HUB_FMT(month->label));
	}
	return rc;
}

static int reopen(struct hub_db *db, struct hub_str month, struct hub_str actor,
		  struct hub_str reason, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_audit_begin(&b);
	hub_json_field(&b, "reason", reason);
	int rc = hub_db_run(db, err,
			    "UPDATE stats_close SET reopened_at = ?, reopened_by = ?, reason = ?"
			    " WHERE month = ? AND reopened_at IS NULL",
			    "ittt", hub_now(), actor, reason, month);

	if (rc)
		return rc;
	if (db->ops->changes(db) > 0)
		return hub_audit_end(db, actor, "stats-reopen", month, &b, err);
	rc = hub_fail(err, HUB_REFUSED, "not-closed", "%.*s is not closed", HUB_FMT(month));
	hub_hint(err, "`tsunagi stats list` shows the months that are.");
	return rc;
}

int hub_stats_reopen(struct hub_store *store, struct hub_str month, struct hub_str actor,
		     struct hub_str reason, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(store);
	int rc;

	if (reason.len == 0) {
		rc = hub_fail(err, HUB_USAGE, "reason-missing",
			      "opening a closed month again needs a reason");
		hub_hint(err, "Write --reason \"...\": it goes to the audit log.");
		return rc;
	}
	if ((rc = hub_db_begin(db, err)))
		return rc;
	return hub_db_end(db, reopen(db, month, actor, reason, err), err);
}

/* --- looking back -------------------------------------------------------------------------------------------------- */

static int is_other(struct hub_stat_sets sets, struct hub_str name, struct hub_str hash)
{
	for (uint32_t i = 0; i < sets.n; i++)
		if (hub_str_eq(sets.set[i].name, name))
			return !hub_str_is(hash, sets.set[i].hash);
	return 0;
}

int hub_stats_closes(struct hub_arena *a, struct hub_db *db, struct hub_str month,
		     struct hub_stat_sets sets, struct hub_stats_close **out, uint32_t *n,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = 0;
	int rc = hub_db_query(db, &q, err,
			      "SELECT month, definition, actor, coalesce(reason, ''), at,"
			      " coalesce(reopened_at, 0), hash, definition_hash FROM stats_close"
			      " WHERE month = ? OR ? = '' ORDER BY id",
			      "tt", month, month);

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_stats_close *list = hub_alloc_more(a, *out, *n, &cap, sizeof *list);
		if (!list)
			return hub_fail_mem(err);
		*out = list;
		struct hub_stats_close *c = &list[(*n)++];
		*c = (struct hub_stats_close){.month = hub_db_dup(a, q, 0),
					      .definition = hub_db_dup(a, q, 1),
					      .actor = hub_db_dup(a, q, 2),
					      .reason = hub_db_dup(a, q, 3),
					      .at = hub_db_int(q, 4),
					      .reopened_at = hub_db_int(q, 5)};
		snprintf(c->hash, sizeof c->hash, "%.*s", HUB_FMT(hub_db_str(q, 6)));
		c->definition_changed = is_other(sets, c->definition, hub_db_str(q, 7));
		if (!c->month.ptr || !c->definition.ptr || !c->actor.ptr || !c->reason.ptr)
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* What was kept for the month, after a look at its hash. */
static int read_kept(struct hub_arena *a, struct hub_db *db, struct hub_str month,
		     const struct hub_stat_set *set, struct hub_str *figures, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char hash[65];
	int rc = hub_db_query(db, &q, err,
			      "SELECT figures, hash FROM stats_close WHERE month = ? AND"
			      " definition = ? AND reopened_at IS NULL",
			      "tt", month, set->name);

	if (rc)
		return rc;
	if ((rc = hub_db_next(q, err)) == HUB_END) {
		rc = hub_fail(err, HUB_REFUSED, "not-closed", "%.*s is not closed", HUB_FMT(month));
		hub_hint(err, "`tsunagi stats list` shows the months that are.");
	}
	if (rc)
		return rc;
	*figures = hub_db_dup(a, q, 0);
	if (!figures->ptr || seal(month, set, *figures, hash))
		return hub_fail_mem(err);
	if (hub_str_is(hub_db_str(q, 1), hash))
		return HUB_OK;
	rc = hub_fail(err, HUB_INTEGRITY, "figures-altered",
		      "the figures kept for %.*s do not fit their hash", HUB_FMT(month));
	hub_hint(err,
		 "Somebody changed the store behind the program's back; compare with the audit "
		 "log and a backup.");
	return rc;
}

struct comparing {
	struct hub_arena *a;
	struct hub_map *kept; /* name -> count */
	struct hub_stats_diff *out;
	uint32_t *n;
};

static int read_lines(struct comparing *x, struct hub_str figures)
{
	struct hub_str line;
	int64_t count;

	while (hub_str_next(&figures, '\n', &line)) {
		size_t at = line.len;
		while (at > 0 && line.ptr[at - 1] != ' ')
			at--;
		if (at == 0)
			continue;
		if (hub_parse_i64(hub_str_from(line, at), 0, INT64_MAX, &count) ||
		    hub_map_put(x->kept, hub_str_cut(line, 0, at - 1), (uint64_t)count))
			return -1;
	}
	return 0;
}

static int note_diff(struct comparing *x, const struct hub_stat_cell *c, struct hub_str name,
		     int64_t submitted, int64_t now)
{
	const struct hub_str copy = hub_arena_str(x->a, name);

	if (submitted != now)
		x->out[(*x->n)++] = (struct hub_stats_diff){c, copy, submitted, now};
	return copy.ptr ? 0 : -1;
}

/* Cells of now beside those kept; what the definition has no more comes last. */
static int find_diffs(struct comparing *x, const struct hub_stats *s)
{
	struct hub_map *seen = hub_map_new(x->a);
	HUB_AUTO(buf) struct hub_buf name;
	int bad = seen == NULL;

	hub_buf_init(&name, 1 << 16);
	for (uint32_t c = 0; c < s->cells && !bad; c++) {
		uint64_t was = 0;
		hub_buf_reset(&name);
		put_name(&name, &s->cell[c]);
		hub_map_get(x->kept, hub_buf_text(&name), &was);
		bad = !hub_buf_ok(&name) || hub_map_put(seen, hub_buf_text(&name), 1) ||
		      note_diff(x, &s->cell[c], hub_buf_text(&name), (int64_t)was, s->count[c]);
	}
	for (size_t i = 0; i < hub_map_count(x->kept) && !bad; i++) {
		uint64_t there;
		if (!hub_map_get(seen, hub_map_key(x->kept, i), &there))
			bad = note_diff(x, NULL, hub_map_key(x->kept, i),
					(int64_t)hub_map_value(x->kept, i), 0);
	}
	return bad;
}

int hub_stats_compare(struct hub_arena *a, struct hub_store *store, const struct hub_stat_set *set,
		      const struct hub_stat_period *month, struct hub_stats_diff **out, uint32_t *n,
		      struct hub_err *err)
{
	struct comparing x = {.a = a, .kept = hub_map_new(a), .n = n};
	struct hub_stats s = {.arena = a, .period = month, .periods = 1};
	struct hub_str figures;
	int rc = x.kept ? hub_stats_count(&s, store, (struct hub_stat_sets){set, 1}, err)
			: hub_fail_mem(err);

	*n = 0;
	if (rc || (rc = read_kept(a, hub_store_db(store), month->label, set, &figures, err)))
		return rc;
	if (read_lines(&x, figures))
		return hub_fail_mem(err);
	x.out = *out = hub_alloc_array(a, s.cells + hub_map_count(x.kept) + 1, sizeof *x.out);
	return x.out && !find_diffs(&x, &s) ? HUB_OK : hub_fail_mem(err);
}
