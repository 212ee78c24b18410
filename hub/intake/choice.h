/* Choices as people write them into a cell: with the number of the form in front, several in one cell. */
#ifndef HUB_INTAKE_CHOICE_H
#define HUB_INTAKE_CHOICE_H

#include "base/str.h"
#include "store/schema.h"

/* What separates the choices of one cell, unless a mapping says otherwise. */
#define HUB_CHOICE_SEPARATORS ";；、，,・／/"

/* The code of one choice: as the list has it, or behind the number of the form (1.男, 1 男, ①男, （1）男).
 * NULL: it is none. */
const struct hub_code *hub_choice_find(const struct hub_codes *list, struct hub_str text);

/* The marked ones of a cell with boxes (□男 ☑女), or with numbers of which some are in a circle (①男 2 女), at most max; 0: nothing is marked. -1: one is none of the list, or there are
 * more. What was written into the room behind a label (その他（友人）) does not count; *detail: there was some. */
int hub_choice_boxes(const struct hub_codes *list, struct hub_str text,
		     const struct hub_code **code, int max, int *detail);
/* Whether there are boxes in it, or such numbers. */
int hub_choice_has_boxes(struct hub_str text);

/* Cuts the next piece that is not blank off *rest; 0 when nothing is left. */
int hub_choice_piece(struct hub_str seps, struct hub_str *rest, struct hub_str *piece);

/* Cuts the next choice off *rest; 0 when nothing is left. A label may hold a separator itself
 * (健康・医療): the longest one counts. *code is NULL when the next piece is no choice. */
int hub_choice_next(const struct hub_codes *list, struct hub_str seps, struct hub_str *rest,
		    const struct hub_code **code);

#endif
