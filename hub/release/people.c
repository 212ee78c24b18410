#include "release/people.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "release/consents.h"
#include "text/fold.h"

#include <stdlib.h>

enum { PRELOAD_LIMIT = 512 << 20, FACTS_LIMIT = 512 << 20, DAY = 86400 };

/* A number and what belongs to it, in one growing, then sorted list. */
struct pair {
	int64_t key, value;
};
struct pairs {
	struct pair *at;
	size_t n, cap;
};

/* What the protection rows of one identity say. */
enum { SAYS_PROTECTED = 1, SAYS_SUSPECTED = 2, SAYS_UNKNOWN = 4, CONFIRMED = 8 };

struct hub_people {
	struct hub_db *db;
	struct hub_people_opt opt;
	struct hub_arena *arena; /* what was read at the start */
	struct hub_arena *facts; /* persons asked for */
	struct pairs links;      /* person -> identity */
	struct pairs group;      /* identity -> person */
	struct pairs lives;      /* identity -> household */
	struct pairs home;       /* household -> identity */
	struct pairs says;       /* identity -> mask of SAYS_ */
	struct pairs registry;   /* identity -> 1: in a fresh registry */
	struct hub_map *marks;   /* kana + birth date, addresses, phones of protected households */
	struct hub_map *known;   /* identity -> struct hub_person_facts * */
	struct hub_map *states;  /* identity -> enum hub_protection + 1 */
	enum hub_protection dflt;
};

/* --- lists of pairs --------------------------------------------------------------------------------- */

static int add(struct hub_people *p, struct pairs *l, int64_t key, int64_t value)
{
	if (l->n == l->cap) {
		const size_t cap = l->cap ? l->cap * 2 : 256;
		struct pair *grown = hub_alloc_array(p->arena, cap, sizeof *grown);
		if (!grown)
			return -1;
		if (l->n)
			memcpy(grown, l->at, l->n * sizeof *grown);
		l->at = grown;
		l->cap = cap;
	}
	l->at[l->n++] = (struct pair){key, value};
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

/* Sorted, each pair once. */
static void sort(struct pairs *l)
{
	size_t kept = 0;

	if (l->n > 1)
		qsort(l->at, l->n, sizeof *l->at, by_key);
	for (size_t i = 0; i < l->n; i++)
		if (i == 0 || by_key(&l->at[i], &l->at[kept - 1]) != 0)
			l->at[kept++] = l->at[i];
	l->n = kept;
}

/* Index of the first pair of that key, or of where it would be. */
static size_t first(const struct pairs *l, int64_t key)
{
	size_t lo = 0, hi = l->n;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		if (l->at[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int has_pair(const struct pairs *l, size_t i, int64_t key)
{
	return i < l->n && l->at[i].key == key;
}

/* --- reading all at the start -------------------------------------------------------------------------- */

int64_t hub_people_identity(const struct hub_people *p, int64_t person)
{
	const size_t i = first(&p->links, person);

	return has_pair(&p->links, i, person) ? p->links.at[i].value : person;
}

static int read_links(struct hub_people *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(p->db, &q, err, "SELECT person_id, identity FROM person_identity", "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t person = hub_db_int(q, 0), identity = hub_db_int(q, 1);
		if (add(p, &p->links, person, identity) || add(p, &p->group, identity, person))
			return hub_fail_mem(err);
	}
	sort(&p->links);
	sort(&p->group);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Ids of different kinds of households never meet. */
static int64_t household_key(int kind, int64_t number, struct hub_str text)
{
	const struct hub_hash seed = {(uint64_t)kind, (uint64_t)number};

	return (int64_t)hub_hash128(text, seed).lo;
}

/* kind: what makes two people one household. Columns: person, number, text; a null number: none. */
static int read_homes(struct hub_people *p, int kind, const char *sql, struct hub_str day,
		      struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = day.len ? hub_db_query(p->db, &q, err, sql, "t", day)
			 : hub_db_query(p->db, &q, err, sql, "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t identity = hub_people_identity(p, hub_db_int(q, 0));
		const int64_t home = household_key(kind, hub_db_int(q, 1), hub_db_str(q, 2));
		if (add(p, &p->lives, identity, home) || add(p, &p->home, home, identity))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_households(struct hub_people *p, struct hub_err *err)
{
	static const struct {
		int kind, dated;
		const char *sql;
	} sources[] = {
	    /* a membership without a last day, or one that cannot be read, goes on */
	    {1, 1,
	     "SELECT person_id, household_id, NULL FROM cc_household_member WHERE household_id IS "
	     "NOT "
	     "NULL AND person_id IS NOT NULL AND (member_to IS NULL OR member_to >= ?)"},
	    {1, 0, "SELECT id, household_id, NULL FROM cc_person WHERE household_id IS NOT NULL"},
	    {2, 0,
	     "SELECT id, system_id, household_no FROM cc_person WHERE household_no IS NOT NULL"},
	    {3, 0,
	     "SELECT person_id, id, NULL FROM cc_relationship WHERE living = 'together'"
	     " AND other_person_id IS NOT NULL AND person_id IS NOT NULL"},
	    {3, 0,
	     "SELECT other_person_id, id, NULL FROM cc_relationship WHERE living = 'together'"
	     " AND other_person_id IS NOT NULL AND person_id IS NOT NULL"},
	};
	char day[16];
	int64_t y;
	unsigned m, d;

	hub_days_to(p->opt.day, &y, &m, &d);
	snprintf(day, sizeof day, "%04d-%02u-%02u", (int)y, m, d);
	for (size_t i = 0; i < HUB_COUNT(sources); i++) {
		const struct hub_str at =
		    sources[i].dated ? hub_str_of(day) : (struct hub_str){NULL, 0};
		const int rc = read_homes(p, sources[i].kind, sources[i].sql, at, err);
		if (rc)
			return rc;
	}
	sort(&p->lives);
	sort(&p->home);
	return HUB_OK;
}

/* Two different people have signed that somebody is not protected. */
static int is_confirmed(struct hub_str a, struct hub_str b)
{
	a = hub_str_trim(a);
	b = hub_str_trim(b);
	return a.len > 0 && b.len > 0 && !hub_str_eq(a, b);
}

static int64_t mask_of(struct hub_str state, int64_t deleted, int confirmed)
{
	if (hub_str_is(state, "clear"))
		return confirmed ? CONFIRMED : 0;
	if (hub_str_is(state, "suspected"))
		return SAYS_SUSPECTED;
	if (hub_str_is(state, "unknown"))
		return SAYS_UNKNOWN;
	/* protected, or a row of the 支援措置 whose state cannot be read; what the feed deleted still
	 * protects until two people have said otherwise */
	return SAYS_PROTECTED | (deleted ? 0 : (int64_t)1 << 8);
}

/* What feeds say, and what was decided here beside them: protected by one person, clear by two. */
static int read_protections(struct hub_people *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct pairs rows = {0};
	int rc = hub_db_query(p->db, &q, err,
			      "SELECT person_id, protection_state, deleted, decided_by,"
			      " decided_second FROM cc_protection WHERE person_id IS NOT NULL"
			      " UNION ALL SELECT person_id, CASE what WHEN 'clear' THEN 'clear'"
			      " ELSE 'protected' END, 0, actor, second FROM protection_act"
			      " WHERE ended_at IS NULL",
			      "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int confirmed = is_confirmed(hub_db_str(q, 3), hub_db_str(q, 4));
		if (add(p, &rows, hub_people_identity(p, hub_db_int(q, 0)),
			mask_of(hub_db_str(q, 1), hub_db_int(q, 2), confirmed)))
			return hub_fail_mem(err);
	}
	if (rc != HUB_END)
		return rc;
	sort(&rows);
	for (size_t i = 0; i < rows.n;) {
		const int64_t identity = rows.at[i].key;
		int64_t mask = 0;
		for (; i < rows.n && rows.at[i].key == identity; i++)
			mask |= rows.at[i].value;
		/* a row in force is not lifted by a signature on another one */
		if (mask & (int64_t)1 << 8)
			mask = SAYS_PROTECTED;
		else if (mask & CONFIRMED)
			mask = CONFIRMED;
		if (add(p, &p->says, identity, mask))
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

/* People of the registries whose last complete run is not older than feed_days. Of who has moved away or
 * was taken out, the registry does not learn any more what protects them elsewhere. */
static int read_registry(struct hub_people *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(
	    p->db, &q, err,
	    "SELECT p.id FROM cc_person p JOIN record r ON r.id = p.record_id"
	    " WHERE r.state = 0 AND NOT EXISTS (SELECT 1 FROM cc_residence o WHERE o.person_id = "
	    "p.id"
	    " AND o.resident_state IN ('moved_out', 'removed', 'nonresident')) AND r.feed_id IN "
	    "(SELECT feed_id FROM run WHERE lookup = 1"
	    " AND state = ? AND undone_by IS NULL GROUP BY feed_id HAVING max(ended_at) >= ?)",
	    "ii", (int64_t)HUB_RUN_DONE, hub_now() - (int64_t)p->opt.feed_days * DAY);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (add(p, &p->registry, hub_people_identity(p, hub_db_int(q, 0)), 1))
			return hub_fail_mem(err);
	sort(&p->registry);
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_people_default(struct hub_db *db, enum hub_protection *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT value FROM meta WHERE name = 'protection_default'", "");

	*out = HUB_PROT_UNKNOWN;
	if (rc || (rc = hub_db_next(q, err)) < 0)
		return rc;
	if (rc == HUB_OK && hub_str_is(hub_db_str(q, 0), "clear"))
		*out = HUB_PROT_CLEAR;
	return HUB_OK;
}

/* --- suspected: marks that a person shares with a protected household ---------------------------------- */

/* The marks of one cc_person row; at most 5. */
static uint32_t marks_of(struct hub_arena *a, struct hub_query *q, struct hub_str out[5])
{
	const struct hub_str kana = hub_db_str(q, 0), birth = hub_db_str(q, 1);
	const struct hub_str address = hub_db_str(q, 2);
	uint32_t n = 0;

	if (kana.len && birth.len) {
		const struct hub_str key = hub_key_kana(a, kana);
		out[n++] = hub_arena_printf(a, "k%.*s|%.*s", HUB_FMT(key), HUB_FMT(birth));
	}
	if (address.len) {
		const struct hub_str key = hub_fold_width(a, hub_str_trim(address), 0, NULL);
		out[n++] = hub_arena_printf(a, "a%.*s", HUB_FMT(key));
	}
	for (uint32_t i = 3; i < 6; i++) {
		const struct hub_str phone = hub_db_str(q, i);
		if (phone.len)
			out[n++] = hub_arena_printf(a, "t%.*s", HUB_FMT(phone));
	}
	return n;
}

static const char marks_sql[] = "SELECT name_kana, birth_date, address, phone, phone_home,"
				" phone_mobile FROM cc_person WHERE id = ?";

static int add_marks(struct hub_people *p, int64_t person, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_str mark[5];
	int rc = hub_db_query(p->db, &q, err, marks_sql, "i", person);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const uint32_t n = marks_of(p->arena, q, mark);
		for (uint32_t i = 0; i < n; i++)
			if (!mark[i].ptr || hub_map_put(p->marks, mark[i], 1))
				return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* All rows of an identity. */
static int add_marks_of(struct hub_people *p, int64_t identity, struct hub_err *err)
{
	size_t i = first(&p->group, identity);

	if (!has_pair(&p->group, i, identity))
		return add_marks(p, identity, err);
	int rc = HUB_OK;
	for (; !rc && has_pair(&p->group, i, identity); i++)
		rc = add_marks(p, p->group.at[i].value, err);
	return rc;
}

static int read_marks(struct hub_people *p, struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < p->says.n; i++) {
		const int64_t identity = p->says.at[i].key;
		if (!(p->says.at[i].value & SAYS_PROTECTED))
			continue;
		rc = add_marks_of(p, identity, err);
		for (size_t k = first(&p->lives, identity); !rc && has_pair(&p->lives, k, identity);
		     k++) {
			const int64_t home = p->lives.at[k].value;
			for (size_t m = first(&p->home, home); !rc && has_pair(&p->home, m, home);
			     m++)
				rc = add_marks_of(p, p->home.at[m].value, err);
		}
	}
	return rc;
}

static int shares_mark(struct hub_people *p, int64_t person, int *shares, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_str mark[5];
	uint64_t v;
	int rc = hub_db_query(p->db, &q, err, marks_sql, "i", person);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const uint32_t n = marks_of(p->facts, q, mark);
		for (uint32_t i = 0; i < n; i++) {
			if (!mark[i].ptr)
				return hub_fail_mem(err);
			*shares |= hub_map_get(p->marks, mark[i], &v);
		}
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- one person ------------------------------------------------------------------------------------------- */

static int rows_of(struct hub_people *p, int64_t identity, const int64_t **rows, uint32_t *n)
{
	const size_t from = first(&p->group, identity);
	size_t to = from;

	while (has_pair(&p->group, to, identity))
		to++;
	int64_t *list = hub_alloc_array(p->facts, to - from + 1, sizeof *list);
	if (!list)
		return -1;
	*n = 0;
	for (size_t i = from; i < to; i++)
		list[(*n)++] = p->group.at[i].value;
	if (*n == 0)
		list[(*n)++] = identity;
	*rows = list;
	return 0;
}

static int find_state(struct hub_people *p, int64_t identity, enum hub_protection *out,
		      struct hub_err *err)
{
	const size_t s = first(&p->says, identity);
	const int64_t says = has_pair(&p->says, s, identity) ? p->says.at[s].value : 0;
	int shares = 0, rc = HUB_OK;
	const int64_t *rows;
	uint32_t n;

	*out = p->dflt;
	if (says & SAYS_PROTECTED)
		*out = HUB_PROT_PROTECTED;
	else if (says & CONFIRMED)
		*out = HUB_PROT_CLEAR;
	else if (says & SAYS_SUSPECTED)
		*out = HUB_PROT_SUSPECTED;
	else if (says & SAYS_UNKNOWN)
		*out = HUB_PROT_UNKNOWN;
	else if (has_pair(&p->registry, first(&p->registry, identity), identity))
		*out = HUB_PROT_CLEAR;
	else if (hub_map_count(p->marks)) {
		if (rows_of(p, identity, &rows, &n))
			return hub_fail_mem(err);
		for (uint32_t i = 0; i < n && !rc; i++)
			rc = shares_mark(p, rows[i], &shares, err);
		if (shares)
			*out = HUB_PROT_SUSPECTED;
	}
	return rc;
}

static int state_of(struct hub_people *p, int64_t identity, enum hub_protection *out,
		    struct hub_err *err)
{
	uint64_t v;

	if (hub_map_get(p->states, hub_id_key(&identity), &v)) {
		*out = (enum hub_protection)v;
		return HUB_OK;
	}
	const int rc = find_state(p, identity, out, err);
	if (!rc && hub_map_put(p->states, hub_id_key(&identity), (uint64_t)*out))
		return hub_fail_mem(err);
	return rc;
}

static struct hub_str id_text(struct hub_people *p, int64_t identity)
{
	return hub_arena_printf(p->facts, "%lld", (long long)identity);
}

/* Everyone of every household the person belongs to, the person first. */
static int fill_household(struct hub_people *p, struct hub_person_facts *f, struct hub_err *err)
{
	struct hub_map *seen = hub_map_new(p->facts);
	uint64_t v;

	if (!seen || hub_map_put(seen, hub_id_key(&f->identity), 1))
		return hub_fail_mem(err);
	for (size_t i = first(&p->lives, f->identity); has_pair(&p->lives, i, f->identity); i++) {
		const int64_t home = p->lives.at[i].value;
		for (size_t k = first(&p->home, home); has_pair(&p->home, k, home); k++)
			if (!hub_map_get(seen, hub_id_key(&p->home.at[k].value), &v) &&
			    hub_map_put(seen, hub_id_key(&p->home.at[k].value), 1))
				return hub_fail_mem(err);
	}
	const size_t n = hub_map_count(seen);
	struct hub_household_person *people = hub_alloc_array(p->facts, n, sizeof *people);
	int64_t *members = hub_alloc_array(p->facts, n, sizeof *members);
	if (!people || !members)
		return hub_fail_mem(err);
	for (size_t i = 0; i < n; i++) {
		memcpy(&members[i], hub_map_key(seen, i).ptr, sizeof members[i]);
		people[i].id = id_text(p, members[i]);
		const int rc = state_of(p, members[i], &people[i].protection, err);
		if (rc)
			return rc;
		if (!people[i].id.ptr)
			return hub_fail_mem(err);
	}
	f->household = people;
	f->members = members;
	f->n_household = (uint32_t)n;
	return HUB_OK;
}

int hub_people_get(struct hub_people *p, int64_t person, const struct hub_person_facts **out,
		   struct hub_err *err)
{
	const int64_t identity = hub_people_identity(p, person);
	const struct hub_consent_when when = {p->opt.day, p->opt.known};
	uint64_t v;
	int rc;

	if (hub_map_get(p->known, hub_id_key(&identity), &v)) {
		*out = (const struct hub_person_facts *)(uintptr_t)v;
		return HUB_OK;
	}
	struct hub_person_facts *f = hub_alloc0(p->facts, sizeof *f);
	if (!f)
		return hub_fail_mem(err);
	f->identity = identity;
	f->id = id_text(p, identity);
	if (!f->id.ptr || rows_of(p, identity, &f->rows, &f->n_rows))
		return hub_fail_mem(err);
	if ((rc = fill_household(p, f, err)) ||
	    (rc = hub_consents_read(p->facts, p->db, f->id, f->rows, f->n_rows, &when, &f->consents,
				    &f->n_consents, err)))
		return rc;
	if (hub_map_put(p->known, hub_id_key(&identity), (uint64_t)(uintptr_t)f))
		return hub_fail_mem(err);
	*out = f;
	return HUB_OK;
}

int hub_people_household(struct hub_people *p, int64_t household, const int64_t **members,
			 uint32_t *n, struct hub_err *err)
{
	const int64_t home = household_key(1, household, (struct hub_str){NULL, 0});
	const size_t from = first(&p->home, home);
	size_t to = from;

	while (has_pair(&p->home, to, home))
		to++;
	int64_t *list = hub_alloc_array(p->facts, to - from + 1, sizeof *list);
	if (!list)
		return hub_fail_mem(err);
	for (size_t i = from; i < to; i++)
		list[i - from] = p->home.at[i].value;
	*members = list;
	*n = (uint32_t)(to - from);
	return HUB_OK;
}

static int fresh_maps(struct hub_people *p, struct hub_err *err)
{
	p->known = hub_map_new(p->facts);
	p->states = hub_map_new(p->facts);
	return p->known && p->states ? HUB_OK : hub_fail_mem(err);
}

size_t hub_people_count(const struct hub_people *p)
{
	return hub_map_count(p->known);
}

int hub_people_forget(struct hub_people *p, struct hub_err *err)
{
	hub_arena_reset(p->facts);
	return fresh_maps(p, err);
}

int hub_people_open(struct hub_store *s, const struct hub_people_opt *opt, struct hub_people **out,
		    struct hub_err *err)
{
	struct hub_arena *a = hub_arena_new(PRELOAD_LIMIT);
	struct hub_people *p = a ? hub_alloc0(a, sizeof *p) : NULL;
	int rc;

	if (!p) {
		hub_arena_free(a);
		return hub_fail_mem(err);
	}
	p->arena = a;
	p->db = hub_store_db(s);
	p->opt = *opt;
	p->facts = hub_arena_new(FACTS_LIMIT);
	p->marks = hub_map_new(a);
	rc = p->facts && p->marks ? fresh_maps(p, err) : hub_fail_mem(err);
	if (rc || (rc = hub_people_default(p->db, &p->dflt, err)) || (rc = read_links(p, err)) ||
	    (rc = read_households(p, err)) || (rc = read_protections(p, err)) ||
	    (rc = read_registry(p, err)) || (rc = read_marks(p, err))) {
		hub_people_close(p);
		return rc;
	}
	*out = p;
	return HUB_OK;
}

void hub_people_close(struct hub_people *p)
{
	if (!p)
		return;
	hub_arena_free(p->facts);
	hub_arena_free(p->arena);
}
