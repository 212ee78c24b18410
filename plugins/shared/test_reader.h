/* For the tests of sources: reads a file or a text through the real host into one string that a
 * person can compare. Rows are "row@line:cell|cell;", NULL cells ~, absent ones nothing behind
 * the last, rejects "row@line!code;", dropped rows "row@line-code;". */
#ifndef PLUGINS_SHARED_TEST_READER_H
#define PLUGINS_SHARED_TEST_READER_H

#include "test.h"

#include "base/buf.h"
#include "base/io.h"
#include "plugin/host.h"
#include "plugin/option.h"
#include "text/encoding.h"

#include <stdlib.h>
#include <unistd.h>

struct reader {
	struct hub_arena *arena;
	struct hub_options opts;
	struct hub_instance *inst;
	struct hub_batch *b;
	struct hub_err err;
};

static inline void reader_close(struct reader *r)
{
	hub_instance_close(r->inst);
	hub_batch_free(r->b);
	hub_arena_free(r->arena);
	r->inst = NULL;
	r->b = NULL;
	r->arena = NULL;
}

/* options: "name=value" ..., NULL-ended. Returns the first failure. */
static inline int reader_open(struct reader *r, const char *path, struct hub_str pos,
			      const char *const *options)
{
	const struct hub_plugin *p = hub_plugin_get(0);
	int rc;

	*r = (struct reader){.arena = hub_arena_new(0), .b = hub_batch_new(0)};
	assert_non_null(r->arena);
	assert_non_null(r->b);
	if ((rc = hub_options_init(&r->opts, r->arena, p, &r->err)) ||
	    (rc = hub_options_set(&r->opts, HUB_STR("path"), hub_str_of(path), &r->err)))
		return rc;
	for (; options && *options; options++) {
		const char *eq = strchr(*options, '=');
		const struct hub_str name = {*options, (size_t)(eq - *options)};
		if ((rc = hub_options_set(&r->opts, name, hub_str_of(eq + 1), &r->err)))
			return rc;
	}
	if ((rc = hub_options_finish(&r->opts, &r->err)))
		return rc;
	return hub_instance_open(p, r->opts.conf, pos, &r->inst, &r->err);
}

/* Next batch with rows: HUB_OK, HUB_END or the failure. */
static inline int reader_next(struct reader *r)
{
	int rc;

	do {
		hub_batch_reset(r->b);
		rc = hub_source_next(r->inst, r->b, &r->err);
	} while (rc == HUB_OK && r->b->rows == 0);
	return rc;
}

static inline void show_row(const struct hub_batch *b, uint32_t row, struct hub_buf *out)
{
	uint32_t n = b->cols;

	hub_buf_printf(out, "%llu@%llu", (unsigned long long)b->prov[row].row,
		       (unsigned long long)b->prov[row].line);
	if (b->verdict[row] == HUB_ROW_REJECT || b->verdict[row] == HUB_ROW_DROP) {
		hub_buf_printf(out, "%c%s;", b->verdict[row] == HUB_ROW_REJECT ? '!' : '-',
			       b->code[row]);
		return;
	}
	while (n > 0 && b->col[n - 1].cell[row] == HUB_ABSENT)
		n--;
	for (uint32_t c = 0; c < n; c++) {
		hub_buf_putc(out, c ? '|' : ':');
		if (b->col[c].cell[row] == HUB_NULL)
			hub_buf_putc(out, '~');
		else
			hub_buf_str(out, b->col[c].text[row]);
	}
	hub_buf_putc(out, ';');
}

/* Everything a reader gives, the error's code at the end if it fails. */
static inline void show_all(struct reader *r, int rc, struct hub_buf *out)
{
	while (rc == HUB_OK && (rc = reader_next(r)) == HUB_OK)
		for (uint32_t i = 0; i < r->b->rows; i++)
			show_row(r->b, i, out);
	if (rc < 0)
		hub_buf_printf(out, "#%s", r->err.code);
}

/* Path of a temporary file with the bytes; the caller unlinks it. */
static inline void write_temp(char path[32], const void *p, size_t n)
{
	memcpy(path, "/tmp/csvXXXXXX", 15);
	const int fd = mkstemp(path);
	assert_true(fd != -1);
	assert_int_equal(hub_write_all(fd, p, n), 0);
	close(fd);
}

/* Reads the text with the options and compares. */
static inline void expect_bytes(const void *p, size_t n, const char *const *options,
				const char *want)
{
	HUB_AUTO(buf) struct hub_buf got;
	struct reader r;
	char path[32];

	hub_buf_init(&got, 1 << 26);
	write_temp(path, p, n);
	const int rc = reader_open(&r, path, (struct hub_str){0}, options);
	show_all(&r, rc, &got);
	unlink(path);
	hub_buf_putc(&got, '\0');
	assert_string_equal(got.ptr, want);
	reader_close(&r);
}

#define EXPECT(text, want, ...) \
	expect_bytes(text, sizeof(text) - 1, (const char *const[]){__VA_ARGS__ NULL}, want)
/* The same with options and without. */
#define READ_WITH(text, want, ...) EXPECT(text, want, __VA_ARGS__, )
#define READ(text, want)           EXPECT(text, want, )

#endif
