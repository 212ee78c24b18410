/* What is derived from a schema: tables, the difference to the tables of a store, XSD, JSON Schema, a
 * reference for people. All of them write into a buffer whose limit the caller chose; ask
 * hub_buf_ok() once at the end. */
#ifndef HUB_STORE_SCHEMA_OUT_H
#define HUB_STORE_SCHEMA_OUT_H

#include "store/schema.h"

enum hub_dialect { HUB_SQLITE = 1, HUB_POSTGRES };

/* Longest derived text: the SQL of all tables is about 60 KB, the reference about 300 KB. */
enum { HUB_SCHEMA_OUT_MAX = 16 << 20 };

/* CREATE TABLE cc_<entity>, then its indexes: by (system_id, key) when identified, by
 * subject, case and household (the gate and the rescan of texts ask for all rows of a person or a
 * case, and for everybody of a household).
 * Columns: id, record_id, [system_id, key], fields with their spans, [scan], state, local, [match] (store/tables.h says what
 * they mean). */
void hub_schema_sql_table(const struct hub_entity *e, enum hub_dialect d, struct hub_buf *out);
void hub_schema_sql(const struct hub_schema *s, enum hub_dialect d, struct hub_buf *out);

/* One column of a store as it is. */
struct hub_have {
	struct hub_str table, column;
};

enum hub_change_kind {
	HUB_CHANGE_TABLE = 1, /* the entity has no table */
	HUB_CHANGE_ADD,       /* a column is missing */
	HUB_CHANGE_RENAME,    /* was = ... of a field names a column that is there */
	HUB_CHANGE_LEFT,      /* a column that no field names any more: kept, only reported */
};

struct hub_change {
	enum hub_change_kind kind;
	const struct hub_entity *entity;
	const struct hub_field
	    *field;              /* ADD, RENAME of a field's column; NULL: scan, spans, LEFT */
	struct hub_str from, to; /* RENAME: from, to; ADD: to; LEFT: from */
	int integer;             /* ADD: type of the column */
};

/* What has to change so that a store fits the schema: adds and renames only, never drops. Pure; the
 * changes live in the arena. have may be in any order; tables that do not begin with cc_ are not
 * looked at. */
int hub_schema_diff(struct hub_arena *a, const struct hub_schema *s, const struct hub_have *have,
		    size_t n_have, const struct hub_change **changes, size_t *n_changes);
/* The statements of one change; nothing for LEFT. */
void hub_schema_sql_change(const struct hub_change *c, enum hub_dialect d, struct hub_buf *out);

#define HUB_SCHEMA_URN "urn:tsunagi:common-case:1"
/* What may stand where a typed value was masked: asterisks, or any text with a character that is not
 * ASCII (40代, 〇〇). Regular expression of XML Schema. */
#define HUB_SHOWN_PATTERN "[\\s\\S]*[^ -~\\s][\\s\\S]*|\\*+"
/* Regular expression of a type's normal form, the same in XSD and ECMA; NULL: any text. */
const char *hub_ftype_pattern(enum hub_ftype type);

/* XML Schema 1.0 for what sink-xml writes. */
void hub_schema_xsd(const struct hub_schema *s, struct hub_buf *out);
/* JSON Schema 2020-12 for one line of what sink-json writes. */
void hub_schema_json(const struct hub_schema *s, struct hub_buf *out);
/* Reference in Markdown: every entity, field, code and spelling with its source. */
void hub_schema_md(const struct hub_schema *s, struct hub_buf *out);
/* One CSV line per entity: its name, then the labels of its fields; only = NULL: all entities,
 * else that one's header line alone. */
void hub_schema_csv(const struct hub_schema *s, const struct hub_entity *only, struct hub_buf *out);

/* ---- comparing an official sheet with the catalogue */

enum hub_verify_kind {
	HUB_VERIFY_SAME = 1,
	HUB_VERIFY_EXTRA,      /* on the sheet, not in the catalogue */
	HUB_VERIFY_MISSING,    /* in the catalogue (of the forms compared), not on the sheet */
	HUB_VERIFY_LABEL,      /* found by another spelling than our label */
	HUB_VERIFY_CODE,       /* the choice is known, its code is another one */
	HUB_VERIFY_CODE_EXTRA, /* a choice we do not have */
	HUB_VERIFY_CODE_MISSING,
};

struct hub_verify {
	enum hub_verify_kind kind;
	const struct hub_field *field; /* NULL: EXTRA */
	struct hub_str official, ours; /* labels, or choices as "code label" */
	uint32_t line;                 /* of the sheet; 0: MISSING */
	uint32_t column;               /* of its cell, from 1; 0: MISSING */
	struct hub_str sheet;          /* its name; empty: there is one only */
};

struct hub_verify_sheet {
	struct hub_str name; /* may be empty */
	struct hub_str text; /* UTF-8 CSV without BOM */
	int by_rows;         /* of a workbook: line ends inside of cells begin no line */
};

/* Each sheet is an item list, whose header names a column 項目 (項目名, 名称) and perhaps 様式 (帳票, シート)
 * and 選択肢 (コード, 区分), choices divided by / 、 or line ends; or a data file, whose header cells are the
 * items; or a form, whose labels stand anywhere, each before its choices. form: only the catalogue's
 * fields of this form are compared and may be missing; empty: the forms that sheets are named after or
 * name, and without any nothing counts as missing. Results live in the arena, in the order of the
 * sheets, MISSING at the end. */
int hub_schema_verify(struct hub_arena *a, const struct hub_schema *s,
		      const struct hub_verify_sheet *sheet, size_t sheets, struct hub_str form,
		      const struct hub_verify **list, size_t *n, struct hub_err *err);

#endif
