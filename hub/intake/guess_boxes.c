/* Forms: labels with a box beside or below them, a sheet or a document a record. Which texts are labels is
 * told by the words that the schema knows and by the columns that those stand in; a workbook's boxes are
 * named by cell, a document's by label. */
#include "intake/guess_paper.h"

#include "base/err.h"
#include "intake/choice.h"
#include "plugin/option.h"

enum { SHEETS = 60, BELOW = 20 };

/* --- boxes ------------------------------------------------------------------------------------------- */

static struct hub_str cell_name(const struct guess_paper *p, uint32_t col, uint64_t line)
{
	return hub_arena_printf(p->g->arena, "%.*s%llu", HUB_FMT(p->column[col]),
				(unsigned long long)line);
}

/* The column of the value beside run i, if that is a label in the column of this one; 0: none. */
static uint32_t value_beside(const struct guess_paper *p, uint32_t i, const struct guess_run *label)
{
	const struct guess_run *r = &p->run[i], *value = r + 1;

	return r->label && r->col == label->col && value->value && value->line == r->line &&
		       value->col > label->end
		   ? value->col
		   : 0;
}

/* The column that most values of labels in this column stand in, for a box that is empty: one alone may be a title with
 * the number of the form behind it. */
static uint32_t usual_column(const struct guess_paper *p, const struct guess_run *label)
{
	uint32_t best = label->end + 1, most = 0;

	for (uint32_t i = 0; i + 1 < p->n; i++) {
		const uint32_t col = value_beside(p, i, label);
		uint32_t n = 0;
		for (uint32_t k = 0; col && k + 1 < p->n; k++)
			n += value_beside(p, k, label) == col;
		if (n > most || (n && n == most && col < best))
			best = col;
		most = n > most ? n : most;
	}
	return best;
}

/* ※太枠内をご記入ください: printed on the form. */
static int is_remark(struct hub_str s)
{
	return hub_str_starts(s, HUB_STR("※")) || hub_str_starts(s, HUB_STR("（注")) ||
	       hub_str_starts(s, HUB_STR("注）"));
}

/* Lines of text from there down to the next label. */
static struct hub_str below(struct guess_paper *p, uint32_t at)
{
	struct guess_run *r = &p->run[at];
	uint64_t to = p->last > r->line + BELOW ? p->last : r->line + BELOW;

	for (uint32_t k = at; k < p->n; k++) {
		if (p->run[k].label || p->run[k].inner || is_remark(p->run[k].text)) {
			to = p->run[k].line - 1;
			break;
		}
		p->run[k].value = 1;
	}
	return hub_arena_printf(p->g->arena, "%.*s:%.*s", HUB_FMT(r->address),
				HUB_FMT(cell_name(p, r->col, to)));
}

static uint32_t line_begin(const struct guess_paper *p, uint32_t i)
{
	while (i > 0 && p->run[i - 1].line == p->run[i].line)
		i--;
	return i;
}

/* The text under a label: in its columns, or alone in the line; p->n: there is none. */
static uint32_t below_of(const struct guess_paper *p, uint32_t i)
{
	const struct guess_run *label = &p->run[i];
	const uint32_t end = hub_paper_line_end(p, i),
		       to = end < p->n ? hub_paper_line_end(p, end) : end;

	for (uint32_t k = end; k < to && p->run[k].line <= label->line + 2; k++) {
		const struct guess_run *r = &p->run[k];
		const int within = r->col <= label->end && r->end >= label->col;
		if (!r->label && !r->inner && (within || (to - end == 1 && r->col >= label->col)))
			return k;
	}
	return p->n;
}

/* Where the value of the label is. */
static struct hub_str place_of(struct guess_paper *p, uint32_t i, int *filled)
{
	const struct guess_run *label = &p->run[i], *next = i + 1 < p->n ? label + 1 : NULL;
	const int beside = next && next->line == label->line;
	uint32_t last = i + 1;

	*filled = 1;
	if (beside && next->value && next->col <= label->end + PAPER_NEAR) {
		while (last + 1 < p->n && p->run[last + 1].value &&
		       p->run[last + 1].line == label->line)
			last++;
		if (last == i + 1)
			return next->address;
		return hub_arena_printf(p->g->arena, "%.*s:%.*s", HUB_FMT(next->address),
					HUB_FMT(p->run[last].address));
	}
	const uint32_t under = below_of(p, i);
	if (under < p->n && (!beside || next->col <= label->end + 1))
		return hub_paper_line_end(p, under) - line_begin(p, under) > 1 ||
			       p->run[under].value
			   ? p->run[under].address
			   : below(p, under);
	*filled = 0;
	const uint32_t col = usual_column(p, label);
	return col < p->columns ? cell_name(p, col, label->line) : HUB_STR("");
}

static uint32_t met(const struct guess_paper *p, struct hub_str name)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->boxes; i++)
		n += hub_str_eq(hub_paper_bare(p->g, p->box[i].label->text), name) != 0;
	return n;
}

static int is_of_person(const struct guess_paper *p, struct hub_str name)
{
	for (const struct hub_alias *a = hub_schema_alias(p->g->schema, name); a;
	     a = hub_alias_next(p->g->schema, a))
		if (hub_str_is(a->field->entity->name, "person") ||
		    hub_str_is(a->field->name, "relation"))
			return 1;
	return 0;
}

/* 緊急連絡先: a text of its own before labels says whose they are, where a label comes once more; 来談者 says it of the
 * first ones, too, up to those that are the client's. */
static struct hub_str name_of(const struct guess_paper *p, uint32_t i, uint32_t nth)
{
	const struct hub_str name = hub_paper_bare(p->g, p->run[i].text);

	for (uint32_t k = i; k-- > 0 && (nth > 1 || is_of_person(p, name));) {
		const struct guess_run *r = &p->run[k];
		const struct hub_str text = hub_paper_bare(p->g, r->text);
		const enum guess_whose whose = hub_guess_whose(text);
		if (nth == 1 && r->label && whose == WHOSE_CLIENT)
			break;
		if (r->label || r->value || r->inner || !hub_paper_is_short(r->text) ||
		    hub_paper_has_digit(r->text))
			continue;
		if (nth == 1 && whose != WHOSE_VISITOR)
			break;
		return hub_arena_printf(p->g->arena, "%.*s_%.*s", HUB_FMT(text), HUB_FMT(name));
	}
	if (nth == 1)
		return name;
	return hub_arena_printf(p->g->arena, "その他_%.*s", HUB_FMT(name));
}

static int is_taken(const struct guess_paper *p, struct hub_str name)
{
	for (uint32_t i = 0; i < p->boxes; i++)
		if (hub_str_eq(p->box[i].name, name))
			return 1;
	return 0;
}

/* The labels again, from the first on: the next form of the same document. */
static int begins_again(const struct guess_paper *p, uint32_t i)
{
	uint32_t same = 0;

	for (; i < p->n && same < p->boxes && same < 3; i++)
		if (p->run[i].label &&
		    !hub_str_eq(hub_paper_bare(p->g, p->run[i].text),
				hub_paper_bare(p->g, p->box[same++].label->text)))
			return 0;
	return same >= 3;
}

/* --- choices that are printed, each with a cell for its mark: [ ] 就労している [レ] 仕事をしていない ---------------- */

/* 就労, ご相談の内容（○＝該当）: the choices that the label may be about, and the label as the schema knows it. */
static const struct hub_codes *choices_of(const struct guess_paper *p, struct hub_str *label)
{
	const size_t note = hub_str_find(*label, HUB_STR("（"), 1);
	const struct hub_str forms[] = {*label,
					hub_str_cut(*label, 0, note < label->len ? note : 0)};

	for (size_t i = 0; i < HUB_COUNT(forms) && forms[i].len; i++)
		for (const struct hub_alias *a = hub_schema_alias(p->g->schema, forms[i]); a;
		     a = hub_alias_next(p->g->schema, a))
			if (a->field->type == HUB_F_CODE || a->field->type == HUB_F_CODES) {
				*label = forms[i];
				return a->field->codes;
			}
	return NULL;
}

/* The first run behind those that belong to label i: up to the next label, or the next line that is not only right of
 * it. */
static uint32_t choices_end(const struct guess_paper *p, uint32_t i)
{
	const struct guess_run *label = &p->run[i];
	uint32_t k = i + 1;

	while (k < p->n && p->run[k].line == label->line && !p->run[k].label && !p->run[k].inner)
		k++;
	if (k < p->n && p->run[k].line == label->line)
		return k;
	while (k < p->n && p->run[k].line <= label->line + BELOW) {
		const uint32_t end = hub_paper_line_end(p, k);
		for (uint32_t r = k; r < end; r++)
			if (p->run[r].label || p->run[r].inner || p->run[r].col <= label->end ||
			    is_remark(p->run[r].text))
				return k;
		k = end;
	}
	return k;
}

/* Marks stand on one side of all of them: where most are, else where there is room before the first. */
static int marks_before(const struct guess_paper *p, uint32_t i, uint32_t end)
{
	int before = 0, behind = 0;

	for (uint32_t k = i + 1; k < end; k++) {
		const struct guess_run *r = &p->run[k];
		if (!hub_guess_is_mark(r->text))
			continue;
		before += k + 1 < end && r[1].line == r->line && r[1].col == r->end + 1;
		behind += k > i + 1 && r[-1].line == r->line && r[-1].end + 1 == r->col;
	}
	if (before == behind)
		return p->run[i + 1].col > p->run[i].end + 1 ||
		       hub_guess_is_mark(p->run[i + 1].text);
	return before > behind;
}

/* 1: the label has choices; their marks are boxes of their own, or the first of them would pass for what was chosen. */
static int add_choices(struct guess_paper *p, uint32_t i)
{
	struct hub_str label = hub_paper_bare(p->g, p->run[i].text);
	const struct hub_codes *codes = choices_of(p, &label);
	const uint32_t end = codes ? choices_end(p, i) : i;
	uint32_t known = 0, marks = 0;

	for (uint32_t k = i + 1; k < end; k++) {
		known += hub_choice_find(codes, p->run[k].text) != NULL;
		marks += hub_guess_is_mark(p->run[k].text) != 0;
	}
	if (known < 2 && !(known && marks))
		return 0;
	const int before = marks_before(p, i, end);
	for (uint32_t k = i + 1; k < end; k++) {
		struct guess_run *r = &p->run[k];
		const uint32_t col = before ? r->col - 1 : r->end + 1;
		if (hub_guess_is_mark(r->text) || !hub_paper_is_short(r->text) || col >= p->columns)
			continue;
		const struct hub_str name =
		    hub_arena_printf(p->g->arena, "%.*s_%.*s", HUB_FMT(label),
				     HUB_FMT(hub_paper_bare(p->g, r->text)));
		if (p->boxes < PAPER_BOXES && !is_taken(p, name))
			p->box[p->boxes++] = (struct guess_box){
			    .label = r, .name = name, .at = cell_name(p, col, r->line), .nth = 1};
	}
	return 1;
}

static void find_boxes(struct guess_paper *p, int cells)
{
	uint64_t line = 0;

	for (uint32_t i = 0; i < p->n && p->boxes < PAPER_BOXES; i++) {
		const struct guess_run *r = &p->run[i];
		struct guess_box b = {.label = r, .filled = 1};
		if (!r->label || r->inner)
			continue;
		p->again = p->boxes >= 3 && !cells && begins_again(p, i);
		if (p->again)
			break;
		if (cells && add_choices(p, i))
			continue;
		b.nth = met(p, hub_paper_bare(p->g, r->text)) + 1;
		b.name = name_of(p, i, b.nth);
		for (uint32_t k = 2; is_taken(p, b.name) && k < 10; k++)
			b.name = hub_arena_printf(p->g->arena, "%.*s_%u",
						  HUB_FMT(name_of(p, i, b.nth)), k);
		if (is_taken(p, b.name))
			continue;
		if (cells)
			b.at = place_of(p, i, &b.filled);
		if (cells && b.at.len == 0)
			continue;
		p->lines += r->line != line;
		line = r->line;
		p->filled += b.filled != 0;
		p->box[p->boxes++] = b;
	}
}

/* A cell of a table in the form: 家族構成1_氏名. */
static void add_inner(struct guess_paper *p, struct hub_str heading, const struct guess_run *name,
		      uint64_t line, uint32_t row)
{
	struct guess_box b = {.label = name, .nth = 2};

	b.name = hub_arena_printf(p->g->arena, "%.*s%u_%.*s", HUB_FMT(heading), row,
				  HUB_FMT(hub_paper_bare(p->g, name->text)));
	b.at = cell_name(p, name->col, line);
	if (p->boxes == PAPER_BOXES || is_taken(p, b.name))
		return;
	p->box[p->boxes++] = b;
	p->g->inner++;
}

/* All rows of the tables in a sheet, down to the next thing below them. */
static void find_inner_boxes(struct guess_paper *p)
{
	for (uint32_t i = 0, end; i < p->n; i = end) {
		uint32_t to;
		end = hub_paper_line_end(p, i);
		if (!p->run[i].inner)
			continue;
		for (to = end; to < p->n && p->run[to].inner;)
			to = hub_paper_line_end(p, to);
		const uint64_t below = to < p->n ? p->run[to].line : p->run[to - 1].line + 1;
		const int alone = i > 0 && line_begin(p, i - 1) == i - 1;
		const struct guess_run *r = alone ? &p->run[i - 1] : NULL;
		const struct hub_str heading =
		    r && !r->value && !r->inner && hub_paper_is_short(r->text)
			? hub_paper_bare(p->g, r->text)
			: HUB_STR("表");
		for (uint64_t line = p->run[i].line + 1; line < below; line++)
			for (uint32_t k = i; k < end; k++)
				add_inner(p, heading, &p->run[k], line,
					  (uint32_t)(line - p->run[i].line));
		end = to;
	}
}

static uint32_t known_boxes(const struct guess_paper *p)
{
	const struct guess_run *first = NULL;
	uint32_t n = 0;
	int lines = 0;

	for (uint32_t i = 0; i < p->boxes; i++) {
		const struct guess_run *label = p->box[i].label;
		if (!label->known || p->box[i].nth > 1)
			continue;
		n++;
		first = first ? first : label;
		lines |= label->line != first->line;
	}
	return lines ? n : 0; /* all in one: names of columns */
}

/* Labels with their value beside them, and no other label: names of columns have none. */
static uint32_t beside(const struct guess_paper *p)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->boxes; i++) {
		const struct guess_run *r = p->box[i].label;
		n += r + 1 < p->run + p->n && r[1].line == r->line && !r[1].label;
	}
	return n;
}

/* A list has its labels in one line; a log with some above it has more lines than those. A few will do where they come
 * again for the next person, with no table of rows between, which a form would not read. */
static int is_form(struct guess_paper *p, int cells)
{
	hub_paper_labels(p);
	find_boxes(p, cells);
	p->g->inner = 0;
	const uint32_t known = known_boxes(p);
	const int enough = (known >= 4 && p->lines >= 3) ||
			   (p->again && !p->rows && known >= 3 && beside(p) * 3 >= p->boxes * 2);
	const int form = enough && p->boxes > p->rows && p->filled;
	if (form && cells)
		find_inner_boxes(p);
	for (uint32_t i = 0; i < p->n && !cells; i++)
		p->unread += p->run[i].inner;
	return form;
}

/* --- options -------------------------------------------------------------------------------------- */

static void add_set(struct hub_guess *g, const char *name, struct hub_str value)
{
	g->set[g->sets].name = name;
	g->set[g->sets++].value = value;
}

static void begin_sets(struct hub_guess *g, uint32_t unread)
{
	g->sets = 0;
	g->header_rows = 1;
	g->has_header = 1;
	g->is_form = 1;
	g->unread = unread;
	g->result.header_line = 0;
	add_set(g, "layout", HUB_STR("form"));
}

/* Lines that no label takes: below a table, of some length. A title stands above all labels. */
static uint32_t lines_left(const struct guess_paper *p)
{
	enum { SHORT = 8 };
	uint32_t n = 0;
	int labelled = 0, taken = 1;

	for (uint32_t i = 0; i < p->n; i++) {
		const struct guess_run *r = &p->run[i];
		labelled |= r->label;
		if (r->label || !r->outside)
			taken = r->outside;
		else if (labelled && !taken && !is_remark(r->text) &&
			 hub_utf8_count(r->text) >= SHORT)
			n++;
	}
	return n;
}

/* Of the first word for the day the column is called 実施日. */
static struct hub_str text_column(struct hub_str name, int *dated)
{
	for (size_t i = 0; hub_guess_day_label(i) && !*dated; i++)
		if (hub_str_is(name, hub_guess_day_label(i))) {
			*dated = 1;
			return HUB_STR("実施日");
		}
	return name;
}

/* prose: what was said stands below the boxes, and all of the document is one text with those beside it. */
static int set_document(struct guess_paper *p, int prose, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	int dated = !prose;

	hub_buf_init(&b, 1 << 16);
	for (uint32_t i = 0; i < p->boxes; i++) {
		const struct guess_box *x = &p->box[i];
		const struct hub_str label = hub_paper_written(p->g, x->label->text);
		const struct hub_str name = text_column(x->name, &dated);
		hub_buf_printf(&b, "%s%.*s", i ? ", " : "", HUB_FMT(name));
		if (x->nth == 1 && !hub_str_eq(name, label))
			hub_buf_printf(&b, " = %.*s", HUB_FMT(label));
		if (x->nth > 1)
			hub_buf_printf(&b, " = %.*s#%u", HUB_FMT(label), x->nth);
	}
	if (!hub_buf_ok(&b))
		return hub_fail_mem(err);
	begin_sets(p->g, p->unread);
	if (prose) {
		p->g->set[0].value = HUB_STR("text");
		p->g->prose = 1;
		p->g->unread = 0;
	}
	add_set(p->g, "labels", hub_arena_str(p->g->arena, hub_buf_text(&b)));
	return HUB_OK;
}

/* The sheets that are this form, from the one that was looked at on. */
static struct hub_str like_sheets(struct guess_paper *p, uint32_t first)
{
	struct hub_guess *g = p->g;
	struct hub_str list = hub_arena_printf(g->arena, "%u", first);
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);

	if (!b)
		hub_fail_mem(hub_guess_try(g));
	for (uint32_t k = first + 1; b && k <= SHEETS && list.ptr; k++) {
		struct hub_err *tried = hub_guess_try(g);
		g->set[1].value = hub_arena_printf(g->arena, "%u", k);
		const int rc = hub_guess_read(g, b, tried);
		hub_batch_reset(b);
		if (strcmp(tried->code, "no-sheet") == 0)
			break;
		if (rc >= 0)
			list = hub_arena_printf(g->arena, "%.*s,%u", HUB_FMT(list), k);
	}
	return list;
}

/* All sheets when all of them are this form. */
static int is_all(struct hub_guess *g)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct hub_err *tried = hub_guess_try(g);

	g->set[1].value = HUB_STR("all");
	int rc = b ? hub_guess_open(g, &source, tried) : hub_fail_mem(tried);
	if (rc)
		return 0;
	hub_instance_verbose(source, HUB_LOG_ERROR);
	while ((rc = hub_source_next(source, b, tried)) == HUB_OK)
		hub_batch_reset(b);
	return rc == HUB_END;
}

static int set_cells(struct guess_paper *p, uint32_t sheet, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf cells, expect;
	struct hub_guess *g = p->g;

	hub_buf_init(&cells, 1 << 16);
	hub_buf_init(&expect, 1 << 16);
	for (uint32_t i = 0; i < p->boxes; i++) {
		const struct guess_box *x = &p->box[i];
		hub_buf_printf(&cells, "%s%.*s = %.*s", i ? ", " : "", HUB_FMT(x->name),
			       HUB_FMT(x->at));
		if (i == 0 || i < p->boxes - g->inner)
			hub_buf_printf(&expect, "%s%.*s = %.*s", i ? ", " : "",
				       HUB_FMT(x->label->address),
				       HUB_FMT(hub_paper_written(g, x->label->text)));
	}
	if (!hub_buf_ok(&cells) || !hub_buf_ok(&expect))
		return hub_fail_mem(err);
	begin_sets(g, p->unread);
	add_set(g, "sheets", HUB_STR("all"));
	add_set(g, "cells", hub_arena_str(g->arena, hub_buf_text(&cells)));
	add_set(g, "expect", hub_arena_str(g->arena, hub_buf_text(&expect)));
	g->told = 1;
	if (!is_all(g))
		g->set[1].value = like_sheets(p, sheet);
	g->told = 0;
	return g->set[1].value.ptr ? HUB_OK : hub_fail_mem(err);
}

/* A log whose lines begin with a date has no table; who it is about stands above in labels. */
static int is_log(struct hub_guess *g)
{
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	const struct hub_guess as = *g;

	g->sets = 0;
	add_set(g, "layout", HUB_STR("log"));
	if (hub_guess_read(g, b, hub_guess_try(g)) == HUB_OK && b->rows >= 2) {
		g->header_rows = 1;
		g->has_header = 1;
		g->result.header_line = 0;
		return 1;
	}
	*g = as;
	return 0;
}

static struct guess_paper *new_paper(struct hub_guess *g)
{
	struct guess_paper *p = hub_alloc0(g->arena, sizeof *p);

	if (p)
		*p = (struct guess_paper){
		    .g = g, .run = hub_alloc_array(g->arena, PAPER_RUNS, sizeof *p->run)};
	return p && p->run ? p : NULL;
}

/* The first sheets of a workbook: a cover or a list of choices may come before the form. */
static int find_in_sheets(struct hub_guess *g, int *found, struct hub_err *err)
{
	static const char *const number[] = {"1", "2", "3"};

	for (uint32_t k = 0; k < HUB_COUNT(number); k++) {
		struct guess_paper *p = new_paper(g);
		if (!p)
			return hub_fail_mem(err);
		if (hub_paper_sheet(p, number[k], hub_guess_try(g)) < 0)
			return HUB_OK;
		if (!is_form(p, 1))
			continue;
		const int rc = hub_guess_sheet_across(g, hub_str_of(number[k]), err);
		if (rc)
			return rc;
		*found = 1;
		return set_cells(p, k + 1, err);
	}
	return HUB_OK;
}

int hub_guess_boxes(struct hub_guess *g, int *found, struct hub_err *err)
{
	*found = 0;
	if (hub_option_find(g->source, HUB_STR("cells")))
		return find_in_sheets(g, found, err);
	if (!hub_option_find(g->source, HUB_STR("labels")))
		return HUB_OK;
	struct guess_paper *p = new_paper(g);
	if (!p)
		return hub_fail_mem(err);
	if (hub_paper_document(p, hub_guess_try(g)) >= 0 && is_form(p, 0)) {
		enum { TEXT = 2 };
		const uint32_t left = lines_left(p);
		*found = 1;
		p->unread += left;
		return set_document(p, !p->again && left >= TEXT, err);
	}
	return HUB_OK;
}

int hub_guess_log(struct hub_guess *g)
{
	return hub_option_find(g->source, HUB_STR("labels")) && !g->has_header && is_log(g);
}
