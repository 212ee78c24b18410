/* tsunagi preview: the first records of a file as they are, as the mapping reads them, and masked; before
 * anything is stored. The file's reader holds it already, so its values may be shown. */
#include "base/json.h"
#include "base/table.h"
#include "cli/feed.h"
#include "cli/page.h"
#include "cli/reveal.h"
#include "cli/work.h"
#include "intake/detect_rows.h"
#include "intake/input.h"
#include "intake/reject.h"
#include "plugin/batch.h"
#include "release/render.h"
#include "text/number.h"

enum part { PART_RAW = 1, PART_NORMALISED = 2, PART_MASKED = 4, PART_ALL = 7 };

struct options {
	const char *mapping, *rows, *as, *html, *local, *encoding;
	unsigned parts;
	int64_t n;
};

/* One batch of the file, mapped. */
struct preview {
	struct hub_cli *cli;
	const struct options *o;
	struct hub_batch *batch;
	struct hub_chunk chunk;
	struct hub_str *name; /* of the columns */
	struct hub_layout layout;
	struct hub_buf out;
	uint32_t detectors; /* there is something that finds personal information in texts */
};

/* --- reading ---------------------------------------------------------------------------------- */

static int map_batch(struct preview *p, const struct hub_intake *in, const struct hub_bound *bound,
		     struct hub_err *err)
{
	HUB_AUTO(detect) struct hub_detect *d = NULL;
	struct hub_findings *f = hub_findings_new(p->cli->arena);
	int rc;

	p->chunk = (struct hub_chunk){.arena = p->cli->arena,
				      .seq = 1,
				      .n = p->batch->rows,
				      .prov = p->batch->prov,
				      .input = hub_str_of(in->path)};
	if (!f)
		return hub_fail_mem(err);
	if ((rc = hub_map_keys(bound, p->batch, &p->chunk, f, err)) ||
	    (rc = hub_map_rows(bound, p->batch, &p->chunk, f, err)) ||
	    (rc = hub_detect_open(in->plugins, NULL, &d, err)))
		return rc;
	return hub_detect_rows(d, HUB_STR("preview"), &p->chunk, HUB_DETECT_ALL, err);
}

static int read_file(struct preview *p, const struct hub_intake *in, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(buf) struct hub_buf drift;
	struct hub_bound *bound;
	int rc;

	hub_buf_init(&drift, 1 << 20);
	if ((rc = hub_input_open(p->cli->arena, in, (struct hub_str){NULL, 0}, &source, err)) ||
	    (rc = hub_source_next(source, p->batch, err)) < 0)
		return rc;
	/* one batch is enough; of a long one only the records asked for */
	for (uint32_t r = 0, data = 0; r < p->batch->rows; r++)
		if (p->batch->verdict[r] != HUB_ROW_DROP && ++data == p->o->n)
			p->batch->rows = r + 1;
	if ((rc = hub_input_names(p->cli->arena, p->batch, &p->name, err)))
		return rc;
	hub_input_layout(in, p->batch, p->name, &p->layout);
	rc = hub_mapping_bind(p->cli->arena, in->mapping, p->name, p->batch->cols, &bound, &drift,
			      err);
	if (rc == HUB_DRIFT)
		fwrite(drift.ptr, 1, drift.len, stderr);
	return rc ? rc : map_batch(p, in, bound, err);
}

/* --- showing ---------------------------------------------------------------------------------- */

/* The text with each span as 【kind】. */
static struct hub_str mask_text(struct hub_arena *a, struct hub_str text, struct hub_str spans)
{
	json_error_t e;
	json_t *all = spans.len ? hub_json_read(spans, 0, &e) : NULL;
	const size_t n = json_array_size(all);
	struct hub_patch *patch = hub_alloc_array(a, n + 1, sizeof *patch);
	HUB_AUTO(buf) struct hub_buf out;

	hub_buf_init(&out, (size_t)64 << 20);
	for (size_t i = 0; patch && i < n; i++) {
		const json_t *one = json_array_get(all, i);
		const char *type = json_string_value(json_array_get(one, 2));
		patch[i] = (struct hub_patch){
		    .start = (uint32_t)json_integer_value(json_array_get(one, 0)),
		    .end = (uint32_t)json_integer_value(json_array_get(one, 1)),
		    .show = HUB_SHOW_MASKED,
		    .label = hub_arena_printf(a, "【%s】", hub_page_span(type))};
	}
	if (patch)
		hub_patch_text(&out, text, patch, (uint32_t)n);
	json_decref(all);
	if (spans.len && !all) /* unread spans hide nothing */
		hub_arena_fail(a);
	return hub_buf_keep(&out, a);
}

/* Is it a number of the person of the same record? The gate shows it as that one (release/rowctx_ask.c). */
static int tells_who(const struct preview *p, uint32_t rec, struct hub_str value)
{
	for (uint32_t i = 0; i < p->chunk.blocks; i++) {
		const struct hub_rows *b = &p->chunk.rows[i];
		for (uint32_t c = 0; c < b->cols; c++) {
			const struct hub_field *f = b->field[c];
			if (!hub_str_is(f->entity->name, "person") || f->type != HUB_F_ID ||
			    f->pclass != HUB_C_IDENTIFIER)
				continue;
			for (uint32_t r = 0; r < b->n; r++)
				if (b->src[r] == rec && b->col[c].cell[r] == HUB_VALUE &&
				    hub_number_within(value, b->col[c].text[r]))
					return 1;
		}
	}
	return 0;
}

static struct hub_str masked(struct preview *p, const struct hub_rows *b, uint32_t c, uint32_t r)
{
	const struct hub_field *f = b->field[c];
	const struct hub_vec *s = b->spans ? &b->spans[c] : NULL;

	if (f->type == HUB_F_ID && tells_who(p, b->src[r], b->col[c].text[r]))
		return HUB_STR("●●●");
	if (f->type != HUB_F_NARRATIVE)
		return hub_reveal_text(p->cli->arena, f, b->col[c].text[r], NULL);
	if (!p->detectors)
		return hub_str_of(hub_tr("[withheld: no detector is installed]"));
	return mask_text(p->cli->arena, b->col[c].text[r],
			 s && s->cell && s->cell[r] == HUB_VALUE ? s->text[r]
								 : (struct hub_str){NULL, 0});
}

/* A page speaks the words of the forms; the terminal those of mappings, for the next command. */
static struct hub_str field_name(const struct preview *p, const struct hub_field *f)
{
	struct hub_arena *a = p->cli->arena;

	if (p->o->html)
		return hub_arena_printf(a, "%.*s %.*s", HUB_FMT(hub_page_entity(f->entity)),
					HUB_FMT(hub_page_field(f)));
	return hub_arena_printf(a, "%.*s.%.*s", HUB_FMT(f->entity->name), HUB_FMT(f->name));
}

static struct hub_str value(const struct preview *p, const struct hub_field *f, struct hub_str text)
{
	return p->o->html ? hub_page_value(p->cli->arena, f, text) : text;
}

/* What the field would hold; a cell that cannot be read leaves it empty. */
static struct hub_str shown(struct preview *p, const struct hub_rows *b, uint32_t c, uint32_t r,
			    int hide)
{
	const struct hub_str text = b->col[c].text[r];

	if (b->col[c].cell[r] == HUB_INVALID)
		return hide ? hub_str_of(hub_tr("[not readable: stays empty]"))
			    : hub_arena_printf(p->cli->arena,
					       hub_tr("[not readable: stays empty] %.*s"),
					       HUB_FMT(text));
	return value(p, b->field[c], hide ? masked(p, b, c, r) : text);
}

/* Was the line split into cells at all? */
static int has_cells(const struct preview *p, uint32_t rec)
{
	for (uint32_t c = 0; c < p->batch->cols; c++)
		if (p->batch->col[c].cell[rec] != HUB_ABSENT)
			return 1;
	return 0;
}

static struct hub_table *raw_table(struct preview *p, uint32_t rec)
{
	struct hub_table *t = hub_table_new(p->cli->arena, hub_str_of(hub_tr("as it came")));
	int hex;

	if (!t)
		return NULL;
	hub_table_col(t, "column", HUB_N("column"), 0);
	hub_table_col(t, "value", HUB_N("value"), 0);
	for (uint32_t c = 0; c < p->batch->cols; c++) {
		const struct hub_col *col = &p->batch->col[c];
		const int there = col->cell[rec] >= HUB_VALUE;
		hub_table_str(t, p->name[c]);
		hub_table_str(
		    t, there ? hub_reject_cell(p->cli->arena, &p->layout, col->text[rec], &hex)
			     : (struct hub_str){NULL, 0});
	}
	return t;
}

static struct hub_table *field_table(struct preview *p, uint32_t rec, enum part part)
{
	const int hide = part == PART_MASKED;
	struct hub_table *t =
	    hub_table_new(p->cli->arena, hub_str_of(hide ? hub_tr("as it is masked")
							 : hub_tr("as the mapping reads it")));

	if (!t)
		return NULL;
	hub_table_col(t, "field", HUB_N("field"), 0);
	hub_table_col(t, "value", HUB_N("value"), 0);
	for (uint32_t i = 0; i < p->chunk.blocks; i++) {
		const struct hub_rows *b = &p->chunk.rows[i];
		for (uint32_t r = 0; r < b->n; r++)
			for (uint32_t c = 0; b->src[r] == rec && c < b->cols; c++) {
				if (b->col[c].cell[r] < HUB_VALUE)
					continue;
				hub_table_str(t, field_name(p, b->field[c]));
				hub_table_str(t, shown(p, b, c, r, hide));
			}
	}
	return t;
}

static void title(struct preview *p, uint32_t rec, int html)
{
	const struct hub_chunk *c = &p->chunk;
	const unsigned long long line = (unsigned long long)c->prov[rec].line;
	struct hub_str s = hub_arena_printf(p->cli->arena, hub_tr("line %lld"), (long long)line);

	if (c->fate[rec] == HUB_FATE_REJECTED)
		s = hub_arena_printf(p->cli->arena, hub_tr("%.*s: rejected [%s] %.*s%s%.*s"),
				     HUB_FMT(s), c->code[rec], HUB_FMT(c->column[rec]),
				     c->column[rec].len ? ": " : "", HUB_FMT(c->reason[rec]));
	else if (c->fate[rec] == HUB_FATE_OUTSIDE)
		s = hub_arena_printf(p->cli->arena, hub_tr("%.*s: out of scope"), HUB_FMT(s));
	if (html) {
		hub_buf_puts(&p->out, "<h2>");
		hub_html_str(&p->out, s);
		hub_buf_puts(&p->out, "</h2>\n<div style=\"display:grid;grid-template-columns:"
				      "repeat(auto-fit,minmax(15rem,1fr));gap:1rem\">\n");
	} else {
		hub_buf_printf(&p->out, "== %.*s\n", HUB_FMT(s));
	}
}

static int show_record(struct preview *p, uint32_t rec, int html)
{
	const int mapped = p->chunk.fate[rec] == HUB_FATE_OPEN;
	struct hub_table *part[3] = {
	    p->o->parts & PART_RAW && has_cells(p, rec) ? raw_table(p, rec) : NULL,
	    mapped && (p->o->parts & PART_NORMALISED) ? field_table(p, rec, PART_NORMALISED) : NULL,
	    mapped && (p->o->parts & PART_MASKED) ? field_table(p, rec, PART_MASKED) : NULL};

	title(p, rec, html);
	for (size_t i = 0; i < HUB_COUNT(part); i++) {
		if (!part[i])
			continue;
		hub_buf_puts(&p->out, html ? "<div>" : "");
		if (hub_table_print(part[i], html ? HUB_TABLE_HTML : HUB_TABLE_TEXT, &p->out))
			return -1;
		hub_buf_puts(&p->out, html ? "</div>\n" : "\n");
	}
	hub_buf_puts(&p->out, html ? "</div>\n" : "");
	return hub_buf_ok(&p->out) ? 0 : -1;
}

static int show(struct preview *p, const char *path)
{
	const int html = p->o->html != NULL;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (html)
		hub_html_begin(&p->out,
			       hub_arena_printf(p->cli->arena, hub_tr("Preview of %s"), name));
	for (uint32_t r = 0; r < p->chunk.n; r++) {
		if (p->chunk.fate[r] == HUB_FATE_HEADER)
			continue;
		if (show_record(p, r, html))
			return hub_fail_mem(p->cli->err);
	}
	if (html)
		hub_html_end(&p->out);
	return hub_cli_put(p->cli, p->o->html, &p->out);
}

/* --- command ---------------------------------------------------------------------------------- */

static int read_options(struct hub_cli *cli, struct options *o)
{
	static const char *const words[] = {"raw", "normalised", "masked"};

	o->n = 5;
	const int rc = hub_cli_number(cli, "rows", o->rows, 1, 1000, &o->n);
	if (rc)
		return rc;
	o->parts = o->as ? 0 : PART_ALL;
	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (o->as && strcmp(o->as, words[i]) == 0)
			o->parts = 1u << i;
	return o->parts ? HUB_OK : hub_cli_bad_value(cli, "as", o->as, "raw, normalised, masked");
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const struct hub_arg args[] = {
	    {"mapping", "NAME", &o.mapping, NULL, HUB_N("folder of mappings/, or a mapping file")},
	    {"rows", "N", &o.rows, NULL, HUB_N("the first N records (default: 5)")},
	    {"as", "FORM", &o.as, NULL, HUB_N("raw, normalised or masked only")},
	    {"html", "FILE", &o.html, NULL,
	     HUB_N("one page that needs nothing else, side by side")},
	    {"encoding", "NAME", &o.encoding, NULL,
	     HUB_N("cp932, utf-8, ... instead of what the mapping says")},
	    HUB_ARG_SCHEMA(&o.local),
	    HUB_ARG_END,
	};
	const struct hub_str option = HUB_STR("encoding");
	struct preview p = {.cli = cli, .o = &o};
	struct hub_intake in = {0};
	struct hub_plugins *plugins;
	struct hub_mapping *mapping;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_preview, args, argc, argv, &n)))
		return rc;
	if (n != 1)
		return hub_fail(cli->err, HUB_USAGE, "file-missing", "preview wants one file");
	if ((rc = read_options(cli, &o)) || (rc = hub_work_schema(cli, o.local, &in.schema)) ||
	    (rc = hub_work_plugins(cli, &plugins)) ||
	    (rc = hub_work_detectors(cli, plugins, NULL)) ||
	    (rc = hub_plugins_open(plugins, HUB_DETECTOR, &p.detectors, cli->err)) ||
	    (rc = hub_work_mapping(cli, o.mapping, in.schema, &mapping)))
		return rc;
	const struct hub_str value = hub_str_of(o.encoding);
	in.plugins = plugins;
	in.mapping = mapping;
	in.path = argv[0];
	in.options = o.encoding != NULL;
	in.option_name = &option;
	in.option_value = &value;
	if (!(p.batch = hub_batch_new(0)))
		return hub_fail_mem(cli->err);
	hub_buf_init(&p.out, (size_t)64 << 20);
	rc = read_file(&p, &in, cli->err);
	if (!rc)
		rc = show(&p, argv[0]);
	hub_buf_free(&p.out);
	hub_batch_free(p.batch);
	return rc;
}

const struct hub_cmd hub_cmd_preview = {
    .name = "preview",
    .summary = HUB_N("the first records as they are, as the mapping reads them, and masked"),
    .usage = "FILE --mapping NAME [--rows N] [--as raw|normalised|masked] [--html FILE]",
    .help = HUB_N("Stores nothing.\n"
		  "examples:\n"
		  "  tsunagi preview cases.csv --mapping legacy-care-record\n"
		  "  tsunagi preview cases.csv --mapping legacy-care-record --html preview.html\n"),
    .run = run,
};
