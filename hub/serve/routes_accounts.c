/* /v1/accounts: administration. What an administrator does on the command line, with the same rules. */
#include "serve/factor.h"
#include "serve/password.h"
#include "serve/routes.h"

int hub_routes_told(struct hub_call *c, int rc, const struct hub_err *err)
{
	static const struct {
		const char *code;
		int status;
	} map[] = {{"no-account", 404},    {"no-role", 404},        {"no-token", 404},
		   {"no-device", 404},     {"device-there", 409},   {"account-there", 409},
		   {"bad-date", 422},      {"unknown-role", 422},   {"role-too-long", 422},
		   {"bad-network", 422},   {"unknown-agency", 422}, {"bad-permission", 422},
		   {"no-certificate", 422}};

	for (size_t i = 0; rc == HUB_USAGE && i < HUB_COUNT(map); i++)
		if (strcmp(err->code, map[i].code) == 0)
			hub_call_status(c, map[i].status);
	return rc;
}

int hub_routes_words(struct hub_call *c, const struct hub_val *v, const char *name,
		     struct hub_str *out, struct hub_err *err)
{
	struct hub_arena *a = hub_call_arena(c);

	*out = HUB_STR("");
	for (uint32_t i = 0; v->type == HUB_VAL_LIST && i < v->n; i++) {
		const struct hub_str one = v->item[i].s;
		if (hub_str_find(one, HUB_STR(" "), 0) != (size_t)-1 ||
		    hub_str_find(one, HUB_STR(","), 0) != (size_t)-1)
			return hub_call_refuse(c, 422, err, "bad-value",
					       "\"%s\" is not what is expected there", name);
		*out = hub_arena_printf(a, "%.*s%s%.*s", HUB_FMT(*out), i ? " " : "", HUB_FMT(one));
	}
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void say_roles(struct hub_call *c, const struct hub_membership *m, uint32_t n,
		      int64_t account)
{
	hub_call_open(c, "roles", 1);
	for (uint32_t i = 0; i < n; i++) {
		if (m[i].account != account || m[i].ended_at)
			continue;
		hub_call_open(c, NULL, 0);
		hub_call_number(c, "number", m[i].id);
		hub_call_text(c, "role", m[i].role);
		hub_call_text(c, "agency", m[i].agency);
		hub_call_text(c, "from", m[i].from);
		hub_call_text(c, "to", hub_text_or_null(m[i].to));
		hub_call_text(c, "networks", m[i].networks);
		hub_call_close(c);
	}
	hub_call_close(c);
}

static void say_account(struct hub_call *c, const struct hub_account *of,
			const struct hub_membership *m, uint32_t n)
{
	const int open = of->state == HUB_ACCOUNT_OPEN;

	hub_call_open(c, NULL, 0);
	hub_call_text(c, "login", of->login);
	hub_call_text(c, "name", of->name);
	hub_call_text(c, "staff", of->staff_no);
	hub_call_text(c, "state", open ? HUB_STR("open") : HUB_STR("locked"));
	hub_call_text(c, "second_factor", of->has_totp ? HUB_STR("totp") : HUB_STR("none"));
	hub_call_time(c, "last_login", of->seen_at * 1000);
	say_roles(c, m, n, of->id);
	hub_call_close(c);
}

static int get_accounts(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_arena *a = hub_call_arena(c);
	struct hub_account *of;
	struct hub_membership *m;
	uint32_t n, roles, said = 0;
	int rc;

	(void)self;
	if ((rc = hub_account_list(a, hub_call_db(c), &of, &n, err)) ||
	    (rc = hub_membership_list(a, hub_call_db(c), 0, &m, &roles, err)))
		return rc;
	for (uint32_t i = 0; i < n; i++) {
		if (hub_str_cmp(of[i].login, c->after) <= 0)
			continue;
		if (said++ == c->limit) {
			hub_call_next(c, of[i - 1].login);
			break;
		}
		say_account(c, &of[i], m, roles);
	}
	return HUB_OK;
}

/* --- accounts --------------------------------------------------------------------------------- */

enum { ROLE, AGENCY, FROM, TO, NETWORKS, ROLE_MEMBERS };

#define ROLE_BODY                                                                                \
	{HUB_MEMBER("role", TEXT, HUB_M_REQUIRED, HUB_N("one of schemas/roles.cfg"),             \
		    .max = HUB_WORD_MOST)},                                                      \
	    {HUB_MEMBER("agency", TEXT, 0,                                                       \
			HUB_N("key of the agency; empty: the municipality itself"),              \
			.max = HUB_WORD_MOST)},                                                  \
	    {HUB_MEMBER("from", DATE, HUB_M_NULLABLE,                                            \
			HUB_N("first day; today when it is not said"))},                         \
	    {HUB_MEMBER("to", DATE, HUB_M_NULLABLE, HUB_N("last day, inclusive"))},              \
	{                                                                                        \
		HUB_MEMBER("networks", TEXT, HUB_M_LIST,                                         \
			   HUB_N("from where, beside those of the role"), .max = 64, .most = 32) \
	}

static int read_role(struct hub_call *c, const struct hub_val *v, struct hub_membership *m,
		     struct hub_err *err)
{
	m->role = hub_val_text(&v[ROLE]);
	m->agency = hub_val_text(&v[AGENCY]);
	m->from = hub_val_text(&v[FROM]);
	m->to = hub_val_text(&v[TO]);
	return hub_routes_words(c, &v[NETWORKS], "networks", &m->networks, err);
}

/* Draws a password that has to be changed, and tells it once. */
static int draw(struct hub_call *c, struct hub_str *password, struct hub_str *encoded,
		struct hub_err *err)
{
	const int rc = hub_password_draw(hub_call_arena(c), password, err);

	return rc ? rc : hub_password_hash(hub_call_arena(c), *password, encoded, err);
}

static int post_accounts(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_access *a = self;
	struct hub_db *db = hub_call_db(c);
	struct hub_account of = {.login = hub_val_text(&c->body[ROLE_MEMBERS]),
				 .name = hub_val_text(&c->body[ROLE_MEMBERS + 1]),
				 .staff_no = hub_val_text(&c->body[ROLE_MEMBERS + 2]),
				 .must_change = 1};
	struct hub_membership m = {.login = of.login};
	struct hub_str password;
	int64_t number;
	int rc;

	if ((rc = read_role(c, c->body, &m, err)) || (rc = hub_account_check(db, &of, err)) ||
	    (rc = hub_membership_check(db, &a->roles, &m, err)) ||
	    (rc = draw(c, &password, &of.password, err)) ||
	    (rc = hub_account_add(db, &of, hub_routes_actor(c), &m.account, err)) ||
	    (rc = hub_membership_add(hub_call_arena(c), db, &a->roles, &m, hub_routes_actor(c),
				     &number, err)))
		return hub_routes_told(c, rc, err);
	hub_call_status(c, 201);
	hub_call_text(c, "login", of.login);
	hub_call_text(c, "password", password);
	return HUB_OK;
}

/* The account that the path names. */
static int named(struct hub_call *c, struct hub_account *of, struct hub_err *err)
{
	const int rc = hub_account_need(hub_call_arena(c), hub_call_db(c), c->var[0], of, err);

	return hub_routes_told(c, rc, err);
}

static int post_lock(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_account of;
	const int rc = named(c, &of, err);

	(void)self;
	return rc ? rc
		  : hub_account_lock(hub_call_db(c), &of, hub_val_text(&c->body[0]),
				     hub_routes_actor(c), err);
}

static int post_unlock(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_account of;
	const int rc = named(c, &of, err);

	(void)self;
	return rc ? rc : hub_account_unlock(hub_call_db(c), &of, hub_routes_actor(c), err);
}

static int post_sign_out(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_account of;
	const int rc = named(c, &of, err);

	(void)self;
	return rc ? rc : hub_account_sign_out(hub_call_db(c), &of, hub_routes_actor(c), err);
}

static int post_password(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_account of;
	struct hub_str password, encoded;
	int rc;

	(void)self;
	if ((rc = named(c, &of, err)) || (rc = draw(c, &password, &encoded, err)) ||
	    (rc = hub_account_set_password(hub_call_db(c), &of, encoded, 1, 0, hub_routes_actor(c),
					   err)))
		return rc;
	hub_call_text(c, "login", of.login);
	hub_call_text(c, "password", password);
	return HUB_OK;
}

void hub_say_enrolment(struct hub_call *c, const struct hub_enrolment *e)
{
	hub_call_text(c, "key", e->key);
	hub_call_text(c, "uri", e->uri);
	hub_call_open(c, "recovery", 1);
	for (size_t i = 0; i < HUB_RECOVERY_CODES; i++)
		hub_call_text(c, NULL, e->recovery[i]);
	hub_call_close(c);
}

static int post_factor(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_access *a = self;
	struct hub_enrolment e;
	struct hub_account account;
	const struct hub_factor_of of = {hub_call_arena(c), hub_call_db(c), a->keys, &account};
	int rc;

	if ((rc = named(c, &account, err)) ||
	    (rc = hub_factor_enrol(&of, hub_routes_actor(c), &e, err)))
		return rc;
	hub_call_status(c, 201);
	hub_say_enrolment(c, &e);
	return HUB_OK;
}

static int delete_factor(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_account of;
	const int rc = named(c, &of, err);

	(void)self;
	return rc ? rc : hub_factor_remove(hub_call_db(c), &of, hub_routes_actor(c), err);
}

/* --- roles ------------------------------------------------------------------------------------ */

static int post_roles(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_access *a = self;
	struct hub_membership m = {0};
	struct hub_account of;
	int64_t number;
	int rc;

	if ((rc = named(c, &of, err)) || (rc = read_role(c, c->body, &m, err)))
		return rc;
	m.account = of.id;
	m.login = of.login;
	if ((rc = hub_membership_add(hub_call_arena(c), hub_call_db(c), &a->roles, &m,
				     hub_routes_actor(c), &number, err)))
		return hub_routes_told(c, rc, err);
	hub_call_status(c, 201);
	hub_call_number(c, "number", number);
	return HUB_OK;
}

static int delete_role(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_account of;
	int64_t number;
	const int rc = named(c, &of, err);

	(void)self;
	if (rc)
		return rc;
	if (hub_parse_i64(c->var[1], 1, INT64_MAX, &number))
		return hub_call_refuse(c, 404, err, "no-role", "there is no such role");
	return hub_routes_told(
	    c, hub_membership_end(hub_call_db(c), &of, number, hub_routes_actor(c), err), err);
}

/* --- the table -------------------------------------------------------------------------------- */

static const char *const states[] = {"open", "locked", NULL};
static const char *const factors[] = {"none", "totp", NULL};

static const struct hub_member role_members[] = {
    {HUB_MEMBER("number", INT, HUB_M_REQUIRED, HUB_N("its number"))},
    {HUB_MEMBER("role", TEXT, HUB_M_REQUIRED, HUB_N("its name"))},
    {HUB_MEMBER("agency", TEXT, HUB_M_REQUIRED, HUB_N("for whom"))},
    {HUB_MEMBER("from", DATE, HUB_M_REQUIRED, HUB_N("first day"))},
    {HUB_MEMBER("to", DATE, HUB_M_REQUIRED | HUB_M_NULLABLE, HUB_N("last day, inclusive"))},
    {HUB_MEMBER("networks", TEXT, HUB_M_REQUIRED, HUB_N("from where, beside those of the role"))},
    {.name = NULL},
};
static const struct hub_member account_members[] = {
    {HUB_MEMBER("login", TEXT, HUB_M_REQUIRED, HUB_N("login name"))},
    {HUB_MEMBER("name", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL, HUB_N("the person's name"))},
    {HUB_MEMBER("staff", TEXT, HUB_M_REQUIRED, HUB_N("staff number; empty: none"))},
    {HUB_MEMBER("state", WORD, HUB_M_REQUIRED, HUB_N("may they come in?"), .words = states)},
    {HUB_MEMBER("second_factor", WORD, HUB_M_REQUIRED, HUB_N("what is registered"),
		.words = factors)},
    {HUB_MEMBER("last_login", TIME, HUB_M_REQUIRED | HUB_M_NULLABLE,
		HUB_N("when they last came in"))},
    {HUB_MEMBER("roles", OBJECT, HUB_M_REQUIRED | HUB_M_LIST, HUB_N("that have not ended"),
		.of = role_members)},
    {.name = NULL},
};
static const struct hub_member role_body[] = {ROLE_BODY, {.name = NULL}};
static const struct hub_member account_body[] = {
    ROLE_BODY,
    {HUB_MEMBER("login", TEXT, HUB_M_REQUIRED, HUB_N("login name"), .max = HUB_WORD_MOST)},
    {HUB_MEMBER("name", TEXT, HUB_M_REQUIRED, HUB_N("the person's name"), .max = HUB_WORD_MOST)},
    {HUB_MEMBER("staff", TEXT, HUB_M_NULLABLE, HUB_N("staff number; empty: none"),
		.max = HUB_WORD_MOST)},
    {.name = NULL},
};
static const struct hub_member lock_body[] = {
    {HUB_MEMBER("reason", TEXT, 0, HUB_N("why, for those who look later"), .max = HUB_WORD_MOST)},
    {.name = NULL},
};
static const struct hub_member password_members[] = {
    {HUB_MEMBER("login", TEXT, HUB_M_REQUIRED, HUB_N("login name"))},
    {HUB_MEMBER("password", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL, HUB_N("temporary; shown once"))},
    {.name = NULL},
};
static const struct hub_member number_members[] = {
    {HUB_MEMBER("number", INT, HUB_M_REQUIRED, HUB_N("its number"))},
    {.name = NULL},
};
const struct hub_member hub_enrolment_members[] = {
    {HUB_MEMBER("key", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL,
		HUB_N("base32, for typing; shown once"))},
    {HUB_MEMBER("uri", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL, HUB_N("the same, for a QR code"))},
    {HUB_MEMBER("recovery", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL | HUB_M_LIST,
		HUB_N("codes that work once each, when the authenticator is lost"))},
    {.name = NULL},
};

static const char see[] = "accounts.read", manage[] = "accounts.manage";

static const struct hub_route routes[] = {
    {"GET", "/accounts", see, HUB_ROUTE_LIST | HUB_ROUTE_PAGED, NULL, NULL, account_members,
     HUB_N("accounts and their roles"), get_accounts},
    {"POST", "/accounts", manage, 0, NULL, account_body, password_members,
     HUB_N("a new account; tells its temporary password"), post_accounts},
    {"POST", "/accounts/{login}/lock", manage, 0, NULL, lock_body, NULL, HUB_N("lock an account"),
     post_lock},
    {"POST", "/accounts/{login}/unlock", manage, 0, NULL, NULL, NULL, HUB_N("unlock an account"),
     post_unlock},
    {"POST", "/accounts/{login}/sign-out", manage, 0, NULL, NULL, NULL,
     HUB_N("end all sessions of an account"), post_sign_out},
    {"POST", "/accounts/{login}/password", manage, 0, NULL, NULL, password_members,
     HUB_N("a new temporary password for an account"), post_password},
    {"POST", "/accounts/{login}/totp", manage, 0, NULL, NULL, hub_enrolment_members,
     HUB_N("a new second factor for an account; tells its key and recovery codes"), post_factor},
    {"DELETE", "/accounts/{login}/totp", manage, 0, NULL, NULL, NULL,
     HUB_N("take a second factor away"), delete_factor},
    {"POST", "/accounts/{login}/roles", manage, 0, NULL, role_body, number_members,
     HUB_N("one more role for an account"), post_roles},
    {"DELETE", "/accounts/{login}/roles/{number}", manage, 0, NULL, NULL, NULL, HUB_N("end a role"),
     delete_role},
};

const struct hub_api_table hub_accounts_table = {
    .base = "/v1", .tag = "accounts", .route = routes, .n = HUB_COUNT(routes), .own = 1};
