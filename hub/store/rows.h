/* Rows on their way into the store: what the mapping produces and the store writes, one chunk at a
 * time, column by column. Pure data; everything lives in the chunk's arena and dies with it.
 *
 * One source record -> one row of `record`, and any number of entity rows that hang on it. A chunk is
 * decided and written in one transaction, in the order of the source. */
#ifndef HUB_STORE_ROWS_H
#define HUB_STORE_ROWS_H

#include "base/hash.h"
#include "store/schema.h"

/* A column of values in their normal form (store/schema.h says which). text is meaningful for VALUE
 * (normal form) and INVALID (raw text; the cell is stored as null with its state). */
struct hub_vec {
	uint8_t *cell; /* n x enum hub_cell */
	struct hub_str *text;
};

enum hub_shared { HUB_OWNED = 0, HUB_SHARED_LAST, HUB_SHARED_FIRST, HUB_SHARED_LATEST };

#define HUB_NO_BLOCK UINT32_MAX

/* Rows of one mapping block (one target entity) in one chunk. A row of an identified entity whose key
 * cell is VALUE is a shared row, decided once per run and key; every other row belongs to its record
 * alone (at most 256 rows of one entity per record). In a shared row an ABSENT cell leaves what is
 * stored, a NULL cell empties it. */
struct hub_rows {
	const struct hub_entity *entity;
	uint32_t block; /* number of the mapping block, for findings and explain */
	uint32_t n;
	uint32_t *src; /* n: source record in the chunk, ascending */
	enum hub_shared shared;
	struct hub_vec key;    /* identified entities mapped with a key; cell NULL otherwise */
	struct hub_vec latest; /* HUB_SHARED_LATEST: the value that decides; cell NULL otherwise */
	uint32_t cols;
	const struct hub_field *const *field; /* cols */
	/* cols. A REF by expression holds the key of its target in the same system (the target is made
	 * with nothing but its key when it is not there yet). */
	struct hub_vec *col;
	/* cols: for a REF without expression, the block whose row of the same source record it points
	 * to (the first one when there are several); HUB_NO_BLOCK for all other columns. */
	uint32_t *own_block;
	struct hub_vec *spans; /* cols; set by detection for NARRATIVE fields (cell NULL: none) */
	struct hub_str *scan;  /* n: with what its texts were scanned; NULL before detection */
	/* n: person blocks, for linking: 64 bits over name key and birth date of full precision; 0 when
	 * either is not known. NULL: not computed. */
	uint64_t *match;
};

/* What became of a source record. The counts of a run are the counts of these. */
enum hub_fate {
	HUB_FATE_OPEN = 0, /* not decided yet */
	HUB_FATE_NEW,
	HUB_FATE_CHANGED,
	HUB_FATE_SAME,     /* equal hash: nothing mapped, nothing written */
	HUB_FATE_REPEATED, /* equal repeat of a key within the run */
	HUB_FATE_REJECTED, /* code, reason set; raw goes to the reject store */
	HUB_FATE_OUTSIDE,  /* out of scope (対象外): counted and forgotten */
	HUB_FATE_HEADER,   /* header and title records: not data */
	HUB_FATES,
};

struct hub_counts;

struct hub_chunk {
	struct hub_arena *arena;
	uint64_t seq;         /* 1, 2, ... in the order of the source */
	uint8_t id[16];       /* H(source, offset, bytes) */
	uint64_t byte, bytes; /* place in the input */
	struct hub_str pos;   /* resume point behind this chunk; opaque */
	struct hub_str input; /* name of the input without folders, for file() in mappings */
	uint32_t n;           /* source records */
	const struct hub_prov *prov;
	struct hub_str *key; /* n: key of the record in its feed; empty for a reject without one */
	struct hub_hash *hash;  /* n: over the raw cells and the mapping version */
	struct hub_str *raw;    /* n: record as read, without banned columns; ptr NULL: not kept */
	uint8_t *fate;          /* n x enum hub_fate */
	const char **code;      /* n: stable code of a reject; static */
	struct hub_str *reason; /* n: UTF-8, never a value */
	struct hub_str *column; /* n: column that caused the reject, may be empty */
	struct hub_rows *rows;  /* blocks; rows of records whose fate is not OPEN are left out */
	uint32_t blocks;
	/* NULL, or what there was to find up to and with this chunk. Asked in the transaction when every fate is
	 * decided, and again when it has to be tried again. heard[i]: 0 when record i brings nothing of its own (it is
	 * unchanged, or its key was decided before in the run), so that it is no matter whether it was mapped.
	 * Sets the numbers in counts that are not the store's; json stays valid until the next call and is kept with
	 * the chunk, so that a resumed run still has what its first part found. */
	int (*findings)(void *arg, const uint8_t *heard, struct hub_counts *counts,
			struct hub_str *json, struct hub_err *err);
	void *findings_arg;
	/* Set by hub_chunk_classify for records that are SAME; NULL when it was not asked. */
	int64_t *record_id;
	struct hub_str *refs;
	void *mapped; /* the mapping's own, between its two steps */
};

#endif
