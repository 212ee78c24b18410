#include "release/waiting.h"

static const struct {
	const char *count; /* SQL */
	const char *what, *command;
} waits[] = {
    {"SELECT count(*) FROM meta WHERE name = 'release_stop'", HUB_N("all releases are stopped"),
     "tsunagi release resume"},
    {"SELECT count(*) FROM approval WHERE approver IS NULL AND ended_at IS NULL",
     HUB_N("versions that somebody else has to approve"), "tsunagi release list"},
    {"SELECT count(*) FROM emergency WHERE confirmed_by IS NULL AND ended_at IS NULL",
     HUB_N("emergencies that a second person has to confirm"), "tsunagi release emergency list"},
    {"SELECT count(*) FROM protection_act WHERE what = 'clear' AND second IS NULL"
     " AND ended_at IS NULL",
     HUB_N("protections that a second person has to lift"), "tsunagi audit list"},
    {"SELECT count(*) FROM recall c JOIN run u ON u.id = c.run_id"
     " WHERE u.undone_by IS NULL AND c.state = 1",
     HUB_N("recipients that hold what was withdrawn"), "tsunagi release recalls"},
    {"SELECT count(*) FROM resident_event WHERE done_at IS NULL AND reversed_by IS NULL",
     HUB_N("events of the resident registry"), "tsunagi resident"},
};

int hub_release_waiting(struct hub_db *db, struct hub_buf *out, struct hub_err *err)
{
	int64_t n = 0;
	int rc = HUB_OK;

	for (size_t i = 0; i < HUB_COUNT(waits) && !rc; i++) {
		rc = hub_db_one(db, &n, err, waits[i].count, "");
		if (!rc && n)
			hub_buf_printf(out, "%s: %lld  (%s)\n", hub_tr(waits[i].what), (long long)n,
				       waits[i].command);
	}
	return rc;
}
