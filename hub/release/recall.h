/* Recalls (提供済み情報の回収): what left about a person to a recipient and may not stay there after a
 * withdrawal. A task for each recipient, found in the receipts of releases. A recipient whose profile
 * says deletions = "list" gets the list of what to delete with its next release; with the others a
 * person settles it and says so. Taking the withdrawal's run back voids its tasks. */
#ifndef HUB_RELEASE_RECALL_H
#define HUB_RELEASE_RECALL_H

#include "base/arena.h"
#include "store/db.h"
#include "store/schema.h"

enum hub_recall_state { HUB_RECALL_OPEN = 1, HUB_RECALL_SENT, HUB_RECALL_DONE };

struct hub_recall_scope {
	int64_t person, run;
	struct hub_str recipient, category, purpose; /* "*": any */
	struct hub_str due;                          /* first day of the withdrawal */
	int linked; /* asked because other rows turned out to be the same person */
};
/* One task for each recipient that holds something open about the person, from releases that began before the run
 * ended, and that no earlier task asks for: the same again makes no other. Of rows that were linked later, from releases
 * before the link; for such a one nothing is asked if the person has agreed again since. In the caller's transaction; *n: how many. */
int hub_recall_make(struct hub_db *db, const struct hub_recall_scope *scope, int64_t *n,
		    struct hub_err *err);

/* The same for what sources withdrew in a run, and in every run before that nobody has asked for yet: its program may have
 * been killed (recall_run.c). run 0: in those only. And for what anybody withdrew of whom more rows are known since. In
 * transactions of its own. */
struct hub_recalled {
	int64_t tasks;
	int64_t unnamed; /* withdrawals from recipients by whose name nobody is called here */
};
int hub_recalls_catch_up(struct hub_db *db, int64_t run, struct hub_recalled *out,
			 struct hub_err *err);

struct hub_recall {
	int64_t id, person, run, rows, first, last; /* first and last release concerned */
	struct hub_str recipient, purpose, due;
	enum hub_fclass category; /* 0: any */
	int state;
	int64_t sent_with, ended_at; /* sent_with: release that took the list along */
	struct hub_str ended_by, note;
};
/* recipient empty: all. open: only those that wait. Voided ones are left out. In the arena. */
int hub_recalls_list(struct hub_arena *a, struct hub_db *db, struct hub_str recipient, int open,
		     struct hub_recall **out, uint32_t *n, struct hub_err *err);

/* The rows of a task, as a query: entity, row, identity it left under, number of the recipient's key,
 * latest release. What an earlier task of the same person has settled is left out. */
int hub_recall_rows(struct hub_db *db, const struct hub_recall *r, struct hub_query **q,
		    struct hub_err *err);

/* In the caller's transaction. */
int hub_recall_sent(struct hub_db *db, int64_t id, int64_t release, struct hub_err *err);
/* By a person. HUB_USAGE when there is no such task that waits or was sent. */
int hub_recall_done(struct hub_db *db, int64_t id, struct hub_str actor, struct hub_str note,
		    struct hub_err *err);

#endif
