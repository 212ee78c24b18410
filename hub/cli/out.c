#include "cli/out.h"

#include "cli/shipped.h"

#include <sys/ioctl.h>
#include <unistd.h>

/* "masked-agency" -> HOME/config/profiles/masked-agency.cfg, or the path itself. NULL: none of them. */
const char *hub_out_profile_path(struct hub_cli *cli, const char *name)
{
	const struct hub_str shipped =
	    hub_arena_printf(cli->arena, "%s/config/profiles/%s.cfg", cli->home, name);

	if (hub_str_ends(hub_str_of(name), HUB_STR(".cfg")) && access(name, R_OK) == 0)
		return name;
	return shipped.ptr && access(shipped.ptr, R_OK) == 0 ? shipped.ptr : NULL;
}

int hub_out_profile(struct hub_cli *cli, const char *name, const struct hub_schema *schema,
		    struct hub_profile *out)
{
	struct hub_report *report = hub_report_new(cli->arena);
	int rc;

	if (!name) {
		rc = hub_fail(cli->err, HUB_USAGE, "profile-missing", "which profile is not said");
		hub_hint(cli->err, "Name a file of config/profiles/, or the path of one.");
		return rc;
	}
	const char *path = hub_out_profile_path(cli, name);
	if (!path) {
		rc = hub_fail(cli->err, HUB_USAGE, "profile-missing", "there is no profile \"%s\"",
			      name);
		hub_hint(cli->err, "Look into %s/config/profiles, or give the path of a .cfg file.",
			 cli->home);
		hub_shipped_near(cli, "config/profiles", name);
		return rc;
	}
	if (!report)
		return hub_fail_mem(cli->err);
	rc = hub_profile_load(cli->arena, report, path, schema, out, cli->err);
	hub_report_print(report, stderr);
	return rc;
}

int hub_out_grounds(struct hub_cli *cli, const char *path, struct hub_grounds *out)
{
	const struct hub_str shipped =
	    hub_arena_printf(cli->arena, "%s/schemas/grounds.cfg", cli->home);
	struct hub_report *report = hub_report_new(cli->arena);

	if (!shipped.ptr || !report)
		return hub_fail_mem(cli->err);
	const int rc =
	    hub_grounds_load(cli->arena, report, path ? path : shipped.ptr, out, cli->err);
	out->own = path != NULL;
	hub_report_print(report, stderr);
	return rc;
}

int hub_out_form(struct hub_cli *cli, const char *format, enum hub_table_form *out)
{
	const int form = format ? hub_table_form(hub_str_of(format)) : HUB_TABLE_TEXT;

	if (form < 0)
		return hub_cli_bad_value(cli, "format", format, "table, csv, jsonl, html");
	*out = (enum hub_table_form)form;
	return HUB_OK;
}

size_t hub_out_width(void)
{
	struct winsize size;

	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col
										     : 0;
}

int hub_out_table(struct hub_cli *cli, const struct hub_table *t, const char *format)
{
	enum hub_table_form form = HUB_TABLE_TEXT;
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 256 << 20);
	const int rc = hub_out_form(cli, format, &form);
	if (rc)
		return rc;
	return hub_table_show(t, form, hub_out_width(), &b) ? hub_fail_mem(cli->err)
							    : hub_cli_put(cli, NULL, &b);
}

int hub_out_rows(struct hub_cli *cli, struct hub_table *t, const char *format)
{
	enum { MANY = 1 << 13 };
	int rc;

	if (hub_table_rows(t) < MANY)
		return HUB_OK;
	if ((rc = hub_out_table(cli, t, format)) == HUB_OK)
		hub_table_forget(t);
	return rc;
}

struct hub_str hub_out_word(const struct hub_schema *s, const char *list, struct hub_str code)
{
	const struct hub_codes *codes = hub_schema_codes(s, hub_str_of(list));
	const struct hub_code *c = codes && code.len ? hub_code_find(codes, code) : NULL;

	if (hub_tr_is_ja() && c)
		return c->label;
	return hub_str_is(code, "*") ? hub_str_of(hub_tr("all")) : HUB_STR("");
}

void hub_out_code(struct hub_table *t, const struct hub_schema *s, const char *list,
		  struct hub_str code)
{
	hub_table_code(t, code, hub_out_word(s, list, code));
}

int hub_out_recipient(struct hub_cli *cli, struct hub_table *t,
		      const struct hub_recipient_names *names, struct hub_str id)
{
	struct hub_str name = hub_recipient_name(names, id);

	if (hub_str_is(id, "*"))
		name = hub_str_of(hub_tr("all recipients"));
	if (name.len)
		name = hub_arena_printf(cli->arena, "%.*s (%.*s)", HUB_FMT(name), HUB_FMT(id));
	if (!name.ptr)
		return hub_fail_mem(cli->err);
	hub_table_code(t, id, name);
	return HUB_OK;
}
