#include "store/link.h"

#include "base/clock.h"
#include "store/writer.h"

/* A rule pairs each row with the lowest row of the same value. `same` must hold for a link; where the
 * value agrees and it does not, the pair is a candidate. */
struct rule {
	const char *name;
	const char *value;  /* SQL over p */
	const char *filter; /* which rows have one */
	const char *same;   /* SQL over p and q; NULL: the rule only makes candidates */
};

/* Numbers name one person, unless two full birth dates contradict: then one of them was mistyped. Name
 * and birth date do, unless two numbers contradict. The hash `match` exists only for names with family
 * and given part and a full date, so that twins (same family name, same day) never meet here. */
static const struct rule rules[] = {
    {"atena", "p.atena_no", "p.atena_no IS NOT NULL",
     "(p.birth_date = q.birth_date OR p.birth_date IS NULL OR q.birth_date IS NULL"
     " OR length(p.birth_date) <> 10 OR length(q.birth_date) <> 10)"},
    {"insured", "p.ltc_insured_no", "p.ltc_insured_no IS NOT NULL",
     "(p.birth_date = q.birth_date OR p.birth_date IS NULL OR q.birth_date IS NULL"
     " OR length(p.birth_date) <> 10 OR length(q.birth_date) <> 10)"},
    {"name-birth", "p.match", "p.match IS NOT NULL",
     "(p.atena_no = q.atena_no OR p.atena_no IS NULL OR q.atena_no IS NULL)"
     " AND (p.ltc_insured_no = q.ltc_insured_no OR p.ltc_insured_no IS NULL"
     " OR q.ltc_insured_no IS NULL)"},
    {"kana-birth", "p.name_kana || '/' || p.birth_date",
     "p.name_kana IS NOT NULL AND length(p.birth_date) = 10", NULL},
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

/* Rows sorted by value: one pass, whatever the size (a join would look at every pair of rows). */
static int find_pairs(struct hub_store *s, const struct rule *r, int64_t run,
		      struct hub_link_counts *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(buf) struct hub_buf last;
	struct hub_dbval before = {HUB_DB_NULL, 0, {NULL, 0}};
	int64_t first = 0;
	char sql[512];

	hub_buf_init(&last, 1 << 20);
	snprintf(sql, sizeof sql, "SELECT %s, p.id FROM cc_person p WHERE %s ORDER BY 1, 2",
		 r->value, r->filter);
	int rc = hub_db_walk(s->db, &q, err, sql, "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_dbval v = hub_db_val(q, 0);
		const int64_t id = hub_db_int(q, 1);

		if (hub_dbval_same(&v, &before)) {
			rc = make_pair(s, r, run, first, id, n, err);
			continue;
		}
		first = id;
		hub_buf_reset(&last);
		hub_buf_str(&last, v.s);
		before = v;
		before.s.ptr = last.ptr;
		if (!hub_buf_ok(&last))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
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
	int rc = HUB_OK;

	*n = (struct hub_link_counts){0};
	if (!has_fields(s))
		return HUB_OK;
	for (size_t i = 0; !rc && i < HUB_COUNT(rules); i++)
		rc = find_pairs(s, &rules[i], run, n, err);
	if (!rc && n->links)
		rc = hub_links_settle(s, err);
	return rc;
}

/* --- identity --------------------------------------------------------------------------------- */

struct person {
	int64_t id;
	size_t up; /* index of another one of the group */
};

struct people {
	struct person *list; /* ascending by id */
	size_t n;
};

static size_t find_person(const struct people *p, int64_t id)
{
	size_t lo = 0, hi = p->n;

	while (lo + 1 < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		if (p->list[mid].id <= id)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static size_t root_of(struct people *p, size_t i)
{
	while (p->list[i].up != i) {
		p->list[i].up = p->list[p->list[i].up].up;
		i = p->list[i].up;
	}
	return i;
}

static int read_people(struct hub_store *s, struct hub_arena *a, struct people *p,
		       struct hub_err *err)
{
	static const char all[] =
	    " FROM (SELECT a AS id FROM person_link WHERE state = 1 UNION SELECT b FROM person_link"
	    " WHERE state = 1) AS linked";
	HUB_AUTO(query) struct hub_query *q = NULL;
	char sql[256];
	int64_t n = 0;

	snprintf(sql, sizeof sql, "SELECT count(*)%s", all);
	int rc = hub_db_one(s->db, &n, err, sql, "");
	if (rc)
		return rc;
	if (!(p->list = hub_alloc_array(a, (size_t)n + 1, sizeof *p->list)))
		return hub_fail_mem(err);
	snprintf(sql, sizeof sql, "SELECT id%s ORDER BY 1", all);
	rc = hub_db_walk(s->db, &q, err, sql, "");
	while (!rc && p->n < (size_t)n && (rc = hub_db_next(q, err)) == HUB_OK) {
		p->list[p->n] = (struct person){hub_db_int(q, 0), p->n};
		p->n++;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* The lower index, and so the lower id, becomes the root. */
static int join_people(struct hub_store *s, struct people *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_walk(s->db, &q, err, "SELECT a, b FROM person_link WHERE state = 1", "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const size_t a = root_of(p, find_person(p, hub_db_int(q, 0)));
		const size_t b = root_of(p, find_person(p, hub_db_int(q, 1)));

		p->list[a > b ? a : b].up = a > b ? b : a;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_links_settle(struct hub_store *s, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct people p = {0};
	int rc;

	if (!a)
		return hub_fail_mem(err);
	if ((rc = read_people(s, a, &p, err)) || (rc = join_people(s, &p, err)) ||
	    (rc = hub_db_run(s->db, err, "DELETE FROM person_identity", "")))
		return rc;
	for (size_t i = 0; !rc && i < p.n; i++)
		rc = hub_db_run(s->db, err,
				"INSERT INTO person_identity (person_id, identity) VALUES (?, ?)",
				"ii", p.list[i].id, p.list[root_of(&p, i)].id);
	return rc;
}

int hub_person_identity(struct hub_store *s, int64_t person, int64_t *identity, struct hub_err *err)
{
	*identity = person;
	const int rc =
	    hub_db_one(s->db, identity, err,
		       "SELECT identity FROM person_identity WHERE person_id = ?", "i", person);
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- by a person ------------------------------------------------------------------------------ */

static int insert_link(struct hub_store *s, int64_t a, int64_t b, struct hub_str rule,
		       struct hub_str actor, struct hub_str reason, struct hub_err *err)
{
	int64_t found = 0;

	if (a == b)
		return hub_fail(err, HUB_USAGE, "link-self",
				"a person cannot be linked with itself");
	int rc = hub_db_one(s->db, &found, err, "SELECT count(*) FROM cc_person WHERE id IN (?, ?)",
			    "ii", a, b);
	if (!rc && found != 2)
		rc =
		    hub_fail(err, HUB_USAGE, "no-such-person",
			     "person %lld or %lld is not in the store", (long long)a, (long long)b);
	if (!rc)
		rc = hub_db_run(s->db, err,
				"INSERT INTO person_link (a, b, rule, state, actor, at, reason)"
				" VALUES (?, ?, ?, 1, ?, ?, ?) ON CONFLICT DO NOTHING",
				"iittit", a < b ? a : b, a < b ? b : a, rule, actor, hub_now(),
				reason);
	return rc ? rc : hub_links_settle(s, err);
}

int hub_link_add(struct hub_store *s, int64_t a, int64_t b, struct hub_str actor,
		 struct hub_str reason, struct hub_err *err)
{
	const int rc = s->db->ops->begin(s->db, 1, err);

	if (rc)
		return rc;
	return hub_db_end(s->db, insert_link(s, a, b, HUB_STR("hand"), actor, reason, err), err);
}

static int no_such(struct hub_err *err, int64_t id)
{
	const int rc =
	    hub_fail(err, HUB_USAGE, "no-such-link", "there is no open link %lld", (long long)id);

	hub_hint(err, "tsunagi link lists them.");
	return rc;
}

static int end_link(struct hub_store *s, int64_t link, struct hub_str actor, struct hub_str reason,
		    struct hub_err *err)
{
	const int rc =
	    hub_db_run(s->db, err,
		       "UPDATE person_link SET state = 2, ended_by = ?, ended_at = ?, reason = ?"
		       " WHERE id = ? AND state = 1",
		       "titi", actor, hub_now(), reason, link);
	if (rc)
		return rc;
	return s->db->ops->changes(s->db) == 1 ? hub_links_settle(s, err) : no_such(err, link);
}

int hub_link_end(struct hub_store *s, int64_t link, struct hub_str actor, struct hub_str reason,
		 struct hub_err *err)
{
	const int rc = s->db->ops->begin(s->db, 1, err);

	return rc ? rc : hub_db_end(s->db, end_link(s, link, actor, reason, err), err);
}

static int decide(struct hub_store *s, int64_t candidate, int accept, struct hub_str actor,
		  struct hub_str reason, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(s->db, &q, err,
			      "SELECT a, b, rule FROM link_candidate WHERE id = ? AND state = 1",
			      "i", candidate);
	if (!rc)
		rc = hub_db_next(q, err);
	if (rc)
		return rc == HUB_END ? no_such(err, candidate) : rc;
	if (accept)
		rc = insert_link(s, hub_db_int(q, 0), hub_db_int(q, 1), hub_db_str(q, 2), actor,
				 reason, err);
	if (!rc)
		rc = hub_db_run(s->db, err,
				"UPDATE link_candidate SET state = ?, actor = ?, at = ?, reason = ?"
				" WHERE id = ?",
				"ititi", (int64_t)(accept ? HUB_LINK_ACCEPTED : HUB_LINK_ENDED),
				actor, hub_now(), reason, candidate);
	return rc;
}

int hub_link_decide(struct hub_store *s, int64_t candidate, int accept, struct hub_str actor,
		    struct hub_str reason, struct hub_err *err)
{
	const int rc = s->db->ops->begin(s->db, 1, err);

	return rc ? rc : hub_db_end(s->db, decide(s, candidate, accept, actor, reason, err), err);
}

/* --- lists ------------------------------------------------------------------------------------ */

int hub_links_list(struct hub_store *s, int candidates, int state, struct hub_query **q,
		   struct hub_err *err)
{
	static const char *const sql[] = {
	    "SELECT id, a, b, rule, coalesce(run_id, 0), state, actor, reason, at FROM person_link"
	    " WHERE ? IN (0, state) ORDER BY id",
	    "SELECT id, a, b, rule, coalesce(run_id, 0), state, actor, reason, at FROM "
	    "link_candidate"
	    " WHERE ? IN (0, state) ORDER BY id"};

	return hub_db_query(s->db, q, err, sql[candidates != 0], "i", (int64_t)state);
}

int hub_link_read(struct hub_query *q, struct hub_link *out, struct hub_err *err)
{
	const int rc = hub_db_next(q, err);

	if (rc)
		return rc;
	*out = (struct hub_link){.id = hub_db_int(q, 0),
				 .a = hub_db_int(q, 1),
				 .b = hub_db_int(q, 2),
				 .rule = hub_db_str(q, 3),
				 .run = hub_db_int(q, 4),
				 .state = (int)hub_db_int(q, 5),
				 .actor = hub_db_str(q, 6),
				 .reason = hub_db_str(q, 7),
				 .at = hub_db_int(q, 8)};
	return HUB_OK;
}
