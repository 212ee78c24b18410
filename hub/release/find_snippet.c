/* What of a row is shown as a hit: a piece of its text as the gate lets it be read, with marks. */
#include "release/find_in.h"

#include "base/err.h"
#include "text/gram.h"

#include <stdlib.h>

enum { AROUND = 60, MARKS = 16 };

/* The text with its labels cut out, byte for byte in the same place: what stands in their stead is nobody's word. */
static struct hub_str without_labels(struct hub_arena *a, const struct hub_out_cell *c)
{
	static const char cut[] = HUB_GRAM_CUT;
	char *p = hub_arena_cstr(a, c->text);

	for (uint32_t i = 0; p && i < c->n_labels; i++)
		for (size_t k = c->labels[i].from; k < c->labels[i].to; k++)
			p[k] = k - c->labels[i].from < sizeof cut - 1 ? cut[k - c->labels[i].from]
								      : ' ';
	return (struct hub_str){p, p ? c->text.len : 0};
}

struct place {
	uint32_t from, to;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->from != y->from ? (x->from < y->from ? -1 : 1)
				  : (x->to > y->to) - (x->to < y->to);
}

/* Where the words are, in order, without overlaps. */
static uint32_t find_places(const struct hub_find_words *w, struct hub_str folded,
			    const uint32_t *at, struct place out[MARKS])
{
	uint32_t n = 0, kept = 0;

	for (uint32_t i = 0; i < w->n; i++) {
		const struct hub_str term = w->term[i].folded;
		size_t found = w->term[i].not ? (size_t)-1 : hub_gram_find(folded, term, 0);
		for (; found != (size_t)-1 && n < MARKS;
		     found = hub_gram_find(folded, term, found + 1)) {
			/* what a folded character came from ends where the next one begins */
			size_t end = found + term.len;
			while (end < folded.len && at[end] == at[end - 1])
				end++;
			out[n++] = (struct place){at[found], at[end]};
		}
	}
	if (n > 1)
		qsort(out, n, sizeof *out, by_place);
	for (uint32_t i = 0; i < n; i++) {
		if (kept && out[i].from < out[kept - 1].to) {
			if (out[i].to > out[kept - 1].to)
				out[kept - 1].to = out[i].to;
		} else {
			out[kept++] = out[i];
		}
	}
	return kept;
}

/* So many characters before or behind a place; a label is not cut in two. */
static size_t back(struct hub_str s, size_t at, unsigned points)
{
	while (points > 0 && at > 0)
		if (((unsigned char)s.ptr[--at] & 0xc0) != 0x80)
			points--;
	return at;
}

static size_t forth(struct hub_str s, size_t at, unsigned points)
{
	while (points-- > 0 && at < s.len)
		(void)hub_utf8_next(s, &at);
	return at;
}

static size_t off_label(const struct hub_out_cell *c, size_t at, int to_end)
{
	for (uint32_t i = 0; i < c->n_labels; i++)
		if (at > c->labels[i].from && at < c->labels[i].to)
			return to_end ? c->labels[i].to : c->labels[i].from;
	return at;
}

static int cut_snippet(struct hub_arena *a, const struct hub_out_cell *c, const struct place *p,
		       uint32_t n, struct hub_hit *out, struct hub_err *err)
{
	const size_t first = n ? p[0].from : 0;
	const size_t from = off_label(c, back(c->text, first, AROUND), 0);
	const size_t to = off_label(c, forth(c->text, first, 2 * AROUND), 1);
	uint32_t *mark = hub_alloc_array(a, 2 * (size_t)n + 1, sizeof *mark);

	out->snippet = hub_arena_str(a, hub_str_cut(c->text, from, to));
	if (!out->snippet.ptr || !mark)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < n && p[i].to <= to; i++) {
		mark[2 * out->marks] = (uint32_t)(p[i].from - from);
		mark[2 * out->marks++ + 1] = (uint32_t)(p[i].to - from);
	}
	out->mark = mark;
	return HUB_OK;
}

/* *best: marks of the text shown so far, plus one; a text with marks beats one without. */
static int try_cell(struct hub_arena *a, const struct hub_field *f, const struct hub_out_cell *c,
		    const struct hub_find_words *w, struct hub_hit *out, uint32_t *best,
		    struct hub_err *err)
{
	struct place p[MARKS];
	const uint32_t *at;
	const struct hub_str text = without_labels(a, c);
	const struct hub_str folded =
	    text.ptr ? hub_gram_fold(a, text, &at) : (struct hub_str){NULL, 0};

	if (!folded.ptr)
		return hub_fail_mem(err);
	const uint32_t n = find_places(w, folded, at, p);
	if (n + 1 <= *best)
		return HUB_OK;
	*best = n + 1;
	out->field = f->name;
	out->marks = 0;
	return cut_snippet(a, c, p, n, out, err);
}

int hub_find_snippet(struct hub_rowctx *x, struct hub_arena *a, const struct hub_seen_row *row,
		     const struct hub_find_words *words, struct hub_hit *out, struct hub_err *err)
{
	struct hub_out_cell *cells = hub_alloc_array(a, (size_t)row->e->n + 1, sizeof *cells);
	struct hub_source_row from;
	uint32_t best = 0;
	int rc = cells ? hub_cursor_row(a, x->db, row->e, row->id, &from, err) : hub_fail_mem(err);

	out->field = out->snippet = HUB_STR("");
	if (rc) /* gone since */
		return rc == HUB_END ? HUB_OK : rc;
	rc = hub_rowctx_decide(x, a, row->e, &from, cells, err);
	for (uint32_t i = 0; i < row->e->n && !rc; i++)
		if (row->e->fields[i].field->type == HUB_F_NARRATIVE &&
		    cells[i].cell == HUB_VALUE && cells[i].text.len)
			rc =
			    try_cell(a, row->e->fields[i].field, &cells[i], words, out, &best, err);
	return rc;
}
