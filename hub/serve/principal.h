/* Who asks. The guard (serve/access.h) sets q->principal before a handler of a route with a permission is
 * called; a handler of an open route (permission NULL) finds NULL there.
 *
 *	const struct hub_principal *p = q->principal;
 *	if (!hub_principal_may(p, "cases.reveal"))
 *		...
 *
 * A route's permission:
 *	NULL             open to everybody
 *	HUB_MAY_LOCKED   whoever is signed in, also while the session is locked
 *	HUB_MAY_SETUP    whoever is signed in, also with a temporary password
 *	HUB_MAY_SIGNED   whoever is signed in
 *	"cases.read"     <area>.<verb>; modules bring areas of their own */
#ifndef HUB_SERVE_PRINCIPAL_H
#define HUB_SERVE_PRINCIPAL_H

#include "base/str.h"

#define HUB_MAY_SIGNED ""
#define HUB_MAY_SETUP  "="
#define HUB_MAY_LOCKED "-"

struct hub_role;

/* Lives as long as the request. Texts are empty when there is nothing to say, never NULL. */
struct hub_principal {
	int64_t account;        /* row of account; of a token: its owner's, or 0 */
	int64_t token;          /* row of token; 0: a person's session */
	int64_t session;        /* row of session; 0: a token */
	struct hub_str login;   /* what audit entries name as actor: "yamazaki", "token:front" */
	struct hub_str name;    /* for people */
	struct hub_str agency;  /* recipient id, key of cc_agency; empty: the municipality itself */
	struct hub_str staff;   /* staff_no, or empty */
	struct hub_str address; /* where the request came from, proxies taken off */
	struct hub_str networks;     /* beside those of the role (serve/cidr.h) */
	const struct hub_role *role; /* NULL: a token */
	const struct hub_str *may;   /* patterns: "chat.*", "*.read", "*" */
	uint32_t n_may;
	int view_only;   /* may nothing but what ends in .read, whatever the patterns say */
	int must_change; /* the password is a temporary one: nothing but its change is open */
	int locked;      /* the session waits for its password */
};

/* p NULL: nobody, who may nothing. permission as above. */
int hub_principal_may(const struct hub_principal *p, const char *permission);

/* "chat.*" has "chat.read" and "chat.rooms.read", "*.read" has both, "*" everything. */
int hub_permission_fits(struct hub_str pattern, struct hub_str permission);
/* Is every permission that a pattern can stand for one that `by` has as well? For giving away no more
 * than one has. */
int hub_permission_covers(struct hub_str by, struct hub_str pattern);
/* <area>.<verb> or one of the patterns above: letters, digits, '_', '-', '.'. */
int hub_permission_is_pattern(struct hub_str s);

#endif
