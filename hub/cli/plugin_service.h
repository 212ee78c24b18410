/* What a service declares, for `tsunagi plugin info`. */
#ifndef HUB_CLI_PLUGIN_SERVICE_H
#define HUB_CLI_PLUGIN_SERVICE_H

#include "base/buf.h"

/* Nothing for other kinds. */
void hub_plugin_service_table(const struct hub_plugin *p, struct hub_buf *out);
void hub_plugin_service_md(const struct hub_plugin *p, struct hub_buf *out);
void hub_plugin_service_json(const struct hub_plugin *p, struct hub_buf *out);

#endif
