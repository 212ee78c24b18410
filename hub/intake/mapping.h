/* A mapping: how the records of one foreign system become rows of the common case format. One libconfig
 * file that a non-programmer can review; compiled once, run column by column, never cell by cell.
 *
 * The compiled mapping is immutable and shared by the mapping workers; what a worker needs to write
 * goes to the chunk's arena. docs/mapping.md is the language for people. */
#ifndef HUB_INTAKE_MAPPING_H
#define HUB_INTAKE_MAPPING_H

#include "base/buf.h"
#include "store/rows.h"

struct hub_mapping;

enum hub_feed_mode { HUB_FEED_DELTA = 0, HUB_FEED_FULL, HUB_FEED_LOOKUP };

/* What the file says about the source, for the pipeline and the count sheet. */
struct hub_mapping_info {
	struct hub_str name, title, system,
	    note;              /* system: key space shared by feeds of one product */
	struct hub_str source; /* plugin name: "csv" */
	uint32_t options;      /* options for the source plugin */
	const struct hub_str *option_name, *option_value;
	enum hub_feed_mode mode;
	int unofficial;    /* 項目案・公式様式未確認: shown with every report */
	char hash[65];     /* SHA-256 over the compiled form: same meaning, same hash */
	uint32_t header_n; /* expected header; 0 when the source has none */
	const struct hub_str *header;
	uint32_t blocks;
};

/* All errors of the file go to report with file:line, excerpt, cause, hint; err says how many. */
int hub_mapping_load(struct hub_arena *a, const char *path, const struct hub_schema *schema,
		     struct hub_mapping **out, struct hub_buf *report, struct hub_err *err);
const struct hub_mapping_info *hub_mapping_info(const struct hub_mapping *m);

/* Binds the mapping to the header of an input (UTF-8 names). Another header than the expected one is
 * HUB_DRIFT; patch then holds the difference and a proposed change of the mapping file. Optional
 * columns may be missing. The bound mapping is immutable; it lives in the arena. */
struct hub_bound;
int hub_mapping_bind(struct hub_arena *a, const struct hub_mapping *m, const struct hub_str *header,
		     uint32_t n, struct hub_bound **out, struct hub_buf *patch,
		     struct hub_err *err);

/* Findings of a run: counted by (column, code) with the first few places. One per worker; merged. */
struct hub_findings;
struct hub_findings *hub_findings_new(struct hub_arena *a);
void hub_finding_add(struct hub_findings *f, struct hub_str column, const char *code,
		     const struct hub_prov *prov);
int hub_findings_merge(struct hub_findings *into, const struct hub_findings *from);
/* [{"column":..,"code":..,"count":..,"rows":[..]}] ordered by column and code. */
void hub_findings_json(const struct hub_findings *f, struct hub_buf *out);

/* Step 1, for every row of a batch: decodes what is needed, scope, key, hash, raw without banned
 * columns; rows that cannot be decoded or have no key become rejects; out of scope ones OUTSIDE.
 * The batch must outlive the chunk's use. Sets everything of the chunk but rows. */
int hub_map_keys(const struct hub_bound *m, const struct hub_batch *b, struct hub_chunk *c,
		 struct hub_findings *f, struct hub_err *err);
/* Step 2, only for records whose fate is still OPEN: all blocks -> c->rows; records with an invalid
 * required value become rejects (code, column, reason) and leave no rows. */
int hub_map_rows(const struct hub_bound *m, const struct hub_batch *b, struct hub_chunk *c,
		 struct hub_findings *f, struct hub_err *err);

/* For explain: one record, one field: each step of the expression with its value ("支援日" = .. -> date -> ..). */
int hub_map_explain(const struct hub_bound *m, const struct hub_batch *b, uint32_t row,
		    struct hub_str entity, struct hub_str field, struct hub_buf *out,
		    struct hub_err *err);

#endif
