/* sink-dot - genogram and ecomap of one case, as a graph for Graphviz (plugins/shared/kin_sink.h): the picture
 * of sink-svg, every place given. */
#include "kin_sink.h"

static const struct hub_plugin dot_plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SINK,
    .name = "dot",
    .version = "1.0",
    .license = "MIT",
    .summary = HUB_N("genogram and ecomap of one case, as a graph for Graphviz"),
    .opts = kin_sink_opts,
    .conf_size = sizeof(struct kin_sink_conf),
    .ops = &kin_sink_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &dot_plugin : NULL;
}
