/* What comes while a release runs: nothing leaves that somebody has closed since it was decided. */
#include "release/release_in.h"

#include "release/approval.h"
#include "store/db.h"

/* What somebody has closed, or masked. */
static const char *const closings[] = {
    "SELECT count(*) FROM protection_act",
    "SELECT count(*) FROM protection_act WHERE ended_at IS NOT NULL",
    "SELECT count(*) FROM meta WHERE name = 'protection_default' AND value = 'clear'",
    "SELECT count(*) FROM cc_protection",
    "SELECT count(*) FROM run WHERE restricts = 1",
    "SELECT count(*) FROM bar",
    "SELECT count(*) FROM consent_entry WHERE status <> 'given'",
    "SELECT count(*) FROM emergency WHERE ended_at IS NOT NULL",
    "SELECT count(*) FROM approval WHERE ended_at IS NOT NULL",
    "SELECT count(*) FROM correction WHERE action IN ('add', 'retype')",
    "SELECT count(*) FROM correction WHERE ended_at IS NOT NULL",
};

/* What sources have said no to, who lives with whom and where, contracts, and links made or ended: what holds for one row
 * holds for the other. */
static const char *const noes[] = {
    "SELECT count(*) FROM cc_consent WHERE withdrawn_on IS NOT NULL"
    " OR consent_status IN ('withdrawn', 'refused')",
    "SELECT count(*) FROM cc_protection WHERE coalesce(deleted, 0) = 0"
    " AND coalesce(protection_state, '') <> 'clear'",
    "SELECT count(*) FROM cc_household_member",
    "SELECT count(*) FROM cc_relationship",
    "SELECT count(*) FROM cc_agency",
    "SELECT count(*) FROM former",
    "SELECT count(*) FROM history WHERE entity IN ('consent', 'protection', 'person',"
    " 'household', 'household_member', 'relationship', 'agency')",
    "SELECT count(*) FROM run WHERE kind = 'undo' OR undone_by IS NOT NULL",
    "SELECT count(*) FROM person_link",
    "SELECT count(*) FROM person_link WHERE state <> 1",
};

/* All of them in one: a sum would stay as it is where one row goes as another comes. */
static int read_numbers(struct hub_db *db, const char *const *sql, size_t n, struct hub_hash *out,
			struct hub_err *err)
{
	int rc = HUB_OK;

	*out = (struct hub_hash){0, 0};
	for (size_t i = 0; i < n && !rc; i++) {
		int64_t number = 0;
		rc = hub_db_one(db, &number, err, sql[i], "");
		*out = hub_hash128((struct hub_str){(const char *)&number, sizeof number}, *out);
	}
	return rc;
}

static int read_closings(struct hub_db *db, struct hub_hash *out, struct hub_err *err)
{
	return read_numbers(db, closings, HUB_COUNT(closings), out, err);
}

/* Counted again only when a run or a link has brought something. */
static int read_noes(struct hub_releasing *r, struct hub_hash *out, struct hub_err *err)
{
	int64_t touched = 0;
	int rc =
	    hub_db_one(r->db, &touched, err,
		       "SELECT coalesce((SELECT value FROM counter WHERE name = 'facts'), 0)", "");

	*out = r->noes;
	if (rc || touched == r->touched)
		return rc;
	r->touched = touched;
	return read_numbers(r->db, noes, HUB_COUNT(noes), out, err);
}

static int is_same(struct hub_hash a, struct hub_hash b)
{
	return a.hi == b.hi && a.lo == b.lo;
}

int hub_release_watch(struct hub_releasing *r, struct hub_err *err)
{
	const int rc = read_closings(r->db, &r->closings, err);

	return rc ? rc : read_noes(r, &r->noes, err);
}

int hub_release_may_go_on(struct hub_releasing *r, struct hub_err *err)
{
	struct hub_hash closed, said;
	int rc = hub_release_may_run(r->db, err);

	if (rc || (rc = read_closings(r->db, &closed, err)) || (rc = read_noes(r, &said, err)) ||
	    (is_same(closed, r->closings) && is_same(said, r->noes)))
		return rc;
	rc = hub_fail(err, HUB_RETRY, "closed-meanwhile",
		      "a display restriction, bar, withdrawal, mask, approval or link has come, or "
		      "people or agencies have changed, while it ran");
	hub_hint(err, "Run it again.");
	return rc;
}
