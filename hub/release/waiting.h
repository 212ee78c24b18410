/* What of releases, consents and protection waits for a person. Counts only. */
#ifndef HUB_RELEASE_WAITING_H
#define HUB_RELEASE_WAITING_H

#include "base/buf.h"
#include "store/db.h"

/* A line for each kind of thing that waits, with the command that shows it. */
int hub_release_waiting(struct hub_db *db, struct hub_buf *out, struct hub_err *err);

#endif
