#include "release/approval.h"

#include "base/clock.h"
#include "release/audit.h"

/* By kind. The messages have the name once, the hints as often as they say. */
static const struct {
	const char *word, *proposed, *approved;
	const char *not_proposed, *not_approved;
} kinds[] = {
    [HUB_APPROVE_PROFILE] = {"profile", "profile-propose", "profile-approve",
			     HUB_N("this version of profile %.*s was not proposed"),
			     HUB_N("profile %.*s is not approved as it is now")},
    [HUB_APPROVE_JOB] = {"job", "job-propose", "job-approve",
			 HUB_N("this version of job %.*s was not proposed"),
			 HUB_N("job %.*s is not approved as it is now")},
    [HUB_APPROVE_GROUNDS] = {"grounds", "grounds-propose", "grounds-approve",
			     HUB_N("this version of the table of %.*s was not proposed"),
			     HUB_N("the table of %.*s is not approved as it is now")},
};

/* "PROFILE", or "CONFIG JOB" of a job that is called CONFIG/JOB: what the command wants. */
static struct hub_str operands(struct hub_arena *a, const struct hub_approvable *v)
{
	const size_t slash = hub_str_find(v->name, HUB_STR("/"), 0);

	if (v->kind == HUB_APPROVE_GROUNDS)
		return HUB_STR("--grounds FILE");
	if (v->kind == HUB_APPROVE_PROFILE || slash == (size_t)-1)
		return v->name;
	return hub_arena_printf(a, "%.*s.cfg %.*s", (int)slash, v->name.ptr,
				HUB_FMT(hub_str_from(v->name, slash + 1)));
}

/* {"hash":"...","by":"..."}: what the log says of a version. */
static int log_version(struct hub_db *db, const struct hub_approvable *v,
		       const struct hub_actor *who, const char *action, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_audit_begin(&b);
	hub_json_field(&b, "hash", hub_str_of(v->hash));
	hub_actor_json(&b, who);
	return hub_audit_end(db, who->name, action, v->name, &b, err);
}

/* The open row of this version. id 0: none. author and approver live in the arena; their accounts are 0
 * where a login name was enough. */
struct version {
	int64_t id, author_account, approver_account;
	struct hub_str author, approver;
};

static int find_version(struct hub_arena *a, struct hub_db *db, const struct hub_approvable *v,
			struct version *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT id, author, approver, coalesce(author_account, 0),"
			      " coalesce(approver_account, 0) FROM approval WHERE kind = ?"
			      " AND name = ? AND hash = ? AND ended_at IS NULL",
			      "ztz", kinds[v->kind].word, v->name, v->hash);

	*out = (struct version){0};
	if (rc || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	out->id = hub_db_int(q, 0);
	out->author = hub_db_dup(a, q, 1);
	out->approver = hub_db_dup(a, q, 2);
	out->author_account = hub_db_int(q, 3);
	out->approver_account = hub_db_int(q, 4);
	return out->author.ptr ? HUB_OK : hub_fail_mem(err);
}

static int propose(struct hub_arena *a, struct hub_db *db, const struct hub_approvable *v,
		   const struct hub_actor *who, struct hub_err *err)
{
	struct version have;
	int rc = hub_actor_opens(db, who, err);

	if (rc || (rc = find_version(a, db, v, &have, err)))
		return rc;
	if (!have.id)
		rc = hub_db_run(db, err,
				"INSERT INTO approval (kind, name, hash, author, at, content,"
				" author_account) VALUES (?, ?, ?, ?, ?, ?, nullif(?, 0))",
				"ztztiti", kinds[v->kind].word, v->name, v->hash, who->name,
				hub_now(), v->canon, who->account);
	else if (!have.approver.len && !have.author_account && who->account)
		rc = hub_db_run(db, err,
				"UPDATE approval SET author = ?, author_account = ?, at = ?"
				" WHERE id = ?",
				"tiii", who->name, who->account, hub_now(), have.id);
	else
		return HUB_OK;
	return rc ? rc : log_version(db, v, who, kinds[v->kind].proposed, err);
}

static int approve(struct hub_arena *a, struct hub_db *db, const struct hub_approvable *v,
		   const struct hub_actor *who, struct hub_err *err)
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
	if ((rc = hub_actor_second(db, who, have.author, have.author_account, err)) ||
	    (rc = hub_db_run(db, err,
			     "UPDATE approval SET ended_at = ?, ended_by = ? WHERE kind = ?"
			     " AND name = ? AND id <> ? AND ended_at IS NULL",
			     "itzti", hub_now(), who->name, kinds[v->kind].word, v->name,
			     have.id)) ||
	    (rc = hub_db_run(db, err,
			     "UPDATE approval SET approver = ?, approver_account = nullif(?, 0),"
			     " approved_at = ? WHERE id = ?",
			     "tiii", who->name, who->account, hub_now(), have.id)))
		return rc;
	return log_version(db, v, who, kinds[v->kind].approved, err);
}

/* Runs one change in a transaction, with an arena for what it reads. */
static int in_txn(int (*change)(struct hub_arena *, struct hub_db *, const struct hub_approvable *,
				const struct hub_actor *, struct hub_err *),
		  struct hub_db *db, const struct hub_approvable *v, const struct hub_actor *who,
		  struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	int rc;

	if (!a)
		return hub_fail_mem(err);
	if ((rc = hub_db_begin(db, err)))
		return rc;
	return hub_db_end(db, change(a, db, v, who, err), err);
}

int hub_approvable_propose(struct hub_db *db, const struct hub_approvable *v,
			   const struct hub_actor *who, struct hub_err *err)
{
	return in_txn(propose, db, v, who, err);
}

int hub_approvable_approve(struct hub_db *db, const struct hub_approvable *v,
			   const struct hub_actor *who, struct hub_err *err)
{
	return in_txn(approve, db, v, who, err);
}

int hub_approvable_check(struct hub_db *db, const struct hub_approvable *v, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct version have;
	int rc = a ? find_version(a, db, v, &have, err) : hub_fail_mem(err);

	if (rc)
		return rc;
	const struct hub_actor approver = {.name = have.approver, .account = have.approver_account};
	if (have.approver.len && !hub_actor_same(&approver, have.author, have.author_account))
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

int hub_approvable_by_names(struct hub_db *db, const struct hub_approvable *v, int *yes,
			    struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct version have;
	const int rc = a ? find_version(a, db, v, &have, err) : hub_fail_mem(err);

	*yes = !rc && have.approver.len && (!have.author_account || !have.approver_account);
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

static int log_reason(struct hub_db *db, const struct hub_actor *who, const char *action,
		      struct hub_str reason, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf detail;

	hub_audit_begin(&detail);
	hub_json_field(&detail, "reason", reason);
	hub_actor_json(&detail, who);
	return hub_audit_end(db, who->name, action, HUB_STR("release"), &detail, err);
}

static int stop(struct hub_db *db, const struct hub_actor *who, struct hub_str reason,
		struct hub_err *err)
{
	const int rc = hub_db_run(db, err,
				  "INSERT INTO meta (name, value) VALUES ('release_stop', ?)"
				  " ON CONFLICT (name) DO NOTHING",
				  "t", who->name);

	return rc ? rc : log_reason(db, who, "release-stop", reason, err);
}

int hub_release_stop(struct hub_db *db, const struct hub_actor *who, struct hub_str reason,
		     struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, stop(db, who, reason, err), err);
}

static int resume(struct hub_db *db, const struct hub_actor *who, struct hub_str reason,
		  struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct hub_str first;
	int rc = a ? stopped_by(a, db, &first, err) : hub_fail_mem(err);

	if (rc || !first.ptr || (rc = hub_actor_reopens(db, who, first, err)))
		return rc;
	rc = hub_db_run(db, err, "DELETE FROM meta WHERE name = 'release_stop'", "");
	if (!rc)
		rc = log_reason(db, who, "release-resume", reason, err);
	return rc ? rc : hub_audit_clock_right(db, err);
}

int hub_release_resume(struct hub_db *db, const struct hub_actor *who, struct hub_str reason,
		       struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, resume(db, who, reason, err), err);
}

int hub_release_may_run(struct hub_db *db, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct hub_str who;
	int rc = a ? stopped_by(a, db, &who, err) : hub_fail_mem(err);

	if (rc || !who.ptr)
		return rc ? rc : hub_audit_clock(db, err);
	rc = hub_fail(err, HUB_REFUSED, "releases-stopped", "all releases are stopped");
	hub_hint(err,
		 "Somebody other than who stopped them: tsunagi release resume --reason TEXT.");
	return rc;
}
