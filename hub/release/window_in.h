/* Inner part of window*.c: the views of a connection, and where the rows of a look come from. */
#ifndef HUB_RELEASE_WINDOW_IN_H
#define HUB_RELEASE_WINDOW_IN_H

#include "release/circle.h"
#include "release/facts_mark.h"
#include "release/loads.h"
#include "release/rowctx.h"
#include "release/window.h"

enum { HUB_WINDOW_AGENCIES = 64 };

/* One profile. x is open while its facts are. */
struct hub_window_view {
	const struct hub_profile *profile; /* NULL: the hub's own */
	struct hub_release_spec spec;
	struct hub_release_counts counts;
	struct hub_rowctx x;
	int is_open;
	struct hub_profile_entity *own; /* of the hub's: by entity index */
};

struct hub_windows {
	struct hub_arena *arena, *page; /* page: rows being decided */
	struct hub_store *store;
	struct hub_db *db;
	const struct hub_schema *schema;
	struct hub_windows_conf conf;
	const char *keys;
	struct hub_window_view *view; /* conf.views, then the hub's own */
	struct hub_people *people;    /* NULL: facts must be read */
	struct hub_detect *detect;
	char version[65];
	uint8_t site_key[HUB_KEY_BYTES];
	struct hub_facts_mark mark;
	int64_t until;
	int32_t day;
	/* keys of agencies that were asked for, by the end of their id; fresh with the facts */
	struct hub_agency_key {
		int64_t id;
		size_t len;
		char key[40];
	} agency[HUB_WINDOW_AGENCIES];
	struct hub_loads loads;
	int reading; /* the transaction may not write */
	int indexed; /* the store has its indexes for looks */
};

/* Runs work in the caller's transaction, or in one of its own: one that only reads, and when a text is stale (it
 * returns HUB_IDLE), once more in one that writes. */
int hub_windows_txn(struct hub_windows *w, int (*work)(void *arg), void *arg, struct hub_err *err);
/* Facts as they are now, and the view of who asks, open and approved. In a transaction. */
int hub_windows_ready(struct hub_windows *w, const struct hub_window_ask *ask,
		      struct hub_window_view **out, struct hub_err *err);
/* The id by which profiles and accounts know an agency; *out stays when it has none. */
int hub_window_agency(struct hub_windows *w, struct hub_arena *a, int64_t id, struct hub_str *out,
		      struct hub_err *err);
/* The key its handles are made with. */
struct hub_str hub_window_key(const struct hub_windows *w, const struct hub_window_view *v);
/* NULL: the view leaves it out. */
const struct hub_profile_entity *hub_window_entity(const struct hub_window_view *v,
						   const struct hub_entity *e);
/* Row of a handle, also of one that was made with an older key; 0: none. */
int64_t hub_window_id(const struct hub_windows *w, const struct hub_window_view *v,
		      struct hub_str scope, struct hub_str handle);
/* Cells of one row, in w->page; see hub_rowctx_decide. *any: something of it may be seen. */
int hub_window_decide(struct hub_windows *w, struct hub_window_view *v,
		      const struct hub_profile_entity *e, struct hub_source_row *row,
		      struct hub_out_cell *cells, int *any, struct hub_err *err);

/* The case of a number or handle, as far as the view may see it. HUB_END: none. by_number: whoever asks is known to
 * have the number, its cell need not be shown. */
int hub_window_case(struct hub_windows *w, struct hub_window_view *v, struct hub_str name,
		    int by_number, int64_t *id, struct hub_err *err);
struct hub_window_rows {
	int64_t *id;
	size_t n;
};
/* The rows of an entity that may belong to a case, ascending; hub_circle_holds() has the last word. */
int hub_window_case_rows(struct hub_windows *w, struct hub_arena *a, const struct hub_circle *c,
			 const struct hub_entity *e, struct hub_window_rows *out,
			 struct hub_err *err);
/* Of each case with an id above after, up to upto, the row of the date's entity with the latest day; cases without one are left out. By
 * rising case. */
struct hub_newest {
	struct hub_newest_row {
		int64_t case_id, id;
	} * row;
	size_t n;
};
int hub_window_newest_each(struct hub_windows *w, struct hub_arena *a, const struct hub_field *date,
			   int64_t after, int64_t upto, struct hub_newest *out,
			   struct hub_err *err);
/* The rows with that case, the latest day first. */
int hub_window_newest(struct hub_windows *w, struct hub_arena *a, const struct hub_field *date,
		      int64_t case_id, struct hub_window_rows *out, struct hub_err *err);

#endif
