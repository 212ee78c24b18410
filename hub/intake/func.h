/* Functions of the mapping language: one const table (func.c). `tsunagi functions`, the compiler's
 * checks and docs/mapping.md come from it.
 *
 * Most functions turn one text into one text: they give .cell and know nothing of columns, states or
 * caches. Those that look at several columns or at the state of a cell give .column. */
#ifndef HUB_INTAKE_FUNC_H
#define HUB_INTAKE_FUNC_H

#include "base/buf.h"
#include "store/rows.h"

/* What a value is. Everything travels as text; the kind says which normal form it is in. */
enum hub_value {
	HUB_V_NULL = 0, /* the literal null: fits everywhere */
	HUB_V_TEXT,
	HUB_V_DATE,
	HUB_V_DATETIME,
	HUB_V_TIME,
	HUB_V_MONTH,
	HUB_V_INT,
	HUB_V_BOOL, /* "1" or "0" */
	HUB_V_CODE,
	HUB_V_CODES, /* JSON array of codes */
	HUB_V_KANA,
	HUB_V_PHONE,
	HUB_V_POSTAL,
	HUB_V_JSON,
	HUB_V_LIST, /* pieces separated by U+001F */
	HUB_VALUES,
	HUB_V_SAME = HUB_VALUES, /* result: the kind of the value arguments */
};
#define HUB_V_MASK(v) (1u << (v))
enum {
	HUB_V_SCALAR =
	    (1u << HUB_VALUES) - 1 - (1u << HUB_V_LIST), /* anything but several values */
	HUB_LIST_SEP = 0x1f,
};

enum hub_farg_type {
	HUB_A_VALUE = 1, /* an expression; kinds: mask of what it may be */
	HUB_A_TEXT,
	HUB_A_INT,
	HUB_A_DATE,
	HUB_A_WORD, /* one of words, separated by blanks */
	HUB_A_CODES,
	HUB_A_TABLE, /* small table of the mapping file */
};

enum hub_farg_flag {
	HUB_AF_OPTIONAL = 1,
	HUB_AF_REPEAT = 2, /* the last positional one: any number */
	HUB_AF_NAMED = 4,  /* only as name = value */
};

struct hub_farg {
	const char *name; /* NULL ends the list */
	uint8_t type, flags;
	uint32_t kinds;
	const char *words;
};

enum { HUB_FUNC_ARGS = 6, HUB_FUNC_PARAMS = 64 };

/* A small table of the mapping file. */
struct hub_maptable {
	struct hub_str name;
	const struct hub_map *find; /* folded text -> index */
	const struct hub_str *value;
	uint32_t count;
};

/* A constant argument as written and as read. */
struct hub_fparam {
	uint32_t arg; /* index in func->arg */
	struct hub_str text;
	int64_t num; /* INT: the number; DATE: days since 1970; WORD: index */
	const struct hub_codes *codes;
	const struct hub_maptable *table;
};

struct hub_op;
struct hub_fx;
struct hub_fcall;

enum hub_func_flags {
	HUB_FUNC_OPERATOR = 1, /* written as a sign or word between values */
	HUB_FUNC_CACHE = 2,    /* costly for few distinct values: results are remembered */
};

struct hub_func {
	const char *name, *help, *example;
	struct hub_farg arg[HUB_FUNC_ARGS];
	enum hub_value result; /* or HUB_V_SAME */
	uint32_t flags;
	const char *bad; /* stable code when a value is refused; NULL: never refuses */
	/* Exactly one of the two. cell gets a value and sets *out; returns VALUE, NULL or INVALID. */
	enum hub_cell (*cell)(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
	void (*column)(struct hub_fx *x);
	/* Reads the constants once, at compile time, into op->conf. May be NULL. */
	int (*prepare)(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		       struct hub_err *err);
};

const struct hub_func *hub_func_find(struct hub_str name);
/* In the order of the documentation; NULL behind the last. */
const struct hub_func *hub_func_at(size_t i);
/* "date(value, option..., min = DATE)" */
void hub_func_usage(const struct hub_func *f, struct hub_buf *out);
/* "text", "date", "several values" ...: translated, for people. */
const char *hub_value_name(enum hub_value v);

/* One step of a compiled mapping: makes one column of values out of others. */
struct hub_op {
	const struct hub_func *fn; /* NULL: column, constant or one of the marks below */
	enum { HUB_OP_FUNC = 0, HUB_OP_COLUMN, HUB_OP_CONST, HUB_OP_IT, HUB_OP_SPREAD } what;
	enum hub_value kind;
	uint32_t
	    domain; /* 0: one row per record; else 1 + block: one row per piece of its `each` */
	uint32_t n_in, params;
	const uint32_t *in;
	const struct hub_fparam *param;
	const void *conf;              /* from prepare */
	const struct hub_codes *codes; /* CODE, CODES: of which list */
	uint32_t column;               /* COLUMN: index in the mapping's columns */
	struct hub_str constant;
	struct hub_str text; /* as written, for people */
	uint8_t fixed;       /* depends on no column */
};

/* A cell that could not be read: why. */
struct hub_bad {
	uint32_t row;
	const char *why; /* stable word, static: "no-such-day" */
};

/* A column being computed. */
struct hub_reg {
	struct hub_vec v;
	struct hub_bad *bad; /* ascending rows */
	uint32_t bads;
	size_t bad_cap;
	uint8_t done; /* in which step of the chunk; 0: not yet */
};

/* One run of one function over a column. */
struct hub_fx {
	struct hub_arena *arena;
	const struct hub_op *op;
	uint32_t n; /* of the cells of each vector sel[0..n-1] are wanted */
	const uint32_t *sel;
	const struct hub_reg *const *in;
	struct hub_reg *out;
	const uint32_t *record; /* row -> record of the chunk; NULL: the same */
	const struct hub_chunk *chunk;
	const struct hub_hash *content; /* records: hash of their cells, whatever the mapping */
	struct hub_findings *findings;
	struct hub_str column; /* name for findings */
	char *room;            /* block that results are written to */
	size_t left;
	int oom;
};

/* One value on its way through .cell. */
struct hub_fcall {
	struct hub_fx *x;
	const struct hub_op *op;
	const char *why;     /* set with INVALID */
	const char *note[3]; /* findings about a value that was accepted */
	uint32_t notes;
};

/* Memory for n bytes of result, living as long as the chunk. NULL: x->oom is set. */
char *hub_fx_room(struct hub_fx *x, size_t n);
struct hub_str hub_fx_copy(struct hub_fx *x, struct hub_str s);
/* Row r cannot be read. Rows come in ascending order. The text of the cell stays. */
void hub_fx_bad(struct hub_fx *x, uint32_t r, struct hub_str raw, const char *why);
/* Runs fn->cell over the selected rows: states, results, cache, findings. */
void hub_fx_cells(struct hub_fx *x);
const struct hub_fparam *hub_op_param(const struct hub_op *op, const char *name);

static inline void hub_fx_set(struct hub_fx *x, uint32_t r, enum hub_cell cell, struct hub_str text)
{
	x->out->v.cell[r] = (uint8_t)cell;
	x->out->v.text[r] = text;
}

/* For people: why a value was refused. code is .bad, why the stable word; translated. */
const char *hub_why_text(const char *why);

#endif
