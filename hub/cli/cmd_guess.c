/* tsunagi guess: a first mapping for a file nobody has described. */
#include "base/io.h"
#include "cli/out.h"
#include "cli/shipped.h"
#include "intake/guess.h"

#include <stdio.h>
#include <unistd.h>

struct guess_args {
	const char *out, *html, *format, *name, *local;
};

static int write_mapping(struct hub_cli *cli, const char *path, struct hub_str text)
{
	if (access(path, F_OK) == 0) {
		const int rc =
		    hub_fail(cli->err, HUB_USAGE, "file-exists", "%s is already there", path);
		hub_hint(
		    cli->err,
		    "A mapping somebody has worked on is not overwritten; choose another name.");
		return rc;
	}
	return hub_file_write(path, text, cli->err);
}

static int write_page(struct hub_cli *cli, const char *path, const struct hub_guess *g)
{
	HUB_AUTO(buf) struct hub_buf page;

	hub_buf_init(&page, 32 << 20);
	hub_guess_html(g, &page);
	return hub_cli_put(cli, path, &page);
}

/* The mappings that come with the program, and those in the folder that this one goes into. */
struct shelf {
	struct hub_arena *arena;
	struct hub_guess_mapping *at;
	size_t n, room;
	int beside;
	size_t besides;
};

enum { BESIDES_MOST = 200 };

static void put_on_shelf(void *arg, struct hub_str name, struct hub_str path)
{
	struct shelf *s = arg;

	if (s->beside && ++s->besides > BESIDES_MOST)
		return;
	struct hub_guess_mapping *more =
	    hub_alloc_more(s->arena, s->at, s->n, &s->room, sizeof *more);
	const struct hub_guess_mapping one = {hub_arena_str(s->arena, s->beside ? path : name),
					      hub_arena_cstr(s->arena, path), s->beside};

	if (!more || !one.name.ptr || !one.path) /* without memory there is no guess either */
		return;
	s->at = more;
	s->at[s->n++] = one;
}

static void look_beside(struct shelf *s, const char *out)
{
	const char *slash = strrchr(out, '/');
	const struct hub_str folder =
	    slash ? hub_arena_printf(s->arena, "%.*s", (int)(slash - out), out) : HUB_STR(".");

	s->beside = 1;
	if (folder.len)
		hub_shipped_beside(folder, put_on_shelf, s);
}

static int print_summary(struct hub_cli *cli, const struct hub_guess *g, const char *out)
{
	HUB_AUTO(buf) struct hub_buf said;

	hub_buf_init(&said, 1 << 20);
	hub_guess_say(g, &said);
	if (!hub_buf_ok(&said))
		return hub_fail_mem(cli->err);
	fprintf(stderr, "%.*s", HUB_FMT(hub_buf_text(&said)));
	if (out)
		fprintf(stderr,
			hub_tr("mapping written to %s: check it, then `tsunagi preview FILE "
			       "--mapping %s`\n"),
			out, out);
	else
		fprintf(stderr, hub_tr("--out mapping.cfg writes the mapping\n"));
	return HUB_OK;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct guess_args args = {.format = "table"};
	const struct hub_arg options[] = {
	    {.name = "out",
	     .value = "FILE",
	     .text = &args.out,
	     .help = HUB_N("write the mapping there")},
	    {.name = "html",
	     .value = "FILE",
	     .text = &args.html,
	     .help = HUB_N("write a page that prints on A4")},
	    {.name = "name",
	     .value = "NAME",
	     .text = &args.name,
	     .help = HUB_N("name of the mapping; else from the file's name")},
	    {.name = "format",
	     .value = "FORM",
	     .text = &args.format,
	     .help = HUB_N("table, csv or jsonl")},
	    {.name = "local",
	     .value = "FILE",
	     .text = &args.local,
	     .help = HUB_N("the site's own schema file")},
	    {.name = NULL},
	};
	const struct hub_schema *schema;
	struct hub_plugins *plugins;
	struct shelf shelf = {.arena = cli->arena};
	struct hub_guess *g;
	enum hub_table_form form;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_guess, options, argc, argv, &n)))
		return rc == HUB_END ? HUB_OK : rc;
	if ((rc = hub_out_form(cli, args.format, &form)))
		return rc;
	if (n != 1) {
		rc = hub_fail(cli->err, HUB_USAGE, "file-missing", "guess needs one file");
		hub_hint(cli->err, "tsunagi guess FILE --out mapping.cfg");
		return rc;
	}
	hub_shipped_each(cli, "mappings", put_on_shelf, &shelf);
	if (args.out)
		look_beside(&shelf, args.out);
	if ((rc = hub_work_schema(cli, args.local, &schema)) ||
	    (rc = hub_work_plugins(cli, &plugins)))
		return rc;
	const struct hub_guess_task task = {.path = argv[0],
					    .name = hub_str_of(args.name),
					    .schema = schema,
					    .plugins = plugins,
					    .mapping = shelf.at,
					    .mappings = (uint32_t)shelf.n};
	if ((rc = hub_guess_file(cli->arena, &task, &g, cli->err)) ||
	    (rc = hub_out_table(cli, hub_guess_table(g, cli->arena), args.format)) ||
	    (args.out && (rc = write_mapping(cli, args.out, hub_guess_mapping(g)))) ||
	    (args.html && (rc = write_page(cli, args.html, g))))
		return rc;
	return print_summary(cli, g, args.out);
}

const struct hub_cmd hub_cmd_guess = {
    .name = "guess",
    .summary = HUB_N("write a first mapping for a file"),
    .usage = "FILE [--out mapping.cfg] [--html FILE]",
    .help = HUB_N(
	"Finds encoding, delimiter, title rows, header and the meaning of each column, tries the\n"
	"mapping on the whole file, and says what is not certain. No value is shown.\n"
	"Example:\n"
	"  tsunagi guess old.csv --out mapping.cfg --html guess.html\n"),
    .run = run,
};
