/* Whom a row of the store is about. */
#ifndef HUB_RELEASE_SUBJECT_H
#define HUB_RELEASE_SUBJECT_H

#include "release/cursor.h"
#include "release/people.h"

/* Rows of cc_person a row is about: its own person, its case's, itself, or everyone of a household. None:
 * nobody knows. *ids is *one, or memory of people. */
int hub_subject_ids(struct hub_people *people, struct hub_db *db, const struct hub_entity *e,
		    const struct hub_source_row *row, int64_t *one, const int64_t **ids,
		    uint32_t *n, struct hub_err *err);

#endif
