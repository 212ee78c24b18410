#include "cli/plugin_service.h"

#include "base/err.h"
#include "serve/module_sql.h"

static const struct {
	uint32_t bit;
	const char *name;
} events[] = {
    {HUB_EVENT_RUN, "run"},           {HUB_EVENT_RUN_FAILED, "run-failed"},
    {HUB_EVENT_CONSENT, "consent"},   {HUB_EVENT_PROTECTION, "protection"},
    {HUB_EVENT_RESIDENT, "resident"}, {HUB_EVENT_TASK, "task"},
};

static struct hub_module_tables tables_of(const struct hub_service *s)
{
	struct hub_module_tables t = {.area = s->area};

	for (uint32_t i = 0; i < s->migrations; i++)
		(void)hub_module_migration_check(&t, s->migration[i].sql, NULL);
	return t;
}

static const char *permission_of(const struct hub_route *r)
{
	return r->permission[0] ? r->permission : hub_tr("signed in");
}

/* "10 s", "0 6 * * *" */
static void put_when(const struct hub_timer *t, struct hub_buf *out)
{
	if (t->cron)
		hub_buf_puts(out, t->cron);
	else
		hub_buf_printf(out, hub_tr("every %lld s"), (long long)t->every / 1000);
}

static void put_events(const struct hub_service *s, struct hub_buf *out)
{
	for (size_t i = 0, n = 0; i < HUB_COUNT(events); i++)
		if (s->events & events[i].bit)
			hub_buf_printf(out, "%s%s", n++ ? ", " : "", events[i].name);
}

void hub_plugin_service_table(const struct hub_plugin *p, struct hub_buf *out)
{
	const struct hub_service *s = p->service;

	if (!s)
		return;
	hub_buf_printf(out, "\n%s (/v1/%s):\n", hub_tr("routes"), s->area);
	for (uint32_t i = 0; i < s->routes; i++)
		hub_buf_printf(out, "  %-6s %s  (%s)\n      %s\n", s->route[i].method,
			       s->route[i].path, permission_of(&s->route[i]),
			       hub_tr(s->route[i].summary));
	const struct hub_module_tables t = tables_of(s);
	if (t.n)
		hub_buf_printf(out, "\n%s:\n", hub_tr("tables"));
	for (size_t i = 0; i < t.n; i++)
		hub_buf_printf(out, "  %.*s\n", HUB_FMT(t.name[i]));
	if (s->timers)
		hub_buf_printf(out, "\n%s:\n", hub_tr("timers"));
	for (uint32_t i = 0; i < s->timers; i++) {
		hub_buf_printf(out, "  %s  (", s->timer[i].name);
		put_when(&s->timer[i], out);
		hub_buf_puts(out, ")\n");
	}
	if (!s->events)
		return;
	hub_buf_printf(out, "\n%s:\n  ", hub_tr("events"));
	put_events(s, out);
	hub_buf_putc(out, '\n');
}

void hub_plugin_service_md(const struct hub_plugin *p, struct hub_buf *out)
{
	const struct hub_service *s = p->service;

	if (!s)
		return;
	hub_buf_printf(out, "\n| %s | %s | %s |\n|---|---|---|\n", hub_tr("route"),
		       hub_tr("permission"), hub_tr("meaning"));
	for (uint32_t i = 0; i < s->routes; i++)
		hub_buf_printf(out, "| `%s /v1/%s%s` | %s | %s |\n", s->route[i].method, s->area,
			       s->route[i].path, permission_of(&s->route[i]),
			       hub_tr(s->route[i].summary));
	const struct hub_module_tables t = tables_of(s);
	if (t.n)
		hub_buf_printf(out, "\n%s:", hub_tr("tables"));
	for (size_t i = 0; i < t.n; i++)
		hub_buf_printf(out, " `%.*s`", HUB_FMT(t.name[i]));
	hub_buf_puts(out, t.n ? "\n" : "");
	if (s->timers)
		hub_buf_printf(out, "\n%s:", hub_tr("timers"));
	for (uint32_t i = 0; i < s->timers; i++) {
		hub_buf_printf(out, " `%s` (", s->timer[i].name);
		put_when(&s->timer[i], out);
		hub_buf_putc(out, ')');
	}
	hub_buf_puts(out, s->timers ? "\n" : "");
	if (!s->events)
		return;
	hub_buf_printf(out, "\n%s: ", hub_tr("events"));
	put_events(s, out);
	hub_buf_putc(out, '\n');
}

void hub_plugin_service_json(const struct hub_plugin *p, struct hub_buf *out)
{
	const struct hub_service *s = p->service;

	if (!s)
		return;
	hub_json_field(out, "area", hub_str_of(s->area));
	hub_json_key(out, "routes");
	for (uint32_t i = 0; i < s->routes; i++) {
		hub_buf_puts(out, i ? ",{" : "[{");
		hub_json_field(out, "method", hub_str_of(s->route[i].method));
		hub_json_field(out, "path", hub_str_of(s->route[i].path));
		hub_json_field(out, "permission", hub_str_of(s->route[i].permission));
		hub_buf_putc(out, '}');
	}
	hub_buf_puts(out, s->routes ? "]" : "[]");
	hub_json_key(out, "timers");
	for (uint32_t i = 0; i < s->timers; i++) {
		hub_buf_putc(out, i ? ',' : '[');
		hub_json_str(out, hub_str_of(s->timer[i].name));
	}
	hub_buf_puts(out, s->timers ? "]" : "[]");
	const struct hub_module_tables t = tables_of(s);
	hub_json_key(out, "tables");
	for (size_t i = 0; i < t.n; i++) {
		hub_buf_putc(out, i ? ',' : '[');
		hub_json_str(out, t.name[i]);
	}
	hub_buf_puts(out, t.n ? "]" : "[]");
}
