/* Detection at intake: the narrative fields of a chunk, with what the record itself says about its
 * people as the roster. Release scans again with the roster of the whole case (the stamp differs). */
#ifndef HUB_INTAKE_DETECT_ROWS_H
#define HUB_INTAKE_DETECT_ROWS_H

#include "plugin/detect.h"
#include "store/rows.h"

/* SHARED: only rows with a key of their own. What is found in the others of a new record is compared with
 * nothing, so a dry run does without. */
enum hub_detect_which { HUB_DETECT_ALL, HUB_DETECT_SHARED };

/* Sets spans and scan of the blocks with narrative fields; everything in the chunk's arena. */
int hub_detect_rows(struct hub_detect *d, struct hub_str version, struct hub_chunk *c,
		    enum hub_detect_which which, struct hub_err *err);

#endif
