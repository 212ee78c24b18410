#include "doc.h"
#include "plain.h"

#include <string.h>
#include <strings.h>

static const char *const space[] = {"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
				    "http://purl.oclc.org/ooxml/wordprocessingml/main", NULL};

/* ---- text */

static void put(struct doc *d, const char *p, size_t n)
{
	if (room_put(&d->text, p, n))
		d->too_long = 1;
}

/* Boxes and ticks that forms take from symbol fonts (Wingdings: private-use characters F0xx). */
static void put_symbol(struct doc *d, struct hub_str code)
{
	static const struct {
		const char *code, *text;
	} known[] = {{"F0FE", "☑"}, {"F0FD", "☒"}, {"F0A8", "□"}, {"F06F", "□"}, {"F0FC", "✓"},
		     {"F052", "☑"}, {"F0A3", "□"}, {"F06E", "■"}, {"F0A7", "■"}, {"F06C", "●"}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (code.len == 4 && strncasecmp(code.ptr, known[i].code, 4) == 0) {
			put(d, known[i].text, strlen(known[i].text));
			return;
		}
	d->symbols++;
	put(d, "〓", strlen("〓"));
}

/* Elements that stand for text. */
static void text_element(struct doc *d, const char *name, const struct opcxml_attrs *a)
{
	if (opcxml_is(name, "tab") && !opcxml_value(a, "pos").ptr)
		put(d, "\t", 1);
	else if (opcxml_is(name, "br") || opcxml_is(name, "cr"))
		put(d, "\n", 1);
	else if (opcxml_is(name, "noBreakHyphen"))
		put(d, "-", 1);
	else if (opcxml_is(name, "sym"))
		put_symbol(d, opcxml_value(a, "char"));
	else if (opcxml_is(name, "vanish"))
		d->hidden++;
}

/* ---- tables */

/* The table that is open innermost; NULL: outside of tables, or too deep for rows of its own. */
static struct doc_level *level_of(struct doc *d)
{
	return d->depth > 0 && d->depth <= DOC_DEPTH ? &d->level[d->depth - 1] : NULL;
}

static void begin_cell(struct doc *d, struct doc_level *l)
{
	if (l->cells == DOC_CELLS) {
		d->too_long = 1;
		return;
	}
	l->cell[l->cells] = (struct doc_cell){.col = l->grid, .span = 1, .from = d->text.len};
	l->in_cell = 1;
	if (d->depth > 1)
		return;
	d->paragraphs = 0;
	d->parted = 0;
}

static void end_cell(struct doc *d, struct doc_level *l)
{
	if (!l->in_cell)
		return;
	struct doc_cell *c = &l->cell[l->cells++];
	/* what parts it from the text in front of the table */
	c->from += d->depth > 1 && c->from < d->text.len && d->text.p[c->from] == '\n';
	c->text = (struct hub_str){d->text.p + c->from, d->text.len - c->from};
	l->grid += c->span;
	l->in_cell = 0;
}

static uint32_t number_of(const struct opcxml_attrs *a, uint32_t most)
{
	const int64_t n = opcxml_number(opcxml_value(a, "val"), most);

	return n > 0 ? (uint32_t)n : 0;
}

static void cell_element(struct doc_level *l, const char *name, const struct opcxml_attrs *a)
{
	const struct hub_str val = opcxml_value(a, "val");

	if (opcxml_is(name, "gridBefore") && !l->in_cell && l->cells == 0)
		l->grid += number_of(a, DOC_CELLS);
	if (!l->in_cell)
		return;
	if (opcxml_is(name, "gridSpan") && number_of(a, DOC_CELLS))
		l->cell[l->cells].span = number_of(a, DOC_CELLS);
	if (opcxml_is(name, "vMerge"))
		l->cell[l->cells].continues = !val.ptr || (val.len > 0 && val.ptr[0] == 'c');
}

static int end_row(struct doc *d, const struct doc_level *l, struct hub_err *err)
{
	const struct doc_row r = {.cell = l->cell,
				  .n = l->cells,
				  .table = d->table,
				  .inner = l->inner,
				  .row = l->row,
				  .at = l->at,
				  .too_long = d->too_long};
	const int rc = d->ops->row(d->arg, &r, err);

	if (d->depth > 1)
		return rc;
	d->text.len = 0;
	d->too_long = 0;
	return rc;
}

static void begin_table(struct doc *d)
{
	struct doc_level *l = ++d->depth <= DOC_DEPTH ? &d->level[d->depth - 1] : NULL;

	if (d->depth == 1) {
		d->table++;
		d->inners = 0;
		d->text.len = 0;
	} else if (l && d->inside++ == 0) {
		d->inside_of = d->table;
	}
	if (!l)
		return;
	l->inner = d->depth > 1 ? ++d->inners : 0;
	l->row = l->cells = 0;
	l->in_cell = 0;
}

/* A table inside of a cell is text of that cell, too. */
static int begin_table_element(struct doc *d, const char *name)
{
	struct doc_level *l = level_of(d);

	if (opcxml_is(name, "tbl")) {
		begin_table(d);
		return 1;
	}
	if (l && opcxml_is(name, "tr")) {
		l->row++;
		l->cells = l->grid = 0;
		l->at = opcxml_at(&d->xml);
		if (d->depth == 1)
			d->text.len = 0;
		return 1;
	}
	if (l && opcxml_is(name, "tc")) {
		begin_cell(d, l);
		return 1;
	}
	return 0;
}

/* ---- events */

static int is_elsewhere(const char *name)
{
	static const char *const marks[] = {
	    "footnoteReference", "endnoteReference", "commentReference",
	    "altChunk",          "subDoc",           "oMath"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (opcxml_is(name, marks[i]))
			return 1;
	return 0;
}

static int on_begin(void *arg, const char *name, const struct opcxml_attrs *a, struct hub_err *err)
{
	struct doc *d = arg;

	(void)err;
	if (begin_table_element(d, name))
		return HUB_OK;
	if (opcxml_is(name, "p")) {
		const int first = d->lines++ == 0;
		if (first && d->depth == 0) {
			d->text.len = 0;
			d->at = opcxml_at(&d->xml);
		} else if ((d->paragraphs++ > 0 || d->depth == 0) && !d->parted) {
			put(d, "\n", 1);
		}
		d->parted = 0;
		return HUB_OK;
	}
	d->elsewhere += (uint64_t)is_elsewhere(name);
	d->moved += (unsigned)opcxml_is(name, "moveFrom");
	d->reading += (unsigned)opcxml_is(name, "rt");
	d->taking = opcxml_is(name, "t") && !d->moved && !d->reading;
	if (d->lines > 0)
		text_element(d, name, a);
	else if (level_of(d))
		cell_element(level_of(d), name, a);
	return HUB_OK;
}

static int end_line(struct doc *d, struct hub_err *err)
{
	d->lines -= d->lines > 0;
	if (d->lines > 0 || d->depth > 0)
		return HUB_OK;
	const int rc = d->ops->line(d->arg, (struct hub_str){d->text.p, d->text.len}, d->at, err);
	d->text.len = 0;
	d->too_long = 0;
	return rc;
}

/* Cells of a table inside of a cell are parted by tabs, its rows by line ends. */
static void part(struct doc *d, const char *name)
{
	if (opcxml_is(name, "tc")) {
		put(d, "\t", 1);
		d->parted = 1;
	} else if (opcxml_is(name, "tr") && d->parted) {
		d->text.p[d->text.len - 1] = '\n';
	} else if (opcxml_is(name, "tbl")) {
		d->depth--;
	}
}

static int on_end(void *arg, const char *name, struct hub_err *err)
{
	struct doc *d = arg;
	struct doc_level *l = level_of(d);
	int rc = HUB_OK;

	d->taking = 0;
	if (opcxml_is(name, "p"))
		return end_line(d, err);
	if (l && opcxml_is(name, "tc"))
		end_cell(d, l);
	else if (l && opcxml_is(name, "tr"))
		rc = end_row(d, l, err);
	if (d->depth > 1)
		part(d, name);
	else if (opcxml_is(name, "tbl") && d->depth > 0 && --d->depth == 0)
		return d->ops->table_end(d->arg, err);
	d->moved -= (unsigned)(opcxml_is(name, "moveFrom") && d->moved > 0);
	d->reading -= (unsigned)(opcxml_is(name, "rt") && d->reading > 0);
	return rc;
}

static int on_text(void *arg, const char *p, size_t n, struct hub_err *err)
{
	struct doc *d = arg;

	(void)err;
	if (d->taking)
		put(d, p, n);
	return HUB_OK;
}

/* ---- the document */

static int no_document(struct doc *d, struct hub_err *err)
{
	const int book = opc_find(&d->opc, "xl/workbook.xml") >= 0;
	const int open = opc_find(&d->opc, "content.xml") >= 0;

	if (!book && !open) {
		HUB_FAIL(d->opc.host, err, HUB_REJECT, "not-office", "%s is no .%s file",
			 d->opc.path, "docx");
		d->opc.host->hint(err, "It is an archive of something else; unpack it first.");
		return err->rc;
	}
	HUB_FAIL(d->opc.host, err, HUB_REJECT, "other-office", "%s is no .docx document but %s",
		 d->opc.path, book ? ".xlsx" : "OpenDocument");
	d->opc.host->hint(err, "Open it in Office and save it as .%s.", "docx");
	return err->rc;
}

static int open_part(struct doc *d, struct hub_err *err)
{
	static const struct opcxml_ops ops = {
	    .space = space, .through = 1, .begin = on_begin, .end = on_end, .text = on_text};
	static const char usual[] = "word/document.xml";
	char part[OPC_NAME];
	int rc = opcxml_related(&d->opc, "", "/officeDocument", part, err);

	if (rc == HUB_END)
		memcpy(part, usual, sizeof usual);
	else if (rc)
		return rc;
	const int64_t at = strncmp(part, "xl/", 3) == 0 ? -1 : opc_find(&d->opc, part);
	if (at < 0)
		return no_document(d, err);
	if ((rc = opcxml_open(&d->xml, &d->opc, at, &ops, d, err)))
		return rc;
	d->open = 1;
	return HUB_OK;
}

int doc_open(struct doc *d, struct hub_ctx *ctx, const struct hub_host *host, struct hub_str path,
	     uint64_t limit, size_t record, const struct doc_ops *ops, void *arg,
	     struct hub_err *err)
{
	int rc;

	*d = (struct doc){.ops = ops, .arg = arg};
	if ((rc = opc_open(&d->opc, ctx, host, path, "docx", limit, err)))
		return rc;
	if (room_open(&d->text, record))
		rc = NO_MEMORY(host, err);
	else
		rc = open_part(d, err);
	if (rc)
		doc_close(d);
	return rc;
}

int doc_step(struct doc *d, struct hub_err *err)
{
	return opcxml_step(&d->xml, err);
}

void doc_close(struct doc *d)
{
	if (d->open)
		opcxml_close(&d->xml);
	d->open = 0;
	room_close(&d->text);
	opc_close(&d->opc);
}
