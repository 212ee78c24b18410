/* Detection at intake: the narrative fields of a chunk, with what the record itself says about its
 * people as the roster. Release scans again with the roster of the whole case (the stamp differs). */
#ifndef HUB_INTAKE_DETECT_ROWS_H
#define HUB_INTAKE_DETECT_ROWS_H

#include "plugin/detect.h"
#include "store/rows.h"

/* Sets spans and scan of every block with narrative fields; everything in the chunk's arena. */
int hub_detect_rows(struct hub_detect *d, struct hub_str version, struct hub_chunk *c,
		    struct hub_err *err);

#endif
