/* Genogram and ecomap with the symbols of the field: square male, circle female, diamond not known, the
 * client's doubled, the dead crossed; one slash separated, two divorced, dashed not married or not by birth;
 * a dashed frame around those who live together. What they are drawn with is kin_pen.h. */
#ifndef PLUGINS_SHARED_KIN_DRAW_H
#define PLUGINS_SHARED_KIN_DRAW_H

#include "kin.h"

#include <stdio.h>

enum { KIN_GENOGRAM = 1, KIN_ECOMAP = 2 };

/* Writes one picture with what is wanted (mask of both). k is settled and laid out. */
void kin_draw(const struct kin *k, int what, FILE *out);
/* Text with <, > and & as XML writes them; what XML cannot hold becomes U+FFFD. */
void kin_put_text(FILE *out, struct hub_str s);

#endif
