#include "release/grounds.h"

#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "release/cfg.h"

static const char *const ground_keys[] = {"id",       "law",           "article", "meeting",
					  "purpose",  "needs_consent", "active",  "valid_from",
					  "valid_to", "source",        "note",    NULL};
static const char *const file_keys[] = {"grounds", NULL};

/* One spelling of a meeting in two rows would make the law depend on the order of the file. */
static void check_kinds(struct hub_cfg *c, const config_setting_t *at, const struct hub_ground *g,
			struct hub_map *kinds)
{
	uint64_t seen;

	for (uint32_t i = 0; i < g->n_kinds; i++) {
		if (hub_map_get(kinds, g->kinds[i], &seen))
			hub_cfg_complain(c, at, HUB_N("Give each meeting to one ground."),
					 HUB_N("meeting \"%.*s\" is already in another ground"),
					 HUB_FMT(g->kinds[i]));
		else if (hub_map_put(kinds, g->kinds[i], 1))
			c->no_memory = 1;
	}
}

static void read_ground(struct hub_cfg *c, const config_setting_t *at, struct hub_ground *g,
			struct hub_map *kinds)
{
	hub_cfg_keys(c, at, ground_keys);
	*g = (struct hub_ground){
	    .id = hub_cfg_need(c, at, "id"),
	    .law = hub_cfg_need(c, at, "law"),
	    .article = hub_cfg_text(c, at, "article"),
	    .note = hub_cfg_text(c, at, "note"),
	    .purpose = hub_cfg_text(c, at, "purpose"),
	    .needs_consent = hub_cfg_bool(c, at, "needs_consent", 1),
	    .active = hub_cfg_bool(c, at, "active", 0),
	    .valid = hub_cfg_period(c, at, "valid_from", "valid_to"),
	};
	g->n_kinds = hub_cfg_words(c, at, "meeting", &g->kinds);
	const struct hub_str source = hub_cfg_need(c, at, "source");
	g->source = source.len == 1 ? source.ptr[0] : 'I';
	if (source.len != 1 || !strchr("SKI", g->source))
		hub_cfg_complain(c, at,
				 HUB_N("S: seen in a published text, K: known, I: inferred."),
				 HUB_N("\"source\" must be S, K or I"));
	if (g->active && !g->needs_consent && (g->n_kinds == 0 || g->purpose.len == 0))
		hub_cfg_complain(c, at,
				 HUB_N("Name the meeting and the purpose, or set active = false."),
				 HUB_N("an active ground without consent needs \"meeting\" and "
				       "\"purpose\""));
	check_kinds(c, at, g, kinds);
}

int hub_grounds_load(struct hub_arena *a, const char *path, struct hub_grounds *out,
		     struct hub_buf *report, struct hub_err *err)
{
	struct hub_cfg c;
	int rc;

	*out = (struct hub_grounds){0};
	if ((rc = hub_cfg_open(&c, a, path, report, err)))
		return rc;
	hub_cfg_keys(&c, config_root_setting(&c.file), file_keys);

	const config_setting_t *list = config_lookup(&c.file, "grounds");
	const uint32_t n = list ? (uint32_t)config_setting_length(list) : 0;
	struct hub_ground *row = hub_alloc_array(a, n ? n : 1, sizeof *row);
	struct hub_map *kinds = hub_map_new(a);
	if (!row || !kinds)
		c.no_memory = 1;
	if (!list)
		hub_cfg_complain(&c, NULL, NULL, HUB_N("\"%s\" is missing"), "grounds");
	for (uint32_t i = 0; i < n && !c.no_memory; i++)
		read_ground(&c, config_setting_get_elem(list, i), &row[i], kinds);

	if ((rc = hub_cfg_close(&c, err)))
		return rc;
	*out = (struct hub_grounds){row, n};
	return HUB_OK;
}
