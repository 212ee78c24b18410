/* Forms: labels with a box beside or below them, a sheet or a document a record. Which texts are labels is
 * told by the words that the schema knows and by the columns that those stand in; a workbook's boxes are
 * named by cell, a document's by label. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "plugin/option.h"

enum { LINES = 300, RUNS = 6000, BOXES = 200, LABEL_CHARS = 24, NEAR = 8, SHEETS = 60, BELOW = 20 };

/* A text where it stands; a merged cell is one. */
struct run {
	uint64_t line;
	uint32_t col, end;
	struct hub_str text, address;         /* address: the cell's, of a workbook only */
	uint8_t known, label, value, inner;   /* inner: of a table in the form */
	uint8_t above;                        /* its value stands below */
	enum { CELL = 0, ALONE, REST } piece; /* label and value of one cell or line */
};

struct box {
	const struct run *label;
	struct hub_str name, at; /* at: address of the value, or its range */
	uint32_t nth;
	int filled;
};

struct paper {
	struct hub_guess *g;
	struct run *run;
	uint32_t n, rows;       /* rows: of the longest table in it */
	struct hub_str *column; /* names of the sheet's columns */
	uint32_t columns;
	uint64_t last; /* line */
	struct box box[BOXES];
	uint32_t boxes, lines, filled, unread;
};

/* --- reading ------------------------------------------------------------------------------------- */

static void add_run(struct paper *p, struct run r)
{
	if (p->n == RUNS || r.text.len == 0)
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

static int read_batch(const struct paper *p, const char *const (*set)[2], uint32_t sets,
		      struct hub_batch *b, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	struct hub_guess as = *p->g;
	int rc;

	as.told = 1;
	for (as.sets = 0; as.sets < sets; as.sets++) {
		as.set[as.sets].name = set[as.sets][0];
		as.set[as.sets].value = hub_str_of(set[as.sets][1]);
	}
	if ((rc = hub_guess_open(&as, &source, err)))
		return rc;
	hub_instance_verbose(source, HUB_LOG_ERROR);
	return hub_source_next(source, b, err);
}

/* The row of a batch with that line; its rows come in order. */
static int row_of(const struct hub_batch *b, uint64_t line, uint32_t *at)
{
	while (*at < b->rows && b->prov[*at].line < line)
		++*at;
	return *at < b->rows && b->prov[*at].line == line;
}

/* Read twice, what is merged is told: once its text stands in the first cell, once in all of them. */
static void take_cells(struct paper *p, const struct hub_batch *first, const struct hub_batch *fill)
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
			add_run(p, (struct run){.line = line,
						.col = from,
						.end = c,
						.text = text,
						.address =
						    hub_arena_printf(p->g->arena, "%.*s%llu",
								     HUB_FMT(fill->col[from].name),
								     (unsigned long long)line)});
		}
	}
}

static int read_sheet(struct paper *p, const char *sheet, struct hub_err *err)
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
	if (fill->rows <= LINES)
		take_cells(p, first, fill);
	return HUB_OK;
}

/* 氏名：甲野 太郎: the label, and what stands behind its colon. */
static int take_colon(struct paper *p, struct run r, struct hub_str text)
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
static void take_line(struct paper *p, struct run r, struct hub_str text)
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

static int read_document(struct paper *p, struct hub_err *err)
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
	for (uint32_t r = 0; r < b->rows && line <= LINES; r++) {
		for (uint32_t c = 0; c < 4; c++)
			if (hub_parse_i64(text_at(b, c, r), 0, UINT32_MAX, &at[c]))
				return HUB_OK;
		line += at[0] != table || at[1] != row;
		table = at[0];
		row = at[1];
		struct run one = {.line = line, .col = (uint32_t)at[2]};
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
	if (line > LINES)
		p->n = 0;
	return HUB_OK;
}

/* --- which of them are labels ----------------------------------------------------------------------- */

static int has_digit(struct hub_str s)
{
	for (size_t at = 0; at < s.len;) {
		const int32_t c = hub_utf8_next(s, &at);
		if ((c >= '0' && c <= '9') || (c >= 0xff10 && c <= 0xff19))
			return 1;
	}
	return 0;
}

/* Could be one; options are not written with these characters. */
static int is_short(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '=' || s.ptr[i] == ',' || s.ptr[i] == '#' || s.ptr[i] == '*')
			return 0;
	return hub_utf8_count(s) <= LABEL_CHARS;
}

/* The label without the blanks that spread it over its cell (氏　　名) and marks around it. */
static struct hub_str bare(const struct hub_guess *g, struct hub_str s)
{
	static const char *const signs[] = {" ",  "　", "\n", "\t", "：", ":",
					    "【", "】", "■",  "●",  "◆"};
	char *to = hub_alloc(g->arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; to && i < s.len;) {
		size_t skip = 0;
		for (size_t k = 0; k < HUB_COUNT(signs) && !skip; k++)
			if (hub_str_starts(hub_str_from(s, i), hub_str_of(signs[k])))
				skip = strlen(signs[k]);
		if (!skip)
			to[n++] = s.ptr[i];
		i += skip ? skip : 1;
	}
	return (struct hub_str){to, n};
}

static int is_known(const struct hub_guess *g, struct hub_str text)
{
	struct guess_cand cand[1];

	if (!is_short(text))
		return 0;
	text = bare(g, text);
	return hub_schema_banned(g->schema, text) ||
	       (hub_guess_candidates(g->schema, text, cand, 1) && cand[0].score >= 80);
}

static uint32_t line_end(const struct paper *p, uint32_t i)
{
	uint32_t end = i;

	while (end < p->n && p->run[end].line == p->run[i].line)
		end++;
	return end;
}

static uint32_t known_of(const struct paper *p, uint32_t from, uint32_t to)
{
	uint32_t n = 0;

	for (uint32_t i = from; i < to; i++)
		n += p->run[i].known;
	return n;
}

/* A line of a table's records: words that are labels elsewhere (電話, 本人) may be among them. */
static int is_record(const struct paper *p, uint32_t from, uint32_t to)
{
	const uint32_t n = to - from, known = known_of(p, from, to);

	return n >= 2 && (known * 2 < n || (known * 2 == n && !p->run[from].known));
}

/* Names of columns with rows below: the family, the services in use. With one row they are labels above their
 * values. */
static void find_inner(struct paper *p)
{
	for (uint32_t i = 0, end; i < p->n; i = end) {
		end = line_end(p, i);
		const uint32_t first = end, known = known_of(p, i, end);
		uint32_t rows = 0, to = end;
		for (uint32_t next; known >= 3 && known * 3 >= (first - i) * 2 && to < p->n;
		     to = next) {
			next = line_end(p, to);
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
static int is_among_labels(const struct paper *p, const struct run *r)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->run[i].known && !p->run[i].inner && p->run[i].col == r->col &&
		    !hub_str_eq(p->run[i].text, r->text))
			return 1;
	return 0;
}

/* 緊急連絡先 right before 氏名, which has a value: it says whose the labels behind it are. */
static int is_heading(const struct paper *p, uint32_t i, uint32_t end)
{
	const struct run *r = &p->run[i];

	return i + 2 < end && !r->above && r->piece == CELL && r[1].known &&
	       r[1].col == r->end + 1 && !r[2].known;
}

/* A known word behind a label may be its value: the way of contact is 電話. It is one unless it stands where
 * labels do or has a value of its own. */
static int is_label(const struct paper *p, uint32_t i, uint32_t end, int waits)
{
	const struct run *r = &p->run[i];
	const struct run *next = i + 1 < end ? r + 1 : NULL;

	if (r->piece == REST || is_heading(p, i, end))
		return 0;
	if (r->piece == ALONE)
		return r->known || (hub_utf8_count(r->text) <= LABEL_CHARS / 2 &&
				    !has_digit(r->text) && is_short(r->text));
	if (r->known)
		return !waits || is_among_labels(p, r) || (next && !next->known);
	return !waits && next && !next->known && next->col <= r->end + NEAR &&
	       is_among_labels(p, r) && is_short(r->text) && !has_digit(r->text) &&
	       hub_utf8_count(r->text) >= 2;
}

static void find_labels(struct paper *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		p->run[i].known = p->run[i].piece != REST && is_known(p->g, p->run[i].text) ? 1 : 0;
	find_inner(p);
	for (uint32_t i = 0, end; i < p->n; i = end) {
		int waits = 0;
		end = line_end(p, i);
		for (uint32_t k = i; k < end; k++) {
			struct run *r = &p->run[k];
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

/* --- boxes ------------------------------------------------------------------------------------------- */

static struct hub_str cell_name(const struct paper *p, uint32_t col, uint64_t line)
{
	return hub_arena_printf(p->g->arena, "%.*s%llu", HUB_FMT(p->column[col]),
				(unsigned long long)line);
}

/* The column that values of labels in this column stand in, for a box that is empty. */
static uint32_t usual_column(const struct paper *p, const struct run *label)
{
	for (uint32_t i = 0; i + 1 < p->n; i++)
		if (p->run[i].label && p->run[i].col == label->col && p->run[i + 1].value &&
		    p->run[i + 1].line == p->run[i].line && p->run[i + 1].col > label->end)
			return p->run[i + 1].col;
	return label->end + 1;
}

/* ※太枠内をご記入ください: printed on the form. */
static int is_remark(struct hub_str s)
{
	return hub_str_starts(s, HUB_STR("※")) || hub_str_starts(s, HUB_STR("（注")) ||
	       hub_str_starts(s, HUB_STR("注）"));
}

/* Lines of text from there down to the next label. */
static struct hub_str below(struct paper *p, uint32_t at)
{
	struct run *r = &p->run[at];
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

static uint32_t line_begin(const struct paper *p, uint32_t i)
{
	while (i > 0 && p->run[i - 1].line == p->run[i].line)
		i--;
	return i;
}

/* The text under a label: in its columns, or alone in the line; p->n: there is none. */
static uint32_t below_of(const struct paper *p, uint32_t i)
{
	const struct run *label = &p->run[i];
	const uint32_t end = line_end(p, i), to = end < p->n ? line_end(p, end) : end;

	for (uint32_t k = end; k < to && p->run[k].line <= label->line + 2; k++) {
		const struct run *r = &p->run[k];
		const int within = r->col <= label->end && r->end >= label->col;
		if (!r->label && !r->inner && (within || (to - end == 1 && r->col >= label->col)))
			return k;
	}
	return p->n;
}

/* Where the value of the label is. */
static struct hub_str place_of(struct paper *p, uint32_t i, int *filled)
{
	const struct run *label = &p->run[i], *next = i + 1 < p->n ? label + 1 : NULL;
	const int beside = next && next->line == label->line;
	uint32_t last = i + 1;

	*filled = 1;
	if (beside && next->value && next->col <= label->end + NEAR) {
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
		return line_end(p, under) - line_begin(p, under) > 1 || p->run[under].value
			   ? p->run[under].address
			   : below(p, under);
	*filled = 0;
	const uint32_t col = usual_column(p, label);
	return col < p->columns ? cell_name(p, col, label->line) : HUB_STR("");
}

static uint32_t met(const struct paper *p, struct hub_str name)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->boxes; i++)
		n += hub_str_eq(bare(p->g, p->box[i].label->text), name) != 0;
	return n;
}

/* 緊急連絡先: a text of its own before labels says whose they are, where a label comes once more. */
static struct hub_str name_of(const struct paper *p, uint32_t i, uint32_t nth)
{
	const struct hub_str name = bare(p->g, p->run[i].text);

	if (nth == 1)
		return name;
	for (uint32_t k = i; k-- > 0;) {
		const struct run *r = &p->run[k];
		if (!r->label && !r->value && !r->inner && is_short(r->text) && !has_digit(r->text))
			return hub_arena_printf(p->g->arena, "%.*s_%.*s",
						HUB_FMT(bare(p->g, r->text)), HUB_FMT(name));
	}
	return hub_arena_printf(p->g->arena, "その他_%.*s", HUB_FMT(name));
}

static int is_taken(const struct paper *p, struct hub_str name)
{
	for (uint32_t i = 0; i < p->boxes; i++)
		if (hub_str_eq(p->box[i].name, name))
			return 1;
	return 0;
}

/* The labels again, from the first on: the next form of the same document. */
static int begins_again(const struct paper *p, uint32_t i)
{
	uint32_t same = 0;

	for (; i < p->n && same < p->boxes && same < 3; i++)
		if (p->run[i].label &&
		    !hub_str_eq(bare(p->g, p->run[i].text), bare(p->g, p->box[same++].label->text)))
			return 0;
	return same >= 3;
}

static void find_boxes(struct paper *p, int cells)
{
	uint64_t line = 0;

	for (uint32_t i = 0; i < p->n && p->boxes < BOXES; i++) {
		const struct run *r = &p->run[i];
		struct box b = {.label = r, .filled = 1};
		if (!r->label || r->inner)
			continue;
		if (p->boxes >= 3 && !cells && begins_again(p, i))
			break;
		b.nth = met(p, bare(p->g, r->text)) + 1;
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
static void add_inner(struct paper *p, struct hub_str heading, const struct run *name,
		      uint64_t line, uint32_t row)
{
	struct box b = {.label = name, .nth = 2};

	b.name = hub_arena_printf(p->g->arena, "%.*s%u_%.*s", HUB_FMT(heading), row,
				  HUB_FMT(bare(p->g, name->text)));
	b.at = cell_name(p, name->col, line);
	if (p->boxes == BOXES || is_taken(p, b.name))
		return;
	p->box[p->boxes++] = b;
	p->g->inner++;
}

/* All rows of the tables in a sheet, down to the next thing below them. */
static void find_inner_boxes(struct paper *p)
{
	for (uint32_t i = 0, end; i < p->n; i = end) {
		uint32_t to;
		end = line_end(p, i);
		if (!p->run[i].inner)
			continue;
		for (to = end; to < p->n && p->run[to].inner;)
			to = line_end(p, to);
		const uint64_t below = to < p->n ? p->run[to].line : p->run[to - 1].line + 1;
		const int alone = i > 0 && line_begin(p, i - 1) == i - 1;
		const struct run *r = alone ? &p->run[i - 1] : NULL;
		const struct hub_str heading = r && !r->value && !r->inner && is_short(r->text)
						   ? bare(p->g, r->text)
						   : HUB_STR("表");
		for (uint64_t line = p->run[i].line + 1; line < below; line++)
			for (uint32_t k = i; k < end; k++)
				add_inner(p, heading, &p->run[k], line,
					  (uint32_t)(line - p->run[i].line));
		end = to;
	}
}

static uint32_t known_boxes(const struct paper *p)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->boxes; i++)
		n += p->box[i].label->known && p->box[i].nth == 1;
	return n;
}

/* A list has its labels in one line; a log with some above it has more lines than those. */
static int is_form(struct paper *p, int cells)
{
	find_labels(p);
	find_boxes(p, cells);
	p->g->inner = 0;
	const int form = known_boxes(p) >= 4 && p->lines >= 3 && p->boxes > p->rows && p->filled;
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

static int set_document(struct paper *p, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 16);
	for (uint32_t i = 0; i < p->boxes; i++) {
		const struct box *x = &p->box[i];
		const struct hub_str label = bare(p->g, x->label->text);
		hub_buf_printf(&b, "%s%.*s", i ? ", " : "", HUB_FMT(x->name));
		if (x->nth > 1)
			hub_buf_printf(&b, " = %.*s#%u", HUB_FMT(label), x->nth);
	}
	if (!hub_buf_ok(&b))
		return hub_fail_mem(err);
	begin_sets(p->g, p->unread);
	add_set(p->g, "labels", hub_arena_str(p->g->arena, hub_buf_text(&b)));
	return HUB_OK;
}

/* The sheets that are this form, from the one that was looked at on. */
static struct hub_str like_sheets(struct paper *p, uint32_t first)
{
	struct hub_guess *g = p->g;
	struct hub_str list = hub_arena_printf(g->arena, "%u", first);
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);

	for (uint32_t k = first + 1; b && k <= SHEETS && list.ptr; k++) {
		HUB_AUTO(instance) struct hub_instance *source = NULL;
		struct hub_err none = {0};
		g->set[1].value = hub_arena_printf(g->arena, "%u", k);
		int rc = hub_guess_open(g, &source, &none);
		if (rc == HUB_OK) {
			hub_instance_verbose(source, HUB_LOG_ERROR);
			rc = hub_source_next(source, b, &none);
			hub_batch_reset(b);
		}
		if (strcmp(none.code, "no-sheet") == 0)
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
	struct hub_err none = {0};
	int rc;

	g->set[1].value = HUB_STR("all");
	if (!b || hub_guess_open(g, &source, &none))
		return 0;
	hub_instance_verbose(source, HUB_LOG_ERROR);
	while ((rc = hub_source_next(source, b, &none)) == HUB_OK)
		hub_batch_reset(b);
	return rc == HUB_END;
}

static int set_cells(struct paper *p, uint32_t sheet, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf cells, expect;
	struct hub_guess *g = p->g;

	hub_buf_init(&cells, 1 << 16);
	hub_buf_init(&expect, 1 << 16);
	for (uint32_t i = 0; i < p->boxes; i++) {
		const struct box *x = &p->box[i];
		hub_buf_printf(&cells, "%s%.*s = %.*s", i ? ", " : "", HUB_FMT(x->name),
			       HUB_FMT(x->at));
		if (i == 0 || i < p->boxes - g->inner)
			hub_buf_printf(&expect, "%s%.*s = %.*s", i ? ", " : "",
				       HUB_FMT(x->label->address),
				       HUB_FMT(bare(g, x->label->text)));
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
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	const struct hub_guess as = *g;
	struct hub_err none = {0};

	g->sets = 0;
	add_set(g, "layout", HUB_STR("log"));
	const int opened = b && hub_guess_open(g, &source, &none) == HUB_OK;
	if (opened)
		hub_instance_verbose(source, HUB_LOG_ERROR);
	if (opened && hub_source_next(source, b, &none) == HUB_OK && b->rows >= 2) {
		g->header_rows = 1;
		g->has_header = 1;
		g->result.header_line = 0;
		return 1;
	}
	*g = as;
	return 0;
}

static struct paper *new_paper(struct hub_guess *g)
{
	struct paper *p = hub_alloc0(g->arena, sizeof *p);

	if (p)
		*p = (struct paper){.g = g, .run = hub_alloc_array(g->arena, RUNS, sizeof *p->run)};
	return p && p->run ? p : NULL;
}

/* The first sheets of a workbook: a cover or a list of choices may come before the form. */
static int find_in_sheets(struct hub_guess *g, int *found, struct hub_err *err)
{
	static const char *const number[] = {"1", "2", "3"};

	for (uint32_t k = 0; k < HUB_COUNT(number); k++) {
		struct paper *p = new_paper(g);
		struct hub_err none = {0};
		if (!p)
			return hub_fail_mem(err);
		if (read_sheet(p, number[k], &none) < 0)
			return HUB_OK;
		if (!is_form(p, 1))
			continue;
		*found = 1;
		return set_cells(p, k + 1, err);
	}
	return HUB_OK;
}

int hub_guess_boxes(struct hub_guess *g, int *found, struct hub_err *err)
{
	struct hub_err none = {0};

	*found = 0;
	if (hub_option_find(g->source, HUB_STR("cells")))
		return find_in_sheets(g, found, err);
	if (!hub_option_find(g->source, HUB_STR("labels")))
		return HUB_OK;
	struct paper *p = new_paper(g);
	if (!p)
		return hub_fail_mem(err);
	if (read_document(p, &none) >= 0 && is_form(p, 0)) {
		*found = 1;
		return set_document(p, err);
	}
	return HUB_OK;
}

int hub_guess_log(struct hub_guess *g)
{
	return hub_option_find(g->source, HUB_STR("labels")) && !g->has_header && is_log(g);
}
