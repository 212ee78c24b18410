#include "intake/guess_in.h"

#include "base/err.h"
#include "base/hash.h"

#include <ctype.h>

enum { TRIALS = 3 };

/* A name for the mapping out of the file's: letters, digits, hyphens. It is the name of the system as well, below which
 * its records have their keys: two files whose letters are the same (ほのぼの.csv, わいず.csv) are told apart by a number
 * made of the others. The others themselves stay out of it: they may be somebody's name. */
static struct hub_str name_from(struct hub_arena *a, struct hub_str file)
{
	char *p = hub_arena_cstr(a, file);
	size_t n = 0, end = 0;
	int lost = 0;

	if (!p)
		return (struct hub_str){0};
	for (; end < file.len && file.ptr[end] != '.'; end++) {
		const unsigned char c = (unsigned char)file.ptr[end];
		lost |= c >= 0x80;
		if (isalnum(c) && c < 0x80)
			p[n++] = (char)tolower(c);
		else if (n && p[n - 1] != '-')
			p[n++] = '-';
	}
	while (n && p[n - 1] == '-')
		n--;
	const struct hub_str letters = n ? (struct hub_str){p, n} : HUB_STR("guessed");
	if (!lost)
		return letters;
	const struct hub_hash h = hub_hash128(hub_str_cut(file, 0, end), (struct hub_hash){0});
	return hub_arena_printf(a, "%.*s-%06x", HUB_FMT(letters), (unsigned)(h.lo & 0xffffff));
}

/* --- the trial: the mapping over the whole file ------------------------------------------------ */

static int bind_trial(struct hub_guess *g, struct hub_arena *a, const struct hub_mapping *m,
		      struct hub_bound **out, struct hub_err *err)
{
	struct hub_str *names = hub_alloc_array(a, (size_t)g->cols + 1, sizeof *names);

	if (!names)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < g->cols; i++)
		names[i] = g->col[i].name;
	return hub_mapping_bind(a, m, names, g->cols, out, NULL, err);
}

static void count_refusals(struct hub_guess *g, const struct hub_chunk *c)
{
	for (uint32_t r = 0; r < c->n; r++) {
		if (hub_guess_beyond(g, c->prov[r].line))
			break;
		const int aside = c->fate[r] == HUB_FATE_OUTSIDE && g->leave_odd;
		g->result.aside += (uint64_t)aside;
		g->result.records += c->fate[r] != HUB_FATE_HEADER && !aside;
		if (c->fate[r] != HUB_FATE_REJECTED)
			continue;
		if (g->result.rejected++ == 0) {
			g->result.reject_line = c->prov[r].line;
			g->result.reject_code = c->code[r];
		}
		for (uint32_t i = 0; i < g->cols; i++)
			if (g->col[i].field && strcmp(c->code[r], "bad-bytes") != 0 &&
			    strcmp(c->code[r], "same-as-above") != 0 && /* to be written out */
			    strcmp(c->code[r], "digits-lost") != 0 &&   /* to be looked up */
			    hub_str_eq(g->col[i].name, c->column[r]))
				g->col[i].refused++;
	}
}

/* A column whose cells the mapping refuses is read leniently; 1 when that changes the mapping. Dates are
 * what records hang on: in a large file a few bad ones are for the rejects. */
static int learn(struct hub_guess *g)
{
	int changed = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		if (c->refused == 0 || c->lenient)
			continue;
		const int date = c->field->type == HUB_F_DATE || c->field->type == HUB_F_DATETIME ||
				 c->field->type == HUB_F_TIME;
		if (date && g->result.records >= 1000 && c->refused * 200 < g->result.records)
			continue;
		c->lenient = 1;
		changed = 1;
	}
	return changed;
}

static int try_mapping(struct hub_guess *g, int *changed, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	HUB_AUTO(arena) struct hub_arena *keep = hub_arena_new(0);
	HUB_AUTO(arena) struct hub_arena *scratch = hub_arena_new(0);
	struct hub_report *report = keep ? hub_report_new(keep) : NULL;
	struct hub_mapping *m = NULL;
	struct hub_bound *bound;
	int rc;

	if (!b || !scratch || !report)
		return hub_fail_mem(err);
	g->result.records = g->result.rejected = g->result.aside = 0;
	for (uint32_t i = 0; i < g->cols; i++)
		g->col[i].refused = 0;
	if ((rc = hub_mapping_load_text(keep, "guess", g->mapping, g->schema, report, &m, err)) ||
	    (rc = bind_trial(g, keep, m, &bound, err)) || (rc = hub_guess_open(g, &source, err)))
		return rc;
	while ((rc = hub_source_next(source, b, err)) == HUB_OK) {
		struct hub_chunk c = {.arena = scratch};
		if ((rc = hub_map_keys(bound, b, &c, NULL, err)) ||
		    (rc = hub_map_rows(bound, b, &c, NULL, err)))
			return rc;
		count_refusals(g, &c);
		hub_batch_reset(b);
		hub_arena_reset(scratch);
	}
	*changed = rc == HUB_END && learn(g);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Without anything between cells, and no word that is known: each line is a record of fixed length, or a text. Its
 * first line is no header. */
static int is_one_column(const struct hub_guess *g)
{
	struct guess_cand cand[1];

	return g->delimited && g->cols == 1 && g->has_header &&
	       hub_guess_candidates(g->schema, g->col[0].name, cand, 1) == 0 &&
	       !hub_schema_banned(g->schema, g->col[0].name);
}

/* 氏名 | 架空 花子 over 住所 | ...: what stands beside the names of fields are their values. The first of them may have been
 * taken for a header, which then holds a value: neither is shown. */
static int refuse_labels(const struct hub_guess *g, struct hub_err *err)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		const int first = g->has_header && hub_str_is(hub_str_trim(c->name), "氏名");
		if (!(c->names_name || first) || c->labelled * 2 < c->tried ||
		    (g->has_header && c->labels < GUESS_LABELS))
			continue;
		(void)hub_fail(err, HUB_REJECT, "labels",
			       "column %u of %s holds the names of fields: a form, not a list",
			       i + 1, g->path);
		hub_hint(err, "Save it as .xlsx with a sheet for each person, or as .docx with a "
			      "document for each: forms are read so. Or make it a list with a row "
			      "for each.");
		return HUB_REJECT;
	}
	return HUB_OK;
}

/* Two products that both export list.csv are two systems: one would write its records over the other's. */
static int name_by_columns(struct hub_guess *g, struct hub_err *err)
{
	struct hub_hash h = {0};

	if (g->task->name.len || !g->cols)
		return HUB_OK;
	for (uint32_t i = 0; i < g->cols; i++)
		h = hub_hash128(g->col[i].name, h);
	g->name =
	    hub_arena_printf(g->arena, "%.*s-%06x", HUB_FMT(g->name), (unsigned)(h.lo & 0xffffff));
	return g->name.ptr ? HUB_OK : hub_fail_mem(err);
}

static int nothing_found(const struct hub_guess *g, struct hub_err *err)
{
	int rc;

	if (g->delimited && g->rows + g->has_header <= 1) { /* of an export without records */
		rc = hub_fail(err, HUB_REJECT, "no-records",
			      "%s holds a header at most and no record below it", g->path);
		hub_hint(err,
			 "Export a file that has records: their cells say what the columns are.");
		return rc;
	}
	if (!g->delimited && g->rows == 0) { /* a family tree without people */
		rc = hub_fail(err, HUB_REJECT, "no-records",
			      "%s holds no record that source %.*s can read", g->path,
			      HUB_FMT(g->result.source));
		hub_hint(err, "Ask for the file again, with records; `tsunagi inspect` shows what "
			      "is read of it.");
		return rc;
	}
	if (g->line_length) {
		rc = hub_fail(err, HUB_REJECT, "fixed-width",
			      "%s has no delimiter, and its lines are %zu bytes long each: a "
			      "fixed-width file",
			      g->path, g->line_length);
		hub_hint(err, "Ask for the layout sheet of the system, and write a mapping with "
			      "source: { plugin = \"fixed\"; columns = \"NAME=FROM-TO; ...\"; } "
			      "(bytes, from 1), like mappings/gateway-fixed.");
		return rc;
	}
	rc = hub_fail(err, HUB_REJECT, "no-columns", "%s has no column that can be told", g->path);
	hub_hint(err, "Look at it with `tsunagi inspect`; a mapping can be written by hand.");
	return rc;
}

static void free_sets(struct hub_guess *g)
{
	for (uint32_t i = 0; i < g->cols; i++)
		hub_guess_unique_free(&g->col[i].unique);
}

struct hub_err *hub_guess_try(const struct hub_guess *g)
{
	struct guess_tries *t = g->tries;
	const int rc = t->last.rc;

	if ((rc == HUB_FATAL || rc == HUB_RETRY || rc == HUB_INTERRUPTED) && !t->trouble.rc)
		t->trouble = t->last;
	t->last = (struct hub_err){0};
	return &t->last;
}

static int guess(struct hub_guess *g, struct hub_err *err)
{
	int changed = 1;
	int rc = hub_guess_form(g, err);

	if (rc || (rc = hub_guess_known(g, err)) || g->result.known.len ||
	    (rc = hub_guess_scan(g, err)))
		return rc;
	g->result.columns = g->cols;
	if (g->cols == 0 || is_one_column(g) || g->line_length)
		return nothing_found(g, err);
	if (!g->is_form && !g->prose && (rc = refuse_labels(g, err)))
		return rc;
	if ((rc = hub_guess_match(g, err)) || (rc = name_by_columns(g, err)))
		return rc;
	for (int i = 0; i < TRIALS && changed; i++) {
		if ((rc = hub_guess_write(g, err)))
			return rc;
		if (g->result.mapped == 0)
			return nothing_found(g, err);
		if ((rc = try_mapping(g, &changed, err)))
			return rc;
	}
	hub_guess_fitting(g);
	hub_guess_like(g);
	hub_guess_sheets_left(g);
	return HUB_OK;
}

int hub_guess_file(struct hub_arena *a, const struct hub_guess_task *task, struct hub_guess **out,
		   struct hub_err *err)
{
	struct hub_guess *g = hub_alloc0(a, sizeof *g);
	const char *slash = strrchr(task->path, '/');

	if (!g)
		return hub_fail_mem(err);
	g->arena = a;
	g->task = task;
	g->path = task->path;
	g->schema = task->schema;
	g->plugins = task->plugins;
	g->file = hub_str_of(slash ? slash + 1 : task->path);
	g->name = task->name.len ? task->name : name_from(a, g->file);
	g->tries = hub_alloc0(a, sizeof *g->tries);
	/* ICU loads its tables with the first text; what looks at cells cannot say that there was no memory for them */
	if (!g->name.ptr || !g->tries || !hub_fold_width(a, g->name, 0, NULL).ptr)
		return hub_fail_mem(err);
	int rc = guess(g, err);
	free_sets(g);
	(void)hub_guess_try(g);
	if (g->tries->trouble.rc) {
		*err = g->tries->trouble;
		rc = err->rc;
	}
	if (rc)
		return rc;
	*out = g;
	return HUB_OK;
}

const struct hub_guess_result *hub_guess_result(const struct hub_guess *g)
{
	return &g->result;
}

struct hub_str hub_guess_mapping(const struct hub_guess *g)
{
	return g->mapping;
}
