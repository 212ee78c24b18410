/* One value of an option (struct hub_opt): text in, checked value out, and the messages when it is
 * wrong. Used for plugins and for the hub's own files.
 *
 * Text forms, the same on the command line, in defaults and in quotes in a configuration file:
 *   INT   -12          BOOL  true false yes no on off      ENUM  one of its words
 *   SIZE  512 64k 10M 2G (1024 each)                       MSEC  500ms 30s 5m 2h 1d
 *   TEXT  as it is; on the command line and in defaults \t \n \r \\ \xNN are escapes (a file's quotes
 *         have their own); PATH and URL have none.
 * Text values are followed by a NUL byte that does not count. */
#ifndef HUB_CONF_VALUE_H
#define HUB_CONF_VALUE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* Parses text for opt and stores it at conf + opt->offset. Escapes: see above. */
int hub_option_parse(const struct hub_opt *opt, struct hub_str text, struct hub_arena *a,
		     void *conf, struct hub_err *err);
/* Stores a number (INT, SIZE, MSEC, BOOL) or a text that needs no unescaping, with the checks. */
int hub_option_put_int(const struct hub_opt *opt, int64_t v, void *conf, struct hub_err *err);
int hub_option_put_text(const struct hub_opt *opt, struct hub_str text, struct hub_arena *a,
			void *conf, struct hub_err *err);

/* Ready messages. owner: "source csv"; lister: the command that lists the options, or NULL. */
int hub_option_unknown(const struct hub_opt *opts, const char *owner, const char *lister,
		       struct hub_str name, struct hub_err *err);
int hub_option_missing(const struct hub_opt *opt, const char *owner, struct hub_err *err);
int hub_option_wrong_type(const struct hub_opt *opt, struct hub_err *err);

int hub_option_is_text(const struct hub_opt *opt); /* lands as struct hub_str, not as int64_t */
int hub_option_type_known(uint32_t type);          /* one of enum hub_otype */
/* "text", "integer", ... for messages and documentation; still English. */
const char *hub_option_type(const struct hub_opt *opt);
/* "1..65535", "1k..10M"; empty without a limit. */
void hub_option_range(const struct hub_opt *opt, char *out, size_t size);
/* Value as it may be shown: secrets as ***, user:password of a URL as ***. ptr NULL: out of memory. */
struct hub_str hub_option_show(const struct hub_opt *opt, struct hub_str text, struct hub_arena *a);

#endif
