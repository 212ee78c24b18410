#include "store/keymap.h"

#include "store/ledger.h"
#include "store/scratch.h"

enum {
	SLOT_BITS = 16, /* 1.5 MiB */
	SLOTS = 1 << SLOT_BITS,
	SLACK = 1024, /* behind the last one: nothing wraps around, so that slots stay in order */
	FULL = SLOTS / 4 * 3,
	MAX_RUNS = 32,    /* each more than twice the next */
	PER_BUCKET = 256, /* a bucket costs 4 bytes of memory, twice while runs become one */
	PIECE = 1024,     /* entries read at a time when runs become one */
	NONE = 1024,
};

/* 4 MiB: with 4 x 10^6 texts one answer in 20 is a yes that should be a no, and costs a look into the runs. */
enum { FILTER_BITS = 25, LINE_BITS = 9, PROBES = 2 };

struct entry {
	struct hub_hash key;
	int64_t value; /* 0: no entry */
};

/* Entries in order of their keys. Hashes spread evenly, so their first bits say where to look. */
struct run {
	struct hub_scratch file;
	uint32_t n, *start; /* by bucket: its first entry; one more at the end */
	unsigned bits;      /* of the number of a bucket */
	size_t filled;      /* buckets whose start is known */
};

struct hub_keymap {
	struct hub_arena *arena;
	struct hub_bits filter;
	struct entry
	    *slot; /* SLOTS + SLACK; entries stand in order, each at its place or behind it */
	uint32_t used, runs;
	uint64_t none[NONE];      /* `hi` of texts lately looked for in vain; 0: not one */
	struct run run[MAX_RUNS]; /* oldest and largest first */
};

static int cmp(const struct hub_hash *a, const struct hub_hash *b)
{
	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;
	return (a->lo > b->lo) - (a->lo < b->lo);
}

/* --- filter ----------------------------------------------------------------------------------- */

/* All probes of a text are in one line of the processor's cache. */
static int64_t probe(const struct hub_hash *key, int i)
{
	const int line_bits = FILTER_BITS - LINE_BITS;
	const uint64_t line = key->hi & (((uint64_t)1 << line_bits) - 1);
	const uint64_t bit = key->hi >> (line_bits + LINE_BITS * i);

	return (int64_t)(line << LINE_BITS | (bit & (((uint64_t)1 << LINE_BITS) - 1)));
}

static int passes(const struct hub_keymap *m, const struct hub_hash *key)
{
	int met = 1;

	for (int i = 0; i < PROBES && met; i++)
		met = hub_bits_get(&m->filter, probe(key, i));
	return met;
}

/* --- runs ------------------------------------------------------------------------------------- */

static void run_close(struct run *r)
{
	hub_scratch_close(&r->file);
	hub_heap_put(r->start);
	*r = (struct run){.file.fd = -1};
}

static int run_open(struct run *r, uint64_t most, struct hub_err *err)
{
	if (most > UINT32_MAX)
		return hub_fail(err, HUB_FATAL, "too-many-keys",
				"more keys in one run than can be told apart");
	while (most >> r->bits > PER_BUCKET || !r->bits)
		r->bits++;
	r->start = hub_heap_get((((size_t)1 << r->bits) + 1) * sizeof *r->start);
	return r->start ? hub_scratch_open(&r->file, err) : hub_fail_mem(err);
}

static void start_buckets(struct run *r, uint64_t last)
{
	while (r->filled <= last)
		r->start[r->filled++] = r->n;
}

static int run_add(struct run *r, const struct entry *e, struct hub_err *err)
{
	start_buckets(r, e->key.hi >> (64 - r->bits));
	r->n++;
	return hub_scratch_add(&r->file, e, sizeof *e, err);
}

static int run_read(const struct run *r, uint32_t at, uint32_t n, struct entry *to,
		    struct hub_err *err)
{
	return hub_scratch_read(&r->file, (uint64_t)at * sizeof *to, to, n * sizeof *to, err);
}

/* The value of the key among entries in order, and whether others of its text are there. 0: not here. */
static int64_t pick(const struct entry *e, uint32_t n, const struct hub_hash *key, int *near)
{
	for (uint32_t i = 0; i < n && e[i].value && e[i].key.hi <= key->hi; i++) {
		if (e[i].key.hi < key->hi)
			continue;
		*near = 1;
		if (e[i].key.lo == key->lo)
			return e[i].value;
	}
	return 0;
}

static int run_get(const struct run *r, const struct hub_hash *key, int64_t *value, int *near,
		   struct hub_err *err)
{
	const uint64_t bucket = key->hi >> (64 - r->bits);
	const uint32_t end = r->start[bucket + 1];
	struct entry e[PER_BUCKET];

	for (uint32_t at = r->start[bucket], n; at < end && !*value; at += n) {
		n = end - at < PER_BUCKET ? end - at : PER_BUCKET;
		const int rc = run_read(r, at, n, e, err);
		if (rc)
			return rc;
		*value = pick(e, n, key, near);
	}
	return HUB_OK;
}

/* --- runs become one -------------------------------------------------------------------------- */

/* What is in memory, or a run. */
struct source {
	const struct run *run;
	struct entry *e;
	uint32_t at, n; /* in e */
	uint32_t next;  /* in the run */
};

static int refill(struct source *s, struct hub_err *err)
{
	const uint32_t left = s->run ? s->run->n - s->next : 0;

	if (s->at < s->n || !left)
		return HUB_OK;
	s->at = 0;
	s->n = left < PIECE ? left : PIECE;
	s->next += s->n;
	return run_read(s->run, s->next - s->n, s->n, s->e, err);
}

/* Sources from the newest to the oldest: the first one with a key has its value. */
static int merge(struct source *s, uint32_t n, struct run *to, struct hub_err *err)
{
	int rc = HUB_OK;

	for (;;) {
		const struct entry *least = NULL;

		for (uint32_t i = 0; i < n; i++) {
			if (s[i].at == s[i].n && (rc = refill(&s[i], err)))
				return rc;
			const struct entry *e = &s[i].e[s[i].at];
			if (s[i].at < s[i].n && (!least || cmp(&e->key, &least->key) < 0))
				least = e;
		}
		if (!least)
			break;
		const struct entry e = *least;
		if ((rc = run_add(to, &e, err)))
			return rc;
		for (uint32_t i = 0; i < n; i++)
			s[i].at += s[i].at < s[i].n && cmp(&s[i].e[s[i].at].key, &e.key) == 0;
	}
	start_buckets(to, (uint64_t)1 << to->bits);
	return hub_scratch_settle(&to->file, err);
}

/* The entries in memory, one behind the other. */
static void close_ranks(struct hub_keymap *m)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < SLOTS + SLACK; i++)
		if (m->slot[i].value)
			m->slot[n++] = m->slot[i];
}

/* Memory and the runs that are no larger than what is newer become one run. */
static int spill(struct hub_keymap *m, struct hub_err *err)
{
	struct source s[MAX_RUNS + 1] = {{.e = m->slot, .n = m->used}};
	struct run to = {.file.fd = -1};
	uint64_t all = m->used;
	uint32_t n = 1;

	while (n <= m->runs && m->run[m->runs - n].n <= all) {
		s[n].run = &m->run[m->runs - n];
		all += s[n++].run->n;
	}
	struct entry *piece = hub_heap_get((size_t)n * PIECE * sizeof *piece);
	if (!piece)
		return hub_fail_mem(err);
	for (uint32_t i = 1; i < n; i++)
		s[i].e = piece + (size_t)i * PIECE;
	close_ranks(m);
	int rc = run_open(&to, all, err);
	if (!rc)
		rc = merge(s, n, &to, err);
	hub_heap_put(piece);
	if (rc) {
		run_close(&to);
		return rc;
	}
	while (--n)
		run_close(&m->run[--m->runs]);
	m->run[m->runs++] = to;
	memset(m->slot, 0, (SLOTS + SLACK) * sizeof *m->slot);
	m->used = 0;
	return HUB_OK;
}

/* --- the map ---------------------------------------------------------------------------------- */

struct hub_keymap *hub_keymap_new(void)
{
	struct hub_arena *a = hub_arena_new((size_t)16 << 20);
	struct hub_keymap *m = a ? hub_alloc0(a, sizeof *m) : NULL;

	if (m) {
		m->arena = m->filter.arena = a;
		m->slot = hub_alloc_array(a, SLOTS + SLACK, sizeof *m->slot);
	}
	if (m && m->slot)
		return m;
	hub_arena_free(a);
	return NULL;
}

void hub_keymap_free(struct hub_keymap *m)
{
	if (!m)
		return;
	while (m->runs)
		run_close(&m->run[--m->runs]);
	hub_arena_free(m->arena);
}

/* Where the key is, or where it belongs. */
static uint32_t locate(const struct hub_keymap *m, const struct hub_hash *key)
{
	uint32_t at = (uint32_t)(key->hi >> (64 - SLOT_BITS));

	while (at < SLOTS + SLACK && m->slot[at].value && cmp(&m->slot[at].key, key) < 0)
		at++;
	return at;
}

int hub_keymap_put(struct hub_keymap *m, const struct hub_hash *key, int64_t value,
		   struct hub_err *err)
{
	uint32_t at = locate(m, key), end = at;

	m->none[key->hi % NONE] = 0;
	for (int i = 0; i < PROBES; i++)
		if (hub_bits_set(&m->filter, probe(key, i)))
			return hub_fail_mem(err);
	if (at < SLOTS + SLACK && m->slot[at].value && cmp(&m->slot[at].key, key) == 0) {
		m->slot[at].value = value;
		return HUB_OK;
	}
	while (end < SLOTS + SLACK && m->slot[end].value)
		end++;
	if (m->used == FULL || end == SLOTS + SLACK) {
		const int rc = spill(m, err);
		if (rc)
			return rc;
		at = end = locate(m, key);
	}
	memmove(&m->slot[at + 1], &m->slot[at], (end - at) * sizeof *m->slot);
	m->slot[at] = (struct entry){*key, value};
	m->used++;
	return HUB_OK;
}

int hub_keymap_get(struct hub_keymap *m, const struct hub_hash *key, int64_t *value,
		   struct hub_err *err)
{
	uint64_t *none = &m->none[key->hi % NONE];
	int rc = HUB_OK, near = 0;

	if (!passes(m, key) || *none == key->hi)
		return 0;
	const struct hub_hash first = {key->hi, 0};
	const uint32_t at = locate(m, &first);
	int64_t found = pick(m->slot + at, SLOTS + SLACK - at, key, &near);
	for (uint32_t i = m->runs; i-- > 0 && !found && !rc;)
		rc = run_get(&m->run[i], key, &found, &near, err);
	if (rc)
		return rc;
	if (found)
		*value = found;
	else if (!near)
		*none = key->hi;
	return found != 0;
}
