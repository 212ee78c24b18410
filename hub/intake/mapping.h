/* A mapping: how the records of one foreign system become rows of the common case format. One libconfig
 * file that a non-programmer can review; compiled once, run column by column, never cell by cell.
 *
 * The compiled mapping is immutable and shared by the mapping workers; what a worker needs to write
 * goes to the chunk's arena. docs/mapping.md is the language for people. */
#ifndef HUB_INTAKE_MAPPING_H
#define HUB_INTAKE_MAPPING_H

#include "base/buf.h"
#include "conf/report.h"
#include "intake/findings.h"
#include "store/rows.h"

struct hub_mapping;

enum hub_feed_mode { HUB_FEED_DELTA = 0, HUB_FEED_FULL, HUB_FEED_LOOKUP };

/* A plugin as the file names it, its options as text. */
struct hub_mapping_plugin {
	struct hub_str plugin; /* "csv" */
	uint32_t options;
	const struct hub_str *option_name, *option_value;
};

/* What the file says about the source, for the pipeline and the count sheet. */
struct hub_mapping_info {
	struct hub_str name, title, system,
	    note; /* system: key space shared by feeds of one product */
	struct hub_mapping_plugin source;
	uint32_t filters; /* each rewrites what the one before it gives */
	const struct hub_mapping_plugin *filter;
	enum hub_feed_mode mode;
	int known_by;       /* it says how records of its files are told: see hub_map_known */
	int restricts;      /* it says who is under display restriction, and brings no cases */
	int unofficial;     /* 項目案・公式様式未確認: shown with every report */
	char hash[65];      /* SHA-256 over the compiled form: same meaning, same hash */
	struct hub_str key; /* what names a record, as written */
	uint32_t header_n;  /* expected header; 0 when the source has none */
	const struct hub_str *header;
	uint32_t blocks;
};

/* All problems of the file go to report, with their place; err says how many. A report that already
 * holds problems of other files makes the load fail, too. */
int hub_mapping_load(struct hub_arena *a, const char *path, const struct hub_schema *schema,
		     struct hub_report *report, struct hub_mapping **out, struct hub_err *err);
/* The same from memory; name stands for the file in messages. */
int hub_mapping_load_text(struct hub_arena *a, const char *name, struct hub_str text,
			  const struct hub_schema *schema, struct hub_report *report,
			  struct hub_mapping **out, struct hub_err *err);
const struct hub_mapping_info *hub_mapping_info(const struct hub_mapping *m);

/* Binds the mapping to the header of an input (UTF-8 names). Another header than the expected one is
 * HUB_DRIFT; patch then holds the difference and a proposed change of the mapping file. Optional
 * columns may be missing. The bound mapping is immutable; it lives in the arena. */
struct hub_bound;
int hub_mapping_bind(struct hub_arena *a, const struct hub_mapping *m, const struct hub_str *header,
		     uint32_t n, struct hub_bound **out, struct hub_buf *patch,
		     struct hub_err *err);

/* What the mapping calls a column of the input. */
struct hub_str hub_mapping_column(const struct hub_bound *m, uint32_t column);
/* The fields that are made of a column of the input, one for each use. In the arena. */
int hub_mapping_uses(struct hub_arena *a, const struct hub_bound *m, uint32_t column,
		     const struct hub_field *const **fields, uint32_t *n, struct hub_err *err);

/* Which records are what the mapping expects (known_by): for files that do not name their columns. It stores nothing
 * and is no part of what the mapping means. The chunk is as for step 1; known: one per row. */
int hub_map_known(const struct hub_bound *m, struct hub_batch *b, struct hub_chunk *c,
		  uint8_t *known, struct hub_err *err);
/* Step 1, for every row of a batch: individual numbers and banned columns are blanked in the batch
 * itself; then scope, key, hash, raw. Rows without a readable key become rejects, out of scope ones
 * OUTSIDE. The caller sets the chunk's arena, seq, id, place, pos and input; the rest but rows is set
 * here. The batch must outlive the chunk's use. */
int hub_map_keys(const struct hub_bound *m, struct hub_batch *b, struct hub_chunk *c,
		 struct hub_findings *f, struct hub_err *err);
/* Step 2, only for records whose fate is still OPEN: decodes all columns, maps all blocks -> c->rows.
 * Records with bytes that cannot be decoded or a value that cannot be read become rejects (code,
 * column, reason) and leave no rows, unless the mapping says invalid = "null" for the field. */
int hub_map_rows(const struct hub_bound *m, const struct hub_batch *b, struct hub_chunk *c,
		 struct hub_findings *f, struct hub_err *err);

/* For explain: one record, one field: each step of the expression with its value ("支援日" = .. -> date -> ..). */
int hub_map_explain(const struct hub_bound *m, const struct hub_batch *b, uint32_t row,
		    struct hub_str entity, struct hub_str field, struct hub_buf *out,
		    struct hub_err *err);

/* A cell that only says "as above": 〃, 同上. */
int hub_map_ditto(struct hub_str cell);

#endif
