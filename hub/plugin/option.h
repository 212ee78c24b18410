/* A plugin's options: its table drives defaults, checking, messages, help and documentation. The
 * values land in a conf struct of the plugin's own layout, which open() gets.
 *
 * Text forms, the same on the command line, in defaults and in quotes in a configuration file:
 *   INT   -12          BOOL  true false yes no on off      ENUM  one of its words
 *   SIZE  512 64k 10M 2G (1024 each)                       MSEC  500ms 30s 5m 2h 1d
 *   TEXT  as it is; on the command line and in defaults \t \n \r \\ \xNN are escapes (a file's quotes
 *         have their own); PATH and URL have none.
 * Text values are followed by a NUL byte that does not count. */
#ifndef HUB_PLUGIN_OPTION_H
#define HUB_PLUGIN_OPTION_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

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
/* Sets one option from text. Setting it again replaces the value: a command line overrides a file. */
int hub_options_set(struct hub_options *o, struct hub_str name, struct hub_str text,
		    struct hub_err *err);
/* Required options, then the plugin's own rules. Call once, when all is set. */
int hub_options_finish(const struct hub_options *o, struct hub_err *err);

/* The option of that name, or NULL. */
const struct hub_opt *hub_option_find(const struct hub_plugin *plugin, struct hub_str name);
/* The first option that has all of these flags (HUB_OPT_INPUT, ...), or NULL. */
const struct hub_opt *hub_option_with(const struct hub_plugin *plugin, uint32_t flags);
/* Parses text for opt and stores it at conf + opt->offset. Escapes: see above. */
int hub_option_parse(const struct hub_opt *opt, struct hub_str text, struct hub_arena *a,
		     void *conf, struct hub_err *err);
/* Stores a number (INT, SIZE, MSEC, BOOL) or a text that needs no unescaping, with the checks. */
int hub_option_put_int(const struct hub_opt *opt, int64_t v, void *conf, struct hub_err *err);
int hub_option_put_text(const struct hub_opt *opt, struct hub_str text, struct hub_arena *a,
			void *conf, struct hub_err *err);

/* err for an option that is not in the table, with the nearest name. */
int hub_option_unknown(const struct hub_plugin *plugin, struct hub_str name, struct hub_err *err);
/* "text", "integer", ... for messages and documentation; translated. */
const char *hub_option_type(const struct hub_opt *opt);
/* "1..65535", "1k..10M"; empty without a limit. */
void hub_option_range(const struct hub_opt *opt, char *out, size_t size);
/* Value as it may be shown: secrets as ***, user:password of a URL as ***. ptr NULL: out of memory. */
struct hub_str hub_option_show(const struct hub_opt *opt, struct hub_str text, struct hub_arena *a);
// "https://user:pass@host/x?token=1" -> "https://***@host/x?***"
struct hub_str hub_url_mask(struct hub_str url, struct hub_arena *a);

/* Is the table usable? Types, offsets, words, ranges, defaults, names. For the loader. */
int hub_options_check_table(const struct hub_plugin *plugin, struct hub_err *err);

#endif
