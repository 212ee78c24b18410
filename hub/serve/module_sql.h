/* May a module's SQL stand? By its words, without a database: whichever driver the site has, and before anything
 * of the module runs. Tables are the module's own (<area>_...), also in subqueries and common table expressions;
 * a statement is one SELECT, INSERT, UPDATE or DELETE; a migration makes, changes and drops tables and indexes
 * and may fill them. What is not plain enough to be sure of is refused. */
#ifndef HUB_SERVE_MODULE_SQL_H
#define HUB_SERVE_MODULE_SQL_H

#include "base/err.h"
#include "base/str.h"

enum { HUB_MODULE_TABLES = 64 };

/* The tables that a module's migrations make: no others may be named, by later migrations and by statements. */
struct hub_module_tables {
	const char *area;
	struct hub_str name[HUB_MODULE_TABLES]; /* in the SQL */
	size_t n;
};

/* HUB_CONF says which word is the first that may not stand. Migrations in their order, then statements. */
int hub_module_migration_check(struct hub_module_tables *t, const char *sql, struct hub_err *err);
int hub_module_statement_check(const struct hub_module_tables *t, const char *sql,
			       struct hub_err *err);

#endif
