/* Spans of several detectors made one list without overlap. */
#ifndef HUB_PLUGIN_MERGE_H
#define HUB_PLUGIN_MERGE_H

#include "base/arena.h"

#include <hub/plugin.h>

/* Another one for other spans out of the same: texts that were searched with the one before are searched again. */
#define HUB_MERGE_VERSION "4"

/* Merges s[0..n), which may be in any order. *out (arena a) is in order of document and place.
 *
 * What overlaps becomes one span with the type and person of the surest, so that an address or a facility is
 * covered from its first end to its last; what looks like a name at the begin of an address is its town, and of a guess
 * that a surer name ends (店員依光氏) only that name is kept. Where a
 * name of the roster goes on (山田 花子 is known, 山田浩 or 山田医院 is written) nobody is known whose it is, and an address or a facility stays one; a whole name that the roster has
 * (山田花子宅) keeps its ends. Two things are not swallowed: a number (telephone, mail, birth date, id),
 * whose shape says where it ends, and what is masked beside an organisation, which is not. There the other span is
 * cut, and what is left of it stays a span of its own. -1 when out of memory. */
int hub_spans_merge(struct hub_arena *a, const struct hub_doc *docs, struct hub_span *s, size_t n,
		    struct hub_span **out, size_t *kept);

/* Sorts spans by document, start and end; equal ones stay in their order. Quick where the documents are in order
 * already, with a few spans of each. */
void hub_spans_sort(struct hub_span *s, size_t n);

#endif
