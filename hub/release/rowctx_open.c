/* What a release reads before its first row: recipient, people, the meeting, detectors. */
#include "release/rowctx.h"

#include "store/db.h"
#include "store/read.h"

#include <jansson.h>

enum { ARENA_LIMIT = 512 << 20 };

/* --- the meeting it is for ------------------------------------------------------------------------- */

static struct hub_str copy_text(struct hub_rowctx *x, const json_t *v)
{
	return hub_arena_str(x->arena,
			     (struct hub_str){json_string_value(v), json_string_length(v)});
}

/* cc_meeting.members: a JSON array of agency keys. Anything else invites nobody. */
static int read_members(struct hub_rowctx *x, struct hub_str json, struct hub_err *err)
{
	json_error_t where;
	json_t *list = json.ptr ? json_loadb(json.ptr, json.len, 0, &where) : NULL;
	const size_t n = json_is_array(list) ? json_array_size(list) : 0;
	struct hub_str *members = hub_alloc_array(x->arena, n + 1, sizeof *members);
	int rc = members ? HUB_OK : hub_fail_mem(err);

	for (size_t i = 0; i < n && !rc; i++) {
		const json_t *item = json_array_get(list, i);
		if (!json_is_string(item))
			continue;
		members[x->meeting.n_members] = copy_text(x, item);
		if (!members[x->meeting.n_members++].ptr)
			rc = hub_fail_mem(err);
	}
	json_decref(list);
	x->meeting.members = members;
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

static int no_meeting(const struct hub_rowctx *x, struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_USAGE, "unknown-meeting",
				"there is no meeting with the number \"%.*s\", or more than one",
				HUB_FMT(x->spec->meeting));

	hub_hint(err, "The number is the field meeting_no of the meeting.");
	return rc;
}

static int read_meeting(struct hub_rowctx *x, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_meeting *m = &x->meeting;
	int64_t person = 0;

	if (x->spec->meeting.len == 0)
		return HUB_OK;
	int rc =
	    hub_db_query(x->db, &q, err,
			 "SELECT m.case_id, m.meeting_kind, m.members, m.valid_from, m.valid_to,"
			 " c.person_id FROM cc_meeting m LEFT JOIN cc_case c ON c.id = m.case_id"
			 " WHERE m.meeting_no = ?",
			 "t", x->spec->meeting);
	if (rc || (rc = hub_db_next(q, err)) < 0)
		return rc;
	if (rc == HUB_END)
		return no_meeting(x, err);
	x->meeting_case = hub_db_int(q, 0);
	person = hub_db_int(q, 5);
	*m = (struct hub_meeting){
	    .id = x->spec->meeting,
	    .kind = hub_db_dup(x->arena, q, 1),
	    .period = meeting_days(q),
	    .case_id = hub_arena_printf(x->arena, "%lld", (long long)x->meeting_case)};
	x->meeting_client = hub_people_identity(x->people, person);
	if ((rc = read_members(x, hub_db_str(q, 2), err)) || (rc = hub_db_next(q, err)) < 0)
		return rc;
	return rc == HUB_END ? HUB_OK : no_meeting(x, err);
}

static int open_detectors(struct hub_rowctx *x, struct hub_err *err)
{
	int detectors = 0;
	const int rc = hub_detect_version(x->spec->plugins, HUB_STR(""), x->version, err);

	for (size_t i = 0; i < hub_plugins_count(x->spec->plugins); i++)
		detectors += hub_plugins_at(x->spec->plugins, i)->kind == HUB_DETECTOR;
	return rc || !detectors ? rc : hub_detect_open(x->spec->plugins, NULL, &x->detect, err);
}

/* One short transaction, for a new recipient's key is drawn and kept. */
static int read_recipient(struct hub_rowctx *x, struct hub_err *err)
{
	const int rc = x->db->ops->begin(x->db, 1, err);

	return rc ? rc
		  : hub_db_end(x->db,
			       hub_recipient_read(x->arena, x->db, x->spec->profile, &x->to, err),
			       err);
}

int hub_rowctx_open(struct hub_rowctx *x, struct hub_store *s, const struct hub_release_spec *spec,
		    struct hub_release_counts *counts, struct hub_err *err)
{
	const struct hub_people_opt opt = {.day = spec->day, .feed_days = spec->feed_days};
	int64_t corrections = 0;
	int rc;

	*x = (struct hub_rowctx){.arena = hub_arena_new(ARENA_LIMIT),
				 .cases = hub_arena_new(ARENA_LIMIT),
				 .db = hub_store_db(s),
				 .schema = hub_store_schema(s),
				 .spec = spec,
				 .view = spec->profile->view,
				 .counts = counts};
	x->view.day = spec->day;
	x->rosters = x->arena && x->cases ? hub_map_new(x->cases) : NULL;
	if (!x->rosters)
		return hub_fail_mem(err);
	if ((rc = hub_store_index(s, err)) || (rc = read_recipient(x, err)) ||
	    (rc = hub_people_open(s, &opt, &x->people, err)) || (rc = read_meeting(x, err)) ||
	    (rc = hub_db_one(x->db, &corrections, err,
			     "SELECT count(*) FROM correction WHERE ended_at IS NULL", "")))
		return rc;
	x->corrected = corrections > 0;
	return open_detectors(x, err);
}

void hub_rowctx_close(struct hub_rowctx *x)
{
	hub_detect_close(x->detect);
	hub_people_close(x->people);
	hub_arena_free(x->cases);
	hub_arena_free(x->arena);
}
