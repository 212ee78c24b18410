#include "store/past_in.h"

#include "base/map.h"
#include "store/ledger.h"
#include "store/link.h"
#include "store/read.h"
#include "store/writer.h"

#include <stdio.h>

enum { MOST_COLUMNS = 16 }; /* of what carries its own times */

/* The first change of a row after the moment. val NULL: it was not there before. */
struct change {
	int64_t run;
	int done; /* written */
	struct hub_dbval *val;
};

struct past {
	struct hub_store *s;
	struct hub_db *from, *to;
	struct hub_arena *a;
	struct hub_past *out;
	int64_t known;
	struct hub_map **change;         /* by table: row -> struct change * */
	struct hub_map *vanished;        /* record -> first run after the moment that missed it */
	struct hub_bits records, shared; /* made after the moment */
	struct hub_err *err;
};

static struct hub_str id_key(const int64_t *id)
{
	return (struct hub_str){(const char *)id, sizeof *id};
}

/* --- what has happened since --------------------------------------------------------------------------- */

static int add_change(struct past *p, struct hub_query *q)
{
	const int at = hub_past_find(p->s, hub_db_str(q, 0));
	const int64_t row = hub_db_int(q, 1);
	uint64_t v;

	if (at < 0 || hub_map_get(p->change[at], id_key(&row), &v))
		return HUB_OK;
	struct change *c = hub_alloc0(p->a, sizeof *c);
	if (!c || hub_map_put(p->change[at], id_key(&row), (uint64_t)(uintptr_t)c))
		return hub_fail_mem(p->err);
	c->run = hub_db_int(q, 2);
	if (hub_db_int(q, 3) == HUB_OP_INSERT)
		return HUB_OK;
	c->val = hub_alloc_array(p->a, HUB_PAST_COLS, sizeof *c->val);
	if (!c->val)
		return hub_fail_mem(p->err);
	return hub_past_image(p->a, p->s, &hub_past_table[at], hub_db_str(q, 4), c->val)
		   ? hub_fail(p->err, HUB_INTEGRITY, "history-damaged",
			      "the history of run %lld cannot be read", (long long)c->run)
		   : HUB_OK;
}

/* What a run changed that was taken back later was changed all the same. */
static int read_changes(struct past *p)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_walk(p->from, &q, p->err,
			     "SELECT h.entity, h.row_id, h.run_id, h.op, h.before FROM history h"
			     " JOIN run r ON r.id = h.run_id WHERE r.begun_at > ?"
			     " ORDER BY h.run_id, h.id",
			     "i", p->known);

	while (!rc && (rc = hub_db_next(q, p->err)) == HUB_OK)
		rc = add_change(p, q);
	return rc == HUB_END ? HUB_OK : rc;
}

static int add_made(struct past *p, struct hub_bits *to, struct hub_str ids, unsigned made)
{
	int64_t last = 0, id;
	unsigned kind;

	while (hub_ids_next(&ids, &last, &id, &kind) > 0)
		if (id != HUB_IDS_NONE && kind == made && hub_bits_set(to, id))
			return hub_fail_mem(p->err);
	return HUB_OK;
}

/* The ledger says which records and shared rows a run made. */
static int read_made(struct past *p)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_walk(p->from, &q, p->err,
			     "SELECT c.seen, c.shared FROM chunk c JOIN run r ON r.id = c.run_id"
			     " WHERE r.begun_at > ?",
			     "i", p->known);

	while (!rc && (rc = hub_db_next(q, p->err)) == HUB_OK)
		if (!(rc = add_made(p, &p->records, hub_db_str(q, 0), HUB_SEEN_NEW)))
			rc = add_made(p, &p->shared, hub_db_str(q, 1), HUB_TOUCH_NEW);
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_vanished(struct past *p)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_walk(p->from, &q, p->err,
			     "SELECT v.record_id, min(v.run_id) FROM vanished v JOIN run r"
			     " ON r.id = v.run_id WHERE r.begun_at > ? GROUP BY v.record_id",
			     "i", p->known);

	while (!rc && (rc = hub_db_next(q, p->err)) == HUB_OK) {
		const int64_t record = hub_db_int(q, 0);
		if (hub_map_put(p->vanished, id_key(&record), (uint64_t)hub_db_int(q, 1)))
			rc = hub_fail_mem(p->err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- rows as they were --------------------------------------------------------------------------------- */

static int put_row(struct past *p, const char *sql, int64_t id, const struct hub_dbval *val,
		   uint32_t n)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_dbval first = {HUB_DB_INT, id, {NULL, 0}};
	int rc = p->to->ops->prepare(p->to, sql, &q, p->err);

	for (uint32_t i = 0; i <= n && !rc; i++)
		if (q->ops->bind(q, i, i ? &val[i - 1] : &first))
			rc = hub_fail(p->err, HUB_FATAL, "store-bind",
				      "a value does not fit its statement");
	if (!rc)
		rc = hub_db_next(q, p->err);
	return rc == HUB_END ? HUB_OK : rc;
}

static int was_there(const struct past *p, int at, int64_t id)
{
	if (at == 0)
		return !hub_bits_get(&p->records, id);
	return id >= HUB_SHARED_BASE ? !hub_bits_get(&p->shared, id - HUB_SHARED_BASE)
				     : !hub_bits_get(&p->records, id / HUB_ROWS_PER_RECORD);
}

enum { FEED = 0, STATE = 2 }; /* columns of the record */

/* A record that had ended by its first change, or by now, may have been missed only since. */
static void settle_record(const struct past *p, int64_t id, const struct change *c,
			  struct hub_dbval *val)
{
	uint64_t run;

	if (val[STATE].i == HUB_RECORD_ENDED && hub_map_get(p->vanished, id_key(&id), &run) &&
	    (!c || (int64_t)run < c->run))
		val[STATE].i = HUB_RECORD_LIVE;
}

/* now: the row as the store has it. */
static int put_then(struct past *p, int at, const char *insert, int64_t id,
		    const struct hub_dbval *now, uint32_t n)
{
	struct hub_dbval val[HUB_PAST_COLS];
	struct change *c = NULL;
	uint64_t v;

	if (!was_there(p, at, id))
		return HUB_OK;
	if (hub_map_get(p->change[at], id_key(&id), &v)) {
		c = (struct change *)(uintptr_t)v;
		c->done = 1;
		if (!c->val)
			return HUB_OK;
	}
	memcpy(val, c ? c->val : now, n * sizeof *val);
	if (at == 0) {
		val[FEED] = now[FEED];
		settle_record(p, id, c, val);
	}
	return put_row(p, insert, id, val, n);
}

/* Rows that are gone by now. */
static int put_gone(struct past *p, int at, const char *insert, uint32_t n)
{
	const struct hub_map *m = p->change[at];
	int rc = HUB_OK;

	for (size_t i = 0; i < hub_map_count(m) && !rc; i++) {
		const struct change *c = (const struct change *)(uintptr_t)hub_map_value(m, i);
		int64_t id;
		memcpy(&id, hub_map_key(m, i).ptr, sizeof id);
		if (!c->done && c->val && was_there(p, at, id))
			rc = put_row(p, insert, id, c->val, n);
	}
	return rc;
}

/* "INSERT INTO t VALUES (?, ?, ?)". */
static int insert_into(struct past *p, const char *table, uint32_t n, const char **out)
{
	struct hub_str sql = hub_arena_printf(p->a, "INSERT INTO %s VALUES (?", table);

	for (uint32_t c = 1; c < n && sql.ptr; c++)
		sql = hub_arena_printf(p->a, "%.*s, ?", HUB_FMT(sql));
	if (sql.ptr)
		sql = hub_arena_printf(p->a, "%.*s)", HUB_FMT(sql));
	*out = sql.ptr;
	return sql.ptr ? HUB_OK : hub_fail_mem(p->err);
}

static int make_table(struct past *p, const struct hub_past_table *t, const char *name)
{
	struct hub_str sql =
	    hub_arena_printf(p->a, "CREATE TABLE %s (id INTEGER PRIMARY KEY", name);
	const char *found_by = NULL;

	for (uint32_t c = 0; t->col[c] && sql.ptr; c++) {
		sql = hub_arena_printf(p->a, "%.*s, %s", HUB_FMT(sql), t->col[c]);
		if (hub_str_is(HUB_STR("person_id"), t->col[c]) ||
		    hub_str_is(HUB_STR("birth_date"), t->col[c]))
			found_by = t->col[c];
	}
	if (sql.ptr)
		sql = hub_arena_printf(p->a, "%.*s)", HUB_FMT(sql));
	if (sql.ptr && found_by)
		sql = hub_arena_printf(p->a, "%.*s; CREATE INDEX of_%s ON %s (%s)", HUB_FMT(sql),
				       t->entity, name, found_by);
	return sql.ptr ? p->to->ops->exec(p->to, sql.ptr, p->err) : hub_fail_mem(p->err);
}

static int copy_table(struct past *p, int at)
{
	const struct hub_past_table *t = &hub_past_table[at];
	const uint32_t n = hub_past_columns(t);
	HUB_AUTO(query) struct hub_query *q = NULL;
	const char *select = hub_past_select(p->a, t), *insert;
	char name[64];
	int rc;

	snprintf(name, sizeof name, "%s%s", t->entity[0] ? "cc_" : "record", t->entity);
	if (!select)
		return hub_fail_mem(p->err);
	if ((rc = make_table(p, t, name)) || (rc = insert_into(p, name, n + 1, &insert)) ||
	    hub_past_find(p->s, hub_str_of(t->entity)) < 0)
		return rc;
	rc = hub_db_walk(p->from, &q, p->err, select, "");
	while (!rc && (rc = hub_db_next(q, p->err)) == HUB_OK) {
		struct hub_dbval now[HUB_PAST_COLS];
		for (uint32_t c = 0; c < n; c++)
			now[c] = hub_db_val(q, 1 + c);
		rc = put_then(p, at, insert, hub_db_int(q, 0), now, n);
	}
	return rc == HUB_END ? put_gone(p, at, insert, n) : rc;
}

/* --- what carries its own times ------------------------------------------------------------------------- */

/* k: the moment. Whatever happened later has not happened yet. */
#define AT_THE_TIME "WITH w AS (SELECT CAST(? AS BIGINT) AS k) SELECT "
#define STANDING    " at <= k AND (ended_at IS NULL OR ended_at > k)"

static const struct {
	const char *table, *columns, *select;
} dated[] = {
    {"run", "feed_id, actor, lookup, state, undone_by, begun_at, ended_at",
     AT_THE_TIME "r.id, r.feed_id, r.actor, r.lookup,"
		 " CASE WHEN r.ended_at IS NULL OR r.ended_at > k THEN 1"
		 " WHEN r.state = 5 AND b.begun_at > k THEN 2 ELSE r.state END,"
		 " CASE WHEN b.begun_at <= k THEN r.undone_by END, r.begun_at,"
		 " CASE WHEN r.ended_at <= k THEN r.ended_at END"
		 " FROM run r LEFT JOIN run b ON b.id = r.undone_by, w WHERE r.begun_at <= k"},
    {"consent_entry",
     "run_id, person_id, recipient, category, purpose, status, valid_from, valid_to, given_by,"
     " form, reason",
     AT_THE_TIME "e.id, e.run_id, e.person_id, e.recipient, e.category, e.purpose, e.status,"
		 " e.valid_from, e.valid_to, e.given_by, e.form, e.reason"
		 " FROM consent_entry e JOIN run r ON r.id = e.run_id, w WHERE r.begun_at <= k"},
    {"history", "run_id, entity, row_id, record_id, before", /* of consents */
     AT_THE_TIME "h.id, h.run_id, h.entity, h.row_id, h.record_id, h.before FROM history h"
		 " JOIN run r ON r.id = h.run_id, w WHERE r.begun_at <= k AND (h.entity = 'consent'"
		 " OR (h.entity = '' AND (h.run_id, h.record_id) IN (SELECT c.run_id, c.record_id"
		 " FROM history c WHERE c.entity = 'consent')))"},
    {"person_link", "a, b, state, ended_by",
     AT_THE_TIME "id, a, b, CASE WHEN ended_at <= k THEN 2 ELSE 1 END, ended_by"
		 " FROM person_link, w WHERE at <= k"},
    {"link_candidate", "a, b, state",
     AT_THE_TIME "id, a, b, state FROM link_candidate, w WHERE state = 2 AND at <= k"},
    {"protection_act", "person_id, what, actor, second, ended_at",
     AT_THE_TIME "id, person_id, what, actor, CASE WHEN second_at <= k THEN second END, NULL"
		 " FROM protection_act, w WHERE" STANDING},
    {"protection_lifted", "act_id, row_id",
     AT_THE_TIME "l.id, l.act_id, l.row_id FROM protection_lifted l JOIN protection_act a"
		 " ON a.id = l.act_id, w WHERE a.second_at <= k"},
    {"bar", "recipient, person_id, ended_at",
     AT_THE_TIME "id, recipient, person_id, NULL FROM bar, w WHERE" STANDING},
    {"emergency",
     "recipient, person_id, asked_by, asked_account, confirmed_by, confirmed_account,"
     " confirmed_at, until, ended_at",
     AT_THE_TIME "id, recipient, person_id, asked_by, asked_account, confirmed_by,"
		 " confirmed_account, confirmed_at, until,"
		 " CASE WHEN ended_at <= k THEN ended_at END FROM emergency, w"
		 " WHERE confirmed_at <= k"},
    {"approval", "kind, name, content, approved_at, ended_at",
     AT_THE_TIME "id, kind, name, content, approved_at, NULL FROM approval, w"
		 " WHERE approved_at IS NOT NULL AND approved_at <= k"
		 " AND (ended_at IS NULL OR ended_at > k)"},
};

static int copy_dated(struct past *p, size_t at)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_str sql =
	    hub_arena_printf(p->a, "CREATE TABLE %s (id INTEGER PRIMARY KEY, %s)", dated[at].table,
			     dated[at].columns);
	const char *insert;
	uint32_t n = 2; /* the id, and one more than there are commas */
	int rc = sql.ptr ? p->to->ops->exec(p->to, sql.ptr, p->err) : hub_fail_mem(p->err);

	for (const char *c = dated[at].columns; *c; c++)
		n += *c == ',';
	if (rc || (rc = insert_into(p, dated[at].table, n, &insert)) ||
	    (rc = hub_db_walk(p->from, &q, p->err, dated[at].select, "i", p->known)))
		return rc;
	while (!rc && (rc = hub_db_next(q, p->err)) == HUB_OK) {
		struct hub_dbval val[MOST_COLUMNS];
		for (uint32_t c = 1; c < n && c < MOST_COLUMNS; c++)
			val[c - 1] = hub_db_val(q, c);
		rc = put_row(p, insert, hub_db_int(q, 0), val, n - 1);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* Of whom no registry says anything: the log has when that was decided; before the first time nothing was. */
static int copy_default(struct past *p)
{
	static const char *const asked[] = {
	    "SELECT object FROM audit WHERE action = 'protection-default' AND at <= ? ORDER BY seq"
	    " DESC LIMIT 1",
	    "SELECT value FROM meta WHERE name = 'protection_default' AND NOT EXISTS (SELECT 1 FROM"
	    " audit WHERE action = 'protection-default' AND at > ?)"};
	int rc =
	    p->to->ops->exec(p->to, "CREATE TABLE meta (name TEXT PRIMARY KEY, value)", p->err);

	for (size_t i = 0; i < HUB_COUNT(asked) && !rc; i++) {
		HUB_AUTO(query) struct hub_query *q = NULL;
		if ((rc = hub_db_query(p->from, &q, p->err, asked[i], "i", p->known)))
			return rc;
		if ((rc = hub_db_next(q, p->err)) == HUB_OK)
			return hub_db_run(p->to, p->err,
					  "INSERT INTO meta VALUES ('protection_default', ?)", "t",
					  hub_db_str(q, 0));
		rc = rc == HUB_END ? HUB_OK : rc;
	}
	return rc;
}

/* --- what is not kept ----------------------------------------------------------------------------------- */

static const char gaps[] = AT_THE_TIME
    "1, r.id, f.name FROM run r JOIN run b ON b.id = r.undone_by JOIN feed f ON f.id = r.feed_id, w"
    " WHERE r.begun_at <= k AND b.begun_at > k AND r.state = 5"
    " AND EXISTS (SELECT 1 FROM chunk c WHERE c.run_id = r.id)"
    " UNION ALL SELECT 2, max(r.id), f.name FROM run r JOIN feed f ON f.id = r.feed_id, w"
    " WHERE r.lookup = 1 AND r.begun_at > k AND r.state IN (2, 4) AND r.id <"
    " (SELECT coalesce(max(CAST(value AS BIGINT)), 9223372036854775807) FROM meta"
    " WHERE name = 'lookups_kept_since') AND EXISTS (SELECT 1 FROM run o WHERE"
    " o.feed_id = r.feed_id AND o.begun_at <= k) GROUP BY f.name ORDER BY 2";

static int find_gaps(struct past *p)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_past_gap *list = NULL;
	uint32_t n = 0;
	size_t cap = 0;
	int rc = hub_db_query(p->from, &q, p->err, gaps, "i", p->known);

	while (!rc && (rc = hub_db_next(q, p->err)) == HUB_OK) {
		struct hub_past_gap *more = hub_alloc_more(p->a, list, n, &cap, sizeof *more);
		if (!more)
			return hub_fail_mem(p->err);
		list = more;
		list[n] = (struct hub_past_gap){(enum hub_past_gap_kind)hub_db_int(q, 0),
						hub_db_int(q, 1), hub_db_dup(p->a, q, 2)};
		if (!list[n++].feed.ptr)
			return hub_fail_mem(p->err);
	}
	p->out->gap = list;
	p->out->n_gaps = n;
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- all of it ------------------------------------------------------------------------------------------ */

static int make_maps(struct past *p)
{
	p->change = hub_alloc_array(p->a, hub_past_tables, sizeof(struct hub_map *));
	p->vanished = hub_map_new(p->a);
	p->records.arena = p->shared.arena = p->a;
	if (!p->change || !p->vanished)
		return hub_fail_mem(p->err);
	for (uint32_t i = 0; i < hub_past_tables; i++)
		if (!(p->change[i] = hub_map_new(p->a)))
			return hub_fail_mem(p->err);
	return HUB_OK;
}

static int copy(struct past *p)
{
	int rc;

	if ((rc = make_maps(p)) || (rc = read_changes(p)) || (rc = read_made(p)) ||
	    (rc = read_vanished(p)))
		return rc;
	for (uint32_t i = 0; i < hub_past_tables && !rc; i++)
		rc = copy_table(p, (int)i);
	for (size_t i = 0; i < HUB_COUNT(dated) && !rc; i++)
		rc = copy_dated(p, i);
	if (rc || (rc = copy_default(p)) || (rc = find_gaps(p)))
		return rc;
	rc = p->to->ops->exec(p->to,
			      "CREATE TABLE person_identity (person_id INTEGER PRIMARY KEY,"
			      " identity INTEGER)",
			      p->err);
	return rc ? rc : hub_links_close(p->to, p->err);
}

/* From one state of the store into one transaction of the copy. */
static int copy_at_once(struct past *p)
{
	const int own = !p->from->in_txn;
	int rc;

	if (own && (rc = p->from->ops->begin(p->from, HUB_DB_READ, p->err)))
		return rc;
	if (!(rc = hub_db_begin(p->to, p->err)))
		rc = hub_db_end(p->to, copy(p), p->err);
	if (own)
		p->from->ops->rollback(p->from);
	return rc;
}

int hub_past_open(struct hub_store *s, int64_t known, struct hub_past **out, struct hub_err *err)
{
	struct hub_arena *a = hub_arena_new((size_t)4 << 30);
	struct hub_past *past = a ? hub_alloc0(a, sizeof *past) : NULL;
	int rc;

	*out = NULL;
	if (!past) {
		hub_arena_free(a);
		return hub_fail_mem(err);
	}
	past->arena = a;
	if (!(rc = hub_db_sqlite_open("", HUB_DB_SCRATCH, &past->db, err))) {
		struct past p = {.s = s,
				 .from = s->db,
				 .to = past->db,
				 .a = a,
				 .out = past,
				 .known = known,
				 .err = err};
		rc = copy_at_once(&p);
	}
	if (rc) {
		hub_past_close(past);
		return rc;
	}
	*out = past;
	return HUB_OK;
}

void hub_past_close(struct hub_past *p)
{
	if (!p)
		return;
	hub_db_close(p->db);
	hub_arena_free(p->arena);
}
