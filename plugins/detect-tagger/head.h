/* What stands glued to a name in front of it, in terse notes, and says who it is of: 訪看|刈谷, 福祉用具|岡田, 発見者|磯. */
#ifndef TAGGER_HEAD_H
#define TAGGER_HEAD_H

#include "tag.h"

/* Its length at the begin of [from, to), which was taken for one name; 0: none. */
uint32_t head_of(const struct tag *t, uint32_t from, uint32_t to);

#endif
