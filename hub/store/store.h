/* The store: the only durable state. One logical schema, one internal driver interface (store/db.h),
 * SQLite and PostgreSQL. A struct hub_store is one connection, used by one thread at a time.
 *
 * Form of the tables (docs/decisions/001-store.md): one `record` row per source record holds the only
 * text-key index; entity rows (cc_<entity>) hang on its integer id; entities that several records
 * share have a key of their own per system. Raw bytes of a record are kept with it: dates as written,
 * columns without a target (extras) and `explain` read them from there. */
#ifndef HUB_STORE_STORE_H
#define HUB_STORE_STORE_H

#include "store/rows.h"

struct hub_store;
struct hub_db;

enum hub_open {
	HUB_OPEN_CREATE = 1,
	HUB_OPEN_READONLY = 2,
	HUB_OPEN_DRY =
	    4, /* for dry runs: nothing is written; a store that is not there reads as empty */
	HUB_OPEN_ANY_SCHEMA = 8, /* for schema apply and doctor: another schema hash is no error */
};

/* url: "sqlite:PATH", "postgresql://...", "service=NAME" or another connection string of libpq. Runs numbered migrations, then compares the entity columns with the schema: an
 * empty store gets them, a schema with other tables stops with a hint at `tsunagi schema apply`, one with
 * other words for the same tables is taken over. The store lives in the arena, but is closed with hub_store_close. */
int hub_store_open(struct hub_arena *a, const char *url, unsigned flags,
		   const struct hub_schema *schema, struct hub_store **out, struct hub_err *err);
void hub_store_close(struct hub_store *s);
static inline void hub_auto_store(struct hub_store **s)
{
	if (*s)
		hub_store_close(*s);
}
const struct hub_schema *hub_store_schema(const struct hub_store *s);
/* The connection, for SQL of the rooms above that has no function of its own (store/db.h). */
struct hub_db *hub_store_db(struct hub_store *s);
/* What the store knows of people changes with the transaction that is open: whoever keeps facts of it in memory
 * (release/facts_mark.h) reads them anew. */
int hub_store_touch(struct hub_db *db, struct hub_err *err);
/* Physical tables of the entities (store/tables.h). */
const struct hub_entity_tables *hub_store_tables(const struct hub_store *s);
/* Brings the entity tables to the schema: adds tables and columns, renames by `was`, never drops. */
int hub_store_schema_apply(struct hub_store *s, struct hub_err *err);

/* --- runs ------------------------------------------------------------------------------------- */

enum hub_run_state {
	HUB_RUN_ACTIVE = 1,
	HUB_RUN_DONE,
	HUB_RUN_INTERRUPTED,
	HUB_RUN_STOPPED,
	HUB_RUN_UNDONE
};

/* Rejects of an earlier run that a reload brings back: solved with its end, in the same transaction.
 * Those that it rejects again are replaced by its own. Borrowed. */
struct hub_solves {
	int64_t run;
	const int64_t *ids;
	size_t n;
};

/* What a run is a run of. Hashes are hex SHA-256; strings are borrowed for the call. */
struct hub_run_spec {
	struct hub_str kind;    /* import, reload, undo */
	struct hub_str feed;    /* mapping (and job): one stream of records */
	struct hub_str system;  /* key space that the feeds of one foreign system share */
	struct hub_str input;   /* file name without folders, for people */
	struct hub_str content; /* hash of the input's bytes */
	uint64_t bytes;
	struct hub_str
	    mapping; /* hash of mapping + code lists + detectors (+ case set of a lookup) */
	struct hub_str actor;
	int lookup;       /* registry: stores only what is linked */
	int full;         /* full dump: what is missing has vanished */
	int restricts;    /* says who is under display restriction, and brings no cases */
	int again;        /* --again: run even if nothing changed */
	int dry;          /* decide, but write nothing */
	int vanish_limit; /* percent that may vanish, default 10 */
	int end_vanished; /* end records that vanished instead of only reporting them */
	struct hub_solves solves;
};

struct hub_run {
	int64_t id, feed, system;
	struct hub_str pos; /* where to go on; empty: from the start */
	uint64_t next_seq;  /* first chunk that is not in the ledger */
	int unchanged;      /* the same content is already in the store: nothing to do */
	int64_t same_as;    /* the run that brought it */
	int resumed;
	int fresh;                /* the feed had no record when the run began: all are new */
	struct hub_str findings;  /* of the part before, when resumed */
	struct hub_writer *state; /* the store's own */
};

/* Numbers of a run; all that `report`, `status` and the count sheet print comes from here. */
struct hub_entity_count {
	uint64_t produced; /* = inserted + updated + same + repeated */
	uint64_t inserted, updated, same, repeated;
	uint64_t removed; /* rows that a changed record does not have any more */
};
struct hub_counts {
	uint64_t read; /* records, without header and title lines */
	uint64_t fate[HUB_FATES];
	uint64_t vanished;
	uint64_t left_by_mapping; /* rows that the changed mapping does not produce any more */
	uint64_t unsettled;       /* shared rows of which the next run hears every record again */
	uint64_t gaiji, banned_columns, banned_numbers;
	struct hub_entity_count *entity; /* one per schema entity; the caller's memory */
};

/* Makes a feed and its system where they are not there yet, in the caller's transaction. Their numbers are
 * counted, not taken from the server: what it gives out is gone with a process that is killed at once, and
 * the rows of the next try would have others. */
int hub_feed_make(struct hub_db *db, struct hub_str feed, struct hub_str system,
		  struct hub_err *err);
/* Records that a chunk of the feed should have at most, because others wait to write meanwhile; 0: no matter. */
int hub_feed_turn(struct hub_store *s, struct hub_str feed, uint32_t *records, struct hub_err *err);
/* Begins or resumes; run is zeroed by the caller. Takes the lock of the feed: another live run ->
 * HUB_LOCKED. An interrupted run with another mapping -> HUB_REFUSED with the offer to finish or undo.
 * counts (its entity array set by the caller): what the part before has counted, zero for a new run. When run->unchanged is
 * set there is nothing to do and no run to end. run->state and its strings live until hub_run_end. */
int hub_run_begin(struct hub_store *s, const struct hub_run_spec *spec, struct hub_run *run,
		  struct hub_counts *counts, struct hub_err *err);

/* Tells which records of a chunk are already in the store with an equal hash (fate SAME); the rest
 * stays OPEN. Reads only; may run on another connection than the writer's, ahead of it. */
int hub_chunk_classify(struct hub_store *s, const struct hub_run *run, struct hub_chunk *c,
		       struct hub_err *err);
/* Writes one chunk in one transaction: records, entity rows, history, rejects, ledger, position, counts.
 * Chunks come in the order of the source. Decides repeats and new/changed; sets every fate and adds to
 * counts (gaiji and banned_* are the caller's: set them before, they are kept with the chunk). In a dry
 * run decides the same and writes nothing. Reasons that it sets live until the next chunk.
 *
 * HUB_IDLE: nothing was written; some records that were SAME have a say about a shared row that this run
 * changed. Their fate is OPEN again: map the chunk's rows anew (hub_map_rows) and call again. */
int hub_chunk_write(struct hub_store *s, struct hub_run *run, struct hub_chunk *c,
		    struct hub_counts *counts, struct hub_err *err);
/* After the last chunk: vanished records, final counts, state, full sync. findings: JSON text that the
 * report shows (gaiji list, findings by column and code with counts and first places). */
int hub_run_end(struct hub_store *s, struct hub_run *run, enum hub_run_state state,
		struct hub_counts *counts, struct hub_str findings, struct hub_err *err);
/* A run is marked as running until it ends; whose process is gone was interrupted. */
enum hub_run_state hub_run_state_now(int64_t state, int64_t pid);
/* The run has ended, in the caller's transaction: its seal is set (run_seal.c). */
int hub_run_seal(struct hub_db *db, int64_t run, struct hub_err *err);
/* HUB_INTEGRITY when it is not as it was sealed. */
int hub_run_seal_check(struct hub_db *db, int64_t run, struct hub_err *err);
/* Lets go of a run's memory and lock without ending it, as the death of the process would: it can be
 * resumed. */
void hub_run_drop(struct hub_store *s, struct hub_run *run);
/* Restores the state before a run; itself a run. report: what was done, for people. */
int hub_run_undo(struct hub_store *s, int64_t run, struct hub_str actor, struct hub_buf *report,
		 struct hub_err *err);
/* What an undo would do; nothing is written. */
int hub_run_undo_plan(struct hub_store *s, int64_t run, struct hub_buf *report,
		      struct hub_err *err);

#endif
