#include "release/site.h"

#include "base/clock.h"
#include "release/audit.h"
#include "release/people.h"

static int log_it(struct hub_db *db, const struct hub_actor *who, const char *action,
		  struct hub_str object, int64_t person, struct hub_str reason, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_audit_begin(&b);
	if (person)
		hub_json_int(&b, "person", person);
	hub_json_field(&b, "reason", reason.ptr ? reason : HUB_STR(""));
	hub_actor_json(&b, who);
	return hub_audit_end(db, who->name, action, object, &b, err);
}

static int bar(struct hub_db *db, struct hub_str recipient, int64_t person,
	       const struct hub_actor *who, struct hub_str reason, struct hub_err *err)
{
	const int rc = hub_db_run(db, err,
				  "INSERT INTO bar (recipient, person_id, actor, reason, at)"
				  " VALUES (?, nullif(?, 0), ?, ?, ?)",
				  "titti", recipient, person, who->name, reason, hub_now());

	return rc ? rc : log_it(db, who, "recipient-bar", recipient, person, reason, err);
}

int hub_site_bar(struct hub_db *db, struct hub_str recipient, int64_t person,
		 const struct hub_actor *who, struct hub_str reason, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, bar(db, recipient, person, who, reason, err), err);
}

static int unbar(struct hub_db *db, struct hub_str recipient, int64_t person,
		 const struct hub_actor *who, struct hub_str reason, struct hub_err *err)
{
	int64_t own = 0;
	int rc = hub_db_one(db, &own, err,
			    "SELECT count(*) FROM bar WHERE recipient = ? AND ended_at IS NULL"
			    " AND coalesce(person_id, 0) = ? AND actor = ?",
			    "tit", recipient, person, who->name);

	if (rc || (rc = hub_actor_reopens(db, who, own ? who->name : HUB_STR(""), err)))
		return rc;
	rc = hub_db_run(db, err,
			"UPDATE bar SET ended_at = ?, ended_by = ? WHERE recipient = ?"
			" AND coalesce(person_id, 0) = ? AND ended_at IS NULL",
			"itti", hub_now(), who->name, recipient, person);
	return rc ? rc : log_it(db, who, "recipient-unbar", recipient, person, reason, err);
}

int hub_site_unbar(struct hub_db *db, struct hub_str recipient, int64_t person,
		   const struct hub_actor *who, struct hub_str reason, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, unbar(db, recipient, person, who, reason, err), err);
}

/* --- people of whom no registry says anything ----------------------------------------------------------- */

static int put_meta(struct hub_db *db, const char *name, struct hub_str value, struct hub_err *err)
{
	return hub_db_run(db, err,
			  "INSERT INTO meta (name, value) VALUES (?, ?)"
			  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
			  "zt", name, value);
}

static int drop_wish(struct hub_db *db, struct hub_err *err)
{
	return hub_db_run(db, err, "DELETE FROM meta WHERE name = 'protection_default_wish'", "");
}

/* Who asked for it, as "ACCOUNT NAME". */
static int wish(struct hub_db *db, const struct hub_actor *who, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 4096);
	hub_buf_printf(&b, "%lld %.*s", (long long)who->account, HUB_FMT(who->name));
	return hub_buf_ok(&b) ? put_meta(db, "protection_default_wish", hub_buf_text(&b), err)
			      : hub_fail_mem(err);
}

/* Has somebody else asked for it, in a way that counts today? */
static int wished_by_other(struct hub_db *db, const struct hub_actor *who, int *yes,
			   struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT value FROM meta WHERE name = 'protection_default_wish'", "");

	*yes = 0;
	if (rc || (rc = hub_db_next(q, err)) < 0 || rc == HUB_END)
		return rc == HUB_END ? HUB_OK : rc;
	const struct hub_str text = hub_db_str(q, 0);
	const size_t blank = hub_str_find(text, HUB_STR(" "), 0);
	int64_t account = 0;
	if (blank == (size_t)-1 ||
	    hub_parse_i64(hub_str_cut(text, 0, blank), 0, INT64_MAX, &account))
		return HUB_OK;
	*yes = !hub_actor_same(who, hub_str_from(text, blank + 1), account) &&
	       (account || !who->account);
	return HUB_OK;
}

static int set_default(struct hub_db *db, enum hub_protection state, const struct hub_actor *who,
		       struct hub_str reason, int *pending, struct hub_err *err)
{
	const int clear = state == HUB_PROT_CLEAR;
	int other = 0, rc = HUB_OK;

	if (clear &&
	    ((rc = hub_actor_opens(db, who, err)) || (rc = wished_by_other(db, who, &other, err))))
		return rc;
	*pending = clear && !other;
	if (*pending) {
		rc = wish(db, who, err);
		return rc ? rc
			  : log_it(db, who, "protection-default-propose", HUB_STR("clear"), 0,
				   reason, err);
	}
	if ((rc = drop_wish(db, err)) ||
	    (rc = put_meta(db, "protection_default", clear ? HUB_STR("clear") : HUB_STR("unknown"),
			   err)))
		return rc;
	return log_it(db, who, "protection-default", clear ? HUB_STR("clear") : HUB_STR("unknown"),
		      0, reason, err);
}

int hub_site_default(struct hub_db *db, enum hub_protection state, const struct hub_actor *who,
		     struct hub_str reason, int *pending, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, set_default(db, state, who, reason, pending, err), err);
}

/* --- display restriction of one person ------------------------------------------------------------------ */

#define SAME_PERSON                                                                             \
	" IN (SELECT y.person_id FROM person_identity x JOIN person_identity y ON y.identity =" \
	" x.identity WHERE x.person_id = ? UNION SELECT p.id FROM cc_person p WHERE p.id = ?)"

static int end_acts(struct hub_db *db, const char *what, int64_t person,
		    const struct hub_actor *who, struct hub_err *err)
{
	return hub_db_run(db, err,
			  "UPDATE protection_act SET ended_at = ?, ended_by = ? WHERE what = ?"
			  " AND ended_at IS NULL AND person_id" SAME_PERSON,
			  "itzii", hub_now(), who->name, what, person, person);
}

static int add_act(struct hub_db *db, const char *what, int64_t person, const struct hub_actor *who,
		   struct hub_str reason, struct hub_err *err)
{
	return hub_db_run(db, err,
			  "INSERT INTO protection_act (person_id, what, reason, actor, at, account)"
			  " VALUES (?, ?, ?, ?, ?, nullif(?, 0))",
			  "izttii", person, what, reason, who->name, hub_now(), who->account);
}

static int protect(struct hub_db *db, int64_t person, const struct hub_actor *who,
		   struct hub_str reason, struct hub_err *err)
{
	int rc;

	if ((rc = end_acts(db, "clear", person, who, err)) ||
	    (rc = add_act(db, "protect", person, who, reason, err)))
		return rc;
	return log_it(db, who, "protection-protect", HUB_STR("person"), person, reason, err);
}

int hub_site_protect(struct hub_db *db, int64_t person, const struct hub_actor *who,
		     struct hub_str reason, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, protect(db, person, who, reason, err), err);
}

/* Of the run's rows of 支援措置, those that hold: the feed has not ended it, or two people have not said so. */
static const char held_by_run[] =
    "WITH said AS (SELECT x.person_id AS id, coalesce(x.deleted, 0) AS deleted FROM cc_protection x"
    " LEFT JOIN record r ON r.id = x.record_id WHERE coalesce(x.protection_state, '') <> 'clear'"
    " AND (r.run_id = ? OR x.id IN (SELECT row_id FROM history WHERE run_id = ? AND entity ="
    " 'protection'))), who AS (SELECT s.id, coalesce(i.identity, s.id) AS identity, s.deleted FROM"
    " said s LEFT JOIN person_identity i ON i.person_id = s.id WHERE s.id IS NOT NULL)"
    " SELECT DISTINCT coalesce(o.person_id, w.id) FROM who w LEFT JOIN person_identity o ON"
    " o.identity = w.identity WHERE w.deleted = 0 OR w.identity NOT IN (SELECT"
    " coalesce(i.identity, a.person_id) FROM protection_act a LEFT JOIN person_identity i ON"
    " i.person_id = a.person_id WHERE a.what = 'clear' AND a.second IS NOT NULL"
    " AND a.ended_at IS NULL)";

/* Rows of people that the run linked and that are there without it, but those of a registry, whose feed has its own word. */
static const char linked_by_run[] =
    "SELECT DISTINCT p.id FROM person_link l JOIN cc_person p ON p.id IN (l.a, l.b) JOIN record r"
    " ON r.id = p.record_id JOIN run u ON u.id = r.run_id WHERE l.run_id = ? AND l.state = 1"
    " AND u.lookup = 0 AND (r.run_id <> ? OR EXISTS (SELECT 1 FROM history h WHERE"
    " h.run_id = l.run_id AND h.entity = '' AND h.row_id = r.id))";

struct rows {
	int64_t *at;
	size_t n, room;
};

static int add_row(struct hub_arena *a, struct rows *rows, int64_t row, struct hub_err *err)
{
	int64_t *more = hub_alloc_more(a, rows->at, rows->n, &rows->room, sizeof *more);

	if (!more)
		return hub_fail_mem(err);
	rows->at = more;
	rows->at[rows->n++] = row;
	return HUB_OK;
}

static int read_rows(struct hub_arena *a, struct hub_db *db, const char *sql, int64_t run,
		     struct rows *rows, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err, sql, "ii", run, run);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		rc = add_row(a, rows, hub_db_int(q, 0), err);
	return rc == HUB_END ? HUB_OK : rc;
}

static int is_restricted(struct hub_people *people, int64_t person, int *yes, struct hub_err *err)
{
	const struct hub_person_facts *f;
	const int rc = hub_people_get(people, person, &f, err);

	*yes = 0;
	for (uint32_t i = 0; !rc && i < f->n_household; i++)
		*yes |= f->household[i].protection == HUB_PROT_PROTECTED;
	return rc;
}

static int open_people(struct hub_store *s, int32_t day, struct hub_people **out,
		       struct hub_err *err)
{
	const struct hub_people_opt opt = {.day = day, .few = 1};

	return hub_people_open(s, &opt, out, err);
}

/* Of the rows, those whose household is under display restriction. */
static int sift_restricted(struct hub_arena *a, struct hub_store *s, int32_t day,
			   const struct rows *from, struct rows *to, struct hub_err *err)
{
	HUB_AUTO(people) struct hub_people *people = NULL;
	int rc = from->n ? open_people(s, day, &people, err) : HUB_OK, yes = 0;

	for (size_t i = 0; i < from->n && !rc; i++)
		if (!(rc = is_restricted(people, from->at[i], &yes, err)) && yes)
			rc = add_row(a, to, from->at[i], err);
	return rc;
}

static int keep_protected(struct hub_db *db, const struct rows *rows, struct hub_str reason,
			  const struct hub_actor *who, struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; i < rows->n && !rc; i++)
		rc = protect(db, rows->at[i], who, reason, err);
	return rc;
}

int hub_site_keep_protected(struct hub_store *s, int64_t run, int32_t day,
			    const struct hub_actor *who, int64_t *n, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_db *db = hub_store_db(s);
	struct rows linked = {NULL, 0, 0}, held = {NULL, 0, 0};
	const struct hub_str reason =
	    a ? hub_arena_printf(a, "undo %lld", (long long)run) : HUB_STR("");
	int rc = a && reason.ptr ? HUB_OK : hub_fail_mem(err);

	*n = 0;
	if (rc || (rc = read_rows(a, db, linked_by_run, run, &linked, err)) ||
	    (rc = sift_restricted(a, s, day, &linked, &held, err)) || (rc = hub_db_begin(db, err)))
		return rc;
	if (!(rc = read_rows(a, db, held_by_run, run, &held, err)))
		rc = keep_protected(db, &held, reason, who, err);
	*n = (int64_t)held.n;
	return hub_db_end(db, rc, err);
}

static int protect_both(struct hub_db *db, int64_t a, int64_t b, const struct hub_actor *who,
			struct hub_err *err)
{
	const struct hub_str reason = HUB_STR("link");
	int rc = hub_db_begin(db, err);

	if (rc)
		return rc;
	if (a)
		rc = protect(db, a, who, reason, err);
	if (!rc && b)
		rc = protect(db, b, who, reason, err);
	return hub_db_end(db, rc, err);
}

int hub_site_keep_apart(struct hub_store *s, int64_t a, int64_t b, int32_t day,
			const struct hub_actor *who, int *yes, struct hub_err *err)
{
	HUB_AUTO(people) struct hub_people *people = NULL;
	int rc = open_people(s, day, &people, err);

	*yes = 0;
	if (rc || (rc = is_restricted(people, a, yes, err)) || !*yes)
		return rc;
	return protect_both(hub_store_db(s), a, b, who, err);
}

static int is_suspected(struct hub_people *people, int64_t person, int *yes, struct hub_err *err)
{
	const struct hub_person_facts *f;
	const int rc = hub_people_get(people, person, &f, err);

	*yes = !rc && f->household[0].protection == HUB_PROT_SUSPECTED;
	return rc;
}

int hub_site_keep_suspected(struct hub_store *s, int64_t a, int64_t b, int32_t day,
			    const struct hub_actor *who, int *yes, struct hub_err *err)
{
	HUB_AUTO(people) struct hub_people *people = NULL;
	int first = 0, second = 0, rc = open_people(s, day, &people, err);

	*yes = 0;
	if (rc || (rc = is_suspected(people, a, &first, err)) ||
	    (rc = is_suspected(people, b, &second, err)) || first == second)
		return rc;
	*yes = 1;
	return protect_both(hub_store_db(s), first ? a : 0, second ? b : 0, who, err);
}

/* What there is of measures: the two know of these, and lift no other. */
static int keep_lifted(struct hub_db *db, int64_t act, int64_t person, struct hub_err *err)
{
	return hub_db_run(
	    db, err,
	    "INSERT INTO protection_lifted (id, act_id, row_id) WITH g AS (SELECT p.id,"
	    " ltrim(p.atena_no, '0') AS no FROM cc_person p WHERE p.id" SAME_PERSON ")"
	    " SELECT (SELECT coalesce(max(id), 0) FROM protection_lifted) + row_number() OVER"
	    " (ORDER BY x.id), CAST(? AS BIGINT), x.id FROM cc_protection x WHERE x.person_id IN"
	    " (SELECT id FROM g) OR ltrim(x.atena_no, '0') IN (SELECT no FROM g WHERE no <> '')",
	    "iii", person, person, act);
}

static int clear(struct hub_db *db, int64_t person, const struct hub_actor *who,
		 struct hub_str reason, int *pending, struct hub_err *err)
{
	int64_t first = 0, own = 0;
	int rc = hub_actor_opens(db, who, err);

	/* an account's word waits for another account's, a login name's for another one of those */
	if (rc ||
	    (rc = hub_db_one(db, &first, err,
			     "SELECT coalesce(max(id), 0) FROM protection_act WHERE what = 'clear'"
			     " AND second IS NULL AND ended_at IS NULL AND actor <> ?"
			     " AND (coalesce(account, 0) <> ? OR ? = 0)"
			     " AND (account IS NOT NULL OR ? = 0) AND person_id" SAME_PERSON,
			     "tiiiii", who->name, who->account, who->account, who->account, person,
			     person)))
		return rc;
	*pending = first == 0;
	if (*pending) {
		if ((rc =
			 hub_db_one(db, &own, err,
				    "SELECT count(*) FROM protection_act WHERE what = 'clear'"
				    " AND second IS NULL AND ended_at IS NULL"
				    " AND (account IS NOT NULL OR ? = 0) AND person_id" SAME_PERSON,
				    "iii", who->account, person, person)) ||
		    (!own && (rc = add_act(db, "clear", person, who, reason, err))))
			return rc;
		return log_it(db, who, "protection-clear-propose", HUB_STR("person"), person,
			      reason, err);
	}
	if ((rc = end_acts(db, "protect", person, who, err)) ||
	    (rc = hub_db_run(db, err,
			     "UPDATE protection_act SET second = ?, second_at = ?,"
			     " second_account = nullif(?, 0) WHERE id = ?",
			     "tiii", who->name, hub_now(), who->account, first)) ||
	    (rc = keep_lifted(db, first, person, err)))
		return rc;
	return log_it(db, who, "protection-clear", HUB_STR("person"), person, reason, err);
}

int hub_site_clear(struct hub_db *db, int64_t person, const struct hub_actor *who,
		   struct hub_str reason, int *pending, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, clear(db, person, who, reason, pending, err), err);
}
