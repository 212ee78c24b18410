#include "opcxml.h"
#include "plain.h"

#include "named.h"

#include <string.h>

enum { PIECE = 16 << 10 };

/* Name, prefix, URI, begin and end of each value, as libxml2 has them. */
enum { NAME, PREFIX, SPACE, FROM, TO, EACH };

/* space: NULL any, "" none, else a part of its URI. */
static struct hub_str find(const struct opcxml_attrs *a, const char *name, const char *space)
{
	for (int i = 0; i < a->n; i++) {
		const unsigned char **v = a->v + (ptrdiff_t)i * EACH;
		if (strcmp((const char *)v[NAME], name) == 0 &&
		    (!space ||
		     (*space ? v[SPACE] && strstr((const char *)v[SPACE], space) : !v[SPACE])))
			return (struct hub_str){(const char *)v[FROM], (size_t)(v[TO] - v[FROM])};
	}
	return (struct hub_str){NULL, 0};
}

struct hub_str opcxml_attr(const struct opcxml_attrs *a, const char *name)
{
	return find(a, name, "");
}

struct hub_str opcxml_value(const struct opcxml_attrs *a, const char *name)
{
	return find(a, name, NULL);
}

struct hub_str opcxml_rel_id(const struct opcxml_attrs *a)
{
	return find(a, "id", "elationships");
}

int64_t opcxml_number(struct hub_str s, int64_t most)
{
	int64_t n = 0;

	if (s.len == 0 || s.len > 18)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return -1;
		n = n * 10 + (s.ptr[i] - '0');
	}
	return n <= most ? n : -1;
}

int opcxml_bool(struct hub_str s)
{
	return (s.len == 1 && s.ptr[0] == '1') || (s.len == 4 && memcmp(s.ptr, "true", 4) == 0) ||
	       (s.len == 2 && memcmp(s.ptr, "on", 2) == 0);
}

int opcxml_is(const char *name, const char *want)
{
	return strcmp(name, want) == 0;
}

/* ---- events */

static void stop(struct opcxml *x, int rc)
{
	x->rc = rc;
	xmlStopParser(x->parser);
}

static int is_ours(struct opcxml *x, const unsigned char *uri)
{
	if (uri && uri == x->known)
		return 1;
	for (const char *const *s = x->ops->space; uri && *s; s++)
		if (strcmp((const char *)uri, *s) == 0) {
			x->known = uri;
			return 1;
		}
	return 0;
}

static void on_begin(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int spaces, const xmlChar **space, int n, int dflt, const xmlChar **attr)
{
	struct opcxml *x = arg;
	const struct opcxml_attrs a = {attr, n};

	(void)prefix;
	(void)spaces;
	(void)space;
	(void)dflt;
	if (x->rc)
		return;
	const int ours = is_ours(x, uri);
	if (!x->skip && !ours && x->ops->through && strcmp((const char *)name, "Fallback") != 0)
		return;
	if (x->skip || !ours) {
		x->skip++;
		return;
	}
	const int rc = x->ops->begin(x->arg, (const char *)name, &a, x->err);
	if (rc)
		stop(x, rc);
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct opcxml *x = arg;

	(void)prefix;
	if (x->rc)
		return;
	if (x->skip) {
		x->skip--;
		return;
	}
	if (!is_ours(x, uri))
		return;
	const int rc = x->ops->end(x->arg, (const char *)name, x->err);
	if (rc)
		stop(x, rc);
}

static void on_text(void *arg, const xmlChar *p, int n)
{
	struct opcxml *x = arg;

	if (x->rc || x->skip || !x->ops->text)
		return;
	const int rc = x->ops->text(x->arg, (const char *)p, (size_t)n, x->err);
	if (rc)
		stop(x, rc);
}

static void on_doctype(void *arg, const xmlChar *name, const xmlChar *external,
		       const xmlChar *system)
{
	struct opcxml *x = arg;
	const struct opc *o = x->part.o;

	(void)name;
	(void)external;
	(void)system;
	if (x->rc)
		return;
	HUB_FAIL(o->host, x->err, HUB_REJECT, "xml-doctype",
		 "%s declares a document type, which no office program writes", o->path);
	o->host->hint(x->err, "It may be an attack. Ask where the file comes from.");
	stop(x, HUB_REJECT);
}

/* Messages of the parser may quote the document; ours names the place. */
static void on_error(void *arg, xmlErrorPtr e)
{
	(void)arg;
	(void)e;
}

int opcxml_open(struct opcxml *x, struct opc *o, int64_t index, const struct opcxml_ops *ops,
		void *arg, struct hub_err *err)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
			     .startElementNs = on_begin,
			     .endElementNs = on_end,
			     .characters = on_text,
			     .ignorableWhitespace = on_text,
			     .cdataBlock = on_text,
			     .internalSubset = on_doctype,
			     .serror = on_error};

	*x = (struct opcxml){.ops = ops, .arg = arg};
	const int rc = opc_part_open(&x->part, o, index, err);
	if (rc)
		return rc;
	x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
	if (!x->parser) {
		opcxml_close(x);
		return NO_MEMORY(o->host, err);
	}
	xmlCtxtUseOptions(x->parser, XML_PARSE_NONET);
	return HUB_OK;
}

static int bad_xml(struct opcxml *x, struct hub_err *err)
{
	const struct opc *o = x->part.o;
	const xmlError *e = xmlCtxtGetLastError(x->parser);

	if (e && e->code == XML_ERR_NO_MEMORY)
		return NO_MEMORY(o->host, err);
	HUB_FAIL(o->host, err, HUB_REJECT, "bad-xml",
		 "a part of %s is no well-formed XML (near its byte %llu)", o->path,
		 (unsigned long long)opcxml_at(x));
	o->host->hint(err, "Ask for the file again, or open it in Office and save it anew.");
	return err->rc;
}

int opcxml_step(struct opcxml *x, struct hub_err *err)
{
	char piece[PIECE];
	size_t n;
	int rc = opc_part_read(&x->part, piece, sizeof piece, &n, err);

	if (rc)
		return rc;
	x->err = err;
	const int bad = xmlParseChunk(x->parser, piece, (int)n, n == 0);
	x->err = NULL;
	if (x->rc)
		return x->rc;
	if (bad)
		return bad_xml(x, err);
	return n == 0 ? HUB_END : HUB_OK;
}

void opcxml_close(struct opcxml *x)
{
	if (x->parser) {
		xmlFreeDoc(x->parser->myDoc);
		xmlFreeParserCtxt(x->parser);
	}
	x->parser = NULL;
	opc_part_close(&x->part);
}

uint64_t opcxml_at(const struct opcxml *x)
{
	const xmlParserInput *in = x->parser->input;

	return in ? in->consumed + (uint64_t)(in->cur - in->base) : x->part.done;
}

int opcxml_all(struct opc *o, int64_t index, const struct opcxml_ops *ops, void *arg,
	       struct hub_err *err)
{
	struct opcxml x;
	int rc = opcxml_open(&x, o, index, ops, arg, err);

	if (rc)
		return rc;
	while ((rc = opcxml_step(&x, err)) == HUB_OK)
		;
	opcxml_close(&x);
	return rc == HUB_END ? HUB_OK : rc;
}

/* ---- relationships */

struct rels {
	int (*each)(void *arg, const struct opcxml_rel *r, struct hub_err *err);
	void *arg;
};

static int rel_begin(void *arg, const char *name, const struct opcxml_attrs *a, struct hub_err *err)
{
	const struct rels *s = arg;
	const struct opcxml_rel r = {.id = opcxml_attr(a, "Id"),
				     .type = opcxml_attr(a, "Type"),
				     .target = opcxml_attr(a, "Target"),
				     .outside =
					 ends_with(opcxml_attr(a, "TargetMode"), "external")};

	return opcxml_is(name, "Relationship") ? s->each(s->arg, &r, err) : HUB_OK;
}

static int rel_end(void *arg, const char *name, struct hub_err *err)
{
	(void)arg;
	(void)name;
	(void)err;
	return HUB_OK;
}

int opcxml_rels(struct opc *o, const char *part,
		int (*each)(void *arg, const struct opcxml_rel *r, struct hub_err *err), void *arg,
		struct hub_err *err)
{
	static const char *const space[] = {
	    "http://schemas.openxmlformats.org/package/2006/relationships", NULL};
	static const struct opcxml_ops ops = {.space = space, .begin = rel_begin, .end = rel_end};
	struct rels s = {each, arg};
	char name[OPC_NAME];

	const int64_t index = opc_rels_name(part, name) ? -1 : opc_find(o, name);
	return index < 0 ? HUB_END : opcxml_all(o, index, &ops, &s, err);
}

int opcxml_rel_is(const struct opcxml_rel *r, const char *type)
{
	return ends_with(r->type, type);
}

int opcxml_rel_part(struct opc *o, const char *part, const struct opcxml_rel *r, char out[OPC_NAME],
		    struct hub_err *err)
{
	if (!r->outside && opc_resolve(part, r->target, out) == 0)
		return HUB_OK;
	HUB_FAIL(o->host, err, HUB_REJECT, "outside-reference",
		 "%s takes a part of itself from outside the file", o->path);
	o->host->hint(err, "It may be an attack. Ask where the file comes from.");
	return err->rc;
}

struct search {
	struct opc *o;
	const char *part, *type;
	char *out;
	int found;
};

static int look(void *arg, const struct opcxml_rel *r, struct hub_err *err)
{
	struct search *s = arg;

	if (s->found || !opcxml_rel_is(r, s->type))
		return HUB_OK;
	s->found = 1;
	return opcxml_rel_part(s->o, s->part, r, s->out, err);
}

int opcxml_related(struct opc *o, const char *part, const char *type, char out[OPC_NAME],
		   struct hub_err *err)
{
	struct search s = {.o = o, .part = part, .type = type, .out = out};
	const int rc = opcxml_rels(o, part, look, &s, err);

	return rc ? rc : s.found ? HUB_OK : HUB_END;
}
