/* A module's tables before anything depends on them: its migrations and statements on a database without a name. What
 * may stand in them was asked before (serve/module_sql.h); here is whether a database understands it. */
#include "base/err.h"
#include "serve/service.h"
#include "store/db.h"

static int not_understood(const struct hub_service *s, const char *what, uint32_t number,
			  struct hub_err *err)
{
	const struct hub_err why = *err;

	return hub_fail(err, HUB_CONF, "module-sql", "%s %u of the module %s: %s", what, number,
			s->area, why.what);
}

static int try_module(const struct hub_service *s, struct hub_db *db, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	int rc = a ? HUB_OK : hub_fail_mem(err);

	for (uint32_t i = 0; i < s->migrations && !rc; i++)
		if ((rc = db->ops->exec(db, s->migration[i].sql, err)))
			return not_understood(s, hub_tr("migration"), i + 1, err);
	for (uint32_t i = 0; i < s->statements && !rc; i++) {
		const struct hub_str sql = hub_arena_printf(a, "EXPLAIN %s", s->statement[i]);
		if (!sql.ptr)
			return hub_fail_mem(err);
		if ((rc = db->ops->exec(db, sql.ptr, err)))
			return not_understood(s, hub_tr("statement"), i + 1, err);
	}
	return rc;
}

int hub_modules_try(const struct hub_modules *m, const config_setting_t *services,
		    struct hub_report *r, struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; i < m->n && !rc; i++) {
		const config_setting_t *at =
		    config_setting_get_member(services, m->module[i].name.ptr);
		struct hub_db *db = NULL;
		if ((rc = hub_db_sqlite_open("", HUB_DB_SCRATCH, &db, err)))
			return rc;
		rc = try_module(m->module[i].service, db, err);
		hub_db_close(db);
		if (rc != HUB_CONF)
			continue;
		hub_report_add(r, hub_conf_place(at), err);
		*err = (struct hub_err){0};
		rc = HUB_OK;
	}
	return rc;
}
