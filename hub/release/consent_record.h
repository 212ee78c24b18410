/* Recording what a person said about sharing: consent, withdrawal, or that a consent has run out. Each
 * call is a run of its own (kind "consent"), listed by `tsunagi runs` and taken back by `tsunagi undo`;
 * and an entry of the audit log. */
#ifndef HUB_RELEASE_CONSENT_RECORD_H
#define HUB_RELEASE_CONSENT_RECORD_H

#include "release/statement.h"
#include "store/store.h"

enum hub_consent_act {
	HUB_ACT_GRANT,
	HUB_ACT_WITHDRAW, /* also every consent in force within the scope */
	HUB_ACT_EXPIRE,   /* consents in force within the scope count for nothing from the day on */
};

struct hub_consent_spec {
	enum hub_consent_act act;
	int64_t person;                              /* cc_person row */
	struct hub_str recipient, category, purpose; /* the scope; "*": any */
	struct hub_str from, to;                     /* ISO days; to empty: open */
	struct hub_str given_by, form;               /* may be empty */
	struct hub_str actor, reason;
};

struct hub_consent_recorded {
	int64_t run;
	uint32_t entries;
	int64_t recalls; /* tasks for what has left already */
};

/* In the caller's transaction, so that it can be tried and rolled back. HUB_USAGE: nothing in force
 * that could run out. */
int hub_consent_record(struct hub_store *s, const struct hub_consent_spec *spec,
		       struct hub_consent_recorded *out, struct hub_err *err);

/* cc_person row of a text: number of the row, key in its system, or number of a case. HUB_USAGE when none
 * or several fit. */
int hub_person_find(struct hub_db *db, struct hub_str text, int64_t *row, struct hub_err *err);

#endif
