#include "cli/statsets.h"

#include "base/clock.h"
#include "base/err.h"
#include "text/date.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILES_MAX = 100 };

/* --- definitions ------------------------------------------------------------------------------------------- */

static int is_cfg(const struct dirent *d)
{
	return d->d_name[0] != '.' && hub_str_ends(hub_str_of(d->d_name), HUB_STR(".cfg"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Paths of all definitions that are shipped or that the site put beside them. */
static int list_all(struct hub_cli *cli, const char **path, int *n)
{
	const struct hub_str folder =
	    hub_arena_printf(cli->arena, "%s/schemas/statistics", cli->home);
	struct dirent **list;
	const int found = folder.ptr ? scandir(folder.ptr, &list, is_cfg, by_name) : -1;
	int bad = 0;

	*n = 0;
	for (int i = 0; i < found; i++) {
		if (*n < FILES_MAX)
			path[*n] =
			    hub_arena_printf(cli->arena, "%s/%s", folder.ptr, list[i]->d_name).ptr;
		bad |= *n < FILES_MAX && !path[(*n)++];
		free(list[i]); /* scandir's: its lib owns the memory */
	}
	if (found >= 0)
		free(list); /* the lib owns it, too */
	if (bad || !folder.ptr)
		return hub_fail_mem(cli->err);
	if (*n > 0)
		return HUB_OK;
	const int rc = hub_fail(cli->err, HUB_CONF, "definition-missing",
				"there is no definition of statistics in %s", folder.ptr);
	hub_hint(cli->err, "Put a .cfg file there, or name one with --definition FILE.");
	return rc;
}

static const char *path_of(struct hub_cli *cli, const char *name)
{
	const struct hub_str shipped =
	    hub_arena_printf(cli->arena, "%s/schemas/statistics/%s.cfg", cli->home, name);

	if (access(name, R_OK) == 0 && hub_str_ends(hub_str_of(name), HUB_STR(".cfg")))
		return name;
	if (shipped.ptr && access(shipped.ptr, R_OK) == 0)
		return shipped.ptr;
	hub_fail(cli->err, HUB_USAGE, "definition-missing",
		 "there is no definition of statistics \"%s\"", name);
	hub_hint(cli->err, "Name a file of %s/schemas/statistics, or the path of a .cfg file.",
		 cli->home);
	return NULL;
}

int hub_statsets_load(struct hub_cli *cli, const char *const *names, int n,
		      const struct hub_schema *schema, struct hub_stat_sets *out)
{
	struct hub_report *report = hub_report_new(cli->arena);
	const char **path = hub_alloc_array(cli->arena, FILES_MAX, sizeof *path);
	int rc = report && path ? HUB_OK : hub_fail_mem(cli->err);

	for (int i = 0; i < n && !rc; i++)
		if (!(path[i] = path_of(cli, names[i])))
			rc = cli->err->rc;
	if (!rc && n == 0)
		rc = list_all(cli, path, &n);
	if (rc)
		return rc;
	struct hub_stat_set *set = hub_alloc_array(cli->arena, (size_t)n + 1, sizeof *set);
	if (!set)
		return hub_fail_mem(cli->err);
	for (int i = 0; i < n; i++) {
		const int one =
		    hub_stats_load(cli->arena, report, path[i], schema, &set[i], cli->err);
		rc = rc ? rc : one;
	}
	*out = (struct hub_stat_sets){set, (uint32_t)n};
	hub_report_print(report, stderr);
	return rc;
}

/* --- periods ---------------------------------------------------------------------------------------------------- */

static int bad_period(struct hub_cli *cli, const char *text, const char *example)
{
	const int rc =
	    hub_fail(cli->err, HUB_USAGE, "bad-period", "\"%s\" is no such period", text);

	hub_hint(cli->err, "Write it like %s.", example);
	return rc;
}

int hub_statsets_month(struct hub_cli *cli, const char *text, int64_t *year, unsigned *month)
{
	struct hub_date d;
	unsigned day;

	if (hub_date_parse(hub_str_of(text), NULL, &d) || d.precision != HUB_DATE_MONTH)
		return bad_period(cli, text, "2026-10, R8.10");
	hub_days_to(d.from, year, month, &day);
	return HUB_OK;
}

int hub_statsets_day(struct hub_cli *cli, const char *text, int last, int32_t *day)
{
	struct hub_date d;

	if (hub_date_parse(hub_str_of(text), NULL, &d) ||
	    (d.precision != HUB_DATE_MONTH && d.precision != HUB_DATE_DAY))
		return bad_period(cli, text, "2026-10, 2026-10-15, R8.10.15");
	*day = last ? d.to : d.from;
	return HUB_OK;
}

int hub_statsets_year(struct hub_cli *cli, const char *text, int64_t *year)
{
	struct hub_str s = hub_str_of(text);
	struct hub_date d;
	unsigned month, day;

	if (hub_str_ends(s, HUB_STR("度")))
		s.len -= sizeof "度" - 1;
	if (hub_date_parse(s, NULL, &d) || d.precision != HUB_DATE_YEAR)
		return bad_period(cli, text, "2026, R8, 令和8年度");
	hub_days_to(d.from, year, &month, &day);
	return HUB_OK;
}
