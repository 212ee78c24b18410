/* sink-xml - writes released rows as XML, valid against `tsunagi schema --as xsd`.
 *
 * <case-records xmlns="urn:tsunagi:common-case:1"><activity><body status="masked">...</body></activity>...
 * A cell that holds nothing is left out. status says what the gate changed; a withheld cell is an
 * empty element. Characters that XML 1.0 cannot hold (C0 controls) reject the row: nothing is
 * replaced silently. Written by libxml2; the file appears only at commit, complete and synced. */
#include "outfile.h"

#include <libxml/xmlwriter.h>
#include <string.h>

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
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
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
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
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
	char *p = s->host->alloc(s->ctx, b, t.len + 1);

	if (p && t.len)
		memcpy(p, t.ptr, t.len);
	return (const xmlChar *)p;
}

static const char *status_word(uint8_t shown)
{
	static const char *const word[] = {NULL, "masked", "pseudonym", "generalised", "withheld"};

	return shown < sizeof word / sizeof word[0] ? word[shown] : "withheld";
}

static int put_cell(const struct xml_sink *s, struct hub_batch *b, const struct hub_col *col,
		    uint32_t r, const xmlChar *name)
{
	const char *status = col->shown ? status_word(col->shown[r]) : NULL;
	const int withheld = col->shown && col->shown[r] == HUB_WITHHELD;

	if (col->cell[r] != HUB_VALUE && !withheld)
		return 0;
	const xmlChar *text = withheld ? BAD_CAST "" : zstr(s, b, col->text[r]);
	if (!text || xmlTextWriterStartElement(s->writer, name) < 0)
		return -1;
	if (status &&
	    xmlTextWriterWriteAttribute(s->writer, BAD_CAST "status", BAD_CAST status) < 0)
		return -1;
	if (text[0] && xmlTextWriterWriteString(s->writer, text) < 0)
		return -1;
	return xmlTextWriterEndElement(s->writer) < 0 ? -1 : 0;
}

/* 0 or -1 (the file cannot be written). A row that XML cannot hold is rejected before it begins. */
static int put_row(const struct xml_sink *s, struct hub_batch *b, uint32_t r,
		   const xmlChar *const *name, const xmlChar *table)
{
	for (uint32_t c = 0; c < b->cols; c++) {
		if (b->col[c].cell[r] != HUB_VALUE || xml_can_hold(b->col[c].text[r]))
			continue;
		b->verdict[r] = HUB_ROW_REJECT;
		b->code[r] = "not-in-xml";
		b->reason[r] = b->col[c].name;
		return 0;
	}
	if (xmlTextWriterStartElement(s->writer, table) < 0)
		return -1;
	for (uint32_t c = 0; c < b->cols; c++)
		if (put_cell(s, b, &b->col[c], r, name[c]))
			return -1;
	b->verdict[r] = HUB_ROW_DONE;
	return xmlTextWriterEndElement(s->writer) < 0 ? -1 : 0;
}

static int xml_write(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct xml_sink *s = self;
	const xmlChar **name = s->host->alloc(s->ctx, b, (b->cols + 1) * sizeof *name);
	const xmlChar *table = zstr(s, b, b->table.len ? b->table : (struct hub_str){"row", 3});
	int ok = name && table;

	for (uint32_t c = 0; ok && c < b->cols; c++)
		ok = (name[c] = zstr(s, b, b->col[c].name)) != NULL;
	if (!ok)
		return HUB_FAIL(s->host, err, HUB_FATAL, "out-of-memory", "out of memory");
	for (uint32_t r = 0; r < b->rows; r++)
		if (put_row(s, b, r, name, table))
			return outfile_fail(&s->out, err);
	return HUB_OK;
}

static int xml_commit(void *self, const uint8_t id[16], struct hub_err *err)
{
	struct xml_sink *s = self;

	(void)id;
	if (!s->writer)
		return HUB_OK;
	const int bad =
	    xmlTextWriterEndDocument(s->writer) < 0 || xmlTextWriterFlush(s->writer) < 0;
	xmlFreeTextWriter(s->writer);
	s->writer = NULL;
	return bad ? outfile_fail(&s->out, err) : outfile_commit(&s->out, err);
}

static void xml_close(void *self)
{
	struct xml_sink *s = self;

	if (s->writer)
		xmlFreeTextWriter(s->writer);
	outfile_abandon(&s->out);
}

static const struct hub_opt xml_opts[] = {
    {.name = "path",
     .type = HUB_O_PATH,
     .flags = HUB_OPT_REQUIRED | HUB_OPT_WRITES,
     .offset = offsetof(struct xml_conf, path),
     .help = "file to write",
     .since = "1.0"},
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
    .license = "MIT", .summary = "XML that is valid against the derived schema",
    .opts = xml_opts, .conf_size = sizeof(struct xml_conf),
    .ops = &xml_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &xml_plugin : NULL;
}
