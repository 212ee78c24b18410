/* Every folder of mappings/ with a sample: the sample goes through the mapping, and what comes out must
 * be expected.jsonl, line by line.
 *
 *	test_mappings dump MAPPING.cfg FILE     prints the rows of any file in that form
 *	test_mappings speed MAPPING.cfg FILE    counts rows per second of the two steps, one thread */
#include "test.h"

#include "base/clock.h"
#include "base/io.h"
#include "intake/mapping.h"
#include "plugin/choose.h"
#include "plugin/host.h"
#include "plugin/option.h"
#include "text/encoding.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct feed {
	struct hub_arena *arena;
	const struct hub_schema *schema;
	struct hub_mapping *mapping;
	struct hub_instance *source;
	struct hub_batch *batch;
	struct hub_bound *bound;
	struct hub_findings *findings;
	struct hub_err err;
};

static int open_source(struct feed *f, const char *path)
{
	const struct hub_mapping_info *info = hub_mapping_info(f->mapping);
	struct hub_plugins *plugins = hub_plugins_new(f->arena);
	const struct hub_plugin *plugin;
	struct hub_options o;
	const char *build = getenv("BUILD");
	const struct hub_str dir =
	    hub_arena_printf(f->arena, "%s/plugins", build ? build : "build");
	int rc;

	if ((rc = hub_plugins_load(plugins, dir.ptr, &f->err)) ||
	    (rc = hub_source_named(plugins, info->source.plugin, path, &plugin, &f->err)) ||
	    (rc = hub_options_init(&o, f->arena, plugin, &f->err)))
		return rc;
	for (uint32_t i = 0; i < info->source.options; i++)
		if ((rc = hub_options_set(&o, info->source.option_name[i],
					  info->source.option_value[i], &f->err)))
			return rc;
	const struct hub_opt *input = hub_option_with(plugin, HUB_OPT_INPUT);
	if ((rc = hub_options_set(&o, hub_str_of(input->name), hub_str_of(path), &f->err)) ||
	    (rc = hub_options_finish(&o, &f->err)))
		return rc;
	return hub_instance_open(plugin, o.conf, (struct hub_str){0}, &f->source, &f->err);
}

static int open_feed(struct feed *f, const char *mapping, const char *path)
{
	*f = (struct feed){.arena = hub_arena_new(0), .batch = hub_batch_new(0)};
	struct hub_report *report = hub_report_new(f->arena);
	f->findings = hub_findings_new(f->arena);
	int rc =
	    hub_schema_load(f->arena, "schemas/common-case.cfg", NULL, &f->schema, report, &f->err);
	if (rc == HUB_OK)
		rc = hub_mapping_load(f->arena, mapping, f->schema, report, &f->mapping, &f->err);
	hub_report_print(report, stderr);
	return rc ? rc : open_source(f, path);
}

static void close_feed(struct feed *f)
{
	hub_instance_close(f->source);
	hub_batch_free(f->batch);
	hub_arena_free(f->arena);
}

static int bind_feed(struct feed *f)
{
	struct hub_str *name = hub_alloc_array(f->arena, f->batch->cols, sizeof *name);
	const enum hub_enc enc = hub_enc_of(f->batch->encoding);
	HUB_AUTO(buf) struct hub_buf patch;
	size_t used;

	hub_buf_init(&patch, 1 << 20);
	for (uint32_t i = 0; i < f->batch->cols; i++)
		name[i] = enc ? hub_decode_arena(f->arena, enc, f->batch->col[i].name, &used, NULL)
			      : f->batch->col[i].name;
	const int rc = hub_mapping_bind(f->arena, f->mapping, name, f->batch->cols, &f->bound,
					&patch, &f->err);
	if (rc)
		fwrite(patch.ptr, 1, patch.len, stderr);
	return rc;
}

/* --- rows as text ----------------------------------------------------------------------------- */

static void put_cell(struct hub_buf *out, const struct hub_vec *v, uint32_t i)
{
	if (v->cell[i] == HUB_VALUE) {
		hub_json_str(out, v->text[i]);
	} else if (v->cell[i] == HUB_INVALID) {
		hub_buf_puts(out, "{\"invalid\":");
		hub_json_str(out, v->text[i]);
		hub_buf_putc(out, '}');
	} else {
		hub_buf_puts(out, "null");
	}
}

static void put_row(struct hub_buf *out, const struct hub_chunk *c, const struct hub_rows *rows,
		    uint32_t i)
{
	hub_buf_printf(out, "{\"row\":%llu", (unsigned long long)c->prov[rows->src[i]].row);
	hub_json_field(out, "entity", rows->entity->name);
	if (rows->key.cell) {
		hub_json_key(out, "key");
		put_cell(out, &rows->key, i);
	}
	for (uint32_t k = 0; k < rows->cols; k++) {
		if (rows->own_block[k] != HUB_NO_BLOCK) {
			hub_json_key(out, rows->field[k]->name.ptr);
			hub_buf_printf(out, "\"@%u\"", rows->own_block[k]);
		} else if (rows->col[k].cell[i] >= HUB_VALUE) {
			hub_json_key(out, rows->field[k]->name.ptr);
			put_cell(out, &rows->col[k], i);
		}
	}
	hub_buf_puts(out, "}\n");
}

static const char *const fates[] = {"open",     "new",      "changed", "same",
				    "repeated", "rejected", "outside", "header"};

static void put_record(struct hub_buf *out, const struct hub_chunk *c, uint32_t r)
{
	hub_buf_printf(out, "{\"row\":%llu,\"line\":%llu", (unsigned long long)c->prov[r].row,
		       (unsigned long long)c->prov[r].line);
	hub_json_field(out, "record", hub_str_of(fates[c->fate[r]]));
	if (c->key[r].len)
		hub_json_field(out, "key", c->key[r]);
	if (c->fate[r] == HUB_FATE_REJECTED) {
		hub_json_field(out, "code", hub_str_of(c->code[r]));
		hub_json_field(out, "column", c->column[r]);
		hub_json_field(out, "reason", c->reason[r]);
	}
	hub_buf_puts(out, "}\n");
}

/* Records in their order, each followed by its rows in the order of the blocks. */
static void put_chunk(struct hub_buf *out, const struct hub_chunk *c)
{
	uint32_t at[256] = {0};

	for (uint32_t r = 0; r < c->n; r++) {
		put_record(out, c, r);
		for (uint32_t b = 0; b < c->blocks && b < HUB_COUNT(at); b++)
			for (; at[b] < c->rows[b].n && c->rows[b].src[at[b]] == r; at[b]++)
				put_row(out, c, &c->rows[b], at[b]);
	}
}

/* --- running ---------------------------------------------------------------------------------- */

struct totals {
	uint64_t records, rejected, rows;
	double seconds;
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int run_feed(struct feed *f, struct hub_buf *out, struct totals *t)
{
	HUB_AUTO(arena) struct hub_arena *arena = hub_arena_new(0);
	int rc;

	while ((rc = hub_source_next(f->source, f->batch, &f->err)) == HUB_OK) {
		struct hub_chunk c = {.arena = arena, .input = HUB_STR("sample.csv")};
		if (!f->bound && (rc = bind_feed(f)))
			return rc;
		const double from = cpu_seconds();
		if ((rc = hub_map_keys(f->bound, f->batch, &c, f->findings, &f->err)) ||
		    (rc = hub_map_rows(f->bound, f->batch, &c, f->findings, &f->err)))
			return rc;
		t->seconds += cpu_seconds() - from;
		t->records += c.n;
		for (uint32_t r = 0; r < c.n; r++)
			t->rejected += c.fate[r] == HUB_FATE_REJECTED;
		for (uint32_t b = 0; b < c.blocks; b++)
			t->rows += c.rows[b].n;
		if (out)
			put_chunk(out, &c);
		if (out && out->len > 1 << 20) {
			fwrite(out->ptr, 1, out->len, stdout);
			hub_buf_reset(out);
		}
		hub_batch_reset(f->batch);
		hub_arena_reset(arena);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int run_command(const char *what, const char *mapping, const char *path)
{
	struct totals t = {0};
	struct feed f;
	struct hub_buf out;
	const int dump = strcmp(what, "dump") == 0;

	hub_buf_init(&out, (size_t)1 << 30);
	int rc = open_feed(&f, mapping, path);
	if (rc == HUB_OK)
		rc = run_feed(&f, dump ? &out : NULL, &t);
	if (rc)
		hub_err_print(stderr, &f.err);
	else if (dump)
		fwrite(out.ptr, 1, out.len, stdout);
	else
		printf("%llu records, %llu rejected, %llu rows, %.0f records/s\n",
		       (unsigned long long)t.records, (unsigned long long)t.rejected,
		       (unsigned long long)t.rows, (double)t.records / t.seconds);
	hub_buf_reset(&out);
	hub_findings_json(f.findings, &out);
	fwrite(out.ptr, 1, out.len, stderr);
	hub_buf_free(&out);
	close_feed(&f);
	return rc ? 1 : 0;
}

/* --- the samples ------------------------------------------------------------------------------ */

static const char *sample_of(struct hub_arena *a, const char *folder)
{
	static const char *const names[] = {"sample.csv", "sample.json", "sample.xml",
					    "sample.vtt", "sample.xlsx", "sample.docx",
					    "sample.txt"};

	for (size_t i = 0; i < HUB_COUNT(names); i++) {
		const struct hub_str p = hub_arena_printf(a, "%s/%s", folder, names[i]);
		if (access(p.ptr, R_OK) == 0)
			return p.ptr;
	}
	return NULL;
}

static void check_folder(const char *name, unsigned *done)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(buf) struct hub_buf got;
	const struct hub_str folder = hub_arena_printf(a, "mappings/%s", name);
	const char *mapping = hub_arena_printf(a, "%s/mapping.cfg", folder.ptr).ptr,
		   *expected = hub_arena_printf(a, "%s/expected.jsonl", folder.ptr).ptr,
		   *sample = sample_of(a, folder.ptr);
	struct totals t = {0};
	struct hub_str want;
	struct feed f;

	hub_buf_init(&got, 64 << 20);
	if (access(mapping, R_OK))
		return;
	if (!sample)
		fail_msg("%s has no sample", folder.ptr);
	if (open_feed(&f, mapping, sample) || run_feed(&f, &got, &t))
		fail_msg("%s: %s", folder.ptr, f.err.what);
	if (hub_file_read(a, expected, 64 << 20, &want, &f.err))
		fail_msg("%s", f.err.what);
	for (size_t i = 0, line = 1; i < got.len || i < want.len; i++) {
		if (i == got.len || i == want.len || got.ptr[i] != want.ptr[i])
			fail_msg("%s: line %zu of the output differs from expected.jsonl",
				 folder.ptr, line);
		line += got.ptr[i] == '\n';
	}
	close_feed(&f);
	++*done;
}

static void samples_give_what_is_expected(void **state)
{
	DIR *d = opendir("mappings");
	unsigned done = 0;

	(void)state;
	assert_non_null(d);
	for (const struct dirent *e; (e = readdir(d));)
		if (e->d_name[0] != '.')
			check_folder(e->d_name, &done);
	closedir(d);
	assert_true(done > 0);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(samples_give_what_is_expected),
	};

	if (argc == 4)
		return run_command(argv[1], argv[2], argv[3]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
