/* What a person has said about sharing (consent, refusal, withdrawal): rows that sources brought (cc_consent)
 * and entries that people recorded here (consent_entry).
 *
 * An entry recorded here takes the place of every statement about exactly the same recipient, category
 * and purpose that the hub knew before it, from the entry's own first day on: but a consent not that of a
 * no of a later day. What a source brings or changes later counts beside it; then the gate's rule for equally
 * specific ones decides (all must be given). A consent from before the day on which it was taken back never
 * counts again, in whatever order the hub hears of the two, nor one that does not say when it began. Nothing is ever overwritten, so that a past decision can be replayed: the day is the one that the
 * question is about, the database asked is the store or what it was at a moment (store/past.h). */
#ifndef HUB_RELEASE_STATEMENT_H
#define HUB_RELEASE_STATEMENT_H

#include "release/gate.h"
#include "store/db.h"

struct hub_statement {
	int entry; /* recorded here; 0: brought by a source */
	int gone;  /* a no that the source said and does not say any more (statement_before.c) */
	int64_t id, person, record, run, at;
	struct hub_str recipient, category, purpose, status, from, to, withdrawn_on, state;
	struct hub_str given_by, form, actor, reason; /* the last two of entries: of the run */
	int replaced; /* on the day: a later entry stands in its place */
};

/* One dimension of what a statement is about. */
static inline int hub_scope_has(struct hub_str scope, struct hub_str value)
{
	return hub_str_is(scope, "*") || hub_str_eq(scope, value);
}

struct hub_statements {
	struct hub_statement *at; /* in the order in which the hub heard of them */
	uint32_t n;
};

/* Whom refusals mean that sources brought (statement_meant.c): asked of the store once for each spelling. In the arena. */
struct hub_meant;
struct hub_meant *hub_meant_new(struct hub_arena *a, struct hub_db *db);
/* "*" for everybody; none when nobody is called so. */
int hub_meant_ids(struct hub_meant *m, struct hub_str typed, const struct hub_str **ids, size_t *n,
		  struct hub_err *err);

/* Statements of the cc_person rows that are one person, as db knows them (release/people.h: hub_people_db). In
 * the arena. m NULL: recipients as they were written. */
int hub_statements_read(struct hub_arena *a, struct hub_db *db, struct hub_meant *m,
			const int64_t *rows, uint32_t n_rows, struct hub_statements *out,
			struct hub_err *err);
/* Sets `replaced` as it is on a day. */
void hub_statements_settle(struct hub_statements *s, int32_t day);

/* One for each recipient that is meant, and for each narrower consent that a withdrawal ends; without a no of before that a
 * consent since has lifted. cap: of s->at. */
int hub_statements_meant(struct hub_arena *a, struct hub_meant *m, struct hub_statements *s,
			 size_t *cap, struct hub_err *err);
/* statement_end.c: consents of the dead end with the day of death, those that others gave for a child with its childhood. */
int hub_statements_end(struct hub_arena *a, struct hub_db *db, const int64_t *rows, uint32_t n_rows,
		       struct hub_statements *s, struct hub_err *err);

#endif
