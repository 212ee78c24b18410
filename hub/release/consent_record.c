#include "release/consent_record.h"

#include "base/clock.h"
#include "release/audit.h"
#include "release/recall.h"
#include "store/link.h"
#include "store/store.h"

#include <unistd.h>

struct recorder {
	struct hub_arena *a;
	struct hub_db *db;
	const struct hub_consent_spec *spec;
	struct hub_consent_recorded *out;
	struct hub_err *err;
};

static const char *const statuses[] = {
    [HUB_ACT_GRANT] = "given", [HUB_ACT_WITHDRAW] = "withdrawn", [HUB_ACT_EXPIRE] = "expired"};
static const char *const actions[] = {[HUB_ACT_GRANT] = "consent-grant",
				      [HUB_ACT_WITHDRAW] = "consent-withdraw",
				      [HUB_ACT_EXPIRE] = "consent-expire"};

static int insert_run(struct recorder *r)
{
	int rc;

	if ((rc = hub_feed_make(r->db, HUB_STR("consent"), HUB_STR("tsunagi"), r->err)) ||
	    (rc = hub_db_run(r->db, r->err,
			     "INSERT INTO run (id, kind, feed_id, system_id, actor, state, lookup,"
			     " \"full\", pid, begun_at, ended_at)"
			     " SELECT " HUB_NEXT_ID(
				 "run") ", 'consent', id, system_id,"
					" ?, ?, 0, 0, ?, ?, ? FROM feed WHERE name = 'consent'",
			     "tiiii", r->spec->actor, (int64_t)HUB_RUN_DONE, (int64_t)getpid(),
			     hub_now(), hub_now())))
		return rc;
	rc = hub_db_one(r->db, &r->out->run, r->err, "SELECT max(id) FROM run", "");
	return rc ? rc : hub_run_seal(r->db, r->out->run, r->err);
}

static int insert_entry(struct recorder *r, struct hub_str recipient, struct hub_str category,
			struct hub_str purpose)
{
	const struct hub_consent_spec *s = r->spec;
	const struct hub_str none = {NULL, 0};

	r->out->entries++;
	return hub_db_run(
	    r->db, r->err,
	    "INSERT INTO consent_entry (id, run_id, person_id, recipient, category, purpose, "
	    "status,"
	    " valid_from, valid_to, given_by, form, reason)"
	    " VALUES (" HUB_NEXT_ID("consent_entry") ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "iitttzttttt", r->out->run, s->person, recipient, category, purpose, statuses[s->act],
	    s->from, s->act == HUB_ACT_GRANT && s->to.len ? s->to : none,
	    s->given_by.len ? s->given_by : none, s->form.len ? s->form : none, s->reason);
}

/* --- consents in force within the scope ---------------------------------------------------------- */

static int concerns(const struct hub_consent_spec *s, const struct hub_statement *st)
{
	return !st->replaced && hub_str_is(st->status, "given") &&
	       hub_scope_has(s->recipient, st->recipient) &&
	       hub_scope_has(s->category, st->category) && hub_scope_has(s->purpose, st->purpose);
}

static int is_scope(const struct hub_consent_spec *s, const struct hub_statement *st)
{
	return hub_str_eq(s->recipient, st->recipient) && hub_str_eq(s->category, st->category) &&
	       hub_str_eq(s->purpose, st->purpose);
}

/* All rows that are the same person. */
static int read_statements(struct recorder *r, struct hub_store *store, struct hub_statements *out)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t identity, *rows = NULL;
	uint32_t count = 0;
	size_t cap = 0;
	int32_t day;
	int rc = hub_person_identity(store, r->spec->person, &identity, r->err);

	if (!rc)
		rc = hub_db_query(r->db, &q, r->err,
				  "SELECT person_id FROM person_identity WHERE identity = ?", "i",
				  identity);
	while (!rc && (rc = hub_db_next(q, r->err)) == HUB_OK) {
		rows = hub_alloc_more(r->a, rows, count, &cap, sizeof *rows);
		if (!rows)
			return hub_fail_mem(r->err);
		rows[count++] = hub_db_int(q, 0);
	}
	if (rc < 0)
		return rc;
	rc = count ? hub_statements_read(r->a, r->db, NULL, rows, count, out, r->err)
		   : hub_statements_read(r->a, r->db, NULL, &r->spec->person, 1, out, r->err);
	if (!rc && !hub_day_parse(r->spec->from, &day))
		hub_statements_settle(out, day);
	return rc;
}

/* One entry for each scope of a consent in force: a narrower consent would outweigh a broader no. */
static int insert_for_each(struct recorder *r, struct hub_store *store)
{
	const struct hub_consent_spec *s = r->spec;
	struct hub_statements all;
	int rc = read_statements(r, store, &all);

	for (uint32_t i = 0; i < all.n && !rc; i++) {
		const struct hub_statement *st = &all.at[i];
		int again = s->act == HUB_ACT_WITHDRAW && is_scope(s, st);
		for (uint32_t k = 0; k < i; k++)
			again |= concerns(s, &all.at[k]) &&
				 hub_str_eq(st->recipient, all.at[k].recipient) &&
				 hub_str_eq(st->category, all.at[k].category) &&
				 hub_str_eq(st->purpose, all.at[k].purpose);
		if (concerns(s, st) && !again)
			rc = insert_entry(r, st->recipient, st->category, st->purpose);
	}
	return rc;
}

static int make_recalls(struct recorder *r)
{
	const struct hub_recall_scope scope = {.person = r->spec->person,
					       .run = r->out->run,
					       .recipient = r->spec->recipient,
					       .category = r->spec->category,
					       .purpose = r->spec->purpose,
					       .due = r->spec->from};

	return hub_recall_make(r->db, &scope, &r->out->recalls, r->err);
}

static int log_it(struct recorder *r)
{
	const struct hub_consent_spec *s = r->spec;
	HUB_AUTO(buf) struct hub_buf b;
	char object[40];

	hub_audit_begin(&b);
	hub_json_int(&b, "run", r->out->run);
	hub_json_int(&b, "entries", r->out->entries);
	hub_json_int(&b, "recalls", r->out->recalls);
	hub_json_field(&b, "recipient", s->recipient);
	hub_json_field(&b, "category", s->category);
	hub_json_field(&b, "purpose", s->purpose);
	hub_json_field(&b, "from", s->from);
	if (s->to.len)
		hub_json_field(&b, "to", s->to);
	hub_json_field(&b, "reason", s->reason);
	snprintf(object, sizeof object, "person %lld", (long long)s->person);
	return hub_audit_end(r->db, s->actor, actions[s->act], hub_str_of(object), &b, r->err);
}

int hub_consent_record(struct hub_store *store, const struct hub_consent_spec *spec,
		       struct hub_consent_recorded *out, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(64 << 20);
	struct recorder r = {a, hub_store_db(store), spec, out, err};
	int rc;

	*out = (struct hub_consent_recorded){0};
	if (!a)
		return hub_fail_mem(err);
	if ((rc = insert_run(&r)))
		return rc;
	if (spec->act != HUB_ACT_EXPIRE &&
	    (rc = insert_entry(&r, spec->recipient, spec->category, spec->purpose)))
		return rc;
	if (spec->act != HUB_ACT_GRANT && (rc = insert_for_each(&r, store)))
		return rc;
	if (out->entries == 0) {
		rc = hub_fail(err, HUB_USAGE, "no-consent",
			      "no consent in force on that day lies within the scope");
		hub_hint(err, "`tsunagi consent show PERSON` lists what the person has said.");
		return rc;
	}
	if (spec->act == HUB_ACT_WITHDRAW && (rc = make_recalls(&r)))
		return rc;
	return log_it(&r);
}

/* --- who is meant ------------------------------------------------------------------------------- */

int hub_person_find(struct hub_db *db, struct hub_str text, int64_t *row, struct hub_err *err)
{
	/* a key here may be the number of somebody else's case; rows that are linked are one person */
	static const char sql[] =
	    "SELECT min(f.id), coalesce(i.identity, f.id) FROM (SELECT id FROM cc_person WHERE key "
	    "="
	    " ? UNION SELECT person_id FROM cc_case WHERE case_no = ? AND person_id IS NOT NULL) f"
	    " LEFT JOIN person_identity i ON i.person_id = f.id GROUP BY coalesce(i.identity, "
	    "f.id)";
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t id, n = 0;
	int rc;

	if (hub_parse_i64(text, 1, INT64_MAX, &id) == 0) {
		rc = hub_db_one(db, row, err, "SELECT id FROM cc_person WHERE id = ?", "i", id);
		if (rc != HUB_END)
			return rc;
	}
	rc = hub_db_query(db, &q, err, sql, "tt", text, text);
	for (; !rc && (rc = hub_db_next(q, err)) == HUB_OK; n++)
		*row = hub_db_int(q, 0);
	if (rc != HUB_END)
		return rc;
	if (n == 1)
		return HUB_OK;
	rc = n ? hub_fail(err, HUB_USAGE, "person-unclear", "%lld persons fit this key",
			  (long long)n)
	       : hub_fail(err, HUB_USAGE, "no-such-person", "there is no such person");
	hub_hint(err, "A person is the number of its row, its key in the system it came from, or "
		      "the number of its case.");
	return rc;
}
