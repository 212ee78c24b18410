#include "store/staff.h"

#include "text/name.h"

/* --- appointments ------------------------------------------------------------------------------------- */

/* listed: not ended, and not said to have vanished by the last whole run of its feed. */
static const char posts_sql[] =
    "SELECT s.id, coalesce(s.staff_no, s.key), s.staff_name, a.agency_name, p.department,"
    " p.position, p.valid_from, p.valid_to, a.key, CASE WHEN r.state = 0 AND NOT EXISTS"
    " (SELECT 1 FROM vanished v WHERE v.record_id = r.id AND v.run_id = (SELECT max(id) FROM run"
    " WHERE feed_id = r.feed_id AND state = ? AND undone_by IS NULL)) THEN 1 ELSE 0 END"
    " FROM cc_appointment p JOIN cc_staff s ON s.id = p.staff_id"
    " LEFT JOIN cc_agency a ON a.id = p.agency_id LEFT JOIN record r ON r.id = p.record_id"
    " WHERE p.valid_from IS NOT NULL ORDER BY s.staff_no, s.id, p.valid_from, p.id";

int hub_staff_posts(struct hub_arena *a, struct hub_store *s, struct hub_staff_post **out,
		    uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = 0;
	int rc = hub_db_query(hub_store_db(s), &q, err, posts_sql, "i", (int64_t)HUB_RUN_DONE);

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_staff_post *more = hub_alloc_more(a, *out, *n, &cap, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		*out = more;
		struct hub_staff_post *p = &more[(*n)++];
		struct hub_str *const text[] = {&p->staff_no, &p->name, &p->agency, &p->department,
						&p->position, &p->from, &p->to,     &p->agency_key};
		p->staff = hub_db_int(q, 0);
		for (uint32_t i = 0; i < HUB_COUNT(text); i++)
			*text[i] = hub_db_dup(a, q, i + 1);
		p->listed = (int)hub_db_int(q, 9);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int64_t hub_staff_on(const struct hub_staff_post *posts, uint32_t n, uint32_t from,
		     struct hub_str day)
{
	const int64_t staff = posts[from].staff;
	int64_t found = -1;

	while (from > 0 && posts[from - 1].staff == staff)
		from--;
	for (uint32_t i = from; i < n && posts[i].staff == staff; i++)
		if (posts[i].listed && hub_str_cmp(posts[i].from, day) <= 0)
			found = i;
	/* the last one decides: when it has ended, an older one does not come back */
	return found >= 0 && posts[found].to.len && hub_str_cmp(posts[found].to, day) < 0 ? -1
											  : found;
}

/* --- what is open ------------------------------------------------------------------------------------- */

/* Where somebody is on the day, as far as it concerns the cases of before. */
struct member {
	uint32_t first; /* of the posts */
	int64_t now;    /* in force, -1: has left */
	struct hub_str since;
	enum hub_staff_why why; /* 0: is where they were */
	struct hub_str key;     /* of the name */
};

struct search {
	struct hub_arena *a;
	struct hub_db *db;
	struct hub_staff_post *post;
	uint32_t posts;
	struct member *member;
	uint32_t members;
	struct hub_staff_open *out;
	uint32_t n;
	size_t cap;
	struct hub_err *err;
};

static int same_place(const struct hub_staff_post *a, const struct hub_staff_post *b)
{
	return hub_str_eq(a->agency, b->agency) && hub_str_eq(a->department, b->department);
}

/* Since when: the end of the last appointment, or the first day at the place where they are now. */
static void place(const struct search *s, struct member *m, struct hub_str day)
{
	const struct hub_staff_post *post = &s->post[m->first];
	uint32_t last = 0;

	m->now = hub_staff_on(s->post, s->posts, m->first, day);
	for (uint32_t i = 0; m->first + i < s->posts && post[i].staff == post->staff; i++)
		if (hub_str_cmp(post[i].from, day) <= 0)
			last = i;
	if (m->now < 0) {
		/* who is only to come has not left */
		if (hub_str_cmp(post[last].from, day) > 0)
			return;
		m->why = HUB_STAFF_LEFT;
		m->since = post[last].to;
		return;
	}
	uint32_t i = (uint32_t)(m->now - m->first);
	while (i > 0 && same_place(&post[i - 1], &s->post[m->now]))
		i--;
	if (i > 0) {
		m->why = HUB_STAFF_MOVED;
		m->since = post[i].from;
	}
}

static int read_members(struct search *s, struct hub_str day)
{
	s->member = hub_alloc_array(s->a, (size_t)s->posts + 1, sizeof *s->member);
	if (!s->member)
		return hub_fail_mem(s->err);
	for (uint32_t i = 0; i < s->posts; i++) {
		if (i && s->post[i].staff == s->post[i - 1].staff)
			continue;
		struct member *m = &s->member[s->members++];
		*m = (struct member){.first = i};
		m->key = hub_name_key(s->a, s->post[i].name, NULL);
		if (!m->key.ptr)
			return hub_fail_mem(s->err);
		place(s, m, day);
	}
	return HUB_OK;
}

static int add(struct search *s, const struct hub_staff_open *o)
{
	struct hub_staff_open *more = hub_alloc_more(s->a, s->out, s->n, &s->cap, sizeof *more);

	if (!more)
		return hub_fail_mem(s->err);
	s->out = more;
	more[s->n++] = *o;
	return HUB_OK;
}

/* The case or task and, of a case, its open tasks. */
static int add_case(struct search *s, int64_t case_id, struct hub_staff_open o)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = add(s, &o);

	if (!rc)
		rc = hub_db_query(s->db, &q, s->err,
				  "SELECT coalesce(task_kind, ''), due_on FROM cc_task"
				  " WHERE case_id = ? AND coalesce(task_state, 'open') NOT IN"
				  " ('done', 'dropped') AND done_on IS NULL ORDER BY due_on, id",
				  "i", case_id);
	while (!rc && (rc = hub_db_next(q, s->err)) == HUB_OK) {
		o.task = hub_db_dup(s->a, q, 0);
		if (o.task.len == 0)
			o.task = HUB_STR("other");
		o.due = hub_db_dup(s->a, q, 1);
		rc = add(s, &o);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* By reference, or by the name as the case has it. A case that was opened after somebody came to where
 * they are now is theirs. */
static int judge_case(struct search *s, struct hub_query *q)
{
	const int64_t id = hub_db_int(q, 0), staff = hub_db_int(q, 2);
	const struct hub_str name = hub_db_dup(s->a, q, 3), opened = hub_db_dup(s->a, q, 4);
	const struct hub_str key = name.len ? hub_name_key(s->a, name, NULL) : name;
	const struct member *found = NULL;
	int same = 0;

	for (uint32_t i = 0; i < s->members; i++) {
		const struct member *m = &s->member[i];
		const int is =
		    staff ? s->post[m->first].staff == staff : key.len && hub_str_eq(m->key, key);
		same += is;
		if (is && (!found || (m->why && !found->why)))
			found = m;
	}
	if (!found || !found->why ||
	    (found->why == HUB_STAFF_MOVED && opened.len && found->since.len &&
	     hub_str_cmp(opened, found->since) >= 0))
		return HUB_OK;
	return add_case(s, id,
			(struct hub_staff_open){.why = found->why,
						.staff_no = s->post[found->first].staff_no,
						.name = s->post[found->first].name,
						.since = found->since,
						.namesakes = same - 1,
						.case_no = hub_db_dup(s->a, q, 1)});
}

static int search_cases(struct search *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(s->db, &q, s->err,
			      "SELECT id, coalesce(case_no, key), staff_id, staff_name, opened_on"
			      " FROM cc_case WHERE coalesce(case_state, '') <> 'closed' AND"
			      " closed_on IS NULL ORDER BY 2, 1",
			      "");

	while (!rc && (rc = hub_db_next(q, s->err)) == HUB_OK)
		rc = judge_case(s, q);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Cases of agencies whose contract was over before the day. */
static int search_contracts(struct search *s, struct hub_str day)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(
	    s->db, &q, s->err,
	    "WITH c AS (SELECT id, coalesce(case_no, key) AS no, agency_id, agency_name"
	    " FROM cc_case WHERE coalesce(case_state, '') <> 'closed' AND closed_on IS"
	    " NULL), a AS (SELECT id, agency_name, contract_to FROM cc_agency"
	    " WHERE contract_to < ?) SELECT c.id, c.no, a.agency_name, a.contract_to"
	    " FROM c JOIN a ON a.id = c.agency_id UNION ALL SELECT c.id, c.no,"
	    " a.agency_name, a.contract_to FROM c JOIN a ON a.agency_name ="
	    " c.agency_name WHERE c.agency_id IS NULL ORDER BY 2, 1",
	    "t", day);

	while (!rc && (rc = hub_db_next(q, s->err)) == HUB_OK)
		rc = add_case(s, hub_db_int(q, 0),
			      (struct hub_staff_open){.why = HUB_STAFF_CONTRACT,
						      .case_no = hub_db_dup(s->a, q, 1),
						      .name = hub_db_dup(s->a, q, 2),
						      .since = hub_db_dup(s->a, q, 3)});
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_staff_open(struct hub_arena *a, struct hub_store *st, struct hub_str day,
		   struct hub_staff_open **out, uint32_t *n, struct hub_err *err)
{
	struct search s = {.a = a, .db = hub_store_db(st), .err = err};
	int rc = hub_staff_posts(a, st, &s.post, &s.posts, err);

	if (rc || (rc = read_members(&s, day)) || (rc = search_cases(&s)) ||
	    (rc = search_contracts(&s, day)))
		return rc;
	*out = s.out;
	*n = s.n;
	return HUB_OK;
}
