/* Tables of routes about people and programs; arg is the struct hub_access. */
#ifndef HUB_SERVE_ROUTES_H
#define HUB_SERVE_ROUTES_H

#include "serve/access.h"
#include "serve/call.h"

extern const struct hub_api_table hub_session_table;  /* routes_session.c */
extern const struct hub_api_table hub_setup_table;    /* routes_setup.c */
extern const struct hub_api_table hub_accounts_table; /* routes_accounts.c */
extern const struct hub_api_table hub_programs_table; /* routes_programs.c */
extern const struct hub_api_table hub_staff_table;    /* routes_staff.c */

enum { HUB_WORD_MOST = 128 }; /* of names, codes, keys in these routes */

/* Of what a person gets to see once. */
extern const struct hub_member hub_enrolment_members[];
struct hub_enrolment;
void hub_say_enrolment(struct hub_call *c, const struct hub_enrolment *e);

/* Who asks, as the audit log names them. */
static inline struct hub_str hub_routes_actor(const struct hub_call *c)
{
	return hub_call_principal(c)->login;
}

/* Faults of the request that are more than 400; passes rc on. */
int hub_routes_told(struct hub_call *c, int rc, const struct hub_err *err);
/* A list of texts of the body as one text, parted by blanks; no element has one. HUB_REFUSED. */
int hub_routes_words(struct hub_call *c, const struct hub_val *v, const char *name,
		     struct hub_str *out, struct hub_err *err);
/* For people who are signed in: HUB_REFUSED else. */
int hub_routes_people(struct hub_call *c, struct hub_err *err);
/* The password, and the code when its ptr is not NULL, are those of the session's account; hub_login_again(). */
int hub_routes_prove(const struct hub_access *a, struct hub_call *c, struct hub_str password,
		     struct hub_str code, struct hub_err *err);

#endif
