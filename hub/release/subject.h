/* Whom a row of the store is about. */
#ifndef HUB_RELEASE_SUBJECT_H
#define HUB_RELEASE_SUBJECT_H

#include "release/cursor.h"
#include "release/people.h"

/* Rows of cc_person a row is about: its own person, its case's, itself, or everyone of a household. None:
 * nobody knows. Stays where it was read: id may point into it. */
struct hub_subjects {
	int64_t one;
	const int64_t *id; /* &one, or memory of people */
	uint32_t n;
};

int hub_subjects_read(struct hub_people *people, struct hub_db *db, const struct hub_entity *e,
		      const struct hub_source_row *row, struct hub_subjects *out,
		      struct hub_err *err);

#endif
