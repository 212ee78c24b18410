/* Inner part of find*.c: the words of a question. */
#ifndef HUB_RELEASE_FIND_IN_H
#define HUB_RELEASE_FIND_IN_H

#include "release/find.h"

/* One word or phrase. Those of one group are alternatives (OR). */
struct hub_find_term {
	struct hub_str folded;     /* hub_gram_fold */
	struct hub_str name, kana; /* keys to look for in names; empty: too short for a name */
	uint32_t group;
	int not ;
};
struct hub_find_words {
	struct hub_find_term term[HUB_FIND_TERMS];
	uint32_t n, groups;
};

int hub_find_words_read(struct hub_arena *a, struct hub_str text, struct hub_find_words *out,
			struct hub_err *err);
/* The text of a row as the viewer reads it, cut around the first of the words, with marks. Fills field,
 * snippet, mark of the hit. */
int hub_find_snippet(struct hub_rowctx *x, struct hub_arena *a, const struct hub_seen_row *row,
		     const struct hub_find_words *words, struct hub_hit *out, struct hub_err *err);

#endif
