/* What makes a plugin's descriptor acceptable, and its copy with every field this hub knows. */
#ifndef HUB_PLUGIN_DESCRIPTOR_H
#define HUB_PLUGIN_DESCRIPTOR_H

#include "base/err.h"

/* Zero-extended copies: what an older plugin does not have reads as 0. */
struct hub_descriptor {
	struct hub_plugin plugin;
	struct hub_ops ops;         /* plugin.ops points here */
	struct hub_service service; /* the same, of a service */
};

/* Nothing behind the first three fields may be read before this: HUB_CONF, another interface. */
int hub_descriptor_abi(const struct hub_plugin *d, struct hub_err *err);
/* HUB_CONF: something is missing or wrong; out->plugin then says as much as is known. */
int hub_descriptor_take(const struct hub_plugin *theirs, struct hub_descriptor *out,
			struct hub_err *err);

#endif
