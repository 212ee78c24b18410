/* Inside of wordlist*.c: the form of the lists. */
#ifndef HUB_RELEASE_WORDLIST_IN_H
#define HUB_RELEASE_WORDLIST_IN_H

#include "release/wordlist.h"
#include "text/gram.h"

/* Numbers as the statements below have them: texts of a block, stale ones for which it is made anew, ids of text_gram for
 * one text (store/fulltext.c), texts of a block from which on a gram has a row of its own. */
#define BLOCK  "1024"
#define STALE  "16"
#define PIECES "4096"
#define OFTEN  "64"
/* SQLite: the id of a row is its bucket times so many, and its block. */
#define BLOCKS "16777216"
/* Rows of the grams with the same first character, as good as, begin with SHARED; OWN is that of a gram alone. */
#define SHARED "ascii(gram) % 1024 * 1024"
#define OWN    SHARED " + 1 + ascii(substr(gram, 2)) % 1023"

enum { LEN_BYTES = 2, COUNT_BYTES = 4, SPOT_BYTES = 3, DOC_BYTES = 8 };
enum { BLOCK_DOCS = 1024, BLOCK_COUNT = 16777216, FIRST = 1024, SECOND = 1023 };

/* What a list of a gram is made of, three bytes each: a text and a place in it, of which a piece has not much more than
 * four thousand; in another piece than the first one, behind the mark of that piece. */
#define PIECE_MARK "8388608"
#define TEXT_STEP  "8192"
enum { MARK = 8388608, STEP = 8192, PIECE_COUNT = 4096, PLACE_BITS = 15 };

/* Texts in the newest block from which on a phrase is asked of the lists: one of fewer is found sooner in the index. */
enum { FREQUENT = 8 };

static inline int hub_wordlist_is_pg(const struct hub_db *db)
{
	return db->ops->dialect == HUB_POSTGRES;
}

/* SHARED of a gram; *own: OWN. */
static inline int64_t hub_wordlist_bucket(struct hub_str gram, int64_t *own)
{
	size_t at = 0;
	const int64_t shared = hub_utf8_next(gram, &at) % FIRST * FIRST;

	*own = shared + 1 + (at < gram.len ? hub_utf8_next(gram, &at) % SECOND : 0);
	return shared;
}

#endif
