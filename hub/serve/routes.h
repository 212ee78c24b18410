/* Tables of routes about people and programs; arg is the struct hub_access. */
#ifndef HUB_SERVE_ROUTES_H
#define HUB_SERVE_ROUTES_H

#include "serve/http.h"

extern const struct hub_http_table hub_session_routes;  /* routes_session.c */
extern const struct hub_http_table hub_accounts_routes; /* routes_accounts.c */

#endif
