#include "release/approval.h"

#include "base/clock.h"
#include "release/audit.h"

/* {"hash":"..."}: what the log says of a profile. */
static int log_profile(struct hub_db *db, const struct hub_profile *p, struct hub_str actor,
		       const char *action, struct hub_err *err)
{
	char detail[96];
	const int n = snprintf(detail, sizeof detail, "{\"hash\":\"%s\"}", p->hash);

	return hub_audit_add(db, actor, action, p->name, (struct hub_str){detail, (size_t)n}, err);
}

/* The open row of this version. id 0: none. author and approver live in the arena. */
struct version {
	int64_t id;
	struct hub_str author, approver;
};

static int find_version(struct hub_arena *a, struct hub_db *db, const struct hub_profile *p,
			struct version *v, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT id, author, approver FROM approval WHERE kind = 'profile'"
			      " AND name = ? AND hash = ? AND ended_at IS NULL",
			      "tz", p->name, p->hash);

	*v = (struct version){0};
	if (rc || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	v->id = hub_db_int(q, 0);
	v->author = hub_db_dup(a, q, 1);
	v->approver = hub_db_dup(a, q, 2);
	return v->author.ptr ? HUB_OK : hub_fail_mem(err);
}

static int propose(struct hub_arena *a, struct hub_db *db, const struct hub_profile *p,
		   struct hub_str actor, struct hub_err *err)
{
	struct version v;
	int rc = find_version(a, db, p, &v, err);

	if (rc || v.id)
		return rc;
	rc = hub_db_run(db, err,
			"INSERT INTO approval (kind, name, hash, author, at, content)"
			" VALUES ('profile', ?, ?, ?, ?, ?)",
			"tztit", p->name, p->hash, actor, hub_now(), p->canon);
	return rc ? rc : log_profile(db, p, actor, "profile-propose", err);
}

static int approve(struct hub_arena *a, struct hub_db *db, const struct hub_profile *p,
		   struct hub_str actor, struct hub_err *err)
{
	struct version v;
	int rc = find_version(a, db, p, &v, err);

	if (rc)
		return rc;
	if (!v.id) {
		rc = hub_fail(err, HUB_REFUSED, "not-proposed",
			      "this version of profile %.*s was not proposed", HUB_FMT(p->name));
		hub_hint(err, "Its author proposes it: tsunagi release propose %.*s.",
			 HUB_FMT(p->name));
		return rc;
	}
	if (v.approver.len)
		return HUB_OK;
	if (hub_str_eq(v.author, actor)) {
		rc = hub_fail(err, HUB_REFUSED, "same-person",
			      "profile %.*s was proposed by the same person", HUB_FMT(p->name));
		hub_hint(err, "Somebody else must approve it.");
		return rc;
	}
	if ((rc = hub_db_run(db, err,
			     "UPDATE approval SET ended_at = ?, ended_by = ? WHERE kind = 'profile'"
			     " AND name = ? AND id <> ? AND ended_at IS NULL",
			     "itti", hub_now(), actor, p->name, v.id)) ||
	    (rc = hub_db_run(db, err,
			     "UPDATE approval SET approver = ?, approved_at = ? WHERE id = ?",
			     "tii", actor, hub_now(), v.id)))
		return rc;
	return log_profile(db, p, actor, "profile-approve", err);
}

/* Runs one change in a transaction, with an arena for what it reads. */
static int in_txn(int (*change)(struct hub_arena *, struct hub_db *, const struct hub_profile *,
				struct hub_str, struct hub_err *),
		  struct hub_db *db, const struct hub_profile *p, struct hub_str actor,
		  struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	int rc;

	if (!a)
		return hub_fail_mem(err);
	if ((rc = db->ops->begin(db, 1, err)))
		return rc;
	return hub_db_end(db, change(a, db, p, actor, err), err);
}

int hub_approval_propose(struct hub_db *db, const struct hub_profile *p, struct hub_str actor,
			 struct hub_err *err)
{
	return in_txn(propose, db, p, actor, err);
}

int hub_approval_approve(struct hub_db *db, const struct hub_profile *p, struct hub_str actor,
			 struct hub_err *err)
{
	return in_txn(approve, db, p, actor, err);
}

int hub_approval_check(struct hub_db *db, const struct hub_profile *p, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct version v;
	int rc = a ? find_version(a, db, p, &v, err) : hub_fail_mem(err);

	if (rc)
		return rc;
	if (v.approver.len && !hub_str_eq(v.approver, v.author))
		return HUB_OK;
	rc = hub_fail(err, HUB_REFUSED, "not-approved", "profile %.*s is not approved as it is now",
		      HUB_FMT(p->name));
	if (v.id)
		hub_hint(err,
			 "It waits for somebody other than its author: tsunagi release "
			 "approve %.*s.",
			 HUB_FMT(p->name));
	else
		hub_hint(err,
			 "tsunagi release propose %.*s, then somebody else: tsunagi release "
			 "approve %.*s.",
			 HUB_FMT(p->name), HUB_FMT(p->name));
	return rc;
}

int hub_approval_last(struct hub_arena *a, struct hub_db *db, struct hub_str name,
		      struct hub_str *canon, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(db, &q, err,
			 "SELECT content FROM approval WHERE kind = 'profile' AND name = ?"
			 " AND approver IS NOT NULL ORDER BY approved_at DESC, id DESC LIMIT 1",
			 "t", name);

	*canon = (struct hub_str){"", 0};
	if (rc || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	*canon = hub_db_dup(a, q, 0);
	return canon->ptr ? HUB_OK : hub_fail_mem(err);
}

/* --- the general stop --------------------------------------------------------------------------------- */

/* Who stopped releases; ptr NULL: nobody. */
static int stopped_by(struct hub_arena *a, struct hub_db *db, struct hub_str *who,
		      struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(db, &q, err, "SELECT value FROM meta WHERE name = 'release_stop'", "");

	*who = (struct hub_str){NULL, 0};
	if (rc || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	*who = hub_db_dup(a, q, 0);
	return who->ptr ? HUB_OK : hub_fail_mem(err);
}

static int log_reason(struct hub_db *db, struct hub_str actor, const char *action,
		      struct hub_str reason, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf detail;

	hub_buf_init(&detail, 1 << 16);
	hub_buf_putc(&detail, '{');
	hub_json_field(&detail, "reason", reason);
	hub_buf_putc(&detail, '}');
	if (!hub_buf_ok(&detail))
		return hub_fail_mem(err);
	return hub_audit_add(db, actor, action, HUB_STR("release"), hub_buf_text(&detail), err);
}

static int stop(struct hub_db *db, struct hub_str actor, struct hub_str reason, struct hub_err *err)
{
	const int rc = hub_db_run(db, err,
				  "INSERT INTO meta (name, value) VALUES ('release_stop', ?)"
				  " ON CONFLICT (name) DO NOTHING",
				  "t", actor);

	return rc ? rc : log_reason(db, actor, "release-stop", reason, err);
}

int hub_release_stop(struct hub_db *db, struct hub_str actor, struct hub_str reason,
		     struct hub_err *err)
{
	const int rc = db->ops->begin(db, 1, err);

	return rc ? rc : hub_db_end(db, stop(db, actor, reason, err), err);
}

static int resume(struct hub_db *db, struct hub_str actor, struct hub_str reason,
		  struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct hub_str who;
	int rc = a ? stopped_by(a, db, &who, err) : hub_fail_mem(err);

	if (rc || !who.ptr)
		return rc;
	if (hub_str_eq(who, actor)) {
		rc = hub_fail(err, HUB_REFUSED, "same-person",
			      "releases were stopped by the same person");
		hub_hint(err, "Somebody else must let them go on.");
		return rc;
	}
	rc = hub_db_run(db, err, "DELETE FROM meta WHERE name = 'release_stop'", "");
	return rc ? rc : log_reason(db, actor, "release-resume", reason, err);
}

int hub_release_resume(struct hub_db *db, struct hub_str actor, struct hub_str reason,
		       struct hub_err *err)
{
	const int rc = db->ops->begin(db, 1, err);

	return rc ? rc : hub_db_end(db, resume(db, actor, reason, err), err);
}

int hub_release_may_run(struct hub_db *db, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct hub_str who;
	int rc = a ? stopped_by(a, db, &who, err) : hub_fail_mem(err);

	if (rc || !who.ptr)
		return rc;
	rc = hub_fail(err, HUB_REFUSED, "releases-stopped", "all releases are stopped");
	hub_hint(err,
		 "Somebody other than who stopped them: tsunagi release resume --reason TEXT.");
	return rc;
}
