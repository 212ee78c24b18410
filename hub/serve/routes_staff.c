/* /v1/accounts/staff-list: what the staff list (人事異動) does to accounts, shown first, as `tsunagi user sync`. */
#include "base/clock.h"
#include "serve/routes.h"
#include "serve/staff_sync.h"

static const char *const kinds[] = {"new", "moves", "left", "back", "unknown", NULL};
static const char *const states[] = {"proposed", "done", "left_as_it_is", NULL};

static const struct hub_member step_members[] = {
    {HUB_MEMBER("staff", TEXT, HUB_M_REQUIRED, HUB_N("staff number; empty: none"))},
    {HUB_MEMBER("login", TEXT, HUB_M_REQUIRED, HUB_N("login name"))},
    {HUB_MEMBER("name", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL, HUB_N("the person's name"))},
    {HUB_MEMBER("what", WORD, HUB_M_REQUIRED,
		HUB_N("left is locked; back and unknown are for a person to decide"),
		.words = kinds)},
    {HUB_MEMBER("from", TEXT, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("key of the agency where a role ends"))},
    {HUB_MEMBER("to", TEXT, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("key of the agency where they work now"))},
    {HUB_MEMBER("state", WORD, HUB_M_REQUIRED, HUB_N("what was done"), .words = states)},
    {.name = NULL},
};
static const struct hub_member apply_body[] = {
    {HUB_MEMBER("role", TEXT, 0, HUB_N("of new accounts; without one they are left out"),
		.max = HUB_WORD_MOST)},
    {HUB_MEMBER("confirm", BOOL, 0,
		HUB_N("also when many would be locked, or the last administrator"))},
    {.name = NULL},
};

static void say_step(struct hub_call *c, const struct hub_sync_step *s, const char *state)
{
	hub_call_open(c, NULL, 0);
	hub_call_text(c, "staff", s->account.staff_no);
	hub_call_text(c, "login", s->account.login);
	hub_call_text(c, "name", s->account.name);
	hub_call_text(c, "what", hub_str_of(hub_sync_word(s->kind)));
	hub_call_text(c, "from", hub_text_or_null(s->from.agency));
	hub_call_text(c, "to", hub_text_or_null(s->agency));
	hub_call_text(c, "state", hub_str_of(state));
	hub_call_close(c);
}

/* today: room for its text. */
static struct hub_sync sync_of(struct hub_call *c, const struct hub_access *a, char today[11])
{
	hub_day_text(hub_today(), today);
	return (struct hub_sync){.a = hub_call_arena(c),
				 .store = hub_call_store(c),
				 .roles = &a->roles,
				 .day = {today, 10},
				 .actor = hub_routes_actor(c)};
}

static int get_staff(void *self, struct hub_call *c, struct hub_err *err)
{
	char today[11];
	struct hub_sync all = sync_of(c, self, today);
	const int rc = hub_sync_plan(&all, err);

	for (uint32_t i = 0; !rc && i < all.n; i++)
		say_step(c, &all.step[i], states[0]);
	return rc;
}

static int post_staff(void *self, struct hub_call *c, struct hub_err *err)
{
	char today[11];
	struct hub_sync all = sync_of(c, self, today);
	int rc = hub_sync_plan(&all, err);

	all.role = hub_val_text(&c->body[0]);
	if (!rc && !c->body[1].i)
		rc = hub_sync_brake(&all, err);
	if (rc == HUB_REFUSED)
		hub_call_status(c, 409);
	for (uint32_t i = 0; !rc && i < all.n; i++) {
		rc = hub_sync_apply(&all, &all.step[i], err);
		if (rc == HUB_OK || rc == HUB_END)
			say_step(c, &all.step[i], states[rc == HUB_OK ? 1 : 2]);
		rc = rc == HUB_END ? HUB_OK : rc;
	}
	return hub_routes_told(c, rc, err);
}

static const struct hub_route routes[] = {
    {"GET", "/accounts/staff-list", "accounts.read", HUB_ROUTE_LIST, NULL, NULL, step_members,
     HUB_N("what the staff list of today would change"), get_staff},
    {"POST", "/accounts/staff-list", "accounts.manage", HUB_ROUTE_LIST, NULL, apply_body,
     step_members, HUB_N("accounts as the staff list of today has them"), post_staff},
};

const struct hub_api_table hub_staff_table = {
    .base = "/v1", .tag = "accounts", .route = routes, .n = HUB_COUNT(routes), .own = 1};
