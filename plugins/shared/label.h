/* Labels of forms and lists of them in options: "利用者名 = B1, 年度 = D1". No memory of their own. */
#ifndef PLUGINS_SHARED_LABEL_H
#define PLUGINS_SHARED_LABEL_H

#include <hub/plugin.h>

/* One item of a list, parted by any of `between` (LABEL_COMMAS, LABEL_LINES), and at its first "=". right.ptr NULL:
 * it has none. 0 at the end of the list. */
#define LABEL_COMMAS ",;\n"
#define LABEL_LINES  ";\n"
int label_next(struct hub_str *rest, const char *between, struct hub_str *left,
	       struct hub_str *right);
/* Equal but for blanks, half and full width, and line ends. */
int label_same(struct hub_str a, struct hub_str b);
/* Without blanks, half and full width, and line ends around it. */
struct hub_str label_trim(struct hub_str s);

#endif
