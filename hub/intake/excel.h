/* What a spreadsheet does to a CSV cell on its way through: it opens, guesses a type, and writes
 * what it shows. A reject file comes back that way, and nobody wants those cells to count as edited. */
#ifndef HUB_INTAKE_EXCEL_H
#define HUB_INTAKE_EXCEL_H

#include "base/str.h"

/* 1 when `now` is what a spreadsheet makes of `was` untouched: leading zeros dropped, trailing .0
 * dropped, large numbers as 1.23E+11 or rounded to 15 digits, dates and times written anew (2024-04-01
 * as 2024/4/1, 1-2 as 1月2日 or 2-Jan), line ends inside cells. Both are UTF-8. */
int hub_excel_same(struct hub_str was, struct hub_str now);

/* What a spreadsheet shows in place of a value: #N/A, #REF!, ########. */
int hub_excel_error(struct hub_str cell);
/* A number as it shows large ones: which of all that begin so it was, nobody knows. */
int hub_excel_rounded(struct hub_str cell);

/* Whether a spreadsheet would run the cell as a formula; such cells are written with ' in front. */
int hub_excel_formula(struct hub_str cell);

/* ="002" and '002 are how systems keep a spreadsheet from taking the zeros of 002: what stands in it. */
struct hub_str hub_excel_kept(struct hub_str cell);

#endif
