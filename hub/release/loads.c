#include "release/loads.h"

#include "store/ledger.h"
#include "store/store.h"
#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>

enum { ARENA_LIMIT = 256 << 20, SQL_BYTES = 320 };

struct run {
	int64_t id, at;
};

static int by_record(const void *a, const void *b)
{
	const struct hub_load *x = a, *y = b;

	return (x->record > y->record) - (x->record < y->record);
}

static int by_row(const void *a, const void *b)
{
	const struct hub_load *x = a, *y = b;

	return (x->row > y->row) - (x->row < y->row);
}

static int read_rows(struct hub_loads *l, struct hub_db *db, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char sql[SQL_BYTES];
	size_t cap = 0;

	snprintf(sql, sizeof sql, "SELECT id, record_id FROM cc_%.*s", HUB_FMT(l->entity->name));
	int rc = hub_db_walk(db, &q, err, sql, "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_load *more = hub_alloc_more(l->arena, l->load, l->n, &cap, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		l->load = more;
		more[l->n++] =
		    (struct hub_load){.row = hub_db_int(q, 0), .record = hub_db_int(q, 1)};
	}
	if (l->n > 1)
		qsort(l->load, l->n, sizeof *l->load, by_record);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Runs of the feeds that such rows come from, the newest first. */
static int read_runs(struct hub_loads *l, struct hub_db *db, struct run **run, size_t *n,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char sql[SQL_BYTES];
	size_t cap = 0;

	*run = NULL;
	*n = 0;
	snprintf(sql, sizeof sql,
		 "SELECT id, coalesce(ended_at, begun_at) FROM run WHERE state = %d AND kind <> "
		 "'undo' AND feed_id IN (SELECT DISTINCT r.feed_id FROM cc_%.*s c JOIN record r"
		 " ON r.id = c.record_id) ORDER BY id DESC",
		 HUB_RUN_DONE, HUB_FMT(l->entity->name));
	int rc = hub_db_query(db, &q, err, sql, "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct run *more = hub_alloc_more(l->arena, *run, *n, &cap, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		*run = more;
		more[(*n)++] = (struct run){hub_db_int(q, 0), hub_db_int(q, 1)};
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* A record makes one row or several. A row that could not be taken (KEPT) is what it was before. */
static size_t date_record(struct hub_loads *l, int64_t record, int64_t at)
{
	size_t from = 0, to = l->n, dated = 0;

	while (from < to) {
		const size_t mid = from + (to - from) / 2;
		if (l->load[mid].record < record)
			from = mid + 1;
		else
			to = mid;
	}
	for (; from < l->n && l->load[from].record == record; from++) {
		dated += l->load[from].at == 0;
		if (!l->load[from].at)
			l->load[from].at = at;
	}
	return dated;
}

static int read_seen(struct hub_loads *l, struct hub_db *db, const struct run *run, size_t *left,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_walk(db, &q, err,
			     "SELECT seen FROM chunk WHERE run_id = ? AND undone = 0 ORDER BY seq",
			     "i", run->id);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_str seen = hub_db_str(q, 0);
		int64_t last = 0, id;
		unsigned kind;
		while (hub_ids_next(&seen, &last, &id, &kind) > 0)
			if (id != HUB_IDS_NONE && kind != HUB_SEEN_KEPT)
				*left -= date_record(l, id, run->at);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_all(struct hub_loads *l, struct hub_db *db, struct hub_err *err)
{
	struct run *run;
	size_t runs;
	int rc = read_rows(l, db, err);

	if (!rc)
		rc = read_runs(l, db, &run, &runs, err);
	size_t left = l->n;
	for (size_t i = 0; !rc && i < runs && left; i++)
		rc = read_seen(l, db, &run[i], &left, err);
	if (!rc && l->n > 1)
		qsort(l->load, l->n, sizeof *l->load, by_row);
	return rc;
}

int hub_loads_ready(struct hub_loads *l, struct hub_db *db, const struct hub_entity *e,
		    struct hub_err *err)
{
	int64_t runs = 0;

	int rc = hub_db_one(db, &runs, err,
			    "SELECT CAST(coalesce(sum(id), 0) AS BIGINT) FROM run WHERE state = ?",
			    "i", (int64_t)HUB_RUN_DONE);

	if (rc || (l->entity == e && l->runs == runs))
		return rc;
	hub_loads_free(l);
	*l = (struct hub_loads){.arena = hub_arena_new(ARENA_LIMIT), .entity = e, .runs = runs};
	rc = l->arena ? read_all(l, db, err) : hub_fail_mem(err);
	if (rc)
		hub_loads_free(l);
	return rc;
}

int64_t hub_loads_at(const struct hub_loads *l, int64_t row)
{
	const struct hub_load key = {.row = row}, *found = NULL;

	if (l->n)
		found = bsearch(&key, l->load, l->n, sizeof key, by_row);
	return found ? found->at : 0;
}

void hub_loads_free(struct hub_loads *l)
{
	hub_arena_free(l->arena);
	*l = (struct hub_loads){0};
}
