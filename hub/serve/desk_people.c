/* Who works where: accounts and what they are for an agency, today. */
#include "base/clock.h"
#include "serve/desk.h"

/* The columns of both questions. */
#define COLUMNS                                                                \
	"SELECT a.id, a.login, a.name, m.agency, m.role, a.staff_no,"          \
	" (SELECT max(s.email) FROM cc_staff s WHERE s.staff_no = a.staff_no)" \
	" FROM account a JOIN membership m ON m.account_id = a.id"
#define TODAY "m.ended_at IS NULL AND m.valid_from <= ? AND (m.valid_to IS NULL OR m.valid_to >= ?)"

enum { COLLEAGUES_MOST = 5000, ROLES_MOST = 8 };

static void add_role(const struct hub_call *c, struct hub_colleague *p, struct hub_str role)
{
	const struct hub_roles *roles = hub_call_module(c)->all->roles;
	const struct hub_role *known = roles ? hub_roles_find(roles, role) : NULL;

	/* one role that may write is enough to write */
	p->view_only = (p->roles == 0 || p->view_only) && known && known->view_only;
	if (p->roles < ROLES_MOST)
		((struct hub_str *)(uintptr_t)p->role)[p->roles++] = role;
}

/* Rows of one account and agency stand together. */
static int read_people(struct hub_call *c, struct hub_query *q, struct hub_colleague *out,
		       uint32_t most, uint32_t *n, struct hub_err *err)
{
	struct hub_arena *a = hub_call_arena(c);
	int rc;

	*n = 0;
	while ((rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);
		struct hub_colleague *p = *n ? &out[*n - 1] : NULL;
		if (!p || p->id != id || !hub_str_eq(p->agency, hub_db_str(q, 3))) {
			if (*n == most)
				break;
			p = &out[(*n)++];
			*p = (struct hub_colleague){
			    .id = id,
			    .login = hub_db_text(a, q, 1),
			    .name = hub_db_text(a, q, 2),
			    .agency = hub_db_text(a, q, 3),
			    .staff = hub_db_text(a, q, 5),
			    .mail = hub_db_text(a, q, 6),
			    .role = hub_alloc_array(a, ROLES_MOST, sizeof *p->role)};
		}
		if (hub_arena_failed(a))
			return hub_fail_mem(err);
		add_role(c, p, hub_db_text(a, q, 4));
	}
	return rc < 0 ? rc : HUB_OK;
}

int hub_desk_accounts(struct hub_call *c, struct hub_str agency, const struct hub_colleague **out,
		      uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_str of = agency.ptr ? agency : HUB_STR("");
	const int64_t all_of = agency.ptr == NULL;
	struct hub_db *db = hub_call_db(c);
	char today[11];
	int64_t count = 0;
	int rc;

	hub_day_text(c->today, today);
	if ((rc = hub_db_one(db, &count, err,
			     "SELECT count(*) FROM membership WHERE 1 = ? OR agency = ?", "it",
			     all_of, of)))
		return rc;
	const uint32_t most = count < COLLEAGUES_MOST ? (uint32_t)count : COLLEAGUES_MOST;
	struct hub_colleague *all =
	    hub_alloc_array(hub_call_arena(c), (size_t)most + 1, sizeof *all);
	if (!all)
		return hub_fail_mem(err);
	if ((rc = hub_db_query(db, &q, err,
			       COLUMNS " WHERE (1 = ? OR m.agency = ?) AND a.state = ? AND " TODAY
				       " ORDER BY a.id, m.agency, m.id",
			       "itizz", all_of, of, (int64_t)HUB_ACCOUNT_OPEN, today, today)) ||
	    (rc = read_people(c, q, all, most, n, err)))
		return rc;
	*out = all;
	return *n ? HUB_OK : HUB_END;
}

/* Also who has left: what they wrote still has their name. What they are today comes first. */
int hub_desk_account(struct hub_call *c, int64_t id, const struct hub_colleague **out,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_colleague *one = hub_call_alloc(c, sizeof *one);
	char today[11];
	uint32_t n;
	int rc;

	hub_day_text(c->today, today);
	if (!one)
		return hub_fail_mem(err);
	if ((rc = hub_db_query(hub_call_db(c), &q, err,
			       COLUMNS " WHERE a.id = ? ORDER BY CASE WHEN " TODAY
				       " THEN 0 ELSE 1 END, m.agency, m.id DESC",
			       "izz", id, today, today)) ||
	    (rc = read_people(c, q, one, 1, &n, err)))
		return rc;
	*out = one;
	return n ? HUB_OK : HUB_END;
}

int hub_desk_role(struct hub_call *c, struct hub_str name, struct hub_err *err)
{
	static const struct hub_roles none = {0};
	const struct hub_roles *roles = hub_call_module(c)->all->roles;
	const struct hub_role *role;

	return hub_roles_need(roles ? roles : &none, name, &role, err);
}
