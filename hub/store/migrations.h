/* Numbered scripts for the core tables. A script that was released is never changed: what comes later
 * is a new number. Entity tables (cc_*) are not here: they follow the schema (store/tables.h). */
#ifndef HUB_STORE_MIGRATIONS_H
#define HUB_STORE_MIGRATIONS_H

#include "store/db.h"

/* Brings an empty or older store to this program's version, each script in its own transaction. A
 * newer store than the program is refused. create 0: an older store is refused, too (read-only). */
int hub_store_migrate(struct hub_db *db, int create, struct hub_err *err);

#endif
