/* libFuzzer target for every source but csv (which has its own, fuzz_csv.c): any bytes as its file, through the real host. The
 * first byte chooses options. Of workbooks and documents the bytes are the main part of an archive that is whole, or
 * all of it. Checked besides memory: rows come in order, cells lie in memory that can be read, a failure has a code. */
#include "plugin/host.h"
#include "plugin/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CHOICES = 4, PAIRS = 5 };

/* What to try of each source: NAME, VALUE, ... of a choice. */
static const struct {
	const char *source;
	const char *set[CHOICES][2 * PAIRS];
} tries[] = {
    {"json",
     {{NULL},
      {"records", "/a/*", "columns", "n=/b/0; w=@/c; i=@in", NULL},
      {"format", "lines", "lists", "json", NULL},
      {"record_limit", "1024", "depth", "3", "batch_rows", "1", NULL}}},
    {"xml",
     {{NULL},
      {"records", "/a/b", "columns", "n=c; t=@d", NULL},
      {"encoding", "cp932", NULL},
      {NULL}}},
    {"voice",
     {{NULL},
      {"rows", "segments", NULL},
      {"format", "cues", "fillers", "remove", NULL},
      {"segments", "/a/*/b /c", "text", "/d /e", "unit", "s", "tagged_only", "true", NULL}}},
    {"fixed",
     {{"columns", "a=1-4; b=5-9", NULL},
      {"columns", "a=1-4; b=5-9", "record_length", "10", NULL},
      {"columns", "a=2; b=5-40", "encoding", "cp932", NULL},
      {"columns", "a=1-4", "encoding", "utf-8", "batch_rows", "1", NULL}}},
    {"gedcom",
     {{NULL},
      {"client", "I1", "batch_rows", "1", NULL},
      {"case", "F1", "encoding", "cp932", NULL},
      {"client", "@I2@", "text_limit", "4096", NULL}}},
    {"kintone", {{NULL}, {"fields", "$id, a, t.b", NULL}, {"fields", "a", NULL}, {NULL}}},
    {"xlsx",
     {{NULL},
      {"header", "2", "header_rows", "2", "sheets", "all", NULL},
      {"layout", "form", "cells", "n = A1, w = B2:C3", NULL},
      {"header", "0", "merged", "fill", "numbers", "stored", NULL}}},
    {"docx",
     {{NULL},
      {"layout", "log", NULL},
      {"layout", "form", "labels", "a, b = c#2", NULL},
      {"tables", "2", NULL}}},
};

static void check(int fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "broken promise: %s\n", what);
	abort();
}

static void choose(struct hub_options *o, unsigned choice)
{
	struct hub_err err;

	for (size_t i = 0; i < HUB_COUNT(tries); i++)
		for (const char *const *p = tries[i].set[choice];
		     !strcmp(tries[i].source, o->plugin->name) && *p; p += 2)
			check(hub_options_set(o, hub_str_of(p[0]), hub_str_of(p[1]), &err) ==
				  HUB_OK,
			      p[0]);
}

/* --- an archive around the bytes ------------------------------------------------------------------------------- */

struct member {
	const char *name;
	struct hub_str data;
	uint32_t at, crc;
};

static uint32_t crc_of(struct hub_str s)
{
	uint32_t c = ~0u;

	for (size_t i = 0; i < s.len; i++) {
		c ^= (uint8_t)s.ptr[i];
		for (int k = 0; k < 8; k++)
			c = c & 1 ? c >> 1 ^ 0xedb88320u : c >> 1;
	}
	return ~c;
}

static void le(FILE *f, uint32_t v, int bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		fputc((int)(v & 255), f);
}

static void put_sizes(FILE *f, const struct member *m)
{
	le(f, m->crc, 4);
	le(f, (uint32_t)m->data.len, 4);
	le(f, (uint32_t)m->data.len, 4);
	le(f, (uint32_t)strlen(m->name), 2);
}

static void put_archive(FILE *f, struct member *m, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		m[i].at = (uint32_t)ftell(f);
		m[i].crc = crc_of(m[i].data);
		fwrite("PK\3\4\24\0\0\0\0\0\0\0\41\0", 1, 14, f);
		put_sizes(f, &m[i]);
		le(f, 0, 2);
		fputs(m[i].name, f);
		fwrite(m[i].data.ptr, 1, m[i].data.len, f);
	}
	const uint32_t from = (uint32_t)ftell(f);
	for (uint32_t i = 0; i < n; i++) {
		fwrite("PK\1\2\24\0\24\0\0\0\0\0\0\0\41\0", 1, 16, f);
		put_sizes(f, &m[i]);
		le(f, 0, 4);
		le(f, 0, 4);
		le(f, 0, 4);
		le(f, m[i].at, 4);
		fputs(m[i].name, f);
	}
	const uint32_t end = (uint32_t)ftell(f);
	fwrite("PK\5\6\0\0\0\0", 1, 8, f);
	le(f, n, 2);
	le(f, n, 2);
	le(f, end - from, 4);
	le(f, from, 4);
	le(f, 0, 2);
}

#define REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELS(kind, target)                                                                       \
	"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" \
	"<Relationship Id=\"r1\" Type=\"" REL kind "\" Target=\"" target "\"/></Relationships>"
#define TYPES "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"

static void put_book(FILE *f, struct hub_str sheet)
{
	struct member m[] = {
	    {.name = "[Content_Types].xml", .data = HUB_STR(TYPES)},
	    {.name = "_rels/.rels", .data = HUB_STR(RELS("/officeDocument", "xl/workbook.xml"))},
	    {.name = "xl/workbook.xml",
	     .data = HUB_STR(
		 "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
		 "xmlns:r=\"" REL
		 "\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>")},
	    {.name = "xl/_rels/workbook.xml.rels",
	     .data = HUB_STR(RELS("/worksheet", "worksheets/sheet1.xml"))},
	    {.name = "xl/worksheets/sheet1.xml", .data = sheet}};

	put_archive(f, m, HUB_COUNT(m));
}

static void put_document(FILE *f, struct hub_str body)
{
	struct member m[] = {
	    {.name = "[Content_Types].xml", .data = HUB_STR(TYPES)},
	    {.name = "_rels/.rels", .data = HUB_STR(RELS("/officeDocument", "word/document.xml"))},
	    {.name = "word/document.xml", .data = body}};

	put_archive(f, m, HUB_COUNT(m));
}

/* --- reading --------------------------------------------------------------------------------------------------- */

static void read_all(struct hub_instance *inst, struct hub_batch *b)
{
	struct hub_err err = {0};
	uint64_t row = 0;
	uint32_t part = 0;
	volatile char sink = 0;
	int rc;

	while ((rc = hub_source_next(inst, b, &err)) == HUB_OK) {
		for (uint32_t r = 0; r < b->rows; r++) {
			check(b->prov[r].part != part || b->prov[r].row > row,
			      "rows are out of order");
			row = b->prov[r].row;
			part = b->prov[r].part;
			for (uint32_t c = 0; c < b->cols; c++) {
				const struct hub_str s = b->col[c].text[r];
				if (b->col[c].cell[r] == HUB_VALUE && s.len > 0)
					sink ^= (char)(s.ptr[0] ^ s.ptr[s.len - 1]);
			}
		}
		hub_batch_reset(b);
	}
	check(rc == HUB_END || err.code[0], "a failure without a code");
	(void)sink;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(instance) struct hub_instance *inst = NULL;
	const struct hub_plugin *plugin = hub_plugin_get(0);
	struct hub_options o;
	struct hub_err err = {0};
	char path[64];

	if (n == 0)
		return 0;
	const int fd = memfd_create("fuzz", MFD_CLOEXEC);
	FILE *f = fd == -1 ? NULL : fdopen(fd, "w+");
	const struct hub_str bytes = {(const char *)data + 1, n - 1};
	check(f != NULL, "memfd");
	if (data[0] & 4 && strcmp(plugin->name, "xlsx") == 0)
		put_book(f, bytes);
	else if (data[0] & 4 && strcmp(plugin->name, "docx") == 0)
		put_document(f, bytes);
	else
		fwrite(bytes.ptr, 1, bytes.len, f);
	check(fflush(f) == 0, "memfd");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	check(hub_options_init(&o, a, plugin, &err) == HUB_OK, "options");
	check(hub_options_set(&o, HUB_STR("path"), hub_str_of(path), &err) == HUB_OK, "path");
	choose(&o, data[0] & 3);
	check(hub_options_finish(&o, &err) == HUB_OK, err.what);
	if (hub_instance_open(o.plugin, o.conf, (struct hub_str){0}, &inst, &err) == HUB_OK) {
		hub_instance_verbose(inst, HUB_LOG_ERROR);
		read_all(inst, b);
	}
	fclose(f);
	return 0;
}
