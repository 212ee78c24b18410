/* How much dearer than another a reading of a character is. A stretch is cut into words in the cheapest way; what the
 * cheapest way costs that has a name there, less what the cheapest costs that has none, says how near the dictionary
 * came to read one. */
#ifndef TAGGER_MARGIN_H
#define TAGGER_MARGIN_H

#include "lattice.h"

/* Fills in s->name, s->given, s->place and s->cut. The lattice is built; its cheapest path ends at `end`, at that
 * cost. */
void margin_mark(struct words *w, struct seq *s, uint32_t end, int32_t cost);

#endif
