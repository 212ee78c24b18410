/* Reads the text of a configuration before libconfig does: what libconfig does not tell (columns,
 * places of values), cuts silently (integers over 31 bits) or stops at (a repeated or broken setting,
 * while the rest of the file has errors, too). Hands on a text that libconfig can read, one token per
 * line, and the places of all settings in its order.
 *
 * The language is libconfig 1.5's, a little stricter: a quoted text ends on its line, unknown escapes
 * and decimal numbers with leading zeros are errors. @include "file" is relative to the file it
 * stands in. */
#ifndef HUB_CONF_SCAN_H
#define HUB_CONF_SCAN_H

#include "base/buf.h"
#include "conf/report.h"

/* Where a setting stands. An element of a list has no name: then both places are the value's. */
struct hub_conf_node {
	struct hub_place name, value;
	int torn; /* group: a broken or repeated setting in it was left out */
	struct hub_conf_node *before, *last; /* elder sibling; group: youngest child */
};

struct hub_scan {
	struct hub_arena *arena;
	struct hub_report *report;
	struct hub_buf out;      /* for libconfig */
	struct hub_place *lines; /* line i + 1 of out came from here */
	size_t nlines, cap_lines;
	struct hub_conf_node **nodes; /* in the order of the tree, the root first */
	size_t count, cap;
};

/* Reads path and what it includes. All problems go to the report. HUB_REJECT: the file could not be
 * read at all; HUB_FATAL: out of memory. hub_scan_free afterwards in any case. */
int hub_scan_file(struct hub_scan *s, struct hub_arena *a, struct hub_report *r, const char *path);
/* The same from memory; the text must outlive the report. */
int hub_scan_text(struct hub_scan *s, struct hub_arena *a, struct hub_report *r, const char *name,
		  struct hub_str text);
void hub_scan_free(struct hub_scan *s);

#endif
