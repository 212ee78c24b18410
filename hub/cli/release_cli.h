/* What the subcommands of `tsunagi release` share. Inner part of cmd_release.c and release_*.c. */
#ifndef HUB_CLI_RELEASE_CLI_H
#define HUB_CLI_RELEASE_CLI_H

#include "cli/out.h"
#include "cli/sign_in.h"
#include "store/db.h"

struct hub_release_cli {
	struct hub_cli *cli;
	const char *store, *local, *reason, *format, *person, *html, *reveal, *keys;
	const char *ground, *hours, *grounds;
	const char *profile[HUB_WORDS_MAX];
	int profiles;
	const char *operand, *second; /* NULL: none */
	const struct hub_schema *schema;
	struct hub_store *opened;
	struct hub_db *db;
	struct hub_recipient_names names;
	struct hub_sign_in sign;
	struct hub_actor who;
};

/* HUB_USAGE unless --reason says something. */
int hub_release_reason(struct hub_release_cli *r);

int hub_release_keys(struct hub_release_cli *r);
int hub_release_recalls(struct hub_release_cli *r);
int hub_release_emergency(struct hub_release_cli *r);
int hub_release_grounds(struct hub_release_cli *r);
int hub_release_bar(struct hub_release_cli *r);
int hub_release_unbar(struct hub_release_cli *r);
int hub_release_protection(struct hub_release_cli *r);

#endif
