/* Labels in running text: what stands around and behind them. */
#ifndef SOURCE_DOCX_BEHIND_H
#define SOURCE_DOCX_BEHIND_H

#include <hub/plugin.h>

/* Bytes of the blanks at the beginning of s; *wide: more than one, or a tab, as between two things of a line. */
size_t behind_blanks(struct hub_str s, int *wide);
/* A label without brackets and marks around it: 【氏名】. *closed: a bracket ends it. */
struct hub_str behind_bare(struct hub_str s, int *closed);
/* Whether a colon comes soon enough to end a label. */
int behind_has_colon(struct hub_str s);
/* Whether it begins with the name of a number: ケースNo.　A-12, 利用者番号 0012. */
int behind_names_number(struct hub_str s);
/* What follows a label that the text begins with, in the same line or on those below; ptr NULL: it does not. A label
 * alone: length 0. blank_will_do: 氏名　甲野 needs no colon. */
struct hub_str behind(struct hub_str text, struct hub_str label, int blank_will_do);

#endif
