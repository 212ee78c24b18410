/* The statistics of a profile. What is counted belongs to what is approved: the hash of each definition
 * is part of the profile's canonical form. */
#include "release/profile.h"

#include "base/err.h"
#include "release/stats_guard.h"

struct raw {
	const config_setting_t *definitions;
	int64_t exact, small;
};

#define IN_RAW(field) .offset = offsetof(struct raw, field)
static const struct hub_opt opts[] = {
    {.name = "definitions", .type = HUB_KEY_LIST, IN_RAW(definitions), .flags = HUB_OPT_REQUIRED},
    {.name = "exact", .type = HUB_O_BOOL, IN_RAW(exact)},
    {.name = "small", .type = HUB_O_INT, IN_RAW(small), .max = HUB_STAT_SMALL_MOST},
    {.name = NULL}};

static int load_sets(struct hub_arena *a, struct hub_report *r, const config_setting_t *list,
		     const struct hub_schema *schema, struct hub_profile_stats *out,
		     struct hub_err *err)
{
	const unsigned n = hub_conf_count(list);
	struct hub_stat_set *set = hub_alloc_array(a, n + 1, sizeof *set);
	int rc = set ? HUB_OK : HUB_FATAL;

	for (unsigned i = 0; i < n && rc != HUB_FATAL; i++) {
		const config_setting_t *item = hub_conf_child(list, i);
		const struct hub_str name = hub_conf_text(item);
		const char *path = name.len ? hub_conf_path(item, name, a) : "";
		if (!path)
			return HUB_FATAL;
		const int bad = hub_stats_load(a, r, path, schema, &set[i], err);
		if (bad && hub_report_count(r) == 0)
			hub_report_add(r, hub_conf_value_place(item), err);
		rc = bad ? bad : rc;
	}
	out->sets.set = set;
	out->sets.n = n;
	return rc;
}

int hub_profile_take_stats(struct hub_arena *a, struct hub_report *r, const config_setting_t *group,
			   const struct hub_schema *schema, struct hub_profile_stats *out,
			   struct hub_err *err)
{
	static const struct hub_keys keys = {.opts = opts, .owner = "statistics"};
	struct raw raw = {0};
	int rc = hub_conf_take(group, &keys, a, &raw, NULL, r);

	if (rc || !raw.definitions)
		return rc;
	if ((rc = load_sets(a, r, raw.definitions, schema, out, err)))
		return rc;
	out->exact = raw.exact != 0;
	out->small = raw.small;
	for (uint32_t i = 0; i < out->sets.n; i++)
		if (out->small < out->sets.set[i].small)
			out->small = out->sets.set[i].small;
	if (out->exact || !(rc = hub_stats_guard_check(out->sets, err)))
		return HUB_OK;
	hub_report_add(r, hub_conf_place(group), err);
	return rc;
}

void hub_profile_stats_canon(const struct hub_profile_stats *s, struct hub_buf *b)
{
	for (uint32_t i = 0; i < s->sets.n; i++)
		hub_buf_printf(b, "statistics:%.*s %s\n", HUB_FMT(s->sets.set[i].name),
			       s->sets.set[i].hash);
	if (s->sets.n && s->exact)
		hub_buf_puts(b, "statistics exact\n");
	else if (s->sets.n)
		hub_buf_printf(b, "statistics hidden-below-%d\n", (int)s->small);
}
