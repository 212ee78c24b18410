#include "plugin/option.h"

#include "plugin/host.h"

enum { MAX_OPTIONS = 256, SCRATCH = 64 << 10, OWNER = 96 };

const struct hub_opt *hub_option_find(const struct hub_plugin *plugin, struct hub_str name)
{
	for (const struct hub_opt *o = plugin->opts; o && o->name; o++)
		if (hub_str_is(name, o->name))
			return o;
	return NULL;
}

const struct hub_opt *hub_option_with(const struct hub_plugin *plugin, uint32_t flags)
{
	for (const struct hub_opt *o = plugin->opts; o && o->name; o++)
		if ((o->flags & flags) == flags)
			return o;
	return NULL;
}

/* "source csv" */
static void name_owner(const struct hub_plugin *p, char out[OWNER])
{
	snprintf(out, OWNER, "%s %s", hub_kind_name(p->kind), p->name);
}

static void name_lister(const struct hub_plugin *p, char out[OWNER])
{
	snprintf(out, OWNER, "tsunagi plugin info %s", p->name);
}

int hub_options_init(struct hub_options *o, struct hub_arena *a, const struct hub_plugin *plugin,
		     struct hub_err *err)
{
	size_t n = 0;
	int rc;

	while (plugin->opts && plugin->opts[n].name)
		n++;
	*o = (struct hub_options){.plugin = plugin, .arena = a};
	if (plugin->conf_size && !(o->conf = hub_alloc0(a, plugin->conf_size)))
		return hub_fail_mem(err);
	if (!(o->given = hub_alloc0(a, n + 1)))
		return hub_fail_mem(err);
	for (const struct hub_opt *opt = plugin->opts; opt && opt->name; opt++)
		if (opt->dflt &&
		    (rc = hub_option_parse(opt, hub_str_of(opt->dflt), a, o->conf, err)))
			return rc;
	return HUB_OK;
}

int hub_options_set(struct hub_options *o, struct hub_str name, struct hub_str text,
		    struct hub_err *err)
{
	const struct hub_opt *opt = hub_option_find(o->plugin, name);
	int rc;

	if (!opt) {
		char owner[OWNER], lister[OWNER];
		name_owner(o->plugin, owner);
		name_lister(o->plugin, lister);
		return hub_option_unknown(o->plugin->opts, owner, lister, name, err);
	}
	if ((rc = hub_option_parse(opt, text, o->arena, o->conf, err)))
		return rc;
	o->given[opt - o->plugin->opts] = 1;
	return HUB_OK;
}

int hub_options_finish(const struct hub_options *o, struct hub_err *err)
{
	const struct hub_plugin *p = o->plugin;
	char owner[OWNER];

	name_owner(p, owner);
	for (const struct hub_opt *opt = p->opts; opt && opt->name; opt++) {
		if (!(opt->flags & HUB_OPT_REQUIRED) || o->given[opt - p->opts])
			continue;
		return hub_option_missing(opt, owner, err);
	}
	return p->check ? hub_tidy(p, p->check(o->conf, hub_host(), err), err) : HUB_OK;
}

int hub_options_read(struct hub_options *o, const config_setting_t *group, struct hub_report *r)
{
	char owner[OWNER], lister[OWNER];
	const struct hub_keys keys = {.opts = o->plugin->opts,
				      .owner = owner,
				      .lister = lister,
				      .skip = "plugin",
				      .hidden = HUB_OPT_INPUT | HUB_OPT_WRITES};

	name_owner(o->plugin, owner);
	name_lister(o->plugin, lister);
	return hub_conf_take(group, &keys, o->arena, o->conf, o->given, r);
}

/* ---- is the table itself right? ---- */

/* why: what is wrong with this option; NULL if nothing is. */
static const char *bad_option(const struct hub_plugin *p, const struct hub_opt *opt)
{
	const size_t size = hub_option_is_text(opt) ? sizeof(struct hub_str) : sizeof(int64_t);
	size_t end;

	for (const char *c = opt->name; *c; c++)
		if (!((*c >= 'a' && *c <= 'z') ||
		      (c != opt->name && ((*c >= '0' && *c <= '9') || *c == '_'))))
			return HUB_N("its name may hold lower-case letters, digits and _ only");
	if (strcmp(opt->name, "plugin") == 0)
		return HUB_N("its name is reserved");
	if (!hub_option_type_known(opt->type))
		return HUB_N("its type is unknown");
	if (!opt->help || !opt->help[0])
		return HUB_N("it has no help");
	if (hub_size_add(opt->offset, size, &end) || end > p->conf_size || opt->offset % 8 != 0)
		return HUB_N("its offset is outside the conf struct");
	if (opt->type == HUB_O_ENUM && (!opt->words || !opt->words[0]))
		return HUB_N("it has no words");
	if (opt->min > opt->max)
		return HUB_N("its range is empty");
	if (((opt->flags & HUB_OPT_INPUT) && opt->type != HUB_O_PATH) ||
	    ((opt->flags & HUB_OPT_WRITES) && opt->type != HUB_O_PATH && opt->type != HUB_O_URL))
		return HUB_N("only a path can be an input or be written");
	if ((opt->flags & HUB_OPT_REQUIRED) && opt->dflt)
		return HUB_N("it is required and has a default");
	for (const struct hub_opt *q = p->opts; q != opt; q++) {
		const size_t q_size =
		    hub_option_is_text(q) ? sizeof(struct hub_str) : sizeof(int64_t);
		if (strcmp(q->name, opt->name) == 0)
			return HUB_N("its name appears twice");
		if (opt->offset < q->offset + q_size && q->offset < end)
			return HUB_N("it shares its place in the conf struct with another one");
	}
	return NULL;
}

static int default_fits(const struct hub_plugin *p, const struct hub_opt *opt)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(SCRATCH + p->conf_size);
	void *conf = a ? hub_alloc0(a, p->conf_size) : NULL;

	/* out of memory is not the plugin's fault; the real parse will say it */
	return !conf || hub_option_parse(opt, hub_str_of(opt->dflt), a, conf, NULL) != HUB_CONF;
}

int hub_options_check_table(const struct hub_plugin *p, struct hub_err *err)
{
	const struct hub_opt *opt = p->opts;
	const char *why = NULL;

	for (; opt && opt->name; opt++) {
		if (opt - p->opts >= MAX_OPTIONS)
			return hub_fail(err, HUB_CONF, "plugin-options",
					"the option table of \"%s\" has no end", p->name);
		why = bad_option(p, opt);
		if (!why && opt->dflt && !default_fits(p, opt))
			why = HUB_N("its default is not a valid value");
		if (!why)
			continue;
		hub_fail(err, HUB_CONF, "plugin-options", "option \"%s\" of %s \"%s\": %s",
			 opt->name, hub_kind_name(p->kind), p->name, hub_tr(why));
		hub_hint(err, "docs/writing-a-plugin.md explains the option table.");
		return HUB_CONF;
	}
	return HUB_OK;
}
