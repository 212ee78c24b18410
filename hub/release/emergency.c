#include "release/emergency.h"

#include "base/clock.h"
#include "release/audit.h"

enum { HOUR = 3600, WAITS = 24 * HOUR };

static int log_it(struct hub_db *db, const struct hub_actor *who, const char *action, int64_t id,
		  const struct hub_emergency_spec *s, struct hub_str reason, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	char object[40];

	hub_audit_begin(&b);
	if (s) {
		hub_json_field(&b, "recipient", s->recipient);
		hub_json_int(&b, "person", s->person);
		hub_json_field(&b, "ground", s->ground);
		hub_json_int(&b, "hours", s->hours);
	}
	if (reason.len)
		hub_json_field(&b, "reason", reason);
	hub_actor_json(&b, who);
	snprintf(object, sizeof object, "emergency %lld", (long long)id);
	return hub_audit_end(db, who->name, action, hub_str_of(object), &b, err);
}

/* --- asking ---------------------------------------------------------------------------------------- */

static int check_ground(const struct hub_grounds *g, struct hub_str id, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	int rc;

	hub_buf_init(&b, 1 << 16);
	for (uint32_t i = 0; i < g->n; i++) {
		if (!g->row[i].emergency || !g->row[i].active)
			continue;
		if (hub_str_eq(g->row[i].id, id))
			return HUB_OK;
		hub_buf_printf(&b, "%s%.*s", b.len ? ", " : "", HUB_FMT(g->row[i].id));
	}
	hub_buf_putc(&b, '\0');
	rc = hub_fail(err, HUB_USAGE, "no-such-ground",
		      "\"%.*s\" is no ground that is active for emergencies", HUB_FMT(id));
	hub_hint(err, "Allowed: %s.", hub_buf_ok(&b) && b.len > 1 ? b.ptr : "-");
	return rc;
}

static int ask(struct hub_db *db, const struct hub_emergency_spec *s, int64_t *id,
	       struct hub_err *err)
{
	int rc = hub_actor_opens(db, &s->who, err);

	if (rc ||
	    (rc = hub_db_run(db, err,
			     "INSERT INTO emergency (recipient, person_id, ground, reason, hours,"
			     " asked_by, asked_at, asked_account)"
			     " VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, 0))",
			     "tittitii", s->recipient, s->person, s->ground, s->reason, s->hours,
			     s->who.name, hub_now(), s->who.account)) ||
	    (rc = hub_db_one(db, id, err, "SELECT max(id) FROM emergency", "")))
		return rc;
	return log_it(db, &s->who, "emergency-ask", *id, s, s->reason, err);
}

int hub_emergency_ask(struct hub_db *db, const struct hub_grounds *grounds,
		      const struct hub_emergency_spec *spec, int64_t *id, struct hub_err *err)
{
	int rc = check_ground(grounds, spec->ground, err);

	if (rc)
		return rc;
	if (spec->hours < 1 || spec->hours > HUB_EMERGENCY_MOST_HOURS)
		return hub_fail(err, HUB_USAGE, "option-value", "an emergency lasts 1 to %d hours",
				HUB_EMERGENCY_MOST_HOURS);
	rc = hub_db_begin(db, err);
	return rc ? rc : hub_db_end(db, ask(db, spec, id, err), err);
}

/* --- the second account ---------------------------------------------------------------------------- */

static int no_such(int64_t id, struct hub_err *err)
{
	const int rc =
	    hub_fail(err, HUB_USAGE, "no-such-emergency",
		     "there is no emergency %lld that waits or is in force", (long long)id);

	hub_hint(err, "`tsunagi release emergency list` lists them.");
	return rc;
}

static int check_second(struct hub_db *db, int64_t id, const struct hub_actor *who, int64_t *hours,
			struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(
	    db, &q, err,
	    "SELECT asked_by, asked_at, hours, coalesce(asked_account, 0)"
	    " FROM emergency WHERE id = ? AND confirmed_by IS NULL AND ended_at IS NULL",
	    "i", id);

	if (rc || (rc = hub_db_next(q, err)) < 0)
		return rc;
	if (rc == HUB_END)
		return no_such(id, err);
	*hours = hub_db_int(q, 2);
	const int64_t asked_at = hub_db_int(q, 1), first = hub_db_int(q, 3);
	if ((rc = hub_actor_second(db, who, hub_db_str(q, 0), first, err)))
		return rc;
	if (asked_at + WAITS >= hub_now())
		return HUB_OK;
	rc = hub_fail(err, HUB_REFUSED, "too-late", "emergency %lld was asked for over a day ago",
		      (long long)id);
	hub_hint(err, "Ask again if it is still one.");
	return rc;
}

static int confirm(struct hub_db *db, int64_t id, const struct hub_actor *who, int64_t *until,
		   struct hub_err *err)
{
	int64_t hours = 0;
	int rc = check_second(db, id, who, &hours, err);

	if (rc)
		return rc;
	*until = hub_now() + hours * HOUR;
	rc = hub_db_run(db, err,
			"UPDATE emergency SET confirmed_by = ?, confirmed_at = ?, until = ?,"
			" confirmed_account = nullif(?, 0) WHERE id = ?",
			"tiiii", who->name, hub_now(), *until, who->account, id);
	return rc ? rc : log_it(db, who, "emergency-confirm", id, NULL, HUB_STR(""), err);
}

int hub_emergency_confirm(struct hub_db *db, int64_t id, const struct hub_actor *who,
			  int64_t *until, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, confirm(db, id, who, until, err), err);
}

static int end(struct hub_db *db, int64_t id, const struct hub_actor *who, struct hub_str reason,
	       struct hub_err *err)
{
	const int rc = hub_db_run(db, err,
				  "UPDATE emergency SET ended_by = ?, ended_at = ? WHERE id = ?"
				  " AND ended_at IS NULL",
				  "tii", who->name, hub_now(), id);

	if (rc)
		return rc;
	return db->ops->changes(db) ? log_it(db, who, "emergency-end", id, NULL, reason, err)
				    : no_such(id, err);
}

int hub_emergency_end(struct hub_db *db, int64_t id, const struct hub_actor *who,
		      struct hub_str reason, struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, end(db, id, who, reason, err), err);
}

/* --- for the gate ------------------------------------------------------------------------------------ */

int hub_emergencies_read(struct hub_arena *a, struct hub_db *db, struct hub_people *people,
			 struct hub_str recipient, const struct hub_emergency_when *when,
			 const struct hub_emergency **out, uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_emergency *list = NULL;
	size_t cap = 0;

	*n = 0;
	/* asked_by <> confirmed_by: a row that one account made by hand counts for nothing */
	int rc =
	    hub_db_query(db, &q, err,
			 "SELECT person_id FROM emergency WHERE recipient = ? AND asked_by <>"
			 " confirmed_by AND (asked_account IS NULL OR confirmed_account IS NULL OR"
			 " asked_account <> confirmed_account) AND confirmed_at <= ? AND until > ?"
			 " AND (ended_at IS NULL OR ended_at > ?) ORDER BY id",
			 "tiii", recipient, when->to, when->from, when->from);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t who = hub_people_identity(people, hub_db_int(q, 0));
		const struct hub_str person = hub_arena_printf(a, "%lld", (long long)who);
		list = hub_alloc_more(a, list, *n, &cap, sizeof *list);
		if (!list || !person.ptr)
			return hub_fail_mem(err);
		list[(*n)++] = (struct hub_emergency){recipient, person};
	}
	*out = list;
	return rc == HUB_END ? HUB_OK : rc;
}
