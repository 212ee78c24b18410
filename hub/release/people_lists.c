/* Who is who, who lives with whom, who stands in a registry. */
#include "release/people_in.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"

#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY = 86400 };

/* What makes two people one household: the same row of cc_household (member row or own column), the same number in
 * one system, a relationship that says so. */
enum home_kind { BY_ROW = 1, BY_NUMBER, BY_RELATION, HOME_KINDS };

/* --- lists of pairs --------------------------------------------------------------------------------- */

int hub_pairs_add(struct hub_arena *a, struct hub_pairs *l, int64_t key, int64_t value)
{
	struct hub_pair *at = hub_alloc_more(a, l->at, l->n, &l->cap, sizeof *at);

	if (!at)
		return -1;
	l->at = at;
	l->at[l->n++] = (struct hub_pair){key, value};
	return 0;
}

static int by_key(const void *a, const void *b)
{
	const struct hub_pair *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

void hub_pairs_sort(struct hub_pairs *l)
{
	size_t kept = 0;

	if (l->n > 1)
		qsort(l->at, l->n, sizeof *l->at, by_key);
	for (size_t i = 0; i < l->n; i++)
		if (i == 0 || by_key(&l->at[i], &l->at[kept - 1]) != 0)
			l->at[kept++] = l->at[i];
	l->n = kept;
}

struct hub_slice hub_pairs_of(const struct hub_pairs *l, int64_t key)
{
	struct hub_slice s = {.n = 0};
	size_t lo = 0, hi = l->n;

	if (l->n == 0) /* at may be NULL, to which nothing may be added */
		return s;
	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		if (l->at[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	s.at = l->at + lo;
	while (lo + s.n < l->n && l->at[lo + s.n].key == key)
		s.n++;
	return s;
}

/* --- everybody at once -------------------------------------------------------------------------------- */

/* Whoever an identity is named after belongs to it, also where no link says so. */
static int read_roots(struct hub_people *p)
{
	const size_t n = p->group.n;

	for (size_t i = 0; i < n; i++) {
		const int64_t identity = p->group.at[i].key;
		if (hub_pairs_of(&p->links, identity).n == 0 &&
		    hub_pairs_add(p->arena, &p->group, identity, identity))
			return -1;
	}
	hub_pairs_sort(&p->group);
	return 0;
}

static int read_links(struct hub_people *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(p->db, &q, err, "SELECT person_id, identity FROM person_identity", "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t person = hub_db_int(q, 0), identity = hub_db_int(q, 1);
		if (hub_pairs_add(p->arena, &p->links, person, identity) ||
		    hub_pairs_add(p->arena, &p->group, identity, person))
			return hub_fail_mem(err);
	}
	hub_pairs_sort(&p->links);
	hub_pairs_sort(&p->group);
	if (rc == HUB_END && read_roots(p))
		return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Ids of different kinds of households never meet. */
static int64_t household_key(enum home_kind kind, int64_t number, struct hub_str text)
{
	const struct hub_hash seed = {(uint64_t)kind, (uint64_t)number};

	return (int64_t)hub_hash128(text, seed).lo;
}

struct hub_str hub_people_day(const struct hub_people *p, char day[16])
{
	int64_t y;
	unsigned m, d;

	hub_days_to(p->opt.day, &y, &m, &d);
	snprintf(day, 16, "%04d-%02u-%02u", (int)y, m, d);
	return hub_str_of(day);
}

/* Columns: person, number, text. */
static int read_homes(struct hub_people *p, enum home_kind kind, const char *sql,
		      struct hub_str day, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = day.len ? hub_db_query(p->db, &q, err, sql, "t", day)
			 : hub_db_query(p->db, &q, err, sql, "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t identity = hub_people_identity(p, hub_db_int(q, 0));
		const int64_t home = household_key(kind, hub_db_int(q, 1), hub_db_str(q, 2));
		if (hub_pairs_add(p->arena, &p->lives, identity, home) ||
		    hub_pairs_add(p->arena, &p->home, home, identity))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_households(struct hub_people *p, struct hub_err *err)
{
	static const struct {
		enum home_kind kind;
		int dated;
		const char *sql;
	} sources[] = {
	    /* a membership without a last day, or one that cannot be read, goes on */
	    {BY_ROW, 1,
	     "SELECT person_id, household_id, NULL FROM cc_household_member WHERE household_id IS "
	     "NOT NULL AND person_id IS NOT NULL AND (member_to IS NULL OR member_to >= ?)"},
	    {BY_ROW, 0,
	     "SELECT id, household_id, NULL FROM cc_person WHERE household_id IS NOT NULL"},
	    {BY_NUMBER, 0,
	     "SELECT id, system_id, household_no FROM cc_person WHERE household_no IS NOT NULL"},
	    {BY_RELATION, 0,
	     "SELECT person_id, id, NULL FROM cc_relationship WHERE living = 'together'"
	     " AND other_person_id IS NOT NULL AND person_id IS NOT NULL"},
	    {BY_RELATION, 0,
	     "SELECT other_person_id, id, NULL FROM cc_relationship WHERE living = 'together'"
	     " AND other_person_id IS NOT NULL AND person_id IS NOT NULL"},
	};
	char day[16];
	const struct hub_str today = hub_people_day(p, day), none = {NULL, 0};

	for (size_t i = 0; i < HUB_COUNT(sources); i++) {
		const int rc = read_homes(p, sources[i].kind, sources[i].sql,
					  sources[i].dated ? today : none, err);
		if (rc)
			return rc;
	}
	hub_pairs_sort(&p->lives);
	hub_pairs_sort(&p->home);
	return HUB_OK;
}

/* Feeds that say who is under display restriction: they have brought such rows, or would, had they met anybody of a case.
 * The last file of each that was read; a few rows of it that were loaded again ask about nobody else. */
#define CHECKS                                                                             \
	"SELECT system_id, max(id) AS upto FROM run WHERE state = 2 AND undone_by IS NULL" \
	" AND kind = 'import' AND feed_id IN (SELECT r.feed_id FROM cc_protection x JOIN"  \
	" record r ON r.id = x.record_id UNION SELECT l.feed_id FROM run l WHERE"          \
	" l.restricts = 1) GROUP BY feed_id, system_id"
/* Of files of restrictions what was not read: the last one, which did not get to its end; rows that are still rejected, but
 * not of before a whole file that came later. */
#define UNREAD                                                                             \
	"SELECT r.state, r.pid FROM run r WHERE r.restricts = 1 AND r.kind IN ('import',"  \
	" 'reload') AND r.undone_by IS NULL AND ((r.state <> 2 AND r.state <> 5 AND NOT"   \
	" EXISTS (SELECT 1 FROM run d WHERE d.feed_id = r.feed_id AND d.id > r.id AND"     \
	" d.kind = 'import' AND d.state = 2)) OR (NOT EXISTS (SELECT 1 FROM run d WHERE"   \
	" d.feed_id = r.feed_id AND d.id > r.id AND d.kind = 'import' AND d.state = 2 AND" \
	" d.\"full\" = 1) AND EXISTS (SELECT 1 FROM reject j WHERE j.run_id = r.id AND"    \
	" j.status = 0)))"
/* Registries that are fresh, and the first run that brought people of whom a feed of the same system has not yet been
 * asked whether they are under display restriction: what it and later ones wrote says nothing so far. Without such a feed
 * that is all of them. */
#define FRESH_FEEDS                                                                           \
	"SELECT f.feed_id, coalesce((SELECT min(n.id) FROM run n WHERE n.feed_id = f.feed_id" \
	" AND coalesce(n.counts, '') NOT LIKE '%\"new\":0,%' AND n.id > coalesce((SELECT"     \
	" min(c.upto) FROM (" CHECKS ") c WHERE c.system_id = f.system_id), 0)),"             \
	" 9223372036854775807) AS before FROM (SELECT feed_id, system_id FROM run WHERE"      \
	" lookup = 1 AND state = ? AND undone_by IS NULL GROUP BY feed_id, system_id"         \
	" HAVING max(ended_at) >= ?) f"
/* Of the past no counts of runs are kept. */
#define PAST_FEEDS                                                                              \
	"SELECT feed_id, 9223372036854775807 AS before FROM run WHERE lookup = 1 AND state = ?" \
	" AND undone_by IS NULL GROUP BY feed_id HAVING max(ended_at) >= ?"
/* The record of a resident: a list of certificates says nothing of that. Of who has moved away or was taken out, the
 * registry does not learn any more what protects them elsewhere. */
#define LISTED                                                                            \
	"FROM cc_person p JOIN record r ON r.id = p.record_id WHERE r.state = 0 AND"      \
	" EXISTS (SELECT 1 FROM cc_residence o WHERE o.person_id = p.id) AND NOT EXISTS"  \
	" (SELECT 1 FROM cc_residence o WHERE o.person_id = p.id AND o.resident_state IN" \
	" ('moved_out', 'removed', 'nonresident'))"
#define LISTED_BY(feeds)                                                                   \
	"SELECT q.id, 1 FROM (SELECT p.id, r.feed_id, r.run_id " LISTED ") q JOIN (" feeds \
	") f ON f.feed_id = q.feed_id WHERE q.run_id < f.before"

/* Pairs of a statement that asks for the fresh registries; people: the first is a row of cc_person. */
static int read_fresh(struct hub_people *p, const char *sql, int people, struct hub_pairs *out,
		      struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(p->db, &q, err, sql, "ii", (int64_t)HUB_RUN_DONE,
			      (p->opt.known ? p->opt.known : hub_now()) -
				  (int64_t)p->opt.feed_days * DAY);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);
		if (hub_pairs_add(p->arena, out, people ? hub_people_identity(p, id) : id,
				  hub_db_int(q, 1)))
			return hub_fail_mem(err);
	}
	hub_pairs_sort(out);
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_people_read_lists(struct hub_people *p, struct hub_err *err)
{
	int rc, unread = 0;

	/* whom a row means that nobody could read is not known */
	if (!p->past && ((rc = hub_people_unread(p->db, &unread, err)) || unread)) {
		p->dflt = HUB_PROT_UNKNOWN;
		if (rc || p->opt.few || (rc = read_links(p, err)))
			return rc;
		return read_households(p, err);
	}
	if (p->opt.few)
		return read_fresh(p, p->past ? PAST_FEEDS : FRESH_FEEDS, 0, &p->fresh, err);
	if ((rc = read_links(p, err)) || (rc = read_households(p, err)))
		return rc;
	return read_fresh(p, p->past ? LISTED_BY(PAST_FEEDS) : LISTED_BY(FRESH_FEEDS), 1,
			  &p->registry, err);
}

int hub_people_unread(struct hub_db *db, int *yes, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err, UNREAD, "");

	*yes = 0;
	while (!rc && !*yes && (rc = hub_db_next(q, err)) == HUB_OK)
		*yes = hub_run_state_now(hub_db_int(q, 0), hub_db_int(q, 1)) != HUB_RUN_ACTIVE;
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_people_unasked(struct hub_db *db, int *yes, struct hub_err *err)
{
	enum hub_protection dflt;
	int64_t n = 0;
	int rc = hub_people_default(db, &dflt, err);

	*yes = 0;
	if (rc || dflt == HUB_PROT_CLEAR)
		return rc;
	rc = hub_db_one(
	    db, &n, err,
	    "SELECT count(*) FROM (SELECT 1 FROM cc_residence LIMIT 1) r WHERE NOT EXISTS"
	    " (" CHECKS ")",
	    "");
	*yes = n > 0;
	return rc;
}

/* --- person by person ----------------------------------------------------------------------------------- */

int hub_people_fresh_lists(struct hub_people *p)
{
	struct hub_map **const map[] = {&p->who, &p->same, &p->homes, &p->inside};
	int bad = 0;

	for (size_t i = 0; i < HUB_COUNT(map); i++)
		bad |= (*map[i] = hub_map_new(p->facts)) == NULL;
	return bad;
}

static int ask_identity(struct hub_people *p, int64_t person, int64_t *identity)
{
	int rc =
	    hub_db_one(p->db, identity, NULL,
		       "SELECT identity FROM person_identity WHERE person_id = ?", "i", person);

	if (rc == HUB_END) {
		*identity = person;
		rc = HUB_OK;
	}
	return rc ? rc : hub_map_put(p->who, hub_id_key(&person), (uint64_t)*identity);
}

int64_t hub_people_identity(struct hub_people *p, int64_t person)
{
	int64_t identity = person;
	uint64_t v;

	if (!p->opt.few) {
		const struct hub_slice s = hub_pairs_of(&p->links, person);
		return s.n ? s.at[0].value : person;
	}
	if (hub_map_get(p->who, hub_id_key(&person), &v))
		return (int64_t)v;
	p->failed |= ask_identity(p, person, &identity) != 0;
	return identity;
}

int hub_people_check(const struct hub_people *p, struct hub_err *err)
{
	return p->failed
		   ? hub_fail(err, HUB_RETRY, "store-read", "the store did not say who a person is")
		   : HUB_OK;
}

/* What was found under a number is remembered. */
static int keep(struct hub_people *p, struct hub_map *m, int64_t key, struct hub_pairs *l,
		struct hub_slice *out, struct hub_err *err)
{
	struct hub_slice *kept = hub_alloc(p->facts, sizeof *kept);

	hub_pairs_sort(l);
	*out = (struct hub_slice){l->at, l->n};
	if (!kept)
		return hub_fail_mem(err);
	*kept = *out;
	if (hub_map_put(m, hub_id_key(&key), (uint64_t)(uintptr_t)kept))
		return hub_fail_mem(err);
	return hub_people_check(p, err);
}

static int kept_before(const struct hub_map *m, int64_t key, struct hub_slice *out)
{
	uint64_t v;

	if (!hub_map_get(m, hub_id_key(&key), &v))
		return 0;
	*out = *(const struct hub_slice *)(uintptr_t)v;
	return 1;
}

int hub_people_rows(struct hub_people *p, int64_t identity, struct hub_slice *out,
		    struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_pairs l = {0};

	if (!p->opt.few) {
		*out = hub_pairs_of(&p->group, identity);
		return HUB_OK;
	}
	if (kept_before(p->same, identity, out))
		return HUB_OK;
	int rc =
	    hub_db_query(p->db, &q, err, "SELECT person_id FROM person_identity WHERE identity = ?",
			 "i", identity);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (hub_pairs_add(p->facts, &l, identity, hub_db_int(q, 0)))
			return hub_fail_mem(err);
	if (rc == HUB_END && l.n && hub_people_identity(p, identity) == identity &&
	    hub_pairs_add(p->facts, &l, identity, identity))
		return hub_fail_mem(err);
	return rc == HUB_END ? keep(p, p->same, identity, &l, out, err) : rc;
}

/* Everybody in one household, as identities. */
static int ask_inside(struct hub_people *p, enum home_kind kind, int64_t number,
		      struct hub_str text, struct hub_slice *out, struct hub_err *err)
{
	static const struct {
		enum home_kind kind;
		const char *args, *sql;
	} sources[] = {
	    {BY_ROW, "it",
	     "SELECT person_id FROM cc_household_member WHERE household_id = ? AND person_id IS"
	     " NOT NULL AND (member_to IS NULL OR member_to >= ?)"},
	    {BY_ROW, "i", "SELECT id FROM cc_person WHERE household_id = ?"},
	    {BY_NUMBER, "it", "SELECT id FROM cc_person WHERE system_id = ? AND household_no = ?"},
	    {BY_RELATION, "i", "SELECT person_id FROM cc_relationship WHERE id = ?"},
	    {BY_RELATION, "i", "SELECT other_person_id FROM cc_relationship WHERE id = ?"},
	};
	const int64_t key = household_key(kind, number, text);
	struct hub_pairs l = {0};
	char day[16];

	if (kept_before(p->inside, key, out))
		return HUB_OK;
	const struct hub_str second = kind == BY_ROW ? hub_people_day(p, day) : text;
	for (size_t i = 0; i < HUB_COUNT(sources); i++) {
		HUB_AUTO(query) struct hub_query *q = NULL;
		if (sources[i].kind != kind)
			continue;
		int rc =
		    hub_db_query(p->db, &q, err, sources[i].sql, sources[i].args, number, second);
		while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
			const int64_t who = hub_people_identity(p, hub_db_int(q, 0));
			if (hub_pairs_add(p->facts, &l, key, who))
				return hub_fail_mem(err);
		}
		if (rc != HUB_END)
			return rc;
	}
	return keep(p, p->inside, key, &l, out, err);
}

/* The households of one row; whoever is in them is read along, since their numbers are not kept. */
static int ask_homes(struct hub_people *p, int64_t identity, int64_t person, struct hub_pairs *l,
		     struct hub_err *err)
{
	static const struct {
		enum home_kind kind;
		const char *args, *sql;
	} sources[] = {
	    {BY_ROW, "it",
	     "SELECT household_id, NULL FROM cc_household_member WHERE person_id = ? AND"
	     " household_id IS NOT NULL AND (member_to IS NULL OR member_to >= ?)"},
	    {BY_ROW, "i",
	     "SELECT household_id, NULL FROM cc_person WHERE id = ? AND household_id IS NOT NULL"},
	    {BY_NUMBER, "i",
	     "SELECT system_id, household_no FROM cc_person WHERE id = ? AND household_no IS NOT"
	     " NULL"},
	    {BY_RELATION, "i",
	     "SELECT id, NULL FROM cc_relationship WHERE person_id = ? AND living = 'together'"
	     " AND other_person_id IS NOT NULL"},
	    {BY_RELATION, "i",
	     "SELECT id, NULL FROM cc_relationship WHERE other_person_id = ? AND living ="
	     " 'together' AND person_id IS NOT NULL"},
	};
	char day[16];
	const struct hub_str today = hub_people_day(p, day);

	for (size_t i = 0; i < HUB_COUNT(sources); i++) {
		HUB_AUTO(query) struct hub_query *q = NULL;
		struct hub_slice inside;
		int rc =
		    hub_db_query(p->db, &q, err, sources[i].sql, sources[i].args, person, today);
		while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
			const int64_t number = hub_db_int(q, 0);
			const struct hub_str text = hub_db_dup(p->facts, q, 1);
			if ((rc = ask_inside(p, sources[i].kind, number, text, &inside, err)))
				return rc;
			if (hub_pairs_add(p->facts, l, identity,
					  household_key(sources[i].kind, number, text)))
				return hub_fail_mem(err);
		}
		if (rc != HUB_END)
			return rc;
	}
	return HUB_OK;
}

int hub_people_homes(struct hub_people *p, int64_t identity, struct hub_slice *out,
		     struct hub_err *err)
{
	struct hub_slice rows;
	struct hub_pairs l = {0};

	if (!p->opt.few) {
		*out = hub_pairs_of(&p->lives, identity);
		return HUB_OK;
	}
	if (kept_before(p->homes, identity, out))
		return HUB_OK;
	int rc = hub_people_rows(p, identity, &rows, err);
	if (!rc && !rows.n)
		rc = ask_homes(p, identity, identity, &l, err);
	for (size_t i = 0; i < rows.n && !rc; i++)
		rc = ask_homes(p, identity, rows.at[i].value, &l, err);
	return rc ? rc : keep(p, p->homes, identity, &l, out, err);
}

int hub_people_inside(struct hub_people *p, int64_t home, struct hub_slice *out,
		      struct hub_err *err)
{
	if (!p->opt.few)
		*out = hub_pairs_of(&p->home, home);
	else if (!kept_before(p->inside, home, out))
		return hub_fail(err, HUB_FATAL, "internal", "a household of nobody");
	return HUB_OK;
}

int hub_people_in_household(struct hub_people *p, int64_t household, struct hub_slice *out,
			    struct hub_err *err)
{
	const struct hub_str none = {NULL, 0};

	return p->opt.few ? ask_inside(p, BY_ROW, household, none, out, err)
			  : hub_people_inside(p, household_key(BY_ROW, household, none), out, err);
}

/* Is the row one of a fresh registry? */
static int ask_listed(struct hub_people *p, int64_t person, int *yes, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(p->db, &q, err, "SELECT r.feed_id, r.run_id " LISTED " AND p.id = ?",
			      "i", person);

	if (rc || (rc = hub_db_next(q, err)))
		return rc == HUB_END ? HUB_OK : rc;
	const struct hub_slice feed = hub_pairs_of(&p->fresh, hub_db_int(q, 0));
	*yes |= feed.n && hub_db_int(q, 1) < feed.at[0].value;
	return HUB_OK;
}

int hub_people_listed(struct hub_people *p, int64_t identity, int *yes, struct hub_err *err)
{
	struct hub_slice rows;
	int rc;

	*yes = !p->opt.few && hub_pairs_of(&p->registry, identity).n > 0;
	if (!p->opt.few || !p->fresh.n)
		return HUB_OK;
	if ((rc = hub_people_rows(p, identity, &rows, err)))
		return rc;
	if (!rows.n)
		rc = ask_listed(p, identity, yes, err);
	for (size_t i = 0; i < rows.n && !rc && !*yes; i++)
		rc = ask_listed(p, rows.at[i].value, yes, err);
	return rc;
}
