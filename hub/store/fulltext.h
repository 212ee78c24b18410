/* The text index: which texts hold which characters side by side. It knows a text by what it is (entity, row,
 * field) and by the version of what was put in; who may find it is decided elsewhere (release/find.h).
 *
 * Two tables: text_doc (one row a text; portable) and text_gram (the driver's: FTS5 in SQLite, tsvector
 * and GIN in PostgreSQL). Both are derived: they can be dropped and filled again. What is put in has its
 * spans cut out already (HUB_GRAM_CUT), so that nothing personal the detectors know of is in them. */
#ifndef HUB_STORE_FULLTEXT_H
#define HUB_STORE_FULLTEXT_H

#include "base/hash.h"
#include "store/db.h"

/* Characters of a question that must stand side by side, at most: pieces of long texts overlap by so many. */
enum { HUB_TEXT_PHRASE = 100 };

struct hub_text_doc {
	int64_t id; /* 0: a new one */
	struct hub_str entity, field;
	int64_t row;
	struct hub_hash version;
};

/* Makes the tables unless they are there: in the caller's transaction, or its own. */
int hub_fulltext_make(struct hub_db *db, struct hub_err *err);
/* 1 when they are there. */
int hub_fulltext_is_made(struct hub_db *db);
/* Drops them. */
int hub_fulltext_drop(struct hub_db *db, struct hub_err *err);
/* Puts a text in, in place of the one with that id; folded: hub_gram_fold, ptr NULL: known, but
 * nothing of it is to be found. Sets d->id. In a transaction of the caller. */
int hub_fulltext_put(struct hub_db *db, struct hub_text_doc *d, struct hub_str folded,
		     struct hub_err *err);
int hub_fulltext_remove(struct hub_db *db, int64_t id, struct hub_err *err);
/* Texts of an entity, of one row or (0) of all: entity, field, row, version of each by hub_fulltext_read; HUB_END behind
 * the last. */
int hub_fulltext_list(struct hub_db *db, struct hub_str entity, int64_t row, struct hub_query **q,
		      struct hub_err *err);
/* Strings live until the next row. */
int hub_fulltext_read(struct hub_query *q, struct hub_text_doc *d, struct hub_err *err);
/* Ids of the texts that have the phrase (folded, not empty), rising, each once; in the arena. */
int hub_fulltext_match(struct hub_db *db, struct hub_arena *a, struct hub_str phrase, int64_t **ids,
		       size_t *n, struct hub_err *err);
/* For doctor: adds a line when the index holds what no text is known of. Reads only. */
int hub_fulltext_check(struct hub_db *db, struct hub_buf *out, struct hub_err *err);

#endif
