/* libFuzzer target: the csv source on any bytes, through the real host. The first byte chooses
 * options. Checked besides memory: places of rows follow each other without a gap, cells lie in
 * memory that can be read, and a record cut from a longer text is the record of the shorter one. */
#include "../../plugins/source-csv/split.h"
#include "plugin/host.h"
#include "plugin/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void check(int fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "broken promise: %s\n", what);
	abort();
}

static void set(struct hub_options *o, const char *name, const char *value)
{
	struct hub_err err;

	check(hub_options_set(o, hub_str_of(name), hub_str_of(value), &err) == HUB_OK, name);
}

static void choose(struct hub_options *o, uint8_t bits)
{
	static const char *const encodings[] = {"auto", "cp932", "utf-16le", "iso-2022-jp"};

	set(o, "header", bits & 1 ? "1" : "0");
	if (bits & 2)
		set(o, "tolerant", "true");
	if (bits & 4)
		set(o, "trim", "true");
	if (bits & 8)
		set(o, "delimiter", "|");
	if (bits & 16)
		set(o, "comment", "#");
	set(o, "encoding", encodings[bits >> 5 & 3]);
	set(o, "batch_rows", bits & 128 ? "1" : "8192");
	set(o, "field_limit", "1024");
	set(o, "batch_bytes", "64k");
}

static void read_all(struct hub_instance *inst, struct hub_batch *b)
{
	struct hub_err err = {0};
	uint64_t next = 0, row = 0;
	volatile char sink = 0;
	int rc;

	while ((rc = hub_source_next(inst, b, &err)) == HUB_OK) {
		for (uint32_t r = 0; r < b->rows; r++) {
			check(next == 0 || b->prov[r].byte >= next, "rows overlap");
			check(b->prov[r].row > row, "rows are out of order");
			next = b->prov[r].byte + b->prov[r].len;
			row = b->prov[r].row;
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

static void through_plugin(const uint8_t *data, size_t n)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(instance) struct hub_instance *inst = NULL;
	struct hub_options o;
	struct hub_err err = {0};
	char path[64];
	const int fd = memfd_create("csv", MFD_CLOEXEC);

	check(fd != -1 && write(fd, data + 1, n - 1) == (ssize_t)(n - 1), "memfd");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	check(hub_options_init(&o, a, hub_plugin_get(0), &err) == HUB_OK, "options");
	set(&o, "path", path);
	choose(&o, data[0]);
	if (hub_instance_open(o.plugin, o.conf, (struct hub_str){0}, &inst, &err) == HUB_OK)
		read_all(inst, b);
	close(fd);
}

/* What is complete in a part of the text does not change when more comes. */
static void in_parts(const uint8_t *data, size_t n)
{
	static struct split_field one[64], two[64];
	struct split_record r = {.field = one, .cap = 64}, s = {.field = two, .cap = 64};
	const struct split_text whole = {.base = (const char *)data, .len = n, .last = 1};
	struct split_dialect d;

	split_dialect_init(&d, HUB_STR(","), '"', (struct hub_str){0});
	for (size_t at = 0, steps = 0; at < n && steps < 64; at = r.end, steps++) {
		const int rc = split_record(&d, &whole, at, &r);
		if (rc == SPLIT_BAD)
			r.end = split_next_line(&d, &whole, at);
		const struct split_text part = {.base = whole.base, .len = at + (n - at) / 2};
		if (part.len <= at || split_record(&d, &part, at, &s) != SPLIT_OK)
			continue;
		check(rc == SPLIT_OK && s.end == r.end && s.n == r.n, "a part reads otherwise");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n == 0)
		return 0;
	in_parts(data + 1, n - 1);
	through_plugin(data, n);
	return 0;
}
