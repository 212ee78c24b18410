/* The configuration of one plugin: a conf struct of the plugin's own layout, filled by its option table
 * from a file, from a command line, or both. conf/value.h says how values are written. */
#ifndef HUB_PLUGIN_OPTION_H
#define HUB_PLUGIN_OPTION_H

#include "conf/conf.h"
#include "conf/value.h"

/* One configuration of one plugin, being filled. */
struct hub_options {
	const struct hub_plugin *plugin;
	struct hub_arena *arena;
	void *conf;     /* what open() gets; NULL for a plugin without options */
	uint8_t *given; /* one per option: was it set? */
};

/* Fills o with the defaults. The arena must outlive every use of o->conf. */
int hub_options_init(struct hub_options *o, struct hub_arena *a, const struct hub_plugin *plugin,
		     struct hub_err *err);
/* Fills o from a group of a file ("plugin = ..." in it is skipped). All problems go to the report;
 * inputs and outputs may be missing: the command line can still name them. HUB_OK, HUB_CONF, HUB_FATAL. */
int hub_options_read(struct hub_options *o, const config_setting_t *group, struct hub_report *r);
/* Sets one option from text. Setting it again replaces the value: a command line overrides a file. */
int hub_options_set(struct hub_options *o, struct hub_str name, struct hub_str text,
		    struct hub_err *err);
/* Required options, then the plugin's own rules. Call once, when all is set. */
int hub_options_finish(const struct hub_options *o, struct hub_err *err);

/* The option of that name, or NULL. */
const struct hub_opt *hub_option_find(const struct hub_plugin *plugin, struct hub_str name);
/* The first option that has all of these flags (HUB_OPT_INPUT, ...), or NULL. */
const struct hub_opt *hub_option_with(const struct hub_plugin *plugin, uint32_t flags);
/* Is the table usable? Types, offsets, words, ranges, defaults, names. For the loader. */
int hub_options_check_table(const struct hub_plugin *plugin, struct hub_err *err);

#endif
