/* What the layout of a form does to a text. Internal to detect-pattern. */
#ifndef DETECT_PATTERN_LAYOUT_H
#define DETECT_PATTERN_LAYOUT_H

#include "jwords.h"

enum { LAYOUT_CIRCLE = 0x2460 }; /* what ① and its like are then */

/* Takes the spaces out of words that are spread (生 年 月 日, 昭 和 1 2 年), and the digit out of ① and its like, which
 * count and belong to no number. text: as it was written. */
void layout_undo(struct jtext *t, struct hub_str text);

#endif
