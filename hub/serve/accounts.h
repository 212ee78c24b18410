/* Accounts (people) and what they are for which agency. Rows are ended, never deleted: an audit entry names
 * them. Every change is a row of the audit log, in the same transaction. */
#ifndef HUB_SERVE_ACCOUNTS_H
#define HUB_SERVE_ACCOUNTS_H

#include "serve/roles.h"
#include "store/db.h"

enum hub_account_state { HUB_ACCOUNT_OPEN = 1, HUB_ACCOUNT_LOCKED };

struct hub_account {
	int64_t id;
	struct hub_str login, name, staff_no, password;
	enum hub_account_state state;
	int must_change, has_totp;
	int64_t seen_at; /* last login; 0: never */
};

struct hub_membership {
	int64_t id, account;
	struct hub_str login, agency, role; /* agency: key of cc_agency; empty: the municipality */
	struct hub_str from, to;            /* days, inclusive; to empty: open */
	struct hub_str networks;            /* beside those of the role; empty: no more of them */
	int64_t ended_at;                   /* 0: it counts */
};

/* What is wanted, or HUB_END. In the arena. */
int hub_account_find(struct hub_arena *a, struct hub_db *db, struct hub_str login,
		     struct hub_account *out, struct hub_err *err);
/* The same; HUB_USAGE "no-account" when there is none. */
int hub_account_need(struct hub_arena *a, struct hub_db *db, struct hub_str login,
		     struct hub_account *out, struct hub_err *err);
/* By login. */
int hub_account_list(struct hub_arena *a, struct hub_db *db, struct hub_account **out, uint32_t *n,
		     struct hub_err *err);
/* Can it be added? HUB_USAGE says why not. */
int hub_account_check(struct hub_db *db, const struct hub_account *of, struct hub_err *err);
/* of->login, name, staff_no, password (encoded, or empty: nobody can sign in yet), must_change. */
int hub_account_add(struct hub_db *db, const struct hub_account *of, struct hub_str actor,
		    int64_t *id, struct hub_err *err);
/* encoded; ends the sessions of the account but `keep` (0: all). */
int hub_account_set_password(struct hub_db *db, const struct hub_account *of,
			     struct hub_str encoded, int must_change, int64_t keep,
			     struct hub_str actor, struct hub_err *err);
/* Locking ends its sessions; unlocking also forgets wrong passwords. */
int hub_account_lock(struct hub_db *db, const struct hub_account *of, struct hub_str reason,
		     struct hub_str actor, struct hub_err *err);
int hub_account_unlock(struct hub_db *db, const struct hub_account *of, struct hub_str actor,
		       struct hub_err *err);
int hub_account_sign_out(struct hub_db *db, const struct hub_account *of, struct hub_str actor,
			 struct hub_err *err);

/* account 0: of all. Also those that have ended; newest last. */
int hub_membership_list(struct hub_arena *a, struct hub_db *db, int64_t account,
			struct hub_membership **out, uint32_t *n, struct hub_err *err);
/* Role, days, networks; and the register knows the agency. from empty: today. */
int hub_membership_check(struct hub_db *db, const struct hub_roles *roles,
			 const struct hub_membership *of, struct hub_err *err);
int hub_membership_add(struct hub_arena *a, struct hub_db *db, const struct hub_roles *roles,
		       const struct hub_membership *of, struct hub_str actor, int64_t *id,
		       struct hub_err *err);
/* Ends it now, and the sessions that use it. HUB_USAGE: not one of this account. */
int hub_membership_end(struct hub_db *db, const struct hub_account *of, int64_t id,
		       struct hub_str actor, struct hub_err *err);
/* Sets its last day. */
int hub_membership_until(struct hub_db *db, const struct hub_roles *roles,
			 const struct hub_membership *of, struct hub_str day, struct hub_str actor,
			 struct hub_err *err);
/* Does it count on a day? */
int hub_membership_is_on(const struct hub_membership *m, struct hub_str day);

/* "2026-04-01" of a day of the calendar; HUB_USAGE. */
int hub_account_day(struct hub_str text, struct hub_err *err);
/* 1: its contract is in force, or the register knows none; 0: it is over, or the agency has ended or stopped. */
int hub_agency_is_on(struct hub_db *db, struct hub_str agency, struct hub_str day,
		     struct hub_err *err);
/* 0, or HUB_USAGE when the register of agencies has rows and not this key. Empty is fine. */
int hub_account_agency(struct hub_db *db, struct hub_str agency, struct hub_err *err);

#endif
