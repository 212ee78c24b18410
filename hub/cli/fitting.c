#include "cli/fitting.h"

#include "base/err.h"
#include "conf/report.h"
#include "intake/mapping.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* The mapping of a file; NULL: it cannot be read, which is for `tsunagi check` to say. */
static const struct hub_mapping *load(struct hub_arena *a, const char *path,
				      const struct hub_schema *schema)
{
	struct hub_report *report = hub_report_new(a);
	struct hub_mapping *m = NULL;
	struct hub_err none = {0};

	return report && hub_mapping_load(a, path, schema, report, &m, &none) == HUB_OK ? m : NULL;
}

static int fits(struct hub_arena *a, const struct hub_mapping *m,
		const struct hub_mapping_info *file)
{
	const struct hub_mapping_info *info = hub_mapping_info(m);
	struct hub_bound *bound;
	struct hub_err none = {0};

	return info->header_n && hub_str_eq(info->source.plugin, file->source.plugin) &&
	       hub_mapping_bind(a, m, file->header, file->header_n, &bound, NULL, &none) == HUB_OK;
}

/* family-tree/gedcom of .../mappings/family-tree/gedcom.cfg, raito of .../mappings/raito/mapping.cfg */
static struct hub_str name_of(const char *path, size_t folder)
{
	struct hub_str s = hub_str_from(hub_str_of(path), folder);

	s.len -= strlen(".cfg");
	if (hub_str_ends(s, HUB_STR("/mapping")))
		s.len -= strlen("/mapping");
	return s;
}

static int is_cfg(const struct dirent *e)
{
	return hub_str_ends(hub_str_of(e->d_name), HUB_STR(".cfg"));
}

static int is_shown(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* Calls f with each path that is asked for, in the order of their names. */
static void each(struct hub_str folder, int (*wanted)(const struct dirent *),
		 void (*f)(void *, struct hub_str), void *arg)
{
	struct dirent **found;
	const int n = scandir(folder.ptr, &found, wanted, alphasort);

	for (int i = 0; i < n; i++) {
		HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
		const struct hub_str path =
		    a ? hub_arena_printf(a, "%.*s/%s", HUB_FMT(folder), found[i]->d_name)
		      : (struct hub_str){NULL, 0};
		if (path.ptr)
			f(arg, path);
		free(found[i]); /* lib owns */
	}
	if (n >= 0)
		free(found); /* lib owns */
}

struct search {
	const struct hub_schema *schema;
	const struct hub_mapping_info *file;
	size_t folder; /* bytes of a path in front of the name of a mapping */
};

static void try_mapping(void *arg, struct hub_str path)
{
	const struct search *s = arg;
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_mapping *m = a ? load(a, path.ptr, s->schema) : NULL;

	if (m && fits(a, m, s->file))
		fprintf(stderr,
			hub_tr("a mapping that comes with the program expects these "
			       "columns: --mapping %.*s\n"),
			HUB_FMT(name_of(path.ptr, s->folder)));
}

static void try_folder(void *arg, struct hub_str path)
{
	each(path, is_cfg, try_mapping, arg);
}

void hub_fitting_print(struct hub_cli *cli, const struct hub_schema *schema,
		       const struct hub_guess *g)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_str folder =
	    a ? hub_arena_printf(a, "%s/mappings", cli->home) : (struct hub_str){NULL, 0};
	struct hub_report *report = a ? hub_report_new(a) : NULL;
	struct hub_mapping *guessed;
	struct hub_err none = {0};

	if (!folder.ptr || !report ||
	    hub_mapping_load_text(a, "guess", hub_guess_mapping(g), schema, report, &guessed,
				  &none))
		return;
	struct search s = {schema, hub_mapping_info(guessed), folder.len + 1};
	each(folder, is_shown, try_folder, &s);
}
