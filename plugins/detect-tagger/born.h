/* Somebody's date of birth that nothing but the name in front of it tells: 長尾アサノ(1951/7/30、要介護1). */
#ifndef TAGGER_BORN_H
#define TAGGER_BORN_H

#include "jtext.h"
#include "tag.h"

/* Looks behind a span of a person for a birth in the text (folded); 1 and what it found, 0 when there is none or no
 * memory in the pool. */
int born_behind(struct hub_str norm, const struct tag_span *person, const struct jpool *pool,
		struct tag_span *out);

#endif
