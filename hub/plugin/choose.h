/* Which source reads a file: each source looks at the file's name and first bytes and says how sure it
 * is. inspect, guess, and mappings that say plugin = "auto" choose here; nothing else does. */
#ifndef HUB_PLUGIN_CHOOSE_H
#define HUB_PLUGIN_CHOOSE_H

#include "plugin/load.h"

/* The source that is surest of the file. "-" and what is no regular file is not looked at: its name
 * decides. HUB_CONF: no source takes it (the registry lacks the one for delimited text). */
int hub_source_choose(const struct hub_plugins *p, const char *path, const struct hub_plugin **out,
		      struct hub_err *err);
/* The same by a name that may be "auto". */
int hub_source_named(const struct hub_plugins *p, struct hub_str name, const char *path,
		     const struct hub_plugin **out, struct hub_err *err);

#endif
