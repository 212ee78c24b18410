/* Reading a reject file back after people worked in it. Every record is compared with the stored one:
 * cells that differ only by what a spreadsheet does to them are as they were. Corrected records become
 * a CSV in memory (never a file on disk) that goes through the pipeline like any other input. */
#ifndef HUB_INTAKE_RELOAD_H
#define HUB_INTAKE_RELOAD_H

#include "intake/pipeline.h"
#include "intake/reject.h"

struct hub_reload {
	int64_t run; /* whose rejects these are */
	struct hub_layout layout;
	uint64_t records;   /* of the file */
	uint64_t untouched; /* not corrected yet */
	uint64_t done;      /* brought back by an earlier reload */
	size_t n;           /* corrected now */
	int64_t *ids;       /* n */
	int fd;             /* of the CSV in memory, -1: none */
	char path[32];
	struct hub_intake_part part;
	struct hub_str option_name[8], option_value[8];
	uint32_t options;
};

/* Refuses a file with missing or moved columns, unknown ids, ids twice, ids of several runs. Close it
 * also after a failure; *out is zeroed by the caller. */
int hub_reload_read(struct hub_arena *a, struct hub_store *s, const struct hub_plugins *plugins,
		    const char *path, struct hub_reload *out, struct hub_err *err);
void hub_reload_close(struct hub_reload *r);
/* Points an intake at the corrected records. */
void hub_reload_input(const struct hub_reload *r, struct hub_intake *in);

#endif
