/* Tables for people and programs: built once, printed as aligned text, CSV, JSON Lines or HTML.
 * Cells are copied into the arena. A table whose memory ran out prints nothing and says so, so that nobody
 * else has to ask. */
#ifndef HUB_BASE_TABLE_H
#define HUB_BASE_TABLE_H

#include "base/buf.h"

struct hub_table;

enum hub_table_form { HUB_TABLE_TEXT = 0, HUB_TABLE_CSV, HUB_TABLE_JSONL, HUB_TABLE_HTML };

/* "table", "csv", "jsonl", "html"; -1 for another word. */
int hub_table_form(struct hub_str word);

/* title may be empty. NULL when out of memory: all that follows takes that, too, and hub_table_show says so. */
struct hub_table *hub_table_new(struct hub_arena *a, struct hub_str title);
/* name: stable key of JSON and CSV; title: what people see, translated when it is shown. right: numbers. */
void hub_table_col(struct hub_table *t, const char *name, const char *title, int right);
/* Cells of the current row from left to right; a new row begins after the last column. */
void hub_table_str(struct hub_table *t, struct hub_str cell);
void hub_table_puts(struct hub_table *t, const char *cell);
/* A code for programs (CSV, JSON), and the word that people read for it (text, HTML); empty: the code. */
void hub_table_code(struct hub_table *t, struct hub_str code, struct hub_str word);
/* An English word, which people read translated. */
void hub_table_word(struct hub_table *t, const char *word);
/* A stamp in Japan; 0: empty. */
void hub_table_time(struct hub_table *t, int64_t seconds);
void hub_table_int(struct hub_table *t, int64_t n); /* text and HTML group thousands */
void hub_table_id(struct hub_table *t, int64_t n);  /* never: it is copied into the next command */
size_t hub_table_rows(const struct hub_table *t);
/* For a list without an end, before its first row: its cells are in `cells`, which hub_table_forget empties when they have
 * been printed. What is printed next goes on (CSV), or is a table of its own under the same head. */
void hub_table_endless(struct hub_table *t, struct hub_arena *cells);
void hub_table_forget(struct hub_table *t);
/* 0, or -1 when memory ran out while the table was built. */
int hub_table_print(const struct hub_table *t, enum hub_table_form form, struct hub_buf *out);
/* The same; as text no wider than fit (0: as wide as it gets): cells go on below, and what has too many columns for that
 * has a line for each cell. */
int hub_table_show(const struct hub_table *t, enum hub_table_form form, size_t fit,
		   struct hub_buf *out);

/* Into a cell of a Markdown table: a | would end it. */
void hub_md_str(struct hub_buf *b, struct hub_str s);
/* & < > " as entities. */
void hub_html_str(struct hub_buf *b, struct hub_str s);
/* A whole page that needs nothing from outside and prints on A4; close with hub_html_end. */
void hub_html_begin(struct hub_buf *b, struct hub_str title);
void hub_html_end(struct hub_buf *b);

#endif
