/* Rows by the page (db_sqlite_image.c, db_sqlite_pages.c): a second database of the connection, in memory, whose
 * pages the driver writes itself. It has the tables of the store under the same definitions, and at any time the
 * rows of one of them. INSERT INTO main.t SELECT * FROM rows.t then moves whole records from tree to tree;
 * SQLite neither asks for a column nor makes a record. */
#ifndef HUB_STORE_DB_SQLITE_IMAGE_H
#define HUB_STORE_DB_SQLITE_IMAGE_H

#include "store/db_sqlite.h"

/* A row must fit one page. Page 1 holds the definitions, page 2 is the root of each table, then come leaves. */
enum {
	IMAGE_PAGE = 32768,
	IMAGE_ROOT = 2,
	IMAGE_LEAVES = 8,
	IMAGE_PAGES = IMAGE_ROOT + IMAGE_LEAVES,
	IMAGE_LEAF_HEAD = 8,
	IMAGE_NO_COL = 0xffff
};

/* SQLite database file format, 1.6: kinds of b-tree pages. */
enum { PAGE_TABLE_INNER = 0x05, PAGE_TABLE_LEAF = 0x0d };

struct image_col {
	const char *name;
	enum hub_dbtype type;
	uint8_t must, filled; /* NOT NULL; has a default */
};

struct image_table {
	const char *name;
	struct image_col *col;
	uint32_t cols, id; /* id: the column that is the row's number */
	uint32_t least;    /* columns that a record must have: behind them, none has a default */
	char *insert;
};

/* The columns of a bulk insert in the order of the table. */
struct image_use {
	uint16_t col, from; /* of the table, of the insert */
	uint8_t type, must; /* of the column */
};

struct image_plan {
	const struct image_table *t; /* NULL: this insert goes row by row */
	struct image_use *use;
	uint32_t uses, id; /* id: column of the insert with the row's number */
};

/* A value on its way into a record. Columns without one are null. */
struct image_cell {
	uint32_t at;     /* column */
	uint32_t serial; /* format, 2.1 */
	const char *ptr;
	size_t len;
	int64_t num;
};

struct sqlite_image {
	struct hub_arena *arena; /* of what belongs to one schema of the store */
	unsigned char *page;     /* IMAGE_PAGES */
	struct image_table *table;
	uint32_t tables;
	struct hub_map *plan;    /* text of the insert -> struct image_plan */
	struct image_cell *cell; /* of a row */
	int64_t schema;          /* of the store, for which this was made; -1: none */
	int checked;             /* that it works */
};

static inline unsigned char *image_page(struct sqlite_image *m, uint32_t number)
{
	return m->page + (size_t)(number - 1) * IMAGE_PAGE;
}

/* Before a transaction: the image has the tables that the store has now. After its begin: it works. */
void hub_sqlite_image_ready(struct sqlite *s);
void hub_sqlite_image_check(struct sqlite *s);
void hub_sqlite_image_free(struct sqlite *s); /* after the connection */
/* NULL, or one without a table: row by row. */
const struct image_plan *hub_sqlite_image_plan(struct sqlite *s, const char *into);
int hub_sqlite_insert_pages(struct sqlite *s, const struct image_plan *plan,
			    const struct hub_db_rows *in, struct hub_err *err);

/* A b-tree page being filled from its end. */
struct image_fill {
	unsigned char *page;
	uint32_t head; /* bytes before the list of cells */
	uint32_t cells, top;
};
void hub_image_fill(struct image_fill *f, unsigned char *page, uint32_t head);
/* A cell of n bytes, for which there is room. */
unsigned char *hub_image_cell(struct image_fill *f, size_t n);
int hub_image_room(const struct image_fill *f, size_t n);
/* The page's own header, at `at` in the page. */
void hub_image_close(struct image_fill *f, uint32_t at, int kind, uint32_t right);

size_t hub_varint_len(uint64_t v);
unsigned char *hub_varint_put(unsigned char *p, uint64_t v);
struct image_cell hub_image_int(uint32_t at, int64_t v);
struct image_cell hub_image_bytes(uint32_t at, struct hub_str s, enum hub_dbtype type);
/* A record of n values, columns ascending, in `cols` columns: bytes of its header, of all; then itself. */
size_t hub_record_size(const struct image_cell *c, uint32_t n, uint32_t cols, size_t *head);
void hub_record_put(unsigned char *p, size_t head, const struct image_cell *c, uint32_t n);

#endif
