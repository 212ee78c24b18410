/* Which line of a table holds the names of its columns, under titles and above data. */
#include "intake/guess_in.h"

#include "text/date.h"

/* Digits with what belongs to numbers, dates and phone numbers: no header looks like that. */
static int is_data(struct hub_str s)
{
	size_t digits = 0, chars = 0;

	for (size_t at = 0; at < s.len;) {
		const int32_t cp = hub_utf8_next(s, &at);
		digits += (cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19);
		chars++;
	}
	return digits * 2 > chars;
}

struct header_score {
	uint32_t named, words, data, empty; /* cells: known by name, other text, numbers, nothing */
};

static struct header_score score_line(const struct hub_guess *g, const struct guess_line *l)
{
	struct header_score s = {0};
	struct guess_cand cand[1];

	for (uint32_t i = 0; i < l->n; i++) {
		if (l->cell[i].len == 0)
			s.empty++;
		else if (hub_schema_banned(g->schema, l->cell[i]) ||
			 (hub_guess_candidates(g->schema, l->cell[i], cand, 1) &&
			  cand[0].score >= 80))
			s.named++;
		else if (is_data(l->cell[i]))
			s.data++;
		else
			s.words++;
	}
	return s;
}

uint32_t hub_guess_named(const struct hub_guess *g, const struct guess_line *l)
{
	return score_line(g, l).named;
}

/* --- a header of several lines ---------------------------------------------------------------- */

static struct hub_str cell_of(const struct guess_line *l, uint32_t c)
{
	return c < l->n ? l->cell[c] : HUB_STR("");
}

static int has_digits(struct hub_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] >= '0' && s.ptr[i] <= '9';
	return n * 3 > s.len;
}

static int says_twice(const struct guess_line *l)
{
	for (uint32_t c = 1; c < l->n; c++)
		for (uint32_t k = 0; k < c && l->cell[c].len; k++)
			if (hub_str_eq(l->cell[c], l->cell[k]))
				return 1;
	return 0;
}

static const struct hub_field *meant_by(const struct hub_guess *g, struct hub_str s, int score)
{
	struct guess_cand cand[1];

	return s.len && hub_guess_candidates(g->schema, s, cand, 1) && cand[0].score >= score
		   ? cand[0].field
		   : NULL;
}

static struct hub_str below_group(const struct hub_guess *g, struct hub_str group,
				  struct hub_str name)
{
	return hub_arena_printf(g->arena, "%.*s_%.*s", HUB_FMT(group), HUB_FMT(name));
}

/* 利用者, 対象者情報, but not 利用者一覧: the columns below it are the client's. */
static int is_client_group(const struct hub_guess *g, struct hub_str group)
{
	const struct hub_field *f = meant_by(g, below_group(g, group, HUB_STR("番号")), 90);

	return f && hub_str_is(f->name, "client_no");
}

/* A line of groups says whose the names below are, or makes another thing of one of them: 利用者 | 番号, 緊急連絡先 |
 * 電話番号. A title does not, and over a record there are no names. */
static int qualifies(const struct hub_guess *g, const struct guess_line *top,
		     const struct guess_line *bottom)
{
	struct hub_str group = {"", 0};
	uint32_t named = 0;
	int other = 0;

	for (uint32_t c = 0; c < bottom->n; c++) {
		const struct hub_str name = bottom->cell[c], above = cell_of(top, c);
		const struct hub_field *alone = meant_by(g, name, 80);
		named += alone != NULL;
		group = above.len ? above : group;
		if (!group.len)
			continue;
		const struct hub_field *joined = meant_by(g, below_group(g, group, name), 90);
		other |= joined && joined != alone && joined != meant_by(g, group, 80);
		other |= above.len && is_client_group(g, group);
	}
	return named >= 2 && other;
}

/* Two lines of one header: a cell of the upper one spans several of the lower one, others span both. Merged
 * cells have their text in the first of them only. A line of groups alone may as well be a title: it is
 * needed where the names below come twice, or say only with it what they are. */
static int belong(const struct hub_guess *g, const struct guess_line *top,
		  const struct guess_line *bottom)
{
	const uint32_t n = top->n > bottom->n ? top->n : bottom->n;
	uint32_t both = 0, below = 0, above = 0;

	if (bottom->at != top->at + 1)
		return 0;
	for (uint32_t c = 0; c < n; c++) {
		const struct hub_str t = cell_of(top, c), b = cell_of(bottom, c);
		if (has_digits(t) || has_digits(b))
			return 0;
		both += t.len && b.len;
		below += !t.len && b.len && (both || above);
		above += t.len && !b.len;
	}
	if (!both) /* they take turns: each column has its name in one of them */
		return above >= 2 && below >= 2;
	if (below && above)
		return 1;
	return both > 1 && ((says_twice(bottom) && !says_twice(top)) || qualifies(g, top, bottom));
}

/* Most of it is empty: a title, a date of printing, a group of columns. */
static int is_sparse(const struct guess_line *l, struct header_score s)
{
	return s.empty * 4 > l->n;
}

/* A line with what the lines below it add, if they belong to one header: a name each column. */
struct names {
	struct guess_line line;
	uint32_t rows;
};

uint32_t hub_guess_said(const struct guess_line *l)
{
	uint32_t n = 0;

	for (uint32_t c = 0; c < l->n; c++)
		n += l->cell[c].len > 0;
	return n;
}

static int gather(const struct hub_guess *g, const struct guess_line *line, uint32_t n, uint32_t at,
		  struct names *out)
{
	enum { MOST = 3 };

	*out = (struct names){.line = line[at], .rows = 1};
	while (out->rows < MOST && at + out->rows < n &&
	       belong(g, &line[at + out->rows - 1], &line[at + out->rows]))
		out->rows++;
	if (out->rows == 1)
		return 0;
	for (uint32_t r = 0; r < out->rows; r++)
		out->line.n = line[at + r].n > out->line.n ? line[at + r].n : out->line.n;
	struct hub_str *cell = hub_alloc_array(g->arena, (size_t)out->line.n + 1, sizeof *cell);
	if (!cell)
		return -1;
	for (uint32_t c = 0; c < out->line.n; c++)
		for (uint32_t r = 0; r < out->rows; r++) {
			const struct hub_str s = cell_of(&line[at + r], c);
			cell[c] = s.len || r == 0 ? s : cell[c];
		}
	out->line.cell = cell;
	for (uint32_t k = at + 1; k < n && !out->line.fits; k++)
		out->line.fits =
		    line[k].fits && hub_guess_said(&out->line) * 2 > hub_guess_said(&line[k]);
	return 0;
}

static int is_number_of(const struct hub_guess *g, struct hub_str s)
{
	struct guess_cand cand[4];
	const uint32_t n = s.len ? hub_guess_candidates(g->schema, s, cand, HUB_COUNT(cand)) : 0;

	for (uint32_t i = 0; i < n; i++)
		if (cand[i].score >= 80 && (hub_str_is(cand[i].field->name, "client_no") ||
					    hub_str_is(cand[i].field->name, "case_no")))
			return 1;
	return 0;
}

static int is_day(struct hub_str s)
{
	struct hub_date date;

	return hub_date_parse(s, NULL, &date) == HUB_DATE_OK;
}

static int is_day_of(const struct hub_guess *g, struct hub_str s)
{
	const struct hub_field *f = meant_by(g, s, 80);

	return f && f->type == HUB_F_DATE;
}

/* 利用者氏名：甲野 太郎, 生年月日 | 昭和40年1月1日, 利用者番号 | 000123: whose the table below is, as wide as it may be. Neither names of columns
 * nor a record. */
static int says_whose(const struct hub_guess *g, const struct guess_line *l)
{
	struct guess_cand cand[1];

	for (uint32_t c = 0; c < l->n; c++) {
		struct hub_str label;
		if (hub_guess_in_one_cell(l->cell[c], &label) &&
		    hub_guess_candidates(g->schema, label, cand, 1) && cand[0].score >= 80)
			return 1;
		if (c + 1 < l->n && is_data(l->cell[c + 1]) && is_number_of(g, l->cell[c]))
			return 1;
		if (c + 1 < l->n && is_day(l->cell[c + 1]) && is_day_of(g, l->cell[c]))
			return 1;
	}
	return 0;
}

/* Known names decide; else the first full line, if it holds words only. */
static int find_names(const struct hub_guess *g, const struct names *names, uint32_t n)
{
	int best = -1, first = -1, full = -1, data = 0;
	uint32_t named = 0, records = 0;

	/* below a record there is no header, nor below two of a table: the next one is another table's */
	for (uint32_t i = 0; i < n && !data && records < 2; i++) {
		const struct guess_line *l = &names[i].line;
		if (!l->fits || says_whose(g, l))
			continue;
		const struct header_score s = score_line(g, l);
		if (first < 0)
			first = (int)i;
		if (full < 0 && !is_sparse(l, s)) {
			full = (int)i;
			data = s.data * 4 > s.data + s.named + s.words;
		}
		records += named >= 2 && s.data * 4 > s.data + s.named + s.words;
		if (s.named > named && s.data * 3 <= s.named + s.words) {
			named = s.named;
			best = (int)i;
		}
	}
	if (best >= 0 && (named >= 2 || names[best].line.n < 3 || best == first || best == full))
		return best;
	if (full < 0)
		return -1;
	const struct header_score s = score_line(g, &names[full].line);
	return s.data == 0 && s.words > 0 ? full : -1;
}

int hub_guess_header(const struct hub_guess *g, const struct guess_line *line, uint32_t n,
		     uint32_t *rows)
{
	struct names names[GUESS_HEADER_WITHIN];

	*rows = 1;
	for (uint32_t i = 0; i < n; i++)
		if (gather(g, line, n, i, &names[i]))
			return -1;
	const int at = find_names(g, names, n);
	if (at >= 0)
		*rows = names[at].rows;
	return at;
}
