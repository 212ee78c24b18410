/* What stands above a table: labels with values that belong to all of its records, such as whose log it is.
 * A workbook names them by cell, a document by label. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "plugin/option.h"

enum { LABEL_MAX = 36, NEAR = 4, LABELS = 20, TABLES = 6 };

struct found {
	struct hub_str label, at, value_at; /* at: addresses, of cells only */
};

struct around {
	struct hub_guess *g;
	struct found found[LABELS];
	uint32_t n;
};

static struct hub_str text_at(const struct hub_batch *b, uint32_t c, uint32_t r)
{
	return b->col[c].cell[r] >= HUB_VALUE ? hub_str_trim(b->col[c].text[r]) : HUB_STR("");
}

/* A word for a person or a case, and none of the characters that options are written with. */
static int is_label(const struct hub_guess *g, struct hub_str s)
{
	struct guess_cand cand[16];

	if (s.len == 0 || s.len > LABEL_MAX ||
	    strcspn(hub_arena_cstr(g->arena, s), "=,#\n") < s.len)
		return 0;
	const uint32_t n = hub_guess_candidates(g->schema, s, cand, HUB_COUNT(cand));
	for (uint32_t i = 0; i < n; i++)
		if (cand[i].score >= 80 && (hub_str_is(cand[i].field->entity->name, "person") ||
					    hub_str_is(cand[i].field->entity->name, "case") ||
					    hub_str_is(cand[i].field->name, "subject_name")))
			return 1;
	return 0;
}

static int is_known(const struct around *a, struct hub_str s)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (hub_str_eq(a->found[i].label, s))
			return 1;
	for (uint32_t i = 0; i < a->g->head.n; i++)
		if (hub_str_eq(a->g->head.cell[i], s))
			return 1;
	return 0;
}

int hub_guess_in_one_cell(struct hub_str text, struct hub_str *label)
{
	static const char *const colons[] = {"：", ":"};

	for (size_t i = 0; i < HUB_COUNT(colons); i++) {
		const size_t at = hub_str_find(text, hub_str_of(colons[i]), 1);
		if (at == (size_t)-1 || at + strlen(colons[i]) == text.len)
			continue;
		*label = hub_str_trim(hub_str_cut(text, 0, at));
		return 1;
	}
	return 0;
}

int hub_guess_whose_above(const struct hub_guess *g, const struct guess_line *l)
{
	for (uint32_t c = 0; c < l->n; c++) {
		struct hub_str label = l->cell[c];
		const int whole = hub_guess_in_one_cell(label, &label);
		uint32_t v = c + 1;
		while (v < l->n && l->cell[v].len == 0)
			v++;
		if (is_label(g, label) && (whole || (v < l->n && !is_label(g, l->cell[v]))))
			return 1;
	}
	return 0;
}

static void look_at_row(struct around *a, const struct hub_batch *b, uint32_t r)
{
	struct hub_arena *arena = a->g->arena;

	for (uint32_t c = 0; c < b->cols && a->n < LABELS; c++) {
		struct hub_str label = text_at(b, c, r);
		const int whole = hub_guess_in_one_cell(label, &label) && is_label(a->g, label);
		uint32_t v = whole ? c : c + 1;
		if (!is_label(a->g, label) || is_known(a, label))
			continue;
		while (v < b->cols && v <= c + NEAR && text_at(b, v, r).len == 0)
			v++;
		if (v >= b->cols || v > c + NEAR || (!whole && is_label(a->g, text_at(b, v, r))))
			continue;
		const unsigned long long line = b->prov[r].line;
		a->found[a->n++] = (struct found){
		    .label = hub_arena_str(arena, label),
		    .at = hub_arena_printf(arena, "%.*s%llu", HUB_FMT(b->col[c].name), line),
		    .value_at = hub_arena_printf(arena, "%.*s%llu", HUB_FMT(b->col[v].name), line)};
		c = v;
	}
}

/* The rows of a sheet or table as they stand, down to that line. */
static int look(struct around *a, struct hub_str option, const char *part, uint64_t until,
		struct hub_err *err)
{
	struct hub_guess as = *a->g;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);

	as.sets = 0;
	as.set[as.sets].name = "header";
	as.set[as.sets++].value = HUB_STR("0");
	as.set[as.sets].name = part;
	as.set[as.sets++].value = option;
	const int rc = hub_guess_read(&as, b, err);
	for (uint32_t r = 0; rc == HUB_OK && r < b->rows && b->prov[r].line < until; r++)
		look_at_row(a, b, r);
	return rc == HUB_END ? HUB_OK : rc;
}

static int is_blank(int32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == 0x3000;
}

/* Moves behind the blanks at s[*at]; whether they part two things: more than one, a tab, a line end. */
static int wide_gap(struct hub_str s, size_t *at)
{
	uint32_t width = 0;

	for (size_t next = *at; next < s.len; *at = next) {
		const int32_t c = hub_utf8_next(s, &next);
		if (!is_blank(c))
			break;
		width += c == '\n' || c == '\t' ? 2 : 1;
	}
	return width > 1;
}

/* Up to the next blank or colon. */
static size_t word_end(struct hub_str s, size_t at, int *colon)
{
	*colon = 0;
	for (size_t next = at; next < s.len; at = next) {
		const int32_t c = hub_utf8_next(s, &next);
		*colon = c == ':' || c == 0xff1a;
		if (is_blank(c) || *colon)
			break;
	}
	return at;
}

/* 氏名　甲野 太郎　　生年月日　昭和12年8月8日: words that begin the line or stand behind a wide gap, where the reader
 * looks for labels, and those with a colon. */
static void look_at_line(struct around *a, struct hub_str text)
{
	int colon;

	for (size_t at = 0; at < text.len && a->n < LABELS;) {
		const int first = at == 0, wide = wide_gap(text, &at);
		const size_t end = word_end(text, at, &colon);
		const struct hub_str word = hub_str_cut(text, at, end);
		if ((first || wide || colon) && is_label(a->g, word) && !is_known(a, word))
			a->found[a->n++].label = hub_arena_str(a->g->arena, word);
		at = end;
		if (colon)
			(void)hub_utf8_next(text, &at);
	}
}

/* The lines of a document above its first table; they come as its cells do, of table 0. */
static int look_at_lines(struct around *a, struct hub_err *err)
{
	struct hub_guess as = *a->g;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);

	as.set[0].name = "layout";
	as.set[0].value = HUB_STR("cells");
	as.sets = 1;
	const int rc = hub_guess_read(&as, b, err);
	for (uint32_t r = 0; rc == HUB_OK && r < b->rows && b->cols > 4; r++) {
		if (!hub_str_is(text_at(b, 0, r), "0"))
			break;
		look_at_line(a, text_at(b, 4, r));
	}
	return rc;
}

static void add_option(struct hub_guess *g, const char *name, const struct hub_buf *b)
{
	g->set[g->sets].name = name;
	g->set[g->sets++].value = hub_arena_str(g->arena, hub_buf_text(b));
}

static int name_cells(struct around *a, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf cells, expect;

	hub_buf_init(&cells, 1 << 16);
	hub_buf_init(&expect, 1 << 16);
	for (uint32_t i = 0; i < a->n; i++) {
		const struct found *f = &a->found[i];
		hub_buf_printf(&cells, "%s%.*s = %.*s", i ? ", " : "", HUB_FMT(f->label),
			       HUB_FMT(f->value_at));
		hub_buf_printf(&expect, "%s%.*s = %.*s", i ? ", " : "", HUB_FMT(f->at),
			       HUB_FMT(f->label));
	}
	if (!hub_buf_ok(&cells) || !hub_buf_ok(&expect))
		return hub_fail_mem(err);
	a->g->around = a->n;
	add_option(a->g, "cells", &cells);
	add_option(a->g, "expect", &expect);
	return HUB_OK;
}

/* In a document the reader looks for labels itself, in paragraphs as well (氏名：甲野 太郎): those that
 * have a value in its first record are meant. */
static int name_labels(struct around *a, struct hub_err *err)
{
	static const char *const usual[] = {"利用者名",   "利用者氏名", "対象者名",   "対象者氏名",
					    "氏名",       "相談者氏名", "利用者番号", "対象者番号",
					    "ケース番号", "事案番号"};
	HUB_AUTO(batch) struct hub_batch *batch = hub_batch_new(0);
	HUB_AUTO(buf) struct hub_buf b;

	for (size_t i = 0; i < HUB_COUNT(usual) && a->n < LABELS; i++)
		if (!is_known(a, hub_str_of(usual[i])))
			a->found[a->n++].label = hub_str_of(usual[i]);
	const uint32_t days = a->n;
	for (size_t i = 0; hub_guess_day_label(i) && a->n < LABELS && a->g->prose; i++)
		a->found[a->n++].label = hub_str_of(hub_guess_day_label(i));
	hub_buf_init(&b, 1 << 16);
	for (uint32_t i = 0; i < a->n; i++)
		hub_buf_printf(&b, "%s%.*s", i ? ", " : "", HUB_FMT(a->found[i].label));
	if (!batch || !hub_buf_ok(&b))
		return hub_fail_mem(err);
	add_option(a->g, "labels", &b);
	const int read = hub_guess_read(a->g, batch, hub_guess_try(a->g)) == HUB_OK;
	a->g->sets--;
	hub_buf_reset(&b);
	int dated = 0; /* of several words for the day the first one is it */
	for (uint32_t i = 0; i < a->n && read && i < batch->cols; i++) {
		if (!batch->rows || !text_at(batch, i, 0).len || (i >= days && dated++))
			continue;
		a->g->around++;
		hub_buf_printf(&b, "%s%s%.*s", b.len ? ", " : "", i >= days ? "実施日 = " : "",
			       HUB_FMT(a->found[i].label));
	}
	if (b.len)
		add_option(a->g, "labels", &b);
	return hub_buf_ok(&b) ? HUB_OK : hub_fail_mem(err);
}

int hub_guess_around(struct hub_guess *g, struct hub_err *err)
{
	struct around a = {.g = g};
	int rc = HUB_OK;

	if (!g->has_header)
		return HUB_OK;
	if (hub_option_find(g->source, HUB_STR("cells"))) {
		rc = look(&a, g->sheet.len ? g->sheet : HUB_STR("first"), "sheets",
			  g->result.header_line, err);
		return rc || a.n == 0 ? rc : name_cells(&a, err);
	}
	if (!hub_option_find(g->source, HUB_STR("labels")))
		return HUB_OK;
	for (uint32_t t = 1; t <= TABLES; t++) {
		const struct hub_str number = hub_arena_printf(g->arena, "%u", t);
		if (hub_str_starts(g->set[1].value, number) ||
		    look(&a, number, "tables", UINT64_MAX, hub_guess_try(g)))
			break;
	}
	(void)look_at_lines(&a, hub_guess_try(g));
	return name_labels(&a, err);
}
