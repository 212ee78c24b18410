/* Reads the rows of one entity of a profile from the store, some hundred at a time, in order of id:
 * only rows that a source describes, and whose record is in force. */
#ifndef HUB_RELEASE_CURSOR_H
#define HUB_RELEASE_CURSOR_H

#include "release/profile.h"
#include "store/store.h"

enum { HUB_CURSOR_ROWS = 500 };

/* One row. Values live in the arena given to hub_cursor_next. */
struct hub_source_row {
	int64_t id;
	int64_t person, case_id, agency; /* 0: the row says nothing of it */
	struct hub_str scan;             /* with what its texts were scanned */
	struct hub_str *value;           /* per field of the profile; ptr NULL: null */
	struct hub_str *text, *spans; /* per narrative of the entity, in the order of the schema */
};

struct hub_cursor;

/* Which rows, and how many at a time. A zeroed one: all, HUB_CURSOR_ROWS. */
struct hub_cursor_spec {
	const struct hub_field *date; /* rows whose date lies between; NULL: any */
	struct hub_str from, to;      /* ISO days; empty: open */
	int64_t after;                /* ids above it; 0: all (ids of rows are above 0) */
	uint32_t rows;
};

/* Lives in the arena. */
int hub_cursor_open_at(struct hub_arena *a, struct hub_db *db, const struct hub_profile_entity *e,
		       const struct hub_cursor_spec *spec, struct hub_cursor **out,
		       struct hub_err *err);
int hub_cursor_open(struct hub_arena *a, struct hub_db *db, const struct hub_profile_entity *e,
		    struct hub_cursor **out, struct hub_err *err);
/* The next rows; *n 0 behind the last one. */
int hub_cursor_next(struct hub_cursor *c, struct hub_arena *a, struct hub_source_row **rows,
		    uint32_t *n, struct hub_err *err);
/* One row by its id; HUB_END when there is none, or its record is not in force. */
int hub_cursor_row(struct hub_arena *a, struct hub_db *db, const struct hub_profile_entity *e,
		   int64_t id, struct hub_source_row *row, struct hub_err *err);

#endif
