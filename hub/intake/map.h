/* A mapping from the inside: what map_*.c share. Everyone else includes mapping.h. */
#ifndef HUB_INTAKE_MAP_H
#define HUB_INTAKE_MAP_H

#include "base/map.h"
#include "conf/conf.h"
#include "conf/near.h"
#include "intake/expr.h"
#include "intake/findings.h"
#include "intake/func.h"
#include "intake/mapping.h"
#include "text/encoding.h"

#define HUB_NO_OP     UINT32_MAX
#define HUB_NO_COLUMN UINT32_MAX

/* What happens to a record with a value that cannot be read. */
enum hub_mappolicy {
	HUB_MP_REJECT = 0, /* the record goes to the rejects: the safe default */
	HUB_MP_NULL,       /* the field stays empty with its raw text, and a finding says so */
};

struct hub_mapcol {
	struct hub_str name;
	const struct hub_str *alias; /* other spellings of the header */
	uint32_t aliases;
	uint8_t optional;
	uint8_t banned;       /* never comes in */
	uint8_t unneeded;     /* banned unless an expression names it */
	uint8_t used;         /* named by an expression */
	uint8_t keep_numbers; /* its 12-digit numbers are known not to be 個人番号 */
	struct hub_str folded;
};

struct hub_mapfield {
	const struct hub_field *field;
	uint32_t op;                /* HUB_NO_OP: a REF to a block of the same record */
	uint32_t own_block;         /* that block; else HUB_NO_BLOCK */
	uint8_t policy;             /* enum hub_mappolicy */
	uint8_t required;           /* empty: the record is rejected */
	uint8_t fixed;              /* a constant: alone it makes no row */
	struct hub_str text;        /* the expression as written */
	const config_setting_t *at; /* while the file is read */
};

struct hub_mapblock {
	const struct hub_entity *entity;
	struct hub_str name;        /* of the block, for references "@name"; may be empty */
	const config_setting_t *at; /* while the file is read */
	uint32_t when, each, key;   /* operations, or HUB_NO_OP */
	uint32_t domain;
	int bare; /* constants and references alone: `when` says where there is a row */
	enum hub_shared shared;
	uint32_t latest; /* index in field; HUB_NO_COLUMN when not LATEST */
	uint32_t n;
	struct hub_mapfield *field;
};

struct hub_mapping {
	struct hub_mapping_info info;
	struct hub_arena *arena;
	const struct hub_schema *schema;
	struct hub_str path, text;                 /* the file, for the proposed patch */
	size_t header_at, optional_at, aliases_at; /* settings in it; (size_t)-1: not there */
	struct hub_mapcol *col;
	uint32_t cols;
	int by_place;   /* the source has no header: columns are known by their place */
	uint32_t width; /* by_place without names: highest #n */
	struct hub_op *op;
	uint32_t ops;
	size_t op_cap;
	struct hub_map *find_op; /* canonical text -> op */
	size_t meant;            /* of those: without what is for known_by alone */
	struct hub_mapblock *block;
	uint32_t key, scope, known_by; /* operations, or HUB_NO_OP */
	struct hub_maptable *table;
	uint32_t tables;
	struct hub_hash seed; /* of mapping and schema, for record hashes */
};

struct hub_bound {
	const struct hub_mapping *m;
	uint32_t *at;         /* mapping column -> column of the batch, or HUB_NO_COLUMN */
	uint32_t *col_of;     /* column of the batch -> mapping column, or HUB_NO_COLUMN */
	uint32_t width;       /* columns of the batch */
	struct hub_str *name; /* of the batch's columns */
	int any_banned;
	struct hub_zeros *zeros; /* of the keys of each entity; NULL: not looked at */
};

/* --- compiling -------------------------------------------------------------------------------- */

/* While a mapping file is read. Problems go to the report, with their place in the file. */
struct hub_mapc {
	struct hub_mapping *m;
	struct hub_arena *arena; /* the mapping's */
	struct hub_report *report;
	enum hub_mappolicy policy; /* unless a field says otherwise */
	uint32_t domain;           /* of the block at hand when it has an `each`, else 0 */
	struct hub_str expr;       /* the expression at hand */
	int oom;
};

/* Text of a string setting, copied; empty with a problem when it is no text. */
struct hub_str hub_mapc_text(struct hub_mapc *c, const config_setting_t *s);
/* One of the words: its index; 0 with a problem when it is none of them. */
int hub_mapc_word(struct hub_mapc *c, const config_setting_t *s, const char *const *words);

/* Compiles the expression of a setting into m->op. field: what it is for, NULL for keys and the like;
 * kind: what it must be then (HUB_V_NULL: any single value). HUB_NO_OP: the report says why. */
uint32_t hub_map_compile(struct hub_mapc *c, const config_setting_t *s,
			 const struct hub_field *field, enum hub_value kind);
/* Does the op's kind fit a field; is it the one that is wanted (see hub_map_compile)? err says what to add. */
int hub_map_check_field(const struct hub_op *op, const struct hub_field *field,
			struct hub_err *err);
int hub_map_check_kind(const struct hub_op *op, enum hub_value kind, struct hub_err *err);
/* The op spread over the pieces of the block's `each`, when it is of the records. */
uint32_t hub_map_spread(struct hub_mapc *c, uint32_t op);
/* Column by its name in an expression; HUB_NO_COLUMN when there is none or several. */
uint32_t hub_mapcol_find(const struct hub_mapping *m, struct hub_str name, int *several);
/* The blocks of the file: all settings of root but "mapping". */
int hub_map_blocks(struct hub_mapc *c, const config_setting_t *root);

/* --- running ---------------------------------------------------------------------------------- */

/* The mapping of one chunk; lives in the chunk's arena between the two steps (chunk->mapped). */
struct hub_mapdomain {
	uint32_t n, rows; /* selected rows, rows of the vectors */
	uint32_t *sel;
	uint32_t *record; /* row -> record; NULL for the records themselves */
};

enum { HUB_MAP_KEYS = 1, HUB_MAP_ROWS };

struct hub_mapexec {
	const struct hub_bound *b;
	const struct hub_mapping *m;
	const struct hub_batch *batch;
	struct hub_chunk *chunk;
	struct hub_findings *findings;
	struct hub_reg *reg; /* one per op */
	struct hub_vec *col; /* decoded columns of the batch */
	uint8_t *decoded;    /* one per column of the batch: the step it was in, as reg->done */
	uint8_t step;        /* HUB_MAP_KEYS: for all records; HUB_MAP_ROWS: for those open then */
	struct hub_hash *content;     /* per record */
	struct hub_mapdomain *domain; /* 0: records; 1 + block: pieces of its `each` */
	enum hub_enc enc;
	int oom;
};

int hub_mapexec_new(const struct hub_bound *b, const struct hub_batch *batch, struct hub_chunk *c,
		    struct hub_findings *f, struct hub_mapexec **out, struct hub_err *err);
/* Selects the records that are still OPEN. Call after records left. */
void hub_mapexec_select(struct hub_mapexec *x);
/* Computes an op for the selected rows of its domain, and before it all it needs. */
int hub_mapexec_run(struct hub_mapexec *x, uint32_t op, struct hub_err *err);
/* Decodes a column of the batch for the selected records; what cannot be decoded is rejected. */
int hub_mapexec_decode(struct hub_mapexec *x, uint32_t col, struct hub_err *err);
/* Rejects a record. code static; reason UTF-8 in the chunk's arena or static. */
void hub_mapexec_reject(struct hub_mapexec *x, uint32_t rec, const char *code,
			struct hub_str reason, struct hub_str column);
/* Rejects the record of row r of op, whose value cannot be read: names the step that refused it and
 * the column it came from. */
void hub_mapexec_refuse(struct hub_mapexec *x, uint32_t op, uint32_t r);
/* The step that turned row r of op invalid, going down the inputs; *row is the row there. */
uint32_t hub_mapexec_culprit(const struct hub_mapexec *x, uint32_t op, uint32_t r, uint32_t *row);
/* First column an op reads, for messages; empty when none. */
struct hub_str hub_mapexec_column(const struct hub_mapexec *x, uint32_t op);
const char *hub_mapexec_why(const struct hub_mapexec *x, uint32_t op, uint32_t r);

/* Individual numbers and banned columns: blanks them in the batch, before anything else sees it.
 * Counts go to findings. */
int hub_map_scrub(const struct hub_bound *b, struct hub_batch *batch, struct hub_chunk *c,
		  struct hub_findings *f, enum hub_enc enc, struct hub_err *err);

#endif
