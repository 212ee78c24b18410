/* Entity tables as they stand in the database: cc_<entity>, as schema_sql.c derives them.
 *
 *   id         owned rows: record_id * 256 + place among the record's rows of this entity, so that
 *              loading only appends and references inside a record need no lookup; rows with a key
 *              (identified entities): HUB_SHARED_BASE + a number that is given out once
 *   record_id  the record that described the row last; NULL: nobody yet, only referred to (stub)
 *   system_id, key   identified entities: key of the row in the key space of its system
 *   fields     one column each; REF fields <name>_id
 *   <field>_spans    narrative fields: what detection found (JSON)
 *   scan       with what the texts were scanned
 *   match      cc_person: hash of name key and birth date, for linking; NULL: not enough known
 *   state      cells that are null for another reason than being empty: " name!" could not be read
 *              (the raw text is in the record), " name-" the source had no such column
 *   local      fields of a site that have no column (JSON) */
#ifndef HUB_STORE_TABLES_H
#define HUB_STORE_TABLES_H

#include "store/db.h"
#include "store/schema_out.h"

#define HUB_SHARED_BASE ((int64_t)1 << 40)
enum {
	HUB_ROWS_PER_RECORD = 256,
	HUB_RANGES = 64 /* records, or rows, in one statement */
};
#define HUB_NO_COL UINT32_MAX

enum hub_pcol_kind {
	HUB_P_RECORD,
	HUB_P_SYSTEM,
	HUB_P_KEY,
	HUB_P_FIELD,
	HUB_P_SPANS,
	HUB_P_SCAN,
	HUB_P_MATCH,
	HUB_P_STATE,
	HUB_P_LOCAL,
};

struct hub_pcol {
	struct hub_str name;
	enum hub_pcol_kind kind;
	enum hub_dbtype type;
	const struct hub_field *field; /* FIELD and SPANS */
};

/* All columns but id, in the order of the statements below. */
struct hub_entity_table {
	const struct hub_entity *entity;
	struct hub_str name;
	uint32_t cols;
	const struct hub_pcol *col;
	const uint32_t *of_field, *spans_of;             /* by field index; HUB_NO_COL */
	uint32_t system, key, scan, match, state, local; /* HUB_NO_COL when there is none */
	const char *insert;                              /* id and all columns */
	const char *update;                              /* all columns, then id */
	const char *remove;                              /* id */
	const char *get;                                 /* all columns by id */
	const char *some;  /* id and all columns of HUB_RANGES ids, in no order */
	const char *all;   /* "table (id, a, b)": id and all columns */
	const char *owned; /* id and all columns of what HUB_RANGES records own, in no order */
	const char *find;  /* id, record_id by system and key; NULL unless identified */
};

struct hub_entity_tables {
	uint32_t n; /* like schema->entities */
	struct hub_entity_table *table;
};

int hub_tables_make(struct hub_arena *a, const struct hub_schema *s,
		    const struct hub_entity_tables **out, struct hub_err *err);
/* Where the store's tables are others than the schema's; the list lives in a. */
int hub_tables_diff(struct hub_db *db, struct hub_arena *a, const struct hub_schema *s,
		    const struct hub_change **changes, size_t *n, struct hub_err *err);
/* Makes what is missing in the store: new tables, new columns, columns renamed by `was`; never drops.
 * In a transaction of the caller. Indexes that only help reading are left to hub_tables_index, so that a first load is not slowed down by them. */
int hub_tables_apply(struct hub_db *db, const struct hub_schema *s, struct hub_err *err);
/* Makes those indexes (rows of a person, a case, a household) unless they are there. Writes. */
int hub_tables_index(struct hub_db *db, const struct hub_schema *s, struct hub_err *err);
const struct hub_entity_table *hub_tables_of(const struct hub_entity_tables *t,
					     const struct hub_entity *e);

#endif
