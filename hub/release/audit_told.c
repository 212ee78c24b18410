/* What happened, as the tables say, and what the log tells of it: who cuts the end of the log off and writes its head anew has to
 * undo all of it as well. Each was written in one transaction with its entry. */
#include "release/audit.h"

static const struct {
	const char *what;
	const char *missing; /* SQL: how many have no entry; negative: there are more entries */
} told[] = {
    {HUB_N("releases"),
     "SELECT count(*) FROM release r LEFT JOIN (SELECT DISTINCT object FROM audit WHERE action IN"
     " ('release', 'release-failed', 'release-refused')) a ON a.object = 'release ' || r.id"
     " WHERE r.state IN (2, 3, 4) AND a.object IS NULL"},
    {HUB_N("consents"), "SELECT (SELECT count(*) FROM run WHERE kind = 'consent') - (SELECT"
			" count(*) FROM audit WHERE action IN ('consent-grant',"
			" 'consent-withdraw', 'consent-expire'))"},
    {HUB_N("bars"), "SELECT (SELECT count(*) FROM bar) - (SELECT count(*) FROM audit WHERE"
		    " action = 'recipient-bar')"},
    {HUB_N("display restrictions"),
     "SELECT (SELECT count(*) FROM protection_act WHERE what = 'protect') - (SELECT count(*) FROM"
     " audit WHERE action = 'protection-protect')"},
    {HUB_N("display restrictions lifted"),
     "SELECT (SELECT count(*) FROM protection_act WHERE what = 'clear' AND second IS NOT NULL)"
     " - (SELECT count(*) FROM audit WHERE action = 'protection-clear')"},
    {HUB_N("emergencies"), "SELECT (SELECT count(*) FROM emergency) - (SELECT count(*) FROM audit"
			   " WHERE action = 'emergency-ask')"},
    {HUB_N("accounts"), "SELECT (SELECT count(*) FROM account) - (SELECT count(*) FROM audit WHERE"
			" action = 'account-add')"},
    {HUB_N("recalls settled"), "SELECT (SELECT count(*) FROM recall WHERE state = 3) - (SELECT"
			       " count(*) FROM audit WHERE action = 'recall-done')"},
};

int hub_audit_told(struct hub_db *db, struct hub_err *err)
{
	int64_t n = 0;
	int rc = HUB_OK;

	for (size_t i = 0; i < HUB_COUNT(told) && !rc; i++) {
		if ((rc = hub_db_one(db, &n, err, told[i].missing, "")) || n <= 0)
			continue;
		rc = hub_fail(err, HUB_INTEGRITY, "audit-silent",
			      "audit log: %lld %s are in the store and not on the log",
			      (long long)n, hub_tr(told[i].what));
		hub_hint(err, "The end of the log was cut off and its head written anew. Stop "
			      "releases (`tsunagi release stop`) and compare with a backup.");
	}
	return rc;
}
