/* Files that come with the program, called by their names: family-tree/gedcom is .../mappings/family-tree/gedcom.cfg,
 * raito is .../mappings/raito/mapping.cfg, masked-agency is .../config/profiles/masked-agency.cfg. */
#ifndef HUB_CLI_SHIPPED_H
#define HUB_CLI_SHIPPED_H

#include "cli/cli.h"

/* The strings live as long as the call; path ends with a NUL. */
typedef void hub_shipped_fn(void *arg, struct hub_str name, struct hub_str path);

/* Calls f with each below the folder ("mappings"), in the order of their names. */
void hub_shipped_each(const struct hub_cli *cli, const char *folder, hub_shipped_fn *f, void *arg);
/* The same for the .cfg files of any folder, not of those in it. */
void hub_shipped_beside(struct hub_str folder, hub_shipped_fn *f, void *arg);
/* The hint of cli->err becomes the name that was probably meant, if one is near. */
void hub_shipped_near(struct hub_cli *cli, const char *folder, const char *name);

#endif
