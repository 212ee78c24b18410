/* What the commands of the way out share: profiles, grounds, tables on stdout. */
#ifndef HUB_CLI_OUT_H
#define HUB_CLI_OUT_H

#include "base/table.h"
#include "cli/work.h"
#include "release/grounds.h"
#include "release/profile.h"
#include "release/recipient.h"

const char *hub_out_profile_path(struct hub_cli *cli, const char *name);
/* name: a file of config/profiles/ without its ending, or a path. All its problems go to stderr. */
int hub_out_profile(struct hub_cli *cli, const char *name, const struct hub_schema *schema,
		    struct hub_profile *out);
/* path: the site's own table, or NULL: the one that comes with the program. */
int hub_out_grounds(struct hub_cli *cli, const char *path, struct hub_grounds *out);
/* The day in Japan, and how old a registry feed may be unless somebody says otherwise. */
enum { HUB_OUT_FEED_DAYS = 7 };
/* Columns of the terminal that stdout is; 0: it is none. */
size_t hub_out_width(void);
/* What --format says; NULL: text. HUB_USAGE. */
int hub_out_form(struct hub_cli *cli, const char *format, enum hub_table_form *out);
/* Prints to stdout; format NULL: as text. */
int hub_out_table(struct hub_cli *cli, const struct hub_table *t, const char *format);
/* Of an endless one, after each row: prints and forgets them when there are many. hub_out_table prints the last ones. */
int hub_out_rows(struct hub_cli *cli, struct hub_table *t, const char *format);
/* The word for a code of a list of the schema; empty where the code is the word (English), or none of the list. */
struct hub_str hub_out_word(const struct hub_schema *s, const char *list, struct hub_str code);
/* The same into a cell: people get the word, programs the code. */
void hub_out_code(struct hub_table *t, const struct hub_schema *s, const char *list,
		  struct hub_str code);
/* A recipient by its name, with its id beside it, which commands take. */
int hub_out_recipient(struct hub_cli *cli, struct hub_table *t,
		      const struct hub_recipient_names *names, struct hub_str id);

#endif
