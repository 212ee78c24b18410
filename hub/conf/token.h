/* The small pieces of the configuration scanner (scan.c, and nobody else): a cursor over the text of
 * one file, blanks and comments, single values, and the text that libconfig gets. */
#ifndef HUB_CONF_TOKEN_H
#define HUB_CONF_TOKEN_H

#include "conf/scan.h"

struct hub_cur {
	struct hub_scan *s;
	struct hub_source *src;
	size_t at;
	int includes, depth;
};

char hub_cur_peek(const struct hub_cur *c); /* NUL at the end */
int hub_cur_end(const struct hub_cur *c);
int hub_cur_starts(const struct hub_cur *c, struct hub_str head);
int hub_cur_is_letter(char ch);
int hub_cur_is_name(char ch); /* may stand in a name, behind its first letter */
int hub_cur_is_blank(char ch);
size_t hub_cur_line_end(const struct hub_cur *c, size_t from);
void hub_cur_skip_line(struct hub_cur *c);
void hub_cur_skip(struct hub_cur *c); /* white space and comments */
struct hub_place hub_cur_place(const struct hub_cur *c, size_t from, size_t to);
/* Reports and returns HUB_REJECT; the caller gives the setting up. */
int hub_cur_bad(struct hub_cur *c, size_t from, size_t to, const struct hub_err *e);

/* One token for libconfig that begins at `from`. HUB_OK or HUB_FATAL. */
int hub_cur_emit(struct hub_cur *c, struct hub_str token, size_t from);
/* The next setting in the order of the tree; NULL when out of memory. */
struct hub_conf_node *hub_scan_node(struct hub_scan *s, struct hub_place p);
/* Text, number, true, false: checked and handed on. */
int hub_cur_scalar(struct hub_cur *c, int in_array);
/* 0 an integer, -1 none, -2 larger than 63 bits. */
int hub_cur_integer(struct hub_str t, int64_t *out);

#endif
