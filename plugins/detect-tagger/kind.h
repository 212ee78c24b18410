/* What only says what is done somewhere, and for whom: 認知症疾患医療センター, 夜間対応型訪問介護. */
#ifndef TAGGER_KIND_H
#define TAGGER_KIND_H

#include "jtext.h"
#include "tag.h"

/* Is a span of a facility of a text (folded) a kind, and no name? Not between quotation marks; 0, too, when the pool has
 * no memory. */
int kind_is(struct hub_str norm, const struct tag_span *facility, const struct jpool *pool);

#endif
