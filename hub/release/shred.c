#include "release/shred.h"

#include "base/err.h"
#include "release/audit.h"
#include "release/blob.h"
#include "store/db.h"

#include <stdio.h>

#define ASKED "attach-destroy-asked"

/* What there is to lose. */
static int look(struct hub_store *s, struct hub_shred *x, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s);
	int64_t there = 0;
	int rc = hub_db_one(db, &there, err,
			    "SELECT CASE WHEN wrapped IS NULL THEN 2 ELSE 1 END FROM case_key"
			    " WHERE case_id = ?",
			    "i", x->case_id);

	if (rc == HUB_END)
		return hub_fail(err, HUB_USAGE, "no-key",
				"nothing was ever attached to this case: it has no key");
	if (rc)
		return rc;
	if (there == 2)
		return hub_fail(err, HUB_REFUSED, "key-destroyed",
				"the case was disposed of: the key of its attachments is gone");
	if ((rc = hub_db_one(db, &x->files, err, "SELECT count(*) FROM blob WHERE case_id = ?", "i",
			     x->case_id)))
		return rc;
	return hub_db_one(db, &x->bytes, err,
			  "SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM blob"
			  " WHERE case_id = ?",
			  "i", x->case_id);
}

/* Was just this asked for by somebody else, and nothing attached since? */
static int is_confirmed(struct hub_db *db, const struct hub_shred *x, struct hub_str object,
			struct hub_str seen, int *yes, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT action, actor, coalesce(detail, '') FROM audit"
			      " WHERE object = ? AND action IN ('" ASKED
			      "', 'attach', 'attach-destroyed') ORDER BY seq DESC LIMIT 1",
			      "t", object);

	*yes = 0;
	if (rc || (rc = hub_db_next(q, err)))
		return rc == HUB_END ? HUB_OK : rc;
	*yes = hub_str_is(hub_db_str(q, 0), ASKED) && !hub_str_eq(hub_db_str(q, 1), x->actor) &&
	       hub_str_starts(hub_db_str(q, 2), seen);
	return HUB_OK;
}

static int destroy(struct hub_db *db, int64_t case_id, struct hub_err *err)
{
	static const char *const sql[] = {
	    "UPDATE case_key SET wrapped = NULL WHERE case_id = ?",
	    "DELETE FROM blob_piece WHERE blob_id IN (SELECT id FROM blob WHERE case_id = ?)",
	    "DELETE FROM blob WHERE case_id = ?"};
	int rc = HUB_OK;

	for (size_t i = 0; i < HUB_COUNT(sql) && !rc; i++)
		rc = hub_db_run(db, err, sql[i], "i", case_id);
	return rc;
}

static int ask_or_destroy(struct hub_store *s, struct hub_shred *x, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf d;
	struct hub_db *db = hub_store_db(s);
	char object[40], seen[96];
	int rc;

	hub_buf_init(&d, 1 << 16);
	snprintf(object, sizeof object, "case %lld", (long long)x->case_id);
	if ((rc = look(s, x, err)) || x->dry)
		return rc;
	const int n = snprintf(seen, sizeof seen, "{\"files\":%lld,\"bytes\":%lld",
			       (long long)x->files, (long long)x->bytes);
	const struct hub_str prefix = {seen, (size_t)n};
	if ((rc = is_confirmed(db, x, hub_str_of(object), prefix, &x->done, err)))
		return rc;
	hub_buf_str(&d, prefix);
	hub_json_field(&d, "reason", x->reason);
	hub_buf_putc(&d, '}');
	if (!hub_buf_ok(&d))
		return hub_fail_mem(err);
	if (x->done && (rc = destroy(db, x->case_id, err)))
		return rc;
	return hub_audit_add(db, x->actor, x->done ? "attach-destroyed" : ASKED, hub_str_of(object),
			     hub_buf_text(&d), err);
}

int hub_shred_case(struct hub_store *s, struct hub_shred *x, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s);
	int rc;

	if (!x->dry && !x->reason.len) {
		rc = hub_fail(err, HUB_USAGE, "reason-missing", "destroying wants a reason");
		hub_hint(err, "--reason \"retention period over\"");
		return rc;
	}
	if ((rc = hub_blob_lock(s, x->case_id, err)))
		return rc;
	if (!(rc = hub_db_begin(db, err)))
		rc = hub_db_end(db, ask_or_destroy(s, x, err), err);
	if (!rc && x->done)
		rc = db->ops->sync(db, err);
	hub_blob_unlock(s, x->case_id);
	return rc;
}
