#include "release/meeting.h"

#include "base/json.h"

/* cc_meeting.members: a JSON array of agency keys. Anything else invites nobody. */
static int read_members(struct hub_arena *a, struct hub_str json, struct hub_meeting *m,
			struct hub_err *err)
{
	json_error_t where;
	json_t *list = json.ptr ? hub_json_read(json, 0, &where) : NULL;

	if (json.ptr && !list && errno == ENOMEM)
		return hub_fail_mem(err);
	const size_t n = json_is_array(list) ? json_array_size(list) : 0;
	struct hub_str *members = hub_alloc_array(a, n + 1, sizeof *members);
	int rc = members ? HUB_OK : hub_fail_mem(err);

	for (size_t i = 0; i < n && !rc; i++) {
		const json_t *item = json_array_get(list, i);
		if (!json_is_string(item))
			continue;
		const struct hub_str id = {json_string_value(item), json_string_length(item)};
		members[m->n_members] = hub_arena_str(a, id);
		if (!members[m->n_members++].ptr)
			rc = hub_fail_mem(err);
	}
	json_decref(list);
	m->members = members;
	return rc;
}

/* A meeting has its days: without both of them it is never in session. */
static struct hub_period meeting_days(struct hub_query *q)
{
	struct hub_period p;

	if (hub_day_parse(hub_db_str(q, 3), &p.from) || hub_day_parse(hub_db_str(q, 4), &p.to))
		return HUB_NEVER;
	return p;
}

static int no_meeting(struct hub_str number, struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_USAGE, "unknown-meeting",
				"there is no meeting with the number \"%.*s\", or more than one",
				HUB_FMT(number));

	hub_hint(err, "The number is the field meeting_no of the meeting.");
	return rc;
}

int hub_meeting_read(struct hub_arena *a, struct hub_db *db, struct hub_people *people,
		     struct hub_str number, struct hub_meeting_facts *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc;

	*out = (struct hub_meeting_facts){0};
	if (number.len == 0)
		return HUB_OK;
	rc = hub_db_query(db, &q, err,
			  "SELECT m.case_id, m.meeting_kind, m.members, m.valid_from, m.valid_to,"
			  " c.person_id FROM cc_meeting m JOIN record r ON r.id = m.record_id AND"
			  " r.state = 0 LEFT JOIN cc_case c ON c.id = m.case_id"
			  " WHERE m.meeting_no = ?",
			  "t", number);
	if (rc || (rc = hub_db_next(q, err)) < 0)
		return rc;
	if (rc == HUB_END)
		return no_meeting(number, err);
	out->case_id = hub_db_int(q, 0);
	out->client = hub_people_identity(people, hub_db_int(q, 5));
	out->gate =
	    (struct hub_meeting){.id = number,
				 .kind = hub_db_dup(a, q, 1),
				 .period = meeting_days(q),
				 .case_id = hub_arena_printf(a, "%lld", (long long)out->case_id)};
	if ((rc = read_members(a, hub_db_str(q, 2), &out->gate, err)) ||
	    (rc = hub_db_next(q, err)) < 0)
		return rc;
	return rc == HUB_END ? HUB_OK : no_meeting(number, err);
}
