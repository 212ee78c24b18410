#include "intake/guess_paper.h"

#include "base/err.h"
#include "plugin/option.h"

enum { LABEL_CHARS = 24 };

/* --- reading ------------------------------------------------------------------------------------- */

static void add_run(struct guess_paper *p, struct guess_run r)
{
	if (p->n == PAPER_RUNS || r.text.len == 0)
		return;
	r.text = hub_arena_str(p->g->arena, r.text);
	p->run[p->n++] = r;
	p->last = r.line;
}

static struct hub_str text_at(const struct hub_batch *b, uint32_t c, uint32_t r)
{
	return c < b->cols && b->col[c].cell[r] >= HUB_VALUE ? hub_str_trim(b->col[c].text[r])
							     : HUB_STR("");
}

static int read_batch(const struct guess_paper *p, const char *const (*set)[2], uint32_t sets,
		      struct hub_batch *b, struct hub_err *err)
{
	struct hub_guess as = *p->g;

	as.told = 1;
	for (as.sets = 0; as.sets < sets; as.sets++) {
		as.set[as.sets].name = set[as.sets][0];
		as.set[as.sets].value = hub_str_of(set[as.sets][1]);
	}
	return hub_guess_read(&as, b, err);
}

/* The row of a batch with that line; its rows come in order. */
static int row_of(const struct hub_batch *b, uint64_t line, uint32_t *at)
{
	while (*at < b->rows && b->prov[*at].line < line)
		++*at;
	return *at < b->rows && b->prov[*at].line == line;
}

/* Read twice, what is merged is told: once its text stands in the first cell, once in all of them. */
static void take_cells(struct guess_paper *p, const struct hub_batch *first,
		       const struct hub_batch *fill)
{
	uint32_t at = 0;

	for (uint32_t r = 0; r < fill->rows; r++) {
		const uint64_t line = fill->prov[r].line;
		const int both = row_of(first, line, &at);
		for (uint32_t c = 0; c < fill->cols; c++) {
			const struct hub_str text = text_at(fill, c, r);
			const uint32_t from = c;
			if (text.len == 0 || !both || text_at(first, c, at).len == 0)
				continue;
			while (c + 1 < fill->cols && text_at(first, c + 1, at).len == 0 &&
			       hub_str_eq(text_at(fill, c + 1, r), text))
				c++;
			add_run(p, (struct guess_run){
				       .line = line,
				       .col = from,
				       .end = c,
				       .text = text,
				       .address = hub_arena_printf(p->g->arena, "%.*s%llu",
								   HUB_FMT(fill->col[from].name),
								   (unsigned long long)line)});
		}
	}
}

int hub_paper_sheet(struct guess_paper *p, const char *sheet, struct hub_err *err)
{
	HUB_AUTO(batch) struct hub_batch *first = hub_batch_new(0), *fill = hub_batch_new(0);
	const char *const set[][2] = {{"header", "0"}, {"sheets", sheet}, {"merged", "fill"}};
	int rc;

	if (!first || !fill)
		return hub_fail_mem(err);
	if ((rc = read_batch(p, set, 2, first, err)) || (rc = read_batch(p, set, 3, fill, err)))
		return rc;
	p->n = 0;
	p->columns = fill->cols;
	p->column = hub_alloc_array(p->g->arena, (size_t)fill->cols + 1, sizeof *p->column);
	if (!p->column)
		return hub_fail_mem(err);
	for (uint32_t c = 0; c < fill->cols; c++)
		p->column[c] = hub_arena_str(p->g->arena, fill->col[c].name);
	if (fill->rows <= PAPER_LINES)
		take_cells(p, first, fill);
	return HUB_OK;
}

/* 氏名：甲野 太郎: the label, and what stands behind its colon. */
static int take_colon(struct guess_paper *p, struct guess_run r, struct hub_str text)
{
	const int closed = hub_str_starts(text, HUB_STR("【"));
	size_t at = hub_str_find(text, closed ? HUB_STR("】") : HUB_STR("："), 0), sign = 3;

	if (at == (size_t)-1) {
		at = hub_str_find(text, HUB_STR(":"), 0);
		sign = 1;
	}
	if (at == (size_t)-1 || at == 0 || at > 3 * LABEL_CHARS || at + sign == text.len)
		return 0;
	r.text = hub_str_trim(hub_str_cut(text, 0, at));
	r.piece = ALONE;
	add_run(p, r);
	r.piece = REST;
	r.text = hub_str_trim(hub_str_from(text, at + sign));
	r.end++;
	add_run(p, r);
	return 1;
}

/* A line may hold several: 氏名：甲野 太郎　　番号：12. They are parted by a wide gap. */
static void take_line(struct guess_paper *p, struct guess_run r, struct hub_str text)
{
	for (size_t from = 0; from < text.len; r.col += 2) {
		size_t end = text.len, next = text.len;
		static const char *const gaps[] = {"\t", "  ", "　　", " 　", "　 ", "\n"};
		for (size_t i = 0; i < HUB_COUNT(gaps); i++) {
			const size_t at = hub_str_find(text, hub_str_of(gaps[i]), from);
			if (at < end) {
				end = at;
				next = at + strlen(gaps[i]);
			}
		}
		r.end = r.col;
		(void)take_colon(p, r, hub_str_trim(hub_str_cut(text, from, end)));
		from = next;
	}
}

/* A line of its own: a label whose text stands in the lines below, or a heading. */
static int is_bracketed(struct hub_str s)
{
	return hub_str_starts(s, HUB_STR("【")) && hub_str_ends(s, HUB_STR("】"));
}

static int has_label(struct hub_str s)
{
	return hub_str_find(s, HUB_STR("："), 0) != (size_t)-1 ||
	       hub_str_find(s, HUB_STR(":"), 0) != (size_t)-1 ||
	       (hub_str_starts(s, HUB_STR("【")) && !is_bracketed(s));
}

int hub_paper_document(struct guess_paper *p, struct hub_err *err)
{
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	const char *const set[][2] = {{"layout", "cells"}};
	uint64_t line = 0;
	int64_t at[4], row = 0, table = 0;
	int rc;

	if (!b)
		return hub_fail_mem(err);
	if ((rc = read_batch(p, set, 1, b, err)))
		return rc;
	for (uint32_t r = 0; r < b->rows && line <= PAPER_LINES; r++) {
		for (uint32_t c = 0; c < 4; c++)
			if (hub_parse_i64(text_at(b, c, r), 0, UINT32_MAX, &at[c]))
				return HUB_OK;
		line += at[0] != table || at[1] != row;
		table = at[0];
		row = at[1];
		struct guess_run one = {
		    .line = line, .col = (uint32_t)at[2], .outside = table == 0};
		one.text = text_at(b, 4, r);
		one.end = one.col + (at[3] ? (uint32_t)at[3] - 1 : 0);
		if (table == 0 && !has_label(one.text)) {
			one.piece = is_bracketed(one.text) ? CELL : REST;
			add_run(p, one);
		} else if (table == 0)
			take_line(p, one, one.text);
		else if (!take_colon(p, one, one.text))
			add_run(p, one);
	}
	if (line > PAPER_LINES)
		p->n = 0;
	return HUB_OK;
}

/* --- which of them are labels ----------------------------------------------------------------------- */

int hub_paper_has_digit(struct hub_str s)
{
	for (size_t at = 0; at < s.len;) {
		const int32_t c = hub_utf8_next(s, &at);
		if ((c >= '0' && c <= '9') || (c >= 0xff10 && c <= 0xff19))
			return 1;
	}
	return 0;
}

int hub_paper_is_short(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '=' || s.ptr[i] == ',' || s.ptr[i] == '#' || s.ptr[i] == '*')
			return 0;
	return hub_utf8_count(s) <= LABEL_CHARS;
}

enum { BLANKS = 4 };

/* Without the first n of the signs that spread a label over its cell or frame it. */
static struct hub_str without(const struct hub_guess *g, struct hub_str s, size_t n_signs)
{
	static const char *const signs[] = {" ",  "　", "\n", "\t", "：", ":",
					    "【", "】", "■",  "●",  "◆"};
	char *to = hub_alloc(g->arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; to && i < s.len;) {
		size_t skip = 0;
		for (size_t k = 0; k < HUB_COUNT(signs) && k < n_signs && !skip; k++)
			if (hub_str_starts(hub_str_from(s, i), hub_str_of(signs[k])))
				skip = strlen(signs[k]);
		if (!skip)
			to[n++] = s.ptr[i];
		i += skip ? skip : 1;
	}
	return (struct hub_str){to, n};
}

struct hub_str hub_paper_bare(const struct hub_guess *g, struct hub_str s)
{
	return without(g, s, SIZE_MAX);
}

struct hub_str hub_paper_written(const struct hub_guess *g, struct hub_str s)
{
	return without(g, s, BLANKS);
}

static int is_known(const struct hub_guess *g, struct hub_str text)
{
	struct guess_cand cand[1];

	if (!hub_paper_is_short(text))
		return 0;
	text = hub_paper_bare(g, text);
	return hub_schema_banned(g->schema, text) ||
	       (hub_guess_candidates(g->schema, text, cand, 1) && cand[0].score >= 80);
}

uint32_t hub_paper_line_end(const struct guess_paper *p, uint32_t i)
{
	uint32_t end = i;

	while (end < p->n && p->run[end].line == p->run[i].line)
		end++;
	return end;
}

static uint32_t known_of(const struct guess_paper *p, uint32_t from, uint32_t to)
{
	uint32_t n = 0;

	for (uint32_t i = from; i < to; i++)
		n += p->run[i].known;
	return n;
}

/* A line of a table's records: words that are labels elsewhere (電話, 本人) may be among them. */
static int is_record(const struct guess_paper *p, uint32_t from, uint32_t to)
{
	const uint32_t n = to - from, known = known_of(p, from, to);

	return n >= 2 && (known * 2 < n || (known * 2 == n && !p->run[from].known));
}

/* Names of columns with rows below: the family, the services in use. With one row they are labels above their
 * values. */
static void find_inner(struct guess_paper *p)
{
	for (uint32_t i = 0, end; i < p->n; i = end) {
		end = hub_paper_line_end(p, i);
		const uint32_t first = end, known = known_of(p, i, end);
		uint32_t rows = 0, to = end;
		for (uint32_t next; known >= 3 && known * 3 >= (first - i) * 2 && to < p->n;
		     to = next) {
			next = hub_paper_line_end(p, to);
			if (p->run[to].line != p->run[i].line + rows + 1 || !is_record(p, to, next))
				break;
			rows++;
		}
		for (uint32_t k = i; rows > 1 && k < to; k++)
			p->run[k].inner = 1;
		for (uint32_t k = i; rows == 1 && k < to; k++) {
			p->run[k].above = k < first;
			p->run[k].value = k >= first;
		}
		end = to;
		p->rows = rows > p->rows ? rows : p->rows;
	}
}

/* Other known labels that stand in the same column; the same word may come in each form of a document. */
static int is_among_labels(const struct guess_paper *p, const struct guess_run *r)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->run[i].known && !p->run[i].inner && p->run[i].col == r->col &&
		    !hub_str_eq(p->run[i].text, r->text))
			return 1;
	return 0;
}

/* 緊急連絡先 right before 氏名, which has a value: it says whose the labels behind it are. */
static int is_heading(const struct guess_paper *p, uint32_t i, uint32_t end)
{
	const struct guess_run *r = &p->run[i];

	return i + 2 < end && !r->above && r->piece == CELL && r[1].known &&
	       r[1].col == r->end + 1 && !r[2].known;
}

/* 【来談者】 alone in its line, with labels in the next one: whose they are. */
static int is_section(const struct guess_paper *p, uint32_t i)
{
	const struct guess_run *r = &p->run[i];
	const uint32_t end = hub_paper_line_end(p, i);

	return (i == 0 || r[-1].line != r->line) && end == i + 1 && end + 1 < p->n &&
	       r->piece == CELL && r[1].known && r[1].line == r->line + 1 && r[1].piece == CELL &&
	       hub_paper_line_end(p, end) > end + 1 &&
	       hub_guess_whose(hub_paper_bare(p->g, r->text));
}

/* A known word behind a label may be its value: the way of contact is 電話. It is one unless it stands where
 * labels do or has a value of its own. */
static int is_label(const struct guess_paper *p, uint32_t i, uint32_t end, int waits)
{
	const struct guess_run *r = &p->run[i];
	const struct guess_run *next = i + 1 < end ? r + 1 : NULL;

	if (r->piece == REST || is_heading(p, i, end) || is_section(p, i))
		return 0;
	if (r->piece == ALONE)
		return r->known || (hub_utf8_count(r->text) <= LABEL_CHARS / 2 &&
				    !hub_paper_has_digit(r->text) && hub_paper_is_short(r->text));
	if (r->known)
		return !waits || is_among_labels(p, r) || (next && !next->known);
	return !waits && next && !next->known && next->col <= r->end + PAPER_NEAR &&
	       is_among_labels(p, r) && hub_paper_is_short(r->text) &&
	       !hub_paper_has_digit(r->text) && hub_utf8_count(r->text) >= 2;
}

void hub_paper_labels(struct guess_paper *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		p->run[i].known = p->run[i].piece != REST && is_known(p->g, p->run[i].text) ? 1 : 0;
	find_inner(p);
	for (uint32_t i = 0, end; i < p->n; i = end) {
		int waits = 0;
		end = hub_paper_line_end(p, i);
		for (uint32_t k = i; k < end; k++) {
			struct guess_run *r = &p->run[k];
			if (r->inner || r->value)
				continue;
			r->label = (uint8_t)is_label(p, k, end, waits);
			r->value = !r->label && waits;
			/* what adjoins the value is the rest of it: 昭和 55 年 */
			if (!r->label && !waits && k > i && p->run[k - 1].value &&
			    r->col == p->run[k - 1].end + 1)
				r->value = 1;
			waits = r->label;
		}
	}
}
