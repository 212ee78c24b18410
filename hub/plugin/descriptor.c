#include "plugin/descriptor.h"

#include "plugin/load.h"
#include "plugin/option.h"

enum { MAX_CONF = 1 << 20 };

int hub_descriptor_abi(const struct hub_plugin *d, struct hub_err *err)
{
	if (d->abi_major == HUB_ABI_MAJOR) {
		if (d->size >= offsetof(struct hub_plugin, ops) + sizeof d->ops)
			return HUB_OK;
		hub_fail(err, HUB_CONF, "plugin-descriptor",
			 "the plugin's descriptor is too short (%zu bytes)", d->size);
		hub_hint(err, "Start the descriptor with HUB_PLUGIN_HEAD of hub/plugin.h.");
		return HUB_CONF;
	}
	hub_fail(err, HUB_CONF, "plugin-abi",
		 "the plugin speaks interface %u.%u, this hub speaks %u.%u", d->abi_major,
		 d->abi_minor, HUB_ABI_MAJOR, HUB_ABI_MINOR);
	if (d->abi_major < HUB_ABI_MAJOR)
		hub_hint(err, "Install the plugin's newer release, or build it again against "
			      "hub/plugin.h of this hub.");
	else
		hub_hint(err, "The plugin is newer than the hub: update the hub, or build the "
			      "plugin again against hub/plugin.h of this hub.");
	return HUB_CONF;
}

static int check_names(const struct hub_plugin *d, struct hub_err *err)
{
	const struct {
		const char *field, *text;
	} must[] = {{"name", d->name},
		    {"version", d->version},
		    {"license", d->license},
		    {"summary", d->summary}};

	for (size_t i = 0; i < HUB_COUNT(must); i++)
		if (!must[i].text || !must[i].text[0]) {
			hub_fail(err, HUB_CONF, "plugin-descriptor",
				 "the plugin's descriptor has no %s", must[i].field);
			hub_hint(err, "Fill .%s in its struct hub_plugin.", must[i].field);
			return HUB_CONF;
		}
	for (const char *c = d->name; *c; c++)
		if (!((*c >= 'a' && *c <= 'z') ||
		      (c != d->name && ((*c >= '0' && *c <= '9') || *c == '-')))) {
			hub_fail(err, HUB_CONF, "plugin-descriptor",
				 "the plugin's name \"%s\" is not usable", d->name);
			hub_hint(err, "Lower-case letters, digits and hyphens, a letter first.");
			return HUB_CONF;
		}
	if (d->kind < HUB_SOURCE || d->kind > HUB_SERVICE) {
		hub_fail(err, HUB_CONF, "plugin-kind",
			 "plugin \"%s\" is of kind %u, which this hub does not know", d->name,
			 d->kind);
		hub_hint(err, "Update the hub: the plugin needs interface %u.%u.", d->abi_major,
			 d->abi_minor);
		return HUB_CONF;
	}
	return HUB_OK;
}

static int check_ops(const struct hub_plugin *d, const struct hub_ops *o, struct hub_err *err)
{
	const struct {
		uint32_t kind; /* 0: every kind */
		const char *name;
		int there;
	} must[] = {
	    {0, "open", o->open != NULL},
	    {0, "close", o->close != NULL},
	    {HUB_SOURCE, "next", o->next != NULL},
	    {HUB_DETECTOR, "detect", o->detect != NULL},
	    {HUB_FILTER, "apply", o->apply != NULL},
	    {HUB_SINK, "write", o->write != NULL},
	    {HUB_SINK, "commit", o->commit != NULL},
	};

	for (size_t i = 0; i < HUB_COUNT(must); i++) {
		if (must[i].there || (must[i].kind && must[i].kind != d->kind))
			continue;
		hub_fail(err, HUB_CONF, "plugin-operation", "%s \"%s\" lacks the operation %s",
			 hub_kind_name(d->kind), d->name, must[i].name);
		hub_hint(err,
			 "Fill .%s in its struct hub_ops; hub/plugin.h lists what each kind "
			 "needs.",
			 must[i].name);
		return HUB_CONF;
	}
	return HUB_OK;
}

/* Copies what the plugin has and this hub knows; the rest reads as 0. */
static void copy_known(void *to, size_t mine, const void *from, size_t theirs)
{
	memset(to, 0, mine);
	memcpy(to, from, theirs < mine ? theirs : mine);
}

/* What is in it is looked at by whoever serves it (serve/service.h). */
static int take_service(struct hub_descriptor *e, struct hub_err *err)
{
	struct hub_plugin *d = &e->plugin;

	if (d->kind != HUB_SERVICE)
		return HUB_OK;
	if (!d->service || d->service->size < sizeof d->service->size) {
		hub_fail(err, HUB_CONF, "plugin-descriptor", "service \"%s\" declares nothing",
			 d->name);
		hub_hint(err, "Fill .%s in its struct hub_plugin.", "service");
		return HUB_CONF;
	}
	copy_known(&e->service, sizeof e->service, d->service, d->service->size);
	e->service.size = sizeof e->service;
	d->service = &e->service;
	return HUB_OK;
}

int hub_descriptor_take(const struct hub_plugin *theirs, struct hub_descriptor *out,
			struct hub_err *err)
{
	struct hub_plugin *d = &out->plugin;
	int rc;

	copy_known(d, sizeof *d, theirs, theirs->size);
	d->size = sizeof *d;
	if ((rc = check_names(d, err)))
		return rc;
	if (!d->ops || d->ops->size < sizeof d->ops->size) {
		hub_fail(err, HUB_CONF, "plugin-descriptor",
			 "plugin \"%s\" has no table of operations", d->name);
		hub_hint(err, "Fill .%s in its struct hub_plugin.", "ops");
		return HUB_CONF;
	}
	copy_known(&out->ops, sizeof out->ops, d->ops, d->ops->size);
	out->ops.size = sizeof out->ops;
	d->ops = &out->ops;
	if ((rc = check_ops(d, &out->ops, err)))
		return rc;
	if (d->conf_size > MAX_CONF)
		return hub_fail(err, HUB_CONF, "plugin-descriptor",
				"plugin \"%s\" asks for %zu bytes of configuration", d->name,
				d->conf_size);
	rc = hub_options_check_table(d, err);
	return rc ? rc : take_service(out, err);
}
