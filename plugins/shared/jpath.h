/* Where values stand in a record of a JSON text: a tree of object members and array places, each with
 * the column that its value goes to. Built from paths, or by what comes along (discovery). */
#ifndef PLUGINS_SHARED_JPATH_H
#define PLUGINS_SHARED_JPATH_H

#include "sheet.h"

#define JPATH_NONE UINT32_MAX

enum jnode_seen { JNODE_NOTHING = 0, JNODE_NULL, JNODE_VALUE };

struct jnode {
	uint32_t parent, next; /* next: sibling that followed last time; 0: none */
	uint32_t col;          /* SHEET_NONE: no column */
	struct hub_str token;
	uint8_t inner; /* something lies below it */
	uint8_t seen;  /* discovery: enum jnode_seen */
};

struct jtree {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct jnode *node; /* 0 is the record itself */
	uint32_t n, cap;
	uint32_t *slot; /* open addressing; node index + 1 */
	uint32_t slots;
};

/* 0, or -1 when out of memory. */
int jtree_init(struct jtree *t, struct hub_ctx *ctx, const struct hub_host *host);
/* The node below `parent`; JPATH_NONE when there is none. hint: the node found before it, or 0. */
uint32_t jtree_find(struct jtree *t, uint32_t parent, uint32_t hint, struct hub_str token);
/* The same, made when it is not there. JPATH_NONE: out of memory, or more than a tree may hold. */
uint32_t jtree_add(struct jtree *t, uint32_t parent, struct hub_str token);
/* Takes one token off a JSON Pointer (RFC 6901), unescaped into buf (path.len bytes are enough).
 * 0 when nothing is left. */
int jpath_next(struct hub_str *path, char *buf, struct hub_str *token);
/* Name for people of a node: its tokens joined by '/', with ~0 and ~1 when `escape`. Written into out;
 * its length, or 0 when it does not fit. */
size_t jtree_name(const struct jtree *t, uint32_t node, int escape, char *out, size_t cap);

#endif
