#include "head.h"
#include "plain.h"

static struct hub_str trimmed(struct hub_str s)
{
	while (s.len && strchr(" \t\r\n", s.ptr[s.len - 1]))
		s.len--;
	while (s.len && strchr(" \t\r\n", s.ptr[0]))
		s = (struct hub_str){s.ptr + 1, s.len - 1};
	return s;
}

static struct hub_str cell_at(const struct csv *c, uint32_t row, uint32_t col)
{
	return col < c->head_cells[row] ? trimmed(c->head[row][col]) : (struct hub_str){"", 0};
}

static int named_below(const struct csv *c, uint32_t row, uint32_t col)
{
	for (uint32_t r = row + 1; r < c->heads; r++)
		if (cell_at(c, r, col).len)
			return 1;
	return 0;
}

/* A merged cell of Excel has its text in the first of its columns: those to the right of it that have a name
 * of their own further down belong to it, as long as no group above ends between them. */
static void spread(struct csv *c, uint32_t width)
{
	for (uint32_t r = 0; r + 1 < c->heads; r++)
		for (uint32_t i = 1; i < c->head_cells[r] && i < width; i++) {
			int inside = !cell_at(c, r, i).len && named_below(c, r, i) &&
				     named_below(c, r, i - 1);
			for (uint32_t up = 0; up < r && inside; up++)
				inside = str_same(cell_at(c, up, i), cell_at(c, up, i - 1));
			if (inside)
				c->head[r][i] = c->head[r][i - 1];
		}
}

/* 住所_町 of a header of two records; what stands below with the same text is not said twice. */
static int join(struct csv *c, uint32_t col, struct hub_str *out)
{
	struct hub_str last = {"", 0};
	size_t room = c->heads, n = 0;

	for (uint32_t r = 0; r < c->heads; r++)
		room += cell_at(c, r, col).len;
	char *p = c->host->alloc(c->ctx, NULL, room);
	if (!p)
		return -1;
	for (uint32_t r = 0; r < c->heads; r++) {
		const struct hub_str s = cell_at(c, r, col);
		if (!s.len || str_same(s, last))
			continue;
		if (n)
			p[n++] = '_';
		for (size_t i = 0; i < s.len; i++)
			if (s.ptr[i] != '\n' && s.ptr[i] != '\r')
				p[n++] = s.ptr[i];
		last = s;
	}
	*out = (struct hub_str){p, n};
	return 0;
}

static const struct hub_str counter = {"nth", 3};

/* The column that counts rows: behind the others, unless the file has it, as one of rejects does. */
static int add_counter(struct csv *c, uint32_t *n, struct hub_err *err)
{
	struct hub_str *name = c->host->alloc(c->ctx, NULL, (*n + 1) * sizeof *name);

	if (!name)
		return csv_no_memory(c, err);
	for (uint32_t i = 0; i < *n; i++) {
		if (str_same(c->name[i], counter))
			return HUB_OK;
		name[i] = c->name[i];
	}
	for (uint32_t i = 0; i < c->rank.n; i++)
		if (c->rank.col[i] >= *n)
			return HUB_FAIL(c->host, err, HUB_DRIFT, "no-such-column",
					"%s has %u columns, and rows are counted by column %u",
					c->in.path, *n, c->rank.col[i] + 1);
	name[*n] = counter;
	c->name = name;
	c->counted = ++*n;
	return HUB_OK;
}

static int take_names(struct csv *c, struct hub_err *err)
{
	uint32_t n = 0;

	for (uint32_t r = 0; r < c->heads; r++)
		n = c->head_cells[r] > n ? c->head_cells[r] : n;
	c->name = c->head[0];
	if (c->heads > 1) {
		c->name = c->host->alloc(c->ctx, NULL, n * sizeof *c->name);
		if (!c->name)
			return csv_no_memory(c, err);
		spread(c, n);
		for (uint32_t i = 0; i < n; i++)
			if (join(c, i, &c->name[i]))
				return csv_no_memory(c, err);
	}
	if (c->width == 0)
		c->width = n;
	if (c->rank.n && c->width == n && add_counter(c, &n, err))
		return err->rc;
	c->names = n;
	c->columns = c->width > n ? c->width : n;
	c->headed = 1;
	return HUB_OK;
}

/* Keeps the cells of a record of the header. */
static int take_record(struct csv *c, const struct split_record *r, struct hub_err *err)
{
	struct hub_str *cell = c->host->alloc(c->ctx, NULL, r->n * sizeof *cell);

	if (!cell)
		return csv_no_memory(c, err);
	for (uint32_t i = 0; i < r->n; i++) {
		char *p = c->host->alloc(c->ctx, NULL, (size_t)r->field[i].len + 1);
		if (!p)
			return csv_no_memory(c, err);
		size_t n = r->field[i].len;
		if (r->field[i].doubled)
			n = split_undouble(&c->dialect, &r->field[i], p);
		else if (n > 0)
			memcpy(p, r->field[i].ptr, n);
		cell[i] = (struct hub_str){p, n};
	}
	c->head[c->heads] = cell;
	c->head_cells[c->heads++] = r->n;
	return c->heads == (uint32_t)c->conf.header_rows ? take_names(c, err) : HUB_OK;
}

static int cannot_read(const struct fill *f, struct hub_err *err)
{
	rows_explain(f, &f->c->rec, err);
	f->c->host->hint(err, "The header cannot be read; correct it, or say where it is (skip, "
			      "header).");
	return err->rc;
}

/* A record before the header, or one of the header's. */
static int head_record(struct fill *f, struct hub_err *err)
{
	struct csv *c = f->c;
	int rc = split_record(&c->dialect, &f->text, f->used, &c->rec);

	if (rc == SPLIT_MORE)
		return rc;
	const int bad = rc == SPLIT_BAD, blank = !bad && split_is_blank(&c->rec);
	const int wanted = c->at.row >= (uint64_t)c->conf.header && !blank;
	if (bad && wanted)
		return cannot_read(f, err);
	if (wanted && (rc = take_record(c, &c->rec, err)))
		return rc;
	if (!(blank && c->conf.blank_lines == BLANK_SKIP))
		c->at.row++;
	rows_move_over(f, bad ? split_next_line(&c->dialect, &f->text, f->used) : c->rec.end);
	return HUB_OK;
}

int head_step(struct fill *f, struct hub_err *err)
{
	struct csv *c = f->c;
	int more;

	if (c->skip > 0) {
		const size_t next = split_next_line(&c->dialect, &f->text, f->used);
		if (next == f->text.len && !f->text.last)
			return SPLIT_MORE;
		c->skip--;
		rows_move(f, next, 1);
		return HUB_OK;
	}
	if (c->conf.header == 0) {
		c->columns = c->width;
		c->headed = 1;
		return HUB_OK;
	}
	const size_t comment = split_comment(&c->dialect, &f->text, f->used, &more);
	if (more)
		return SPLIT_MORE;
	if (comment) {
		rows_move(f, f->used + comment, 1);
		return HUB_OK;
	}
	return head_record(f, err);
}
