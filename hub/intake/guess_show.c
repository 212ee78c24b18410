/* A guess for people: as a table, as a page. */
#include "intake/guess_in.h"

static const char *reason_of(const struct guess_col *c)
{
	if (c->forbidden || c->drop)
		return hub_tr("must not come in: dropped at entry");
	if (c->dropped && !c->field)
		return hub_tr("not needed: dropped at entry");
	if (c->reason)
		return c->reason;
	return c->tried ? hub_tr("nothing in the common case format fits")
			: hub_tr("nothing fits, and the column is empty");
}

struct hub_table *hub_guess_table(const struct hub_guess *g, struct hub_arena *a)
{
	struct hub_table *t = hub_table_new(a, HUB_STR(""));

	if (!t)
		return NULL;
	hub_table_col(t, "no", HUB_N("no."), 1);
	hub_table_col(t, "column", HUB_N("column"), 0);
	hub_table_col(t, "field", HUB_N("field"), 0);
	hub_table_col(t, "label", HUB_N("label"), 0);
	hub_table_col(t, "confidence", HUB_N("confidence %"), 1);
	hub_table_col(t, "filled", HUB_N("filled"), 1);
	hub_table_col(t, "reason", HUB_N("reason"), 0);
	for (uint32_t i = 0; i < g->cols; i++) {
		/* the table's own columns first, then what stands above it */
		const struct guess_col *c = &g->col[(i + g->around) % g->cols];
		hub_table_int(t, i + 1);
		hub_table_str(t, c->name);
		const struct hub_field *f = c->field ? c->field : c->means;
		if (f) {
			hub_table_str(t, hub_arena_printf(a, "%.*s.%.*s", HUB_FMT(f->entity->name),
							  HUB_FMT(f->name)));
			hub_table_str(t, f->label);
			hub_table_int(t, c->confidence);
		} else {
			hub_table_puts(t, "");
			hub_table_puts(t, "");
			hub_table_puts(t, "");
		}
		hub_table_int(t, (int64_t)c->filled);
		hub_table_puts(t, reason_of(c));
	}
	return t;
}

/* --- what there is to say of the file ---------------------------------------------------------------- */

static void note(struct hub_buf *out, int when, const char *text)
{
	if (when)
		hub_buf_printf(out, "%s\n", text);
}

static void say_mappings(struct hub_buf *out, const struct hub_guess_result *r)
{
	if (r->known.len) {
		hub_buf_printf(out,
			       hub_tr("it is \"%.*s\", for which a mapping comes with the program: "
				      "--mapping %.*s"),
			       HUB_FMT(r->known_title), HUB_FMT(r->known));
		if (r->in_another_encoding)
			hub_buf_printf(out, " --set encoding=%.*s", HUB_FMT(r->encoding));
		hub_buf_putc(out, '\n');
	}
	note(out, r->keyless,
	     hub_tr("the file does not say what names its records: give it with --set, as the "
		    "head of the mapping says"));
	for (uint32_t i = 0; i < r->fittings; i++)
		hub_buf_printf(out,
			       hub_tr("a mapping that comes with the program expects these "
				      "columns: --mapping %.*s\n"),
			       HUB_FMT(r->fitting[i]));
}

static void say_reading(struct hub_buf *out, const struct hub_guess_result *r)
{
	if (!r->delimited)
		hub_buf_printf(out, hub_tr("read by source %.*s, %u of %u columns mapped\n"),
			       HUB_FMT(r->source), r->mapped, r->columns);
	else
		hub_buf_printf(
		    out, hub_tr("encoding %.*s, delimiter \"%.*s\", %u of %u columns mapped\n"),
		    HUB_FMT(r->encoding), HUB_FMT(r->delimiter), r->mapped, r->columns);
	if (r->header_line)
		hub_buf_printf(out, hub_tr("header in line %llu\n"),
			       (unsigned long long)r->header_line);
	note(out, !r->header_line && r->delimited,
	     hub_tr("no header: columns are known by their place"));
}

static void say_trial(struct hub_buf *out, const struct hub_guess_result *r)
{
	hub_buf_printf(out, hub_tr("key of a record: %.*s\n"), HUB_FMT(r->key));
	if (r->clashes)
		hub_buf_printf(
		    out,
		    hub_tr("%llu records have the number of another one and will be rejected, "
			   "with both places\n"),
		    (unsigned long long)r->clashes);
	note(out, hub_str_is(r->key, "hash()") && r->records > 1,
	     hub_tr("no column names a record: one that is corrected there comes in as "
		    "a new one beside the old; if a column does name it, make it the key"));
	hub_buf_printf(out, hub_tr("trial: %llu records, %llu rejected\n"),
		       (unsigned long long)r->records, (unsigned long long)r->rejected);
	if (r->rejected && r->reject_line)
		hub_buf_printf(
		    out,
		    hub_tr("the first of them is line %llu (%s); `tsunagi import --dry-run` "
			   "lists why\n"),
		    (unsigned long long)r->reject_line, r->reject_code);
	note(out, r->rejected > r->records / 2 && !r->keyless,
	     hub_tr("more than half of it was rejected: is it a table at all? Look at it with "
		    "`tsunagi inspect`"));
	note(out, r->registry,
	     hub_tr("it is taken for a registry (mode lookup): only those who have a "
		    "case here, and their household, come in; if these are your own "
		    "clients, write delta or full in the mapping"));
}

static void say_sheets(struct hub_buf *out, const struct hub_guess_result *r)
{
	note(out, r->sheets_named,
	     hub_tr("the names of the sheets are taken for the names of people"));
	note(out, r->another_below,
	     hub_tr("another table begins below this one and is not read: it wants a file "
		    "and a mapping of its own"));
	if (r->sheets_left.len)
		hub_buf_printf(
		    out,
		    hub_tr("sheets this mapping does not read: %.*s; if they hold records, "
			   "they want a mapping of their own\n"),
		    HUB_FMT(r->sheets_left));
}

static void say_whose(struct hub_buf *out, const struct hub_guess_result *r)
{
	if (r->unowned)
		hub_buf_printf(
		    out,
		    hub_tr("%llu entries do not say whose they are: if an empty cell means the one "
			   "above, write it out first, or they will be nobody's\n"),
		    (unsigned long long)r->unowned);
	note(
	    out, r->nobody && r->whose_above,
	    hub_tr(
		"whose the entries are stands above the table, where CSV is not "
		"read: save the file as .xlsx, or add a column with it, or each will be nobody's"));
	note(out, r->nameless,
	     hub_tr("the people in it have neither name nor number: where they stand without a "
		    "header or a label (1. NAME above a table), write one there, or they will be "
		    "nobody's"));
	note(out, r->nobody && !r->whose_above,
	     hub_tr("no column says whose the entries are: add a column with a number or "
		    "a name, or each will be nobody's"));
}

static void say_days(struct hub_buf *out, const struct hub_guess_result *r)
{
	note(out, r->no_day,
	     hub_tr("no column says on which day the entries were made: name one in the "
		    "mapping (activity_on), or they will have none"));
	const char *const of_year =
	    r->fiscal ? hub_tr("days without a year are taken to be of the fiscal year %d, which "
			       "the title or the file's name says: check it\n")
		      : hub_tr("days without a year are taken to be of the year %d, which the "
			       "title or the file's name says: check it\n");
	if (r->year)
		hub_buf_printf(out, of_year, r->year);
	if (r->no_year.len)
		hub_buf_printf(
		    out,
		    hub_tr(
			"column %.*s has days without a year and is left out: say in the mapping "
			"which it is; how stands there\n"),
		    HUB_FMT(r->no_year));
}

static void say_like(struct hub_buf *out, const struct hub_guess_result *r)
{
	if (r->like.len && r->like_reads)
		hub_buf_printf(out,
			       hub_tr("%.*s reads this file: go on with it. Under another name "
				      "and system everybody would be in the store twice\n"),
			       HUB_FMT(r->like));
	else if (r->like.len)
		hub_buf_printf(
		    out,
		    hub_tr(
			"%.*s reads nearly these columns. If this is its file with other "
			"columns, write name = \"%.*s\" and system = \"%.*s\" in the new mapping: "
			"under others everybody would be in the store twice\n"),
		    HUB_FMT(r->like), HUB_FMT(r->like_name), HUB_FMT(r->like_system));
}

void hub_guess_say(const struct hub_guess *g, struct hub_buf *out)
{
	const struct hub_guess_result *r = &g->result;

	say_reading(out, r);
	say_trial(out, r);
	say_sheets(out, r);
	say_whose(out, r);
	say_days(out, r);
	note(out, r->by_name,
	     hub_tr("people are told apart by their names alone: two of one name would be "
		    "one person"));
	if (r->aside)
		hub_buf_printf(
		    out,
		    hub_tr("left out: %llu lines that are no records (notes, totals, the header "
			   "again)\n"),
		    (unsigned long long)r->aside);
	say_mappings(out, r);
	say_like(out, r);
}

void hub_guess_html(const struct hub_guess *g, struct hub_buf *out)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_table *t = a ? hub_guess_table(g, a) : NULL;
	HUB_AUTO(buf) struct hub_buf said;
	struct hub_str line;

	hub_buf_init(&said, 1 << 20);
	hub_guess_say(g, &said);
	if (!t || !hub_buf_ok(&said)) {
		out->failed = 1;
		return;
	}
	hub_html_begin(out, hub_arena_printf(a, "%s: %.*s", hub_tr("first mapping of a file"),
					     HUB_FMT(g->file)));
	hub_buf_puts(out, "<ul>\n");
	for (struct hub_str rest = hub_buf_text(&said); hub_str_next(&rest, '\n', &line);) {
		if (line.len == 0)
			continue;
		hub_buf_puts(out, "<li>");
		hub_html_str(out, line);
		hub_buf_puts(out, "</li>\n");
	}
	hub_buf_puts(out, "</ul>\n");
	if (hub_table_print(t, HUB_TABLE_HTML, out))
		out->failed = 1;
	hub_buf_printf(out, "<h2>%s</h2>\n<pre>", hub_tr("mapping file"));
	hub_html_str(out, g->mapping);
	hub_buf_puts(out, "</pre>\n");
	hub_html_end(out);
}
