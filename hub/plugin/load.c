#include "plugin/load.h"

#include "base/buf.h"
#include "base/str.h"
#include "conf/near.h"
#include "plugin/descriptor.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

enum { MAX_PER_FILE = 64 };

struct entry {
	struct entry *next;
	struct hub_descriptor d;
};

/* A shared object. What it holds is known when it is open; of what kind that is, by its name before. */
struct file {
	struct file *next;
	const char *path;
	uint32_t kind; /* 0: its name does not say */
	int open;
	struct entry *first, **end;
};

struct problem {
	struct problem *next;
	struct hub_err err;
	const struct file *file;
	uint32_t kind; /* 0 and "" while the file has not said it */
	const char *name;
};

struct shelf {
	struct hub_arena *arena;
	struct file *first, **end;
	struct problem *wrong, **wrong_end;
	size_t problems;
	void (*tell)(const struct hub_err *);
	struct hub_str presets;
};

/* Whoever looks for a plugin may open files, and changes nothing of what there is to be found: a reader's
 * registry is const, and what it stands for is not. */
struct hub_plugins {
	struct shelf *shelf;
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

struct hub_plugins *hub_plugins_new(struct hub_arena *a)
{
	struct hub_plugins *p = hub_alloc0(a, sizeof *p);
	struct shelf *s = hub_alloc0(a, sizeof *s);

	if (!p || !s)
		return NULL;
	*s = (struct shelf){.arena = a, .end = &s->first, .wrong_end = &s->wrong};
	p->shelf = s;
	return p;
}

void hub_plugins_watch(struct hub_plugins *p, void (*tell)(const struct hub_err *))
{
	p->shelf->tell = tell;
}

static int add_problem(struct shelf *s, const struct file *f, const struct hub_plugin *plugin,
		       const struct hub_err *why, struct hub_err *err)
{
	struct problem *x = hub_alloc0(s->arena, sizeof *x);

	if (!x)
		return hub_fail_mem(err);
	*x = (struct problem){.err = *why, .file = f, .name = ""};
	if (plugin) {
		x->kind = plugin->kind;
		x->name = plugin->name ? plugin->name : "";
	}
	if (!x->err.where[0])
		hub_where(&x->err, "%s", f->path);
	*s->wrong_end = x;
	s->wrong_end = &x->next;
	s->problems++;
	if (s->tell)
		s->tell(&x->err);
	return HUB_OK;
}

/* ---- opening a file ---- */

/* The first plugin of a kind: of that name, unless it is empty, and that can do it, unless cap is 0. */
static const struct hub_plugin *find_in(const struct file *f, uint32_t kind, struct hub_str name,
					uint32_t cap)
{
	for (const struct entry *e = f->first; e; e = e->next) {
		const struct hub_plugin *d = &e->d.plugin;
		if (d->kind == kind && (!name.len || hub_str_is(name, d->name)) &&
		    (!cap || (d->caps & cap)))
			return d;
	}
	return NULL;
}

static int check_unique(const struct shelf *s, const struct hub_plugin *d, struct hub_err *err)
{
	for (const struct file *f = s->first; f; f = f->next) {
		if (!find_in(f, d->kind, hub_str_of(d->name), 0))
			continue;
		hub_fail(err, HUB_CONF, "plugin-twice", "%s \"%s\" is already there, from %s",
			 hub_kind_name(d->kind), d->name, f->path);
		hub_hint(err, "Remove one of the two files, or give the plugin another name.");
		return HUB_CONF;
	}
	return HUB_OK;
}

/* Nobody would look for it there. */
static int check_file(const struct file *f, const struct hub_plugin *d, struct hub_err *err)
{
	if (!f->kind || f->kind == d->kind)
		return HUB_OK;
	hub_fail(err, HUB_CONF, "plugin-file", "%s \"%s\" is in a file whose name begins with %s",
		 hub_kind_name(d->kind), d->name, file_heads[f->kind]);
	hub_hint(err, "Call the file %s%s.so.", file_heads[d->kind], d->name);
	return HUB_CONF;
}

static int take(struct shelf *s, struct file *f, const struct hub_plugin *theirs,
		struct hub_err *err)
{
	struct hub_err why = {0};

	if (hub_descriptor_abi(theirs, &why))
		return add_problem(s, f, NULL, &why, err);

	struct entry *e = hub_alloc0(s->arena, sizeof *e);
	if (!e)
		return hub_fail_mem(err);
	const struct hub_plugin *d = &e->d.plugin;
	if (hub_descriptor_take(theirs, &e->d, &why) || check_file(f, d, &why) ||
	    check_unique(s, d, &why))
		return add_problem(s, f, d, &why, err);
	*f->end = e;
	f->end = &e->next;
	return HUB_OK;
}

static int refuse_file(struct shelf *s, const struct file *f, const char *code, const char *what,
		       struct hub_err *err)
{
	struct hub_err why = {0};

	/* the text is the dynamic linker's own */
	hub_fail(&why, HUB_CONF, code, "%s", what);
	hub_hint(&why,
		 "Is it a plugin, for this machine, with its libraries installed? `ldd` on the "
		 "file shows what it needs.");
	return add_problem(s, f, NULL, &why, err);
}

/* A refusal is a problem of the registry, not a failure of this call. */
static int open_file(struct shelf *s, struct file *f, struct hub_err *err)
{
	if (f->open)
		return HUB_OK;
	f->open = 1;

	void *so = dlopen(f->path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!so)
		return refuse_file(s, f, "plugin-not-loadable", dlerror(), err);

	const struct hub_plugin *(*get)(uint32_t) = NULL;
	void *sym = dlsym(so, "hub_plugin_get");
	memcpy(&get, &sym, sizeof get); /* ISO C has no cast from object to function pointer */
	if (!get)
		return refuse_file(s, f, "plugin-not-one",
				   hub_tr("the file has no function hub_plugin_get"), err);

	for (uint32_t i = 0; i < MAX_PER_FILE; i++) {
		const struct hub_plugin *d = get(i);
		int rc;
		if (!d)
			return i > 0 ? HUB_OK
				     : refuse_file(s, f, "plugin-empty",
						   hub_tr("the file holds no plugin"), err);
		if ((rc = take(s, f, d, err)))
			return rc;
	}
	return refuse_file(s, f, "plugin-endless", hub_tr("hub_plugin_get never returned NULL"),
			   err);
}

/* ---- files ---- */

static struct hub_str name_of(const struct file *f)
{
	const char *slash = strrchr(f->path, '/');

	return hub_str_of(slash ? slash + 1 : f->path);
}

static struct file *add_file(struct shelf *s, const char *path)
{
	struct file *f = hub_alloc0(s->arena, sizeof *f);

	/* a name without a slash would be searched in the system's library folders */
	const char *own =
	    hub_arena_printf(s->arena, "%s%s", strchr(path, '/') ? "" : "./", path).ptr;
	if (!f || !own)
		return NULL;
	*f = (struct file){.path = own, .end = &f->first};
	for (uint32_t k = 1; k < HUB_COUNT(file_heads); k++)
		if (hub_str_starts(name_of(f), hub_str_of(file_heads[k])))
			f->kind = k;
	*s->end = f;
	s->end = &f->next;
	return f;
}

int hub_plugins_load_file(struct hub_plugins *p, const char *path, struct hub_err *err)
{
	struct file *f = add_file(p->shelf, path);

	return f ? open_file(p->shelf, f, err) : hub_fail_mem(err);
}

static int is_so(const struct dirent *d)
{
	return d->d_name[0] != '.' && hub_str_ends(hub_str_of(d->d_name), HUB_STR(".so"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int load_folder(struct shelf *s, struct hub_str folder, struct hub_err *err)
{
	struct dirent **list = NULL;
	const char *path = hub_arena_cstr(s->arena, folder);
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
			const char *name =
			    hub_arena_printf(s->arena, "%s/%s", path, list[i]->d_name).ptr;
			struct file *f = name ? add_file(s, name) : NULL;
			rc = !f ? hub_fail_mem(err) : f->kind ? HUB_OK : open_file(s, f, err);
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
			rc = load_folder(p->shelf, folder, err);
	return rc;
}

int hub_plugins_open(const struct hub_plugins *p, uint32_t kind, uint32_t *n, struct hub_err *err)
{
	uint32_t count = 0;

	for (struct file *f = p->shelf->first; f; f = f->next) {
		const int rc = !kind || f->kind == kind ? open_file(p->shelf, f, err) : HUB_OK;
		if (rc)
			return rc;
		for (const struct entry *e = f->first; e; e = e->next)
			count += !kind || e->d.plugin.kind == kind;
	}
	if (n)
		*n = count;
	return HUB_OK;
}

/* ---- looking up ---- */

const struct hub_plugin *hub_plugins_at(const struct hub_plugins *p, size_t i)
{
	for (const struct file *f = p->shelf->first; f; f = f->next)
		for (const struct entry *e = f->first; e; e = e->next)
			if (i-- == 0)
				return &e->d.plugin;
	return NULL;
}

size_t hub_plugins_count(const struct hub_plugins *p)
{
	size_t n = 0;

	for (const struct file *f = p->shelf->first; f; f = f->next)
		for (const struct entry *e = f->first; e; e = e->next)
			n++;
	return n;
}

const char *hub_plugins_file(const struct hub_plugins *p, const struct hub_plugin *plugin)
{
	for (const struct file *f = p->shelf->first; f; f = f->next)
		for (const struct entry *e = f->first; e; e = e->next)
			if (&e->d.plugin == plugin)
				return f->path;
	return "";
}

size_t hub_plugins_problems(const struct hub_plugins *p)
{
	return p->shelf->problems;
}

const struct hub_err *hub_plugins_problem(const struct hub_plugins *p, size_t i)
{
	const struct problem *x = p->shelf->wrong;

	while (x && i-- > 0)
		x = x->next;
	return x ? &x->err : NULL;
}

const struct hub_err *hub_plugins_refused(const struct hub_plugins *p, uint32_t kind)
{
	for (const struct problem *x = p->shelf->wrong; x; x = x->next)
		if ((x->kind ? x->kind : x->file->kind) == kind)
			return &x->err;
	return NULL;
}

/* Does a file bear the name of that plugin? */
static int is_named(const struct file *f, uint32_t kind, struct hub_str name)
{
	char usual[96], short_name[96];

	snprintf(usual, sizeof usual, "%s%.*s.so", file_heads[kind], HUB_FMT(name));
	snprintf(short_name, sizeof short_name, "%.*s.so", HUB_FMT(name));
	return hub_str_is(name_of(f), usual) || hub_str_is(name_of(f), short_name);
}

/* By its own name if it got that far, else by that of its file. */
static const struct problem *refused(const struct shelf *s, uint32_t kind, struct hub_str name)
{
	for (const struct problem *x = s->wrong; x; x = x->next)
		if (x->name[0] ? x->kind == kind && hub_str_is(name, x->name)
			       : is_named(x->file, kind, name))
			return x;
	return NULL;
}

static int not_found(const struct shelf *s, uint32_t kind, struct hub_str name, struct hub_err *err)
{
	struct hub_near near = {.name = name};

	for (const struct file *f = s->first; f; f = f->next)
		for (const struct entry *e = f->first; e; e = e->next)
			if (e->d.plugin.kind == kind)
				hub_near_add(&near, hub_str_of(e->d.plugin.name));
	hub_fail(err, HUB_CONF, "unknown-plugin", "there is no %s \"%.*s\"", hub_kind_name(kind),
		 HUB_FMT(name));
	if (near.best.len)
		hub_hint(err, "Did you mean \"%.*s\"? `tsunagi plugin list` lists all.",
			 HUB_FMT(near.best));
	else if (near.n)
		hub_hint(err, "There are: %s. `tsunagi plugin list` lists all.", near.all);
	else
		hub_hint(err, "No plugin of that kind was found: TSUNAGI_PLUGINS names the folders "
			      "of plugins.");
	return HUB_CONF;
}

static const struct hub_plugin *look(const struct shelf *s, uint32_t kind, struct hub_str name)
{
	const struct hub_plugin *found = NULL;

	for (const struct file *f = s->first; f && !found; f = f->next)
		found = find_in(f, kind, name, 0);
	return found;
}

int hub_plugins_find(const struct hub_plugins *p, uint32_t kind, struct hub_str name,
		     const struct hub_plugin **out, struct hub_err *err)
{
	struct shelf *s = p->shelf;
	int rc = HUB_OK;

	/* first what bears its name, then what may hold it under another */
	for (struct file *f = s->first; f && !rc; f = f->next)
		if (is_named(f, kind, name))
			rc = open_file(s, f, err);
	if (!rc && !look(s, kind, name) && !refused(s, kind, name))
		rc = hub_plugins_open(p, kind, NULL, err);
	if (rc)
		return rc;
	if ((*out = look(s, kind, name)))
		return HUB_OK;
	const struct problem *x = refused(s, kind, name);
	if (!x)
		return not_found(s, kind, name, err);
	if (err)
		*err = x->err;
	return x->err.rc;
}

int hub_plugins_able(const struct hub_plugins *p, uint32_t kind, uint32_t cap,
		     const struct hub_plugin **out, struct hub_err *err)
{
	int rc;

	for (struct file *f = p->shelf->first; f; f = f->next) {
		if (f->kind == kind && (rc = open_file(p->shelf, f, err)))
			return rc;
		if ((*out = find_in(f, kind, (struct hub_str){NULL, 0}, cap)))
			return HUB_OK;
	}
	rc = hub_fail(err, HUB_CONF, "no-such-plugin", "no %s plugin that can do this is installed",
		      hub_kind_name(kind));
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
	p->shelf->presets = text;
	return HUB_OK;
}

struct hub_str hub_plugins_presets(const struct hub_plugins *p)
{
	return p->shelf->presets;
}
