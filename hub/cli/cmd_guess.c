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

/* The mappings that come with the program. */
struct shelf {
	struct hub_arena *arena;
	struct hub_guess_mapping *at;
	size_t n, room;
};

static void put_on_shelf(void *arg, struct hub_str name, struct hub_str path)
{
	struct shelf *s = arg;
	struct hub_guess_mapping *more =
	    hub_alloc_more(s->arena, s->at, s->n, &s->room, sizeof *more);
	const struct hub_guess_mapping one = {hub_arena_str(s->arena, name),
					      hub_arena_cstr(s->arena, path)};

	if (!more || !one.name.ptr || !one.path) /* without memory there is no guess either */
		return;
	s->at = more;
	s->at[s->n++] = one;
}

static void note(int when, const char *text)
{
	if (when)
		fprintf(stderr, "%s\n", text);
}

static void print_mappings(const struct hub_guess_result *r)
{
	if (r->known.len) {
		fprintf(stderr,
			hub_tr("it is \"%.*s\", for which a mapping comes with the program: "
			       "--mapping %.*s"),
			HUB_FMT(r->known_title), HUB_FMT(r->known));
		if (r->in_another_encoding)
			fprintf(stderr, " --set encoding=%.*s", HUB_FMT(r->encoding));
		fputc('\n', stderr);
	}
	note(r->keyless,
	     hub_tr("the file does not say what names its records: give it with --set, as the "
		    "head of the mapping says"));
	for (uint32_t i = 0; i < r->fittings; i++)
		fprintf(stderr,
			hub_tr("a mapping that comes with the program expects these "
			       "columns: --mapping %.*s\n"),
			HUB_FMT(r->fitting[i]));
}

static void print_reading(const struct hub_guess_result *r)
{
	if (!r->delimited)
		fprintf(stderr, hub_tr("read by source %.*s, %u of %u columns mapped\n"),
			HUB_FMT(r->source), r->mapped, r->columns);
	else
		fprintf(stderr,
			hub_tr("encoding %.*s, delimiter \"%.*s\", %u of %u columns mapped\n"),
			HUB_FMT(r->encoding), HUB_FMT(r->delimiter), r->mapped, r->columns);
	if (r->header_line)
		fprintf(stderr, hub_tr("header in line %llu\n"),
			(unsigned long long)r->header_line);
	note(!r->header_line && r->delimited,
	     hub_tr("no header: columns are known by their place"));
}

static void print_trial(const struct hub_guess_result *r)
{
	fprintf(stderr, hub_tr("key of a record: %.*s\n"), HUB_FMT(r->key));
	if (r->clashes)
		fprintf(stderr,
			hub_tr("%llu records have the number of another one and will be rejected, "
			       "with both places\n"),
			(unsigned long long)r->clashes);
	note(hub_str_is(r->key, "hash()") && r->records > 1,
	     hub_tr("no column names a record: one that is corrected there comes in as "
		    "a new one beside the old; if a column does name it, make it the key"));
	fprintf(stderr, hub_tr("trial: %llu records, %llu rejected\n"),
		(unsigned long long)r->records, (unsigned long long)r->rejected);
	if (r->rejected && r->reject_line)
		fprintf(stderr,
			hub_tr("the first of them is line %llu (%s); `tsunagi import --dry-run` "
			       "lists why\n"),
			(unsigned long long)r->reject_line, r->reject_code);
	note(r->rejected > r->records / 2 && !r->keyless,
	     hub_tr("more than half of it was rejected: is it a table at all? Look at it with "
		    "`tsunagi inspect`"));
	note(r->registry, hub_tr("it is taken for a registry (mode lookup): only those who have a "
				 "case here, and their household, come in; if these are your own "
				 "clients, write delta or full in the mapping"));
}

static void print_sheets(const struct hub_guess_result *r)
{
	note(r->sheets_named, hub_tr("the names of the sheets are taken for the names of people"));
	note(r->another_below,
	     hub_tr("another table begins below this one and is not read: it wants a file "
		    "and a mapping of its own"));
	if (r->sheets_left.len)
		fprintf(stderr,
			hub_tr("sheets this mapping does not read: %.*s; if they hold records, "
			       "they want a mapping of their own\n"),
			HUB_FMT(r->sheets_left));
}

static void print_whose(const struct hub_guess_result *r)
{
	if (r->unowned)
		fprintf(
		    stderr,
		    hub_tr("%llu entries do not say whose they are: if an empty cell means the one "
			   "above, write it out first, or they will be nobody's\n"),
		    (unsigned long long)r->unowned);
	note(
	    r->nobody && r->whose_above,
	    hub_tr(
		"whose the entries are stands above the table, where CSV is not "
		"read: save the file as .xlsx, or add a column with it, or each will be nobody's"));
	note(r->nobody && !r->whose_above,
	     hub_tr("no column says whose the entries are: add a column with a number or "
		    "a name, or each will be nobody's"));
}

static void print_days(const struct hub_guess_result *r)
{
	note(r->no_day, hub_tr("no column says on which day the entries were made: name one in the "
			       "mapping (activity_on), or they will have none"));
	const char *const of_year =
	    r->fiscal ? hub_tr("days without a year are taken to be of the fiscal year %d, which "
			       "the title or the file's name says: check it\n")
		      : hub_tr("days without a year are taken to be of the year %d, which the "
			       "title or the file's name says: check it\n");
	if (r->year)
		fprintf(stderr, of_year, r->year);
	if (r->no_year.len)
		fprintf(
		    stderr,
		    hub_tr(
			"column %.*s has days without a year and is left out: say in the mapping "
			"which it is; how stands there\n"),
		    HUB_FMT(r->no_year));
}

static void print_summary(const struct hub_guess_result *r, const char *out)
{
	print_reading(r);
	print_trial(r);
	print_sheets(r);
	print_whose(r);
	print_days(r);
	note(r->by_name,
	     hub_tr("people are told apart by their names alone: two of one name would be "
		    "one person"));
	if (r->aside)
		fprintf(
		    stderr,
		    hub_tr("left out: %llu lines that are no records (notes, totals, the header "
			   "again)\n"),
		    (unsigned long long)r->aside);
	if (out)
		fprintf(stderr,
			hub_tr("mapping written to %s: check it, then `tsunagi preview FILE "
			       "--mapping %s`\n"),
			out, out);
	else
		fprintf(stderr, hub_tr("--out mapping.cfg writes the mapping\n"));
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
	print_summary(hub_guess_result(g), args.out);
	print_mappings(hub_guess_result(g));
	return HUB_OK;
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
