#include "serve/accounts.h"

#include "base/clock.h"
#include "release/audit.h"
#include "release/day.h"
#include "serve/cidr.h"
#include "serve/throttle.h"

#include <stdarg.h>

/* The statement and what the audit log says about it, together. */
static int change(struct hub_db *db, struct hub_str actor, const char *action,
		  struct hub_str object, struct hub_str detail, int rc, struct hub_err *err)
{
	return rc ? rc : hub_audit_add(db, actor, action, object, detail, err);
}

/* --- accounts --------------------------------------------------------------------------------- */

#define ACCOUNT_COLUMNS                                                             \
	"SELECT id, login, name, staff_no, password, state, must_change, CASE WHEN" \
	" totp IS NULL THEN 0 ELSE 1 END, coalesce(seen_at, 0) FROM account"

static int take_account(struct hub_arena *a, struct hub_query *q, struct hub_account *out,
			struct hub_err *err)
{
	*out = (struct hub_account){
	    .id = hub_db_int(q, 0),
	    .login = hub_db_text(a, q, 1),
	    .name = hub_db_text(a, q, 2),
	    .staff_no = hub_db_text(a, q, 3),
	    .password = hub_db_text(a, q, 4),
	    .state = hub_db_int(q, 5) == HUB_ACCOUNT_OPEN ? HUB_ACCOUNT_OPEN : HUB_ACCOUNT_LOCKED,
	    .must_change = hub_db_int(q, 6) != 0,
	    .has_totp = hub_db_int(q, 7) != 0,
	    .seen_at = hub_db_int(q, 8),
	};
	return hub_arena_failed(a) ? hub_fail_mem(err) : HUB_OK;
}

int hub_account_find(struct hub_arena *a, struct hub_db *db, struct hub_str login,
		     struct hub_account *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err, ACCOUNT_COLUMNS " WHERE login = ?", "t", login);

	if (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		rc = take_account(a, q, out, err);
	return rc;
}

int hub_account_need(struct hub_arena *a, struct hub_db *db, struct hub_str login,
		     struct hub_account *out, struct hub_err *err)
{
	int rc = hub_account_find(a, db, login, out, err);

	if (rc != HUB_END)
		return rc;
	rc = hub_fail(err, HUB_USAGE, "no-account", "there is no account \"%.*s\"", HUB_FMT(login));
	hub_hint(err, "`tsunagi user list` lists them.");
	return rc;
}

int hub_account_list(struct hub_arena *a, struct hub_db *db, struct hub_account **out, uint32_t *n,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t room = 0;
	int rc = hub_db_query(db, &q, err, ACCOUNT_COLUMNS " ORDER BY login", "");

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_account *more = hub_alloc_more(a, *out, *n, &room, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		*out = more;
		rc = take_account(a, q, &more[(*n)++], err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int check_login(struct hub_str login, struct hub_err *err)
{
	int fine = login.len >= 2 && login.len <= 64;

	for (size_t i = 0; i < login.len; i++) {
		const char c = login.ptr[i];
		fine &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			(i && (c == '.' || c == '_' || c == '-' || c == '@'));
	}
	if (fine)
		return HUB_OK;
	const int rc = hub_fail(err, HUB_USAGE, "bad-login", "this login name cannot be used");
	hub_hint(err, "2 to 64 of a-z, 0-9, and . _ - @ behind the first one.");
	return rc;
}

int hub_account_check(struct hub_db *db, const struct hub_account *of, struct hub_err *err)
{
	int64_t there = 0;
	int rc = check_login(of->login, err);

	if (rc)
		return rc;
	if (!of->name.len)
		return hub_fail(err, HUB_USAGE, "name-missing",
				"the name of the person is missing");
	rc = hub_db_one(db, &there, err,
			"SELECT count(*) FROM account WHERE login = ? OR staff_no = ?", "tt",
			of->login, of->staff_no);
	if (!rc && there)
		rc = hub_fail(err, HUB_USAGE, "account-there",
			      "there is an account with this login or staff number already");
	return rc;
}

static int insert_account(struct hub_db *db, const struct hub_account *of, struct hub_str actor,
			  int64_t *id, struct hub_err *err)
{
	int rc = hub_account_check(db, of, err);

	if (rc ||
	    (rc = hub_db_run(db, err,
			     "INSERT INTO account (login, name, staff_no, state, password,"
			     " password_at, must_change, made_at, made_by)"
			     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			     "tttitiiit", of->login, of->name,
			     of->staff_no.len ? of->staff_no : (struct hub_str){NULL, 0},
			     (int64_t)HUB_ACCOUNT_OPEN,
			     of->password.len ? of->password : (struct hub_str){NULL, 0}, hub_now(),
			     (int64_t)of->must_change, hub_now(), actor)) ||
	    (rc =
		 hub_db_one(db, id, err, "SELECT id FROM account WHERE login = ?", "t", of->login)))
		return rc;
	return hub_audit_add(db, actor, "account-add", of->login, HUB_STR(""), err);
}

int hub_account_add(struct hub_db *db, const struct hub_account *of, struct hub_str actor,
		    int64_t *id, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, insert_account(db, of, actor, id, err), err);
}

/* Sessions of an account but one; of a membership, when that is not 0. */
static int end_sessions(struct hub_db *db, int64_t account, int64_t membership, int64_t keep,
			struct hub_err *err)
{
	static const char *const sql[] = {
	    "DELETE FROM draft WHERE session_id IN (SELECT id FROM session WHERE account_id = ?"
	    " AND (membership_id = ? OR ? = 0) AND id <> ?)",
	    "DELETE FROM session WHERE account_id = ? AND (membership_id = ? OR ? = 0)"
	    " AND id <> ?"};
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < HUB_COUNT(sql); i++)
		rc = hub_db_run(db, err, sql[i], "iiii", account, membership, membership, keep);
	return rc;
}

static int put_password(struct hub_db *db, const struct hub_account *of, struct hub_str encoded,
			int must_change, int64_t keep, struct hub_str actor, struct hub_err *err)
{
	int rc = hub_db_run(db, err,
			    "UPDATE account SET password = ?, password_at = ?, must_change = ?"
			    " WHERE id = ?",
			    "tiii", encoded, hub_now(), (int64_t)must_change, of->id);

	if (!rc)
		rc = end_sessions(db, of->id, 0, keep, err);
	if (!rc)
		rc = hub_login_forget(db, of->login, err);
	return change(db, actor, "account-password", of->login, HUB_STR(""), rc, err);
}

int hub_account_set_password(struct hub_db *db, const struct hub_account *of,
			     struct hub_str encoded, int must_change, int64_t keep,
			     struct hub_str actor, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc
		  : hub_db_end(db, put_password(db, of, encoded, must_change, keep, actor, err),
			       err);
}

static int put_state(struct hub_db *db, const struct hub_account *of, enum hub_account_state state,
		     struct hub_str reason, struct hub_str actor, struct hub_err *err)
{
	const int locks = state == HUB_ACCOUNT_LOCKED;
	int rc = hub_db_run(db, err, "UPDATE account SET state = ?, reason = ? WHERE id = ?", "iti",
			    (int64_t)state, reason, of->id);

	if (!rc)
		rc = locks ? end_sessions(db, of->id, 0, 0, err)
			   : hub_login_forget(db, of->login, err);
	return change(db, actor, locks ? "account-lock" : "account-unlock", of->login, HUB_STR(""),
		      rc, err);
}

int hub_account_lock(struct hub_db *db, const struct hub_account *of, struct hub_str reason,
		     struct hub_str actor, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc
		  : hub_db_end(db, put_state(db, of, HUB_ACCOUNT_LOCKED, reason, actor, err), err);
}

int hub_account_unlock(struct hub_db *db, const struct hub_account *of, struct hub_str actor,
		       struct hub_err *err)
{
	const struct hub_str none = {NULL, 0};
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, put_state(db, of, HUB_ACCOUNT_OPEN, none, actor, err), err);
}

int hub_account_sign_out(struct hub_db *db, const struct hub_account *of, struct hub_str actor,
			 struct hub_err *err)
{
	int rc = hub_db_begin(db, err);

	if (rc)
		return rc;
	rc = end_sessions(db, of->id, 0, 0, err);
	return hub_db_end(
	    db, change(db, actor, "account-sign-out", of->login, HUB_STR(""), rc, err), err);
}

/* --- memberships ------------------------------------------------------------------------------ */

int hub_membership_list(struct hub_arena *a, struct hub_db *db, int64_t account,
			struct hub_membership **out, uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t room = 0;
	int rc = hub_db_query(db, &q, err,
			      "SELECT m.id, m.account_id, a.login, m.agency, m.role, m.valid_from,"
			      " m.valid_to, m.networks, coalesce(m.ended_at, 0) FROM membership m"
			      " JOIN account a ON a.id = m.account_id WHERE m.account_id = ?"
			      " OR ? = 0 ORDER BY a.login, m.id",
			      "ii", account, account);

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_membership *m = hub_alloc_more(a, *out, *n, &room, sizeof *m);
		if (!m)
			return hub_fail_mem(err);
		*out = m;
		m[(*n)++] = (struct hub_membership){.id = hub_db_int(q, 0),
						    .account = hub_db_int(q, 1),
						    .login = hub_db_text(a, q, 2),
						    .agency = hub_db_text(a, q, 3),
						    .role = hub_db_text(a, q, 4),
						    .from = hub_db_text(a, q, 5),
						    .to = hub_db_text(a, q, 6),
						    .networks = hub_db_text(a, q, 7),
						    .ended_at = hub_db_int(q, 8)};
	}
	if (rc == HUB_END)
		rc = hub_arena_failed(a) ? hub_fail_mem(err) : HUB_OK;
	return rc;
}

int hub_membership_is_on(const struct hub_membership *m, struct hub_str day)
{
	return !m->ended_at && hub_str_cmp(m->from, day) <= 0 &&
	       (!m->to.len || hub_str_cmp(day, m->to) <= 0);
}

int hub_account_day(struct hub_str text, struct hub_err *err)
{
	int32_t day;

	if (text.len == 10 && hub_day_parse(text, &day) == 0)
		return HUB_OK;
	return hub_fail(err, HUB_USAGE, "bad-date", "a day is written like 2026-04-01");
}

int hub_account_agency(struct hub_db *db, struct hub_str agency, struct hub_err *err)
{
	int64_t known = 0, all = 0;
	int rc = HUB_OK;

	if (!agency.len)
		return rc;
	if ((rc = hub_db_one(db, &known, err, "SELECT count(*) FROM cc_agency WHERE key = ?", "t",
			     agency)) ||
	    known || (rc = hub_db_one(db, &all, err, "SELECT count(*) FROM cc_agency", "")) || !all)
		return rc;
	rc = hub_fail(err, HUB_USAGE, "unknown-agency",
		      "the register of agencies does not know \"%.*s\"", HUB_FMT(agency));
	hub_hint(err, "Its key is wanted, as in the list of agencies that was imported.");
	return rc;
}

int hub_agency_is_on(struct hub_db *db, struct hub_str agency, struct hub_str day,
		     struct hub_err *err)
{
	int64_t over = 0;
	const int rc =
	    agency.len ? hub_db_one(db, &over, err,
				    "SELECT count(*) FROM cc_agency WHERE key = ? AND record_id IS"
				    " NOT NULL AND (contract_to < ? OR contract_from > ? OR"
				    " agency_state IN ('ended', 'stopped'))",
				    "ttt", agency, day, day)
		       : HUB_OK;

	return rc ? rc : over == 0;
}

/* The last day that a role allows from a first day on. */
static int check_days(const struct hub_role *role, struct hub_str from, struct hub_str to,
		      struct hub_err *err)
{
	int32_t first, last;
	int rc;

	if ((rc = hub_account_day(from, err)) || (to.len && (rc = hub_account_day(to, err))))
		return rc;
	if (to.len && hub_str_cmp(to, from) < 0)
		return hub_fail(err, HUB_USAGE, "bad-date",
				"the last day lies before the first one");
	if (!role || !role->days)
		return HUB_OK;
	if (!to.len || hub_day_parse(from, &first) || hub_day_parse(to, &last) ||
	    last - first > role->days) {
		rc = hub_fail(err, HUB_USAGE, "role-too-long",
			      "the role %.*s is given for %lld days at most", HUB_FMT(role->name),
			      (long long)role->days);
		hub_hint(err, "Say the last day.");
		return rc;
	}
	return HUB_OK;
}

/* {"role":"...","agency":"...","from":"...","to":"..."} */
static struct hub_str detail_of(struct hub_arena *a, const struct hub_membership *m)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 4096);
	hub_buf_puts(&b, "{");
	hub_json_field(&b, "role", m->role);
	hub_json_field(&b, "agency", m->agency);
	hub_json_field(&b, "from", m->from);
	if (m->to.len)
		hub_json_field(&b, "to", m->to);
	hub_buf_puts(&b, "}");
	return hub_buf_keep(&b, a);
}

static int insert_membership(struct hub_arena *a, struct hub_db *db,
			     const struct hub_membership *of, struct hub_str actor, int64_t *id,
			     struct hub_err *err)
{
	int rc = hub_db_run(
	    db, err,
	    "INSERT INTO membership (account_id, agency, role, valid_from, valid_to,"
	    " networks, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	    "itttttit", of->account, of->agency, of->role, of->from,
	    of->to.len ? of->to : (struct hub_str){NULL, 0}, of->networks, hub_now(), actor);

	if (rc || (rc = hub_db_one(db, id, err, "SELECT max(id) FROM membership", "")))
		return rc;
	return hub_audit_add(db, actor, "role-add", of->login, detail_of(a, of), err);
}

/* With nothing missing; today: room for its text. */
static struct hub_membership filled(const struct hub_membership *of, char today[11])
{
	struct hub_membership m = *of;

	hub_day_text(hub_today(), today);
	if (!m.from.len)
		m.from = hub_str_of(today);
	if (!m.networks.ptr)
		m.networks = HUB_STR("");
	if (!m.agency.ptr)
		m.agency = HUB_STR("");
	return m;
}

int hub_membership_check(struct hub_db *db, const struct hub_roles *roles,
			 const struct hub_membership *of, struct hub_err *err)
{
	char today[11];
	const struct hub_membership m = filled(of, today);
	const struct hub_role *role;
	int rc;

	if ((rc = hub_roles_need(roles, m.role, &role, err)) ||
	    (rc = check_days(role, m.from, m.to, err)) ||
	    (rc = hub_account_agency(db, m.agency, err)) || !hub_cidr_list_check(m.networks))
		return rc;
	rc = hub_fail(err, HUB_USAGE, "bad-network", "\"%.*s\" is not a network",
		      HUB_FMT(m.networks));
	hub_hint(err, "Write 10.1.0.0/16, 2001:db8::/32 or one address.");
	return rc;
}

int hub_membership_add(struct hub_arena *a, struct hub_db *db, const struct hub_roles *roles,
		       const struct hub_membership *of, struct hub_str actor, int64_t *id,
		       struct hub_err *err)
{
	char today[11];
	const struct hub_membership m = filled(of, today);
	int rc = hub_membership_check(db, roles, &m, err);

	if (rc || (rc = hub_db_begin(db, err)))
		return rc;
	return hub_db_end(db, insert_membership(a, db, &m, actor, id, err), err);
}

static int stop_membership(struct hub_db *db, const struct hub_account *of, int64_t id,
			   struct hub_str actor, struct hub_err *err)
{
	char detail[64];
	int rc = hub_db_run(db, err,
			    "UPDATE membership SET ended_at = ?, ended_by = ? WHERE id = ? AND"
			    " account_id = ? AND ended_at IS NULL",
			    "itii", hub_now(), actor, id, of->id);

	if (rc)
		return rc;
	if (db->ops->changes(db) != 1)
		return hub_fail(err, HUB_USAGE, "no-role", "this account has no role number %lld",
				(long long)id);
	snprintf(detail, sizeof detail, "{\"number\":%lld}", (long long)id);
	rc = end_sessions(db, of->id, id, 0, err);
	return change(db, actor, "role-end", of->login, hub_str_of(detail), rc, err);
}

int hub_membership_end(struct hub_db *db, const struct hub_account *of, int64_t id,
		       struct hub_str actor, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, stop_membership(db, of, id, actor, err), err);
}

int hub_membership_until(struct hub_db *db, const struct hub_roles *roles,
			 const struct hub_membership *of, struct hub_str day, struct hub_str actor,
			 struct hub_err *err)
{
	char detail[96];
	int rc = check_days(hub_roles_find(roles, of->role), of->from, day, err);

	if (rc || (rc = hub_db_begin(db, err)))
		return rc;
	snprintf(detail, sizeof detail, "{\"number\":%lld,\"to\":\"%.*s\"}", (long long)of->id,
		 HUB_FMT(day));
	rc = hub_db_run(db, err, "UPDATE membership SET valid_to = ? WHERE id = ?", "ti", day,
			of->id);
	return hub_db_end(
	    db, change(db, actor, "role-until", of->login, hub_str_of(detail), rc, err), err);
}
