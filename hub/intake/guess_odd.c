/* Lines of a table that are no records: notes below it, totals, titles of its sections, its header again on
 * every page. They say nothing about the columns, and the mapping leaves them out. */
#include "intake/guess_in.h"
#include "intake/total.h"

enum { FEW_COLUMNS = 5, SPARSE = 5, SAID_WITHIN = 4 };

static int has(const struct hub_batch *b, uint32_t c, uint32_t r)
{
	return b->col[c].cell[r] == HUB_VALUE && hub_str_trim(b->col[c].text[r]).len > 0;
}

/* The name itself, or one line of a header of several: 対象者 and 氏名 of 対象者_氏名. */
static int is_of_name(struct hub_str text, struct hub_str name)
{
	text = hub_str_trim(text);
	name = hub_str_trim(name);
	return hub_str_eq(text, name) ||
	       (text.len < name.len &&
		((hub_str_starts(name, text) && name.ptr[text.len] == '_') ||
		 (hub_str_ends(name, text) && name.ptr[name.len - text.len - 1] == '_')));
}

/* A short cell as text; empty when it is longer than what says that a line is a total. */
static struct hub_str read_short(const struct hub_batch *b, struct hub_str cell, char out[256])
{
	const enum hub_enc enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	size_t n = 0;

	if (hub_decode_bound(enc, cell.len) <= 256)
		hub_decode(enc, cell, out, &n, NULL);
	return (struct hub_str){out, n};
}

/* The cell that says it: one of the first that hold something, for the ones before it may be merged with those
 * above. b->cols: none does. */
static uint32_t total_in(const struct hub_guess *g, const struct hub_batch *b, uint32_t r)
{
	uint32_t filled = 0;

	for (uint32_t c = g->around; c < b->cols && filled < SAID_WITHIN; c++) {
		if (!has(b, c, r))
			continue;
		char room[256];
		const struct hub_str text = read_short(b, b->col[c].text[r], room);
		if (hub_is_total(text) || (filled++ == 0 && hub_ends_in_total(text)))
			return c;
	}
	return b->cols;
}

uint32_t hub_guess_filled(const struct hub_guess *g, const struct hub_batch *b, uint32_t r)
{
	uint32_t filled = 0;

	for (uint32_t c = g->around; c < b->cols; c++)
		filled += has(b, c, r) ? 1u : 0u;
	return filled;
}

enum guess_odd hub_guess_odd(const struct hub_guess *g, const struct hub_batch *b, uint32_t r)
{
	const uint32_t filled = hub_guess_filled(g, b, r);
	uint32_t names = 0;

	if (g->is_form) /* with a name alone it is one */
		return GUESS_RECORD;
	for (uint32_t c = g->around; c < b->cols; c++) {
		if (has(b, c, r) && is_of_name(b->col[c].text[r], b->col[c].name))
			names++;
	}
	if (g->has_header && filled >= 2 && names == filled)
		return GUESS_HEADER_AGAIN;
	if (g->has_header && filled >= 2 && total_in(g, b, r) < b->cols)
		return GUESS_TOTAL;
	const uint32_t cols = b->cols - (g->around < b->cols ? g->around : b->cols);
	return cols >= FEW_COLUMNS && filled * SPARSE <= cols ? GUESS_SPARSE : GUESS_RECORD;
}

static int note_name(struct hub_guess *g, struct guess_col *c, struct hub_str text)
{
	for (uint32_t i = 0; i < c->again; i++)
		if (hub_str_eq(c->said[i], text))
			return 0;
	if (c->again < GUESS_SAID)
		c->said[c->again] = hub_arena_str(g->arena, text);
	c->again++;
	return c->said[0].ptr ? 0 : -1;
}

static int note_total(struct hub_guess *g, struct guess_col *c, struct hub_str text)
{
	if (!hub_is_total(text)) {
		c->sums = 1;
		return 0;
	}
	for (uint32_t i = 0; i < c->totals; i++)
		if (hub_str_eq(c->total[i], text))
			return 0;
	if (c->totals == GUESS_SAID)
		return 0;
	c->total[c->totals] = hub_arena_str(g->arena, text);
	return c->total[c->totals++].ptr ? 0 : -1;
}

int hub_guess_odd_note(struct hub_guess *g, const struct hub_batch *b, uint32_t r,
		       enum guess_odd odd)
{
	const enum hub_enc enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	size_t used;

	for (uint32_t c = 0; c < b->cols && c < g->cols; c++) {
		if (!has(b, c, r) || (odd == GUESS_TOTAL && c != total_in(g, b, r)))
			continue;
		if (odd == GUESS_SPARSE) {
			g->col[c].odd_filled++;
			continue;
		}
		const struct hub_str text =
		    hub_decode_arena(g->arena, enc, b->col[c].text[r], &used, NULL);
		if (!text.ptr || (odd == GUESS_TOTAL ? note_total(g, &g->col[c], text)
						     : note_name(g, &g->col[c], text)))
			return -1;
	}
	return 0;
}

/* The column that tells records from the other lines: every record has it, no note does. A name is best. */
static const struct guess_col *telling_column(const struct hub_guess *g)
{
	const struct guess_col *best = NULL;
	int most = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if (c->filled != g->rows || c->odd_filled || c->again > GUESS_SAID ||
		    c->forbidden || c->dropped || c->drop)
			continue;
		const int merit = 1 + (c->field != NULL) +
				  2 * (c->field && (c->field->flags & HUB_FF_REQUIRED) != 0) +
				  (c->field && c->field->type == HUB_F_NAME);
		if (merit > most) {
			most = merit;
			best = c;
		}
	}
	return best;
}

static void put_literal(struct hub_buf *b, struct hub_str s)
{
	hub_buf_putc(b, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\'')
			hub_buf_putc(b, '\'');
		hub_buf_putc(b, s.ptr[i]);
	}
	hub_buf_putc(b, '\'');
}

static void put_unequal(struct hub_buf *b, const struct guess_col *c, struct hub_str text)
{
	hub_buf_printf(b, "%s%.*s != ", b->len ? " and " : "", HUB_FMT(c->ref));
	put_literal(b, text);
}

struct hub_str hub_guess_scope(const struct hub_guess *g)
{
	const struct guess_col *c = g->leave_odd ? telling_column(g) : NULL;
	struct hub_buf b;

	hub_buf_init(&b, 1 << 16);
	if (c && g->sparse)
		hub_buf_printf(&b, "present(%.*s)", HUB_FMT(c->ref));
	for (uint32_t i = 0; c && i < c->again && i < GUESS_SAID; i++)
		put_unequal(&b, c, c->said[i]);
	for (uint32_t i = 0; i < g->cols && g->leave_odd; i++)
		for (uint32_t k = 0; k < g->col[i].totals; k++)
			put_unequal(&b, &g->col[i], g->col[i].total[k]);
	for (uint32_t i = 0; i < g->cols && g->leave_odd; i++)
		if (g->col[i].sums)
			hub_buf_printf(&b,
				       "%snot ((%.*s ?? '-') | matches('(小|合| |　)計 *$|^ *"
				       "(小計|合計|総計|累計|平均) *(（|[(])'))",
				       b.len ? " and " : "", HUB_FMT(g->col[i].ref));
	const struct hub_str out = b.len ? hub_buf_keep(&b, g->arena) : HUB_STR("");
	hub_buf_free(&b);
	return out;
}
