/* tsunagi release bar, protection, emergency, grounds: what holds beside consents and profiles. */
#include "base/clock.h"
#include "cli/release_cli.h"
#include "release/approval.h"
#include "release/consent_record.h"
#include "release/emergency.h"
#include "release/people.h"
#include "release/recipient.h"
#include "release/site.h"

static struct hub_str reason_of(const struct hub_release_cli *r)
{
	return hub_str_of(r->reason ? r->reason : "");
}

/* *row 0: nobody is named. */
static int find_person(struct hub_release_cli *r, int64_t *row)
{
	*row = 0;
	return r->person ? hub_person_find(r->db, hub_str_of(r->person), row, r->cli->err) : HUB_OK;
}

/* --- bars ------------------------------------------------------------------------------------------- */

/* A mistyped name is barred like any other, and stops nothing. */
static int find_recipient(struct hub_release_cli *r, struct hub_str *id)
{
	int known;
	const int rc = hub_recipient_find(r->cli->arena, r->db, hub_str_of(r->operand), id, &known,
					  r->cli->err);

	if (!rc && !known)
		fprintf(stderr, hub_tr("nobody here is called %s: check that its name is right\n"),
			r->operand);
	return rc;
}

int hub_release_bar(struct hub_release_cli *r)
{
	struct hub_str id;
	int64_t person;
	int rc = find_person(r, &person);

	if (!rc && !(rc = find_recipient(r, &id)))
		rc = hub_site_bar(r->db, id, person, &r->who, reason_of(r), r->cli->err);
	if (!rc)
		printf(hub_tr("barred: %.*s\n"), HUB_FMT(id));
	return rc;
}

int hub_release_unbar(struct hub_release_cli *r)
{
	struct hub_str id;
	int64_t person;
	int rc = find_person(r, &person);

	if (!rc && !(rc = find_recipient(r, &id)))
		rc = hub_site_unbar(r->db, id, person, &r->who, reason_of(r), r->cli->err);
	if (!rc)
		puts(hub_tr("no longer barred"));
	return rc;
}

/* --- display restriction ------------------------------------------------------------------------------ */

static int of_everybody(struct hub_release_cli *r)
{
	const int clear = strcmp(r->operand, "clear") == 0;
	int pending = 0, rc;

	if (!clear && strcmp(r->operand, "unknown") != 0)
		return hub_fail(r->cli->err, HUB_USAGE, "usage",
				"protection wants clear or unknown");
	rc = hub_site_default(r->db, clear ? HUB_PROT_CLEAR : HUB_PROT_UNKNOWN, &r->who,
			      reason_of(r), &pending, r->cli->err);
	if (rc)
		return rc;
	if (pending)
		puts(hub_tr("proposed; it counts when a second person gives the same command"));
	else if (clear)
		puts(hub_tr("people of whom no registry says anything count as not protected"));
	else
		puts(hub_tr("people of whom no registry says anything count as protected"));
	return HUB_OK;
}

static int of_person(struct hub_release_cli *r)
{
	const int clear = strcmp(r->operand, "clear") == 0;
	int pending = 0;
	int64_t person;
	int rc = hub_release_reason(r);

	if (rc || (rc = find_person(r, &person)))
		return rc;
	if (!clear && strcmp(r->operand, "protect") != 0)
		return hub_fail(r->cli->err, HUB_USAGE, "usage",
				"protection of a person wants protect or clear");
	rc = clear ? hub_site_clear(r->db, person, &r->who, reason_of(r), &pending, r->cli->err)
		   : hub_site_protect(r->db, person, &r->who, reason_of(r), r->cli->err);
	if (rc)
		return rc;
	if (pending)
		puts(hub_tr("proposed; it counts when a second person gives the same command"));
	else if (clear)
		puts(hub_tr("lifted; what a feed says stays in force"));
	else
		puts(hub_tr("display restriction from now on"));
	return HUB_OK;
}

int hub_release_protection(struct hub_release_cli *r)
{
	return r->person ? of_person(r) : of_everybody(r);
}

/* --- emergencies ---------------------------------------------------------------------------------------- */

/* Under a name that nobody has it would open nothing, and be said to be in force. */
static int no_such_recipient(struct hub_release_cli *r)
{
	const int rc = hub_fail(r->cli->err, HUB_USAGE, "no-such-recipient",
				"nobody here is called \"%s\", or several are", r->second);

	hub_hint(
	    r->cli->err,
	    "Give its key or its name, as an approved profile or the list of agencies has it.");
	return rc;
}

static int ask(struct hub_release_cli *r)
{
	struct hub_emergency_spec s = {.recipient = hub_str_of(r->second),
				       .ground = hub_str_of(r->ground ? r->ground : ""),
				       .reason = reason_of(r),
				       .who = r->who,
				       .hours = HUB_EMERGENCY_HOURS};
	struct hub_grounds grounds;
	int64_t id = 0;
	int known, rc;

	if (!r->person || !r->ground)
		return hub_fail(r->cli->err, HUB_USAGE, "option-missing",
				"an emergency needs --person, --ground and --reason");
	if ((rc = hub_cli_number(r->cli, "hours", r->hours, 1, INT64_MAX, &s.hours)))
		return rc;
	if ((rc = hub_recipient_find(r->cli->arena, r->db, s.recipient, &s.recipient, &known,
				     r->cli->err)))
		return rc;
	if (!known)
		return no_such_recipient(r);
	if ((rc = hub_release_reason(r)) || (rc = find_person(r, &s.person)) ||
	    (rc = hub_out_grounds(r->cli, r->grounds, &grounds)) ||
	    (rc = hub_approval_grounds(r->db, &grounds, r->cli->err)) ||
	    (rc = hub_emergency_ask(r->db, &grounds, &s, &id, r->cli->err)))
		return rc;
	printf(
	    hub_tr(
		"emergency %lld waits: somebody else confirms it with `tsunagi release emergency "
		"confirm %lld`\n"),
	    (long long)id, (long long)id);
	return HUB_OK;
}

static int confirm(struct hub_release_cli *r)
{
	int64_t id = 0, until = 0;
	char text[26];
	int rc = hub_cli_id(r->cli, r->second, &id);

	if (rc || (rc = hub_emergency_confirm(r->db, id, &r->who, &until, r->cli->err)))
		return rc;
	hub_time_jst(until, text);
	printf(hub_tr("emergency %lld is in force until %s\n"), (long long)id, text);
	return HUB_OK;
}

static int end(struct hub_release_cli *r)
{
	int64_t id = 0;
	int rc = hub_cli_id(r->cli, r->second, &id);

	if (!rc && (rc = hub_emergency_end(r->db, id, &r->who, reason_of(r), r->cli->err)) == 0)
		puts(hub_tr("ended"));
	return rc;
}

static int list(struct hub_release_cli *r)
{
	static const char *const titles[] = {
	    HUB_N("emergency"), HUB_N("recipient"), HUB_N("person"), HUB_N("ground"),
	    HUB_N("hours"),     HUB_N("asked by"),  HUB_N("time"),   HUB_N("confirmed by"),
	    HUB_N("until"),     HUB_N("ended"),     HUB_N("why")};
	static const char *const names[] = {"emergency", "recipient", "person", "ground",
					    "hours",     "asked_by",  "at",     "confirmed_by",
					    "until",     "ended_at",  "reason"};
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_table *t = hub_table_new(r->cli->arena, HUB_STR(""));
	int rc = hub_db_query(r->db, &q, r->cli->err,
			      "SELECT id, recipient, person_id, ground, hours, asked_by,"
			      " asked_at, confirmed_by, until, ended_at, reason FROM emergency"
			      " ORDER BY id",
			      "");

	if (rc)
		return rc;
	for (size_t i = 0; i < HUB_COUNT(names); i++)
		hub_table_col(t, names[i], hub_tr(titles[i]), 0);
	while ((rc = hub_db_next(q, r->cli->err)) == HUB_OK)
		for (uint32_t i = 0; i < HUB_COUNT(names); i++) {
			const struct hub_dbval v = hub_db_val(q, i);
			if (i == 6 || i == 8 || i == 9)
				hub_table_time(t, v.i);
			else if (i == 1 && (rc = hub_out_recipient(r->cli, t, &r->names, v.s)))
				return rc;
			else if (i == 1)
				continue;
			else if (v.type == HUB_DB_INT)
				hub_table_str(
				    t, hub_arena_printf(r->cli->arena, "%lld", (long long)v.i));
			else
				hub_table_str(t, v.s);
		}
	return rc == HUB_END ? hub_out_table(r->cli, t, r->format) : rc;
}

int hub_release_emergency(struct hub_release_cli *r)
{
	static const struct {
		const char *name;
		int second;
		int (*run)(struct hub_release_cli *);
	} words[] = {{"ask", 1, ask}, {"confirm", 1, confirm}, {"end", 1, end}, {"list", 0, list}};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (strcmp(r->operand ? r->operand : "list", words[i].name) == 0 &&
		    (r->second != NULL) == words[i].second)
			return words[i].run(r);
	const int rc = hub_fail(
	    r->cli->err, HUB_USAGE, "usage",
	    "release emergency wants list, ask and a recipient, or confirm or end and a number");
	hub_hint(r->cli->err, "`tsunagi release --help` shows examples.");
	return rc;
}

/* --- grounds ---------------------------------------------------------------------------------------------- */

/* How far a row of the table was checked. */
static const char *source_word(char source)
{
	return source == 'S'   ? HUB_N("seen in a published text")
	       : source == 'K' ? HUB_N("not verified")
			       : HUB_N("inferred, not verified");
}

int hub_release_grounds(struct hub_release_cli *r)
{
	struct hub_table *t = hub_table_new(r->cli->arena, HUB_STR(""));
	struct hub_grounds g;
	const int rc = hub_out_grounds(r->cli, r->grounds, &g);

	if (rc)
		return rc;
	hub_table_col(t, "id", HUB_N("id"), 0);
	hub_table_col(t, "law", HUB_N("law"), 0);
	hub_table_col(t, "article", HUB_N("article"), 0);
	hub_table_col(t, "meeting", HUB_N("meeting"), 0);
	hub_table_col(t, "needs_consent", HUB_N("needs consent"), 0);
	hub_table_col(t, "active", HUB_N("active"), 0);
	hub_table_col(t, "emergency", HUB_N("for emergencies"), 0);
	hub_table_col(t, "source", HUB_N("checked"), 0);
	hub_table_col(t, "note", HUB_N("note"), 0);
	for (uint32_t i = 0; i < g.n; i++) {
		const struct hub_ground *row = &g.row[i];
		hub_table_str(t, row->id);
		hub_table_str(t, row->law);
		hub_table_str(t, row->article);
		hub_table_str(t, row->n_kinds ? row->kinds[0] : HUB_STR(""));
		hub_table_puts(t, hub_tr(row->needs_consent ? HUB_N("yes") : HUB_N("no")));
		hub_table_puts(t, hub_tr(row->active ? HUB_N("yes") : HUB_N("no")));
		hub_table_puts(t, hub_tr(row->emergency ? HUB_N("yes") : HUB_N("no")));
		hub_table_puts(t, hub_tr(source_word(row->source)));
		hub_table_str(t, row->note);
	}
	return hub_out_table(r->cli, t, r->format);
}
