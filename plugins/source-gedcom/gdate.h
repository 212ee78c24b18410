/* Dates of GEDCOM in words that the hub's date function knows. */
#ifndef SOURCE_GEDCOM_GDATE_H
#define SOURCE_GEDCOM_GDATE_H

#include <hub/plugin.h>

enum { GDATE_TEXT = 64 };

/* "1 APR 1911" -> 1911-04-01, "ABT 1950" -> 1950年頃, "BET 1950 AND 1955" -> 1950～1955. 0, or -1 for what has
 * no such word (another calendar, BEF, AFT, a phrase): it stays as written. */
int gdate_text(struct hub_str v, char out[GDATE_TEXT]);

#endif
