#include "cli/shipped.h"

#include "conf/near.h"

#include <dirent.h>
#include <stdlib.h>

struct walk {
	hub_shipped_fn *f;
	void *arg;
	size_t folder; /* bytes of a path in front of the name */
};

static int is_shown(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static struct hub_str name_of(struct hub_str path, size_t folder)
{
	struct hub_str s = hub_str_from(path, folder);

	s.len -= strlen(".cfg");
	if (hub_str_ends(s, HUB_STR("/mapping")))
		s.len -= strlen("/mapping");
	return s;
}

/* depth: folders that are still gone into. */
static void walk(const struct walk *w, struct hub_str folder, int depth)
{
	struct dirent **found;
	const int n = scandir(folder.ptr, &found, is_shown, alphasort);

	for (int i = 0; i < n; i++) {
		HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
		const struct hub_str path =
		    a ? hub_arena_printf(a, "%.*s/%s", HUB_FMT(folder), found[i]->d_name)
		      : (struct hub_str){NULL, 0};
		if (path.ptr && hub_str_ends(path, HUB_STR(".cfg")))
			w->f(w->arg, name_of(path, w->folder), path);
		else if (path.ptr && depth)
			walk(w, path, depth - 1);
		free(found[i]); /* lib owns */
	}
	if (n >= 0)
		free(found); /* lib owns */
}

void hub_shipped_each(const struct hub_cli *cli, const char *folder, hub_shipped_fn *f, void *arg)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_str top =
	    a ? hub_arena_printf(a, "%s/%s", cli->home, folder) : (struct hub_str){NULL, 0};

	if (top.ptr)
		walk(&(struct walk){f, arg, top.len + 1}, top, 1);
}

void hub_shipped_beside(struct hub_str folder, hub_shipped_fn *f, void *arg)
{
	walk(&(struct walk){f, arg, folder.len + 1}, folder, 0);
}

struct ask {
	struct hub_arena *a;
	struct hub_near near;
};

static void add(void *arg, struct hub_str name, struct hub_str path)
{
	struct ask *ask = arg;
	const struct hub_str kept = hub_arena_str(ask->a, name);

	(void)path;
	if (kept.ptr)
		hub_near_add(&ask->near, kept);
}

void hub_shipped_near(struct hub_cli *cli, const char *folder, const char *name)
{
	struct ask ask = {cli->arena, {.name = hub_str_of(name)}};

	hub_shipped_each(cli, folder, add, &ask);
	hub_near_hint(&ask.near, cli->err);
}
