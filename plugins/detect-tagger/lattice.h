/* All ways to read a stretch with the dictionary's words, as words.c builds them: of ways that begin at one place and
 * look the same to what stands in front, the cheapest path to them is known; of ways that end at one place and look
 * the same to what follows, only the cheapest is kept. */
#ifndef TAGGER_LATTICE_H
#define TAGGER_LATTICE_H

#include "dict.h"
#include "seq.h"

enum {
	NODES = 16384,
	SPARE = SEQ_MAX + 1, /* kept back, so that every place can still be reached */
	MATCHES = 8192,
	WAYS = 16384,
	LEFTS_MOST = 64, /* different left indices at one place; words of others are left out */
	NONE = 0,        /* no node */
	BEGIN = 1,       /* the node in front of the first word */
};

/* A word of the dictionary that stands in the stretch. */
struct match {
	const struct dict_token *token;
	uint32_t n;
	uint16_t to;
};

/* A way to read what stands from a character on. */
struct way {
	int16_t cost;
	uint16_t right, to;
	uint8_t left, tag; /* left: a number in the lefts of its place */
	uint16_t node;     /* what it became a part of; NONE: of nothing */
};

/* What may begin at a character. */
struct start {
	uint32_t match, way, left; /* the first of each; those of the next character follow */
	uint16_t at;               /* behind the spaces that stand here */
};

/* A way as part of the cheapest path to its end. Of ways that end at one place and look the same to what
 * follows, only the cheapest is kept. */
struct node {
	int32_t cost;   /* of the path from the begin of the stretch to here */
	int32_t behind; /* margin_mark(): of the cheapest from here to its end */
	uint16_t right, from, to, before, next;
	uint8_t tag;
};

struct best {
	int32_t cost;
	uint16_t node;
};

struct words {
	struct dict dict;
	uint32_t hide;
	struct match match[MATCHES];
	struct way way[WAYS];
	uint16_t left[WAYS];
	struct best reach[WAYS]; /* of each of left: the cheapest path to a word of that index */
	struct start start[SEQ_MAX + 2]; /* and behind the last: nothing begins there */
	uint32_t matches, ways, lefts;
	struct node node[NODES + SPARE];
	uint32_t nodes;
	uint16_t ending[SEQ_MAX + 1]; /* nodes by their end, the latest first */
	/* nodes that end at the current place */
	uint32_t ends;
	uint16_t end_node[NODES], end_right[NODES];
	int32_t end_cost[NODES];
};

/* What the dictionary asks for two words side by side. */
static inline int32_t lattice_join(const struct words *w, uint32_t right, uint32_t left)
{
	return w->dict.matrix[(size_t)left * w->dict.rights + right];
}

#endif
