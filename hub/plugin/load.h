/* Finds, checks and keeps the plugins. Everything that can be wrong with a plugin is found here and
 * becomes a problem of the registry; a broken plugin never stops the others. Open objects stay in
 * the process until it ends (RTLD_NODELETE): a new version is picked up by the next process.
 *
 * A plugin brings its libraries along, so its file is opened only when somebody asks for what it may
 * hold. The name of the file says that: source-NAME.so holds sources, NAME among them. Files of
 * other names are opened at once. */
#ifndef HUB_PLUGIN_LOAD_H
#define HUB_PLUGIN_LOAD_H

#include "base/arena.h"
#include "base/err.h"

struct hub_plugins;

/* NULL when out of memory. The arena must outlive the registry, and keeps its memory. */
struct hub_plugins *hub_plugins_new(struct hub_arena *a);
/* Called with every problem when it is found. */
void hub_plugins_watch(struct hub_plugins *p, void (*tell)(const struct hub_err *));
/* Takes in every .so of the folders ("a:b:c", earlier ones first), in the order of their file names.
 * Fails only when a folder cannot be read or memory is out. */
int hub_plugins_load(struct hub_plugins *p, const char *folders, struct hub_err *err);
/* Opens one shared object. A refusal is a problem of the registry, not a failure of this call. */
int hub_plugins_load_file(struct hub_plugins *p, const char *path, struct hub_err *err);
/* Opens every file that may hold a plugin of a kind; 0: every file. n (NULL: not wanted): how many plugins that
 * are. Looking up opens files, too, so a registry belongs to one thread; once this was called, any thread may
 * ask for plugins of that kind that are there. */
int hub_plugins_open(const struct hub_plugins *p, uint32_t kind, uint32_t *n, struct hub_err *err);

/* Plugins of the open files, in the order of the files, with every field and every operation this hub knows:
 * what an older plugin does not have reads as 0. Valid as long as the arena. */
size_t hub_plugins_count(const struct hub_plugins *p);
const struct hub_plugin *hub_plugins_at(const struct hub_plugins *p, size_t i);
/* File that brought a plugin of this registry; "" for one that is not of it. */
const char *hub_plugins_file(const struct hub_plugins *p, const struct hub_plugin *plugin);

/* Refused files and plugins, each a ready message. */
size_t hub_plugins_problems(const struct hub_plugins *p);
const struct hub_err *hub_plugins_problem(const struct hub_plugins *p, size_t i);

/* Why the first plugin of a kind in an open file was refused, by its own word or by the name of its file
 * (detect-NAME.so); NULL: none was. For those who must not go on as if it had not been installed. */
const struct hub_err *hub_plugins_refused(const struct hub_plugins *p, uint32_t kind);

/* kind: enum hub_kind. Fails with HUB_CONF: with the reason of the refusal when a plugin of that name
 * was refused, else with the nearest name and the names there are. */
int hub_plugins_find(const struct hub_plugins *p, uint32_t kind, struct hub_str name,
		     const struct hub_plugin **out, struct hub_err *err);
/* The first one of a kind that says it can do something (enum hub_cap). HUB_CONF: there is none. */
int hub_plugins_able(const struct hub_plugins *p, uint32_t kind, uint32_t cap,
		     const struct hub_plugin **out, struct hub_err *err);

/* Options of the detectors, which no configuration opens: "NAME.OPTION=VALUE;NAME.OPTION=VALUE". HUB_CONF
 * when a detector of that name is not there; its options are checked when it is opened. text must live as
 * long as the registry. */
int hub_plugins_preset(struct hub_plugins *p, struct hub_str text, struct hub_err *err);
struct hub_str hub_plugins_presets(const struct hub_plugins *p);
/* Takes one of them off *rest; 0 behind the last. value.ptr NULL: not of the form. */
int hub_preset_next(struct hub_str *rest, struct hub_str *plugin, struct hub_str *option,
		    struct hub_str *value);

/* "source", "detector", ...; "?" for a kind this hub does not know. */
const char *hub_kind_name(uint32_t kind);

#endif
