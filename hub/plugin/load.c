#include "plugin/load.h"

#include "base/buf.h"
#include "base/str.h"
#include "plugin/option.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

enum { MAX_PER_FILE = 64, MAX_CONF = 1 << 20, NAMES_SHOWN = 200 };

struct entry {
	struct entry *next;
	struct hub_plugin plugin;   /* zero-extended copy */
	struct hub_ops ops;         /* zero-extended copy; plugin.ops points here */
	struct hub_service service; /* the same, of a service */
	const char *file;
};

struct problem {
	struct problem *next;
	struct hub_err err;
	const char *file;
	uint32_t kind; /* 0 and "" while the file has not said it */
	const char *name;
};

struct hub_plugins {
	struct hub_arena *arena;
	struct entry *first, **end;
	struct problem *wrong, **wrong_end;
	size_t count, problems;
	struct hub_str presets;
};

static const char *const kind_names[] = {
    [HUB_SOURCE] = "source", [HUB_DETECTOR] = "detector", [HUB_FILTER] = "filter",
    [HUB_SINK] = "sink",     [HUB_SERVICE] = "service",
};

/* What the names of their files begin with. */
static const char *const file_heads[] = {
    [HUB_SOURCE] = "source-", [HUB_DETECTOR] = "detect-", [HUB_FILTER] = "filter-",
    [HUB_SINK] = "sink-",     [HUB_SERVICE] = "service-",
};

const char *hub_kind_name(uint32_t kind)
{
	return kind > 0 && kind < HUB_COUNT(kind_names) ? kind_names[kind] : "?";
}

uint32_t hub_kind_of(struct hub_str name)
{
	for (uint32_t k = 1; k < HUB_COUNT(kind_names); k++)
		if (hub_str_is(name, kind_names[k]))
			return k;
	return 0;
}

struct hub_plugins *hub_plugins_new(struct hub_arena *a)
{
	struct hub_plugins *p = hub_alloc0(a, sizeof *p);

	if (!p)
		return NULL;
	*p = (struct hub_plugins){.arena = a, .end = &p->first, .wrong_end = &p->wrong};
	return p;
}

static int add_problem(struct hub_plugins *p, const char *file, const struct hub_plugin *plugin,
		       const struct hub_err *why, struct hub_err *err)
{
	struct problem *x = hub_alloc0(p->arena, sizeof *x);

	if (!x)
		return hub_fail_mem(err);
	*x = (struct problem){.err = *why, .file = file, .name = ""};
	if (plugin) {
		x->kind = plugin->kind;
		x->name = plugin->name ? plugin->name : "";
	}
	if (!x->err.where[0])
		hub_where(&x->err, "%s", file);
	*p->wrong_end = x;
	p->wrong_end = &x->next;
	p->problems++;
	return HUB_OK;
}

/* ---- what makes a descriptor acceptable ---- */

static int check_abi(const struct hub_plugin *d, struct hub_err *err)
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
	if (d->kind == 0 || d->kind >= HUB_COUNT(kind_names)) {
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
	if (d->kind == HUB_SINK && (d->caps & HUB_CAP_IDEMPOTENT) && !o->seen) {
		hub_fail(err, HUB_CONF, "plugin-operation", "%s \"%s\" lacks the operation %s",
			 hub_kind_name(d->kind), d->name, "seen");
		hub_hint(err, "A sink with HUB_CAP_IDEMPOTENT answers seen().");
		return HUB_CONF;
	}
	return HUB_OK;
}

static int check_unique(const struct hub_plugins *p, const struct hub_plugin *d,
			struct hub_err *err)
{
	for (const struct entry *e = p->first; e; e = e->next) {
		if (e->plugin.kind != d->kind || strcmp(e->plugin.name, d->name) != 0)
			continue;
		hub_fail(err, HUB_CONF, "plugin-twice", "%s \"%s\" is already there, from %s",
			 hub_kind_name(d->kind), d->name, e->file);
		hub_hint(err, "Remove one of the two files, or give the plugin another name.");
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
static int take_service(struct entry *e, struct hub_err *err)
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

static int check_descriptor(const struct hub_plugins *p, struct entry *e, struct hub_err *err)
{
	struct hub_plugin *d = &e->plugin;
	int rc;

	if ((rc = check_names(d, err)))
		return rc;
	if (!d->ops || d->ops->size < sizeof d->ops->size) {
		hub_fail(err, HUB_CONF, "plugin-descriptor",
			 "plugin \"%s\" has no table of operations", d->name);
		hub_hint(err, "Fill .%s in its struct hub_plugin.", "ops");
		return HUB_CONF;
	}
	copy_known(&e->ops, sizeof e->ops, d->ops, d->ops->size);
	e->ops.size = sizeof e->ops;
	d->ops = &e->ops;
	if ((rc = check_ops(d, &e->ops, err)))
		return rc;
	if (d->conf_size > MAX_CONF)
		return hub_fail(err, HUB_CONF, "plugin-descriptor",
				"plugin \"%s\" asks for %zu bytes of configuration", d->name,
				d->conf_size);
	if ((rc = hub_options_check_table(d, err)) || (rc = take_service(e, err)))
		return rc;
	return check_unique(p, d, err);
}

/* ---- files ---- */

static int take(struct hub_plugins *p, const char *file, const struct hub_plugin *theirs,
		struct hub_err *err)
{
	struct hub_err why = {0};

	/* nothing behind the first three fields may be read before the major version is known */
	if (check_abi(theirs, &why))
		return add_problem(p, file, NULL, &why, err);

	struct entry *e = hub_alloc0(p->arena, sizeof *e);
	if (!e)
		return hub_fail_mem(err);
	copy_known(&e->plugin, sizeof e->plugin, theirs, theirs->size);
	e->plugin.size = sizeof e->plugin;
	e->file = file;
	if (check_descriptor(p, e, &why))
		return add_problem(p, file, &e->plugin, &why, err);
	*p->end = e;
	p->end = &e->next;
	p->count++;
	return HUB_OK;
}

static int refuse_file(struct hub_plugins *p, const char *file, const char *code, const char *what,
		       struct hub_err *err)
{
	struct hub_err why = {0};

	/* the text is the dynamic linker's own */
	hub_fail(&why, HUB_CONF, code, "%s", what);
	hub_hint(&why,
		 "Is it a plugin, for this machine, with its libraries installed? `ldd` on the "
		 "file shows what it needs.");
	return add_problem(p, file, NULL, &why, err);
}

int hub_plugins_load_file(struct hub_plugins *p, const char *path, struct hub_err *err)
{
	const char *file = hub_arena_cstr(p->arena, hub_str_of(path));

	if (!file)
		return hub_fail_mem(err);
	/* a name without a slash would be searched in the system's library folders */
	if (!strchr(file, '/') && !(file = hub_arena_printf(p->arena, "./%s", path).ptr))
		return hub_fail_mem(err);

	void *so = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!so)
		return refuse_file(p, file, "plugin-not-loadable", dlerror(), err);

	const struct hub_plugin *(*get)(uint32_t) = NULL;
	void *sym = dlsym(so, "hub_plugin_get");
	memcpy(&get, &sym, sizeof get); /* ISO C has no cast from object to function pointer */
	if (!get)
		return refuse_file(p, file, "plugin-not-one",
				   hub_tr("the file has no function hub_plugin_get"), err);

	for (uint32_t i = 0; i < MAX_PER_FILE; i++) {
		const struct hub_plugin *d = get(i);
		int rc;
		if (!d)
			return i > 0 ? HUB_OK
				     : refuse_file(p, file, "plugin-empty",
						   hub_tr("the file holds no plugin"), err);
		if ((rc = take(p, file, d, err)))
			return rc;
	}
	return refuse_file(p, file, "plugin-endless", hub_tr("hub_plugin_get never returned NULL"),
			   err);
}

static int is_so(const struct dirent *d)
{
	return d->d_name[0] != '.' && hub_str_ends(hub_str_of(d->d_name), HUB_STR(".so"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int load_folder(struct hub_plugins *p, struct hub_str folder, struct hub_err *err)
{
	struct dirent **list = NULL;
	const char *path = hub_arena_cstr(p->arena, folder);
	int rc = HUB_OK;

	if (!path)
		return hub_fail_mem(err);
	const int n = scandir(path, &list, is_so, by_name);
	if (n < 0) {
		hub_fail_sys(err, HUB_CONF, "plugin-folder", errno, path);
		hub_hint(err, "TSUNAGI_PLUGINS names the folders of plugins, separated by \":\".");
		return HUB_CONF;
	}
	for (int i = 0; i < n; i++) {
		if (!rc) {
			const struct hub_str f =
			    hub_arena_printf(p->arena, "%s/%s", path, list[i]->d_name);
			rc = f.ptr ? hub_plugins_load_file(p, f.ptr, err) : hub_fail_mem(err);
		}
		free(list[i]); /* scandir's: its lib owns the allocator */
	}
	free(list); /* lib owns it, too */
	return rc;
}

int hub_plugins_load(struct hub_plugins *p, const char *folders, struct hub_err *err)
{
	struct hub_str rest = hub_str_of(folders), folder;
	int rc = HUB_OK;

	while (!rc && hub_str_next(&rest, ':', &folder))
		if (folder.len)
			rc = load_folder(p, folder, err);
	return rc;
}

/* ---- looking up ---- */

size_t hub_plugins_count(const struct hub_plugins *p)
{
	return p->count;
}

const struct hub_plugin *hub_plugins_at(const struct hub_plugins *p, size_t i)
{
	const struct entry *e = p->first;

	while (e && i-- > 0)
		e = e->next;
	return e ? &e->plugin : NULL;
}

const char *hub_plugins_file(const struct hub_plugins *p, const struct hub_plugin *plugin)
{
	for (const struct entry *e = p->first; e; e = e->next)
		if (&e->plugin == plugin)
			return e->file;
	return "";
}

size_t hub_plugins_problems(const struct hub_plugins *p)
{
	return p->problems;
}

const struct hub_err *hub_plugins_problem(const struct hub_plugins *p, size_t i)
{
	const struct problem *x = p->wrong;

	while (x && i-- > 0)
		x = x->next;
	return x ? &x->err : NULL;
}

const struct hub_err *hub_plugins_refused(const struct hub_plugins *p, uint32_t kind)
{
	for (const struct problem *x = p->wrong; x; x = x->next) {
		const char *slash = strrchr(x->file, '/');
		const struct hub_str name = hub_str_of(slash ? slash + 1 : x->file);
		if (x->kind ? x->kind == kind : hub_str_starts(name, hub_str_of(file_heads[kind])))
			return &x->err;
	}
	return NULL;
}

/* Was it refused? By its own name if it got that far, else by the usual names of its file. */
static const struct problem *refused(const struct hub_plugins *p, uint32_t kind,
				     struct hub_str name)
{
	char usual[96], short_name[96];

	snprintf(usual, sizeof usual, "/%s%.*s.so", file_heads[kind], HUB_FMT(name));
	snprintf(short_name, sizeof short_name, "/%.*s.so", HUB_FMT(name));
	for (const struct problem *x = p->wrong; x; x = x->next) {
		if (x->kind == kind && hub_str_is(name, x->name))
			return x;
		if (!x->name[0] && (hub_str_ends(hub_str_of(x->file), hub_str_of(usual)) ||
				    hub_str_ends(hub_str_of(x->file), hub_str_of(short_name))))
			return x;
	}
	return NULL;
}

static int not_found(const struct hub_plugins *p, uint32_t kind, struct hub_str name,
		     struct hub_err *err)
{
	const char *best = NULL;
	char names[NAMES_SHOWN] = "";
	size_t used = 0;
	unsigned least = 4;

	for (const struct entry *e = p->first; e; e = e->next) {
		if (e->plugin.kind != kind)
			continue;
		const unsigned d = hub_str_distance(hub_str_of(e->plugin.name), name);
		if (d < least) {
			least = d;
			best = e->plugin.name;
		}
		if (used + strlen(e->plugin.name) + 3 < sizeof names)
			used += (size_t)snprintf(names + used, sizeof names - used, "%s%s",
						 used ? ", " : "", e->plugin.name);
	}
	hub_fail(err, HUB_CONF, "unknown-plugin", "there is no %s \"%.*s\"", hub_kind_name(kind),
		 HUB_FMT(name));
	if (best)
		hub_hint(err, "Did you mean \"%s\"? `tsunagi plugin list` lists all.", best);
	else if (used)
		hub_hint(err, "There are: %s. `tsunagi plugin list` lists all.", names);
	else
		hub_hint(err, "No plugin of that kind was found: TSUNAGI_PLUGINS names the folders "
			      "of plugins.");
	return HUB_CONF;
}

int hub_plugins_find(const struct hub_plugins *p, uint32_t kind, struct hub_str name,
		     const struct hub_plugin **out, struct hub_err *err)
{
	for (const struct entry *e = p->first; e; e = e->next)
		if (e->plugin.kind == kind && hub_str_is(name, e->plugin.name)) {
			*out = &e->plugin;
			return HUB_OK;
		}
	const struct problem *x = refused(p, kind, name);
	if (!x)
		return not_found(p, kind, name, err);
	if (err)
		*err = x->err;
	return x->err.rc;
}

int hub_plugins_able(const struct hub_plugins *p, uint32_t kind, uint32_t cap,
		     const struct hub_plugin **out, struct hub_err *err)
{
	for (const struct entry *e = p->first; e; e = e->next)
		if (e->plugin.kind == kind && (e->plugin.caps & cap)) {
			*out = &e->plugin;
			return HUB_OK;
		}
	const int rc = hub_fail(err, HUB_CONF, "no-such-plugin",
				"no %s plugin that can do this is installed", hub_kind_name(kind));
	hub_hint(err, "`tsunagi plugin list` shows what is installed, and what was refused.");
	return rc;
}

int hub_preset_next(struct hub_str *rest, struct hub_str *plugin, struct hub_str *option,
		    struct hub_str *value)
{
	struct hub_str one;

	do {
		if (!hub_str_next(rest, ';', &one))
			return 0;
		one = hub_str_trim(one);
	} while (!one.len);
	const size_t dot = hub_str_find(one, HUB_STR("."), 0),
		     eq = hub_str_find(one, HUB_STR("="), 0);
	*plugin = one;
	*option = *value = (struct hub_str){NULL, 0};
	if (eq == (size_t)-1 || dot > eq)
		return 1;
	*plugin = hub_str_cut(one, 0, dot);
	*option = hub_str_cut(one, dot + 1, eq);
	*value = hub_str_from(one, eq + 1);
	return 1;
}

int hub_plugins_preset(struct hub_plugins *p, struct hub_str text, struct hub_err *err)
{
	struct hub_str rest = text, plugin, option, value;
	const struct hub_plugin *found;
	int rc;

	while (hub_preset_next(&rest, &plugin, &option, &value)) {
		if (!value.ptr) {
			rc = hub_fail(
			    err, HUB_CONF, "bad-preset",
			    "options of detectors: %.*s is not of the form NAME.OPTION=VALUE",
			    HUB_FMT(plugin));
			hub_hint(err, "Several are separated by \";\".");
			return rc;
		}
		if ((rc = hub_plugins_find(p, HUB_DETECTOR, plugin, &found, err)))
			return rc;
	}
	p->presets = text;
	return HUB_OK;
}

struct hub_str hub_plugins_presets(const struct hub_plugins *p)
{
	return p->presets;
}
