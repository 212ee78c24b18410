#include "serve/login.h"

#include "base/clock.h"
#include "release/audit.h"
#include "serve/password.h"
#include "serve/tokens.h"

struct attempt {
	const struct hub_access *access;
	struct hub_arena *arena;
	struct hub_db *db;
	const struct hub_login_ask *ask;
	struct hub_login_got *got;
	struct hub_account account;
	struct hub_membership as;
	struct hub_factor_hit hit;
	int coded; /* a code fits */
	struct hub_err *err;
};

/* --- what the audit log gets ------------------------------------------------------------------ */

/* A name that nobody has may be a password typed into the wrong field: it is not written down. */
static int note(struct attempt *t, const char *action, const char *why)
{
	HUB_AUTO(buf) struct hub_buf b;
	const struct hub_str login = t->account.id ? t->account.login : HUB_STR("?");

	hub_audit_begin(&b);
	hub_json_field(&b, "address", t->ask->address);
	if (why)
		hub_json_field(&b, "why", hub_str_of(why));
	if (t->as.id) {
		hub_json_field(&b, "role", t->as.role);
		hub_json_field(&b, "agency", t->as.agency);
	}
	return hub_audit_end(t->db, login, action, login, &b, t->err);
}

/* rc is what t->err says; a fault of the log is the worse one. */
static int refuse(struct attempt *t, int rc)
{
	const struct hub_err said = *t->err;
	const int noted = note(t, "login-refused", said.code);

	if (noted)
		return noted;
	*t->err = said;
	return rc;
}

static int too_many(int64_t wait, struct hub_err *err)
{
	return hub_fail(err, HUB_REFUSED, "too-many", "too many tries; wait %lld seconds",
			(long long)wait);
}

/* A wrong password or code counts, for the login and for the address, in one transaction. */
static int wrong(struct attempt *t, const char *code, const char *text)
{
	int64_t wait;
	int rc = hub_db_begin(t->db, t->err);

	if (rc)
		return rc;
	if (!(rc = hub_login_wrong(t->db, t->ask->login, t->ask->address, &wait, t->err)))
		rc = note(t, wait ? "login-lockout" : "login-failed", code);
	if ((rc = hub_db_end(t->db, rc, t->err)))
		return rc;
	return hub_fail(t->err, HUB_REFUSED, code, "%s", hub_tr(text));
}

/* --- step by step ----------------------------------------------------------------------------- */

static int check_password(struct attempt *t)
{
	int rc;

	if ((rc = hub_login_wait(t->db, t->ask->login, t->ask->address, &t->got->wait, t->err)))
		return rc;
	if (t->got->wait)
		return too_many(t->got->wait, t->err);
	if ((rc = hub_account_find(t->arena, t->db, t->ask->login, &t->account, t->err)) < 0)
		return rc;
	if (!hub_password_is(t->arena, rc == HUB_OK ? t->account.password : HUB_STR(""),
			     t->ask->password))
		return wrong(t, "login-failed", HUB_N("login name or password is wrong"));
	if (t->account.state == HUB_ACCOUNT_OPEN)
		return HUB_OK;
	return refuse(t, hub_fail(t->err, HUB_REFUSED, "account-locked", "the account is locked"));
}

static int code_needed(struct attempt *t)
{
	return hub_fail(t->err, HUB_REFUSED, "code-needed", "a one-time code is needed");
}

static int check_code(struct attempt *t)
{
	int rc;

	if (!t->account.has_totp)
		return HUB_OK;
	if (!t->ask->code.len) /* a device may stand in; its agency is known later */
		return t->ask->certificate.len ? HUB_OK : code_needed(t);
	const struct hub_factor_of of = {t->arena, t->db, t->access->keys, &t->account};
	rc = hub_factor_check(&of, t->ask->code, &t->hit, t->err);
	if (rc < 0)
		return rc;
	t->coded = rc;
	return t->coded ? HUB_OK : wrong(t, "code-wrong", HUB_N("the code is wrong or was used"));
}

/* 1: what was asked for, and it counts today; 0: not. */
static int fits(struct attempt *t, const struct hub_membership *m, struct hub_str today)
{
	const struct hub_login_ask *ask = t->ask;

	if ((ask->agency.len && !hub_str_eq(ask->agency, m->agency)) ||
	    (ask->role.len && !hub_str_eq(ask->role, m->role)) || !hub_membership_is_on(m, today) ||
	    !hub_roles_find(&t->access->roles, m->role))
		return 0;
	return hub_agency_is_on(t->db, m->agency, today, t->err);
}

/* Those that count today and fit what was asked for stay in got->choice. */
static int choose(struct attempt *t)
{
	struct hub_membership *all;
	char today[11];
	uint32_t n, kept = 0;
	int rc = hub_membership_list(t->arena, t->db, t->account.id, &all, &n, t->err);

	if (rc)
		return rc;
	hub_day_text(hub_today(), today);
	for (uint32_t i = 0; i < n; i++) {
		if ((rc = fits(t, &all[i], hub_str_of(today))) < 0)
			return rc;
		if (rc)
			all[kept++] = all[i];
	}
	if (!kept)
		return refuse(t, hub_fail(t->err, HUB_REFUSED, "no-role",
					  "this account has no such role today"));
	t->got->choice = all;
	t->got->choices = kept;
	t->as = all[0];
	return kept == 1 ? HUB_OK
			 : hub_fail(t->err, HUB_USAGE, "choose-role",
				    "say for which agency and in which role");
}

static int check_network(struct attempt *t)
{
	const struct hub_role *role = hub_roles_find(&t->access->roles, t->as.role);

	if (hub_cidr_list_has(role->networks, t->ask->address) &&
	    hub_cidr_list_has(t->as.networks, t->ask->address))
		return HUB_OK;
	return refuse(t, hub_fail(t->err, HUB_REFUSED, "other-network",
				  "this role is not to be used from this address"));
}

/* Whoever has registered an authenticator always needs it, whatever the role says; a device of the agency stands
 * in for it. */
static int check_factor(struct attempt *t)
{
	const struct hub_role *role = hub_roles_find(&t->access->roles, t->as.role);
	int rc;

	if (t->coded || (!t->account.has_totp && !role->second_factor))
		return HUB_OK;
	if (t->ask->certificate.len) {
		rc = hub_device_is_of(t->db, t->ask->certificate, t->as.agency, t->err);
		if (rc)
			return rc < 0 ? rc : HUB_OK;
	}
	if (t->account.has_totp)
		return code_needed(t);
	if (t->account.must_change) /* the one-time setup; nothing but it is open (HUB_MAY_SETUP) */
		return HUB_OK;
	rc = hub_fail(t->err, HUB_REFUSED, "second-factor-missing",
		      "this role needs a second factor, and the account has none");
	hub_hint(t->err, "An administrator registers one: `tsunagi user totp LOGIN`, or a "
			 "certificate for the agency's device.");
	return refuse(t, rc);
}

/* --- in ----------------------------------------------------------------------------------------- */

static int end_former(struct attempt *t)
{
	struct hub_principal p;
	const int rc = t->ask->former.len
			   ? hub_session_read(t->arena, t->db, &t->access->times, &t->access->roles,
					      t->ask->former, &p, t->err)
			   : HUB_END;

	return rc == HUB_OK ? hub_session_end(t->db, &p, t->err) : rc == HUB_END ? HUB_OK : rc;
}

static int rehash(struct attempt *t)
{
	struct hub_str encoded;
	int rc;

	if (!hub_password_is_old(t->account.password))
		return HUB_OK;
	rc = hub_password_hash(t->arena, t->ask->password, &encoded, t->err);
	return rc ? rc
		  : hub_db_run(t->db, t->err, "UPDATE account SET password = ? WHERE id = ?", "ti",
			       encoded, t->account.id);
}

static int enter(struct attempt *t)
{
	struct hub_login_got *g = t->got;
	int rc = t->coded ? hub_factor_use(t->db, &t->account, &t->hit, t->err) : HUB_OK;

	if (rc || (rc = rehash(t)) || (rc = end_former(t)) ||
	    (rc = hub_login_forget(t->db, t->account.login, t->err)) ||
	    (rc = hub_session_begin(t->arena, t->db, &t->access->times, &t->as, t->ask->address,
				    &g->secret, t->err)) ||
	    (rc = hub_session_read(t->arena, t->db, &t->access->times, &t->access->roles, g->secret,
				   &g->who, t->err)))
		return rc == HUB_END ? hub_fail(t->err, HUB_FATAL, "session", "no session") : rc;
	return note(t, "login", t->coded && !t->hit.step ? "recovery-code" : NULL);
}

int hub_login(const struct hub_access *a, struct hub_arena *arena, struct hub_db *db,
	      const struct hub_login_ask *ask, struct hub_login_got *got, struct hub_err *err)
{
	struct attempt t = {
	    .access = a, .arena = arena, .db = db, .ask = ask, .got = got, .err = err};
	int rc;

	*got = (struct hub_login_got){0};
	if ((rc = check_password(&t)) || (rc = check_code(&t)) || (rc = choose(&t)) ||
	    (rc = check_network(&t)) || (rc = check_factor(&t)) || (rc = hub_db_begin(db, err)))
		return rc;
	return hub_db_end(db, enter(&t), err);
}

/* The code is used up, wrong tries are forgotten. */
static int accept(struct attempt *t)
{
	const int rc = t->coded ? hub_factor_use(t->db, &t->account, &t->hit, t->err) : HUB_OK;

	return rc ? rc : hub_login_forget(t->db, t->account.login, t->err);
}

/* --- one command ------------------------------------------------------------------------------ */

static const char console[] = "console";

/* The first role of the municipality that counts today and has the permission. */
static int choose_permitted(struct attempt *t, const char *permission)
{
	struct hub_membership *all;
	char today[11];
	uint32_t n;
	int rc = hub_membership_list(t->arena, t->db, t->account.id, &all, &n, t->err);

	hub_day_text(hub_today(), today);
	for (uint32_t i = 0; !rc && i < n; i++) {
		const struct hub_role *role = hub_roles_find(&t->access->roles, all[i].role);
		const struct hub_principal p = {.role = role,
						.may = role ? role->may : NULL,
						.n_may = role ? role->n_may : 0,
						.view_only = role && role->view_only};
		if (all[i].agency.len || !role || !hub_membership_is_on(&all[i], hub_str_of(today)))
			continue;
		t->as = all[i];
		if (hub_principal_may(&p, permission))
			return HUB_OK;
	}
	if (rc)
		return rc;
	rc = hub_fail(t->err, HUB_REFUSED, "not-permitted",
		      "no role of this account allows %s today", permission);
	hub_hint(t->err, "`tsunagi user roles` shows what roles may; a role of the municipality "
			 "itself is wanted.");
	return refuse(t, rc);
}

static int use_up(struct attempt *t, const char *permission)
{
	int rc = rehash(t);

	if (rc || (rc = accept(t)))
		return rc;
	return note(t, "login-command", permission);
}

int hub_login_prove(const struct hub_access *a, struct hub_arena *arena, struct hub_db *db,
		    const struct hub_login_ask *ask, const char *permission, struct hub_actor *who,
		    struct hub_err *err)
{
	struct hub_login_ask here = *ask;
	struct hub_login_got got = {0};
	struct attempt t = {
	    .access = a, .arena = arena, .db = db, .ask = &here, .got = &got, .err = err};
	int rc;

	here.address = hub_str_of(console);
	if ((rc = check_password(&t)) || (rc = check_code(&t)))
		return rc;
	if (t.account.must_change)
		return refuse(&t, hub_fail(err, HUB_REFUSED, "password-temporary",
					   "the password is a temporary one: whoever drew it "
					   "knows it too"));
	if ((rc = choose_permitted(&t, permission)) || (rc = check_factor(&t)) ||
	    (rc = hub_db_begin(db, err)) || (rc = hub_db_end(db, use_up(&t, permission), err)))
		return rc;
	*who = (struct hub_actor){t.account.login, t.account.id,
				  t.coded ? HUB_BY_CODE : HUB_BY_PASSWORD};
	return HUB_OK;
}

/* A token is worth no more than who it belongs to: that account is open, and one of its roles allows it today. */
static int check_owner(struct attempt *t, int64_t account, const char *permission)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(t->db, &q, t->err, "SELECT login FROM account WHERE id = ?", "i", account);

	if (!rc && (rc = hub_db_next(q, t->err)) == HUB_OK)
		rc = hub_account_find(t->arena, t->db, hub_db_str(q, 0), &t->account, t->err);
	if (rc < 0)
		return rc;
	if (!rc && t->account.state == HUB_ACCOUNT_OPEN)
		return choose_permitted(t, permission);
	rc = hub_fail(t->err, HUB_REFUSED, "token-of-nobody",
		      "this token belongs to no open account: a program cannot be one of "
		      "two people");
	hub_hint(t->err, "tsunagi user token add --account LOGIN makes one of a person's.");
	return rc;
}

int hub_login_token(const struct hub_access *a, struct hub_arena *arena, struct hub_db *db,
		    struct hub_str secret, const char *permission, struct hub_actor *who,
		    struct hub_err *err)
{
	struct hub_login_ask here = {.address = hub_str_of(console)};
	struct hub_login_got got = {0};
	struct attempt t = {
	    .access = a, .arena = arena, .db = db, .ask = &here, .got = &got, .err = err};
	struct hub_principal p;
	int rc = hub_token_read(arena, db, secret, here.address, &p, err);

	if (rc == HUB_END)
		return hub_fail(err, HUB_REFUSED, "no-token", "this token counts for nothing");
	if (!rc && !hub_principal_may(&p, permission))
		return hub_fail(err, HUB_REFUSED, "not-permitted", "this token does not allow %s",
				permission);
	if (rc || (rc = check_owner(&t, p.account, permission)))
		return rc;
	*who = (struct hub_actor){t.account.login, p.account, HUB_BY_TOKEN};
	return HUB_OK;
}

int hub_login_again(const struct hub_access *a, struct hub_arena *arena, struct hub_db *db,
		    const struct hub_login_ask *ask, int64_t *wait, struct hub_err *err)
{
	struct hub_login_got got = {0};
	struct attempt t = {
	    .access = a, .arena = arena, .db = db, .ask = ask, .got = &got, .err = err};
	int rc = check_password(&t);

	*wait = got.wait;
	if (rc || (ask->code.ptr && (rc = check_code(&t))) || (rc = hub_db_begin(db, err)))
		return rc;
	return hub_db_end(db, accept(&t), err);
}
