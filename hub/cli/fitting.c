#include "cli/fitting.h"

#include "base/err.h"
#include "conf/report.h"
#include "intake/mapping.h"

#include <glob.h>
#include <stdio.h>

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

int hub_fitting_print(struct hub_cli *cli, const struct hub_schema *schema,
		      const struct hub_guess *g)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_str folder =
	    a ? hub_arena_printf(a, "%s/mappings/", cli->home) : (struct hub_str){0};
	const struct hub_str all =
	    a ? hub_arena_printf(a, "%s/mappings/*/*.cfg", cli->home) : (struct hub_str){0};
	struct hub_report *report = a ? hub_report_new(a) : NULL;
	struct hub_mapping *guessed;
	glob_t found;
	int rc;

	if (!folder.ptr || !all.ptr || !report)
		return hub_fail_mem(cli->err);
	if ((rc = hub_mapping_load_text(a, "guess", hub_guess_mapping(g), schema, report, &guessed,
					cli->err)))
		return rc;
	if (glob(all.ptr, 0, NULL, &found))
		return HUB_OK; /* none came with the program */
	for (size_t i = 0; i < found.gl_pathc; i++) {
		HUB_AUTO(arena) struct hub_arena *own = hub_arena_new(0);
		const struct hub_mapping *m = own ? load(own, found.gl_pathv[i], schema) : NULL;
		const struct hub_str name = name_of(found.gl_pathv[i], folder.len);
		if (m && fits(own, m, hub_mapping_info(guessed)))
			fprintf(stderr,
				hub_tr("a mapping that comes with the program expects these "
				       "columns: --mapping %.*s\n"),
				HUB_FMT(name));
	}
	globfree(&found);
	return HUB_OK;
}
