#include "conf/trigger.h"

#include "base/str.h"

#define AT(type, field) .offset = offsetof(struct type, field)

static const struct hub_opt watch_keys[] = {
    {.name = "folder", .type = HUB_O_PATH, AT(hub_watching, folder), .flags = HUB_OPT_REQUIRED},
    {.name = "done", .type = HUB_O_PATH, AT(hub_watching, done)},
    {.name = "rejected", .type = HUB_O_PATH, AT(hub_watching, rejected)},
    {.name = "taken", .type = HUB_O_PATH, AT(hub_watching, taken)},
    {.name = "pattern", .type = HUB_O_TEXT, AT(hub_watching, pattern), .dflt = "*"},
    {.name = "settle",
     .type = HUB_O_MSEC,
     AT(hub_watching, settle),
     .min = 10,
     .max = 86400000,
     .dflt = "10s"},
    {.name = "marker", .type = HUB_O_BOOL, AT(hub_watching, marker), .dflt = "false"},
    {.name = NULL},
};

static const struct hub_opt limit_keys[] = {
    {.name = "time",
     .type = HUB_O_MSEC,
     AT(hub_limits, time),
     .min = 100,
     .max = INT64_C(7) * 86400000,
     .dflt = "6h"},
    {.name = "memory",
     .type = HUB_O_SIZE,
     AT(hub_limits, memory),
     .min = 256 << 20,
     .max = INT64_C(1) << 40,
     .dflt = "4G"},
    {.name = NULL},
};

static const struct hub_opt retry_keys[] = {
    {.name = "times",
     .type = HUB_O_INT,
     AT(hub_retrying, times),
     .min = 0,
     .max = 1000,
     .dflt = "10"},
    {.name = "first",
     .type = HUB_O_MSEC,
     AT(hub_retrying, first),
     .min = 10,
     .max = 3600000,
     .dflt = "30s"},
    {.name = "most",
     .type = HUB_O_MSEC,
     AT(hub_retrying, most),
     .min = 10,
     .max = 86400000,
     .dflt = "30m"},
    {.name = NULL},
};

static const struct hub_opt expect_keys[] = {
    {.name = "by", .type = HUB_O_TEXT, AT(hub_expecting, by), .flags = HUB_OPT_REQUIRED},
    {.name = "records",
     .type = HUB_O_INT,
     AT(hub_expecting, records),
     .min = 0,
     .max = INT64_C(1) << 40,
     .dflt = "1"},
    {.name = NULL},
};

static const struct hub_opt serve_keys[] = {
    {.name = "state", .type = HUB_O_PATH, AT(hub_serving, state)},
    {.name = "listen", .type = HUB_O_TEXT, AT(hub_serving, listen)},
    {.name = "holidays", .type = HUB_O_PATH, AT(hub_serving, holidays)},
    {.name = "blackout", .type = HUB_KEY_LIST, AT(hub_serving, blackout)},
    {.name = "views", .type = HUB_KEY_LIST, AT(hub_serving, views)},
    {.name = "parallel",
     .type = HUB_O_INT,
     AT(hub_serving, parallel),
     .min = 1,
     .max = 16,
     .dflt = "2"},
    {.name = "handler",
     .type = HUB_O_MSEC,
     AT(hub_serving, handler),
     .min = 100,
     .max = 600000,
     .dflt = "10s"},
    {.name = "stalled",
     .type = HUB_O_MSEC,
     AT(hub_serving, stalled),
     .min = 1000,
     .max = 86400000,
     .dflt = "10m"},
    {.name = "tls", .type = HUB_KEY_GROUP, AT(hub_serving, tls_at)},
    {.name = "access", .type = HUB_KEY_GROUP, AT(hub_serving, access_at)},
    {.name = NULL},
};

/* A folder of the watched one, unless the file says another. */
static int inside(struct hub_arena *a, struct hub_str folder, const char *name, struct hub_str *to)
{
	if (!to->len)
		*to = hub_arena_printf(a, "%.*s/%s", HUB_FMT(folder), name);
	return to->ptr ? 0 : -1;
}

int hub_trigger_take(struct hub_trigger *t, struct hub_arena *a, struct hub_report *r)
{
	static const struct hub_keys watch = {.opts = watch_keys, .owner = "watch"};
	static const struct hub_keys limits = {.opts = limit_keys, .owner = "limits"};
	static const struct hub_keys retry = {.opts = retry_keys, .owner = "retry"};
	static const struct hub_keys expect = {.opts = expect_keys, .owner = "expect"};
	struct hub_watching *w = &t->watch;
	int rc = HUB_OK, one;

	if (t->watch_at)
		rc = hub_conf_take(t->watch_at, &watch, a, w, NULL, r);
	if (w->folder.len && (inside(a, w->folder, "done", &w->done) ||
			      inside(a, w->folder, "rejected", &w->rejected) ||
			      inside(a, w->folder, "taken", &w->taken)))
		return HUB_FATAL;
	one = hub_conf_take(t->limits_at, &limits, a, &t->limits, NULL, r);
	rc = one && rc != HUB_FATAL ? one : rc;
	one = hub_conf_take(t->retry_at, &retry, a, &t->retry, NULL, r);
	rc = one && rc != HUB_FATAL ? one : rc;
	one = t->expect_at ? hub_conf_take(t->expect_at, &expect, a, &t->expect, NULL, r) : HUB_OK;
	return one && rc != HUB_FATAL ? one : rc;
}

int hub_serving_take(const config_setting_t *group, struct hub_arena *a, struct hub_serving *out,
		     struct hub_report *r)
{
	static const struct hub_keys keys = {.opts = serve_keys, .owner = "serve"};
	int rc = hub_conf_take(group, &keys, a, out, NULL, r), one;

	out->at = group;
	one = hub_tls_take(out->tls_at, a, &out->tls, r);
	rc = one && rc != HUB_FATAL ? one : rc;
	one = hub_access_take(out->access_at, a, &out->access, r);
	return one && rc != HUB_FATAL ? one : rc;
}
