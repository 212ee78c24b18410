/* Secrets from the terminal, and who a command counts as when its user signs in with an account. */
#ifndef HUB_CLI_SIGN_IN_H
#define HUB_CLI_SIGN_IN_H

#include "cli/cli.h"
#include "release/actor.h"

/* One line of stdin; at a terminal after the prompt, and nothing of what is typed appears. In the arena. */
int hub_prompt_secret(struct hub_cli *cli, const char *prompt, struct hub_str *out);

/* What the command line says about it; all may be NULL. */
struct hub_sign_in {
	const char *account; /* --account LOGIN: password and code are asked for */
	const char *token;   /* --token FILE: which only its owner may read */
	const char *roles;   /* --roles FILE: the site's own */
	const char *keys;    /* file of secret keys, of which one seals second factors */
};
/* Its options, as rows of a command's table. */
#define HUB_SIGN_IN_ARGS(in)                                                               \
	{"account", "LOGIN", &(in).account, NULL,                                          \
	 HUB_N("sign in: password and one-time code are asked for, or lines of stdin")},   \
	    {"token", "FILE", &(in).token, NULL,                                           \
	     HUB_N("sign in with a token of your own, in a file that only you may read")}, \
	{                                                                                  \
		"roles", "FILE", &(in).roles, NULL,                                        \
		    HUB_N("the site's own roles (default: roles.cfg)")                     \
	}
/* For whoever confirms that masked data go out without consent. */
#define HUB_MAY_CONFIRM "releases.confirm"
/* To be said (translated) when a release was approved under login names. */
extern const char hub_sign_in_by_names[];

/* permission: what the role of the account must allow. Neither account nor token: the login name of the machine,
 * which proves nothing (release/actor.h). */
int hub_sign_in(struct hub_cli *cli, struct hub_db *db, const struct hub_sign_in *in,
		const char *permission, struct hub_actor *who);

#endif
