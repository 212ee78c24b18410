/* Which texts have a word, frequent ones too: around the text index (store/fulltext.h), by which texts go in and out here.
 *
 * PostgreSQL looks at each row that its index names, so a word of one note in twenty costs thousands of pages. Beside it
 * lie lists: of some thousand texts, for every gram, which of them have it and where. A question is answered from them, and
 * by a look at those texts alone that came or changed since they were made; one of several grams, of which one is
 * rare, by the index, which then has few rows to look at. SQLite's index is such lists, but all of them are read from
 * their beginnings: there it answers one gram, the lists several. They are derived: they can be dropped with the index. */
#ifndef HUB_RELEASE_WORDLIST_H
#define HUB_RELEASE_WORDLIST_H

#include "store/fulltext.h"
#include "store/ledger.h"

/* What was found: named by a list or by a look; of those that changed since the list was made the look decides. */
struct hub_docs {
	struct hub_bits named, stale, seen;
};

static inline int hub_docs_has(const struct hub_docs *d, int64_t id)
{
	return hub_bits_get(&d->named, id) &&
	       (!hub_bits_get(&d->stale, id) || hub_bits_get(&d->seen, id));
}

/* The text index and the lists: in the caller's transaction, or its own. */
int hub_wordlist_make(struct hub_db *db, struct hub_err *err);
/* 1 when the lists are there, in the form of this version. */
int hub_wordlist_is_made(struct hub_db *db);
/* Drops the lists, if there is an index, and makes them anew of what it has. */
int hub_wordlist_remake(struct hub_db *db, struct hub_err *err);
/* For doctor: how many blocks of lists there are, and how many say something else than the texts in the index do. Reads
 * only. */
struct hub_wordlist_state {
	int64_t blocks, bad;
};
int hub_wordlist_check(struct hub_db *db, struct hub_wordlist_state *out, struct hub_err *err);
/* As hub_fulltext_put and _remove. */
int hub_wordlist_put(struct hub_db *db, struct hub_text_doc *d, struct hub_str folded,
		     struct hub_err *err);
int hub_wordlist_remove(struct hub_db *db, int64_t id, struct hub_err *err);
/* Makes the lists that are due, unless another program is at it or a transaction is open. Nobody who writes waits for it. */
int hub_wordlist_pack(struct hub_db *db, struct hub_err *err);
/* The texts that have the phrase (folded, not empty); in the arena. */
int hub_wordlist_find(struct hub_db *db, struct hub_arena *a, struct hub_str phrase,
		      struct hub_docs *out, struct hub_err *err);

#endif
