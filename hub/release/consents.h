/* Consents of a person as the store has them, brought into the form of the gate. What cannot be read
 * never gives anything and never takes a refusal away. */
#ifndef HUB_RELEASE_CONSENTS_H
#define HUB_RELEASE_CONSENTS_H

#include "release/people.h"
#include "release/statement.h"

/* Fills in the consents of a person that count on a day, from the person's id and rows. In the arena. */
int hub_consents_read(struct hub_arena *a, struct hub_db *db, struct hub_meant *m,
		      struct hub_person_facts *f, int32_t day, struct hub_err *err);

/* One row of cc_consent. Texts may be empty; state is the column of the same name (store/tables.h). */
struct hub_consent_row {
	struct hub_str recipient, category, purpose, status, from, to, withdrawn_on, state;
};
/* A given consent with a day of withdrawal becomes two. Returns how many (1 or 2). */
uint32_t hub_consent_of(const struct hub_consent_row *row, struct hub_str person,
			struct hub_consent out[2]);

/* Does a statement say something about the day, and no later entry stands in its place? */
int hub_statement_in_force(const struct hub_statement *s, int32_t day);

#endif
