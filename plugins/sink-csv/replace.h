/* Characters that the file's encoding does not have, or that only one office has (gaiji): what is written
 * instead, and the report that says where. */
#ifndef SINK_CSV_REPLACE_H
#define SINK_CSV_REPLACE_H

#include "outfile.h"

struct replace {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct hub_str encoding, folder;
	int single;         /* folder is the name of the one file */
	struct outfile out; /* opened with the first line */
	int opened;
};

/* Where a text stands, for the report. */
struct replace_place {
	struct hub_str table, column;
	uint64_t row; /* of the file, without its header, from 1 */
};

/* The text with everything replaced that cannot be written; in itself when there is nothing. */
int replace_text(struct replace *r, struct hub_batch *b, struct hub_str in,
		 const struct replace_place *at, struct hub_str *out, struct hub_err *err);

#endif
