#include "release/stats_given.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "release/stats_rel.h"

enum { KEY_LIMIT = 1 << 16 };

/* --- definitions ------------------------------------------------------------------------------ */

static int knows(struct hub_stat_sets sets, struct hub_str hash)
{
	for (uint32_t i = 0; i < sets.n; i++)
		if (hub_str_is(hash, sets.set[i].hash))
			return 1;
	return 0;
}

static int unreadable(struct hub_str name, struct hub_str recipient, struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_REFUSED, "cannot-compare",
				"recipient %.*s was given tables of \"%.*s\", which can no longer "
				"be counted",
				HUB_FMT(recipient), HUB_FMT(name));

	hub_hint(err,
		 "Fields or codes that it used are gone from the schema; without them nobody can "
		 "say what two outputs tell together. Bring them back, or give another "
		 "recipient new tables.");
	return rc;
}

int hub_stats_given_sets(struct hub_arena *a, struct hub_store *store, struct hub_str recipient,
			 struct hub_stat_sets sets, struct hub_stat_sets *all, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(store);
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = sets.n + (size_t)1;
	struct hub_stat_set *set = hub_alloc_array(a, cap, sizeof *set);
	uint32_t n = sets.n;
	int rc = set ? hub_db_query(db, &q, err,
				    "SELECT name, hash, content FROM stats_given_set"
				    " WHERE recipient = ? ORDER BY at, hash",
				    "t", recipient)
		     : hub_fail_mem(err);

	if (!rc)
		memcpy(set, sets.set, n * sizeof *set);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_report *report = hub_report_new(a);
		const struct hub_str name = hub_db_dup(a, q, 0), content = hub_db_dup(a, q, 2);
		if (knows(sets, hub_db_str(q, 1)))
			continue;
		struct hub_stat_set *more = hub_alloc_more(a, set, n, &cap, sizeof *set);
		if (!report || !name.ptr || !content.ptr || !more)
			return hub_fail_mem(err);
		set = more;
		rc = hub_stats_load_text(a, report, name, content, hub_store_schema(store),
					 &set[n++], err);
		if (rc)
			return rc == HUB_FATAL ? rc : unreadable(name, recipient, err);
	}
	*all = (struct hub_stat_sets){set, n};
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- cells ------------------------------------------------------------------------------------ */

/* What stands for a cell in the store: the hash of what it counts. Ends with NUL. */
static int cell_name(const struct hub_stat_cell *c, struct hub_buf *b, char hex[HUB_SHA256 * 2 + 1])
{
	uint8_t sha[HUB_SHA256];

	hub_buf_reset(b);
	hub_stats_cell_key(b, c);
	if (!hub_buf_ok(b) || hub_sha256(hub_buf_text(b), sha))
		return -1;
	hub_hex(sha, sizeof sha, hex);
	return 0;
}

/* "HASH PERIOD" -> number of a row of `list`, plus 1. */
static int read_rows(struct hub_arena *a, struct hub_db *db, struct hub_str recipient,
		     struct hub_map *by_name, struct hub_stats_prior *list, int64_t most,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	uint64_t n = 0;
	int rc = hub_db_query(db, &q, err,
			      "SELECT cell, period, count, shown FROM stats_given"
			      " WHERE recipient = ? LIMIT ?",
			      "ti", recipient, most);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str name = hub_arena_printf(
		    a, "%.*s %.*s", HUB_FMT(hub_db_str(q, 0)), HUB_FMT(hub_db_str(q, 1)));
		const struct hub_dbval shown = hub_db_val(q, 3);
		list[n++] = (struct hub_stats_prior){.count = hub_db_int(q, 2),
						     .shown = shown.i,
						     .given = 1,
						     .seen = shown.type == HUB_DB_INT};
		if (!name.ptr || hub_map_put(by_name, name, n))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_stats_given_read(struct hub_db *db, struct hub_str recipient, const struct hub_stats *s,
			 struct hub_stats_prior **out, struct hub_err *err)
{
	struct hub_arena *a = s->arena;
	HUB_AUTO(buf) struct hub_buf key;
	HUB_AUTO(buf) struct hub_buf name;
	struct hub_map *by_name = hub_map_new(a);
	char hex[HUB_SHA256 * 2 + 1];
	uint64_t at;
	int64_t most = 0;
	int rc = hub_db_one(db, &most, err, "SELECT count(*) FROM stats_given WHERE recipient = ?",
			    "t", recipient);

	hub_buf_init(&key, KEY_LIMIT);
	hub_buf_init(&name, KEY_LIMIT);
	if (rc)
		return rc;
	struct hub_stats_prior *list = hub_alloc_array(a, (size_t)most + 1, sizeof *list);
	*out = hub_alloc_array(a, (size_t)s->cells * s->periods + 1, sizeof **out);
	if (!by_name || !list || !*out)
		return hub_fail_mem(err);
	if ((rc = read_rows(a, db, recipient, by_name, list, most, err)))
		return rc;
	for (uint32_t c = 0; c < s->cells && most; c++) {
		if (cell_name(&s->cell[c], &key, hex))
			return hub_fail_mem(err);
		for (uint32_t p = 0; p < s->periods; p++) {
			hub_buf_reset(&name);
			hub_buf_printf(&name, "%s %.*s", hex, HUB_FMT(s->period[p].label));
			if (hub_buf_ok(&name) && hub_map_get(by_name, hub_buf_text(&name), &at))
				(*out)[hub_stats_at(s, c, p)] = list[at - 1];
		}
	}
	return HUB_OK;
}

static int note_cell(struct hub_db *db, struct hub_str recipient, const struct hub_stats *s,
		     uint32_t cell, uint32_t period, const char *name, struct hub_err *err)
{
	const size_t at = hub_stats_at(s, cell, period);
	const struct hub_dbval shown = {
	    s->state[at] == HUB_STAT_EXACT ? HUB_DB_INT : HUB_DB_NULL, s->count[at], {NULL, 0}};

	return hub_db_run(db, err,
			  "INSERT INTO stats_given (recipient, cell, period, count, shown, at)"
			  " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (recipient, cell, period) DO"
			  " UPDATE SET count = excluded.count, at = excluded.at,"
			  " shown = coalesce(excluded.shown, stats_given.shown)",
			  "tztivi", recipient, name, s->period[period].label, s->count[at], &shown,
			  hub_now());
}

int hub_stats_given_note(struct hub_db *db, struct hub_str recipient, const struct hub_stats *s,
			 uint32_t own, struct hub_stat_sets sets, struct hub_err *err)
{
	struct hub_map *done = hub_map_new(s->arena);
	HUB_AUTO(buf) struct hub_buf key;
	char hex[HUB_SHA256 * 2 + 1];
	uint64_t before;
	int rc = done ? HUB_OK : hub_fail_mem(err);

	hub_buf_init(&key, KEY_LIMIT);
	for (uint32_t i = 0; i < sets.n && !rc; i++)
		rc = hub_db_run(db, err,
				"INSERT INTO stats_given_set (recipient, hash, name, content, at)"
				" VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
				"tztti", recipient, sets.set[i].hash, sets.set[i].name,
				sets.set[i].content, hub_now());
	for (uint32_t c = 0; c < own && !rc; c++) {
		if (cell_name(&s->cell[c], &key, hex))
			return hub_fail_mem(err);
		if (hub_map_get(done, hub_str_of(hex), &before))
			continue; /* it counts the same as one before */
		if (hub_map_put(done, hub_arena_str(s->arena, hub_str_of(hex)), 1))
			return hub_fail_mem(err);
		for (uint32_t p = 0; p < s->periods && !rc; p++)
			if (s->state[hub_stats_at(s, c, p)] != HUB_STAT_OPEN)
				rc = note_cell(db, recipient, s, c, p, hex, err);
	}
	return rc;
}
