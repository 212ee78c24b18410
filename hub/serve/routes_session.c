/* /v1/session: coming in, who one is, locking, unlocking, drafts, going out. */
#include "base/clock.h"
#include "release/audit.h"
#include "serve/body.h"
#include "serve/login.h"
#include "serve/password.h"
#include "serve/routes.h"

enum { SMALL = 4096, WORD = 128 };

static int people_only(const struct hub_principal *p, struct hub_http_reply *r, struct hub_err *err)
{
	return p->session ? HUB_OK
			  : hub_http_fail(r, 403, err, "people-only",
					  "this is for people who are signed in");
}

/* A handler's work with a connection; for people only. */
static int people_with(struct hub_http_request *q, struct hub_http_reply *r, hub_access_work *work,
		       struct hub_err *err)
{
	const int rc = people_only(q->principal, r, err);

	return rc ? rc : hub_access_with(q->arg, q, r, work, err);
}

/* --- who one is ------------------------------------------------------------------------------- */

static void put_may(struct hub_buf *b, const struct hub_principal *p)
{
	hub_json_key(b, "may");
	hub_buf_putc(b, '[');
	for (uint32_t i = 0; i < p->n_may; i++) {
		if (i)
			hub_buf_putc(b, ',');
		hub_json_str(b, p->may[i]);
	}
	hub_buf_putc(b, ']');
}

static void put_flag(struct hub_buf *b, const char *name, int on)
{
	hub_json_key(b, name);
	hub_buf_puts(b, on ? "true" : "false");
}

static void put_who(const struct hub_access *a, struct hub_http_reply *r,
		    const struct hub_principal *p, struct hub_str secret)
{
	char csrf[HUB_SECRET_HEX + 1];
	struct hub_buf *b = &r->body;

	hub_buf_puts(b, "{");
	hub_json_field(b, "login", p->login);
	hub_json_field(b, "name", p->name);
	hub_json_field(b, "agency", p->agency);
	hub_json_field(b, "staff", p->staff);
	if (p->role) {
		hub_json_field(b, "role", p->role->name);
		hub_json_field(b, "role_label", p->role->label);
	}
	put_may(b, p);
	put_flag(b, "view_only", p->view_only);
	if (p->session && hub_session_csrf(secret, csrf) == 0) {
		put_flag(b, "locked", p->locked);
		put_flag(b, "must_change_password", p->must_change);
		hub_json_int(b, "locks_after", a->times.lock);
		hub_json_field(b, "csrf", hub_str_of(csrf));
	}
	hub_buf_puts(b, "}\n");
}

static int get_session(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	const struct hub_access *a = q->arg;

	(void)err;
	put_who(a, r, q->principal, hub_access_secret(a, q));
	return HUB_OK;
}

/* --- coming in -------------------------------------------------------------------------------- */

static int read_ask(const struct hub_access *a, const struct hub_http_request *q,
		    struct hub_http_reply *r, struct hub_login_ask *ask, struct hub_err *err)
{
	HUB_AUTO(json) json_t *body = NULL;
	int rc;

	if ((rc = hub_body_read(q, r, &body, err)) ||
	    (rc = hub_body_text(q, r, body, "login", WORD, &ask->login, err)) ||
	    (rc = hub_body_text(q, r, body, "password", HUB_PASSWORD_MOST, &ask->password, err)) ||
	    (rc = hub_body_text(q, r, body, "code", WORD, &ask->code, err)) ||
	    (rc = hub_body_text(q, r, body, "agency", WORD, &ask->agency, err)) ||
	    (rc = hub_body_text(q, r, body, "role", WORD, &ask->role, err)))
		return rc;
	ask->address = q->peer;
	ask->certificate = hub_http_certificate(q);
	ask->former = hub_access_secret(a, q);
	return HUB_OK;
}

/* The choices stand in the problem document beside what every one has. */
static int put_choices(struct hub_http_reply *r, const struct hub_access *a,
		       const struct hub_login_got *got, const struct hub_err *err)
{
	struct hub_buf *b = &r->body;

	r->status = 409;
	r->type = "application/problem+json";
	hub_buf_puts(b, "{\"type\":\"about:blank\"");
	hub_json_int(b, "status", 409);
	hub_json_field(b, "code", hub_str_of(err->code));
	hub_json_field(b, "title", hub_str_of(err->what));
	hub_json_key(b, "choices");
	hub_buf_putc(b, '[');
	for (uint32_t i = 0; i < got->choices; i++) {
		const struct hub_role *role = hub_roles_find(&a->roles, got->choice[i].role);
		hub_buf_puts(b, i ? ",{" : "{");
		hub_json_field(b, "agency", got->choice[i].agency);
		hub_json_field(b, "role", got->choice[i].role);
		hub_json_field(b, "role_label", role ? role->label : HUB_STR(""));
		hub_buf_putc(b, '}');
	}
	hub_buf_puts(b, "]}\n");
	return HUB_OK;
}

static unsigned status_of(const struct hub_err *err)
{
	static const char *const unknown[] = {"login-failed", "code-needed", "code-wrong",
					      "code-used"};

	for (size_t i = 0; i < HUB_COUNT(unknown); i++)
		if (strcmp(err->code, unknown[i]) == 0)
			return 401;
	return 403;
}

static int sign_in(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		   struct hub_err *err)
{
	const struct hub_access *a = q->arg;
	struct hub_login_ask ask = {0};
	struct hub_login_got got;
	int rc;

	if ((rc = read_ask(a, q, r, &ask, err)))
		return rc;
	rc = hub_login(a, q->arena, db, &ask, &got, err);
	if (rc == HUB_USAGE)
		return put_choices(r, a, &got, err);
	if (rc == HUB_REFUSED && got.wait)
		return hub_access_wait(q, r, got.wait, err);
	if (rc == HUB_REFUSED)
		r->status = status_of(err);
	if (rc)
		return rc;
	r->status = 201;
	hub_access_set_cookie(a, q, r, got.secret);
	put_who(a, r, &got.who, got.secret);
	return HUB_OK;
}

static int post_session(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	const int rc = hub_access_same_site(q, r, err);

	return rc ? rc : hub_access_with(q->arg, q, r, sign_in, err);
}

/* --- going out, locking ----------------------------------------------------------------------- */

static int sign_out(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		    struct hub_err *err)
{
	const struct hub_principal *p = q->principal;
	int rc = db->ops->begin(db, 1, err);

	if (rc)
		return rc;
	rc = hub_session_end(db, p, err);
	if (!rc)
		rc = hub_audit_add(db, p->login, "logout", p->login, HUB_STR(""), err);
	rc = hub_db_end(db, rc, err);
	if (!rc)
		hub_access_set_cookie(q->arg, q, r, HUB_STR(""));
	return rc;
}

static int delete_session(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return people_with(q, r, sign_out, err);
}

static int lock(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		struct hub_err *err)
{
	(void)r;
	return hub_session_lock(db, q->principal, err);
}

static int post_lock(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return people_with(q, r, lock, err);
}

/* The password in the body is that of the session's account. */
static int prove(const struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		 struct hub_str password, struct hub_err *err)
{
	int64_t wait = 0;
	const int rc = hub_login_again(q->arena, db, q->principal, password, &wait, err);

	if (rc == HUB_REFUSED && wait)
		return hub_access_wait(q, r, wait, err);
	if (rc == HUB_REFUSED)
		r->status = status_of(err);
	return rc;
}

static int unlock(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		  struct hub_err *err)
{
	HUB_AUTO(json) json_t *body = NULL;
	const struct hub_access *a = q->arg;
	struct hub_principal *p = q->principal;
	struct hub_str password;
	int rc;

	if ((rc = hub_body_read(q, r, &body, err)) ||
	    (rc = hub_body_text(q, r, body, "password", HUB_PASSWORD_MOST, &password, err)) ||
	    (rc = prove(q, r, db, password, err)) || (rc = hub_session_unlock(db, p, err)))
		return rc;
	p->locked = 0;
	put_who(a, r, p, hub_access_secret(a, q));
	return HUB_OK;
}

static int post_unlock(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return people_with(q, r, unlock, err);
}

/* --- the password ------------------------------------------------------------------------------ */

static int change_password(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
			   struct hub_err *err)
{
	HUB_AUTO(json) json_t *body = NULL;
	const struct hub_principal *p = q->principal;
	const struct hub_account of = {.id = p->account, .login = p->login};
	struct hub_str old, fresh, encoded;
	int rc;

	if ((rc = hub_body_read(q, r, &body, err)) ||
	    (rc = hub_body_text(q, r, body, "old", HUB_PASSWORD_MOST, &old, err)) ||
	    (rc = hub_body_text(q, r, body, "new", HUB_PASSWORD_MOST, &fresh, err)) ||
	    (rc = prove(q, r, db, old, err)))
		return rc;
	const struct hub_str words[] = {p->login, p->name, p->agency, old};
	if ((rc = hub_password_check(q->arena, fresh, words, HUB_COUNT(words), err)) ||
	    (rc = hub_password_hash(q->arena, fresh, &encoded, err)))
		return rc;
	return hub_account_set_password(db, &of, encoded, 0, p->session, p->login, err);
}

static int post_password(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return people_with(q, r, change_password, err);
}

/* --- drafts ------------------------------------------------------------------------------------ */

static int keep_draft(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		      struct hub_err *err)
{
	(void)r;
	return hub_draft_put(q->arena, db, q->principal, hub_access_secret(q->arg, q), q->var[0],
			     q->body, err);
}

static int put_draft(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return people_with(q, r, keep_draft, err);
}

static int show_draft(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		      struct hub_err *err)
{
	struct hub_str body = {NULL, 0};
	const int rc = hub_draft_get(q->arena, db, q->principal, hub_access_secret(q->arg, q),
				     q->var[0], &body, err);

	if (rc == HUB_END)
		return hub_http_fail(r, 404, err, "no-draft", "there is no draft of this name");
	r->type = "application/octet-stream";
	hub_buf_str(&r->body, body);
	return rc;
}

static int get_draft(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return people_with(q, r, show_draft, err);
}

static int drop_draft(struct hub_http_request *q, struct hub_http_reply *r, struct hub_db *db,
		      struct hub_err *err)
{
	(void)r;
	return hub_draft_remove(db, q->principal, q->var[0], err);
}

static int delete_draft(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	return people_with(q, r, drop_draft, err);
}

static const struct hub_http_route routes[] = {
    {"POST", "/v1/session", NULL, SMALL, HUB_N("sign in"), post_session},
    {"GET", "/v1/session", HUB_MAY_LOCKED, 0, HUB_N("who is signed in, and what they may"),
     get_session},
    {"DELETE", "/v1/session", HUB_MAY_LOCKED, 0, HUB_N("sign out"), delete_session},
    {"POST", "/v1/session/lock", HUB_MAY_SIGNED, SMALL, HUB_N("lock until the password is given"),
     post_lock},
    {"POST", "/v1/session/unlock", HUB_MAY_LOCKED, SMALL,
     HUB_N("go on with a locked session, by its password"), post_unlock},
    {"POST", "/v1/session/password", HUB_MAY_SIGNED, SMALL, HUB_N("change the own password"),
     post_password},
    {"GET", "/v1/session/drafts/{name}", HUB_MAY_SIGNED, 0, HUB_N("unsaved input, as it was kept"),
     get_draft},
    {"PUT", "/v1/session/drafts/{name}", HUB_MAY_LOCKED, HUB_DRAFT_BYTES,
     HUB_N("keep unsaved input, also while the session is locked"), put_draft},
    {"DELETE", "/v1/session/drafts/{name}", HUB_MAY_SIGNED, 0, HUB_N("forget unsaved input"),
     delete_draft},
};

const struct hub_http_table hub_session_routes = {.route = routes, .n = HUB_COUNT(routes)};
