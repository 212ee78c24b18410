/* What a release reads before its first row: recipient, people, the meeting, detectors. */
#include "release/rowctx.h"

#include "base/clock.h"
#include "release/meeting.h"
#include "store/db.h"
#include "store/read.h"

enum { ARENA_LIMIT = 512 << 20 };

static int open_detectors(struct hub_rowctx *x, struct hub_err *err)
{
	const struct hub_plugins *p = x->spec->plugins;
	uint32_t detectors = 0;
	int rc;

	if ((rc = hub_plugins_open(p, HUB_DETECTOR, &detectors, err)) ||
	    (rc = hub_detect_version(p, HUB_STR(""), x->version, err)) || !detectors)
		return rc;
	return hub_detect_open_as(p, NULL, HUB_STR(""), hub_str_of(x->version), &x->detect, err);
}

/* A new recipient's key is drawn and kept: in the caller's transaction, or a short one. */
static int read_recipient(struct hub_rowctx *x, struct hub_err *err)
{
	const int own = !x->db->in_txn;
	int rc = own ? hub_db_begin(x->db, err) : HUB_OK;

	if (rc)
		return rc;
	rc = hub_recipient_read(x->arena, x->db, x->spec->profile, x->spec->keys, &x->to, err);
	return own ? hub_db_end(x->db, rc, err) : rc;
}

/* Those in force now, by the clock: they end by the hour. */
static int read_emergencies(struct hub_rowctx *x, struct hub_err *err)
{
	const struct hub_emergency_when when = {.from = hub_now(), .to = hub_now()};

	return hub_emergencies_read(x->arena, x->db, x->people, x->to.gate.id, &when,
				    &x->emergencies, &x->n_emergencies, err);
}

static int begin(struct hub_rowctx *x, struct hub_store *s, const struct hub_release_spec *spec,
		 struct hub_release_counts *counts, struct hub_err *err)
{
	*x = (struct hub_rowctx){.arena = hub_arena_new(ARENA_LIMIT),
				 .cases = hub_arena_new(ARENA_LIMIT),
				 .db = hub_store_db(s),
				 .schema = hub_store_schema(s),
				 .spec = spec,
				 .view = spec->profile->view,
				 .counts = counts};
	x->view.day = spec->day;
	x->rosters = x->arena && x->cases ? hub_map_new(x->cases) : NULL;
	return x->rosters ? HUB_OK : hub_fail_mem(err);
}

/* What is read once x->people is there. */
static int read_rest(struct hub_rowctx *x, struct hub_err *err)
{
	int64_t corrections = 0;
	int rc;

	if ((rc = hub_meeting_read(x->arena, x->db, x->people, x->spec->meeting, &x->meeting,
				   err)) ||
	    (rc = read_emergencies(x, err)) ||
	    (rc = hub_people_refuges(x->people, x->arena, x->to.barred_from, x->to.n_barred_from,
				     &x->refuges, err)) ||
	    (rc = hub_db_one(x->db, &corrections, err,
			     "SELECT count(*) FROM correction WHERE ended_at IS NULL", "")))
		return rc;
	x->corrected = corrections > 0;
	return HUB_OK;
}

int hub_rowctx_open(struct hub_rowctx *x, struct hub_store *s, const struct hub_release_spec *spec,
		    struct hub_release_counts *counts, struct hub_err *err)
{
	const struct hub_people_opt opt = {.day = spec->day, .feed_days = spec->feed_days};
	int rc = begin(x, s, spec, counts, err);

	if (rc || (rc = hub_store_index(s, err)) || (rc = read_recipient(x, err)) ||
	    (rc = hub_people_open(s, &opt, &x->people, err)) || (rc = read_rest(x, err)))
		return rc;
	return open_detectors(x, err);
}

int hub_rowctx_open_shared(struct hub_rowctx *x, struct hub_store *s,
			   const struct hub_release_spec *spec,
			   const struct hub_rowctx_shared *shared,
			   struct hub_release_counts *counts, struct hub_err *err)
{
	int rc = begin(x, s, spec, counts, err);

	if (rc)
		return rc;
	x->shared = 1;
	x->people = shared->people;
	x->detect = shared->detect;
	snprintf(x->version, sizeof x->version, "%s", shared->version);
	rc = read_recipient(x, err);
	return rc ? rc : read_rest(x, err);
}

void hub_rowctx_close(struct hub_rowctx *x)
{
	if (!x->shared) {
		hub_detect_close(x->detect);
		hub_people_close(x->people);
	}
	hub_arena_free(x->cases);
	hub_arena_free(x->arena);
}
