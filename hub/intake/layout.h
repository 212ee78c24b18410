/* How an input was laid out when a run read it: what it takes to write its rejects back in its own
 * form, and to take a stored record apart again (reload, explain). Kept in the store, one per run. */
#ifndef HUB_INTAKE_LAYOUT_H
#define HUB_INTAKE_LAYOUT_H

#include "store/store.h"
#include "text/encoding.h"

struct hub_layout {
	enum hub_enc encoding;    /* of raw records; UTF-8 when the source decoded them itself */
	struct hub_str delimiter; /* one character; "," for sources that are not delimited text */
	int quote;                /* byte; 0: none */
	int trim;                 /* the reader takes blanks around cells away */
	int named;                /* the header below stood in the file; else columns are counted */
	struct hub_str mapping;   /* as the run was told: name or path; for the next command */
	uint32_t n;
	const struct hub_str *header; /* n, UTF-8 */
};

/* A piece of a record. quoted: it stood in quotes (an empty one is a value, not a gap). */
struct hub_piece {
	struct hub_str text; /* bytes of the layout's encoding, quotes resolved */
	int quoted;
};

/* Reads what options of a source say about the layout; later calls override. Names that say nothing
 * about it are ignored. */
void hub_layout_option(struct hub_layout *l, struct hub_str name, struct hub_str value);
/* A layout before any option: comma, double quote, header. */
void hub_layout_init(struct hub_layout *l);

/* Writes or replaces the layout of a run. */
int hub_layout_save(struct hub_store *s, int64_t run, const struct hub_layout *l,
		    struct hub_err *err);
/* HUB_END: the run has none (it is older than layouts, or was an undo). */
int hub_layout_load(struct hub_arena *a, struct hub_store *s, int64_t run, struct hub_layout *out,
		    struct hub_err *err);

/* Cuts a record as its reader did. One that no reader would take is cut at its delimiters as they are
 * found, so that a person sees all of it. NULL when out of memory. */
struct hub_piece *hub_layout_split(struct hub_arena *a, const struct hub_layout *l,
				   struct hub_str raw, uint32_t *n);

/* Appends one cell, in quotes when it needs them. */
void hub_layout_cell(struct hub_buf *out, struct hub_str delimiter, struct hub_str cell,
		     int quoted);

#endif
