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
	const char *may, *end, *reason, *keys, *account, *roles_file;
	int temporary, off, dry, confirm;
	struct hub_roles roles;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_str actor;
};

int hub_user_add(struct hub_user_cli *u, int n, char **argv);  /* user_add.c */
int hub_user_list(struct hub_user_cli *u, int n, char **argv); /* user_show.c */
int hub_user_show(struct hub_user_cli *u, int n, char **argv);
int hub_user_roles(struct hub_user_cli *u, int n, char **argv);
int hub_user_password(struct hub_user_cli *u, int n, char **argv); /* user_change.c */
int hub_user_lock(struct hub_user_cli *u, int n, char **argv);
int hub_user_unlock(struct hub_user_cli *u, int n, char **argv);
int hub_user_sign_out(struct hub_user_cli *u, int n, char **argv);
int hub_user_role(struct hub_user_cli *u, int n, char **argv);
int hub_user_expire(struct hub_user_cli *u, int n, char **argv);
int hub_user_sync(struct hub_user_cli *u, int n, char **argv); /* user_sync.c */
int hub_user_totp(struct hub_user_cli *u, int n, char **argv); /* user_factor.c */
int hub_user_device(struct hub_user_cli *u, int n, char **argv);
int hub_user_token(struct hub_user_cli *u, int n, char **argv); /* user_token.c */

/* The text of an option; empty when it was not given. */
static inline struct hub_str hub_user_text(const char *option)
{
	return hub_str_of(option ? option : "");
}
/* What the options say a role is. */
struct hub_membership hub_user_membership(const struct hub_user_cli *u,
					  const struct hub_account *of);

/* A new password for the account, twice from the terminal, or one line of stdin; with --temporary one is drawn and
 * printed. Encoded, in the arena. */
int hub_user_new_password(struct hub_user_cli *u, const struct hub_account *of,
			  struct hub_str *encoded);
/* The account of the one login among the words. */
int hub_user_account(struct hub_user_cli *u, int n, char **argv, struct hub_account *out);

#endif
