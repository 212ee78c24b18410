/* /v1/session/password, totp, device: what a person sets up for themselves. Who comes with a temporary password may do
 * nothing else, and comes in without a second factor this once: the authenticator or the device first, then a
 * password of their own. */
#include "serve/factor.h"
#include "serve/login.h"
#include "serve/password.h"
#include "serve/routes.h"

static struct hub_account account_of(const struct hub_principal *p)
{
	return (struct hub_account){.id = p->account, .login = p->login};
}

/* 1: this connection is that of a registered device of the agency. */
static int is_on_device(struct hub_call *c, struct hub_err *err)
{
	const struct hub_str certificate = hub_http_certificate(hub_call_request(c));

	return certificate.len ? hub_device_is_of(hub_call_db(c), certificate,
						  hub_call_principal(c)->agency, err)
			       : 0;
}

/* Which code must come with the new password: ptr NULL none, else that of the body. A key whose codes nobody has
 * used yet may not have arrived in the authenticator. */
static int code_to_prove(struct hub_call *c, struct hub_str given, struct hub_str *code,
			 struct hub_err *err)
{
	const struct hub_principal *p = hub_call_principal(c);
	int64_t registered = 0, used = 0;
	int rc;

	*code = (struct hub_str){NULL, 0};
	if (!p->must_change || !p->role || !p->role->second_factor)
		return HUB_OK;
	if ((rc = hub_db_one(hub_call_db(c), &registered, err,
			     "SELECT count(*) FROM account WHERE id = ? AND totp IS NOT NULL", "i",
			     p->account)) ||
	    (rc = hub_db_one(hub_call_db(c), &used, err,
			     "SELECT coalesce(totp_step, 0) FROM account WHERE id = ?", "i",
			     p->account)))
		return rc;
	if (registered) {
		*code = used ? *code : given;
		return HUB_OK;
	}
	if ((rc = is_on_device(c, err)))
		return rc < 0 ? rc : HUB_OK;
	rc = hub_call_refuse(c, 403, err, "second-factor-missing",
			     "this role needs a second factor, and the account has none");
	hub_hint(err, "POST /v1/session/totp, or /v1/session/device on the agency's terminal, "
		      "then the new password with a code.");
	return rc;
}

static int post_password(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_principal *p = hub_call_principal(c);
	const struct hub_account of = account_of(p);
	const struct hub_str old = hub_val_text(&c->body[0]), fresh = hub_val_text(&c->body[1]);
	const struct hub_str words[] = {p->login, p->name, p->agency, old};
	struct hub_str code, encoded;
	int rc;

	if ((rc = hub_routes_people(c, err)) ||
	    (rc = hub_password_check(hub_call_arena(c), fresh, words, HUB_COUNT(words), err)) ||
	    (rc = code_to_prove(c, hub_val_text(&c->body[2]), &code, err)) ||
	    (rc = hub_routes_prove(self, c, old, code, err)) ||
	    (rc = hub_password_hash(hub_call_arena(c), fresh, &encoded, err)))
		return rc;
	return hub_account_set_password(hub_call_db(c), &of, encoded, 0, p->session, p->login, err);
}

/* A new authenticator; who has one already shows a code of it. */
static int post_totp(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_access *a = self;
	const struct hub_principal *p = hub_call_principal(c);
	const struct hub_account account = account_of(p);
	const struct hub_factor_of of = {hub_call_arena(c), hub_call_db(c), a->keys, &account};
	struct hub_enrolment e;
	int rc;

	if ((rc = hub_routes_people(c, err)) ||
	    (rc = hub_routes_prove(a, c, hub_val_text(&c->body[0]), hub_val_text(&c->body[1]),
				   err)) ||
	    (rc = hub_factor_enrol(&of, p->login, &e, err)))
		return rc;
	hub_call_status(c, 201);
	hub_say_enrolment(c, &e);
	return HUB_OK;
}

/* The certificate of this connection, which the site's authority has signed. */
static int post_device(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_principal *p = hub_call_principal(c);
	const struct hub_device of = {.name = hub_val_text(&c->body[1]),
				      .agency = p->agency,
				      .fingerprint = hub_http_certificate(hub_call_request(c))};
	int rc = hub_routes_people(c, err);

	if (rc)
		return rc;
	if (!p->must_change)
		return hub_call_refuse(c, 403, err, "setup-over",
				       "only an administrator registers devices for this account");
	if (!of.fingerprint.len)
		return hub_call_refuse(c, 422, err, "no-certificate",
				       "this connection shows no certificate of a device");
	if ((rc = hub_routes_prove(self, c, hub_val_text(&c->body[0]), (struct hub_str){NULL, 0},
				   err)) ||
	    (rc = hub_device_add(hub_call_db(c), &of, p->login, err)))
		return hub_routes_told(c, rc, err);
	hub_call_status(c, 201);
	hub_call_text(c, "fingerprint", of.fingerprint);
	return HUB_OK;
}

/* --- the table -------------------------------------------------------------------------------- */

#define PASSWORD(member, text)                                                               \
	{                                                                                    \
		HUB_MEMBER((member), TEXT, HUB_M_REQUIRED, (text), .max = HUB_PASSWORD_MOST) \
	}
#define CODE                                                                     \
	{                                                                        \
		HUB_MEMBER("code", TEXT, HUB_M_NULLABLE,                         \
			   HUB_N("of the authenticator that is registered now"), \
			   .max = HUB_WORD_MOST)                                 \
	}

static const struct hub_member password_body[] = {
    PASSWORD("old", HUB_N("the password until now")),
    PASSWORD("new", HUB_N("12 characters or more")),
    CODE,
    {.name = NULL},
};
static const struct hub_member totp_body[] = {
    PASSWORD("password", HUB_N("the password")),
    CODE,
    {.name = NULL},
};
static const struct hub_member device_body[] = {
    PASSWORD("password", HUB_N("the password")),
    {HUB_MEMBER("name", TEXT, HUB_M_REQUIRED, HUB_N("of the device, for people"),
		.max = HUB_WORD_MOST)},
    {.name = NULL},
};
static const struct hub_member device_members[] = {
    {HUB_MEMBER("fingerprint", TEXT, HUB_M_REQUIRED, HUB_N("SHA-256 of its certificate"))},
    {.name = NULL},
};

static const struct hub_route routes[] = {
    {"POST", "/session/password", HUB_MAY_SETUP, 0, NULL, password_body, NULL,
     HUB_N("change the own password"), post_password},
    {"POST", "/session/totp", HUB_MAY_SETUP, 0, NULL, totp_body, hub_enrolment_members,
     HUB_N("an authenticator of one's own; tells its key and recovery codes"), post_totp},
    {"POST", "/session/device", HUB_MAY_SETUP, 0, NULL, device_body, device_members,
     HUB_N("with a temporary password: this terminal's certificate becomes a second factor"),
     post_device},
};

const struct hub_api_table hub_setup_table = {
    .base = "/v1", .tag = "session", .route = routes, .n = HUB_COUNT(routes), .own = 1};
