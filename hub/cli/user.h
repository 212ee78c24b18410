/* The verbs of tsunagi user. Each gets the words behind its name. */
#ifndef HUB_CLI_USER_H
#define HUB_CLI_USER_H

#include "cli/cli.h"
#include "cli/work.h"
#include "serve/accounts.h"
#include "serve/roles.h"

struct hub_user_cli {
	struct hub_cli *cli;
	const char *name, *role, *agency, *staff, *from, *until, *networks, *store_url, *format;
	int temporary;
	struct hub_roles roles;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_str actor;
};

int hub_user_add(struct hub_user_cli *u, int n, char **argv);

/* A new password for the account, twice from the terminal, or one line of stdin; with --temporary one is drawn and
 * printed. Encoded, in the arena. */
int hub_user_new_password(struct hub_user_cli *u, const struct hub_account *of,
			  struct hub_str *encoded);
/* The one login among the words. HUB_USAGE. */
int hub_user_login(struct hub_user_cli *u, int n, char **argv, struct hub_str *login);
/* The account of the one login among the words. */
int hub_user_account(struct hub_user_cli *u, int n, char **argv, struct hub_account *out);

#endif
