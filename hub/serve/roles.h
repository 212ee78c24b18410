/* Roles, read from schemas/roles.cfg or the file that a site names: what somebody may, from where, and
 * how sure one must be of who it is. A person holds a role for an agency (serve/accounts.h). */
#ifndef HUB_SERVE_ROLES_H
#define HUB_SERVE_ROLES_H

#include "conf/conf.h"
#include "store/db.h"

struct hub_role {
	struct hub_str name, label;
	const struct hub_str *may; /* patterns (serve/principal.h) */
	uint32_t n_may;
	struct hub_str networks; /* as serve/cidr.h has lists; empty: every address */
	int64_t view_only;
	int64_t second_factor; /* a password alone does not do */
	int64_t days;          /* a membership must end within so many days; 0: it may stay open */
};

struct hub_roles {
	const struct hub_role *role;
	uint32_t n;
};

/* All problems go to the report; HUB_CONF when there is any. In the arena. */
int hub_roles_load(struct hub_arena *a, struct hub_report *r, const char *path,
		   struct hub_roles *out, struct hub_err *err);
/* The same of the file that a site names (empty: none), or of home/schemas. */
int hub_roles_open(struct hub_arena *a, struct hub_report *r, const char *home, struct hub_str own,
		   struct hub_roles *out, struct hub_err *err);
/* On the audit log: somebody acts by a file of roles of their own, of this content. what: for which. */
int hub_roles_tell(struct hub_arena *a, struct hub_db *db, const char *path, struct hub_str actor,
		   const char *what, struct hub_err *err);
/* NULL: there is none of that name. */
const struct hub_role *hub_roles_find(const struct hub_roles *roles, struct hub_str name);
/* Fails with the names that there are. */
int hub_roles_need(const struct hub_roles *roles, struct hub_str name, const struct hub_role **out,
		   struct hub_err *err);

#endif
