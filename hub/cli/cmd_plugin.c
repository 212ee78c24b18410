/* tsunagi plugin: what plugins there are, and what can be set in each. docs/reference is made of
 * `plugin info NAME --as md`. */
#include "base/table.h"
#include "cli/cli.h"
#include "cli/plugin_service.h"
#include "conf/near.h"
#include "plugin/load.h"
#include "plugin/option.h"

enum { OUT_LIMIT = 4 << 20, EXIT_REFUSED = 3 };

static const struct {
	uint32_t bit;
	const char *name, *meaning;
} caps[] = {
    {HUB_CAP_PURE, "pure", HUB_N("no input or output of its own")},
    {HUB_CAP_PARALLEL, "parallel", HUB_N("several may run side by side")},
    {HUB_CAP_SEEK, "seek", HUB_N("goes on where it was interrupted")},
    {HUB_CAP_NET, "net", HUB_N("uses the network")},
    {HUB_CAP_PAPER, "paper", HUB_N("writes one case as pages to be handed out")},
    {HUB_CAP_DELIMITED, "delimited", HUB_N("reads what the hub writes for people to correct")},
};

static const struct {
	uint32_t bit;
	const char *name;
} flags[] = {
    {HUB_OPT_REQUIRED, HUB_N("required")},
    {HUB_OPT_SECRET, HUB_N("secret")},
    {HUB_OPT_INPUT, HUB_N("input file")},
    {HUB_OPT_WRITES, HUB_N("is written")},
};

enum form { FORM_TABLE = 0, FORM_JSONL, FORM_MD };

/* Everything that one command prints. */
struct view {
	struct hub_cli *cli;
	const struct hub_plugins *plugins;
	struct hub_buf out;
	enum form form;
};

/* ---- pieces of an option ---- */

/* "both, left, right" or "1..65535", or nothing. */
static void allowed(const struct hub_opt *o, struct hub_buf *out)
{
	char range[72];

	for (size_t i = 0; o->type == HUB_O_ENUM && o->words[i]; i++)
		hub_buf_printf(out, "%s%s", i ? ", " : "", o->words[i]);
	if (o->type == HUB_O_ENUM)
		return;
	hub_option_range(o, range, sizeof range);
	hub_buf_puts(out, range);
}

static struct hub_str shown_default(const struct view *v, const struct hub_opt *o)
{
	if (!o->dflt)
		return (struct hub_str){NULL, 0};
	return hub_option_show(o, hub_str_of(o->dflt), v->cli->arena);
}

/* What stands behind an option's name: "size, default 64k, 1k..10M, required". */
static void facts(const struct view *v, const struct hub_opt *o, struct hub_buf *out)
{
	const struct hub_str dflt = shown_default(v, o);

	hub_buf_puts(out, hub_tr(hub_option_type(o)));
	const size_t before = out->len;
	hub_buf_puts(out, ": ");
	const size_t start = out->len;
	allowed(o, out);
	if (out->len == start)
		out->len = before;
	if (dflt.ptr)
		hub_buf_printf(out, "; %s \"%.*s\"", hub_tr("default"), HUB_FMT(dflt));
	for (size_t i = 0; i < HUB_COUNT(flags); i++)
		if (o->flags & flags[i].bit)
			hub_buf_printf(out, "; %s", hub_tr(flags[i].name));
}

/* ---- one plugin ---- */

static void info_table(struct view *v, const struct hub_plugin *p)
{
	struct hub_buf *out = &v->out;

	hub_buf_printf(out, "%s %s %s - %s\n", hub_kind_name(p->kind), p->name, p->version,
		       hub_tr(p->summary));
	hub_buf_printf(out, "  %s: %s\n", hub_tr("file"), hub_plugins_file(v->plugins, p));
	hub_buf_printf(out, "  %s: %s\n", hub_tr("licence"), p->license);
	hub_buf_printf(out, "  %s: %u.%u\n", hub_tr("interface"), p->abi_major, p->abi_minor);
	for (size_t i = 0; i < HUB_COUNT(caps); i++)
		if (p->caps & caps[i].bit)
			hub_buf_printf(out, "  %s: %s\n", caps[i].name, hub_tr(caps[i].meaning));
	if (p->opts && p->opts->name)
		hub_buf_printf(out, "\n%s:\n", hub_tr("options"));
	for (const struct hub_opt *o = p->opts; o && o->name; o++) {
		hub_buf_printf(out, "  %s  (", o->name);
		facts(v, o, out);
		hub_buf_printf(out, ")\n      %s\n", hub_tr(o->help));
	}
	hub_plugin_service_table(p, out);
}

static void option_json(struct view *v, const struct hub_opt *o, int first)
{
	const struct hub_str dflt = shown_default(v, o);
	struct hub_buf *out = &v->out;

	hub_buf_puts(out, first ? "{" : ",{");
	hub_json_field(out, "name", hub_str_of(o->name));
	hub_json_field(out, "type", hub_str_of(hub_option_type(o)));
	if (dflt.ptr)
		hub_json_field(out, "default", dflt);
	if (o->min || o->max) {
		hub_json_int(out, "min", o->min);
		hub_json_int(out, "max", o->max);
	}
	if (o->type == HUB_O_ENUM) {
		hub_json_key(out, "words");
		for (size_t i = 0; o->words[i]; i++) {
			hub_buf_putc(out, i ? ',' : '[');
			hub_json_str(out, hub_str_of(o->words[i]));
		}
		hub_buf_putc(out, ']');
	}
	hub_json_key(out, "required");
	hub_buf_puts(out, o->flags & HUB_OPT_REQUIRED ? "true" : "false");
	hub_json_field(out, "help", hub_str_of(hub_tr(o->help)));
	hub_buf_putc(out, '}');
}

static void info_json(struct view *v, const struct hub_plugin *p, int with_options)
{
	struct hub_buf *out = &v->out;

	hub_buf_putc(out, '{');
	hub_json_field(out, "kind", hub_str_of(hub_kind_name(p->kind)));
	hub_json_field(out, "name", hub_str_of(p->name));
	hub_json_field(out, "version", hub_str_of(p->version));
	hub_json_field(out, "summary", hub_str_of(hub_tr(p->summary)));
	hub_json_field(out, "license", hub_str_of(p->license));
	hub_json_field(out, "file", hub_str_of(hub_plugins_file(v->plugins, p)));
	hub_json_key(out, "interface");
	hub_buf_printf(out, "\"%u.%u\"", p->abi_major, p->abi_minor);
	hub_json_key(out, "capabilities");
	hub_buf_putc(out, '[');
	for (size_t i = 0, n = 0; i < HUB_COUNT(caps); i++)
		if (p->caps & caps[i].bit)
			hub_buf_printf(out, "%s\"%s\"", n++ ? "," : "", caps[i].name);
	hub_buf_putc(out, ']');
	if (with_options) {
		hub_json_key(out, "options");
		hub_buf_putc(out, '[');
	}
	for (const struct hub_opt *o = p->opts; with_options && o && o->name; o++)
		option_json(v, o, o == p->opts);
	if (with_options) {
		hub_buf_putc(out, ']');
		hub_plugin_service_json(p, out);
	}
	hub_buf_puts(out, "}\n");
}

static void info_md(struct view *v, const struct hub_plugin *p)
{
	struct hub_buf *out = &v->out;
	struct hub_buf cell;

	hub_buf_printf(out, "# %s %s\n\n%s. %s %s, %s.\n", hub_kind_name(p->kind), p->name,
		       hub_tr(p->summary), hub_tr("Version"), p->version, p->license);
	for (size_t i = 0; i < HUB_COUNT(caps); i++)
		if (p->caps & caps[i].bit)
			hub_buf_printf(out, "%s- `%s`: %s\n", i ? "" : "\n", caps[i].name,
				       hub_tr(caps[i].meaning));
	if (!p->opts || !p->opts->name)
		return;
	hub_buf_printf(out, "\n| %s | %s | %s |\n|---|---|---|\n", hub_tr("option"),
		       hub_tr("values"), hub_tr("meaning"));
	hub_buf_init(&cell, OUT_LIMIT);
	for (const struct hub_opt *o = p->opts; o->name; o++) {
		hub_buf_reset(&cell);
		facts(v, o, &cell);
		hub_buf_printf(out, "| `%s` | ", o->name);
		hub_md_str(out, hub_buf_text(&cell));
		hub_buf_puts(out, " | ");
		hub_md_str(out, hub_str_of(hub_tr(o->help)));
		hub_buf_puts(out, " |\n");
	}
	out->failed |= !hub_buf_ok(&cell);
	hub_buf_free(&cell);
}

/* "trim", or "filter-trim" where several kinds have a trim. */
static int is_called(const struct hub_plugin *p, struct hub_str name)
{
	const struct hub_str kind = hub_str_of(hub_kind_name(p->kind));

	if (hub_str_is(name, p->name))
		return 1;
	return hub_str_starts(name, kind) && name.len > kind.len && name.ptr[kind.len] == '-' &&
	       hub_str_is(hub_str_from(name, kind.len + 1), p->name);
}

static int info(struct view *v, struct hub_str name)
{
	struct hub_near near = {.name = name};
	const struct hub_plugin *p;
	int found = 0, rc;

	for (size_t i = 0; (p = hub_plugins_at(v->plugins, i)); i++) {
		hub_near_add(&near, hub_str_of(p->name));
		if (!is_called(p, name))
			continue;
		if (found++ && v->form != FORM_JSONL)
			hub_buf_putc(&v->out, '\n');
		if (v->form == FORM_JSONL)
			info_json(v, p, 1);
		else if (v->form == FORM_MD) {
			info_md(v, p);
			hub_plugin_service_md(p, &v->out);
		} else
			info_table(v, p);
	}
	if (found)
		return HUB_OK;
	/* refused under that name? then the reason, else the nearest name */
	for (uint32_t kind = HUB_SOURCE; kind <= HUB_SERVICE; kind++) {
		rc = hub_plugins_find(v->plugins, kind, name, &p, v->cli->err);
		if (rc && strcmp(v->cli->err->code, "unknown-plugin") != 0)
			return rc;
	}
	rc = hub_fail(v->cli->err, HUB_USAGE, "unknown-plugin", "there is no plugin \"%.*s\"",
		      HUB_FMT(name));
	if (near.best.len)
		hub_hint(v->cli->err, "Did you mean \"%.*s\"? `tsunagi plugin list` lists all.",
			 HUB_FMT(near.best));
	else
		hub_hint(v->cli->err, "`tsunagi plugin list` lists all.");
	return rc;
}

static int list(struct view *v)
{
	const struct hub_plugin *p;
	size_t width = 0;

	for (size_t i = 0; (p = hub_plugins_at(v->plugins, i)); i++)
		if (strlen(p->name) > width)
			width = strlen(p->name);
	for (size_t i = 0; (p = hub_plugins_at(v->plugins, i)); i++)
		if (v->form == FORM_JSONL)
			info_json(v, p, 0);
		else
			hub_buf_printf(&v->out, "%-8s  %-*s  %-6s  %s\n", hub_kind_name(p->kind),
				       (int)width, p->name, p->version, hub_tr(p->summary));
	for (size_t i = 0; i < hub_plugins_problems(v->plugins); i++)
		hub_err_print(stderr, hub_plugins_problem(v->plugins, i));
	if (hub_plugins_problems(v->plugins))
		v->cli->exit_code = EXIT_REFUSED;
	return HUB_OK;
}

static int show(struct view *v, int argc, char **argv)
{
	struct hub_plugins *plugins = hub_plugins_new(v->cli->arena);
	int rc;

	if (!plugins)
		return hub_fail_mem(v->cli->err);
	if ((rc = hub_plugins_load(plugins, v->cli->plugin_dir, v->cli->err)) ||
	    (rc = hub_plugins_open(plugins, 0, NULL, v->cli->err)))
		return rc;
	v->plugins = plugins;
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return list(v);
	if (argc == 2 && strcmp(argv[0], "info") == 0)
		return info(v, hub_str_of(argv[1]));
	rc = hub_fail(v->cli->err, HUB_USAGE, "usage", "plugin needs list, or info and a name");
	hub_hint(v->cli->err, "`tsunagi plugin --help` shows how.");
	return rc;
}

static int pick_form(struct hub_cli *cli, const char *format, const char *as, enum form *form)
{
	int rc;

	*form = FORM_TABLE;
	if (as && strcmp(as, "md") != 0) {
		rc = hub_fail(cli->err, HUB_USAGE, "usage", "--as does not know \"%s\"", as);
		hub_hint(cli->err, "Allowed: %s.", "md");
		return rc;
	}
	if (as)
		*form = FORM_MD;
	else if (format && strcmp(format, "jsonl") == 0)
		*form = FORM_JSONL;
	else if (format && strcmp(format, "table") != 0) {
		rc =
		    hub_fail(cli->err, HUB_USAGE, "usage", "--format does not know \"%s\"", format);
		hub_hint(cli->err, "Allowed: %s.", "table, jsonl");
		return rc;
	}
	return HUB_OK;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	const char *format = NULL, *as = NULL;
	const struct hub_arg args[] = {
	    {.name = "format",
	     .value = "table|jsonl",
	     .text = &format,
	     .help = HUB_N("form of the output")},
	    {.name = "as",
	     .value = "md",
	     .text = &as,
	     .help = HUB_N("info: a page of documentation")},
	    {.name = NULL},
	};
	struct view v = {.cli = cli};
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_plugin, args, argc, argv, &n)) ||
	    (rc = pick_form(cli, format, as, &v.form)))
		return rc;
	hub_buf_init(&v.out, OUT_LIMIT);
	rc = show(&v, n, argv);
	if (!rc)
		rc = hub_cli_put(cli, NULL, &v.out);
	hub_buf_free(&v.out);
	return rc;
}

const struct hub_cmd hub_cmd_plugin = {
    .name = "plugin",
    .summary = HUB_N("show the plugins and what can be set in each"),
    .usage = "list | info NAME [--format table|jsonl] [--as md]",
    .help =
	HUB_N("NAME may carry its kind (filter-trim) where several kinds have that name.\n"
	      "TSUNAGI_PLUGINS names the folders, separated by \":\". `list` ends with exit code 3 "
	      "when a plugin was refused.\n\n"
	      "  tsunagi plugin list\n"
	      "  tsunagi plugin info trim\n"),
    .run = run,
};
