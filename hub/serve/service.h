/* Modules: the service plugins that a configuration names, checked, opened, served.
 *
 *	services: {
 *	    chat: { plugin = "chat"; most_people = 50; };
 *	};
 *
 * All of them live in the one web process (docs/decisions says why). An instance serves one call at a time; there are as many
 * as calls run side by side. */
#ifndef HUB_SERVE_SERVICE_H
#define HUB_SERVE_SERVICE_H

#include "plugin/host.h"
#include "plugin/option.h"
#include "serve/accounts.h"
#include "serve/blame.h"
#include "serve/call.h"
#include "serve/cron.h"

enum { HUB_MODULES_MOST = 32 };

struct hub_idle; /* instances that nobody uses */

struct hub_module {
	struct hub_str name; /* in the configuration */
	const struct hub_plugin *plugin;
	const struct hub_service *service;
	void *conf;
	struct hub_cron *cron; /* per timer; empty where it has a period */
	struct hub_modules *all;
	struct hub_idle *idle;
};

/* What they share; filled by the web process before hub_modules_add(). */
struct hub_modules {
	struct hub_arena *arena;
	struct hub_module module[HUB_MODULES_MOST];
	size_t n;
	const struct hub_holidays *holidays;
	const struct hub_roles *roles; /* NULL: nobody is known */
	const char *keys; /* file of keys, of which one seals files; NULL: none can be kept */
	int64_t handler;  /* ms for one request */
	struct hub_blame *blame; /* NULL: nobody looks after us */
	void *view;              /* for desk_view.c: its own */
};

/* Reads `services`. Everything that is wrong with it or with a module's tables goes to the report; HUB_CONF then.
 * without: areas ("chat,search") that are left out; NULL: none. */
int hub_modules_take(struct hub_arena *a, const struct hub_plugins *plugins,
		     const config_setting_t *services, const char *without, struct hub_modules *out,
		     struct hub_report *r, struct hub_err *err);
/* One more, by hand; conf as its open() wants it. HUB_CONF: its tables cannot be served. */
int hub_modules_put(struct hub_arena *a, const struct hub_plugin *plugin, void *conf,
		    struct hub_modules *out, struct hub_err *err);

/* Would a database understand their migrations and statements? On one without a name; what it does not goes to the
 * report, with the place of the module in `services`. */
int hub_modules_try(const struct hub_modules *m, const config_setting_t *services,
		    struct hub_report *r, struct hub_err *err);
/* Makes and changes the tables of all of them. A module for which that cannot be done (also when the store is newer than
 * it) is taken out, told to the log and to blame: the others go on. */
int hub_modules_migrate(struct hub_modules *m, struct hub_db *db, struct hub_err *err);
/* Their routes, below /v1/<area>. */
int hub_modules_add(struct hub_modules *m, struct hub_api *api, struct hub_err *err);
/* The table for calls of the hub itself (hub_api_run). */
struct hub_api_table hub_module_table(struct hub_module *m);
/* Closes the instances; nobody is in a call any more. */
void hub_modules_close(struct hub_modules *m);

/* The module of a call, or NULL. */
struct hub_module *hub_call_module(const struct hub_call *c);
/* desk->keep: hub_call_keep, and a timer or event has its whole time again. */
int hub_module_keep(struct hub_call *c, struct hub_err *err);
/* What modules may ask for: serve/desk.c. */
extern const struct hub_desk hub_desk;

#endif
