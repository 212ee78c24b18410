/* Inside of wordlist*.c: the form of the lists. */
#ifndef HUB_RELEASE_WORDLIST_IN_H
#define HUB_RELEASE_WORDLIST_IN_H

#include "base/map.h"
#include "release/wordlist.h"
#include "text/gram.h"

/* Numbers as the statements below have them: texts of a block, and of the few newest ones until so many are together that
 * a large one is made of them; ids of text_gram for one text (store/fulltext.c). A block is known by its first text, in
 * small ones. */
#define LARGE  "4096"
#define SMALL  "256"
#define PIECES "4096"
/* SQLite: the id of a row is its bucket times so many, and its block. */
#define BLOCKS "16777216"

enum { LISTS_LIMIT = 1 << 30 };
enum { LEN_BYTES = 2, COUNT_BYTES = 4, DOC_BYTES = 8 };
enum { LARGE_TEXTS = 4096, SMALL_TEXTS = 256, BLOCK_COUNT = 16777216, PIECE_COUNT = 4096 };
/* Rows of the grams with the same first character, as good as, begin with its number times FIRST. */
enum { FIRST = 1024, SECOND = 1023 };

/* What a list of a gram is made of: for each place one number, seven bits in a byte, the lowest first. It has how many
 * texts further it is than the place before, and the place in the text, or, if that is higher than most are, FAR, and
 * the place as another number. Pieces of a text are STEP places from each other. */
enum { NEAR_BITS = 9, FAR = (1 << NEAR_BITS) - 1, STEP = 8192, PLACE_BITS = 26 };

/* Over the places of a list. */
struct hub_spot_walk {
	const uint8_t *at, *end;
	uint64_t text;
};

static inline uint64_t hub_spot_number(struct hub_spot_walk *w)
{
	uint64_t v = 0;

	for (unsigned shift = 0; w->at < w->end && shift < 64; shift += 7) {
		const uint8_t b = *w->at++;
		v |= (uint64_t)(b & 0x7f) << shift;
		if (b < 0x80)
			return v;
	}
	w->at = w->end; /* damaged: nothing more is in it */
	return UINT64_MAX;
}

static inline struct hub_spot_walk hub_spot_walk(struct hub_str list)
{
	const uint8_t *b = (const uint8_t *)list.ptr;

	return (struct hub_spot_walk){b, b + list.len, 0};
}

/* The next place as one number: text and place in it. Texts count from 1, so that something comes before the first place
 * of the first one, and no place is so far up in a piece that one of the next piece could become it. UINT64_MAX behind the
 * last. */
static inline uint64_t hub_spot_next(struct hub_spot_walk *w)
{
	const uint64_t v = w->at < w->end ? hub_spot_number(w) : UINT64_MAX;
	const uint64_t near = v & FAR,
		       place = near < FAR || v == UINT64_MAX ? near : hub_spot_number(w);

	w->text += v >> NEAR_BITS;
	if (v == UINT64_MAX || w->text >= LARGE_TEXTS || place >> PLACE_BITS) {
		w->at = w->end;
		return UINT64_MAX;
	}
	return (w->text + 1) << PLACE_BITS | place;
}

/* The number of so many bytes at the head of s, the highest first; s moves behind it. */
static inline uint64_t hub_words_take(struct hub_str *s, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | (uint8_t)s->ptr[i];
	*s = hub_str_from(*s, bytes);
	return v;
}

/* Up to so many bytes of the head of s, which moves behind them. */
static inline struct hub_str hub_words_part(struct hub_str *s, uint64_t bytes)
{
	const size_t n = bytes < s->len ? (size_t)bytes : s->len;
	const struct hub_str head = hub_str_cut(*s, 0, n);

	*s = hub_str_from(*s, n);
	return head;
}

/* The next list of a row; 0: there is none. */
static inline int hub_words_next(struct hub_str *row, struct hub_str *gram, struct hub_str *spots)
{
	if (row->len < LEN_BYTES)
		return 0;
	*gram = hub_words_part(row, hub_words_take(row, LEN_BYTES));
	if (row->len < COUNT_BYTES)
		return 0;
	*spots = hub_words_part(row, hub_words_take(row, COUNT_BYTES));
	return 1;
}

static inline int hub_wordlist_is_pg(const struct hub_db *db)
{
	return db->ops->dialect == HUB_POSTGRES;
}

/* The row of a gram that few texts of a block have; *own: of one that many have. */
static inline int64_t hub_wordlist_bucket(struct hub_str gram, int64_t *own)
{
	size_t at = 0;
	const int64_t shared = hub_utf8_next(gram, &at) % FIRST * FIRST;

	*own = shared + 1 + (at < gram.len ? hub_utf8_next(gram, &at) % SECOND : 0);
	return shared;
}

struct hub_words_block {
	int64_t from, texts;
};

/* One gram of the texts of a block. */
struct hub_words {
	int64_t bucket;
	uint64_t last; /* text of the place before */
	uint32_t texts;
	uint8_t *list;
	size_t n, cap;
	struct hub_str text;
};
struct hub_words_made {
	struct hub_arena *arena;
	struct hub_map *at; /* gram: place of it below */
	struct hub_words *gram;
	size_t n, cap;
};

/* hub_wordlist_pack; most: characters of a large block. */
int hub_words_pack(struct hub_db *db, int64_t most, struct hub_err *err);
/* The lists of the texts that are in the index now; in the arena. */
int hub_words_make(struct hub_db *db, struct hub_arena *a, struct hub_words_block b,
		   struct hub_words_made *m, struct hub_err *err);

#endif
