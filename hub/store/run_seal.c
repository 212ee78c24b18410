/* The seal of a run that has ended: one hash over everything its row says and over the times and hashes of its
 * ledger, so that an altered column or a chunk cut off at the end is found. */
#include "store/db.h"
#include "store/store.h"

#define TEXTS "kind, input, content, mapping, schema, actor, counts, findings"
#define NUMBERS                                                                                 \
	"feed_id, system_id, bytes, state, lookup, \"full\", pid, begun_at, ended_at, undoes, " \
	"undone_by"
enum { N_TEXTS = 8, N_NUMBERS = 11, AT_SEAL = N_TEXTS + N_NUMBERS, AT_STATE = N_TEXTS + 3 };

static void add_null(struct hub_sha *s, struct hub_dbval v)
{
	const uint8_t there = v.type != HUB_DB_NULL;

	hub_sha_add(s, &there, 1);
}

static void add_columns(struct hub_sha *s, struct hub_query *q)
{
	for (uint32_t i = 0; i < AT_SEAL; i++) {
		const struct hub_dbval v = hub_db_val(q, i);
		const uint64_t n = v.s.len;
		add_null(s, v);
		if (i < N_TEXTS) {
			hub_sha_add(s, &n, sizeof n);
			hub_sha_add(s, v.s.ptr, v.s.len);
		} else {
			hub_sha_add(s, &v.i, sizeof v.i);
		}
	}
}

static int add_ledger(struct hub_sha *s, struct hub_db *db, int64_t run, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err, "SELECT hash FROM chunk WHERE run_id = ? ORDER BY seq",
			      "i", run);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		hub_sha_add(s, hub_db_str(q, 0).ptr, hub_db_str(q, 0).len);
	return rc == HUB_END ? HUB_OK : rc;
}

/* A run as it stands: what its seal must be, and which it has. */
struct sealed {
	uint8_t want[HUB_SHA256];
	int has, fits;
	int64_t state;
};

static int look(struct hub_db *db, int64_t run, struct sealed *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_sha *s;
	int rc = hub_db_query(
	    db, &q, err, "SELECT " TEXTS ", " NUMBERS ", seal FROM run WHERE id = ?", "i", run);

	if (rc || (rc = hub_db_next(q, err)))
		return rc;
	if (!(s = hub_sha_new()))
		return hub_fail_mem(err);
	hub_sha_add(s, &run, sizeof run);
	add_columns(s, q);
	rc = add_ledger(s, db, run, err);
	if (hub_sha_end(s, out->want) && !rc)
		rc = hub_fail_mem(err);
	const struct hub_dbval seal = hub_db_val(q, AT_SEAL);
	out->has = seal.type != HUB_DB_NULL;
	out->fits = hub_str_eq(seal.s, (struct hub_str){(const char *)out->want, HUB_SHA256});
	out->state = hub_db_int(q, AT_STATE);
	return rc;
}

int hub_run_seal(struct hub_db *db, int64_t run, struct hub_err *err)
{
	struct sealed s;
	const int rc = look(db, run, &s, err);

	return rc ? rc
		  : hub_db_run(db, err, "UPDATE run SET seal = ? WHERE id = ?", "bi",
			       (struct hub_str){(const char *)s.want, HUB_SHA256}, run);
}

int hub_run_seal_check(struct hub_db *db, int64_t run, struct hub_err *err)
{
	struct sealed s;
	int64_t old = 0;
	int rc = look(db, run, &s, err);

	if (rc || (s.has && s.fits) || (!s.has && s.state == HUB_RUN_ACTIVE))
		return rc;
	/* a run of before there were seals has none */
	if (!s.has && (rc = hub_db_one(db, &old, err,
				       "SELECT count(*) FROM meta WHERE name = 'sealed_from' AND"
				       " CAST(value AS INTEGER) > ?",
				       "i", run)))
		return rc;
	if (old)
		return HUB_OK;
	rc = hub_fail(err, HUB_INTEGRITY, "run-altered",
		      "run %lld: its row or the end of its ledger was altered", (long long)run);
	hub_hint(err, "The store was changed from outside: restore the last backup.");
	return rc;
}
