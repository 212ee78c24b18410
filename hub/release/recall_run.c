/* Recalls of what a source withdrew, or anybody of whom more rows are known now: the same tasks as of a withdrawal recorded here (consent_record.c). A withdrawal counts from
 * the commit of its chunk on; its tasks come when the run has ended, or when the next run or release finds that nobody has made
 * them. */
#include "release/recall.h"

#include "base/clock.h"
#include "release/statement.h"

enum { PAGE = 1 << 14 }; /* rows that are held at once */

struct withdrawn {
	int64_t id, person, run;
	int refused; /* and not taken back */
	int linked;  /* read for the sake of a link */
	struct hub_str recipient, category, purpose, day;
};

/* A run that may go on, or comes after such a one, is done for as many chunks as this says. */
#define OF_RUN "'recalls_run_' || u.id"
#define CHUNKS "(SELECT CAST(count(*) AS TEXT) FROM chunk k WHERE k.run_id = u.id)"
#define DONE   "SELECT u.id FROM run u JOIN meta m ON m.name = " OF_RUN " AND m.value = " CHUNKS

/* Something left about the person, or about the same one under another row. A first file says no of half of all: nothing has. */
#define HAS_LEFT                                                                                 \
	"EXISTS (SELECT 1 FROM release) AND (EXISTS (SELECT 1 FROM release_item i WHERE"         \
	" i.person_id IN (" SAME ")) OR EXISTS (SELECT 1 FROM release_other i WHERE i.person_id" \
	" IN (" SAME ")))"
#define SAME                                                                            \
	"SELECT c.person_id UNION SELECT y.person_id FROM person_identity x JOIN"       \
	" person_identity y ON y.identity = x.identity WHERE x.person_id = c.person_id" \
	" UNION SELECT g.row_id FROM cc_person p JOIN gone_person g ON g.system_id ="   \
	" p.system_id AND g.key = p.key WHERE p.id = c.person_id"

/* A row that stayed as it was in a record that changed is no news. What was refused had been given before, or nothing has left. */
static const char news[] =
    "SELECT c.person_id, coalesce(c.recipient, ''), coalesce(c.category, ''),"
    " coalesce(c.purpose, ''), coalesce(c.withdrawn_on, c.valid_from, ''), u.id,"
    " CASE WHEN c.consent_status = 'refused' AND c.withdrawn_on IS NULL THEN 1 ELSE 0 END, c.id"
    " FROM cc_consent c JOIN record r ON r.id = c.record_id JOIN run u ON u.id = r.run_id"
    " WHERE (c.consent_status = 'withdrawn' OR c.withdrawn_on IS NOT NULL"
    " OR (c.consent_status = 'refused' AND " HAS_LEFT "))"
    " AND (u.id > ? OR u.id = ?) AND r.state = 0 AND c.person_id IS NOT NULL"
    " AND u.undone_by IS NULL AND u.id NOT IN (" DONE
    ") AND (EXISTS (SELECT 1 FROM history h WHERE h.entity = 'consent'"
    " AND h.row_id = c.id AND h.run_id = u.id) OR NOT EXISTS (SELECT 1 FROM history h WHERE"
    " h.entity = '' AND h.row_id = r.id AND h.run_id = u.id))"
    " AND (u.id > ? OR (u.id = ? AND c.id > ?)) ORDER BY u.id, c.id LIMIT ?";

/* Nos of people of whom a link since tells, also those recorded here (below 0). */
static const char linked[] =
    "SELECT c.person_id, c.recipient, c.category, c.purpose, c.due, c.run, c.refused, c.id"
    " FROM (SELECT c.id, c.person_id, coalesce(c.recipient, '') AS recipient,"
    " coalesce(c.category, '') AS category, coalesce(c.purpose, '') AS purpose,"
    " coalesce(c.withdrawn_on, c.valid_from, '') AS due, r.run_id AS run,"
    " CASE WHEN c.consent_status = 'refused' AND c.withdrawn_on IS NULL THEN 1 ELSE 0 END AS"
    " refused FROM cc_consent c JOIN record r ON r.id = c.record_id"
    " WHERE c.consent_status IN ('withdrawn', 'refused') OR c.withdrawn_on IS NOT NULL"
    " UNION ALL SELECT -id, person_id, recipient, category, purpose, valid_from, run_id, 0"
    " FROM consent_entry WHERE status = 'withdrawn') c JOIN run u ON u.id = c.run"
    " JOIN (SELECT DISTINCT y.person_id FROM person_link l JOIN person_identity x ON"
    " x.person_id = l.b JOIN person_identity y ON y.identity = x.identity"
    " WHERE l.state = 1 AND l.id > ?) n ON n.person_id = c.person_id"
    " WHERE u.undone_by IS NULL AND " HAS_LEFT " AND (c.run > ? OR (c.run = ? AND c.id > ?))"
    " ORDER BY c.run, c.id LIMIT ?";

/* What there is to read: what a run after `since`, or `run`, brought or changed; or all that links after `since` tell
 * (run -1). */
struct reading {
	int64_t since, run;
	struct withdrawn last;
};
enum { LINKED = -1 };

/* The next PAGE. */
static int read_withdrawn(struct hub_arena *a, struct hub_db *db, const struct reading *r,
			  struct withdrawn **out, size_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct withdrawn *last = &r->last;
	size_t cap = 0;
	int rc = r->run == LINKED ? hub_db_query(db, &q, err, linked, "iiiii", r->since, last->run,
						 last->run, last->id, (int64_t)PAGE)
				  : hub_db_query(db, &q, err, news, "iiiiii", r->since, r->run,
						 last->run, last->run, last->id, (int64_t)PAGE);

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct withdrawn *more = hub_alloc_more(a, *out, *n, &cap, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		*out = more;
		(*out)[*n] = (struct withdrawn){.person = hub_db_int(q, 0),
						.recipient = hub_db_dup(a, q, 1),
						.category = hub_db_dup(a, q, 2),
						.purpose = hub_db_dup(a, q, 3),
						.day = hub_db_dup(a, q, 4),
						.run = hub_db_int(q, 5),
						.refused = hub_db_int(q, 6) != 0,
						.linked = r->run == LINKED,
						.id = hub_db_int(q, 7)};
		if (hub_arena_failed(a))
			return hub_fail_mem(err);
		(*n)++;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* A day that is not a full one: today. */
static struct hub_str day_of(const struct withdrawn *w, char text[11])
{
	if (w->day.len == 10)
		return w->day;
	hub_day_text(hub_today(), text);
	return hub_str_of(text);
}

static struct hub_str any(struct hub_str s)
{
	return s.len ? s : HUB_STR("*");
}

static int make_one(struct hub_db *db, struct hub_meant *meant, const struct withdrawn *w,
		    struct hub_recalled *out, struct hub_err *err)
{
	const struct hub_str *ids;
	size_t to = 0;
	char text[40];
	int rc = hub_meant_ids(meant, any(w->recipient), &ids, &to, err);

	for (size_t k = 0; !rc && k < to; k++) {
		const struct hub_recall_scope scope = {.person = w->person,
						       .run = w->run,
						       .recipient = ids[k],
						       .category = any(w->category),
						       .purpose = any(w->purpose),
						       .due = day_of(w, text),
						       .linked = w->linked};
		int64_t made = 0;
		rc = hub_recall_make(db, &scope, &made, err);
		out->tasks += made;
	}
	out->unnamed += !rc && !to && !w->refused;
	return rc;
}

/* The last run up to which all have their tasks: none that may go on is among them. */
static const char marked[] =
    "SELECT coalesce((SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'recalls_upto'), 0)";
static const char settled[] =
    "SELECT coalesce((SELECT min(id) - 1 FROM run WHERE state IN (1, 3, 4) AND id > ?),"
    " (SELECT max(id) FROM run), 0)";

static int mark(struct hub_arena *a, struct hub_db *db, int64_t upto, struct hub_err *err)
{
	int rc = hub_db_run(db, err,
			    "INSERT INTO meta (name, value) VALUES ('recalls_upto', ?)"
			    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
			    "t", hub_arena_printf(a, "%lld", (long long)upto));

	if (!rc)
		rc = hub_db_run(
		    db, err, "DELETE FROM meta WHERE name LIKE 'recalls!_run!_%' ESCAPE '!'", "");
	return rc ? rc
		  : hub_db_run(db, err,
			       "INSERT INTO meta (name, value) SELECT " OF_RUN ", " CHUNKS
			       " FROM run u WHERE u.id > ? AND EXISTS (SELECT 1 FROM chunk k"
			       " WHERE k.run_id = u.id)",
			       "i", upto);
}

static int make_page(struct hub_db *db, struct hub_meant *meant, struct reading *r, size_t *count,
		     struct hub_recalled *out, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct withdrawn *list = NULL;
	int rc = a ? read_withdrawn(a, db, r, &list, count, err) : hub_fail_mem(err);

	for (size_t i = 0; !rc && i < *count; i++)
		rc = make_one(db, meant, &list[i], out, err);
	if (!rc && *count)
		r->last = list[*count - 1];
	return rc;
}

static int make_pages(struct hub_db *db, struct hub_meant *meant, struct reading r,
		      struct hub_recalled *out, struct hub_err *err)
{
	size_t count = PAGE;
	int rc = HUB_OK;

	while (!rc && count == PAGE)
		rc = make_page(db, meant, &r, &count, out, err);
	return rc;
}

static int make_all(struct hub_arena *a, struct hub_db *db, int64_t run, struct hub_recalled *out,
		    struct hub_err *err)
{
	struct hub_meant *meant = hub_meant_new(a, db);
	int64_t since = 0, upto = 0;
	int rc = meant ? hub_db_one(db, &since, err, marked, "") : hub_fail_mem(err);

	if (!rc)
		rc = hub_db_one(db, &upto, err, settled, "i", since);
	if (!rc)
		rc = make_pages(db, meant, (struct reading){.since = since, .run = run}, out, err);
	return rc ? rc : mark(a, db, upto, err);
}

/* --- links -------------------------------------------------------------------------------------- */

static const char known_links[] =
    "SELECT coalesce((SELECT CAST(value AS BIGINT) FROM meta WHERE name = 'recalls_links'), 0)";
static const char all_links[] = "SELECT coalesce(max(id), 0) FROM person_link";

static int make_linked(struct hub_arena *a, struct hub_db *db, struct hub_recalled *out,
		       struct hub_err *err)
{
	struct hub_meant *meant = hub_meant_new(a, db);
	struct reading r = {.run = LINKED};
	struct hub_recalled made = {0, 0}; /* unnamed ones were told when they were read */
	int64_t upto = 0;
	int rc = meant ? hub_db_one(db, &r.since, err, known_links, "") : hub_fail_mem(err);

	if (!rc)
		rc = hub_db_one(db, &upto, err, all_links, "");
	if (!rc)
		rc = make_pages(db, meant, r, &made, err);
	out->tasks += made.tasks;
	return rc ? rc
		  : hub_db_run(db, err,
			       "INSERT INTO meta (name, value) VALUES ('recalls_links', ?)"
			       " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
			       "t", hub_arena_printf(a, "%lld", (long long)upto));
}

static int catch_up_links(struct hub_arena *a, struct hub_db *db, struct hub_recalled *out,
			  struct hub_err *err)
{
	int64_t known = 0, all = 0;
	int rc = hub_db_one(db, &known, err, known_links, "");

	if (rc || (rc = hub_db_one(db, &all, err, all_links, "")) || all <= known ||
	    (rc = hub_db_begin(db, err)))
		return rc;
	return hub_db_end(db, make_linked(a, db, out, err), err);
}

int hub_recalls_catch_up(struct hub_db *db, int64_t run, struct hub_recalled *out,
			 struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(256 << 20);
	int64_t last = 0, since = 0;
	int rc = a ? hub_db_one(db, &since, err, marked, "") : hub_fail_mem(err);

	*out = (struct hub_recalled){0, 0};
	if (rc ||
	    (rc = hub_db_one(db, &last, err, "SELECT coalesce(max(run_id), 0) FROM chunk", "")))
		return rc;
	if (last > since || run) { /* somebody has read something since */
		if ((rc = hub_db_begin(db, err)) ||
		    (rc = hub_db_end(db, make_all(a, db, run, out, err), err)))
			return rc;
	}
	return catch_up_links(a, db, out, err);
}
