/* /v1/accounts, /v1/tokens: administration. What an administrator does on the command line, with the same rules. */
#include "base/clock.h"
#include "serve/access.h"
#include "serve/body.h"
#include "serve/factor.h"
#include "serve/password.h"
#include "serve/routes.h"
#include "serve/tokens.h"

enum { SMALL = 8192, WORD = 128, LIST = 2048 };

/* Faults of the request that are more than "400". */
static int told(struct hub_http_reply *r, const struct hub_err *err, int rc)
{
	static const struct {
		const char *code;
		unsigned status;
	} map[] = {{"no-account", 404},    {"no-role", 404},     {"no-token", 404},
		   {"account-there", 409}, {"bad-date", 422},    {"unknown-role", 422},
		   {"role-too-long", 422}, {"bad-network", 422}, {"unknown-agency", 422},
		   {"bad-permission", 422}};

	for (size_t i = 0; rc == HUB_USAGE && i < HUB_COUNT(map); i++)
		if (strcmp(err->code, map[i].code) == 0)
			r->status = map[i].status;
	return rc;
}

/* --- reading ---------------------------------------------------------------------------------- */

static void put_roles(struct hub_buf *b, const struct hub_membership *m, uint32_t n,
		      int64_t account)
{
	int first = 1;

	hub_json_key(b, "roles");
	hub_buf_putc(b, '[');
	for (uint32_t i = 0; i < n; i++) {
		if (m[i].account != account || m[i].ended_at)
			continue;
		hub_buf_puts(b, first ? "{" : ",{");
		first = 0;
		hub_json_int(b, "number", m[i].id);
		hub_json_field(b, "role", m[i].role);
		hub_json_field(b, "agency", m[i].agency);
		hub_json_field(b, "from", m[i].from);
		hub_json_field(b, "to", m[i].to);
		hub_json_field(b, "networks", m[i].networks);
		hub_buf_putc(b, '}');
	}
	hub_buf_putc(b, ']');
}

static void put_account(struct hub_buf *b, const struct hub_account *of,
			const struct hub_membership *m, uint32_t n)
{
	char seen[26] = "";

	if (of->seen_at)
		hub_time_jst(of->seen_at, seen);
	hub_buf_puts(b, "{");
	hub_json_field(b, "login", of->login);
	hub_json_field(b, "name", of->name);
	hub_json_field(b, "staff", of->staff_no);
	hub_json_field(b, "state",
		       of->state == HUB_ACCOUNT_OPEN ? HUB_STR("open") : HUB_STR("locked"));
	hub_json_field(b, "second_factor", of->has_totp ? HUB_STR("totp") : HUB_STR(""));
	hub_json_field(b, "last_login", hub_str_of(seen));
	put_roles(b, m, n, of->id);
	hub_buf_puts(b, "}");
}

static int list_accounts(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
			 struct hub_err *err)
{
	struct hub_account *of;
	struct hub_membership *m;
	uint32_t n, roles;
	int rc;

	if ((rc = hub_account_list(q->arena, db, &of, &n, err)) ||
	    (rc = hub_membership_list(q->arena, db, 0, &m, &roles, err)))
		return rc;
	hub_buf_puts(&r->body, "{\"accounts\":[");
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			hub_buf_putc(&r->body, ',');
		put_account(&r->body, &of[i], m, roles);
	}
	hub_buf_puts(&r->body, "]}\n");
	return HUB_OK;
}

static int get_accounts(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, list_accounts, err);
}

/* --- accounts --------------------------------------------------------------------------------- */

static int read_role(const struct hub_http_request *q, struct hub_http_reply *r, const json_t *body,
		     struct hub_membership *m, struct hub_err *err)
{
	int rc;

	if ((rc = hub_body_text(q, r, body, "role", WORD, &m->role, err)) ||
	    (rc = hub_body_text(q, r, body, "agency", WORD, &m->agency, err)) ||
	    (rc = hub_body_text(q, r, body, "from", WORD, &m->from, err)) ||
	    (rc = hub_body_text(q, r, body, "to", WORD, &m->to, err)))
		return rc;
	return hub_body_words(q, r, body, "networks", LIST, &m->networks, err);
}

/* Draws a password that has to be changed, and tells it once. */
static int draw(const struct hub_http_request *q, struct hub_str *password, struct hub_str *encoded,
		struct hub_err *err)
{
	const int rc = hub_password_draw(q->arena, password, err);

	return rc ? rc : hub_password_hash(q->arena, *password, encoded, err);
}

static void put_password(struct hub_http_reply *r, unsigned status, struct hub_str login,
			 struct hub_str password)
{
	r->status = status;
	hub_buf_puts(&r->body, "{");
	hub_json_field(&r->body, "login", login);
	hub_json_field(&r->body, "password", password);
	hub_buf_puts(&r->body, "}\n");
}

static int add_account(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		       struct hub_err *err)
{
	HUB_AUTO(json) json_t *body = NULL;
	const struct hub_access *a = q->arg;
	const struct hub_principal *p = q->principal;
	struct hub_account of = {.must_change = 1};
	struct hub_membership m = {0};
	struct hub_str password;
	int64_t number;
	int rc;

	if ((rc = hub_body_read(q, r, &body, err)) ||
	    (rc = hub_body_text(q, r, body, "login", WORD, &of.login, err)) ||
	    (rc = hub_body_text(q, r, body, "name", WORD, &of.name, err)) ||
	    (rc = hub_body_text(q, r, body, "staff", WORD, &of.staff_no, err)) ||
	    (rc = read_role(q, r, body, &m, err)))
		return rc;
	m.login = of.login;
	if ((rc = hub_account_check(db, &of, err)) ||
	    (rc = hub_membership_check(db, &a->roles, &m, err)) ||
	    (rc = draw(q, &password, &of.password, err)) ||
	    (rc = hub_account_add(db, &of, p->login, &m.account, err)) ||
	    (rc = hub_membership_add(q->arena, db, &a->roles, &m, p->login, &number, err)))
		return told(r, err, rc);
	put_password(r, 201, of.login, password);
	return HUB_OK;
}

static int post_accounts(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, add_account, err);
}

/* The account that the path names. */
static int named(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		 struct hub_account *of, struct hub_err *err)
{
	return told(r, err, hub_account_need(q->arena, db, q->var[0], of, err));
}

static int lock(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		struct hub_err *err)
{
	HUB_AUTO(json) json_t *body = NULL;
	const struct hub_principal *p = q->principal;
	struct hub_account of;
	struct hub_str reason;
	int rc;

	if ((rc = named(q, r, db, &of, err)) || (rc = hub_body_read(q, r, &body, err)) ||
	    (rc = hub_body_text(q, r, body, "reason", WORD, &reason, err)))
		return rc;
	return hub_account_lock(db, &of, reason, p->login, err);
}

static int post_lock(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, lock, err);
}

static int unlock(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		  struct hub_err *err)
{
	const struct hub_principal *p = q->principal;
	struct hub_account of;
	const int rc = named(q, r, db, &of, err);

	return rc ? rc : hub_account_unlock(db, &of, p->login, err);
}

static int post_unlock(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, unlock, err);
}

static int sign_out(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		    struct hub_err *err)
{
	const struct hub_principal *p = q->principal;
	struct hub_account of;
	const int rc = named(q, r, db, &of, err);

	return rc ? rc : hub_account_sign_out(db, &of, p->login, err);
}

static int post_sign_out(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, sign_out, err);
}

static int reset_password(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
			  struct hub_err *err)
{
	const struct hub_principal *p = q->principal;
	struct hub_account of;
	struct hub_str password, encoded;
	int rc;

	if ((rc = named(q, r, db, &of, err)) || (rc = draw(q, &password, &encoded, err)) ||
	    (rc = hub_account_set_password(db, &of, encoded, 1, 0, p->login, err)))
		return rc;
	put_password(r, 200, of.login, password);
	return HUB_OK;
}

static int post_password(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, reset_password, err);
}

static void put_enrolment(struct hub_buf *b, const struct hub_enrolment *e)
{
	hub_buf_puts(b, "{");
	hub_json_field(b, "key", e->key);
	hub_json_field(b, "uri", e->uri);
	hub_json_key(b, "recovery");
	hub_buf_putc(b, '[');
	for (size_t i = 0; i < HUB_RECOVERY_CODES; i++) {
		if (i)
			hub_buf_putc(b, ',');
		hub_json_str(b, e->recovery[i]);
	}
	hub_buf_puts(b, "]}\n");
}

static int add_factor(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		      struct hub_err *err)
{
	const struct hub_access *a = q->arg;
	const struct hub_principal *p = q->principal;
	struct hub_enrolment e;
	struct hub_account of;
	int rc;

	if ((rc = named(q, r, db, &of, err)) ||
	    (rc = hub_factor_enrol(q->arena, db, a->keys, &of, p->login, &e, err)))
		return rc;
	r->status = 201;
	put_enrolment(&r->body, &e);
	return HUB_OK;
}

static int post_factor(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, add_factor, err);
}

static int drop_factor(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		       struct hub_err *err)
{
	const struct hub_principal *p = q->principal;
	struct hub_account of;
	const int rc = named(q, r, db, &of, err);

	return rc ? rc : hub_factor_remove(db, &of, p->login, err);
}

static int delete_factor(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, drop_factor, err);
}

/* --- roles ------------------------------------------------------------------------------------ */

static int add_role(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		    struct hub_err *err)
{
	HUB_AUTO(json) json_t *body = NULL;
	const struct hub_access *a = q->arg;
	const struct hub_principal *p = q->principal;
	struct hub_membership m = {0};
	struct hub_account of;
	int64_t number;
	int rc;

	if ((rc = named(q, r, db, &of, err)) || (rc = hub_body_read(q, r, &body, err)) ||
	    (rc = read_role(q, r, body, &m, err)))
		return rc;
	m.account = of.id;
	m.login = of.login;
	if ((rc = hub_membership_add(q->arena, db, &a->roles, &m, p->login, &number, err)))
		return told(r, err, rc);
	r->status = 201;
	hub_buf_puts(&r->body, "{");
	hub_json_int(&r->body, "number", number);
	hub_buf_puts(&r->body, "}\n");
	return HUB_OK;
}

static int post_roles(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, add_role, err);
}

static int end_role(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		    struct hub_err *err)
{
	const struct hub_principal *p = q->principal;
	struct hub_account of;
	int64_t number;
	const int rc = named(q, r, db, &of, err);

	if (rc)
		return rc;
	if (hub_parse_i64(q->var[1], 1, INT64_MAX, &number))
		return hub_http_fail(r, 404, err, "no-role", "there is no such role");
	return told(r, err, hub_membership_end(db, &of, number, p->login, err));
}

static int delete_role(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, end_role, err);
}

/* --- tokens ----------------------------------------------------------------------------------- */

static int list_tokens(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		       struct hub_err *err)
{
	struct hub_token *t;
	struct hub_buf *b = &r->body;
	uint32_t n;
	const int rc = hub_token_list(q->arena, db, &t, &n, err);

	if (rc)
		return rc;
	hub_buf_puts(b, "{\"tokens\":[");
	for (uint32_t i = 0; i < n; i++) {
		hub_buf_puts(b, i ? ",{" : "{");
		hub_json_field(b, "prefix", t[i].prefix);
		hub_json_field(b, "name", t[i].name);
		hub_json_field(b, "agency", t[i].agency);
		hub_json_field(b, "may", t[i].may);
		hub_json_field(b, "networks", t[i].networks);
		hub_json_field(b, "to", t[i].to);
		hub_json_field(b, "last_used", t[i].used_on);
		hub_json_field(b, "state", t[i].ended_at ? HUB_STR("ended") : HUB_STR("open"));
		hub_buf_putc(b, '}');
	}
	hub_buf_puts(b, "]}\n");
	return HUB_OK;
}

static int get_tokens(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, list_tokens, err);
}

/* A program gets no more than whoever makes its token has. */
static int check_given(const struct hub_principal *p, struct hub_str may, struct hub_http_reply *r,
		       struct hub_err *err)
{
	struct hub_str piece;

	while (hub_str_next(&may, ' ', &piece)) {
		int covered = 0;
		for (uint32_t i = 0; i < p->n_may && !covered; i++)
			covered = hub_permission_covers(p->may[i], piece);
		if (!covered)
			return hub_http_fail(r, 403, err, "not-yours",
					     "only permissions that you have can be given: %.*s",
					     HUB_FMT(piece));
	}
	return HUB_OK;
}

static int add_token(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		     struct hub_err *err)
{
	HUB_AUTO(json) json_t *body = NULL;
	const struct hub_principal *p = q->principal;
	struct hub_token t = {.account = p->account};
	struct hub_str secret;
	int rc;

	if ((rc = hub_body_read(q, r, &body, err)) ||
	    (rc = hub_body_text(q, r, body, "name", WORD, &t.name, err)) ||
	    (rc = hub_body_text(q, r, body, "agency", WORD, &t.agency, err)) ||
	    (rc = hub_body_text(q, r, body, "to", WORD, &t.to, err)) ||
	    (rc = hub_body_words(q, r, body, "may", LIST, &t.may, err)) ||
	    (rc = hub_body_words(q, r, body, "networks", LIST, &t.networks, err)) ||
	    (rc = check_given(p, t.may, r, err)) ||
	    (rc = told(r, err, hub_token_add(q->arena, db, &t, p->login, &secret, err))))
		return rc;
	r->status = 201;
	hub_buf_puts(&r->body, "{");
	hub_json_field(&r->body, "token", secret);
	hub_buf_puts(&r->body, "}\n");
	return HUB_OK;
}

static int post_tokens(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, add_token, err);
}

static int end_token(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		     struct hub_err *err)
{
	const struct hub_principal *p = q->principal;

	return told(r, err, hub_token_end(db, q->var[0], p->login, err));
}

static int delete_token(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return hub_access_with(q->arg, q, r, end_token, err);
}

static const char see[] = "accounts.read", manage[] = "accounts.manage";

static const struct hub_http_route routes[] = {
    {"GET", "/v1/accounts", see, 0, HUB_N("accounts and their roles"), get_accounts},
    {"POST", "/v1/accounts", manage, SMALL, HUB_N("a new account; tells its temporary password"),
     post_accounts},
    {"POST", "/v1/accounts/{login}/lock", manage, SMALL, HUB_N("lock an account"), post_lock},
    {"POST", "/v1/accounts/{login}/unlock", manage, SMALL, HUB_N("unlock an account"), post_unlock},
    {"POST", "/v1/accounts/{login}/sign-out", manage, SMALL,
     HUB_N("end all sessions of an account"), post_sign_out},
    {"POST", "/v1/accounts/{login}/password", manage, SMALL,
     HUB_N("a new temporary password for an account"), post_password},
    {"POST", "/v1/accounts/{login}/totp", manage, SMALL,
     HUB_N("a new second factor for an account; tells its key and recovery codes"), post_factor},
    {"DELETE", "/v1/accounts/{login}/totp", manage, 0, HUB_N("take a second factor away"),
     delete_factor},
    {"POST", "/v1/accounts/{login}/roles", manage, SMALL, HUB_N("one more role for an account"),
     post_roles},
    {"DELETE", "/v1/accounts/{login}/roles/{number}", manage, 0, HUB_N("end a role"), delete_role},
    {"GET", "/v1/tokens", see, 0, HUB_N("tokens of programs"), get_tokens},
    {"POST", "/v1/tokens", manage, SMALL, HUB_N("a new token; tells its secret"), post_tokens},
    {"DELETE", "/v1/tokens/{prefix}", manage, 0, HUB_N("end a token"), delete_token},
};

const struct hub_http_table hub_accounts_routes = {.route = routes, .n = HUB_COUNT(routes)};
