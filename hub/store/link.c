#include "store/link.h"

#include "base/clock.h"
#include "base/hash.h"
#include "store/writer.h"
#include "text/number.h"

/* --- identity --------------------------------------------------------------------------------- */

/* What one person has one of, as a hash: a day of birth, a number of each kind. */
enum { TELLS = 3, UNKNOWN = 0, SEVERAL = 1 };

struct person {
	int64_t id;
	uint32_t up;          /* index of another one of the group */
	uint32_t tell[TELLS]; /* of the group, where a link is judged by them */
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

static int read_people(struct hub_db *db, struct hub_arena *a, struct people *p,
		       struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = 1; /* find_person() always finds somebody */
	int rc = hub_db_walk(db, &q, err,
			     "SELECT a AS id FROM person_link WHERE state = 1 UNION SELECT b FROM"
			     " person_link WHERE state = 1 ORDER BY 1",
			     "");

	if (!rc && !(p->list = hub_alloc_array(a, cap, sizeof *p->list)))
		return hub_fail_mem(err);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		p->list = hub_alloc_more(a, p->list, p->n, &cap, sizeof *p->list);
		if (!p->list)
			return hub_fail_mem(err);
		p->list[p->n] = (struct person){.id = hub_db_int(q, 0), .up = (uint32_t)p->n};
		p->n++;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* The lower index, and so the lower id, becomes the root. */
static void join(struct people *p, size_t a, size_t b)
{
	struct person *root = &p->list[a > b ? b : a], *other = &p->list[a > b ? a : b];

	for (size_t i = 0; i < TELLS && root != other; i++)
		if (root->tell[i] == UNKNOWN)
			root->tell[i] = other->tell[i];
		else if (other->tell[i] != UNKNOWN && other->tell[i] != root->tell[i])
			root->tell[i] = SEVERAL;
	other->up = (uint32_t)(root - p->list);
}

static int join_found(struct people *p, struct hub_query *q, struct hub_err *err)
{
	int rc;

	while ((rc = hub_db_next(q, err)) == HUB_OK)
		join(p, root_of(p, find_person(p, hub_db_int(q, 0))),
		     root_of(p, find_person(p, hub_db_int(q, 1))));
	return rc == HUB_END ? HUB_OK : rc;
}

static int join_people(struct hub_db *db, struct people *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	const int rc = hub_db_walk(db, &q, err, "SELECT a, b FROM person_link WHERE state = 1", "");
	return rc ? rc : join_found(p, q, err);
}

int hub_links_close(struct hub_db *db, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct people p = {0};
	int rc;

	if (!a)
		return hub_fail_mem(err);
	if ((rc = read_people(db, a, &p, err)) || (rc = join_people(db, &p, err)) ||
	    (rc = hub_db_run(db, err, "DELETE FROM person_identity", "")))
		return rc;
	for (size_t i = 0; !rc && i < p.n; i++)
		rc = hub_db_run(db, err,
				"INSERT INTO person_identity (person_id, identity) VALUES (?, ?)",
				"ii", p.list[i].id, p.list[root_of(&p, i)].id);
	return rc;
}

int hub_links_settle(struct hub_store *s, struct hub_err *err)
{
	const int rc = hub_links_close(s->db, err);

	return rc ? rc : hub_store_touch(s->db, err);
}

/* --- a third one between two that are not one ------------------------------------------------------------ */

static uint32_t tell_of(struct hub_dbval v, int number)
{
	if (v.type == HUB_DB_NULL ||
	    (number ? hub_number_is_nobodys(v.s) : v.s.len != strlen("1980-01-01")))
		return UNKNOWN;
	const uint32_t h = (uint32_t)hub_hash128(v.s, (struct hub_hash){0}).lo;
	return h > SEVERAL ? h : h + SEVERAL + 1;
}

static int read_tells(struct hub_db *db, struct people *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_walk(db, &q, err,
			     "SELECT id, birth_date, atena_no, ltc_insured_no FROM cc_person"
			     " WHERE id IN (SELECT a FROM person_link WHERE state = 1"
			     " UNION SELECT b FROM person_link WHERE state = 1)",
			     "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct person *one = &p->list[find_person(p, hub_db_int(q, 0))];
		for (uint32_t i = 0; i < TELLS; i++)
			one->tell[i] = tell_of(hub_db_val(q, i + 1), i > 0);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* As the rules judge two rows: a number does not join two days of birth, a name does not join two numbers either. Of a
 * group that has several, somebody has said that it is one person. */
static int contradict(const struct person *a, const struct person *b, int number)
{
	for (size_t i = 0; i < (number ? 1 : TELLS); i++)
		if (a->tell[i] > SEVERAL && b->tell[i] > SEVERAL && a->tell[i] != b->tell[i])
			return 1;
	return 0;
}

static int join_older(struct hub_db *db, struct people *p, int64_t run, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	const int rc = hub_db_walk(db, &q, err,
				   "SELECT a, b FROM person_link WHERE state = 1"
				   " AND (run_id IS NULL OR run_id <> ?)",
				   "i", run);
	return rc ? rc : join_found(p, q, err);
}

/* The links of the run, in the order in which they were made; `out` gets those that a person has to decide. */
static int judge(struct hub_db *db, struct people *p, int64_t run, struct hub_buf *out,
		 struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_walk(db, &q, err,
			     "SELECT id, a, b, rule FROM person_link"
			     " WHERE state = 1 AND run_id = ? ORDER BY id",
			     "i", run);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);
		const size_t a = root_of(p, find_person(p, hub_db_int(q, 1)));
		const size_t b = root_of(p, find_person(p, hub_db_int(q, 2)));

		if (contradict(&p->list[a], &p->list[b],
			       !hub_str_is(hub_db_str(q, 3), "name-birth")))
			hub_buf_add(out, &id, sizeof id);
		else
			join(p, a, b);
	}
	if (rc == HUB_END && !hub_buf_ok(out))
		return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_links_part(struct hub_store *s, int64_t run, uint64_t *parted, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(buf) struct hub_buf ids;
	struct people p = {0};
	int rc;

	hub_buf_init(&ids, (size_t)1 << 30);
	if (!a)
		return hub_fail_mem(err);
	if ((rc = read_people(s->db, a, &p, err)) || (rc = read_tells(s->db, &p, err)) ||
	    (rc = join_older(s->db, &p, run, err)) || (rc = judge(s->db, &p, run, &ids, err)))
		return rc;
	*parted = ids.len / sizeof(int64_t);
	for (size_t i = 0; !rc && i < *parted; i++) {
		int64_t id;
		memcpy(&id, ids.ptr + i * sizeof id, sizeof id);
		rc = hub_db_run(
		    s->db, err,
		    "INSERT INTO link_candidate (a, b, rule, run_id, state, actor, at)"
		    " SELECT a, b, rule, run_id, 1, actor, at FROM person_link WHERE id = ?"
		    " ON CONFLICT DO NOTHING",
		    "i", id);
		if (!rc)
			rc =
			    hub_db_run(s->db, err, "DELETE FROM person_link WHERE id = ?", "i", id);
	}
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
	const int rc = hub_db_begin(s->db, err);

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
	const int rc = hub_db_begin(s->db, err);

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
	return rc || accept ? rc
			    : hub_store_touch(s->db, err); /* a bar on one of them may go by it */
}

int hub_link_decide(struct hub_store *s, int64_t candidate, int accept, struct hub_str actor,
		    struct hub_str reason, struct hub_err *err)
{
	const int rc = hub_db_begin(s->db, err);

	return rc ? rc : hub_db_end(s->db, decide(s, candidate, accept, actor, reason, err), err);
}

/* --- lists ------------------------------------------------------------------------------------ */

int hub_links_list(struct hub_store *s, int candidates, int state, struct hub_query **q,
		   struct hub_err *err)
{
	static const char *const sql[] = {"SELECT id, a, b, rule, state, actor FROM person_link "
					  "WHERE ? IN (0, state) ORDER BY id",
					  "SELECT id, a, b, rule, state, actor FROM link_candidate "
					  "WHERE ? IN (0, state) ORDER BY id"};

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
				 .state = (int)hub_db_int(q, 4),
				 .actor = hub_db_str(q, 5)};
	return HUB_OK;
}
