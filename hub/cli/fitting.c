#include "cli/fitting.h"

#include "base/err.h"
#include "cli/shipped.h"
#include "conf/report.h"
#include "intake/mapping.h"

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

struct search {
	const struct hub_schema *schema;
	const struct hub_mapping_info *file;
};

static void try_mapping(void *arg, struct hub_str name, struct hub_str path)
{
	const struct search *s = arg;
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_mapping *m = a ? load(a, path.ptr, s->schema) : NULL;

	if (m && fits(a, m, s->file))
		fprintf(stderr,
			hub_tr("a mapping that comes with the program expects these "
			       "columns: --mapping %.*s\n"),
			HUB_FMT(name));
}

void hub_fitting_print(struct hub_cli *cli, const struct hub_schema *schema,
		       const struct hub_guess *g)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_report *report = a ? hub_report_new(a) : NULL;
	struct hub_mapping *guessed;
	struct hub_err none = {0};

	if (!report || hub_mapping_load_text(a, "guess", hub_guess_mapping(g), schema, report,
					     &guessed, &none))
		return;
	struct search s = {schema, hub_mapping_info(guessed)};
	hub_shipped_each(cli, "mappings", try_mapping, &s);
}
