/* Facilities by the end of their names: a school, a station, a temple says what it is, and what stands in front of
 * that word belongs to its name. */
#ifndef TAGGER_FACILITY_H
#define TAGGER_FACILITY_H

#include "seq.h"

enum { FACILITY_SLOTS = 1024 };

/* Hashes of words; 0: free. */
struct facility_set {
	uint32_t slot[FACILITY_SLOTS];
};

struct facility {
	struct facility_set end; /* of the characters from the last to the first */
	struct facility_set plain, owner;
	uint64_t last[FACILITY_SLOTS / 64]; /* a bit for the last character of each end */
};

/* A name that may be a facility's: characters [from, to), the last `end` of which say what it is. */
struct facility_name {
	uint32_t from, to, end;
};

void facility_init(struct facility *f);
/* Length of what says that characters [.., to) are a facility; 0: nothing does. */
uint32_t facility_end(const struct facility *f, const struct seq *s, uint32_t to);
/* The longest name that word k ends; found[i] not 0: character i is known to be of a name. 0: no facility. */
int facility_find(const struct facility *f, const struct seq *s, uint32_t k, const uint8_t *found,
		  struct facility_name *out);
/* Moves name->from behind words that stand in front of any facility: 市立, 老人, 近隣. 0 when nothing is left. */
int facility_strip(const struct facility *f, const struct seq *s, struct facility_name *name);

/* A mark between two words in katakana that makes them one name: ペイン・フィールド. */
int facility_joins(const struct seq *s, uint32_t i);

#endif
