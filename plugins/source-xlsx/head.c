#include "plain.h"
#include "xlsx.h"

#include <string.h>

int head_begin(struct xlsx *x)
{
	x->head.len = x->spots.len = 0;
	memset(x->title, 0, sizeof x->title);
	for (uint32_t i = 0; i < x->cells + x->labels; i++) {
		struct spot *s = i < x->cells ? &x->cell[i] : &x->label[i - x->cells];
		s->from = s->len = 0;
		s->last_row = 0;
	}
	x->headed = x->seen = 0;
	return 0;
}

/* Adds the text of a cell to that of a range: side by side as it stands (dates and numbers are often
 * written one character a cell), rows as lines. Spots read at the same time must not mix: the text moves
 * to the end when it is not there already. */
static int add_text(struct xlsx *x, struct spot *s, uint32_t row, struct hub_str text)
{
	if (s->len > 0 && s->from + s->len != x->spots.len) {
		char *copy = room_add(&x->spots, s->len);
		if (!copy)
			return -1;
		memcpy(copy, x->spots.p + s->from, s->len);
		s->from = (size_t)(copy - x->spots.p);
	}
	if (s->len == 0)
		s->from = x->spots.len;
	if ((s->len > 0 && s->last_row != row && room_put(&x->spots, "\n", 1)) ||
	    room_put(&x->spots, text.ptr, text.len))
		return -1;
	s->len = x->spots.len - s->from;
	s->last_row = row;
	return 0;
}

int head_spots(struct xlsx *x, const struct sheet_row *r, struct hub_err *err)
{
	const struct sheet_cell *c = sheet_cells(&x->sheet, r);

	if (r->line > x->spots_end)
		return HUB_OK;
	for (uint32_t i = 0; i < x->cells + x->labels; i++) {
		struct spot *s = i < x->cells ? &x->cell[i] : &x->label[i - x->cells];
		if (r->line < s->range.row || r->line > s->range.last_row)
			continue;
		for (uint32_t k = 0; k < r->n; k++)
			if (c[k].col >= s->range.col && c[k].col <= s->range.last_col &&
			    c[k].text.len > 0 && add_text(x, s, (uint32_t)r->line, c[k].text))
				return HUB_FAIL(x->host, err, HUB_REJECT, "field-too-long",
						"the cells of sheet %u that the options name hold "
						"too much text",
						x->number);
	}
	return HUB_OK;
}

static struct hub_str spot_text(const struct xlsx *x, const struct spot *s)
{
	return (struct hub_str){x->spots.p + s->from, s->len};
}

/* 利用者名：甲野 太郎, label and value in one cell: the value. ptr NULL: it does not begin with the label. */
static struct hub_str behind_label(struct hub_str text, struct hub_str label)
{
	static const char *const colons[] = {"：", ":"};

	for (size_t k = 0; k < sizeof colons / sizeof *colons; k++) {
		const size_t n = strlen(colons[k]);
		const char *at = text.len ? memmem(text.ptr, text.len, colons[k], n) : NULL;
		const size_t head = at ? (size_t)(at - text.ptr) : 0;
		if (at && label_same(label, (struct hub_str){text.ptr, head}))
			return label_trim((struct hub_str){at + n, text.len - head - n});
	}
	return (struct hub_str){NULL, 0};
}

static int same_place(const struct spot *a, const struct spot *b)
{
	return a->range.row == b->range.row && a->range.col == b->range.col;
}

struct hub_str head_cell_text(const struct xlsx *x, uint32_t cell)
{
	const struct hub_str text = spot_text(x, &x->cell[cell]);

	for (uint32_t i = 0; i < x->labels; i++) {
		const struct hub_str value = same_place(&x->label[i], &x->cell[cell])
						 ? behind_label(text, x->label[i].name)
						 : (struct hub_str){NULL, 0};
		if (value.ptr)
			return value;
	}
	return text;
}

/* The label alone, or the label and the value that the option cells takes from there. */
static int holds_label(const struct xlsx *x, const struct spot *label)
{
	if (label_same(label->name, spot_text(x, label)))
		return 1;
	for (uint32_t i = 0; i < x->cells; i++)
		if (same_place(&x->cell[i], label) &&
		    behind_label(spot_text(x, label), label->name).ptr)
			return 1;
	return 0;
}

int head_labels(const struct xlsx *x, struct hub_err *err)
{
	char letters[4];

	for (uint32_t i = 0; i < x->labels; i++) {
		const struct spot *s = &x->label[i];
		if (holds_label(x, s))
			continue;
		sheet_letters(s->range.col, letters);
		HUB_FAIL(x->host, err, HUB_DRIFT, "other-form",
			 "sheet %u of %s: cell %s%u does not hold the label that the mapping "
			 "expects",
			 x->number, x->book.opc.path, letters, s->range.row);
		x->host->hint(err, "The form has changed, or it is another one: compare it with "
				   "the mapping's cells and expect.");
		return err->rc;
	}
	return HUB_OK;
}

/* ---- the header */

int xlsx_equal(struct hub_str a, struct hub_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* The text without line ends: headers are broken where the column is narrow. */
static size_t put_title(char *to, struct hub_str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\n' && text.ptr[i] != '\r')
			to[n++] = text.ptr[i];
	return n;
}

/* Joins what stands below to what stands above: 住所_市 for a heading of two rows. */
static int add_title(struct xlsx *x, uint32_t col, struct hub_str text)
{
	struct hub_str *t = &x->title[col];

	text = label_trim(text);
	if (text.len == 0 ||
	    (t->len >= text.len && memcmp(t->ptr + t->len - text.len, text.ptr, text.len) == 0))
		return 0;
	char *p = room_add(&x->head, t->len + 1 + text.len);
	if (!p)
		return -1;
	size_t n = 0;
	if (t->len > 0) {
		memcpy(p, t->ptr, t->len);
		n = t->len;
		p[n++] = '_';
	}
	n += put_title(p + n, text);
	*t = (struct hub_str){p, n};
	return 0;
}

int head_row(struct xlsx *x, const struct sheet_row *r, struct hub_err *err)
{
	const struct sheet_cell *c = sheet_cells(&x->sheet, r);

	for (uint32_t i = 0; i < r->n; i++)
		if (c[i].col >= x->table.col && c[i].col <= x->table.last_col &&
		    add_title(x, c[i].col, c[i].text))
			return HUB_FAIL(x->host, err, HUB_REJECT, "field-too-long",
					"the header of sheet %u holds too much text", x->number);
	return HUB_OK;
}

static int no_header(const struct xlsx *x, struct hub_err *err)
{
	HUB_FAIL(x->host, err, HUB_REJECT, "no-header",
		 "row %lld of sheet %u of %s holds no column names", (long long)x->conf.header,
		 x->number, x->book.opc.path);
	x->host->hint(err, "Say where they stand with the option header; `tsunagi inspect FILE` "
			   "shows the rows.");
	return err->rc;
}

static int keep_names(struct xlsx *x, uint32_t first, uint32_t n, struct hub_err *err)
{
	x->name = x->host->alloc(x->ctx, NULL, n * sizeof *x->name);
	if (!x->name)
		return xlsx_no_memory(x, err);
	for (uint32_t i = 0; i < n; i++) {
		x->name[i] = str_keep(x->host, x->ctx, NULL, x->title[first + i]);
		if (!x->name[i].ptr)
			return xlsx_no_memory(x, err);
	}
	x->names = x->width = n;
	x->known = 1;
	return HUB_OK;
}

static int other_header(const struct xlsx *x, uint32_t first, uint32_t n, struct hub_err *err)
{
	char letters[4];
	uint32_t i = 0;

	while (i < n && i < x->names && xlsx_equal(x->title[first + i], x->name[i]))
		i++;
	if (i == n && i == x->names)
		return HUB_OK;
	sheet_letters(first + i, letters);
	HUB_FAIL(x->host, err, HUB_DRIFT, "other-header",
		 "sheet %u of %s has another header than the first one that was read, from column "
		 "%s on",
		 x->number, x->book.opc.path, letters);
	x->host->hint(err, "Choose the sheets that are alike with the option sheets; read the "
			   "others with a mapping of their own.");
	return err->rc;
}

int head_finish(struct xlsx *x, struct hub_err *err)
{
	uint32_t first = 0, end = MOST_COLS;
	int rc;

	while (first < MOST_COLS && x->title[first].len == 0)
		first++;
	while (end > first && x->title[end - 1].len == 0)
		end--;
	if (end == first)
		return no_header(x, err);
	if (x->limited) {
		first = x->table.col;
		end = x->table.last_col + 1;
	}
	x->base = first;
	x->headed = 1;
	if ((rc = head_labels(x, err)))
		return rc;
	return x->known ? other_header(x, first, end - first, err)
			: keep_names(x, first, end - first, err);
}
