/* /v1/session: coming in, who one is, locking, unlocking, drafts, going out. */
#include "serve/login.h"
#include "serve/password.h"
#include "serve/routes.h"

int hub_routes_people(struct hub_call *c, struct hub_err *err)
{
	return hub_call_principal(c)->session
		   ? HUB_OK
		   : hub_call_refuse(c, 403, err, "people-only",
				     "this is for people who are signed in");
}

static struct hub_str secret_of(const struct hub_access *a, const struct hub_call *c)
{
	return hub_access_secret(a, hub_call_request(c));
}

static void set_cookie(const struct hub_access *a, struct hub_call *c, struct hub_str secret)
{
	hub_access_set_cookie(a, hub_call_request(c), hub_call_reply(c), secret);
}

static int wait_first(struct hub_call *c, int64_t seconds, struct hub_err *err)
{
	return hub_access_wait(hub_call_request(c), hub_call_reply(c), seconds, err);
}

/* --- who one is ------------------------------------------------------------------------------- */

static void say_who(const struct hub_access *a, struct hub_call *c, const struct hub_principal *p,
		    struct hub_str secret)
{
	char csrf[HUB_SECRET_HEX + 1];

	hub_call_text(c, "login", p->login);
	hub_call_text(c, "name", p->name);
	hub_call_text(c, "agency", p->agency);
	hub_call_text(c, "staff", p->staff);
	if (p->role) {
		hub_call_text(c, "role", p->role->name);
		hub_call_text(c, "role_label", p->role->label);
	}
	hub_call_open(c, "may", 1);
	for (uint32_t i = 0; i < p->n_may; i++)
		hub_call_text(c, NULL, p->may[i]);
	hub_call_close(c);
	hub_call_truth(c, "view_only", p->view_only);
	if (p->session && hub_session_csrf(secret, csrf) == 0) {
		hub_call_truth(c, "locked", p->locked);
		hub_call_truth(c, "must_change_password", p->must_change);
		hub_call_number(c, "locks_after", a->times.lock);
		hub_call_text(c, "csrf", hub_str_of(csrf));
	}
}

static int get_session(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_access *a = self;

	(void)err;
	say_who(a, c, hub_call_principal(c), secret_of(a, c));
	return HUB_OK;
}

/* --- coming in -------------------------------------------------------------------------------- */

static void say_choices(const struct hub_access *a, struct hub_call *c,
			const struct hub_login_got *got)
{
	hub_call_open(c, "choices", 1);
	for (uint32_t i = 0; i < got->choices; i++) {
		const struct hub_role *role = hub_roles_find(&a->roles, got->choice[i].role);
		hub_call_open(c, NULL, 0);
		hub_call_text(c, "agency", got->choice[i].agency);
		hub_call_text(c, "role", got->choice[i].role);
		hub_call_text(c, "role_label", role ? role->label : HUB_STR(""));
		hub_call_close(c);
	}
	hub_call_close(c);
}

static int status_of(const struct hub_err *err)
{
	static const char *const unknown[] = {"login-failed", "code-needed", "code-wrong",
					      "code-used"};

	return hub_str_among(hub_str_of(err->code), unknown, HUB_COUNT(unknown)) ? 401 : 403;
}

static int post_session(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_access *a = self;
	const struct hub_http_request *q = hub_call_request(c);
	const struct hub_login_ask ask = {.login = hub_val_text(&c->body[0]),
					  .password = hub_val_text(&c->body[1]),
					  .code = hub_val_text(&c->body[2]),
					  .agency = hub_val_text(&c->body[3]),
					  .role = hub_val_text(&c->body[4]),
					  .address = q->peer,
					  .certificate = hub_http_certificate(q),
					  .former = secret_of(a, c)};
	struct hub_login_got got;
	int rc = hub_access_same_site(q, hub_call_reply(c), err);

	if (rc)
		return rc;
	rc = hub_login(a, hub_call_arena(c), hub_call_db(c), &ask, &got, err);
	if (rc == HUB_USAGE) { /* the choices stand in the problem document */
		say_choices(a, c, &got);
		hub_call_status(c, 409);
		return HUB_REFUSED;
	}
	if (rc == HUB_REFUSED && got.wait)
		return wait_first(c, got.wait, err);
	if (rc == HUB_REFUSED)
		hub_call_status(c, status_of(err));
	if (rc)
		return rc;
	hub_call_status(c, 201);
	set_cookie(a, c, got.secret);
	say_who(a, c, &got.who, got.secret);
	return HUB_OK;
}

/* --- going out, locking ----------------------------------------------------------------------- */

static int delete_session(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_principal *p = hub_call_principal(c);
	int rc = hub_routes_people(c, err);

	if (rc || (rc = hub_call_begin(c, err)) || (rc = hub_session_end(hub_call_db(c), p, err)) ||
	    (rc = hub_call_audit(c, "logout", p->login, HUB_STR(""), err)) ||
	    (rc = hub_call_end_session(c, p->session, err)))
		return rc;
	set_cookie(self, c, HUB_STR(""));
	return HUB_OK;
}

static int post_lock(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_principal *p = hub_call_principal(c);
	int rc = hub_routes_people(c, err);

	(void)self;
	if (rc || (rc = hub_session_lock(hub_call_db(c), p, err)))
		return rc;
	return hub_call_end_session(c, p->session, err);
}

int hub_routes_prove(const struct hub_access *a, struct hub_call *c, struct hub_str password,
		     struct hub_str code, struct hub_err *err)
{
	const struct hub_principal *p = hub_call_principal(c);
	const struct hub_login_ask ask = {
	    .login = p->login, .password = password, .code = code, .address = p->address};
	int64_t wait = 0;
	const int rc = hub_login_again(a, hub_call_arena(c), hub_call_db(c), &ask, &wait, err);

	if (rc == HUB_REFUSED && wait)
		return wait_first(c, wait, err);
	if (rc == HUB_REFUSED)
		hub_call_status(c, status_of(err));
	return rc;
}

static int post_unlock(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_access *a = self;
	int rc;

	if ((rc = hub_routes_people(c, err)) ||
	    (rc = hub_routes_prove(a, c, hub_val_text(&c->body[0]), (struct hub_str){NULL, 0},
				   err)) ||
	    (rc = hub_session_unlock(hub_call_db(c), hub_call_principal(c), err)))
		return rc;
	struct hub_principal p = *hub_call_principal(c);
	p.locked = 0;
	say_who(a, c, &p, secret_of(a, c));
	return HUB_OK;
}

/* --- drafts ------------------------------------------------------------------------------------ */

static int put_draft(void *self, struct hub_call *c, struct hub_err *err)
{
	const int rc = hub_routes_people(c, err);

	return rc ? rc
		  : hub_draft_put(hub_call_arena(c), hub_call_db(c), hub_call_principal(c),
				  secret_of(self, c), c->var[0], hub_call_request(c)->body, err);
}

static int get_draft(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_file f = {.name = c->var[0], .type = HUB_STR("application/octet-stream")};
	int rc = hub_routes_people(c, err);

	if (!rc)
		rc = hub_draft_get(hub_call_arena(c), hub_call_db(c), hub_call_principal(c),
				   secret_of(self, c), c->var[0], &f.content, err);
	if (rc == HUB_END)
		return hub_call_refuse(c, 404, err, "no-draft", "there is no draft of this name");
	if (!rc)
		hub_call_file(c, &f);
	return rc;
}

static int delete_draft(void *self, struct hub_call *c, struct hub_err *err)
{
	const int rc = hub_routes_people(c, err);

	(void)self;
	return rc ? rc : hub_draft_remove(hub_call_db(c), hub_call_principal(c), c->var[0], err);
}

/* --- the table -------------------------------------------------------------------------------- */

#define WORD(member, flag, text)                                               \
	{                                                                      \
		HUB_MEMBER((member), TEXT, flag, (text), .max = HUB_WORD_MOST) \
	}
#define PASSWORD(member, text)                                                               \
	{                                                                                    \
		HUB_MEMBER((member), TEXT, HUB_M_REQUIRED, (text), .max = HUB_PASSWORD_MOST) \
	}

static const struct hub_member login_body[] = {
    WORD("login", HUB_M_REQUIRED, HUB_N("login name")),
    PASSWORD("password", HUB_N("the password")),
    WORD("code", HUB_M_NULLABLE, HUB_N("of the authenticator, or a recovery code")),
    WORD("agency", 0, HUB_N("for whom; needed only by who has several roles")),
    WORD("role", 0, HUB_N("as what; needed only by who has several roles")),
    {.name = NULL},
};
static const struct hub_member password_body[] = {
    PASSWORD("password", HUB_N("the password")),
    {.name = NULL},
};
static const struct hub_member draft_body[] = {
    {HUB_MEMBER("draft", TEXT, 0, NULL, .max = HUB_DRAFT_BYTES)},
    {.name = NULL},
};
static const struct hub_member choice_members[] = {
    WORD("agency", HUB_M_REQUIRED, HUB_N("for whom")),
    WORD("role", HUB_M_REQUIRED, HUB_N("as what")),
    WORD("role_label", HUB_M_REQUIRED, HUB_N("the same, for people")),
    {.name = NULL},
};
static const struct hub_member who_members[] = {
    WORD("login", HUB_M_REQUIRED, HUB_N("login name; token:PREFIX for programs")),
    WORD("name", HUB_M_REQUIRED | HUB_M_PERSONAL, HUB_N("the person's name")),
    WORD("agency", HUB_M_REQUIRED, HUB_N("for whom; empty: the municipality itself")),
    WORD("staff", HUB_M_REQUIRED, HUB_N("staff number; empty: none")),
    WORD("role", 0, HUB_N("as what")),
    WORD("role_label", 0, HUB_N("the same, for people")),
    {HUB_MEMBER("may", TEXT, HUB_M_REQUIRED | HUB_M_LIST, HUB_N("patterns of permissions"))},
    {HUB_MEMBER("view_only", BOOL, HUB_M_REQUIRED, HUB_N("nothing but what ends in .read"))},
    {HUB_MEMBER("locked", BOOL, 0, HUB_N("the session waits for its password"))},
    {HUB_MEMBER("must_change_password", BOOL, 0, HUB_N("nothing else is open before"))},
    {HUB_MEMBER("locks_after", INT, 0, HUB_N("seconds without a request until it locks"))},
    {HUB_MEMBER("csrf", TEXT, 0,
		HUB_N("what the header X-CSRF-Token of each request but GET must say"))},
    {HUB_MEMBER("choices", OBJECT, HUB_M_LIST, HUB_N("with 409 choose-role: between these"),
		.of = choice_members)},
    {.name = NULL},
};

static const struct hub_route routes[] = {
    {"POST", "/session", NULL, 0, NULL, login_body, who_members, HUB_N("sign in"), post_session},
    {"GET", "/session", HUB_MAY_LOCKED, 0, NULL, NULL, who_members,
     HUB_N("who is signed in, and what they may"), get_session},
    {"DELETE", "/session", HUB_MAY_LOCKED, 0, NULL, NULL, NULL, HUB_N("sign out"), delete_session},
    {"POST", "/session/lock", HUB_MAY_SIGNED, 0, NULL, NULL, NULL,
     HUB_N("lock until the password is given"), post_lock},
    {"POST", "/session/unlock", HUB_MAY_LOCKED, 0, NULL, password_body, who_members,
     HUB_N("go on with a locked session, by its password"), post_unlock},
    {"GET", "/session/drafts/{name}", HUB_MAY_SIGNED, HUB_ROUTE_RAW, NULL, NULL, NULL,
     HUB_N("unsaved input, as it was kept"), get_draft},
    {"PUT", "/session/drafts/{name}", HUB_MAY_LOCKED, HUB_ROUTE_BYTES, NULL, draft_body, NULL,
     HUB_N("keep unsaved input, also while the session is locked"), put_draft},
    {"DELETE", "/session/drafts/{name}", HUB_MAY_SIGNED, 0, NULL, NULL, NULL,
     HUB_N("forget unsaved input"), delete_draft},
};

const struct hub_api_table hub_session_table = {
    .base = "/v1", .tag = "session", .route = routes, .n = HUB_COUNT(routes), .own = 1};
