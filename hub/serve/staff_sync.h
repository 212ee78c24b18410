/* The staff list drives accounts: who came, who moved, who left, as things stand on a day. An account without a staff
 * number is nobody's business here, and nothing is ever deleted. */
#ifndef HUB_SERVE_STAFF_SYNC_H
#define HUB_SERVE_STAFF_SYNC_H

#include "serve/accounts.h"
#include "store/staff.h"

enum hub_sync_kind {
	HUB_SYNC_NEW = 1, /* in the list, without an account */
	HUB_SYNC_MOVE,    /* holds a role for an agency where they do not work any more */
	HUB_SYNC_LEFT,    /* no appointment in force: the account is locked */
	HUB_SYNC_BACK,    /* locked, and in the list again: a person decides */
	HUB_SYNC_UNKNOWN, /* the list never had this staff number: a person looks */
};

struct hub_sync_step {
	enum hub_sync_kind kind;
	struct hub_account account; /* NEW: login, name, staff_no of the one to be made */
	struct hub_membership from; /* MOVE: what ends */
	struct hub_str agency;      /* NEW, MOVE: key of where they work now */
};

/* The staff list beside the accounts, as of a day. The caller says the first lines; hub_sync_plan() the rest, in the
 * arena. */
struct hub_sync {
	struct hub_arena *a;
	struct hub_store *store;
	const struct hub_roles *roles;
	struct hub_str day; /* ISO */
	struct hub_str
	    role; /* of new accounts, which get no password yet; empty: they are left out */
	struct hub_str actor; /* who does it */
	struct hub_account *account;
	uint32_t accounts;
	struct hub_sync_step *step; /* in the order of staff numbers */
	uint32_t n;
};

/* What is to be done. */
int hub_sync_plan(struct hub_sync *s, struct hub_err *err);
/* The brake, as for full dumps: HUB_REFUSED "too-many-leave" when the steps would lock more than a tenth of the open
 * accounts that have a staff number (and three of them or more: a half list), "last-administrator" when nobody would be
 * left who may manage accounts. */
int hub_sync_brake(const struct hub_sync *s, struct hub_err *err);
/* "new", "moves", "left", "back", "unknown". */
const char *hub_sync_word(enum hub_sync_kind kind);
/* One step. HUB_END: nothing was to be done. */
int hub_sync_apply(const struct hub_sync *s, const struct hub_sync_step *step, struct hub_err *err);

#endif
