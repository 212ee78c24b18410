/* A release of one case only: of the one that is named, and for a meeting of the meeting's own. */
#include "release/release_in.h"

static int no_case_of_meeting(const struct hub_releasing *r, struct hub_err *err)
{
	const int rc =
	    hub_fail(err, HUB_USAGE, "meeting-without-case",
		     "meeting %.*s is about no case with a client", HUB_FMT(r->spec->meeting));

	hub_hint(err, "What leaves for a meeting is of its case: record the case of the meeting.");
	return rc;
}

/* The members of a meeting are asked to it for its case: nothing of another leaves with it. */
static int open_circle(struct hub_releasing *r, struct hub_err *err)
{
	const struct hub_release_spec *spec = r->spec;
	const int64_t own = r->x.meeting.case_id;
	int rc;

	if (spec->case_no.len)
		rc = hub_circle_open(r->arena, r->x.people, r->db, spec->case_no, &r->circle, err);
	else
		rc = hub_circle_of(r->arena, r->x.people, r->db, own, &r->circle, err);
	if (rc == HUB_END || (!rc && !r->circle.client))
		return no_case_of_meeting(r, err);
	if (rc || !spec->meeting.len || r->circle.case_id == own)
		return rc;
	rc = hub_fail(err, HUB_USAGE, "other-case", "meeting %.*s is about another case",
		      HUB_FMT(spec->meeting));
	hub_hint(err, "Name the case of the meeting, or leave the meeting out.");
	return rc;
}

/* What is made of one case names it, and its meeting, with nothing in it as well: who gets nothing of the client gets
 * none. Why is not said; the message stands in lists that go round. */
static int admit_recipient(struct hub_releasing *r, struct hub_err *err)
{
	const struct hub_recipient_facts *to = &r->x.to;
	const struct hub_person_facts *client;
	int rc = hub_people_get(r->x.people, r->circle.client, &client, err);

	if (rc || (!to->gate.barred && hub_period_has(to->gate.contract, r->spec->day) &&
		   !hub_recipient_is_barred(to, r->x.people, client)))
		return rc;
	rc = hub_fail(err, HUB_REFUSED, "nothing-of-case",
		      "recipient %.*s gets nothing of this case", HUB_FMT(to->gate.id));
	hub_hint(err, "`tsunagi consent simulate` says why.");
	return rc;
}

int hub_release_narrow(struct hub_releasing *r, struct hub_err *err)
{
	const struct hub_release_spec *spec = r->spec;
	int rc;

	r->one_case = spec->case_no.len || spec->meeting.len;
	if (!r->one_case)
		return HUB_OK;
	if (spec->sheet) {
		rc = hub_fail(err, HUB_USAGE, "sheet-of-case",
			      "a sheet leaves with all its records, not with those of one case");
		hub_hint(err, "Leave out --mapping, or --case and --meeting.");
		return rc;
	}
	rc = open_circle(r, err);
	return rc ? rc : admit_recipient(r, err);
}

int hub_release_within(const struct hub_releasing *r, const struct hub_entity *e,
		       const struct hub_source_row *row, struct hub_err *err)
{
	int yes = 1;
	int rc = r->one_case ? hub_circle_holds(&r->circle, r->x.people, r->db, e, row, &yes, err)
			     : HUB_OK;

	if (rc || yes)
		return rc;
	rc = hub_fail(err, HUB_USAGE, "other-case", "%.*s %lld does not belong to the case",
		      HUB_FMT(e->name), (long long)row->id);
	hub_hint(err, "Name the case of the meeting, or leave the meeting out.");
	return rc;
}
