#include "intake/tally.h"

#include "base/map.h"
#include "store/db.h"

#include <stdlib.h>

struct hub_tally {
	struct hub_arena *arena;
	struct hub_map *at; /* code and column -> place in row */
	struct hub_tally_row *row;
	size_t n, cap;
};

struct hub_tally *hub_tally_new(struct hub_arena *a)
{
	struct hub_tally *t = hub_alloc0(a, sizeof *t);

	if (!t || !(t->at = hub_map_new(a)))
		return NULL;
	t->arena = a;
	return t;
}

static struct hub_tally_row *new_row(struct hub_tally *t)
{
	struct hub_tally_row *more = hub_alloc_more(t->arena, t->row, t->n, &t->cap, sizeof *more);

	if (!more)
		return NULL;
	t->row = more;
	return &t->row[t->n++];
}

/* What was wrong, in words. Which row a key repeats is known to a run and not always to its dry run; the two have one
 * sheet. */
static struct hub_str reason_of(const struct hub_tally_row *one)
{
	if (hub_str_is(one->code, "key-repeated"))
		return hub_str_of(hub_tr("same key as an earlier row, with other content"));
	return one->reason.ptr ? one->reason : HUB_STR("");
}

static int add(struct hub_tally *t, const struct hub_tally_row *one)
{
	char key[1024];
	uint64_t at;
	const int len =
	    snprintf(key, sizeof key, "%.*s\n%.*s", HUB_FMT(one->code), HUB_FMT(one->column));
	const struct hub_str name = {key, (size_t)len < sizeof key ? (size_t)len : sizeof key - 1};

	if (hub_map_get(t->at, name, &at)) {
		struct hub_tally_row *have = &t->row[at];
		have->n += one->n;
		have->open += one->open;
		if (one->line < have->line)
			have->line = one->line;
		if (!have->reason.len && one->reason.len)
			have->reason = hub_arena_str(t->arena, reason_of(one));
		return 0;
	}
	struct hub_tally_row *row = new_row(t);
	if (!row || hub_map_put(t->at, name, t->n - 1))
		return -1;
	*row = *one;
	row->code = hub_arena_str(t->arena, one->code);
	row->column = hub_arena_str(t->arena, one->column);
	row->reason = hub_arena_str(t->arena, reason_of(one));
	return row->code.ptr && row->column.ptr && row->reason.ptr ? 0 : -1;
}

static int load_reasons(struct hub_tally *t, struct hub_store *s, int64_t run, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc =
	    hub_db_query(hub_store_db(s), &q, err,
			 "SELECT code, coalesce(col, ''), line, coalesce(reason, '') FROM reject"
			 " WHERE id IN (SELECT min(id) FROM reject WHERE run_id = ?"
			 " GROUP BY code, coalesce(col, ''))",
			 "i", run);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_tally_row one = {.code = hub_db_str(q, 0),
						  .column = hub_db_str(q, 1),
						  .line = hub_db_int(q, 2),
						  .reason = hub_db_str(q, 3)};
		if (add(t, &one))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_tally_load(struct hub_tally *t, struct hub_store *s, int64_t run, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(
	    hub_store_db(s), &q, err,
	    "SELECT code, coalesce(col, ''), count(*), min(line), sum(CASE WHEN status = 0"
	    " THEN 1 ELSE 0 END) FROM reject WHERE run_id = ? GROUP BY 1, 2",
	    "i", run);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_tally_row one = {.code = hub_db_str(q, 0),
						  .column = hub_db_str(q, 1),
						  .n = (uint64_t)hub_db_int(q, 2),
						  .line = hub_db_int(q, 3),
						  .open = (uint64_t)hub_db_int(q, 4)};
		if (add(t, &one))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? load_reasons(t, s, run, err) : rc;
}

int hub_tally_chunk(struct hub_tally *t, const struct hub_chunk *c)
{
	for (uint32_t i = 0; i < c->n; i++) {
		const struct hub_tally_row one = {
		    .code = hub_str_of(c->code[i] ? c->code[i] : "invalid"),
		    .column = c->column[i].len ? c->column[i] : HUB_STR(""),
		    .n = 1,
		    .open = 1,
		    .line = (int64_t)c->prov[i].line,
		    .reason = c->reason[i]};
		if (c->fate[i] == HUB_FATE_REJECTED && add(t, &one))
			return -1;
	}
	return 0;
}

static int by_frequency(const void *a, const void *b)
{
	const struct hub_tally_row *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	const int c = hub_str_cmp(x->code, y->code);
	return c ? c : hub_str_cmp(x->column, y->column);
}

const struct hub_tally_row *hub_tally_rows(struct hub_tally *t, size_t *n)
{
	if (t->n)
		qsort(t->row, t->n, sizeof *t->row, by_frequency);
	/* places have moved: nothing is added from here on */
	*n = t->n;
	return t->row;
}
