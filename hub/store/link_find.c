/* Which persons are linked by rule at the end of a run; link.c keeps the links. */
#include "store/link.h"

#include "base/clock.h"
#include "store/writer.h"
#include "text/fold.h"
#include "text/number.h"

#include <stdlib.h>

/* A rule pairs each row with the lowest row of the same value. `same` must hold for a link; where the
 * value agrees and it does not, the pair is a candidate. */
struct rule {
	const char *name;
	const char *value;  /* SQL over p */
	const char *filter; /* which rows have one */
	const char *same;   /* SQL over p and q; NULL: the rule only makes candidates */
	int number;         /* the value is one: 不明, 0000000000, #N/A pair nobody */
	int kana; /* the value begins with a reading, which systems space and spell in their own way */
};

/* Numbers name one person, unless two full birth dates contradict: then one of them was mistyped. Name
 * and birth date do, unless two numbers contradict. The hash `match` exists only for names with family
 * and given part and a full date, so that twins (same family name, same day) never meet here. */
static const struct rule rules[] = {
    {"atena", "p.atena_no", "p.atena_no IS NOT NULL",
     "(p.birth_date = q.birth_date OR p.birth_date IS NULL OR q.birth_date IS NULL"
     " OR length(p.birth_date) <> 10 OR length(q.birth_date) <> 10)",
     1, 0},
    {"insured", "p.ltc_insured_no", "p.ltc_insured_no IS NOT NULL",
     "(p.birth_date = q.birth_date OR p.birth_date IS NULL OR q.birth_date IS NULL"
     " OR length(p.birth_date) <> 10 OR length(q.birth_date) <> 10)",
     1, 0},
    {"name-birth", "p.match", "p.match IS NOT NULL",
     "(p.atena_no = q.atena_no OR p.atena_no IS NULL OR q.atena_no IS NULL)"
     " AND (p.ltc_insured_no = q.ltc_insured_no OR p.ltc_insured_no IS NULL"
     " OR q.ltc_insured_no IS NULL)",
     0, 0},
    {"kana-birth", "p.name_kana || '/' || p.birth_date",
     "p.name_kana IS NOT NULL AND length(p.birth_date) = 10", NULL, 0, 1},
};

/* Not when a link or a question of today or before speaks of the pair: one that was ended stays an
 * answer. */
static int pair_sql(const struct rule *r, int candidate, char *sql, size_t size)
{
	const int n = snprintf(
	    sql, size,
	    "INSERT INTO %s (a, b, rule, run_id, state, actor, at)"
	    " SELECT q.id, p.id, '%s', ?, 1, 'system', ? FROM cc_person q JOIN cc_person p ON p.id "
	    "= ?"
	    " WHERE q.id = ? AND %s (%s)"
	    " AND NOT EXISTS (SELECT 1 FROM person_link l WHERE l.a = q.id AND l.b = p.id)"
	    " AND NOT EXISTS (SELECT 1 FROM link_candidate c WHERE c.a = q.id AND c.b = p.id)"
	    " ON CONFLICT DO NOTHING",
	    candidate ? "link_candidate" : "person_link", r->name,
	    candidate && r->same ? "NOT" : "", r->same ? r->same : "1 = 1");
	return n > 0 && (size_t)n < size ? 0 : -1;
}

static int make_pair(struct hub_store *s, const struct rule *r, int64_t run, int64_t a, int64_t b,
		     struct hub_link_counts *n, struct hub_err *err)
{
	char sql[1024];
	int rc = HUB_OK;

	for (int candidate = r->same == NULL; !rc && candidate < 2; candidate++) {
		if (pair_sql(r, candidate, sql, sizeof sql))
			return hub_fail(err, HUB_FATAL, "internal", "statement too long");
		rc = hub_db_run(s->db, err, sql, "iiii", run, hub_now(), b, a);
		const uint64_t made = rc ? 0 : (uint64_t)s->db->ops->changes(s->db);
		n->candidates += candidate ? made : 0;
		n->links += candidate ? 0 : made;
		if (made)
			break;
	}
	return rc;
}

/* --- values that more than one row has -------------------------------------------------------- */

enum {
	RULES = HUB_COUNT(rules),
	FEWEST_BITS = 16,
	MOST_BITS = 26,
	SIFT_ROOM = 1 << 24,
	PART = 5 << 16 /* 7.5 MiB, and as much again to sort them */
};

/* Sorting all persons by each rule would be most of the end of a run, and nearly all of them are alone with
 * their value. So one pass over them sifts: two bits for each hash that was seen, and that was seen
 * again. Hashes of other values may have set both, which only means that a row is looked at; but a sieve that is
 * half full keeps so many that the passes over them are most of the end of a run, so its size goes by the
 * number of persons. */
struct sift {
	struct hub_bits seen, again;
	uint64_t mask; /* of the places in them */
	uint64_t hits[RULES];
	struct hub_arena *key; /* of the value that is looked at */
};

/* f->key has failed when there was no room. */
static struct hub_hash value_hash(const struct sift *f, size_t rule, const struct hub_dbval *v)
{
	struct hub_dbval key = *v;

	if (rules[rule].kana) {
		hub_arena_reset(f->key);
		key.s = hub_key_kana(f->key, v->s);
	}
	return hub_dbval_hash(key.s.ptr ? &key : v, (struct hub_hash){rule + 1, 0});
}

static int sift_has(const struct sift *f, const struct hub_bits *b, const struct hub_hash *h)
{
	return hub_bits_get(b, (int64_t)(h->lo & f->mask)) &&
	       hub_bits_get(b, (int64_t)(h->hi & f->mask));
}

static int sift_add(const struct sift *f, struct hub_bits *b, const struct hub_hash *h)
{
	return hub_bits_set(b, (int64_t)(h->lo & f->mask)) |
	       hub_bits_set(b, (int64_t)(h->hi & f->mask));
}

/* Four bits or more for each person there can be: the numbers of shared rows are those of households, too. */
static int sift_size(struct hub_store *s, struct sift *f, struct hub_err *err)
{
	int64_t owned, all;
	int rc;

	if ((rc = hub_db_one(s->db, &owned, err,
			     "SELECT coalesce(max(id), 0) FROM cc_person WHERE id < ?", "i",
			     HUB_SHARED_BASE)) ||
	    (rc = hub_db_one(s->db, &all, err, "SELECT coalesce(max(id), 0) FROM cc_person", "")))
		return rc;
	const uint64_t most =
	    (uint64_t)(all < HUB_SHARED_BASE ? all : owned + all - HUB_SHARED_BASE);
	uint64_t places = (uint64_t)1 << FEWEST_BITS;
	while (places < (uint64_t)1 << MOST_BITS && places / 4 < most)
		places *= 2;
	f->mask = places - 1;
	return HUB_OK;
}

static int is_anybodys(size_t rule, const struct hub_dbval *v)
{
	return v->type != HUB_DB_NULL && !(rules[rule].number && hub_number_is_nobodys(v->s));
}

static int sift_row(struct sift *f, struct hub_query *q, struct hub_err *err)
{
	int bad = 0;

	for (uint32_t r = 0; r < RULES; r++) {
		const struct hub_dbval v = hub_db_val(q, r);
		if (!is_anybodys(r, &v))
			continue;
		const struct hub_hash h = value_hash(f, r, &v);
		const int again = sift_has(f, &f->seen, &h);
		f->hits[r] += (uint64_t)again;
		bad |= sift_add(f, again ? &f->again : &f->seen, &h);
	}
	return bad || hub_arena_failed(f->key) ? hub_fail_mem(err) : HUB_OK;
}

static int sift_all(struct hub_store *s, struct sift *f, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(buf) struct hub_buf sql;

	hub_buf_init(&sql, 4096);
	for (size_t r = 0; r < RULES; r++)
		hub_buf_printf(&sql, "%s CASE WHEN %s THEN %s END", r ? "," : "SELECT",
			       rules[r].filter, rules[r].value);
	hub_buf_puts(&sql, " FROM cc_person p");
	hub_buf_putc(&sql, '\0');
	if (!hub_buf_ok(&sql))
		return hub_fail_mem(err);
	int rc = hub_db_walk(s->db, &q, err, sql.ptr, "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		rc = sift_row(f, q, err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* A row whose value may be there again; then a pair with the first row of its value. There may be so many that their
 * size is the peak of a run. */
struct entry {
	union {
		struct hub_hash value;
		int64_t first;
	};
	int64_t id;
};

static int by_value(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	if (a->value.hi != b->value.hi)
		return a->value.hi < b->value.hi ? -1 : 1;
	if (a->value.lo != b->value.lo)
		return a->value.lo < b->value.lo ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static int by_first(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

/* Rows of one rule that the sift kept, of the values in one part of all. */
static int list_rows(struct hub_store *s, const struct sift *f, size_t rule, uint64_t part,
		     uint64_t parts, struct hub_buf *list, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char sql[512];

	hub_buf_reset(list);
	snprintf(sql, sizeof sql, "SELECT %s, p.id FROM cc_person p WHERE %s", rules[rule].value,
		 rules[rule].filter);
	int rc = hub_db_walk(s->db, &q, err, sql, "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_dbval v = hub_db_val(q, 0);
		const struct entry e = {.value = value_hash(f, rule, &v), .id = hub_db_int(q, 1)};

		if (e.value.hi % parts == part && is_anybodys(rule, &v) &&
		    sift_has(f, &f->again, &e.value))
			hub_buf_add(list, &e, sizeof e);
	}
	if (rc == HUB_END && (!hub_buf_ok(list) || hub_arena_failed(f->key)))
		return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Each row with the first one of its value, in the order of the persons. */
static int link_rows(struct hub_store *s, size_t rule, int64_t run, struct hub_buf *list,
		     struct hub_link_counts *n, struct hub_err *err)
{
	struct entry *e = (struct entry *)(void *)list->ptr;
	const size_t all = list->len / sizeof *e;
	size_t pairs = 0;
	int rc = HUB_OK;

	if (!all)
		return HUB_OK;
	qsort(e, all, sizeof *e, by_value);
	struct entry first = e[0];
	for (size_t i = 1; i < all; i++) {
		if (e[i].value.hi == first.value.hi && e[i].value.lo == first.value.lo)
			e[pairs++] = (struct entry){.first = first.id, .id = e[i].id};
		else
			first = e[i];
	}
	qsort(e, pairs, sizeof *e, by_first);
	for (size_t i = 0; i < pairs && !rc; i++)
		rc = make_pair(s, &rules[rule], run, e[i].first, e[i].id, n, err);
	return rc;
}

static int find_pairs(struct hub_store *s, const struct sift *f, size_t rule, int64_t run,
		      struct hub_link_counts *n, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf list;
	const uint64_t parts = 1 + 2 * f->hits[rule] / PART;
	int rc = HUB_OK;

	hub_buf_init(&list, (size_t)1 << 30);
	for (uint64_t part = 0; f->hits[rule] && part < parts && !rc; part++)
		if (!(rc = list_rows(s, f, rule, part, parts, &list, err)))
			rc = link_rows(s, rule, run, &list, n, err);
	return rc;
}

/* The rules speak of fields that a schema may not have. */
static int has_fields(const struct hub_store *s)
{
	static const char *const names[] = {"atena_no", "ltc_insured_no", "birth_date",
					    "name_kana"};
	const struct hub_entity *e = hub_schema_entity(s->schema, HUB_STR("person"));

	for (size_t i = 0; e && i < HUB_COUNT(names); i++)
		if (!hub_schema_field(e, hub_str_of(names[i])))
			return 0;
	return e != NULL;
}

int hub_links_find(struct hub_store *s, int64_t run, struct hub_link_counts *n, struct hub_err *err)
{
	*n = (struct hub_link_counts){0};
	if (!has_fields(s))
		return HUB_OK;

	/* the room of each is wanted by what comes next: the lists, then the people of all links */
	struct hub_arena *seen = hub_arena_new(SIFT_ROOM), *again = hub_arena_new(SIFT_ROOM);
	HUB_AUTO(arena) struct hub_arena *key = hub_arena_new(0);
	struct sift f = {.seen.arena = seen, .again.arena = again, .key = key};
	int rc = seen && again && key ? sift_size(s, &f, err) : hub_fail_mem(err);
	if (!rc)
		rc = sift_all(s, &f, err);
	hub_arena_free(seen);
	for (size_t i = 0; !rc && i < RULES; i++)
		rc = find_pairs(s, &f, i, run, n, err);
	hub_arena_free(again);
	uint64_t parted = 0;
	if (!rc && n->links)
		rc = hub_links_part(s, run, &parted, err);
	n->links -= parted;
	n->candidates += parted;
	if (!rc && n->links)
		rc = hub_links_settle(s, err);
	return rc;
}
