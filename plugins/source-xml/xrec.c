#include "xrec.h"
#include "plain.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 1024 };

static struct hub_str xml_text(const xmlChar *s)
{
	return (struct hub_str){(const char *)s, s ? strlen((const char *)s) : 0};
}

/* --- libxml2 ---------------------------------------------------------------------------------- */

static int on_read(void *arg, char *buf, int n)
{
	struct xrec *x = arg;
	size_t got;

	x->io_rc = input_read(x->in, buf, (size_t)n, &got, x->err);
	return x->io_rc ? -1 : (int)got;
}

static int on_close(void *arg)
{
	(void)arg;
	return 0;
}

/* The first error of its kind that ends the document; what is said about namespaces does not. */
static void on_error(void *arg, xmlErrorPtr e)
{
	struct xrec *x = arg;

	if (!x->fault && e->level == XML_ERR_FATAL) {
		/* of bytes in another encoding the error holds some */
		x->fault =
		    e->code == XML_ERR_INVALID_CHAR && e->str1 ? XML_ERR_INVALID_ENCODING : e->code;
		x->fault_line = e->line;
	}
}

/* What libxml2 says outside its reader goes to stderr, with bytes of the document: caught on this
 * thread as long as a call lasts. */
struct quiet {
	xmlStructuredErrorFunc func;
	void *arg;
};

static struct quiet silence(struct xrec *x)
{
	const struct quiet was = {xmlStructuredError, xmlStructuredErrorContext};

	xmlSetStructuredErrorFunc(x, on_error);
	return was;
}

static void speak(struct quiet was)
{
	xmlSetStructuredErrorFunc(was.arg, was.func);
}

void xrec_close(struct xrec *x)
{
	if (x->reader)
		xmlFreeTextReader(x->reader);
	x->reader = NULL;
}

int xrec_restart(struct xrec *x, struct hub_err *err)
{
	const int rc = input_seek(x->in, 0, err);

	if (rc)
		return rc;
	xrec_close(x);
	x->depth = x->record_depth = 0;
	x->in_record = 0;
	x->fault = 0;
	x->io_rc = HUB_OK;
	x->err = err;
	/* no NOENT, no DTDLOAD, no HUGE: nothing is expanded, fetched, or without a limit */
	const int options = XML_PARSE_NONET | (x->encoding ? XML_PARSE_IGNORE_ENC : 0);
	struct quiet was = silence(x);
	x->reader = xmlReaderForIO(on_read, on_close, x, NULL, x->encoding, options);
	speak(was);
	if (!x->reader)
		return x->io_rc ? x->io_rc : NO_MEMORY(x->host, err);
	xmlTextReaderSetStructuredErrorHandler(x->reader, on_error, x);
	return HUB_OK;
}

static int refuse(struct xrec *x, struct hub_err *err)
{
	const char *name = x->in->path;

	if (x->io_rc)
		return x->io_rc;
	switch (x->fault) {
	case XML_ERR_NO_MEMORY:
		return NO_MEMORY(x->host, err);
	case XML_ERR_INVALID_ENCODING:
	case XML_ERR_UNSUPPORTED_ENCODING:
	case XML_I18N_CONV_FAILED:
		HUB_FAIL(x->host, err, HUB_REJECT, "wrong-encoding",
			 "%s, line %d: bytes that the encoding of the document does not have", name,
			 x->fault_line);
		x->host->hint(err, "Give its true encoding: encoding = \"cp932\" or \"utf-8\".");
		return HUB_REJECT;
	case XML_ERR_INVALID_CHAR:
		HUB_FAIL(x->host, err, HUB_REJECT, "bad-xml",
			 "%s, line %d: a control character, which XML does not allow, not as &#1; "
			 "either",
			 name, x->fault_line);
		x->host->hint(err, "Take it out at its source, or ask for the file as CSV.");
		return HUB_REJECT;
	case XML_ERR_ENTITY_LOOP:
		HUB_FAIL(x->host, err, HUB_REJECT, "entity-loop",
			 "%s, line %d: entities that grow without end", name, x->fault_line);
		x->host->hint(err, "An export holds no such thing: do not use the file.");
		return HUB_REJECT;
	default:
		HUB_FAIL(x->host, err, HUB_REJECT, "bad-xml",
			 "%s, line %d: not well-formed XML (libxml2 %d)", name, x->fault_line,
			 x->fault);
		x->host->hint(err, "Ask for the file again; `xmllint --noout` says more.");
		return HUB_REJECT;
	}
}

static int too_deep(struct xrec *x, struct hub_err *err)
{
	return HUB_FAIL(x->host, err, HUB_REJECT, "too-deep", "%s, line %d: nested deeper than %u",
			x->in->path, xmlTextReaderGetParserLineNumber(x->reader), x->depth_limit);
}

/* --- cells ------------------------------------------------------------------------------------ */

static struct jnode *node_at(struct xrec *x, uint32_t node)
{
	return &x->tree.node[node];
}

static uint32_t child_of(struct xrec *x, uint32_t parent, struct hub_str token)
{
	if (parent == JPATH_NONE)
		return JPATH_NONE;
	return x->discover ? jtree_add(&x->tree, parent, token)
			   : jtree_find(&x->tree, parent, parent, token);
}

/* One value more at that place: below the one before when the element comes again. */
static int put(struct xrec *x, uint32_t node, struct hub_str text, int again, struct hub_err *err)
{
	int rc = HUB_OK;

	if (node == JPATH_NONE)
		return HUB_OK;
	if (x->discover) {
		node_at(x, node)->seen = JNODE_VALUE;
		return HUB_OK;
	}
	const uint32_t col = node_at(x, node)->col;
	if (col == SHEET_NONE)
		return HUB_OK;
	if (again && x->sheet->cell[col].state >= HUB_VALUE)
		rc = sheet_more(x->sheet, col, (struct hub_str){"\n", 1}, err);
	if (!rc && text.len)
		rc = sheet_more(x->sheet, col, text, err);
	else if (!rc && !sheet_is_set(x->sheet, col))
		sheet_null(x->sheet, col);
	return rc;
}

/* Text as far as it stands in the document; a reference to an entity stays one, and is no value. */
static int put_attribute(struct xrec *x, uint32_t node, const xmlAttr *a, struct hub_err *err)
{
	int rc = HUB_OK, entity = 0;

	if (!a->children)
		return put(x, node, (struct hub_str){NULL, 0}, 1, err);
	for (const xmlNode *c = a->children; c && !rc; c = c->next) {
		const int ref = c->type == XML_ENTITY_REF_NODE;
		entity |= ref;
		rc = put(x, node, (struct hub_str){"&", (size_t)ref}, c == a->children, err);
		if (!rc)
			rc = put(x, node, xml_text(ref ? c->name : c->content), 0, err);
		if (!rc)
			rc = put(x, node, (struct hub_str){";", (size_t)ref}, 0, err);
	}
	if (!rc && entity && !x->discover && node != JPATH_NONE &&
	    node_at(x, node)->col != SHEET_NONE)
		sheet_invalid(x->sheet, node_at(x, node)->col);
	return rc;
}

static int put_attributes(struct xrec *x, uint32_t parent, const xmlNode *e, struct hub_err *err)
{
	char token[NAME_BYTES];
	int rc = HUB_OK;

	for (const xmlAttr *a = e->properties; a && !rc && parent != JPATH_NONE; a = a->next) {
		const int n = snprintf(token, sizeof token, "@%s", (const char *)a->name);
		if (n >= (int)sizeof token)
			continue; /* no column is called that */
		const uint32_t node = child_of(x, parent, (struct hub_str){token, (size_t)n});
		if (x->discover && node == JPATH_NONE)
			return NO_MEMORY(x->host, err);
		rc = put_attribute(x, node, a, err);
	}
	return rc;
}

static int put_above(struct xrec *x, const xmlNode *e, struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < x->n_above && !rc; i++) {
		const struct xrec_above *w = &x->above[i];
		const xmlNode *up = e;
		for (uint32_t k = 0; up && k < w->up; k++)
			up = up->parent;
		const xmlAttr *a = up && up->type == XML_ELEMENT_NODE ? up->properties : NULL;
		while (a && !str_is(w->name, (const char *)a->name))
			a = a->next;
		if (a && a->children && a->children->type == XML_TEXT_NODE)
			rc = sheet_put(x->sheet, w->col, xml_text(a->children->content), err);
	}
	return rc;
}

/* --- the walk --------------------------------------------------------------------------------- */

static int is_nil(const xmlNode *e)
{
	for (const xmlAttr *a = e->properties; a; a = a->next)
		if (strcmp((const char *)a->name, "nil") == 0 && a->ns && a->children &&
		    a->children->content && strcmp((const char *)a->children->content, "true") == 0)
			return 1;
	return 0;
}

static int end_element(struct xrec *x, int *done, struct hub_err *err)
{
	x->depth--;
	if (!x->in_record || x->depth != x->record_depth)
		return HUB_OK;
	x->in_record = 0;
	*done = 1;
	return x->discover ? HUB_OK : x->record(x->arg, err);
}

static int token_matches(const struct xrec *x, int32_t i, struct hub_str name)
{
	const struct hub_str t = x->token[i];

	return str_is(t, "*") || (t.len == name.len && memcmp(t.ptr, name.ptr, t.len) == 0);
}

static int begin_record(struct xrec *x, const xmlNode *e, struct hub_err *err)
{
	x->in_record = 1;
	x->record_depth = x->depth;
	x->began_line = (uint64_t)xmlGetLineNo(e);
	if (x->discover)
		return HUB_OK;
	sheet_drop(x->sheet);
	return put_above(x, e, err);
}

static int start_element(struct xrec *x, int *done, struct hub_err *err)
{
	const xmlNode *e = xmlTextReaderCurrentNode(x->reader);
	const struct hub_str name = xml_text(e->name);
	struct xrec_level *up = x->depth ? &x->level[x->depth - 1] : NULL;
	struct xrec_level l = {.node = JPATH_NONE, .matched = -1};
	const int empty = xmlTextReaderIsEmptyElement(x->reader) == 1;
	const int was_in = x->in_record;
	int rc = HUB_OK;

	if (x->depth == x->depth_limit)
		return too_deep(x, err);
	if (was_in) {
		l.node = child_of(x, up->node, name);
		if (x->discover && up->node != JPATH_NONE && l.node == JPATH_NONE)
			return NO_MEMORY(x->host, err);
	} else {
		const int32_t before = up ? up->matched : 0;
		if (before >= 0 && before < x->tokens && token_matches(x, before, name))
			l.matched = before + 1;
		if (l.matched == x->tokens) {
			l.node = 0;
			rc = begin_record(x, e, err);
		}
	}
	if (!rc && x->in_record)
		rc = put_attributes(x, l.node, e, err);
	/* an element that comes again opens a new line; one that is empty has no value */
	if (!rc && was_in && l.node != JPATH_NONE && !x->discover && !is_nil(e) &&
	    node_at(x, l.node)->col != SHEET_NONE)
		rc = put(x, l.node, (struct hub_str){NULL, 0}, 1, err);
	if (!rc && x->discover && x->in_record && l.node != JPATH_NONE &&
	    node_at(x, l.node)->seen == JNODE_NOTHING)
		node_at(x, l.node)->seen = JNODE_NULL;
	x->level[x->depth++] = l;
	return rc ? rc : empty ? end_element(x, done, err) : HUB_OK;
}

static int only_blanks(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t\r\n", s.ptr[i]))
			return 0;
	return 1;
}

/* Blanks alone are layout. Mixed text stays with its element. */
static int text_node(struct xrec *x, int type, struct hub_err *err)
{
	const xmlNode *n = xmlTextReaderCurrentNode(x->reader);

	if (!x->in_record || !n)
		return HUB_OK;
	const uint32_t node = x->level[x->depth - 1].node;
	if (type == XML_READER_TYPE_ENTITY_REFERENCE) {
		char ref[NAME_BYTES];
		const int len = snprintf(ref, sizeof ref, "&%s;", (const char *)n->name);
		const size_t fits = len < (int)sizeof ref ? (size_t)len : sizeof ref - 1;
		const int rc = put(x, node, (struct hub_str){ref, fits}, 0, err);
		if (!rc && !x->discover && node != JPATH_NONE &&
		    node_at(x, node)->col != SHEET_NONE)
			sheet_invalid(x->sheet, node_at(x, node)->col);
		return rc;
	}
	const struct hub_str s = xml_text(n->content);
	return only_blanks(s) ? HUB_OK : put(x, node, s, 0, err);
}

static int take_node(struct xrec *x, int *done, struct hub_err *err)
{
	const int type = xmlTextReaderNodeType(x->reader);

	switch (type) {
	case XML_READER_TYPE_ELEMENT:
		return start_element(x, done, err);
	case XML_READER_TYPE_END_ELEMENT:
		return end_element(x, done, err);
	case XML_READER_TYPE_TEXT:
	case XML_READER_TYPE_CDATA:
	case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
	case XML_READER_TYPE_ENTITY_REFERENCE:
		return text_node(x, type, err);
	default:
		return HUB_OK;
	}
}

int xrec_step(struct xrec *x, struct hub_err *err)
{
	const struct quiet was = silence(x);
	int done = 0, more = 1, rc = HUB_OK;

	x->err = err;
	while (!done && !rc && (more = xmlTextReaderRead(x->reader)) == 1 && !x->fault && !x->io_rc)
		rc = take_node(x, &done, err);
	speak(was);
	if (rc || done)
		return rc;
	return more < 0 || x->fault || x->io_rc ? refuse(x, err) : HUB_END;
}

/* --- paths ------------------------------------------------------------------------------------ */

int xrec_init(struct xrec *x, struct input *in, struct sheet *sheet, struct hub_str records,
	      int64_t depth_limit, struct hub_err *err)
{
	char *buf = sheet->host->alloc(sheet->ctx, NULL, records.len + 1);

	x->ctx = sheet->ctx;
	x->host = sheet->host;
	x->in = in;
	x->sheet = sheet;
	x->depth_limit = (uint32_t)depth_limit;
	x->tokens = 0;
	if (!x->level)
		x->level = x->host->alloc(x->ctx, NULL, XREC_DEPTH * sizeof *x->level);
	if (!x->level || !buf || jtree_init(&x->tree, x->ctx, x->host))
		return NO_MEMORY(x->host, err);
	while (x->tokens < XREC_TOKENS && jpath_next(&records, buf, &x->token[x->tokens]))
		buf += x->token[x->tokens++].len;
	return HUB_OK;
}

static int add_above(struct xrec *x, uint32_t col, struct hub_str path, char *buf,
		     struct hub_err *err)
{
	uint32_t up = 0;

	while (path.len >= 3 && memcmp(path.ptr, "../", 3) == 0) {
		path = (struct hub_str){path.ptr + 3, path.len - 3};
		up++;
	}
	if (path.len < 2 || path.ptr[0] != '@' || x->n_above == XREC_ABOVE)
		return HUB_FAIL(x->host, err, HUB_CONF, "bad-columns",
				"only attributes can be taken from around a record: ../@name");
	memcpy(buf, path.ptr + 1, path.len - 1);
	x->above[x->n_above++] =
	    (struct xrec_above){.col = col, .up = up, .name = {buf, path.len - 1}};
	return HUB_OK;
}

int xrec_column(struct xrec *x, struct hub_str name, struct hub_str path, struct hub_err *err)
{
	const uint32_t col = sheet_column(x->sheet, name);
	char *buf = x->host->alloc(x->ctx, NULL, path.len + 1);
	uint32_t node = 0;

	if (col == SHEET_NONE || !buf)
		return NO_MEMORY(x->host, err);
	if (path.len >= 3 && memcmp(path.ptr, "../", 3) == 0)
		return add_above(x, col, path, buf, err);
	while (path.len && !str_is(path, ".") && node != JPATH_NONE) {
		const char *slash = memchr(path.ptr, '/', path.len);
		const size_t n = slash ? (size_t)(slash - path.ptr) : path.len;
		node = jtree_add(&x->tree, node, (struct hub_str){path.ptr, n});
		path = (struct hub_str){path.ptr + n + (slash != NULL),
					path.len - n - (slash != NULL)};
	}
	if (node == JPATH_NONE)
		return NO_MEMORY(x->host, err);
	node_at(x, node)->col = col;
	return HUB_OK;
}

int xrec_discover(struct xrec *x, int on, struct hub_err *err)
{
	char name[NAME_BYTES];

	x->discover = on;
	for (uint32_t i = 0; !on && i < x->tree.n; i++) {
		struct jnode *n = &x->tree.node[i];
		/* the record itself is a column when it holds text, or nothing at all */
		if (!(n->seen == JNODE_VALUE || (n->seen == JNODE_NULL && !n->inner)))
			continue;
		const size_t len = i ? jtree_name(&x->tree, i, 0, name, sizeof name)
				     : (size_t)snprintf(name, sizeof name, ".");
		n->col = sheet_column(x->sheet, (struct hub_str){name, len});
		if (n->col == SHEET_NONE)
			return NO_MEMORY(x->host, err);
	}
	return HUB_OK;
}

/* --- which element is a record ---------------------------------------------------------------- */

enum { PLACES = 512, GUESS_DEPTH = 4 };

struct place {
	char path[XREC_POINTER / 2];
	uint32_t depth;
	uint64_t count;
};

struct places {
	struct place at[PLACES];
	uint32_t n;
};

static void count_place(struct places *p, const char *path, uint32_t depth)
{
	uint32_t i = 0;

	while (i < p->n && strcmp(p->at[i].path, path) != 0)
		i++;
	if (i == PLACES)
		return;
	if (i == p->n) {
		snprintf(p->at[i].path, sizeof p->at[i].path, "%s", path);
		p->at[i].depth = depth;
		p->n++;
	}
	p->at[i].count++;
}

/* A first element that comes twice settles its depth; deeper ones wait for the end. */
static int settled(const struct places *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->at[i].depth == 2 && p->at[i].count > 1)
			return 1;
	return 0;
}

int xrec_guess(struct xrec *x, char pointer[XREC_POINTER], struct hub_err *err)
{
	struct places *p = x->host->alloc(x->ctx, NULL, sizeof *p);
	char path[XREC_POINTER / 2];
	size_t len[GUESS_DEPTH + 1] = {0};
	const struct place *best = NULL;
	int more = 1;

	if (!p)
		return NO_MEMORY(x->host, err);
	int rc = xrec_restart(x, err);
	if (rc)
		return rc;
	const struct quiet was = silence(x);
	while (!rc && !settled(p) && (more = xmlTextReaderRead(x->reader)) == 1 && !x->fault) {
		const int depth = xmlTextReaderDepth(x->reader) + 1;
		if ((uint32_t)depth > x->depth_limit)
			rc = too_deep(x, err);
		if (rc || xmlTextReaderNodeType(x->reader) != XML_READER_TYPE_ELEMENT ||
		    depth > GUESS_DEPTH)
			continue;
		const char *name = (const char *)xmlTextReaderConstLocalName(x->reader);
		const size_t at = len[depth - 1];
		const int n = snprintf(path + at, sizeof path - at, "/%s", name);
		if (n < 0 || (size_t)n >= sizeof path - at)
			len[depth] = at; /* nobody calls a record that */
		else
			len[depth] = at + (size_t)n;
		path[len[depth]] = '\0';
		count_place(p, path, (uint32_t)depth);
	}
	speak(was);
	if (rc)
		return rc;
	if (more < 0 || x->fault || x->io_rc)
		return refuse(x, err);
	for (uint32_t i = 0; i < p->n; i++)
		if (p->at[i].count > 1 && (!best || p->at[i].depth < best->depth))
			best = &p->at[i];
	snprintf(pointer, XREC_POINTER, "%s", best ? best->path : p->n ? p->at[0].path : "/*");
	return HUB_OK;
}
