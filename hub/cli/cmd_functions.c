/* tsunagi functions: what an expression of a mapping can say, from the table that the compiler uses. */
#include "base/table.h"
#include "cli/cli.h"
#include "conf/near.h"
#include "intake/func.h"

#include <stdio.h>

enum { OUT_MAX = 1 << 20 };

static void put_kinds(const struct hub_func *f, struct hub_buf *b)
{
	if (f->result == HUB_V_SAME)
		hub_buf_puts(b, hub_tr("what its values are"));
	else
		hub_buf_puts(b, hub_value_name(f->result));
}

static void put_table(const struct hub_func *f, struct hub_buf *b)
{
	const size_t from = b->len;

	hub_buf_puts(b, "  ");
	hub_func_usage(f, b);
	hub_buf_puts(b, b->len - from < 38 ? "" : "\n");
	while (b->len - from < 38)
		hub_buf_putc(b, ' ');
	if (hub_buf_last(b) == '\n')
		hub_buf_printf(b, "%38s", "");
	hub_buf_printf(b, "  %s\n", hub_tr(f->help));
}

static void put_detail(const struct hub_func *f, struct hub_buf *b)
{
	hub_func_usage(f, b);
	hub_buf_printf(b, "\n  %s\n  %s: ", hub_tr(f->help), hub_tr("gives"));
	put_kinds(f, b);
	for (uint32_t i = 0; i < HUB_FUNC_ARGS && f->arg[i].name; i++)
		if (f->arg[i].words)
			hub_buf_printf(b, "\n  %s: %s", f->arg[i].name, f->arg[i].words);
	if (f->bad)
		hub_buf_printf(b, "\n  %s: %s", hub_tr("refuses with"), f->bad);
	hub_buf_printf(b, "\n  %s: %s\n", hub_tr("example"), f->example);
}

static void put_json(const struct hub_func *f, struct hub_buf *b)
{
	struct hub_buf usage;

	hub_buf_init(&usage, 4096);
	hub_func_usage(f, &usage);
	hub_buf_putc(b, '{');
	hub_json_field(b, "name", hub_str_of(f->name));
	hub_json_field(b, "usage", hub_buf_text(&usage));
	hub_json_field(b, "help", hub_str_of(hub_tr(f->help)));
	if (f->bad)
		hub_json_field(b, "code", hub_str_of(f->bad));
	hub_json_field(b, "example", hub_str_of(f->example));
	hub_buf_puts(b, "}\n");
	hub_buf_free(&usage);
}

static void put_md(const struct hub_func *f, struct hub_buf *b)
{
	struct hub_buf usage;

	hub_buf_init(&usage, 4096);
	hub_func_usage(f, &usage);
	hub_buf_puts(b, "| `");
	hub_md_str(b, hub_buf_text(&usage));
	hub_buf_puts(b, "` | ");
	hub_md_str(b, hub_str_of(hub_tr(f->help)));
	hub_buf_puts(b, " | `");
	hub_md_str(b, hub_str_of(f->example));
	hub_buf_puts(b, "` |\n");
	hub_buf_free(&usage);
}

static int unknown(struct hub_cli *cli, const char *name)
{
	const struct hub_func *f;
	struct hub_near near = {.name = hub_str_of(name)};

	for (size_t i = 0; (f = hub_func_at(i)); i++)
		hub_near_add(&near, hub_str_of(f->name));
	(void)hub_fail(cli->err, HUB_USAGE, "unknown-function", "there is no function \"%s\"",
		       name);
	if (near.best.len)
		hub_hint(cli->err, "Did you mean \"%.*s\"? `tsunagi functions` lists them all.",
			 HUB_FMT(near.best));
	else
		hub_hint(cli->err, "`tsunagi functions` lists them all.");
	return HUB_USAGE;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	static const struct {
		const char *word;
		void (*put)(const struct hub_func *, struct hub_buf *);
	} forms[] = {{"table", put_table}, {"jsonl", put_json}, {"md", put_md}};
	const char *format = "table";
	const struct hub_arg args[] = {
	    {.name = "format",
	     .value = "FORM",
	     .text = &format,
	     .help = HUB_N("table, jsonl or md")},
	    {.name = NULL},
	};
	HUB_AUTO(buf) struct hub_buf b;
	const struct hub_func *f;
	size_t form = 0;
	int n, rc;

	hub_buf_init(&b, OUT_MAX);
	if ((rc = hub_cli_args(cli, &hub_cmd_functions, args, argc, argv, &n)))
		return rc == HUB_END ? HUB_OK : rc;
	while (form < HUB_COUNT(forms) && strcmp(forms[form].word, format) != 0)
		form++;
	if (form == HUB_COUNT(forms))
		return hub_cli_bad_value(cli, "format", format, "table, jsonl, md");
	if (form == 2)
		hub_buf_printf(&b, "| %s | %s | %s |\n|---|---|---|\n", hub_tr("function"),
			       hub_tr("what it does"), hub_tr("example"));
	for (size_t i = 0; n == 0 && (f = hub_func_at(i)); i++)
		forms[form].put(f, &b);
	for (int i = 0; i < n; i++) {
		f = hub_func_find(hub_str_of(argv[i]));
		if (!f)
			return unknown(cli, argv[i]);
		(form == 0 ? put_detail : forms[form].put)(f, &b);
	}
	return hub_cli_put(cli, NULL, &b);
}

const struct hub_cmd hub_cmd_functions = {
    .name = "functions",
    .summary = HUB_N("functions of the mapping language"),
    .usage = "[NAME...] [--format table|jsonl|md]",
    .help = HUB_N("Examples:\n"
		  "  tsunagi functions\n"
		  "  tsunagi functions date code\n"),
    .run = run,
};
