#include "serve/staff_sync.h"

#include "serve/principal.h"

struct plan {
	struct hub_sync *s;
	struct hub_db *db;
	struct hub_staff_post *post;
	uint32_t posts;
	struct hub_err *err;
};

static const struct hub_account *account_of(const struct plan *p, struct hub_str staff_no)
{
	for (uint32_t i = 0; i < p->s->accounts; i++)
		if (hub_str_eq(p->s->account[i].staff_no, staff_no))
			return &p->s->account[i];
	return NULL;
}

static void add(struct plan *p, const struct hub_sync_step *step)
{
	p->s->step[p->s->n++] = *step;
}

/* Roles for the municipality itself go with the person; those for an agency stay there. */
static int plan_moves(struct plan *p, const struct hub_account *account, struct hub_str agency)
{
	struct hub_sync *s = p->s;
	struct hub_membership *m;
	uint32_t n;
	int rc = hub_membership_list(s->a, p->db, account->id, &m, &n, p->err);
	struct hub_sync_step *wider;

	if (rc)
		return rc;
	/* room for one step each beside those that are counted on */
	if (!(wider = hub_alloc_array(s->a, (size_t)s->n + n + p->posts + s->accounts + 1,
				      sizeof *wider)))
		return hub_fail_mem(p->err);
	if (s->n)
		memcpy(wider, s->step, s->n * sizeof *wider);
	s->step = wider;
	for (uint32_t i = 0; i < n; i++)
		if (m[i].agency.len && !hub_str_eq(m[i].agency, agency) &&
		    hub_membership_is_on(&m[i], s->day))
			add(p, &(struct hub_sync_step){.kind = HUB_SYNC_MOVE,
						       .account = *account,
						       .from = m[i],
						       .agency = agency});
	return HUB_OK;
}

/* "001201" -> the login name of a new account. */
static struct hub_str login_of(struct hub_arena *a, struct hub_str staff_no)
{
	char *text = hub_arena_cstr(a, staff_no);

	for (size_t i = 0; text && i < staff_no.len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] + 32);
	return (struct hub_str){text, text ? staff_no.len : 0};
}

/* One person of the list: first is their first appointment. */
static int plan_person(struct plan *p, uint32_t first)
{
	const struct hub_staff_post *post = &p->post[first];
	const int64_t now = hub_staff_on(p->post, p->posts, first, p->s->day);
	const struct hub_account *account = account_of(p, post->staff_no);

	if (now < 0) {
		/* who is only to come has not left */
		if (account && account->state == HUB_ACCOUNT_OPEN &&
		    hub_str_cmp(post->from, p->s->day) <= 0)
			add(p, &(struct hub_sync_step){.kind = HUB_SYNC_LEFT, .account = *account});
		return HUB_OK;
	}
	const struct hub_str agency = p->post[now].agency_key;
	if (!account) {
		const struct hub_account made = {.login = login_of(p->s->a, post->staff_no),
						 .name = post->name,
						 .staff_no = post->staff_no};
		add(p, &(struct hub_sync_step){
			   .kind = HUB_SYNC_NEW, .account = made, .agency = agency});
		return hub_arena_failed(p->s->a) ? hub_fail_mem(p->err) : HUB_OK;
	}
	if (account->state != HUB_ACCOUNT_OPEN) {
		add(p, &(struct hub_sync_step){.kind = HUB_SYNC_BACK, .account = *account});
		return HUB_OK;
	}
	return plan_moves(p, account, agency);
}

static int is_listed(const struct plan *p, struct hub_str staff_no)
{
	for (uint32_t i = 0; i < p->posts; i++)
		if (hub_str_eq(p->post[i].staff_no, staff_no))
			return 1;
	return 0;
}

int hub_sync_plan(struct hub_sync *s, struct hub_err *err)
{
	struct plan p = {.s = s, .db = hub_store_db(s->store), .err = err};
	int rc;

	if ((rc = hub_staff_posts(s->a, s->store, &p.post, &p.posts, err)) ||
	    (rc = hub_account_list(s->a, p.db, &s->account, &s->accounts, err)))
		return rc;
	if (!(s->step = hub_alloc_array(s->a, (size_t)p.posts + s->accounts + 1, sizeof *s->step)))
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < p.posts && !rc; i++)
		if (!i || p.post[i].staff != p.post[i - 1].staff)
			rc = plan_person(&p, i);
	for (uint32_t i = 0; i < s->accounts && !rc; i++)
		if (s->account[i].staff_no.len && !is_listed(&p, s->account[i].staff_no))
			add(&p, &(struct hub_sync_step){.kind = HUB_SYNC_UNKNOWN,
							.account = s->account[i]});
	return rc;
}

/* --- the brake -------------------------------------------------------------------------------- */

enum { PERCENT = 10, FEW = 3 };

static int is_leaving(const struct hub_sync *s, int64_t account)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (s->step[i].kind == HUB_SYNC_LEFT && s->step[i].account.id == account)
			return 1;
	return 0;
}

/* Does that role let somebody manage accounts? */
static int manages(const struct hub_roles *roles, struct hub_str name)
{
	const struct hub_role *role = hub_roles_find(roles, name);

	for (uint32_t i = 0; role && !role->view_only && i < role->n_may; i++)
		if (hub_permission_fits(role->may[i], HUB_STR("accounts.manage")))
			return 1;
	return 0;
}

static const struct hub_account *by_id(const struct hub_sync *s, int64_t id)
{
	for (uint32_t i = 0; i < s->accounts; i++)
		if (s->account[i].id == id)
			return &s->account[i];
	return NULL;
}

/* Administrators as of that day, and how many of them stay. */
static int count_managers(const struct hub_sync *s, uint32_t *there, uint32_t *stay,
			  struct hub_err *err)
{
	struct hub_membership *m;
	uint32_t all;
	const int rc = hub_membership_list(s->a, hub_store_db(s->store), 0, &m, &all, err);

	*there = *stay = 0;
	for (uint32_t i = 0; !rc && i < all; i++) {
		const struct hub_account *who = by_id(s, m[i].account);
		if (!who || who->state != HUB_ACCOUNT_OPEN ||
		    !hub_membership_is_on(&m[i], s->day) || !manages(s->roles, m[i].role))
			continue;
		++*there;
		*stay += !is_leaving(s, who->id);
	}
	return rc;
}

int hub_sync_brake(const struct hub_sync *s, struct hub_err *err)
{
	uint32_t listed = 0, leave = 0, there, stay;
	int rc = count_managers(s, &there, &stay, err);

	if (rc)
		return rc;
	for (uint32_t i = 0; i < s->accounts; i++)
		listed += s->account[i].staff_no.len && s->account[i].state == HUB_ACCOUNT_OPEN;
	for (uint32_t i = 0; i < s->n; i++)
		leave += s->step[i].kind == HUB_SYNC_LEFT;
	if (there && !stay)
		rc = hub_fail(err, HUB_REFUSED, "last-administrator",
			      "the list would lock the last administrator");
	else if (leave >= FEW && leave * 100 > listed * PERCENT)
		rc = hub_fail(err, HUB_REFUSED, "too-many-leave",
			      "the list would lock %u of %u accounts, more than %d %%", leave,
			      listed, PERCENT);
	if (rc)
		hub_hint(err, "Is it the whole list, of the right day? Confirm it when it is.");
	return rc;
}

const char *hub_sync_word(enum hub_sync_kind kind)
{
	static const char *const words[] = {[HUB_SYNC_NEW] = "new",
					    [HUB_SYNC_MOVE] = "moves",
					    [HUB_SYNC_LEFT] = "left",
					    [HUB_SYNC_BACK] = "back",
					    [HUB_SYNC_UNKNOWN] = "unknown"};

	return words[kind];
}

/* --- doing it --------------------------------------------------------------------------------- */

static int apply_new(const struct hub_sync *s, const struct hub_sync_step *step,
		     struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s->store);
	struct hub_membership m = {
	    .login = step->account.login, .role = s->role, .agency = step->agency};
	int64_t number;
	int rc;

	if (!s->role.len)
		return HUB_END;
	if ((rc = hub_membership_check(db, s->roles, &m, err)) ||
	    (rc = hub_account_add(db, &step->account, s->actor, &m.account, err)))
		return rc;
	return hub_membership_add(s->a, db, s->roles, &m, s->actor, &number, err);
}

/* The same role at the new place first: nobody is left without one half way. */
static int apply_move(const struct hub_sync *s, const struct hub_sync_step *step,
		      struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s->store);
	struct hub_membership m = {.account = step->account.id,
				   .login = step->account.login,
				   .role = step->from.role,
				   .agency = step->agency,
				   .to = step->from.to,
				   .networks = step->from.networks};
	int64_t number;
	const int rc = step->agency.len
			   ? hub_membership_add(s->a, db, s->roles, &m, s->actor, &number, err)
			   : HUB_OK;

	return rc ? rc : hub_membership_end(db, &step->account, step->from.id, s->actor, err);
}

int hub_sync_apply(const struct hub_sync *s, const struct hub_sync_step *step, struct hub_err *err)
{
	switch (step->kind) {
	case HUB_SYNC_NEW:
		return apply_new(s, step, err);
	case HUB_SYNC_MOVE:
		return apply_move(s, step, err);
	case HUB_SYNC_LEFT:
		return hub_account_lock(hub_store_db(s->store), &step->account,
					HUB_STR("staff-list"), s->actor, err);
	default:
		return HUB_END;
	}
}
