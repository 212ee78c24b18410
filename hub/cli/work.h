/* What most commands open first: schema, plugins, mapping, store. Each prints the full list of errors
 * of a file to stderr and fills cli->err with the summary. */
#ifndef HUB_CLI_WORK_H
#define HUB_CLI_WORK_H

#include "cli/cli.h"
#include "intake/mapping.h"
#include "plugin/load.h"
#include "serve/roles.h"
#include "store/store.h"

#include <signal.h>

/* The shipped common case format with the site's local file (NULL: none). All errors of the files
 * are printed to stderr. */
int hub_work_schema(struct hub_cli *cli, const char *local, const struct hub_schema **out);
/* A site's own roles: a file, or one of schemas/; NULL: the shipped ones. */
int hub_work_roles(struct hub_cli *cli, const char *own, struct hub_roles *out);
/* Plugins that are refused when they are opened are told on stderr; the others work. */
int hub_work_plugins(struct hub_cli *cli, struct hub_plugins **out);
/* Says on stderr which detectors cannot work on this machine and why; what they would have found stays
 * readable. missing (NULL: not wanted): how many. */
int hub_work_detectors(struct hub_cli *cli, const struct hub_plugins *p, int *missing);
/* name: a folder of mappings/, or the path of a mapping file. */
int hub_work_mapping(struct hub_cli *cli, const char *name, const struct hub_schema *schema,
		     struct hub_mapping **out);
/* The same for what was imported before, by the mapping that is said now, else by that of then. */
int hub_work_mapping_of(struct hub_cli *cli, const char *said, const char *then,
			const struct hub_schema *schema, struct hub_mapping **out);
/* File of a mapping by that name; NULL: there is none. */
const char *hub_work_mapping_path(struct hub_cli *cli, const char *name);
/* url NULL: from TSUNAGI_STORE. The store stays open until the program ends or is closed. */
int hub_work_store(struct hub_cli *cli, const char *url, unsigned flags,
		   const struct hub_schema *schema, struct hub_store **out);
/* Both: the schema with the site's local file, and the store with it; hub_store_schema() has it then. */
int hub_work_open(struct hub_cli *cli, const char *local, const char *url, unsigned flags,
		  struct hub_store **out);
/* Whether a store could not be opened only because the first run brings it up, or another one is making it at this
 * moment. */
int hub_work_store_waits(const struct hub_err *err);
/* TSUNAGI_STORE, or NULL. */
const char *hub_work_store_url(void);
/* File of the recipients' secret keys: the option, else TSUNAGI_KEYS, else beside an SQLite store (PATH.keys).
 * NULL: not known. store_url NULL: from TSUNAGI_STORE. */
const char *hub_work_keys(struct hub_cli *cli, const char *option, const char *store_url);
/* Who does it, for runs and the audit log: TSUNAGI_ACTOR, else the user's login name. */
struct hub_str hub_work_actor(struct hub_cli *cli);
/* Threads of HUB_ARG_WORKERS: what text says, else (NULL) one a core, at most 4. */
int hub_work_workers(struct hub_cli *cli, const char *text, uint32_t *out);
/* SIGINT and SIGTERM set the flag from now on; a second one ends the program at once. */
const volatile sig_atomic_t *hub_work_stop(void);

#endif
