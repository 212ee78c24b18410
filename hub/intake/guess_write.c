/* A guess as a mapping file. */
#include "intake/guess_in.h"

#include "base/err.h"

enum { MAPPING_MAX = 8 << 20, WRAP = 96 };

void hub_guess_quote(struct hub_buf *b, struct hub_str s)
{
	hub_buf_putc(b, '"');
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.ptr[i];
		if (c == '"' || c == '\\')
			hub_buf_putc(b, '\\');
		if (c == '\n')
			hub_buf_puts(b, "\\n");
		else if (c == '\r')
			hub_buf_puts(b, "\\r");
		else if (c == '\t')
			hub_buf_puts(b, "\\t");
		else
			hub_buf_putc(b, c);
	}
	hub_buf_putc(b, '"');
}

/* A comment is one line. */
static void put_comment(struct hub_buf *b, struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		hub_buf_putc(b, (unsigned char)s.ptr[i] < 0x20 ? ' ' : s.ptr[i]);
}

static void put_list(struct hub_buf *b, const struct hub_guess *g, const char *name,
		     int (*wanted)(const struct guess_col *))
{
	size_t line = 0;
	int any = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		if (!wanted(&g->col[i]))
			continue;
		if (!any)
			hub_buf_printf(b, "  %s = (", name);
		else
			hub_buf_putc(b, ',');
		if (!any || b->len - line > WRAP) {
			hub_buf_puts(b, "\n    ");
			line = b->len;
		} else {
			hub_buf_putc(b, ' ');
		}
		any = 1;
		hub_guess_quote(b, g->col[i].name);
	}
	if (any)
		hub_buf_puts(b, " );\n");
}

static int every(const struct guess_col *c)
{
	(void)c;
	return 1;
}

static int is_dropped(const struct guess_col *c)
{
	return c->drop;
}

static int keeps_numbers(const struct guess_col *c)
{
	return c->keep_numbers;
}

/* --- expressions ------------------------------------------------------------------------------ */

static void put_value(struct hub_buf *b, const struct hub_guess *g, uint32_t at)
{
	int parts = 0;

	for (uint32_t i = 0; i < g->cols; i++)
		parts += g->col[i].part_of == at;
	if (!parts) {
		hub_buf_str(b, g->col[at].ref);
		return;
	}
	hub_buf_puts(b, "concat(");
	hub_buf_str(b, g->col[at].ref);
	for (uint32_t i = 0; i < g->cols; i++)
		if (g->col[i].part_of == at)
			hub_buf_printf(b,
				       g->col[i].until    ? ", '～' + %.*s"
				       : g->col[i].hyphen ? ", '-' + %.*s"
				       : g->col[i].note   ? ", ' 備考：' + %.*s"
							  : ", %.*s",
				       HUB_FMT(g->col[i].ref));
	hub_buf_putc(b, ')');
}

static void put_units(struct hub_buf *b, const struct guess_col *c)
{
	int any = 0;

	for (uint32_t i = 0; i < c->units && i < GUESS_UNITS; i++) {
		if (c->unit[i].len == 0 || hub_str_find(c->unit[i], HUB_STR("'"), 0) != (size_t)-1)
			continue;
		hub_buf_printf(b, "%s'%.*s'", any ? ", " : "(", HUB_FMT(c->unit[i]));
		any = 1;
	}
	if (any)
		hub_buf_putc(b, ')');
}

static void put_expression(struct hub_buf *b, const struct hub_guess *g, uint32_t at,
			   const struct hub_field *f)
{
	static const char *const convert[] = {
	    [HUB_F_NAME] = "name",         [HUB_F_KANA] = "kana",     [HUB_F_DATE] = "date",
	    [HUB_F_DATETIME] = "datetime", [HUB_F_TIME] = "time",     [HUB_F_MONTH] = "month",
	    [HUB_F_INT] = "int",           [HUB_F_YEN] = "yen",       [HUB_F_BOOL] = "bool",
	    [HUB_F_PHONE] = "phone",       [HUB_F_POSTAL] = "postal", [HUB_F_CODE] = "code",
	    [HUB_F_CODES] = "codes",       [HUB_F_ID] = "width",      [HUB_F_JSON] = NULL};

	const struct guess_col *c = &g->col[at];
	const struct hub_str expr = f == c->also && c->also_expr.len ? c->also_expr : c->expr;
	if (expr.len) {
		hub_buf_str(b, expr);
		return;
	}
	if (hub_str_is(f->name, "duration_min") && c->look[LOOK_HOURS]) {
		hub_buf_printf(b,
			       "if(%.*s | matches('時間|:|h'), %.*s | minutes, %.*s | int('分'))",
			       HUB_FMT(c->ref), HUB_FMT(c->ref), HUB_FMT(c->ref));
		return;
	}
	put_value(b, g, at);
	if (hub_str_is(f->name, "minutes") &&
	    hub_str_find(c->name, HUB_STR("分"), 0) == (size_t)-1) {
		hub_buf_puts(b, " | minutes");
		return;
	}
	/* a name half in bold is none to the detectors */
	if ((f->type == HUB_F_NARRATIVE || f->type == HUB_F_TEXT) && c->look[LOOK_TAGS])
		hub_buf_puts(b, " | untag");
	if (!convert[f->type])
		return;
	hub_buf_printf(b, " | %s", convert[f->type]);
	if (f->type == HUB_F_DATE)
		hub_buf_puts(b, hub_guess_days(c));
	if (f->codes)
		hub_buf_printf(b,
			       f->type == HUB_F_CODES ? "('%.*s', ';；、・／|｜,\\n')" : "('%.*s')",
			       HUB_FMT(f->codes->name));
	else if (f->type == HUB_F_INT)
		put_units(b, &g->col[at]);
}

/* --- blocks ----------------------------------------------------------------------------------- */

static void put_block_key(struct hub_buf *b, struct hub_guess *g, const struct hub_entity *e)
{
	const struct guess_col *c = hub_guess_names_rows(g, e);

	hub_buf_puts(b, "  key = ");
	if (g->restricted && c) {
		hub_guess_quote(b, hub_arena_printf(g->arena, "%.*s | width", HUB_FMT(c->ref)));
		hub_buf_puts(b, ";\n");
		return;
	}
	if (g->certified) {
		hub_guess_quote(b, hub_guess_certified_person(g));
		hub_buf_puts(b, ";\n");
		return;
	}
	const struct guess_col *named = NULL;
	/* of a log by names a client has one case; whoever came to a desk has one each time */
	const int entries = hub_guess_filler(g, "activity", "activity_on") &&
			    !hub_guess_filler(g, "intake", "received_on");
	const int by_name =
	    !c && (hub_str_is(e->name, "person") || (entries && hub_str_is(e->name, "case")));
	const struct hub_str name = by_name ? hub_guess_by_name(g, &named) : HUB_STR("");
	const int number =
	    c && (c->field->type == HUB_F_ID || (c->also && c->also->type == HUB_F_ID));
	hub_guess_quote(b, number         ? hub_guess_number(g, c->ref)
			   : c            ? c->ref
			   : name.len     ? name
			   : g->table.len ? HUB_STR("[$id]")
					  : g->result.key);
	hub_buf_puts(b, ";");
	if (name.len && g->result.by_name)
		hub_buf_printf(
		    b, "  # %s",
		    hub_tr("by name: two people of one name would be one person. If there are, "
			   "add what tells them apart"));
	hub_buf_puts(b, "\n");
	c = c ? c : named;
	if (!c || c->filled == g->rows)
		return;
	hub_buf_puts(b, "  when = ");
	const struct hub_str when = hub_arena_printf(g->arena, "present(%.*s)", HUB_FMT(c->ref));
	hub_guess_quote(b, when);
	hub_buf_puts(b, ";\n");
}

static void put_field(struct hub_buf *b, const struct hub_guess *g, uint32_t at,
		      const struct hub_field *f)
{
	const struct guess_col *c = &g->col[at];
	struct hub_buf expr;

	hub_buf_init(&expr, 1 << 16);
	put_expression(&expr, g, at, f);
	hub_buf_printf(b, "  %-16.*s = ", HUB_FMT(f->name));
	if (c->lenient)
		hub_buf_puts(b, "{ value = ");
	hub_guess_quote(b, hub_buf_text(&expr));
	if (c->lenient)
		hub_buf_puts(b, "; invalid = \"null\"; }");
	hub_buf_puts(b, ";");
	if (c->confidence < 80)
		hub_buf_printf(b, "  # %d %%: %s", c->confidence, c->reason);
	if (c->lenient)
		hub_buf_printf(
		    b, "%s %s", c->confidence < 80 ? "," : "  #",
		    hub_tr("not every cell can be read; those stay empty with a finding"));
	hub_buf_putc(b, '\n');
	b->failed |= expr.failed;
	hub_buf_free(&expr);
}

/* The column that numbers the cases of a log which says only whose entries they are; NULL: nothing hangs on
 * a case, or it has a number. */
static const struct guess_col *needs_case(const struct hub_guess *g, const struct hub_entity *e)
{
	static const char *const hang[] = {"intake",     "assessment", "screening", "plan",
					   "evaluation", "activity",   "meeting"};
	int any = 0;

	if (!hub_str_is(e->name, "case") || hub_guess_column_of(g, e, "case_no"))
		return NULL;
	for (uint32_t i = 0; i < g->cols; i++)
		for (size_t k = 0; k < HUB_COUNT(hang) && g->col[i].field; k++)
			any |= hub_str_is(g->col[i].field->entity->name, hang[k]);
	return any ? hub_guess_names_rows(g, e) : NULL;
}

/* An address in the columns of a registry, from the prefecture to the building, is one address as well: that
 * is what protection and moves are about. */
static void put_address(struct hub_buf *b, const struct hub_guess *g, const struct hub_entity *e)
{
	static const char *const pieces[] = {"addr_pref", "addr_city", "addr_town", "addr_block",
					     "addr_building"};
	const struct guess_col *c[HUB_COUNT(pieces)];
	uint32_t n = 0;

	for (size_t i = 0; i < HUB_COUNT(pieces); i++) {
		c[n] = hub_guess_column_of(g, e, pieces[i]);
		n += c[n] != NULL;
	}
	if (n < 3 || !hub_str_is(e->name, "person") || hub_guess_column_of(g, e, "address"))
		return;
	hub_buf_puts(b, "  address          = \"concat(");
	for (uint32_t i = 0; i < n; i++)
		hub_buf_printf(b, "%s%.*s", i ? ", " : "", HUB_FMT(c[i]->ref));
	hub_buf_puts(b, ")\";\n");
}

/* A name in two columns is one name as well: by all of it people are found, and known from texts. */
static void put_name(struct hub_buf *b, const struct hub_guess *g, const struct hub_entity *e)
{
	static const struct {
		const char *field, *family, *given, *convert;
	} names[] = {{"name", "family_name", "given_name", "name"},
		     {"name_kana", "family_kana", "given_kana", "kana"}};

	for (size_t i = 0; i < HUB_COUNT(names) && hub_str_is(e->name, "person"); i++) {
		const struct guess_col *family = hub_guess_column_of(g, e, names[i].family),
				       *given = hub_guess_column_of(g, e, names[i].given);
		if (!family || !given || hub_guess_column_of(g, e, names[i].field))
			continue;
		hub_buf_printf(b, "  %-16s = ", names[i].field);
		hub_guess_quote(b, hub_arena_printf(g->arena, "concat(%.*s, '　' + %.*s) | %s",
						    HUB_FMT(family->ref), HUB_FMT(given->ref),
						    names[i].convert));
		hub_buf_puts(b, ";\n");
	}
}

/* One row of an inventory of work for each kind of staff. */
static int put_staff(struct hub_buf *b, const struct hub_guess *g, const struct hub_entity *e)
{
	int any = 0;

	for (uint32_t k = 0; k < g->cols; k++) {
		const struct guess_col *time = &g->col[k];
		if (!time->is_time || time->field->entity != e)
			continue;
		hub_buf_puts(b, any++ ? ",\n  {\n" : "");
		if (any == 1) {
			hub_buf_puts(b, "# ");
			put_comment(b, e->label);
			hub_buf_printf(b, "\n%.*s: (\n  {\n", HUB_FMT(e->name));
		}
		for (uint32_t i = 0; i < g->cols; i++)
			if (!g->col[i].is_time && g->col[i].part_of == GUESS_NO_PART &&
			    g->col[i].field && g->col[i].field->entity == e)
				put_field(b, g, i, g->col[i].field);
		hub_buf_puts(b, "  staff_kind       = ");
		hub_guess_quote(b, hub_arena_printf(g->arena, "'%.*s'", HUB_FMT(time->staff)));
		hub_buf_puts(b, ";\n");
		put_field(b, g, k, time->field);
		hub_buf_puts(b, "  when = ");
		hub_guess_quote(b, hub_arena_printf(g->arena, "present(%.*s)", HUB_FMT(time->ref)));
		hub_buf_puts(b, ";\n  }");
	}
	hub_buf_puts(b, any ? "\n);\n\n" : "");
	return any;
}

/* A certification says of what kind it is; a list of one kind does not. */
static void put_cert_kind(struct hub_buf *b, const struct hub_guess *g, const struct hub_entity *e)
{
	if (g->certified && hub_str_is(e->name, "certification") &&
	    !hub_guess_column_of(g, e, "cert_kind") && hub_guess_column_of(g, e, "care_level"))
		hub_buf_puts(b, "  cert_kind        = \"'ltc'\";\n");
}

/* What the record says comes once, what its table says with each of its rows. */
static void put_rows_of(struct hub_buf *b, const struct hub_guess *g, const struct hub_entity *e)
{
	int inside = 0;

	for (uint32_t i = 0; i < g->cols; i++)
		inside |= hub_guess_fills(&g->col[i], e) && hub_guess_in_table(g, &g->col[i]);
	if (inside)
		hub_buf_printf(b, "  when = \"present([%.*s.$id])\";\n", HUB_FMT(g->table));
	else
		hub_buf_puts(b, "  when = \"present(レコードの開始行)\";\n");
}

/* A list of families has a line for each member: the case is of the one who is called 本人, and the others belong to it. */
static void put_family(struct hub_buf *b, const struct hub_guess *g, const struct hub_entity *e)
{
	const struct guess_col *relation = hub_guess_filler(g, "household_member", "relation"),
			       *number = hub_guess_filler(g, "case", "case_no");

	if (!relation || !relation->look[LOOK_SELF] || !number || number->filled < g->rows ||
	    !number->unique.broken)
		return;
	if (hub_str_is(e->name, "case")) {
		hub_buf_puts(b, "  when = ");
		hub_guess_quote(b, hub_arena_printf(g->arena, "%.*s in ('本人', '当人')",
						    HUB_FMT(relation->ref)));
		hub_buf_puts(b, ";\n");
	} else if (hub_str_is(e->name, "household_member")) {
		hub_buf_puts(b, "  case             = ");
		hub_guess_quote(b, hub_guess_number(g, number->ref));
		hub_buf_puts(b, ";\n");
	}
}

static void put_block(struct hub_buf *b, struct hub_guess *g, const struct hub_entity *e)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->cols; i++)
		n += hub_guess_fills(&g->col[i], e) != 0;
	const struct guess_col *case_of = needs_case(g, e);
	if ((n == 0 && !case_of) || put_staff(b, g, e))
		return;
	hub_buf_puts(b, "# ");
	put_comment(b, e->label);
	hub_buf_printf(b, "\n%.*s: {\n", HUB_FMT(e->name));
	if (e->identified)
		put_block_key(b, g, e);
	else if (g->table.len)
		put_rows_of(b, g, e);
	put_family(b, g, e);
	put_name(b, g, e);
	put_address(b, g, e);
	put_cert_kind(b, g, e);
	if (g->restricted && hub_str_is(e->name, "protection"))
		hub_buf_puts(b, "  protection_state = \"'protected'\";\n"
				"  feed             = \"file()\";\n");
	if (case_of) {
		hub_buf_puts(b, "  case_no          = ");
		hub_guess_quote(b, hub_guess_number(g, case_of->ref));
		hub_buf_puts(b, ";\n");
	}
	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if (c->part_of == GUESS_NO_PART && hub_guess_fills(c, e))
			put_field(b, g, i, c->field->entity == e ? c->field : c->also);
		if (c->also_expr.len && hub_guess_fills(c, e))
			put_field(b, g, i, c->also);
	}
	hub_buf_puts(b, "};\n\n");
}

/* --- head and end ------------------------------------------------------------------------------ */

/* One row a person: the latest, not deleted, free for other services. */
static void put_scope(struct hub_buf *b, const struct hub_guess *g)
{
	const struct hub_str records = hub_guess_scope(g);
	HUB_AUTO(buf) struct hub_buf all;
	static const struct {
		const char *field, *test;
	} rules[] = {{"is_latest", "== '1'"}, {"op_deleted", "!= '1'"}, {"no_cross_use", "!= '1'"}};
	int any = records.len > 0;

	hub_buf_init(&all, 1 << 16);
	hub_buf_str(&all, records);
	for (size_t i = 0; i < HUB_COUNT(rules) && hub_guess_is_registry(g); i++) {
		const struct guess_col *c = hub_guess_registry(g, rules[i].field);
		if (c)
			hub_buf_printf(&all, "%s(%.*s | width) %s", any++ ? " and " : "",
				       HUB_FMT(c->ref), rules[i].test);
	}
	if (!any)
		return;
	hub_buf_puts(b, "\n  scope = ");
	hub_guess_quote(b, (struct hub_str){all.ptr, all.len});
	hub_buf_putc(b, ';');
	if (records.len)
		hub_buf_printf(b, "  # %s", hub_tr("notes, totals and the header again stay out"));
}

/* That a file is everything there is, and not what is new, its cells do not say. */
static void put_mode(struct hub_buf *b, const char *mode)
{
	hub_buf_printf(
	    b, "  mode   = \"%s\";  # %s\n", mode,
	    strcmp(mode, "lookup") == 0
		? hub_tr("looked up: only those who have a case here, and their household, come in")
	    : strcmp(mode, "full") == 0
		? hub_tr("the file holds everything each time: what is missing in it has gone")
		: hub_tr("what is missing in the file stays; write full if it holds everything "
			 "each time, and what is missing is reported"));
}

static void put_source(struct hub_buf *b, const struct hub_guess *g)
{
	hub_buf_printf(b, "  source: { plugin = \"%.*s\";", HUB_FMT(g->result.source));
	if (g->delimited) {
		hub_buf_puts(b, " encoding = ");
		hub_guess_quote(b, g->result.encoding);
		hub_buf_puts(b, ";");
	}
	if (g->delimiter != ',') {
		hub_buf_puts(b, " delimiter = ");
		hub_guess_quote(b, g->result.delimiter);
		hub_buf_puts(b, ";");
	}
	if (g->skip)
		hub_buf_printf(b, " skip = %u;", g->skip);
	for (uint32_t i = 0; i < g->sets; i++) {
		hub_buf_printf(b, " %s = ", g->set[i].name);
		hub_guess_quote(b, g->set[i].value);
		hub_buf_puts(b, ";");
	}
	if (!g->has_header && !g->sets)
		hub_buf_puts(b, " header = 0;");
	if (g->tolerant)
		hub_buf_puts(b, " tolerant = true;");
	hub_buf_puts(b, " };\n");
}

static void put_head(struct hub_buf *b, const struct hub_guess *g)
{
	const int registry = g->result.registry || g->certified || g->restricted;
	int work = 0; /* a sum of hours must not hold what was corrected */

	for (uint32_t i = 0; i < g->cols; i++)
		work |= g->col[i].is_time;
	hub_buf_printf(
	    b, "# %s\n# %s\n\n",
	    hub_tr("Written by `tsunagi guess`. Check every line, first those with a comment."),
	    hub_tr("Functions: `tsunagi functions`. The language: docs/mapping.md"));
	hub_buf_puts(b, "mapping: {\n  name   = ");
	hub_guess_quote(b, g->name);
	hub_buf_puts(b, ";\n  title  = ");
	hub_guess_quote(b, g->file);
	hub_buf_puts(b, ";\n  system = ");
	hub_guess_quote(b, registry ? HUB_STR("registry") : g->name);
	hub_buf_printf(b, ";  # %s\n",
		       hub_tr("whose numbers these are: the same name in mappings of one product, "
			      "and in none of another"));
	put_mode(b, registry ? "lookup" : work ? "full" : "delta");
	put_source(b, g);
	hub_buf_puts(b, "\n");
	put_list(b, g, g->has_header ? "header" : "columns", every);
	put_list(b, g, "drop", is_dropped);
	put_list(b, g, "keep_numbers", keeps_numbers);
	hub_buf_puts(b, "\n  key = ");
	hub_guess_quote(b, g->result.key);
	hub_buf_putc(b, ';');
	if (hub_str_is(g->result.key, "hash()"))
		hub_buf_printf(b, "  # %s",
			       hub_tr("no column names a record: the whole record does"));
	put_scope(b, g);
	if (registry) /* a person with a bad day is still a person who may be protected */
		hub_buf_puts(b, "\n  on_invalid = \"null\";");
	hub_buf_puts(b, "\n};\n\n");
	if (g->next_line)
		hub_buf_printf(b, "# %s\n\n",
			       hub_tr("Another table begins below this one: save it as a file of "
				      "its own. Its lines will be refused or, worse, read."));
	if (g->until.len)
		hub_buf_printf(b, "# %s\n\n",
			       hub_tr("Another table begins below this one (until); it needs a "
				      "mapping of its own."));
	if (g->unread)
		hub_buf_printf(b, "# %s\n\n",
			       hub_tr("A table inside the form is not read by this mapping; its "
				      "rows need one of their own (layout = \"table\")."));
}

static void put_unused(struct hub_buf *b, const struct hub_guess *g)
{
	int any = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if (c->field || c->choice)
			continue;
		if (!any++)
			hub_buf_printf(b, "# %s\n",
				       hub_tr("Not mapped; kept with the record, never released:"));
		hub_buf_puts(b, "#   ");
		put_comment(b, c->name);
		if (c->forbidden || c->drop || c->dropped)
			hub_buf_printf(b, "  (%s)", hub_tr("must not come in: dropped at entry"));
		else if (c->means)
			hub_buf_printf(b, "  (%.*s.%.*s: %s)", HUB_FMT(c->means->entity->name),
				       HUB_FMT(c->means->name), c->reason);
		hub_buf_putc(b, '\n');
	}
}

/* Birth dates, telephones ... and nobody they belong to: the names stand where no label or header says so. */
static int is_nameless(const struct hub_guess *g, const struct hub_entity *person)
{
	static const char *const who[] = {"name",      "name_kana", "family_name",   "given_name",
					  "client_no", "atena_no",  "ltc_insured_no"};

	for (size_t i = 0; person && i < HUB_COUNT(who); i++)
		if (hub_guess_column_of(g, person, who[i]))
			return 0;
	return person && hub_guess_filled_of(g, person) > 1 && !g->certified && !g->restricted &&
	       !hub_guess_filler(g, "case", "case_no") &&
	       !hub_guess_filler(g, "activity", "activity_on");
}

int hub_guess_write(struct hub_guess *g, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, MAPPING_MAX);
	hub_guess_settle(g);
	g->result.registry = hub_guess_is_registry(g);
	put_head(&b, g);
	for (uint32_t i = 0; i < g->schema->n_entities; i++)
		put_block(&b, g, &g->schema->entities[i]);
	put_unused(&b, g);
	const struct hub_entity *person = hub_schema_entity(g->schema, HUB_STR("person"));
	const struct guess_col *whose = person ? hub_guess_names_rows(g, person) : NULL;
	if (!whose)
		(void)hub_guess_by_name(g, &whose);
	g->result.unowned =
	    hub_guess_filler(g, "activity", "activity_on") && whose ? g->rows - whose->filled : 0;
	const struct hub_entity *activity = hub_schema_entity(g->schema, HUB_STR("activity"));
	g->result.no_day = activity && hub_guess_filled_of(g, activity) &&
			   !hub_guess_filler(g, "activity", "activity_on") &&
			   !g->result.no_year.len;
	g->result.nobody = (hub_guess_filler(g, "activity", "activity_on") ||
			    hub_guess_filler(g, "activity", "body")) &&
			   person && hub_guess_filled_of(g, person) == 0 &&
			   !hub_guess_filler(g, "case", "case_no");
	g->result.nameless = is_nameless(g, person);
	g->result.another_below = g->next_line || g->until.len;
	g->mapping = hub_buf_keep(&b, g->arena);
	g->result.mapped = 0;
	for (uint32_t i = 0; i < g->cols; i++)
		g->result.mapped += g->col[i].field != NULL;
	return g->mapping.ptr ? HUB_OK : hub_fail_mem(err);
}
