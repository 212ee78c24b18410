/* What an auditor looks for in a month of the log (操作ログの点検): work at night and on holidays, mass reads,
 * recipients that are new, protection and emergencies, values shown on a screen, failures and refusals. */
#ifndef HUB_RELEASE_AUDIT_INSPECT_H
#define HUB_RELEASE_AUDIT_INSPECT_H

#include "base/arena.h"
#include "store/db.h"
#include "text/holiday.h"

enum hub_finding {
	HUB_FIND_NIGHT = 0,
	HUB_FIND_HOLIDAY,
	HUB_FIND_MASS, /* as many as the limit: rows in one release, or rows and cases in one day of one person */
	HUB_FIND_NEW,     /* a recipient that never got anything before */
	HUB_FIND_GUARD,   /* protection, bars, emergencies, keys, the general stop */
	HUB_FIND_REVEAL,  /* stored values shown to a person */
	HUB_FIND_UNMASK,  /* a mask that a person took off a text, or made another */
	HUB_FIND_UNASKED, /* left masked without consent, confirmed by a person */
	HUB_FIND_ACCOUNT, /* accounts, passwords, second factors, roles, tokens; a file of roles of somebody's own */
	HUB_FIND_BACK, /* a run taken back: what it had closed may be open again */
	HUB_FIND_PAST, /* a consent recorded for a day that was past */
	HUB_FIND_FAILURE,
	HUB_FINDINGS,
};

struct hub_inspect_ask {
	int64_t from, to; /* seconds, to exclusive */
	const struct hub_holidays *holidays;
	unsigned night_from, night_to; /* hours in Japan: 22 and 6 */
	int64_t mass;
};

/* One entry of the log, and every reason to look at it. */
struct hub_inspected {
	int64_t seq, at, rows;
	struct hub_str actor, action, object, detail;
	unsigned findings; /* mask of 1u << enum hub_finding */
};

/* Entries of the months with a finding, in order. In the arena. */
int hub_audit_inspect(struct hub_arena *a, struct hub_db *db, const struct hub_inspect_ask *ask,
		      struct hub_inspected **out, uint32_t *n, struct hub_err *err);

/* Stable word ("night"); and for people, to be translated. */
const char *hub_finding_name(enum hub_finding f);
const char *hub_finding_text(enum hub_finding f);

#endif
