/* Names as they are said: spelled kana by kana (た・か・は・し), quoted, and what somebody is called. They say so by their form,
 * whatever the model makes of their characters. */
#ifndef TAGGER_SAID_H
#define TAGGER_SAID_H

#include "tag.h"

/* Adds them to what has been found in t->seq. */
void said_find(struct tag *t);

#endif
