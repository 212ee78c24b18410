/* Whose rows are decided together: everybody that links, households, relations and the rows of a case tie to each other,
 * as groups. A group's sum covers all that a decision about any row of the group reads of the store, whoever
 * wrote it: rows of records, consents, protection, links, corrections; not what is found in texts, which follows from
 * it. While the sum is the same, so is what a viewer may see of these rows (release/sight.h). Reads the whole store
 * once, which is quick beside deciding about it. One thread; then it stays as it is. */
#ifndef HUB_RELEASE_KIN_H
#define HUB_RELEASE_KIN_H

#include "base/hash.h"
#include "store/db.h"
#include "store/tables.h"

struct hub_kin;

/* In a transaction of its own unless there is one. Lives until hub_kin_free; NULL is fine there. */
int hub_kin_read(struct hub_db *db, const struct hub_schema *schema,
		 const struct hub_entity_tables *tables, struct hub_kin **out, struct hub_err *err);
void hub_kin_free(struct hub_kin *k);
static inline void hub_auto_kin(struct hub_kin **k)
{
	hub_kin_free(*k);
}

/* Groups are numbers below hub_kin_groups(). UINT32_MAX: nothing is known of such a row. */
uint32_t hub_kin_groups(const struct hub_kin *k);
int hub_kin_is_group(const struct hub_kin *k, uint32_t group); /* the numbers have gaps */
uint32_t hub_kin_group(const struct hub_kin *k, const struct hub_entity *e, int64_t row);
struct hub_hash hub_kin_sum(const struct hub_kin *k, uint32_t group);
/* Over all rows of the register of agencies, which counts for every decision. */
struct hub_hash hub_kin_agencies(const struct hub_kin *k);
const struct hub_entity *hub_kin_person(const struct hub_kin *k);
/* Ids of the rows of an entity, ascending. */
const int64_t *hub_kin_rows(const struct hub_kin *k, const struct hub_entity *e, size_t *n);

/* Sums of sets: the order does not count. */
static inline struct hub_hash hub_hash_add(struct hub_hash a, struct hub_hash b)
{
	return (struct hub_hash){a.hi + b.hi + (a.lo + b.lo < a.lo), a.lo + b.lo};
}

#endif
