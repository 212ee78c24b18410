/* The ledger's small parts: lists of ids as bytes, sets of ids in memory, the chain of hashes. */
#ifndef HUB_STORE_LEDGER_H
#define HUB_STORE_LEDGER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"

/* Set of small integers in pages of 4 KiB; grows in its arena. A page that is full takes 16 bytes: ids in a row
 * take next to nothing. */
enum { HUB_BITS_PAGE = 15 }; /* ids of a page, as a power of two */
struct hub_bits_page {
	uint64_t *word; /* NULL: none of them, or all */
	uint32_t ids;
};
struct hub_bits {
	struct hub_arena *arena;
	struct hub_bits_page *page;
	size_t pages;
	uint64_t *spare; /* words of full pages; the first word leads to the next ones */
};
int hub_bits_set(struct hub_bits *b, int64_t id); /* -1: out of memory */

/* Here, as it is asked for every text there is. */
static inline int hub_bits_get(const struct hub_bits *b, int64_t id)
{
	const size_t page = (size_t)id >> HUB_BITS_PAGE;
	const size_t bit = (size_t)id & (((size_t)1 << HUB_BITS_PAGE) - 1);

	if (id < 0 || page >= b->pages)
		return 0;
	const struct hub_bits_page *p = &b->page[page];
	return p->word ? (int)(p->word[bit / 64] >> (bit % 64) & 1) : p->ids >> HUB_BITS_PAGE != 0;
}

/* A list of ids with a kind (0..3) each, as differences: one byte for the id after the last one. An
 * entry may also be "none", so that places in the list can stand for rows. */
enum { HUB_IDS_NONE = -1 };
void hub_ids_put(struct hub_buf *out, int64_t *last, int64_t id, unsigned kind);
void hub_ids_none(struct hub_buf *out);
/* Takes the next entry off *list: 1 an id, 0 the end, -1 bytes that are no list. For "none" *id is
 * HUB_IDS_NONE. *last starts as 0. */
int hub_ids_next(struct hub_str *list, int64_t *last, int64_t *id, unsigned *kind);

enum { HUB_LEDGER_UNTIMED = -1 };
/* What the hash of a ledger entry covers. at: HUB_LEDGER_UNTIMED for entries of before it covered the time. */
struct hub_ledger_entry {
	int64_t run, seq, byte, bytes, rows, first_row, at;
	struct hub_str chunk_id, pos, seen, shared;
};
/* hash of the entry before -> hash of this one. -1 when the library failed. */
int hub_ledger_hash(const uint8_t before[HUB_SHA256], const struct hub_ledger_entry *e,
		    uint8_t out[HUB_SHA256]);

#endif
