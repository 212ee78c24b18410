/* A registry is looked up, not copied: of a source marked `lookup` only those records come in that are
 * about a person of a case (same 宛名番号, insured number, or name and birth date) or about the household
 * of one. Two passes over the file: the first finds the households, the second is the run itself. */
#ifndef HUB_INTAKE_LOOKUP_H
#define HUB_INTAKE_LOOKUP_H

#include "intake/pipeline.h"
#include "plugin/host.h"

struct hub_lookup;

/* Persons of cases as the store knows them; for a feed without households also who lives with them.
 * hash (room for 65): over all of them, so that a new case makes the same file another run. */
int hub_lookup_load(struct hub_arena *a, struct hub_store *s, const struct hub_bound *b,
		    struct hub_lookup **out, char *hash, struct hub_err *err);
/* The first pass, over an instance of its own: households of the records that match. */
int hub_lookup_pass(struct hub_lookup *l, const struct hub_bound *b, struct hub_instance *source,
		    struct hub_err *err);
/* Between hub_map_keys and the rest: records of nobody we know become OUTSIDE and are forgotten. Reads
 * only; any number of threads. */
int hub_lookup_filter(const struct hub_lookup *l, const struct hub_bound *b, struct hub_chunk *c,
		      struct hub_err *err);

#endif
