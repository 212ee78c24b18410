/* Questions to what a viewer may find (release/sight.h): words, filters, facets, snippets; and cases that are
 * like one of them. x is the viewer's context with which the sight was made; facts are those of that moment, but a
 * snippet is rendered, and so decided, anew. */
#ifndef HUB_RELEASE_FIND_H
#define HUB_RELEASE_FIND_H

#include "release/sight.h"

/* Counts below this say -1; and one more of a facet with a single such count, which the total would tell. */
enum { HUB_FIND_FEW = 5, HUB_FIND_MOST = 200, HUB_FIND_TERMS = 32 };

/* The answer lives in the arena. HUB_USAGE: bad-words, bad-day, bad-cursor. */
int hub_find_run(struct hub_sight *s, struct hub_rowctx *x, struct hub_arena *a,
		 const struct hub_find *q, const struct hub_hits **out, struct hub_err *err);
/* Place in s->cases by number or key; UINT32_MAX: none that may be seen. */
uint32_t hub_find_case(struct hub_sight *s, struct hub_rowctx *x, struct hub_arena *a,
		       struct hub_str case_no);
/* Label of a value for people. Static, of the schema, or the value. */
struct hub_str hub_find_label(const struct hub_sight *s, const struct hub_schema *schema,
			      enum hub_facet f, uint32_t at);
/* Marks the rows one of whose texts holds the phrase (folded) in `in` (s->rows bytes). */
int hub_find_mark(struct hub_sight *s, struct hub_rowctx *x, struct hub_str phrase, uint8_t *in,
		  struct hub_err *err);

#endif
