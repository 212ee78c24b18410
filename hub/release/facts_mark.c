#include "release/facts_mark.h"

#include "base/clock.h"

#include <sys/stat.h>

enum { DAY = 86400 };

/* Rows of these tables are ended, never deleted, and once: counting says whether one was. What the store's own
 * runs and links change is the counter's (store/store.h). */
static const char sql[] =
    "SELECT coalesce((SELECT value FROM counter WHERE name = 'facts'), 0),"
    " (SELECT coalesce(max(id), 0) FROM run),"
    " (SELECT coalesce(max(id), 0) FROM consent_entry),"
    " (SELECT count(*) FROM protection_act), (SELECT count(second_at) FROM protection_act),"
    " (SELECT count(ended_at) FROM protection_act),"
    " (SELECT count(*) FROM bar), (SELECT count(ended_at) FROM bar),"
    " (SELECT count(confirmed_at) FROM emergency), (SELECT count(ended_at) FROM emergency),"
    " (SELECT count(approved_at) FROM approval), (SELECT count(ended_at) FROM approval),"
    " (SELECT count(*) FROM meta WHERE name = 'protection_default' AND value = 'clear'),"
    " CASE WHEN EXISTS (SELECT 1 FROM correction WHERE ended_at IS NULL) THEN 1 ELSE 0 END";

int hub_facts_mark(struct hub_db *db, const char *keys, struct hub_facts_mark *out,
		   struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct stat st;
	int rc = hub_db_query(db, &q, err, sql, "");

	*out = (struct hub_facts_mark){0};
	if (rc || (rc = hub_db_next(q, err)))
		return rc;
	for (uint32_t i = 0; i < HUB_FACTS_MARKS - 2; i++)
		out->number[i] = hub_db_int(q, i);
	if (stat(keys, &st) == 0) {
		out->number[HUB_FACTS_MARKS - 2] =
		    (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
		out->number[HUB_FACTS_MARKS - 1] = (int64_t)st.st_size;
	}
	return HUB_OK;
}

int hub_facts_until(struct hub_db *db, int32_t feed_days, int64_t *until, struct hub_err *err)
{
	const int64_t now = hub_now(), fresh = (int64_t)feed_days * DAY;
	int64_t ends = 0, feed = 0;
	int rc = hub_db_one(db, &ends, err,
			    "SELECT coalesce(min(until), 0) FROM emergency WHERE until > ?"
			    " AND confirmed_at IS NOT NULL AND ended_at IS NULL",
			    "i", now);

	if (rc || (rc = hub_db_one(db, &feed, err,
				   "SELECT coalesce(min(f.ended), 0) FROM (SELECT max(ended_at) AS"
				   " ended FROM run WHERE lookup = 1 AND state = 2 AND undone_by"
				   " IS NULL GROUP BY feed_id HAVING max(ended_at) >= ?) f",
				   "i", now - fresh)))
		return rc;
	*until = hub_day_start(hub_day_at(now) + 1);
	if (ends && ends < *until)
		*until = ends;
	if (feed && feed + fresh + 1 < *until)
		*until = feed + fresh + 1;
	return HUB_OK;
}
