#include "release/recall.h"

#include "base/buf.h"
#include "base/clock.h"
#include "release/audit.h"

/* same: rows of cc_person that are this person (two placeholders), or were, before a run was taken back, and since when that
 * is known; item: receipts that show something of it to a recipient, of releases that were completed, or begun over a
 * network; classes: bits, all of them in receipts from before they were kept (ANY). */
#define ANY "126"
enum { ALL_CLASSES = 126 }; /* 1 << HUB_C_IDENTIFIER up to HUB_C_OPERATIONAL */

#define WITH_ITEMS                                                                           \
	"WITH RECURSIVE tie AS MATERIALIZED (SELECT l.a, l.b, l.at FROM person_identity x"   \
	" JOIN person_identity y ON y.identity = x.identity JOIN person_link l"              \
	" ON l.b = y.person_id AND l.state = 1 WHERE x.person_id = ?),"                      \
	" path AS (SELECT CAST(? AS BIGINT) AS id, CAST(0 AS BIGINT) AS at"                  \
	" UNION SELECT CASE WHEN l.a = h.id THEN l.b ELSE l.a END,"                          \
	" CASE WHEN l.at > h.at THEN l.at ELSE h.at END FROM path h JOIN tie l"              \
	" ON l.a = h.id OR l.b = h.id),"                                                     \
	" here AS (SELECT id, min(at) AS at FROM path GROUP BY id), same AS (SELECT id, at"  \
	" FROM here UNION SELECT g.row_id, h.at FROM here h JOIN cc_person p ON p.id = h.id" \
	" JOIN gone_person g ON g.system_id = p.system_id AND g.key = p.key),"               \
	" receipt AS (SELECT release_id, entity, row_id, person_id, coalesce(classes, " ANY  \
	") AS classes FROM release_item WHERE person_id IN (SELECT id FROM same)"            \
	" AND (classes <> 0 OR (classes IS NULL AND decision NOT LIKE 'open 0 %'))"          \
	" UNION ALL SELECT release_id, entity, row_id, person_id, coalesce(classes, " ANY    \
	") FROM release_other WHERE person_id IN (SELECT id FROM same)),"                    \
	" item AS (SELECT r.id AS release_id, r.at, r.recipient, r.purpose, "                \
	"coalesce(r.key_number, 1)"                                                          \
	" AS key_number, i.entity, i.row_id, i.person_id, i.classes"                         \
	" FROM receipt i JOIN release r ON r.id = i.release_id WHERE r.state = 2"            \
	" OR r.id IN (SELECT CAST(substr(object, 9) AS BIGINT) FROM audit"                   \
	" WHERE action IN ('release-begun', 'release')))"

/* Bit of a category; 0 of one that is no privacy class: nothing was given under it. */
static int64_t bits_of(struct hub_str category)
{
	if (hub_str_is(category, "*"))
		return ALL_CLASSES;
	for (int c = HUB_C_IDENTIFIER; c <= HUB_C_OPERATIONAL; c++)
		if (hub_str_is(category, hub_fclass_name((enum hub_fclass)c)))
			return 1 << c;
	return 0;
}

#define BITS                                                                                   \
	"(SELECT 2 AS bit UNION ALL SELECT 4 UNION ALL SELECT 8 UNION ALL SELECT 16 UNION ALL" \
	" SELECT 32 UNION ALL SELECT 64) b"

/* Task e is about item i: that both are one person was known when it was made, or it waits. */
#define IS_OF                                                                         \
	" (e.state = 1 OR e.person_id = i.person_id OR e.made_at >= (SELECT max(at) " \
	"FROM same WHERE id IN (e.person_id, i.person_id)))"

/* i: an item of the classes given that no earlier task asks for; it is due by then. */
#define NOT_ASKED                                                                             \
	" EXISTS (SELECT 1 FROM " BITS " WHERE (i.classes & CAST(? AS BIGINT) & b.bit) <> 0"  \
	" AND NOT EXISTS (SELECT 1 FROM recall e JOIN run v ON v.id = e.run_id"               \
	" WHERE v.undone_by IS NULL AND e.recipient = i.recipient AND i.release_id <= e.upto" \
	" AND e.due <= ? AND (e.purpose = '*' OR e.purpose = i.purpose)"                      \
	" AND (coalesce(e.classes, " ANY ") & b.bit) <> 0"                                    \
	" AND e.person_id IN (SELECT id FROM same) AND" IS_OF "))"

/* What began to leave after the run ended was decided with what it brought. */
#define UNTIL \
	"coalesce(u.ended_at, (SELECT max(c.at) FROM chunk c WHERE c.run_id = u.id), u.begun_at)"

/* The same person has agreed since: what somebody says of one row counts for the others as well. */
#define AGREED                                                                              \
	" EXISTS (SELECT 1 FROM consent_entry g JOIN run v ON v.id = g.run_id WHERE"        \
	" v.undone_by IS NULL AND g.status = 'given' AND g.person_id IN (SELECT id FROM"    \
	" same) AND g.recipient IN ('*', i.recipient) AND g.purpose IN ('*', ?) AND"        \
	" g.category IN ('*', ?) AND (g.valid_from > ? OR (g.valid_from = ? AND g.run_id >" \
	" u.id))) OR EXISTS (SELECT 1 FROM cc_consent g JOIN record h ON h.id ="            \
	" g.record_id WHERE h.state = 0 AND g.consent_status = 'given' AND g.withdrawn_on"  \
	" IS NULL AND g.person_id IN (SELECT id FROM same) AND g.recipient IN ('*',"        \
	" i.recipient) AND coalesce(g.purpose, '*') IN ('*', ?) AND coalesce(g.category,"   \
	" '*') IN ('*', ?) AND g.valid_from > ?)"

int hub_recall_make(struct hub_db *db, const struct hub_recall_scope *s, int64_t *n,
		    struct hub_err *err)
{
	const int64_t bits = bits_of(s->category);
	const int rc = hub_db_run(
	    db, err,
	    WITH_ITEMS
	    " INSERT INTO recall (id, recipient, person_id, run_id, purpose, upto, due, made_at,"
	    " state, classes) SELECT " HUB_NEXT_ID(
		"recall") " - 1 + row_number() OVER (ORDER BY i.recipient), i.recipient, p.id, "
			  "u.id, ?, max(i.release_id), ?, ?, 1, ?"
			  " FROM item i"
			  " JOIN cc_person p ON p.id = ? JOIN run u ON u.id = ?"
			  " WHERE (? = '*' OR i.recipient = ?) AND (? = '*' OR i.purpose = ?)"
			  " AND (i.at <= " UNTIL
			  " OR i.at <= (SELECT min(at) FROM same WHERE id = i.person_id))"
			  " AND (? = 0 OR NOT (" AGREED ")) AND" NOT_ASKED
			  " GROUP BY i.recipient, p.id, u.id",
	    "iittiiiittttitttttttit", s->person, s->person, s->purpose, s->due, hub_now(), bits,
	    s->person, s->run, s->recipient, s->recipient, s->purpose, s->purpose,
	    (int64_t)s->linked, s->purpose, s->category, s->due, s->due, s->purpose, s->category,
	    s->due, bits, s->due);

	*n = rc ? 0 : db->ops->changes(db);
	return rc;
}

/* Which receipts a task (c) is about: those with a class of it that no earlier task of the same person has settled. */
#define CONCERNS                                                                              \
	" FROM recall c JOIN item i ON i.recipient = c.recipient AND i.release_id <= c.upto"  \
	" AND (c.purpose = '*' OR i.purpose = c.purpose) WHERE c.id = ? AND EXISTS (SELECT 1" \
	" FROM " BITS " WHERE (i.classes & coalesce(c.classes, " ANY                          \
	") & b.bit) <> 0 AND NOT EXISTS (SELECT"                                              \
	" 1 FROM recall e WHERE e.recipient = c.recipient AND e.id < c.id AND e.state <> 1"   \
	" AND i.release_id <= e.upto AND (e.purpose = '*' OR e.purpose = i.purpose)"          \
	" AND (coalesce(e.classes, " ANY ") & b.bit) <> 0"                                    \
	" AND e.person_id IN (SELECT id FROM same) AND" IS_OF "))"

int hub_recall_rows(struct hub_db *db, const struct hub_recall *r, struct hub_query **q,
		    struct hub_err *err)
{
	return hub_db_query(db, q, err,
			    WITH_ITEMS " SELECT i.entity, i.row_id, i.person_id, i.key_number,"
				       " max(i.release_id)" CONCERNS
				       " GROUP BY i.entity, i.row_id, i.person_id, i.key_number"
				       " ORDER BY i.entity, i.row_id",
			    "iii", r->person, r->person, r->id);
}

static int count_rows(struct hub_db *db, struct hub_recall *r, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      WITH_ITEMS " SELECT count(*), coalesce(min(i.release_id), 0),"
					 " coalesce(max(i.release_id), 0)" CONCERNS,
			      "iii", r->person, r->person, r->id);

	if (rc || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	r->rows = hub_db_int(q, 0);
	r->first = hub_db_int(q, 1);
	r->last = hub_db_int(q, 2);
	return HUB_OK;
}

/* 0: any. */
static enum hub_fclass class_of(int64_t bits)
{
	for (int c = HUB_C_IDENTIFIER; c <= HUB_C_OPERATIONAL; c++)
		if (bits == 1 << c)
			return (enum hub_fclass)c;
	return 0;
}

static int take(struct hub_arena *a, struct hub_query *q, struct hub_recall *r)
{
	*r = (struct hub_recall){.id = hub_db_int(q, 0),
				 .recipient = hub_db_dup(a, q, 1),
				 .person = hub_db_int(q, 2),
				 .run = hub_db_int(q, 3),
				 .purpose = hub_db_dup(a, q, 4),
				 .due = hub_db_dup(a, q, 5),
				 .state = (int)hub_db_int(q, 6),
				 .sent_with = hub_db_int(q, 7),
				 .ended_at = hub_db_int(q, 8),
				 .ended_by = hub_db_dup(a, q, 9),
				 .note = hub_db_dup(a, q, 10),
				 .category = class_of(hub_db_int(q, 11))};
	return r->recipient.ptr && r->purpose.ptr && r->due.ptr ? 0 : -1;
}

int hub_recalls_list(struct hub_arena *a, struct hub_db *db, struct hub_str recipient, int open,
		     struct hub_recall **out, uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = 0;
	int rc =
	    hub_db_query(db, &q, err,
			 "SELECT c.id, c.recipient, c.person_id, c.run_id, c.purpose, c.due,"
			 " c.state, c.sent_with, c.ended_at, c.ended_by, c.note,"
			 " coalesce(c.classes, 0)"
			 " FROM recall c JOIN run u ON u.id = c.run_id WHERE u.undone_by IS NULL"
			 " AND (? = '' OR c.recipient = ?) AND (? = 0 OR c.state = 1)"
			 " ORDER BY c.id",
			 "tti", recipient, recipient, (int64_t)open);

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		*out = hub_alloc_more(a, *out, *n, &cap, sizeof **out);
		if (!*out || take(a, q, &(*out)[(*n)++]))
			return hub_fail_mem(err);
	}
	rc = rc == HUB_END ? HUB_OK : rc;
	for (uint32_t i = 0; i < *n && !rc; i++)
		rc = count_rows(db, &(*out)[i], err);
	return rc;
}

int hub_recall_sent(struct hub_db *db, int64_t id, int64_t release, struct hub_err *err)
{
	return hub_db_run(db, err,
			  "UPDATE recall SET state = 2, sent_with = ? WHERE id = ? AND state = 1",
			  "ii", release, id);
}

static int settle(struct hub_db *db, int64_t id, struct hub_str actor, struct hub_str note,
		  struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	char object[32];

	hub_audit_begin(&b);
	int rc = hub_db_run(db, err,
			    "UPDATE recall SET state = 3, ended_at = ?, ended_by = ?, note = ?"
			    " WHERE id = ? AND state <> 3",
			    "itti", hub_now(), actor, note, id);

	if (rc)
		return rc;
	if (db->ops->changes(db) == 0) {
		rc = hub_fail(err, HUB_USAGE, "no-such-recall", "there is no open recall %lld",
			      (long long)id);
		hub_hint(err, "`tsunagi release recalls` lists them.");
		return rc;
	}
	hub_json_field(&b, "reason", note);
	snprintf(object, sizeof object, "recall %lld", (long long)id);
	return hub_audit_end(db, actor, "recall-done", hub_str_of(object), &b, err);
}

int hub_recall_done(struct hub_db *db, int64_t id, struct hub_str actor, struct hub_str note,
		    struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, settle(db, id, actor, note, err), err);
}
