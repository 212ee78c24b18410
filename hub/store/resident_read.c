/* The events of the resident registry for people who deal with them. */
#include "store/resident_in.h"

#include "base/clock.h"

/* The keys of an event's tasks begin with its id and '/', which '0' comes next to (insert_task). */
int hub_residents_list(struct hub_store *s, int open, struct hub_query **q, struct hub_err *err)
{
	return hub_db_query(
	    hub_store_db(s), q, err,
	    "SELECT e.id, e.run_id, e.person_id, e.kind, e.happened_on, e.reverses,"
	    " e.reversed_by, e.done_at, e.done_by, (SELECT count(*) FROM record r"
	    " JOIN feed f ON f.id = r.feed_id WHERE f.name = 'resident-events'"
	    " AND r.key > CAST(e.id AS TEXT) || '/' AND r.key < CAST(e.id AS TEXT)"
	    " || '0') FROM resident_event e WHERE e.done_at IS NULL OR ? = 0 ORDER BY e.id",
	    "i", (int64_t)open);
}

int hub_resident_read(struct hub_query *q, struct hub_resident_event *out, struct hub_err *err)
{
	const int rc = hub_db_next(q, err);

	if (rc)
		return rc;
	*out = (struct hub_resident_event){.id = hub_db_int(q, 0),
					   .run = hub_db_int(q, 1),
					   .person = hub_db_int(q, 2),
					   .kind = hub_db_str(q, 3),
					   .happened_on = hub_db_str(q, 4),
					   .reverses = hub_db_int(q, 5),
					   .reversed_by = hub_db_int(q, 6),
					   .done_at = hub_db_int(q, 7),
					   .done_by = hub_db_str(q, 8),
					   .cases = hub_db_int(q, 9)};
	return HUB_OK;
}

int hub_resident_done(struct hub_store *s, int64_t event, struct hub_str actor, struct hub_str note,
		      struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s);
	int64_t n = 0;
	int rc = hub_db_one(db, &n, err,
			    "SELECT count(*) FROM resident_event WHERE id = ? AND done_at IS NULL",
			    "i", event);

	if (rc)
		return rc;
	if (n == 0) {
		rc = hub_fail(err, HUB_USAGE, "no-event", "there is no open event %lld",
			      (long long)event);
		hub_hint(err, "`tsunagi resident` lists the open ones.");
		return rc;
	}
	return hub_db_run(
	    db, err, "UPDATE resident_event SET done_at = ?, done_by = ?, note = ? WHERE id = ?",
	    "itti", hub_now(), actor, note.len ? note : (struct hub_str){NULL, 0}, event);
}
