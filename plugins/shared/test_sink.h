/* For the tests of sinks that write files: a sink opened through the real host into a folder of its
 * own, batches from literals, and the bytes that came out. */
#ifndef PLUGINS_SHARED_TEST_SINK_H
#define PLUGINS_SHARED_TEST_SINK_H

#include "test.h"

#include "base/io.h"
#include "plugin/batch.h"
#include "plugin/host.h"
#include "plugin/option.h"

#include <dirent.h>
#include <ftw.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct sink {
	struct hub_arena *arena;
	struct hub_options opts;
	struct hub_instance *inst;
	struct hub_batch *b;
	struct hub_err err;
	char folder[32], path[300]; /* path: what the option got */
};

/* Cells that are no text, for sink_fill(). */
static const char cell_null[] = "NULL", cell_absent[] = "ABSENT", cell_invalid[] = "INVALID";

static inline void sink_init(struct sink *s)
{
	*s = (struct sink){
	    .arena = hub_arena_new(0), .b = hub_batch_new(0), .folder = "/tmp/sinkXXXXXX"};
	assert_true(s->arena && s->b && mkdtemp(s->folder));
}

/* options: "name=value" ..., NULL-ended. path NULL: folder/name. */
static inline int sink_try(struct sink *s, const char *path, const char *name,
			   const char *const *options)
{
	const struct hub_plugin *p = hub_plugin_get(0);
	int rc;

	snprintf(s->path, sizeof s->path, "%s/%s", s->folder, name);
	if (path)
		snprintf(s->path, sizeof s->path, "%s", path);
	if ((rc = hub_options_init(&s->opts, s->arena, p, &s->err)) ||
	    (rc = hub_options_set(&s->opts, HUB_STR("path"), hub_str_of(s->path), &s->err)))
		return rc;
	for (; options && *options; options++) {
		const char *eq = strchr(*options, '=');
		const struct hub_str key = {*options, (size_t)(eq - *options)};
		assert_int_equal(hub_options_set(&s->opts, key, hub_str_of(eq + 1), &s->err),
				 HUB_OK);
	}
	if ((rc = hub_options_finish(&s->opts, &s->err)))
		return rc;
	return hub_instance_open(p, s->opts.conf, (struct hub_str){0}, &s->inst, &s->err);
}

static inline void sink_open(struct sink *s, const char *name, const char *const *options)
{
	if (sink_try(s, NULL, name, options))
		fail_msg("open: %s", s->err.what);
}

/* A batch of one entity; column names and cells as they are written here, row by row. */
static inline void sink_fill(struct sink *s, const char *table, uint32_t cols,
			     const char *const *names, uint32_t rows, const char *const *cells)
{
	uint32_t at;

	hub_batch_reset(s->b);
	for (uint32_t c = 0; c < cols; c++)
		assert_int_equal(hub_batch_column(s->b, hub_str_of(names[c]), &at), HUB_OK);
	assert_int_equal(hub_batch_rows(s->b, rows), HUB_OK);
	s->b->table = hub_str_of(table);
	for (uint32_t i = 0; i < rows * cols; i++) {
		struct hub_col *col = &s->b->col[i % cols];
		const uint32_t r = i / cols;
		col->cell[r] = cells[i] == cell_null      ? HUB_NULL
			       : cells[i] == cell_absent  ? HUB_ABSENT
			       : cells[i] == cell_invalid ? HUB_INVALID
							  : HUB_VALUE;
		col->text[r] = hub_str_of(cells[i]);
	}
}

/* What the gate did to one cell of the batch. */
static inline void sink_shown(struct sink *s, uint32_t c, uint32_t r, uint8_t shown)
{
	struct hub_col *col = &s->b->col[c];

	if (!col->shown)
		col->shown = hub_alloc0(hub_batch_arena(s->b), s->b->rows);
	assert_non_null(col->shown);
	col->shown[r] = shown;
}

static inline int sink_write(struct sink *s)
{
	return hub_sink_write(s->inst, s->b, &s->err);
}

static inline int sink_commit(struct sink *s)
{
	return hub_sink_commit(s->inst, &s->err);
}

/* The strings of the injection suite, in the arena; NULL when the suite is not there. */
static inline const char **sink_naughty(struct hub_arena *a, uint32_t *n)
{
	const char *data = getenv("SHARED_DATA");
	char path[400];

	snprintf(path, sizeof path, "%s/injection/blns.json", data ? data : "");
	json_t *all = json_load_file(path, JSON_ALLOW_NUL, NULL);
	if (!all)
		return NULL;
	*n = (uint32_t)json_array_size(all);
	const char **out = hub_alloc_array(a, *n, sizeof *out);
	assert_non_null(out);
	for (uint32_t i = 0; i < *n; i++)
		out[i] = hub_arena_cstr(a, hub_str_of(json_string_value(json_array_get(all, i))));
	json_decref(all);
	return out;
}

/* Names in the folder, sorted, each followed by a blank. */
static inline struct hub_str sink_files(const struct sink *s)
{
	struct dirent **list;
	const int n = scandir(s->folder, &list, NULL, alphasort);
	struct hub_str all = HUB_STR("");

	assert_true(n >= 0);
	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.')
			all = hub_arena_printf(s->arena, "%.*s%s ", HUB_FMT(all), list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return all;
}

static inline struct hub_str sink_read(struct sink *s, const char *name)
{
	struct hub_str out = {0};
	char path[400];

	snprintf(path, sizeof path, "%s/%s", s->folder, name);
	if (hub_file_read(s->arena, path, 64 << 20, &out, &s->err))
		fail_msg("%s", s->err.what);
	return out;
}

static inline void sink_close(struct sink *s)
{
	hub_instance_close(s->inst);
	s->inst = NULL;
}

static inline int sink_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void sink_free(struct sink *s)
{
	sink_close(s);
	nftw(s->folder, sink_remove, 8, FTW_DEPTH | FTW_PHYS);
	hub_batch_free(s->b);
	hub_arena_free(s->arena);
}

static inline void assert_mode_0600(const struct sink *s, const char *name)
{
	char path[400];
	struct stat st;

	snprintf(path, sizeof path, "%s/%s", s->folder, name);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

#endif
