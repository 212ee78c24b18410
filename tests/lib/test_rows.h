/* Chunks made by hand for tests of the store: a feed of notes, each with its person (shared by key),
 * one or two activities (owned), and staff referred to by key. Stands for the mapping. */
#ifndef TESTS_LIB_TEST_ROWS_H
#define TESTS_LIB_TEST_ROWS_H

#include "test_store.h"

#include "base/err.h"
#include "base/io.h"
#include "store/counts.h"
#include "store/db.h"
#include "store/store.h"

enum { TITLE = 2 };

struct src {
	const char *key, *person, *name, *phone, *body, *body2, *staff, *latest;
	int reject; /* TITLE: no record at all */
};

struct feed {
	struct hub_arena *arena;
	const struct hub_schema *schema;
	enum hub_shared shared;
	uint32_t chunk;      /* records per chunk */
	const char *mapping; /* version */
	uint64_t *match;     /* per source record; may be NULL */
	int no_staff;        /* another mapping: without staff, only one activity */
	const char *prefix;  /* another mapping: in front of every record's key; may be NULL */
	void (*meanwhile)(
	    uint64_t seq); /* what happens behind a chunk, before the next; may be NULL */
};

static inline struct hub_str cell_text(const char *z)
{
	return hub_str_of(z ? z : "");
}

static inline void set_cell(struct hub_vec *v, uint32_t r, const char *z)
{
	v->cell[r] = z ? z[0] ? HUB_VALUE : HUB_NULL : HUB_ABSENT;
	v->text[r] = cell_text(z);
	if (z && strcmp(z, "?") == 0)
		v->cell[r] = HUB_INVALID;
}

static inline struct hub_vec make_vec(struct hub_arena *a, uint32_t n)
{
	return (struct hub_vec){hub_alloc_array(a, n + 1, 1),
				hub_alloc_array(a, n + 1, sizeof(struct hub_str))};
}

static inline const struct hub_field *field_of(const struct hub_entity *e, const char *name)
{
	const struct hub_field *f = hub_schema_field(e, hub_str_of(name));

	assert_non_null(f);
	return f;
}

static inline void make_columns(struct hub_arena *a, struct hub_rows *rows,
				const char *const *names, uint32_t cols, uint32_t n)
{
	const struct hub_field **f = hub_alloc_array(a, cols, sizeof(struct hub_field *));

	rows->cols = cols;
	rows->src = hub_alloc_array(a, n + 1, sizeof *rows->src);
	rows->col = hub_alloc_array(a, cols, sizeof *rows->col);
	rows->own_block = hub_alloc_array(a, cols, sizeof *rows->own_block);
	for (uint32_t c = 0; c < cols; c++) {
		f[c] = field_of(rows->entity, names[c]);
		rows->col[c] = make_vec(a, n);
		rows->own_block[c] = HUB_NO_BLOCK;
	}
	rows->field = f;
}

static inline void map_person(const struct feed *f, const struct src *s, struct hub_chunk *c)
{
	static const char *const names[] = {"name", "phone"};
	struct hub_rows *rows = &c->rows[0];

	*rows = (struct hub_rows){.entity = hub_schema_entity(f->schema, HUB_STR("person")),
				  .block = 0,
				  .shared = f->shared};
	make_columns(c->arena, rows, names, 2, c->n);
	rows->key = make_vec(c->arena, c->n);
	rows->latest = make_vec(c->arena, c->n);
	rows->match = hub_alloc_array(c->arena, c->n + 1, sizeof *rows->match);
	for (uint32_t i = 0; i < c->n; i++) {
		if (c->fate[i] != HUB_FATE_OPEN || !s[i].person)
			continue;
		const uint32_t r = rows->n++;
		rows->src[r] = i;
		set_cell(&rows->key, r, s[i].person);
		set_cell(&rows->latest, r, s[i].latest);
		set_cell(&rows->col[0], r, s[i].name);
		set_cell(&rows->col[1], r, s[i].phone);
		rows->match[r] = s[i].name ? hub_hash64(hub_str_of(s[i].name)) >> 1 : 0;
	}
}

static inline void map_activity(const struct feed *f, const struct src *s, struct hub_chunk *c)
{
	static const char *const names[] = {"person", "body", "staff", "duration_min"};
	struct hub_rows *rows = &c->rows[1];

	*rows = (struct hub_rows){.entity = hub_schema_entity(f->schema, HUB_STR("activity")),
				  .block = 1};
	make_columns(c->arena, rows, names, f->no_staff ? 2 : 4, 2 * c->n);
	rows->own_block[0] = 0;
	rows->key = (struct hub_vec){NULL, NULL};
	for (uint32_t i = 0; i < c->n; i++)
		for (int second = 0; second < 2; second++) {
			const char *body = second ? s[i].body2 : s[i].body;
			if (c->fate[i] != HUB_FATE_OPEN || !body || (second && f->no_staff))
				continue;
			const uint32_t r = rows->n++;
			rows->src[r] = i;
			set_cell(&rows->col[0], r, "");
			set_cell(&rows->col[1], r, body);
			if (f->no_staff)
				continue;
			set_cell(&rows->col[2], r, s[i].staff ? s[i].staff : "");
			set_cell(&rows->col[3], r, second ? "?" : "30");
		}
}

static inline void map_rows(const struct feed *f, const struct src *s, struct hub_chunk *c)
{
	c->blocks = 2;
	c->rows = hub_alloc_array(c->arena, 2, sizeof *c->rows);
	map_person(f, s, c);
	map_activity(f, s, c);
}

static inline void hash_part(struct hub_hash *h, const char *z)
{
	*h = hub_hash128(hub_str_of(z ? z : "\x01"), *h);
}

/* The keys step of the mapping. at: index of the first record in the whole source. */
static inline void make_chunk(const struct feed *f, const struct src *s, uint32_t n, uint64_t seq,
			      uint64_t at, struct hub_chunk *c)
{
	struct hub_arena *a = c->arena;
	struct hub_prov *prov = hub_alloc_array(a, n + 1, sizeof *prov);

	c->seq = seq;
	memcpy(c->id, &seq, sizeof seq);
	c->byte = at * 100;
	c->bytes = n * 100;
	c->pos = hub_arena_printf(a, "%llu", (unsigned long long)(at + n));
	c->n = n;
	c->prov = prov;
	c->key = hub_alloc_array(a, n + 1, sizeof *c->key);
	c->hash = hub_alloc_array(a, n + 1, sizeof *c->hash);
	c->raw = hub_alloc_array(a, n + 1, sizeof *c->raw);
	c->fate = hub_alloc_array(a, n + 1, 1);
	c->code = hub_alloc_array(a, n + 1, sizeof(char *));
	c->reason = hub_alloc_array(a, n + 1, sizeof *c->reason);
	c->column = hub_alloc_array(a, n + 1, sizeof *c->column);
	for (uint32_t i = 0; i < n; i++) {
		prov[i] = (struct hub_prov){
		    .row = at + i + 1, .line = at + i + 2, .byte = (at + i) * 100};
		c->key[i] = f->prefix ? hub_arena_printf(a, "%s%s", f->prefix, s[i].key)
				      : cell_text(s[i].key);
		c->raw[i] = hub_arena_printf(a, "%s,%s,%s", s[i].key, s[i].name ? s[i].name : "",
					     s[i].body ? s[i].body : "");
		c->hash[i] = (struct hub_hash){1, hub_hash64(hub_str_of(f->mapping))};
		hash_part(&c->hash[i], s[i].person);
		hash_part(&c->hash[i], s[i].name);
		hash_part(&c->hash[i], s[i].phone);
		hash_part(&c->hash[i], s[i].body);
		hash_part(&c->hash[i], s[i].body2);
		hash_part(&c->hash[i], s[i].staff);
		hash_part(&c->hash[i], s[i].latest);
		if (s[i].reject == TITLE)
			c->fate[i] = HUB_FATE_HEADER;
		else if (s[i].reject) {
			c->fate[i] = HUB_FATE_REJECTED;
			c->code[i] = "bad-date";
			c->reason[i] = HUB_STR("not a date");
			c->column[i] = HUB_STR("日付");
		}
	}
}

/* A content hash that follows the records, as the hash of a file would. */
static inline struct hub_str content_of_all(struct hub_arena *a, const struct src *s, uint32_t n)
{
	struct hub_hash h = {7, 7};

	for (uint32_t i = 0; i < n; i++) {
		const char *const part[] = {s[i].key,  s[i].person, s[i].name,  s[i].phone,
					    s[i].body, s[i].body2,  s[i].staff, s[i].latest};
		for (size_t p = 0; p < HUB_COUNT(part); p++)
			hash_part(&h, part[p]);
	}
	return hub_arena_printf(a, "%016llx%016llx", (unsigned long long)h.hi,
				(unsigned long long)h.lo);
}

static inline void zero_counts(struct hub_arena *a, const struct hub_schema *s,
			       struct hub_counts *n)
{
	*n = (struct hub_counts){.entity = hub_alloc_array(a, s->n_entities, sizeof *n->entity)};
}

/* Runs the source through the store. stop_after: chunks, then the run is left as it is (0: to the end).
 * The spec's feed, content and mapping are filled in when empty. */
static inline int run_source(const struct feed *f, struct hub_store *store,
			     struct hub_run_spec spec, const struct src *s, uint32_t n,
			     uint64_t stop_after, struct hub_run *run, struct hub_counts *counts,
			     struct hub_err *err)
{
	struct hub_arena *a = hub_arena_new(0);
	uint64_t at = 0;
	int rc;

	if (!spec.feed.len)
		spec.feed = HUB_STR("notes");
	if (!spec.content.len)
		spec.content = content_of_all(f->arena, s, n);
	if (!spec.mapping.len)
		spec.mapping = hub_str_of(f->mapping);
	*run = (struct hub_run){0};
	zero_counts(f->arena, f->schema, counts);
	rc = hub_run_begin(store, &spec, run, counts, err);
	if (rc || run->unchanged) {
		hub_arena_free(a);
		return rc;
	}
	if (run->pos.len) {
		int64_t pos;
		assert_int_equal(hub_parse_i64(run->pos, 0, n, &pos), 0);
		at = (uint64_t)pos;
	}
	for (uint64_t seq = run->next_seq, done = 0; !rc && at < n; seq++, done++) {
		const uint32_t len = n - at < f->chunk ? (uint32_t)(n - at) : f->chunk;
		struct hub_chunk c = {.arena = a};

		if (stop_after && done == stop_after) {
			hub_arena_free(a);
			return HUB_OK;
		}
		hub_arena_reset(a);
		make_chunk(f, s + at, len, seq, at, &c);
		rc = hub_chunk_classify(store, run, &c, err);
		for (int turn = 0; !rc && turn < 20; turn++) {
			map_rows(f, s + at, &c);
			rc = hub_chunk_write(store, run, &c, counts, err);
			if (rc != HUB_IDLE)
				break;
			rc = HUB_OK;
		}
		at += len;
		if (!rc && f->meanwhile)
			f->meanwhile(seq);
	}
	hub_arena_free(a);
	const int end = hub_run_end(store, run, rc ? HUB_RUN_INTERRUPTED : HUB_RUN_DONE, counts,
				    HUB_STR("[]"), rc ? NULL : err);
	return rc ? rc : end;
}

/* --- a store of its own for every test ---------------------------------------------------------- */

static struct {
	struct hub_arena *arena;
	struct test_store at;
	struct hub_store *store;
	struct hub_err err;
	struct feed feed;
	struct hub_run run;
	struct hub_counts n;
} fx;

static inline int open_store(unsigned flags)
{
	return hub_store_open(fx.arena, fx.at.url, flags, fx.feed.schema, &fx.store, &fx.err);
}

static inline int setup(void **state)
{
	(void)state;
	memset(&fx, 0, sizeof fx);
	fx.arena = hub_arena_new((size_t)1 << 30);
	if (test_store_make(&fx.at))
		return -1;
	fx.feed = (struct feed){
	    .arena = fx.arena, .shared = HUB_SHARED_LAST, .chunk = 3, .mapping = "m1"};
	if (hub_schema_load(fx.arena, "schemas/common-case.cfg", NULL, &fx.feed.schema, NULL,
			    &fx.err))
		return -1;
	return open_store(HUB_OPEN_CREATE);
}

static inline int teardown(void **state)
{
	(void)state;
	hub_store_close(fx.store);
	const int left = test_store_remove(&fx.at);
	hub_arena_free(fx.arena);
	return left;
}

static inline int load(const struct src *s, uint32_t n)
{
	const struct hub_run_spec spec = {.actor = HUB_STR("test")};

	return run_source(&fx.feed, fx.store, spec, s, n, 0, &fx.run, &fx.n, &fx.err);
}

static inline int load_full(const struct src *s, uint32_t n, int limit, int end)
{
	const struct hub_run_spec spec = {.full = 1, .vanish_limit = limit, .end_vanished = end};

	return run_source(&fx.feed, fx.store, spec, s, n, 0, &fx.run, &fx.n, &fx.err);
}

static inline int64_t one(const char *sql)
{
	int64_t v = -1;

	const int rc = hub_db_one(hub_store_db(fx.store), &v, &fx.err, sql, "");
	if (rc < 0)
		fail_msg("%s: %s", sql, fx.err.what);
	return v;
}

static inline struct hub_str text(const char *sql)
{
	struct hub_query *q = NULL;
	struct hub_str s = {NULL, 0};

	assert_int_equal(hub_db_query(hub_store_db(fx.store), &q, &fx.err, sql, ""), 0);
	if (hub_db_next(q, &fx.err) == HUB_OK)
		s = hub_db_dup(fx.arena, q, 0);
	hub_db_done(q);
	return s;
}

/* Everything that the mapping made, and the records, as one number. */
static inline uint64_t checksum(void)
{
	static const char *const tables[] = {
	    "SELECT id, feed_id, key, hash, state, refs, raw FROM record ORDER BY id",
	    "SELECT * FROM cc_person ORDER BY id", "SELECT * FROM cc_activity ORDER BY id",
	    "SELECT * FROM cc_staff ORDER BY id"};
	struct hub_hash h = {0, 0};

	for (size_t t = 0; t < HUB_COUNT(tables); t++) {
		struct hub_query *q = NULL;
		assert_int_equal(hub_db_query(hub_store_db(fx.store), &q, &fx.err, tables[t], ""),
				 0);
		while (hub_db_next(q, &fx.err) == HUB_OK)
			for (uint32_t c = 0; c < q->ops->columns(q); c++) {
				const struct hub_dbval v = hub_db_val(q, c);
				h = hub_hash128((struct hub_str){(const char *)&v.i, sizeof v.i},
						h);
				h = hub_hash128(v.s, h);
			}
		hub_db_done(q);
	}
	return h.hi;
}

static inline const struct hub_entity_count *count_of(const char *entity)
{
	return &fx.n.entity[hub_schema_entity(fx.feed.schema, hub_str_of(entity))->index];
}

#define A1                                                                            \
	{                                                                             \
		"1", "P1", "山田 太郎", "0311112222", "訪問した", NULL, "S1", NULL, 0 \
	}
#define A2                                                                                      \
	{                                                                                       \
		"2", "P1", "山田 太郎", "0311112222", "電話した", "再度電話した", "S1", NULL, 0 \
	}
#define A3                                                                            \
	{                                                                             \
		"3", "P2", "佐藤 花子", "0333334444", "来所した", NULL, "S2", NULL, 0 \
	}
#define A4                                                                              \
	{                                                                               \
		"4", "P2", "佐藤 花子", "0333334444", "会議をした", NULL, NULL, NULL, 0 \
	}
#define A5                                                                \
	{                                                                 \
		"5", "P3", "鈴木 一郎", "", "見守り", NULL, "S1", NULL, 0 \
	}

static const struct src five[] = {A1, A2, A3, A4, A5};

static inline void assert_counts(uint64_t created, uint64_t changed, uint64_t same,
				 uint64_t repeated, uint64_t rejected)
{
	assert_int_equal(fx.n.fate[HUB_FATE_NEW], created);
	assert_int_equal(fx.n.fate[HUB_FATE_CHANGED], changed);
	assert_int_equal(fx.n.fate[HUB_FATE_SAME], same);
	assert_int_equal(fx.n.fate[HUB_FATE_REPEATED], repeated);
	assert_int_equal(fx.n.fate[HUB_FATE_REJECTED], rejected);
	assert_true(hub_counts_ok(&fx.n, fx.feed.schema));
}

#endif
