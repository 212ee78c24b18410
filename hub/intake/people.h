/* What links records of different systems that are about one person. */
#ifndef HUB_INTAKE_PEOPLE_H
#define HUB_INTAKE_PEOPLE_H

#include "store/rows.h"

/* 64 bits over the folded name and the birth date; 0 when they do not single a person out: the date is
 * not a full one, the name is a family name only, or characters of it cannot be read. */
uint64_t hub_person_match(struct hub_arena *a, struct hub_str name, struct hub_str birth_date);
/* Sets match of every person block of a chunk. -1: out of memory. */
int hub_people_match(struct hub_chunk *c);

#endif
