#include "conf/trigger.h"

#include "base/str.h"

#define AT(type, field) .offset = offsetof(struct type, field)

static const struct hub_opt watch_keys[] = {
    {HUB_OPTION("folder", PATH, HUB_OPT_REQUIRED, NULL, AT(hub_watching, folder))},
    {HUB_OPTION("done", PATH, 0, NULL, AT(hub_watching, done))},
    {HUB_OPTION("rejected", PATH, 0, NULL, AT(hub_watching, rejected))},
    {HUB_OPTION("taken", PATH, 0, NULL, AT(hub_watching, taken))},
    {HUB_OPTION("pattern", TEXT, 0, NULL, AT(hub_watching, pattern), .dflt = "*")},
    {HUB_OPTION("settle", MSEC, 0, NULL, AT(hub_watching, settle), .min = 10, .max = 86400000,
		.dflt = "10s")},
    {HUB_OPTION("marker", BOOL, 0, NULL, AT(hub_watching, marker), .dflt = "false")},
    {.name = NULL},
};

static const struct hub_opt limit_keys[] = {
    {HUB_OPTION("time", MSEC, 0, NULL, AT(hub_limits, time), .min = 100,
		.max = INT64_C(7) * 86400000, .dflt = "6h")},
    {HUB_OPTION("memory", SIZE, 0, NULL, AT(hub_limits, memory), .min = 256 << 20,
		.max = INT64_C(1) << 40, .dflt = "4G")},
    {.name = NULL},
};

static const struct hub_opt retry_keys[] = {
    {HUB_OPTION("times", INT, 0, NULL, AT(hub_retrying, times), .min = 0, .max = 1000,
		.dflt = "10")},
    {HUB_OPTION("first", MSEC, 0, NULL, AT(hub_retrying, first), .min = 10, .max = 3600000,
		.dflt = "30s")},
    {HUB_OPTION("most", MSEC, 0, NULL, AT(hub_retrying, most), .min = 10, .max = 86400000,
		.dflt = "30m")},
    {.name = NULL},
};

static const struct hub_opt expect_keys[] = {
    {HUB_OPTION("by", TEXT, HUB_OPT_REQUIRED, NULL, AT(hub_expecting, by))},
    {HUB_OPTION("records", INT, 0, NULL, AT(hub_expecting, records), .min = 0,
		.max = INT64_C(1) << 40, .dflt = "1")},
    {.name = NULL},
};

static const struct hub_opt serve_keys[] = {
    {HUB_OPTION("state", PATH, 0, NULL, AT(hub_serving, state))},
    {HUB_OPTION("listen", TEXT, 0, NULL, AT(hub_serving, listen))},
    {HUB_OPTION("holidays", PATH, 0, NULL, AT(hub_serving, holidays))},
    {.name = "blackout", .type = HUB_KEY_LIST, AT(hub_serving, blackout)},
    {.name = "views", .type = HUB_KEY_LIST, AT(hub_serving, views)},
    {HUB_OPTION("parallel", INT, 0, NULL, AT(hub_serving, parallel), .min = 1, .max = 16,
		.dflt = "2")},
    {HUB_OPTION("handler", MSEC, 0, NULL, AT(hub_serving, handler), .min = 100, .max = 600000,
		.dflt = "10s")},
    {HUB_OPTION("stalled", MSEC, 0, NULL, AT(hub_serving, stalled), .min = 1000, .max = 86400000,
		.dflt = "10m")},
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
