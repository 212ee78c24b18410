#include "serve/service.h"
#include "serve/member.h"

#include "base/clock.h"
#include "base/hash.h"
#include "conf/job.h"
#include "serve/log.h"
#include "serve/module_sql.h"

#include <ctype.h>
#include <pthread.h>

enum { ERRAND = 6 }; /* times what a request may take */

/* Instances of one module that nobody uses now. */
struct hub_idle {
	pthread_mutex_t lock;
	size_t n;
	struct hub_instance *inst[HUB_CALLS_MOST];
};

/* --- are the tables fine? --------------------------------------------------------------------- */

static int bad(const struct hub_plugin *p, struct hub_err *err, const char *what)
{
	return hub_fail(err, HUB_CONF, "bad-service", "service \"%s\": %s", p->name, hub_tr(what));
}

static int is_name(const char *name)
{
	const size_t n = name ? strlen(name) : 0;

	if (n == 0 || n >= HUB_AREA_BYTES || !islower((unsigned char)name[0]))
		return 0;
	for (const char *c = name; *c; c++)
		if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
			return 0;
	return 1;
}

static int check_sql(const struct hub_service *s, struct hub_err *err)
{
	struct hub_module_tables tables = {.area = s->area};
	int rc = HUB_OK;

	for (uint32_t i = 0; i < s->migrations && !rc; i++) {
		if (s->migration[i].number != i + 1)
			return hub_fail(err, HUB_CONF, "bad-service",
					"area %s: its migrations are not numbered from 1", s->area);
		rc = hub_module_migration_check(&tables, s->migration[i].sql, err);
	}
	for (uint32_t i = 0; i < s->statements && !rc; i++)
		rc = hub_module_statement_check(&tables, s->statement[i], err);
	return rc;
}

static int check_routes(const struct hub_plugin *p, struct hub_err *err)
{
	const struct hub_service *s = p->service;
	const size_t n = strlen(s->area);

	for (uint32_t i = 0; i < s->routes; i++) {
		const char *may = s->route[i].permission;
		if (!may || (may[0] && (strncmp(may, s->area, n) != 0 || may[n] != '.')))
			return bad(p, err, HUB_N("a route's permission is not of its area"));
	}
	const struct hub_api_table t = {
	    .base = "", .tag = s->area, .route = s->route, .n = s->routes};
	return hub_api_check(&t, err);
}

static int check_timers(const struct hub_plugin *p, struct hub_cron *cron, struct hub_err *err)
{
	const struct hub_service *s = p->service;
	size_t at, len;

	for (uint32_t i = 0; i < s->timers; i++) {
		const struct hub_timer *t = &s->timer[i];
		if (!is_name(t->name) || !t->tick || (t->every > 0) == (t->cron != NULL))
			return bad(p, err,
				   HUB_N("a timer is not whole (name, tick, every or cron)"));
		if (t->cron && hub_cron_parse(hub_str_of(t->cron), &cron[i], &at, &len, err))
			return HUB_CONF;
	}
	return HUB_OK;
}

/* A flat object, of what cannot be a sentence. */
static int is_pushable(const struct hub_member *m)
{
	for (; m && m->name; m++)
		if (m->type == HUB_M_OBJECT || m->type == HUB_M_JSON ||
		    m->flags & (HUB_M_PERSONAL | HUB_M_LIST))
			return 0;
	return 1;
}

static int check_pushes(const struct hub_plugin *p, struct hub_err *err)
{
	const struct hub_service *s = p->service;
	int rc = HUB_OK;

	for (uint32_t i = 0; i < s->pushes && !rc; i++) {
		const struct hub_pushed *e = &s->pushed[i];
		if (!e->name || !e->name[0])
			return bad(p, err, HUB_N("an event that it pushes has no name"));
		if (!is_pushable(e->data))
			return bad(p, err,
				   HUB_N("an event that it pushes holds more than numbers, words, "
					 "days and keys"));
		rc = hub_members_check(e->data, e->name, 0, err);
	}
	return rc;
}

static int check_service(const struct hub_plugin *plugin, struct hub_cron *cron,
			 struct hub_err *err)
{
	const struct hub_service *s = plugin->service;
	int rc;

	if (!is_name(s->area))
		return bad(plugin, err,
			   HUB_N("its area is not of lower-case letters, digits and _"));
	if (s->events && !s->event)
		return bad(plugin, err, HUB_N("it wants events and has no function for them"));
	if ((rc = check_sql(s, err)) || (rc = check_routes(plugin, err)) ||
	    (rc = check_pushes(plugin, err)))
		return rc;
	return check_timers(plugin, cron, err);
}

/* --- the configuration ------------------------------------------------------------------------ */

static int blame_place(struct hub_report *r, const config_setting_t *at, struct hub_err *err)
{
	hub_report_add(r, hub_conf_place(at), err);
	*err = (struct hub_err){0};
	return HUB_CONF;
}

static int is_left_out(const char *without, const char *area)
{
	struct hub_str rest = hub_str_of(without ? without : ""), one;

	while (hub_str_next(&rest, ',', &one))
		if (hub_str_is(one, area))
			return 1;
	return 0;
}

int hub_modules_put(struct hub_arena *a, const struct hub_plugin *plugin, void *conf,
		    struct hub_modules *out, struct hub_err *err)
{
	struct hub_module *m = &out->module[out->n];
	int rc;

	if (out->n == HUB_MODULES_MOST)
		return hub_fail(err, HUB_CONF, "too-many-modules", "at most %d modules",
				HUB_MODULES_MOST);
	*m = (struct hub_module){
	    .plugin = plugin, .service = plugin->service, .conf = conf, .all = out};
	m->cron = hub_alloc_array(a, (size_t)m->service->timers + 1, sizeof *m->cron);
	m->idle = hub_alloc0(a, sizeof *m->idle);
	if (!m->cron || !m->idle)
		return hub_fail_mem(err);
	if ((rc = check_service(plugin, m->cron, err)))
		return rc;
	for (size_t i = 0; i < out->n; i++)
		if (strcmp(out->module[i].service->area, m->service->area) == 0)
			return hub_fail(err, HUB_CONF, "module-twice",
					"the area %s is served by two modules", m->service->area);
	pthread_mutex_init(&m->idle->lock, NULL);
	out->n++;
	return HUB_OK;
}

static int take_one(struct hub_arena *a, const struct hub_plugins *plugins,
		    const config_setting_t *group, const char *without, struct hub_modules *out,
		    struct hub_report *r, struct hub_err *err)
{
	const struct hub_plugin *plugin;
	struct hub_options o;
	struct hub_str name;
	int rc;

	if (!config_setting_is_group(group)) {
		hub_fail(err, HUB_CONF, "wrong-type", "a module is a group: { plugin = \"...\"; }");
		return blame_place(r, group, err);
	}
	if (hub_job_plugin(group, &name, r))
		return HUB_CONF;
	if (hub_plugins_find(plugins, HUB_SERVICE, name, &plugin, err))
		return blame_place(r, group, err);
	if ((rc = hub_options_init(&o, a, plugin, err)) || (rc = hub_options_read(&o, group, r)))
		return rc;
	if (hub_options_finish(&o, err) || (rc = hub_modules_put(a, plugin, o.conf, out, err)))
		return rc == HUB_FATAL ? rc : blame_place(r, group, err);
	struct hub_module *m = &out->module[out->n - 1];
	m->name = hub_str_of(config_setting_name(group));
	if (is_left_out(without, m->service->area)) {
		pthread_mutex_destroy(&m->idle->lock);
		out->n--;
	}
	return HUB_OK;
}

int hub_modules_take(struct hub_arena *a, const struct hub_plugins *plugins,
		     const config_setting_t *services, const char *without, struct hub_modules *out,
		     struct hub_report *r, struct hub_err *err)
{
	int rc = HUB_OK, one;

	out->arena = a;
	for (unsigned i = 0; services && i < hub_conf_count(services); i++) {
		one = take_one(a, plugins, hub_conf_child(services, i), without, out, r, err);
		if (one && one != HUB_CONF)
			return one;
		rc = rc ? rc : one;
	}
	return rc;
}

/* --- their tables ----------------------------------------------------------------------------- */

static int hash_of(const char *sql, char hex[2 * HUB_SHA256 + 1], struct hub_err *err)
{
	uint8_t sha[HUB_SHA256];

	if (hub_sha256(hub_str_of(sql), sha))
		return hub_fail_mem(err);
	hub_hex(sha, sizeof sha, hex);
	return HUB_OK;
}

/* What was applied must be what the module has: a script that was shipped never changes. */
static int check_applied(const struct hub_service *s, struct hub_db *db, uint32_t *applied,
			 struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char hex[2 * HUB_SHA256 + 1];
	int rc = hub_db_query(
	    db, &q, err,
	    "SELECT number, hash FROM service_migration WHERE area = ? ORDER BY number", "z",
	    s->area);

	*applied = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		if (*applied == s->migrations) {
			rc = hub_fail(err, HUB_CONF, "module-older",
				      "the store has tables of a newer version of the module %s",
				      s->area);
			hub_hint(err, "Install the module that this store was last used with.");
			return rc;
		}
		if ((rc = hash_of(s->migration[*applied].sql, hex, err)))
			return rc;
		if (!hub_str_is(hub_db_str(q, 1), hex))
			return hub_fail(err, HUB_CONF, "migration-changed",
					"migration %u of the module %s is not the one that was "
					"applied",
					*applied + 1, s->area);
		++*applied;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int apply(const struct hub_service *s, uint32_t i, struct hub_db *db, struct hub_err *err)
{
	char hex[2 * HUB_SHA256 + 1];
	int rc = hash_of(s->migration[i].sql, hex, err);

	if (!rc)
		rc = db->ops->exec(db, s->migration[i].sql, err);
	if (!rc)
		rc = hub_db_run(db, err,
				"INSERT INTO service_migration (area, number, hash, at)"
				" VALUES (?, ?, ?, ?)",
				"zizi", s->area, (int64_t)i + 1, hex, hub_now());
	return rc;
}

static int migrate_one(const struct hub_service *s, struct hub_db *db, struct hub_err *err)
{
	uint32_t applied;
	int rc = check_applied(s, db, &applied, err);

	if (rc || applied == s->migrations)
		return rc; /* nothing to wait for */
	if ((rc = hub_db_begin(db, err)))
		return rc;
	rc = check_applied(s, db, &applied, err); /* another process may have been here */
	for (uint32_t i = applied; i < s->migrations && !rc; i++)
		rc = apply(s, i, db, err);
	return hub_db_end(db, rc, err);
}

static void take_out(struct hub_modules *m, size_t i)
{
	pthread_mutex_destroy(&m->module[i].idle->lock);
	m->n--;
	memmove(&m->module[i], &m->module[i + 1], (m->n - i) * sizeof m->module[0]);
}

int hub_modules_migrate(struct hub_modules *m, struct hub_db *db, struct hub_err *err)
{
	for (size_t i = 0; i < m->n;) {
		const char *area = m->module[i].service->area;
		const int rc = migrate_one(m->module[i].service, db, err);
		if (rc == HUB_OK) {
			i++;
			continue;
		}
		if (rc != HUB_CONF && rc != HUB_FATAL) /* the store, not the module */
			return rc;
		hub_log_error("module-unfit", hub_str_of(area), err);
		hub_blame_unfit(m->blame, area, err);
		take_out(m, i);
	}
	return HUB_OK;
}

/* --- calls ------------------------------------------------------------------------------------ */

/* Of one call. */
struct seat {
	struct hub_module *module;
	struct hub_instance *inst;
};

struct hub_module *hub_call_module(const struct hub_call *c)
{
	const struct seat *seat = hub_call_owner(c);

	return seat ? seat->module : NULL;
}

static int take_instance(struct hub_module *m, struct hub_instance **out, struct hub_err *err)
{
	struct hub_idle *idle = m->idle;

	*out = NULL;
	pthread_mutex_lock(&idle->lock);
	if (idle->n)
		*out = idle->inst[--idle->n];
	pthread_mutex_unlock(&idle->lock);
	return *out ? HUB_OK : hub_service_open(m->plugin, m->conf, &hub_desk, out, err);
}

static void give_instance(struct hub_module *m, struct hub_instance *inst)
{
	struct hub_idle *idle = m->idle;

	pthread_mutex_lock(&idle->lock);
	const int room = idle->n < HUB_CALLS_MOST;
	if (room)
		idle->inst[idle->n++] = inst;
	pthread_mutex_unlock(&idle->lock);
	if (!room)
		hub_instance_close(inst);
}

/* Nobody waits for a timer; but a person for what it has locked. */
static int64_t time_of(const struct hub_module *m, const struct hub_call *c)
{
	return m->all->handler * (hub_call_request(c) ? 1 : ERRAND);
}

int hub_module_keep(struct hub_call *c, struct hub_err *err)
{
	const struct seat *seat = hub_call_owner(c);
	const int rc = hub_call_keep(c, err);

	if (rc || hub_call_request(c))
		return rc;
	const int64_t ms = time_of(seat->module, c);
	hub_blame_extend(hub_ticks_ms() + 2 * ms);
	hub_instance_deadline(seat->inst, ms);
	return HUB_OK;
}

static int enter(void *arg, struct hub_call *c, void **self, struct hub_err *err)
{
	struct hub_module *m = arg;
	struct seat *seat = hub_call_alloc(c, sizeof *seat);
	const int64_t ms = time_of(m, c);
	int rc;

	if (!seat)
		return hub_fail_mem(err);
	/* also opening an instance is the module's own code */
	hub_blame_enter(m->all->blame, m->service->area, hub_ticks_ms() + 2 * ms);
	if ((rc = take_instance(m, &seat->inst, err))) {
		hub_blame_leave();
		return rc;
	}
	seat->module = m;
	hub_call_set_owner(c, seat);
	*self = hub_service_begin(seat->inst, ms, &c->ctx);
	return HUB_OK;
}

static void leave(void *arg, struct hub_call *c, void *self, int rc)
{
	struct hub_module *m = arg;
	struct seat *seat = hub_call_owner(c);

	(void)self;
	hub_service_end(seat->inst);
	hub_blame_leave();
	/* a fault may have left it in a state that it does not expect */
	if (rc == HUB_FATAL)
		hub_instance_close(seat->inst);
	else
		give_instance(m, seat->inst);
}

struct hub_api_table hub_module_table(struct hub_module *m)
{
	return (struct hub_api_table){.tag = m->service->area,
				      .route = m->service->route,
				      .n = m->service->routes,
				      .arg = m,
				      .enter = enter,
				      .leave = leave};
}

int hub_modules_add(struct hub_modules *m, struct hub_api *api, struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; i < m->n && !rc; i++) {
		struct hub_api_table t = hub_module_table(&m->module[i]);
		t.base = hub_arena_printf(m->arena, "/v1/%s", t.tag).ptr;
		rc = t.base ? hub_api_add(api, &t, err) : hub_fail_mem(err);
	}
	return rc;
}

void hub_modules_close(struct hub_modules *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct hub_idle *idle = m->module[i].idle;
		while (idle->n)
			hub_instance_close(idle->inst[--idle->n]);
		pthread_mutex_destroy(&idle->lock);
	}
}
