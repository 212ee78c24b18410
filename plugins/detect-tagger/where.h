/* How sure a name has to be for where it stands: a sentence begins with a thing more often than with a name that is little
 * believed, and so does what something is told of (梅の実). */
#ifndef TAGGER_WHERE_H
#define TAGGER_WHERE_H

#include "tag.h"

/* The probability that the likeliest character of [from, to), which was taken for a person, has to have; 0: any. */
float where_least(const struct tag *t, uint32_t from, uint32_t to);

#endif
