/* The reject file (取込エラー): the records that a run could not take, in the layout and encoding of
 * their source, to be put right in a spreadsheet and brought back by `tsunagi reload`. In front of the
 * source's own columns stand _id, _code, _reason, _place. Cells that cannot be decoded are written
 * [HEX]; columns that must not come in are blank; of a record that is not kept only the place is there. */
#ifndef HUB_INTAKE_REJECT_H
#define HUB_INTAKE_REJECT_H

#include "intake/layout.h"
#include "store/read.h"

enum { HUB_REJECT_COLUMNS = 4, HUB_REJECT_ID = 48 };

/* _id of a reject: "r12_345_ab3f". A spreadsheet leaves it alone, and the last part tells an id of
 * another store. content: of the reject's run. */
void hub_reject_id(const struct hub_reject_row *r, struct hub_str content, char out[HUB_REJECT_ID]);
/* Numbers of an _id; -1 when it is none. */
int hub_reject_id_read(struct hub_str text, int64_t *run, int64_t *id);

/* A cell as the file shows it, UTF-8: decoded, or [HEX] (*hex is set). .ptr NULL: out of memory. */
struct hub_str hub_reject_cell(struct hub_arena *a, const struct hub_layout *l,
			       struct hub_str bytes, int *hex);

/* Writes the open rejects of a run, 0600. *n: how many; 0 writes no file. */
int hub_reject_file(struct hub_store *s, int64_t run, const char *path, uint64_t *n,
		    struct hub_err *err);
/* Where the file goes unless told otherwise: <input>.rejects.csv, with the number of the run when a
 * file of that name is there already (someone may be at work in it). */
struct hub_str hub_reject_path(struct hub_arena *a, const char *input, int64_t run);
/* 1: the file beside the input, with or without the run's number, holds rejects of that run. */
int hub_reject_is_there(struct hub_arena *a, const char *input, int64_t run);

/* Run whose rejects the beginning of such a file holds: behind the first line end stands an _id. -1:
 * none. */
int hub_reject_run_of(struct hub_str text, int64_t *run);

#endif
