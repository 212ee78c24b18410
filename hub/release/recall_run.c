/* Recalls of what a source withdrew: the same tasks as of a withdrawal recorded here (consent_record.c). */
#include "release/recall.h"

#include "base/clock.h"
#include "release/statement.h"

struct withdrawn {
	int64_t person;
	struct hub_str recipient, category, purpose, day;
};

/* Those that the run brought or changed. */
static int read_withdrawn(struct hub_arena *a, struct hub_db *db, int64_t run,
			  struct withdrawn **out, size_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = 0;
	int rc = hub_db_query(
	    db, &q, err,
	    "SELECT c.person_id, c.recipient, c.category, c.purpose,"
	    " coalesce(c.withdrawn_on, c.valid_from, '') FROM record r JOIN cc_consent c ON"
	    " c.record_id = r.id WHERE r.run_id = ? AND r.state = 0 AND c.person_id IS NOT NULL"
	    " AND (c.consent_status = 'withdrawn' OR c.withdrawn_on IS NOT NULL)",
	    "i", run);

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct withdrawn *more = hub_alloc_more(a, *out, *n, &cap, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		*out = more;
		(*out)[*n] =
		    (struct withdrawn){hub_db_int(q, 0), hub_db_dup(a, q, 1), hub_db_dup(a, q, 2),
				       hub_db_dup(a, q, 3), hub_db_dup(a, q, 4)};
		if (!(*out)[*n].recipient.ptr || !(*out)[(*n)++].day.ptr)
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* A day that is not a full one: today. */
static struct hub_str day_of(const struct withdrawn *w, char text[40])
{
	int64_t y;
	unsigned m, d;

	if (w->day.len == 10)
		return w->day;
	hub_days_to((hub_now() + 9 * 3600) / 86400, &y, &m, &d);
	snprintf(text, 40, "%04d-%02u-%02u", (int)y, m, d);
	return hub_str_of(text);
}

static struct hub_str any(struct hub_str s)
{
	return s.len ? s : HUB_STR("*");
}

/* Once for each withdrawal: a record that changes otherwise brings it again. */
static int make_once(struct hub_db *db, const struct hub_recall_scope *scope, int64_t *n,
		     struct hub_err *err)
{
	int64_t before = 0, made = 0;
	int rc = hub_db_one(
	    db, &before, err,
	    "SELECT count(*) FROM recall c JOIN run u ON u.id = c.run_id WHERE"
	    " u.undone_by IS NULL AND c.person_id = ? AND c.purpose = ? AND c.due = ?"
	    " AND (? = '*' OR c.recipient = ?)",
	    "itttt", scope->person, scope->purpose, scope->due, scope->recipient, scope->recipient);

	if (rc || before)
		return rc;
	rc = hub_recall_make(db, scope, &made, err);
	*n += made;
	return rc;
}

static int make_all(struct hub_arena *a, struct hub_db *db, int64_t run, int64_t *n,
		    struct hub_err *err)
{
	struct hub_meant *meant = hub_meant_new(a, db);
	struct withdrawn *list = NULL;
	size_t count = 0;
	char text[40];
	int rc = meant ? read_withdrawn(a, db, run, &list, &count, err) : hub_fail_mem(err);

	for (size_t i = 0; !rc && i < count; i++) {
		const struct hub_str *ids;
		size_t k = 0, to = 0;
		rc = list[i].recipient.len ? hub_meant_ids(meant, list[i].recipient, &ids, &to, err)
					   : hub_meant_ids(meant, HUB_STR("*"), &ids, &to, err);
		for (; !rc && k < to; k++) {
			const struct hub_recall_scope scope = {.person = list[i].person,
							       .run = run,
							       .recipient = ids[k],
							       .category = any(list[i].category),
							       .purpose = any(list[i].purpose),
							       .due = day_of(&list[i], text)};
			rc = make_once(db, &scope, n, err);
		}
	}
	return rc;
}

int hub_recalls_of_run(struct hub_db *db, int64_t run, int64_t *n, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(256 << 20);
	int rc = a ? db->ops->begin(db, 1, err) : hub_fail_mem(err);

	*n = 0;
	return rc ? rc : hub_db_end(db, make_all(a, db, run, n, err), err);
}
