#include "serve/sessions.h"

#include "base/clock.h"
#include "serve/seal.h"

static int hash_of(struct hub_str secret, uint8_t out[HUB_SHA256], struct hub_err *err)
{
	return hub_sha256(secret, out) ? hub_fail_mem(err) : HUB_OK;
}

static struct hub_str bytes(const uint8_t sha[HUB_SHA256])
{
	return (struct hub_str){(const char *)sha, HUB_SHA256};
}

/* --- begin, end ------------------------------------------------------------------------------- */

static int sweep(struct hub_db *db, struct hub_err *err)
{
	int rc = hub_db_run(db, err,
			    "DELETE FROM draft WHERE session_id IN (SELECT id FROM session WHERE"
			    " ends_at <= ?)",
			    "i", hub_now());

	return rc ? rc
		  : hub_db_run(db, err, "DELETE FROM session WHERE ends_at <= ?", "i", hub_now());
}

int hub_session_begin(struct hub_arena *a, struct hub_db *db, const struct hub_session_times *t,
		      const struct hub_membership *m, struct hub_str address,
		      struct hub_str *secret, struct hub_err *err)
{
	uint8_t random[HUB_SECRET_HEX / 2], hash[HUB_SHA256];
	char hex[HUB_SECRET_HEX + 1];
	const int64_t now = hub_now();
	int rc;

	if (hub_random(random, sizeof random))
		return hub_fail(err, HUB_FATAL, "no-random", "the system gives no random numbers");
	hub_hex(random, sizeof random, hex);
	*secret = hub_arena_str(a, hub_str_of(hex));
	if (!secret->ptr)
		return hub_fail_mem(err);
	if ((rc = hash_of(*secret, hash, err)) || (rc = sweep(db, err)) ||
	    (rc = hub_db_run(
		 db, err,
		 "INSERT INTO session (hash, account_id, membership_id, begun_at, seen_at,"
		 " ends_at, locked, address) VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
		 "biiiiit", bytes(hash), m->account, m->id, now, now, now + t->end, address)))
		return rc;
	return hub_db_run(db, err, "UPDATE account SET seen_at = ? WHERE id = ?", "ii", now,
			  m->account);
}

int hub_session_lock(struct hub_db *db, const struct hub_principal *p, struct hub_err *err)
{
	return hub_db_run(db, err, "UPDATE session SET locked = 1 WHERE id = ?", "i", p->session);
}

int hub_session_unlock(struct hub_db *db, const struct hub_principal *p, struct hub_err *err)
{
	return hub_db_run(db, err, "UPDATE session SET locked = 0, seen_at = ? WHERE id = ?", "ii",
			  hub_now(), p->session);
}

int hub_session_end(struct hub_db *db, const struct hub_principal *p, struct hub_err *err)
{
	int rc = hub_db_run(db, err, "DELETE FROM draft WHERE session_id = ?", "i", p->session);

	return rc ? rc : hub_db_run(db, err, "DELETE FROM session WHERE id = ?", "i", p->session);
}

int hub_session_csrf(struct hub_str secret, char out[HUB_SECRET_HEX + 1])
{
	uint8_t mac[HUB_SHA256];

	if (hub_hmac(secret, HUB_STR("csrf"), mac))
		return -1;
	hub_hex(mac, sizeof mac, out);
	return 0;
}

/* --- who it is -------------------------------------------------------------------------------- */

struct row {
	int64_t seen_at, ends_at, state;
	struct hub_membership m;
};

static int read_row(struct hub_arena *a, struct hub_db *db, struct hub_str secret, struct row *r,
		    struct hub_principal *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	uint8_t hash[HUB_SHA256];
	int rc = hash_of(secret, hash, err);

	if (rc ||
	    (rc = hub_db_query(db, &q, err,
			       "SELECT s.id, s.account_id, s.seen_at, s.ends_at,"
			       " s.locked, a.login, a.name, a.staff_no, a.state, a.must_change,"
			       " m.agency, m.role, m.valid_from, m.valid_to, m.networks,"
			       " coalesce(m.ended_at, 0) FROM session s"
			       " JOIN account a ON a.id = s.account_id"
			       " JOIN membership m ON m.id = s.membership_id WHERE s.hash = ?",
			       "b", bytes(hash))) ||
	    (rc = hub_db_next(q, err)))
		return rc;
	p->session = hub_db_int(q, 0);
	p->account = hub_db_int(q, 1);
	r->seen_at = hub_db_int(q, 2);
	r->ends_at = hub_db_int(q, 3);
	p->locked = hub_db_int(q, 4) != 0;
	p->login = hub_db_text(a, q, 5);
	p->name = hub_db_text(a, q, 6);
	p->staff = hub_db_text(a, q, 7);
	r->state = hub_db_int(q, 8);
	p->must_change = hub_db_int(q, 9) != 0;
	p->agency = hub_db_text(a, q, 10);
	r->m.role = hub_db_text(a, q, 11);
	r->m.from = hub_db_text(a, q, 12);
	r->m.to = hub_db_text(a, q, 13);
	p->networks = hub_db_text(a, q, 14);
	r->m.ended_at = hub_db_int(q, 15);
	return hub_arena_failed(a) ? hub_fail_mem(err) : HUB_OK;
}

/* Not every request writes: a tenth of the time until it locks is near enough. */
static int touch(struct hub_db *db, const struct hub_session_times *t, const struct row *r,
		 struct hub_principal *p, struct hub_err *err)
{
	const int64_t now = hub_now(), quiet = now - r->seen_at;

	if (p->locked)
		return HUB_OK;
	if (quiet > t->lock) {
		p->locked = 1;
		return hub_session_lock(db, p, err);
	}
	if (quiet * 10 < t->lock)
		return HUB_OK;
	return hub_db_run(db, err, "UPDATE session SET seen_at = ? WHERE id = ?", "ii", now,
			  p->session);
}

int hub_session_read(struct hub_arena *a, struct hub_db *db, const struct hub_session_times *t,
		     const struct hub_roles *roles, struct hub_str secret, struct hub_principal *p,
		     struct hub_err *err)
{
	struct row r = {0};
	char today[11];
	int rc;

	*p = (struct hub_principal){0};
	if (secret.len != HUB_SECRET_HEX)
		return HUB_END;
	if ((rc = read_row(a, db, secret, &r, p, err)))
		return rc;
	hub_day_text(hub_today(), today);
	p->role = hub_roles_find(roles, r.m.role);
	if (hub_now() >= r.ends_at || r.state != HUB_ACCOUNT_OPEN || !p->role ||
	    !hub_membership_is_on(&r.m, hub_str_of(today)))
		return HUB_END;
	if ((rc = hub_agency_is_on(db, p->agency, hub_str_of(today), err)) != 1)
		return rc ? rc : HUB_END;
	p->may = p->role->may;
	p->n_may = p->role->n_may;
	p->view_only = p->role->view_only != 0;
	return touch(db, t, &r, p, err);
}

/* --- drafts ----------------------------------------------------------------------------------- */

static int check_name(struct hub_str name, struct hub_err *err)
{
	int fine = name.len > 0 && name.len <= HUB_DRAFT_NAME;

	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];
		fine &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
	}
	return fine ? HUB_OK
		    : hub_fail(err, HUB_REJECT, "bad-name",
			       "a draft's name has 1 to %d of A-Z a-z 0-9 . _ -", HUB_DRAFT_NAME);
}

static int key_of(struct hub_str secret, uint8_t key[HUB_SHA256], struct hub_err *err)
{
	return hub_hmac(secret, HUB_STR("drafts"), key) ? hub_fail_mem(err) : HUB_OK;
}

static struct hub_str about(struct hub_arena *a, const struct hub_principal *p, struct hub_str name)
{
	return hub_arena_printf(a, "draft/%lld/%.*s", (long long)p->session, HUB_FMT(name));
}

static int write_draft(struct hub_db *db, const struct hub_principal *p, struct hub_str name,
		       struct hub_str sealed, struct hub_err *err)
{
	int64_t others = 0;
	int rc = hub_db_one(db, &others, err,
			    "SELECT count(*) FROM draft WHERE session_id = ? AND name <> ?", "it",
			    p->session, name);

	if (!rc && others >= HUB_DRAFTS_MOST)
		return hub_fail(err, HUB_REJECT, "too-many-drafts",
				"a session keeps %d drafts at most", HUB_DRAFTS_MOST);
	return rc ? rc
		  : hub_db_run(db, err,
			       "INSERT INTO draft (session_id, name, body, at) VALUES (?, ?, ?, ?)"
			       " ON CONFLICT (session_id, name) DO UPDATE SET body = excluded.body,"
			       " at = excluded.at",
			       "itbi", p->session, name, sealed, hub_now());
}

int hub_draft_put(struct hub_arena *a, struct hub_db *db, const struct hub_principal *p,
		  struct hub_str secret, struct hub_str name, struct hub_str body,
		  struct hub_err *err)
{
	uint8_t key[HUB_SHA256];
	struct hub_str sealed;
	int rc;

	if ((rc = check_name(name, err)) || (rc = key_of(secret, key, err)) ||
	    (rc = hub_text_seal(a, key, about(a, p, name), body, &sealed, err)) ||
	    (rc = hub_db_begin(db, err)))
		return rc;
	return hub_db_end(db, write_draft(db, p, name, sealed, err), err);
}

int hub_draft_get(struct hub_arena *a, struct hub_db *db, const struct hub_principal *p,
		  struct hub_str secret, struct hub_str name, struct hub_str *body,
		  struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	uint8_t key[HUB_SHA256];
	int rc;

	if ((rc = key_of(secret, key, err)) ||
	    (rc = hub_db_query(db, &q, err,
			       "SELECT body FROM draft WHERE session_id = ? AND name = ?", "it",
			       p->session, name)) ||
	    (rc = hub_db_next(q, err)))
		return rc;
	return hub_text_unseal(a, key, about(a, p, name), hub_db_str(q, 0), body, err);
}

int hub_draft_remove(struct hub_db *db, const struct hub_principal *p, struct hub_str name,
		     struct hub_err *err)
{
	return hub_db_run(db, err, "DELETE FROM draft WHERE session_id = ? AND name = ?", "it",
			  p->session, name);
}
