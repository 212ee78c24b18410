/* Rows and lines of a document to records: tables with a header, forms of labels and values, logs whose
 * lines begin with a date. */
#include "behind.h"
#include "docx.h"
#include "plain.h"

#include <stdio.h>
#include <string.h>

int docx_no_memory(const struct docx *x, struct hub_err *err)
{
	return NO_MEMORY(x->host, err);
}

/* ---- records */

static int begin(struct docx *x, struct hub_err *err)
{
	if (x->begun)
		return HUB_OK;
	x->begun = 1;
	return sheet_begin(&x->sheet, x->batch, err);
}

static int put_tags(struct docx *x, struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < x->tags && !rc; i++) {
		const struct tag *t = &x->tag[i];
		const struct hub_str v = {x->values.p + t->from, t->len};
		if (t->found && t->len > 0)
			rc = sheet_put(&x->sheet, i, v, err);
		else if (t->found)
			sheet_null(&x->sheet, i);
	}
	return rc;
}

/* The record that lies in the sheet. table: 0 when only one is read; line: the number people count by, a
 * row of the table or a paragraph of the text. */
/* bad: why the record cannot be one, or NULL. */
static int emit(struct docx *x, uint32_t table, uint64_t line, uint64_t at, const char *bad,
		struct hub_err *err)
{
	x->place = opc_part_place(&x->doc.xml.part, at, x->place);
	x->records++;
	if (x->records <= x->resume) {
		sheet_drop(&x->sheet);
		return HUB_OK;
	}
	const struct hub_prov prov = {
	    .row = x->records, .line = line, .byte = x->place, .len = 1, .part = table};
	return sheet_row(&x->sheet, &prov, bad, err);
}

/* ---- labels and their values */

static int set_value(struct docx *x, struct tag *t, struct hub_str text, struct hub_err *err)
{
	text = label_trim(text);
	char *p = room_add(&x->values, text.len);
	if (!p)
		return HUB_FAIL(x->host, err, HUB_REJECT, "record-too-long",
				"the values of one form of %s are longer than record_limit allows",
				x->doc.opc.path);
	if (text.len > 0)
		memcpy(p, text.ptr, text.len);
	t->from = (size_t)(p - x->values.p);
	t->len = text.len;
	t->found = 1;
	t->waiting = 0;
	return HUB_OK;
}

static struct hub_str behind_label(struct hub_str text, struct hub_str label)
{
	return behind(text, label, 0);
}

/* The tag whose label a text is or begins with; *rest: what follows it. The next one of its text when a
 * form uses it several times. */
static struct tag *find_tag(struct docx *x, struct hub_str text, int line, struct hub_str *rest)
{
	struct tag *found = NULL;

	for (uint32_t i = 0; i < x->tags; i++) {
		struct tag *t = &x->tag[i];
		const struct hub_str r = behind(text, t->label, line);
		if (!r.ptr)
			continue;
		t->ever = 1;
		if (++t->met == t->nth && !found) {
			found = t;
			*rest = r;
		}
	}
	return found;
}

/* Is it any label of the form? Then it is no value. */
static int is_label(const struct docx *x, struct hub_str text)
{
	int closed;

	text = behind_bare(text, &closed);
	for (uint32_t i = 0; i < x->tags; i++)
		if (label_same(text, behind_bare(x->tag[i].label, &closed)))
			return 1;
	return 0;
}

static void forget_tags(struct docx *x)
{
	for (uint32_t i = 0; i < x->tags; i++) {
		x->tag[i].met = 0;
		x->tag[i].found = x->tag[i].waiting = 0;
	}
	x->values.len = 0;
	x->open = NULL;
}

static int any_value(const struct docx *x)
{
	for (uint32_t i = 0; i < x->tags; i++)
		if (x->tag[i].found && x->tag[i].len > 0)
			return 1;
	return 0;
}

/* A form whose values are complete. One that nobody filled in is no record. */
static int end_form(struct docx *x, struct hub_err *err)
{
	uint32_t missing = 0, found = 0;
	int rc;

	for (uint32_t i = 0; i < x->tags; i++) {
		missing += !x->tag[i].found;
		found += x->tag[i].found != 0;
	}
	if (found == 0)
		return HUB_OK;
	if (!any_value(x)) {
		x->host->log(x->ctx, HUB_LOG_WARN, HUB_N("a form is blank and left out"));
		forget_tags(x);
		return HUB_OK;
	}
	if (missing > 0) {
		x->host->count(x->ctx, "labels-missing", missing);
		x->host->log(x->ctx, HUB_LOG_WARN, HUB_N("form %llu: %u labels were not found"),
			     (unsigned long long)x->records + 1, missing);
	}
	if ((rc = begin(x, err)) || (rc = put_tags(x, err)))
		return rc;
	rc = emit(x, 0, x->records + 1, opcxml_at(&x->doc.xml), NULL, err);
	forget_tags(x);
	return rc;
}

/* The first label once more: the next form of the same document begins. */
static int turn_form(struct docx *x, struct hub_str text, struct hub_err *err)
{
	if (x->conf.layout != LAYOUT_FORM || !behind_label(text, x->tag[0].label).ptr)
		return HUB_OK;
	for (uint32_t i = 0; i < x->tags; i++) /* 氏名#2 is still to come */
		if (x->tag[i].met < x->tag[i].nth && label_same(x->tag[i].label, x->tag[0].label))
			return HUB_OK;
	return end_form(x, err);
}

/* A label once more below records: what follows is somebody else's, of whom nothing said before holds. line: of a
 * line, where a blank will do behind it, as it does for its value. */
static void turn_table(struct docx *x, struct hub_str text, int line)
{
	if (x->conf.layout != LAYOUT_TABLE || x->records == x->turned)
		return;
	for (uint32_t i = 0; i < x->tags; i++)
		if (behind(text, x->tag[i].label, line).ptr) {
			forget_tags(x);
			x->turned = x->records;
			return;
		}
}

static int take_label(struct docx *x, const struct doc_row *r, uint32_t i, struct hub_err *err)
{
	const struct hub_str text = r->cell[i].text;
	struct hub_str rest;
	int rc = turn_form(x, text, err);
	turn_table(x, text, 0);
	struct tag *t = rc ? NULL : find_tag(x, text, 0, &rest);

	if (!t)
		return rc;
	if (label_trim(rest).len > 0)
		return set_value(x, t, rest, err);
	if (i + 1 < r->n && !is_label(x, r->cell[i + 1].text))
		return set_value(x, t, r->cell[i + 1].text, err);
	t->found = t->waiting = 1;
	t->from = t->len = 0;
	t->col = r->cell[i].col;
	return HUB_OK;
}

static int take_labels(struct docx *x, const struct doc_row *r, struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t k = 0; k < x->tags && !rc; k++) {
		struct tag *t = &x->tag[k];
		for (uint32_t i = 0; i < r->n && t->waiting && !rc; i++)
			if (r->cell[i].col <= t->col && t->col < r->cell[i].col + r->cell[i].span &&
			    !r->cell[i].continues && !is_label(x, r->cell[i].text))
				rc = set_value(x, t, r->cell[i].text, err);
		t->waiting = 0;
	}
	for (uint32_t i = 0; i < r->n && !rc; i++)
		if (r->cell[i].text.len > 0)
			rc = take_label(x, r, i, err);
	return rc;
}

/* Where the next label of a line begins, or a wide gap with some other label behind it: 氏名：甲野 太郎　　番号：12. */
static size_t piece_of(const struct docx *x, struct hub_str line, size_t *next)
{
	for (size_t i = 1; i < line.len; i++) {
		int wide;
		const size_t gap =
		    behind_blanks((struct hub_str){line.ptr + i, line.len - i}, &wide);
		const struct hub_str rest = {line.ptr + i + gap, line.len - i - gap};
		int label =
		    gap > 0 && wide && (behind_has_colon(rest) || behind_names_number(rest));
		for (uint32_t k = 0; gap > 0 && k < x->tags && !label; k++)
			label = behind(rest, x->tag[k].label, wide).ptr != NULL;
		*next = i + gap;
		if (label)
			return i;
		i += gap > 0 ? gap - 1 : 0;
	}
	*next = line.len;
	return line.len;
}

static int piece_of_labels(struct docx *x, struct hub_str text, struct hub_err *err)
{
	struct hub_str rest;
	const int rc = turn_form(x, text, err);

	turn_table(x, text, 1);
	struct tag *t = rc ? NULL : find_tag(x, text, 1, &rest);
	if (rc || !t)
		return rc;
	x->open = label_trim(rest).len == 0 ? t : NULL;
	x->told = 1;
	x->by_blank |= t == x->tag && !behind_label(text, t->label).ptr;
	return set_value(x, t, rest, err);
}

/* A line behind a label that stood alone in its own: 【主訴】. It goes on to the next label or table. */
static int add_line(struct docx *x, struct hub_str text, struct hub_err *err)
{
	struct tag *t = x->open;

	text = label_trim(text);
	const size_t gap = t->len > 0;
	char *p = room_add(&x->values, text.len + gap);
	if (!p)
		return HUB_FAIL(x->host, err, HUB_REJECT, "record-too-long",
				"the values of one form of %s are longer than record_limit allows",
				x->doc.opc.path);
	if (gap)
		*p = '\n';
	memcpy(p + gap, text.ptr, text.len);
	t->len += text.len + gap;
	return HUB_OK;
}

static int line_of_labels(void *arg, struct hub_str text, uint64_t at, struct hub_err *err)
{
	struct docx *x = arg;
	int rc = HUB_OK;

	(void)at;
	x->lines++;
	x->told = 0;
	const struct hub_str whole = text;
	for (size_t next; x->tags > 0 && text.len > 0 && !rc;
	     text = (struct hub_str){text.ptr + next, text.len - next})
		rc = piece_of_labels(x, (struct hub_str){text.ptr, piece_of(x, text, &next)}, err);
	if (!rc && !x->told && x->open && x->conf.layout == LAYOUT_FORM &&
	    label_trim(whole).len > 0)
		rc = add_line(x, whole, err);
	return rc;
}

static int row_of_form(void *arg, const struct doc_row *r, struct hub_err *err)
{
	struct docx *x = arg;

	if (r->inner) /* its names of columns are no labels of the form */
		return HUB_OK;
	x->open = NULL;
	return take_labels(x, r, err);
}

static int table_ends(void *arg, struct hub_err *err)
{
	struct docx *x = arg;

	(void)err;
	for (uint32_t i = 0; i < x->tags; i++)
		x->tag[i].waiting = 0;
	return HUB_OK;
}

/* ---- tables */

/* 2.1, all.1, 2.all: takes off the number of the inner table, and says whether it is this one. */
static int is_inner(struct hub_str *item, uint32_t inner)
{
	const char *dot = memchr(item->ptr, '.', item->len);

	if (!dot)
		return inner == 0;
	const struct hub_str which = {dot + 1, item->len - (size_t)(dot + 1 - item->ptr)};
	item->len = (size_t)(dot - item->ptr);
	return inner > 0 && (str_same(which, (struct hub_str){"all", 3}) ||
			     opcxml_number(which, UINT32_MAX) == inner);
}

/* Does the option name this table? first, all, 2, 3-5, in a list. */
static int is_chosen(const struct docx *x, uint32_t number, uint32_t inner)
{
	struct hub_str rest = x->tables, item, none;

	while (label_next(&rest, LABEL_COMMAS, &item, &none)) {
		if (!is_inner(&item, inner))
			continue;
		const char *dash = memchr(item.ptr, '-', item.len);
		const size_t n = dash ? (size_t)(dash - item.ptr) : item.len;
		const int64_t from = opcxml_number((struct hub_str){item.ptr, n}, UINT32_MAX);
		const int64_t to =
		    dash ? opcxml_number((struct hub_str){dash + 1, item.len - n - 1}, UINT32_MAX)
			 : from;
		if (str_same(item, (struct hub_str){"all", 3}) ||
		    (str_same(item, (struct hub_str){"first", 5}) && number == 1) ||
		    (from > 0 && number >= from && number <= to))
			return 1;
	}
	return 0;
}

/* Name of a column: the cell's text in one line. */
static size_t one_line(struct hub_str text, char *to, size_t cap)
{
	size_t n = 0;

	text = label_trim(text);
	for (size_t i = 0; i < text.len && n < cap; i++)
		if (text.ptr[i] != '\n' && text.ptr[i] != '\r')
			to[n++] = text.ptr[i];
	return n;
}

static int take_header(struct docx *x, const struct doc_row *r, struct hub_err *err)
{
	const int known = x->names > 0;
	char name[1024];

	for (uint32_t i = 0; i < r->n; i++) {
		size_t n = one_line(r->cell[i].text, name, sizeof name);
		if (x->conf.header == 0)
			n = (size_t)snprintf(name, sizeof name, "%u", i + 1);
		if (!known && sheet_column(&x->sheet, (struct hub_str){name, n}) == SHEET_NONE)
			return docx_no_memory(x, err);
		x->names += !known;
		if (known && (r->n != x->names ||
			      (x->conf.header > 0 &&
			       !str_same((struct hub_str){name, n}, x->sheet.name[x->base + i])))) {
			HUB_FAIL(x->host, err, HUB_DRIFT, "other-header",
				 "table %u of %s has another header than the first one that was "
				 "read, from column %u on",
				 r->table, x->doc.opc.path, i + 1);
			x->host->hint(err, "Choose the tables that are alike with the option "
					   "tables.");
			return err->rc;
		}
	}
	return HUB_OK;
}

/* Keeps the texts of this row for the merged cells of the next. */
static int keep_row(struct docx *x, const struct doc_row *r, struct hub_err *err)
{
	struct room *to = &x->above[x->turn ^= 1];

	to->len = 0;
	for (uint32_t i = 0; x->conf.merged == MERGED_FILL && i < r->n; i++) {
		const struct hub_str text = r->cell[i].continues ? x->last[i] : r->cell[i].text;
		char *p = room_add(to, text.len);
		if (!p)
			return HUB_FAIL(x->host, err, HUB_REJECT, "record-too-long",
					"a table of %s holds more text in merged cells than "
					"record_limit allows",
					x->doc.opc.path);
		if (text.len > 0)
			memcpy(p, text.ptr, text.len);
		x->last[i] = (struct hub_str){p, text.len};
	}
	return HUB_OK;
}

static int is_blank_row(const struct doc_row *r)
{
	for (uint32_t i = 0; i < r->n; i++)
		if (label_trim(r->cell[i].text).len > 0)
			return 0;
	return 1;
}

static int put_record(struct docx *x, const struct doc_row *r, struct hub_err *err)
{
	struct hub_err why = {0};
	int rc;

	if (is_blank_row(r))
		return HUB_OK;
	if ((rc = begin(x, err)) || (rc = put_tags(x, err)))
		return rc;
	for (uint32_t i = 0; i < r->n && i < x->names && !rc; i++) {
		const struct doc_cell *c = &r->cell[i];
		const int above = c->continues && x->conf.merged == MERGED_FILL;
		const struct hub_str text = label_trim(above ? x->last[i] : c->text);
		if (text.len > 0)
			rc = sheet_put(&x->sheet, x->base + i, text, err);
		else
			sheet_null(&x->sheet, x->base + i);
	}
	if (r->n != x->names) {
		sheet_bad(&x->sheet, "wrong-columns", SHEET_NONE);
		HUB_FAIL(x->host, &why, HUB_REJECT, "wrong-columns",
			 "row %llu of the table has %u cells, its header %u",
			 (unsigned long long)r->row, r->n, x->names);
	}
	if (r->too_long)
		sheet_bad(&x->sheet, "record-too-long", SHEET_NONE);
	return rc ? rc
		  : emit(x, x->several ? r->table : 0, r->row, r->at, why.what[0] ? why.what : NULL,
			 err);
}

static int row_of_table(void *arg, const struct doc_row *r, struct hub_err *err)
{
	struct docx *x = arg;
	const uint32_t header = (uint32_t)x->conf.header;
	int rc = HUB_OK;

	if (!is_chosen(x, r->table, r->inner))
		return r->inner ? HUB_OK : take_labels(x, r, err);
	x->inner |= r->inner > 0;
	if (r->row < header)
		return take_labels(x, r, err);
	if (r->row == header || (header == 0 && r->row == 1))
		rc = take_header(x, r, err);
	if (r->row > header && !rc)
		rc = put_record(x, r, err);
	return rc ? rc : keep_row(x, r, err);
}

/* ---- logs */

static int end_log(struct docx *x, struct hub_err *err)
{
	int rc;

	if (!x->dated)
		return HUB_OK;
	x->dated = 0;
	if ((rc = put_tags(x, err)))
		return rc;
	return emit(x, 0, x->log_line, x->log_at, NULL, err);
}

/* The first label with a value, behind an entry: the log of the next person begins. It is written as it was above: in a
 * text 氏名 with a blank may be anything. */
static int names_next(const struct docx *x, struct hub_str text)
{
	const struct hub_str rest = x->dated && x->tags ? behind(text, x->tag[0].label, x->by_blank)
							: (struct hub_str){NULL, 0};

	return rest.ptr && label_trim(rest).len > 0;
}

static int line_of_log(void *arg, struct hub_str text, uint64_t at, struct hub_err *err)
{
	struct docx *x = arg;
	size_t behind = 0;
	int rc;

	text = label_trim(text);
	const size_t n = date_head(text, &behind);
	if (n == 0 && names_next(x, text)) {
		if ((rc = end_log(x, err)))
			return rc;
		forget_tags(x);
	}
	if (n == 0 && !x->dated)
		return line_of_labels(x, text, at, err);
	x->lines++;
	if (n == 0) {
		if (text.len == 0)
			return HUB_OK;
		rc = sheet_put(&x->sheet, x->base + 1, (struct hub_str){"\n", 1}, err);
		return rc ? rc : sheet_put(&x->sheet, x->base + 1, text, err);
	}
	if ((rc = end_log(x, err)) || (rc = begin(x, err)))
		return rc;
	const struct hub_str date = {text.ptr, n};
	const struct hub_str rest =
	    label_trim((struct hub_str){text.ptr + behind, text.len - behind});
	x->dated = 1;
	x->log_at = at;
	x->log_line = x->lines;
	rc = sheet_put(&x->sheet, x->base, date, err);
	return rc ? rc : sheet_put(&x->sheet, x->base + 1, rest, err);
}

/* ---- text: the whole document is one record, its tables line by line */

static int add_text(struct docx *x, struct hub_str text, const char *gap, struct hub_err *err)
{
	const struct hub_str between = {gap, strlen(gap)};
	int rc = x->dated ? sheet_put(&x->sheet, x->base, between, err) : begin(x, err);

	if (rc)
		return rc;
	if (!x->dated)
		x->log_line = 1;
	x->dated = 1;
	return sheet_put(&x->sheet, x->base, text, err);
}

static int line_of_text(void *arg, struct hub_str text, uint64_t at, struct hub_err *err)
{
	const int rc = line_of_labels(arg, text, at, err);

	text = label_trim(text);
	return rc || text.len == 0 ? rc : add_text(arg, text, "\n", err);
}

static int row_of_text(void *arg, const struct doc_row *r, struct hub_err *err)
{
	struct docx *x = arg;
	int rc = row_of_form(arg, r, err), first = 1;

	x->inner |= r->inner > 0;
	if (r->inner) /* it is text of the cell around it */
		return rc;
	for (uint32_t i = 0; i < r->n && !rc; i++) {
		const struct hub_str text = label_trim(r->cell[i].text);
		if (r->cell[i].continues || text.len == 0)
			continue;
		rc = add_text(arg, text, first ? "\n" : "｜", err);
		first = 0;
	}
	return rc;
}

/* ---- cells and lines as they stand, to look at: where they are, and their text */

static const struct hub_str looks[] = {{"表", 3}, {"行", 3}, {"列", 3}, {"幅", 3}, {"本文", 6}};

static int put_look(struct docx *x, const uint32_t at[4], struct hub_str text, uint64_t byte,
		    struct hub_err *err)
{
	char number[16];
	int rc = begin(x, err);

	text = label_trim(text);
	for (uint32_t i = 0; i < 4 && !rc; i++) {
		const int n = snprintf(number, sizeof number, "%u", at[i]);
		rc = sheet_put(&x->sheet, i, (struct hub_str){number, (size_t)n}, err);
	}
	if (!rc && text.len > 0)
		rc = sheet_put(&x->sheet, 4, text, err);
	return rc ? rc : emit(x, at[0], at[1], byte, NULL, err);
}

static int line_as_it_is(void *arg, struct hub_str text, uint64_t at, struct hub_err *err)
{
	struct docx *x = arg;
	const uint32_t place[4] = {0, (uint32_t)++x->lines, 0, 1};

	return label_trim(text).len > 0 ? put_look(x, place, text, at, err) : HUB_OK;
}

static int row_as_it_is(void *arg, const struct doc_row *r, struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < r->n && !r->inner && !rc; i++) {
		const struct doc_cell *c = &r->cell[i];
		const uint32_t place[4] = {r->table, (uint32_t)r->row, c->col, c->span};
		if (!c->continues)
			rc = put_look(arg, place, c->text, r->at, err);
	}
	return rc;
}

/* ---- */

const struct doc_ops docx_layouts[5] = {
    [LAYOUT_TABLE] = {.line = line_of_labels, .row = row_of_table, .table_end = table_ends},
    [LAYOUT_FORM] = {.line = line_of_labels, .row = row_of_form, .table_end = table_ends},
    [LAYOUT_LOG] = {.line = line_of_log, .row = row_of_form, .table_end = table_ends},
    [LAYOUT_TEXT] = {.line = line_of_text, .row = row_of_text, .table_end = table_ends},
    [LAYOUT_CELLS] = {.line = line_as_it_is, .row = row_as_it_is, .table_end = table_ends},
};

int layout_columns(struct docx *x, struct hub_err *err)
{
	static const struct hub_str log[] = {{"日付", 6}, {"本文", 6}};

	for (uint32_t i = 0; i < x->tags; i++)
		if (sheet_column(&x->sheet, x->tag[i].name) == SHEET_NONE)
			return docx_no_memory(x, err);
	x->base = x->tags;
	static const struct {
		const struct hub_str *name;
		size_t n;
	} columns[] = {[LAYOUT_TABLE] = {NULL, 0},
		       [LAYOUT_FORM] = {NULL, 0},
		       [LAYOUT_LOG] = {log, 2},
		       [LAYOUT_CELLS] = {looks, sizeof looks / sizeof *looks},
		       [LAYOUT_TEXT] = {log + 1, 1}};
	const struct hub_str *own = columns[x->conf.layout].name;
	const size_t n = columns[x->conf.layout].n;
	for (size_t i = 0; i < n; i++)
		if (sheet_column(&x->sheet, own[i]) == SHEET_NONE)
			return docx_no_memory(x, err);
	return HUB_OK;
}

/* Said once: in a form each record says it. */
static void warn_of_labels(struct docx *x)
{
	uint32_t missing = 0;

	for (uint32_t i = 0; i < x->tags; i++)
		missing += !x->tag[i].ever;
	if (missing == 0 || x->conf.layout == LAYOUT_FORM)
		return;
	x->host->count(x->ctx, "labels-missing", missing);
	x->host->log(x->ctx, HUB_LOG_WARN, HUB_N("%u labels were not found"), missing);
}

int layout_end(struct docx *x, struct hub_err *err)
{
	int rc = HUB_OK;

	warn_of_labels(x);

	if (x->conf.layout == LAYOUT_FORM)
		rc = end_form(x, err);
	else if (x->conf.layout == LAYOUT_LOG || x->conf.layout == LAYOUT_TEXT)
		rc = end_log(x, err);
	if (rc)
		return rc;
	if (x->records > 0 || x->names > 0)
		return HUB_OK;
	HUB_FAIL(x->host, err, HUB_DRIFT, "other-form",
		 x->conf.layout == LAYOUT_TABLE  ? HUB_N("%s has no table of the option tables")
		 : x->conf.layout == LAYOUT_FORM ? HUB_N("%s has none of the labels, or no value")
		 : x->conf.layout == LAYOUT_TEXT ? HUB_N("%s holds no text")
						 : HUB_N("%s has no line that begins with a date"),
		 x->doc.opc.path);
	if (x->conf.layout == LAYOUT_TABLE)
		x->host->hint(
		    err, "If its records are lines that begin with a date, say layout = log; if "
			 "it is a form, layout = form and its labels.");
	else
		x->host->hint(err,
			      "Compare the document with the options of the mapping's source.");
	return err->rc;
}
