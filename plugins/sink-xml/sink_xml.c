/* sink-xml - writes released rows as XML, valid against `tsunagi schema --as xsd`.
 *
 * <case-records xmlns="urn:tsunagi:common-case:1"><activity><body status="masked">...</body></activity>...
 * A cell that holds nothing is left out. status says what the gate changed; a withheld cell is an
 * empty element. Characters that XML 1.0 cannot hold (C0 controls), and what is no UTF-8, reject the row: nothing is
 * replaced silently. Written by libxml2; the file appears only at commit, complete and synced. */
#include "cell.h"
#include "outfile.h"
#include "plain.h"

#include <libxml/xmlwriter.h>

struct xml_conf {
	struct hub_str path;
};

struct xml_sink {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct outfile out;
	xmlTextWriterPtr writer;
};

#define XML_NS "urn:tsunagi:common-case:1"

static int put_bytes(void *arg, const char *p, int n)
{
	FILE *f = arg;

	return n > 0 && fwrite(p, 1, (size_t)n, f) != (size_t)n ? -1 : n;
}

static int no_close(void *arg)
{
	(void)arg;
	return 0;
}

static int xml_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		    struct hub_str pos, void **self, struct hub_err *err)
{
	const struct xml_conf *c = conf;
	struct xml_sink *s = host->alloc(ctx, NULL, sizeof *s);
	int rc;

	(void)pos;
	if (!s)
		return NO_MEMORY(host, err);
	s->ctx = ctx;
	s->host = host;
	if ((rc = outfile_open(&s->out, host, c->path, (struct hub_str){NULL, 0}, err)))
		return rc;
	xmlOutputBufferPtr buf = xmlOutputBufferCreateIO(put_bytes, no_close, s->out.file, NULL);
	s->writer = buf ? xmlNewTextWriter(buf) : NULL; /* takes buf */
	if (!s->writer) {
		if (buf)
			xmlOutputBufferClose(buf);
		outfile_abandon(&s->out);
		return NO_MEMORY(host, err);
	}
	xmlTextWriterSetIndent(s->writer, 1);
	if (xmlTextWriterStartDocument(s->writer, NULL, "UTF-8", NULL) < 0 ||
	    xmlTextWriterStartElementNS(s->writer, NULL, BAD_CAST "case-records", BAD_CAST XML_NS) <
		0) {
		rc = outfile_fail(&s->out, err);
		xmlFreeTextWriter(s->writer);
		outfile_abandon(&s->out);
		return rc;
	}
	*self = s;
	return HUB_OK;
}

/* XML 1.0 Char: no C0 control but TAB, LF, CR; no U+FFFE, U+FFFF. */
static int xml_can_hold(struct hub_str t)
{
	for (size_t i = 0; i < t.len; i++) {
		const unsigned char c = (unsigned char)t.ptr[i];
		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			return 0;
		if (c == 0xef && i + 2 < t.len && (unsigned char)t.ptr[i + 1] == 0xbf &&
		    (unsigned char)t.ptr[i + 2] >= 0xbe)
			return 0;
	}
	return 1;
}

/* NUL-terminated copy in the batch's arena, as libxml2 wants it. */
static const xmlChar *zstr(const struct xml_sink *s, struct hub_batch *b, struct hub_str t)
{
	return (const xmlChar *)str_keep(s->host, s->ctx, b, t).ptr;
}

/* text NULL: nothing to show but the status. */
static int put_cell(const struct xml_sink *s, const xmlChar *name, const xmlChar *text,
		    const char *status)
{
	if (!text && !status)
		return 0;
	if (xmlTextWriterStartElement(s->writer, name) < 0)
		return -1;
	if (status &&
	    xmlTextWriterWriteAttribute(s->writer, BAD_CAST "status", BAD_CAST status) < 0)
		return -1;
	if (text && text[0] && xmlTextWriterWriteString(s->writer, text) < 0)
		return -1;
	return xmlTextWriterEndElement(s->writer) < 0 ? -1 : 0;
}

/* The names of a batch, and room for the texts of one row. */
struct row {
	const xmlChar *table, **name, **text;
};

static int put_row(const struct xml_sink *s, struct hub_batch *b, uint32_t r, const struct row *row,
		   struct hub_err *err)
{
	int rc;

	/* a row that XML cannot hold is rejected before it begins */
	if ((rc = cell_check_row(s->ctx, s->host, b, r, xml_can_hold, "not-in-xml", err)))
		return rc;
	if (b->verdict[r] == HUB_ROW_REJECT)
		return HUB_OK;
	for (uint32_t c = 0; c < b->cols; c++) {
		row->text[c] = NULL;
		if (cell_has_text(&b->col[c], r) && !(row->text[c] = zstr(s, b, b->col[c].text[r])))
			return NO_MEMORY(s->host, err);
	}
	int bad = xmlTextWriterStartElement(s->writer, row->table) < 0;
	for (uint32_t c = 0; c < b->cols && !bad; c++)
		bad = put_cell(s, row->name[c], row->text[c], cell_shown(&b->col[c], r));
	if (bad || xmlTextWriterEndElement(s->writer) < 0)
		return outfile_fail(&s->out, err);
	b->verdict[r] = HUB_ROW_DONE;
	return HUB_OK;
}

static int xml_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct xml_sink *s = self;
	int rc;

	if ((rc = outfile_ready(&s->out, err)))
		return rc;
	const struct row row = {
	    .table = zstr(s, b, b->table.len ? b->table : (struct hub_str){"row", 3}),
	    .name = s->host->alloc(s->ctx, b, (b->cols + 1) * sizeof *row.name),
	    .text = s->host->alloc(s->ctx, b, (b->cols + 1) * sizeof *row.text),
	};
	if (!row.table || !row.name || !row.text)
		return NO_MEMORY(s->host, err);
	for (uint32_t c = 0; c < b->cols; c++)
		if (!(row.name[c] = zstr(s, b, b->col[c].name)))
			return NO_MEMORY(s->host, err);
	for (uint32_t r = 0; r < b->rows; r++)
		if ((rc = put_row(s, b, r, &row, err)))
			return rc;
	if (xmlTextWriterFlush(s->writer) < 0)
		return outfile_fail(&s->out, err);
	return outfile_flush(&s->out, err);
}

static int xml_commit(void *self, struct hub_err *err)
{
	struct xml_sink *s = self;

	if (s->writer) {
		const int bad =
		    xmlTextWriterEndDocument(s->writer) < 0 || xmlTextWriterFlush(s->writer) < 0;
		xmlFreeTextWriter(s->writer);
		s->writer = NULL;
		if (bad)
			return outfile_fail(&s->out, err);
	}
	const int rc = outfile_finish(&s->out, err);
	return rc ? rc : outfile_publish(&s->out, err);
}

static void xml_close(void *self)
{
	struct xml_sink *s = self;

	if (s->writer)
		xmlFreeTextWriter(s->writer);
	outfile_abandon(&s->out);
}

static const struct hub_opt xml_opts[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_WRITES, HUB_N("file to write"),
		.offset = offsetof(struct xml_conf, path))},
    {.name = NULL},
};

static const struct hub_ops xml_ops = {
    .size = sizeof(struct hub_ops),
    .open = xml_open,
    .write = xml_write,
    .commit = xml_commit,
    .close = xml_close,
};

static const struct hub_plugin xml_plugin = {
    HUB_PLUGIN_HEAD,  .kind = HUB_SINK,
    .name = "xml",    .version = "1.0",
    .license = "MIT", .summary = HUB_N("XML that is valid against the derived schema"),
    .opts = xml_opts, .conf_size = sizeof(struct xml_conf),
    .ops = &xml_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &xml_plugin : NULL;
}
