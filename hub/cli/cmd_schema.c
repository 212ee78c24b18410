/* tsunagi schema: the common case format as tables, XSD, JSON Schema, reference; looking a word up in
 * it; comparing it with an official sheet. */
#include "cli/cli.h"
#include "cli/work.h"

#include "base/io.h"
#include "intake/layout.h"
#include "plugin/choose.h"
#include "plugin/host.h"
#include "plugin/option.h"
#include "store/db.h"
#include "store/schema_out.h"
#include "store/store.h"
#include "store/tables.h"
#include "text/encoding.h"

#include <stdio.h>

struct schema_args {
	const char *as, *dialect, *entity, *local, *form, *format, *store;
	int dry;
};

/* ---- --as */

static int find_entity(struct hub_cli *cli, const struct hub_schema *s, const char *name,
		       const struct hub_entity **out)
{
	*out = name ? hub_schema_entity(s, hub_str_of(name)) : NULL;
	if (*out || !name)
		return HUB_OK;
	hub_fail(cli->err, HUB_USAGE, "unknown-entity", "no entity is named \"%s\"", name);
	hub_hint(cli->err, "`tsunagi schema` lists all of them.");
	return HUB_USAGE;
}

static int print_as(struct hub_cli *cli, const struct hub_schema *s, const struct schema_args *args)
{
	static const char *const dialects[] = {
	    [HUB_SQLITE] = "sqlite", [HUB_POSTGRES] = "postgres"};
	const char *d = args->dialect ? args->dialect : dialects[HUB_SQLITE];
	const struct hub_entity *only;
	HUB_AUTO(buf) struct hub_buf b;
	int rc;

	hub_buf_init(&b, HUB_SCHEMA_OUT_MAX);
	if ((rc = find_entity(cli, s, args->entity, &only)))
		return rc;
	if (strcmp(d, dialects[HUB_SQLITE]) != 0 && strcmp(d, dialects[HUB_POSTGRES]) != 0)
		return hub_cli_bad_value(cli, "dialect", d, "sqlite, postgres");
	const enum hub_dialect dialect = strcmp(d, "sqlite") == 0 ? HUB_SQLITE : HUB_POSTGRES;

	if (strcmp(args->as, "sql") == 0 && only)
		hub_schema_sql_table(only, dialect, &b);
	else if (strcmp(args->as, "sql") == 0)
		hub_schema_sql(s, dialect, &b);
	else if (strcmp(args->as, "xsd") == 0)
		hub_schema_xsd(s, &b);
	else if (strcmp(args->as, "json") == 0)
		hub_schema_json(s, &b);
	else if (strcmp(args->as, "md") == 0)
		hub_schema_md(s, &b);
	else if (strcmp(args->as, "csv-headers") == 0)
		hub_schema_csv(s, only, &b);
	else
		return hub_cli_bad_value(cli, "as", args->as, "sql, xsd, json, md, csv-headers");
	return hub_cli_put(cli, NULL, &b);
}

/* ---- overview, find */

static int overview(const struct hub_schema *s)
{
	uint32_t fields = 0, codes = 0, unofficial = 0;

	for (uint32_t i = 0; i < s->n_entities; i++) {
		const struct hub_entity *e = &s->entities[i];

		printf("%-16s %4u  %s\n", e->name.ptr, e->count, e->label.ptr);
		fields += e->count;
		for (uint32_t k = 0; k < e->count; k++)
			unofficial += (e->fields[k].flags & HUB_FF_UNOFFICIAL) != 0;
	}
	for (uint32_t i = 0; i < s->n_lists; i++)
		codes += s->lists[i].count;
	printf("%s %s: ", s->title.ptr, s->version.ptr);
	printf(hub_tr("%u entities, %u fields, %u code lists with %u codes\n"), s->n_entities,
	       fields, s->n_lists, codes);
	printf(hub_tr("%u fields are our proposal, not checked against the official form\n"),
	       unofficial);
	printf("hash %s\n", s->hash);
	return HUB_OK;
}

static void print_field(const struct hub_field *f)
{
	printf("%s.%s\t%s\t%s\t%s\t%c%s%s\n", f->entity->name.ptr, f->name.ptr, f->label.ptr,
	       hub_ftype_name(f->type), hub_fclass_name(f->pclass), f->source,
	       f->flags & HUB_FF_REVEALS ? "\treveals_address" : "",
	       f->flags & HUB_FF_UNOFFICIAL ? "\t項目案・公式様式未確認" : "");
}

/* What a header, a label or an id stands for: fields, entities, forbidden items. */
static int find_words(struct hub_cli *cli, const struct hub_schema *s, int n, char **words)
{
	int lost = 0;

	for (int i = 0; i < n; i++) {
		const struct hub_str w = hub_str_of(words[i]);
		const struct hub_banned *b = hub_schema_banned(s, w);
		const struct hub_entity *e = hub_schema_entity(s, w);
		const struct hub_alias *a = hub_schema_alias(s, w);
		const struct hub_field *f = hub_schema_path(s, w);

		if (b)
			printf("%s\t%s\t%s\n", b->name.ptr, b->label.ptr,
			       b->ban == HUB_BAN_FORBIDDEN ? "forbidden" : "dropped");
		if (e)
			printf("%s\t%s\tentity\n", e->name.ptr, e->label.ptr);
		if (f)
			print_field(f);
		lost += !b && !e && !a && !f;
		for (; a; a = hub_alias_next(s, a))
			print_field(a->field);
	}
	if (!lost)
		return HUB_OK;
	hub_fail(cli->err, HUB_USAGE, "not-in-schema",
		 "%d of %d words are not in the common case format", lost, n);
	hub_hint(
	    cli->err,
	    "A site adds fields and spellings in a local file: see schemas/local.example.cfg.");
	return HUB_USAGE;
}

/* ---- verify */

static const char *const kinds[] = {
    [HUB_VERIFY_SAME] = "same",
    [HUB_VERIFY_EXTRA] = "extra",
    [HUB_VERIFY_MISSING] = "missing",
    [HUB_VERIFY_LABEL] = "label",
    [HUB_VERIFY_CODE] = "code",
    [HUB_VERIFY_CODE_EXTRA] = "code-extra",
    [HUB_VERIFY_CODE_MISSING] = "code-missing",
};

enum { SHEETS_MAX = 1000, SHEET_LIMIT = 64 << 20 };

/* The rows of a sheet as the CSV they would be; a row without values is a blank line. The first column
 * holds the sheet's name. */
static int read_rows(struct hub_cli *cli, struct hub_instance *source,
		     struct hub_verify_sheet *sheet)
{
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(buf) struct hub_buf out;
	uint64_t line = 1;
	int rc;

	hub_buf_init(&out, SHEET_LIMIT);
	if (!b)
		return hub_fail_mem(cli->err);
	while ((rc = hub_source_next(source, b, cli->err)) == HUB_OK) {
		for (uint32_t r = 0; r < b->rows; r++, line++) {
			for (; line < b->prov[r].line; line++)
				hub_buf_putc(&out, '\n');
			for (uint32_t c = 1; c < b->cols; c++) {
				const struct hub_col *col = &b->col[c];
				const int is_text =
				    col->cell[r] == HUB_VALUE || col->cell[r] == HUB_INVALID;
				hub_layout_cell(&out, HUB_STR(","),
						is_text ? col->text[r] : HUB_STR(""), 0);
				hub_buf_putc(&out, c + 1 < b->cols ? ',' : '\n');
			}
			sheet->name = hub_arena_str(cli->arena, b->col[0].text[r]);
		}
		hub_batch_reset(b);
	}
	if (rc < 0)
		return rc;
	sheet->by_rows = 1;
	sheet->text = hub_buf_keep(&out, cli->arena);
	return sheet->text.ptr ? HUB_OK : hub_fail_mem(cli->err);
}

/* One sheet of a workbook. HUB_END: it has no such sheet. */
static int read_one(struct hub_cli *cli, const struct hub_plugin *plugin, const char *path,
		    unsigned number, struct hub_verify_sheet *sheet)
{
	static const char *const names[] = {"header", "sheet_column", "sheets"};
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	const struct hub_opt *input = hub_option_with(plugin, HUB_OPT_INPUT);
	struct hub_options o;
	char n[16];
	int rc = hub_options_init(&o, cli->arena, plugin, cli->err);

	snprintf(n, sizeof n, "%u", number);
	const char *const values[] = {"0", "sheet", n};
	if (!rc && input)
		rc = hub_options_set(&o, hub_str_of(input->name), hub_str_of(path), cli->err);
	for (size_t i = 0; i < HUB_COUNT(names) && !rc; i++)
		if (hub_option_find(plugin, hub_str_of(names[i])))
			rc = hub_options_set(&o, hub_str_of(names[i]), hub_str_of(values[i]),
					     cli->err);
	if (rc || (rc = hub_options_finish(&o, cli->err)))
		return rc;
	rc = hub_instance_open(plugin, o.conf, (struct hub_str){0}, &source, cli->err);
	if (!rc)
		rc = read_rows(cli, source, sheet);
	if (rc && strcmp(cli->err->code, "no-sheet") == 0 && number > 1)
		return HUB_END;
	return rc && strcmp(cli->err->code, "empty-sheet") == 0 ? HUB_OK : rc;
}

/* All sheets of a workbook, by the source that reads it, hidden ones too. */
static int read_workbook(struct hub_cli *cli, const struct hub_plugin *plugin, const char *path,
			 struct hub_verify_sheet *sheet, size_t *n)
{
	const int many = hub_option_find(plugin, HUB_STR("sheets")) != NULL;
	int rc = HUB_OK;

	for (*n = 0; *n < (many ? (size_t)SHEETS_MAX : 1) && !rc; *n += rc == HUB_OK)
		rc = read_one(cli, plugin, path, (unsigned)*n + 1, &sheet[*n]);
	if (rc == HUB_END)
		*cli->err = (struct hub_err){0};
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_text(struct hub_cli *cli, const char *path, struct hub_str *text)
{
	struct hub_str bytes;
	size_t bom, used;
	int rc;

	if ((rc = hub_file_read(cli->arena, path, 64u << 20, &bytes, cli->err)))
		return rc;
	const enum hub_enc enc = hub_enc_detect(bytes, 1, &bom);
	const struct hub_str body = hub_str_from(bytes, bom);
	*text = hub_decode_arena(cli->arena, enc, body, &used, NULL);
	if (!text->ptr && body.len)
		return hub_fail_mem(cli->err);
	if (used < body.len) {
		hub_fail(cli->err, HUB_REJECT, "undecodable", "%s: byte %zu does not fit %s", path,
			 bom + used, hub_enc_name(enc));
		return HUB_REJECT;
	}
	return HUB_OK;
}

static int read_sheets(struct hub_cli *cli, const char *path, struct hub_verify_sheet **sheet,
		       size_t *n)
{
	const struct hub_plugin *plugin;
	struct hub_plugins *plugins;
	int rc;

	if (!(*sheet = hub_alloc_array(cli->arena, SHEETS_MAX, sizeof **sheet)))
		return hub_fail_mem(cli->err);
	*n = 1;

	if ((rc = hub_work_plugins(cli, &plugins)) ||
	    (rc = hub_source_choose(plugins, path, &plugin, cli->err)))
		return rc;
	return hub_option_find(plugin, HUB_STR("delimiter"))
		   ? read_text(cli, path, &(*sheet)->text)
		   : read_workbook(cli, plugin, path, *sheet, n);
}

/* C12, as Excel calls it; the line alone for what stands nowhere. */
static void print_cell(const struct hub_verify *r, struct hub_buf *b)
{
	char letters[8];
	size_t n = sizeof letters;

	for (uint32_t c = r->column; c && n; c = (c - 1) / 26)
		letters[--n] = (char)('A' + (c - 1) % 26);
	hub_buf_printf(b, "%.*s%u", (int)(sizeof letters - n), letters + n, r->line);
}

/* On one line: cells of a sheet hold line ends. */
static void put_text(struct hub_buf *b, struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		hub_buf_putc(b, strchr("\r\n\t", s.ptr[i]) ? ' ' : s.ptr[i]);
	hub_buf_putc(b, '\t');
}

static void print_verify(const struct hub_verify *r, int jsonl, struct hub_buf *b)
{
	if (!jsonl) {
		hub_buf_printf(b, "%s\t%s%s%s\t", kinds[r->kind],
			       r->field ? r->field->entity->name.ptr : "-", r->field ? "." : "",
			       r->field ? r->field->name.ptr : "");
		put_text(b, r->official);
		put_text(b, r->ours);
		hub_buf_printf(b, "%.*s%s", HUB_FMT(r->sheet), r->sheet.len ? ":" : "");
		print_cell(r, b);
		hub_buf_putc(b, '\n');
		return;
	}
	hub_buf_putc(b, '{');
	hub_json_field(b, "kind", hub_str_of(kinds[r->kind]));
	if (r->field) {
		hub_json_field(b, "entity", r->field->entity->name);
		hub_json_field(b, "field", r->field->name);
	}
	hub_json_field(b, "official", r->official);
	hub_json_field(b, "ours", r->ours);
	if (r->sheet.len)
		hub_json_field(b, "sheet", r->sheet);
	hub_json_int(b, "line", r->line);
	if (r->column) {
		HUB_AUTO(buf) struct hub_buf cell;
		hub_buf_init(&cell, 64);
		print_cell(r, &cell);
		hub_json_field(b, "cell", hub_buf_text(&cell));
	}
	hub_buf_puts(b, "}\n");
}

static int verify(struct hub_cli *cli, const struct hub_schema *s, const struct schema_args *args,
		  const char *path)
{
	const int jsonl = args->format && strcmp(args->format, "jsonl") == 0;
	const struct hub_verify *list;
	struct hub_verify_sheet *sheet = NULL;
	size_t sheets = 0, n, differ = 0;
	HUB_AUTO(buf) struct hub_buf b;
	int rc;

	hub_buf_init(&b, HUB_SCHEMA_OUT_MAX);
	if (args->format && !jsonl && strcmp(args->format, "table") != 0)
		return hub_cli_bad_value(cli, "format", args->format, "table, jsonl");
	if ((rc = read_sheets(cli, path, &sheet, &sheets)))
		return rc;
	if ((rc = hub_schema_verify(cli->arena, s, sheet, sheets, hub_str_of(args->form), &list, &n,
				    cli->err)))
		return rc;
	for (size_t i = 0; i < n; i++) {
		differ += list[i].kind != HUB_VERIFY_SAME;
		print_verify(&list[i], jsonl, &b);
	}
	if ((rc = hub_cli_put(cli, NULL, &b)))
		return rc;
	fprintf(stderr, hub_tr("%zu items compared, %zu differences\n"), n, differ);
	if (differ)
		cli->exit_code = hub_exit_code(HUB_DRIFT);
	return HUB_OK;
}

/* ---- apply */

static void print_change(const struct hub_change *c)
{
	const char *table = c->entity->name.ptr;

	switch (c->kind) {
	case HUB_CHANGE_TABLE:
		printf("add table cc_%s\n", table);
		break;
	case HUB_CHANGE_ADD:
		printf("add column cc_%s.%.*s\n", table, HUB_FMT(c->to));
		break;
	case HUB_CHANGE_RENAME:
		printf("rename column cc_%s.%.*s to %.*s\n", table, HUB_FMT(c->from),
		       HUB_FMT(c->to));
		break;
	case HUB_CHANGE_LEFT:
		printf("keep column cc_%s.%.*s, which no field names\n", table, HUB_FMT(c->from));
		break;
	}
}

/* Shows what the store lacks, and adds it unless this is a dry run. */
static int apply(struct hub_cli *cli, const struct hub_schema *s, const struct schema_args *args)
{
	HUB_AUTO(store) struct hub_store *store = NULL;
	const struct hub_change *changes;
	size_t n, left = 0;
	int rc;

	if ((rc = hub_store_open(cli->arena, args->store,
				 HUB_OPEN_ANY_SCHEMA | (args->dry ? HUB_OPEN_READONLY : 0), s,
				 &store, cli->err)))
		return rc;
	if ((rc = hub_tables_diff(hub_store_db(store), cli->arena, s, &changes, &n, cli->err)))
		return rc;
	for (size_t i = 0; i < n; i++) {
		print_change(&changes[i]);
		left += changes[i].kind == HUB_CHANGE_LEFT;
	}
	if (!args->dry && (rc = hub_store_schema_apply(store, cli->err)))
		return rc;
	if (args->dry)
		fprintf(stderr, hub_tr("%zu changes; nothing was written (--dry-run)\n"), n - left);
	else
		fprintf(stderr, hub_tr("%zu changes; the store now has schema %s\n"), n - left,
			s->hash);
	return HUB_OK;
}

/* ---- the command */

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct schema_args args = {0};
	const struct hub_arg options[] = {
	    {"as", "FORM", &args.as, NULL, HUB_N("write it as: sql xsd json md csv-headers")},
	    {"dialect", "NAME", &args.dialect, NULL, HUB_N("sql: sqlite (default) or postgres")},
	    {"entity", "NAME", &args.entity, NULL, HUB_N("sql, csv-headers: this entity only")},
	    {"schema", "FILE", &args.local, NULL,
	     HUB_N("local file with the site's own fields and codes")},
	    {"form", "TEXT", &args.form, NULL,
	     HUB_N("verify: compare with the items of this form")},
	    {"store", "URL", &args.store, NULL,
	     HUB_N("apply: the store, sqlite:PATH or postgresql://...")},
	    {"dry-run", NULL, NULL, &args.dry, HUB_N("apply: show the changes, write nothing")},
	    {"format", "NAME", &args.format, NULL, HUB_N("verify: table (default) or jsonl")},
	    HUB_ARG_END};
	const struct hub_schema *s;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_schema, options, argc, argv, &n)))
		return rc;
	if ((rc = hub_work_schema(cli, args.local, &s)))
		return rc;
	if (args.as && n == 0)
		return print_as(cli, s, &args);
	if (n == 0)
		return overview(s);
	if (!args.as && n > 1 && strcmp(argv[0], "find") == 0)
		return find_words(cli, s, n - 1, argv + 1);
	if (!args.as && n == 2 && strcmp(argv[0], "verify") == 0)
		return verify(cli, s, &args, argv[1]);
	if (!args.as && n == 1 && strcmp(argv[0], "apply") == 0 && args.store)
		return apply(cli, s, &args);
	hub_fail(cli->err, HUB_USAGE, "wrong-arguments",
		 "schema does not understand these arguments");
	hub_hint(cli->err, "`tsunagi schema --help` shows the forms it knows.");
	return HUB_USAGE;
}

const struct hub_cmd hub_cmd_schema = {
    .name = "schema",
    .summary = HUB_N("show, derive and verify the common case format"),
    .usage = "[find WORD... | verify FILE | apply --store URL] [--as FORM]",
    .help = HUB_N(
	"Without arguments: the entities, how many fields each has, and the hash.\n"
	"find WORD...     which fields a header, label or id stands for\n"
	"verify FILE      compare an official list of items (columns 項目, 様式, 選択肢), a form "
	"or\n"
	"                 the header of a data file, all sheets of a workbook, with the "
	"catalogue:\n"
	"                 missing, extra, differing.\n"
	"                 Exit code 10 when they differ.\n"
	"apply            bring a store to this schema: adds tables and columns, renames what\n"
	"                 was = \"...\" names, never drops. Try --dry-run first.\n"),
    .run = run,
};
