/* What stands before the records: title lines, and the header of one record or several. */
#ifndef SOURCE_CSV_HEAD_H
#define SOURCE_CSV_HEAD_H

#include "rows.h"

/* One line or record of it; f->c->headed is set behind the last. SPLIT_MORE: the text ends too early. */
int head_step(struct fill *f, struct hub_err *err);

#endif
