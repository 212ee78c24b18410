/* What a person has said about sharing (consent, refusal, withdrawal), as the hub knew it at a moment:
 * rows that sources brought (cc_consent) and entries that people recorded here (consent_entry).
 *
 * An entry recorded here takes the place of every statement about exactly the same recipient, category
 * and purpose that the hub knew before it, from the entry's own first day on. What a source brings or
 * changes later counts beside it; then the gate's rule for equally specific ones decides (all must be
 * given). Nothing is ever overwritten, so that a past decision can be replayed: `day` is the day the
 * question is about, `known` the moment up to which the hub had heard of it. */
#ifndef HUB_RELEASE_STATEMENT_H
#define HUB_RELEASE_STATEMENT_H

#include "release/gate.h"
#include "store/db.h"

struct hub_statement {
	int entry; /* recorded here; 0: brought by a source */
	int64_t id, person, record, run, at;
	struct hub_str recipient, category, purpose, status, from, to, withdrawn_on, state;
	struct hub_str given_by, form, actor, reason; /* the last two of entries: of the run */
	int replaced; /* on the day: a later entry stands in its place */
};

struct hub_statements {
	struct hub_statement *at; /* in the order in which the hub heard of them */
	uint32_t n;
};

/* Statements of the cc_person rows that are one person. known: seconds since 1970, 0: all that is known
 * now. In the arena. Of rows that a source brought, the past is read from the history of runs; a run
 * that was taken back counts as if it had never been. */
int hub_statements_read(struct hub_arena *a, struct hub_db *db, const int64_t *rows,
			uint32_t n_rows, int64_t known, struct hub_statements *out,
			struct hub_err *err);
/* Sets `replaced` as it is on a day. */
void hub_statements_settle(struct hub_statements *s, int32_t day);

/* statement_past.c, for statement.c: the rows of sources as they were. s: as they are; the ones that
 * were not known yet are taken out, those that are gone by now are added. */
int hub_statements_past(struct hub_arena *a, struct hub_db *db, const int64_t *rows,
			uint32_t n_rows, int64_t known, struct hub_statements *s,
			struct hub_err *err);
/* statement_death.c: consents of the dead end with the day of death. */
int hub_statements_end(struct hub_arena *a, struct hub_db *db, const int64_t *rows, uint32_t n_rows,
		       int64_t known, struct hub_statements *s, struct hub_err *err);

#endif
