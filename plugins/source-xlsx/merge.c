#include "merge.h"

#include <stdlib.h>
#include <string.h>

static struct sheet_merge *merge_at(const struct sheet *s, size_t i)
{
	return (struct sheet_merge *)(void *)s->merges.p + i;
}

static size_t merge_count(const struct sheet *s)
{
	return s->merges.len / sizeof(struct sheet_merge);
}

static int on_begin(void *arg, const char *name, const struct opcxml_attrs *a, struct hub_err *err)
{
	struct sheet *s = arg;
	struct sheet_merge m;

	if (!opcxml_is(name, "mergeCell"))
		return HUB_OK;
	if (sheet_range(opcxml_attr(a, "ref"), &m) || m.row == 0)
		return HUB_FAIL(s->host, err, HUB_REJECT, "bad-workbook",
				"a merged range of a sheet of %s has no address",
				s->book->opc.path);
	if (room_put(&s->merges, &m, sizeof m))
		return HUB_FAIL(s->host, err, HUB_REJECT, "bad-workbook",
				"a sheet of %s has more than %d merged ranges", s->book->opc.path,
				MOST_MERGES);
	return HUB_OK;
}

static int on_end(void *arg, const char *name, struct hub_err *err)
{
	(void)arg;
	(void)name;
	(void)err;
	return HUB_OK;
}

static int by_row(const void *a, const void *b)
{
	const struct sheet_merge *x = a, *y = b;

	return x->row != y->row ? (x->row < y->row ? -1 : 1)
				: (x->col > y->col) - (x->col < y->col);
}

int merge_read(struct sheet *s, int64_t part, struct hub_err *err)
{
	static const struct opcxml_ops ops = {
	    .space = book_space, .begin = on_begin, .end = on_end};

	s->merges.len = s->merge_text.len = 0;
	s->merge_next = 0;
	memset(s->owner, 0, sizeof s->owner);
	const int rc = opcxml_all((struct opc *)&s->book->opc, part, &ops, s, err);
	if (!rc && s->merges.len > 0)
		qsort(s->merges.p, merge_count(s), sizeof(struct sheet_merge), by_row);
	return rc;
}

static const struct sheet_cell *row_begin(const struct sheet *s)
{
	const struct sheet_cell *all = (const struct sheet_cell *)(const void *)s->cells.p;

	return all + (s->cells.len / sizeof *all - s->row_cells);
}

static const struct sheet_cell *cell_at(const struct sheet *s, uint32_t col)
{
	const struct sheet_cell *row = row_begin(s);

	for (uint32_t i = 0; i < s->row_cells; i++)
		if (row[i].col == col)
			return &row[i];
	return NULL;
}

/* A range that begins in this row, with the value it begins with, takes its columns. */
static int begin_range(struct sheet *s, uint32_t number, struct hub_err *err)
{
	struct sheet_merge *m = merge_at(s, number - 1);
	const struct sheet_cell *first = cell_at(s, m->col);

	if (!first)
		return HUB_OK;
	char *copy = room_add(&s->merge_text, first->text.len);
	if (!copy)
		return HUB_FAIL(s->host, err, HUB_REJECT, "bad-workbook",
				"the merged ranges of a sheet of %s hold too much text",
				s->book->opc.path);
	if (first->text.len > 0)
		memcpy(copy, first->text.ptr, first->text.len);
	m->text = (struct hub_str){copy, first->text.len};
	m->state = first->state;
	for (uint32_t col = m->col; col <= m->last_col && col < MOST_COLS; col++)
		s->owner[col] = number;
	return HUB_OK;
}

static int step_to(struct sheet *s, struct hub_err *err)
{
	for (uint32_t col = 0; col < MOST_COLS; col++)
		if (s->owner[col] && merge_at(s, s->owner[col] - 1)->last_row < s->line)
			s->owner[col] = 0;
	while (s->merge_next < merge_count(s) && merge_at(s, s->merge_next)->row <= s->line) {
		const int now = merge_at(s, s->merge_next++)->row == s->line;
		const int rc = now ? begin_range(s, (uint32_t)s->merge_next, err) : HUB_OK;
		if (rc)
			return rc;
	}
	return HUB_OK;
}

int merge_fill(struct sheet *s,
	       int (*put)(struct sheet *s, uint32_t col, uint32_t state, struct hub_str text,
			  struct hub_err *err),
	       struct hub_err *err)
{
	uint8_t there[MOST_COLS] = {0};
	int rc = step_to(s, err);

	if (s->line < s->opt.fill_from || s->line > s->opt.fill_to)
		return rc;
	const struct sheet_cell *row = row_begin(s);
	for (uint32_t i = 0; i < s->row_cells; i++)
		there[row[i].col] = 1;
	for (uint32_t col = 0; col < MOST_COLS && !rc; col++) {
		const struct sheet_merge *m =
		    s->owner[col] && !there[col] ? merge_at(s, s->owner[col] - 1) : NULL;
		rc = m ? put(s, col, m->state, m->text, err) : HUB_OK;
	}
	return rc;
}
