/* Tasks that an event of the resident registry raises. They say what happened to whom, and name nobody. */
#include "store/resident_in.h"

#include "base/clock.h"
#include "store/writer.h"

#include <stdio.h>

/* Cases that are not closed, of the person and of those who live or lived in one household with it. */
static const char cases_sql[] =
    "WITH mine(id) AS (SELECT id FROM cc_person WHERE id = ? UNION SELECT o.person_id"
    "  FROM person_identity m JOIN person_identity o ON o.identity = m.identity"
    "  WHERE m.person_id = ?),"
    " homes(id) AS (SELECT household_id FROM cc_person WHERE id IN (SELECT id FROM mine)"
    "  UNION SELECT household_id FROM former WHERE person_id IN (SELECT id FROM mine)),"
    " mates(id) AS (SELECT id FROM cc_person WHERE household_id IN (SELECT id FROM homes)),"
    " people(id) AS (SELECT id FROM mates UNION SELECT o.person_id FROM mates"
    "  JOIN person_identity m ON m.person_id = mates.id"
    "  JOIN person_identity o ON o.identity = m.identity UNION SELECT id FROM mine)"
    " SELECT c.id, c.person_id, CASE WHEN c.person_id IN (SELECT id FROM mine) THEN 1 ELSE 0 END"
    " FROM cc_case c WHERE c.person_id IN (SELECT id FROM people)"
    " AND coalesce(c.case_state, '') <> 'closed' ORDER BY c.id";

static int is_protected(struct hub_residents *t, int64_t person, int *out)
{
	int64_t n = 0;
	const int rc =
	    hub_db_one(t->db, &n, t->err,
		       "SELECT count(*) FROM cc_protection WHERE protection_state = 'protected' AND"
		       " (person_id = ? OR person_id IN (SELECT o.person_id FROM person_identity m"
		       " JOIN person_identity o ON o.identity = m.identity WHERE m.person_id = ?))",
		       "ii", person, person);

	*out = n > 0;
	return rc;
}

/* 本人, or what the person is to the client, if one of the client's rows lives in the same household. */
static int relation_to(struct hub_residents *t, int64_t client, int64_t person, struct hub_str *out)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(t->db, &q, t->err,
			      "SELECT id FROM cc_person WHERE id = ? UNION SELECT o.person_id"
			      " FROM person_identity m JOIN person_identity o"
			      " ON o.identity = m.identity WHERE m.person_id = ?",
			      "ii", client, client);

	*out = HUB_STR("世帯員");
	while (!rc && (rc = hub_db_next(q, t->err)) == HUB_OK) {
		struct hub_housemate *mate;
		uint32_t n;
		if ((rc = hub_housemates(t->one, t->db, hub_db_int(q, 0), &mate, &n, t->err)))
			return rc;
		for (uint32_t i = 0; i < n; i++)
			if (mate[i].person == person && mate[i].word.len)
				*out = mate[i].word;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int task_feed(struct hub_residents *t)
{
	int rc;

	if (t->feed)
		return HUB_OK;
	if ((rc = hub_feed_make(t->db, HUB_STR("resident-events"), HUB_STR("tsunagi"), t->err)))
		return rc;
	return hub_db_one(t->db, &t->feed, t->err,
			  "SELECT id FROM feed WHERE name = 'resident-events'", "");
}

/* A task hangs on a record of its own, like everything that is in the store. */
static int insert_task(struct hub_residents *t, int64_t event, int64_t for_case,
		       struct hub_str title)
{
	const struct hub_hash h = hub_hash128(title, (struct hub_hash){0, 0});
	const struct hub_str hash = {(const char *)&h, sizeof h};
	char day[11], key[64];
	int64_t id;
	int rc;

	hub_day_text(hub_today(), day);
	snprintf(key, sizeof key, "%lld/%lld", (long long)event, (long long)for_case);
	if ((rc = hub_db_one(t->db, &id, t->err, "SELECT value FROM counter WHERE name = 'record'",
			     "")) ||
	    (rc = hub_db_run(t->db, t->err,
			     "UPDATE counter SET value = value + 1 WHERE name = 'record'", "")) ||
	    (rc = hub_db_run(t->db, t->err,
			     "INSERT INTO record (id, feed_id, key, hash, run_id, row, line, byte,"
			     " state) VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0)",
			     "iizbi", id, t->feed, key, hash, t->run)))
		return rc;
	return hub_db_run(t->db, t->err,
			  "INSERT INTO cc_task (id, record_id, case_id, task_kind, task_title,"
			  " due_on, task_state) VALUES (?, ?, ?, 'review', ?, ?, 'open')",
			  "iiitz", id * HUB_ROWS_PER_RECORD, id, for_case, title, day);
}

static int raise_task(struct hub_residents *t, const struct hub_happened *e, int64_t for_case,
		      int64_t client, int self)
{
	struct hub_str who = HUB_STR("本人");
	int hidden = 0;
	int rc = self ? HUB_OK : relation_to(t, client, e->person, &who);

	if (!rc)
		rc = is_protected(t, e->person, &hidden);
	if (rc)
		return rc;
	const struct hub_str title = hub_arena_printf(
	    t->one, "住民異動: %s%s（%.*s）%.*s。%s%s", e->kind->word,
	    e->reverses ? "の取消し" : "", HUB_FMT(who), HUB_FMT(e->on),
	    e->reverses ? "前の異動は誤りまたは取消し。見直したことを戻すか確かめる"
	    : self ? e->kind->self
		   : e->kind->other,
	    hidden ? "。表示制限中: 新しい住所・世帯も提供されない" : "");
	return title.ptr ? insert_task(t, e->id, for_case, title) : hub_fail_mem(t->err);
}

int hub_resident_tasks(struct hub_residents *t, const struct hub_happened *e)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = task_feed(t);

	if (!rc)
		rc = hub_db_query(t->db, &q, t->err, cases_sql, "ii", e->person, e->person);
	while (!rc && (rc = hub_db_next(q, t->err)) == HUB_OK)
		rc = raise_task(t, e, hub_db_int(q, 0), hub_db_int(q, 1), (int)hub_db_int(q, 2));
	return rc == HUB_END ? HUB_OK : rc;
}
