#include "release/compare.h"

#include "release/rowctx.h"
#include "store/db.h"

enum { MOST_ROWS = 4096, PAGE_LIMIT = 256 << 20 };

struct compare {
	struct hub_store *store;
	struct hub_arena *a;
	uint32_t n; /* recipients */
	int64_t person;
	struct hub_compare_row *row; /* MOST_ROWS */
	uint32_t rows;
	struct hub_map *find; /* "entity.field row" -> index */
};

static int find_case(struct compare *c, struct hub_str case_no, struct hub_err *err)
{
	int rc = hub_db_one(hub_store_db(c->store), &c->person, err,
			    "SELECT person_id FROM cc_case WHERE (case_no = ? OR key = ?)"
			    " AND person_id IS NOT NULL ORDER BY id LIMIT 1",
			    "tt", case_no, case_no);

	if (rc != HUB_END)
		return rc;
	rc = hub_fail(err, HUB_USAGE, "unknown-case", "there is no case \"%.*s\" with a client",
		      HUB_FMT(case_no));
	hub_hint(err, "Give the number of a case (case_no), or its key in the source.");
	return rc;
}

/* The row of a stored value; NULL without err: there are too many. */
static struct hub_compare_row *row_of(struct compare *c, const struct hub_field *f, int64_t row,
				      struct hub_str stored)
{
	const struct hub_str key = hub_arena_printf(
	    c->a, "%.*s.%.*s %lld", HUB_FMT(f->entity->name), HUB_FMT(f->name), (long long)row);
	uint64_t at;

	if (key.ptr && hub_map_get(c->find, key, &at))
		return &c->row[at];
	if (!key.ptr || c->rows == MOST_ROWS || hub_map_put(c->find, key, c->rows))
		return NULL;
	struct hub_compare_row *r = &c->row[c->rows++];
	*r = (struct hub_compare_row){.field = f,
				      .stored = hub_arena_str(c->a, stored),
				      .cell = hub_alloc_array(c->a, c->n, sizeof *r->cell)};
	for (uint32_t i = 0; r->cell && i < c->n; i++)
		r->cell[i].left_out = 1;
	return r->cell && r->stored.ptr ? r : NULL;
}

/* The page it was decided on is emptied for the next rows. */
static int copy_cell(struct compare *c, const struct hub_out_cell *from, struct hub_out_cell *to)
{
	struct hub_patch *labels =
	    hub_alloc_array(c->a, (size_t)from->n_labels + 1, sizeof *labels);

	*to = *from;
	to->text = hub_arena_str(c->a, from->text);
	to->labels = labels;
	for (uint32_t i = 0; labels && i < from->n_labels; i++)
		labels[i] =
		    (struct hub_patch){.from = from->labels[i].from, .to = from->labels[i].to};
	return labels && to->text.ptr ? 0 : -1;
}

static int keep_cells(struct compare *c, uint32_t who, const struct hub_profile_entity *e,
		      const struct hub_source_row *row, const struct hub_out_cell *cells,
		      struct hub_err *err)
{
	for (uint32_t i = 0; i < e->n; i++) {
		/* keys of rows mean nothing to a reader */
		if (!row->value[i].ptr || e->fields[i].field->type == HUB_F_REF)
			continue;
		struct hub_compare_row *r = row_of(c, e->fields[i].field, row->id, row->value[i]);
		if (!r)
			return hub_fail_mem(err);
		r->cell[who].left_out = 0;
		if (copy_cell(c, &cells[i], &r->cell[who].out))
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

static int compare_rows(struct compare *c, struct hub_rowctx *x, uint32_t who,
			const struct hub_profile_entity *e, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(PAGE_LIMIT);
	const int64_t identity = hub_people_identity(x->people, c->person);
	struct hub_cursor *cursor;
	struct hub_source_row *rows;
	uint32_t n;
	int rc = page ? hub_cursor_open(x->arena, x->db, e, &cursor, err) : hub_fail_mem(err);

	while (!rc) {
		hub_arena_reset(page);
		if ((rc = hub_cursor_next(cursor, page, &rows, &n, err)) || n == 0)
			return rc;
		for (uint32_t i = 0; i < n && !rc; i++) {
			struct hub_out_cell *cells =
			    hub_alloc_array(page, (size_t)e->n + 1, sizeof *cells);
			int yes;
			if (!cells)
				return hub_fail_mem(err);
			rc = hub_rowctx_is_about(x, e->entity, &rows[i], identity, &yes, err);
			if (rc || !yes)
				continue;
			rc = hub_rowctx_decide(x, page, e, &rows[i], cells, err);
			if (!rc)
				rc = keep_cells(c, who, e, &rows[i], cells, err);
		}
	}
	return rc;
}

/* One recipient: every entity of its profile, in one transaction for what is scanned again. */
static int compare_for(struct compare *c, const struct hub_release_spec *spec, uint32_t who,
		       struct hub_err *err)
{
	struct hub_release_counts counts = {0};
	struct hub_rowctx x = {0};
	int rc = hub_rowctx_open(&x, c->store, spec, &counts, err);

	if (!rc && (rc = hub_db_begin(x.db, err)) == HUB_OK) {
		for (uint32_t i = 0; i < spec->profile->n && !rc; i++)
			rc = compare_rows(c, &x, who, &spec->profile->entities[i], err);
		rc = hub_db_end(x.db, rc, err);
	}
	hub_rowctx_close(&x);
	return rc;
}

int hub_compare_case(struct hub_store *s, struct hub_arena *a, const struct hub_release_spec *specs,
		     uint32_t n, struct hub_str case_no, struct hub_compare_row **rows,
		     uint32_t *count, struct hub_err *err)
{
	struct compare c = {.store = s,
			    .a = a,
			    .n = n,
			    .row = hub_alloc_array(a, MOST_ROWS, sizeof *c.row),
			    .find = hub_map_new(a)};
	int rc = c.row && c.find ? find_case(&c, case_no, err) : hub_fail_mem(err);

	for (uint32_t i = 0; i < n && !rc; i++)
		rc = compare_for(&c, &specs[i], i, err);
	*rows = c.row;
	*count = c.rows;
	return rc;
}
