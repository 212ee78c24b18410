/* A name found once in a text is the same name where it stands alone later on. */
#ifndef TAGGER_SPREAD_H
#define TAGGER_SPREAD_H

#include "tag.h"

enum { SPREAD_NAMES = 64, SPREAD_SPANS = 1024 };

/* What was found in one text; about 20 KB. */
struct spread {
	struct hub_str name[SPREAD_NAMES]; /* borrowed from the text */
	uint32_t names;
	struct {
		uint32_t from, to;
	} span[SPREAD_SPANS]; /* in order of place; later ones are forgotten */
	uint32_t spans;
};

void spread_reset(struct spread *p);
/* Remembers a span, and its name, surname and given name when they are long enough to be known again. */
void spread_add(struct spread *p, struct hub_str norm, const struct tag_span *s);
/* Calls found() for the other places of the names; as tag_text(). */
int spread_run(const struct spread *p, struct hub_str norm,
	       int (*found)(void *, const struct tag_span *), void *self);

#endif
