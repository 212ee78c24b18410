#include "release/sheet.h"

#include "base/err.h"
#include "release/refuge.h"
#include "store/read.h"

enum { PAGE = 100, PARTS_PER_RECORD = 64 };

/* What was decided about one field of a record, over all rows that the record has of its entity. */
struct seen {
	uint32_t rows;
	int open; /* all of them may be shown as they are */
	struct hub_out_cell cell;
};

struct reading {
	struct hub_rowctx *x;
	struct hub_store *store;
	const struct hub_sheet *sheet;
	struct hub_batch *b;
	struct hub_arena *a; /* the batch's */
	struct hub_sheet_page *page;
	struct seen **seen; /* [entity][field] */
	int unmapped; /* the record's columns without a field may go: nothing of its people is held back */
	int peoples; /* it has rows that are somebody's */
};

static int begin(struct reading *r, uint32_t rows)
{
	struct hub_batch *b = r->b;
	uint32_t at;

	for (uint32_t c = 0; c < r->sheet->cols; c++)
		if (hub_batch_column(b, r->sheet->col[c].name, &at))
			return -1;
	if (hub_batch_rows(b, rows))
		return -1;
	b->table = r->sheet->name;
	b->table_label = r->sheet->title;
	for (uint32_t c = 0; c < b->cols; c++) {
		b->col[c].label = r->sheet->col[c].name;
		b->col[c].flags |= HUB_COL_PERSONAL;
		b->col[c].shown = hub_alloc_array(r->a, (size_t)rows + 1, 1);
		if (!b->col[c].shown)
			return -1;
	}
	r->page->part =
	    hub_alloc_array(r->a, (size_t)rows * PARTS_PER_RECORD + 1, sizeof *r->page->part);
	r->seen = hub_alloc_array(r->a, r->x->schema->n_entities + 1u, sizeof *r->seen);
	return r->page->part && r->seen ? 0 : -1;
}

/* --- deciding ---------------------------------------------------------------------------------------------------- */

/* May what stands in the sheet be shown for this field? A cell that could not be read has no value; its
 * text is shown where a value would be. */
static int is_open(const struct hub_view_field *vf, const struct hub_out_cell *c)
{
	if (c->cell == HUB_VALUE)
		return c->shown == HUB_AS_IS;
	return c->shown == HUB_AS_IS && vf->show == HUB_SHOW_AS_IS &&
	       c->answer.decision == HUB_ALLOW;
}

static int decide_row(struct reading *r, const struct hub_profile_entity *e, int64_t id,
		      uint32_t row, struct hub_err *err)
{
	struct hub_out_cell *cells = hub_alloc_array(r->a, (size_t)e->n + 1, sizeof *cells);
	struct seen *seen = r->seen[e->entity->index];
	struct hub_source_row source;
	int rc = cells ? hub_cursor_row(r->a, r->x->db, e, id, &source, err) : hub_fail_mem(err);

	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	r->peoples |= e->entity->subject != HUB_SUBJECT_NONE;
	if ((rc = hub_rowctx_decide(r->x, r->a, e, &source, cells, err)))
		return rc;
	for (uint32_t i = 0; i < e->n; i++) {
		struct seen *s = &seen[e->fields[i].field->index];
		/* a text is never unreadable: without one there was nothing in the cell */
		if (e->fields[i].field->type == HUB_F_NARRATIVE && cells[i].cell == HUB_NULL &&
		    cells[i].shown == HUB_AS_IS)
			continue;
		r->unmapped &= cells[i].answer.decision == HUB_ALLOW ||
			       (e->fields[i].field->flags & HUB_FF_THIRD) != 0;
		s->open = is_open(&e->fields[i], &cells[i]) && (s->rows == 0 || s->open);
		s->cell = cells[i];
		s->rows++;
	}
	if (r->page->parts < (r->page->records + 1) * PARTS_PER_RECORD)
		r->page->part[r->page->parts++] = (struct hub_sheet_part){
		    row, e->entity, id, r->x->person, r->unmapped ? -1 : (int64_t)r->x->classes};
	return HUB_OK;
}

static int decide_record(struct reading *r, const struct hub_record_info *rec, uint32_t row,
			 struct hub_err *err)
{
	const struct hub_profile *p = r->x->spec->profile;
	int rc = HUB_OK;

	r->unmapped = p->unmapped;
	r->peoples = 0;
	for (uint32_t i = 0; i < p->n && !rc; i++) {
		const struct hub_profile_entity *e = &p->entities[i];
		int64_t *ids;
		uint32_t n;
		r->seen[e->entity->index] =
		    hub_alloc_array(r->a, e->entity->count + 1u, sizeof **r->seen);
		if (!r->seen[e->entity->index])
			return hub_fail_mem(err);
		rc = hub_record_rows(r->store, r->a, rec, e->entity, &ids, &n, err);
		for (uint32_t k = 0; k < n && !rc; k++)
			rc = decide_row(r, e, ids[k], row, err);
	}
	return rc;
}

/* --- cells ---------------------------------------------------------------------------------------------------------- */

/* What stands in a cell is more than the field made of it shows. -1: out of memory. */
static int hides_more(const struct reading *r, struct hub_str text)
{
	return r->peoples ? hub_refuge_stands(r->a, r->x->refuges, text) : 0;
}

/* The strictest answer for the fields that were made of a cell. -1: out of memory. */
static int put_cell(struct reading *r, uint32_t c, uint32_t row, uint8_t cell, struct hub_str text)
{
	const struct hub_sheet_col *col = &r->sheet->col[c];
	struct hub_col *out = &r->b->col[c];
	const struct hub_out_cell *instead = NULL;
	int open = col->n == 0 && r->unmapped, known = 0, hides = 0;

	out->cell[row] = cell;
	out->text[row] = text;
	out->shown[row] = HUB_AS_IS;
	if (cell != HUB_VALUE || text.len == 0)
		return 0;
	for (uint32_t i = 0; i < col->n; i++) {
		const struct hub_field *f = col->field[i];
		const struct seen *s = r->seen[f->entity->index];
		const int has = s && s[f->index].rows > 0;
		if (s && !hub_profile_field(r->x->spec->profile, f)) {
			known = 1;
			open = 0;
			instead = NULL;
			break;
		}
		if (!has)
			continue; /* the record made no row of it */
		open = s[f->index].open && (!known || open);
		if (!s[f->index].open)
			instead = known && !open && instead ? NULL : &s[f->index].cell;
		known = 1;
	}
	if (open && !(hides = hides_more(r, text)))
		return 0;
	out->cell[row] = HUB_NULL;
	out->text[row] = HUB_STR("");
	out->shown[row] = HUB_WITHHELD;
	if (hides || !instead || instead->cell != HUB_VALUE || instead->shown == HUB_AS_IS)
		return hides < 0 ? -1 : 0;
	out->cell[row] = HUB_VALUE;
	out->text[row] = instead->text;
	out->shown[row] = (uint8_t)instead->shown;
	return 0;
}

static int put_record(struct reading *r, const struct hub_record_info *rec, int *any,
		      struct hub_err *err)
{
	const uint32_t row = r->page->records, parts = r->page->parts;
	uint8_t *cell = hub_alloc_array(r->a, r->sheet->cols + 1u, 1);
	struct hub_str *text = hub_alloc_array(r->a, r->sheet->cols + 1u, sizeof *text);
	int rc = cell && text ? HUB_OK : hub_fail_mem(err);

	*any = 0;
	if (rc || (rc = decide_record(r, rec, row, err)) ||
	    (rc = r->sheet->cut(r->sheet, r->a, rec->run, rec->raw, cell, text, err)))
		return rc;
	for (uint32_t c = 0; c < r->sheet->cols; c++) {
		if (put_cell(r, c, row, cell[c], text[c]))
			return hub_fail_mem(err);
		*any |= r->b->col[c].cell[row] == HUB_VALUE && r->b->col[c].text[row].len > 0;
	}
	if (!*any)
		r->page->parts = parts;
	return HUB_OK;
}

/* Ids of the next records of the feed that are in force. + 0: by their ids, the feed has no order. */
static int next_ids(struct reading *r, int64_t last, int64_t ids[PAGE], uint32_t *n,
		    struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(r->x->db, &q, err,
			 "SELECT r.id FROM record r WHERE r.feed_id + 0 = (SELECT id FROM feed"
			 " WHERE name = ?) AND r.state = 0 AND r.id > ? ORDER BY r.id LIMIT 100",
			 "ti", r->sheet->feed, last);

	*n = 0;
	while (!rc && *n < PAGE && (rc = hub_db_next(q, err)) == HUB_OK)
		ids[(*n)++] = hub_db_int(q, 0);
	return rc == HUB_END ? HUB_OK : rc;
}

/* The records after *last, n of them; the page may stay empty. */
static int read_page(struct reading *r, int64_t *last, uint32_t *n, struct hub_err *err)
{
	int64_t ids[PAGE];
	int any;

	hub_batch_reset(r->b);
	r->a = hub_batch_arena(r->b);
	*r->page = (struct hub_sheet_page){0};
	int rc = next_ids(r, *last, ids, n, err);
	if (!rc && begin(r, *n))
		rc = hub_fail_mem(err);
	for (uint32_t i = 0; i < *n && !rc; i++) {
		struct hub_record_info rec;
		if ((rc = hub_record_get(r->store, r->a, ids[i], &rec, err)))
			break;
		rc = put_record(r, &rec, &any, err);
		r->x->counts->rows++;
		r->x->counts->withheld_rows += (uint64_t)(rc == HUB_OK && !any);
		r->page->records += (uint32_t)any;
		*last = ids[i];
	}
	if (!rc && *n > 0 && hub_batch_rows(r->b, r->page->records))
		rc = hub_fail_mem(err);
	return rc;
}

int hub_sheet_next(struct hub_rowctx *x, struct hub_store *s, const struct hub_sheet *sheet,
		   struct hub_batch *b, int64_t *last, struct hub_sheet_page *page,
		   struct hub_err *err)
{
	struct reading r = {.x = x, .store = s, .sheet = sheet, .b = b, .page = page};
	uint32_t n;
	int rc;

	do
		rc = read_page(&r, last, &n, err);
	while (!rc && n > 0 && page->records == 0);
	return rc;
}
