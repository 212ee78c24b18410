#include "release/approval.h"

#include "base/clock.h"
#include "release/audit.h"

/* By kind. The messages have the name once, the hints as often as they say. */
static const struct {
	const char *word, *proposed, *approved;
	const char *not_proposed, *same, *not_approved;
} kinds[] = {
    [HUB_APPROVE_PROFILE] = {"profile", "profile-propose", "profile-approve",
			     HUB_N("this version of profile %.*s was not proposed"),
			     HUB_N("profile %.*s was proposed by the same person"),
			     HUB_N("profile %.*s is not approved as it is now")},
    [HUB_APPROVE_JOB] = {"job", "job-propose", "job-approve",
			 HUB_N("this version of job %.*s was not proposed"),
			 HUB_N("job %.*s was proposed by the same person"),
			 HUB_N("job %.*s is not approved as it is now")},
};

/* "PROFILE", or "CONFIG JOB" of a job that is called CONFIG/JOB: what the command wants. */
static struct hub_str operands(struct hub_arena *a, const struct hub_approvable *v)
{
	const size_t slash = hub_str_find(v->name, HUB_STR("/"), 0);

	if (v->kind == HUB_APPROVE_PROFILE || slash == (size_t)-1)
		return v->name;
	return hub_arena_printf(a, "%.*s.cfg %.*s", (int)slash, v->name.ptr,
				HUB_FMT(hub_str_from(v->name, slash + 1)));
}

/* {"hash":"..."}: what the log says of a version. */
static int log_version(struct hub_db *db, const struct hub_approvable *v, struct hub_str actor,
		       const char *action, struct hub_err *err)
{
	char detail[96];
	const int n = snprintf(detail, sizeof detail, "{\"hash\":\"%s\"}", v->hash);

	return hub_audit_add(db, actor, action, v->name, (struct hub_str){detail, (size_t)n}, err);
}

/* The open row of this version. id 0: none. author and approver live in the arena. */
struct version {
	int64_t id;
	struct hub_str author, approver;
};

static int find_version(struct hub_arena *a, struct hub_db *db, const struct hub_approvable *v,
			struct version *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT id, author, approver FROM approval WHERE kind = ?"
			      " AND name = ? AND hash = ? AND ended_at IS NULL",
			      "ztz", kinds[v->kind].word, v->name, v->hash);

	*out = (struct version){0};
	if (rc || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	out->id = hub_db_int(q, 0);
	out->author = hub_db_dup(a, q, 1);
	out->approver = hub_db_dup(a, q, 2);
	return out->author.ptr ? HUB_OK : hub_fail_mem(err);
}

static int propose(struct hub_arena *a, struct hub_db *db, const struct hub_approvable *v,
		   struct hub_str actor, struct hub_err *err)
{
	struct version have;
	int rc = find_version(a, db, v, &have, err);

	if (rc || have.id)
		return rc;
	rc =
	    hub_db_run(db, err,
		       "INSERT INTO approval (kind, name, hash, author, at, content)"
		       " VALUES (?, ?, ?, ?, ?, ?)",
		       "ztztit", kinds[v->kind].word, v->name, v->hash, actor, hub_now(), v->canon);
	return rc ? rc : log_version(db, v, actor, kinds[v->kind].proposed, err);
}

static int approve(struct hub_arena *a, struct hub_db *db, const struct hub_approvable *v,
		   struct hub_str actor, struct hub_err *err)
{
	struct version have;
	int rc = find_version(a, db, v, &have, err);

	if (rc)
		return rc;
	if (!have.id) {
		rc = hub_fail(err, HUB_REFUSED, "not-proposed", kinds[v->kind].not_proposed,
			      HUB_FMT(v->name));
		hub_hint(err, "Its author proposes it: tsunagi release propose %.*s.",
			 HUB_FMT(operands(a, v)));
		return rc;
	}
	if (have.approver.len)
		return HUB_OK;
	if (hub_str_eq(have.author, actor)) {
		rc = hub_fail(err, HUB_REFUSED, "same-person", kinds[v->kind].same,
			      HUB_FMT(v->name));
		hub_hint(err, "Somebody else must approve it.");
		return rc;
	}
	if ((rc = hub_db_run(db, err,
			     "UPDATE approval SET ended_at = ?, ended_by = ? WHERE kind = ?"
			     " AND name = ? AND id <> ? AND ended_at IS NULL",
			     "itzti", hub_now(), actor, kinds[v->kind].word, v->name, have.id)) ||
	    (rc = hub_db_run(db, err,
			     "UPDATE approval SET approver = ?, approved_at = ? WHERE id = ?",
			     "tii", actor, hub_now(), have.id)))
		return rc;
	return log_version(db, v, actor, kinds[v->kind].approved, err);
}

/* Runs one change in a transaction, with an arena for what it reads. */
static int in_txn(int (*change)(struct hub_arena *, struct hub_db *, const struct hub_approvable *,
				struct hub_str, struct hub_err *),
		  struct hub_db *db, const struct hub_approvable *v, struct hub_str actor,
		  struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	int rc;

	if (!a)
		return hub_fail_mem(err);
	if ((rc = db->ops->begin(db, 1, err)))
		return rc;
	return hub_db_end(db, change(a, db, v, actor, err), err);
}

int hub_approvable_propose(struct hub_db *db, const struct hub_approvable *v, struct hub_str actor,
			   struct hub_err *err)
{
	return in_txn(propose, db, v, actor, err);
}

int hub_approvable_approve(struct hub_db *db, const struct hub_approvable *v, struct hub_str actor,
			   struct hub_err *err)
{
	return in_txn(approve, db, v, actor, err);
}

int hub_approvable_check(struct hub_db *db, const struct hub_approvable *v, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct version have;
	int rc = a ? find_version(a, db, v, &have, err) : hub_fail_mem(err);

	if (rc)
		return rc;
	if (have.approver.len && !hub_str_eq(have.approver, have.author))
		return HUB_OK;
	const struct hub_str what = operands(a, v);
	rc = hub_fail(err, HUB_REFUSED, "not-approved", kinds[v->kind].not_approved,
		      HUB_FMT(v->name));
	if (have.id)
		hub_hint(err,
			 "It waits for somebody other than its author: tsunagi release "
			 "approve %.*s.",
			 HUB_FMT(what));
	else
		hub_hint(err,
			 "tsunagi release propose %.*s, then somebody else: tsunagi release "
			 "approve %.*s.",
			 HUB_FMT(what), HUB_FMT(what));
	return rc;
}

int hub_approvable_last(struct hub_arena *a, struct hub_db *db, const struct hub_approvable *v,
			struct hub_str *canon, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(db, &q, err,
			 "SELECT content FROM approval WHERE kind = ? AND name = ?"
			 " AND approver IS NOT NULL ORDER BY approved_at DESC, id DESC LIMIT 1",
			 "zt", kinds[v->kind].word, v->name);

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
