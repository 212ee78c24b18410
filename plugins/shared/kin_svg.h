/* Genogram and ecomap as SVG, with the symbols of the field: square male, circle female, diamond not known,
 * the client's doubled, the dead crossed; one slash separated, two divorced, dashed not married or not by
 * birth; a dashed frame around those who live together. */
#ifndef PLUGINS_SHARED_KIN_SVG_H
#define PLUGINS_SHARED_KIN_SVG_H

#include "kin.h"

#include <stdio.h>

enum { KIN_GENOGRAM = 1, KIN_ECOMAP = 2 };

/* Writes one <svg> element with what is wanted (mask of both). k is settled and laid out. */
void kin_svg(const struct kin *k, int what, FILE *out);
/* Text with <, > and & as XML writes them; what XML cannot hold becomes U+FFFD. */
void kin_put_text(FILE *out, struct hub_str s);

#endif
