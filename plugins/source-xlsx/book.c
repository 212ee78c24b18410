#include "book.h"
#include "plain.h"

#include "escape.h"

#include <string.h>

enum { MOST_CODE = 1024 };

const char *const book_space[] = {"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
				  "http://purl.oclc.org/ooxml/spreadsheetml/main", NULL};

static struct hub_str keep(const struct book *b, struct hub_str s)
{
	return str_keep(b->opc.host, b->opc.ctx, NULL, s);
}

static int nothing(void *arg, const char *name, struct hub_err *err)
{
	(void)arg;
	(void)name;
	(void)err;
	return HUB_OK;
}

/* ---- workbook.xml */

static int add_sheet(struct book *b, const struct opcxml_attrs *a, struct hub_err *err)
{
	const struct hub_str state = opcxml_attr(a, "state");

	if (b->sheets == BOOK_SHEETS)
		return HUB_FAIL(b->opc.host, err, HUB_REJECT, "bad-workbook",
				"%s has more than %d sheets", b->opc.path, BOOK_SHEETS);
	if (b->sheets == b->cap) {
		const uint32_t cap = b->cap ? b->cap * 2 : 16;
		struct book_sheet *more = b->opc.host->alloc(b->opc.ctx, NULL, cap * sizeof *more);
		if (!more)
			return NO_MEMORY(b->opc.host, err);
		if (b->sheets > 0)
			memcpy(more, b->sheet, b->sheets * sizeof *more);
		b->sheet = more;
		b->cap = cap;
	}
	struct book_sheet *s = &b->sheet[b->sheets++];
	*s = (struct book_sheet){.name = keep(b, opcxml_attr(a, "name")),
				 .rel = keep(b, opcxml_rel_id(a)),
				 .part = -1,
				 .hidden = state.len > 0 && state.ptr[0] != 'v'};
	return s->name.ptr && s->rel.ptr ? HUB_OK : NO_MEMORY(b->opc.host, err);
}

static int book_begin(void *arg, const char *name, const struct opcxml_attrs *a,
		      struct hub_err *err)
{
	struct book *b = arg;

	if (opcxml_is(name, "workbookPr"))
		b->date1904 = opcxml_bool(opcxml_attr(a, "date1904"));
	return opcxml_is(name, "sheet") ? add_sheet(b, a, err) : HUB_OK;
}

static int link_sheet(void *arg, const struct opcxml_rel *r, struct hub_err *err)
{
	struct book *b = arg;
	char part[OPC_NAME];

	if (!opcxml_rel_is(r, "/worksheet"))
		return HUB_OK;
	for (uint32_t i = 0; i < b->sheets; i++) {
		if (b->sheet[i].part >= 0 || !str_same(b->sheet[i].rel, r->id))
			continue;
		const int rc = opcxml_rel_part(&b->opc, b->part, r, part, err);
		if (rc)
			return rc;
		b->sheet[i].part = opc_find(&b->opc, part);
	}
	return HUB_OK;
}

/* ---- styles.xml */

struct named {
	int64_t id;
	struct hub_str code;
	struct named *next;
};

struct styles {
	struct book *b;
	struct named *named;
	int names, cells; /* inside numFmts, cellXfs */
};

static int add_name(struct styles *s, const struct opcxml_attrs *a, struct hub_err *err)
{
	/* a program writes up to 255 characters; what is longer is read again for every cell */
	if (opcxml_attr(a, "formatCode").len > MOST_CODE)
		return HUB_OK;
	struct named *n = s->b->opc.host->alloc(s->b->opc.ctx, NULL, sizeof *n);

	if (!n)
		return NO_MEMORY(s->b->opc.host, err);
	*n = (struct named){.id = opcxml_number(opcxml_attr(a, "numFmtId"), INT32_MAX),
			    .code = keep(s->b, opcxml_attr(a, "formatCode")),
			    .next = s->named};
	s->named = n;
	return n->code.ptr ? HUB_OK : NO_MEMORY(s->b->opc.host, err);
}

static struct numfmt format_of(const struct styles *s, int64_t id)
{
	for (const struct named *n = s->named; n; n = n->next)
		if (n->id == id)
			return numfmt_read(n->code);
	const char *code = numfmt_builtin(id);
	return code ? numfmt_read((struct hub_str){code, strlen(code)}) : (struct numfmt){0};
}

static int style_begin(void *arg, const char *name, const struct opcxml_attrs *a,
		       struct hub_err *err)
{
	struct styles *s = arg;

	s->names |= opcxml_is(name, "numFmts");
	s->cells |= opcxml_is(name, "cellXfs");
	if (s->names && opcxml_is(name, "numFmt"))
		return add_name(s, a, err);
	if (!s->cells || !opcxml_is(name, "xf"))
		return HUB_OK;
	const struct numfmt f = format_of(s, opcxml_number(opcxml_attr(a, "numFmtId"), INT32_MAX));
	if (room_put(&s->b->format, &f, sizeof f))
		return HUB_FAIL(s->b->opc.host, err, HUB_REJECT, "bad-workbook",
				"%s has more than %d cell formats", s->b->opc.path, BOOK_FORMATS);
	return HUB_OK;
}

static int style_end(void *arg, const char *name, struct hub_err *err)
{
	struct styles *s = arg;

	(void)err;
	s->names &= !opcxml_is(name, "numFmts");
	s->cells &= !opcxml_is(name, "cellXfs");
	return HUB_OK;
}

static int read_styles(struct book *b, struct hub_err *err)
{
	static const struct opcxml_ops ops = {
	    .space = book_space, .begin = style_begin, .end = style_end};
	struct styles s = {.b = b};
	char part[OPC_NAME];

	if (room_open(&b->format, BOOK_FORMATS * sizeof(struct numfmt)))
		return NO_MEMORY(b->opc.host, err);
	const int rc = opcxml_related(&b->opc, b->part, "/styles", part, err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	const int64_t at = opc_find(&b->opc, part);
	return at < 0 ? HUB_OK : opcxml_all(&b->opc, at, &ops, &s, err);
}

/* ---- sharedStrings.xml */

struct strings {
	struct book *b;
	size_t from;       /* of the string being read */
	int text, reading; /* inside t; inside rPh: how it is pronounced, no part of it */
};

static int string_begin(void *arg, const char *name, const struct opcxml_attrs *a,
			struct hub_err *err)
{
	struct strings *s = arg;

	(void)a;
	(void)err;
	if (opcxml_is(name, "si"))
		s->from = s->b->text.len;
	s->text = opcxml_is(name, "t");
	s->reading |= opcxml_is(name, "rPh");
	return HUB_OK;
}

static int too_many_strings(const struct book *b, struct hub_err *err)
{
	HUB_FAIL(b->opc.host, err, HUB_REJECT, "too-many-strings",
		 "the texts of %s need more memory than the option strings_limit allows",
		 b->opc.path);
	b->opc.host->hint(err, "Raise strings_limit, split the workbook, or save its sheets as "
			       "CSV.");
	return err->rc;
}

static int string_end(void *arg, const char *name, struct hub_err *err)
{
	struct strings *s = arg;
	struct book *b = s->b;

	if (opcxml_is(name, "rPh"))
		s->reading = 0;
	s->text = 0;
	if (!opcxml_is(name, "si"))
		return HUB_OK;
	struct hub_str one = {b->text.p + s->from, b->text.len - s->from};
	one.len = escape_undo(b->text.p + s->from, one.len);
	b->text.len = s->from + one.len;
	return room_put(&b->string, &one, sizeof one) ? too_many_strings(b, err) : HUB_OK;
}

static int string_text(void *arg, const char *p, size_t n, struct hub_err *err)
{
	struct strings *s = arg;

	if (!s->text || s->reading)
		return HUB_OK;
	return room_put(&s->b->text, p, n) ? too_many_strings(s->b, err) : HUB_OK;
}

static int read_strings(struct book *b, uint64_t limit, struct hub_err *err)
{
	static const struct opcxml_ops ops = {
	    .space = book_space, .begin = string_begin, .end = string_end, .text = string_text};
	struct strings s = {.b = b};
	struct opc_part p;
	char part[OPC_NAME];
	int rc = opcxml_related(&b->opc, b->part, "/sharedStrings", part, err);

	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	const int64_t at = opc_find(&b->opc, part);
	if (at < 0)
		return HUB_OK;
	if ((rc = opc_part_open(&p, &b->opc, at, err)))
		return rc;
	opc_part_close(&p);
	if (p.size > limit)
		return too_many_strings(b, err);
	/* UTF-16 grows by half as UTF-8; the shortest string is "<si/>" */
	if (room_open(&b->text, p.size * 2) ||
	    room_open(&b->string, (p.size / 5 + 1) * sizeof(struct hub_str)))
		return NO_MEMORY(b->opc.host, err);
	return opcxml_all(&b->opc, at, &ops, &s, err);
}

/* ---- the whole */

/* An office file, but of another program or form: say which. */
static int no_workbook(struct book *b, struct hub_err *err)
{
	static const struct {
		const char *part, *what;
	} known[] = {{"xl/workbook.bin", ".xlsb"},
		     {"word/document.xml", ".docx"},
		     {"ppt/presentation.xml", ".pptx"},
		     {"content.xml", "OpenDocument"}};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (opc_find(&b->opc, known[i].part) >= 0) {
			HUB_FAIL(b->opc.host, err, HUB_REJECT, "other-office",
				 "%s is no .xlsx workbook but %s", b->opc.path, known[i].what);
			b->opc.host->hint(err, "Open it in Office and save it as .%s.", "xlsx");
			return err->rc;
		}
	HUB_FAIL(b->opc.host, err, HUB_REJECT, "not-office", "%s is no .%s file", b->opc.path,
		 "xlsx");
	b->opc.host->hint(err, "It is an archive of something else; unpack it first.");
	return err->rc;
}

static int find_workbook(struct book *b, struct hub_err *err)
{
	static const char usual[] = "xl/workbook.xml";
	const int rc = opcxml_related(&b->opc, "", "/officeDocument", b->part, err);

	if (rc == HUB_END)
		memcpy(b->part, usual, sizeof usual);
	else if (rc)
		return rc;
	const size_t n = strlen(b->part);
	if (opc_find(&b->opc, b->part) < 0 || n < 4 || strcmp(b->part + n - 4, ".xml") != 0 ||
	    strncmp(b->part, "word/", 5) == 0 || strncmp(b->part, "ppt/", 4) == 0)
		return no_workbook(b, err);
	return HUB_OK;
}

static int read_book(struct book *b, uint64_t strings, struct hub_err *err)
{
	static const struct opcxml_ops ops = {
	    .space = book_space, .begin = book_begin, .end = nothing};
	int rc;

	if ((rc = find_workbook(b, err)) ||
	    (rc = opcxml_all(&b->opc, opc_find(&b->opc, b->part), &ops, b, err)) ||
	    (rc = opcxml_rels(&b->opc, b->part, link_sheet, b, err)) < 0)
		return rc;
	if (b->sheets == 0)
		return HUB_FAIL(b->opc.host, err, HUB_REJECT, "bad-workbook", "%s has no sheet",
				b->opc.path);
	if ((rc = read_styles(b, err)))
		return rc;
	return read_strings(b, strings, err);
}

int book_open(struct book *b, struct hub_ctx *ctx, const struct hub_host *host, struct hub_str path,
	      uint64_t limit, uint64_t strings, struct hub_err *err)
{
	int rc;

	*b = (struct book){0};
	if ((rc = opc_open(&b->opc, ctx, host, path, "xlsx", limit, err)))
		return rc;
	if ((rc = read_book(b, strings, err)))
		book_close(b);
	return rc;
}

void book_close(struct book *b)
{
	room_close(&b->format);
	room_close(&b->string);
	room_close(&b->text);
	opc_close(&b->opc);
}

const struct numfmt *book_format(const struct book *b, int64_t style)
{
	static const struct numfmt general = {0};
	const struct numfmt *all = (const struct numfmt *)(const void *)b->format.p;

	return style >= 0 && (size_t)style < b->format.len / sizeof *all ? &all[style] : &general;
}

const struct hub_str *book_string(const struct book *b, int64_t index)
{
	const struct hub_str *all = (const struct hub_str *)(const void *)b->string.p;

	return index >= 0 && (size_t)index < b->string.len / sizeof *all ? &all[index] : NULL;
}

/* ---- choosing */

/* * any text, ? one character. */
static int matches(struct hub_str pattern, struct hub_str s)
{
	size_t p = 0, i = 0, star = SIZE_MAX, mark = 0;

	while (i < s.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			mark = i;
		} else if (p < pattern.len && pattern.ptr[p] == '?') {
			do
				i++;
			while (i < s.len && ((unsigned char)s.ptr[i] & 0xc0) == 0x80);
			p++;
		} else if (p < pattern.len && pattern.ptr[p] == s.ptr[i]) {
			p++;
			i++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			i = ++mark;
		} else {
			return 0;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

/* "3" or "3-5". */
static int is_range(struct hub_str s, int64_t *from, int64_t *to)
{
	const char *dash = memchr(s.ptr, '-', s.len);
	const size_t n = dash ? (size_t)(dash - s.ptr) : s.len;

	*from = opcxml_number((struct hub_str){s.ptr, n}, BOOK_SHEETS);
	*to = dash ? opcxml_number((struct hub_str){dash + 1, s.len - n - 1}, BOOK_SHEETS) : *from;
	return *from > 0 && *to >= *from;
}

/* How many sheets an item of the list names. */
static uint32_t choose(struct book *b, struct hub_str item)
{
	const int first = str_is(item, "first"), all = str_is(item, "all");
	int64_t from, to;
	const int range = is_range(item, &from, &to);
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->sheets && !(first && n > 0); i++) {
		struct book_sheet *s = &b->sheet[i];
		const int wanted = first || all ? !s->hidden
				   : range      ? i + 1 >= from && i + 1 <= to
						: matches(item, s->name);
		if (!wanted || s->part < 0)
			continue;
		s->chosen = 1;
		n++;
	}
	return n;
}

int book_choose(struct book *b, struct hub_str sheets, struct hub_err *err)
{
	uint32_t items = 0;

	for (size_t at = 0; at <= sheets.len;) {
		const char *comma = memchr(sheets.ptr + at, ',', sheets.len - at);
		size_t end = comma ? (size_t)(comma - sheets.ptr) : sheets.len;
		struct hub_str item = {sheets.ptr + at, end - at};
		while (item.len > 0 && item.ptr[0] == ' ') {
			item.ptr++;
			item.len--;
		}
		while (item.len > 0 && item.ptr[item.len - 1] == ' ')
			item.len--;
		at = end + 1;
		items++;
		if (choose(b, item) > 0)
			continue;
		HUB_FAIL(b->opc.host, err, HUB_REJECT, "no-sheet",
			 "%s has no visible sheet for item %u of the option sheets", b->opc.path,
			 items);
		b->opc.host->hint(err, "Sheets are named, or counted from 1; the workbook has %u.",
				  b->sheets);
		return err->rc;
	}
	return HUB_OK;
}
