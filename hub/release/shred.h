/* Disposing of the files of a case: its key is destroyed, and with it whatever copy of them there is that was made
 * without the key file. Two accounts: the first asks, the second confirms what the first has seen. */
#ifndef HUB_RELEASE_SHRED_H
#define HUB_RELEASE_SHRED_H

#include "store/store.h"

struct hub_shred {
	int64_t case_id;
	struct hub_str actor, reason;
	int dry;
	/* answer */
	int64_t files, bytes; /* of attachments and of modules (chat) */
	int done;             /* 0: asked for, somebody else must confirm */
};

/* HUB_USAGE: no key (nothing was ever attached), no reason; HUB_REFUSED: destroyed already; HUB_LOCKED: somebody
 * attaches to the case. One transaction with its entry in the audit log. */
int hub_shred_case(struct hub_store *s, struct hub_shred *x, struct hub_err *err);

#endif
