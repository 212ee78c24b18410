/* What comes out of the store shows no personal data on a terminal without a reason, and the reason is
 * in the audit log before the first value is on the screen. */
#ifndef HUB_CLI_REVEAL_H
#define HUB_CLI_REVEAL_H

#include "cli/cli.h"
#include "store/store.h"

/* reason NULL: nothing is revealed, nothing written. object: "link c12", "activity 345". */
int hub_reveal(struct hub_cli *cli, struct hub_store *store, const char *reason,
	       struct hub_str object);
/* Opening flags of a command that may reveal: the audit log is written. */
unsigned hub_reveal_flags(const char *reason);
/* A value as it may be shown: itself with a reason; else its first character, or the year of a date. */
struct hub_str hub_reveal_text(struct hub_arena *a, const struct hub_field *f, struct hub_str value,
			       const char *reason);

/* One field of a person as it may be shown; empty when there is none. .ptr may be NULL. */
int hub_reveal_person(struct hub_cli *cli, struct hub_store *store, int64_t id, const char *field,
		      const char *reason, struct hub_str *out);

#endif
