/* What the parts of a run share: run.c (begin, end), chunk.c (one chunk, in order), shared.c (rows with
 * a key), owned.c, changed.c (rows of one record), dry.c (the same decisions without a write). Not for others. */
#ifndef HUB_STORE_WRITER_H
#define HUB_STORE_WRITER_H

#include "store/keymap.h"
#include "store/ledger.h"
#include "store/scratch.h"
#include "store/store.h"
#include "store/tables.h"

struct hub_store {
	struct hub_arena *arena;
	struct hub_db *db;
	const struct hub_schema *schema;
	const struct hub_entity_tables *tables;
	unsigned flags;
};

/* Kinds in the lists of the ledger. */
enum hub_seen_kind { HUB_SEEN_SAME = 0, HUB_SEEN_NEW, HUB_SEEN_CHANGED, HUB_SEEN_KEPT };
enum hub_touch_kind { HUB_TOUCH_SAME = 0, HUB_TOUCH_NEW, HUB_TOUCH_CHANGED };

enum hub_history_op { HUB_OP_UPDATE = 1, HUB_OP_DELETE, HUB_OP_INSERT };
enum hub_record_state { HUB_RECORD_LIVE = 0, HUB_RECORD_ENDED = 1 };

/* Shared rows met lately: saves the walk of the key index and the reading of rows that do not change.
 * Direct mapped, fixed size. */
struct hub_cached {
	struct hub_hash key;     /* entity and key; {0, 0}: empty */
	struct hub_hash content; /* of the last row of `block`; {0, 0}: not known */
	int64_t id, record;
	uint32_t block;
};
enum { HUB_CACHE_SLOTS = 1 << 14 };

/* A shared row that a record spoke of before its mapping changed. speaker: a record that speaks of it
 * now; 0 none. */
struct hub_left {
	int64_t id, speaker;
};

/* Lines of history that wait to be written together (history.c). */
struct hub_past_lines {
	uint32_t n;
	struct hub_buf images; /* one behind the other */
	size_t *from;
	struct hub_str *entity, *before, *hash_before, *hash_after;
	int64_t *row, *record, *op;
	struct hub_hash *hash; /* two a line */
};

struct hub_writer {
	struct hub_arena *arena;
	struct hub_run_spec spec; /* strings copied */
	int64_t run, feed, system;
	uint64_t next_seq;
	int fresh; /* the feed had no record when the run began: nothing to compare with */
	int locked;
	uint8_t chain[HUB_SHA256]; /* hash of the last ledger entry */
	struct hub_bits decided;   /* records decided in this run */
	struct hub_bits kept;      /* records whose row was rejected: not vanished */
	struct hub_bits shared;    /* shared rows decided in this run, by id - HUB_SHARED_BASE */
	struct hub_bits hot;       /* of these: existed before and were changed */
	struct hub_bits made;      /* of these: made by this run */
	/* unsettled.c: of earlier runs; of this one */
	struct hub_bits unsettled, unsettled_now;
	const char *described; /* statement: the record a shared row has its values from */
	/* left.c; only when the mapping is another one than that of the last whole run */
	int remapped;
	struct hub_bits left;     /* records that the mapping does not make any more */
	struct hub_bits left_row; /* shared rows in left_rows */
	struct hub_left *left_rows;
	size_t left_n, left_cap;
	struct hub_arena *tmp; /* rows of one record at a time */
	/* What writing a chunk takes, until the next one: one for all chunks, so that it stays in the
	 * processor's cache, and those on their way do not hold it. Of chunk work_seq. */
	struct hub_arena *work;
	uint64_t work_seq;
	struct hub_cached *cache;
	int64_t version;         /* of the store, as far as the cache knows it */
	struct hub_keymap *keys; /* what this run wrote under which key (keys.c); NULL: nothing */
	struct hub_hash seed;    /* of their hashes: nobody can try out what was in the file */
	uint8_t *space;          /* by entity: enum hub_space */
	uint32_t spaces;
	struct hub_buf seen, touched, json; /* reused by every chunk */
	struct hub_past_lines past;
	uint8_t *owns; /* by entity: enum owns (changed.c) */
	/* Dry run: what it would have written (dry.c), and the next ids. */
	struct hub_scratch dry_records, dry_slots;
	int64_t dry_record, dry_shared;
	int64_t judged; /* run whose mapping was compared with this one's last; 0: none */
	int judged_same;
	unsigned long long searches; /* of the ledger, for messages; bounded */
};

struct hub_slot;

/* Where one column of a block comes from. */
enum hub_from {
	HUB_FROM_TEXT,
	HUB_FROM_INT,
	HUB_FROM_REF,
	HUB_FROM_SPANS,
	HUB_FROM_SCAN,
	HUB_FROM_MATCH
};
struct hub_target {
	uint32_t pcol; /* in the table */
	uint32_t col;  /* in the block */
	enum hub_from from;
};

/* One hub_rows of the chunk with what was found out about it. */
struct hub_block {
	const struct hub_rows *rows;
	const struct hub_entity_table *t;
	int64_t *id;            /* n: row ids */
	int64_t *record;        /* n: record ids */
	struct hub_slot **slot; /* n: shared rows; NULL entries: owned rows. NULL: no shared rows */
	int64_t **ref;          /* cols: REF columns; n ids */
	struct hub_slot ***to;  /* cols: REF columns by expression; n slots */
	struct hub_str *state;  /* n */
	struct hub_target *target;
	uint32_t targets;
	uint32_t at; /* cursor of passes that go record by record */
};

/* Where a record of the chunk was decided before, when it was. */
struct hub_earlier {
	int decided;
	int64_t row, line;
};

/* One chunk being written. */
struct hub_work {
	struct hub_store *s;
	struct hub_db *db;
	struct hub_writer *w;
	struct hub_chunk *c;
	struct hub_arena *a; /* the writer's: until the next chunk */
	struct hub_err *err;
	/* n each; fates and reasons reach the chunk only after the commit */
	uint8_t *fate;
	const char **code;
	struct hub_str *reason;
	int64_t *id;  /* of the record; 0: none */
	uint8_t *how; /* enum hub_how */
	struct hub_str *refs;
	int64_t *row, *line, *byte;
	struct hub_hash *old_hash;
	uint8_t *existed, *old_state;
	uint32_t *twin; /* 1 + first record of the chunk with the same key; 0: none before */
	struct hub_earlier *earlier;
	struct hub_block *block;
	int64_t next_record, next_shared;
	/* shared rows of this chunk */
	struct hub_slot *slots, **slots_end;
	struct hub_slot **by_key;
	size_t by_key_size;
	int again; /* a SAME record must be mapped after all */
	/* The vote refused records: what was refused before this place stays so, and the chunk is written
	 * again. 0: it did not. */
	uint32_t redo_from;
	struct hub_entity_count *count;
	uint64_t left;
	int64_t *unsettled; /* by this chunk */
	size_t unsettled_n, unsettled_cap;
};

enum hub_how {
	HUB_HOW_NONE = 0,
	HUB_HOW_NEW,
	HUB_HOW_CHANGED,
	HUB_HOW_VOTE, /* record is the same; only its shared rows have a say */
};

/* --- rows of blocks (block.c) ----------------------------------------------------------------- */

int hub_blocks_make(struct hub_work *k);
/* Ids of owned rows and of references, when the records have theirs. */
void hub_blocks_number(struct hub_work *k);
/* Columns of a table that rows of the chunk can have a value in, ascending: those of its blocks and the
 * store's own; keyed: of rows with a key. list has room for all. Returns how many. */
uint32_t hub_blocks_columns(const struct hub_work *k, const struct hub_entity_table *t, int keyed,
			    uint32_t *list);
/* "table (id, a, b)"; NULL when out of memory. */
const char *hub_columns_text(struct hub_work *k, const struct hub_entity_table *t,
			     const uint32_t *list, uint32_t n);
/* Value of one column of one row; *state says what the cell was. */
struct hub_dbval hub_block_value(const struct hub_block *b, const struct hub_target *t, uint32_t r,
				 enum hub_cell *state);
int hub_dbval_same(const struct hub_dbval *a, const struct hub_dbval *b);
struct hub_hash hub_dbval_hash(const struct hub_dbval *v, struct hub_hash seed);
/* Over all columns but what detection found: texts may be scanned again at any time. */
struct hub_hash hub_row_hash(const struct hub_entity_table *t, const struct hub_dbval *val);
/* First row of source record src or later; rows are ascending. */
uint32_t hub_rows_from(const struct hub_rows *rows, uint32_t src);

/* --- shared.c --------------------------------------------------------------------------------- */

int hub_shared_resolve(struct hub_work *k); /* slots of all keys of the chunk */
int hub_shared_refs(struct hub_work *k);    /* k->refs of the records */
int hub_shared_vote(struct hub_work *k);    /* in the order of the source */
int hub_shared_write(struct hub_work *k);
int hub_shared_ledger(struct hub_work *k, struct hub_buf *out);
void hub_shared_commit(struct hub_work *k); /* into the run's memory */

/* --- shared rows that others must be heard about again (unsettled.c) --------------------------- */

int hub_unsettled_load(struct hub_store *s, struct hub_writer *w, struct hub_err *err);
/* Record i of the chunk has changed: rows that say what it said, and of which it does not speak any more. */
int hub_unsettled_left(struct hub_work *k, uint32_t i);
/* A record that has vanished is ended: rows that say what it said. Counts and writes them itself. */
int hub_unsettled_ended(struct hub_work *k, int64_t record, struct hub_counts *counts);
int hub_unsettled_add(struct hub_work *k, int64_t row);
int hub_unsettled_has(const struct hub_work *k, int64_t row);
int hub_unsettled_write(struct hub_work *k, struct hub_counts *counts);
int hub_unsettled_commit(struct hub_work *k);
/* Every record of the run's input was heard about the rows that were unsettled before. */
int hub_unsettled_settle(struct hub_store *s, const struct hub_writer *w, struct hub_err *err);
int64_t hub_slot_id(const struct hub_slot *s);

/* --- keys.c ----------------------------------------------------------------------------------- */

/* A key space that was empty holds what this run wrote: its own memory knows that better than an index of the
 * store, which a first load then does without. */
enum hub_space { HUB_SPACE_UNKNOWN = 0, HUB_SPACE_EMPTY, HUB_SPACE_USED };

struct hub_hash hub_record_key(const struct hub_writer *w, struct hub_str key);
/* value: not 0. What a chunk wrote that was rolled back afterwards stays: ask the store whether it is so. */
int hub_keys_add(struct hub_writer *w, const struct hub_hash *key, int64_t value,
		 struct hub_err *err);
/* 1: what this run wrote last under the key; 0: nothing; <0: error. */
int hub_keys_find(const struct hub_writer *w, const struct hub_hash *key, int64_t *value,
		  struct hub_err *err);
/* No chunk comes any more. */
void hub_keys_free(struct hub_writer *w);
/* What is in the key space of an entity; asks the store once a run. <0: error. */
int hub_keys_space(struct hub_work *k, const struct hub_entity_table *t);
/* Someone else wrote: a space that was empty may not be so any more. */
void hub_keys_doubt(struct hub_writer *w);

/* --- records.c -------------------------------------------------------------------------------- */

/* Picked records of the chunk that are in the store: sets id, existed, old_hash, old_state. */
int hub_records_known(struct hub_work *k, const uint32_t *pick, uint32_t n);
/* Picked records of the chunk, keys distinct: those that are there are read, the others inserted with ids
 * counted up. Sets id, existed, old_hash, old_state. */
int hub_records_write(struct hub_work *k, const uint32_t *pick, uint32_t n);

/* --- owned.c ---------------------------------------------------------------------------------- */

int hub_owned_write(struct hub_work *k);
/* Marks records with more rows of one entity than ids allow as rejected. */
int hub_owned_limit(struct hub_work *k);

/* --- changed.c -------------------------------------------------------------------------------- */

/* Rows of changed records: what differs from the stored is written, with history. */
int hub_owned_change(struct hub_work *k);
/* Inserts or updates one row with all its columns. */
int hub_row_write(struct hub_work *k, const struct hub_entity_table *t, int insert, int64_t id,
		  const struct hub_dbval *val);
/* n rows at once, with all their columns: inserted in the order of their ids, or those that are there updated. tmp: for
 * the call. */
int hub_rows_put(struct hub_db *db, struct hub_arena *tmp, const struct hub_entity_table *t,
		 int insert, const int64_t *id, const struct hub_dbval *const *val, uint32_t n,
		 struct hub_err *err);
int hub_rows_update(struct hub_work *k, const struct hub_entity_table *t, const int64_t *id,
		    const struct hub_dbval *const *val, uint32_t n);
/* Removes all rows that a record owns, with history; *rows counts them by entity. */
int hub_owned_remove(struct hub_work *k, int64_t record, struct hub_entity_count *count,
		     uint64_t *rows);

/* --- history.c -------------------------------------------------------------------------------- */

/* A row before a change as bytes: names and values of its columns that are not null. */
void hub_image_put(struct hub_buf *out, struct hub_str name, const struct hub_dbval *v);
struct hub_past_line {
	struct hub_str entity; /* lives as long as the schema */
	int64_t row, record;
	enum hub_history_op op;
	struct hub_str before;                           /* copied */
	const struct hub_hash *hash_before, *hash_after; /* copied; may be NULL */
};

/* Instead of an entity: what decided about a row of `shared = latest(...)`; before is the value. */
#define HUB_HISTORY_LATEST HUB_STR(" latest")
/* One line of history; a second one of the same run and row only takes over hash_after. */
int hub_history_add(struct hub_work *k, const struct hub_past_line *l);
/* The same for a row of which the run has no line yet: written with others, at the latest by hub_history_flush. */
int hub_history_note(struct hub_work *k, const struct hub_past_line *l);
int hub_history_flush(struct hub_work *k);
/* What was noted by a transaction that was taken back. */
void hub_history_forget(struct hub_writer *w);
int hub_history_open(struct hub_writer *w);
/* Ends a record that the mapping does not make any more; undo brings it back. */
int hub_history_end(struct hub_work *k, int64_t record);
/* Keeps up to HUB_RANGES records (at: their places in the chunk) as they were and writes their new content. Sets
 * mapping_changed of each. */
int hub_history_records(struct hub_work *k, const uint32_t *at, uint32_t n, int *mapping_changed);

/* --- dry.c ------------------------------------------------------------------------------------ */

int hub_dry_open(struct hub_store *s, struct hub_writer *w, struct hub_err *err);
/* Like hub_records_write. */
int hub_dry_records(struct hub_work *k, const uint32_t *pick, uint32_t n);
/* What this run made of a shared row so far; leaves the slot alone when that is nothing. */
int hub_dry_find(struct hub_work *k, struct hub_slot *s);
/* Remembers what the chunk would have written: the last thing it does, for it cannot be taken back. */
int hub_dry_write(struct hub_work *k);
/* Hash a record has by now, when this run decided it: 1 found. */
int hub_dry_hash(struct hub_work *k, struct hub_str key, struct hub_hash *out, int64_t *id,
		 int64_t *row, int64_t *line);
/* Hash over the bytes of one of the records that it decided, counted from 0; HUB_END behind the last one. */
int hub_dry_raw(const struct hub_writer *w, uint64_t number, struct hub_hash *out,
		struct hub_err *err);

/* --- left.c ----------------------------------------------------------------------------------- */

/* The shared rows that a record of another mapping spoke of. */
int hub_left_note(struct hub_writer *w, struct hub_str refs, struct hub_err *err);
/* The same for the part of the run before it was resumed. */
int hub_left_resume(struct hub_store *s, struct hub_writer *w, struct hub_err *err);
/* At the end of a whole run, in its transaction: ends records that have another key now, empties shared
 * rows that nobody speaks of any more. Counts them as left by mapping; a dry run only counts. */
int hub_left_settle(struct hub_store *s, struct hub_writer *w, struct hub_counts *counts,
		    struct hub_err *err);

/* --- run.c ------------------------------------------------------------------------------------ */

/* Gives back the lock, too. NULL is fine. */
void hub_writer_free(struct hub_store *s, struct hub_writer *w);
/* Row and line where this run decided a record first; 0 when it cannot be found cheaply. */
void hub_run_place(struct hub_store *s, struct hub_writer *w, int64_t record, int64_t *row,
		   int64_t *line);

#endif
