/* sink-svg - genogram and ecomap of one case, as a picture (plugins/shared/kin_sink.h). */
#include "kin_sink.h"

static const struct hub_plugin svg_plugin = {
    HUB_PLUGIN_HEAD,       .kind = HUB_SINK,
    .name = "svg",         .version = "1.0",
    .license = "MIT",      .summary = HUB_N("genogram and ecomap of one case, as a picture"),
    .opts = kin_sink_opts, .conf_size = sizeof(struct kin_sink_conf),
    .ops = &kin_sink_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &svg_plugin : NULL;
}
