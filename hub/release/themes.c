/* The list of themes: schemas/themes.cfg. */
#include "release/alike.h"
#include "release/conf_read.h"
#include "text/gram.h"

struct raw {
	struct hub_str id, label;
	const config_setting_t *words;
};
static const struct hub_opt row_opts[] = {
    {HUB_OPTION("id", TEXT, HUB_OPT_REQUIRED, NULL, .offset = offsetof(struct raw, id))},
    {HUB_OPTION("label", TEXT, HUB_OPT_REQUIRED, NULL, .offset = offsetof(struct raw, label))},
    {.name = "words",
     .type = HUB_KEY_LIST,
     .offset = offsetof(struct raw, words),
     .flags = HUB_OPT_REQUIRED},
    {.name = NULL}};
static const struct hub_keys row_keys = {.opts = row_opts, .owner = "theme"};

struct top {
	const config_setting_t *themes;
};
static const struct hub_opt top_opts[] = {{.name = "themes",
					   .type = HUB_KEY_LIST,
					   .offset = offsetof(struct top, themes),
					   .flags = HUB_OPT_REQUIRED},
					  {.name = NULL}};
static const struct hub_keys top_keys = {.opts = top_opts, .owner = "themes"};

static int take_theme(struct hub_arena *a, struct hub_report *r, const config_setting_t *at,
		      struct hub_theme *out)
{
	struct raw raw = {0};
	const struct hub_str *word;
	int rc = hub_conf_take(at, &row_keys, a, &raw, NULL, r);

	if (rc || (rc = hub_read_words(a, raw.words, &word, &out->words, r)))
		return rc;
	struct hub_str *folded = hub_alloc_array(a, (size_t)out->words + 1, sizeof *folded);
	if (!folded)
		return HUB_FATAL;
	for (uint32_t i = 0; i < out->words; i++)
		if (!(folded[i] = hub_gram_fold(a, word[i], NULL)).ptr)
			return HUB_FATAL;
	out->id = raw.id;
	out->label = raw.label;
	out->word = folded;
	return HUB_OK;
}

int hub_themes_load(struct hub_arena *a, struct hub_report *r, const char *path,
		    struct hub_themes *out, struct hub_err *err)
{
	HUB_AUTO(conf) struct hub_conf *c = NULL;
	struct top top = {0};
	int rc = hub_conf_read(a, r, path, &c, err);

	*out = (struct hub_themes){0};
	if (!rc)
		rc = hub_conf_take(hub_conf_root(c), &top_keys, a, &top, NULL, r);
	struct hub_theme *theme =
	    rc ? NULL : hub_alloc_array(a, hub_conf_count(top.themes) + 1, sizeof *theme);
	for (unsigned i = 0; theme && i < hub_conf_count(top.themes) && rc != HUB_FATAL; i++) {
		const int one = take_theme(a, r, hub_conf_child(top.themes, i), &theme[i]);
		rc = one ? one : rc;
		out->n += !one;
	}
	out->theme = theme;
	if (rc == HUB_FATAL || (!rc && !theme))
		return hub_fail_mem(err);
	return rc ? hub_fail(err, HUB_CONF, "themes-bad", "the list of themes has errors") : HUB_OK;
}
