/* Inner part of statement*.c. */
#ifndef HUB_RELEASE_STATEMENT_IN_H
#define HUB_RELEASE_STATEMENT_IN_H

#include "base/map.h"
#include "release/statement.h"

struct hub_meant {
	struct hub_arena *arena;
	struct hub_db *db;
	struct hub_map *typed; /* -> struct ids * */
	struct hub_map
	    *before; /* statement_before.c: person -> struct said_before *; NULL: not read yet */
};

/* Adds what sources said no to before and do not say any more, of the person row. */
int hub_statements_before(struct hub_arena *a, struct hub_meant *m, struct hub_db *db,
			  int64_t person, struct hub_statements *s, size_t *cap,
			  struct hub_err *err);

/* Does the consent begin after the no? One that does not say when never does, nor one of a vague day that may be before. */
int hub_statement_is_after(const struct hub_statement *given, const struct hub_statement *no);

/* Is the no of a later day than the consent? A refusal that does not say when never is. */
int hub_statement_is_later(const struct hub_statement *no, const struct hub_statement *given);

static inline int hub_statement_takes_back(const struct hub_statement *s)
{
	return hub_str_is(s->status, "withdrawn") || s->withdrawn_on.len;
}

#endif
