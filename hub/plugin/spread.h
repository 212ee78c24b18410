/* A name that was found in one place of a text is a name in its other places, too. */
#ifndef HUB_PLUGIN_SPREAD_H
#define HUB_PLUGIN_SPREAD_H

#include "base/arena.h"

#include <hub/plugin.h>

/* s[0..n): merged spans of all docs (plugin/merge.h). *out (arena a) gets them and further spans: where the
 * letters of a PERSON span that is sure enough stand again in the same text without being the inside of a
 * word. What is added overlaps nothing, but is not in order: merge again when *total > n. Who it is goes with
 * it, less sure. -1 when out of memory. */
int hub_spans_spread(struct hub_arena *a, const struct hub_doc *docs, const struct hub_span *s,
		     size_t n, struct hub_span **out, size_t *total);

#endif
