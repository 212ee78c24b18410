/* Pieces of what a source delivers: nothing lost or doubled, however long they are, and from the position of each one
 * goes on behind it. */
#include "test.h"

#include "base/err.h"
#include "base/io.h"
#include "intake/reader.h"

#include <stdlib.h>
#include <unistd.h>

enum { RECORDS = 1000 };

struct feed {
	struct hub_arena *a;
	struct hub_intake in;
	struct hub_err err;
	char path[64];
};

static void make_file(struct feed *f)
{
	HUB_AUTO(buf) struct hub_buf text;

	hub_buf_init(&text, 1 << 20);
	hub_buf_puts(&text, "a,b\n");
	for (int i = 0; i < RECORDS; i++)
		hub_buf_printf(&text, "%d,%s\n", i, i % 3 ? "\"two\nlines\"" : "");
	snprintf(f->path, sizeof f->path, "/tmp/test_reader.%ld.csv", (long)getpid());
	assert_int_equal(hub_file_write(f->path, hub_buf_text(&text), &f->err), HUB_OK);
}

static int open_feed(void **state)
{
	static const struct hub_str name = {"batch_rows", 10}, value = {"300", 3};
	static const char mapping[] =
	    "mapping: { name = \"t\"; system = \"s\"; source: { plugin = \"csv\"; };\n"
	    "  header = (\"a\", \"b\"); key = \"a\"; };\n"
	    "person: { key = \"a\"; name = \"b\"; };\n";
	struct feed *f = calloc(1, sizeof *f);
	const char *build = getenv("BUILD");
	const struct hub_schema *schema;
	struct hub_mapping *m;

	assert_non_null(f);
	f->a = hub_arena_new(0);
	struct hub_report *report = hub_report_new(f->a);
	struct hub_plugins *plugins = hub_plugins_new(f->a);
	const struct hub_str dir = hub_arena_printf(f->a, "%s/plugins", build ? build : "build");
	assert_int_equal(
	    hub_schema_load(f->a, "schemas/common-case.cfg", NULL, &schema, report, &f->err),
	    HUB_OK);
	assert_int_equal(
	    hub_mapping_load_text(f->a, "t.cfg", hub_str_of(mapping), schema, report, &m, &f->err),
	    HUB_OK);
	assert_int_equal(hub_plugins_load(plugins, dir.ptr, &f->err), HUB_OK);
	make_file(f);
	f->in = (struct hub_intake){.schema = schema,
				    .plugins = plugins,
				    .mapping = m,
				    .path = f->path,
				    .option_name = &name,
				    .option_value = &value,
				    .options = 1};
	*state = f;
	return 0;
}

static int close_feed(void **state)
{
	struct feed *f = *state;

	unlink(f->path);
	hub_arena_free(f->a);
	free(f);
	return 0;
}

/* Record r of the batch is number n of the file. */
static void is_record(const struct hub_batch *b, uint32_t r, uint32_t n)
{
	char want[16];

	snprintf(want, sizeof want, "%u", n);
	assert_str(b->col[0].text[r], want);
	assert_int_equal(b->prov[r].row, n + 2);
	assert_int_equal(b->col[1].cell[r], n % 3 ? HUB_VALUE : HUB_NULL);
	if (n % 3)
		assert_str(b->col[1].text[r], "two\nlines");
	assert_true(b->raw[r].len > 1);
}

/* What comes behind a position, in pieces of another length. */
static void goes_on(struct feed *f, struct hub_str pos, uint32_t n)
{
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct hub_reader r;

	assert_int_equal(hub_reader_open(&r, f->a, &f->in, pos, &f->err), HUB_OK);
	const int rc = hub_reader_next(&r, 5, &b, &f->err);
	assert_int_equal(rc, n < RECORDS ? HUB_OK : HUB_END);
	if (n < RECORDS)
		is_record(b, 0, n);
	hub_reader_close(&r);
}

static void pieces_of_any_length(void **state)
{
	static const uint32_t most[] = {64, 1, 0, 7, 150, 128, 301, 0, 99};
	struct feed *f = *state;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct hub_reader r;
	uint32_t n = 0;
	int rc;

	assert_int_equal(hub_reader_open(&r, f->a, &f->in, (struct hub_str){NULL, 0}, &f->err),
			 HUB_OK);
	for (size_t i = 0;; i++) {
		const uint32_t limit = most[i % HUB_COUNT(most)];

		if ((rc = hub_reader_next(&r, limit, &b, &f->err)) != HUB_OK)
			break;
		assert_true(b->rows && b->rows <= (limit ? limit : 300));
		for (uint32_t k = 0; k < b->rows; k++)
			is_record(b, k, n + k);
		n += b->rows;
		goes_on(f, b->pos, n);
	}
	assert_int_equal(rc, HUB_END);
	assert_int_equal(n, RECORDS);
	hub_reader_close(&r);
}

static void positions_that_cannot_be(void **state)
{
	static const char *const bad[] = {"+", "+x 1 2", "+-1 1 2"};
	struct feed *f = *state;
	struct hub_reader r;

	for (size_t i = 0; i < HUB_COUNT(bad); i++) {
		assert_int_equal(hub_reader_open(&r, f->a, &f->in, hub_str_of(bad[i]), &f->err),
				 HUB_INTEGRITY);
		hub_reader_close(&r);
	}
	/* the file has become shorter */
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	assert_int_equal(hub_reader_open(&r, f->a, &f->in, HUB_STR("+1001 "), &f->err), HUB_OK);
	assert_int_equal(hub_reader_next(&r, 0, &b, &f->err), HUB_REJECT);
	hub_reader_close(&r);
}

static void chunks_are_long_while_little_changes(void **state)
{
	uint8_t fate[100] = {0};
	struct hub_chunk c = {.n = 100, .fate = fate};

	(void)state;
	memset(fate, HUB_FATE_SAME, sizeof fate);
	memset(fate, HUB_FATE_OPEN, 16);
	assert_int_equal(hub_reader_length(512, 64, &c), 1024);
	fate[99] = HUB_FATE_OPEN;
	assert_int_equal(hub_reader_length(512, 64, &c), 64);
	assert_int_equal(hub_reader_length(64, 64, &c), 64);
	memset(fate, HUB_FATE_SAME, sizeof fate);
	assert_int_equal(hub_reader_length(1 << 16, 64, &c), 1 << 16);
}

static void every_allocation_may_fail(void **state)
{
	struct feed *f = *state;
	unsigned long k = 0;
	int rc;

	do {
		HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
		HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
		struct hub_reader r = {0};

		hub_fault_arm(++k);
		rc = hub_reader_open(&r, a, &f->in, HUB_STR("+10 "), &f->err);
		for (int i = 0; !rc && i < 3; i++)
			rc = hub_reader_next(&r, 40, &b, &f->err);
		hub_fault_arm(0);
		hub_reader_close(&r);
	} while (rc);
	assert_true(k > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pieces_of_any_length),
	    cmocka_unit_test(positions_that_cannot_be),
	    cmocka_unit_test(chunks_are_long_while_little_changes),
	    cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, open_feed, close_feed);
}
